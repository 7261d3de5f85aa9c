import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    readonly property bool yearOnly: vm.birth.yearOnly

    readonly property bool repairing: vm.repair.field !== ""

    title: repairing ? vm.repair.title : vm.say("kiosk.enter_birth.title", vm.language)
    subtitle: repairing ? (yearOnly ? vm.repair.subtitleYear : vm.repair.subtitle)
                        : vm.say(yearOnly ? "kiosk.enter_birth.subtitle_year" : "kiosk.enter_birth.subtitle", vm.language)
    notice: vm.birth.impossible ? vm.say("kiosk.enter_birth.impossible", vm.language) : vm.general.notice

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        DatePad {
            Layout.alignment: Qt.AlignHCenter
            cells: screen.vm.birth.cells
            count: screen.vm.birth.count
            yearOnly: screen.yearOnly
            dayText: screen.vm.say("kiosk.enter_birth.day", screen.vm.language)
            monthText: screen.vm.say("kiosk.enter_birth.month", screen.vm.language)
            yearText: screen.vm.say("kiosk.enter_birth.year", screen.vm.language)
        }
        GridLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            columns: Theme.portrait ? 1 : 2
            columnSpacing: Theme.margin
            rowSpacing: Theme.space

            NumberPad {
                Layout.fillWidth: true
                Layout.fillHeight: true
                eraseText: screen.vm.say("kiosk.common.erase", screen.vm.language)
                onDigit: value => screen.vm.press(value)
                onErase: screen.vm.erase()
            }
            GridLayout {
                Layout.fillWidth: Theme.portrait
                Layout.fillHeight: !Theme.portrait
                Layout.preferredWidth: Theme.mm(84)
                columns: Theme.portrait ? 2 : 1
                columnSpacing: Theme.gap
                rowSpacing: Theme.gap

                BigButton {
                    objectName: "yearOnly"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.preferredHeight: Theme.button
                    text: screen.vm.say(screen.yearOnly ? "kiosk.enter_birth.full_date" : "kiosk.enter_birth.year_only",
                                        screen.vm.language)
                    onClicked: screen.vm.toggleYearOnly()
                }
                BigButton {
                    objectName: "skip"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.preferredHeight: Theme.button
                    text: screen.repairing ? screen.vm.repair.leave
                                           : screen.vm.say("kiosk.common.skip", screen.vm.language)
                    onClicked: screen.repairing ? screen.vm.leaveToCounter() : screen.vm.skipBirth()
                }
                BigButton {
                    objectName: "continue"
                    kind: "primary"
                    enabled: screen.vm.birth.ready
                    Layout.columnSpan: Theme.portrait ? 2 : 1
                    Layout.fillWidth: true
                    Layout.fillHeight: !Theme.portrait
                    Layout.preferredHeight: Theme.mm(32)
                    font.pixelSize: Theme.strong
                    font.weight: Font.Bold
                    glyph: "arrow_right"
                    glyphLast: true
                    text: screen.vm.say("kiosk.common.continue", screen.vm.language)
                    onClicked: screen.vm.submitBirth()
                }
            }
        }
    }
}
