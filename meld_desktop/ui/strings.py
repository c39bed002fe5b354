"""Turns sentences made below the window into the language of the window."""

from PySide6.QtCore import QCoreApplication

from meld_desktop.domain.text import Text


def localized(text: Text) -> str:
    """Return ``text`` in the language of the installed translators; English when there is none."""
    return text.render(_translate)


def _translate(source: str) -> str:
    return QCoreApplication.translate("domain", source)
