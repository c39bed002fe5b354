"""From a request to a link, or to one failure, or to nothing: over real sockets."""

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import DEMO, SANDBOX, custom_environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.services.create_link import CreateLink
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Worker
from meld_desktop.storage.keys import KeyStore
from tests.services.conftest import Heard
from tests.support import answers
from tests.support.strict_meld import StrictMeld

KEY = "WQ5CwCxDxXhYuA4fVHGk3o:s3cr3t+/Key=="
REQUEST = ConnectStartRequest("support-4711", (Product.BALANCES, Product.OWNERS))


@pytest.fixture
def demo() -> Iterator[Demo]:
    local = Demo()
    yield local
    local.close()


@pytest.fixture
def create(worker: Worker, parent: QObject, demo: Demo) -> CreateLink:
    return CreateLink(worker, Keys(worker, KeyStore(), {"MELD_API_KEY": KEY}, parent), demo, parent)


def listen(create: CreateLink) -> Heard:
    return Heard().listen(
        sending=create.sending, created=create.created, failed=create.failed, cancelled=create.cancelled
    )


def test_a_link(create: CreateLink, meld: StrictMeld, qtbot: QtBot) -> None:
    heard = listen(create)
    environment = custom_environment(meld.url)
    with qtbot.waitSignal(create.created):
        create.start(environment, REQUEST)
        assert heard.names == ["sending"]
        assert create.is_sending
    assert heard.names == ["sending", "created"]
    assert not create.is_sending
    link = heard.said[1][1]
    assert isinstance(link, Link)
    assert (link.environment, link.request) == (environment, REQUEST)
    assert link.widget_url.endswith(meld.tokens[0])
    assert meld.requests[0].header("Authorization") == [f"BASIC {KEY}"]


def test_a_key_of_another_environment_is_explained(create: CreateLink, meld: StrictMeld, qtbot: QtBot) -> None:
    with qtbot.waitSignal(create.created):
        create.start(custom_environment(meld.url), REQUEST)
    with StrictMeld() as other:
        other.script(answers.refusal(401, "UNAUTHORIZED", "No"))
        with qtbot.waitSignal(create.failed) as failed:
            create.start(custom_environment(other.url), REQUEST)
    assert failed.args is not None
    error = failed.args[0]
    assert "API key of" in str(error.title)
    assert "each environment has its own" in str(error.hint)


def test_a_failure(create: CreateLink, meld: StrictMeld, qtbot: QtBot) -> None:
    meld.script(answers.BAD_FIELDS)
    heard = listen(create)
    with qtbot.waitSignal(create.failed):
        create.start(custom_environment(meld.url), REQUEST)
    assert heard.names == ["sending", "failed"]
    error = heard.said[1][1]
    assert isinstance(error, MeldError)
    assert [problem.field for problem in error.problems] == ["external_customer_id", "redirect_url"]
    assert not create.is_sending


@pytest.mark.parametrize("answer", [answers.SLOW, answers.DRIP], ids=["slow", "dripping"])
def test_cancelling(create: CreateLink, meld: StrictMeld, settle: Callable[[], None], answer: answers.Answer) -> None:
    meld.script(answer)
    heard = listen(create)
    create.start(custom_environment(meld.url), REQUEST)
    (request,) = meld.wait_for_requests(1)
    before = time.monotonic()
    create.cancel()
    assert heard.names == ["sending", "cancelled"]
    assert not create.is_sending
    assert request.gone.wait(2)
    assert time.monotonic() - before < 0.2
    settle()
    assert heard.names == ["sending", "cancelled"]


def test_cancelling_nothing(create: CreateLink) -> None:
    heard = listen(create)
    create.cancel()
    assert heard.names == []


def test_one_at_a_time_and_the_next_at_once(create: CreateLink, meld: StrictMeld, qtbot: QtBot) -> None:
    meld.script(answers.SLOW)
    heard = listen(create)
    environment = custom_environment(meld.url)
    create.start(environment, REQUEST)
    create.start(environment, REQUEST)
    meld.wait_for_requests(1)
    create.cancel()
    with qtbot.waitSignal(create.created):
        create.start(environment, REQUEST)
    assert heard.names == ["sending", "cancelled", "sending", "created"]
    assert len(meld.requests) == 2


def test_a_new_one_may_start_from_the_outcome_of_the_last(create: CreateLink, meld: StrictMeld, qtbot: QtBot) -> None:
    meld.script(answers.UNAVAILABLE_HTML)
    heard = listen(create)
    environment = custom_environment(meld.url)

    def again(_error: object) -> None:
        create.start(environment, REQUEST)

    create.failed.connect(again)
    with qtbot.waitSignal(create.created):
        create.start(environment, REQUEST)
    assert heard.names == ["sending", "failed", "sending", "created"]


def test_closing_the_worker_ends_the_request(parent: QObject, meld: StrictMeld, demo: Demo) -> None:
    worker = Worker(parent)
    create = CreateLink(worker, Keys(worker, KeyStore(), {"MELD_API_KEY": KEY}, parent), demo, parent)
    meld.script(answers.SLOW)
    heard = listen(create)
    create.start(custom_environment(meld.url), REQUEST)
    (request,) = meld.wait_for_requests(1)
    worker.close()
    assert heard.names == ["sending", "cancelled"]
    assert request.gone.wait(2)


# --- Demo


def test_demo_needs_no_key_and_no_network(create: CreateLink, qtbot: QtBot) -> None:
    heard = listen(create)
    for _ in range(2):
        with qtbot.waitSignal(create.created):
            create.start(DEMO, REQUEST)
    first, second = (link for name, link in heard.said if name == "created")
    assert first.widget_url.startswith("http://127.0.0.1:")
    assert first.exchange.url == second.exchange.url
    assert first.connection_id != second.connection_id
    assert KEY not in repr(first.exchange)


def test_warming_up_starts_the_local_meld(create: CreateLink, qtbot: QtBot, settle: Callable[[], None]) -> None:
    heard = listen(create)
    create.warm_up(DEMO)
    create.warm_up(SANDBOX)
    settle()
    assert heard.names == []
    with qtbot.waitSignal(create.created):
        create.start(DEMO, REQUEST)


def test_the_local_meld_ends_with_the_program(worker: Worker, demo: Demo, create: CreateLink, qtbot: QtBot) -> None:
    with qtbot.waitSignal(create.created):
        create.start(DEMO, REQUEST)
    demo.close()
    demo.close()
    with qtbot.waitSignal(create.failed) as failed:
        create.start(DEMO, REQUEST)
    assert failed.args is not None
    assert failed.args[0].kind is Kind.CONNECTION_REFUSED


def test_a_demo_that_was_closed_does_not_start(demo: Demo, create: CreateLink, qtbot: QtBot) -> None:
    demo.close()
    with qtbot.waitSignal(create.failed) as failed:
        create.start(DEMO, REQUEST)
    assert failed.args is not None
    assert failed.args[0].kind in {Kind.NETWORK, Kind.DEMO}
