"""What has happened with the link on show, newest last."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

_Index = QModelIndex | QPersistentModelIndex
_DETAIL = Qt.ItemDataRole.UserRole
_MOST = 500


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of it: a title, and a detail in a softer colour."""

    title: str
    detail: str = ""


class ActivityModel(QAbstractListModel):
    """The activities of one link; the oldest go when there are very many."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[Activity] = []

    def add(self, activity: Activity) -> None:
        """Append one line; the same line twice in a row counts once."""
        if self._rows and self._rows[-1] == activity:
            return
        if len(self._rows) >= _MOST:
            self.beginRemoveRows(QModelIndex(), 0, 0)
            del self._rows[0]
            self.endRemoveRows()
        place = len(self._rows)
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.append(activity)
        self.endInsertRows()

    def clear(self) -> None:
        """Remove all lines."""
        self.beginResetModel()
        self._rows.clear()
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a line's title, its detail, or both for a screen reader."""
        if not index.isValid():
            return None
        activity = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return activity.title
        if role == _DETAIL:
            return activity.detail
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return f"{activity.title}: {activity.detail}" if activity.detail else activity.title
        return None


class ActivityList(QListView):
    """Shows an ActivityModel and follows its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activity")
        self.setAccessibleName(self.tr("Activity"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setItemDelegate(_ActivityDelegate(self))
        self.activities = ActivityModel(self)
        self.setModel(self.activities)
        self.activities.rowsInserted.connect(self.scrollToBottom)


class _ActivityDelegate(QStyledItemDelegate):
    """Paints title over detail, both wrapped."""

    _MARGIN = 12

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one line."""
        title, detail = index.data(), index.data(_DETAIL)
        rect: QRect = option.rect.adjusted(self._MARGIN, 4, -4, -4)
        palette: QPalette = option.palette
        painter.save()
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        used = painter.drawText(rect, Qt.TextFlag.TextWordWrap, title)
        if detail:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(rect.adjusted(0, used.height() + 2, 0, 0), Qt.TextFlag.TextWordWrap, detail)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height the two texts need at the list's width."""
        metrics: QFontMetrics = option.fontMetrics
        view = self.parent()
        width = view.viewport().width() - self._MARGIN - 4 if isinstance(view, QListView) else 160
        space = QRect(0, 0, max(width, 40), 10_000)
        height = 8
        for text in filter(None, (index.data(), index.data(_DETAIL))):
            height += metrics.boundingRect(space, Qt.TextFlag.TextWordWrap, text).height() + 2
        return QSize(width, height + 6)
