"""Following the links on show: one question at a time, less and less often, and only with the right key at hand."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import DEMO, SANDBOX, Environment, custom_environment
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.link_watch import BETWEEN_SECONDS, LinkWatch
from meld_desktop.services.worker import Worker
from tests.services.conftest import Heard
from tests.services.connections import KEY, Drawer, Meld, Pace, refuses, silent, tells

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


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
def keys(worker: Worker, drawer: Drawer, parent: QObject) -> Keys:
    return Keys(worker, drawer, {}, parent)


@pytest.fixture
def watch(worker: Worker, keys: Keys, parent: QObject, pace: Pace) -> Iterator[LinkWatch]:
    demo = Demo()
    yield LinkWatch(worker, keys, demo, parent, sleep=pace.sleep, monotonic=pace)
    demo.close()


@pytest.fixture
def here(meld: Meld) -> Environment:
    return custom_environment(meld.server.url)


def record(environment: Environment, number: int = 1, **values: Any) -> LinkRecord:
    given: dict[str, Any] = {"status": "IN_PROGRESS", "connection_id": f"con-{number}", **values}
    return LinkRecord(
        id=number, made_at=NOW, environment=environment.id, host=environment.host, customer="support-4711", **given
    )


@pytest.fixture
def begin(watch: LinkWatch, keys: Keys, here: Environment, qtbot: QtBot) -> Callable[..., None]:
    """Have the key found and somebody look at these records."""

    def look(*records: LinkRecord) -> None:
        watch.set_environment(here)
        with qtbot.waitSignal(keys.state_changed, check_params_cb=lambda state: state.source.name == "KEYRING"):
            keys.check(here)
        watch.show(records)
        watch.set_visible(True)

    return look


def listen(watch: LinkWatch) -> Heard:
    return Heard().listen(status=watch.status_changed, ended=watch.ended)


def gaps(pace: Pace, count: int) -> Callable[[], bool]:
    return lambda: len(pace.slept) == count


def test_it_asks_at_once_and_then_less_and_less_often(
    begin: Callable[..., None], meld: Meld, pace: Pace, here: Environment, qtbot: QtBot
) -> None:
    pace.naps = 9
    begin(record(here))
    qtbot.waitUntil(gaps(pace, 10))
    assert pace.slept == [0, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert meld.asked == 9
    assert set(meld.paths) == {b"/bank-linking/connections/con-1"}


def test_links_on_show_are_asked_for_in_turn(
    begin: Callable[..., None], meld: Meld, pace: Pace, here: Environment, qtbot: QtBot
) -> None:
    pace.naps = 4
    begin(record(here, 1), record(here, 2), record(here, 3))
    qtbot.waitUntil(gaps(pace, 5))
    assert [path[-1:] for path in meld.paths] == [b"1", b"2", b"3", b"1"]
    assert pace.slept[1:3] == [BETWEEN_SECONDS] * 2


@pytest.mark.parametrize(
    "last", [tells("EXPIRED"), tells("DELETED"), tells("ACTIVE", data=True), refuses(404), refuses(403)]
)
def test_nothing_more_is_asked_when_nothing_more_is_to_come(
    begin: Callable[..., None],
    watch: LinkWatch,
    meld: Meld,
    here: Environment,
    qtbot: QtBot,
    settle: Callable[[], None],
    last: Any,
) -> None:
    heard = listen(watch)
    meld.script = [tells("IN_PROGRESS"), last]
    begin(record(here))
    qtbot.waitUntil(lambda: meld.asked == 2 and not watch.is_asking)
    watch.show([record(here)])
    settle()
    assert meld.asked == 2
    assert len(heard.said) == 2


def test_a_refused_key_ends_all_questions_until_there_is_another(
    begin: Callable[..., None], watch: LinkWatch, meld: Meld, keys: Keys, here: Environment, qtbot: QtBot
) -> None:
    meld.script = [refuses(401), tells("EXPIRED")]
    begin(record(here, 1), record(here, 2))
    with qtbot.waitSignal(watch.ended):
        pass
    assert not watch.is_asking
    assert meld.asked == 1
    keys.keep(here, KEY)
    qtbot.waitUntil(lambda: meld.asked == 3)


def test_a_key_that_replaces_another_is_used_from_then_on(
    begin: Callable[..., None], meld: Meld, pace: Pace, keys: Keys, here: Environment, qtbot: QtBot
) -> None:
    pace.naps = 1
    begin(record(here))
    qtbot.waitUntil(gaps(pace, 2))
    pace.naps = 3
    keys.keep(here, "the-key-after-it")
    qtbot.waitUntil(gaps(pace, 4))
    assert meld.keys == [KEY, "the-key-after-it"]


def test_a_busy_meld_is_left_in_peace(
    begin: Callable[..., None], meld: Meld, pace: Pace, here: Environment, qtbot: QtBot
) -> None:
    pace.naps = 1
    meld.script = [refuses(429, "Retry-After: 77")]
    begin(record(here, 1), record(here, 2))
    qtbot.waitUntil(gaps(pace, 2))
    assert pace.slept == [0, 77]


def test_nothing_is_asked_while_nobody_looks(
    begin: Callable[..., None],
    watch: LinkWatch,
    meld: Meld,
    pace: Pace,
    here: Environment,
    qtbot: QtBot,
    settle: Callable[[], None],
) -> None:
    meld.script = [silent]
    begin(record(here))
    qtbot.waitUntil(lambda: meld.asked == 1)
    watch.set_visible(False)
    settle()
    assert not watch.is_asking
    pace.naps = 1
    watch.set_visible(True)
    qtbot.waitUntil(gaps(pace, 2))
    assert pace.slept[1] == 2  # the question was out: looking again and again must not ask each time
    assert meld.asked == 1


@pytest.mark.parametrize("status", ["EXPIRED", "DELETED"])
def test_what_is_over_is_never_asked_for(
    begin: Callable[..., None],
    watch: LinkWatch,
    meld: Meld,
    here: Environment,
    settle: Callable[[], None],
    status: str,
) -> None:
    begin(record(here, status=status))
    settle()
    assert not watch.is_asking
    assert meld.asked == 0


def test_links_of_other_environments_are_not_asked_for(
    begin: Callable[..., None], watch: LinkWatch, meld: Meld, here: Environment, settle: Callable[[], None]
) -> None:
    elsewhere = custom_environment("https://meld.example.com")
    begin(record(SANDBOX, 1), record(DEMO, 2), record(elsewhere, 3))
    settle()
    assert not watch.is_asking
    assert meld.asked == 0


def test_without_a_key_nothing_is_asked_and_the_keyring_is_not_opened(
    watch: LinkWatch, drawer: Drawer, here: Environment, settle: Callable[[], None]
) -> None:
    watch.set_environment(here)
    watch.set_visible(True)
    watch.show([record(here)])
    settle()
    assert not watch.is_asking
    assert drawer.opened == 0


def test_a_change_is_told_once_and_remembered(
    begin: Callable[..., None], watch: LinkWatch, meld: Meld, here: Environment, qtbot: QtBot
) -> None:
    heard = listen(watch)
    meld.script = [tells("IN_PROGRESS"), tells("IN_PROGRESS"), tells("ACTIVE"), tells("ACTIVE", data=True)]
    begin(record(here))
    qtbot.waitUntil(lambda: meld.asked == 4 and not watch.is_asking)
    assert len(heard.said) == 3
    state = watch.state_of("con-1")
    assert isinstance(state, ConnectionState)
    assert state.aggregated_at is not None
    watch.ask_again("con-1")
    qtbot.waitUntil(lambda: meld.asked == 5)
