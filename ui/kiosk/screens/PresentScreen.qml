import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    readonly property bool laid: vm.general.cardLaid

    title: vm.say(laid ? "kiosk.present.card_laid_title" : "kiosk.present.title", vm.language)
    subtitle: vm.say(laid ? "kiosk.present.card_laid" : "kiosk.present.subtitle", vm.language)

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        Panel {
            Layout.fillWidth: true
            Layout.fillHeight: true

            ColumnLayout {
                anchors.fill: parent
                anchors.margins: Theme.space
                spacing: Theme.gap

                RowLayout {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    spacing: Theme.margin

                    Repeater {
                        model: [
                            { "picture": "card_front_2021", "key": "kiosk.present.card_2021" },
                            { "picture": "card_back_2024", "key": "kiosk.present.card_2024" }
                        ]

                        ColumnLayout {
                            id: card
                            required property var modelData

                            Layout.fillWidth: true
                            Layout.preferredWidth: 1
                            Layout.alignment: Qt.AlignTop
                            spacing: Theme.mm(2)

                            Item {
                                Layout.fillWidth: true
                                Layout.maximumWidth: Theme.portrait ? 10000 : Theme.mm(82)
                                Layout.alignment: Qt.AlignHCenter
                                Layout.preferredHeight: width * 270 / 428

                                Picture {
                                    anchors.fill: parent
                                    name: card.modelData.picture
                                }
                            }
                            Words {
                                Layout.fillWidth: true
                                horizontalAlignment: Text.AlignHCenter
                                text: screen.vm.say(card.modelData.key, screen.vm.language)
                            }
                        }
                    }
                }
                RowLayout {
                    Layout.fillWidth: true
                    spacing: Theme.gap

                    Rectangle {
                        Layout.preferredWidth: Theme.mm(9)
                        Layout.preferredHeight: Theme.mm(9)
                        radius: Theme.mm(1.5)
                        color: "transparent"
                        border.width: Theme.mm(1.6)
                        border.color: Theme.mark
                    }
                    Words {
                        text: screen.vm.say("kiosk.present.where", screen.vm.language)
                        color: Theme.mark
                        font.weight: Font.DemiBold
                        wrapMode: Text.NoWrap
                    }
                    Item { Layout.fillWidth: true }
                    Words {
                        text: screen.vm.say("kiosk.present.below", screen.vm.language)
                        color: Theme.accent
                        font.weight: Font.DemiBold
                        wrapMode: Text.NoWrap
                    }
                    Rectangle {
                        Layout.preferredWidth: Theme.mm(16)
                        Layout.preferredHeight: Theme.mm(16)
                        radius: width / 2
                        color: Theme.accent

                        Icon {
                            anchors.horizontalCenter: parent.horizontalCenter
                            y: (parent.height - height) / 2
                            glyph: "arrow_down"
                            tint: Theme.inkOnAccent
                            size: Theme.mm(10)

                            SequentialAnimation on y {
                                running: Theme.animations && screen.visible
                                loops: Animation.Infinite
                                NumberAnimation { from: Theme.mm(1.5); to: Theme.mm(4.5); duration: 500; easing.type: Easing.InOutQuad }
                                NumberAnimation { from: Theme.mm(4.5); to: Theme.mm(1.5); duration: 500; easing.type: Easing.InOutQuad }
                            }
                        }
                    }
                }
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.portrait ? Theme.space : Theme.gap

            ChoiceCard {
                objectName: "typeNumber"
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.preferredHeight: Theme.portrait ? Theme.mm(44) : Theme.mm(35)
                glyph: "keypad"
                text: screen.vm.say("kiosk.present.type_number", screen.vm.language)
                hint: screen.vm.say("kiosk.present.type_number_hint", screen.vm.language)
                onClicked: screen.vm.typeNumber()
            }
            ChoiceCard {
                objectName: "noDocument"
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.preferredHeight: Theme.portrait ? Theme.mm(44) : Theme.mm(35)
                glyph: "no_card"
                text: screen.vm.say("kiosk.present.no_document", screen.vm.language)
                hint: screen.vm.say("kiosk.present.no_document_hint", screen.vm.language)
                onClicked: screen.vm.haveNoDocument()
            }
        }
    }
}
