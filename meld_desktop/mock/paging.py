"""Pages of a list, as documented: ``limit`` with either ``before`` or ``after`` the key of an item."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")

Place = tuple[int, ...]
"""Where an item stands: lists go from the smallest place to the greatest. An item keeps its place for ever."""


@dataclass(frozen=True)
class PageWish:
    """Which page is asked for, checked."""

    limit: int
    before: Place | None = None
    after: Place | None = None


@dataclass(frozen=True)
class PageRules:
    """How one kind of list is paged: the name in its keys, its documented default and largest limit."""

    kind: str
    default: int
    most: int


def read_page_wish(values: Mapping[str, str], rules: PageRules, errors: list[str]) -> PageWish:
    """Return the page a query string asks for; what is wrong with it is added to ``errors``."""
    if "before" in values and "after" in values:
        errors.append("[before] and [after] cannot be used together")
    return PageWish(
        _limit(values.get("limit", str(rules.default)), rules, errors),
        _place(values, "before", rules, errors),
        _place(values, "after", rules, errors),
    )


def cut(items: Sequence[Item], place: Callable[[Item], Place], wish: PageWish) -> tuple[Sequence[Item], int]:
    """Return one page of a sorted list, and how many are left beyond it in the direction of travel."""
    if wish.before is not None:
        limit = wish.before
        earlier = [item for item in items if place(item) < limit]
        return earlier[-wish.limit :], max(0, len(earlier) - wish.limit)
    if wish.after is not None:
        limit = wish.after
        items = [item for item in items if place(item) > limit]
    return items[: wish.limit], max(0, len(items) - wish.limit)


def key_of(kind: str, place: Place) -> str:
    """Return the opaque key of a place in a list."""
    text = ":".join((kind, *(f"{number:013d}" for number in place)))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(kind: str, key: str) -> Place:
    """Return the place that ``key`` stands for. Raises ``ValueError`` when it is no key of such a list."""
    try:
        name, *numbers = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode("ascii").split(":")
        place = tuple(int(number) for number in numbers)
    except (ValueError, binascii.Error):
        raise ValueError("not a key") from None
    if name != kind or not place or key_of(kind, place) != key:
        raise ValueError("not a key")
    return place


def _place(values: Mapping[str, str], name: str, rules: PageRules, errors: list[str]) -> Place | None:
    if name not in values:
        return None
    try:
        return place_of(rules.kind, values[name])
    except ValueError:
        errors.append(f"[{name}] is not the key of an item in this list")
        return None


def _limit(text: str, rules: PageRules, errors: list[str]) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= rules.most):
        errors.append(f"[limit] must be a number from 1 to {rules.most}")
        return rules.default
    return int(text)
