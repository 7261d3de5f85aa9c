import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

// What will be asked, in three pictures: side by side in portrait, one below the other in landscape.
GridLayout {
    id: steps

    required property var vm

    columns: Theme.portrait ? 3 : 1
    columnSpacing: Theme.gap
    rowSpacing: Theme.space

    Repeater {
        model: [
            { "glyph": "card", "key": "kiosk.welcome.step_card" },
            { "glyph": "stethoscope", "key": "kiosk.welcome.step_service" },
            { "glyph": "ticket", "key": "kiosk.welcome.step_number" }
        ]

        GridLayout {
            id: way
            required property int index
            required property var modelData

            Layout.fillWidth: true
            Layout.preferredWidth: 1
            Layout.alignment: Qt.AlignTop
            columns: Theme.portrait ? 1 : 2
            columnSpacing: Theme.space
            rowSpacing: Theme.gap

            Rectangle {
                Layout.alignment: Qt.AlignCenter
                Layout.preferredWidth: Theme.portrait ? Theme.mm(32) : Theme.mm(27)
                Layout.preferredHeight: Layout.preferredWidth
                radius: width / 2
                color: Theme.portrait ? Theme.accentSoft : Theme.surface

                Icon {
                    anchors.centerIn: parent
                    glyph: way.modelData.glyph
                    tint: Theme.accent
                    size: parent.width * 0.6
                }
            }
            Words {
                Layout.fillWidth: true
                horizontalAlignment: Theme.portrait ? Text.AlignHCenter : Text.AlignLeft
                text: (way.index + 1) + ". " + steps.vm.say(way.modelData.key, steps.vm.language)
                font.pixelSize: Theme.portrait ? Theme.body : Theme.strong
                font.weight: Font.DemiBold
            }
        }
    }
}
