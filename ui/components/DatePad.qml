import QtQuick
import ui.theme

// Slots of a date, day first, each group with its name under it; the year alone when `yearOnly`.
Row {
    id: date

    property var cells: []
    property int count: 0
    property bool yearOnly: false
    property string dayText
    property string monthText
    property string yearText

    readonly property var parts: yearOnly
        ? [{ "name": yearText, "from": 0, "length": 4 }]
        : [{ "name": dayText, "from": 0, "length": 2 }, { "name": monthText, "from": 2, "length": 2 },
           { "name": yearText, "from": 4, "length": 4 }]

    spacing: Theme.mm(9)

    Repeater {
        model: date.parts

        Column {
            id: part
            required property var modelData

            spacing: Theme.mm(1)

            Words {
                anchors.horizontalCenter: parent.horizontalCenter
                text: part.modelData.name
                color: Theme.inkSoft
                wrapMode: Text.NoWrap
            }
            NumberSlots {
                anchors.horizontalCenter: parent.horizontalCenter
                cells: date.cells.slice(part.modelData.from, part.modelData.from + part.modelData.length)
                count: date.count - part.modelData.from
                slotWidth: Theme.mm(20)
                slotHeight: Theme.mm(25)
            }
        }
    }
}
