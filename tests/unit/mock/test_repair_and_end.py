"""Repair, refresh, update and delete: which states allow them, and what becomes of the connection."""

from typing import Any

import pytest

from meld_desktop.mock.contract import REFRESHABLE
from meld_desktop.mock.scenarios import SCENARIOS
from tests.unit.mock.harness import ACCOUNTS, CONNECTIONS, REPAIR, TRANSACTIONS, Local, claims_of

pytestmark = pytest.mark.anyio

TURNS = {scenario.name: scenario.turns for scenario in SCENARIOS if scenario.turns}
UNKNOWN = "1" * 22


async def turned(local: Local, name: str, bank: str = "Maple Test Bank", **fields: object) -> dict[str, Any]:
    link = await local.connected(bank, scenario=name, **fields)
    local.hands.moment += 30
    return link


async def post(local: Local, connection_id: str, verb: str, **body: object) -> int:
    return (await local.api.post(f"{CONNECTIONS}/{connection_id}/{verb}", json=body)).status_code


@pytest.mark.parametrize("name", TURNS)
async def test_a_repair_makes_any_connection_active_again(local: Local, name: str) -> None:
    link = await turned(local, name)
    answer = await local.api.post(REPAIR, json={"connectionId": link["id"]})
    assert answer.status_code == 201
    told = answer.json()
    assert list(told) == ["id", "connectToken", "institutionId", "widgetUrl"]
    assert (told["id"], told["institutionId"]) == (link["id"], local.bank("Maple Test Bank"))
    assert told["widgetUrl"] == f"http://127.0.0.1:2?connectToken={told['connectToken']}"
    claims = claims_of(told["connectToken"])
    assert claims["exp"] - claims["iat"] == 14_400
    assert claims["iat"] == int(local.hands.moment)
    widget = await local.open(told["connectToken"])
    assert widget.session["isRepair"] is True
    assert widget.session["institution"]["name"] == "Maple Test Bank"
    status, reason = TURNS[name]
    shown = await local.connection(link["id"])
    assert (shown["status"], shown["statusReason"]) == (status, reason), "a repair is not IN_PROGRESS"
    await widget.go_through("Maple Test Bank")
    shown = await local.connection(link["id"])
    assert (shown["status"], shown["statusReason"]) == ("ACTIVE", None)
    local.hands.moment += 10_000
    assert (await local.connection(link["id"]))["status"] == "ACTIVE"


async def test_a_repair_stays_with_its_bank_and_provider(local: Local) -> None:
    link = await turned(local, "needs-repair", accountPreferenceOverride={"routingRetry": True})
    widget = await local.repaired(link["id"])
    assert (await widget.raw("provider", institutionId=local.bank("Platypus Bank"))).status_code == 400
    other = {"institutionId": local.bank("Maple Test Bank"), "serviceProvider": "MX"}
    assert (await widget.raw("provider", **other)).status_code == 400
    choice = await widget.choose("Maple Test Bank")
    assert (choice["serviceProvider"], choice["isReconnect"]) == ("PLAID", True)
    assert choice["otherAvailableServiceProviders"] == []


async def test_what_had_arrived_stays_during_and_after_a_repair(local: Local) -> None:
    link = await turned(local, "needs-repair")
    before = (await local.get(TRANSACTIONS, connectionId=link["id"]))["count"]
    assert before
    await (await local.repaired(link["id"])).go_through("Maple Test Bank")
    assert (await local.get(TRANSACTIONS, connectionId=link["id"]))["count"] == before
    assert (await local.connection(link["id"]))["successfullyAggregatedAt"] is not None


async def test_what_cannot_be_repaired(local: Local) -> None:
    link = await local.start()
    assert await local.refused("POST", REPAIR, json={"connectionId": link["id"]}) == 409
    local.hands.moment += 14_401
    assert await local.refused("POST", REPAIR, json={"connectionId": link["id"]}) == 409
    done = await local.connected()
    assert (await local.api.delete(f"{CONNECTIONS}/{done['id']}")).status_code == 204
    assert await local.refused("POST", REPAIR, json={"connectionId": done["id"]}) == 409
    assert await local.refused("POST", REPAIR, json={"connectionId": UNKNOWN}) == 404
    bodies: list[dict[str, Any]] = [
        {"json": {"connectionId": "Invalid"}},
        {"json": {}},
        {"json": {"connectionId": 7}},
        {"json": []},
        {"content": b"{"},
    ]
    for body in bodies:
        assert await local.refused("POST", REPAIR, **body) == 400


async def test_a_repair_token_is_good_for_one_repair_and_four_hours(local: Local) -> None:
    link = await turned(local, "needs-repair")
    one, two = await local.repaired(link["id"]), await local.repaired(link["id"])
    await one.go_through("Maple Test Bank")
    for widget in (one, two):
        assert (await widget.raw("institutions")).json()["code"] == "TOKEN_USED"
    late = await local.repaired(link["id"])
    local.hands.moment += 14_401
    assert (await late.raw("institutions")).json()["code"] == "TOKEN_EXPIRED"
    assert (await local.connection(link["id"]))["status"] == "ACTIVE"


