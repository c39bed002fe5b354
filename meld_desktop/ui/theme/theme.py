"""The look in use: follows the system, or the person's choice."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from meld_desktop.ui.theme.choice import ThemeChoice, tokens_in
from meld_desktop.ui.theme.palette import palette_for
from meld_desktop.ui.theme.stylesheet import stylesheet_for
from meld_desktop.ui.theme.tokens import Tokens

BODY_PIXELS = 14


class Theme(QObject):
    """Applies palette, style sheet and font to the application. Lives on the main thread.

    ``changed`` is emitted after a new look has been applied; widgets that hold icons make them anew then.
    """

    changed = Signal()

    def __init__(self, application: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._tokens: Tokens | None = None
        _set_font(application)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
        self.choose(choice)

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose."""
        return self._choice

    @property
    def tokens(self) -> Tokens:
        """The colours in use."""
        assert self._tokens is not None  # noqa: S101 - set by the constructor
        return self._tokens

    def choose(self, choice: ThemeChoice) -> None:
        """Use ``choice`` from now on."""
        self._choice = choice
        scheme = {
            ThemeChoice.LIGHT: Qt.ColorScheme.Light,
            ThemeChoice.DARK: Qt.ColorScheme.Dark,
        }.get(choice, Qt.ColorScheme.Unknown)
        QGuiApplication.styleHints().setColorScheme(scheme)  # title bars and native dialogs follow where they can
        self._follow()

    def _follow(self) -> None:
        tokens = tokens_in(self._choice)
        if tokens == self._tokens:
            return
        self._tokens = tokens
        # Qt takes five times as long to replace one sheet by another as to take one away and set the other.
        self._application.setStyleSheet("")
        self._application.setPalette(palette_for(tokens))
        self._application.setStyleSheet(stylesheet_for(tokens, self._application.font().pointSizeF()))
        self.changed.emit()


def _set_font(application: QApplication) -> None:
    """Use the system's font, never smaller than the design's body size."""
    font = QFont(application.font())
    font.setPointSizeF(max(font.pointSizeF(), BODY_PIXELS * 72.0 / application.primaryScreen().logicalDotsPerInch()))
    application.setFont(font)
