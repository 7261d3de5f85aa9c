"""The console's look in one place: colours of the product's theme, sizes for a desk, a visible focus."""

from __future__ import annotations

from ui.fonts import FAMILY
from ui.theme.palette import (
    ACCENT,
    ACCENT_PRESSED,
    ACCENT_SOFT,
    EDGE,
    GOOD,
    GOOD_SOFT,
    INK,
    INK_FAINT,
    INK_ON_ACCENT_SOFT,
    INK_SOFT,
    LINE,
    MARK,
    NOTICE,
    NOTICE_SOFT,
    PAGE,
    SURFACE,
    URGENT,
    URGENT_SOFT,
)

URGENT_DARK = "#8C1D18"

ROW_HEIGHT_PX = 40

SHEET = f"""
* {{ font-family: "{FAMILY}"; font-size: 15px; color: {INK}; }}
QMainWindow, QDialog {{ background: {PAGE}; }}

#topBar {{ background: {ACCENT_PRESSED}; }}
#topBar QLabel {{ color: white; }}
#counterName {{ font-size: 24px; font-weight: 700; }}
#hospitalName {{ font-size: 15px; }}
#clock {{ font-size: 22px; font-weight: 600; }}
#link[lost="true"] {{ background: {URGENT}; font-weight: 700; border-radius: 6px; padding: 6px 12px; }}
#link[lost="false"] {{ padding: 6px 4px; }}
#topBar QPushButton {{ background: transparent; color: white; border: 1px solid #6FA3A8; }}
#topBar QPushButton QLabel {{ color: white; }}
#topBar QPushButton:hover {{ background: {ACCENT}; }}

#alerts {{ background: {URGENT}; }}
#alerts QLabel {{ color: white; font-size: 17px; font-weight: 600; }}
#alerts QPushButton {{ background: white; border: 2px solid white; }}
#alerts QPushButton QLabel {{ color: {URGENT_DARK}; font-size: 15px; font-weight: 700; }}

#notice {{ border-radius: 8px; padding: 8px 14px; font-size: 16px; font-weight: 600; }}
#notice[kind="none"] {{ background: transparent; }}
#notice[kind="good"] {{ background: {GOOD_SOFT}; color: {GOOD}; }}
#notice[kind="bad"] {{ background: {URGENT_SOFT}; color: {URGENT_DARK}; border: 1px solid {URGENT}; }}

#card {{ background: {SURFACE}; border: 1px solid {LINE}; border-radius: 12px; }}
#heading {{ font-size: 18px; font-weight: 700; }}
#soft {{ color: {INK_SOFT}; }}
#details, QScrollArea {{ background: {SURFACE}; }}
#number {{ color: {ACCENT_PRESSED}; font-weight: 800; }}
#who {{ font-size: 20px; font-weight: 700; }}
#chip {{ border-radius: 6px; padding: 4px 10px; font-weight: 700; }}
#chip[kind="normal"] {{ background: {PAGE}; color: {INK_SOFT}; }}
#chip[kind="priority"] {{ background: {NOTICE_SOFT}; color: {NOTICE}; }}
#chip[kind="emergency"] {{ background: {URGENT}; color: white; }}
#checks, #workAdvice, #meaning {{
    background: {NOTICE_SOFT}; border-radius: 8px; padding: 10px 12px; color: {NOTICE}; font-weight: 600;
}}
#checks[kind="none"] {{ background: {GOOD_SOFT}; color: {GOOD}; }}
#workHeading {{ font-size: 18px; font-weight: 700; }}
#compared {{ font-size: 17px; font-weight: 600; padding: 2px 6px; border-radius: 4px; }}
#compared[differs="true"] {{ background: {NOTICE_SOFT}; color: {NOTICE}; }}
#error {{ color: {URGENT_DARK}; font-weight: 600; }}

QPushButton {{
    background: {SURFACE}; border: 1px solid {EDGE}; border-radius: 8px; padding: 6px 12px; min-height: 28px;
}}
QPushButton:hover {{ background: {ACCENT_SOFT}; }}
QPushButton:pressed {{ background: {LINE}; }}
QPushButton:focus {{ border: 3px solid {MARK}; padding: 4px 10px; }}
QPushButton:disabled {{ background: {PAGE}; border-color: {LINE}; color: #8CA1A8; }}
QPushButton QLabel:disabled {{ color: #8CA1A8; }}
QPushButton[primary="true"] {{ background: {ACCENT}; border-color: {ACCENT}; color: white; font-weight: 700; }}
QPushButton[primary="true"] QLabel {{ color: white; font-weight: 700; font-size: 18px; }}
QPushButton[primary="true"]:hover {{ background: {ACCENT_PRESSED}; }}
QPushButton[primary="true"]:disabled {{ background: {LINE}; border-color: {LINE}; color: {INK_FAINT}; }}
QPushButton[primary="true"] QLabel:disabled {{ color: {INK_FAINT}; }}
QPushButton[danger="true"] QLabel {{ color: {URGENT_DARK}; }}
QPushButton[danger="true"] QLabel:disabled {{ color: #8CA1A8; }}
#keycap {{ color: {INK_SOFT}; font-size: 13px; font-weight: 600; }}
QPushButton[primary="true"] #keycap {{ color: {INK_ON_ACCENT_SOFT}; font-size: 14px; }}
QPushButton[primary="true"] #keycap:disabled {{ color: {INK_FAINT}; }}

QTableView {{
    background: {SURFACE}; alternate-background-color: #F8FAFB; border: 1px solid {LINE};
    gridline-color: {LINE}; selection-background-color: {ACCENT_SOFT}; selection-color: {INK}; outline: 0;
}}
QTableView:focus {{ border: 2px solid {MARK}; }}
QHeaderView::section {{
    background: {PAGE}; color: {INK_SOFT}; border: none; border-bottom: 1px solid {LINE}; padding: 8px 6px;
    font-weight: 600; font-size: 14px;
}}
QTableView QTableCornerButton::section {{ background: {PAGE}; border: none; }}

QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: #A9BDC3; border-radius: 4px; min-height: 40px; }}
QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical {{ height: 0; }}
QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical {{ background: transparent; }}

QLineEdit, QListWidget {{
    background: {SURFACE}; border: 1px solid {EDGE}; border-radius: 8px; padding: 8px 10px; font-size: 17px;
    selection-background-color: {ACCENT};
}}
QLineEdit:focus, QListWidget:focus {{ border: 2px solid {MARK}; padding: 7px 9px; }}
QListWidget::item {{ min-height: 36px; padding: 2px 6px; border-radius: 6px; }}
QListWidget::item:selected {{ background: {ACCENT}; color: white; }}
QRadioButton {{ spacing: 10px; min-height: 36px; font-size: 17px; }}
QRadioButton:focus {{ background: {ACCENT_SOFT}; border-radius: 6px; }}
QToolTip {{ background: {INK}; color: white; border: none; padding: 6px; }}
"""
