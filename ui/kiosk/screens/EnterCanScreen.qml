import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

// The last six digits of the card on the reader; a picture shows where they stand.
KioskFrame {
    id: screen

    title: vm.say("kiosk.enter_can.title", vm.language)
    subtitle: vm.say("kiosk.enter_can.subtitle", vm.language)

    aside: Picture {
        width: Math.min(parent.width, parent.height * 428 / 270)
        height: width * 270 / 428
        name: "card_six_digits"
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.space

            Picture {
                visible: Theme.portrait
                Layout.preferredWidth: Theme.mm(104)
                Layout.preferredHeight: width * 270 / 428
                name: "card_six_digits"
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: Theme.mm(2)

                NumberSlots {
                    Layout.alignment: Qt.AlignHCenter
                    cells: screen.vm.can.cells
                    count: screen.vm.can.count
                    groups: [3, 3]
                    slotWidth: Theme.mm(Theme.portrait ? 17 : 20)
                    slotHeight: Theme.mm(Theme.portrait ? 24 : 22)
                    groupGap: Theme.mm(5)
                }
                Words {
                    objectName: "count"
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignHCenter
                    readonly property bool away: !screen.vm.general.cardLaid
                    color: away ? Theme.notice : Theme.inkSoft
                    font.weight: away ? Font.DemiBold : Font.Normal
                    text: {
                        const can = screen.vm.can;
                        if (away)
                            return screen.vm.say("kiosk.enter_can.lay_card", screen.vm.language);
                        if (can.count === 0)
                            return screen.vm.say("kiosk.enter_can.empty", screen.vm.language);
                        return screen.vm.sayWith(
                            can.missing > 0 ? "kiosk.enter_can.missing" : "kiosk.enter_can.count",
                            screen.vm.language, { "missing": can.missing });
                    }
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
            BigButton {
                objectName: "continue"
                kind: "primary"
                enabled: screen.vm.can.ready
                Layout.fillWidth: Theme.portrait
                Layout.alignment: Qt.AlignBottom
                Layout.preferredWidth: Theme.mm(84)
                Layout.preferredHeight: Theme.portrait ? Theme.mm(34) : Theme.mm(62)
                font.pixelSize: Theme.strong
                font.weight: Font.Bold
                glyph: "arrow_right"
                glyphLast: true
                text: screen.vm.say("kiosk.common.continue", screen.vm.language)
                onClicked: screen.vm.submitCan()
            }
        }
    }
}
