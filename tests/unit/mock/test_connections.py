"""Start, get and list over HTTP, and a connection's life."""

import hmac
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from meld_desktop.mock.start_request import Strictness
from tests.unit.mock.harness import CONNECTIONS, START, Local, claims_of

pytestmark = pytest.mark.anyio

ID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{22}\Z")


async def listed(local: Local, **query: str) -> dict[str, Any]:
    answer = await local.api.get(CONNECTIONS, params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(page: dict[str, Any]) -> list[str]:
    return [connection["externalCustomerId"] for connection in page["connections"]]


async def finish(local: Local, link: dict[str, Any], bank: str) -> None:
    widget = await local.open(link["connectToken"])
    await widget.choose(bank)
    told = await widget.log_in()
    if told["outcome"] == "code":
        told = await widget.call("code", code=widget.choice["hint"]["code"])
    await widget.call("complete", accountIds=[told["accounts"][0]["id"]])


def assert_refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    body = dict(answer.json())
    assert body["code"] == code
    assert body["message"]
    assert body["requestId"] == answer.headers["x-request-id"]
    assert datetime.fromisoformat(body["timestamp"]).tzinfo == UTC
    return body


async def test_start_answers_as_documented(local: Local) -> None:
    answer = await local.api.post(
        START, json={"externalCustomerId": "user@domain.com", "products": ["BALANCES", "OWNERS"], "regions": ["US"]}
    )
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["meld-version"] == "2022-11-10"
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])
    link = answer.json()
    assert list(link) == ["id", "connectToken", "customerId", "externalCustomerId", "widgetUrl"]
    assert ID.match(link["id"])
    assert ID.match(link["customerId"])
    assert link["externalCustomerId"] == "user@domain.com"
    assert link["widgetUrl"] == f"http://127.0.0.1:2?connectToken={link['connectToken']}"


async def test_the_token_carries_the_documented_claims_for_four_hours(local: Local) -> None:
    link = await local.start(products=["BALANCES", "OWNERS"], optionalProducts=["TRANSACTIONS"], regions=["US-TN"])
    claims = claims_of(link["connectToken"])
    names = "redirect regions iss connection exp iat account customer products routingProfile"
    assert list(claims) == names.split()
    assert claims["iss"] == "meld.io"
    assert claims["connection"] == link["id"]
    assert claims["customer"] == link["customerId"]
    assert claims["products"] == ["BALANCES", "OWNERS"]
    assert claims["regions"] == ["US-TN"]
    assert claims["redirect"] is True
    assert claims["exp"] - claims["iat"] == 14_400
    assert claims["iat"] == int(local.hands.moment)
    plain = claims_of((await local.start(allowRedirect=False))["connectToken"])
    assert "regions" not in plain
    assert plain["redirect"] is False


async def test_the_token_is_signed_with_hs256(local: Local) -> None:
    token = (await local.start())["connectToken"]
    body, _, signature = token.rpartition(".")
    secret = local.world._signer._secret
    assert signature == urlsafe_b64encode(hmac.digest(secret, body.encode(), "sha256")).rstrip(b"=").decode()
    assert token.startswith("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.")


async def test_a_customer_is_created_once(local: Local) -> None:
    first, second = await local.start(), await local.start()
    assert first["id"] != second["id"]
    assert first["customerId"] == second["customerId"]
    assert (await local.start(externalCustomerId="other"))["customerId"] != first["customerId"]


async def test_any_text_may_name_a_customer(local: Local) -> None:
    name = "Zoë 💸 \ud800 \"'<"
    body = b'{"externalCustomerId":"Zo\\u00eb \\ud83d\\udcb8 \\ud800 \\"\'<","products":["OWNERS"]}'
    answer = await local.api.post(START, content=body)
    assert answer.status_code == 201
    assert answer.json()["externalCustomerId"] == name
    assert (await listed(local))["connections"][0]["externalCustomerId"] == name


async def test_an_unknown_institution_is_not_found(local: Local) -> None:
    body = {"externalCustomerId": "c", "products": ["OWNERS"], "institutionId": "1" * 22}
    assert_refused(await local.api.post(START, json=body), 404, "NOT_FOUND")
    assert (await listed(local))["count"] == 0


