"""The banks that a typed name may mean, as a list: the name, and what tells it apart."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.domain.banks.summary import one_line, particulars
from meld_desktop.ui.strings import localized, tool_tip

_Index = QModelIndex | QPersistentModelIndex

ID_ROLE = int(Qt.ItemDataRole.UserRole)
NAME_ROLE = ID_ROLE + 1
DETAILS_ROLE = ID_ROLE + 2
_VISIBLE_ROWS = 6
_FRAME = 6
_SIDE, _ABOVE = 10, 6
_SMALL = 12 / 14

_POPUP_STYLE = "QListView, QListView:focus { border: 1px solid palette(dark); border-radius: 0; padding: 2px; }"


class BankListModel(QAbstractListModel):
    """Banks, in the order in which they were found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._banks: tuple[Bank, ...] = ()
        self._details: tuple[str, ...] = ()

    def show_banks(self, banks: Sequence[Bank]) -> None:
        """List ``banks``."""
        self.beginResetModel()
        self._banks = tuple(banks)
        self._details = tuple(
            "  ·  ".join(_apart(part if isinstance(part, str) else localized(part)) for part in parts)
            for parts in particulars(self._banks)
        )
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many banks there are."""
        return 0 if parent and parent.isValid() else len(self._banks)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name, details or id; what is displayed and read aloud is the name with the details."""
        if not index.isValid():
            return None
        bank, details = self._banks[index.row()], self._details[index.row()]
        if role == ID_ROLE:
            return bank.id
        if role == NAME_ROLE:
            return one_line(bank.name)
        if role == DETAILS_ROLE:
            return details
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{one_line(bank.name)}\n{details}")
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return f"{one_line(bank.name)}, {details}" if details else one_line(bank.name)
        return None


class BankRows(QStyledItemDelegate):
    """Paints plain text only, wrapped: a name in two lines at most, and all that tells it from others in three."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.width = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of one row."""
        heights = (QFontMetrics(face).lineSpacing() * len(lines) for face, _, lines in self._parts(index, option.font))
        return QSize(self.width, sum(heights) + 2 * _ABOVE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the name above and the details below it."""
        self.initStyleOption(option, index)
        font, palette = option.font, option.palette
        option.text = ""
        option.state &= ~QStyle.StateFlag.State_HasFocus
        if option.widget is not None:
            option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        at = option.rect.adjusted(_SIDE, _ABOVE, -_SIDE, 0)
        painter.save()
        for face, ink, lines in self._parts(index, font):
            painter.setFont(face)
            painter.setPen(palette.color(ink))
            height = QFontMetrics(face).lineSpacing()
            for line in lines:
                place = QRect(at.left(), at.top(), at.width(), height)
                painter.drawText(place, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, line)
                at.translate(0, height)
        painter.restore()

    def _parts(self, index: _Index, font: QFont) -> list[tuple[QFont, QPalette.ColorRole, list[str]]]:
        """Return what to paint from top to bottom."""
        bold, small = QFont(font), QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        small.setPointSizeF(font.pointSizeF() * _SMALL)
        width = self.width - 2 * _SIDE
        return [
            (bold, QPalette.ColorRole.Text, wrapped(str(index.data(NAME_ROLE)), bold, width, 2)),
            (small, QPalette.ColorRole.PlaceholderText, wrapped(str(index.data(DETAILS_ROLE)), small, width, 3)),
        ]


class BankPopup(QObject):
    """The list below a line edit, which keeps the focus. ``chosen`` carries the id and the name of a bank."""

    chosen = Signal(str, str)

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._model = BankListModel(self)
        self.view = QListView()
        self._rows = BankRows(self.view)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setStyleSheet(_POPUP_STYLE)
        self.view.setAccessibleName(self.tr("Banks found"))
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_VISIBLE_ROWS)
        self._completer.setWidget(line)  # not QLineEdit.setCompleter: that would write the highlighted row
        self._completer.setPopup(self.view)
        self.view.setItemDelegate(self._rows)  # after setPopup, which brings its own
        self._completer.activated[QModelIndex].connect(self._choose)  # type: ignore[index]
        if isinstance(application := QApplication.instance(), QApplication):
            application.focusChanged.connect(self._follow_focus)

    @property
    def is_open(self) -> bool:
        """Whether the list is on show."""
        return self.view.isVisible()

    def offer(self, banks: Sequence[Bank], place: QRect) -> None:
        """List ``banks`` below ``place``, which is in the line's coordinates. None is highlighted.

        What was typed may be an id: only who goes down to a bank means it.
        """
        self.view.setFont(self._line.font())
        self._model.show_banks(banks)
        self._rows.width = place.width() - self.view.verticalScrollBar().sizeHint().width() - _FRAME
        self._completer.complete(place)
        self._fit(place.bottom() + 1)
        self.view.setCurrentIndex(QModelIndex())

    def _fit(self, below: int) -> None:
        """Give the list the height of its rows, which differ, where there is room: ``below`` the line, else above it.

        QCompleter takes all rows to be like the first.
        """
        rows = range(min(_VISIBLE_ROWS, self._model.rowCount()))
        wanted = sum(self.view.sizeHintForRow(row) for row in rows) + _FRAME
        place, screen = self.view.geometry(), self._line.screen().availableGeometry()
        top = self._line.mapToGlobal(QPoint(0, 0)).y()
        under, over = screen.bottom() + 1 - (top + below), top - screen.top()
        if wanted <= under or under >= over:
            place.setTop(top + below)
            place.setHeight(min(wanted, under))
        else:
            place.setTop(top - min(wanted, over))
            place.setHeight(min(wanted, over))
        self.view.setGeometry(place)

    def close(self) -> None:
        """Hide the list."""
        self.view.hide()

    def _choose(self, index: QModelIndex) -> None:
        self.close()
        self.chosen.emit(str(index.data(ID_ROLE)), str(index.data(NAME_ROLE)))

    def _follow_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """Close when the focus is moved elsewhere: QCompleter keeps that from the line edit."""
        if old is self._line and new is not None and new is not self._line:
            self.close()


def wrapped(text: str, font: QFont, width: int, most: int) -> list[str]:
    """Return ``text`` in at most ``most`` lines; what does not fit the last ends with "…"."""
    if not text:
        return []
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) < most + 1 and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    ends = [*starts[1:most], len(text)]
    lines = [text[start:end].strip() for start, end in zip(starts[:most], ends, strict=True)]
    if len(starts) > most:
        lines[-1] = QFontMetrics(font).elidedText(lines[-1], Qt.TextElideMode.ElideRight, width)
    return lines


def _apart(part: str) -> str:
    """Return ``part`` so that its direction turns nothing beside it around."""
    part = one_line(part)
    return part if part.isascii() else f"\u2068{part}\u2069"
