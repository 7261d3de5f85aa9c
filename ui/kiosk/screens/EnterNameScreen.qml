import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    readonly property bool repairing: vm.repair.field !== ""

    title: repairing ? vm.repair.title : vm.say("kiosk.enter_name.title", vm.language)
    subtitle: repairing ? vm.repair.subtitle : vm.say("kiosk.enter_name.subtitle", vm.language)

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        Rectangle {
            Layout.fillWidth: true
            Layout.preferredHeight: Math.max(Theme.mm(25), shown.implicitHeight + Theme.gap)
            radius: Theme.radius
            color: Theme.surface
            border.width: Theme.stroke
            border.color: Theme.accent

            Words {
                id: shown
                objectName: "typedName"
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.margins: Theme.inset
                readonly property bool empty: screen.vm.name.text === ""
                text: empty ? screen.vm.say("kiosk.enter_name.empty", screen.vm.language) : screen.vm.name.text
                color: empty ? Theme.inkFaint : Theme.ink
                font.pixelSize: empty ? Theme.body : Theme.strong
                font.weight: empty ? Font.Normal : Font.Bold
            }
        }
        TelexKeyboard {
            Layout.fillWidth: true
            Layout.fillHeight: true
            marks: screen.vm.name.telex
            toneNames: ({
                "s": screen.vm.say("kiosk.enter_name.tone_s", screen.vm.language),
                "f": screen.vm.say("kiosk.enter_name.tone_f", screen.vm.language),
                "r": screen.vm.say("kiosk.enter_name.tone_r", screen.vm.language),
                "x": screen.vm.say("kiosk.enter_name.tone_x", screen.vm.language),
                "j": screen.vm.say("kiosk.enter_name.tone_j", screen.vm.language)
            })
            spaceText: screen.vm.say("kiosk.enter_name.space", screen.vm.language)
            eraseText: screen.vm.say("kiosk.common.erase", screen.vm.language)
            marksText: screen.vm.say(marks ? "kiosk.enter_name.marks_off" : "kiosk.enter_name.marks_on", screen.vm.language)
            onKey: value => screen.vm.press(value)
            onErase: screen.vm.erase()
            onToggleMarks: screen.vm.toggleMarks()
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.topMargin: Theme.portrait ? Theme.gap : 0
            spacing: Theme.gap

            BigButton {
                objectName: "skip"
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.preferredHeight: Theme.portrait ? Theme.mm(30) : Theme.mm(23)
                text: screen.repairing ? screen.vm.repair.leave
                                       : screen.vm.say("kiosk.common.skip", screen.vm.language)
                onClicked: screen.repairing ? screen.vm.leaveToCounter() : screen.vm.skipName()
            }
            BigButton {
                objectName: "continue"
                kind: "primary"
                enabled: screen.vm.name.ready
                Layout.fillWidth: true
                Layout.preferredWidth: 2
                Layout.preferredHeight: Theme.portrait ? Theme.mm(30) : Theme.mm(23)
                font.pixelSize: Theme.strong
                font.weight: Font.Bold
                glyph: "arrow_right"
                glyphLast: true
                text: screen.vm.say("kiosk.common.continue", screen.vm.language)
                onClicked: screen.vm.submitName()
            }
        }
    }
}
