"""What happens on an account, month by month: always the same for the same account, and never kept.

A movement is found again from its number alone, which names the month and the place in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.life_data import chance_of, country_life

_PER_MONTH = 64
_FIRST_YEAR = 2000
_MONTHS = 7_000 * 12
_SPENDING = ("FOOD_AND_DRINK", "FOOD_AND_DRINK", "FOOD_AND_DRINK", "SHOPPING", "TRANSPORTATION", "HEALTH", "TRAVEL")
_SCALE = {"BRL": 3, "MXN": 9}
"""Prices in these currencies are so many times higher."""
_PENDING_DAYS = 2


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of an account statement."""

    number: int
    day: date
    cents: int
    description: str
    category: str
    is_recurring: bool

    def is_pending(self, today: date) -> bool:
        """Tell whether the bank has not booked it yet."""
        return today - self.day < timedelta(days=_PENDING_DAYS)


def day_of(moment: float) -> date:
    """Return the day of a moment, in UTC."""
    return datetime.fromtimestamp(moment, UTC).date()


def movements(account: Account, first: date, last: date) -> Iterator[Movement]:
    """Give the movements of a span of days, newest first."""
    month = last.year * 12 + last.month - 1
    while month >= first.year * 12 + first.month - 1:
        for movement in reversed(_month(account, month)):
            if first <= movement.day <= last:
                yield movement
        month -= 1


def movement(account: Account, number: int) -> Movement | None:
    """Return the movement with this number, whether or not it can be seen yet."""
    month, index = divmod(number, _PER_MONTH)
    if not 0 < month < _MONTHS:
        return None
    found = _month(account, _FIRST_YEAR * 12 + month)
    return found[index] if index < len(found) else None


@lru_cache(maxsize=512)
def _month(account: Account, month: int) -> tuple[Movement, ...]:
    year, zero_month = divmod(month, 12)
    chance = chance_of("month", account.id, month)
    rows = sorted(_rows(account, chance), key=lambda row: row[0])[: _PER_MONTH - 1]
    base = (month - _FIRST_YEAR * 12) * _PER_MONTH
    return tuple(
        Movement(base + index, date(year, zero_month + 1, day), cents, description, category, recurring)
        for index, (day, cents, description, category, recurring) in enumerate(rows)
    )


_Row = tuple[int, int, str, str, bool]


def _rows(account: Account, chance: Random) -> list[_Row]:
    if account.type == "INVESTMENT":
        return []
    scale = _SCALE.get(account.currency, 1)
    if account.type == "LOAN":
        return [(1, chance_of("rate", account.id).randint(40_000, 160_000) * scale, account.name, "LOAN", True)]
    if account.subtype == "CREDIT_CARD":
        rows = _purchases(account, chance, scale, chance.randint(12, 22))
        spent = -sum(row[1] for row in rows)
        return [*rows, (20, spent, account.name, "TRANSFER", True)]
    if account.subtype == "CHECKING":
        return [*_household(account, scale), *_purchases(account, chance, scale, chance.randint(14, 26))]
    saved = chance_of("saving", account.id).randint(5_000, 40_000) * scale
    return [
        (2, saved, account.name, "TRANSFER", True),
        (28, chance.randint(40, 4_000) * scale, account.name, "INCOME", True),
    ]


def _household(account: Account, scale: int) -> list[_Row]:
    """The same every month: pay, rent, bills, a subscription, a bit put aside."""
    life, chance = country_life(account.country), chance_of("household", account.id)
    pay = chance.randint(120_000, 260_000) * scale
    rows = [
        (1, pay, life["income"], "INCOME", True),
        (15, pay, life["income"], "INCOME", True),
        (3, -chance.randint(70_000, 180_000) * scale, life["rent"], "HOME", True),
        (5, -chance.randint(900, 1_900) * scale, life["ENTERTAINMENT"][0], "ENTERTAINMENT", True),
        (27, -chance.randint(5_000, 40_000) * scale, account.name, "TRANSFER", True),
    ]
    return rows + [
        (7 + index, -chance.randint(2_500, 14_000) * scale, bill, "BILLS", True)
        for index, bill in enumerate(life["bills"])
    ]


def _purchases(account: Account, chance: Random, scale: int, count: int) -> list[_Row]:
    life = country_life(account.country)
    rows: list[_Row] = []
    for _ in range(count):
        category = chance.choice(_SPENDING)
        shop = chance.choice(life[category])
        dearest = 38_000 if category == "TRAVEL" else 9_500
        rows.append((chance.randint(1, 28), -chance.randint(180, dearest) * scale, shop, category, False))
    return rows
