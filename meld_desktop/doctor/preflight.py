"""The quick look before the window opens: can Qt start here? Takes a few milliseconds and loads no library."""

import os
import sys
from collections.abc import Mapping

from meld_desktop.doctor import display, libraries
from meld_desktop.doctor.packages import remedy
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text


def preflight(environ: Mapping[str, str] | None = None) -> Text | None:
    """Return the one message that says why the window cannot open and what to do, or None when it can.

    Qt aborts the process in these cases, so this is asked before Qt is imported. The command it names also brings what
    the web view misses, so that it has to be run once only.
    """
    from importlib.util import find_spec

    if find_spec("PySide6") is None:
        return Text(
            QT_TRANSLATE_NOOP("doctor", "Qt for Python is not installed. Run this in a terminal:\n    {command}"),
            command=f"{sys.executable} -m pip install 'PySide6>=6.12,<6.13'",
        )
    if not sys.platform.startswith("linux"):
        return None
    environ = os.environ if environ is None else environ
    choices = display.displays(environ)
    if not choices:
        return display.no_display()
    reachable = [choice for choice in choices if display.answers(choice, environ)]
    if not reachable:
        return display.silent(choices[0])
    lacks = [libraries.missing(choice.libraries) for choice in reachable]
    if not all(lacks):
        return None
    return Text(
        QT_TRANSLATE_NOOP("doctor", "System libraries are missing: {libraries}. {remedy}"),
        libraries=", ".join(sorted(lacks[0])),
        remedy=remedy((*lacks[0], *libraries.missing(libraries.WEB))),
    )


def web_remedy() -> Text | None:
    """Return what to install so that the web view can load, or None when nothing is missing. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    lacks = libraries.missing((*libraries.QT, *libraries.WEB))
    if not lacks:
        return None
    return Text(
        QT_TRANSLATE_NOOP("doctor", "The web view misses system libraries: {libraries}. {remedy}"),
        libraries=", ".join(sorted(lacks)),
        remedy=remedy(lacks),
    )
