"""What was asked for against what arrived, with the reason that Meld documents for what did not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from meld_desktop.domain.account_facts import AccountFacts, Balance, Line, Tally, masked
from meld_desktop.domain.connection_status import DOCUMENTED, ConnectionState
from meld_desktop.domain.delivery import Arrival, Delivered, ProductDelivery, asked_lists, judged
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.products import Product

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 11, tzinfo=UTC)
READY = ConnectionState("ACTIVE", "", "Chase", AT)
CHECKING = AccountFacts(
    "a",
    "Checking",
    "DEPOSITORY",
    balance=Balance(Decimal(1), "USD", LATER),
    identifiers=("ACH ••1111",),
    owners=1,
    has_history=True,
    provider="PLAID",
    updated_at=AT,
)
CARD = replace(CHECKING, id="b", type="CREDIT", identifiers=())
FUND = replace(CARD, id="c", type="INVESTMENT")
BARE = replace(CHECKING, id="d", balance=None, identifiers=(), owners=0)
ALL = tuple(product.value for product in Product)
TEN = Tally(10, 0, date(2024, 11, 24), date(2026, 11, 23), 1, {"a": 10})
LISTS = ((Product.TRANSACTIONS, TEN), (Product.INVESTMENT_HOLDINGS, TEN), (Product.INVESTMENT_TRANSACTIONS, TEN))


def one(product: Product, delivered: Delivered, *, optional: bool = False) -> ProductDelivery:
    rows = judged(() if optional else (product,), (product,) if optional else (), delivered)
    return next(row for row in rows if row.product is product)


def test_everything_arrived() -> None:
    rows = judged(ALL[:3], ALL[3:], Delivered(READY, (CHECKING, CARD, FUND), LISTS))
    assert [row.arrival for row in rows] == [Arrival.ARRIVED] * 6
    assert [row.is_required for row in rows] == [True] * 3 + [False] * 3
    assert [str(row.found) for row in rows] == [
        "3 of 3 accounts",
        "1 of 1 deposit accounts",
        "10 in one account",
        "10 in one account",
        "3 of 3 accounts",
        "10 in one account",
    ]
    assert not any(row.reason for row in rows)
    assert rows[0].at == LATER
    assert {row.at for row in rows[1:]} == {AT}
    assert (rows[5].first, rows[5].last, rows[5].is_whole) == (TEN.first, TEN.last, True)


def test_what_nobody_asked_for_comes_last() -> None:
    rows = judged(("TRANSACTIONS",), ("BALANCES",), Delivered(READY, (CHECKING,), LISTS))
    assert [row.product for row in rows[:2]] == [Product.BALANCES, Product.TRANSACTIONS]
    assert {row.arrival for row in rows[2:]} == {Arrival.NOT_ASKED}
    assert len(rows) == 6
    assert asked_lists(("TRANSACTIONS",), ("BALANCES", "INVESTMENT_HOLDINGS")) == (
        Product.TRANSACTIONS,
        Product.INVESTMENT_HOLDINGS,
    )


@pytest.mark.parametrize("product", [Product.BALANCES, Product.IDENTIFIERS, Product.OWNERS])
def test_a_part_of_the_accounts(product: Product) -> None:
    row = one(product, Delivered(READY, (CHECKING, BARE)))
    assert row.arrival is Arrival.PARTIAL
    assert str(row.found).startswith("1 of 2 ")
    assert str(row.reason) == "The bank does not give it for every account."
    partly = ConnectionState("PARTIALLY_ACTIVE", "PARTIAL_AGGREGATION_SUCCESS", "", AT)
    assert one(product, Delivered(partly, (CHECKING, BARE))).reason == partly.line


@pytest.mark.parametrize(
    ("history", "arrival", "words"),
    [
        (True, Arrival.ARRIVED, ""),
        (None, Arrival.ARRIVED, "Older transactions, up to two years, may still be on their way."),
        (False, Arrival.PARTIAL, "The older transactions did not come"),
    ],
)
def test_older_transactions(history: bool | None, arrival: Arrival, words: str) -> None:
    account = replace(CHECKING, has_history=history)
    row = one(Product.TRANSACTIONS, Delivered(READY, (CHECKING, account), LISTS))
    assert row.arrival is arrival
    assert str(row.reason).startswith(words)
    assert bool(row.reason) == bool(words)


def test_a_list_that_was_not_counted_to_its_end() -> None:
    tally = replace(TEN, count=1000, remaining=234)
    row = one(Product.TRANSACTIONS, Delivered(READY, (CHECKING,), ((Product.TRANSACTIONS, tally),)))
    assert (str(row.found), row.count, row.is_whole) == ("1,234", 1234, False)
    uncounted = replace(TEN, count=1000, remaining=None)
    row = one(Product.TRANSACTIONS, Delivered(READY, (CHECKING,), ((Product.TRANSACTIONS, uncounted),)))
    assert str(row.found) == "More than 1,000"


EARLY = ConnectionState("ACTIVE")
SALT = replace(BARE, provider="SALTEDGE")
LOGIN = ConnectionState("RECONNECT_REQUIRED", "LOGIN_REQUIRED", "", AT)


@pytest.mark.parametrize(
    ("product", "state", "accounts", "optional", "arrival", "reason"),
    [
        (Product.BALANCES, EARLY, (), False, Arrival.COMING, "Still on its way: it takes some seconds"),
        (Product.TRANSACTIONS, EARLY, (CHECKING,), False, Arrival.COMING, "Still on its way: transactions may take"),
        (Product.BALANCES, READY, (BARE,), False, Arrival.MISSING, "Meld gives no reason. Refresh"),
        (Product.BALANCES, READY, (), False, Arrival.MISSING, "Meld gives no reason. Refresh"),
        (Product.OWNERS, READY, (BARE,), True, Arrival.MISSING, "Asked for as optional"),
        (Product.IDENTIFIERS, READY, (CARD,), False, Arrival.MISSING, "The customer shared no account with a routing"),
        (Product.TRANSACTIONS, READY, (CHECKING,), False, Arrival.MISSING, "Transactions may take some minutes"),
        (Product.INVESTMENT_HOLDINGS, READY, (CHECKING,), False, Arrival.MISSING, "The customer shared no investment"),
        (Product.INVESTMENT_HOLDINGS, READY, (SALT, FUND), False, Arrival.MISSING, "The bank is reached through Salt"),
        (Product.INVESTMENT_HOLDINGS, READY, (FUND,), False, Arrival.MISSING, "Meld gives no reason"),
        (Product.OWNERS, LOGIN, (BARE,), False, Arrival.MISSING, str(LOGIN.line)),
    ],
)
def test_why_it_is_missing(
    product: Product,
    state: ConnectionState,
    accounts: tuple[AccountFacts, ...],
    optional: bool,
    arrival: Arrival,
    reason: str,
) -> None:
    empty = tuple((each, Tally()) for each, _ in LISTS)
    row = one(product, Delivered(state, accounts, empty), optional=optional)
    assert row.arrival is arrival
    assert str(row.reason).startswith(reason)
    assert not row.found


@pytest.mark.parametrize(("status", "reason"), DOCUMENTED)
def test_every_documented_state_has_a_word_for_what_is_not_there(status: str, reason: str) -> None:
    state = ConnectionState(status, reason, "", AT)
    delivered = Delivered(state, (BARE,) if state.is_connected else None, tuple((each, Tally()) for each, _ in LISTS))
    for row in judged(ALL, (), delivered):
        assert row.arrival is (Arrival.COMING if status == "IN_PROGRESS" else Arrival.MISSING)
        assert str(row.reason).endswith(".")


def test_what_was_not_looked_up_is_not_called_missing() -> None:
    assert {row.arrival for row in judged(ALL, (), Delivered(READY))} == {Arrival.UNKNOWN}
    assert one(Product.TRANSACTIONS, Delivered(READY, (CHECKING,))).arrival is Arrival.UNKNOWN
    failed = Delivered(READY, (CHECKING,), troubles=((Product.TRANSACTIONS, MeldError(Kind.SERVER)),))
    row = one(Product.TRANSACTIONS, failed)
    assert row.arrival is Arrival.UNKNOWN
    assert str(row.reason) == "It could not be looked up: Meld has trouble."
    assert one(Product.BALANCES, failed).arrival is Arrival.ARRIVED


def test_pages_add_up() -> None:
    first = Tally().plus((Line("a", date(2026, 5, 1), is_pending=True), Line("b", date(2026, 4, 1))), 3)
    assert (first.count, first.total, first.is_whole, first.pending) == (2, 5, False, 1)
    whole = first.plus((Line("a", date(2025, 1, 1)), Line("", None), Line("a", date(2026, 6, 1))), 0)
    assert (whole.count, whole.total, whole.is_whole) == (5, 5, True)
    assert (whole.first, whole.last) == (date(2025, 1, 1), date(2026, 6, 1))
    assert whole.by_account == {"a": 3, "b": 1}
    assert first.by_account == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("", ""),
        (" - ", ""),
        ("1", "••1"),
        ("1111", "••1111"),
        ("xxxx-1111", "••1111"),
        ("12345", "••345"),
        ("1234567", "••4567"),
        ("DE89 3704 0044 0532 0130 00", "••3000"),
    ],
)
def test_numbers_are_masked(number: str, shown: str) -> None:
    assert masked(number) == shown
