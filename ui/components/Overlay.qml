import QtQuick
import ui.theme

// A sheet over everything, in portrait in the lower part. Takes all touches beside it.
Rectangle {
    id: overlay

    default property alias content: sheet.data
    property real sheetHeight: Theme.mm(190)

    color: Theme.scrim

    MouseArea {
        anchors.fill: parent
    }
    Rectangle {
        id: sheet
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.portrait ? Math.round(Math.max(parent.height / 3 + Theme.space, (parent.height - height) * 0.62))
                          : Math.round((parent.height - height) / 2)
        width: Math.min(parent.width - 2 * Theme.margin, Theme.mm(260))
        height: Math.min(overlay.sheetHeight, parent.height - 2 * Theme.space)
        radius: Theme.radius * 1.4
        color: Theme.surface
    }
}
