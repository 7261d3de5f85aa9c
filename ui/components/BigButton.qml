import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ui.theme

// A button of at least 20 mm. `kind`: primary (one a screen), secondary, urgent.
Button {
    id: control

    property string kind: "secondary"
    property string glyph: ""
    property bool glyphLast: false
    property bool stacked: false
    property real glyphSize: Theme.mm(9)

    readonly property color ink: !enabled ? Theme.inkFaint
        : kind === "primary" ? Theme.inkOnAccent
        : kind === "urgent" ? Theme.urgent : Theme.accent

    implicitHeight: Theme.button
    implicitWidth: Math.max(Theme.touch, line.implicitWidth + 2 * Theme.space)
    padding: 0
    font.family: Theme.family
    font.pixelSize: Theme.body
    font.weight: Font.DemiBold
    Accessible.name: text

    background: Rectangle {
        radius: Theme.radius
        color: !control.enabled ? Theme.off
            : control.kind === "primary" ? (control.down ? Theme.accentPressed : Theme.accent)
            : control.kind === "urgent" ? (control.down ? Theme.urgentSoft : Theme.surface)
            : (control.down ? Theme.accentSoft : Theme.surface)
        border.width: control.kind === "primary" || !control.enabled ? 0 : Theme.stroke
        border.color: control.kind === "urgent" ? Theme.urgent : Theme.accent

        Rectangle {
            anchors.fill: parent
            anchors.margins: -2 * Theme.stroke
            visible: control.visualFocus
            color: "transparent"
            radius: Theme.radius + 2 * Theme.stroke
            border.width: Theme.stroke
            border.color: Theme.ink
        }
    }

    contentItem: Item {
        GridLayout {
            id: line
            anchors.centerIn: parent
            width: Math.min(Math.ceil(implicitWidth), control.width - 2 * Theme.gap)
            columns: control.stacked ? 1 : 2
            rowSpacing: Theme.gap
            columnSpacing: Theme.mm(3)
            layoutDirection: control.glyphLast ? Qt.RightToLeft : Qt.LeftToRight

            Icon {
                visible: control.glyph !== ""
                glyph: control.glyph
                tint: control.ink
                size: control.glyphSize
                Layout.alignment: Qt.AlignCenter
            }
            Words {
                visible: control.text !== ""
                text: control.text
                color: control.ink
                font: control.font
                horizontalAlignment: control.glyph === "" || control.stacked ? Text.AlignHCenter : Text.AlignLeft
                Layout.fillWidth: true
                Layout.preferredWidth: Math.ceil(implicitWidth) // whole pixels: the same edges whatever stood there before
                Layout.maximumWidth: Math.ceil(implicitWidth)
                Layout.alignment: Qt.AlignVCenter
            }
        }
    }
}
