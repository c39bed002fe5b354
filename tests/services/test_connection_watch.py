"""Following a connection: calm, one question at a time, only while somebody looks, and never after the end."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import DEMO, custom_environment
from meld_desktop.domain.errors import Kind
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import TokenFacts
from meld_desktop.services.connection_watch import ConnectionWatch
from meld_desktop.services.create_link import CreateLink
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Worker
from tests.api.servers import Caller, reply
from tests.services.conftest import Heard
from tests.services.connections import KEY, Act, Drawer, Meld, Pace, refuses, silent, tells

REQUEST = ConnectStartRequest("support-4711", (Product.BALANCES, Product.OWNERS))


@pytest.fixture
def meld() -> Iterator[Meld]:
    made = Meld()
    with made.server:
        yield made
    assert made.most_together <= 1


@pytest.fixture
def pace() -> Pace:
    return Pace()


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def demo() -> Iterator[Demo]:
    local = Demo()
    yield local
    local.close()


@pytest.fixture
def watch(worker: Worker, drawer: Drawer, demo: Demo, parent: QObject, pace: Pace) -> ConnectionWatch:
    keys = Keys(worker, drawer, {}, parent)
    return ConnectionWatch(worker, keys, demo, parent, sleep=pace.sleep, monotonic=pace)


def listen(watch: ConnectionWatch) -> Heard:
    return Heard().listen(status=watch.status_changed, ended=watch.ended)


def link_at(url: str, connection_id: str = "one") -> Link:
    exchange = Exchange("POST", url, (), "{}", 201)
    return Link(custom_environment(url), REQUEST, connection_id, "", "", f"{url}/?t=1", TokenFacts(), exchange)


def naps(pace: Pace, count: int) -> Callable[[], bool]:
    return lambda: len(pace.slept) == count


def test_it_asks_less_and_less_often(watch: ConnectionWatch, meld: Meld, pace: Pace, qtbot: QtBot) -> None:
    pace.naps = 9
    heard = listen(watch)
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(naps(pace, 10))
    assert pace.slept == [2, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert meld.asked == 9
    assert heard.said == [("status", ConnectionState("IN_PROGRESS", "", "", None))]
    watch.stop()


def test_after_a_change_it_asks_soon_again(watch: ConnectionWatch, meld: Meld, pace: Pace, qtbot: QtBot) -> None:
    meld.script = [*[tells("IN_PROGRESS")] * 4, tells("ACTIVE")]
    pace.naps = 6
    heard = listen(watch)
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(naps(pace, 7))
    assert pace.slept == [2, 2, 4, 8, 16, 2, 4]
    assert [state.status for _, state in heard.said] == ["IN_PROGRESS", "ACTIVE"]
    watch.stop()


@pytest.mark.parametrize(
    "last",
    [
        tells("EXPIRED"),
        tells("DELETED"),
        tells("ACTIVE", data=True),
        tells("DEGRADED", "INTERACTIVE_REFRESH", data=True),
    ],
)
def test_it_stops_when_nothing_more_is_to_come(
    watch: ConnectionWatch, meld: Meld, pace: Pace, qtbot: QtBot, settle: Callable[[], None], last: Act
) -> None:
    meld.script = [tells("IN_PROGRESS", data=True), tells("ACTIVE"), last, tells("IN_PROGRESS")]
    heard = listen(watch)
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(lambda: not watch.is_watching)
    settle()
    assert meld.asked == 3
    assert heard.names == ["status"] * 3
    watch.set_visible(False)
    watch.set_visible(True)
    watch.hurry()
    settle()
    assert len(pace.slept) == 3


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (refuses(401), "Meld does not know this API key"),
        (refuses(403), "This API key may not look at connections"),
        (refuses(404), "Meld does not know this connection"),
        (refuses(400), "Meld refused the request"),
        (lambda caller: caller.say(reply(b'{"id": 1}', status="200 OK")), "The answer is not a connection"),
    ],
)
def test_a_refusal_ends_it_with_a_reason(
    watch: ConnectionWatch, meld: Meld, qtbot: QtBot, settle: Callable[[], None], act: Act, why: str
) -> None:
    meld.script = [tells("IN_PROGRESS"), act, tells("ACTIVE")]
    heard = listen(watch)
    with qtbot.waitSignal(watch.ended) as ended:
        watch.watch(link_at(meld.server.url))
    assert ended.args is not None
    assert str(ended.args[0]) == f"The connection's status is no longer followed: {why}."
    settle()
    assert not watch.is_watching
    assert meld.asked == 2
    assert heard.names == ["status", "ended"]


@pytest.mark.parametrize("kind", [Kind.KEYRING_LOCKED, Kind.KEYRING_DENIED, Kind.KEYRING_MISSING])
def test_a_keyring_is_not_asked_twice(
    watch: ConnectionWatch, meld: Meld, drawer: Drawer, qtbot: QtBot, settle: Callable[[], None], kind: Kind
) -> None:
    drawer.fails = kind
    with qtbot.waitSignal(watch.ended):
        watch.watch(link_at(meld.server.url))
    settle()
    assert (drawer.opened, meld.asked) == (1, 0)


def test_the_key_is_looked_up_once(
    watch: ConnectionWatch, meld: Meld, drawer: Drawer, pace: Pace, qtbot: QtBot
) -> None:
    pace.naps = 5
    watch.watch(link_at(meld.server.url, "a/b"))
    qtbot.waitUntil(naps(pace, 6))
    watch.stop()
    assert drawer.opened == 1
    assert all(f"BASIC {KEY}".encode() in heard for heard in meld.server.heard)
    assert set(meld.paths) == {b"/bank-linking/connections/a%2Fb"}


@pytest.mark.parametrize(("says", "waits", "hurried"), [("33", 33, 33), ("1", 4, 2), ("300", 300, 300)])
def test_it_waits_as_long_as_it_is_told(
    watch: ConnectionWatch,
    meld: Meld,
    pace: Pace,
    qtbot: QtBot,
    settle: Callable[[], None],
    says: str,
    waits: float,
    hurried: float,
) -> None:
    meld.script = [tells("IN_PROGRESS"), refuses(429, f"Retry-After: {says}"), tells("IN_PROGRESS")]
    pace.naps = 2
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(naps(pace, 3))
    assert pace.slept == [2, 2, waits]
    watch.hurry()
    watch.set_visible(False)
    watch.set_visible(True)
    settle()
    assert len(pace.slept) > 3
    assert pace.slept[-1] == hurried
    assert meld.asked == 2
    watch.stop()


@pytest.mark.parametrize(
    "act", [refuses(500), refuses(503), Caller.reset, lambda caller: caller.say(b"nonsense\r\n\r\n")]
)
def test_trouble_passes(watch: ConnectionWatch, meld: Meld, pace: Pace, qtbot: QtBot, act: Act) -> None:
    meld.script = [act, act, tells("EXPIRED")]
    heard = listen(watch)
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(lambda: not watch.is_watching)
    assert pace.slept == [2, 4, 8]
    assert heard.names == ["status"]


# --- who looks


def test_nothing_is_asked_while_nobody_looks(
    watch: ConnectionWatch, meld: Meld, pace: Pace, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    pace.naps = 4
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(naps(pace, 5))
    watch.set_visible(False)
    pace.moment += 5
    settle()
    assert meld.asked == 4
    watch.set_visible(True)
    qtbot.waitUntil(naps(pace, 6))
    assert pace.slept == [2, 2, 4, 8, 16, 11]  # what was left of the sixteen
    assert watch.is_watching
    watch.stop()


def test_a_link_that_is_made_while_nobody_looks(
    watch: ConnectionWatch, meld: Meld, pace: Pace, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    watch.set_visible(False)
    meld.script = [tells("EXPIRED")]
    watch.watch(link_at(meld.server.url))
    settle()
    assert pace.slept == []
    with qtbot.waitSignal(watch.status_changed):
        watch.set_visible(True)
    assert meld.asked == 1


def test_showing_and_hiding_does_not_ask_each_time(
    watch: ConnectionWatch, meld: Meld, pace: Pace, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    meld.script = [silent, tells("IN_PROGRESS")]
    pace.naps = 1
    heard = listen(watch)
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(lambda: meld.asked == 1)
    for _ in range(5):
        watch.set_visible(False)
        watch.set_visible(True)
        settle()
    assert meld.asked == 1
    assert pace.slept == [2, *[2] * 5]
    assert meld.server.gone.wait(5)
    assert heard.names == []
    watch.stop()


def test_it_hurries_when_something_has_happened(
    watch: ConnectionWatch, meld: Meld, pace: Pace, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    pace.naps = 5
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(naps(pace, 6))
    for _ in range(3):
        watch.hurry()
        settle()
    assert pace.slept == [2, 2, 4, 8, 16, 32, 2]
    assert meld.asked == 5
    watch.stop()


# --- stopping


def test_stopping_breaks_off_at_once(
    watch: ConnectionWatch, meld: Meld, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    meld.script = [silent]
    heard = listen(watch)
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(lambda: meld.asked == 1)
    before = time.monotonic()
    watch.stop()
    assert time.monotonic() - before < 0.1
    assert meld.server.gone.wait(2)
    settle()
    assert not watch.is_watching
    assert heard.names == []
    assert meld.asked == 1


def test_only_the_newest_link_is_followed(watch: ConnectionWatch, meld: Meld, qtbot: QtBot) -> None:
    meld.script = [silent, tells("EXPIRED")]
    heard = listen(watch)
    watch.watch(link_at(meld.server.url, "old"))
    qtbot.waitUntil(lambda: meld.asked == 1)
    with qtbot.waitSignal(watch.status_changed):
        watch.watch(link_at(meld.server.url, "new"))
    assert meld.paths == [b"/bank-linking/connections/old", b"/bank-linking/connections/new"]
    assert heard.names == ["status"]


def test_whoever_hears_may_turn_to_another_link(watch: ConnectionWatch, meld: Meld, qtbot: QtBot) -> None:
    meld.script = [tells("IN_PROGRESS"), tells("EXPIRED")]
    turned: list[ConnectionState] = []

    def turn(state: ConnectionState) -> None:
        turned.append(state)
        if len(turned) == 1:
            watch.watch(link_at(meld.server.url, "two"))

    watch.status_changed.connect(turn)
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(lambda: len(turned) == 2)
    assert meld.paths == [b"/bank-linking/connections/one", b"/bank-linking/connections/two"]


def test_whoever_hears_may_hide_and_show(
    watch: ConnectionWatch, meld: Meld, pace: Pace, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    meld.script = [tells("ACTIVE"), silent]

    def hide_and_show(_state: ConnectionState) -> None:
        watch.set_visible(False)
        watch.set_visible(True)

    watch.status_changed.connect(hide_and_show)
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(lambda: meld.asked == 2)
    settle()
    assert meld.asked == 2
    assert len(pace.slept) == 2
    watch.stop()


def test_a_link_without_a_connection_is_not_followed(
    watch: ConnectionWatch, meld: Meld, pace: Pace, settle: Callable[[], None]
) -> None:
    watch.watch(replace(link_at(meld.server.url), connection_id=""))
    settle()
    assert not watch.is_watching
    assert pace.slept == []


def test_the_end_of_the_program(watch: ConnectionWatch, worker: Worker, meld: Meld, qtbot: QtBot) -> None:
    meld.script = [silent]
    watch.watch(link_at(meld.server.url))
    qtbot.waitUntil(lambda: meld.asked == 1)
    worker.close()
    assert meld.server.gone.wait(2)
    watch.set_visible(False)
    watch.set_visible(True)
    watch.stop()


# --- Demo, and real time


def test_a_link_of_demo(
    worker: Worker, watch: ConnectionWatch, drawer: Drawer, demo: Demo, parent: QObject, pace: Pace, qtbot: QtBot
) -> None:
    create = CreateLink(worker, Keys(worker, drawer, {}, parent), demo, parent)
    with qtbot.waitSignal(create.created) as created:
        create.start(DEMO, REQUEST)
    assert created.args is not None
    pace.naps = 1
    heard = listen(watch)
    with qtbot.waitSignal(watch.status_changed):
        watch.watch(created.args[0])
    demo.use_speed(100_000)
    qtbot.waitUntil(lambda: demo.now() > created.args[0].token.expires)
    pace.naps = 100
    watch.set_visible(False)
    watch.set_visible(True)
    qtbot.waitUntil(lambda: not watch.is_watching)
    assert [state.status for _, state in heard.said] == ["IN_PROGRESS", "EXPIRED"]
    assert drawer.opened == 0


def test_without_a_hand_on_it_time_is_real(
    worker: Worker, drawer: Drawer, demo: Demo, parent: QObject, meld: Meld, qtbot: QtBot
) -> None:
    meld.script = [tells("EXPIRED")]
    watch = ConnectionWatch(worker, Keys(worker, drawer, {}, parent), demo, parent)
    before = time.monotonic()
    with qtbot.waitSignal(watch.status_changed):
        watch.watch(link_at(meld.server.url))
    assert time.monotonic() - before >= 1.9
