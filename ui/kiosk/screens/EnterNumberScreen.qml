import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    readonly property bool repairing: vm.repair.field !== ""

    title: repairing ? vm.repair.title : vm.say("kiosk.enter_number.title", vm.language)
    subtitle: repairing ? vm.repair.subtitle : vm.say("kiosk.enter_number.subtitle", vm.language)

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        ColumnLayout {
            Layout.alignment: Qt.AlignHCenter
            spacing: Theme.mm(2)

            NumberSlots {
                Layout.alignment: Qt.AlignHCenter
                cells: screen.vm.number.cells
                count: screen.vm.number.count
                groups: [3, 3, 3, 3]
                slotWidth: Theme.mm(15.5)
                slotHeight: Theme.mm(22)
                groupGap: Theme.mm(5)
            }
            Words {
                objectName: "count"
                Layout.alignment: Qt.AlignHCenter
                color: Theme.inkSoft
                text: {
                    const number = screen.vm.number;
                    const values = { "count": number.count, "missing": number.missing };
                    if (number.count === 0)
                        return screen.vm.say("kiosk.enter_number.empty", screen.vm.language);
                    return screen.vm.sayWith(
                        number.missing > 0 ? "kiosk.enter_number.missing" : "kiosk.enter_number.count",
                        screen.vm.language, values);
                }
            }
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
                Layout.alignment: Qt.AlignBottom
                columns: Theme.portrait && screen.repairing ? 2 : 1
                columnSpacing: Theme.gap
                rowSpacing: Theme.gap

                BigButton {
                    objectName: "leave"
                    visible: screen.repairing
                    Layout.fillWidth: true
                    Layout.preferredWidth: Theme.mm(84)
                    Layout.preferredHeight: Theme.portrait ? Theme.mm(34) : Theme.button
                    text: screen.vm.repair.leave
                    onClicked: screen.vm.leaveToCounter()
                }
                BigButton {
                    objectName: "continue"
                    kind: "primary"
                    enabled: screen.vm.number.ready
                    Layout.fillWidth: Theme.portrait
                    Layout.preferredWidth: Theme.mm(84)
                    Layout.preferredHeight: Theme.portrait ? Theme.mm(34) : Theme.mm(62)
                    font.pixelSize: Theme.strong
                    font.weight: Font.Bold
                    glyph: "arrow_right"
                    glyphLast: true
                    text: screen.vm.say("kiosk.common.continue", screen.vm.language)
                    onClicked: screen.vm.submitNumber()
                }
            }
        }
    }
}
