import QtQuick
import ui.components

// The plan of a screen, with what every step takes from the view model.
Frame {
    required property var vm
    property var camera: null // a kiosk without a camera has none

    notice: vm.general.notice
    stage: vm.navigation.stage
    stages: vm.navigation.stages
    stageText: vm.sayWith("kiosk.common.stage", vm.language, {
        "current": vm.navigation.stage, "total": vm.navigation.stages
    })
}
