"""The banks of an environment: loaded, interrupted, gone on with, searched and judged, and never a stale answer."""

import gc
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.banks.changes import make_optional
from meld_desktop.domain.environments import DEMO, SANDBOX, Environment, custom_environment
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.services.banks import BankQuery, Banks, Completion, Explanation, FormAnswer, Found, Source
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Worker
from meld_desktop.storage.institutions import InstitutionCache, name_of
from tests.api.servers import Caller, RawServer, reply
from tests.services.conftest import Heard
from tests.services.connections import Drawer

OWNERS = ConnectStartRequest(products=(Product.OWNERS,))


def institution(number: int) -> dict[str, Any]:
    """One record; every third bank has owners, every fourth is in Canada, every fifth logs in on its own page."""
    products = ["BALANCES", *(["OWNERS"] if number % 3 == 0 else [])]
    way = {"id": f"p{number}", "oauth": number % 5 == 0, "products": products}
    return {
        "id": f"bank{number}",
        "key": f"k{number}",
        "name": f"Bank {number}",
        "rank": number + 1,
        "isTest": number % 7 == 0,
        "providers": {"plaid" if number % 2 else "mx": {**way, "regions": ["CA-ON"] if number % 4 == 0 else ["US"]}},
    }


class Directory:
    """Meld's list in pages of 1,000. ``troubles`` happen instead of the answer to the n-th request, from 1."""

    def __init__(self, size: int, troubles: dict[int, Callable[[Caller], None]] | None = None) -> None:
        self.items = [institution(number) for number in range(size)]
        self.troubles = troubles or {}
        self.asked: list[str] = []

    def __call__(self, caller: Caller) -> None:
        caller.listen()
        query = parse_qs(urlsplit(caller.heard.split(b" ", 2)[1].decode()).query)
        after = query.get("after", [""])[0]
        self.asked.append(after)
        trouble = self.troubles.get(len(self.asked))
        if trouble is not None:
            trouble(caller)
            return
        start = int(after[1:]) + 1 if after else 0
        page = self.items[start : start + 1000]
        body = {"institutions": page, "count": len(page), "remaining": len(self.items) - start - len(page)}
        caller.say(reply(json.dumps(body).encode(), status="200 OK"))


def cut(caller: Caller) -> None:
    caller.say(reply(b'{"institutions": [', status="200 OK").replace(b"Length: 18", b"Length: 9000"))


def slow_down(caller: Caller) -> None:
    caller.say(reply(b"{}", "Retry-After: 7", status="429 Too Many Requests"))


@pytest.fixture
def demo() -> Iterator[Demo]:
    local = Demo()
    yield local
    local.close()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def make(
    worker: Worker, demo: Demo, parent: QObject, tmp_path: Path, slept: list[float]
) -> Iterator[Callable[[], Banks]]:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    def made() -> Banks:
        keys = Keys(worker, Drawer(), {"MELD_API_KEY": "a-key-of-the-tests"}, parent)
        return Banks(worker, keys, demo, tmp_path, parent, sleep=sleep)

    yield made
    gc.unfreeze()


@pytest.fixture
def banks(make: Callable[[], Banks]) -> Banks:
    return make()


@pytest.fixture
def use(qtbot: QtBot) -> Callable[[Banks, Environment], None]:
    def wait(banks: Banks, environment: Environment) -> None:
        banks.use(environment)
        qtbot.waitUntil(lambda: banks.state.loading is None)

    return wait


Use = Callable[[Banks, Environment], None]


def found_by(qtbot: QtBot, banks: Banks, **query: Any) -> list[str]:
    with qtbot.waitSignal(banks.found) as blocker:
        banks.search(BankQuery(**query))
    found: Found = blocker.args[0]
    return [row.bank.id for row in found.rows]


def numbers(ids: list[str]) -> list[int]:
    return [int(name.removeprefix("bank")) for name in ids]


