"""The right side: Widget, Request and Response behind tabs."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from meld_desktop.ui.result.embedding import Embedder
from meld_desktop.ui.result.exchange_panes import RequestPane, ResponsePane
from meld_desktop.ui.result.widget_pane import WidgetPane
from meld_desktop.ui.theme.theme import Theme


class ResultPane(QFrame):
    """Holds the three tabs; each is its own widget."""

    def __init__(self, theme: Theme, embedder: Embedder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultPane")
        self.tabs = QTabBar(self)  # first, because Tab comes to it first
        self.widget = WidgetPane(theme, embedder, self)
        self.request = RequestPane(theme, self)
        self.response = ResponsePane(theme, self)
        self.tabs.setAccessibleName(self.tr("Result"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._stack = QStackedWidget(self)
        for name, pane in (
            (self.tr("Widget"), self.widget),
            (self.tr("Request"), self.request),
            (self.tr("Response"), self.response),
        ):
            self.tabs.addTab(name)
            self._stack.addWidget(pane)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        bar = QFrame(self)
        bar.setObjectName("tabs")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 4, 16, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._stack, 1)

    def show_pane(self, pane: QWidget) -> None:
        """Bring the tab of ``pane`` to the front."""
        self.tabs.setCurrentIndex(self._stack.indexOf(pane))
