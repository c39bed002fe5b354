"""Believable bank accounts: always the same ones for the same customer at the same bank."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from meld_desktop.mock.banks import Bank, BankProvider
from meld_desktop.mock.ids import id_from


@dataclass(frozen=True)
class Account:
    """One account at a bank, as the customer sees it when choosing."""

    id: str
    name: str
    mask: str
    type: str
    subtype: str
    currency: str
    balance: Decimal

    def to_event(self) -> dict[str, str]:
        """Return the account as ``connect_complete`` names it (EVT)."""
        return {"name": self.name, "mask": self.mask, "type": self.type, "subtype": self.subtype}


_Kind = tuple[str, str, str, int, int]
"""Name, type, subtype, lowest and highest balance in whole units."""

_CURRENCY = {"US": "USD", "CA": "CAD", "GB": "GBP", "DE": "EUR", "ES": "EUR", "FR": "EUR", "BR": "BRL", "MX": "MXN"}

_KINDS: dict[str, tuple[_Kind, ...]] = {
    "US": (
        ("Everyday Checking", "DEPOSITORY", "CHECKING", 240, 9_800),
        ("Rainy Day Savings", "DEPOSITORY", "SAVINGS", 900, 42_000),
        ("Rewards Card", "CREDIT", "CREDIT_CARD", -3_400, -40),
        ("Money Market", "DEPOSITORY", "MONEY_MARKET", 2_500, 60_000),
        ("Roth IRA", "INVESTMENT", "ROTH", 4_000, 85_000),
    ),
    "CA": (
        ("Chequing", "DEPOSITORY", "CHECKING", 310, 8_700),
        ("High Interest Savings", "DEPOSITORY", "SAVINGS", 800, 37_000),
        ("Cash Back Mastercard", "CREDIT", "CREDIT_CARD", -2_900, -25),
        ("TFSA", "INVESTMENT", "TFSA", 3_000, 62_000),
        ("RRSP", "INVESTMENT", "RRSP", 6_000, 120_000),
    ),
    "GB": (
        ("Current Account", "DEPOSITORY", "CHECKING", 180, 5_400),
        ("Easy Saver", "DEPOSITORY", "SAVINGS", 600, 21_000),
        ("Credit Card", "CREDIT", "CREDIT_CARD", -2_100, -15),
        ("Cash ISA", "DEPOSITORY", "ISA", 1_000, 20_000),
    ),
    "DE": (
        ("Girokonto", "DEPOSITORY", "CHECKING", 150, 6_200),
        ("Tagesgeld", "DEPOSITORY", "SAVINGS", 1_200, 33_000),
        ("Kreditkarte", "CREDIT", "CREDIT_CARD", -1_800, -20),
    ),
    "ES": (
        ("Cuenta corriente", "DEPOSITORY", "CHECKING", 120, 5_100),
        ("Cuenta de ahorro", "DEPOSITORY", "SAVINGS", 700, 24_000),
        ("Tarjeta de crédito", "CREDIT", "CREDIT_CARD", -1_500, -20),
    ),
    "FR": (
        ("Compte courant", "DEPOSITORY", "CHECKING", 140, 5_600),
        ("Livret d'épargne", "DEPOSITORY", "SAVINGS", 900, 22_000),
        ("Carte bancaire", "CREDIT", "CREDIT_CARD", -1_600, -20),
    ),
    "BR": (
        ("Conta corrente", "DEPOSITORY", "CHECKING", 300, 18_000),
        ("Poupança", "DEPOSITORY", "SAVINGS", 1_000, 60_000),
        ("Cartão de crédito", "CREDIT", "CREDIT_CARD", -6_000, -80),
    ),
    "MX": (
        ("Cuenta de cheques", "DEPOSITORY", "CHECKING", 1_800, 74_000),
        ("Cuenta de ahorro", "DEPOSITORY", "SAVINGS", 5_000, 240_000),
        ("Tarjeta de crédito", "CREDIT", "CREDIT_CARD", -28_000, -300),
    ),
}

_FINBANK_A = (
    ("Checking", "1111", "DEPOSITORY", "CHECKING", "9357.24"),
    ("Savings", "2203", "DEPOSITORY", "SAVINGS", "22327.30"),
    ("ROTH", "2323", "INVESTMENT", "ROTH", "11001.00"),
    ("My 401k", "1212", "INVESTMENT", "PLAN_401K", "265000.00"),
    ("Personal Investments", "1010", "INVESTMENT", "BROKERAGE", "100000.00"),
)
"""What Meld's sandbox showed for this bank (VCR)."""


def accounts_of(
    customer_id: str, bank: Bank, provider: BankProvider, regions: Iterable[str] = ()
) -> tuple[Account, ...]:
    """Return the accounts a customer has at ``bank``: the first is for everyday use, one to three more follow.

    A bank in several countries speaks the language of the first of ``regions`` that it serves.
    """
    country = _country(provider, regions)
    if bank.is_test and bank.name == "FinBank Profiles -A":
        return tuple(
            Account(
                id_from("financial account", customer_id, bank.id, mask),
                name,
                mask,
                kind,
                subtype,
                "USD",
                Decimal(balance),
            )
            for name, mask, kind, subtype, balance in _FINBANK_A
        )
    # Not a secret: the seed is what makes the same customer see the same accounts again.
    chance = random.Random(f"{customer_id}/{bank.id}")  # noqa: S311
    first, *others = _KINDS[country]
    chosen = [first, *chance.sample(others, min(len(others), chance.randint(1, 3)))]
    masks = chance.sample(range(1_000, 10_000), len(chosen))
    return tuple(
        Account(
            id=id_from("financial account", customer_id, bank.id, str(mask)),
            name=name,
            mask=str(mask),
            type=kind,
            subtype=subtype,
            currency=_CURRENCY[country],
            balance=Decimal(chance.randint(low * 100, high * 100)) / 100,
        )
        for (name, kind, subtype, low, high), mask in zip(chosen, masks, strict=True)
    )


def _country(provider: BankProvider, regions: Iterable[str]) -> str:
    served = {region.partition("-")[0] for region in provider.regions}
    wished = (region.partition("-")[0] for region in regions)
    return next((country for country in (*wished, *_KINDS) if country in served and country in _KINDS), "US")
