"""How queries are answered: from an index, where the last page ended, in steps that do not grow with the list."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from meld_desktop.domain.links.query import SORTS, LinkQuery
from meld_desktop.storage.links import LinkStore, search
from tests.storage.links import BEGIN, link, many

NUMBER = 4000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LinkStore]:
    made = LinkStore(tmp_path_factory.mktemp("plans"))
    made.add_many(many(NUMBER))
    yield made
    made.close()


QUERIES: dict[str, dict[str, Any]] = {
    "all": {},
    "text": {"text": "chase"},
    "short": {"text": "c 7"},
    "nothing": {"text": "zzzz"},
    "common": {"text": "customer"},
    "id": {"text": "6f9619ff-8b86-d011-b42d-00c04fc964ff"},
    "filters": {"environments": ("demo",), "statuses": ("ACTIVE", "EXPIRED")},
    "unknown status": {"statuses": ("SOMETHING_NEW",)},
    "time": {"since": BEGIN, "until": BEGIN + timedelta(days=9)},
    "customer": {"customer": "customer-000123"},
    "customer and text": {"customer": "customer-000123", "text": "T-37"},
    "everything": {"text": "chase", "environments": ("demo",), "statuses": ("ACTIVE",), "since": BEGIN},
}


class Watch:
    """Notes each statement that a connection runs, with its plan, and counts the steps SQLite takes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.statements: list[str] = []
        self.steps = 0

    def __enter__(self) -> Self:
        self._connection.set_trace_callback(self.statements.append)
        self._connection.set_progress_handler(self._step, 100)
        return self

    def _step(self) -> int:
        self.steps += 100
        return 0

    def __exit__(self, *_: object) -> None:
        self._connection.set_trace_callback(None)
        self._connection.set_progress_handler(None, 0)

    def plans(self) -> list[str]:
        chosen = [statement for statement in self.statements if statement.startswith("SELECT")]
        return [
            f"{row['detail']}   <- {statement}"
            for statement in chosen
            for row in self._connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        ]


def watched(store: LinkStore, query: LinkQuery, after: search.Key | None = None) -> tuple[Watch, search.Page]:
    with store._database.bare() as connection, Watch(connection) as watch:
        page = store.page(query, after, 50)
    return watch, page


def is_whole_table(plan: str) -> bool:
    """Say whether a plan reads or sorts a table from end to end.

    A few links that are named one by one may be sorted. A scan along the index of the wanted order ends at its LIMIT.
    """
    is_named = "place IN (" in plan
    if "USE TEMP B-TREE" in plan:
        return not is_named
    if not plan.startswith("SCAN"):
        return False
    along = ("SCAN links USING INDEX links_", "SCAN links USING COVERING INDEX links_", "SCAN links_fts VIRTUAL TABLE")
    return is_named or not (plan.startswith(along) and "LIMIT" in plan)


