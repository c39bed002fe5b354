"""Where the widget stands, and what stands there while there is none."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_TEXT_WIDTH = 340
_LEAST_TEXT = 200
_MARGIN = 24


class Notice(QWidget):
    """A picture, a title, a sentence, and perhaps a button, in the middle of an empty space."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyStage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._icon_name = "link"
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(self)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_property(self._title, "role", "title")
        self._text = Paragraph("", "soft", self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._busy = QProgressBar(self)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedWidth(200)
        self._busy.setAccessibleName(self.tr("Working"))
        self.button = QPushButton(self)
        self._action: Callable[[], None] | None = None
        self.button.clicked.connect(self._act)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self._picture, self._title, self._text, self._busy, self.button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        theme.changed.connect(self._paint)

    def show_words(
        self,
        icon_name: str,
        title: str,
        text: str,
        *,
        busy: bool = False,
        button: str = "",
        action: Callable[[], None] | None = None,
    ) -> None:
        """Show these words; ``button`` runs ``action`` when pressed."""
        self._icon_name = icon_name
        self._title.setText(title)
        self._text.setText(text)
        self._fit()
        self._text.setVisible(bool(text))
        self._busy.setVisible(busy)
        self._busy.setRange(0, 0 if busy else 1)
        self._action = action
        self.button.setText(button)
        self.button.setAccessibleName(button.replace("&", ""))
        self.button.setVisible(bool(button))
        self._paint()

    def minimumSizeHint(self) -> QSize:
        """Be narrow where there is little room: the words go over more lines."""
        return QSize(_LEAST_TEXT + 2 * _MARGIN, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the words the width there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = max(_LEAST_TEXT, min(_TEXT_WIDTH, self.width() - 2 * _MARGIN))
        self._text.setFixedSize(width, self._text.heightForWidth(width))

    def _act(self) -> None:
        if self._action is not None:
            self._action()

    def _paint(self) -> None:
        tokens = self._theme.tokens
        colour = {"warning": tokens.warning, "info": tokens.info}.get(self._icon_name, tokens.disabled)
        self._picture.setPixmap(pixmap(self._icon_name, colour, 40, self.devicePixelRatioF()))


class Stage(QStackedWidget):
    """Shows either a notice or the embedded widget."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.notice = Notice(theme, self)
        self.addWidget(self.notice)

    def embed(self, view: QWidget) -> None:
        """Show ``view`` in place of the notice."""
        self.addWidget(view)
        self.setCurrentWidget(view)

    def release(self, view: QWidget) -> None:
        """Take ``view`` out again; the notice stands in its place if it was on show."""
        if self.currentWidget() is view:
            self.setCurrentWidget(self.notice)
        self.removeWidget(view)
