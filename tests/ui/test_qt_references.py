"""PySide6 6.12.0 on Python 3.11 drops a reference of `True` at each emit and of `None` at each void call, and aborts
after some thousands: the pin must hold. The check runs in a process of its own: a fall would take ours along."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Sender(QObject):
    told = Signal()

application = QCoreApplication([])
sender = Sender()
true_before, none_before = sys.getrefcount(True), sys.getrefcount(None)
for _ in range(10_000):
    sender.told.emit()
    sender.setObjectName("x")
print(sys.getrefcount(True) - true_before, sys.getrefcount(None) - none_before)
"""


def test_ten_thousand_emits_leave_the_references_of_true_and_none_alone() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    of_true, of_none = map(int, ended.stdout.split())
    assert abs(of_true) < 100
    assert abs(of_none) < 100
