"""Twenty thousand banks in pages: the way through, and every way in which it can be interrupted and gone on with."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from meld_desktop.api.client import LIST_LIMIT, REPLY_LIMIT, MeldClient
from meld_desktop.api.institutions import LONGEST_WAIT, InstitutionPage, list_institutions
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.mock.server import MockServer
from tests.api.conftest import KEY
from tests.api.servers import Caller, RawServer, reply

pytestmark = pytest.mark.anyio

Trouble = Callable[[Caller], None]


def institution(number: int) -> dict[str, Any]:
    """One record with a key that has to be escaped in a query, and as long as those of a large bank."""
    return {
        "id": f"bank{number}",
        "key": f"k+{number}/=&é",
        "name": f"Bank {number}",
        "subName": "x" * 1200,
        "providers": {},
    }


class Directory:
    """Meld's list of institutions. ``troubles`` happen instead of the answer to the n-th request, counted from 1."""

    def __init__(self, size: int, troubles: dict[int, Trouble] | None = None) -> None:
        self.items = [institution(number) for number in range(size)]
        self._at = {item["key"]: number for number, item in enumerate(self.items)}
        self.troubles = troubles or {}
        self.queries: list[dict[str, str]] = []
        self.changes: dict[str, object] = {}

    def __call__(self, caller: Caller) -> None:
        caller.listen()
        target = caller.heard.split(b" ", 2)[1].decode()
        assert caller.heard.startswith(b"GET ")
        assert urlsplit(target).path == "/institutions"
        query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        self.queries.append(query)
        trouble = self.troubles.get(len(self.queries))
        if trouble is not None:
            trouble(caller)
            return
        start = self._at[query["after"]] + 1 if "after" in query else 0
        page = self.items[start : start + int(query["limit"])]
        body = {"institutions": page, "count": len(page), "remaining": len(self.items) - start - len(page)}
        answer = {name: value for name, value in (body | self.changes).items() if value is not None}
        caller.say(reply(json.dumps(answer).encode(), status="200 OK"))


def slow_down(retry_after: str) -> Trouble:
    header = [f"Retry-After: {retry_after}"] if retry_after else []
    return lambda caller: caller.say(reply(b"{}", *header, status="429 Too Many Requests"))


def cut(caller: Caller) -> None:
    caller.say(reply(b'{"institutions": [', status="200 OK").replace(b"Length: 18", b"Length: 9000"))


