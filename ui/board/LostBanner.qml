import QtQuick
import ui.components
import ui.theme

// The board does not hear the hub: what stands below is as old as this says.
Rectangle {
    id: banner

    property real u: 1
    property bool shown: false
    property var text

    objectName: "lostBanner"
    visible: shown
    color: Theme.urgent
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text.first

    Row {
        anchors.centerIn: parent
        width: Math.min(parent.width - 80 * banner.u, 1720 * banner.u)
        spacing: 28 * banner.u

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            glyph: "unplugged"
            tint: Theme.inkOnAccent
            size: 68 * banner.u
        }
        TwoTongues {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - 96 * banner.u
            text: banner.text
            firstPx: 40 * banner.u
            secondPx: 27 * banner.u
            firstTint: Theme.inkOnAccent
            secondTint: Theme.inkOnAccent
        }
    }
}
