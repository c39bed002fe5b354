"""What stands in the widget's place when there is no widget to show."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

NOT_LOADED = Text(
    QT_TRANSLATE_NOOP(
        "domain", "The page could not be loaded. Check the connection, then press Reload or use “Open in browser”."
    )
)
STOPPED = Text(
    QT_TRANSLATE_NOOP(
        "domain", "The widget's page stopped working. The link is still good: press Reload, or use “Open in browser”."
    )
)


class MessagePanel(QWidget):
    """A sentence and a Reload button, in the middle of the room the widget would have."""

    reload_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)  # parts of it come from web pages
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.reload_button = QPushButton(self.tr("&Reload"), self)
        self.reload_button.setAccessibleName(self.tr("Reload widget"))
        self.reload_button.clicked.connect(self.reload_wanted)
        self.setFocusProxy(self.reload_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(40, 24, 40, 24)
        layout.addStretch(1)
        layout.addWidget(self.words)  # no alignment: a layout asks an aligned label only for its narrow size hint
        layout.addSpacing(16)
        layout.addWidget(self.reload_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def say(self, text: Text) -> None:
        """Show ``text``."""
        words = text.render(lambda source: QCoreApplication.translate("domain", source))
        self.words.setText(words)
        self.words.setAccessibleName(words)
