import QtQuick
import ui.theme

// A white sheet on the page.
Rectangle {
    color: Theme.surface
    radius: Theme.radius
    border.color: Theme.line
    border.width: Theme.hairline
}
