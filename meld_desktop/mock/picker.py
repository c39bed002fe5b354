"""Which banks the picker shows. Pure rules over plain values.

A bank stays when one of its providers does everything that was asked: one provider serves a connection (RT), so the
products of one and the regions of another do not add up.
"""

from collections.abc import Iterable

from meld_desktop.mock.banks import Bank, BankProvider, plain


def usable_providers(
    bank: Bank, products: Iterable[str], regions: Iterable[str], *, allow_redirect: bool
) -> tuple[BankProvider, ...]:
    """Return the bank's providers that support all ``products``, serve any of ``regions`` and redirect as allowed."""
    wanted, places = frozenset(products), tuple(regions)
    return tuple(
        provider
        for provider in bank.providers
        if wanted <= provider.products
        and (not places or any(serves(provider.regions, place) for place in places))
        and (allow_redirect or not provider.oauth)
    )


def serves(tagged: frozenset[str], region: str) -> bool:
    """Tell whether a provider tagged with these regions serves ``region``.

    A country admits its national and its local banks; a subdivision admits its own banks and national ones (OAS).
    """
    if region in tagged:
        return True
    country, dash, _ = region.partition("-")
    if dash:
        return country in tagged
    return any(tag.startswith(f"{country}-") for tag in tagged)


def matches(bank: Bank, query: str) -> bool:
    """Tell whether every word of ``query`` occurs in the bank's name, one of its aliases or its domain."""
    return all(word in bank.words for word in plain(query).split())


def pick(
    banks: Iterable[Bank], products: Iterable[str], regions: Iterable[str], *, allow_redirect: bool, query: str = ""
) -> list[Bank]:
    """Return the banks to show, in the order of ``banks``."""
    wanted, places = tuple(products), tuple(regions)
    return [
        bank
        for bank in banks
        if matches(bank, query) and usable_providers(bank, wanted, places, allow_redirect=allow_redirect)
    ]
