"""An institution and the providers that reach it (OAS ``Institution``)."""

from dataclasses import dataclass

from meld_desktop.domain.products import Product


@dataclass(frozen=True, slots=True)
class BankProvider:
    """How one service provider reaches a bank. One provider serves a connection, so what two offer does not add up."""

    name: str
    """Upper case, as in ``serviceProvider``: ``PLAID``."""
    id: str
    """The provider's own id of the bank; empty when the record gives none."""
    oauth: bool
    """Whether the customer logs in on the bank's own page, which is what ``allowRedirect`` is about."""
    regions: frozenset[str]
    """Countries (``US``) and subdivisions (``US-TN``), in upper case."""
    products: frozenset[Product]
    others: tuple[str, ...] = ()
    """What the record names besides the six products of a request: ``STATEMENTS``, ``HISTORICAL_TRANSACTIONS``."""


@dataclass(frozen=True, slots=True)
class Bank:
    """One institution. Two with the same name, or in two countries, are told apart by ``id``, domain and regions."""

    id: str
    name: str
    sub_name: str = ""
    type: str = ""
    domain: str = ""
    aliases: tuple[str, ...] = ()
    rank: int | None = None
    """The picker's order, 1 being the most popular; None when the record does not say (such banks come last)."""
    is_test: bool = False
    providers: tuple[BankProvider, ...] = ()

    @property
    def regions(self) -> frozenset[str]:
        """Every region any provider names for this bank."""
        return frozenset().union(*(provider.regions for provider in self.providers))

    @property
    def products(self) -> frozenset[Product]:
        """Every product any provider offers at this bank; one connection gets those of one provider only."""
        return frozenset().union(*(provider.products for provider in self.providers))


def by_popularity(bank: Bank) -> tuple[bool, int, str, str]:
    """Return the sort key of the picker's order: by rank, then by name, so that the order is always the same (OAS)."""
    return bank.rank is None, bank.rank or 0, bank.name, bank.id
