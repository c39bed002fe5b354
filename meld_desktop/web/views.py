"""The room that a web view gets: all there is, or that of a phone or a tablet."""

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from meld_desktop.domain.view_size import ViewChoices, ViewSize

_SMALLEST_ZOOM = 0.25
"""What Qt WebEngine allows."""
_GAP = 24


def frame_properties(choices: ViewChoices) -> dict[str, str]:
    """Return the custom properties that tell the frame page which room the widget gets."""
    return {"--view": choices.size.value, "--zoom": f"{choices.zoom:.4g}"}


class ViewRoom(QWidget):
    """Holds one web view and places it. Lives on the GUI thread.

    The frame page makes a phone or a tablet of itself, so its view has all the room. A page at the top level knows
    nothing of that: its view is made as large as the device, and a tablet that does not fit is zoomed out.
    """

    def __init__(self, choices: ViewChoices, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = QWebEngineView(self)
        self._choices = choices
        self._line = QColor("#dfe3e8")
        self.setAutoFillBackground(True)
        self.setFocusProxy(self.view)

    def arrange(self, choices: ViewChoices) -> None:
        """Give the view its place and its zoom."""
        self._choices = choices
        self._place()

    def set_colours(self, background: QColor, line: QColor) -> None:
        """Use these around the view."""
        self._line = line
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, background)
        self.setPalette(palette)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        super().paintEvent(event)
        if isValid(self.view) and self.view.geometry() != self.rect():
            painter = QPainter(self)
            painter.setPen(self._line)
            painter.drawRect(QRectF(self.view.geometry()).adjusted(-0.5, -0.5, 0.5, 0.5))

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return QSize(1, 1)

    def _place(self) -> None:
        if not isValid(self.view):
            return
        place, zoom = placed(self.size(), self._choices)
        self.view.setGeometry(place)
        if abs(self.view.zoomFactor() - zoom) > 0.001:
            self.view.setZoomFactor(zoom)
        self.update()


def placed(room: QSize, choices: ViewChoices) -> tuple[QRect, float]:
    """Return where a view stands in ``room``, and its zoom factor."""
    whole = QRect(0, 0, room.width(), room.height())
    device = choices.size.pixels
    if not choices.is_top_level or device is None:
        return whole, choices.zoom
    width, height = device
    zoom = choices.zoom
    if choices.size is ViewSize.TABLET:
        # Only a tablet is scaled: text for a phone that is scaled down could not be read.
        zoom *= min(1.0, (room.width() - _GAP) / width, (room.height() - _GAP) / height)
        zoom = max(zoom, _SMALLEST_ZOOM)
    place = QRect(0, 0, min(round(width * zoom), room.width()), min(round(height * zoom), room.height()))
    place.moveCenter(whole.center())
    return place, zoom
