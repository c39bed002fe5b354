"""The program itself: ends after its first paint, or with ``memory`` prints what it weighs when it has warmed up."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent

from meld_desktop.app import main
from meld_desktop.ui.main_window import MainWindow


def paint(self: MainWindow, event: QPaintEvent) -> None:
    super(MainWindow, self).paintEvent(event)
    if "memory" not in sys.argv:
        QTimer.singleShot(0, self.close)


def weigh_when_warm() -> None:
    from meld_desktop.app import composition

    class Program(composition.Program):
        def warm_up(self) -> None:
            super().warm_up()
            self._look = QTimer(self.application, interval=50)
            self._look.timeout.connect(self.weigh)
            self._look.start()
            self._rest = 0

        def weigh(self) -> None:
            self._rest = 0 if self.worker._jobs else self._rest + 1
            if self._rest == 6:
                import psutil

                print(psutil.Process().memory_info().rss)
                self.window.close()

    composition.Program = Program  # type: ignore[misc]


MainWindow.paintEvent = paint  # type: ignore[method-assign]
if "memory" in sys.argv:
    weigh_when_warm()
sys.exit(main(["--data-dir", sys.argv[1]]))
