import QtQuick
import ui.theme

// One of our own line icons (ui/theme/icons) in any colour.
Image {
    property string glyph
    property color tint: Theme.ink
    property real size: Theme.mm(9)

    width: size
    height: size
    sourceSize: Qt.size(size, size)
    source: glyph === "" || size < 1 ? "" : "image://icon/" + glyph + "/" + String(tint).slice(-6)
}
