"""A group that is folded away until someone wants it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme


class Fold(QWidget):
    """A button that shows and hides ``content``. ``opened`` tells the new state, ``about_to_open`` comes before it."""

    about_to_open = Signal()
    opened = Signal(bool)

    def __init__(self, title: str, content: QWidget, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content = content
        self.button = QPushButton(title, self)
        self.button.setCheckable(True)
        self.button.setAccessibleName(title)
        set_property(self.button, "role", "fold")
        self.button.toggled.connect(self._toggled)
        theme.changed.connect(self._paint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.button)
        layout.addWidget(content)
        content.hide()
        self._paint()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the content."""
        self.button.setChecked(is_open)

    def _toggled(self, is_open: bool) -> None:
        if is_open:
            self.about_to_open.emit()
        self._content.setVisible(is_open)
        self._paint()
        self.opened.emit(is_open)

    def _paint(self) -> None:
        name = "chevron-down" if self.button.isChecked() else "chevron-right"
        self.button.setIcon(icon(name, self._theme.tokens.soft))
