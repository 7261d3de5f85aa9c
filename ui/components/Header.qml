import QtQuick
import QtQuick.Layouts
import ui.theme

// Who runs this machine, and what time it is.
Rectangle {
    id: header

    property string hospital
    property string time
    property string date

    color: Theme.surface

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        spacing: Theme.space

        Rectangle {
            Layout.preferredWidth: Theme.mm(20)
            Layout.preferredHeight: Theme.mm(20)
            radius: Theme.radius
            color: Theme.accent

            Icon {
                anchors.centerIn: parent
                glyph: "hospital"
                tint: Theme.inkOnAccent
                size: Theme.mm(13)
            }
        }
        Words {
            objectName: "hospital"
            text: header.hospital
            font.weight: Font.Bold
            lineHeight: 0.95
            Layout.fillWidth: true
        }
        GridLayout {
            columns: Theme.portrait ? 1 : 2
            rowSpacing: 0
            columnSpacing: Theme.space

            FixedDigits {
                Layout.alignment: Qt.AlignRight | Qt.AlignVCenter
                text: header.time
                pixelSize: Theme.strong
                weight: Font.Bold
            }
            Words {
                Layout.alignment: Qt.AlignRight | Qt.AlignVCenter
                text: header.date
                color: Theme.inkSoft
                wrapMode: Text.NoWrap
            }
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hairline
        color: Theme.line
    }
}
