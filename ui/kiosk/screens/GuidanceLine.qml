import QtQuick
import ui.components
import ui.theme

// What to do with the card, in large letters. Keeps its height whatever it says, so that nothing jumps.
Rectangle {
    id: guidance

    property string text
    property bool calling: false
    property int lines: 2

    implicitHeight: words.font.pixelSize * 1.3 * lines + Theme.gap
    radius: Theme.mm(3)
    color: calling ? Theme.notice : Theme.accent
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    Words {
        id: words
        objectName: "guidance"
        anchors.fill: parent
        anchors.leftMargin: Theme.gap
        anchors.rightMargin: Theme.gap
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        text: guidance.text
        color: Theme.inkOnAccent
        font.pixelSize: Theme.strong
        font.weight: Font.Bold
    }
}