@pytest.mark.parametrize("strictness", [Strictness(optional_only=True)])
async def test_the_switches_reach_the_api(local: Local) -> None:
    body = {"externalCustomerId": "c", "optionalProducts": ["OWNERS"]}
    assert_refused(await local.api.post(START, json=body), 400, "BAD_REQUEST")


async def test_a_new_connection_is_in_progress_and_shows_what_was_asked(local: Local) -> None:
    link = await local.start(optionalProducts=["OWNERS"], regions=["US", "CA-ON"])
    shown = await local.connection(link["id"])
    assert shown == {
        "id": link["id"],
        "accountId": claims_of(link["connectToken"])["account"],
        "customerId": link["customerId"],
        "externalCustomerId": "customer-1",
        "institutionId": None,
        "institutionName": None,
        "products": ["BALANCES", "TRANSACTIONS"],
        "optionalProducts": ["OWNERS"],
        "regions": ["US", "CA-ON"],
        "status": "IN_PROGRESS",
        "statusReason": None,
        "serviceProviderDetails": None,
        "createdAt": "2026-11-18T11:06:40.250000Z",
        "successfullyAggregatedAt": None,
    }


async def test_an_unfinished_connection_expires_with_its_token(local: Local) -> None:
    link = await local.start()
    local.hands.moment = claims_of(link["connectToken"])["exp"] - 0.001
    assert (await local.connection(link["id"]))["status"] == "IN_PROGRESS"
    local.hands.moment += 0.002
    assert (await local.connection(link["id"]))["status"] == "EXPIRED"
    assert (await listed(local, statuses="EXPIRED"))["count"] == 1


async def test_a_finished_connection_stays_active_and_its_data_arrives(local: Local) -> None:
    link = await local.start()
    await finish(local, link, "Maple Test Bank")
    shown = await local.connection(link["id"])
    assert shown["status"] == "ACTIVE"
    assert shown["institutionId"] == local.bank("Maple Test Bank")
    assert shown["institutionName"] == "Maple Test Bank"
    assert shown["serviceProviderDetails"] == {"serviceProvider": "PLAID"}
    assert shown["successfullyAggregatedAt"] is None
    local.hands.moment += 20_000
    shown = await local.connection(link["id"])
    assert shown["status"] == "ACTIVE"
    assert shown["successfullyAggregatedAt"] == "2026-11-18T11:06:46.250000Z"


async def test_time_can_run_faster(local: Local) -> None:
    link = await local.start()
    local.world.clock.set_speed(60)
    local.hands.moment += 4 * 60 - 1
    assert (await local.connection(link["id"]))["status"] == "IN_PROGRESS"
    local.hands.moment += 2
    assert (await local.connection(link["id"]))["status"] == "EXPIRED"
    with pytest.raises(ValueError, match="above 0"):
        local.world.clock.set_speed(0)


async def test_a_change_of_speed_is_no_jump_in_time(local: Local) -> None:
    clock, begin = local.world.clock, local.hands.moment
    local.hands.moment += 10
    clock.set_speed(60)
    assert clock.now() == begin + 10
    local.hands.moment += 10
    clock.set_speed(2)
    assert clock.now() == begin + 610
    local.hands.moment += 10
    assert clock.now() == begin + 630
    assert clock.real_seconds(8) == 4


async def test_ids_that_cannot_be_are_400_and_unknown_ones_404(local: Local) -> None:
    body = assert_refused(await local.api.get(f"{CONNECTIONS}/Invalid"), 400, "BAD_REQUEST")
    assert body["message"] == "Not a valid id: Invalid"
    assert_refused(await local.api.get(f"{CONNECTIONS}/{'1' * 22}"), 404, "NOT_FOUND")


async def test_the_list_is_paged_in_both_directions(local: Local) -> None:
    for number in range(25):
        await local.start(externalCustomerId=f"c{number:02d}")
    newest_first = [f"c{number:02d}" for number in reversed(range(25))]
    first = await listed(local)
    assert (names(first), first["count"], first["remaining"]) == (newest_first[:10], 10, 15)
    second = await listed(local, after=first["connections"][-1]["key"])
    assert (names(second), second["remaining"]) == (newest_first[10:20], 5)
    third = await listed(local, after=second["connections"][-1]["key"])
    assert (names(third), third["count"], third["remaining"]) == (newest_first[20:], 5, 0)
    back = await listed(local, before=third["connections"][0]["key"], limit="7")
    assert (names(back), back["remaining"]) == (newest_first[13:20], 13)
    back = await listed(local, before=back["connections"][0]["key"], limit="100")
    assert (names(back), back["remaining"]) == (newest_first[:13], 0)
    assert names(await listed(local, limit="100")) == newest_first


