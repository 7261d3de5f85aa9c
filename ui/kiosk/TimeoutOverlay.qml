import QtQuick
import ui.components
import ui.theme

// "Are you still there?" with one large button; whoever walks away is wiped from the screen.
Overlay {
    id: overlay

    required property var vm

    objectName: "timeoutOverlay"
    sheetHeight: Theme.mm(165)

    Column {
        anchors.fill: parent
        anchors.margins: Theme.margin
        spacing: Theme.space

        Words {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: overlay.vm.say("kiosk.timeout.title", overlay.vm.language)
            font.pixelSize: Theme.heading
            font.weight: Font.Bold
        }
        Words {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: overlay.vm.say("kiosk.timeout.subtitle", overlay.vm.language)
            color: Theme.inkSoft
        }
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.gap

            FixedDigits {
                id: left
                objectName: "secondsLeft"
                text: String(overlay.vm.secondsLeft)
                pixelSize: Theme.mm(26)
                weight: Font.Bold
                tint: Theme.accent
            }
            Words {
                anchors.bottom: left.bottom
                anchors.bottomMargin: Theme.mm(5)
                text: overlay.vm.say("kiosk.timeout.seconds", overlay.vm.language)
                color: Theme.inkSoft
                wrapMode: Text.NoWrap
            }
        }
    }
    BigButton {
        objectName: "moreTime"
        kind: "primary"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.margin
        height: Theme.mm(42)
        glyph: "clock"
        glyphSize: Theme.mm(15)
        font.pixelSize: Theme.heading
        font.weight: Font.Bold
        text: overlay.vm.say("kiosk.timeout.more_time", overlay.vm.language)
        onClicked: overlay.vm.moreTime()
    }
}
