"""Believable bank accounts: always the same ones for the same customer and login at the same bank."""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from meld_desktop.locations import resource
from meld_desktop.mock.banks import Bank, BankProvider
from meld_desktop.mock.ids import id_from

_CURRENCY = {"US": "USD", "CA": "CAD", "GB": "GBP", "DE": "EUR", "ES": "EUR", "FR": "EUR", "BR": "BRL", "MX": "MXN"}
_RECORDED_PROFILE = "profile_03"
"""The one of Finicity's test profiles of which a recording shows names and amounts (VCR)."""

_Kind = tuple[str, str, str, int, int]
"""Name, type, subtype, lowest and highest balance in whole units."""


@dataclass(frozen=True)
class Account:
    """One account at a bank, as the customer sees it when choosing."""

    id: str
    name: str
    mask: str
    type: str
    subtype: str
    country: str
    balance: Decimal
    available: Decimal | None = None

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return _CURRENCY[self.country]

    def to_event(self) -> dict[str, str]:
        """Return the account as ``connect_complete`` names it (EVT)."""
        return {"name": self.name, "mask": self.mask, "type": self.type, "subtype": self.subtype}


def accounts_of(
    customer_id: str, bank: Bank, provider: BankProvider, regions: Iterable[str] = (), login: str = ""
) -> tuple[Account, ...]:
    """Return the accounts a customer has at ``bank``: the first is for everyday use, one to four more follow.

    A bank in several countries speaks the language of the first of ``regions`` that it serves. At Finicity's test
    banks ``login`` is the test profile, and each profile has accounts of its own (SBX).
    """
    country = _country(provider, regions)
    profile = login if bank.is_test and provider.name == "FINICITY" else ""

    def account_id(mask: str) -> str:
        return id_from("financial account", customer_id, bank.id, country, profile, mask)

    if profile == _RECORDED_PROFILE:
        return tuple(
            Account(account_id(mask), name, mask, kind, subtype, country, Decimal(sum_), _decimal(available))
            for name, mask, kind, subtype, sum_, available in _data()["recorded"]
        )
    # Not a secret: the seed is what makes the same customer see the same accounts again.
    chance = random.Random(f"{customer_id}/{bank.id}/{country}/{profile}")  # noqa: S311
    chosen: list[_Kind] = _data()["profiles"].get(profile, [])
    if not chosen:
        first, *others = _data()["countries"][country]
        chosen = [first, *chance.sample(others, min(len(others), chance.randint(1, 3)))]
    masks = chance.sample(range(1_000, 10_000), len(chosen))
    return tuple(
        Account(
            id=account_id(str(mask)),
            name=name,
            mask=str(mask),
            type=kind,
            subtype=subtype,
            country=country,
            balance=Decimal(chance.randint(low * 100, high * 100)) / 100,
        )
        for (name, kind, subtype, low, high), mask in zip(chosen, masks, strict=True)
    )


def _country(provider: BankProvider, regions: Iterable[str]) -> str:
    served = {region.partition("-")[0] for region in provider.regions}
    wished = (region.partition("-")[0] for region in regions)
    return next((country for country in (*wished, *_CURRENCY) if country in served and country in _CURRENCY), "US")


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(resource("demo", "accounts.json").read_bytes())
    return data
