pragma Singleton
import QtQuick

// Every size and colour of the faces. Sizes are millimetres on the panel times `pxPerMm`, which `ui.theme.metrics`
// computes from the configured screen; whoever builds the window sets the first four properties.
QtObject {
    property real pxPerMm: 4.034
    property bool portrait: true
    property real windowHeight: 1920
    property bool animations: true

    readonly property string family: "Be Vietnam Pro"

    function mm(value: real): real { return Math.round(value * pxPerMm); }

    // Colours: contrast of each text colour on each ground it stands on is tested (WCAG 1.4.3, 1.4.11).
    readonly property color page: "#F2F6F7"
    readonly property color surface: "#FFFFFF"
    readonly property color ink: "#0F272E"
    readonly property color inkSoft: "#42606A"
    readonly property color inkFaint: "#5B757E"
    readonly property color line: "#CFDDE0"
    readonly property color off: "#E1EAEC"
    readonly property color edge: "#78939B"
    readonly property color accent: "#005F69"
    readonly property color accentPressed: "#00454D"
    readonly property color accentSoft: "#DCEEEF"
    readonly property color accentMid: "#A9D0D3"
    readonly property color accentLit: "#0A7480"
    readonly property color inkOnAccent: "#FFFFFF"
    readonly property color inkOnAccentSoft: "#D6ECEE"
    readonly property color good: "#1A6B3C"
    readonly property color goodSoft: "#E2F3E8"
    readonly property color notice: "#7A4100"
    readonly property color noticeSoft: "#FFF1DB"
    readonly property color urgent: "#B3261E"
    readonly property color urgentSoft: "#FCEBE9"
    readonly property color mark: "#C2410C"
    readonly property color beacon: "#FFD257"
    readonly property color scrim: "#B80F272E"

    // Type. `body` is the smallest text there is: capitals of 7.3 mm, 0.7 degrees at 60 cm (EN 301 549, 5.1.4).
    readonly property int body: Math.ceil(7.3 / 0.74 * pxPerMm)
    readonly property int strong: mm(11.5)
    readonly property int heading: mm(14.5)
    readonly property int hero: mm(19.5)
    readonly property int called: mm(58)

    // Room. `touch` is the least side of anything that can be touched.
    readonly property int touch: Math.ceil(20 * pxPerMm)
    readonly property int button: mm(25)
    readonly property int gap: mm(4)
    readonly property int space: mm(6)
    readonly property int margin: mm(14)
    readonly property int inset: mm(7)
    readonly property int radius: mm(5)
    readonly property int headerHeight: portrait ? mm(33) : mm(27)
    readonly property int hairline: Math.max(1, mm(0.5))
    readonly property int stroke: Math.max(2, mm(0.8))

    readonly property int quick: animations ? 160 : 0
}
