import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    title: vm.say("kiosk.issuing.title", vm.language)
    subtitle: vm.say("kiosk.issuing.subtitle", vm.language)

    Panel {
        width: parent.width
        height: Theme.mm(140)

        Column {
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.margin
            spacing: Theme.margin

            Rectangle {
                anchors.horizontalCenter: parent.horizontalCenter
                width: Theme.mm(44)
                height: width
                radius: width / 2
                color: Theme.accentSoft

                Icon {
                    anchors.centerIn: parent
                    glyph: "ticket"
                    tint: Theme.accent
                    size: Theme.mm(26)
                }
            }
            Busy {
                anchors.horizontalCenter: parent.horizontalCenter
                dot: Theme.mm(6)
            }
            Words {
                objectName: "chosenService"
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: screen.vm.ticket.service
                font.pixelSize: Theme.strong
                font.weight: Font.DemiBold
            }
        }
    }
}
