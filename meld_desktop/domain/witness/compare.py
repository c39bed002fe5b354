"""Two sessions, and only what differs between them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, zip_longest

from meld_desktop.domain.witness.seen import Comparable

_MOST = 400
"""How many hops or events are compared; the time it takes grows with the square."""


class Section(StrEnum):
    """What of a session differs."""

    REQUEST = "request"
    HOPS = "hops"
    EVENTS = "events"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    ``label`` names the field of the request, the place of a hop or event ("#3", in the first session or, when it has
    none there, in the second), or the part of the outcome. ``first`` and ``second`` are "" where there is nothing.
    """

    section: Section
    label: str
    first: str
    second: str


def compare(first: Comparable, second: Comparable) -> tuple[Difference, ...]:
    """Return what differs, in the order request, hops, events, outcome; nothing when nothing does. Pure."""
    return (
        *_of_request(first.request, second.request),
        *_of_sequences(Section.HOPS, first.hops, second.hops),
        *_of_sequences(Section.EVENTS, first.events, second.events),
        *_of_outcome(first, second),
    )


def _of_request(first: Mapping[str, object], second: Mapping[str, object]) -> Iterator[Difference]:
    one, other = dict(_flat("", first)), dict(_flat("", second))
    for label in dict.fromkeys([*one, *other]):
        if one.get(label, "") != other.get(label, ""):
            yield Difference(Section.REQUEST, label, one.get(label, ""), other.get(label, ""))


def _flat(prefix: str, value: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, item in value.items():
        label = f"{prefix}{name}"
        if isinstance(item, Mapping) and item:
            yield from _flat(f"{label}.", item)
        else:
            yield label, json.dumps(item, ensure_ascii=False, sort_keys=True, default=str)


def _of_sequences(section: Section, first: Sequence[str], second: Sequence[str]) -> Iterator[Difference]:
    one, other = _runs(first), _runs(second)
    lines, others = [line for _, line in one], [line for _, line in other]
    for tag, a, b, c, d in SequenceMatcher(None, lines[:_MOST], others[:_MOST], autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for mine, yours in zip_longest(one[a:b], other[c:d]):
            number = (mine or yours or (0, ""))[0]
            yield Difference(section, f"#{number}", mine[1] if mine else "", yours[1] if yours else "")
    if lines[_MOST:] != others[_MOST:]:
        yield Difference(section, f"#{_MOST + 1}…", f"{len(first)}", f"{len(second)}")


def _runs(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return each line with its number; the same one several times in a row as one with a count."""
    runs: list[tuple[int, str]] = []
    number = 1
    for line, same in groupby(lines):
        count = len(list(same))
        runs.append((number, line if count == 1 else f"{line} (×{count})"))
        number += count
    return runs


def _of_outcome(first: Comparable, second: Comparable) -> Iterator[Difference]:
    for label, one, other in (
        ("environment", first.environment, second.environment),
        ("conclusion", first.outcome, second.outcome),
        ("redirect", first.verdict, second.verdict),
    ):
        if one != other:
            yield Difference(Section.OUTCOME, label, one, other)
