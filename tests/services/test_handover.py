"""The link's way into the system browser: an address that works once, and that gives nothing away."""

import contextlib
import gc
import http.client
import re
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from meld_desktop.services import handover
from meld_desktop.services.browser import Browser
from meld_desktop.services.handover import one_time_address
from meld_desktop.services.worker import Worker
from tests.services.conftest import Heard

LINK = "https://institution-connect-sb.meld.io?connectToken=eyJ0.eyJp.c2ln"


def made(worker: Worker, qtbot: QtBot, url: str = LINK) -> str:
    job = worker.submit(one_time_address(url))
    with qtbot.waitSignal(job.succeeded) as done:
        pass
    assert done.args is not None
    return str(done.args[0])


def get(address: str, path: str | None = None, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    parts = urlsplit(address)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    try:
        connection.request(method, path if path is not None else parts.path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def is_closed(address: str) -> bool:
    parts = urlsplit(address)
    with socket.socket() as caller:
        return caller.connect_ex((parts.hostname, parts.port)) != 0


def knock_until_closed(address: str) -> None:
    while not is_closed(address):
        pass


def test_the_address_gives_nothing_away(worker: Worker, qtbot: QtBot) -> None:
    addresses = [made(worker, qtbot) for _ in range(3)]
    assert len({urlsplit(address).path for address in addresses}) == 3
    for address in addresses:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[A-Za-z0-9_-]{32,}", address)


def test_it_leads_to_the_link_once(worker: Worker, qtbot: QtBot) -> None:
    address = made(worker, qtbot)
    status, headers = get(address)
    assert (status, headers["location"]) == (303, LINK)
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    qtbot.waitUntil(lambda: is_closed(address))


def test_a_second_reader_in_the_same_moment_gets_nothing(worker: Worker, qtbot: QtBot) -> None:
    address = made(worker, qtbot)
    parts = urlsplit(address)
    with contextlib.ExitStack() as stack:
        callers = [stack.enter_context(socket.create_connection((parts.hostname, parts.port), 5)) for _ in range(8)]
        for caller in callers:
            caller.sendall(f"GET {parts.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answers = [b"".join(iter(lambda each=caller: each.recv(4096), b"")) for caller in callers]  # type: ignore[misc]
    assert sorted(answer.split(b" ")[1] for answer in answers) == [b"303"] + [b"404"] * 7
    assert sum(LINK.encode() in answer for answer in answers) == 1


def test_who_calls_in_the_moment_it_closes_is_let_go(worker: Worker, qtbot: QtBot) -> None:
    for _ in range(10):
        address = made(worker, qtbot)
        knocking = threading.Thread(target=knock_until_closed, args=(address,))
        knocking.start()
        assert get(address)[0] == 303
        knocking.join()
    gc.collect()  # a connection that was forgotten would warn here


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "//", "/../", "*", "/" + "a" * 32])
def test_a_guess_gets_nothing_and_uses_nothing_up(worker: Worker, qtbot: QtBot, path: str) -> None:
    address = made(worker, qtbot)
    status, headers = get(address, path)
    assert status == 404
    assert "location" not in headers
    assert get(address, urlsplit(address).path + "x")[0] == 404
    assert get(address, urlsplit(address).path + "?x")[0] == 404
    assert get(address)[0] == 303


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_only_a_get_uses_it_up(worker: Worker, qtbot: QtBot, method: str) -> None:
    address = made(worker, qtbot)
    status, headers = get(address, method=method)
    assert status == 404
    assert "location" not in headers
    assert get(address)[0] == 303


@pytest.mark.parametrize(
    "said", [b"", b"\r\n", b"\x16\x03\x01\x02\x00" + b"\xff" * 600 + b"\n", b"GET\r\n\r\n", b"x" * 70_000]
)
def test_noise_uses_nothing_up(worker: Worker, qtbot: QtBot, said: bytes) -> None:
    address = made(worker, qtbot)
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), 5) as caller, contextlib.suppress(ConnectionError):
        caller.sendall(said)
        caller.shutdown(socket.SHUT_WR)
        assert LINK.encode() not in b"".join(iter(lambda: caller.recv(4096), b""))
    assert get(address)[0] == 303


def test_a_browser_with_much_to_say_still_gets_its_answer(worker: Worker, qtbot: QtBot) -> None:
    cookies = {f"X-Header-{number}": "y" * 8000 for number in range(60)}
    for _ in range(5):
        assert get(made(worker, qtbot), **cookies)[0] == 303


@pytest.mark.parametrize(
    ("link", "location"),
    [
        ("https://h.example/?connectToken=a%20b&x=%C3%A9#f", "https://h.example/?connectToken=a%20b&x=%C3%A9#f"),
        ("https://h.example/é?t=ü€", "https://h.example/%C3%A9?t=%C3%BC%E2%82%AC"),
    ],
)
def test_any_link_arrives(worker: Worker, qtbot: QtBot, link: str, location: str) -> None:
    status, headers = get(made(worker, qtbot, link))
    assert (status, headers.get("location")) == (303, location)


def test_it_ends_unused_after_a_while(worker: Worker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert handover._SECONDS == 60
    monkeypatch.setattr(handover, "_SECONDS", 0.2)
    address = made(worker, qtbot)
    assert not is_closed(address)
    qtbot.waitUntil(lambda: is_closed(address))


def test_it_ends_with_the_worker(parent: QObject, qtbot: QtBot) -> None:
    worker = Worker(parent)
    address = made(worker, qtbot)
    assert get(address, "/")[0] == 404
    worker.close()
    assert is_closed(address)


# --- the system browser


class SystemBrowser(QObject):
    """Stands where the system's browser is."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    @Slot(QUrl)
    def visit(self, url: QUrl) -> None:
        self.told.append(url.toString())


@pytest.fixture
def system_browser(qapp: object) -> Iterator[SystemBrowser]:
    browser = SystemBrowser()
    QDesktopServices.setUrlHandler("http", browser, "visit")  # type: ignore[arg-type]  # the stub is wrong: it takes text
    yield browser
    QDesktopServices.unsetUrlHandler("http")


def test_the_browser_is_told_the_address_and_finds_the_link(
    worker: Worker, parent: QObject, qtbot: QtBot, system_browser: SystemBrowser
) -> None:
    browser = Browser(worker, parent)
    heard = Heard().listen(opened=browser.opened, failed=browser.failed)
    with qtbot.waitSignal(browser.opened):
        browser.open(LINK)
    assert heard.names == ["opened"]
    (told,) = system_browser.told
    assert "meld.io" not in told
    assert "eyJ" not in told
    assert get(told)[1]["location"] == LINK


def test_no_browser_is_said(worker: Worker, parent: QObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_url: QUrl) -> bool:
        assert threading.current_thread() is threading.main_thread()
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", nobody)
    browser = Browser(worker, parent)
    heard = Heard().listen(opened=browser.opened, failed=browser.failed)
    with qtbot.waitSignal(browser.failed):
        browser.open(LINK)
    assert heard.names == ["failed"]
