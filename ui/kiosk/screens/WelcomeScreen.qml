import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    title: ""
    leftShare: 0.46

    Item {
        // The greeting takes the place of the question.
        parent: screen
        x: Theme.margin
        y: Theme.portrait ? Theme.margin : Theme.margin * 1.6
        width: Theme.portrait ? screen.width - 2 * Theme.margin : screen.width * screen.leftShare - Theme.margin
        height: screen.height

        Column {
            width: parent.width
            spacing: Theme.gap

            Words {
                width: parent.width
                text: screen.vm.say("kiosk.welcome.greeting", screen.vm.language)
                color: Theme.accent
                font.pixelSize: Theme.strong
                font.weight: Font.DemiBold
            }
            Words {
                objectName: "title"
                width: parent.width
                text: screen.vm.say("kiosk.welcome.title", screen.vm.language)
                font.pixelSize: Theme.hero
                font.weight: Font.ExtraBold
                lineHeight: 1.0
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                width: parent.width
                text: screen.vm.say("kiosk.welcome.subtitle", screen.vm.language)
                color: Theme.inkSoft
                font.pixelSize: Theme.strong
                visible: screen.notice === ""
            }
        }
    }
    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.margin

        Panel {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumHeight: Theme.mm(82)

            RowLayout {
                anchors.fill: parent
                anchors.margins: Theme.space
                spacing: 0

                Repeater {
                    model: [
                        { "glyph": "card", "key": "kiosk.welcome.step_card" },
                        { "glyph": "stethoscope", "key": "kiosk.welcome.step_service" },
                        { "glyph": "ticket", "key": "kiosk.welcome.step_number" }
                    ]

                    RowLayout {
                        id: way
                        required property int index
                        required property var modelData

                        Layout.fillWidth: true
                        Layout.preferredWidth: 1
                        spacing: 0

                        ColumnLayout {
                            Layout.fillWidth: true
                            spacing: Theme.gap

                            Rectangle {
                                Layout.alignment: Qt.AlignHCenter
                                Layout.preferredWidth: Theme.mm(32)
                                Layout.preferredHeight: Theme.mm(32)
                                radius: width / 2
                                color: Theme.accentSoft

                                Icon {
                                    anchors.centerIn: parent
                                    glyph: way.modelData.glyph
                                    tint: Theme.accent
                                    size: Theme.mm(19)
                                }
                            }
                            Words {
                                Layout.fillWidth: true
                                horizontalAlignment: Text.AlignHCenter
                                text: (way.index + 1) + ". " + screen.vm.say(way.modelData.key, screen.vm.language)
                                font.weight: Font.DemiBold
                            }
                        }
                    }
                }
            }
        }
        BigButton {
            objectName: "start"
            kind: "primary"
            Layout.fillWidth: true
            Layout.fillHeight: true
            glyph: "touch"
            glyphSize: Theme.mm(26)
            font.pixelSize: Theme.hero * 0.92
            font.weight: Font.Bold
            text: screen.vm.say("kiosk.welcome.start", screen.vm.language)
            onClicked: screen.vm.start()
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(26)
            spacing: Theme.space

            Picture {
                Layout.preferredWidth: Theme.mm(38)
                Layout.preferredHeight: Theme.mm(24)
                name: "card_front_2021"
            }
            Words {
                Layout.fillWidth: true
                text: screen.vm.say("kiosk.welcome.scan_hint", screen.vm.language)
                color: Theme.inkSoft
            }
        }
    }
}
