"""The witness: one session a link, changes told together, the sentence told when it changes."""

import gc
import weakref
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.text import Text
from meld_desktop.domain.widget_events import Notice, NoticeKind
from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.domain.witness.observation import ConsoleLevel, ConsoleLine, Hop, HopKind, ResourceRequest
from meld_desktop.domain.witness.session import MOST_ENTRIES, Change
from meld_desktop.services.witness import BATCH_MS, KEPT_SESSIONS, SESSIONS_WITH_PICTURES, Witness
from tests.services.conftest import Heard
from tests.support.witnessed import BEGAN, RETURN_URL, completed, event, link

LINE = ConsoleLine(ConsoleLevel.ERROR, "boom", "bank.example/app.js", 12, "frame")


class Hands:
    """The hands on both clocks."""

    def __init__(self) -> None:
        self.moment = BEGAN
        self.ticks = 1000.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.ticks

    def move(self, **time: float) -> None:
        self.moment += timedelta(**time)
        self.ticks += timedelta(**time).total_seconds()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def witness(parent: QObject, hands: Hands) -> Iterator[Witness]:
    made = Witness(parent, now=hands.now, monotonic=hands.monotonic)
    yield made
    made.end()


@pytest.fixture
def heard(witness: Witness) -> Heard:
    return Heard().listen(began=witness.began, changed=witness.changed, concluded=witness.concluded)


def changes(heard: Heard) -> list[Change]:
    return [change for name, said in heard.said if name == "changed" for change in said]


def sentences(heard: Heard) -> list[str]:
    return [str(said) for name, said in heard.said if name == "concluded"]


def test_a_session_begins_with_its_link(witness: Witness, heard: Heard) -> None:
    assert witness.current is None
    made = link()
    session = witness.begin(made)
    assert heard.said == [("began", session)]
    assert witness.current is session
    assert witness.sessions == (session,)
    assert (session.number, session.link, session.began) == (1, made, BEGAN)
    witness.flush()
    assert sentences(heard) == ["The link was made; the widget has not been opened here"]


