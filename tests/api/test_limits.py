"""How much the client takes, how long it waits, how it gives up, and which way it goes."""

import asyncio
import ssl
import time
from collections.abc import Callable

import psutil
import pytest

from meld_desktop.api import client
from meld_desktop.domain.errors import Kind
from tests.api.calls import failure, start
from tests.api.conftest import KEY
from tests.api.servers import Behaviour, Caller, RawServer, chunked, reply, says, steps
from tests.support import answers
from tests.support.strict_meld import StrictMeld, closed_port

pytestmark = pytest.mark.anyio

LIMIT = 1024 * 1024
GOOD = b'{"widgetUrl":"http://127.0.0.1:9/?connectToken=x"}'


# --- size


def sized(size: int) -> bytes:
    return GOOD[:-1] + b',"pad":"' + b"x" * (size - len(GOOD) - 9) + b'"}'


@pytest.mark.parametrize("status", ["201 Created", "500 Oops"])
async def test_too_large_by_its_own_word_is_not_even_read(status: str) -> None:
    def behave(caller: Caller) -> None:
        caller.listen()
        caller.say(reply(b"", f"Content-Length: {LIMIT + 1}", length=False, status=status))
        caller.wait_until_gone()

    with RawServer(behave) as server:
        assert (await failure(server.url)).kind is Kind.TOO_LARGE
        assert server.gone.wait(2)


@pytest.mark.parametrize("way", ["length", "close", "chunks"])
async def test_the_last_byte_that_fits_and_the_first_that_does_not(way: str) -> None:
    def answer(size: int) -> bytes:
        body = sized(size)
        assert len(body) == size
        if way == "chunks":
            return chunked(*(body[place : place + 50_000] for place in range(0, size, 50_000)))
        return reply(body, length=way == "length")

    with RawServer(says(answer(LIMIT))) as server:
        assert (await start(server.url)).widget_url == "http://127.0.0.1:9/?connectToken=x"
    with RawServer(says(answer(LIMIT + 1))) as server:
        assert (await failure(server.url)).kind is Kind.TOO_LARGE


