"""The list with what stands below it, or what stands in its place."""

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from meld_desktop.domain.text import Text
from meld_desktop.services.link_book import MOST_COUNTED, Paged
from meld_desktop.ui.links.nothing import Nothing
from meld_desktop.ui.links.view import LinksView
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme


class ListFrame(QWidget):
    """Says how many links there are, or why there are none. ``top_wanted`` comes when the list is to begin anew."""

    top_wanted = Signal()

    def __init__(self, theme: Theme, view: LinksView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.nothing = Nothing(theme, self)
        self.count = QLabel(self)
        set_property(self.count, "role", "hint")
        self.newest = QPushButton(self.tr("The list has changed. Show it from the to&p"), self)
        self.newest.setAccessibleName(self.tr("Show the list from the top"))
        set_property(self.newest, "role", "link")
        self.newest.hide()
        self.newest.clicked.connect(self.top_wanted)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(view)
        self._stack.addWidget(self.nothing)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self.count)
        foot.addStretch(1)
        foot.addWidget(self.newest)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.setSpacing(8)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)

    @property
    def is_empty(self) -> bool:
        """Whether words stand in place of the list."""
        return self._stack.currentWidget() is self.nothing

    def show_state(
        self, rows: int, shown: Paged | None, total: int | None, trouble: Text | None, *, is_limiting: bool
    ) -> None:
        """Say how many there are of ``total``, None when that is not known; without ``rows`` say why."""
        is_empty = not rows and (trouble is not None or (shown is not None and not shown.more))
        if is_empty and trouble is not None:
            self.nothing.say_trouble(localized(trouble))
        elif is_empty and is_limiting:
            self.nothing.say_no_match()
        elif is_empty:
            self.nothing.say_empty()
        self._stack.setCurrentWidget(self.nothing if is_empty else self._view)
        self.count.setText(self._words(rows, shown, total) if rows and shown is not None else "")

    def _words(self, rows: int, shown: Paged, total: int | None) -> str:
        locale = QLocale()
        if not shown.more:
            return self.tr("Links: {count}").format(count=locale.toString(rows))
        if total is None:
            return self.tr("Fetched so far: {count}").format(count=locale.toString(rows))
        if total == MOST_COUNTED:
            return self.tr("Links: more than {count}").format(count=locale.toString(total))
        return self.tr("Links: {count}").format(count=locale.toString(max(rows, total)))
