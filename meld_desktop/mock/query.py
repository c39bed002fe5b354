"""Reading query strings: ids, comma separated values, days. Each reader adds what is wrong to ``errors``."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from meld_desktop.mock.contract import COUNTRIES
from meld_desktop.mock.ids import is_id
from meld_desktop.mock.problems import bad_id

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def single_values(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the parameters; of a repeated one the last counts."""
    return dict(items)


def check_ids(values: Mapping[str, str], *names: str) -> None:
    """Refuse a parameter that must be an id and cannot be one. Raises ``Problem`` (400)."""
    for name in names:
        if name in values and not is_id(values[name]):
            raise bad_id(values[name])


def listed(values: Mapping[str, str], name: str, errors: list[str], allowed: Collection[str] | None) -> frozenset[str]:
    """Return the comma separated values of a parameter; ``allowed`` None means that any text may stand there."""
    items = [item.strip() for item in values.get(name, "").split(",") if item.strip()]
    if allowed is not None:
        errors += [f"[{name}] has no value {item[:80]}" for item in items if item not in allowed]
    return frozenset(items)


def regions(values: Mapping[str, str], name: str, errors: list[str]) -> frozenset[str]:
    """Return the comma separated regions of a parameter: ``US`` or ``US-TN``."""
    items = listed(values, name, errors, None)
    for item in sorted(items):
        country, dash, part = item.partition("-")
        if country not in COUNTRIES or (dash and not (1 <= len(part) <= 3 and part.isascii() and part.isalnum())):
            errors.append(f"[{name}] has no value {item[:80]}")
    return items


def day(values: Mapping[str, str], name: str, errors: list[str]) -> date | None:
    """Return a date like 2026-01-31, or None when it is not given."""
    if name not in values:
        return None
    try:
        return date.fromisoformat(values[name] if _DAY.match(values[name]) else "")
    except ValueError:
        errors.append(f"[{name}] must be a date like 2026-01-31")
        return None
