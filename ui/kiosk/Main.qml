import QtQuick
import ui.components
import ui.theme

// The kiosk's screen: header, one screen a step, footer, and the two notices that cover all but the
// footer: language, help and cancel stay in reach.
Rectangle {
    id: root

    required property var vm
    property var camera: null

    readonly property var screens: ({
        "welcome": "Welcome", "present": "Present", "no_document": "NoDocument", "enter_number": "EnterNumber",
        "enter_birth": "EnterBirth", "enter_name": "EnterName", "enter_can": "EnterCan", "read_chip": "ReadChip",
        "confirm": "Confirm", "choose_service": "ChooseService", "issuing": "Issuing", "ticket": "Ticket",
        "refused": "Refused", "hub_away": "HubAway"
    })

    function showStep() {
        const step = vm.step === "repair" ? "enter_" + vm.repair.field : vm.step;
        stage.setSource("screens/" + screens[step] + "Screen.qml", { "vm": vm, "camera": camera });
    }

    color: Theme.page
    Component.onCompleted: showStep()

    Connections {
        target: root.vm
        function onStepChanged() { root.showStep(); }
    }
    Header {
        id: header
        width: parent.width
        height: Theme.headerHeight
        hospital: root.vm.general.hospital
        time: root.vm.clock.time
        date: root.vm.clock.date
    }
    Loader {
        id: stage
        objectName: "stage"
        anchors.top: header.bottom
        anchors.bottom: footer.top
        width: parent.width
        onLoaded: if (Theme.animations) arrival.restart()

        ParallelAnimation {
            id: arrival
            NumberAnimation { target: stage; property: "opacity"; from: 0; to: 1; duration: Theme.quick }
            NumberAnimation {
                target: stage; property: "x"; from: Theme.mm(8); to: 0
                duration: Theme.quick; easing.type: Easing.OutCubic
            }
        }
    }
    Footer {
        id: footer
        anchors.bottom: parent.bottom
        width: parent.width
        hasBack: root.vm.navigation.back
        hasCancel: root.vm.navigation.cancel
        backText: root.vm.say("kiosk.common.back", root.vm.language)
        cancelText: root.vm.say("kiosk.common.cancel", root.vm.language)
        languageText: root.vm.say("kiosk.common.other_language", root.vm.language)
        helpText: root.vm.say("kiosk.common.help", root.vm.language)
        onBack: root.vm.back()
        onCancel: root.vm.cancel()
        onLanguage: root.vm.toggleLanguage()
        onHelp: root.vm.askHelp()
    }
    TimeoutOverlay {
        anchors.top: parent.top
        anchors.bottom: footer.top
        width: parent.width
        visible: root.vm.general.warning
        vm: root.vm
    }
    HelpOverlay {
        anchors.top: parent.top
        anchors.bottom: footer.top
        width: parent.width
        visible: root.vm.help.shown
        vm: root.vm
    }
    Item {
        anchors.fill: parent

        // Sees every touch without taking it: the patient is still there.
        PointHandler {
            onActiveChanged: if (active) root.vm.touched()
        }
    }
}
