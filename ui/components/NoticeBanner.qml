import QtQuick
import QtQuick.Layouts
import ui.theme

// One sentence the patient has to know before going on.
Rectangle {
    id: banner

    property string text

    visible: text !== ""
    implicitHeight: line.implicitHeight + 2 * Theme.gap
    radius: Theme.radius
    color: Theme.noticeSoft
    border.width: Theme.stroke
    border.color: Theme.notice
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    RowLayout {
        id: line
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.margins: Theme.space
        spacing: Theme.gap

        Icon {
            glyph: "warning"
            tint: Theme.notice
            size: Theme.mm(13)
            Layout.alignment: Qt.AlignVCenter
        }
        Words {
            text: banner.text
            color: Theme.notice
            font.weight: Font.DemiBold
            Layout.fillWidth: true
        }
    }
}
