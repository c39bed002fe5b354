"""The list of links: kept, found, changed, in every order and a page at a time."""

import dataclasses
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from meld_desktop.domain.links.query import SORTS, LinkQuery
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.redaction import MASK, Redactor
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.storage.links import Added, Key, LinkStore
from tests.storage.links import BEGIN, FULL, TOKEN, WIDGET_URL, assert_sound, bytes_of, link, many, rows


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LinkStore]:
    made = LinkStore(tmp_path)
    yield made
    made.close()


def found(store: LinkStore, text: str = "", **query: Any) -> list[str]:
    return [record.customer for record in store.iterate(LinkQuery(text=text, **query))]


def test_there_and_back(store: LinkStore, tmp_path: Path) -> None:
    kept = store.add(replace(FULL, case_id=0))
    assert kept == replace(FULL, id=1, case_id=0)
    empty = store.add(link("x", minutes=-1))
    assert store.get(1) == kept
    assert store.get(99) is None
    assert list(store.iterate(LinkQuery())) == [kept, empty]
    store.close()
    again = LinkStore(tmp_path)
    assert list(again.iterate(LinkQuery())) == [kept, empty]
    again.close()


def test_ids_are_never_given_twice(store: LinkStore) -> None:
    assert [store.add(link()).id for _ in range(3)] == [1, 2, 3]
    assert store.forget("customer-1") == 3
    assert store.add(link()).id == 4


@pytest.mark.skipif(sys.platform == "win32", reason="about Unix permissions")
def test_nobody_else_may_look(store: LinkStore, tmp_path: Path) -> None:
    store.add(link())
    assert stat.S_IMODE((tmp_path / "links").stat().st_mode) == 0o700
    names = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "links").iterdir()}
    assert set(names) == {"links.sqlite3", "links.sqlite3-wal", "links.sqlite3-shm", "links.lock"}
    assert set(names.values()) == {0o600}


# --- secrets


def test_the_tables_have_no_place_for_a_secret(store: LinkStore) -> None:
    store.open()
    columns = {name for (name,) in rows(store.path, "SELECT name FROM pragma_table_info('links')")}
    records = {field.name for field in dataclasses.fields(LinkRecord)}
    renamed = {"made": "made_at", "expires": "expires_at"}
    assert {renamed.get(name, name) for name in columns} == records | {"place", "words"}
    assert not [name for name in records for word in ("token", "url", "key", "secret") if word in name]


def test_what_is_shaped_like_a_token_is_not_kept(store: LinkStore, tmp_path: Path) -> None:
    request = ConnectStartRequest(external_customer_id="c", redirect_url=f"https://example.com/?x={TOKEN}")
    texts = {
        field.name: WIDGET_URL
        for field in dataclasses.fields(LinkRecord)
        if field.type in {"str", str} and field.name not in {"environment", "kind", "request"}
    }
    assert len(texts) > 10
    values: dict[str, Any] = {**texts, "request": request.to_json(), "regions": (TOKEN,), "products": (TOKEN,)}
    store.add(link(**values))
    store.add_many([link(f"{TOKEN}", note=WIDGET_URL)])
    store.annotate(1, WIDGET_URL, TOKEN)
    store.update_status(1, TOKEN, WIDGET_URL, outcome=TOKEN, institution_name=WIDGET_URL)
    store.open()
    kept = store.get(1)
    assert kept is not None
    assert kept.request == request.to_json().replace(TOKEN, MASK)
    assert MASK in kept.note
    assert store.last_of_customer(TOKEN) is not None  # found by the same rule it was kept by
    assert store.forget(TOKEN) == 1
    for name, content in bytes_of(tmp_path).items():
        for part in [TOKEN, *TOKEN.split(".")]:
            assert part.encode() not in content, name


def test_a_known_key_is_not_kept(tmp_path: Path) -> None:
    store = LinkStore(tmp_path, Redactor(["W9:s3cr3t+/Key=="]))
    store.add(link(note="the key is W9:s3cr3t+/Key== he said"))
    store.close()
    assert not [name for name, content in bytes_of(tmp_path).items() if b"s3cr3t" in content]


def test_an_ordinary_request_is_kept_byte_for_byte(store: LinkStore) -> None:
    request = ConnectStartRequest(external_customer_id='Zoë "Z" \\ 李', redirect_url="https://example.com/?a=b&c=d")
    assert store.add(link(request=request.to_json())).request == request.to_json()
    assert rows(store.path, "SELECT request FROM links") == [(request.to_json(),)]


def test_half_a_character_is_no_obstacle(store: LinkStore) -> None:
    assert store.add(link(note="a\ud800b\0c")).note == "a?b\0c"
    assert found(store, "a?b") == ["customer-1"]
    assert found(store, "\ud800") == []


