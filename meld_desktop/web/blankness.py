"""Notices a widget that stays blank: nothing painted and nothing said a while after its start."""

from collections.abc import Callable, Sequence
from functools import cache

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEngineFrame

from meld_desktop.locations import resource
from meld_desktop.web.frames import ask

DELAY_MS = 10_000
_ANSWER_MS = 1_000
"""How long the frames have to say what they show. A document on its way out never does: then it is asked again."""
_LOOKS = 5


class BlankWatch(QObject):
    """Looks once after each start. Lives on the GUI thread."""

    blank = Signal()
    """Nothing is there. At most once for each ``begin``."""

    def __init__(self, frames: Callable[[], Sequence[QWebEngineFrame]], parent: QObject) -> None:
        super().__init__(parent)
        self.delay_ms = DELAY_MS
        self._frames = frames
        self._round = 0
        self._missing = 0
        self._looks = 0
        self._is_loaded = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._decide)

    def begin(self) -> None:
        """The widget starts now."""
        self.end()
        self._is_loaded = False
        self._looks = 0
        self._timer.start(self.delay_ms)

    def loaded(self) -> None:
        """The widget's document is there, whatever it shows."""
        self._is_loaded = True

    def end(self) -> None:
        """The widget said something, or was replaced by a message of ours: it is not blank any more."""
        self._timer.stop()
        self._patience.stop()
        self._round += 1

    def _look(self) -> None:
        self._looks += 1
        frames = self._frames()
        self._missing = len(frames)
        this_round = self._round

        def answered(answer: object) -> None:
            if this_round != self._round:
                return
            self._missing -= 1
            if answer is True:
                self.end()
            elif self._missing == 0:
                self._patience.start(0)  # not in here: this comes from inside Chromium

        self._patience.start(_ANSWER_MS)
        for frame in frames:
            ask(frame, "paintsAnything", answered, script=_script())
        if not frames:
            self._patience.start(0)

    def _decide(self) -> None:
        """Nothing is painted as far as is known. A page that hangs after it was loaded may well show something."""
        hangs = self._missing > 0
        self.end()
        if hangs and self._looks < _LOOKS:
            self._look()
        elif not (hangs and self._is_loaded):
            self.blank.emit()


@cache
def _script() -> str:
    return resource("frame", "painted.js").read_text(encoding="utf-8")
