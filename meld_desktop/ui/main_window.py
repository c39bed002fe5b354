"""The window itself: its place, its size, its colour. Quick to make, so that it is there at once.

``Content`` moves in behind it. Nothing but Qt is imported here.
"""

import base64
import binascii
import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QMoveEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow

from meld_desktop.locations import resource

if TYPE_CHECKING:
    from meld_desktop.ui.content import Content
    from meld_desktop.ui.header import Header
    from meld_desktop.ui.message_strip import MessageStrip
    from meld_desktop.ui.new_link import NewLinkPanel


_FRAME = QSize(16, 48)
"""What title bar and borders take at most; how much they do is known only when the window is there."""


class MainWindow(QMainWindow):
    """An empty window until ``Content`` makes itself its central widget.

    ``painted`` is emitted once, after the first paint; ``arranged`` after each move and change of size; ``closed`` when
    the window goes away for good.
    """

    painted = Signal()
    arranged = Signal()
    closed = Signal()

    def __init__(self, geometry: str = "") -> None:
        super().__init__()
        self._is_painted = False
        self.setWindowTitle("Meld Desktop")
        self.setWindowIcon(QIcon(str(resource("icons", "meld-desktop.svg"))))
        self.setMinimumSize(1024, 640)
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize() - _FRAME))
        with contextlib.suppress(binascii.Error, ValueError):
            self.restoreGeometry(QByteArray(base64.b64decode(geometry, validate=True)))

    @property
    def content(self) -> "Content":
        """What the window holds, once it has moved in."""
        from meld_desktop.ui.content import Content

        content = self.centralWidget()
        assert isinstance(content, Content)  # noqa: S101 - narrows the type
        return content

    @property
    def header(self) -> "Header":
        """The bar on top."""
        return self.content.header

    @property
    def panel(self) -> "NewLinkPanel":
        """The panel between bar and strip."""
        return self.content.panel

    @property
    def strip(self) -> "MessageStrip":
        """The message strip at the bottom."""
        return self.content.strip

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first paint."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell of the new size."""
        super().resizeEvent(event)
        self.arranged.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Tell of the new place."""
        super().moveEvent(event)
        self.arranged.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go away for good."""
        self.arranged.emit()
        super().closeEvent(event)
        self.closed.emit()