# --- search

SEARCHES = {
    "cust": 1, "UST": 1, "47": 1, "4": 1, "7": 0, "“47”": 1, "credit agricole": 1, "AGRICOLE créd": 1, "a": 1, "gri": 1,
    "second": 1, "quotes tab": 1, "T-1": 1, "t-": 0, "first line": 1, "linesecond": 0, "meld.example": 1,
    "WQ5CwCxDxXhYuA4fVHGk3o": 1, "wq5cwcxdxx": 1, "wq5": 1, "WQ5CwCxx": 0, "wq5cwcxdxhyu": 0, "XhYu": 0,
    "6f9619ff-8b86-d011-b42d-00c04fc964ff": 1, "6f9619ff-8b86-d011-b42d-00c04fc964fe": 0, "inst-9": 1, "req-77": 1,
    "reconnect": 1, "reconnect_required": 1, "login required": 1, "login_required": 1, "connected the bank": 1,
    "owners": 1, "transactions": 1, "identifiers": 0, "us": 1, "ca-on": 1, "on": 1, "custom": 1, "sandbox": 0,
    "zzz": 0, "cust zzz": 0, "cust zz": 0, "cust  \n T-1": 1, '"': 0, "'": 0, "*": 0, "cust*": 0, "a OR b": 0,
    "%": 0, "_": 0, "(": 0, "\x1f": 1, "\0": 0, "´": 0, "   ": 1, "": 1, "x" * 5000: 0, "cust " * 50: 1,
}  # fmt: skip


@pytest.mark.parametrize("order", ["made", "customer"])
@pytest.mark.parametrize("text", SEARCHES, ids=lambda text: repr(text[:20]))
def test_what_is_found(store: LinkStore, text: str, order: str) -> None:
    store.add(FULL)
    assert len(found(store, text, sort=order)) == SEARCHES[text]
    assert store.count(LinkQuery(text=text)) == SEARCHES[text]


def test_many_different_words_are_no_obstacle(store: LinkStore) -> None:
    store.add(FULL)
    assert found(store, " ".join(f"word{number}" for number in range(2000))) == []


def test_a_search_follows_what_changes(store: LinkStore) -> None:
    store.add(link(note="before"))
    assert store.annotate(1, "T-9", "after") == store.get(1)
    assert (found(store, "before"), found(store, "after"), found(store, "T-9")) == ([], ["customer-1"], ["customer-1"])
    changed = store.update_status(1, "ACTIVE", "NEW_ACCOUNTS_AVAILABLE", status_at=BEGIN, institution_name="Chase")
    assert changed == store.get(1)
    assert changed is not None
    assert (changed.status, changed.status_at, changed.institution_name) == ("ACTIVE", BEGIN, "Chase")
    assert (changed.outcome, changed.note) == ("", "after")
    for text in ("chase", "new_accounts", "active"):
        assert found(store, text) == ["customer-1"]
    assert found(store, statuses=("ACTIVE",)) == ["customer-1"]
    store.update_status(1, "SOMETHING_NEW", outcome="Nobody knows.")
    assert found(store, statuses=("ACTIVE",)) == found(store, "chase zz") == []
    assert found(store, statuses=("SOMETHING_NEW",)) == found(store, "something_new") == ["customer-1"]
    assert found(store, statuses=("ANOTHER_NEW",)) == []
    assert store.count(LinkQuery(statuses=("SOMETHING_NEW",))) == 1
    assert store.update_status(2, "ACTIVE") is store.annotate(2, "", "") is store.join_case(2, 1) is None
    assert_sound(store.path)


# --- choices and orders

