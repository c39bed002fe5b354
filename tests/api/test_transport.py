"""What can go wrong on the way, each with its own kind; and the limits of time and size."""

import gzip
import json
import ssl

import pytest
import trustme

from meld_desktop.api import client
from meld_desktop.domain.errors import Kind
from tests.api.calls import failure, start
from tests.api.conftest import KEY
from tests.api.servers import Caller, RawServer, chunked, reply, says, steps
from tests.support import answers
from tests.support.answers import Answer
from tests.support.strict_meld import UNRESOLVABLE, StrictMeld, closed_port

pytestmark = pytest.mark.anyio

LIMIT = 1024 * 1024
GOOD = b'{"widgetUrl":"http://127.0.0.1:9/?connectToken=x"}'


# --- no connection


async def test_nobody_listens() -> None:
    with closed_port() as url:
        assert (await failure(url)).kind is Kind.CONNECTION_REFUSED


async def test_a_name_nobody_knows() -> None:
    error = await failure(UNRESOLVABLE)
    assert error.kind is Kind.NAME_NOT_FOUND
    assert error.retryable


async def test_a_server_that_does_not_pick_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(client, "CONNECT_SECONDS", 0.2)
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for caller in (first, second):  # the queue is full now: further callers are kept waiting
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        assert (await failure(f"http://127.0.0.1:{listener.getsockname()[1]}")).kind is Kind.CONNECT_TIMEOUT


# --- TLS


@pytest.mark.usefixtures("trusted")
async def test_a_trusted_certificate(tls: ssl.SSLContext) -> None:
    with StrictMeld(tls) as meld:
        assert (await start(meld.url)).widget_url
        assert meld.requests[0].header("Authorization") == [f"BASIC {KEY}"]


async def test_an_unknown_authority(tls: ssl.SSLContext) -> None:
    with StrictMeld(tls) as meld:
        assert (await failure(meld.url)).kind is Kind.TLS
        assert meld.requests == []


@pytest.mark.usefixtures("trusted")
async def test_a_certificate_for_another_host(authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("meld.example").configure_cert(context)
    with StrictMeld(context) as meld:
        assert (await failure(meld.url)).kind is Kind.TLS
        assert meld.requests == []


@pytest.mark.usefixtures("trusted")
async def test_an_expired_certificate(authority: trustme.CA) -> None:
    import datetime

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", not_after=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)).configure_cert(
        context
    )
    with StrictMeld(context) as meld:
        assert (await failure(meld.url)).kind is Kind.TLS
        assert meld.requests == []


async def test_no_tls_at_all() -> None:
    with RawServer(
        steps(Caller.listen_a_little, lambda caller: caller.say(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    ) as server:
        assert (await failure(server.url.replace("http:", "https:"))).kind is Kind.TLS


async def test_closed_during_the_handshake() -> None:
    with RawServer(Caller.listen_a_little) as server:
        assert (await failure(server.url.replace("http:", "https:"))).kind is Kind.CONNECTION_LOST
        server.called.wait(5)
        assert KEY.encode() not in server.heard[0]


async def test_reset_during_the_handshake() -> None:
    with RawServer(steps(Caller.listen_a_little, Caller.reset)) as server:
        assert (await failure(server.url.replace("http:", "https:"))).kind is Kind.CONNECTION_LOST


async def test_silence_during_the_handshake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "CONNECT_SECONDS", 0.2)
    with RawServer(Caller.wait_until_gone) as server:
        assert (await failure(server.url.replace("http:", "https:"))).kind is Kind.CONNECT_TIMEOUT
        assert server.gone.wait(2)


# --- no answer, or half of one


async def test_a_reset(meld: StrictMeld) -> None:
    meld.script(answers.RESET)
    assert (await failure(meld.url)).kind is Kind.CONNECTION_LOST
    assert len(meld.requests) == 1


@pytest.mark.usefixtures("trusted")
async def test_a_reset_of_a_secure_connection(tls: ssl.SSLContext) -> None:
    def behave(caller: Caller) -> None:
        caller.listen()
        caller.reset()

    with RawServer(behave, tls=tls) as server:
        assert (await failure(server.url)).kind is Kind.CONNECTION_LOST


async def test_hung_up_without_a_word() -> None:
    with RawServer(says()) as server:
        assert (await failure(server.url)).kind is Kind.CONNECTION_LOST
        assert len(server.heard) == 1


async def test_cut_off(meld: StrictMeld) -> None:
    meld.script(answers.CUT_OFF)
    error = await failure(meld.url)
    assert error.kind is Kind.CUT_OFF
    assert len(meld.requests) == 1


CUT_OFF = {
    "in the body": reply(GOOD)[:-10],
    "in a chunk": chunked(GOOD)[:-20],
    "before the last chunk": chunked(GOOD)[:-5],
}


@pytest.mark.parametrize("where", CUT_OFF)
async def test_cut_off_with_and_without_a_length(where: str) -> None:
    with RawServer(says(CUT_OFF[where])) as server:
        assert (await failure(server.url)).kind is Kind.CUT_OFF


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 201 Cre", b"HTTP/1.1 201 Created\r\nContent-Le", b"HTT", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"]
)
async def test_cut_off_in_the_head(head: bytes) -> None:
    with RawServer(says(head)) as server:
        assert (await failure(server.url)).kind in {Kind.CONNECTION_LOST, Kind.CUT_OFF}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("where", CUT_OFF)
