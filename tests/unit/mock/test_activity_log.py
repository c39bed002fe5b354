"""The activity log: what it tells, how it is searched, and what never gets into it."""

from typing import Any

import pytest

from tests.unit.mock.harness import ACCOUNTS, ACTIVITY, ALWAYS, CONNECTIONS, START, Local

pytestmark = pytest.mark.anyio


async def actions(local: Local, **query: str) -> list[str]:
    found = await local.get(ACTIVITY, **(ALWAYS | {"limit": "100"} | query))
    return [entry["action"].removeprefix("INSTITUTION_CONNECTION_") for entry in reversed(found["activities"])]


async def test_it_tells_the_whole_life_of_a_connection_in_order(local: Local) -> None:
    link = await local.connected(scenario="needs-repair")
    local.hands.moment += 30
    await (await local.repaired(link["id"])).go_through("Maple Test Bank")
    await local.api.delete(f"{CONNECTIONS}/{link['id']}")
    assert await actions(local, connectionIds=link["id"]) == [
        "CREATED",
        "INBOUND_REQUEST",
        "WIDGET_EVENT",
        "COMPLETED",
        "UPDATED",
        "INBOUND_REQUEST",
        "WIDGET_EVENT",
        "COMPLETED",
        "DELETED",
        "INBOUND_REQUEST",
    ]
    turned = await local.get(ACTIVITY, **ALWAYS, actions="INSTITUTION_CONNECTION_UPDATED")
    assert turned["activities"][0]["attributes"]["statusReason"] == "LOGIN_REQUIRED"


async def test_what_time_has_done_is_there_without_looking_at_the_connection(local: Local) -> None:
    link = await local.start()
    local.hands.moment += 20_000
    found = await local.get(ACTIVITY, **ALWAYS, actions="INSTITUTION_CONNECTION_EXPIRED")
    assert [entry["entity"] for entry in found["activities"]] == [{"id": link["id"], "type": "INSTITUTION_CONNECTION"}]
    assert found["activities"][0]["occurredAt"] == "2026-11-18T15:06:40.000000Z"


async def test_widget_errors_say_what_happened_where(local: Local) -> None:
    link = await local.start()
    widget = await local.open(link["connectToken"])
    await widget.choose("Maple Test Bank")
    await widget.call("login", username="a", password="b")
    assert (await widget.call("event", name="POPUP_BLOCKED")) == {}
    assert (await widget.raw("event", name="anything")).status_code == 400
    query = {"actions": "INSTITUTION_CONNECTION_WIDGET_ERROR", "connectionIds": link["id"]}
    blocked, refused = (await local.get(ACTIVITY, **ALWAYS, **query))["activities"]
    assert blocked["attributes"]["eventType"] == "INTERNAL_FAILURE"
    assert refused["attributes"]["eventType"] == "SERVICE_PROVIDER_FAILURE"
    assert refused["attributes"]["institutionId"] == local.bank("Maple Test Bank")
    assert refused["details"]["code"] == "INVALID_CREDENTIALS"
    assert refused["actor"] == {"id": link["customerId"], "name": "customer-1", "type": "CUSTOMER"}
    assert (await local.get(ACTIVITY, **ALWAYS, **query, eventType="INTERNAL_FAILURE"))["activities"] == [blocked]
    guide = {"connectionId": link["id"], "eventTypes": "INTERNAL_FAILURE"}
    assert (await local.get(ACTIVITY, **ALWAYS, **guide))["activities"] == [blocked]
    assert (await local.connection(link["id"]))["status"] == "IN_PROGRESS"


async def test_a_finicity_customer_cannot_mix_real_and_test_banks(local: Local) -> None:
    real = await local.open((await local.start())["connectToken"])
    await real.go_through("Maple Test Bank", "FINICITY")
    widget = await local.open((await local.start())["connectToken"])
    choice = await widget.choose("FinBank Profiles -A")
    assert "not a test customer" in choice["serviceProviderInitializationErrors"][0]["message"]
    fresh = await local.open((await local.start(externalCustomerId="new"))["connectToken"])
    assert (await fresh.choose("FinBank Profiles -A"))["serviceProviderInitializationErrors"] == []


