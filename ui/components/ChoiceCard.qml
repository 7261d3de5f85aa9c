import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ui.theme

// One answer among a few: picture, words, a line that explains, an arrow.
Button {
    id: control

    property string glyph: ""
    property string hint: ""

    padding: 0
    Accessible.name: hint === "" ? text : text + ". " + hint

    background: Rectangle {
        radius: Theme.radius
        color: control.down ? Theme.accentSoft : Theme.surface
        border.width: Theme.stroke
        border.color: control.down || control.visualFocus ? Theme.accent : Theme.edge
    }

    contentItem: RowLayout {
        spacing: Theme.space

        Rectangle {
            Layout.leftMargin: Theme.inset
            Layout.preferredWidth: Theme.mm(24)
            Layout.preferredHeight: Theme.mm(24)
            radius: Theme.radius
            color: Theme.accentSoft

            Icon {
                anchors.centerIn: parent
                glyph: control.glyph
                tint: Theme.accent
                size: Theme.mm(15)
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: Theme.mm(0.5)

            Words {
                objectName: "choiceTitle"
                text: control.text
                font.pixelSize: Theme.strong
                font.weight: Font.Bold
                Layout.fillWidth: true
            }
            Words {
                visible: control.hint !== ""
                text: control.hint
                color: Theme.inkSoft
                Layout.fillWidth: true
            }
        }
        Icon {
            Layout.rightMargin: Theme.inset
            glyph: "arrow_right"
            tint: Theme.accent
            size: Theme.mm(10)
        }
    }
}
