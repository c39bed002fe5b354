"""The real program in this process, driven step by step, with a heartbeat that notices every stall of the event loop."""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, Qt, QTimer

from meld_desktop.app.composition import Program
from meld_desktop.app.opening import make_application
from meld_desktop.domain.environments import DEMO, custom_environment
from meld_desktop.domain.regions import load_index
from meld_desktop.storage.settings import Settings
from meld_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from meld_desktop.web.widget_view import WidgetView

_PATIENCE = 60.0


class Harness:
    """Owns a program with its window shown and warmed up: Demo, or the Meld at ``base_url``."""

    def __init__(self, home: Path, base_url: str = "") -> None:
        if sys.version_info < (3, 12):
            _make_constants_immortal()
        environment = custom_environment(base_url) if base_url else DEMO
        application = make_application()
        self.window = MainWindow()
        self.program = Program(
            home / "data", Settings(), environment, {"MELD_API_KEY": "benchmark"}, application, self.window
        )
        self.form = self.window.panel.form
        self.window.resize(1440, 900)
        self.window.show()
        self.window.activateWindow()
        self.program.warm_up()
        self.wait(lambda: not self.program.worker._jobs)

    def wait(self, ready: Callable[[], bool]) -> None:
        """Run the event loop until ``ready``. Raises ``RuntimeError`` when that takes too long."""
        loop = QEventLoop()
        end = time.monotonic() + _PATIENCE
        timer = QTimer(interval=2)
        timer.timeout.connect(lambda: loop.quit() if ready() or time.monotonic() > end else None)
        timer.start()
        if not ready():
            loop.exec()
        timer.stop()
        if not ready():
            raise RuntimeError("a state did not come")

    def rest(self, milliseconds: int) -> None:
        """Run the event loop for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def longest_stall(self, action: Callable[[], object]) -> float:
        """Return the longest time, in seconds, between two beats of the event loop while ``action`` has its effects."""
        beats: list[float] = []
        heart = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        heart.timeout.connect(lambda: beats.append(time.perf_counter()))
        heart.start()
        self.rest(30)
        beats[:-1] = []
        QTimer.singleShot(0, action)
        self.rest(150)
        heart.stop()
        return max(b - a for a, b in zip(beats, beats[1:], strict=False))

    def with_regions(self) -> None:
        """Have the index of regions loaded, as it is once someone has been in the field."""
        load_index()
        self.program.services.regions.load(lambda _index: None)
        self.wait(lambda: not self.program.worker._jobs)

    def create(self) -> "WidgetView":
        """Press *Create link* and return the widget's view when the link is there."""
        pane = self.window.panel.result.widget
        old = pane.embedded
        self.window.panel.create_button.click()
        self.wait(lambda: pane.embedded is not None and pane.embedded is not old)
        return pane.embedded  # type: ignore[return-value]

    def close(self) -> None:
        """End the program."""
        self.program.close()


def _make_constants_immortal() -> None:
    """PySide 6.12 gives references to True and None away; before Python 3.12 a long run would use them up."""
    import ctypes

    with suppress(ValueError):
        for constant in (True, False, None):
            ctypes.c_ssize_t.from_address(id(constant)).value += 1 << 40
