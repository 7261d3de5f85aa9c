"""The rules of tests/conftest.py bite: a test that breaks one fails."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py")
TESTS = """
import logging, threading
import pytest

def test_warns():
    logging.getLogger("kiosk.x").warning("odd")

@pytest.mark.allowed_warnings("kiosk.x: od+")
def test_warns_as_marked():
    logging.getLogger("kiosk.x").warning("odd")

def test_warns_as_said(allowed_warnings):
    allowed_warnings.append("odd")
    logging.getLogger("kiosk.x").warning("odd")

def test_informs():
    logging.getLogger("kiosk.x").info("fine")

def test_leaves_a_thread(request):
    threading.Thread(target=threading.Event().wait, args=(30,), daemon=True, name="left-behind").start()

def test_ends_its_thread():
    threading.Thread(target=threading.Event().wait, args=(0.05,), name="short").start()

def test_qml_warning(qtbot):
    from PySide6.QtCore import QUrl
    from PySide6.QtQml import QQmlComponent, QQmlEngine
    engine = QQmlEngine()
    component = QQmlComponent(engine)
    component.setData(b"import QtQml; QtObject { Component.onCompleted: nonsense() }", QUrl("inline.qml"))
    component.create()
"""


def test_each_rule_fails_the_test_that_breaks_it_and_no_other(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pytester.makepyfile(TESTS)
    options = ("-p", "no:cacheprovider", "-o", "qt_api=pyside6", "-o", f"pythonpath={CONFTEST.parent}", "-rfE")
    result = pytester.runpytest_subprocess(*options)
    told = result.stdout.str()
    assert result.parseoutcomes() == {"passed": 6, "failed": 1, "errors": 2}, told
    result.stdout.fnmatch_lines_random(
        [
            "*unexpected log warnings:*",
            "*kiosk.x: odd",
            "*threads left running: left-behind",
            "FAILED *test_qml_warning*",
            "ERROR *test_warns*",
            "ERROR *test_leaves_a_thread*",
        ]
    )
