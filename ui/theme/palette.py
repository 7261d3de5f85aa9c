"""The product's colours for Widgets: the same as in `Theme.qml`, under the same names (a test compares them)."""

from __future__ import annotations

PAGE, SURFACE, LINE, EDGE = "#F2F6F7", "#FFFFFF", "#CFDDE0", "#78939B"
INK, INK_SOFT, INK_FAINT = "#0F272E", "#42606A", "#5B757E"
ACCENT, ACCENT_PRESSED, ACCENT_SOFT, ACCENT_MID = "#005F69", "#00454D", "#DCEEEF", "#A9D0D3"
INK_ON_ACCENT_SOFT = "#D6ECEE"
GOOD, GOOD_SOFT = "#1A6B3C", "#E2F3E8"
NOTICE, NOTICE_SOFT = "#7A4100", "#FFF1DB"
URGENT, URGENT_SOFT = "#B3261E", "#FCEBE9"
MARK, BEACON = "#C2410C", "#FFD257"
