import QtQuick
import ui.theme

// Digits in cells of one width: the type face has no tabular figures, and a clock must not jitter.
Row {
    id: digits

    property string text
    property int pixelSize: Theme.body
    property int weight: Font.DemiBold
    property color tint: Theme.ink

    Accessible.role: Accessible.StaticText
    Accessible.name: text

    Repeater {
        model: digits.text.length

        Words {
            required property int index
            readonly property string mark: digits.text.charAt(index)

            width: Math.ceil(digits.pixelSize * (mark >= "0" && mark <= "9" ? 0.72 : 0.36))
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.NoWrap
            text: mark
            color: digits.tint
            font.pixelSize: digits.pixelSize
            font.weight: digits.weight
            Accessible.ignored: true
        }
    }
}
