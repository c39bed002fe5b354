"""What is wrong with text that should name regions, in words: it is none, or it could be several."""

from collections.abc import Sequence

from meld_desktop.domain.regions import Parsed, Region, RegionIndex
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.validation import Problem, Severity

FIELD = "regions"
_MOST_PIECES = 4
_MOST_CANDIDATES = 5
_MOST_SUGGESTIONS = 3
_LONGEST_PIECE = 40


def not_loaded() -> Problem:
    """Return what to say when the text cannot be judged yet."""
    return _error(QT_TRANSLATE_NOOP("domain", "The list of regions is still being read. Try again in a moment."))


def unknown_code(code: str) -> Problem:
    """Return what to say of a chosen code that ISO 3166 does not have."""
    text = QT_TRANSLATE_NOOP(
        "domain", "“{code}” is not a country (such as US) or a subdivision (such as CA-ON) of ISO 3166."
    )
    return _error(text, code=_short(code))


def problems_of(parsed: Parsed, index: RegionIndex) -> list[Problem]:
    """Return one problem a piece that is not a region; the rest of a long list is only counted."""
    problems = [_problem_of(piece, parsed.ambiguous.get(piece, ()), index) for piece in parsed.unknown[:_MOST_PIECES]]
    if (more := len(parsed.unknown) - _MOST_PIECES) > 0:
        problems.append(_error(QT_TRANSLATE_NOOP("domain", "{count} more are not regions either."), count=more))
    return problems


def _problem_of(piece: str, candidates: Sequence[Region], index: RegionIndex) -> Problem:
    if candidates:
        text = QT_TRANSLATE_NOOP("domain", "“{piece}” could be {candidates}. Choose it from the list or type its code.")
        said = [f"{region.code} ({_country_name(region, index)})" for region in candidates]
        return _error(text, piece=_short(piece), candidates=_one_of(said, _MOST_CANDIDATES))
    if similar := index.search(piece, _MOST_SUGGESTIONS):
        text = QT_TRANSLATE_NOOP("domain", "“{piece}” is not a region. Did you mean {candidates}?")
        names = [f"{region.name} ({region.code})" for region in similar]
        return _error(text, piece=_short(piece), candidates=_one_of(names, _MOST_SUGGESTIONS))
    text = QT_TRANSLATE_NOOP(
        "domain", "“{piece}” is not a region. Type a country or a part of one, such as Canada or CA-ON."
    )
    return _error(text, piece=_short(piece))


def _country_name(region: Region, index: RegionIndex) -> str:
    country = index.get(region.country)
    return region.name if region.is_country or country is None else country.name


def _one_of(said: Sequence[str], most: int) -> Text:
    if len(said) > most:
        text = QT_TRANSLATE_NOOP("domain", "{some} or {count} more")
        return Text(text, some=", ".join(said[:most]), count=len(said) - most)
    if len(said) == 1:
        return Text(QT_TRANSLATE_NOOP("domain", "{only}"), only=said[0])
    return Text(QT_TRANSLATE_NOOP("domain", "{some} or {last}"), some=", ".join(said[:-1]), last=said[-1])


def _short(piece: str) -> str:
    return piece if len(piece) <= _LONGEST_PIECE else piece[:_LONGEST_PIECE] + "…"


def _error(source: str, **values: object) -> Problem:
    return Problem(FIELD, Severity.ERROR, Text(source, **values))
