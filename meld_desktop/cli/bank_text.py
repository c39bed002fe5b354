"""The answer of ``meld-link banks`` as lines for people."""

import unicodedata
from collections.abc import Iterator, Sequence

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.domain.banks.changes import in_words
from meld_desktop.domain.banks.picker import Answer, Verdict

_MOST_SUGGESTIONS = 10
_MOST_FIXES = 5


def lines(banks: Sequence[Bank], verdicts: Sequence[Verdict], answer: Answer) -> Iterator[str]:
    """Yield the count, the suggestions, and a line for each bank, with its fixes below when it is hidden."""
    yield f"Shown: {answer.matching} of {answer.total} banks."
    for one in answer.suggestions[:_MOST_SUGGESTIONS]:
        yield f"  {one.adds} more {in_words(one.changes)}"
    if len(answer.suggestions) > _MOST_SUGGESTIONS:
        yield f"  … and {len(answer.suggestions) - _MOST_SUGGESTIONS} other ways; --json has them all"
    yield ""
    width = min(max((len(bank.id) for bank in banks), default=0), 24)
    for bank, found in zip(banks, verdicts, strict=True):
        place = f" ({printable(bank.domain)})" if bank.domain else ""
        # The name comes last: one that is written from right to left turns nothing around that follows it.
        yield f"{'shown ' if found.shown else 'hidden'}  {printable(bank.id):<{width}}  {printable(bank.name)}{place}"
        yield from _reasons(bank, found)


def _reasons(bank: Bank, found: Verdict) -> Iterator[str]:
    if not found.shown and not bank.providers:
        yield "          no provider reaches this bank"
    for number, changes in enumerate(found.fixes[:_MOST_FIXES]):
        yield f"          {'or' if number else 'shown'} {in_words(changes)}"
    if len(found.fixes) > _MOST_FIXES:
        yield f"          or in {len(found.fixes) - _MOST_FIXES} other ways"


def printable(text: str) -> str:
    """Return a text of Meld's on one line, without what would steer the terminal or turn the line around."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if unicodedata.bidirectional(character) in _BIDI_CONTROLS else character


_BIDI_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