def test_demo_has_its_banks_by_itself(qtbot: QtBot, banks: Banks, use: Use) -> None:
    use(banks, DEMO)
    state = banks.state
    assert (state.source, state.problem, state.partial) == (Source.DEMO, None, False)
    assert state.count > 50
    assert len(found_by(qtbot, banks)) == state.count
    assert "United States" in {place.name for place in state.facets.countries}


def test_nothing_goes_to_meld_by_itself(banks: Banks, use: Use) -> None:
    with RawServer(Directory(10)) as server:
        use(banks, custom_environment(server.url))
        assert (banks.state.source, banks.state.has_banks) == (Source.NONE, False)
        assert not server.called.is_set()


def test_twenty_thousand_come_in_pages_and_stay(
    qtbot: QtBot, banks: Banks, make: Callable[[], Banks], use: Use, slept: list[float]
) -> None:
    directory = Directory(20_000, {3: slow_down})
    heard = Heard().listen(state=banks.state_changed)
    with RawServer(directory) as server:
        environment = custom_environment(server.url)
        use(banks, environment)
        banks.refresh()
        qtbot.waitUntil(lambda: banks.state.loading is None, timeout=30_000)
    states = [state for _, state in heard.said]
    assert (banks.state.count, banks.state.source, banks.state.problem) == (20_000, Source.MELD, None)
    assert (len(directory.asked), slept) == (21, [7])
    assert 7 in {state.waiting for state in states}
    grown = [state.count for state in states if state.partial]
    assert grown[0] == 1000, "the first page is usable at once"
    assert all(state.partial and state.fetched_at is None for state in states if 0 < state.count < 20_000)
    assert next(state.loading for state in states if state.loading and state.loading[0] == 5000) == (5000, 20_000)
    assert gc.isenabled()
    again = make()
    use(again, environment)
    assert (again.state.count, again.state.source, again.state.resumable) == (20_000, Source.MELD, False)
    assert again.name_of("bank19999") == "Bank 19999"


@pytest.mark.parametrize("restarts", [False, True])
def test_a_cut_fetch_goes_on_where_it_stopped(
    qtbot: QtBot, banks: Banks, make: Callable[[], Banks], use: Use, restarts: bool
) -> None:
    directory = Directory(5000, {4: cut})
    with RawServer(directory) as server:
        environment = custom_environment(server.url)
        use(banks, environment)
        banks.refresh()
        qtbot.waitUntil(lambda: banks.state.loading is None)
        state = banks.state
        assert (state.resumable, state.stopped_at, state.partial) == (True, 3000, True)
        assert state.problem is not None
        assert 1000 <= state.count <= 3000
        if restarts:
            banks = make()
            use(banks, environment)
            assert (banks.state.resumable, banks.state.stopped_at, banks.state.has_banks) == (True, 3000, False)
        banks.resume()
        qtbot.waitUntil(lambda: banks.state.loading is None)
    assert directory.asked == ["", "k999", "k1999", "k2999", "k2999", "k3999"]
    assert (banks.state.count, banks.state.resumable, banks.state.partial) == (5000, False, False)
    assert numbers(found_by(qtbot, banks)) == list(range(5000))


def test_cancelling_closes_the_socket_and_can_be_gone_on_with(qtbot: QtBot, banks: Banks, use: Use) -> None:
    directory = Directory(3000, {3: lambda caller: caller.wait_until_gone()})
    with RawServer(directory) as server:
        use(banks, custom_environment(server.url))
        banks.refresh()
        qtbot.waitUntil(lambda: len(directory.asked) == 3)
        qtbot.waitUntil(lambda: banks.state.loading == (2000, 3000))
        banks.cancel()
        assert (banks.state.loading, banks.state.resumable, banks.state.stopped_at) == (None, True, 2000)
        assert server.gone.wait(5)
        banks.resume()
        qtbot.waitUntil(lambda: banks.state.loading is None)
    assert directory.asked[3:] == ["k1999"]
    assert (banks.state.count, banks.state.source) == (3000, Source.MELD)


