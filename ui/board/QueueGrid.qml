import QtQuick
import ui.components
import ui.theme

// Each queue: its name and room, how many wait, who is next.
Grid {
    id: grid

    property real u: 1
    property var queues: []
    property var words

    readonly property real cellWidth: (width - (columns - 1) * spacing) / columns
    readonly property int lines: Math.max(1, 6 / columns)
    readonly property real cellHeight: (height - (lines - 1) * spacing) / lines

    spacing: 16 * u

    Repeater {
        model: grid.queues

        Rectangle {
            id: cell

            required property var modelData

            objectName: "queueCell"
            width: grid.cellWidth
            height: grid.cellHeight
            radius: 22 * grid.u
            color: Theme.surface
            border.color: Theme.line
            border.width: Math.max(1, 2 * grid.u)
            Accessible.role: Accessible.ListItem
            Accessible.name: modelData.name.first + " " + modelData.waiting + " " + grid.words.waiting.first

            Column {
                id: count
                anchors.right: parent.right
                anchors.rightMargin: 18 * grid.u
                anchors.verticalCenter: parent.verticalCenter
                width: 112 * grid.u

                Words {
                    width: parent.width
                    text: cell.modelData.waiting
                    color: cell.modelData.waiting > 0 ? Theme.accent : Theme.inkFaint
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.NoWrap
                    fontSizeMode: Text.HorizontalFit
                    font.pixelSize: Math.max(1, 58 * grid.u)
                    font.weight: Font.Bold
                    lineHeight: 0.85
                }
                Words {
                    width: parent.width
                    text: grid.words.waiting.first
                    color: Theme.inkSoft
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.NoWrap
                    fontSizeMode: Text.HorizontalFit
                    font.pixelSize: Math.max(1, 24 * grid.u)
                }
            }
            Column {
                anchors.left: parent.left
                anchors.leftMargin: 22 * grid.u
                anchors.right: count.left
                anchors.rightMargin: 8 * grid.u
                anchors.verticalCenter: parent.verticalCenter

                Words {
                    width: parent.width
                    text: cell.modelData.name.first
                    wrapMode: Text.NoWrap
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Math.max(1, 14 * grid.u)
                    font.pixelSize: Math.max(1, 34 * grid.u)
                    font.weight: Font.Bold
                    lineHeight: 0.86
                }
                Words {
                    width: parent.width
                    visible: text !== ""
                    text: cell.modelData.name.second
                    color: Theme.inkSoft
                    wrapMode: Text.NoWrap
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Math.max(1, 14 * grid.u)
                    font.pixelSize: Math.max(1, 20 * grid.u)
                    lineHeight: 0.9
                }
                Words {
                    objectName: "room"
                    width: parent.width
                    text: cell.modelData.room
                    color: Theme.accent
                    wrapMode: Text.NoWrap
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Math.max(1, 14 * grid.u)
                    font.pixelSize: Math.max(1, 22 * grid.u)
                    font.weight: Font.Medium
                    lineHeight: 0.95
                }
                Words {
                    width: parent.width
                    text: cell.modelData.next.length > 0
                        ? grid.words.next.first + ": " + cell.modelData.next.slice(0, grid.columns + 1).join("  ")
                        : grid.words.nobody.first
                    color: cell.modelData.next.length > 0 ? Theme.ink : Theme.inkFaint
                    wrapMode: Text.NoWrap
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Math.max(1, 18 * grid.u)
                    font.pixelSize: Math.max(1, 28 * grid.u)
                    font.weight: cell.modelData.next.length > 0 ? Font.DemiBold : Font.Normal
                }
            }
        }
    }
}
