import QtQuick
import ui.components
import ui.theme

// The board: who is called where, who was called before, who waits. Landscape: call and list side by side, queues
// below; portrait: one below the other.
Rectangle {
    id: board

    required property var vm

    readonly property real u: vm.sizes.unit
    readonly property bool portrait: vm.sizes.portrait
    readonly property real gap: 28 * u
    readonly property real side: 40 * u

    color: Theme.page

    BoardHeader {
        id: header
        width: parent.width
        height: board.portrait ? 150 * board.u : 120 * board.u
        u: board.u
        portrait: board.portrait
        hospital: board.vm.hospital
        clock: board.vm.clock
    }
    LostBanner {
        id: banner
        anchors.top: header.bottom
        width: parent.width
        height: shown ? (board.portrait ? 170 : 112) * board.u : 0
        u: board.u
        shown: board.vm.link.lost
        text: board.vm.link.text
    }
    Item {
        id: content
        anchors.top: banner.bottom
        anchors.bottom: parent.bottom
        width: parent.width
        visible: board.vm.link.begun

        readonly property real queuesHeight: (board.portrait ? 500 : 300) * board.u
        readonly property real room: height - queuesHeight - 2 * board.gap

        NowCalled {
            id: nowCalled
            objectName: "nowCalled"
            x: board.side
            y: board.gap
            width: board.portrait ? parent.width - 2 * board.side : 0.575 * (parent.width - 2 * board.side)
            height: board.portrait ? 0.53 * (content.room - board.gap) : content.room - board.gap
            u: board.u
            call: board.vm.now_called
            words: board.vm.words
            calledPx: board.vm.sizes.called
            listPx: board.vm.sizes.list

            Connections {
                target: board.vm
                function onAnnounced() { nowCalled.drawAttention(); }
            }
        }
        CallList {
            objectName: "callList"
            x: board.portrait ? board.side : nowCalled.x + nowCalled.width + board.gap
            y: board.portrait ? nowCalled.y + nowCalled.height + board.gap : board.gap
            width: parent.width - board.side - x
            height: board.portrait ? content.room - 2 * board.gap - nowCalled.height : nowCalled.height
            u: board.u
            calls: board.vm.calls
            words: board.vm.words
            listPx: board.vm.sizes.list
        }
        QueueGrid {
            objectName: "queueGrid"
            x: board.side
            anchors.bottom: parent.bottom
            anchors.bottomMargin: board.gap
            width: parent.width - 2 * board.side
            height: content.queuesHeight
            u: board.u
            columns: board.portrait ? 2 : 3
            queues: board.vm.queues
            words: board.vm.words
        }
    }
    TwoTongues {
        anchors.centerIn: parent
        width: 0.8 * parent.width
        visible: !board.vm.link.begun
        text: board.vm.words.connecting
        firstPx: 60 * board.u
        secondPx: 36 * board.u
        horizontalAlignment: Text.AlignHCenter
    }
}
