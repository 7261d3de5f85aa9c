import QtQuick
import ui.theme

// One key of the keyboard.
BigButton {
    id: cap

    property bool tinted: false
    property bool small: false

    font.pixelSize: small ? Theme.body : Theme.strong
    font.weight: Font.DemiBold

    background: Rectangle {
        radius: Theme.mm(2.5)
        color: cap.down ? Theme.accentMid : cap.tinted ? Theme.accentSoft : Theme.surface
        border.width: Theme.hairline
        border.color: cap.visualFocus ? Theme.accent : Theme.edge
    }
}
