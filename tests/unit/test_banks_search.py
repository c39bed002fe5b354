"""Banks found by what people call them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.domain.banks.reading import read_banks
from meld_desktop.domain.banks.search import BankSearch
from meld_desktop.locations import resource

BANKS = [
    Bank("1", "Maple Leaf Bank", rank=50),
    Bank("2", "First Maple", rank=1),
    Bank("3", "Érable", aliases=("Maple Caisse",), rank=2),
    Bank("4", "Old Bank", domain="maple.example", rank=3),
    Bank("5", "Maple", rank=99),
    Bank("6", "Banco Ipê Amarelo", rank=4),
    Bank("7", "Bank of the Sugarmaple", rank=5),
    Bank("8", "Leaf of Maple", rank=60),
    Bank("9", "Straße & Söhne", rank=7),
    Bank("10", "بنك الجزيرة", rank=8),
    Bank("11", "Maple", domain="second.example"),
]


def found(query: str) -> list[str]:
    return [bank.id for bank in BankSearch(BANKS).find(query)]


def test_the_order_is_by_kind_of_match_and_then_by_popularity() -> None:
    assert found("maple") == ["5", "11", "1", "3", "4", "2", "8", "7"]
    assert found("leaf maple") == ["1", "8"]
    assert found("leaf of") == ["8"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("erable", ["3"]), ("ÉRABLE", ["3"]), ("E\u0301rable", ["3"]), ("ipe", ["6"]), ("strasse sohne", ["9"]),
        ("strasse & söhne", ["9"]), ("الجزيرة", ["10"]), ("second.example", ["11"]), ("10", ["10"]), ("zzz", []),
        ("map lea", ["1", "8"]), ("bank sug", ["7"]), ("ugarm", ["7"]), ("&", ["9"]), ("*", []),
    ],
)  # fmt: skip
def test_what_people_type(query: str, ids: list[str]) -> None:
    assert found(query) == ids


def test_an_empty_query_finds_all_the_popular_first() -> None:
    assert found("  ") == ["2", "3", "4", "6", "7", "9", "10", "1", "8", "5", "11"]
    assert [bank.id for bank in BankSearch(BANKS).find("", 2)] == ["2", "3"]
    assert [bank.id for bank in BankSearch(BANKS).find("maple", 2)] == ["5", "11"]


@given(st.text(max_size=12))
def test_no_query_fails_or_finds_a_bank_twice(query: str) -> None:
    ids = found(query)
    assert len(set(ids)) == len(ids)


def test_every_bank_of_the_demo_is_found_first_by_its_name() -> None:
    banks = read_banks(json.loads(resource("demo", "institutions.json").read_bytes())).banks
    search = BankSearch(banks)
    for bank in banks:
        assert search.find(bank.name)[0].name == bank.name
        assert bank in search.find(bank.domain)
        assert search.find(bank.id) == [bank]
