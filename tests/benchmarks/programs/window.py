"""The program itself: ``window.py FOLDER shown|usable|memory``.

Ends after its first paint, or when everything in it has been painted, or prints what it weighs at rest.
"""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from tests.benchmarks.programs import opened

_REST_MS = 700

if TYPE_CHECKING:
    from meld_desktop.app.composition import Program


def weigh(program: "Program") -> None:
    """Print the resident memory when the window has come to rest, and end."""

    def ask() -> None:
        import psutil

        print(psutil.Process().memory_info().rss)
        program.window.close()

    QTimer.singleShot(_REST_MS, program.window, ask)


folder, until = sys.argv[1:]
sys.exit(
    opened.run(
        ["--data-dir", folder],
        shown=(lambda opening: opening.window.close()) if until == "shown" else None,
        usable={"usable": lambda program: program.window.close(), "memory": weigh}.get(until),
    )
)