async def test_an_answer_without_end_is_given_up_at_the_limit() -> None:
    sent = 0

    def behave(caller: Caller) -> None:
        nonlocal sent
        caller.listen()
        caller.say(reply(b"", "Transfer-Encoding: chunked", length=False))
        while True:
            caller.say(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
            sent += 0x8000

    with RawServer(behave) as server:
        assert (await failure(server.url)).kind is Kind.TOO_LARGE
        assert server.gone.wait(2)
    assert sent < 16 * LIMIT  # what the system's buffers hold, not the client


# --- time


async def test_a_slow_answer(meld: StrictMeld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "READ_SECONDS", 0.2)
    meld.script(answers.SLOW)
    assert (await failure(meld.url)).kind is Kind.READ_TIMEOUT
    assert meld.requests[0].gone.wait(2)


async def test_a_dripping_answer_ends_at_the_total(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TOTAL_SECONDS", 0.4)
    with RawServer(steps(Caller.listen, lambda caller: caller.drip(reply(GOOD), 0.05))) as server:
        assert (await failure(server.url)).kind is Kind.READ_TIMEOUT
        assert server.gone.wait(2)


def test_the_limits_of_time_and_size() -> None:
    assert (client.CONNECT_SECONDS, client.READ_SECONDS, client.TOTAL_SECONDS) == (5, 30, 60)
    assert client.REPLY_LIMIT == LIMIT


# --- giving up


async def cancelled(url: str, ready: asyncio.Event | None, server: RawServer) -> float:
    """Start a call, cancel it once the server is busy with it,
    and return how long the server had to wait for the end."""
    call = asyncio.create_task(start(url))
    if ready is not None:
        await asyncio.wait_for(ready.wait(), 5)
    before = time.monotonic()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert time.monotonic() - before < 0.2
    # Off the loop: nothing the loop might still do is allowed to help.
    assert server.gone.wait(2)
    return server.gone_at - before


def reporting(
    loop: asyncio.AbstractEventLoop, ready: asyncio.Event, drip: bytes, seconds: float, *, hear: bool = True
) -> Behaviour:
    def behave(caller: Caller) -> None:
        if hear:
            caller.listen()
        else:
            caller.listen_a_little()
        loop.call_soon_threadsafe(ready.set)
        caller.drip(drip, seconds)
        caller.wait_until_gone()

    return behave


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize(
    "drip",
    [reply(GOOD), b"", b"HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n" + GOOD],
    ids=["dripping", "silent", "dripping body"],
)
async def test_cancelling_closes_the_connection_at_once(secure: bool, drip: bytes, tls: ssl.SSLContext) -> None:
    ready = asyncio.Event()
    behave = reporting(asyncio.get_running_loop(), ready, drip, 1.0)
    with RawServer(behave, tls=tls if secure else None) as server:
        assert await cancelled(server.url, ready, server) < 0.2


async def test_cancelling_during_the_handshake_closes_the_connection_at_once() -> None:
    ready = asyncio.Event()
    behave = reporting(asyncio.get_running_loop(), ready, b"", 1.0, hear=False)
    with RawServer(behave) as server:
        assert await cancelled(server.url.replace("http:", "https:"), ready, server) < 0.2


async def test_nothing_is_left_open_afterwards() -> None:
    process = psutil.Process()
    before = process.num_fds()
    with StrictMeld() as meld:
        await start(meld.url)
        for answer in (answers.RESET, answers.CUT_OFF, answers.HUGE, answers.NOT_JSON):
            meld.script(answer)
            await failure(meld.url)
    assert process.num_fds() <= before


# --- proxies


SetProxy = Callable[[str], None]


@pytest.fixture
def proxy_variable(monkeypatch: pytest.MonkeyPatch) -> SetProxy:
    def use(url: str) -> None:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, url)

    return use


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_local_meld_is_never_asked_through_a_proxy(
    host: str, meld: StrictMeld, proxy_variable: SetProxy
) -> None:
    with RawServer(says(reply(b"", status="502 Bad Gateway"))) as proxy:
        proxy_variable(proxy.url)
        assert (await start(meld.url.replace("127.0.0.1", host))).widget_url
        assert proxy.heard == []


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
async def test_a_proxy_that_says_no_never_sees_the_key(status: str, proxy_variable: SetProxy) -> None:
    with RawServer(says(reply(b"", status=status))) as proxy:
        proxy_variable(proxy.url)
        assert (await failure("https://api-sb.meld.io")).kind is Kind.PROXY
        proxy.called.wait(5)
    (heard,) = proxy.heard
    assert heard.startswith(b"CONNECT api-sb.meld.io:443 HTTP/1.1\r\n")
    assert KEY.encode() not in heard
    assert b"uthorization" not in heard


async def test_a_proxy_that_is_not_there(proxy_variable: SetProxy) -> None:
    with closed_port() as url:
        proxy_variable(url)
        assert (await failure("https://api-sb.meld.io")).kind in {Kind.PROXY, Kind.CONNECTION_REFUSED}


@pytest.mark.parametrize(
    "setting", ["socks5://127.0.0.1:9", "nonsense://127.0.0.1:9", "http://[::1", "http://127.0.0.1:port"]
)
async def test_a_proxy_setting_that_cannot_be_used(setting: str, proxy_variable: SetProxy) -> None:
    proxy_variable(setting)
    assert (await failure("https://api-sb.meld.io")).kind is Kind.PROXY


@pytest.mark.usefixtures("trusted")
async def test_a_tunnel_that_leads_nowhere(proxy_variable: SetProxy) -> None:
    """The key stays here until the other end has proved that it is the host that was asked for."""

    def tunnel(caller: Caller) -> None:
        caller.listen()
        caller.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
        caller.listen_a_little()

    with RawServer(tunnel) as proxy:
        proxy_variable(proxy.url)
        assert (await failure("https://api-sb.meld.io")).kind is Kind.CONNECTION_LOST
        proxy.called.wait(5)
    assert KEY.encode() not in proxy.heard[0]
