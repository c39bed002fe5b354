"""From records and files to banks: nothing makes it fail, and everything left out is named."""

import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.domain.banks.documents import COLUMNS, UnreadableFileError, read_csv, read_file_content
from meld_desktop.domain.banks.reading import Reading, read_banks, read_products
from meld_desktop.domain.products import Product
from meld_desktop.locations import resource

EXAMPLE = {
    "id": "12tXXbLPzBRAZwmG237rAj", "key": "k", "name": "Innovation Credit Union", "subName": "innovationcu.ca",
    "type": "BANK", "rank": 2171, "domain": "innovationcu.ca", "isTest": False, "aliases": ["ICU", "ICU", ""],
    "providers": {
        "yodlee": {"id": "25452", "regions": ["CA"], "oauth": False,
                   "products": ["ACCOUNT_DETAILS", "BALANCES", "IDENTITIES", "STATEMENTS", "TRANSACTIONS"]},
        "mx": {"id": "90c89915", "regions": ["us", "US-tn", "US"], "oauth": True,
               "products": ["HOLDINGS", "balances", "HISTORICAL_TRANSACTIONS", "BALANCES"]},
    },
}  # fmt: skip


def reasons(reading: Reading) -> list[tuple[int, str, bool]]:
    return [(oddity.place, str(oddity.reason), oddity.whole) for oddity in reading.oddities]


def test_the_documented_example() -> None:
    (bank,) = read_banks([EXAMPLE]).banks
    assert (bank.id, bank.name, bank.sub_name, bank.type) == (
        "12tXXbLPzBRAZwmG237rAj", "Innovation Credit Union", "innovationcu.ca", "BANK",
    )  # fmt: skip
    assert (bank.domain, bank.aliases, bank.rank, bank.is_test) == ("innovationcu.ca", ("ICU",), 2171, False)
    yodlee, mx = bank.providers
    assert (yodlee.name, yodlee.id, yodlee.oauth, yodlee.regions) == ("YODLEE", "25452", False, frozenset({"CA"}))
    assert yodlee.products == {Product.IDENTIFIERS, Product.BALANCES, Product.OWNERS, Product.TRANSACTIONS}
    assert yodlee.others == ("STATEMENTS",)
    assert mx.oauth
    assert mx.regions == {"US", "US-TN"}
    assert mx.products == {Product.INVESTMENT_HOLDINGS, Product.BALANCES}
    assert mx.others == ("HISTORICAL_TRANSACTIONS",)
    assert bank.regions == {"CA", "US", "US-TN"}
    assert len(bank.products) == 5


def test_the_banks_of_the_demo() -> None:
    reading = read_banks(json.loads(resource("demo", "institutions.json").read_bytes()))
    assert (len(reading.banks), reading.oddities) == (66, [])
    assert sum(bank.is_test for bank in reading.banks) == 10


def test_products_by_any_name() -> None:
    known, others = read_products(("Owners", "investment-holdings", "TRANSACTIONS", "X Y", "x_y", " ", "CREDIT"))
    assert known == {Product.OWNERS, Product.INVESTMENT_HOLDINGS, Product.TRANSACTIONS}
    assert others == ("X_Y", "CREDIT")


ODD = {
    "not an object": (None, 1, "text", [], True),
    "no id": ({}, {"name": "n"}, {"id": "", "name": "n"}, {"id": None, "name": "n"}, {"id": ["a"], "name": "n"}),
    "no name": ({"id": "a"}, {"id": "a", "name": "  "}, {"id": "a", "name": {"en": "n"}}),
    "“providers” is not an object": ({"id": "a", "name": "n", "providers": ["plaid"]},),
}


@pytest.mark.parametrize("reason", ODD)
def test_an_odd_record_is_left_out(reason: str) -> None:
    for record in ODD[reason]:
        reading = read_banks([EXAMPLE, record, {"id": "b", "name": "B"}])
        assert [bank.id for bank in reading.banks] == [EXAMPLE["id"], "b"]
        assert len(reading.records) == 2
        assert reasons(reading) == [(2, reason, True)]


