"""Every scenario in the table really happens."""

from itertools import groupby
from typing import Any

import httpx
import pytest

from meld_desktop.mock.contract import REASONS
from meld_desktop.mock.scenarios import SCENARIOS, find_scenario, scenario_of_customer
from tests.unit.mock.harness import ACCOUNTS, ACTIVITY, ALWAYS, CONNECTIONS, START, TRANSACTIONS, Local, OpenWidget

pytestmark = pytest.mark.anyio

BODY = {"externalCustomerId": "c", "products": ["BALANCES"]}
WIDGET_SCENARIOS = {
    "success",
    "wrong-password",
    "mfa",
    "user-cancels",
    "oauth-popup",
    "token-expired",
    "bank-down",
    "provider-init-failure",
    "error-creating-user",
    "no-accounts",
}
DATA_SCENARIOS = {"slow-data", "partial-data", "duplicate"}
TURNS = {scenario.name: scenario.turns for scenario in SCENARIOS if scenario.turns}
FAULTS = {scenario.name for scenario in SCENARIOS if scenario.fault}


async def refused_start(local: Local, name: str) -> httpx.Response:
    """The answer under a scenario: the same one however it was chosen."""
    by_header = await local.api.post(START, json=BODY, headers={"X-Demo-Scenario": name})
    by_customer = await local.api.post(START, json=BODY | {"externalCustomerId": f"scenario:{name}:c"})
    local.world.scenario = find_scenario(name)
    for_all = await local.api.post(START, json=BODY)
    on_get = await local.api.get(CONNECTIONS)
    local.world.scenario = find_scenario("success")
    assert by_header.status_code == by_customer.status_code == for_all.status_code
    assert on_get.status_code == for_all.status_code or for_all.status_code == 201
    assert (await local.api.post(START, json=BODY)).status_code == 201, "the scenario must not stay"
    return by_header


async def opened(local: Local, name: str, **fields: object) -> OpenWidget:
    return await local.open((await local.start(scenario=name, **fields))["connectToken"])


async def test_the_table_is_complete_and_readable() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert len(set(names)) == len(names)
    assert set(names) == WIDGET_SCENARIOS | DATA_SCENARIOS | set(TURNS) | FAULTS, "a scenario without a test of its own"
    assert [group.name for group, _ in groupby(scenario.group for scenario in SCENARIOS)] == ["WIDGET", "DATA", "API"]
    assert len({str(scenario.title) for scenario in SCENARIOS}) == len(SCENARIOS)
    for scenario in SCENARIOS:
        assert len(str(scenario.title)) <= 24
        assert str(scenario.lesson).endswith(".")
        assert len(str(scenario.lesson)) > 30
        assert find_scenario(scenario.name) is scenario


async def test_a_name_that_is_not_there_is_refused_with_those_that_are(local: Local) -> None:
    with pytest.raises(ValueError, match="success, wrong-password"):
        find_scenario("succes")
    assert scenario_of_customer("scenario:mfa") is None
    for answer in (
        await local.api.post(START, json=BODY, headers={"X-Demo-Scenario": "nope"}),
        await local.api.post(START, json=BODY | {"externalCustomerId": "scenario:nope:c"}),
    ):
        assert answer.status_code == 400
        assert "wrong-password" in answer.json()["message"]


async def test_unauthorized(local: Local) -> None:
    answer = await refused_start(local, "unauthorized")
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")


async def test_forbidden_empty(local: Local) -> None:
    answer = await refused_start(local, "forbidden-empty")
    assert (answer.status_code, answer.content) == (403, b"")


async def test_rate_limited(local: Local) -> None:
    answer = await refused_start(local, "rate-limited")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert answer.json()["requestId"] == answer.headers["x-request-id"]


async def test_server_error_html(local: Local) -> None:
    answer = await refused_start(local, "server-error-html")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text


