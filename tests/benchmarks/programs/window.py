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

    def ask() -> None:
        import psutil

        print(psutil.Process().memory_info().rss)
        program.window.close()

    def look() -> None:
        if program.demo._base_url:  # the last thing that the warm-up brings
            timer.stop()
            QTimer.singleShot(500, program.window, ask)

    timer = QTimer(program.window, interval=50)
    timer.timeout.connect(look)
    timer.start()
    program.warm_up()  # as the first change in the form does: the heaviest it gets before a widget


folder, until = sys.argv[1:]
sys.exit(
    opened.run(
        ["--data-dir", folder],
        shown=(lambda opening: opening.window.close()) if until == "shown" else None,
        usable={"usable": lambda program: program.window.close(), "memory": weigh}.get(until),
    )
)
