"""The banks in a few words: what the line under a form says, how old the data is, and what tells two banks apart.

What fits under a form is little: of all that would show more banks only the smallest changes that help most are said,
and one kind of change does not fill the line. Numbers are written by ``number``, so that a window can group them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from meld_desktop.domain.banks.changes import DROP_REGIONS, Act, Changes, in_words, make_optional
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

if TYPE_CHECKING:  # the window starts without them
    from meld_desktop.domain.banks.bank import Bank
    from meld_desktop.domain.banks.picker import Answer, Suggestion

MOST_SAID = 3
_MOST_CHANGES = 3
_MOST_COUNTRIES = 4
_REGIONAL = frozenset({Act.ADD_REGION, Act.DROP_REGIONS})
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

Number = Callable[[int], str]
"""Writes a number for people."""


# --- the answer


def matching(answer: "Answer", *, so_far: bool = False, number: Number = str) -> Text:
    """Return how many banks a form shows: "38 banks match."; ``so_far`` while more banks are on their way."""
    count = answer.matching
    if so_far:
        one = QT_TRANSLATE_NOOP("domain", "1 bank matches so far.")
        many = QT_TRANSLATE_NOOP("domain", "{count} banks match so far.")
        none = QT_TRANSLATE_NOOP("domain", "No bank matches so far.")
    else:
        one = QT_TRANSLATE_NOOP("domain", "1 bank matches.")
        many = QT_TRANSLATE_NOOP("domain", "{count} banks match.")
        none = QT_TRANSLATE_NOOP("domain", "No bank matches.")
    return Text(many, count=number(count)) if count > 1 else Text(one if count else none)


def told(suggestions: "Iterable[Suggestion]", most: int = MOST_SAID) -> "tuple[Suggestion, ...]":
    """Return the suggestions that are worth the room, in the order they came: the smallest that help most first.

    Of equally small ones each subject (a product, the regions, redirects, or several together) has its turn before any
    comes again: who knows the customer's country has no use for three lines about others. Dropping the regions is left
    out where a country does as much, because that is the smaller change. Four changes and more are said only where
    fewer do nothing.
    """
    useful: list[Suggestion] = []
    for one in suggestions:
        if useful and len(one.changes) > max(_MOST_CHANGES, len(useful[0].changes)):
            break
        if not any(_does_as_much(other, one) for other in useful):
            useful.append(one)
    first: dict[frozenset[object], Suggestion] = {}
    for one in useful:
        first.setdefault(_subject(one.changes), one)
    turns = sorted(useful, key=lambda one: (len(one.changes), one not in first.values()))
    kept = turns[:most]
    return tuple(one for one in useful if one in kept)


def _subject(changes: Changes) -> frozenset[object]:
    return frozenset("regions" if change.act in _REGIONAL else change for change in changes)


def _does_as_much(one: "Suggestion", dropping: "Suggestion") -> bool:
    """Say whether ``one`` adds a country where ``dropping`` drops the regions, and both add equally many."""
    if one.adds != dropping.adds or DROP_REGIONS not in dropping.changes or len(one.changes) != len(dropping.changes):
        return False
    (other,) = [change for change in one.changes if change.act in _REGIONAL] or [DROP_REGIONS]
    return other != DROP_REGIONS and {*one.changes} - {other} == {*dropping.changes} - {DROP_REGIONS}


def more(suggestion: "Suggestion", answer: "Answer", number: Number = str) -> Text:
    """Return a suggestion in words: "4 more if Owners were optional"; "4 would match if …" where none does now."""
    source = QT_TRANSLATE_NOOP("domain", "{count} more {how}")
    if not answer.matching:
        source = QT_TRANSLATE_NOOP("domain", "{count} would match {how}")
    return Text(source, count=number(suggestion.adds), how=in_words(suggestion.changes))


def request_after(request: ConnectStartRequest, changes: Changes) -> ConnectStartRequest:
    """Return the request after all of ``changes``; what they do not speak of stays, its order too.

    Where regions are both dropped and added, dropping comes first.
    """
    moved = tuple(product for product in request.products if make_optional(product) in changes)
    regions = () if DROP_REGIONS in changes else request.regions
    present = {region.strip().upper() for region in regions}
    added = [change.value for change in changes if change.act is Act.ADD_REGION and change.value not in present]
    return replace(
        request,
        products=tuple(product for product in request.products if product not in moved),
        optional_products=tuple(dict.fromkeys((*request.optional_products, *moved))),
        regions=(*regions, *added),
        allow_redirect=request.allow_redirect or any(change.act is Act.ALLOW_REDIRECT for change in changes),
    )


# --- the data


def age(fetched_at: datetime, now: datetime) -> Text:
    """Return how old data is: "as of 2 days ago". What lies ahead, by a clock that was set, is as of now."""
    passed = now - fetched_at
    if passed < _MINUTE:
        return Text(QT_TRANSLATE_NOOP("domain", "as of now"))
    if passed < _HOUR:
        one = QT_TRANSLATE_NOOP("domain", "as of 1 minute ago")
        many = QT_TRANSLATE_NOOP("domain", "as of {count} minutes ago")
        count = passed // _MINUTE
    elif passed < _DAY:
        one = QT_TRANSLATE_NOOP("domain", "as of 1 hour ago")
        many = QT_TRANSLATE_NOOP("domain", "as of {count} hours ago")
        count = passed // _HOUR
    else:
        one = QT_TRANSLATE_NOOP("domain", "as of 1 day ago")
        many = QT_TRANSLATE_NOOP("domain", "as of {count} days ago")
        count = passed // _DAY
    return Text(many, count=count) if count > 1 else Text(one)


# --- one bank


def particulars(banks: "Sequence[Bank]") -> tuple[tuple[Text | str, ...], ...]:
    """Return for each bank what tells it from one of the same name: domain, countries, providers, being a test bank.

    Where all of that is the same as well, the id is added.
    """
    found = [_particulars(bank) for bank in banks]
    met = Counter((bank.name, parts) for bank, parts in zip(banks, found, strict=True))
    return tuple(
        (*parts, bank.id) if met[bank.name, parts] > 1 else parts for bank, parts in zip(banks, found, strict=True)
    )


def _particulars(bank: "Bank") -> tuple[Text | str, ...]:
    countries = sorted({region.partition("-")[0] for region in bank.regions})
    listed = ", ".join(countries[:_MOST_COUNTRIES])
    rest = len(countries) - _MOST_COUNTRIES
    parts: list[Text | str] = [
        bank.domain,
        bank.sub_name if bank.sub_name not in {bank.domain, bank.name} else "",
        Text(QT_TRANSLATE_NOOP("domain", "{countries} and {count} more"), countries=listed, count=rest)
        if rest > 0
        else listed,
        ", ".join(provider.name for provider in bank.providers),
        Text(QT_TRANSLATE_NOOP("domain", "test bank")) if bank.is_test else "",
    ]
    return tuple(part for part in parts if part)


def one_line(text: str) -> str:
    """Return a text of Meld's without line breaks and other controls."""
    return " ".join("".join(sign if sign.isprintable() or _joins(sign) else " " for sign in text).split())


def _joins(sign: str) -> bool:
    """Say whether ``sign`` shapes what stands beside it, as scripts and emoji need it."""
    return sign in "\u200c\u200d"
