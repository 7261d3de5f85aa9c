import QtQuick
import ui.theme

// Three dots that breathe: something is being done. Still when animations are off.
Row {
    id: busy

    property color tint: Theme.accent
    property real dot: Theme.mm(3.2)

    spacing: dot * 0.7

    Repeater {
        model: 3

        Rectangle {
            id: point
            required property int index

            width: busy.dot
            height: busy.dot
            radius: busy.dot / 2
            color: busy.tint
            opacity: Theme.animations ? 0.25 : 1 - index * 0.3

            SequentialAnimation on opacity {
                running: Theme.animations && busy.visible
                loops: Animation.Infinite
                PauseAnimation { duration: point.index * 180 }
                NumberAnimation { to: 1; duration: 320 }
                NumberAnimation { to: 0.25; duration: 320 }
                PauseAnimation { duration: (2 - point.index) * 180 }
            }
        }
    }
}
