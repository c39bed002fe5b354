"""A tree in the look of the theme."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from meld_desktop.ui.form.field_frame import FlatRows, tokens_in_use
from meld_desktop.ui.theme.icons import pixmap

_ARROW = 14


class ArrowTree(QTreeView):
    """Draws its own arrows: a style sheet on the tree takes the style's own away. Rows are chosen whole, one height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformRowHeights(True)
        self.setItemDelegate(FlatRows(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802 - Qt's name
        """Draw the arrow of a row that can be unfolded, where its own step of indentation is."""
        if not (self.rootIsDecorated() and self.model().hasChildren(index)):
            return
        name = "chevron-down" if self.isExpanded(index) else "chevron-right"
        place = QRect(0, 0, _ARROW, _ARROW)
        place.moveCenter(
            QRect(rect.right() - self.indentation(), rect.top(), self.indentation(), rect.height()).center()
        )
        painter.drawPixmap(place, pixmap(name, tokens_in_use().soft, _ARROW, self.devicePixelRatioF()))
