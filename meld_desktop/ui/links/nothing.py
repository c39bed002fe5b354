"""What stands in place of an empty list of links: why it is empty, and the way on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_ICON = 32


class Nothing(QWidget):
    """``everything_wanted`` comes when search and filters are to go, ``retry_wanted`` to read the list again."""

    everything_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("linksNothing")
        self._theme = theme
        self._icon_name = "links"
        self._icon = QLabel(self)
        self.title = Paragraph("", "title", self)
        self.text = Paragraph("", "soft", self)
        self.everything = QPushButton(self.tr("Show every&thing"), self)
        self.everything.setAccessibleName(self.tr("Show everything"))
        self.everything.clicked.connect(self.everything_wanted)
        self.retry = QPushButton(self.tr("&Try again"), self)
        self.retry.setAccessibleName(self.tr("Try again"))
        self.retry.clicked.connect(self.retry_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 16, 32, 16)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (self.title, self.text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        for button in (self.everything, self.retry):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        theme.changed.connect(self._paint)
        self.say_empty()

    def say_empty(self) -> None:
        """Say that no link was made yet."""
        self._say(
            "links",
            self.tr("No links yet"),
            self.tr(
                "Every link you create is listed here, with what became of it. Its address is never kept; the request"
                " is, so that one key makes it again."
            ),
        )

    def say_no_match(self) -> None:
        """Say that search and filters leave nothing."""
        self._say(
            "search", self.tr("Nothing matches"), self.tr("No link fits the search and the filters."), everything=True
        )

    def say_trouble(self, why: str) -> None:
        """Say why the list cannot be read."""
        self._say("warning", self.tr("The list of links cannot be shown"), why, retry=True)

    def _say(self, icon: str, title: str, text: str, *, everything: bool = False, retry: bool = False) -> None:
        self._icon_name = icon
        self.title.setText(title)
        self.text.setText(text)
        self.everything.setVisible(everything)
        self.retry.setVisible(retry)
        set_property(self.title, "tone", "warning" if retry else "")
        self._paint()

    def _paint(self) -> None:
        tokens = self._theme.tokens
        colour = tokens.warning if self._icon_name == "warning" else tokens.soft
        self._icon.setPixmap(pixmap(self._icon_name, colour, _ICON, self.devicePixelRatioF()))
