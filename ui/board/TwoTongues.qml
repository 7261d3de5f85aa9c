import QtQuick
import ui.components
import ui.theme

// A text in the board's language with the other language small below it.
Column {
    id: both

    property var text: ({ "first": "", "second": "" })
    property real firstPx: 40
    property real secondPx: 24
    property color firstTint: Theme.ink
    property color secondTint: Theme.inkSoft
    property int firstWeight: Font.Bold
    property int horizontalAlignment: Text.AlignLeft

    spacing: -0.06 * firstPx

    Words {
        width: parent.width
        text: both.text.first
        color: both.firstTint
        horizontalAlignment: both.horizontalAlignment
        font.pixelSize: Math.max(1, both.firstPx)
        font.weight: both.firstWeight
        lineHeight: 0.95
    }
    Words {
        width: parent.width
        visible: text !== ""
        text: both.text.second
        color: both.secondTint
        horizontalAlignment: both.horizontalAlignment
        font.pixelSize: Math.max(1, both.secondPx)
        font.weight: Font.Medium
        lineHeight: 0.95
    }
}
