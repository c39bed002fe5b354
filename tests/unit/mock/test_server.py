"""The running server: real sockets, prompt ends, rough handling."""

import asyncio
import gc
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import pairwise
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from meld_desktop.mock import server as server_module
from meld_desktop.mock.server import MockServer
from tests.unit.mock.harness import CONNECTIONS, KEY, START

BODY = {"externalCustomerId": "c", "products": ["BALANCES"]}


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(headers=KEY, trust_env=False) as client:
        yield client


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return socket.create_connection((parts.hostname, parts.port), timeout=5)


def listeners() -> set[tuple[str, int]]:
    found = psutil.Process().net_connections(kind="tcp")
    return {(c.laddr.ip, c.laddr.port) for c in found if c.status == psutil.CONN_LISTEN}


def is_broken(plug: socket.socket) -> bool:
    try:
        return plug.recv(1) == b""
    except ConnectionResetError:
        return True


def exchange(url: str, data: bytes) -> bytes:
    """Send bytes and return everything the server says before it closes or falls silent on a closed half."""
    with closing(connect(url)) as plug:
        try:
            plug.sendall(data)
            plug.shutdown(socket.SHUT_WR)
        except OSError:
            return b""
        heard = b""
        try:
            while chunk := plug.recv(65_536):
                heard += chunk
        except OSError:
            pass
        return heard


def test_both_origins_answer_as_soon_as_start_returns(server: MockServer, client: httpx.Client) -> None:
    addresses = server.start()
    assert addresses.api != addresses.widget
    assert urlsplit(addresses.api).hostname == "127.0.0.1"
    link = client.post(addresses.api + START, json=BODY).json()
    assert link["widgetUrl"].startswith(addresses.widget + "?connectToken=")
    page = client.get(link["widgetUrl"])
    assert page.status_code == 200
    assert "Demo by Meld Desktop" in page.text
    assert client.get(addresses.widget.replace("127.0.0.1", "localhost") + "/oauth").status_code == 200


def test_it_listens_on_this_machine_only(server: MockServer) -> None:
    before = listeners()
    server.start()
    mine = listeners() - before
    assert len(mine) == 2
    assert {address for address, _ in mine} == {"127.0.0.1"}


def free_pair() -> int:
    """A port that is free together with its neighbour, below the range from which systems hand out ports."""
    for port in range(20_000 + os.getpid() % 5_000, 30_000, 2):
        with closing(socket.socket()) as one, closing(socket.socket()) as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no free ports")


def test_a_wished_port_is_the_apis_and_the_next_one_the_widgets() -> None:
    port = free_pair()
    server = MockServer(port=port)
    try:
        addresses = server.start()
        assert (addresses.api, addresses.widget) == (f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}")
        assert server.start() == addresses
        with pytest.raises(OSError, match="in use"):
            MockServer(port=port).start()
    finally:
        server.stop()


def test_any_port_serves_the_widget_when_the_next_one_is_taken() -> None:
    port = free_pair()
    server = MockServer(port=port)
    with closing(socket.socket()) as neighbour:
        neighbour.bind(("127.0.0.1", port + 1))
        neighbour.listen()
        try:
            addresses = server.start()
            assert urlsplit(addresses.api).port == port
            assert urlsplit(addresses.widget).port not in {port, port + 1}
        finally:
            server.stop()


def test_nonsense_is_refused_before_anything_listens() -> None:
    with pytest.raises(ValueError, match="no scenario"):
        MockServer(scenario="nope")
    with pytest.raises(ValueError, match="speed"):
        MockServer(speed=0)
    server = MockServer()
    with pytest.raises(ValueError, match="no scenario"):
        server.set_scenario("nope")
    with pytest.raises(ValueError, match="speed"):
        server.set_speed(-1)


