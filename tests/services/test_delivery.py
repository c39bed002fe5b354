"""Looking up what arrived: page after page, only what was asked for, and never after the end."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.products import Product
from meld_desktop.services.delivery import Delivery
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Worker
from meld_desktop.storage.keys import KeyStore
from tests.api.servers import reply
from tests.services.bank_data import BankData, account, arrivals, listen


@pytest.fixture
def bank() -> Iterator[BankData]:
    made = BankData(page=10)
    with made.server:
        yield made


@pytest.fixture
def delivery(worker: Worker, bank: BankData, parent: QObject) -> Delivery:
    keys = Keys(worker, KeyStore(), {"MELD_API_KEY": "key-of-the-tests"}, parent)
    made = Delivery(worker, keys, Demo(), EnvironmentGuard(), parent)
    made.set_environment(bank.environment)
    return made


def test_one_page_of_each_list_and_then_the_rest(delivery: Delivery, bank: BankData, qtbot: QtBot) -> None:
    heard = listen(delivery)
    with qtbot.waitSignal(delivery.finished):
        delivery.check(bank.record())
        assert delivery.is_looking
    assert [asked.split("?")[0].removeprefix("GET /bank-linking/") for asked in bank.asked] == [
        "connections/connection-1",
        "accounts",
        "transactions",
        "investments/holdings",
        "investments/transactions",
    ]
    assert all("connectionId=connection-1&" in asked for asked in bank.asked[1:])
    found = heard.said[-2][1]
    assert set(arrivals(bank.record(), found).values()) == {"ARRIVED"}
    tally = found.tally(Product.TRANSACTIONS)
    assert (tally.count, tally.total, tally.is_whole) == (10, 25, False)
    assert delivery.has_more
    assert not delivery.is_looking
    with qtbot.waitSignal(delivery.finished):
        delivery.more()
        delivery.more()
    tally = heard.said[-2][1].tally(Product.TRANSACTIONS)
    assert (tally.count, tally.is_whole, tally.by_account) == (25, True, {"acc0": 25})
    assert [asked.split("&after=")[1] for asked in bank.asked[5:]] == ["k9", "k19"]
    assert not delivery.has_more


def test_only_what_was_asked_for_is_looked_up(delivery: Delivery, bank: BankData, qtbot: QtBot) -> None:
    with qtbot.waitSignal(delivery.finished):
        delivery.check(bank.record(products=("BALANCES",), optional_products=("OWNERS",)))
    assert len(bank.asked) == 2


@pytest.mark.parametrize("status", ["IN_PROGRESS", "EXPIRED", "DELETED"])
def test_a_link_that_was_not_finished_has_no_data_to_ask_for(
    delivery: Delivery, bank: BankData, qtbot: QtBot, status: str
) -> None:
    bank.state = {"status": status}
    heard = listen(delivery)
    with qtbot.waitSignal(delivery.finished):
        delivery.check(bank.record())
    assert heard.names == ["changed", "finished"]
    assert len(bank.asked) == 1


@pytest.mark.parametrize(("part", "asked"), [("/connections/", 1), ("/accounts", 2)])
def test_without_the_accounts_there_is_no_answer(
    delivery: Delivery, bank: BankData, qtbot: QtBot, part: str, asked: int
) -> None:
    bank.fails[part] = reply(b"{}", status="500 No")
    heard = listen(delivery)
    with qtbot.waitSignal(delivery.failed):
        delivery.check(bank.record())
    assert heard.names[-1] == "failed"
    assert len(bank.asked) == asked
    assert not delivery.is_looking


@pytest.mark.parametrize(("status", "goes_on"), [("500 No", True), ("403 No", True), ("401 No", False)])
def test_a_list_that_cannot_be_read_does_not_hide_the_others(
    delivery: Delivery, bank: BankData, qtbot: QtBot, status: str, goes_on: bool
) -> None:
    bank.fails["/bank-linking/transactions"] = reply(b"{}", status=status)
    heard = listen(delivery)
    with qtbot.waitSignal(delivery.finished if goes_on else delivery.failed):
        delivery.check(bank.record())
    assert ("failed" in heard.names) is not goes_on
    if goes_on:
        found = arrivals(bank.record(), heard.said[-2][1])
        assert found.pop("TRANSACTIONS") == "UNKNOWN"
        assert set(found.values()) == {"ARRIVED"}


@pytest.mark.parametrize("part", ["/connections/", "/accounts", "/bank-linking/transactions"])
def test_stopping_breaks_off_at_once(
    delivery: Delivery, bank: BankData, qtbot: QtBot, settle: Callable[[], None], part: str
) -> None:
    bank.hangs = part
    heard = listen(delivery)
    delivery.check(bank.record())
    qtbot.waitUntil(lambda: bool(bank.asked) and part in bank.asked[-1])
    before = len(heard.said)
    delivery.cancel()
    assert bank.server.gone.wait(2)
    settle()
    assert len(heard.said) == before
    assert not delivery.is_looking


def test_another_record_takes_the_place(delivery: Delivery, bank: BankData, qtbot: QtBot) -> None:
    bank.hangs = "/accounts"
    delivery.check(bank.record())
    qtbot.waitUntil(lambda: len(bank.asked) == 2)
    bank.hangs = ""
    bank.accounts = [account(7)]
    heard = listen(delivery)
    with qtbot.waitSignal(delivery.finished):
        delivery.check(bank.record(connection_id="connection-2"))
    assert [each.id for each in heard.said[-2][1].accounts] == ["acc7"]


def test_whoever_hears_of_a_page_may_end_it(
    delivery: Delivery, bank: BankData, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    delivery.changed.connect(delivery.cancel)
    delivery.check(bank.record())
    qtbot.waitUntil(lambda: not delivery.is_looking)
    settle()
    assert len(bank.asked) == 1
