import QtQuick
import ui.theme

// How much of something is done, 0 … 1. Never goes back while it is shown, whatever it is told.
Rectangle {
    id: bar

    property real fraction: 0
    property real done: 0

    onFractionChanged: done = Math.max(done, Math.min(1, fraction))
    Component.onCompleted: done = Math.max(0, Math.min(1, fraction))

    implicitHeight: Theme.mm(5)
    radius: height / 2
    color: Theme.accentMid
    Accessible.role: Accessible.ProgressBar

    Rectangle {
        objectName: "progressDone"
        width: Math.max(parent.height, parent.width * bar.done)
        height: parent.height
        radius: parent.radius
        color: Theme.accent

        Behavior on width {
            enabled: Theme.animations
            NumberAnimation { duration: 250; easing.type: Easing.OutCubic }
        }
    }
}
