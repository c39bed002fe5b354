"""The list of links behind the window: what it keeps, finds, forgets, and that it is never in the way."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import PRODUCTION, SANDBOX
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import TokenFacts
from meld_desktop.services.link_book import PAGE, LinkBook
from meld_desktop.services.worker import Worker
from meld_desktop.storage.links import LinkStore
from tests.services.conftest import Heard

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJlc2lnbmF0dXJl"
REQUEST = ConnectStartRequest(
    external_customer_id="support-4711",
    products=(Product.BALANCES,),
    optional_products=(Product.OWNERS,),
    regions=("US", "CA-ON"),
    redirect_url="https://example.com/done",
)


def link(connection: str = "con-1", customer: str = "support-4711", environment: object = SANDBOX) -> Link:
    request = ConnectStartRequest(external_customer_id=customer) if customer != "support-4711" else REQUEST
    headers = (("X-Request-ID", "b23d65f6"),)
    return Link(
        environment,  # type: ignore[arg-type]
        request,
        connection,
        "meld-customer-1",
        customer,
        f"https://institution-connect-sb.meld.io/?connectToken={TOKEN}",
        TokenFacts(NOW, NOW + timedelta(hours=4)),
        Exchange("POST", "https://api-sb.meld.io/x", (), "{}", 201, "Created", headers, TOKEN, at=NOW),
    )


def records(count: int, **values: object) -> list[LinkRecord]:
    given = {"environment": "sandbox", "host": "api-sb.meld.io", "status": "ACTIVE", **values}
    return [
        LinkRecord(
            made_at=NOW - timedelta(minutes=number),
            customer=f"customer-{number}",
            connection_id=f"c-{number}",
            **given,  # type: ignore[arg-type]
        )
        for number in range(count)
    ]


@pytest.fixture
def book(worker: Worker, parent: QObject, tmp_path: Path) -> Iterator[LinkBook]:
    made = LinkBook(worker, tmp_path, parent, now=lambda: NOW)
    yield made
    made.close(10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LinkStore]:
    """Another program's look at the same files."""
    made = LinkStore(tmp_path)
    yield made
    made.close()


