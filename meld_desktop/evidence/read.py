"""Reads what a session is compared by from a pack that was saved before."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.witness.seen import Comparable
from meld_desktop.evidence import layout
from meld_desktop.evidence.timeline_json import FORMAT, VERSION
from meld_desktop.evidence.verify import verified_files

_MOST_LINES = 20_000


class UnreadablePackError(Exception):
    """A pack that cannot be used; ``text`` says why and what to do, in plain words."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def read_comparable(path: Path) -> Comparable:
    """Return what the session in the pack at ``path`` is compared by; it is called by the file's name.

    The pack is verified first. Raises UnreadablePackError, for a file that cannot be read as well.
    """
    timeline = read_timeline(path)
    comparable = timeline.get("comparable")
    if not isinstance(comparable, dict):
        raise UnreadablePackError(_odd())
    return comparable_from({**comparable, "name": path.name})


def read_timeline(path: Path) -> Mapping[str, Any]:
    """Return ``timeline.json`` of a verified pack. Raises UnreadablePackError."""
    try:
        verification, files = verified_files(path, frozenset({layout.TIMELINE}))
    except OSError as error:
        cannot = QT_TRANSLATE_NOOP("domain", "The file cannot be read ({why}). Check its place and its permissions.")
        raise UnreadablePackError(Text(cannot, why=error.strerror or str(error))) from None
    if not verification.ok:
        both = QT_TRANSLATE_NOOP("domain", "{problem} {next_step}")
        raise UnreadablePackError(Text(both, problem=verification.problems[0], next_step=verification.next_step))
    try:
        timeline = json.loads(files[layout.TIMELINE])
    except (ValueError, RecursionError):
        raise UnreadablePackError(_odd()) from None
    if not isinstance(timeline, dict) or timeline.get("format") != FORMAT:
        raise UnreadablePackError(_odd())
    version = timeline.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise UnreadablePackError(_odd())
    if version > VERSION:
        newer = QT_TRANSLATE_NOOP(
            "domain", "A newer Meld Desktop saved this pack (version {version}). Update Meld Desktop to compare it."
        )
        raise UnreadablePackError(Text(newer, version=version))
    return timeline


def comparable_from(plain: Mapping[str, Any]) -> Comparable:
    """Return a comparable from its plain JSON. Raises UnreadablePackError."""
    request, hops, events = plain.get("request"), plain.get("hops"), plain.get("events")
    words = {name: plain.get(name, "") for name in ("name", "outcome", "verdict", "environment")}
    if (
        not isinstance(request, dict)
        or not _are_lines(hops)
        or not _are_lines(events)
        or not all(isinstance(word, str) for word in words.values())
    ):
        raise UnreadablePackError(_odd())
    return Comparable(request=request, hops=tuple(hops or ()), events=tuple(events or ()), **words)


def _are_lines(value: object) -> bool:
    return isinstance(value, list) and len(value) <= _MOST_LINES and all(isinstance(line, str) for line in value)


def _odd() -> Text:
    return Text(
        QT_TRANSLATE_NOOP(
            "domain", "The timeline in this pack cannot be understood. Save the evidence again if you can."
        )
    )
