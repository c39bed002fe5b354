"""The sentence and the verdict for every scenario of the Demo, played against the real local Meld.

A customer here makes the calls that the Demo's page makes, and says what the page says; that the page really says it
is read from its source.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import DEMO
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import read_token
from meld_desktop.domain.witness.observation import HopKind
from meld_desktop.domain.witness.verdict import VerdictOutcome
from meld_desktop.locations import resource
from meld_desktop.mock.api import api_app
from meld_desktop.mock.scenarios import SCENARIOS, Group
from meld_desktop.mock.widget.site import widget_app
from meld_desktop.mock.world import World
from tests.support.witnessed import RETURN_URL, Flow
from tests.unit.mock.harness import KEY, START, Hands, Local

pytestmark = pytest.mark.anyio

BANK = "Maple Test Bank"
OTHER = "Northgate Federal Savings"
BODY = {"externalCustomerId": "customer-1", "products": ["BALANCES", "TRANSACTIONS"], "redirectUrl": RETURN_URL}


@pytest.fixture
async def local() -> AsyncIterator[Local]:
    hands = Hands()
    world = World(real_time=hands)
    world.widget_origin = "http://127.0.0.1:2"
    api = httpx.ASGITransport(api_app(world))
    widget = httpx.ASGITransport(widget_app(world))
    async with (
        httpx.AsyncClient(transport=api, base_url="http://127.0.0.1:1", headers=KEY) as api_client,
        httpx.AsyncClient(transport=widget, base_url=world.widget_origin) as widget_client,
    ):
        yield Local(world, hands, api_client, widget_client)


class Customer(Flow):
    """A customer in the Demo's widget: what they do, and what the page says about it (app.js, login.js, popup.js…)."""

    def __init__(self, local: Local, answer: dict[str, Any]) -> None:
        self.local = local
        self.visit = ""
        self.leaves = False
        self.choice: dict[str, Any] = {}
        self.offered: list[dict[str, Any]] = []
        self.token = answer["connectToken"]
        at = datetime.fromtimestamp(local.hands.moment, UTC)
        request = ConnectStartRequest("customer-1", (Product.BALANCES, Product.TRANSACTIONS), redirect_url=RETURN_URL)
        exchange = Exchange("POST", f"http://127.0.0.1:1{START}", (), request.to_json(), 201, at=at)
        super().__init__(
            Link(
                DEMO,
                request,
                answer["id"],
                answer["customerId"],
                "customer-1",
                answer["widgetUrl"],
                read_token(self.token),
                exchange,
            ),
            began=at,
        )

    def says(self, name: str, metadata: dict[str, object] | None = None) -> None:
        self.hears(name, metadata)

    def problem(self, reason: str, details: str) -> None:
        self.says("error", {"reason": reason, "details": details})

    def debug(self, details: str) -> None:
        self.says("debug", {"details": details})

    async def call(self, path: str, **values: object) -> dict[str, Any] | None:
        """The answer of a call; None after a refusal, which the page reports."""
        answer = await self.local.widget.post(
            f"/widget/{path}", headers={"X-Connect-Token": self.token}, json={"visit": self.visit, **values}
        )
        if answer.status_code != 200:
            self.problem(answer.json()["code"], answer.json()["message"])
            return None
        return dict(answer.json())

    async def opens(self) -> "Customer":
        self.opened()
        session = await self.call("session")
        if session is not None:
            self.says("init")
            self.visit, self.leaves = session["visit"], session["customerLeaves"]
        return self

    async def chooses(self, bank: str = BANK, provider: str = "") -> "Customer":
        choice = await self.call("provider", institutionId=self.local.bank(bank), serviceProvider=provider)
        assert choice is not None
        self.choice = choice
        self.debug(f"institution selected: {bank} through {choice['serviceProvider']}")
        for trouble in choice["serviceProviderInitializationErrors"][:1]:
            self.problem(trouble["code"], trouble["message"])
        if self.leaves:
            self.debug("Demo: this customer leaves by themselves")
            self.says("cancel")
        return self

    async def logs_in(self, password: str = "") -> "Customer":
        hint = self.choice["hint"]
        answer = await self.call("login", username=hint["username"], password=password or hint["password"])
        return self._after(answer, "INVALID_CREDENTIALS", "did not accept the login")

    async def enters(self, code: str = "") -> "Customer":
        answer = await self.call("code", code=code or self.choice["hint"]["code"])
        return self._after(answer, "INVALID_MFA", "did not accept the security code")

    async def in_the_banks_window(self, *, allow: bool = True, shut: bool = False) -> "Customer":
        self.debug("bank window opened")
        self.window(opened=True, host="localhost")
        if shut:
            self.window(opened=False, by_user=True, host="localhost")
            self.debug("bank window closed")
            return self
        hint = self.choice["hint"]
        state = self.choice["url"].partition("state=")[2]
        values = {"allow": allow, "username": hint["username"], "password": hint["password"]}
        await self.local.widget.post("/oauth/answer", json={"state": state, **values})
        answer = await self.call("popup")
        assert answer is not None
        self.window(opened=False, host="localhost")
        if answer["outcome"] == "refused":
            self.problem("ACCESS_DENIED", f"Access was refused at {BANK}")
        else:
            self.offered = answer["accounts"]
            self.debug("bank window finished")
        return self

    async def agrees(self, count: int = 2) -> "Customer":
        told = await self.call("complete", accountIds=[account["id"] for account in self.offered[:count]])
        assert told is not None
        self.says("connect_complete", told)
        return self

    def is_done(self) -> "Customer":
        """Press *Done*: the page goes on to the return URL."""
        self.says("handover")
        self.goes(RETURN_URL, kind=HopKind.RETURN)
        return self

    async def is_asked_about(self, *, after: float = 0.0) -> "Customer":
        """Let Meld tell the status, ``after`` so many seconds."""
        self.local.hands.moment += after
        self.wait(seconds=after)
        told = await self.local.connection(self.link.connection_id)
        fetched = told["successfullyAggregatedAt"]
        self.asks(
            told["status"],
            told["statusReason"] or "",
            told["institutionName"] or "",
            datetime.fromisoformat(fetched) if fetched else None,
        )
        return self

    def _after(self, answer: dict[str, Any] | None, reason: str, details: str) -> "Customer":
        assert answer is not None
        if answer["outcome"] == "refused":
            self.problem(reason, f"{self.choice['institution']['name']} {details}")
        elif answer["outcome"] == "none":
            self.problem("NO_ELIGIBLE_ACCOUNTS", "The login has no eligible account")
        self.offered = answer.get("accounts", [])
        return self


