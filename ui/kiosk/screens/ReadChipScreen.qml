import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

// The chip is being read, or waits for its card: one large picture, how far it is, and another way.
KioskFrame {
    id: screen

    readonly property bool reading: vm.chip.state === "reading"

    title: vm.say(reading ? "kiosk.read_chip.title" : "kiosk.read_chip.card_title", vm.language)
    subtitle: vm.say(reading ? "kiosk.read_chip.subtitle" : "kiosk.read_chip.card_subtitle", vm.language)

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        Panel {
            Layout.fillWidth: true
            Layout.fillHeight: true

            ColumnLayout {
                anchors.fill: parent
                anchors.margins: Theme.margin
                spacing: Theme.space

                Item {
                    Layout.fillWidth: true
                    Layout.fillHeight: true

                    Picture {
                        anchors.centerIn: parent
                        width: Math.min(parent.width, Theme.mm(190), parent.height * 428 / 300)
                        height: width * 300 / 428
                        name: screen.reading ? "card_on_reader" : "card_to_reader"
                    }
                }
                Words {
                    objectName: "stage_"
                    visible: screen.reading
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignHCenter
                    text: screen.vm.chip.stage
                    font.pixelSize: Theme.strong
                    font.weight: Font.DemiBold
                }
                Loader {
                    active: screen.reading
                    visible: active
                    Layout.fillWidth: true
                    sourceComponent: ProgressBar {
                        implicitHeight: Theme.mm(8)
                        fraction: screen.vm.chip.fraction
                    }
                }
            }
        }
        BigButton {
            objectName: "typeNumber"
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(32)
            glyph: "keypad"
            glyphSize: Theme.mm(12)
            font.pixelSize: Theme.strong
            text: screen.vm.say("kiosk.read_chip.other_way", screen.vm.language)
            onClicked: screen.vm.typeNumber()
        }
    }
}