class Clock:
    """Waits that are noted and not waited for."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.told: list[int] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


async def fetch(url: str, clock: Clock, pages: list[InstitutionPage], **how: Any) -> None:
    """Fetch into ``pages``, from where they end."""
    last = pages[-1] if pages else None
    begin: dict[str, Any] = {"after": last.after, "fetched": last.fetched} if last else {}
    listing = list_institutions(MeldClient(url, KEY), on_wait=clock.told.append, sleep=clock.sleep, **begin, **how)
    async for page in listing:
        pages.append(page)


def names(pages: list[InstitutionPage]) -> list[object]:
    return [record["id"] for page in pages for record in page.records if isinstance(record, dict)]


async def test_the_whole_list_arrives_once_and_in_order() -> None:
    directory, pages = Directory(20_000), list[InstitutionPage]()
    with RawServer(directory) as server:
        await fetch(server.url, Clock(), pages)
    assert names(pages) == [f"bank{number}" for number in range(20_000)]
    assert [(page.fetched, page.remaining) for page in pages] == [(n * 1000, 20_000 - n * 1000) for n in range(1, 21)]
    assert [page.is_last for page in pages] == [False] * 19 + [True]
    assert directory.queries[:2] == [{"limit": "1000"}, {"limit": "1000", "after": "k+999/=&é"}]
    assert len(json.dumps(directory.items[:1000])) > REPLY_LIMIT


async def test_the_first_page_is_there_before_the_second_is_asked_for() -> None:
    directory = Directory(3000)
    with RawServer(directory) as server:
        listing = list_institutions(MeldClient(server.url, KEY))
        page = await anext(listing)
        assert (len(page.records), page.remaining, len(directory.queries)) == (1000, 2000, 1)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("0", 0), ("", 5)])
async def test_a_429_is_waited_out_as_long_as_asked(header: str, seconds: int) -> None:
    directory, clock, pages = (
        Directory(2500, {2: slow_down(header), 3: slow_down(header)}),
        Clock(),
        list[InstitutionPage](),
    )
    with RawServer(directory) as server:
        await fetch(server.url, clock, pages)
    assert names(pages) == [f"bank{number}" for number in range(2500)]
    assert clock.slept == clock.told == [seconds, seconds]
    assert directory.queries[1] == directory.queries[2] == directory.queries[3]


async def test_a_server_that_goes_on_refusing_is_left() -> None:
    directory, clock = Directory(2500, dict.fromkeys(range(2, 99), slow_down("1"))), Clock()
    pages: list[InstitutionPage] = []
    with RawServer(directory) as server:
        with pytest.raises(MeldError) as caught:
            await fetch(server.url, clock, pages)
        assert (caught.value.kind, caught.value.retry_after) == (Kind.RATE_LIMITED, 1)
        assert clock.slept == [1] * 5
        directory.troubles.clear()
        await fetch(server.url, clock, pages)
    assert names(pages) == [f"bank{number}" for number in range(2500)]


async def test_a_pause_that_is_too_long_is_the_persons_to_decide() -> None:
    directory, clock = Directory(10, {1: slow_down(str(LONGEST_WAIT + 1))}), Clock()
    with RawServer(directory) as server, pytest.raises(MeldError) as caught:
        await fetch(server.url, clock, [])
    assert (caught.value.retry_after, clock.slept) == (LONGEST_WAIT + 1, [])


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (cut, Kind.CUT_OFF),
        (lambda caller: caller.reset(), Kind.CONNECTION_LOST),
        (lambda caller: caller.say(reply(b"{}", status="503 Busy")), Kind.SERVER),
        (lambda caller: caller.say(reply(b"{}", status="401 No")), Kind.UNAUTHORIZED),
        (lambda caller: caller.say(reply(b"<html>", status="200 OK")), Kind.NOT_JSON),
        (lambda caller: caller.say(reply(b'{"banks": []}', status="200 OK")), Kind.WRONG_SHAPE),
        (
            lambda caller: caller.say(
                reply(b"", status="200 OK").replace(b"Length: 0", f"Length: {LIST_LIMIT + 1}".encode())
            ),
            Kind.TOO_LARGE,
        ),
    ],
)
async def test_what_came_is_kept_and_gone_on_with(trouble: Trouble, kind: Kind) -> None:
    directory, pages = Directory(5000, {4: trouble}), list[InstitutionPage]()
    with RawServer(directory) as server:
        with pytest.raises(MeldError) as caught:
            await fetch(server.url, Clock(), pages)
        assert caught.value.kind is kind
        assert names(pages) == [f"bank{number}" for number in range(3000)]
        await fetch(server.url, Clock(), pages)
    assert names(pages) == [f"bank{number}" for number in range(5000)]
    assert (pages[-1].fetched, pages[-1].is_last) == (5000, True)
    assert len(directory.queries) == 6


async def test_a_cancel_closes_the_socket_and_the_rest_comes_later() -> None:
    hung = threading.Event()

    def hang(caller: Caller) -> None:
        hung.set()
        caller.wait_until_gone()

    directory, pages = Directory(3000, {2: hang}), list[InstitutionPage]()
    with RawServer(directory) as server:
        task = asyncio.create_task(fetch(server.url, Clock(), pages))
        assert await asyncio.to_thread(hung.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.gone.wait, 5)
        assert names(pages) == [f"bank{number}" for number in range(1000)]
        await fetch(server.url, Clock(), pages)
    assert names(pages) == [f"bank{number}" for number in range(3000)]


@pytest.mark.parametrize("changes", [{"institutions": []}, {"institutions": [{"id": "x"}]}, {"remaining": 7}])
async def test_a_list_that_leads_nowhere_ends(changes: dict[str, object]) -> None:
    directory = Directory(10)
    directory.changes = {"remaining": 5, **changes}
    directory.items = [{**item, "key": "same"} for item in directory.items]
    directory._at = {"same": -1}
    with RawServer(directory) as server, pytest.raises(MeldError) as caught:
        await fetch(server.url, Clock(), [])
    assert caught.value.kind is Kind.WRONG_SHAPE
    assert len(directory.queries) <= 2


async def test_a_server_that_does_not_say_what_remains() -> None:
    directory, pages = Directory(2500), list[InstitutionPage]()
    directory.changes = {"remaining": None}
    with RawServer(directory) as server:
        await fetch(server.url, Clock(), pages)
    assert names(pages) == [f"bank{number}" for number in range(2500)]
    assert [page.remaining for page in pages] == [None, None, 0]


async def test_an_empty_list() -> None:
    pages: list[InstitutionPage] = []
    with RawServer(Directory(0)) as server:
        await fetch(server.url, Clock(), pages)
    assert [(page.records, page.fetched, page.is_last) for page in pages] == [((), 0, True)]


async def test_the_local_meld_lists_its_banks() -> None:
    server = MockServer()
    pages: list[InstitutionPage] = []
    try:
        await fetch(server.start().api, Clock(), pages, page=25)
    finally:
        server.stop()
    assert [len(page.records) for page in pages] == [25, 25, 16]
    assert len(set(names(pages))) == 66


async def test_the_key_is_not_in_the_address_and_no_body_is_sent() -> None:
    with RawServer(Directory(1)) as server:
        await fetch(server.url, Clock(), [])
        head, _, body = server.heard[0].partition(b"\r\n\r\n")
    assert body == b""
    assert KEY.encode() not in head.splitlines()[0]
    assert f"authorization: basic {KEY}".encode().lower() in head.lower()
    assert b"content-type" not in head.lower()