def test_a_failed_refresh_leaves_the_old_list(qtbot: QtBot, banks: Banks, use: Use) -> None:
    directory = Directory(1500, {3: cut})
    with RawServer(directory) as server:
        use(banks, custom_environment(server.url))
        banks.refresh()
        qtbot.waitUntil(lambda: banks.state.loading is None)
        at = banks.state.fetched_at
        banks.refresh()
        qtbot.waitUntil(lambda: banks.state.loading is None)
    assert (banks.state.count, banks.state.fetched_at, banks.state.partial) == (1500, at, False)
    assert banks.state.problem is not None


def test_a_place_that_meld_no_longer_knows_begins_anew(qtbot: QtBot, banks: Banks, use: Use) -> None:
    directory = Directory(
        2500, {2: cut, 3: lambda caller: caller.say(reply(b'{"message":"unknown key"}', status="400 Bad Request"))}
    )
    with RawServer(directory) as server:
        use(banks, custom_environment(server.url))
        banks.refresh()
        qtbot.waitUntil(lambda: banks.state.loading is None)
        banks.resume()
        qtbot.waitUntil(lambda: banks.state.loading is None)
    assert directory.asked == ["", "k999", "k999", "", "k999", "k1999"]
    assert banks.state.count == 2500


def test_the_sandbox_says_why_and_lends_demos_banks(qtbot: QtBot, banks: Banks, use: Use) -> None:
    use(banks, SANDBOX)
    banks.refresh()
    assert "production only" in str(banks.state.problem)
    assert banks.state.loading is None
    banks.look_at_demo()
    qtbot.waitUntil(lambda: banks.state.loading is None)
    assert (banks.state.environment, banks.state.source, banks.state.problem) == (SANDBOX, Source.DEMO, None)


def test_an_import_is_kept_and_a_bad_one_changes_nothing(
    qtbot: QtBot, banks: Banks, make: Callable[[], Banks], use: Use, tmp_path: Path
) -> None:
    file, bad = tmp_path / "banks.json", tmp_path / "bad.json"
    file.write_text(json.dumps([institution(number) for number in range(4)] + [{"id": "nameless"}]))
    bad.write_text("[{]")
    use(banks, SANDBOX)
    for path in (file, bad):
        banks.import_file(path)
        qtbot.waitUntil(lambda: banks.state.loading is None)
        if path is file:
            assert "no name" in str(banks.state.problem)
    assert "Line 1" in str(banks.state.problem)
    assert (banks.state.count, banks.state.source, banks.state.file) == (4, Source.IMPORT, "banks.json")
    again = make()
    use(again, SANDBOX)
    assert (again.state.count, again.state.file) == (4, "banks.json")


@pytest.fixture
def hundred(banks: Banks, use: Use, tmp_path: Path) -> Banks:
    InstitutionCache(tmp_path).replace(name_of(SANDBOX), [institution(number) for number in range(100)], "api")
    use(banks, SANDBOX)
    return banks


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({}, lambda n: True),
        ({"country": "CA"}, lambda n: n % 4 == 0),
        ({"country": "US"}, lambda n: n % 4 != 0),
        ({"country": "US", "subdivision": "US-TN"}, lambda n: n % 4 != 0),
        ({"country": "CA", "subdivision": "CA-QC"}, lambda n: False),
        ({"provider": "PLAID"}, lambda n: n % 2 == 1),
        ({"product": Product.OWNERS, "oauth": False}, lambda n: n % 3 == 0 and n % 5 != 0),
        ({"tests": True}, lambda n: n % 7 == 0),
        ({"tests": False, "oauth": True}, lambda n: n % 7 != 0 and n % 5 == 0),
        ({"shown": True, "request": OWNERS}, lambda n: n % 3 == 0),
        ({"shown": False, "request": OWNERS, "provider": "MX"}, lambda n: n % 3 != 0 and n % 2 == 0),
        ({"text": "bank 42"}, lambda n: n == 42),
        ({"text": "bank", "country": "CA", "shown": True, "request": OWNERS}, lambda n: n % 12 == 0),
    ],
)
def test_filters_leave_what_fits(
    qtbot: QtBot, hundred: Banks, query: dict[str, Any], fits: Callable[[int], bool]
) -> None:
    assert numbers(found_by(qtbot, hundred, **query)) == [number for number in range(100) if fits(number)]


