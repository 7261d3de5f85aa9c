import QtQuick
import QtQuick.Layouts
import ui.components
import ui.portrait
import ui.theme

KioskFrame {
    id: screen

    readonly property bool hasPhoto: vm.photo.shown
    readonly property bool photoInside: hasPhoto && Theme.portrait // beside the name; in landscape under the question

    title: vm.say("kiosk.confirm.title", vm.language)
    subtitle: vm.say("kiosk.confirm.subtitle", vm.language)

    asideUpright: true
    aside: Column {
        id: ofChip

        width: parent.width
        height: parent.height
        spacing: Theme.space

        ChipLine {
            width: parent.width
            visible: known && ofChip.height >= implicitHeight
            vm: screen.vm
        }
        Loader {
            readonly property real room: parent.height - y

            active: screen.hasPhoto && !Theme.portrait
            height: Math.min(room, Theme.mm(76))
            width: height * 3 / 4
            sourceComponent: photo
        }
    }

    Component {
        id: photo

        PortraitSurface {
            objectName: "photo"
            source: screen.vm.photo
            radius: Theme.mm(3)
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
                anchors.margins: screen.photoInside ? Theme.inset : Theme.margin * 0.8
                spacing: Theme.gap

                RowLayout {
                    Layout.fillWidth: true
                    spacing: Theme.inset

                    Loader {
                        active: screen.photoInside
                        visible: active
                        Layout.alignment: Qt.AlignTop
                        Layout.preferredWidth: Theme.mm(60)
                        Layout.preferredHeight: Theme.mm(80)
                        sourceComponent: photo
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        Layout.alignment: Qt.AlignTop
                        spacing: Theme.gap

                        Words {
                            objectName: "person"
                            Layout.fillWidth: true
                            readonly property bool known: screen.vm.person.name !== ""
                            readonly property bool roomy: known && text.length < (screen.photoInside ? 15 : Theme.portrait ? 20 : 27)
                            text: known ? screen.vm.person.name : screen.vm.say("kiosk.confirm.no_name", screen.vm.language)
                            color: known ? Theme.ink : Theme.inkSoft
                            font.pixelSize: roomy ? Theme.hero : Theme.heading
                            font.weight: Font.Bold
                        }
                        Rectangle {
                            Layout.fillWidth: true
                            Layout.preferredHeight: Theme.hairline
                            color: Theme.line
                        }
                        Repeater {
                            model: [
                                { "key": "kiosk.confirm.birth_year", "value": screen.vm.person.birthYear },
                                { "key": "kiosk.confirm.number", "value": screen.vm.person.number }
                            ]

                            RowLayout {
                                id: row
                                required property var modelData

                                Layout.fillWidth: true

                                Words {
                                    Layout.preferredWidth: Theme.mm(screen.photoInside ? 64 : 88)
                                    text: screen.vm.say(row.modelData.key, screen.vm.language)
                                    color: Theme.inkSoft
                                }
                                Words {
                                    Layout.fillWidth: true
                                    text: row.modelData.value !== "" ? row.modelData.value
                                        : screen.vm.say("kiosk.confirm.unknown", screen.vm.language)
                                    font.pixelSize: Theme.strong
                                    font.weight: Font.DemiBold
                                }
                            }
                        }
                    }
                }
                Item { Layout.fillHeight: true }
                Rectangle {
                    readonly property string state_: screen.vm.insurance.state
                    visible: state_ !== "none"
                    Layout.fillWidth: true
                    implicitHeight: look.implicitHeight + 2 * Theme.space
                    radius: Theme.radius
                    color: state_ === "good" ? Theme.goodSoft : state_ === "counter" ? Theme.noticeSoft : Theme.accentSoft

                    RowLayout {
                        id: look
                        anchors.left: parent.left
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        anchors.margins: Theme.space
                        spacing: Theme.space

                        readonly property color tint: parent.state_ === "good" ? Theme.good
                            : parent.state_ === "counter" ? Theme.notice : Theme.accent

                        Icon {
                            glyph: screen.vm.insurance.state === "counter" ? "info" : "shield"
                            tint: look.tint
                            size: Theme.mm(15)
                        }
                        ColumnLayout {
                            Layout.fillWidth: true
                            spacing: 0

                            Words {
                                Layout.fillWidth: true
                                text: screen.vm.say("kiosk.confirm.insurance", screen.vm.language)
                                color: look.tint
                                font.weight: Font.DemiBold
                            }
                            Words {
                                objectName: "insuranceText"
                                Layout.fillWidth: true
                                text: screen.vm.insurance.text
                                color: Theme.ink
                            }
                        }
                        Busy {
                            visible: screen.vm.insurance.state === "asking"
                            Layout.alignment: Qt.AlignVCenter
                        }
                    }
                }
            }
        }
        GridLayout {
            Layout.fillWidth: true
            columns: Theme.portrait ? 1 : 2
            columnSpacing: Theme.gap
            rowSpacing: Theme.gap
            layoutDirection: Theme.portrait ? Qt.LeftToRight : Qt.RightToLeft

            BigButton {
                objectName: "confirm"
                kind: "primary"
                Layout.fillWidth: true
                Layout.preferredWidth: 3
                Layout.preferredHeight: Theme.mm(42)
                glyph: "check"
                glyphSize: Theme.mm(13)
                font.pixelSize: Theme.heading
                font.weight: Font.Bold
                text: screen.vm.say("kiosk.confirm.yes", screen.vm.language)
                onClicked: screen.vm.confirm()
            }
            BigButton {
                objectName: "deny"
                Layout.fillWidth: true
                Layout.preferredWidth: 2
                Layout.preferredHeight: Theme.portrait ? Theme.mm(30) : Theme.mm(42)
                font.pixelSize: Theme.strong
                text: screen.vm.say("kiosk.confirm.no", screen.vm.language)
                onClicked: screen.vm.deny()
            }
        }
    }
}
