"""The frames of a page, and asking all of them something at once."""

import json
from collections.abc import Callable, Iterator

from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage, QWebEngineScript

TOOL_WORLD = QWebEngineScript.ScriptWorldId.UserWorld.value
"""Where the scripts run that cover, fill in and look: an isolated world, apart from the pages' and the listener's."""

Answer = Callable[[object], None]


def branch(frame: QWebEngineFrame) -> tuple[QWebEngineFrame, ...]:
    """Return ``frame`` and all frames in it, each before those in it."""
    return (frame, *_below(frame))


def frames_of(page: QWebEnginePage, *, below_main: bool = False) -> tuple[QWebEngineFrame, ...]:
    """Return the frames of ``page``, each before those in it; ``below_main`` leaves the main frame out."""
    main = page.mainFrame()
    return tuple(_below(main)) if below_main else branch(main)


def ask(frame: QWebEngineFrame, expression: str, answer: Answer, *, script: str = "") -> None:
    """Run ``script`` in ``frame``, then hand the value of ``expression`` to ``answer``: plain JSON, None if it failed.

    The answer comes from inside Chromium, or never: nothing may be deleted in it.
    """

    def read(text: object) -> None:
        # As text, because what is not a string or a number gets lost on the way from a frame.
        try:
            value = json.loads(text) if isinstance(text, str) else None
        except ValueError:
            value = None
        answer(value)

    frame.runJavaScript(f"{script}\nJSON.stringify({expression})", TOOL_WORLD, read)


def _below(frame: QWebEngineFrame) -> Iterator[QWebEngineFrame]:
    for child in frame.children():
        yield child
        yield from _below(child)
