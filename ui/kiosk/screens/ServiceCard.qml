import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ui.components
import ui.theme

// A service: its letter, how many wait (or why it gives no numbers), its name. Closed ones can be seen, not chosen.
Button {
    id: card

    property string letter
    property string status

    readonly property color tint: enabled ? Theme.accent : Theme.inkSoft

    padding: 0
    Accessible.name: text + ". " + status

    background: Rectangle {
        radius: Theme.radius
        color: !card.enabled ? Theme.page : card.down ? Theme.accentSoft : Theme.surface
        border.width: card.enabled ? Theme.stroke : Theme.hairline
        border.color: !card.enabled ? Theme.edge : card.down || card.visualFocus ? Theme.accent : Theme.edge
    }

    contentItem: ColumnLayout {
        spacing: Theme.mm(1)

        RowLayout {
            Layout.fillWidth: true
            Layout.topMargin: Theme.gap
            Layout.leftMargin: Theme.gap * 1.3
            Layout.rightMargin: Theme.gap * 1.3
            spacing: Theme.gap

            Rectangle {
                Layout.preferredWidth: Math.max(Theme.mm(15), letterText.implicitWidth + Theme.gap)
                Layout.preferredHeight: Theme.mm(15)
                radius: Theme.mm(3)
                color: card.enabled ? Theme.accent : Theme.inkSoft

                Words {
                    id: letterText
                    anchors.centerIn: parent
                    text: card.letter
                    color: Theme.inkOnAccent
                    font.pixelSize: Theme.strong
                    font.weight: Font.Bold
                    wrapMode: Text.NoWrap
                }
            }
            Words {
                objectName: "status"
                Layout.fillWidth: true
                text: card.status
                color: card.enabled ? Theme.inkSoft : Theme.notice
                font.weight: card.enabled ? Font.Normal : Font.DemiBold
                lineHeight: 0.95
            }
        }
        Words {
            objectName: "serviceName"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.leftMargin: Theme.gap * 1.3
            Layout.rightMargin: Theme.gap * 1.3
            Layout.bottomMargin: Theme.mm(2)
            verticalAlignment: Text.AlignTop
            text: card.text
            color: card.enabled ? Theme.ink : Theme.inkSoft
            font.pixelSize: Theme.strong
            fontSizeMode: Text.Fit // a hospital's longest names get smaller, down to the least that can be read
            minimumPixelSize: Theme.body
            font.weight: Font.Bold
            lineHeight: 0.96
        }
    }
}
