"""Pictures of the widget in which nothing typed, no e-mail address and no long number can be read."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache, partial
from time import monotonic

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWebEngineCore import QWebEngineFrame
from PySide6.QtWebEngineWidgets import QWebEngineView
from shiboken6 import isValid

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_answers import Shot
from meld_desktop.locations import resource
from meld_desktop.services.lane import DaemonExecutor
from meld_desktop.web.frames import ask, frames_of

LIMIT_SECONDS = 0.5
"""How long the frames have to answer, and then again to be painted with everything covered."""
TRIES = 3
"""How often it is tried when a page changes in the meantime."""

_STEP_MS = 15
_GAP = 12
_RUN = 4
"""Pixels in a row that must have the colour of a mark."""
_PNG_QUALITY = 70
"""Quick to make; a higher number is quicker and larger."""

NOT_IN_SIGHT = Text(
    QT_TRANSLATE_NOOP("domain", "No picture was taken: the widget is not in sight. Open its tab and try again.")
)
NO_ANSWER = Text(
    QT_TRANSLATE_NOOP(
        "domain",
        "No picture was taken: a part of the page did not answer in time, so it could not be made sure that everything "
        "typed in it is covered.",
    )
)
KEPT_CHANGING = Text(
    QT_TRANSLATE_NOOP(
        "domain",
        "No picture was taken: the page kept changing while it was covered. Try again when it has come to rest.",
    )
)
CLOSED = Text(QT_TRANSLATE_NOOP("domain", "No picture was taken: the widget was closed."))

Callback = Callable[[Shot | Text], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """A view that is in sight, and its frames whose contents are not ours."""

    view: QWebEngineView
    below_main: bool = False
    """The main frame is our own page, which holds nothing to cover."""

    def frames(self) -> tuple[QWebEngineFrame, ...]:
        """Return the frames there are now: none when the view is gone."""
        return frames_of(self.view.page(), below_main=self.below_main) if isValid(self.view) else ()


@dataclass(slots=True)
class _Part:
    """One frame on its way into a picture."""

    frame: QWebEngineFrame
    view: int
    colour: QColor
    boxes: int | None = None
    state: Mapping[str, object] = field(default_factory=dict)
    asked: bool = False
    held: bool | None = None

    def is_ready(self) -> bool:
        return self.state.get("ready") is True

    def is_shown(self) -> bool:
        return self.state.get("shown") is True


class Pictures(QObject):
    """Takes one picture at a time. Lives on the GUI thread; ``callback`` is called there, from the event loop.

    Every frame lays boxes over its secrets and, last, a small mark in a colour of its own. Only a picture in which the
    marks are found counts: where a mark is painted, so are the boxes. Afterwards every frame is asked whether all was
    covered until then; if not, the picture is thrown away. No picture is always better than one with a secret in it.

    Who asks while a picture is being taken gets the next one, together with all others who ask meanwhile.
    """

    def __init__(
        self, seen: Callable[[], Sequence[Seen]], parent: QObject, *, limit_seconds: float = LIMIT_SECONDS
    ) -> None:
        super().__init__(parent)
        self.limit_seconds = limit_seconds
        self._seen_now = seen
        self._executor = DaemonExecutor()
        self._waiting: list[Callback] = []
        self._serving: list[Callback] = []
        self._seen: Sequence[Seen] = ()
        self._parts: list[_Part] = []
        self._images: list[QImage] = []
        self._encoded: Future[Shot | None] | None = None
        self._tries = 0
        self._number = 0
        self._deadline = 0.0
        self._have_answered = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._step)

    def take(self, callback: Callback) -> None:
        """Take a picture and hand over a ``Shot``, or a Text with the reason why there is none."""
        self._waiting.append(callback)
        self._timer.start()

    def close(self) -> None:
        """Take no more pictures; who waits is told."""
        self._uncover()
        self._encoded = None
        callbacks = self._serving + self._waiting
        self._serving, self._waiting = [], []
        self._timer.stop()
        for callback in callbacks:
            callback(CLOSED)

    def _step(self) -> None:
        if self._encoded is not None:
            if self._encoded.done():
                self._finish(self._encoded.result() or NO_ANSWER)
        elif self._serving:
            self._go_on()
        elif self._waiting:
            self._serving, self._waiting = self._waiting, []
            self._tries = 0
            self._cover()
        else:
            self._timer.stop()

    def _cover(self) -> None:
        self._seen = self._seen_now()
        if not self._seen:
            self._finish(NOT_IN_SIGHT)
            return
        self._tries += 1
        self._number += 1
        self._images = []
        self._deadline = monotonic() + self.limit_seconds
        self._have_answered = False
        self._parts = []
        for index, seen in enumerate(self._seen):
            for place, frame in enumerate(seen.frames()):
                part = _Part(frame, index, _mark_colour(self._number, len(self._parts)))
                self._parts.append(part)
                cover = f'mask.cover({place}, "{part.colour.name()}")'
                ask(frame, cover, partial(_covered, part), script=_script())

    def _go_on(self) -> None:
        if not self._have_answered and all(part.boxes is not None for part in self._parts):
            self._have_answered = True
            self._deadline = monotonic() + self.limit_seconds
        if self._images:
            self._check()
        elif all(part.is_ready() for part in self._parts):
            self._grab()
        else:
            for part in self._parts:
                if part.boxes is not None and not part.is_ready() and not part.asked:
                    part.asked = True
                    ask(part.frame, "mask.state()", partial(_told, part))
        if self._serving and self._encoded is None and monotonic() > self._deadline:
            self._give_up(NO_ANSWER)

    def _grab(self) -> None:
        if not all(isValid(seen.view) for seen in self._seen):
            self._give_up(KEPT_CHANGING)
            return
        images = [seen.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32) for seen in self._seen]
        data = [bytes(image.constBits()) for image in images]
        if all(_pixels(part.colour) in data[part.view] for part in self._parts if part.is_shown()):
            self._images = images
            self._uncover()

    def _uncover(self) -> None:
        for part in self._parts:
            ask(part.frame, "mask.uncover()", partial(_uncovered, part))

    def _check(self) -> None:
        """Keep the picture when every frame that is there was there before, and stayed covered."""
        if any(part.held is None for part in self._parts):
            return
        now = sum(len(seen.frames()) for seen in self._seen)
        if now != len(self._parts) or not all(part.held for part in self._parts):
            self._give_up(KEPT_CHANGING)
            return
        covered = sum(part.boxes or 0 for part in self._parts)
        self._encoded = self._executor.submit(_encode, self._images, covered)
        self._parts, self._seen, self._images = [], (), []

    def _give_up(self, reason: Text) -> None:
        self._uncover()
        self._images = []
        if self._tries < TRIES and reason is KEPT_CHANGING:
            self._cover()
        else:
            self._finish(reason)

    def _finish(self, result: Shot | Text) -> None:
        callbacks, self._serving = self._serving, []
        self._parts, self._seen, self._images, self._encoded = [], (), [], None
        for callback in callbacks:
            callback(result)


def _covered(part: _Part, answer: object) -> None:
    boxes = answer.get("boxes") if isinstance(answer, Mapping) else None
    part.boxes = int(boxes) if isinstance(boxes, int | float) else None


def _told(part: _Part, answer: object) -> None:
    part.asked = False
    part.state = answer if isinstance(answer, Mapping) else {}


def _uncovered(part: _Part, answer: object) -> None:
    part.held = isinstance(answer, Mapping) and answer.get("held") is True


@cache
def _script() -> str:
    return resource("frame", "mask.js").read_text(encoding="utf-8")


def _mark_colour(picture: int, frame: int) -> QColor:
    """Return a grey that no other frame of this picture has, nor any of the pictures just before it.

    No chance in it: the same flow gives the same pictures.
    """
    return QColor(0x55 + frame % 24, 0x5B + picture % 24, 0x68 + (frame // 24) % 24)


def _pixels(colour: QColor) -> bytes:
    return bytes((colour.blue(), colour.green(), colour.red(), 255)) * _RUN


def _encode(images: Sequence[QImage], covered: int) -> Shot | None:
    """Return the images side by side as PNG, or None when that fails. Runs on a thread of its own."""
    image = images[0] if len(images) == 1 else _beside(images)
    data = QByteArray()
    buffer = QBuffer(data)
    if not buffer.open(QIODevice.OpenModeFlag.WriteOnly) or not image.save(buffer, "PNG", _PNG_QUALITY):  # type: ignore[call-overload]
        return None
    return Shot(bytes(data.data()), image.width(), image.height(), covered)


def _beside(images: Sequence[QImage]) -> QImage:
    whole = QImage(
        sum(image.width() for image in images) + _GAP * (len(images) - 1),
        max(image.height() for image in images),
        QImage.Format.Format_RGB32,
    )
    whole.fill(QColor("#c3cad3"))
    painter = QPainter(whole)
    left = 0
    for image in images:
        image.setDevicePixelRatio(1)
        painter.drawImage(left, 0, image)
        left += image.width() + _GAP
    painter.end()
    return whole
