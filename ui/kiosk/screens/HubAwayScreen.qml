import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    title: vm.say("kiosk.hub_away.title", vm.language)
    subtitle: vm.say("kiosk.hub_away.recovers", vm.language)

    Panel {
        width: parent.width
        height: Math.min(parent.height, column.implicitHeight + 2 * Theme.margin)

        ColumnLayout {
            id: column
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.margins: Theme.margin
            spacing: Theme.space

            Words {
                Layout.fillWidth: true
                text: screen.vm.say("kiosk.hub_away.subtitle", screen.vm.language)
                font.pixelSize: Theme.strong
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.space

                Rectangle {
                    Layout.preferredWidth: Theme.mm(34)
                    Layout.preferredHeight: Theme.mm(34)
                    radius: Theme.radius
                    color: Theme.accentSoft

                    Icon {
                        anchors.centerIn: parent
                        glyph: "place"
                        tint: Theme.accent
                        size: Theme.mm(22)
                    }
                }
                Words {
                    objectName: "desk"
                    Layout.fillWidth: true
                    text: screen.vm.general.desk
                    font.pixelSize: Theme.hero
                    font.weight: Font.Bold
                    color: Theme.accent
                }
            }
        }
    }
    BigButton {
        objectName: "done"
        visible: screen.vm.navigation.done && !screen.vm.navigation.cancel
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: Theme.mm(34)
        kind: "primary"
        glyph: "check"
        font.pixelSize: Theme.strong
        text: screen.vm.say("kiosk.ticket.done", screen.vm.language)
        onClicked: screen.vm.done()
    }
}
