import QtQuick
import ui.theme

// 1–9, erase, 0: the telephone's order.
Grid {
    id: pad

    property string eraseText
    signal digit(string value)
    signal erase()

    readonly property real keyWidth: (width - 2 * columnSpacing) / 3
    readonly property real keyHeight: (height - 3 * rowSpacing) / 4

    columns: 3
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap

    Repeater {
        model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "erase"]

        Item {
            id: place
            required property string modelData

            width: pad.keyWidth
            height: pad.keyHeight

            BigButton {
                anchors.fill: parent
                visible: place.modelData !== ""
                objectName: place.modelData === "erase" ? "erase" : "digit_" + place.modelData
                text: place.modelData === "erase" ? pad.eraseText : place.modelData
                glyph: place.modelData === "erase" ? "erase" : ""
                font.pixelSize: place.modelData === "erase" ? Theme.body : Theme.heading
                font.weight: Font.Bold
                onClicked: place.modelData === "erase" ? pad.erase() : pad.digit(place.modelData)
            }
        }
    }
}