def test_an_id_that_comes_twice_counts_once() -> None:
    reading = read_banks([EXAMPLE, {**EXAMPLE, "name": "Other"}, {**EXAMPLE, "id": "b"}])
    assert [(bank.id, bank.name) for bank in reading.banks] == [
        (EXAMPLE["id"], "Innovation Credit Union"), ("b", "Innovation Credit Union"),
    ]  # fmt: skip
    assert reasons(reading) == [(2, "an id that was there before", True)]


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        (None, "a provider that is not an object"),
        ("x", "a provider that is not an object"),
        ({"oauth": "true"}, "a provider whose “oauth” is neither true nor false"),
        ({"oauth": 1}, "a provider whose “oauth” is neither true nor false"),
        ({"regions": "US"}, "a provider whose “regions” is not a list"),
        ({"products": {"OWNERS": True}}, "a provider whose “products” is not a list"),
    ],
)
def test_an_odd_provider_is_left_out_and_the_bank_stays(way: object, reason: str) -> None:
    reading = read_banks([{"id": "a", "name": "A", "providers": {"mx": way, "plaid": {}}}])
    assert [provider.name for provider in reading.banks[0].providers] == ["PLAID"]
    assert reasons(reading) == [(1, reason, False)]


def test_an_odd_region_is_left_out_and_the_provider_stays() -> None:
    way = {"regions": ["US", "USA", 5, "", "Zürich", "us_ca"], "products": [1, None, "OWNERS"]}
    reading = read_banks([{"id": "a", "name": "A", "providers": {"mx": way}}])
    (provider,) = reading.banks[0].providers
    assert provider.regions == {"US", "US-CA"}
    assert provider.products == {Product.OWNERS}
    assert [(str(reason), count) for reason, count in reading.counted()] == [
        ("a region that is neither a country nor a subdivision code", 4)
    ]


def test_numbers_serve_as_ids_and_odd_details_are_empty() -> None:
    record = {"id": 17, "name": "A", "rank": "1", "isTest": "yes", "aliases": "x", "domain": 5.5, "providers": None}
    assert read_banks([record]).banks == [Bank("17", "A")]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_ways = st.dictionaries(st.sampled_from(["id", "oauth", "regions", "products"]), _json)
_records = st.dictionaries(st.sampled_from(["id", "name", "rank", "isTest", "aliases", "domain"]), _json).flatmap(
    lambda record: (_json | st.dictionaries(st.text(max_size=4), _ways | _json, max_size=3)).map(
        lambda providers: {**record, "providers": providers}
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_records | _json, max_size=6))
def test_nothing_makes_the_reading_fail(records: list[object]) -> None:
    reading = read_banks(records)
    whole = [oddity for oddity in reading.oddities if oddity.whole]
    assert len(reading.banks) + len(whole) == len(records)
    assert len({bank.id for bank in reading.banks}) == len(reading.banks)
    for bank in reading.banks:
        "".join((bank.id, bank.name, bank.domain, *bank.aliases)).encode()


# --- files


def outcome(content: bytes) -> Reading | str:
    try:
        return read_file_content(content)
    except UnreadableFileError as error:
        return str(error.text)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(string.printable, max_size=200).map(str.encode))