async def customer(local: Local, scenario: str, **fields: object) -> Customer:
    answer = await local.start(**BODY | {"scenario": scenario} | fields)
    return Customer(local, answer)


async def connected(local: Local, scenario: str) -> Customer:
    who = await (await customer(local, scenario)).opens()
    await who.chooses()
    await who.logs_in()
    return await who.agrees()


MAPLE = f"Connected {BANK} with 2 accounts; "
ARRIVING = MAPLE + "data still arriving"
ARRIVED = MAPLE + "the first data has arrived"
OPEN = "The widget is open; no bank is connected yet"


async def success(local: Local) -> None:
    who = await customer(local, "success")
    assert who.said == "The link was made; the widget has not been opened here"
    await who.is_asked_about()
    await who.opens()
    assert who.said == OPEN
    await who.chooses()
    await who.logs_in()
    assert who.said == OPEN
    await who.agrees()
    assert who.said == ARRIVING
    assert str(who.session.verdict.text) == f"Has not returned to {RETURN_URL} yet"
    await who.is_asked_about()
    who.is_done()
    assert who.session.verdict.outcome is VerdictOutcome.MATCH
    assert who.said == ARRIVING
    assert (await who.is_asked_about(after=60)).said == ARRIVED


async def wrong_password(local: Local) -> None:
    who = await (await customer(local, "wrong-password")).opens()
    await who.chooses()
    await who.logs_in()
    assert who.said == "Stopped at the bank's login after a wrong password"
    await who.is_asked_about()
    assert who.said == "Stopped at the bank's login after a wrong password"
    await who.logs_in()
    await who.agrees()
    assert who.said == ARRIVING


