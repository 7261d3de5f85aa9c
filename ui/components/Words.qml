import QtQuick
import ui.theme

// All text of the faces. Wraps at words, is never elided and never smaller than Theme.body.
Text {
    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: Theme.body
    wrapMode: Text.WordWrap
    textFormat: Text.PlainText
}
