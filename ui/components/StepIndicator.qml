import QtQuick
import ui.theme

// How far the visit is, quietly: bars and words.
Row {
    id: steps

    property int current: 0
    property int total: 3
    property string text

    visible: current > 0
    spacing: Theme.mm(2)
    Accessible.role: Accessible.StaticText
    Accessible.name: text

    Repeater {
        model: steps.total

        Rectangle {
            required property int index

            anchors.verticalCenter: parent.verticalCenter
            width: Theme.mm(14)
            height: Theme.mm(2)
            radius: height / 2
            color: index < steps.current ? Theme.accent : Theme.line
        }
    }
    Words {
        leftPadding: Theme.mm(3)
        text: steps.text
        color: Theme.inkSoft
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }
}