async def mfa(local: Local) -> None:
    who = await (await customer(local, "mfa")).opens()
    await who.chooses()
    await who.logs_in()
    assert who.said == OPEN
    await who.enters("000000")
    assert who.said == "Stopped at the bank's login after a wrong security code"
    await who.enters()
    await who.agrees()
    assert who.said == ARRIVING


async def user_cancels(local: Local) -> None:
    who = await (await customer(local, "user-cancels")).opens()
    await who.chooses()
    assert who.said == "The customer left the widget before a bank was connected"
    await who.is_asked_about()
    assert who.said == "The customer left the widget before a bank was connected"
    await who.opens()
    assert who.said == OPEN


async def oauth_popup(local: Local) -> None:
    who = await (await customer(local, "oauth-popup")).opens()
    await who.chooses()
    assert who.choice["redirects"]
    await who.in_the_banks_window()
    assert who.said == "The bank closed its window; no bank is connected yet"
    await who.agrees()
    assert who.said == ARRIVING
    shut = await (await customer(local, "oauth-popup")).opens()
    await shut.chooses()
    await shut.in_the_banks_window(shut=True)
    assert shut.said == "Stopped: the bank's window (localhost) was closed by hand before the bank had finished"
    await shut.in_the_banks_window(allow=False)
    assert shut.said == "Stopped at the bank: access was refused"


async def bank_down(local: Local) -> None:
    who = await (await customer(local, "bank-down")).opens()
    await who.chooses()
    assert who.said == "Stopped because the bank was not available"
    who.wait(seconds=10)
    await who.chooses(OTHER)
    assert who.said == "Not finished; the widget was active again after a bank that was not available"
    await who.logs_in()
    await who.agrees()
    assert who.said == f"Connected {OTHER} with 2 accounts; data still arriving"


async def provider_init_failure(local: Local) -> None:
    who = await (await customer(local, "provider-init-failure")).opens()
    await who.chooses()
    assert who.said == "Stopped before the bank's login: the service provider did not start"


async def error_creating_user(local: Local) -> None:
    who = await (await customer(local, "error-creating-user")).opens()
    await who.chooses()
    expected = (
        "Stopped before the bank's login: the service provider reported an error creating the user, "
        "which a new customer ID avoids"
    )
    assert who.said == expected
    await who.chooses(OTHER)
    assert who.said == expected


async def no_accounts(local: Local) -> None:
    who = await (await customer(local, "no-accounts")).opens()
    await who.chooses()
    await who.logs_in()
    assert who.said == "Stopped at the bank: the login has no account that can be connected"


async def token_expired(local: Local) -> None:
    who = await (await customer(local, "token-expired")).opens()
    assert who.said == "The widget never initialised: the token had expired"
    await who.is_asked_about()
    assert who.session.status_now == ConnectionState("EXPIRED")
    assert who.said == "The widget never initialised: the token had expired"
    who.says("cancel")
    assert who.said == "The widget never initialised: the token had expired"
    assert who.session.is_finished


async def slow_data(local: Local) -> None:
    who = await connected(local, "slow-data")
    assert (await who.is_asked_about(after=60)).said == ARRIVING
    assert (await who.is_asked_about(after=60 * 60)).said == ARRIVED


async def duplicate(local: Local) -> None:
    who = await connected(local, "duplicate")
    assert (await who.is_asked_about(after=60)).said == ARRIVED
    older = (await local.connection(who.link.connection_id))["duplicateConnectionIds"][0]
    other = Customer(local, {"id": older, "customerId": "", "widgetUrl": "http://127.0.0.1:2/", "connectToken": ""})
    await other.is_asked_about()
    assert other.said == (
        f"Connected {BANK} outside this window, in a browser or on a phone; "
        "another connection with the same login is kept up to date instead"
    )


TURNS = {
    "partial-data": "only part of the data arrived",
    "new-accounts": "the bank has more accounts to offer",
    "access-expiring": "the bank's permission runs out soon",
    "degraded": "the bank cannot be reached for fresh data now",
    "degraded-action": "the customer has to do something at the bank itself",
    "degraded-provider": "the service provider cannot be reached now",
    "degraded-interactive": "the bank wants the customer to be there for fresh data",
    "needs-repair": "the bank does not accept the login any more",
    "needs-repair-bank": "the bank is reached in a new way and has to be connected again",
    "needs-repair-token": "the bank's permission has run out",
    "needs-repair-other": "the customer has to connect again",
    "unrecoverable": "Meld has given up fetching its data",
    "undetermined": "the provider does not say what state it is in",
}


