import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    notice: ""
    leftShare: 0.43

    Item {
        // The greeting takes the place of the question.
        parent: screen
        x: Theme.margin
        y: Theme.portrait ? Theme.margin : Theme.margin
        width: Theme.portrait ? screen.width - 2 * Theme.margin : screen.width * screen.leftShare - Theme.margin
        height: screen.height

        Column {
            width: parent.width
            spacing: Theme.gap

            Words {
                width: parent.width
                text: screen.vm.say("kiosk.welcome.greeting", screen.vm.language)
                color: Theme.accent
                font.pixelSize: Theme.strong
                font.weight: Font.DemiBold
            }
            Words {
                objectName: "title"
                width: parent.width
                text: screen.vm.say("kiosk.welcome.title", screen.vm.language)
                font.pixelSize: Theme.hero
                font.weight: Font.ExtraBold
                lineHeight: 1.0
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                width: parent.width
                text: screen.vm.say("kiosk.welcome.subtitle", screen.vm.language)
                color: Theme.inkSoft
                font.pixelSize: Theme.strong
                visible: !alert.visible
            }
            NoticeBanner {
                id: alert
                width: parent.width
                text: screen.vm.general.notice
            }
            Item {
                visible: !Theme.portrait
                width: 1
                height: Theme.space
            }
            WelcomeSteps {
                visible: !Theme.portrait
                width: parent.width
                vm: screen.vm
            }
        }
    }
    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        Panel {
            visible: Theme.portrait
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(80)

            WelcomeSteps {
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.margins: Theme.space
                vm: screen.vm
            }
        }
        BigButton {
            objectName: "start"
            kind: "primary"
            Layout.fillWidth: true
            Layout.fillHeight: true
            stacked: true
            glyph: "touch"
            glyphSize: Theme.mm(34)
            font.pixelSize: Theme.hero
            font.weight: Font.Bold
            text: screen.vm.say("kiosk.welcome.start", screen.vm.language)
            onClicked: screen.vm.start()
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(26)
            spacing: Theme.space

            Picture {
                Layout.preferredWidth: Theme.mm(38)
                Layout.preferredHeight: Theme.mm(24)
                name: "card_front_2021"
            }
            Words {
                Layout.fillWidth: true
                text: screen.vm.say("kiosk.welcome.scan_hint", screen.vm.language)
                color: Theme.inkSoft
            }
        }
    }
}
