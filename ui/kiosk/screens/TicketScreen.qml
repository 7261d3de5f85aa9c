import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

// The number, as large as the screen allows, where to go and how long; the paper has its own line.
KioskFrame {
    id: screen

    readonly property var ticket: vm.ticket

    leftShare: 0.44
    notice: ""
    stage: 0

    Item {
        parent: screen
        x: Theme.margin
        y: Theme.space
        width: Theme.portrait ? screen.width - 2 * Theme.margin : screen.width * screen.leftShare - Theme.margin
        height: Theme.portrait ? screen.bodyTop - y - Theme.space : screen.height - y - Theme.space

        PaperLine {
            id: sidePaper
            visible: !Theme.portrait
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            ticket: screen.ticket
        }
        NoticeBanner {
            id: sideNotice
            objectName: "notice"
            visible: !Theme.portrait && text !== ""
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: sidePaper.top
            anchors.bottomMargin: Theme.space
            text: screen.vm.general.notice
        }
        Rectangle {
            width: parent.width
            height: (Theme.portrait ? parent.height : sideNotice.visible ? sideNotice.y : sidePaper.y)
                - (Theme.portrait ? 0 : Theme.space)
            radius: Theme.radius * 1.4
            color: Theme.accent

            Column {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.space

                Words {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: screen.ticket.title
                    color: Theme.inkOnAccentSoft
                    font.pixelSize: Theme.strong
                    font.weight: Font.DemiBold
                }
                Words {
                    objectName: "label"
                    anchors.horizontalCenter: parent.horizontalCenter
                    text: screen.ticket.label
                    color: Theme.inkOnAccent
                    font.pixelSize: Math.min(Theme.called, parent.width / Math.max(4, text.length) / 0.72)
                    font.weight: Font.ExtraBold
                    wrapMode: Text.NoWrap
                    lineHeight: 0.98
                }
                Rectangle {
                    anchors.horizontalCenter: parent.horizontalCenter
                    visible: screen.ticket.priority !== ""
                    width: badge.implicitWidth + 2 * Theme.space
                    height: badge.implicitHeight + Theme.mm(2)
                    radius: height / 2
                    color: Theme.surface

                    Words {
                        id: badge
                        objectName: "priority"
                        anchors.centerIn: parent
                        text: screen.ticket.priority
                        color: Theme.accent
                        font.weight: Font.Bold
                        wrapMode: Text.NoWrap
                    }
                }
            }
        }
    }
    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        Panel {
            Layout.fillWidth: true
            Layout.fillHeight: true

            ColumnLayout {
                anchors.fill: parent
                anchors.margins: Theme.margin * 0.7
                spacing: Theme.gap

                Words {
                    objectName: "ticketService"
                    Layout.fillWidth: true
                    text: screen.ticket.service
                    font.pixelSize: Theme.heading
                    font.weight: Font.Bold
                }
                Repeater {
                    model: [
                        { "glyph": "place", "strong": screen.ticket.room, "more": screen.ticket.directions },
                        { "glyph": "people", "strong": screen.ticket.ahead, "more": screen.ticket.estimate },
                        { "glyph": "next", "strong": screen.ticket.nextStep, "more": "" }
                    ]

                    RowLayout {
                        id: fact
                        required property int index
                        required property var modelData

                        visible: modelData.strong !== "" || modelData.more !== ""
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        Layout.maximumHeight: implicitHeight + Theme.mm(7)
                        spacing: Theme.space

                        Icon {
                            Layout.alignment: Qt.AlignTop
                            glyph: fact.modelData.glyph
                            tint: Theme.accent
                            size: Theme.mm(14)
                        }
                        ColumnLayout {
                            Layout.fillWidth: true
                            Layout.alignment: Qt.AlignTop
                            spacing: 0

                            Words {
                                visible: text !== ""
                                Layout.fillWidth: true
                                text: fact.modelData.strong
                                font.pixelSize: fact.index < 2 ? Theme.strong : Theme.body
                                font.weight: Font.DemiBold
                            }
                            Words {
                                visible: text !== ""
                                Layout.fillWidth: true
                                text: fact.modelData.more
                                color: Theme.inkSoft
                            }
                        }
                    }
                }
                Item { Layout.fillHeight: true }
            }
        }
        NoticeBanner {
            objectName: "notice"
            visible: Theme.portrait && text !== ""
            Layout.fillWidth: true
            text: screen.vm.general.notice
        }
        PaperLine {
            visible: Theme.portrait
            Layout.fillWidth: true
            ticket: screen.ticket
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.gap

            BigButton {
                objectName: "reprint"
                visible: screen.ticket.reprint
                Layout.fillWidth: true
                Layout.preferredWidth: 2
                Layout.preferredHeight: Theme.mm(34)
                glyph: "printer"
                text: screen.vm.say("kiosk.ticket.reprint", screen.vm.language)
                onClicked: screen.vm.reprint()
            }
            BigButton {
                objectName: "done"
                kind: "primary"
                Layout.fillWidth: true
                Layout.preferredWidth: 3
                Layout.preferredHeight: Theme.mm(34)
                glyph: "check"
                glyphSize: Theme.mm(12)
                font.pixelSize: Theme.heading
                font.weight: Font.Bold
                text: screen.vm.say("kiosk.ticket.done", screen.vm.language)
                onClicked: screen.vm.done()
            }
        }
    }
}
