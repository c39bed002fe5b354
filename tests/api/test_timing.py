"""How long each phase took, against servers that dawdle in one phase only."""

import ssl
import time

import pytest

from meld_desktop.api import client
from meld_desktop.api.timing import PhaseClock
from meld_desktop.domain.link import Exchange, Timing
from tests.api.calls import failure, start
from tests.api.servers import Caller, RawServer, reply
from tests.support.answers import Answer
from tests.support.strict_meld import StrictMeld, closed_port

pytestmark = pytest.mark.anyio

PAUSE = 0.3
GOOD = b'{"widgetUrl":"http://127.0.0.1:9/?connectToken=x"}'


def timing_of(exchange: Exchange | None) -> Timing:
    assert exchange is not None
    assert exchange.timing is not None
    return exchange.timing


def quick(*phases: float | None) -> bool:
    return all(phase is not None and 0 <= phase < PAUSE / 2 for phase in phases)


async def test_waiting(meld: StrictMeld) -> None:
    meld.script(Answer(delay=PAUSE))
    link = await start(meld.url)
    timing = timing_of(link.exchange)
    assert timing.tls is None
    assert timing.waiting is not None
    assert timing.waiting >= PAUSE * 0.9
    assert quick(timing.connect, timing.sending, timing.reading)
    assert sum(filter(None, (timing.connect, timing.sending, timing.waiting, timing.reading))) <= link.exchange.seconds


async def test_reading() -> None:
    def behave(caller: Caller) -> None:
        caller.listen()
        whole = reply(GOOD)
        caller.say(whole[:-5])
        time.sleep(PAUSE)
        caller.say(whole[-5:])

    with RawServer(behave) as server:
        timing = timing_of((await start(server.url)).exchange)
    assert timing.reading is not None
    assert timing.reading >= PAUSE * 0.9
    assert quick(timing.connect, timing.sending, timing.waiting)


@pytest.mark.usefixtures("trusted")
async def test_tls(tls: ssl.SSLContext) -> None:
    with StrictMeld(tls) as meld:
        timing = timing_of((await start(meld.url)).exchange)
    assert timing.tls is not None
    assert timing.tls > 0
    assert timing.connect is not None


async def test_a_handshake_that_never_ends_counts_until_it_was_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "CONNECT_SECONDS", PAUSE)
    with RawServer(Caller.wait_until_gone) as server:
        error = await failure(server.url.replace("http:", "https:"))
    timing = timing_of(error.exchange)
    assert timing.tls is not None
    assert timing.tls >= PAUSE * 0.9
    assert quick(timing.connect)
    assert (timing.sending, timing.waiting, timing.reading) == (None, None, None)
    assert error.exchange is not None
    assert error.exchange.seconds >= PAUSE * 0.9


async def test_no_answer_in_time(monkeypatch: pytest.MonkeyPatch, meld: StrictMeld) -> None:
    monkeypatch.setattr(client, "TOTAL_SECONDS", PAUSE)
    meld.script(Answer(delay=20))
    timing = timing_of((await failure(meld.url)).exchange)
    assert timing.waiting is not None
    assert quick(timing.connect, timing.sending)
    assert timing.reading is None


async def test_no_connection_at_all() -> None:
    with closed_port() as url:
        timing = timing_of((await failure(url)).exchange)
    assert quick(timing.connect)
    assert (timing.tls, timing.sending, timing.waiting, timing.reading) == (None, None, None, None)


async def test_what_the_way_through_a_proxy_costs_belongs_to_connecting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The proxy takes its time to open the tunnel, and refuses then."""

    def behave(caller: Caller) -> None:
        caller.listen()
        time.sleep(PAUSE)
        caller.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
        caller.wait_until_gone(1)

    monkeypatch.setattr(client, "CONNECT_SECONDS", 4 * PAUSE)
    with RawServer(behave) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        timing = timing_of((await failure("https://api.example.com")).exchange)
    assert timing.connect is not None
    assert timing.connect >= PAUSE * 0.9
    assert timing.tls is not None


def test_a_phase_that_has_not_ended_is_not_told() -> None:
    moments = iter(range(100))
    clock = PhaseClock(lambda: float(next(moments)))
    for event in (
        "connection.connect_tcp.started",
        "connection.connect_tcp.complete",
        "http11.send_request_headers.started",
        "http11.send_request_headers.complete",
        "http11.send_request_body.started",
        "http11.send_request_body.complete",
        "http11.receive_response_headers.started",
    ):
        clock.note(event)
    assert clock.timing() == Timing(connect=1.0, sending=3.0)
    assert clock.seconds() == 7.0
    clock.note("http11.receive_response_headers.failed")
    clock.note("nonsense")
    clock.note("")
    assert clock.timing() == Timing(connect=1.0, sending=3.0, waiting=2.0)


def test_what_was_said_to_a_proxy_is_not_what_was_said_to_meld() -> None:
    moments = iter(range(100))
    clock = PhaseClock(lambda: float(next(moments)))
    talk = [f"{part}.{moment}" for part in _TALK for moment in ("started", "complete")]
    for event in ["connection.connect_tcp.started", "connection.connect_tcp.complete", *talk]:
        clock.note(event)
    clock.note("proxy.start_tls.started")
    clock.note("proxy.start_tls.complete")
    for event in talk[:3]:  # the body has only begun
        clock.note(event)
    timing = clock.timing()
    assert (timing.connect, timing.tls) == (8.0, 1.0)
    assert (timing.sending, timing.waiting) == (1.0, None)


_TALK = ("http11.send_request_headers", "http11.send_request_body", "http11.receive_response_headers")


def test_before_anything_happened_nothing_is_known() -> None:
    assert PhaseClock().timing() == Timing()
    assert PhaseClock().seconds() == 0.0
