"""The card of test users: which login sets off what, to copy or to fill in. For Demo and Sandbox only."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.test_users import BankLogin, users_of
from meld_desktop.ui.form.fold import Fold
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_MOST_HEIGHT = 320
_GAP = 8


class TestUserCard(QFrame):
    """A folded card. ``fill_in_wanted`` carries username, password and code; ``copied`` says what was copied.

    It makes its rows when it is first opened, and is not there at all in other environments.
    """

    fill_in_wanted = Signal(str, str, str)
    copied = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._environment: Environment | None = None
        self._rows: list[_Row] = []
        self._list = QWidget(self)
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, _GAP, _GAP)
        self._column.setSpacing(12)
        self._area = _Area(self._list, self)
        self._area.resized.connect(self._arrange)
        self._area.setAccessibleName(self.tr("Test users"))
        self.fold = Fold(self.tr("Test users"), self._area, theme, self)
        self.fold.about_to_open.connect(self._fill)
        self.setObjectName("testUsers")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 4, 4)
        column.addWidget(self.fold)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        theme.changed.connect(self._paint)
        self.hide()

    def show_environment(self, environment: Environment) -> None:
        """Offer the logins of ``environment``; without any, there is no card."""
        if environment == self._environment:
            return
        self._environment = environment
        for row in self._rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = []
        self.setVisible(bool(users_of(environment)))
        if self.fold.button.isChecked():
            self._fill()

    def _fill(self) -> None:
        if self._rows or self._environment is None:
            return
        for login in users_of(self._environment):
            row = _Row(login, self._list)
            row.fill_in.clicked.connect(partial(self.fill_in_wanted.emit, login.username, login.password, login.code))
            row.copied.connect(self.copied)
            self._rows.append(row)
            self._column.addWidget(row)
        self._paint()
        self._arrange(self._area.viewport().width() - _GAP)

    def _arrange(self, width: int) -> None:
        is_wide = all(row.wide_width() <= width for row in self._rows)
        for row in self._rows:
            row.arrange(is_wide=is_wide)

    def _paint(self) -> None:
        for row in self._rows:
            row.paint_icons(self._theme.tokens.soft)


class _Area(QScrollArea):
    """As high as what it holds, up to a limit; never scrolls sideways. ``resized`` carries the width of the content."""

    resized = Signal(int)

    def __init__(self, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._content = content
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        self.setMaximumHeight(_MOST_HEIGHT)

    def sizeHint(self) -> QSize:
        """Ask for the height of the content."""
        return QSize(
            super().sizeHint().width(), min(self._content.heightForWidth(self.viewport().width()), _MOST_HEIGHT)
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell what width there is."""
        super().resizeEvent(event)
        self.resized.emit(self.viewport().width() - _GAP)

    def minimumSizeHint(self) -> QSize:
        """Be as narrow as the content may be."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._content.minimumSizeHint().width() + bar, 0)


class _Row(QWidget):
    """One login: the bank, what it sets off, and its parts, each a button that copies it."""

    copied = Signal(str)

    def __init__(self, login: BankLogin, parent: QWidget) -> None:
        super().__init__(parent)
        bank = localized(login.bank)
        self._title = Paragraph(bank, "heading", self)
        self._triggers = Paragraph(localized(login.triggers), "hint", self)
        self._parts = list(self._made(login))
        self.fill_in = QPushButton(self.tr("Fill in"), self)
        self.fill_in.setAccessibleName(self.tr("Fill in: {bank}").format(bank=bank))
        self.fill_in.setAccessibleDescription(localized(login.triggers))
        self.fill_in.setToolTip(self.tr("Write this login into the form that the widget shows"))
        set_property(self.fill_in, "role", "link")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(0)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)
        self._is_wide: bool | None = None
        self.arrange(is_wide=False)

    def _made(self, login: BankLogin) -> Iterable[tuple[QLabel, QToolButton]]:
        for name, said, value in (
            (self.tr("Username"), self.tr("Username copied"), login.username),
            (self.tr("Password"), self.tr("Password copied"), login.password),
            (self.tr("Code"), self.tr("Code copied"), login.code),
        ):
            if not value:
                continue
            label = QLabel(name, self)
            set_property(label, "role", "hint")
            button = QToolButton(self)
            button.setText(value)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setAccessibleName(self.tr("Copy {what}: {value}").format(what=name, value=value))
            button.setToolTip(self.tr("Copy"))
            set_property(button, "role", "plain")
            button.clicked.connect(partial(self._copy, value, said))
            yield label, button

    def _copy(self, value: str, said: str) -> None:
        QGuiApplication.clipboard().setText(value)
        self.copied.emit(said)

    def paint_icons(self, colour: str) -> None:
        """Use icons of this colour."""
        for _, button in self._parts:
            button.setIcon(icon("copy", colour))

    def wide_width(self) -> int:
        """Return the width at which all parts fit into one line."""
        widgets = [widget for part in self._parts for widget in part]
        return sum(widget.sizeHint().width() + self._grid.horizontalSpacing() for widget in (*widgets, self.fill_in))

    def arrange(self, *, is_wide: bool) -> None:
        """Put the parts beside or below each other."""
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        columns = 2 * len(self._parts) + 1 if is_wide else 3
        for place, widget in enumerate((self._title, self._triggers)):
            self._grid.addWidget(widget, place, 0, 1, columns + 1)
        for place, (label, button) in enumerate(self._parts):
            row, column = (2, 2 * place) if is_wide else (2 + place, 0)
            self._grid.addWidget(label, row, column)
            self._grid.addWidget(button, row, column + 1, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(self.fill_in, 2, columns - 1, Qt.AlignmentFlag.AlignLeft)
        for column in range(2 * len(self._parts) + 2):
            self._grid.setColumnStretch(column, int(column == (columns if is_wide else 1)))
