"""Passes on to the witness what an embedded widget does, and has pictures taken of its moments."""

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.link import Link
from meld_desktop.domain.text import Text
from meld_desktop.domain.widget_answers import Shot
from meld_desktop.domain.widget_events import Notice, WidgetEvent
from meld_desktop.services.witness import Witness
from meld_desktop.ui.result.embedding import EmbeddedWidget

if TYPE_CHECKING:
    from meld_desktop.domain.witness.observation import Observation

_APART_SECONDS = 1.0
"""Pictures that nobody asked for are at least this far apart: a widget that talks all the time is not filmed."""
_UNSEEN_EVENTS = frozenset({"debug"})
"""What happens many times in a flow and shows nothing new."""


class Witnessing(QObject):
    """Joins one view at a time to the witness. Lives on the GUI thread.

    ``picture_kept`` and ``no_picture`` (with a Text) answer ``take_picture``; pictures of events come without a word.
    """

    picture_kept = Signal()
    no_picture = Signal(object)

    def __init__(self, witness: Witness, parent: QObject) -> None:
        super().__init__(parent)
        self._witness = witness
        self._view: EmbeddedWidget | None = None
        self._link: Link | None = None
        self._begun: Link | None = None
        self._last_picture = -_APART_SECONDS

    def begin(self, link: Link) -> None:
        """Begin the session of ``link``, once: with its first sign of life, because its navigation comes before."""
        if link is not self._begun:
            self._begun = link
            self._witness.begin(link)

    def attach(self, view: QWidget, link: Link) -> None:
        """Take down what ``view``, which shows ``link``, does from now on."""
        self._link = link
        self._view = embedded = cast("EmbeddedWidget", view)
        embedded.observed.connect(self._observed)
        embedded.loaded.connect(self._loaded)
        embedded.event_received.connect(self._heard)
        embedded.noticed.connect(self._noticed)
        embedded.returned.connect(self._returned)
        embedded.renderer_died.connect(self._died)
        embedded.blank.connect(self._blank)

    def detach(self) -> None:
        """Hear no more of the view."""
        if self._view is None:
            return
        embedded, self._view = self._view, None
        embedded.observed.disconnect(self._observed)
        embedded.loaded.disconnect(self._loaded)
        embedded.event_received.disconnect(self._heard)
        embedded.noticed.disconnect(self._noticed)
        embedded.returned.disconnect(self._returned)
        embedded.renderer_died.disconnect(self._died)
        embedded.blank.disconnect(self._blank)

    def take_picture(self) -> None:
        """Keep a picture of the widget as it is now, because the person asked for one."""
        session = self._witness.current
        if self._view is not None and session is not None:
            self._view.take_picture(partial(self._taken, session.number, 0, "on demand"))

    def _alive(self) -> Witness:
        if self._link is not None:
            self.begin(self._link)
        return self._witness

    def _loaded(self) -> None:
        self._alive().loaded()

    def _heard(self, event: WidgetEvent) -> None:
        self._alive().hear(event)
        session = self._witness.current
        if session is None or self._view is None or event.name in _UNSEEN_EVENTS:
            return
        now = monotonic()
        if now - self._last_picture < _APART_SECONDS and event.name != "connect_complete":
            return
        self._last_picture = now
        self._view.take_picture(partial(self._taken, session.number, session.entries[-1].number, event.name))

    def _taken(self, session: int, entry: int, label: str, shot: Shot | Text) -> None:
        current = self._witness.current
        if current is None or current.number != session:
            return  # another link is on show by now
        if isinstance(shot, Shot):
            self._witness.keep_picture(entry, label, shot.png, shot.width, shot.height)
            if not entry:
                self.picture_kept.emit()
        elif not entry:
            self.no_picture.emit(shot)

    def _observed(self, observation: "Observation") -> None:
        self._alive().observe(observation)

    def _noticed(self, notice: Notice) -> None:
        self._alive().notice(notice)

    def _returned(self, place: str) -> None:
        self._alive().returned(place)

    def _died(self, text: Text) -> None:
        self._alive().died(text)

    def _blank(self) -> None:
        self._alive().blank()