FACTS: dict[str, Callable[[LinkRecord], Any]] = {
    "customer": lambda record: record.customer.lower(),
    "ticket": lambda record: record.ticket.lower(),
    "environment": lambda record: record.environment,
    "institution": lambda record: record.institution_name.lower(),
    "status": lambda record: record.status,
    "expires": lambda record: record.expires_at,
    "made": lambda record: record.made_at,
}
SINCE = BEGIN + timedelta(hours=9)
CHOICES: dict[str, tuple[dict[str, Any], Callable[[LinkRecord], bool]]] = {
    "all": ({}, lambda record: True),
    "text": ({"text": "chase"}, lambda record: record.institution_name == "Chase"),
    "two words": ({"text": "chase 77"}, lambda r: r.institution_name == "Chase" and _begins(r, "77")),
    "rare": ({"text": "T-77"}, lambda record: "T-77" in record.ticket),
    "common": ({"text": "stomer-0"}, lambda record: True),
    "environment": ({"environments": ("demo",)}, lambda record: record.environment == "demo"),
    "two": ({"environments": ("demo", "production")}, lambda record: record.environment != "sandbox"),
    "status": ({"statuses": ("UNRECOVERABLE",)}, lambda record: record.status == "UNRECOVERABLE"),
    "since": ({"since": SINCE}, lambda record: record.made_at >= SINCE),
    "until": ({"until": SINCE}, lambda record: record.made_at < SINCE),
    "customer": ({"customer": "customer-000123"}, lambda record: record.customer == "customer-000123"),
    "another case": ({"customer": "Customer-000123"}, lambda record: False),
    "customer and text": (
        {"customer": "customer-000123", "text": "T-37"},
        lambda record: record.customer == "customer-000123" and "T-37" in record.ticket,
    ),
    "everything": (
        {"text": "owners", "environments": ("sandbox",), "statuses": ("EXPIRED", "DEGRADED"), "since": SINCE},
        lambda r: r.environment == "sandbox" and r.status in {"EXPIRED", "DEGRADED"} and r.made_at >= SINCE,
    ),
}  # fmt: skip


def _begins(record: LinkRecord, start: str) -> bool:
    texts = (record.customer, record.ticket, record.note)
    return any(piece.startswith(start) for text in texts for piece in text.replace("-", " ").split())


ALL = 2500


@pytest.fixture(scope="module")
def full_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LinkStore]:
    store = LinkStore(tmp_path_factory.mktemp("full"))
    assert store.add_many(many(ALL)) == Added(ALL, 0)
    yield store
    store.close()


@pytest.fixture(scope="module")
def all_links(full_store: LinkStore) -> list[LinkRecord]:
    return [replace(record, id=number) for number, record in enumerate(many(ALL), 1)]


@pytest.mark.parametrize("descending", [True, False], ids=["down", "up"])
@pytest.mark.parametrize("order", SORTS)
@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("few", [3000, 5], ids=["sorted", "walked"])
def test_every_choice_in_every_order(
    full_store: LinkStore,
    all_links: list[LinkRecord],
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    order: str,
    descending: bool,
    few: int,
) -> None:
    monkeypatch.setattr("meld_desktop.storage.links.search.FEW", few)
    monkeypatch.setattr("meld_desktop.storage.links.search._FIRST_WINDOW", 1)
    chosen, holds = CHOICES[choice]
    expected = [record for record in all_links if holds(record)]
    expected.sort(key=lambda record: (FACTS[order](record), record.made_at), reverse=descending)
    query = LinkQuery(**chosen, sort=order, descending=descending)
    assert list(full_store.iterate(query)) == expected
    assert full_store.count(query) == len(expected)
    assert full_store.count(query, at_most=7) == min(7, len(expected))


@pytest.mark.parametrize("order", SORTS)
@pytest.mark.parametrize("text", ["", "chase", "stomer"])
def test_pages_join_without_a_gap_or_a_repetition(full_store: LinkStore, order: str, text: str) -> None:
    query = LinkQuery(text=text, sort=order)
    whole = list(full_store.iterate(query))
    pieces: list[LinkRecord] = []
    after: Key | None = None
    for number in range(len(whole)):
        page = full_store.page(query, after, 1 + number % 90)
        assert len(page.records) == min(1 + number % 90, len(whole) - len(pieces))
        pieces += page.records
        after = page.next
        if after is None:
            break
    assert pieces == whole