def test_rows_say_whether_they_are_shown_and_where_they_are(qtbot: QtBot, hundred: Banks) -> None:
    with qtbot.waitSignal(hundred.found) as blocker:
        hundred.search(BankQuery(provider="MX", request=OWNERS))
    rows = blocker.args[0].rows
    assert [row.shown for row in rows] == [number % 3 == 0 for number in range(0, 100, 2)]
    assert [rows.row_of(name) for name in ("bank0", "bank98", "bank1", "none")] == [0, 49, -1, -1]
    assert [row.bank.id for row in rows[1:3]] == ["bank2", "bank4"]


def test_only_the_last_question_is_answered(
    qtbot: QtBot, hundred: Banks, settle: Callable[[], None], worker: Worker
) -> None:
    heard = Heard().listen(found=hundred.found, answered=hundred.answered, completed=hundred.completed)
    before = threading.active_count()
    for number in range(50):
        hundred.search(BankQuery(text=f"bank {number}"))
        hundred.complete(f"bank {number}")
        hundred.ask(ConnectStartRequest(products=(Product.OWNERS,), regions=("US",) if number % 2 else ()))
    assert threading.active_count() <= before + 4
    qtbot.waitUntil(lambda: len(heard.said) == 3)
    settle()
    answers = dict(heard.said)
    assert len(heard.said) == 3
    assert isinstance(answers["completed"], Completion)
    assert (answers["found"].query.text, answers["completed"].text) == ("bank 49", "bank 49")
    assert answers["completed"].banks[0].id == "bank49"
    assert answers["answered"].form.regions == {"US"}


def test_turning_to_another_environment_drops_what_was_asked(
    qtbot: QtBot, hundred: Banks, settle: Callable[[], None]
) -> None:
    heard = Heard().listen(found=hundred.found, answered=hundred.answered)
    hundred.ask(OWNERS)
    hundred.search(BankQuery(text="bank 1"))
    with RawServer(Directory(1)) as server:
        hundred.use(custom_environment(server.url))
        qtbot.waitUntil(lambda: hundred.state.loading is None)
        settle()
    assert [len(value.rows) for name, value in heard.said if name == "found"] == [0] * len(heard.said)
    assert "answered" not in heard.names


def test_an_answer_comes_again_with_other_banks(qtbot: QtBot, hundred: Banks, tmp_path: Path) -> None:
    with qtbot.waitSignal(hundred.answered) as blocker:
        hundred.ask(OWNERS)
    first: FormAnswer = blocker.args[0]
    assert (first.answer.matching, first.answer.total, first.state.count) == (34, 100, 100)
    file = tmp_path / "fewer.json"
    file.write_text(json.dumps([institution(number) for number in range(7)]))
    with qtbot.waitSignal(hundred.answered) as blocker:
        hundred.import_file(file)
    assert (blocker.args[0].answer.matching, blocker.args[0].state.count) == (3, 7)


def test_a_bank_is_explained(qtbot: QtBot, hundred: Banks) -> None:
    with qtbot.waitSignal(hundred.explained) as blocker:
        hundred.explain("bank1", OWNERS)
    explanation: Explanation = blocker.args[0]
    assert (explanation.bank.name, explanation.verdict.shown) == ("Bank 1", False)
    assert explanation.verdict.fixes == ((make_optional(Product.OWNERS),),)
    assert (hundred.name_of("bank1"), hundred.name_of("nobody")) == ("Bank 1", "")