async def turned(local: Local, scenario: str) -> None:
    who = await connected(local, scenario)
    assert who.said == ARRIVING
    assert (await who.is_asked_about()).said == ARRIVING
    assert (await who.is_asked_about(after=60)).said == MAPLE + TURNS[scenario]


IN_THE_WIDGET: dict[str, Callable[[Local], Awaitable[None]]] = {
    "success": success,
    "wrong-password": wrong_password,
    "mfa": mfa,
    "user-cancels": user_cancels,
    "oauth-popup": oauth_popup,
    "bank-down": bank_down,
    "provider-init-failure": provider_init_failure,
    "error-creating-user": error_creating_user,
    "no-accounts": no_accounts,
    "token-expired": token_expired,
    "slow-data": slow_data,
    "duplicate": duplicate,
}
AT_THE_API = {scenario.name for scenario in SCENARIOS if scenario.group is Group.API}


def test_every_scenario_is_here() -> None:
    assert {scenario.name for scenario in SCENARIOS} == set(IN_THE_WIDGET) | set(TURNS) | AT_THE_API


@pytest.mark.parametrize("scenario", IN_THE_WIDGET)
async def test_in_the_widget(local: Local, scenario: str) -> None:
    await IN_THE_WIDGET[scenario](local)


@pytest.mark.parametrize("scenario", TURNS)
async def test_afterwards(local: Local, scenario: str) -> None:
    await turned(local, scenario)


@pytest.mark.parametrize("scenario", sorted(AT_THE_API))
async def test_at_the_api_there_is_no_link_to_speak_of(local: Local, scenario: str) -> None:
    """Only one of them makes a link, slowly; it goes on like any other."""
    headers = {"X-Demo-Scenario": scenario}
    if scenario == "slow-answer":
        local.world.clock.set_speed(1000)
        answer = await local.api.post(START, json=BODY, headers=headers)
        assert (await Customer(local, answer.json()).opens()).said == OPEN
        return
    try:
        answer = await local.api.post(START, json=BODY, headers=headers)
        made = answer.json() if answer.status_code < 300 else {}
    except (ConnectionResetError, ValueError):
        made = {}
    assert "widgetUrl" not in made


SAID = {
    "app.js": ('emit("init")', 'emit("connect_complete", metadata)', 'emit("cancel")', "institution selected: ",
               "problem(trouble.code, trouble.message)", "Demo: this customer leaves by themselves"),
    "login.js": ('problem("INVALID_CREDENTIALS", `${choice.institution.name} did not accept the login`)',
                 'problem("INVALID_MFA", `${choice.institution.name} did not accept the security code`)'),
    "failed.js": ('code: "NO_ELIGIBLE_ACCOUNTS", message: "The login has no eligible account"',),
    "popup.js": ('problem("ACCESS_DENIED", `Access was refused at ${bank}`)', '"bank window opened"',
                 '"bank window finished"', '"bank window closed"'),
    "endings.js": ('emit("handover")', 'emit("cancel")'),
    "host.js": ("{ domain: DOMAIN, eventName, ...metadata }", 'emit("error", { reason, details })'),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_the_page_really_says_it(name: str) -> None:
    source = resource("demo", "widget", name).read_text("utf-8")
    for words in SAID[name]:
        assert words in source


def test_the_page_has_no_reason_that_is_not_told_apart() -> None:
    folder = resource("demo", "widget")
    said = {
        code for path in folder.glob("*.js") for code in re.findall(r'problem\("([A-Z_]+)"', path.read_text("utf-8"))
    }
    assert {"INVALID_CREDENTIALS", "INVALID_MFA", "ACCESS_DENIED", "POPUP_BLOCKED"} <= said
    for code in said | {"TOKEN_EXPIRED", "TOKEN_USED", "TOKEN_INVALID", "UNREACHABLE"}:
        assert "reported a problem" not in Flow().ready().fails(code).said, code
