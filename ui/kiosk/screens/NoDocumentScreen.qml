import QtQuick
import QtQuick.Layouts
import ui.components
import ui.theme

KioskFrame {
    id: screen

    title: vm.say("kiosk.no_document.title", vm.language)
    subtitle: vm.say("kiosk.no_document.subtitle", vm.language)

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        Repeater {
            model: [
                { "claim": "no_card", "key": "no_card", "glyph": "no_card" },
                { "claim": "child_under_six", "key": "child", "glyph": "child" },
                { "claim": "without_insurance", "key": "without_insurance", "glyph": "wallet" }
            ]

            ChoiceCard {
                required property var modelData

                objectName: "claim_" + modelData.claim
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredHeight: Theme.mm(60)
                Layout.maximumHeight: Theme.mm(76)
                glyph: modelData.glyph
                text: screen.vm.say("kiosk.no_document." + modelData.key, screen.vm.language)
                hint: screen.vm.say("kiosk.no_document." + modelData.key + "_hint", screen.vm.language)
                onClicked: screen.vm.makeClaim(modelData.claim)
            }
        }
        Item { Layout.fillHeight: true; Layout.preferredHeight: 0 }
    }
}