async def test_pages_do_not_shift_when_connections_are_added(local: Local) -> None:
    for number in range(4):
        await local.start(externalCustomerId=f"c{number}")
    first = await listed(local, limit="2")
    await local.start(externalCustomerId="new")
    assert names(await listed(local, limit="2", after=first["connections"][-1]["key"])) == ["c1", "c0"]


async def test_every_filter_filters(local: Local) -> None:
    done = await local.start(externalCustomerId="done")
    await finish(local, done, "Maple Test Bank")
    german = await local.start(externalCustomerId="german")
    await finish(local, german, "Lindenhof Bank")
    local.hands.moment += 86_400
    fresh = await local.start(externalCustomerId="fresh")
    maple = local.bank("Maple Test Bank")
    expected: list[tuple[dict[str, str], list[str]]] = [
        ({}, ["fresh", "german", "done"]),
        ({"customerId": fresh["customerId"]}, ["fresh"]),
        ({"externalCustomerId": "done"}, ["done"]),
        ({"externalCustomerId": "don"}, []),
        ({"institutionId": maple}, ["done"]),
        ({"institutionName": "bank"}, ["german", "done"]),
        ({"institutionName": "Lindenhof", "institutionId": maple}, ["done"]),
        ({"statuses": "ACTIVE"}, ["german", "done"]),
        ({"statuses": "IN_PROGRESS,EXPIRED"}, ["fresh"]),
        ({"statuses": "DELETED"}, []),
        ({"serviceProviders": "SALTEDGE, MX"}, ["german"]),
        ({"serviceProviders": "PLAID"}, ["done"]),
        ({"startDate": "2026-11-19"}, ["fresh"]),
        ({"endDate": "2026-11-18"}, ["german", "done"]),
        ({"startDate": "2026-11-18", "endDate": "2026-11-19"}, ["fresh", "german", "done"]),
        ({"customerId": fresh["customerId"], "externalCustomerId": "done"}, []),
        ({"unknown": "x"}, ["fresh", "german", "done"]),
    ]
    for query, found in expected:
        assert names(await listed(local, **query)) == found, query


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "-1"},
        {"limit": "ten"},
        {"limit": "٣"},
        {"limit": ""},
        {"statuses": "OPEN"},
        {"serviceProviders": "plaid"},
        {"startDate": "yesterday"},
        {"endDate": "2026-02-30"},
        {"after": "x"},
        {"before": "Y29ubmVjdGlvbg=="},
    ],
)
async def test_a_bad_query_is_refused_by_name(local: Local, query: dict[str, str]) -> None:
    body = assert_refused(await local.api.get(CONNECTIONS, params=query), 400, "INVALID_QUERY_PARAMETER")
    assert f"[{next(iter(query))}]" in body["errors"][0]


async def test_before_and_after_exclude_each_other_and_ids_are_checked(local: Local) -> None:
    await local.start()
    key = (await listed(local))["connections"][0]["key"]
    assert_refused(
        await local.api.get(CONNECTIONS, params={"before": key, "after": key}), 400, "INVALID_QUERY_PARAMETER"
    )
    assert_refused(await local.api.get(CONNECTIONS, params={"customerId": "me"}), 400, "BAD_REQUEST")


async def test_the_key_is_only_shown_in_lists(local: Local) -> None:
    link = await local.start()
    assert "key" not in await local.connection(link["id"])
    assert (await listed(local))["connections"][0]["key"]


async def test_very_many_connections_do_not_pile_up(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meld_desktop.mock.connections._KEPT", 20)
    monkeypatch.setattr("meld_desktop.mock.connections._SPARE", 0)
    for number in range(30):
        await local.start(externalCustomerId=f"c{number}")
    page = await listed(local, limit="100")
    assert page["count"] == 20
    assert names(page)[-1] == "c10"
