import QtQuick
import ui.components
import ui.theme

KioskFrame {
    id: screen

    readonly property bool none: vm.services.length === 0

    title: vm.say("kiosk.choose_service.title", vm.language)
    subtitle: vm.say(none ? "kiosk.choose_service.empty" : "kiosk.choose_service.subtitle", vm.language)

    ServiceGrid {
        anchors.fill: parent
        visible: !screen.none
        vm: screen.vm
    }
}
