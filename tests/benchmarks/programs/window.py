"""The program itself: ``window.py FOLDER shown|usable|memory``.

Ends after its first paint, or when everything in it has been painted, or prints what it weighs when it has warmed up.
"""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from tests.benchmarks.programs import opened

if TYPE_CHECKING:
    from meld_desktop.app.composition import Program


def weigh(program: "Program") -> None:
    """Print the resident memory once the warm-up is over, and end."""
    from meld_desktop.domain.environments import DEMO

    def ask() -> None:
        import psutil

        print(psutil.Process().memory_info().rss)
        program.window.close()

    # The worker takes one thing after the other: what comes back from it says that the warm-up is done.
    def look() -> None:
        if program.demo.is_running:
            timer.stop()
            QTimer.singleShot(500, program.window, ask)

    assert program.environment == DEMO
    timer = QTimer(program.window, interval=50)
    timer.timeout.connect(look)
    timer.start()


folder, until = sys.argv[1:]
sys.exit(
    opened.run(
        ["--data-dir", folder],
        shown=(lambda opening: opening.window.close()) if until == "shown" else None,
        usable={"usable": lambda program: program.window.close(), "memory": weigh}.get(until),
    )
)
