"""Runs the program as ``meld-desktop`` does, with someone who looks on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from meld_desktop.app import main, opening

if TYPE_CHECKING:
    from meld_desktop.app.composition import Program
    from meld_desktop.app.opening import Opening


def run(
    arguments: list[str],
    *,
    shown: "Callable[[Opening], object] | None" = None,
    usable: "Callable[[Program], object] | None" = None,
) -> int:
    """Call ``shown`` after the first paint, instead of going on; or ``usable`` when all of the window is painted."""

    class Watched(opening.Opening):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)  # type: ignore[arg-type]
            if usable is not None:
                self.furnished.append(lambda program: QTimer.singleShot(0, lambda: self._look(program)))

        def _painted(self) -> None:
            if shown is None:
                super()._painted()
            else:
                QTimer.singleShot(0, lambda: shown(self))

        def _look(self, program: "Program") -> None:
            self.application.processEvents()
            if usable is not None:
                usable(program)

    opening.Opening = Watched  # type: ignore[misc, assignment]
    return main(arguments)
