import QtQuick
import ui.components
import ui.theme

// The number that is called now, as large as its place allows and never smaller than `calledPx`, and where to go.
Rectangle {
    id: panel

    property real u: 1
    property var call
    property var words
    property real calledPx: 100
    property real listPx: 60

    readonly property real inset: 40 * u
    readonly property bool roomForService: goTo.y - title.height - service.height > 0.76 * calledPx

    // Three slow swells in three seconds: seen from the corner of an eye, far below three flashes a second.
    function drawAttention() {
        if (Theme.animations)
            swell.restart();
    }

    radius: 36 * u
    color: Theme.accentPressed
    Accessible.role: Accessible.AlertMessage
    Accessible.name: call.shown ? call.label + " " + call.counter.first : words.no_call.first

    SequentialAnimation {
        id: swell
        loops: 3
        ColorAnimation { target: panel; property: "color"; to: Theme.accentLit; duration: 450; easing.type: Easing.InOutQuad }
        ColorAnimation { target: panel; property: "color"; to: Theme.accentPressed; duration: 550; easing.type: Easing.InOutQuad }
    }
    Item {
        anchors.fill: parent
        anchors.margins: panel.inset
        visible: panel.call.shown

        TwoTongues {
            id: title
            width: parent.width * 0.6
            text: panel.words.now_calling
            firstPx: 48 * panel.u
            secondPx: 30 * panel.u
            firstTint: Theme.inkOnAccent
            secondTint: Theme.inkOnAccentSoft
        }
        Rectangle {
            anchors.right: parent.right
            width: again.width + 40 * panel.u
            height: 62 * panel.u
            radius: height / 2
            visible: panel.call.again.first !== ""
            color: Theme.beacon

            Words {
                id: again
                objectName: "again"
                anchors.centerIn: parent
                text: panel.call.again.first
                color: Theme.accentPressed
                wrapMode: Text.NoWrap
                font.pixelSize: Math.max(1, 36 * panel.u)
                font.weight: Font.Bold
            }
        }
        Text {
            id: number
            objectName: "calledNumber"
            anchors.top: title.bottom
            anchors.topMargin: -12 * panel.u
            anchors.bottom: service.visible ? service.top : goTo.top
            width: parent.width
            text: panel.call.label
            color: Theme.inkOnAccent
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            textFormat: Text.PlainText
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Math.max(1, 0.5 * panel.calledPx)
            font.family: Theme.family
            font.weight: Font.ExtraBold
            font.pixelSize: Math.max(1, panel.calledPx, Math.floor(1.12 * height))
        }
        TwoTongues {
            id: service
            anchors.bottom: goTo.top
            anchors.bottomMargin: 6 * panel.u
            width: parent.width
            visible: panel.roomForService
            text: panel.call.service
            firstPx: 40 * panel.u
            secondPx: 27 * panel.u
            firstTint: Theme.inkOnAccent
            secondTint: Theme.inkOnAccentSoft
            firstWeight: Font.DemiBold
            horizontalAlignment: Text.AlignHCenter
        }
        Row {
            id: goTo
            anchors.bottom: parent.bottom
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: 30 * panel.u

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                glyph: "arrow_right"
                tint: Theme.beacon
                size: counter.implicitHeight * 0.72
            }
            Words {
                id: counter
                objectName: "calledCounter"
                width: Math.min(implicitWidth, 0.6 * (panel.width - 2 * panel.inset))
                text: panel.call.counter.first
                color: Theme.beacon
                wrapMode: Text.NoWrap
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Math.max(1, 40 * panel.u)
                font.pixelSize: Math.max(1, panel.listPx, 88 * panel.u)
                font.weight: Font.Bold
                lineHeight: 0.9
            }
            Words {
                anchors.baseline: counter.baseline
                text: panel.call.counter.second
                visible: text !== ""
                color: Theme.inkOnAccentSoft
                wrapMode: Text.NoWrap
                font.pixelSize: Math.max(1, 34 * panel.u)
                font.weight: Font.Medium
            }
        }
    }
    Column {
        anchors.centerIn: parent
        width: parent.width - 3 * panel.inset
        spacing: 40 * panel.u
        visible: !panel.call.shown

        TwoTongues {
            width: parent.width
            text: panel.words.no_call
            firstPx: Math.min(panel.listPx * 1.05, 96 * panel.u)
            secondPx: 46 * panel.u
            firstTint: Theme.inkOnAccent
            secondTint: Theme.inkOnAccentSoft
            horizontalAlignment: Text.AlignHCenter
        }
        TwoTongues {
            width: parent.width
            text: panel.words.no_call_hint
            firstPx: 40 * panel.u
            secondPx: 28 * panel.u
            firstTint: Theme.inkOnAccentSoft
            secondTint: Theme.inkOnAccentSoft
            firstWeight: Font.Medium
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
