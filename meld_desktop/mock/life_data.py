"""Invented people, shops and securities of each country, from ``resources/demo/life.json``."""

import json
import random
from functools import cache
from typing import Any

from meld_desktop.locations import resource


@cache
def country_life(country: str) -> dict[str, Any]:
    """Return names, streets, employers and shops of a country."""
    life: dict[str, Any] = _data()["countries"][country]
    return life


@cache
def securities() -> tuple[tuple[str, str, str, float], ...]:
    """Return symbol, name, type and price of every security."""
    return tuple(tuple(row) for row in _data()["securities"])


def chance_of(*parts: object) -> random.Random:
    """Return a source of chance that is the same for the same parts, on every machine."""
    return random.Random("/".join(str(part) for part in parts))  # noqa: S311 - nothing secret: the same data again


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(resource("demo", "life.json").read_bytes())
    return data
