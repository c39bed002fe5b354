"""What an investment account holds, and what was bought and sold: always the same for the same account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.life_data import chance_of, securities

_PER_MONTH = 16
_FIRST_YEAR = 2000
_MONTHS = 7_000 * 12


@dataclass(frozen=True, slots=True)
class Holding:
    """A security, or the cash that waits in the account."""

    number: int
    symbol: str
    description: str
    type: str
    quantity: float
    close_price: float
    current_value: float
    cost_basis: float


@dataclass(frozen=True, slots=True)
class Trade:
    """One investment transaction."""

    number: int
    day: date
    type: str
    symbol: str
    description: str
    quantity: float
    amount: float
    """Negative when money goes into a security."""


@lru_cache(maxsize=256)
def holdings_of(account: Account) -> tuple[Holding, ...]:
    """Return what the account holds; the values add up to its balance."""
    if account.type != "INVESTMENT":
        return ()
    chance = chance_of("holdings", account.id)
    chosen = chance.sample(securities(), chance.randint(2, 5))
    left = float(account.balance)
    held = []
    for number, (symbol, name, kind, price) in enumerate(chosen):
        quantity = round(left * chance.uniform(0.2, 0.5) / price, 4)
        value = round(quantity * price, 2)
        cost = round(value * chance.uniform(0.7, 1.1), 2)
        held.append(Holding(number, symbol, name, kind, quantity, price, value, cost))
        left = round(left - value, 2)
    cash = Holding(len(held), account.currency, "Cash", "CASH", left, 1.0, left, left)
    return (*held, cash)


def trades(account: Account, first: date, last: date) -> Iterator[Trade]:
    """Give the investment transactions of a span of days, newest first."""
    month = last.year * 12 + last.month - 1
    while month >= first.year * 12 + first.month - 1:
        for trade in reversed(_month(account, month)):
            if first <= trade.day <= last:
                yield trade
        month -= 1


def trade(account: Account, number: int) -> Trade | None:
    """Return the investment transaction with this number, whether or not it can be seen yet."""
    month, index = divmod(number, _PER_MONTH)
    if not 0 < month < _MONTHS:
        return None
    found = _month(account, _FIRST_YEAR * 12 + month)
    return found[index] if index < len(found) else None


@lru_cache(maxsize=512)
def _month(account: Account, month: int) -> tuple[Trade, ...]:
    held = [holding for holding in holdings_of(account) if holding.type != "CASH"]
    if not held:
        return ()
    year, zero_month = divmod(month, 12)
    chance = chance_of("trades", account.id, month)
    days = sorted(chance.sample(range(1, 29), chance.randint(1, 4)))
    base = (month - _FIRST_YEAR * 12) * _PER_MONTH
    rows = []
    for index, day in enumerate(days):
        holding = chance.choice(held)
        kind = chance.choice(("BUY", "BUY", "BUY", "SELL", "CASH"))
        quantity = 0.0 if kind == "CASH" else round(chance.uniform(0.2, 12), 4)
        value = round(chance.uniform(2, 90), 2) if kind == "CASH" else round(quantity * holding.close_price, 2)
        text = {"BUY": "Bought {}", "SELL": "Sold {}", "CASH": "Dividend of {}"}[kind].format(holding.description)
        amount = -value if kind == "BUY" else value
        rows.append(Trade(base + index, date(year, zero_month + 1, day), kind, holding.symbol, text, quantity, amount))
    return tuple(rows)
