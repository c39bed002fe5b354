"""The right side: Widget, Request, Response, Timeline and Token behind tabs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from meld_desktop.domain.link import Link
from meld_desktop.services.demo import Demo
from meld_desktop.services.evidence import Evidence
from meld_desktop.services.witness import Witness
from meld_desktop.ui.result.embedding import Embedder
from meld_desktop.ui.result.exchange_panes import RequestPane, ResponsePane
from meld_desktop.ui.result.view_tools import ViewTools
from meld_desktop.ui.result.widget_pane import WidgetPane
from meld_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:
    from meld_desktop.ui.result.timeline.pane import TimelinePane
    from meld_desktop.ui.result.token_pane import TokenPane

_MARGINS = 64
"""Left and right of the tabs and the tools, and between them."""
_TIMELINE, _TOKEN = 3, 4
"""Places of the tabs that are made when they are wanted."""


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What sees, keeps and proves what happens with a link."""

    witness: Witness
    evidence: Evidence
    demo: Demo


class ResultPane(QFrame):
    """Holds the tabs; each is its own widget. The tools beside them belong to the widget.

    ``said`` carries a Message of the timeline or the token for the strip.
    """

    said = Signal(object)

    def __init__(self, theme: Theme, embedder: Embedder, witnesses: Witnesses, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultPane")
        self._theme = theme
        self._witnesses = witnesses
        self._timeline: TimelinePane | None = None
        self._token: TokenPane | None = None
        self._link: Link | None = None
        self.tabs = QTabBar(self)  # first, because Tab comes to it first
        self.tools = ViewTools(theme, self)
        self.widget = WidgetPane(theme, embedder, witnesses.witness, witnesses.demo.now, self)
        self.request = RequestPane(theme, self)
        self.response = ResponsePane(theme, self)
        self.tabs.setAccessibleName(self.tr("Result"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._stack = QStackedWidget(self)
        for name, pane in (
            (self.tr("Widget"), self.widget),
            (self.tr("Request"), self.request),
            (self.tr("Response"), self.response),
            (self.tr("Timeline"), QWidget(self)),  # made when they are wanted
            (self.tr("Token"), QWidget(self)),
        ):
            self.tabs.addTab(name)
            self._stack.addWidget(pane)
        self.tabs.currentChanged.connect(self._show_tab)
        bar = QFrame(self)
        bar.setObjectName("tabs")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 4, 16, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._stack, 1)
        self._connect()

    def _connect(self) -> None:
        tools, widget = self.tools, self.widget
        tools.chosen.connect(widget.choose_view)
        tools.restart_wanted.connect(widget.back_to_start)
        tools.picture_wanted.connect(widget.take_picture)
        tools.evidence_wanted.connect(self.save_evidence)
        widget.choices_changed.connect(tools.show_choices)
        widget.view_changed.connect(self._view_changed)
        widget.link_shown.connect(self._link_shown)

    @property
    def timeline(self) -> "TimelinePane":
        """The Timeline tab, made when it is first wanted."""
        if self._timeline is None:
            from meld_desktop.ui.result.timeline.pane import TimelinePane

            self._timeline = TimelinePane(self._theme, self._witnesses.witness, self._witnesses.evidence, self)
            self._timeline.said.connect(self.said)
            self._timeline.picture_wanted.connect(self.widget.take_picture)
            self._put(_TIMELINE, self._timeline)
        return self._timeline

    @property
    def token(self) -> "TokenPane":
        """The Token tab, made when it is first wanted."""
        if self._token is None:
            from meld_desktop.ui.result.token_pane import TokenPane

            self._token = TokenPane(self._theme, self)
            self._token.said.connect(self.said)
            if self._link is not None:
                self._token.show_link(self._link)
            self._put(_TOKEN, self._token)
        return self._token

    def save_evidence(self) -> None:
        """Ask where to save what was seen of the link on show."""
        self.timeline.save_evidence()

    def show_pane(self, pane: QWidget) -> None:
        """Bring the tab of ``pane`` to the front."""
        self.tabs.setCurrentIndex(self._stack.indexOf(pane))

    def show_empty(self) -> None:
        """Forget the link on show, everywhere."""
        self.widget.show_empty()
        self.response.clear()
        self._link = None
        if self._token is not None:
            self._token.clear()
        if self._timeline is not None:
            self._timeline.show_session(None)
        self.tools.set_usable(has_link=False, has_view=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the sizes as buttons where there is room."""
        super().resizeEvent(event)
        room = event.size().width() - self.tabs.sizeHint().width() - _MARGINS
        self.tools.take_room(room)

    def _put(self, index: int, pane: QWidget) -> None:
        """Let ``pane`` take its place behind its tab."""
        was_shown = self._stack.currentIndex() == index
        if empty := self._stack.widget(index):
            self._stack.removeWidget(empty)
            empty.deleteLater()
        self._stack.insertWidget(index, pane)
        if was_shown:
            self._stack.setCurrentIndex(index)

    def _show_tab(self, index: int) -> None:
        if index == _TIMELINE:
            _ = self.timeline
        elif index == _TOKEN:
            _ = self.token
        self._stack.setCurrentIndex(index)
        self.tools.setVisible(self._stack.currentWidget() is self.widget)

    def _view_changed(self, is_there: bool) -> None:
        self.tools.set_usable(has_link=is_there or self._witnesses.witness.current is not None, has_view=is_there)

    def _link_shown(self, link: Link) -> None:
        self.response.show_exchange(link.exchange)
        self._link = link
        if self._token is not None:
            self._token.show_link(link)
        self.tools.set_usable(has_link=True, has_view=self.widget.embedded is not None)
