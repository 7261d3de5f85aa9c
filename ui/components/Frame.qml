import QtQuick
import ui.theme

// The plan of every screen: what is asked (`title`, `subtitle`, a notice in its place) and, apart from it, what can be
// done. Portrait: question in the upper third, everything operable below it, within reach of a wheelchair.
// Landscape: question at the left, answers at the right.
Item {
    id: frame

    property string title
    property string subtitle
    property string notice
    property int stage: 0
    property int stages: 3
    property string stageText
    property real leftShare: 0.35
    property alias aside: asideRoom.data
    property bool asideUpright: false // also between question and answers in portrait, where there is less room
    default property alias body: bodyRoom.data

    readonly property real bodyTop: Theme.portrait ? Math.ceil(Theme.windowHeight / 3) - Theme.headerHeight : Theme.space

    Column {
        id: intro
        x: Theme.margin
        y: Theme.portrait ? Theme.space : Theme.margin * 0.7
        width: Theme.portrait ? frame.width - 2 * Theme.margin : frame.width * frame.leftShare - Theme.margin
        spacing: Theme.gap

        StepIndicator {
            current: frame.stage
            total: frame.stages
            text: frame.stageText
        }
        Words {
            objectName: "title"
            width: parent.width
            visible: text !== ""
            text: frame.title
            font.pixelSize: Theme.heading
            font.weight: Font.Bold
            lineHeight: 1.02
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Words {
            objectName: "subtitle"
            width: parent.width
            visible: text !== "" && frame.notice === ""
            text: frame.subtitle
            color: Theme.inkSoft
            font.pixelSize: Theme.strong
        }
        NoticeBanner {
            objectName: "notice"
            width: parent.width
            text: frame.notice
        }
    }
    Item {
        id: asideRoom
        visible: !Theme.portrait || frame.asideUpright
        x: intro.x
        y: intro.y + intro.height + Theme.space
        width: intro.width
        height: (Theme.portrait ? frame.bodyTop : frame.height) - y - Theme.space
    }
    Item {
        id: bodyRoom
        objectName: "body"
        x: Theme.portrait ? Theme.margin : frame.width * frame.leftShare + Theme.margin * 0.75
        y: frame.bodyTop
        width: frame.width - x - Theme.margin
        height: frame.height - y - Theme.space
    }
}
