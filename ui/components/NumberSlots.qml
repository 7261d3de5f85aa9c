import QtQuick
import ui.theme

// What was typed, one digit a slot; the next slot to fill is marked. `groups` are the lengths of the groups.
Row {
    id: slots

    property var cells: []
    property var groups: [cells.length]
    property int count: 0
    property real slotWidth: Theme.mm(13)
    property real slotHeight: Theme.mm(19)
    property real groupGap: Theme.mm(6)

    function gapBefore(index: int): bool {
        let end = 0;
        for (const length of groups) {
            if (index > 0 && index === end)
                return true;
            end += length;
        }
        return false;
    }

    spacing: Theme.mm(1.5)

    Repeater {
        model: slots.cells

        Item {
            id: slot
            required property int index
            required property string modelData

            width: slots.slotWidth + (slots.gapBefore(index) ? slots.groupGap : 0)
            height: slots.slotHeight

            Rectangle {
                anchors.right: parent.right
                width: slots.slotWidth
                height: parent.height
                radius: Theme.mm(2.5)
                color: Theme.surface
                border.width: Theme.stroke
                border.color: slot.index === slots.count ? Theme.accent : Theme.edge

                Rectangle {
                    visible: slot.index === slots.count
                    anchors.horizontalCenter: parent.horizontalCenter
                    anchors.bottom: parent.bottom
                    anchors.bottomMargin: Theme.mm(3)
                    width: parent.width * 0.5
                    height: Theme.mm(1)
                    color: Theme.accent
                }
                Words {
                    anchors.centerIn: parent
                    text: slot.modelData.trim()
                    font.pixelSize: Theme.heading
                    font.weight: Font.Bold
                    wrapMode: Text.NoWrap
                }
            }
        }
    }
}
