"""The regions chosen so far, as chips in a list: one can be taken away by its cross, Delete or Backspace."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from meld_desktop.domain.regions import Region, RegionIndex
from meld_desktop.ui.form.field_frame import tokens_in_use

_Index = QModelIndex | QPersistentModelIndex

CODE_ROLE = int(Qt.ItemDataRole.UserRole)
_PADDING = 10
_CROSS = 24
"""Width of the part that takes a chip away: WCAG 2.2, 2.5.8 asks for 24 px."""
_GAP = 3
_FLASH_MS = 900


def short_name(region: Region) -> str:
    """Return what a chip says: "Canada", "Ontario (CA-ON)"."""
    return region.name if region.is_country else f"{region.name} ({region.code})"


class ChipsModel(QAbstractListModel):
    """The chosen codes in the order they were added, each once. Codes show as they are until ``set_index``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._codes: list[str] = []
        self._index: RegionIndex | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The chosen codes."""
        return tuple(self._codes)

    def unknown(self) -> list[str]:
        """Return the codes that are none of ISO 3166; nothing as long as there is no index to tell."""
        index = self._index
        return [code for code in self._codes if index.get(code) is None] if index else []

    def name(self, row: int) -> str:
        """Return what the chip in ``row`` says."""
        region = self._index.get(self._codes[row]) if self._index else None
        return short_name(region) if region else self._codes[row]

    def set_index(self, index: RegionIndex) -> None:
        """Show names from now on."""
        self._index = index
        if self._codes:
            self.dataChanged.emit(self.index(0), self.index(len(self._codes) - 1))

    def add(self, codes: Iterable[str]) -> list[str]:
        """Append those of ``codes`` that are not there yet and return them."""
        new = [code for code in dict.fromkeys(codes) if code not in self._codes]
        if new:
            first = len(self._codes)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._codes += new
            self.endInsertRows()
        return new

    def replace(self, codes: Iterable[str]) -> None:
        """Show exactly ``codes``."""
        self.beginResetModel()
        self._codes = list(dict.fromkeys(codes))
        self.endResetModel()

    def removeRows(self, row: int, count: int, parent: _Index | None = None) -> bool:  # noqa: N802 - Qt's name
        """Take chips away."""
        if (parent and parent.isValid()) or row < 0 or count < 1 or row + count > len(self._codes):
            return False
        self.beginRemoveRows(QModelIndex(), row, row + count - 1)
        del self._codes[row : row + count]
        self.endRemoveRows()
        return True

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of chips."""
        return 0 if parent and parent.isValid() else len(self._codes)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name, the code, or the whole story for a tool tip."""
        if not index.isValid():
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.name(index.row())
        if role == CODE_ROLE:
            return self._codes[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tool_tip(self._codes[index.row()])
        return None

    def _tool_tip(self, code: str) -> str:
        region = self._index.get(code) if self._index else None
        if region is None:
            return self.tr("{code}: not in ISO 3166").format(code=code) if self._index else code
        if region.is_country:
            return f"{region.name} ({region.code})"
        country = self._index.get(region.country) if self._index else None
        return f"{short_name(region)}, {country.name if country else region.country}"


class ChipDelegate(QStyledItemDelegate):
    """Paints a chip in the colours of the theme."""

    def __init__(self, view: "ChipsView") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 - Qt's signature
        """Return the size of a chip: never wider than the list."""
        metrics = QFontMetrics(self._view.font())
        width = metrics.horizontalAdvance(str(index.data())) + 1 + _PADDING + _CROSS
        widest = max(self._view.viewport().width() - 2 * _GAP, _PADDING + 2 * _CROSS)
        return QSize(min(width, widest), max(metrics.height() + 6, _CROSS))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the chip, its name and its cross."""
        tokens = tokens_in_use()
        view = self._view
        rect: QRect = option.rect
        current = view.is_lit(index.row())
        fill, ink = (tokens.accent, tokens.on_accent) if current else (tokens.accent_soft, tokens.accent)
        if not view.isEnabled():
            fill, ink = tokens.panel, tokens.disabled
        outlined = tokens.name.startswith("contrast") or view.hovered_row == index.row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(ink if current else tokens.accent), 1.0) if outlined else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), rect.height() / 2, rect.height() / 2)
        painter.setPen(QColor(ink))
        painter.setFont(view.font())
        cross = view.cross_of(rect)
        room = QStyle.visualRect(view.layoutDirection(), rect, rect.adjusted(_PADDING, 0, -_CROSS, 0))
        text = QFontMetrics(view.font()).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        alignment = QStyle.visualAlignment(view.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        painter.drawText(room, int(alignment | Qt.AlignmentFlag.AlignVCenter), text)
        middle = QRectF(cross).center()
        if view.hovered_cross == index.row():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ink))
            painter.drawEllipse(middle, 8.0, 8.0)
            ink = fill
        painter.setPen(QPen(QColor(ink), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        arm = 3.5
        painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm))
        painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm))
        painter.restore()


