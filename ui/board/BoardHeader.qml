import QtQuick
import ui.components
import ui.theme

// Whose hospital this is, what day and what time.
Rectangle {
    id: header

    property real u: 1
    property bool portrait: false
    property var hospital
    property var clock

    color: Theme.surface

    Rectangle {
        id: emblem
        x: 40 * header.u
        anchors.verticalCenter: parent.verticalCenter
        width: 84 * header.u
        height: width
        radius: 20 * header.u
        color: Theme.accent

        Icon {
            anchors.centerIn: parent
            glyph: "hospital"
            tint: Theme.inkOnAccent
            size: 56 * header.u
        }
    }
    TwoTongues {
        anchors.left: emblem.right
        anchors.leftMargin: 24 * header.u
        anchors.right: when.left
        anchors.rightMargin: 24 * header.u
        anchors.verticalCenter: parent.verticalCenter
        text: header.hospital
        firstPx: (header.portrait ? 40 : 46) * header.u
        secondPx: 28 * header.u
    }
    TwoTongues {
        id: when
        anchors.right: time.left
        anchors.rightMargin: 36 * header.u
        anchors.verticalCenter: parent.verticalCenter
        width: header.portrait ? 0 : 440 * header.u
        visible: !header.portrait
        text: header.clock.date
        firstPx: 36 * header.u
        secondPx: 26 * header.u
        firstWeight: Font.DemiBold
        horizontalAlignment: Text.AlignRight
    }
    FixedDigits {
        id: time
        objectName: "clock"
        anchors.right: parent.right
        anchors.rightMargin: 40 * header.u
        anchors.verticalCenter: parent.verticalCenter
        text: header.clock.time
        pixelSize: Math.max(1, 84 * header.u)
        weight: Font.Bold
        tint: Theme.accentPressed
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: Math.max(1, 2 * header.u)
        color: Theme.line
    }
}