def test_no_file_makes_it_fail_otherwise_than_in_words(content: bytes) -> None:
    assert outcome(content) != ""


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 3) | st.just(-1), min_size=1, max_size=8), st.integers(0, 3), st.booleans())
def test_the_places_in_a_json_file_are_lines(shapes: list[int], lead: int, page: bool) -> None:
    """Each element stands on lines that are counted while the text is put together; -1 is a bank, all else is odd."""
    text = "\n" * lead + ('{"count": 1,\n"institutions": [' if page else "[")
    odd_lines = []
    for number, shape in enumerate(shapes):
        text += ("," if number else "") + "\n" * (number % 3)
        if shape >= 0:
            odd_lines.append(text.count("\n") + 1)
        breaks = "\n" * max(shape, 0)
        text += f'{{"id": "b{number}", \n"name": "]\\n["}}' if shape < 0 else f'[{breaks}"x]",{breaks}{{}}{breaks}]'
    found = outcome((text + ("]}" if page else "]")).encode())
    if isinstance(found, str):
        assert -1 not in shapes
        assert f"Line {odd_lines[0]}: not an object" in found
    else:
        assert [oddity.place for oddity in found.oddities] == odd_lines
        assert len(found.banks) == shapes.count(-1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b" \n\t", "The file is empty."),
        (b'[\n{"id": 1,}]', "Line 2, column "),
        (b'[{"id": "a", "name": "A"}]\n\n x', "Line 3, column 2: this is not JSON"),
        (b'[{"id": "a", "name": "A"}', "Line 1, column 26: this is not JSON"),
        (b"[NaN]", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"a": []}', "Line 1: an array of institutions is needed"),
        (b"[\n\n5, {}]", "There is no bank in this file. Line 3: not an object."),
        (b"[\n\xff]", "Line 2 is not UTF-8 text."),
        (b"name,regions\nA,US", "Line 1: the columns \u201cid\u201d and \u201cname\u201d are needed."),
        (b'id,name\na,"A', "Line 2: this is not CSV"),
        (b"id,name\n,A", "There is no bank in this file. Line 2: no id."),
        (b"id,name\na,", "There is no bank in this file. Line 2: no name."),
    ],
)
def test_a_file_of_no_use_is_told_in_plain_words(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_file_content(content)
    assert said in str(caught.value.text)


def test_an_empty_list_is_a_list() -> None:
    assert read_file_content(b"[]").banks == []
    assert read_file_content(b"id,name\n").banks == []
    assert read_file_content(b'\xef\xbb\xbf{"institutions": [], "count": 0}').banks == []


CSV = """id,name,Sub_Name,rank,isTest,aliases,provider,oauth,regions,products,extra
a,"Bank, A",sub,3,yes,"A1; A2",plaid,TRUE,US CA-ON,OWNERS|BALANCES,x
a,"Bank, A",,,,,mx,no,us,IDENTITIES

b,"Two
lines",,,,,,,,
c,C,,x,,,,,,
d,D,,,,,mx,maybe,,
a,Other,,,,,finicity,,,
a,"Bank, A",,,,,PLAID,,US,
e,E,,,,,,,,,x,too many
f,,,,,,,,,
g,=cmd,,1,,,mx,,,
"""


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_file(delimiter: str, end: str) -> None:
    text = CSV.replace('"Bank, A"', '"Bank* A"').replace(",", delimiter).replace("*", ",").replace("\n", end)
    reading = read_csv(text)
    assert [(bank.id, bank.name) for bank in reading.banks] == [
        ("a", "Bank, A"), ("b", f"Two{end}lines"), ("g", "=cmd"),
    ]  # fmt: skip
    first = reading.banks[0]
    assert (first.sub_name, first.rank, first.is_test, first.aliases) == ("sub", 3, True, ("A1", "A2"))
    plaid, mx = first.providers
    assert plaid.oauth
    assert plaid.regions == {"US", "CA-ON"}
    assert plaid.products == {Product.OWNERS, Product.BALANCES}
    assert (mx.name, mx.oauth) == ("MX", False)
    assert mx.regions == {"US"}
    assert mx.products == {Product.OWNERS}
    assert [(place, reason) for place, reason, _ in reasons(reading)] == [
        (7, "“rank” is not a number"),
        (8, "“oauth” is neither true nor false"),
        (9, "the same id as a bank of another name"),
        (10, "a provider that the bank has already"),
        (11, "more values than there are columns"),
        (12, "no name"),
    ]


def test_a_csv_file_needs_no_other_columns() -> None:
    assert read_csv("NAME;Id\nB;1\n").banks == [Bank("1", "B")]
    assert {"id", "name"} <= set(COLUMNS)


def test_a_file_of_the_demo_reads_the_same_both_ways(tmp_path: Path) -> None:
    content = resource("demo", "institutions.json").read_bytes()
    assert read_file_content(content).banks == read_banks(json.loads(content)).banks
