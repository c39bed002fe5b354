"""The ISO 3166 tables as plain rows: codes, English names, and the other names people use for the same place."""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from meld_desktop.domain.region_codes import COUNTRIES_FILE, SUBDIVISIONS_FILE, databases

_ALIASES: dict[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates"),
    "AT": ("Österreich",),
    "BE": ("België", "Belgique"),
    "BN": ("Brunei",),
    "BR": ("Brasil",),
    "CD": ("DR Congo", "DRC", "Congo-Kinshasa", "Democratic Republic of Congo"),
    "CG": ("Congo-Brazzaville", "Republic of the Congo"),
    "CH": ("Schweiz", "Suisse", "Svizzera"),
    "CI": ("Ivory Coast",),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic", "Česko"),
    "DE": ("Deutschland",),
    "DK": ("Danmark",),
    "ES": ("España",),
    "FI": ("Suomi",),
    "FK": ("Falkland Islands", "Malvinas"),
    "FM": ("Micronesia",),
    "GB": ("UK", "Great Britain", "Britain"),
    "IE": ("Éire", "Republic of Ireland"),
    "IT": ("Italia",),
    "JP": ("Nippon",),
    "MK": ("Macedonia",),
    "MM": ("Burma",),
    "MO": ("Macau",),
    "NL": ("Holland", "Nederland", "The Netherlands"),
    "NO": ("Norge",),
    "PL": ("Polska",),
    "PS": ("Palestine",),
    "RU": ("Russia",),
    "SE": ("Sverige",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "US": ("USA", "America", "United States of America"),
    "VA": ("Vatican", "Vatican City"),
    "VG": ("British Virgin Islands",),
    "VI": ("US Virgin Islands", "United States Virgin Islands"),
    "DE-BY": ("Bavaria",),
    "DE-HE": ("Hesse",),
    "DE-MV": ("Mecklenburg-Western Pomerania",),
    "DE-NI": ("Lower Saxony",),
    "DE-NW": ("North Rhine-Westphalia",),
    "DE-RP": ("Rhineland-Palatinate",),
    "DE-SN": ("Saxony",),
    "DE-ST": ("Saxony-Anhalt",),
    "DE-TH": ("Thuringia",),
    "US-DC": ("Washington DC", "Washington D.C."),
}
"""Names in daily use that ISO 3166 does not list. The tables add alpha-3 codes and official names."""

_UNDECOMPOSED = str.maketrans(
    {"æ": "ae", "ı": "i", "ð": "d", "ħ": "h", "đ": "d", "ə": "e", "ǝ": "e", "ø": "o", "þ": "th", "ł": "l", "œ": "oe"}
)
_APOSTROPHES = "'’‘ʻʼ`´ʿʾ"
_NO_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHES + "."))
_BLANK_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHES, " ") | {".": None})


class Row(NamedTuple):
    """One code as the tables have it: ``names`` are the other names it goes by."""

    code: str
    name: str
    parent: str | None
    type_name: str
    names: tuple[str, ...]


def fold(text: str) -> str:
    """Return ``text`` for comparison: no accents, case or punctuation; words separated by one blank."""
    return _fold(text.translate(_NO_APOSTROPHES))


def folded_forms(name: str) -> Iterator[str]:
    """Yield what a person may have typed for ``name``: "cote divoire" and "cote d ivoire"."""
    first = fold(name)
    if first:
        yield first
    second = _fold(name.translate(_BLANK_APOSTROPHES))
    if second and second != first:
        yield second


def _fold(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
        text = "".join([c for c in text if not unicodedata.combining(c)])
    text = text.casefold()
    if text.isalnum():
        return text
    return " ".join("".join([c if c.isalnum() else " " for c in text]).split())


def read_rows() -> Iterator[Row]:
    """Yield every country, then every subdivision. Raises ``ImportError`` when pycountry is not installed."""
    folder = databases()
    for entry in _table(folder / COUNTRIES_FILE, "3166-1"):
        code, official = entry["alpha_2"], entry["name"]
        name = entry.get("common_name", official)
        others = (official, *_turned(official), entry.get("official_name", ""), entry["alpha_3"])
        yield Row(code, name, None, "Country", _others(name, (*others, *_ALIASES.get(code, ()))))
    for entry in _table(folder / SUBDIVISIONS_FILE, "3166-2"):
        code = entry["code"]
        name, bracketed = _without_bracket(entry["name"])
        others = (*_turned(name), bracketed, *_ALIASES.get(code, ()))
        yield Row(code, name, entry.get("parent"), entry["type"], _others(name, others))


def _table(path: Path, root: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(path.read_bytes())[root]
    return rows


def _turned(name: str) -> tuple[str, ...]:
    """Return ``("Republic of Korea",)`` for "Korea, Republic of"."""
    head, comma, tail = name.partition(", ")
    return (f"{tail} {head}",) if comma and "," not in tail else ()


def _without_bracket(name: str) -> tuple[str, str]:
    """Split "Cardiff [Caerdydd GB-CRD]" into the name and the other-language name (without its old code)."""
    name = name.replace("†", "").strip()
    head, bracket, rest = name.partition(" [")
    if not bracket:
        return name, ""
    words = [word for word in rest.rstrip("]").split() if not (word[:2].isupper() and word[2:3] == "-")]
    return head, " ".join(words)


def _others(name: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(other for other in names if other and other != name))
