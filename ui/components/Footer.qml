import QtQuick
import QtQuick.Layouts
import ui.theme

// What is on every screen at the same place: back, cancel, the other language, help. At the bottom, where everybody
// can reach it; in portrait help and language are the lowest row.
Rectangle {
    id: footer

    property bool hasBack: false
    property bool hasCancel: false
    property string backText
    property string cancelText
    property string languageText
    property string helpText
    signal back()
    signal cancel()
    signal language()
    signal help()

    color: Theme.surface
    readonly property bool hasWays: hasBack || hasCancel
    implicitHeight: Theme.portrait ? Theme.button + 2 * Theme.space + (hasWays ? Theme.button + Theme.gap : 0)
                                   : Theme.button + 2 * Theme.gap

    Rectangle {
        width: parent.width
        height: Theme.hairline
        color: Theme.line
    }
    Item {
        id: ways

        // Each has its own place, also when the other is not there.
        readonly property real half: (width - Theme.gap) / 2

        x: Theme.margin
        y: Theme.portrait ? Theme.space : Theme.gap
        width: Theme.portrait ? parent.width - 2 * Theme.margin : Theme.mm(130)
        height: Theme.button

        BigButton {
            objectName: "back"
            visible: footer.hasBack
            width: ways.half
            height: parent.height
            text: footer.backText
            glyph: "arrow_left"
            onClicked: footer.back()
        }
        BigButton {
            objectName: "cancel"
            visible: footer.hasCancel
            x: ways.half + Theme.gap
            width: ways.half
            height: parent.height
            text: footer.cancelText
            glyph: "close"
            onClicked: footer.cancel()
        }
    }
    RowLayout {
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.portrait ? Theme.space : Theme.gap
        width: Theme.portrait ? parent.width - 2 * Theme.margin : Theme.mm(232)
        height: Theme.button
        spacing: Theme.gap

        BigButton {
            objectName: "language"
            Layout.preferredWidth: Theme.mm(74)
            Layout.fillHeight: true
            text: footer.languageText
            glyph: "globe"
            onClicked: footer.language()
        }
        BigButton {
            objectName: "help"
            kind: "urgent"
            Layout.fillWidth: true
            Layout.fillHeight: true
            text: footer.helpText
            glyph: "help"
            glyphSize: Theme.mm(11)
            onClicked: footer.help()
        }
    }
}
