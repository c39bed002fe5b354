"""Asks Meld what became of the link on show, as long as somebody looks, and says so when it ended elsewhere."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import Text
from meld_desktop.domain.widget_events import CONNECT_COMPLETE, WidgetEvent
from meld_desktop.services.connection_watch import ConnectionWatch
from meld_desktop.services.witness import Witness
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.notify import notify
from meld_desktop.ui.result.widget_pane import WidgetPane
from meld_desktop.ui.strings import localized


class Following(QObject):
    """Joins watch, witness and widget. ``said`` carries a Message when the flow ended in a browser or on a phone."""

    said = Signal(object)

    def __init__(self, watch: ConnectionWatch, witness: Witness, widget: WidgetPane, window: QWidget) -> None:
        super().__init__(window)
        self._watch = watch
        self._witness = witness
        self._window = window
        self._widget = widget
        self._link: Link | None = None
        self._was_connected = False
        self._completed_here = False
        for opened in (widget.bar.copied, widget.bar.qr_shown, widget.browser_wanted):
            opened.connect(self._begin)
        widget.link_shown.connect(self._link_shown)
        widget.heard.connect(self._heard)
        watch.status_changed.connect(self._status_changed)
        watch.ended.connect(self._ended)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice when the window is hidden or minimised: then nobody looks."""
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange}:
            hidden = event.type() is QEvent.Type.Hide
            minimised = bool(self._window.windowState() & Qt.WindowState.WindowMinimized)
            self._watch.set_visible(not hidden and not minimised)
        return super().eventFilter(watched, event)

    def _link_shown(self, link: Link) -> None:
        self._was_connected = self._completed_here = False
        self._watch.stop()
        self._link = link
        if self._widget.embedded is not None:
            self._begin()

    def _begin(self, *_: object) -> None:
        """Follow the link on show, now that somebody can have opened it."""
        if self._link is not None:
            link, self._link = self._link, None
            self._watch.watch(link)

    def _heard(self, event: WidgetEvent) -> None:
        if event.name == CONNECT_COMPLETE:
            self._completed_here = True
            self._watch.hurry()

    def _status_changed(self, state: ConnectionState) -> None:
        self._witness.status(state)
        if state.is_connected and not self._was_connected and not self._completed_here:
            bank = state.institution_name or self.tr("the bank")
            title, text = self.tr("Connected {bank}").format(bank=bank), localized(state.line)
            self.said.emit(Message(Tone.SUCCESS, title, text))
            notify(self._window, title, text)
        self._was_connected = state.is_connected

    def _ended(self, reason: Text) -> None:
        self.said.emit(Message(Tone.INFO, self.tr("Status not followed"), localized(reason)))
