import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

// The paper's own state, apart from the number's: coming, to be taken, or in trouble.
Rectangle {
    id: paper

    required property var ticket

    readonly property color tint: ticket.paper === "good" ? Theme.good
        : ticket.paper === "trouble" ? Theme.notice : Theme.accent

    implicitHeight: line.implicitHeight + 2 * Theme.gap
    radius: Theme.radius
    color: ticket.paper === "good" ? Theme.goodSoft : ticket.paper === "trouble" ? Theme.noticeSoft : Theme.accentSoft

    RowLayout {
        id: line
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.space
        anchors.rightMargin: Theme.space
        spacing: Theme.space

        Icon {
            glyph: "printer"
            tint: paper.tint
            size: Theme.mm(13)
        }
        Words {
            objectName: "paperText"
            Layout.fillWidth: true
            text: paper.ticket.paperText
            color: paper.tint
            font.weight: Font.DemiBold
        }
        Busy {
            visible: paper.ticket.paper === "busy"
        }
    }
}
