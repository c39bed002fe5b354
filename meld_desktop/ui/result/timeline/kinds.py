"""What the kinds and places of a timeline's entries are called, and their icons."""

import re
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from meld_desktop.domain.text import QT_TRANSLATE_NOOP
from meld_desktop.domain.witness.entry import EntryKind

_LABELS = {
    EntryKind.REQUEST: QT_TRANSLATE_NOOP("Timeline", "Request"),
    EntryKind.ANSWER: QT_TRANSLATE_NOOP("Timeline", "Answer"),
    EntryKind.TOKEN: QT_TRANSLATE_NOOP("Timeline", "Token"),
    EntryKind.WIDGET: QT_TRANSLATE_NOOP("Timeline", "Widget"),
    EntryKind.EVENT: QT_TRANSLATE_NOOP("Timeline", "Event"),
    EntryKind.NAVIGATION: QT_TRANSLATE_NOOP("Timeline", "Page"),
    EntryKind.WINDOW: QT_TRANSLATE_NOOP("Timeline", "Window"),
    EntryKind.REFUSED: QT_TRANSLATE_NOOP("Timeline", "Refused"),
    EntryKind.CONSOLE: QT_TRANSLATE_NOOP("Timeline", "Console"),
    EntryKind.CRASH: QT_TRANSLATE_NOOP("Timeline", "Crash"),
    EntryKind.STATUS: QT_TRANSLATE_NOOP("Timeline", "Status"),
    EntryKind.PERSON: QT_TRANSLATE_NOOP("Timeline", "Person"),
    EntryKind.PICTURE: QT_TRANSLATE_NOOP("Timeline", "Picture"),
}
_FILTERS = {
    EntryKind.REQUEST: QT_TRANSLATE_NOOP("Timeline", "Request to Meld"),
    EntryKind.ANSWER: QT_TRANSLATE_NOOP("Timeline", "Meld's answer"),
    EntryKind.TOKEN: QT_TRANSLATE_NOOP("Timeline", "Connect token"),
    EntryKind.WIDGET: QT_TRANSLATE_NOOP("Timeline", "Widget loading"),
    EntryKind.EVENT: QT_TRANSLATE_NOOP("Timeline", "Widget events"),
    EntryKind.NAVIGATION: QT_TRANSLATE_NOOP("Timeline", "Pages and redirects"),
    EntryKind.WINDOW: QT_TRANSLATE_NOOP("Timeline", "Bank windows"),
    EntryKind.REFUSED: QT_TRANSLATE_NOOP("Timeline", "What was refused"),
    EntryKind.CONSOLE: QT_TRANSLATE_NOOP("Timeline", "Console lines"),
    EntryKind.CRASH: QT_TRANSLATE_NOOP("Timeline", "Crashes"),
    EntryKind.STATUS: QT_TRANSLATE_NOOP("Timeline", "Connection status"),
    EntryKind.PERSON: QT_TRANSLATE_NOOP("Timeline", "What you did"),
    EntryKind.PICTURE: QT_TRANSLATE_NOOP("Timeline", "Pictures"),
}
_ICONS = {
    EntryKind.REQUEST: "sent",
    EntryKind.ANSWER: "answered",
    EntryKind.TOKEN: "key",
    EntryKind.WIDGET: "frame",
    EntryKind.EVENT: "said",
    EntryKind.NAVIGATION: "page",
    EntryKind.WINDOW: "window",
    EntryKind.REFUSED: "warning",
    EntryKind.CONSOLE: "console",
    EntryKind.CRASH: "error",
    EntryKind.STATUS: "status",
    EntryKind.PERSON: "person",
    EntryKind.PICTURE: "picture",
}
_PLACE = re.compile(r"window (?P<number>\d+)(?P<frame> frame)?")


class Weight(StrEnum):
    """How much an entry of a kind stands out."""

    PLAIN = "plain"
    WARNING = "warning"
    ERROR = "error"


def label_of(kind: EntryKind) -> str:
    """Return one short word for ``kind``."""
    source = _LABELS[kind]
    return QCoreApplication.translate("Timeline", source)


def filter_label_of(kind: EntryKind) -> str:
    """Return the words for all entries of ``kind``, for the menu that filters."""
    source = _FILTERS[kind]
    return QCoreApplication.translate("Timeline", source)


def icon_of(kind: EntryKind) -> str:
    """Return the name of the icon of ``kind``."""
    return _ICONS[kind]


def weight_of(kind: EntryKind) -> Weight:
    """Return how much entries of ``kind`` stand out."""
    return {EntryKind.CRASH: Weight.ERROR, EntryKind.REFUSED: Weight.WARNING}.get(kind, Weight.PLAIN)


def place_words(place: str) -> str:
    """Return where something happened in the language of the window; what is unknown stays as it is."""
    if place == "widget":
        return QCoreApplication.translate("Timeline", "Widget")
    if place == "frame":
        return QCoreApplication.translate("Timeline", "Frame")
    found = _PLACE.fullmatch(place)
    if found is None:
        return place
    if found["frame"]:
        return QCoreApplication.translate("Timeline", "Window {number} frame").format(number=found["number"])
    return QCoreApplication.translate("Timeline", "Window {number}").format(number=found["number"])
