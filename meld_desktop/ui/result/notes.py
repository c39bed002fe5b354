"""A sentence that stays beside the widget until it is dealt with, and what can be done about it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

Remedy = tuple[str, Callable[[], object]]
"""The text of a button, and what it does."""


class NoteBox(QFrame):
    """Shows one note at a time; hidden without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noteBox")
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addWidget(self._text)
        column.addLayout(self._row)
        self.hide()

    def say(self, text: str, remedies: Sequence[Remedy] = ()) -> None:
        """Show ``text`` with a button for each remedy."""
        self._clear()
        self._text.setText(text)
        for place, (name, act) in enumerate(remedies):
            button = QPushButton(name, self)
            button.setAccessibleName(name.replace("&", ""))
            button.clicked.connect(act)
            self._row.insertWidget(place, button)
            self._buttons.append(button)
        self.show()

    def clear(self) -> None:
        """Hide, because there is nothing to say any more."""
        self._clear()
        self.hide()

    def _clear(self) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons.clear()


class BlankNote(NoteBox):
    """Says that a widget stays blank; its signals tell which remedy the person takes."""

    reload_wanted = Signal()
    browser_wanted = Signal()
    software_wanted = Signal()

    def say_blank(self) -> None:
        """Explain, and offer every way out."""
        self.say(
            self.tr(
                "The widget has shown nothing for ten seconds. The link is still good: load the widget again, or open "
                "it in your browser. If widgets are always blank here, the graphics card may be the reason."
            ),
            (
                (self.tr("&Reload"), self.reload_wanted.emit),
                (self.tr("Open in &browser"), self.browser_wanted.emit),
                (self.tr("Do without the &graphics card"), self.software_wanted.emit),
            ),
        )
