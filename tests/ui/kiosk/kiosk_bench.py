"""The kiosk's window driven by hand: visits in, posted events out, no station."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import screen_samples
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPointingDevice
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.domain.localized import Language, Texts
from kiosk.domain.visit import events
from kiosk.domain.visit.state import Step, Visit
from ui.kiosk.camera_model import CameraModel
from ui.kiosk.kiosk_window import make_view
from ui.kiosk.options import KioskOptions
from ui.kiosk.view_model import KioskViewModel
from ui.qml import FaceView


@dataclass
class KioskOnBench:
    """A window with what it posted. `clock_s` can be set forward."""

    view: FaceView
    view_model: KioskViewModel
    posted: list[events.Event]
    orientation: str
    clock_s: float = screen_samples.NOW_S

    def show(self, visit: Visit) -> None:
        """Comes to `visit` from another screen, waits out the tap guard and forgets what was posted."""
        other = Step.HUB_AWAY if visit.step is not Step.HUB_AWAY else Step.WELCOME
        self.view_model.show(Visit(step=other, language=visit.language))
        self.view_model.show(visit)
        shift = 10.0
        self.clock_s += shift
        if visit.deadline_s is not None:
            self.view_model.show(replace(visit, deadline_s=visit.deadline_s + self.clock_s - screen_samples.NOW_S))
        self.posted.clear()

    def show_sample(self, name: str, language: Language = Language.VI) -> None:
        self.show(replace(screen_samples.SAMPLES[name], language=language))
        for key in screen_samples.TYPED.get(name, {}).get(language, ""):
            self.view_model.press(key)

    def items(self) -> Iterator[QQuickItem]:
        """All items that can be seen; Repeater's delegates too, which findChild does not find."""
        yield from visible_items(self.view.rootObject())

    def item(self, name: str) -> QQuickItem:
        return item_named(self.view, name)

    def is_shown(self, name: str) -> bool:
        return any(item.objectName() == name for item in self.items())

    def tap(self, *names: str) -> None:
        """A mouse press and release on the middle of each item."""
        for name in names:
            tap_item(self.view, name)

    def touch(self, name: str, device: QPointingDevice) -> None:
        point = self.middle(name)
        QTest.touchEvent(self.view, device).press(0, point, self.view).commit()
        QTest.touchEvent(self.view, device).release(0, point, self.view).commit()

    def middle(self, name: str) -> QPoint:
        return middle_of(self.view, name)

    @property
    def answers(self) -> list[events.Event]:
        """What was posted, without "somebody is there"."""
        return [event for event in self.posted if not isinstance(event, events.Touched)]

    def picture(self) -> QImage:
        return self.view.grabWindow().convertToFormat(QImage.Format.Format_RGB32)


def rect_of(item: QQuickItem) -> QRectF:
    return QRectF(item.mapToScene(QPointF(0, 0)), item.mapToScene(QPointF(item.width(), item.height())))


def visible_items(item: QQuickItem) -> Iterator[QQuickItem]:
    if not item.isVisible():
        return
    yield item
    for child in item.childItems():
        yield from visible_items(child)


def item_named(view: FaceView, name: str) -> QQuickItem:
    found = [item for item in visible_items(view.rootObject()) if item.objectName() == name]
    assert len(found) == 1, f"{len(found)} visible items named {name}"
    return found[0]


def middle_of(view: FaceView, name: str) -> QPoint:
    view.grabWindow()  # lays out and draws at once what the event loop would next
    return rect_of(item_named(view, name)).center().toPoint()


def tap_item(view: FaceView, name: str) -> None:
    """A mouse press and release on the middle of the visible item."""
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, none, middle_of(view, name))


def make_bench(options: KioskOptions, texts: Texts, camera: CameraModel | None = None) -> KioskOnBench:
    posted: list[events.Event] = []
    held: list[KioskOnBench] = []
    view_model = KioskViewModel(
        post=posted.append,
        texts=texts,
        options=options,
        clock_s=lambda: held[0].clock_s if held else screen_samples.NOW_S,
        local_now=lambda: screen_samples.WALL_CLOCK,
    )
    bench = KioskOnBench(
        view=make_view(view_model, options, camera),
        view_model=view_model,
        posted=posted,
        orientation="portrait" if options.height_px > options.width_px else "landscape",
    )
    held.append(bench)
    bench.view.show()
    return bench