async def test_bad_json(local: Local) -> None:
    answer = await local.api.post(START, json=BODY, headers={"X-Demo-Scenario": "bad-json"})
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match="Unterminated"):
        answer.json()
    assert (await local.api.get(CONNECTIONS)).json()["count"] == 0


async def test_connection_drop(local: Local) -> None:
    with pytest.raises(ConnectionResetError):
        await local.api.post(START, json=BODY, headers={"X-Demo-Scenario": "connection-drop"})
    with pytest.raises(ConnectionResetError):
        await local.api.post(START, json=BODY | {"externalCustomerId": "scenario:connection-drop:c"})


async def test_slow_answer(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def slept(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("meld_desktop.mock.world.asyncio.sleep", slept)
    local.world.clock.set_speed(2)
    answer = await refused_start(local, "slow-answer")
    assert answer.status_code == 201
    assert waits == [4.0] * 4


async def test_a_link_keeps_the_scenario_it_was_made_under(local: Local) -> None:
    local.world.scenario = find_scenario("mfa")
    link = await local.start()
    local.world.scenario = find_scenario("success")
    widget = await local.open(link["connectToken"])
    await widget.choose("Maple Test Bank")
    assert (await widget.log_in())["outcome"] == "code"


async def test_the_header_goes_before_the_customer(local: Local) -> None:
    widget = await opened(local, "success", externalCustomerId="scenario:mfa:c")
    await widget.choose("Maple Test Bank")
    assert (await widget.log_in())["outcome"] == "accounts"


async def test_success(local: Local) -> None:
    link = await local.start(externalCustomerId="scenario:success:c")
    widget = await local.open(link["connectToken"])
    assert widget.session["customerLeaves"] is False
    await widget.choose("Maple Test Bank")
    told = await widget.log_in()
    done = await widget.call("complete", accountIds=[account["id"] for account in told["accounts"]])
    assert done["connectionId"] == link["id"]
    assert (await local.connection(link["id"]))["status"] == "ACTIVE"


async def test_wrong_password_refuses_the_first_login_only(local: Local) -> None:
    widget = await opened(local, "wrong-password")
    await widget.choose("Maple Test Bank")
    assert (await widget.log_in()) == {"outcome": "refused"}
    assert (await widget.log_in())["outcome"] == "accounts"
    elsewhere = await opened(local, "wrong-password")
    await elsewhere.choose("Maple Test Bank")
    assert (await elsewhere.log_in())["outcome"] == "refused"
    await elsewhere.choose("Maple Test Bank", "MX")
    assert (await elsewhere.log_in())["outcome"] == "accounts"


@pytest.mark.parametrize(
    ("bank", "code"), [("Maple Test Bank", "credential_good"), ("Northgate Federal Savings", "123456")]
)
async def test_mfa_asks_for_a_code_and_refuses_a_wrong_one(local: Local, bank: str, code: str) -> None:
    widget = await opened(local, "mfa")
    await widget.choose(bank)
    assert (await widget.log_in()) == {"outcome": "code"}
    assert (await widget.call("code", code="000")) == {"outcome": "refused"}
    assert (await widget.raw("complete", accountIds=["x"])).status_code == 400
    assert (await widget.call("code", code=f" {code} "))["outcome"] == "accounts"


async def test_user_cancels_tells_the_page_to_leave_and_changes_nothing(local: Local) -> None:
    link = await local.start(scenario="user-cancels")
    widget = await local.open(link["connectToken"])
    assert widget.session["customerLeaves"] is True
    assert (await local.connection(link["id"]))["status"] == "IN_PROGRESS"
    await local.open(link["connectToken"])


async def test_oauth_popup_sends_every_bank_to_its_own_window(local: Local) -> None:
    widget = await opened(local, "oauth-popup")
    banks: list[dict[str, Any]] = (await widget.call("institutions", query=""))["institutions"]
    assert all(bank["redirects"] for bank in banks)
    choice = await widget.choose("Maple Test Bank")
    assert choice["url"].startswith("/oauth?state=")


async def test_token_expired_ends_the_link_when_it_is_opened(local: Local) -> None:
    link = await local.start(scenario="token-expired")
    assert (await local.connection(link["id"]))["status"] == "IN_PROGRESS"
    for _ in range(2):
        answer = await local.widget.post("/widget/session", headers={"X-Connect-Token": link["connectToken"]}, json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_EXPIRED")
    assert (await local.connection(link["id"]))["status"] == "EXPIRED"


async def widget_errors(local: Local, widget: OpenWidget) -> list[tuple[str, str]]:
    found = await local.get(
        ACTIVITY,
        **ALWAYS,
        actions="INSTITUTION_CONNECTION_WIDGET_ERROR",
        connectionIds=widget.session["connectionId"],
    )
    return [(entry["attributes"]["eventType"], entry["details"]["message"]) for entry in found["activities"]]


@pytest.mark.parametrize(
    ("name", "event_type", "code"),
    [
        ("bank-down", "SERVICE_PROVIDER_FAILURE", "INSTITUTION_CURRENTLY_UNAVAILABLE"),
        (
            "provider-init-failure",
            "SERVICE_PROVIDER_INITIALIZATION_FAILURE",
            "SERVICE_PROVIDER_INITIALIZATION_FAILURE",
        ),
    ],
)
async def test_what_is_out_of_order_is_the_first_choice_only(
    local: Local, name: str, event_type: str, code: str
) -> None:
    widget = await opened(local, name, accountPreferenceOverride={"routingRetry": True})
    for _ in range(2):
        choice = await widget.choose("Maple Test Bank")
        assert [trouble["code"] for trouble in choice["serviceProviderInitializationErrors"]] == [code]
        assert (await widget.raw("login", username="user_good", password="pass_good")).status_code == 400
    assert [event for event, _ in await widget_errors(local, widget)] == [event_type] * 2
    assert (await local.connection(widget.session["connectionId"]))["status"] == "IN_PROGRESS"
    elsewhere = await opened(local, name)
    await elsewhere.choose("Maple Test Bank")
    await elsewhere.go_through("Northgate Federal Savings")
    choice = await widget.choose("Maple Test Bank", "MX")
    assert choice["serviceProviderInitializationErrors"] == []
    assert (await widget.log_in())["outcome"] == "accounts"


async def test_error_creating_user_happens_at_every_bank(local: Local) -> None:
    widget = await opened(local, "error-creating-user")
    for bank in ("Maple Test Bank", "Northgate Federal Savings", "Harborlight National Bank"):
        choice = await widget.choose(bank)
        assert choice["serviceProviderInitializationErrors"][0]["message"] == "Error creating user"
        assert choice["url"] is None
    assert {message for _, message in await widget_errors(local, widget)} == {"Error creating user"}


@pytest.mark.parametrize("bank", ["Maple Test Bank", "Harborlight National Bank"])
async def test_no_accounts_lets_nobody_in_at_the_first_bank(local: Local, bank: str) -> None:
    widget = await opened(local, "no-accounts")
    choice = await widget.choose(bank)
    if choice["redirects"]:
        answer = await widget.bank_window("answer", allow=True, username="user_good", password="pass_good")
        assert answer == {"outcome": "none"}
        assert await widget.call("popup") == {"outcome": "none"}
        assert await widget.call("popup") == {"outcome": "waiting"}
    else:
        assert await widget.log_in() == {"outcome": "none"}
    assert (await widget.raw("complete", accountIds=["x"])).status_code == 400
    await widget.go_through("Northgate Federal Savings")
    assert len(await widget_errors(local, widget)) == 1


@pytest.mark.parametrize("name", TURNS)
async def test_a_connection_turns_to_the_status_its_scenario_is_about(local: Local, name: str) -> None:
    status, reason = TURNS[name]
    assert reason in REASONS[status]
    link = await local.connected(scenario=name)
    assert (await local.connection(link["id"]))["status"] == "ACTIVE"
    local.hands.moment += 15.9
    shown = await local.connection(link["id"])
    assert (shown["status"], shown["statusReason"]) == ("ACTIVE", None)
    local.hands.moment += 0.2
    shown = await local.connection(link["id"])
    assert (shown["status"], shown["statusReason"]) == (status, reason)
    assert (await local.get(CONNECTIONS, statuses=status))["count"] == 1


async def test_every_documented_reason_can_be_rehearsed() -> None:
    documented = {(status, reason) for status, reasons in REASONS.items() for reason in reasons}
    by_life = {
        ("IN_PROGRESS", None),
        ("EXPIRED", None),
        ("ACTIVE", None),
        ("DELETED", None),
        ("PARTIALLY_ACTIVE", "PARTIAL_AGGREGATION_SUCCESS"),
        ("PARTIALLY_ACTIVE", "INACTIVE_DUPLICATE"),
    }
    assert set(TURNS.values()) | by_life == documented


async def test_new_accounts_are_offered_by_the_repair(local: Local) -> None:
    link = await local.connected(scenario="new-accounts")
    before = (await local.get(ACCOUNTS, connectionId=link["id"]))["count"]
    local.hands.moment += 20
    await (await local.repaired(link["id"])).go_through("Maple Test Bank")
    assert (await local.get(ACCOUNTS, connectionId=link["id"]))["count"] == before + 1
    assert (await local.connection(link["id"]))["statusReason"] is None


async def test_slow_data_takes_sixty_times_as_long(local: Local) -> None:
    link = await local.connected(scenario="slow-data")
    local.hands.moment += 359
    assert (await local.connection(link["id"]))["successfullyAggregatedAt"] is None
    assert (await local.get(TRANSACTIONS, connectionId=link["id"]))["count"] == 0
    local.hands.moment += 1
    assert (await local.connection(link["id"]))["successfullyAggregatedAt"] is not None
    local.hands.moment += 60 * 20
    assert (await local.get(TRANSACTIONS, connectionId=link["id"]))["count"] > 0


async def test_partial_data_is_completed_by_a_refresh(local: Local) -> None:
    link = await local.connected(scenario="partial-data")
    local.hands.moment += 100
    shown = await local.connection(link["id"])
    assert (shown["status"], shown["statusReason"]) == ("PARTIALLY_ACTIVE", "PARTIAL_AGGREGATION_SUCCESS")
    accounts = (await local.get(ACCOUNTS, connectionId=link["id"]))["financialAccounts"]
    assert all(account["balances"] for account in accounts)
    assert {account["historicalAggregationSucceeded"] for account in accounts} == {False}
    assert (await local.get(TRANSACTIONS, connectionId=link["id"]))["count"] == 0
    assert (await local.api.post(f"{CONNECTIONS}/{link['id']}/refresh", json={})).status_code == 202
    local.hands.moment += 100
    assert (await local.connection(link["id"]))["status"] == "ACTIVE"
    assert (await local.get(TRANSACTIONS, connectionId=link["id"]))["count"] > 0


async def test_duplicate_pretends_that_the_login_was_connected_before(local: Local) -> None:
    link = await local.connected(scenario="duplicate")
    newest, older = (await local.get(CONNECTIONS))["connections"]
    assert newest["id"] == link["id"]
    assert (newest["status"], newest["statusReason"]) == ("ACTIVE", None)
    assert (older["status"], older["statusReason"]) == ("PARTIALLY_ACTIVE", "INACTIVE_DUPLICATE")
    for one, other in ((newest, older), (older, newest)):
        assert one["duplicateConnectionIds"] == [other["id"]]
        assert one["activeDuplicateConnectionId"] == newest["id"]
