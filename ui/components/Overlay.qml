import QtQuick
import ui.theme

// A sheet over what it fills, in portrait in the lower part. Takes all touches beside it.
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
        objectName: "sheet"
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.portrait ? Math.round(Math.max(Theme.windowHeight / 3, (parent.height - height) * 0.7))
                          : Math.round((parent.height - height) / 2)
        width: Math.min(parent.width - 2 * Theme.margin, Theme.mm(260))
        height: Math.min(overlay.sheetHeight, parent.height - 2 * Theme.space)
        radius: Theme.radius * 1.4
        color: Theme.surface
    }
}
