"""A dialog that is always high enough for its sentences."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget


class Dialog(QDialog):
    """Fill ``column`` and open it with ``open``; it is deleted when it closes.

    Qt asks a window's layout for a height once, before it knows the width: lines that appear or wrap later would be
    cut.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(8)

    def event(self, event: QEvent) -> bool:
        """Claim the height the content has at this width."""
        done = super().event(event)
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show}:
            needed = self.column.totalHeightForWidth(self.width())
            if needed > 0 and needed != self.minimumHeight():
                self.setMinimumHeight(needed)
        return done
