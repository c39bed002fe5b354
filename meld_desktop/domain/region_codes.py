"""Which codes ISO 3166 has: all a request needs to know of regions. Light, because every ``meld-link create`` asks."""

import re
import unicodedata
from functools import cache
from pathlib import Path

COUNTRIES_FILE = "iso3166-1.json"
SUBDIVISIONS_FILE = "iso3166-2.json"

_SHAPE = re.compile(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?")
_DASHES = str.maketrans({"_": "-", "‐": "-", "‑": "-", "–": "-", "−": "-"})


def tidy_code(text: str) -> str:
    """Return ``text`` as a code would be written: no blanks around, upper case, a plain hyphen. "" if it cannot be."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    return text.upper() if text.isascii() else ""


def is_wellformed(code: str) -> bool:
    """Say whether ``code`` has the shape of an ISO 3166-1 alpha-2 or ISO 3166-2 code, without asking the tables."""
    return _SHAPE.fullmatch(code.strip()) is not None


def validate(code: str) -> str | None:
    """Return the code as it travels (upper case, no blanks), or None when ISO has no such code.

    The first call reads the tables. Raises ``ImportError`` when pycountry is not installed.
    """
    tidy = code.strip().upper() if is_wellformed(code) else ""
    return tidy if tidy in _listed() else None


@cache
def _listed() -> frozenset[str]:
    """Return every code, picked out of the tables' text: reading them as JSON takes ten times as long."""
    folder = databases()
    countries = re.findall(rb'"alpha_2"\s*:\s*"([A-Z]{2})"', (folder / COUNTRIES_FILE).read_bytes())
    subdivisions = re.findall(rb'"code"\s*:\s*"([A-Z]{2}-[A-Z0-9]{1,3})"', (folder / SUBDIVISIONS_FILE).read_bytes())
    return frozenset(code.decode() for code in (*countries, *subdivisions))


def databases() -> Path:
    """Return pycountry's folder of ISO tables. Raises ``ImportError`` when it is not installed.

    Importing pycountry loads importlib.metadata and e-mail parsing, several times the cost of reading the two tables,
    so the package is located first and imported only if its files are not where packages keep them.
    """
    from importlib.util import find_spec

    spec = find_spec("pycountry")
    for place in (spec.submodule_search_locations if spec else None) or ():
        folder = Path(place, "databases")
        if folder.is_dir():
            return folder
    import pycountry

    return Path(pycountry.DATABASE_DIR)
