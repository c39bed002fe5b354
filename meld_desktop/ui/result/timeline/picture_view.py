"""One picture of the widget, large, with the ones before and after it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from meld_desktop.domain.witness.session import Picture
from meld_desktop.ui.paragraph import Paragraph


class PictureView(QDialog):
    """Shows pictures of one session. Opened with ``open``; ``entry_shown`` carries the number of the entry on show.

    Left and right go through the pictures.
    """

    entry_shown = Signal(int)

    def __init__(
        self, pictures: Sequence[Picture], captions: dict[int, str], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Pictures of the widget"))
        self._pictures = list(pictures)
        self._captions = captions
        self._at = next((place for place, picture in enumerate(self._pictures) if picture.name == name), 0)
        self._image = QImage()
        self.canvas = _Canvas(self)
        self.caption = Paragraph("", "heading", self)
        self.place = Paragraph("", "hint", self)
        buttons = QDialogButtonBox(self)
        self.before = buttons.addButton(self.tr("&Previous"), QDialogButtonBox.ButtonRole.ActionRole)
        self.after = buttons.addButton(self.tr("&Next"), QDialogButtonBox.ButtonRole.ActionRole)
        copy = buttons.addButton(self.tr("&Copy picture"), QDialogButtonBox.ButtonRole.ActionRole)
        self.close_button = buttons.addButton(self.tr("C&lose"), QDialogButtonBox.ButtonRole.RejectRole)
        self.before.clicked.connect(self.go_back)
        self.after.clicked.connect(self.go_on)
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        for button in buttons.buttons():
            button.setProperty("autoDefault", False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(self.caption)
        column.addWidget(self.place)
        column.addWidget(self.canvas, 1)
        column.addWidget(buttons)
        self.resize(620, 760)
        self._show()
        self.close_button.setFocus()

    def go_back(self) -> None:
        """Show the picture before this one."""
        self._go_to(self._at - 1)

    def go_on(self) -> None:
        """Show the picture after this one."""
        self._go_to(self._at + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the pictures with the arrows."""
        if event.key() == Qt.Key.Key_Left:
            self.go_back()
        elif event.key() == Qt.Key.Key_Right:
            self.go_on()
        else:
            super().keyPressEvent(event)

    def _go_to(self, place: int) -> None:
        if 0 <= place < len(self._pictures):
            self._at = place
            self._show()

    def _show(self) -> None:
        picture = self._pictures[self._at]
        self._image = QImage.fromData(picture.png)
        caption = self._captions.get(picture.entry, "")
        place = self.tr("Picture {number} of {all}, {width} x {height}. What was typed is covered.").format(
            number=self._at + 1, all=len(self._pictures), width=picture.width, height=picture.height
        )
        self.caption.setText(caption)
        self.place.setText(place)
        self.canvas.show_image(self._image, self.tr("Picture of the widget"), f"{caption}. {place}")
        for button, is_usable in (
            (self.before, self._at > 0),
            (self.after, self._at + 1 < len(self._pictures)),
        ):
            if button.hasFocus() and not is_usable:
                self.close_button.setFocus()
            button.setEnabled(is_usable)
        self.entry_shown.emit(picture.entry)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setImage(self._image)


class _Canvas(QLabel):
    """A picture as large as there is room, never larger than it was taken."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._whole = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumSize(QSize(200, 200))

    def show_image(self, image: QImage, name: str, description: str) -> None:
        """Show ``image``; a screen reader hears what it shows."""
        self._whole = QPixmap.fromImage(image)
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture to the new size."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._whole.isNull():
            self.clear()
            return
        ratio = self.devicePixelRatioF()
        room = (self.size() * ratio).boundedTo(self._whole.size())
        fitted = self._whole.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        fitted.setDevicePixelRatio(ratio)
        self.setPixmap(fitted)