@pytest.mark.parametrize("name", TURNS)
async def test_a_refresh_is_taken_in_the_documented_states_only(local: Local, name: str) -> None:
    link = await turned(local, name)
    status, reason = TURNS[name]
    taken = await post(local, link["id"], "refresh") == 202
    assert taken is (status in REFRESHABLE)
    local.hands.moment += 10
    heals = taken and status != "ACTIVE" and reason != "INSTITUTION_ACTION_REQUIRED"
    shown = await local.connection(link["id"])
    assert (shown["status"], shown["statusReason"]) == (("ACTIVE", None) if heals else (status, reason))


async def test_a_refresh_tells_its_request_and_moves_the_aggregation(local: Local) -> None:
    link = await local.connected()
    local.hands.moment += 1_000
    before = (await local.connection(link["id"]))["successfullyAggregatedAt"]
    answer = await local.api.post(f"{CONNECTIONS}/{link['id']}/refresh")
    assert answer.status_code == 202
    assert answer.json() == {
        "requestId": answer.headers["x-request-id"],
        "serviceProviderDetails": {"serviceProvider": "PLAID"},
    }
    assert (await local.connection(link["id"]))["successfullyAggregatedAt"] == before
    local.hands.moment += 6
    assert (await local.connection(link["id"]))["successfullyAggregatedAt"] > before


async def test_a_refresh_is_refused_with_the_reason(local: Local) -> None:
    link = await local.start()
    path = f"{CONNECTIONS}/{link['id']}/refresh"
    assert await local.refused("POST", path, json={}) == 409
    assert await local.refused("POST", f"{CONNECTIONS}/{UNKNOWN}/refresh", json={}) == 404
    assert await local.refused("POST", f"{CONNECTIONS}/Invalid/refresh", json={}) == 400
    done = f"{CONNECTIONS}/{(await local.connected())['id']}/refresh"
    for products in (["OWNERS"], ["NOPE"], "BALANCES", [1]):
        assert await local.refused("POST", done, json={"products": products}) == 400
    assert await local.refused("POST", done, content=b"{") == 400
    assert (await local.api.post(done, json={"products": ["BALANCES"]})).status_code == 202


async def test_mx_takes_a_forced_refresh_every_three_hours(local: Local) -> None:
    link = await local.connected("MX Bank")
    assert await post(local, link["id"], "refresh") == 202
    local.hands.moment += 3_600
    answer = await local.api.post(f"{CONNECTIONS}/{link['id']}/refresh", json={})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7200")
    assert "every 3 hours" in answer.json()["message"]
    local.hands.moment += 7_200
    assert await post(local, link["id"], "refresh") == 202
    plaid = await local.connected()
    assert [await post(local, plaid["id"], "refresh") for _ in range(2)] == [202, 202]