def test_stop_is_prompt_complete_and_harmless_when_repeated(client: httpx.Client) -> None:
    server = MockServer()
    server.stop()
    threads, files = set(threading.enumerate()), psutil.Process().num_fds() if os.name == "posix" else 0
    addresses = server.start()
    with closing(connect(addresses.api)) as idle, closing(connect(addresses.widget)) as half:
        half.sendall(b"POST /widget/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n{")
        assert client.get(addresses.api + CONNECTIONS).status_code == 200
        began = time.perf_counter()
        server.stop()
        assert time.perf_counter() - began < 0.5
        server.stop()
        assert all(is_broken(plug) for plug in (idle, half))
        with pytest.raises(OSError, match="refused"):
            connect(addresses.api)
    client.close()
    assert set(threading.enumerate()) == threads
    if os.name == "posix":
        assert psutil.Process().num_fds() == files


def test_stop_does_not_wait_for_a_slow_answer() -> None:
    server = MockServer(scenario="slow-answer")
    addresses = server.start()
    with closing(connect(addresses.api)) as plug:
        plug.sendall(b"GET /bank-linking/connections HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: BASIC x\r\n\r\n")
        # The second connection is answered, so the first request has been taken up by then.
        assert b" 401 " in exchange(addresses.api, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        began = time.perf_counter()
        server.stop()
        assert time.perf_counter() - began < 0.5


def test_who_connects_in_the_moment_it_stops_is_let_go() -> None:
    def knock(url: str, heard: threading.Event) -> None:
        with suppress(OSError):
            while True:
                connect(url).close()
                heard.set()

    for _ in range(20):
        server, heard = MockServer(), threading.Event()
        knocking = threading.Thread(target=knock, args=(server.start().api, heard))
        knocking.start()
        heard.wait()
        server.stop()
        knocking.join()
    gc.collect()  # a connection that was forgotten would warn here


def test_it_can_be_started_again_and_two_do_not_know_each_other(server: MockServer, client: httpx.Client) -> None:
    first = server.start()
    link = client.post(first.api + START, json=BODY).json()
    other = MockServer()
    try:
        second = other.start()
        assert client.get(second.api + CONNECTIONS).json()["count"] == 0
        token = {"X-Connect-Token": link["connectToken"]}
        assert client.post(second.widget + "/widget/session", headers=token, json={}).json()["code"] == "TOKEN_INVALID"
    finally:
        other.stop()
    server.stop()
    again = server.start()
    with httpx.Client(headers=KEY, trust_env=False) as fresh:
        assert fresh.get(again.api + CONNECTIONS).json()["count"] == 1
        assert fresh.post(again.api + START, json=BODY).json()["widgetUrl"].startswith(again.widget + "?")


def test_scenario_and_speed_can_be_changed_while_it_runs(server: MockServer, client: httpx.Client) -> None:
    addresses = server.start()
    server.set_scenario("forbidden-empty")
    assert client.get(addresses.api + CONNECTIONS).status_code == 403
    server.set_scenario("success")
    link = client.post(addresses.api + START, json=BODY).json()
    server.set_speed(100_000)
    deadline = time.monotonic() + 10
    status = "IN_PROGRESS"
    while status == "IN_PROGRESS" and time.monotonic() < deadline:
        status = client.get(f"{addresses.api}{CONNECTIONS}/{link['id']}").json()["status"]
    assert status == "EXPIRED"


@pytest.mark.parametrize("way", ["header", "customer"])
def test_connection_drop_breaks_the_connection_without_a_word(
    server: MockServer, client: httpx.Client, way: str
) -> None:
    addresses = server.start()
    headers = {"X-Demo-Scenario": "connection-drop"} if way == "header" else {}
    body = BODY if way == "header" else BODY | {"externalCustomerId": "scenario:connection-drop:c"}
    with pytest.raises(httpx.TransportError):
        client.post(addresses.api + START, json=body, headers=headers)
    assert client.get(addresses.api + CONNECTIONS).json()["count"] == 0


def test_calls_are_not_delayed_by_nagle() -> None:
    """asyncio sets TCP_NODELAY only on sockets that say they speak TCP; without it each kept-alive call takes 40 ms."""

    async def accepted_option() -> int:
        options: asyncio.Queue[int] = asyncio.Queue()

        class Watch(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                plug = transport.get_extra_info("socket")
                options.put_nowait(plug.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                transport.close()

        listener = server_module._listener(0)
        listening = await asyncio.get_running_loop().create_server(Watch, sock=listener)
        async with listening:
            with closing(connect(server_module._address(listener))):
                return await options.get()

    assert asyncio.run(accepted_option())


GARBAGE = [
    b"\x00\xff\x16\x03\x01" * 50,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    b"GET /\x80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n\x00\x01garbage after a request\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET %zz?%ff=%00 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: BASIC \xff\xfe\r\n\r\n",
    b"GET /%ff%fe HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: BASIC x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: BASIC x\r\n\r\n",
]


@pytest.mark.parametrize("data", GARBAGE)
def test_garbage_ends_in_a_refusal_and_disturbs_nobody(
    server: MockServer, client: httpx.Client, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    addresses = server.start()
    with caplog.at_level(logging.DEBUG):
        for url in (addresses.api, addresses.widget):
            heard = exchange(url, data)
            assert b" 500 " not in heard
            assert b"Traceback" not in heard
    assert client.get(addresses.api + CONNECTIONS).status_code == 200
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_huge_body_is_refused_while_it_is_still_coming(server: MockServer) -> None:
    addresses = server.start()
    head = b"POST /bank-linking/connect/start HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: BASIC x\r\n"
    with closing(connect(addresses.api)) as plug:
        plug.sendall(head + b"Content-Length: 100000000\r\n\r\n{")
        assert b" 413 " in plug.recv(65_536)
    with closing(connect(addresses.api)) as plug:
        plug.sendall(
            head + b"Transfer-Encoding: chunked\r\n\r\n" + b"8000\r\n" + b"x" * 0x8000 + b"\r\n8001\r\n" + b"x" * 0x8001
        )
        assert b" 413 " in plug.recv(65_536)


def test_garbage_behind_an_early_refusal_ends_the_connection_quietly(
    server: MockServer, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    addresses = server.start()
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    with closing(connect(addresses.widget)) as plug:
        plug.sendall(head + b"10001\r\n" + b"x" * 0x10001 + b"\r\n")
        assert b" 413 " in plug.recv(65_536)
        plug.sendall(b"not a chunk\r\n")
        while not is_broken(plug):
            pass
    assert client.get(addresses.api + CONNECTIONS).status_code == 200
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_many_customers_at_once_never_mix(server: MockServer) -> None:
    addresses = server.start()

    async def one(client: httpx.AsyncClient, number: int) -> str:
        body = BODY | {"externalCustomerId": f"c{number}"}
        link = (await client.post(addresses.api + START, json=body)).json()
        token = {"X-Connect-Token": link["connectToken"]}
        session = (await client.post(addresses.widget + "/widget/session", headers=token, json={})).json()
        assert session["connectionId"] == link["id"]
        shown = (await client.get(f"{addresses.api}{CONNECTIONS}/{link['id']}")).json()
        assert shown["externalCustomerId"] == f"c{number}"
        return str(link["id"])

    async def crowd() -> list[str]:
        async with httpx.AsyncClient(headers=KEY, trust_env=False) as client:
            return await asyncio.gather(*(one(client, number) for number in range(200)))

    assert len(set(asyncio.run(crowd()))) == 200


def test_nothing_of_a_request_is_written_anywhere(
    server: MockServer, client: httpx.Client, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    addresses = server.start()
    server_loggers = ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "starlette")
    with caplog.at_level(logging.DEBUG):
        link = client.post(addresses.api + START, json=BODY).json()
        client.get(link["widgetUrl"])
        client.get(addresses.api + "/nowhere")
    assert not [record for record in caplog.records if record.name in server_loggers]
    assert capfd.readouterr() == ("", "")


def test_start_does_not_slow_down(server: MockServer, client: httpx.Client) -> None:
    """A thousand connections later a start costs what it cost before (a ratio with much room, not a time)."""
    addresses = server.start()
    moments = [time.perf_counter()]
    for number in range(1_000):
        answer = client.post(addresses.api + START, json=BODY | {"externalCustomerId": f"c{number}"})
        assert answer.status_code == 201
        moments.append(time.perf_counter())
    spans = [after - before for before, after in pairwise(moments)]
    assert sorted(spans[-200:])[100] < 5 * sorted(spans[:200])[100]
