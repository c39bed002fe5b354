"""Accounts, transactions and investments: what arrives when, for whom, and on which page."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from meld_desktop.mock.contract import PRODUCTS
from tests.unit.mock.harness import ACCOUNTS, CONNECTIONS, HOLDINGS, TRADES, TRANSACTIONS, Local

pytestmark = pytest.mark.anyio

PARTS = {
    TRANSACTIONS: "financialAccountTransactions",
    HOLDINGS: "investmentHoldings",
    TRADES: "investmentTransactions",
}
UNKNOWN = "1" * 22


async def investor(local: Local, **fields: object) -> dict[str, Any]:
    """A customer with everything at a bank where one account is an investment."""
    for number in range(40):
        fields = {"products": ["BALANCES"], "optionalProducts": list(PRODUCTS[1:])} | fields
        link = await local.connected("Maple Test Bank", externalCustomerId=f"investor-{number}", **fields)
        accounts = (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"]
        if any(account["type"] == "INVESTMENT" for account in accounts):
            return link
        await local.api.delete(f"{CONNECTIONS}/{link['id']}")
    raise AssertionError("nobody invests")


async def everything(local: Local, path: str, key: str, step: str, **query: str) -> list[dict[str, Any]]:
    """Walk a whole list forwards."""
    items: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = await local.get(path, limit=step, **after, **query)
        assert page["count"] == len(page[key])
        items += page[key]
        assert len(items) < 20_000, "the list does not end"
        if not page["remaining"]:
            return items
        after = {"after": items[-1]["key"]}


async def test_the_data_arrives_product_by_product(local: Local) -> None:
    link = await local.connected(products=["BALANCES", "TRANSACTIONS"], optionalProducts=["OWNERS", "IDENTIFIERS"])
    seen: dict[str, int] = {}
    for second in range(70):
        account = (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"][-1]
        assert account["name"]
        lines = await local.get(TRANSACTIONS, connectionId=link["id"], limit="1")
        there = {name: account[name] is not None for name in ("balances", "owners", "identifiers")}
        there["transactions"] = lines["count"] > 0
        there["history"] = account["historicalAggregationSucceeded"] is True
        for name, is_there in there.items():
            if is_there:
                seen.setdefault(name, second)
        local.hands.moment += 1
    assert seen == {"identifiers": 3, "balances": 4, "owners": 5, "transactions": 20, "history": 60}


async def test_what_was_not_asked_for_is_null_or_absent(local: Local) -> None:
    for product in PRODUCTS:
        link = await investor(local, products=[product], optionalProducts=[])
        local.hands.moment += 1_000
        accounts = (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"]
        assert any(account["balances"] for account in accounts) is (product == "BALANCES")
        assert any(account["identifiers"] for account in accounts) is (product == "IDENTIFIERS")
        assert any(account["owners"] for account in accounts) is (product == "OWNERS")
        for path, name in ((TRANSACTIONS, "TRANSACTIONS"), (HOLDINGS, "INVESTMENT_HOLDINGS")):
            assert bool((await local.get(path, connectionId=link["id"]))["count"]) is (product == name)
        assert bool((await local.get(TRADES, connectionId=link["id"]))["count"]) is (
            product == "INVESTMENT_TRANSACTIONS"
        )
        await local.api.delete(f"{CONNECTIONS}/{link['id']}")


async def test_optional_products_come_only_where_the_provider_has_them(local: Local) -> None:
    for provider, has_numbers in (("FINICITY", False), ("PLAID", True)):
        link = await local.start(externalCustomerId=provider, optionalProducts=["IDENTIFIERS", "OWNERS"])
        await (await local.open(link["connectToken"])).go_through("Maple Test Bank", provider)
        local.hands.moment += 1_000
        accounts = (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"]
        assert all(account["owners"] for account in accounts)
        assert any(account["identifiers"] for account in accounts) is has_numbers


async def test_the_same_customer_has_the_same_data_again(local: Local) -> None:
    async def told() -> list[Any]:
        await local.connected(optionalProducts=["OWNERS", "IDENTIFIERS"])
        local.hands.moment += 100
        accounts = await everything(local, ACCOUNTS, "financialAccounts", "100")
        lines = await everything(local, TRANSACTIONS, PARTS[TRANSACTIONS], "1000")
        own = {"connectionIds", "serviceProviderDetails", "key", "balances", "updatedAt"}
        return [{name: item[name] for name in item if name not in own} for item in accounts + lines]

    first = await told()
    for link in (await local.get(CONNECTIONS))["connections"]:
        await local.api.delete(f"{CONNECTIONS}/{link['id']}")
    local.hands.moment -= 100
    assert await told() == first
    assert len(first) > 100


async def test_an_account_is_found_by_each_filter_and_by_its_id(local: Local) -> None:
    mine = await local.connected(externalCustomerId="mine")
    other = await local.connected("Northgate Federal Savings", externalCustomerId="other")
    filters = [
        {"customerId": mine["customerId"]},
        {"externalCustomerId": "mine"},
        {"institutionId": local.bank("Maple Test Bank")},
        {"connectionId": mine["id"]},
        {"customerId": mine["customerId"], "connectionId": mine["id"]},
    ]
    for query in filters:
        found = await everything(local, ACCOUNTS, "financialAccounts", "2", **query)
        assert {account["externalCustomerId"] for account in found} == {"mine"}, query
    assert (await local.get(ACCOUNTS, customerId=mine["customerId"], connectionId=other["id"]))["count"] == 0
    for account in found:
        alone = await local.get(f"{ACCOUNTS}/{account['id']}")
        assert alone == {name: value for name, value in account.items() if name != "key"}
    answer = await local.api.get(ACCOUNTS)
    assert answer.headers["meld-version"] == "2022-09-21"


async def test_bad_searches_are_refused(local: Local) -> None:
    for path in (ACCOUNTS, *PARTS):
        refusals: list[dict[str, str]] = [{"limit": "0"}, {"after": "x"}, {"before": "x"}, {"connectionId": "Invalid"}]
        refusals += [{"limit": "101" if path == ACCOUNTS else "1001"}, {"customerId": ""}]
        for query in refusals:
            assert await local.refused("GET", path, params=query) == 400, (path, query)
        assert await local.refused("GET", f"{path}/{UNKNOWN}") == 404
        assert await local.refused("GET", f"{path}/Invalid") == 400
        assert await local.refused("PUT", path) == 405
        both = {"before": "x", "after": "x"}
        answer = await local.api.get(path, params=both)
        assert "[before] and [after] cannot be used together" in answer.json()["errors"]
    both = {"customerId": UNKNOWN, "externalCustomerId": "c"}
    assert await local.refused("GET", ACCOUNTS, params=both) == 400
    for query in ({"status": "SHADOW"}, {"category": "food"}, {"startDate": "1.1.2026"}, {"endDate": "2026-02-30"}):
        assert await local.refused("GET", TRANSACTIONS, params=query) == 400, query
    assert await local.refused("GET", TRADES, params={"statuses": "POSTED,LOST"}) == 400


async def test_transactions_are_believable(local: Local) -> None:
    link = await local.connected()
    local.hands.moment += 100
    lines = await everything(local, TRANSACTIONS, PARTS[TRANSACTIONS], "1000", connectionId=link["id"])
    today = datetime.fromtimestamp(local.hands.moment, UTC).date()
    accounts: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        accounts.setdefault(line["financialAccountId"], []).append(line)
    for of_one in accounts.values():
        days = [line["transactionDate"] for line in of_one]
        assert days == sorted(days, reverse=True)
    assert {line["status"] for line in lines} <= {"PENDING", "POSTED"}
    assert {line["currency"] for line in lines} == {"USD"}
    assert any(line["amount"] > 0 and line["category"] == "INCOME" for line in lines)
    assert sum(line["amount"] < 0 for line in lines) > len(lines) / 2
    oldest = date.fromisoformat(min(line["transactionDate"] for line in lines)[:10])
    assert 700 <= (today - oldest).days <= 731
    assert len({line["id"] for line in lines}) == len(lines)


@pytest.mark.parametrize(("bank", "days"), [("Maple Test Bank", 30), ("MX Bank", 90), ("FinBank OAuth", 180)])
async def test_the_first_load_is_as_deep_as_the_provider_allows(local: Local, bank: str, days: int) -> None:
    link = await local.connected(bank)
    local.hands.moment += 30
    lines = await everything(local, TRANSACTIONS, PARTS[TRANSACTIONS], "1000", connectionId=link["id"])
    oldest = date.fromisoformat(min(line["transactionDate"] for line in lines)[:10])
    today = datetime.fromtimestamp(local.hands.moment, UTC).date()
    assert days - 31 <= (today - oldest).days <= days


async def test_every_filter_of_transactions_filters(local: Local) -> None:
    link = await local.connected(externalCustomerId="mine")
    await local.connected(externalCustomerId="other")
    local.hands.moment += 100
    whole = await everything(local, TRANSACTIONS, PARTS[TRANSACTIONS], "1000", externalCustomerId="mine")
    account = whole[0]["financialAccountId"]
    cases: list[tuple[dict[str, str], Any]] = [
        ({"customerId": link["customerId"], "externalCustomerId": "other"}, lambda _: True),
        ({"connectionId": link["id"]}, lambda _: True),
        ({"financialAccountId": account}, lambda line: line["financialAccountId"] == account),
        ({"status": "PENDING"}, lambda line: line["status"] == "PENDING"),
        ({"category": "FOOD_AND_DRINK"}, lambda line: line["category"] == "FOOD_AND_DRINK"),
        ({"startDate": "2026-11-01"}, lambda line: line["transactionDate"] >= "2026-11-01"),
        ({"endDate": "2026-10-31"}, lambda line: line["transactionDate"][:10] <= "2026-10-31"),
        (
            {"startDate": "2026-09-01", "endDate": "2026-09-30", "category": "BILLS"},
            lambda line: line["transactionDate"][:7] == "2026-09" and line["category"] == "BILLS",
        ),
        ({"startDate": "2026-09-02", "endDate": "2026-09-01"}, lambda _: False),
    ]
    for query, keeps in cases:
        asked = query if "customerId" in query or "connectionId" in query else query | {"externalCustomerId": "mine"}
        found = await everything(local, TRANSACTIONS, PARTS[TRANSACTIONS], "1000", **asked)
        assert [line["id"] for line in found] == [line["id"] for line in whole if keeps(line)], query


async def test_every_part_is_found_again_by_its_id(local: Local) -> None:
    link = await investor(local)
    local.hands.moment += 100
    for path, key in PARTS.items():
        found = await everything(local, path, key, "1000", connectionId=link["id"])
        assert found, path
        for item in found[:: max(1, len(found) // 40)]:
            assert await local.get(f"{path}/{item['id']}") == {k: v for k, v in item.items() if k != "key"}
        for other in PARTS.keys() - {path}:
            assert await local.refused("GET", f"{other}/{found[0]['id']}") == 404


async def test_what_is_not_there_yet_cannot_be_had_by_its_id(local: Local) -> None:
    link = await local.connected()
    local.hands.moment += 100
    oldest = (await everything(local, TRANSACTIONS, PARTS[TRANSACTIONS], "1000"))[-1]["id"]
    await local.api.delete(f"{CONNECTIONS}/{link['id']}")
    await local.connected()
    assert await local.refused("GET", f"{TRANSACTIONS}/{oldest}") == 404
    local.hands.moment += 30
    assert await local.refused("GET", f"{TRANSACTIONS}/{oldest}") == 404
    local.hands.moment += 70
    assert (await local.get(f"{TRANSACTIONS}/{oldest}"))["id"] == oldest


async def test_holdings_add_up_to_the_balance(local: Local) -> None:
    link = await investor(local)
    local.hands.moment += 100
    accounts = {
        account["id"]: account
        for account in (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"]
        if account["type"] == "INVESTMENT"
    }
    held = (await local.get(HOLDINGS, connectionId=link["id"]))[PARTS[HOLDINGS]]
    assert {item["financialAccountId"] for item in held} == set(accounts)
    for account in accounts.values():
        total = sum(item["currentValue"] for item in held if item["financialAccountId"] == account["id"])
        assert total == pytest.approx(account["balances"]["currentAmount"])


async def test_finicitys_test_banks_have_no_investment_data(local: Local) -> None:
    link = await local.connected("FinBank Profiles -A", optionalProducts=["INVESTMENT_HOLDINGS"])
    local.hands.moment += 100
    accounts = (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"]
    assert any(account["type"] == "INVESTMENT" for account in accounts)
    assert (await local.get(HOLDINGS, connectionId=link["id"]))["count"] == 0


async def test_the_recorded_profile_shows_the_recorded_amounts(local: Local) -> None:
    link = await local.connected("FinBank Profiles -A", optionalProducts=["OWNERS"])
    local.hands.moment += 100
    accounts = await everything(local, ACCOUNTS, "financialAccounts", "10", connectionId=link["id"])
    checking = next(account for account in accounts if account["truncatedAccountNumber"] == "1111")
    assert checking["balances"]["currentAmount"] == 9357.24
    assert checking["balances"]["availableAmount"] == 7234.19
    assert all(address["data"]["full"] for owner in checking["owners"] for address in owner["addresses"])
    assert len(checking["owners"]) == 2


@pytest.mark.parametrize(
    ("bank", "kinds", "check"),
    [
        ("Maple Test Bank", {"ach"}, r"0\d{8}"),
        ("Lindenhof Bank", {"international"}, r"DE\d{20}"),
        ("Albion & Thistle Bank", {"bacs", "international"}, r"GB\d{2}DEMO\d{14}"),
        ("Banco Olivar", {"international"}, r"ES\d{22}"),
        ("Banque des Tilleuls", {"international"}, r"FR\d{25}"),
        ("Banco Ipê Amarelo", {"international"}, r"BR\d{25}C1"),
        ("Tamarack Trust", {"eft"}, r"\d{7}"),
    ],
)
async def test_account_numbers_have_the_form_of_their_country(
    local: Local, bank: str, kinds: set[str], check: str
) -> None:
    link = await local.connected(bank, products=["BALANCES"], optionalProducts=["IDENTIFIERS"])
    local.hands.moment += 100
    accounts = (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"]
    numbers = [account["identifiers"] for account in accounts if account["type"] == "DEPOSITORY"]
    for number in numbers:
        assert {kind for kind, value in number.items() if value} == kinds
        text = (
            (number["ach"] or {}).get("routingNumber")
            or (number["international"] or {}).get("iban")
            or number["eft"]["accountNumber"]
        )
        assert re.fullmatch(check, text), text
        if number["international"]:
            moved = text[4:] + text[:4]
            assert int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1
        if number["ach"]:
            assert sum(w * int(d) for w, d in zip((3, 7, 1) * 3, text, strict=True)) % 10 == 0


async def test_an_id_nobody_was_given_is_unknown(local: Local) -> None:
    await local.connected()
    local.hands.moment += 100
    given = [line["id"] for line in await everything(local, TRANSACTIONS, PARTS[TRANSACTIONS], "1000")]
    for place in (0, 9, 18, 21):
        for letter in "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz":
            made_up = given[0][:place] + letter + given[0][place + 1 :]
            if made_up not in given:
                assert await local.refused("GET", f"{TRANSACTIONS}/{made_up}") == 404, made_up
