"""Accounts, transactions and investments page by page: what is asked, what is kept, and lists that do not end."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from meld_desktop.api.accounts import list_accounts
from meld_desktop.api.client import MeldClient
from meld_desktop.api.investments import list_holdings, list_investment_transactions
from meld_desktop.api.pages import Page
from meld_desktop.api.transactions import list_transactions
from meld_desktop.domain.account_facts import AccountFacts, Balance, Line
from meld_desktop.domain.errors import Kind, MeldError
from tests.api.calls import everything_in
from tests.api.conftest import KEY
from tests.api.servers import RawServer, reply, says
from tests.support.secrets_scan import in_bytes

pytestmark = pytest.mark.anyio

List = Callable[..., Awaitable[Page[Any]]]
LISTS = {
    list_accounts: ("/bank-linking/accounts", "financialAccounts", 100),
    list_transactions: ("/bank-linking/transactions", "financialAccountTransactions", 1000),
    list_holdings: ("/bank-linking/investments/holdings", "investmentHoldings", 1000),
    list_investment_transactions: ("/bank-linking/investments/transactions", "investmentTransactions", 1000),
}
EACH = pytest.mark.parametrize("lister", LISTS, ids=lambda lister: lister.__name__)
AT = "2026-11-24T10:00:08.5Z"
MOMENT = datetime(2026, 11, 24, 10, 0, 8, 500_000, tzinfo=UTC)


def page(lister: List, items: list[dict[str, Any]], remaining: object = 0) -> bytes:
    body = {LISTS[lister][1]: items, "count": len(items), "remaining": remaining}  # type: ignore[index]
    return reply(json.dumps(body).encode(), status="200 OK")


def item(number: int, **values: object) -> dict[str, Any]:
    return {"id": f"id{number}", "key": f"key{number}", "financialAccountId": "acc", **values}


async def ask(lister: List, said: bytes, **options: str) -> tuple[Page[Any], str]:
    with RawServer(says(said)) as server:
        found = await lister(MeldClient(server.url, KEY), "a/b", **options)
        server.called.wait(5)
    return found, server.heard[0].split()[1].decode()


@EACH
async def test_the_largest_page_is_asked_for_and_then_the_next(lister: List) -> None:
    path, _, limit = LISTS[lister]  # type: ignore[index]
    found, target = await ask(lister, page(lister, [item(1), item(2)], remaining=7))
    assert target == f"{path}?connectionId=a%2Fb&limit={limit}"
    assert (len(found.items), found.after, found.remaining, found.is_last) == (2, "key2", 7, False)
    found, target = await ask(lister, page(lister, [item(3)]), after="key2")
    assert target == f"{path}?connectionId=a%2Fb&limit={limit}&after=key2"
    assert (len(found.items), found.after, found.remaining, found.is_last) == (1, "", 0, True)


@EACH
async def test_an_empty_list_is_a_list(lister: List) -> None:
    found, _ = await ask(lister, page(lister, []))
    assert (found.items, found.is_last) == ((), True)


@EACH
async def test_a_server_that_does_not_count_ends_with_a_short_page(lister: List) -> None:
    found, _ = await ask(lister, page(lister, [item(1)], remaining=None))
    assert found.is_last


@EACH
@pytest.mark.parametrize(
    ("items", "remaining"),
    [
        ([{"id": "x"}], 1),
        ([], 1),
        ([item(2)], 1),  # the key that was asked after: the same page again and again
    ],
)
async def test_a_list_without_a_way_on_is_refused(lister: List, items: list[dict[str, Any]], remaining: int) -> None:
    with pytest.raises(MeldError) as caught:
        await ask(lister, page(lister, items, remaining), after="key2")
    assert caught.value.kind is Kind.WRONG_SHAPE


@EACH
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (reply(b"[]", status="200 OK"), Kind.WRONG_SHAPE),
        (reply(b'{"items": []}', status="200 OK"), Kind.WRONG_SHAPE),
        (reply(b"<html>", status="200 OK"), Kind.NOT_JSON),
        (reply(b"", status="401 No"), Kind.UNAUTHORIZED),
        (reply(b"", status="403 No"), Kind.FORBIDDEN),
        (reply(b"{}", "Retry-After: 33", status="429 No"), Kind.RATE_LIMITED),
        (reply(b"", status="500 No"), Kind.SERVER),
    ],
    ids=lambda value: value.name if isinstance(value, Kind) else "",
)
async def test_what_cannot_be_used(lister: List, said: bytes, kind: Kind) -> None:
    with pytest.raises(MeldError) as caught:
        await ask(lister, said)
    assert caught.value.kind is kind
    assert not in_bytes(everything_in(caught.value).encode("utf-8", "replace"), [KEY], "the error")


async def test_an_account_is_kept_masked() -> None:
    said = item(
        1,
        id="acc1",
        name="Checking",
        type="DEPOSITORY",
        subtype="CHECKING",
        status="ACTIVE",
        institutionName="Chase",
        truncatedAccountNumber="1234567890",
        historicalAggregationSucceeded=False,
        balances={"currency": "USD", "currentAmount": 9357.24, "availableAmount": 1, "updatedAt": AT},
        identifiers={
            "ach": {"accountNumber": "9876543210", "routingNumber": "021000021"},
            "eft": None,
            "bacs": {"accountNumber": None, "sortCode": None},
            "international": {"iban": "DE89370400440532013000", "bic": "X", "accountNumber": "532013000"},
        },
        owners=[{"names": ["Planted Name"]}, {"names": ["Other Name"]}],
        serviceProviderDetails=[
            {"serviceProvider": "MX", "updatedAt": "2026-11-20T10:00:00Z"},
            {"serviceProvider": "PLAID", "updatedAt": AT, "raw": {"account": "9876543210"}},
        ],
    )
    found, _ = await ask(list_accounts, page(list_accounts, [said]))
    assert found.items == (
        AccountFacts(
            "acc1",
            "Checking",
            "DEPOSITORY",
            "CHECKING",
            "••7890",
            "ACTIVE",
            "Chase",
            Balance(Decimal("9357.24"), "USD", MOMENT),
            ("ACH ••3210", "IBAN ••3000"),
            2,
            has_history=False,
            provider="PLAID",
            updated_at=MOMENT,
        ),
    )
    kept = repr(found.items)
    assert not [
        secret
        for secret in ("1234567890", "9876543210", "DE8937", "021000021", "Planted", "532013000")
        if secret in kept
    ]


@pytest.mark.parametrize(
    ("odd", "facts"),
    [
        ({}, AccountFacts("id1")),
        ({"balances": None, "identifiers": None, "owners": None, "serviceProviderDetails": None}, AccountFacts("id1")),
        ({"balances": {"currency": "USD"}}, AccountFacts("id1")),
        (
            {"balances": {"availableAmount": 3, "updatedAt": "soon"}},
            AccountFacts("id1", balance=Balance(Decimal(3))),
        ),
        (
            {"serviceProviderDetails": {"serviceProvider": "FINICITY", "id": 1}},
            AccountFacts("id1", provider="FINICITY"),
        ),
        ({"serviceProviderDetails": [7, {"updatedAt": 7}]}, AccountFacts("id1")),
        (
            {"identifiers": {"new": {"accountNumber": "12345678"}, "odd": 7}},
            AccountFacts("id1", identifiers=("new ••5678",)),
        ),
        ({"name": "N" * 5000}, AccountFacts("id1", "N" * 200)),
    ],
)
async def test_what_is_missing_or_odd_is_lived_with(odd: dict[str, object], facts: AccountFacts) -> None:
    found, _ = await ask(list_accounts, page(list_accounts, [item(1, **odd)]))
    assert found.items == (facts,)


async def test_of_a_transaction_only_day_account_and_status_are_kept() -> None:
    said = [
        item(1, status="PENDING", transactionDate="2026-11-24T12:00:00Z", description="Planted", amount=-4.5),
        item(2, status="POSTED", transactionDate=None, postedDate="2026-11-20"),
        item(3, financialAccountId=None, transactionDate="soon"),
    ]
    for lister in (list_transactions, list_investment_transactions):
        found, _ = await ask(lister, page(lister, said))
        assert found.items == (
            Line("acc", date(2026, 11, 24), is_pending=True),
            Line("acc", date(2026, 11, 20)),
            Line(""),
        )
