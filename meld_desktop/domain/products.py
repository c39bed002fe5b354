"""The six products Meld can load from an institution (OAS, seed)."""

from enum import StrEnum

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text


class Product(StrEnum):
    """A product by its wire name, in the order of the documentation and of the form."""

    BALANCES = "BALANCES"
    IDENTIFIERS = "IDENTIFIERS"
    INVESTMENT_HOLDINGS = "INVESTMENT_HOLDINGS"
    INVESTMENT_TRANSACTIONS = "INVESTMENT_TRANSACTIONS"
    OWNERS = "OWNERS"
    TRANSACTIONS = "TRANSACTIONS"


LABELS: dict[Product, Text] = {
    Product.BALANCES: Text(QT_TRANSLATE_NOOP("domain", "Balances")),
    Product.IDENTIFIERS: Text(QT_TRANSLATE_NOOP("domain", "Identifiers")),
    Product.INVESTMENT_HOLDINGS: Text(QT_TRANSLATE_NOOP("domain", "Investment holdings")),
    Product.INVESTMENT_TRANSACTIONS: Text(QT_TRANSLATE_NOOP("domain", "Investment transactions")),
    Product.OWNERS: Text(QT_TRANSLATE_NOOP("domain", "Owners")),
    Product.TRANSACTIONS: Text(QT_TRANSLATE_NOOP("domain", "Transactions")),
}

INVESTMENTS = frozenset({Product.INVESTMENT_HOLDINGS, Product.INVESTMENT_TRANSACTIONS})


def parse_product(text: str) -> Product | None:
    """Return the product meant by ``text`` in any case, with ``_``, ``-`` or a blank between words, else None."""
    try:
        return Product("_".join(text.replace("-", " ").replace("_", " ").upper().split()))
    except ValueError:
        return None
