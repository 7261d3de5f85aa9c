import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    readonly property bool laid: vm.general.cardLaid
    readonly property bool opens: vm.chip.state === "key"
    readonly property bool awaits: vm.chip.state === "card"
    readonly property bool live: camera !== null && camera.live
    readonly property bool onlyCamera: camera !== null && camera.onlyReader
    readonly property string guidance: live ? vm.say("kiosk.camera." + camera.guidance, vm.language) : ""

    function asked(): string {
        if (awaits)
            return "kiosk.read_chip.card_title";
        return laid ? "kiosk.present.card_laid_title" : "kiosk.present.title";
    }

    function saidOfCode(): string {
        if (awaits)
            return "kiosk.read_chip.card_subtitle";
        if (onlyCamera)
            return laid ? "kiosk.camera.card_laid" : "kiosk.camera.subtitle";
        if (live)
            return laid ? "kiosk.camera.card_laid_two" : "kiosk.camera.subtitle_two";
        return laid ? "kiosk.present.card_laid" : "kiosk.present.subtitle";
    }

    title: vm.say(asked(), vm.language)
    subtitle: vm.say(saidOfCode(), vm.language)
    notice: vm.general.notice === "" && camera !== null && camera.away
        ? vm.say("kiosk.camera.away", vm.language) : vm.general.notice

    aside: GuidanceLine {
        width: parent.width
        visible: screen.live && !screen.awaits && parent.height >= implicitHeight
        text: screen.guidance
        calling: screen.live && screen.camera.guidance !== "none"
        lines: 3
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        Loader {
            active: screen.live && !screen.awaits
            visible: active
            Layout.fillWidth: true
            Layout.fillHeight: true
            sourceComponent: LivePanel {
                vm: screen.vm
                camera: screen.camera
                guidance: screen.guidance
                lines: screen.opens
            }
        }
        Loader {
            active: screen.awaits
            visible: active
            Layout.fillWidth: true
            Layout.fillHeight: true
            sourceComponent: Panel {
                Picture {
                    anchors.centerIn: parent
                    width: Math.min(parent.width, Theme.mm(190), (parent.height - 2 * Theme.space) * 428 / 300)
                    height: width * 300 / 428
                    name: "card_to_reader"
                }
            }
        }
        Panel {
            visible: !screen.live && !screen.awaits
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
                        visible: !screen.onlyCamera
                        text: screen.vm.say("kiosk.present.below", screen.vm.language)
                        color: Theme.accent
                        font.weight: Font.DemiBold
                        wrapMode: Text.NoWrap
                    }
                    Rectangle {
                        visible: !screen.onlyCamera
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
                                running: Theme.animations && screen.visible && !screen.live
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
            visible: screen.opens
            Layout.fillWidth: true
            spacing: Theme.portrait ? Theme.space : Theme.gap

            ChoiceCard {
                objectName: "typeCan"
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.mm(Theme.portrait ? 38 : 35)
                glyph: "keypad"
                text: screen.vm.say("kiosk.present.type_can", screen.vm.language)
                hint: screen.vm.say("kiosk.present.type_can_hint", screen.vm.language)
                onClicked: screen.vm.typeCan()
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.gap

                BigButton {
                    objectName: "typeNumber"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.preferredHeight: Theme.mm(28)
                    text: screen.vm.say("kiosk.present.type_number_short", screen.vm.language)
                    onClicked: screen.vm.typeNumber()
                }
                BigButton {
                    objectName: "noDocument"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.preferredHeight: Theme.mm(28)
                    text: screen.vm.say("kiosk.present.no_document", screen.vm.language)
                    onClicked: screen.vm.haveNoDocument()
                }
            }
        }
        ColumnLayout {
            visible: !screen.opens
            Layout.fillWidth: true
            spacing: Theme.portrait ? Theme.space : Theme.gap

            ChoiceCard {
                objectName: "typeNumber"
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.preferredHeight: Theme.mm(!Theme.portrait ? 35 : screen.live ? 33 : 44)
                glyph: "keypad"
                text: screen.vm.say("kiosk.present.type_number", screen.vm.language)
                hint: screen.vm.say("kiosk.present.type_number_hint", screen.vm.language)
                onClicked: screen.vm.typeNumber()
            }
            ChoiceCard {
                objectName: "noDocument"
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.preferredHeight: Theme.mm(!Theme.portrait ? 35 : screen.live ? 33 : 44)
                glyph: "no_card"
                text: screen.vm.say("kiosk.present.no_document", screen.vm.language)
                hint: screen.vm.say("kiosk.present.no_document_hint", screen.vm.language)
                onClicked: screen.vm.haveNoDocument()
            }
        }
    }
}