async def test_neither_key_nor_token_nor_password_gets_into_it(local: Local) -> None:
    link = await local.start()
    widget = await local.open(link["connectToken"])
    await widget.choose("Maple Test Bank")
    await widget.call("login", username="me", password="hunter2-secret")
    await widget.go_through("Maple Test Bank")
    found = (await local.get(ACTIVITY, **ALWAYS, limit="100"))["activities"]
    details = await local.api.get(f"{ACTIVITY}/details", params={"keys": ",".join(entry["key"] for entry in found)})
    text = str(found) + details.text
    assert "externalCustomerId" in text
    for secret in ("BASIC", "AbCdEfGhIjKlMnOpQrStUv", "eyJ", "hunter2", "pass_good"):
        assert secret not in text, secret


async def test_details_tell_the_request(local: Local) -> None:
    answer = await local.api.post(START, json={"externalCustomerId": "c", "products": ["OWNERS"]})
    found = await local.get(ACTIVITY, **ALWAYS, requestId=answer.headers["x-request-id"], actions="INBOUND_REQUEST")
    key = found["activities"][0]["key"]
    details = (await local.api.get(f"{ACTIVITY}/details", params={"keys": key})).json()
    assert [entry["key"] for entry in details] == [key]
    told = details[0]["details"]
    assert (told["method"], told["path"], told["responseStatus"]) == ("POST", START, 201)
    assert told["requestBody"] == {"externalCustomerId": "c", "products": ["OWNERS"]}
    for keys in ("", "x", ",,", "Y29ubmVjdGlvbg"):
        assert await local.refused("GET", f"{ACTIVITY}/details", params={"keys": keys}) == 400
    assert await local.refused("GET", f"{ACTIVITY}/details") == 400


async def test_every_filter_filters(local: Local) -> None:
    mine = await local.connected(externalCustomerId="mine")
    await local.start(externalCustomerId="other")
    account = (await local.get(ACCOUNTS, connectionId=mine["id"]))["financialAccounts"][0]["id"]
    whole = await actions(local)
    assert len(whole) == 6
    assert len(await actions(local, externalCustomerId="other")) == 2
    for query in (
        {"customerId": mine["customerId"]},
        {"externalCustomerId": "mine"},
        {"connectionIds": mine["id"]},
        {"financialAccountIds": account},
    ):
        assert len(await actions(local, **query)) == 4, query
    assert await actions(local, actions="INSTITUTION_CONNECTION_CREATED,INBOUND_REQUEST_WIDGET") == ["CREATED"] * 2
    assert await actions(local, end="2026-11-18T11:06:40.2Z") == []
    assert await actions(local, start="2026-11-18T12:06:40+01:00", end="2026-11-18T12:06:41+01:00") == whole
    first = await local.get(ACTIVITY, **ALWAYS, limit="4")
    assert (first["count"], first["remaining"]) == (4, 2)
    rest = await local.get(ACTIVITY, **ALWAYS, after=first["activities"][-1]["key"])
    assert (rest["count"], rest["remaining"]) == (2, 0)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"start": "2026-01-01T00:00:00Z"},
        {"start": "2026-01-01", "end": "2026-01-02"},
        {"start": "2026-01-01T00:00:00", "end": "2026-01-02T00:00:00"},
        {"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00+01:00"},
        {"start": "0001-01-01T00:00:00+14:00", "end": "9999-12-31T23:59:59-14:00"},
        ALWAYS | {"actions": "EVERYTHING"},
        ALWAYS | {"limit": "101"},
        ALWAYS | {"connectionIds": "x"},
        ALWAYS | {"customerId": "1" * 22, "externalCustomerId": "c"},
        ALWAYS | {"before": "x", "after": "x"},
    ],
)
async def test_a_bad_search_is_refused(local: Local, query: dict[str, Any]) -> None:
    assert await local.refused("GET", ACTIVITY, params=query) == 400


async def test_only_so_much_is_kept(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meld_desktop.mock.activity._KEPT", 20)
    for number in range(30):
        await local.start(externalCustomerId=f"c{number}")
    assert len(local.world.log) <= 22
    assert (await local.get(ACTIVITY, **ALWAYS))["activities"][0]["attributes"]["externalCustomerId"] == "c29"
