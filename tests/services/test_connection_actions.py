"""Refresh, repair and delete from the desk: each once, never two at a time, and only to the Meld a link came from."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.connection_action import Action
from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.delivery import Arrival, Delivered
from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import DEMO, PRODUCTION, SANDBOX, Environment, custom_environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.links.replay import request_of
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.mock.scenario_table import AFTERWARDS
from meld_desktop.services.connection_actions import ConnectionActions
from meld_desktop.services.connection_calls import ConnectionCalls
from meld_desktop.services.create_link import CreateLink
from meld_desktop.services.delivery import Delivery
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Worker
from meld_desktop.storage.keys import KeyStore
from tests.api.servers import Caller, RawServer, reply
from tests.services.bank_data import arrivals, listen
from tests.services.conftest import Heard

KEY = "WQ5CwCxDxXhYuA4fVHGk3o:s3cr3t+/Key=="
REQUEST = ConnectStartRequest(
    "support-4711",
    (Product.BALANCES,),
    (Product.OWNERS,),
    ("US", "CA-ON"),
    redirect_url="https://example.com/done",
    allow_redirect=False,
    show_border=True,
)


class Meld:
    """A server that answers each request by its method; ``hangs`` until the client goes away."""

    def __init__(self) -> None:
        self.hangs = False
        self.answers = {
            "refresh": reply(b'{"requestId": "r1"}', status="202 Accepted"),
            "repair": reply(b'{"id": "connection-1", "widgetUrl": "http://127.0.0.1:1/?connectToken=x"}'),
            "DELETE": reply(b"", status="204 No Content", length=False),
        }
        self.asked: list[str] = []
        self.server = RawServer(self._serve)

    def _serve(self, caller: Caller) -> None:
        caller.listen()
        method, target = bytes(caller.heard).decode().split()[:2]
        self.asked.append(f"{method} {target}")
        if self.hangs:
            caller.wait_until_gone(20)
        caller.say(self.answers[method if method == "DELETE" else target.rsplit("/", 1)[1]])

    @property
    def environment(self) -> Environment:
        return custom_environment(self.server.url)

    def record(self, **values: object) -> LinkRecord:
        made = LinkRecord(
            made_at=datetime(2026, 11, 24, tzinfo=UTC),
            environment="custom",
            host=self.environment.host,
            customer="support-4711",
            connection_id="connection-1",
            meld_customer_id="customer-1",
            request=REQUEST.to_json(),
        )
        return replace(made, **values)  # type: ignore[arg-type]


@pytest.fixture
def server() -> Iterator[Meld]:
    made = Meld()
    with made.server:
        yield made


@pytest.fixture
def demo() -> Iterator[Demo]:
    local = Demo()
    yield local
    local.close()


@pytest.fixture
def keys(worker: Worker, parent: QObject) -> Keys:
    return Keys(worker, KeyStore(), {"MELD_API_KEY": KEY}, parent)


@pytest.fixture
def guard() -> EnvironmentGuard:
    return EnvironmentGuard()


@pytest.fixture
def actions(
    worker: Worker, keys: Keys, demo: Demo, guard: EnvironmentGuard, server: Meld, parent: QObject
) -> ConnectionActions:
    made = ConnectionActions(worker, keys, demo, guard, parent)
    made.set_environment(server.environment)
    return made


class Ends(QObject):
    """Takes down how actions end."""

    def __init__(self, actions: ConnectionActions) -> None:
        super().__init__(actions)
        self.said: list[tuple[str, Action, LinkRecord, object]] = []
        actions.done.connect(self._done)
        actions.failed.connect(self._failed)

    def _done(self, action: Action, record: LinkRecord, result: object) -> None:
        self.said.append(("done", action, record, result))

    def _failed(self, action: Action, record: LinkRecord, error: MeldError) -> None:
        self.said.append(("failed", action, record, error))


@pytest.mark.parametrize("action", [Action.REFRESH, Action.REPAIR, Action.DELETE])
def test_each_is_sent_once_and_ends_once(
    actions: ConnectionActions, server: Meld, qtbot: QtBot, settle: Callable[[], None], action: Action
) -> None:
    ends, busy = Ends(actions), Heard().listen(busy=actions.busy_changed)
    record = server.record()
    with qtbot.waitSignal(actions.done):
        getattr(actions, action.value)(record)
        assert actions.is_busy(record)
    settle()
    assert [(how, what, which) for how, what, which, _ in ends.said] == [("done", action, record)]
    assert len(server.asked) == 1
    assert not actions.is_busy(record)
    assert busy.said == [("busy", record)] * 2


def test_a_repair_gives_a_link_with_the_first_request(actions: ConnectionActions, server: Meld, qtbot: QtBot) -> None:
    ends = Ends(actions)
    with qtbot.waitSignal(actions.done):
        actions.repair(server.record())
    link = ends.said[0][3]
    assert isinstance(link, Link)
    assert (link.request, link.environment, link.customer_id) == (REQUEST, server.environment, "customer-1")
    assert json.loads(link.exchange.request_body) == {"connectionId": "connection-1"}


# --- two at once


@pytest.mark.parametrize("second", ["refresh", "repair", "delete"])
def test_two_actions_of_one_connection_at_once(
    actions: ConnectionActions, server: Meld, qtbot: QtBot, settle: Callable[[], None], second: str
) -> None:
    server.hangs = True
    ends = Ends(actions)
    actions.repair(server.record(id=1))
    qtbot.waitUntil(lambda: len(server.asked) == 1)
    getattr(actions, second)(server.record(id=2, kind="repair"))  # another row of the same connection
    assert [(how, what.value) for how, what, _, _ in ends.said] == [("failed", second)]
    error = ends.said[0][3]
    assert isinstance(error, MeldError)
    assert str(error.title) == "Already under way"
    actions.cancel(server.record())
    settle()
    assert len(server.asked) == 1
    assert not actions.is_busy(server.record())
    assert len(ends.said) == 1


def test_two_connections_at_once(actions: ConnectionActions, server: Meld, qtbot: QtBot) -> None:
    ends = Ends(actions)
    actions.refresh(server.record())
    actions.refresh(server.record(connection_id="connection-2"))
    qtbot.waitUntil(lambda: len(ends.said) == 2)
    assert {how for how, *_ in ends.said} == {"done"}


def test_a_second_repair_waits_for_the_first(actions: ConnectionActions, server: Meld, qtbot: QtBot) -> None:
    ends = Ends(actions)
    with qtbot.waitSignal(actions.done):
        actions.repair(server.record())
    assert actions.open_repair(server.record()) is ends.said[0][3]
    actions.repair(server.record(id=2))
    error = ends.said[1][3]
    assert isinstance(error, MeldError)
    assert str(error.title) == "This connection is being repaired already"
    assert len(server.asked) == 1
    with qtbot.waitSignal(actions.done):
        actions.refresh(server.record())  # something else may be done meanwhile
    actions.repair_ended("connection-1")
    assert actions.open_repair(server.record()) is None
    with qtbot.waitSignal(actions.done):
        actions.repair(server.record())
    with qtbot.waitSignal(actions.done):
        actions.delete(server.record())
    assert actions.open_repair(server.record()) is None, "its link leads nowhere any more"


# --- failures


@pytest.mark.parametrize(
    ("action", "status", "title"),
    [
        ("refresh", "409 No", "This connection cannot be refreshed now"),
        ("refresh", "429 No", "Refreshed too often"),
        ("repair", "409 No", "This connection cannot be repaired"),
        ("delete", "409 No", "This connection is deleted already"),
        ("delete", "404 No", "Meld does not know this connection"),
        ("repair", "403 No", "This API key may not do this"),
        ("delete", "401 No", "Meld does not know this API key"),
    ],
)
def test_a_refusal_in_words_that_fit(
    actions: ConnectionActions, server: Meld, qtbot: QtBot, action: str, status: str, title: str
) -> None:
    server.answers = dict.fromkeys(server.answers, reply(b"{}", "Retry-After: 7", status=status))
    ends = Ends(actions)
    with qtbot.waitSignal(actions.failed):
        getattr(actions, action)(server.record())
    error = ends.said[0][3]
    assert isinstance(error, MeldError)
    assert str(error.title) == title
    assert not actions.is_busy(server.record())
    assert len(server.asked) == 1


def test_the_key_of_another_environment_is_explained(
    actions: ConnectionActions, guard: EnvironmentGuard, server: Meld, qtbot: QtBot
) -> None:
    guard.worked(SANDBOX, KEY)
    server.answers["refresh"] = reply(b"", status="401 No")
    ends = Ends(actions)
    with qtbot.waitSignal(actions.failed):
        actions.refresh(server.record())
    assert str(ends.said[0][3].title).startswith("This is the API key of Sandbox, not of 127.0.0.1")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "127.0.0.1:1"},
        {"host": ""},
        {"environment": "sandbox", "host": "127.0.0.1:1"},
        {"environment": "production", "host": "api-sb.meld.io"},
    ],
)
def test_no_key_goes_to_a_host_that_only_a_record_names(
    actions: ConnectionActions, server: Meld, qtbot: QtBot, wrong: dict[str, str]
) -> None:
    ends = Ends(actions)
    with qtbot.waitSignal(actions.failed):
        actions.refresh(server.record(**wrong))
    error = ends.said[0][3]
    assert isinstance(error, MeldError)
    assert str(error.title) == "Made in another environment"
    assert server.asked == []


def test_which_meld_a_record_belongs_to(keys: Keys, demo: Demo, guard: EnvironmentGuard, server: Meld) -> None:
    calls = ConnectionCalls(keys, demo, guard)
    record = server.record()
    assert calls.environment_of(record) is None
    calls.use_environment(DEMO)
    assert calls.environment_of(record) is None
    calls.use_environment(server.environment)
    assert calls.environment_of(record) == server.environment
    assert calls.environment_of(replace(record, environment="demo", host="")) == DEMO
    for known in (SANDBOX, PRODUCTION):
        assert calls.environment_of(replace(record, environment=known.id, host=known.host)) == known


def test_a_record_without_a_connection(actions: ConnectionActions, server: Meld, qtbot: QtBot) -> None:
    ends = Ends(actions)
    with qtbot.waitSignal(actions.failed):
        actions.delete(server.record(connection_id=""))
    assert ends.said[0][3].kind is Kind.NOT_FOUND  # type: ignore[attr-defined]
    assert server.asked == []


def test_after_the_end_nothing_begins(actions: ConnectionActions, server: Meld, worker: Worker) -> None:
    worker.close()
    actions.refresh(server.record())
    assert not actions.is_busy(server.record())


def test_a_request_is_read_back_as_it_was_sent(server: Meld) -> None:
    assert request_of(server.record()) == REQUEST
    assert request_of(server.record()).to_json() == REQUEST.to_json()
    bare = server.record(request="", products=("OWNERS", "NEW_ONE"), regions=("US",), institution_id="bank")
    assert request_of(bare) == ConnectStartRequest(
        "support-4711", (Product.OWNERS,), regions=("US",), institution_id="bank"
    )
    odd = {"externalCustomerId": 7, "products": ["BALANCES", 8], "allowRedirect": "x", "accountPreferenceOverride": []}
    assert request_of(server.record(request=json.dumps(odd))) == ConnectStartRequest("", (Product.BALANCES,))


# --- the whole way, with every state that Demo plays


def finish(demo: Demo, link: Link) -> None:
    """Do what a customer does in the widget at Maple Test Bank."""
    base, _, token = link.widget_url.partition("?connectToken=")
    with httpx.Client(base_url=base, headers={"X-Connect-Token": token}, trust_env=False) as page:

        def call(name: str, **values: object) -> dict[str, object]:
            answer = page.post(f"/widget/{name}", json=values)
            assert answer.status_code == 200, answer.text
            return dict(answer.json())

        visit = str(call("session")["visit"])
        banks = call("institutions", visit=visit, query="Maple Test Bank")["institutions"]
        choice = call("provider", visit=visit, institutionId=banks[0]["id"])  # type: ignore[index]
        hint = dict(choice["hint"])  # type: ignore[call-overload]
        told = call("login", visit=visit, username=hint["username"], password=hint["password"])
        if told["outcome"] == "code":
            told = call("code", visit=visit, code=hint["code"])
        call("complete", visit=visit, accountIds=[each["id"] for each in told["accounts"]])  # type: ignore[attr-defined]


@pytest.mark.parametrize("scenario", AFTERWARDS, ids=lambda scenario: scenario.name)
def test_every_state_of_demo_the_whole_way(
    worker: Worker,
    keys: Keys,
    demo: Demo,
    guard: EnvironmentGuard,
    parent: QObject,
    qtbot: QtBot,
    scenario: object,
) -> None:
    name = scenario.name  # type: ignore[attr-defined]
    demo.use_speed(2000)
    create = CreateLink(worker, keys, demo, parent)
    actions = ConnectionActions(worker, keys, demo, guard, parent)
    delivery = Delivery(worker, keys, demo, guard, parent)
    ends, heard = Ends(actions), listen(delivery)
    products = (Product.BALANCES, Product.TRANSACTIONS, Product.IDENTIFIERS, Product.OWNERS)
    with qtbot.waitSignal(create.created) as created:
        create.start(DEMO, ConnectStartRequest(f"scenario:{name}:support", products))
    link = created.args[0]
    finish(demo, link)
    record = LinkRecord(
        made_at=datetime.now(UTC),
        environment="demo",
        customer=link.request.external_customer_id,
        connection_id=link.connection_id,
        request=link.request.to_json(),
        products=tuple(link.request.products),
    )

    def settled() -> bool:
        with qtbot.waitSignal(delivery.finished):
            delivery.check(record)
        found = heard.said[-2][1]
        asked = set(arrivals(record, found).values()) - {"NOT_ASKED"}
        turned = scenario.turns is None or found.state.status != "ACTIVE" or bool(found.state.reason)  # type: ignore[attr-defined]
        return found.state.aggregated_at is not None and turned and Arrival.COMING.name not in asked

    qtbot.waitUntil(settled, timeout=20_000)
    found: Delivered = heard.said[-2][1]
    state: ConnectionState = found.state
    assert found.accounts
    if name == "partial-data":
        assert set(arrivals(record, found).values()) == {"ARRIVED", "MISSING", "NOT_ASKED"}
    with qtbot.waitSignals([actions.busy_changed, actions.busy_changed]):
        actions.repair(record)
    assert ends.said[-1][0] == "done" or not state.may_repair
    actions.repair_ended(record.connection_id)
    with qtbot.waitSignals([actions.busy_changed, actions.busy_changed]):
        actions.refresh(record)
    assert (ends.said[-1][0] == "done") == state.may_refresh, state
    with qtbot.waitSignal(actions.done):
        actions.delete(record)
    with qtbot.waitSignal(actions.failed):
        actions.delete(record)
    assert str(ends.said[-1][3].title) == "This connection is deleted already"  # type: ignore[attr-defined]
    with qtbot.waitSignal(delivery.finished):
        delivery.check(record)
    assert heard.said[-2][1].state.status == "DELETED"