async def test_a_secure_connection_cut_off_without_goodbye(where: str, tls: ssl.SSLContext) -> None:
    with RawServer(says(CUT_OFF[where]), tls=tls) as server:
        assert (await failure(server.url)).kind is Kind.CUT_OFF


GARBAGE = {
    "other protocol": b"220 mail.example ESMTP\r\n\r\n",
    "binary": bytes(range(256)) * 8,
    "no version": b"HTTP 201 Created\r\n\r\n",
    "status of words": b"HTTP/1.1 abc Created\r\n\r\n",
    "HTTP/2 unasked": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "header without colon": b"HTTP/1.1 201 Created\r\nno colon here\r\n\r\n",
    "two lengths": b"HTTP/1.1 201 Created\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "length of words": b"HTTP/1.1 201 Created\r\nContent-Length: abc\r\n\r\nabc",
    "length beyond reason": b"HTTP/1.1 201 Created\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nabc",
    "chunk of words": b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "huge header": b"HTTP/1.1 201 Created\r\nX-Huge: " + b"x" * 400_000 + b"\r\n\r\n",
    "endless headers": b"HTTP/1.1 201 Created\r\n" + b"X-More: y\r\n" * 60_000,
}


@pytest.mark.parametrize("kind", GARBAGE)
async def test_garbage(kind: str) -> None:
    with RawServer(says(GARBAGE[kind])) as server:
        error = await failure(server.url)
    assert error.kind is Kind.NOT_JSON, error.kind


# --- encodings


async def test_gzip_unasked(meld: StrictMeld) -> None:
    body = json.dumps({"widgetUrl": f"{meld.widget.url}?connectToken=x"}).encode()
    meld.script(Answer(201, gzip.compress(body), {"Content-Encoding": "gzip"}))
    assert (await start(meld.url)).widget_url == f"{meld.widget.url}?connectToken=x"
    assert meld.requests[0].header("Accept-Encoding") == ["identity"]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
async def test_what_calls_itself_compressed_and_is_not(meld: StrictMeld, coding: str) -> None:
    meld.script(Answer(201, b"\x00\x01\x02 no such thing", {"Content-Encoding": coding}))
    assert (await failure(meld.url)).kind is Kind.NOT_JSON


async def test_little_that_unpacks_to_much(meld: StrictMeld) -> None:
    bomb = gzip.compress(b'{"widgetUrl": "' + b"x" * 20 * LIMIT)
    assert len(bomb) < LIMIT // 40
    meld.script(Answer(201, bomb, {"Content-Encoding": "gzip"}))
    assert (await failure(meld.url)).kind is Kind.TOO_LARGE


# --- addresses that are none


@pytest.mark.parametrize(
    "url", ["https://" + "a" * 300 + ".example", "https://xn--\u00e4.example", "https://a..example"]
)
async def test_a_name_that_cannot_be_one(url: str) -> None:
    assert (await failure(url)).kind in {Kind.NAME_NOT_FOUND, Kind.NETWORK}
