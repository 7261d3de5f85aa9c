import QtQuick
import QtQuick.Layouts
import ui.components
import ui.live
import ui.theme

// The camera's picture with a frame to hold a card into, and beside it where the QR code (or the lines) is on a card.
Panel {
    id: panel

    required property var vm
    required property var camera
    property string guidance
    property bool lines: false // the lines on the back would do as well
    readonly property bool calling: camera.guidance !== "none"

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.gap
        spacing: Theme.gap

        RowLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.gap

            LiveSurface {
                objectName: "livePicture"
                Layout.fillWidth: true
                Layout.fillHeight: true
                source: panel.camera
                radius: Theme.mm(3)
                stroke: Theme.mm(1.6)
                calling: panel.calling
            }
            ColumnLayout {
                Layout.preferredWidth: Theme.mm(Theme.portrait ? 56 : 62)
                Layout.maximumWidth: Layout.preferredWidth
                Layout.fillHeight: true
                spacing: 0

                Repeater {
                    model: [
                        { "picture": "card_front_2021", "key": "kiosk.camera.card_2021" },
                        panel.lines ? { "picture": "card_back_lines", "key": "kiosk.camera.lines" }
                                    : { "picture": "card_back_2024", "key": "kiosk.camera.card_2024" }
                    ]

                    ColumnLayout {
                        id: card
                        required property var modelData

                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        spacing: 0

                        Picture {
                            Layout.preferredWidth: Theme.mm(Theme.portrait ? 54 : 46)
                            Layout.preferredHeight: width * 270 / 428
                            Layout.alignment: Qt.AlignHCenter
                            name: card.modelData.picture
                        }
                        Words {
                            Layout.fillWidth: true
                            Layout.alignment: Qt.AlignTop
                            horizontalAlignment: Text.AlignHCenter
                            text: panel.vm.say(card.modelData.key, panel.vm.language)
                        }
                    }
                }
            }
        }
        GuidanceLine {
            Layout.fillWidth: true
            visible: Theme.portrait
            text: panel.guidance
            calling: panel.calling
        }
    }
}