@pytest.mark.parametrize("descending", [True, False], ids=["down", "up"])
@pytest.mark.parametrize("order", SORTS)
@pytest.mark.parametrize("few", [search.FEW, 10], ids=["sorted", "walked"])
@pytest.mark.parametrize("what", QUERIES)
def test_no_page_reads_or_sorts_everything(
    store: LinkStore, monkeypatch: pytest.MonkeyPatch, what: str, order: str, descending: bool, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    query = LinkQuery(**QUERIES[what], sort=order, descending=descending)
    after: search.Key | None = None
    for _ in range(2):
        watch, page = watched(store, query, after)
        plans = watch.plans()
        assert plans
        for plan in plans:
            assert not is_whole_table(plan), plan
            # Only a first page may begin at an end of an index.
            assert after is None or plan.startswith("SEARCH") or "links_fts" in plan or "place IN (" in plan, plan
        after = page.next
        if after is None:
            break


def test_the_last_test_would_notice(store: LinkStore) -> None:
    for bad in (
        "SELECT place FROM links ORDER BY outcome LIMIT 5",
        "SELECT place FROM links WHERE note LIKE '%x%'",
        "SELECT count(*) FROM links",
        "SELECT place FROM links INDEXED BY links_status ORDER BY status COLLATE NOCASE",
        "SELECT place FROM links WHERE place IN () ORDER BY status COLLATE NOCASE LIMIT 5",
        "SELECT rowid FROM links_fts WHERE links_fts MATCH 'abc' ORDER BY words LIMIT 5",
    ):
        with store._database.bare() as connection:
            rows = connection.execute(f"EXPLAIN QUERY PLAN {bad}").fetchall()
        assert any(is_whole_table(f"{row['detail']} <- {bad}") for row in rows), bad


@pytest.mark.parametrize("order", SORTS)
def test_a_page_deep_down_costs_what_the_first_does(store: LinkStore, order: str) -> None:
    query = LinkQuery(sort=order)
    first, page = watched(store, query)
    while page.next is not None:
        deep, page = watched(store, query, page.next)
        assert deep.steps <= 2 * first.steps + 1000
    assert first.steps < 10_000


COSTS = {
    "all": {},
    "common": {"text": "customer"},
    "short": {"text": "c"},
    "nothing": {"text": "zzzz"},
    "two": {"text": "chase 77"},
    "status": {"statuses": ("ACTIVE",)},
}


@pytest.mark.parametrize("what", COSTS)
@pytest.mark.parametrize("order", SORTS)
def test_four_times_the_links_cost_no_more(tmp_path: Path, store: LinkStore, order: str, what: str) -> None:
    small = LinkStore(tmp_path)
    small.add_many(many(NUMBER // 4))
    query = LinkQuery(**COSTS[what], sort=order)  # type: ignore[arg-type]
    cost, _ = watched(small, query)
    more, _ = watched(store, query)
    # Gathering up to FEW, sorting them, and seeing that they are too many: no more than that.
    assert more.steps <= cost.steps + 60 * search.FEW
    if order == "made":
        assert more.steps <= 1.5 * cost.steps + 2000
    small.close()


def test_the_total_is_known_without_counting(store: LinkStore) -> None:
    with store._database.bare() as connection, Watch(connection) as watch:
        assert store.count(LinkQuery()) == NUMBER
        assert 0 < store.count(LinkQuery(statuses=("ACTIVE",), environments=("demo",))) < NUMBER
    assert watch.steps < 2000
    with store._database.bare() as connection, Watch(connection) as watch:
        assert store.count(LinkQuery(text="customer"), at_most=500) == 500
    assert watch.steps < 10_000


def test_customers_are_found_without_reading_their_links(tmp_path: Path) -> None:
    store = LinkStore(tmp_path)
    store.add_many(link(f"customer-{number % 3}", minutes=number) for number in range(3000))
    with store._database.bare() as connection, Watch(connection) as watch:
        assert store.customers("cust") == ["customer-0", "customer-1", "customer-2"]
        assert store.last_of_customer("customer-1") is not None
        assert len(store.page(LinkQuery(customer="customer-1")).records) == 100
    assert not [plan for plan in watch.plans() if plan.startswith("SCAN") or "TEMP" in plan]
    assert watch.steps < 10_000
    store.close()


def test_a_page_watches_the_clock(store: LinkStore, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each look at the clock is a long time after the last: so each page ends after its first piece of work.
    moments = iter(range(10**9))
    monkeypatch.setattr(search, "time", type("Clock", (), {"perf_counter": staticmethod(lambda: next(moments))}))
    monkeypatch.setattr(search, "_FIRST_WINDOW", 1)
    for order in SORTS:
        watch, page = watched(store, LinkQuery(statuses=("UNRECOVERABLE",), sort=order))
        assert page.next is not None
        assert watch.steps < 60 * search._WALK
    monkeypatch.undo()
    assert isinstance(time.perf_counter(), float)


def test_few_milestones_mark_the_way(store: LinkStore, tmp_path: Path) -> None:
    def marked(each: LinkStore) -> list[int]:
        with each._database.reading() as connection:
            return [place for (place,) in connection.execute("SELECT place FROM milestones")]

    assert len(marked(store)) == NUMBER // 512
    other = LinkStore(tmp_path)
    other.add_many(many(1100))
    assert len(marked(other)) == 2
    other.purge(keep_at_most=0)
    assert marked(other) == []
    other.close()
