"""Every scenario in the table really happens."""

from typing import Any

import httpx
import pytest

from meld_desktop.mock.scenarios import SCENARIOS, find_scenario, scenario_of_customer
from tests.unit.mock.harness import CONNECTIONS, START, Local, OpenWidget

pytestmark = pytest.mark.anyio

BODY = {"externalCustomerId": "c", "products": ["BALANCES"]}
WIDGET_SCENARIOS = {"success", "wrong-password", "mfa", "user-cancels", "oauth-popup", "token-expired"}
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
    assert set(names) == WIDGET_SCENARIOS | FAULTS, "a scenario without a test of its own"
    for scenario in SCENARIOS:
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