def test_a_search_that_takes_too_long_comes_in_pieces(full_store: LinkStore, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = [LinkQuery(text="T-24", sort=order, descending=down) for order in SORTS for down in (True, False)]
    whole = [list(full_store.iterate(query)) for query in queries]
    monkeypatch.setattr("meld_desktop.storage.links.search.PATIENCE", -1.0)
    monkeypatch.setattr("meld_desktop.storage.links.search._FIRST_WINDOW", 1)
    monkeypatch.setattr("meld_desktop.storage.links.search._WALK", 50)
    for query, expected in zip(queries, whole, strict=True):
        page = full_store.page(query, limit=ALL)
        assert len(page.records) < len(expected)
        assert page.next is not None
        assert list(full_store.iterate(query)) == expected


def test_what_comes_in_between_pages_moves_nothing(store: LinkStore) -> None:
    store.add_many(many(60))
    first = store.page(LinkQuery(), limit=20)
    store.add(link("newcomer", made_at=datetime.now(UTC)))
    store.forget(first.records[-1].customer)
    second = store.page(LinkQuery(), first.next, 20)
    assert first.records[-1].made_at > second.records[0].made_at
    assert "newcomer" not in {record.customer for record in second.records}


def test_links_made_in_one_moment(store: LinkStore) -> None:
    store.add_many(link(f"c{number}") for number in range(1200))
    store.add(link("last"))
    assert [record.customer for record in store.iterate(LinkQuery(descending=False))] == [
        *(f"c{number}" for number in range(1200)),
        "last",
    ]


# --- customers


def test_what_a_customer_got_last(store: LinkStore) -> None:
    store.add(link("ann", minutes=5, note="new"))
    store.add(link("ann", minutes=1, note="old"))
    store.add(link("ann", minutes=9, kind="repair"))
    store.add(link("Ann", minutes=20))
    last = store.last_of_customer("ann")
    assert last is not None
    assert last.note == "new"
    assert store.last_of_customer("an") is None


def test_customers_by_their_beginning(store: LinkStore) -> None:
    store.add_many(
        link(name, minutes=number) for number, name in enumerate(["bob", "Ann", "anna", "ann-2", "Zoë", "a%"] * 3)
    )
    assert store.customers("an") == ["Ann", "ann-2", "anna"]
    assert store.customers("AN", limit=2) == ["Ann", "ann-2"]
    assert store.customers("") == ["a%", "Ann", "ann-2", "anna", "bob", "Zoë"]
    assert store.customers("%") == store.customers("x") == []
    assert store.customers("ZO") == ["Zoë"]


def test_cases_and_connections(store: LinkStore) -> None:
    first = store.add(link(connection_id="WQ5CwCxDxXhYuA4fVHGk3o"))
    store.add(link("other", minutes=1, connection_id="WQ5CwCxDother"))
    repair = store.add(link(minutes=2, connection_id="WQ5CwCxDxXhYuA4fVHGk3o", kind="repair", case_id=first.id))
    joined = store.join_case(first.id, first.id)
    assert store.of_case(first.id) == (joined, repair)
    assert store.of_case(0) == ()
    assert store.of_connection("WQ5CwCxDxXhYuA4fVHGk3o") == (repair, joined)
    assert store.of_connection("WQ5CwCxD") == store.of_connection("") == ()


# --- many at once


def test_links_of_another_list_keep_their_numbers_where_they_are_free(store: LinkStore) -> None:
    theirs = [
        link("a", id=5, case_id=5),
        link("b", minutes=1, id=7),
        link("c", minutes=2, id=9, case_id=5, kind="repair"),
    ]
    assert store.add_many(theirs) == Added(3, 0)
    assert sorted(store.iterate(LinkQuery()), key=lambda record: record.id) == theirs
    assert store.add(link("d", minutes=3)).id == 10
    assert store.add_many(reversed(theirs)) == Added(0, 3)
    assert store.count(LinkQuery()) == 4


@pytest.mark.parametrize("turned", [False, True], ids=["oldest first", "newest first"])
def test_cases_of_two_lists_do_not_mix(store: LinkStore, turned: bool) -> None:
    store.add_many([link("a", id=1, case_id=1), link("b", minutes=1, id=2, case_id=1, kind="repair")])
    theirs = [link("x", minutes=5, id=1, case_id=1), link("y", minutes=6, id=2, case_id=1, kind="repair")]
    assert store.add_many(reversed(theirs) if turned else theirs) == Added(2, 0)
    cases: dict[int, set[str]] = {}
    for record in store.iterate(LinkQuery()):
        cases.setdefault(record.case_id, set()).add(record.customer)
    assert sorted(map(sorted, cases.values())) == [["a", "b"], ["x", "y"]]
    assert len({record.id for record in store.iterate(LinkQuery())}) == 4


def test_purge(store: LinkStore) -> None:
    store.add_many(link(f"c{number}", minutes=number * 60 * 24) for number in range(1500))
    now = BEGIN + timedelta(days=1499, minutes=1)
    assert store.purge(older_than_days=1399, now=now) == 101
    assert store.purge(older_than_days=1399, keep_at_most=1400, now=now) == 0
    assert store.purge(keep_at_most=10) == 1389
    assert [record.customer for record in store.iterate(LinkQuery())] == [
        f"c{number}" for number in range(1499, 1489, -1)
    ]
    assert found(store, "c14 ") == [f"c{number}" for number in range(1499, 1489, -1)]
    assert store.purge() == 0
    assert store.purge(keep_at_most=0) == 10
    assert_sound(store.path)


# --- threads


def test_from_many_threads(store: LinkStore) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(40):
                store.add(link(name, minutes=number))
                assert store.page(LinkQuery(customer=name), limit=100).records[-1].customer == name
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"thread {number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.count(LinkQuery()) == 200
    assert len({record.id for record in store.iterate(LinkQuery())}) == 200
    assert_sound(store.path)
