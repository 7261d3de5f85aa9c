import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

// What the chip of the card on the reader came to, in one calm line: wanted, being read, read, verified.
Rectangle {
    id: chip

    required property var vm

    readonly property string state_: vm.chip.state
    readonly property bool good: state_ === "authentic"
    readonly property bool wanted: state_ === "card" && vm.general.notice === "" // a notice says so already
    readonly property bool known: wanted || state_ === "reading" || state_ === "read" || good
    readonly property color tint: good ? Theme.good : Theme.accent

    visible: known
    implicitHeight: line.implicitHeight + 2 * Theme.gap
    radius: Theme.radius
    color: good ? Theme.goodSoft : Theme.accentSoft

    RowLayout {
        id: line
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.space
        anchors.rightMargin: Theme.space
        spacing: Theme.space

        Icon {
            Layout.leftMargin: Theme.mm(1)
            glyph: chip.good ? "check" : chip.wanted ? "card" : "chip"
            tint: chip.tint
            size: Theme.mm(13)
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.mm(1.5)

            Words {
                objectName: "chipText"
                Layout.fillWidth: true
                text: chip.known ? chip.vm.say({
                    "card": "kiosk.confirm.chip_card", "reading": "kiosk.confirm.chip_reading",
                    "read": "kiosk.confirm.chip_read", "authentic": "kiosk.confirm.chip_authentic"
                }[chip.state_], chip.vm.language) : ""
                color: chip.tint
                font.weight: Font.DemiBold
            }
            Loader {
                active: chip.state_ === "reading"
                visible: active
                Layout.fillWidth: true
                sourceComponent: ProgressBar {
                    implicitHeight: Theme.mm(3)
                    fraction: chip.vm.chip.fraction
                }
            }
        }
    }
}
