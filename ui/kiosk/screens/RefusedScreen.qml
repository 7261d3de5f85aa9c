import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    title: vm.say("kiosk.refused.title", vm.language)
    subtitle: vm.say("kiosk.refused.subtitle", vm.language)

    ColumnLayout {
        anchors.fill: parent
        visible: screen.vm.services.length > 0
        spacing: Theme.space

        Words {
            Layout.fillWidth: true
            text: screen.vm.say("kiosk.refused.others", screen.vm.language)
            font.pixelSize: Theme.strong
            font.weight: Font.Bold
        }
        ServiceGrid {
            Layout.fillWidth: true
            Layout.fillHeight: true
            vm: screen.vm
        }
    }
    RowLayout {
        visible: screen.vm.services.length === 0
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        spacing: Theme.space

        Icon {
            glyph: "place"
            tint: Theme.accent
            size: Theme.mm(20)
        }
        Words {
            Layout.fillWidth: true
            text: screen.vm.general.desk
            font.pixelSize: Theme.heading
            font.weight: Font.Bold
            color: Theme.accent
        }
    }
}
