"""The column beside the widget: what has happened so far, and the test users to try it with."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from meld_desktop.ui.result.activity import ActivityList
from meld_desktop.ui.result.test_users import TestUserCard
from meld_desktop.ui.theme.theme import Theme

_FOLDED, _OPEN = 184, 304


class Beside(QWidget):
    """Narrow, so that the widget gets the room; wider while the test users are unfolded."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.activity = ActivityList(self)
        self.test_users = TestUserCard(theme, self)
        self.test_users.fold.opened.connect(self._set_width)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.activity, 1)
        column.addWidget(self.test_users)
        self._set_width(False)

    def _set_width(self, is_open: bool) -> None:
        self.setFixedWidth(_OPEN if is_open else _FOLDED)
