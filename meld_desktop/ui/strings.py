"""Turns sentences made below the window into the language of the window."""

from PySide6.QtCore import QCoreApplication

from meld_desktop.domain.text import Text

_ENDS = (".", "!", "?", "…", "。")


def localized(text: Text) -> str:
    """Return ``text`` in the language of the installed translators; English when there is none."""
    return text.render(_translate)


def sentences(*parts: Text | str) -> str:
    """Return ``parts`` one after the other, each ended with a full stop where it has no end; empty ones are left out.

    What Meld says often has no full stop, and what follows would run into it.
    """
    said = [part if isinstance(part, str) else localized(part) for part in parts]
    ended = [f"{text}." if not text.endswith(_ENDS) else text for text in (text.strip() for text in said) if text]
    return " ".join(ended)


def _translate(source: str) -> str:
    return QCoreApplication.translate("domain", source)