class ChipsView(QListView):
    """The list of chips: as high as its chips need, hidden when there are none. Lives on the main thread.

    ``remove_wanted`` carries the row whose cross was pressed or that was current when Delete or Backspace was;
    ``left`` says that the focus wants to go on to the line edit; ``typed`` carries what was typed here.
    """

    remove_wanted = Signal(int)
    left = Signal()
    typed = Signal(str)

    def __init__(self, model: ChipsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered_row = self.hovered_cross = self._pressed_cross = self._flashing = -1
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_FLASH_MS)
        self._calm.timeout.connect(self._end_flash)
        self.setAccessibleName(self.tr("Selected regions"))
        self.setAccessibleDescription(self.tr("Delete takes the current region away."))
        self.setStyleSheet("QListView, QListView:focus { border: none; background: transparent; padding: 0; }")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSpacing(_GAP)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setItemDelegate(ChipDelegate(self))
        self.setModel(model)
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset, model.dataChanged):
            signal.connect(self._fit)
        self._fit()

    def is_lit(self, row: int) -> bool:
        """Say whether the chip in ``row`` is painted as the current one."""
        return row == self._flashing or (self.hasFocus() and row == self.currentIndex().row())

    def cross_of(self, rect: QRect) -> QRect:
        """Return where the cross of the chip at ``rect`` is."""
        right = QRect(rect.right() + 1 - _CROSS, rect.top(), _CROSS, rect.height())
        return QStyle.visualRect(self.layoutDirection(), rect, right)

    def flash(self, row: int) -> None:
        """Light the chip in ``row`` up for a moment."""
        self._flashing = row
        self._calm.start()
        self.viewport().update()

    def _end_flash(self) -> None:
        self._flashing = -1
        self.viewport().update()

    def _fit(self) -> None:
        rows = self.model().rowCount()
        self._track(QPointF(-1, -1))
        if rows:
            self.scheduleDelayedItemsLayout()
            last = self.visualRect(self.model().index(rows - 1, 0))
            height = last.bottom() + 1 + self.verticalOffset() + _GAP
            if height != self.height():
                self.setFixedHeight(height)
        if self.isHidden() is bool(rows):
            self.setVisible(bool(rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew when the width changed."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font and the theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange} and self.model() is not None:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, take away with Delete and Backspace, hand typed text on."""
        key, row = event.key(), self.currentIndex().row()
        onward = Qt.Key.Key_Left if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else Qt.Key.Key_Right
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            if row >= 0:
                self.remove_wanted.emit(row)
        elif plain and event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        elif key in {onward, Qt.Key.Key_Down}:
            super().keyPressEvent(event)
            if self.currentIndex().row() == row:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember which cross was pressed."""
        self._pressed_cross = self._cross_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else -1
        if self._pressed_cross < 0:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the chip away when the cross was pressed and let go."""
        pressed, self._pressed_cross = self._pressed_cross, -1
        if pressed >= 0 and pressed == self._cross_at(event.position()):
            self.remove_wanted.emit(pressed)
        else:
            super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what is under the mouse."""
        self._track(event.position())
        if self._pressed_cross < 0:
            super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse any more."""
        self._track(QPointF(-1, -1))
        super().leaveEvent(event)

    def _track(self, position: QPointF) -> None:
        hovered = self.indexAt(position.toPoint()).row(), self._cross_at(position)
        if hovered != (self.hovered_row, self.hovered_cross):
            self.hovered_row, self.hovered_cross = hovered
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if hovered[1] >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    def _cross_at(self, position: QPointF) -> int:
        index = self.indexAt(position.toPoint())
        return index.row() if self.cross_of(self.visualRect(index)).contains(position.toPoint()) else -1
