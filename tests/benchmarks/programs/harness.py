"""The real program in this process, driven step by step, with a heartbeat that notices every stall."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, Qt, QTimer

from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from tests.benchmarks.programs import opened

if TYPE_CHECKING:
    from meld_desktop.app.composition import Program
    from meld_desktop.web.widget_view import WidgetView

_PATIENCE = 60.0


class Harness:
    """Drives a running program from its own event loop."""

    def __init__(self, program: "Program") -> None:
        self.program = program
        self.window = program.window
        self.form = self.window.panel.form
        self.window.resize(1440, 900)
        self.window.activateWindow()
        program.crashes.uninstall()  # what goes wrong here is to be seen on stderr
        self.rest(800)  # the warm-up begins by itself soon after the first paint
        self.wait(lambda: not program.worker._jobs)

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
        return max(later - earlier for earlier, later in pairwise(beats))

    def with_regions(self) -> None:
        """Have the index of regions loaded, as it is once someone has been in the field."""
        self.program.services.regions.load(lambda _index: None)
        self.wait(lambda: not self.program.worker._jobs)

    def fill(self) -> None:
        """Fill in the least that a link needs."""
        self.form.set_request(ConnectStartRequest("testUser", (Product.BALANCES,)))

    def create(self) -> "WidgetView":
        """Press *Create link* and return the widget's view when the link is there."""
        pane = self.window.panel.result.widget
        old = pane.embedded
        self.window.panel.create_button.click()
        self.wait(lambda: pane.embedded is not None and pane.embedded is not old)
        return pane.embedded  # type: ignore[return-value]


def drive(measure: Callable[[Harness], object], home: Path, url: str = "") -> object:
    """Run the program in Demo, or with the Meld at ``url``, and return what ``measure`` returns."""
    results: list[object] = []

    def visit(program: "Program") -> None:
        try:
            results.append(measure(Harness(program)))
        finally:
            program.window.close()

    opened.run(["--data-dir", str(home / "data"), *(["--base-url", url] if url else [])], usable=visit)
    (result,) = results
    return result
