import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

// Up to six services at a time in big cards, with pages when there are more.
ColumnLayout {
    id: grid

    required property var vm

    spacing: Theme.space

    Item {
        id: room
        Layout.fillWidth: true
        Layout.fillHeight: true

        Grid {
            readonly property real cardWidth: (room.width - columnSpacing) / 2
            readonly property real cardHeight: Math.min(Theme.mm(74), (room.height - 2 * rowSpacing) / 3)

            id: cards
            columns: 2
            columnSpacing: Theme.space
            rowSpacing: Theme.space

            Repeater {
                model: grid.vm.services

                ServiceCard {
                    required property var modelData

                    objectName: "service_" + modelData.id
                    width: cards.cardWidth
                    height: cards.cardHeight
                    letter: modelData.prefix
                    text: modelData.name
                    status: modelData.status
                    enabled: modelData.open
                    onClicked: grid.vm.chooseService(modelData.id)
                }
            }
        }
    }
    RowLayout {
        visible: grid.vm.paging.pages > 1
        Layout.fillWidth: true
        spacing: Theme.gap

        BigButton {
            objectName: "previousPage"
            Layout.preferredWidth: Theme.mm(30)
            Layout.preferredHeight: Theme.button
            enabled: grid.vm.paging.page > 1
            glyph: "arrow_left"
            Accessible.name: grid.vm.say("kiosk.choose_service.previous", grid.vm.language)
            onClicked: grid.vm.turnPage(-1)
        }
        Words {
            objectName: "page"
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            color: Theme.inkSoft
            text: grid.vm.sayWith("kiosk.choose_service.page", grid.vm.language, grid.vm.paging)
        }
        BigButton {
            objectName: "nextPage"
            Layout.preferredWidth: Theme.mm(82)
            Layout.preferredHeight: Theme.button
            enabled: grid.vm.paging.page < grid.vm.paging.pages
            glyph: "arrow_right"
            glyphLast: true
            text: grid.vm.say("kiosk.choose_service.more", grid.vm.language)
            onClicked: grid.vm.turnPage(1)
        }
    }
}
