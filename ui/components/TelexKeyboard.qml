import QtQuick
import QtQuick.Layouts
import ui.theme

// A–Z with Vietnamese letters and tones as keys of their own: who knows Telex types it, who does not taps the mark.
Column {
    id: board

    property bool marks: true
    property var toneNames: ({ "s": "", "f": "", "r": "", "x": "", "j": "" })
    property string spaceText
    property string marksText
    property string eraseText
    signal key(string value)
    signal erase()
    signal toggleMarks()

    readonly property real keyGap: Theme.mm(2.2)
    readonly property int rows: marks ? 6 : 4
    readonly property real keyHeight: Math.min(Theme.mm(42), (height - (rows - 1) * keyGap) / rows)

    spacing: keyGap

    Repeater {
        model: board.marks ? [
            { "keys": ["Ă", "Â", "Đ", "Ê", "Ô", "Ơ", "Ư"], "tones": false },
            { "keys": ["s", "f", "r", "x", "j"], "tones": true },
            { "keys": ["Q", "W", "E", "R", "T", "Y", "U", "I", "O", "P"], "tones": false },
            { "keys": ["A", "S", "D", "F", "G", "H", "J", "K", "L"], "tones": false },
            { "keys": ["Z", "X", "C", "V", "B", "N", "M"], "tones": false }
        ] : [
            { "keys": ["Q", "W", "E", "R", "T", "Y", "U", "I", "O", "P"], "tones": false },
            { "keys": ["A", "S", "D", "F", "G", "H", "J", "K", "L"], "tones": false },
            { "keys": ["Z", "X", "C", "V", "B", "N", "M"], "tones": false }
        ]

        Row {
            id: keyRow
            required property var modelData
            readonly property real wide: (board.width - 9 * board.keyGap) / 10
            readonly property real keyWidth: modelData.tones
                ? (board.width - 4 * board.keyGap) / 5
                : modelData.keys.length === 7 && modelData.keys[0] === "Ă" ? (board.width - 6 * board.keyGap) / 7 : wide

            anchors.horizontalCenter: parent.horizontalCenter
            height: board.keyHeight
            spacing: board.keyGap

            Repeater {
                model: keyRow.modelData.keys

                KeyCap {
                    required property string modelData

                    width: keyRow.keyWidth
                    height: keyRow.height
                    tinted: keyRow.modelData.tones || keyRow.modelData.keys[0] === "Ă"
                    objectName: (keyRow.modelData.tones ? "tone_" : "key_") + modelData
                    text: keyRow.modelData.tones ? board.toneNames[modelData] : modelData
                    small: keyRow.modelData.tones
                    onClicked: board.key(modelData)
                }
            }
        }
    }
    RowLayout {
        width: board.width
        height: board.keyHeight
        spacing: board.keyGap

        KeyCap {
            objectName: "marks"
            Layout.preferredWidth: Theme.mm(66)
            Layout.fillHeight: true
            tinted: true
            small: true
            text: board.marksText
            onClicked: board.toggleMarks()
        }
        KeyCap {
            objectName: "space"
            Layout.fillWidth: true
            Layout.fillHeight: true
            small: true
            text: board.spaceText
            onClicked: board.key(" ")
        }
        KeyCap {
            objectName: "erase"
            Layout.preferredWidth: Theme.mm(50)
            Layout.fillHeight: true
            glyph: "erase"
            small: true
            text: board.eraseText
            onClicked: board.erase()
        }
    }
}