def test_the_first_sentence_comes_by_itself(witness: Witness, heard: Heard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(witness.concluded):
        witness.begin(link())


def test_without_a_session_nothing_is_taken_down(witness: Witness, heard: Heard) -> None:
    witness.observe(LINE)
    witness.hear(event("init"))
    witness.notice(Notice(NoticeKind.TOO_MANY, Text("x")))
    witness.died(Text("x"))
    witness.blank()
    witness.loaded()
    witness.returned("shop.example/")
    witness.person(Text("x"))
    witness.status(ConnectionState("ACTIVE"))
    witness.keep_picture(0, "x", b"", 1, 1)
    witness.check_expiry()
    witness.flush()
    assert heard.said == []


def test_everything_that_is_told_becomes_a_line(witness: Witness, heard: Heard, hands: Hands) -> None:
    session = witness.begin(link())
    hands.move(seconds=1.5)
    witness.observe(Hop(session.link.widget_url, "frame", HopKind.START))
    witness.loaded()
    witness.hear(event("init"))
    witness.observe(ResourceRequest("GET", "https://x.example/a.js", "script", ""))
    witness.notice(Notice(NoticeKind.PERMISSION_DENIED, Text("It was denied.")))
    witness.blank(Text("Nothing was painted."))
    witness.died(Text("It stopped."))
    witness.person(Text("Link copied"), Text("by the menu"))
    witness.status(ConnectionState("IN_PROGRESS"))
    witness.status(ConnectionState("IN_PROGRESS"))
    witness.returned("shop.example/linked")
    witness.keep_picture(0, "on-demand", b"png", 2, 3)
    assert [name for name, _ in heard.said] == ["began"], "nothing is told before its time"
    witness.flush()
    told = changes(heard)
    assert [change.entry for change in told] == list(session.entries)[3:]
    assert all(change.is_new for change in told)
    assert [change.entry.kind for change in told] == [
        EntryKind.NAVIGATION,
        EntryKind.WIDGET,
        EntryKind.EVENT,
        EntryKind.REFUSED,
        EntryKind.WIDGET,
        EntryKind.CRASH,
        EntryKind.PERSON,
        EntryKind.STATUS,
        EntryKind.NAVIGATION,
        EntryKind.PICTURE,
    ]
    assert {change.entry.seconds for change in told} == {1.5}
    assert {change.entry.at for change in told} == {BEGAN + timedelta(seconds=1.5)}
    assert len(session.requests) == 1


def test_a_flood_is_told_in_batches(witness: Witness, heard: Heard, qtbot: QtBot) -> None:
    session = witness.begin(link())
    for number in range(1_000):
        witness.observe(ConsoleLine(ConsoleLevel.INFO, str(number), "", number, "frame"))
    assert heard.names == ["began"]
    with qtbot.waitSignal(witness.changed, timeout=20 * BATCH_MS):
        pass
    assert heard.names.count("changed") == 1
    assert [change.entry for change in changes(heard)] == list(session.entries)[3:]


def test_a_flood_that_leaves_no_time_is_told_all_the_same(witness: Witness, heard: Heard) -> None:
    """The loop never turns, and still no more waits than a few thousand changes."""
    session = witness.begin(link())
    waiting = 0
    for number in range(20_000):
        witness.observe(ConsoleLine(ConsoleLevel.INFO, str(number), "", number, "frame"))
        waiting = max(waiting, len(witness._waiting))
    witness.flush()
    assert waiting <= 2_000
    told = {change.entry.number for change in changes(heard)}
    assert told == set(range(4, 20_004))
    assert len(session.entries) == MOST_ENTRIES
    dropped = {change.dropped for change in changes(heard)} - {0}
    assert told - dropped == {entry.number for entry in session.entries} - {1, 2, 3}


def test_one_entry_is_told_once_a_batch(witness: Witness, heard: Heard) -> None:
    witness.begin(link())
    for _ in range(7):
        witness.observe(LINE)
    witness.flush()
    (change,) = changes(heard)
    assert change.is_new
    assert change.entry.count == 7
    witness.observe(LINE)
    witness.flush()
    assert not changes(heard)[-1].is_new
    assert changes(heard)[-1].entry.count == 8


def test_the_sentence_is_told_when_it_changes_and_after_its_changes(witness: Witness, heard: Heard) -> None:
    witness.begin(link())
    for step in (event("init"), event("debug", details="x"), completed(), event("handover")):
        witness.hear(step)
        witness.flush()
    assert sentences(heard) == [
        "The widget is open; no bank is connected yet",
        "Connected Maple Test Bank with 2 accounts; data still arriving",
    ]
    assert heard.names == ["began", "changed", "concluded", "changed", "changed", "concluded", "changed"]


def test_the_next_link_ends_the_session(witness: Witness, heard: Heard) -> None:
    first = witness.begin(link())
    witness.hear(event("init"))
    assert not first.verdict.is_over
    second = witness.begin(link(customer="other"))
    assert [change.entry.kind for change in changes(heard)] == [EntryKind.EVENT], "what waited was told before"
    assert heard.names == ["began", "changed", "concluded", "began"]
    assert first.verdict.is_over
    assert second.number == 2
    witness.hear(completed())
    witness.flush()
    assert not first.is_connected
    assert second.is_connected
    assert witness.sessions == (first, second)


def test_old_sessions_go_and_their_pictures_before_them(witness: Witness) -> None:
    made = []
    for _ in range(KEPT_SESSIONS + 3):
        made.append(witness.begin(link()))
        witness.keep_picture(0, "init", b"png", 1, 1)
    assert witness.sessions == tuple(made[3:])
    with_pictures = [session for session in witness.sessions if session.pictures]
    assert with_pictures == made[-SESSIONS_WITH_PICTURES:]


def test_forgotten_sessions_are_really_gone(witness: Witness) -> None:
    made = [weakref.ref(witness.begin(link())) for _ in range(KEPT_SESSIONS + 3)]
    gc.collect()
    assert [session() is None for session in made] == [True] * 3 + [False] * KEPT_SESSIONS


def test_the_end_of_the_token_is_noticed(witness: Witness, heard: Heard, hands: Hands) -> None:
    witness.begin(link())
    witness.hear(event("init"))
    hands.move(hours=3)
    witness._expiry.timeout.emit()
    witness.flush()
    assert sentences(heard)[-1] == "The widget is open; no bank is connected yet"
    hands.move(hours=2)
    assert witness._expiry.isActive()
    witness._expiry.timeout.emit()
    witness.flush()
    assert sentences(heard)[-1] == "The token expired before a bank was connected"
    assert changes(heard)[-1].entry.kind is EntryKind.TOKEN


def test_nobody_waits_for_the_end_of_a_token_without_one_or_after_a_success(witness: Witness, hands: Hands) -> None:
    witness.begin(link(connect="opaque"))
    assert not witness._expiry.isActive()
    witness.begin(link())
    assert witness._expiry.isActive()
    witness.hear(completed())
    witness._expiry.timeout.emit()
    assert not witness._expiry.isActive()
    witness.begin(link())
    witness.end()
    assert not witness._expiry.isActive()
    assert witness.current is None


def test_the_verdict_of_a_session(witness: Witness) -> None:
    session = witness.begin(link())
    witness.hear(completed())
    witness.observe(Hop(RETURN_URL, "frame", HopKind.RETURN))
    assert str(session.verdict.text) == f"Returned to {RETURN_URL}, as expected"


def test_a_clock_that_is_set_back_does_not_turn_time_round(witness: Witness, hands: Hands) -> None:
    session = witness.begin(link())
    hands.moment -= timedelta(hours=1)
    hands.ticks += 2
    witness.observe(LINE)
    assert session.entries[-1].seconds == 2
    assert session.entries[-1].at == BEGAN - timedelta(hours=1)
