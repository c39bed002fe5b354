"""The six products and how people write them."""

import pytest

from meld_desktop.domain.products import INVESTMENTS, LABELS, Product, parse_product

SIX = ["BALANCES", "IDENTIFIERS", "INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS", "OWNERS", "TRANSACTIONS"]
"""The documented values since 2022-11-10 (OAS)."""


def test_exactly_the_documented_values() -> None:
    assert [product.value for product in Product] == SIX


def test_labels() -> None:
    assert [str(LABELS[product]) for product in Product] == [
        "Balances",
        "Identifiers",
        "Investment holdings",
        "Investment transactions",
        "Owners",
        "Transactions",
    ]


def test_investments() -> None:
    assert sorted(INVESTMENTS) == ["INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS"]


@pytest.mark.parametrize("product", SIX)
def test_any_spelling(product: str) -> None:
    for separator in "_- ":
        for written in (product, product.lower(), product.title(), f"  {product}\t"):
            assert parse_product(written.replace("_", separator)) == product


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "HISTORICAL_TRANSACTIONS",
        "ACCOUNT_DETAILS",
        "IDENTITIES",
        "BALANCE",
        "INVESTMENTHOLDINGS",
        "BALANCES,OWNERS",
    ],
)
def test_what_is_no_product(text: str) -> None:
    assert parse_product(text) is None
