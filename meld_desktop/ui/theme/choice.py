"""Which colours apply: the person's choice, or what the system says."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from meld_desktop.ui.theme.tokens import Tokens, tokens_for


class ThemeChoice(StrEnum):
    """What the person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"

    @classmethod
    def of(cls, name: str) -> "ThemeChoice":
        """Return the choice called ``name``; anything else follows the system."""
        return next((choice for choice in cls if choice.value == name), cls.SYSTEM)


def tokens_in(choice: ThemeChoice) -> Tokens:
    """Return the colours for ``choice`` as the system is now. Needs an application."""
    hints = QGuiApplication.styleHints()
    dark = choice is ThemeChoice.DARK or (
        choice in {ThemeChoice.SYSTEM, ThemeChoice.CONTRAST} and hints.colorScheme() == Qt.ColorScheme.Dark
    )
    accessibility = hints.accessibility()
    system_contrast = accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast
    return tokens_for(dark=dark, contrast=choice is ThemeChoice.CONTRAST or system_contrast)
