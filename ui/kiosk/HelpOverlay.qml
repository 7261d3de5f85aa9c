import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

// What has been done about a call for help, and where to go meanwhile.
Overlay {
    id: overlay

    required property var vm
    readonly property var call: vm.help

    objectName: "helpOverlay"
    sheetHeight: column.implicitHeight + close.height + 2 * Theme.margin + Theme.space

    ColumnLayout {
        id: column
        anchors.top: parent.top
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.margin
        spacing: Theme.space

        RowLayout {
            spacing: Theme.space
            Layout.fillWidth: true

            Rectangle {
                Layout.preferredWidth: Theme.mm(26)
                Layout.preferredHeight: Theme.mm(26)
                radius: width / 2
                color: overlay.call.state === "coming" ? Theme.good : Theme.urgent

                Icon {
                    anchors.centerIn: parent
                    glyph: overlay.call.state === "coming" ? "check" : "help"
                    tint: Theme.surface
                    size: Theme.mm(16)
                }
            }
            Words {
                objectName: "helpTitle"
                text: overlay.call.title
                font.pixelSize: Theme.heading
                font.weight: Font.Bold
                Layout.fillWidth: true
            }
        }
        Busy {
            visible: overlay.call.state === "asked"
            tint: Theme.urgent
        }
        Words {
            text: overlay.call.text
            font.pixelSize: Theme.strong
            Layout.fillWidth: true
        }
        Words {
            visible: overlay.call.place !== ""
            text: overlay.call.place
            font.pixelSize: Theme.heading
            font.weight: Font.Bold
            color: Theme.accent
            Layout.fillWidth: true
        }
        Rectangle {
            Layout.fillWidth: true
            implicitHeight: emergency.implicitHeight + 2 * Theme.space
            radius: Theme.radius
            color: Theme.urgentSoft

            Words {
                id: emergency
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.margins: Theme.space
                text: overlay.call.emergency
                color: Theme.urgent
                font.weight: Font.DemiBold
            }
        }
    }
    BigButton {
        id: close
        objectName: "closeHelp"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.margin
        height: Theme.mm(30)
        text: overlay.vm.say("kiosk.common.close", overlay.vm.language)
        font.pixelSize: Theme.strong
        onClicked: overlay.vm.dismissHelp()
    }
}
