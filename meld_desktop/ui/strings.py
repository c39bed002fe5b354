"""Turns sentences made below the window into the language of the window."""

import html
import re

from PySide6.QtCore import QCoreApplication

from meld_desktop.domain.text import Text

_LONG_WORD = re.compile(r"\S{20}(?=\S)")
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


def tool_tip(text: str) -> str:
    """Return a tool tip that shows ``text``, whoever wrote it, as it is and wrapped: Qt would read some as markup."""
    return f'<p style="white-space: pre-wrap">{html.escape(text)}</p>' if text else ""


def breakable(text: str) -> str:
    """Return ``text`` with places to break in very long words, such as pasted IDs, which no label could wrap."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)


def _translate(source: str) -> str:
    return QCoreApplication.translate("domain", source)
