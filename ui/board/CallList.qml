import QtQuick
import ui.components
import ui.theme

// The numbers called before, newest first: as many as there is room for at the size the distance asks for.
Rectangle {
    id: list

    property real u: 1
    property var calls: []
    property var words
    property real listPx: 60

    readonly property real inset: 32 * u
    readonly property real rowHeight: listPx * 1.26

    radius: 36 * u
    color: Theme.surface
    border.color: Theme.line
    border.width: Math.max(1, 2 * u)

    TwoTongues {
        id: title
        x: list.inset
        y: 14 * list.u
        width: parent.width - 2 * list.inset
        text: list.words.recent
        firstPx: 44 * list.u
        secondPx: 28 * list.u
    }
    Column {
        anchors.top: title.bottom
        anchors.topMargin: 4 * list.u
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 6 * list.u
        x: list.inset
        width: parent.width - 2 * list.inset

        Repeater {
            model: list.calls.slice(0, Math.max(1, Math.floor(parent.height / list.rowHeight)))

            Item {
                id: row

                required property var modelData
                required property int index

                readonly property real beside: (arrow.visible ? arrow.width : 0) + 40 * list.u

                objectName: "callRow"
                width: parent.width
                height: list.rowHeight
                Accessible.role: Accessible.ListItem
                Accessible.name: modelData.label + " " + modelData.counter

                Rectangle {
                    width: parent.width
                    height: Math.max(1, 2 * list.u)
                    color: Theme.line
                }
                Words {
                    id: label
                    objectName: "rowLabel"
                    height: parent.height
                    verticalAlignment: Text.AlignVCenter
                    width: Math.min(implicitWidth, Math.max(row.width - row.beside - counter.implicitWidth, 0.68 * row.width))
                    text: row.modelData.label
                    wrapMode: Text.NoWrap
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Math.max(1, list.listPx * 0.3)
                    font.pixelSize: Math.max(1, list.listPx)
                    font.weight: Font.Bold
                }
                Icon {
                    id: arrow
                    anchors.verticalCenter: parent.verticalCenter
                    anchors.right: counter.left
                    anchors.rightMargin: 16 * list.u
                    visible: list.width > 7.5 * list.listPx
                    glyph: "arrow_right"
                    tint: Theme.accent
                    size: list.listPx * 0.6
                }
                Words {
                    id: counter
                    anchors.right: parent.right
                    height: parent.height
                    verticalAlignment: Text.AlignVCenter
                    width: Math.min(implicitWidth, parent.width - label.width - row.beside)
                    text: row.modelData.counter
                    color: Theme.accent
                    wrapMode: Text.NoWrap
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Math.max(1, list.listPx * 0.25)
                    horizontalAlignment: Text.AlignRight
                    font.pixelSize: Math.max(1, list.listPx)
                    font.weight: Font.DemiBold
                }
            }
        }
    }
}
