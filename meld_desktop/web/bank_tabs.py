"""A strip of tabs above the widget, there only while bank windows are open in it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

_HOST_LIMIT = 40
"""Characters of a host that a tab shows; the end of a long one says more than its beginning."""


class BankTabs(QWidget):
    """Shows the widget, or one of the bank windows that are tabs. Lives on the GUI thread."""

    def __init__(self, main: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.strip = QTabBar(self)
        self.strip.setAccessibleName(self.tr("Bank windows"))
        self.strip.setDrawBase(False)
        self.strip.setExpanding(False)
        self.strip.setUsesScrollButtons(True)
        self.strip.setElideMode(Qt.TextElideMode.ElideLeft)
        self.strip.setSelectionBehaviorOnRemove(QTabBar.SelectionBehavior.SelectPreviousTab)
        self.strip.addTab(self.tr("Widget"))
        self.strip.hide()
        self._pages = QStackedWidget(self)
        self._pages.addWidget(main)
        self.setFocusProxy(main)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(self._pages, 1)
        self.strip.currentChanged.connect(self._show)

    @property
    def current(self) -> QWidget | None:
        """The page on show: the widget, or a bank window."""
        return self._pages.currentWidget()

    def add(self, window: QWidget, host: str) -> None:
        """Take ``window`` in, and show it."""
        self._pages.addWidget(window)
        place = self.strip.addTab("")
        self.strip.setTabButton(place, QTabBar.ButtonPosition.RightSide, self._close_button(window))
        self.say(window, host)
        self.strip.show()
        self.strip.setCurrentIndex(place)
        window.show()

    def take(self, window: QWidget) -> None:
        """Let go of ``window``, if it is here: it is hidden and keeps its parent until somebody gives it another."""
        place = self._pages.indexOf(window)
        if place <= 0:
            return
        # The page first: where the strip goes from here decides which of the rest is shown.
        self._pages.removeWidget(window)
        self.strip.removeTab(place)
        self._show(self.strip.currentIndex())
        if self.strip.count() == 1:
            self.strip.hide()

    def say(self, window: QWidget, host: str) -> None:
        """Show ``host`` in the tab of ``window``."""
        place = self._pages.indexOf(window)
        if place <= 0:
            return
        name = host or self.tr("Bank window")
        self.strip.setTabText(place, name if len(name) <= _HOST_LIMIT else "…" + name[-_HOST_LIMIT:])
        self.strip.setTabToolTip(place, name)
        self.strip.setAccessibleTabName(place, name)
        button = self.strip.tabButton(place, QTabBar.ButtonPosition.RightSide)
        button.setAccessibleName(self.tr("Close {host}").format(host=name))
        button.setToolTip(button.accessibleName())

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return QSize(1, 1)

    def _close_button(self, window: QWidget) -> QToolButton:
        button = QToolButton(self.strip)
        button.setText("×")
        button.setAutoRaise(True)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # As the close button of a window does it: the window itself decides what that means.
        button.clicked.connect(window.close)
        return button

    def _show(self, place: int) -> None:
        page = self._pages.widget(place)
        if page is None:
            return
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._pages.isAncestorOf(focused)
        self._pages.setCurrentWidget(page)
        self.setFocusProxy(page)
        if had_focus:
            page.setFocus()