def test_a_link_is_kept_with_all_but_its_address(
    book: LinkBook, store: LinkStore, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignals([book.kept, book.changed]):
        book.record(link())
    (kept,) = store.page(LinkQuery()).records
    assert (kept.customer, kept.connection_id, kept.meld_customer_id) == ("support-4711", "con-1", "meld-customer-1")
    assert (kept.environment, kept.host) == ("sandbox", "api-sb.meld.io")
    assert (kept.products, kept.optional_products, kept.regions) == (("BALANCES",), ("OWNERS",), ("US", "CA-ON"))
    assert kept.request == REQUEST.to_json()
    assert (kept.made_at, kept.expires_at) == (NOW, NOW + timedelta(hours=4))
    assert (kept.status, kept.request_id, kept.kind, kept.case_id) == ("IN_PROGRESS", "b23d65f6", "link", 0)
    book.close(10)
    for path in tmp_path.rglob("*"):
        held = path.read_bytes() if path.is_file() else b""
        assert TOKEN[:20].encode() not in held
        assert b"institution-connect" not in held


def test_what_meld_says_is_kept_in_order_and_told(book: LinkBook, store: LinkStore, qtbot: QtBot) -> None:
    book.record(link())
    book.status("con-1", ConnectionState("ACTIVE", "", "Maple Bank"))
    with qtbot.waitSignal(book.updated, check_params_cb=lambda records: bool(records[0].outcome)):
        book.outcome("con-1", "The customer connected Maple Bank.")
    (kept,) = store.page(LinkQuery()).records
    assert (kept.status, kept.institution_name, kept.status_at) == ("ACTIVE", "Maple Bank", NOW)
    assert kept.outcome == "The customer connected Maple Bank."
    assert store.count(LinkQuery(statuses=("IN_PROGRESS",))) == 0


def test_what_is_said_of_an_unknown_connection_changes_nothing(book: LinkBook, store: LinkStore, qtbot: QtBot) -> None:
    heard = Heard().listen(updated=book.updated, failed=book.failed)
    book.status("nobody", ConnectionState("ACTIVE"))
    with qtbot.waitSignal(book.kept):
        book.record(link())
    assert heard.said == []
    assert store.page(LinkQuery()).records[0].status == "IN_PROGRESS"


def test_a_repair_and_its_link_are_one_case(book: LinkBook, store: LinkStore, qtbot: QtBot) -> None:
    with qtbot.waitSignal(book.kept) as first:
        book.record(link())
    with qtbot.waitSignal(book.kept):
        book.record(link(), kind="repair", case_of=first.args[0])
    old, new = sorted(store.page(LinkQuery()).records, key=lambda record: record.id)
    assert (old.kind, new.kind) == ("link", "repair")
    assert old.case_id == new.case_id == old.id


def test_pages_follow_one_another_and_the_number_is_told(book: LinkBook, store: LinkStore, qtbot: QtBot) -> None:
    store.add_many(records(2 * PAGE + 5))
    heard = Heard().listen(paged=book.paged, counted=book.counted)
    with qtbot.waitSignals([book.paged, book.counted]):
        book.ask(LinkQuery())
    for _ in range(2):
        with qtbot.waitSignal(book.paged):
            book.more()
    book.more()  # there is no more
    pages = [paged for name, paged in heard.said if name == "paged"]
    assert [total for name, total in heard.said if name == "counted"] == [405]
    assert [(len(paged.records), paged.more, paged.is_first) for paged in pages] == [
        (PAGE, True, True),
        (PAGE, True, False),
        (5, False, False),
    ]
    customers = [record.customer for paged in pages for record in paged.records]
    assert customers == [f"customer-{number}" for number in range(405)]
    assert pages[-1].total == 405


def test_only_the_last_question_is_answered(book: LinkBook, store: LinkStore, qtbot: QtBot) -> None:
    store.add_many(records(30))
    heard = Heard().listen(paged=book.paged)
    with qtbot.waitSignals([book.counted, book.paged]):
        for typed in ("c", "cu", "customer-2"):
            book.ask(LinkQuery(text=typed))
    assert {paged.query.text for _, paged in heard.said} == {"customer-2"}
    assert len(heard.said[0][1].records) == 11


def test_what_nobody_waits_for_any_more_is_not_looked_for(book: LinkBook, store: LinkStore, qtbot: QtBot) -> None:
    store.add_many(records(3))
    held = threading.Event()
    book._reads.submit(held.wait, 20)
    asked: list[str] = []
    run = book._shelf.run

    def spying(call: Callable[[LinkStore], object]) -> object:
        if threading.current_thread().name == "links-read":
            asked.append(book.query.text if book.query else "")
        return run(call)

    book._shelf.run = spying  # type: ignore[assignment,method-assign]
    for typed in ("c", "cu", "customer-2"):
        book.ask(LinkQuery(text=typed))
        with qtbot.waitSignal(book._worker.submit(_nothing()).finished):
            pass  # the question has reached the lane
    with qtbot.waitSignal(book.paged):
        held.set()
    assert asked == ["customer-2"]


async def _nothing() -> None:
    """Take a turn on the worker's loop."""


def test_a_question_is_not_held_up_by_an_export(book: LinkBook, store: LinkStore, qtbot: QtBot, tmp_path: Path) -> None:
    store.add_many(records(3))
    fifo = tmp_path / "held"
    os.mkfifo(fifo)
    book.import_file(fifo)  # it waits until somebody writes
    with qtbot.waitSignal(book.paged):
        book.ask(LinkQuery())
    with qtbot.waitSignal(book.kept):
        book.record(link())
    with qtbot.waitSignal(book.imported):
        threading.Thread(target=fifo.write_text, args=("made_at,environment,customer\n",)).start()


def test_a_customer_is_forgotten_everywhere(book: LinkBook, store: LinkStore, qtbot: QtBot, tmp_path: Path) -> None:
    store.add_many([*records(3), *records(2, note="about Zaphod")])
    with qtbot.waitSignal(book.forgotten) as forgotten:
        book.forget("customer-1")
    assert (forgotten.args[0].customer, forgotten.args[0].count) == ("customer-1", 2)
    assert {record.customer for record in store.page(LinkQuery()).records} == {"customer-0", "customer-2"}


def test_an_export_can_be_imported_elsewhere(
    book: LinkBook, store: LinkStore, qtbot: QtBot, tmp_path: Path, worker: Worker, parent: QObject
) -> None:
    store.add_many([*records(3, note="=1+1", ticket="T-1"), *records(1, status="EXPIRED")])
    file = tmp_path / "links.csv"
    with qtbot.waitSignal(book.exported) as exported:
        book.export(file, LinkQuery(statuses=("ACTIVE",)))
    assert exported.args[0].count == 3
    assert ",'=1+1," in file.read_text("utf-8-sig")
    other = LinkBook(worker, tmp_path / "other", parent)
    with qtbot.waitSignal(other.imported) as imported:
        other.import_file(file)
    assert (imported.args[0].count, imported.args[0].known, imported.args[0].problems) == (3, 0, ())
    with qtbot.waitSignal(other.imported) as again:
        other.import_file(file)
    assert (again.args[0].count, again.args[0].known) == (0, 3)
    with qtbot.waitSignal(other.paged) as paged:
        other.ask(LinkQuery())
    assert [record.note for record in paged.args[0].records] == ["=1+1"] * 3
    other.close(10)


def test_bad_rows_are_named_and_good_ones_go_in(book: LinkBook, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_text("made_at,environment,customer\n2026-01-01T00:00:00Z,demo,a\nlately,demo,b\n", "utf-8")
    with qtbot.waitSignal(book.imported) as imported:
        book.import_file(file)
    (problem,) = imported.args[0].problems
    assert (imported.args[0].count, problem.line, problem.column) == (1, 3, "made_at")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe\x00a\x00b", "not a CSV file in UTF-8"), (None, "does not exist")],
)
def test_a_file_that_cannot_be_read_is_explained(
    book: LinkBook, qtbot: QtBot, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "links.csv"
    if content is not None:
        file.write_bytes(content)
    with qtbot.waitSignal(book.failed) as failed:
        book.import_file(file)
    assert said in str(failed.args[0])


def test_the_last_link_of_a_customer_is_found(book: LinkBook, store: LinkStore, qtbot: QtBot) -> None:
    store.add_many(records(3))
    with qtbot.waitSignal(book.last_found) as found:
        book.last_of("customer-2")
    assert (found.args[0].customer, found.args[0].record.connection_id) == ("customer-2", "c-2")
    with qtbot.waitSignal(book.last_found) as nobody:
        book.last_of("customer-9")
    assert (nobody.args[0].customer, nobody.args[0].record) == ("customer-9", None)


def test_a_locked_file_is_told_once_and_the_link_is_kept_later(
    worker: Worker, parent: QObject, store: LinkStore, tmp_path: Path, qtbot: QtBot
) -> None:
    store.open()
    book = LinkBook(worker, tmp_path, parent, patience=0.05)
    book._retry.setInterval(20)
    heard = Heard().listen(failed=book.failed)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with qtbot.waitSignal(book.failed) as failed:
        book.record(link())
    assert "in use by another program" in str(failed.args[0])
    for _ in range(2):
        with qtbot.waitSignal(book._retry.timeout):
            pass
    other.execute("ROLLBACK")
    other.close()
    with qtbot.waitSignal(book.kept):
        pass
    assert len(heard.said) == 1
    assert store.count(LinkQuery()) == 1
    book.close(10)


def test_a_damaged_file_is_set_aside_and_the_link_kept(book: LinkBook, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "links.sqlite3").write_bytes(b"no database at all" * 300)
    with qtbot.waitSignals([book.failed, book.kept]):
        book.record(link())
    assert list((tmp_path / "links").glob("links.damaged-*"))


def test_what_was_asked_to_be_kept_is_kept_at_the_end(
    worker: Worker, parent: QObject, store: LinkStore, tmp_path: Path
) -> None:
    book = LinkBook(worker, tmp_path, parent)
    for number in range(50):
        book.record(link(f"con-{number}"))
    worker.close()
    book.close(10)
    assert store.count(LinkQuery()) == 50
    book.record(link("late"))  # nobody waits any more, and nothing breaks
    book.close(10)


def test_another_program_is_noticed_while_somebody_looks(
    book: LinkBook, store: LinkStore, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    book._look.setInterval(10)
    with qtbot.waitSignal(book.paged):
        book.ask(LinkQuery())
    book.set_visible(True)
    for _ in range(2):
        with qtbot.waitSignal(book._look.timeout):
            pass
        settle()
    with qtbot.waitSignal(book.changed) as changed:
        store.add_many(records(2))
    assert changed.args == [None]
    with qtbot.waitSignal(book.paged) as paged:
        book.renew()
    assert len(paged.args[0].records) == 2
    book.set_visible(False)
    settle()
    assert not book._look.isActive()


def test_nothing_of_the_store_runs_on_the_window_thread(book: LinkBook, qtbot: QtBot) -> None:
    seen: list[threading.Thread] = []
    run = book._shelf.run

    def spying(call: Callable[[LinkStore], object]) -> object:
        seen.append(threading.current_thread())
        return run(call)

    book._shelf.run = spying  # type: ignore[assignment,method-assign]
    with qtbot.waitSignals([book.kept, book.paged, book.counted, book.last_found, book.forgotten]):
        book.record(link(environment=PRODUCTION))
        book.ask(LinkQuery())
        book.last_of("a")
        book.forget("b")
    assert seen
    assert threading.main_thread() not in seen