async def test_more_products_can_be_added_where_the_provider_can(local: Local) -> None:
    link = await local.connected()
    local.hands.moment += 100
    assert await post(local, link["id"], "update", products=["OWNERS", "OWNERS"]) == 202
    shown = await local.connection(link["id"])
    assert (shown["products"], shown["optionalProducts"]) == (["BALANCES", "TRANSACTIONS"], ["OWNERS"])
    account = (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"][0]
    assert (account["owners"], account["identifiers"]) == (None, None)
    local.hands.moment += 10
    account = (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"][0]
    assert account["owners"]
    assert account["identifiers"] is None


@pytest.mark.parametrize(
    ("bank", "products", "status"),
    [
        ("Maple Test Bank", ["BALANCES"], 400),
        ("Maple Test Bank", [], 400),
        ("Maple Test Bank", ["NOPE"], 400),
        ("Maple Test Bank", ["IDENTIFIERS", "INVESTMENT_HOLDINGS"], 202),
        ("MX Bank", ["OWNERS"], 400),
        ("MX Bank", ["INVESTMENT_HOLDINGS"], 202),
        ("Lindenhof Bank", ["OWNERS"], 400),
    ],
)
async def test_what_a_provider_can_add(local: Local, bank: str, products: list[str], status: int) -> None:
    link = await local.connected(bank, products=["BALANCES"])
    assert await post(local, link["id"], "update", products=products) == status


async def test_an_update_needs_a_working_connection(local: Local) -> None:
    link = await local.start()
    assert await local.refused("POST", f"{CONNECTIONS}/{link['id']}/update", json={"products": ["OWNERS"]}) == 409
    assert await local.refused("POST", f"{CONNECTIONS}/{UNKNOWN}/update", json={"products": ["OWNERS"]}) == 404
    assert await local.refused("POST", f"{CONNECTIONS}/{link['id']}/update") == 400


async def test_deleting_takes_the_connection_and_its_accounts(local: Local) -> None:
    link = await local.connected()
    local.hands.moment += 100
    account = (await local.get(ACCOUNTS))["financialAccounts"][0]["id"]
    transaction = (await local.get(TRANSACTIONS))["financialAccountTransactions"][0]["id"]
    answer = await local.api.delete(f"{CONNECTIONS}/{link['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await local.connection(link["id"]))["status"] == "DELETED"
    assert (await local.get(CONNECTIONS, statuses="DELETED"))["count"] == 1
    assert (await local.get(ACCOUNTS))["count"] == 0
    assert await local.refused("GET", f"{ACCOUNTS}/{account}") == 404
    assert await local.refused("GET", f"{TRANSACTIONS}/{transaction}") == 404
    assert await local.refused("DELETE", f"{CONNECTIONS}/{link['id']}") == 409
    assert await local.refused("DELETE", f"{CONNECTIONS}/{UNKNOWN}") == 404
    assert await local.refused("DELETE", f"{CONNECTIONS}/Invalid") == 400


async def test_a_deleted_link_opens_nothing(local: Local) -> None:
    link = await local.start()
    assert (await local.api.delete(f"{CONNECTIONS}/{link['id']}")).status_code == 204
    answer = await local.widget.post("/widget/session", headers={"X-Connect-Token": link["connectToken"]}, json={})
    assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_EXPIRED")
    local.hands.moment += 14_401
    assert (await local.connection(link["id"]))["status"] == "DELETED"


async def test_the_newest_of_duplicates_is_active(local: Local) -> None:
    first, second, third = [await local.connected() for _ in range(3)]
    ids = [link["id"] for link in (third, second, first)]
    shown = [await local.connection(name) for name in ids]
    assert [one["status"] for one in shown] == ["ACTIVE", "PARTIALLY_ACTIVE", "PARTIALLY_ACTIVE"]
    assert {one["statusReason"] for one in shown[1:]} == {"INACTIVE_DUPLICATE"}
    assert {one["activeDuplicateConnectionId"] for one in shown} == {third["id"]}
    for one in shown:
        assert set(one["duplicateConnectionIds"]) == set(ids) - {one["id"]}
    account = (await local.get(ACCOUNTS))["financialAccounts"][0]
    assert account["connectionIds"] == ids


async def test_duplicates_need_the_same_customer_login_and_provider(local: Local) -> None:
    await local.connected(externalCustomerId="other")
    mx = await local.start()
    await (await local.open(mx["connectToken"])).go_through("Maple Test Bank", "MX")
    for profile in ("profile_02", "profile_05"):
        link = await local.start(externalCustomerId="tester")
        await (await local.open(link["connectToken"])).go_through("FinBank Profiles -A", password=profile)
    await local.connected()
    page = await local.get(CONNECTIONS)
    assert {one["status"] for one in page["connections"]} == {"ACTIVE"}
    assert not [one for one in page["connections"] if "duplicateConnectionIds" in one]


async def test_refreshing_a_duplicate_makes_it_the_maintained_one(local: Local) -> None:
    older, newest = await local.connected(), await local.connected(scenario="access-expiring")
    local.hands.moment += 100
    assert await post(local, older["id"], "refresh") == 202
    shown, other = await local.connection(older["id"]), await local.connection(newest["id"])
    assert (shown["status"], shown["statusReason"]) == ("ACTIVE", "ACCESS_EXPIRING_SOON")
    assert (other["status"], other["statusReason"]) == ("PARTIALLY_ACTIVE", "INACTIVE_DUPLICATE")
    assert shown["activeDuplicateConnectionId"] == other["activeDuplicateConnectionId"] == older["id"]


async def test_deleting_the_maintained_duplicate_passes_it_on(local: Local) -> None:
    first, second, third = [await local.connected() for _ in range(3)]
    await local.api.delete(f"{CONNECTIONS}/{third['id']}")
    assert (await local.connection(second["id"]))["status"] == "ACTIVE"
    assert (await local.connection(first["id"]))["activeDuplicateConnectionId"] == second["id"]
    await local.api.delete(f"{CONNECTIONS}/{first['id']}")
    alone = await local.connection(second["id"])
    assert alone["status"] == "ACTIVE"
    assert "duplicateConnectionIds" not in alone
    assert (await local.get(ACCOUNTS))["financialAccounts"][0]["connectionIds"] == [second["id"]]


async def test_repairing_a_duplicate_makes_it_the_maintained_one(local: Local) -> None:
    older, newest = await local.connected(), await local.connected()
    await (await local.repaired(older["id"])).go_through("Maple Test Bank")
    assert (await local.connection(older["id"]))["status"] == "ACTIVE"
    assert (await local.connection(newest["id"]))["statusReason"] == "INACTIVE_DUPLICATE"


async def test_a_visit_belongs_to_the_token_that_opened_it(local: Local) -> None:
    link = await turned(local, "needs-repair")
    one = await local.repaired(link["id"])
    local.hands.moment += 1
    two = await local.repaired(link["id"])
    one.token = two.token
    assert (await one.raw("institutions")).status_code == 401
    assert (await two.raw("institutions")).status_code == 200
