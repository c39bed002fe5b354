"""The view that is prepared before its link is there."""

import os
import signal
from collections.abc import Callable, Iterator

import psutil
import pytest
from PySide6.QtWebEngineCore import QWebEngineProfile
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.app.embedding import WebEmbedder
from meld_desktop.domain.environments import DEMO, PRODUCTION
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import read_token
from meld_desktop.web import availability, frame
from meld_desktop.web.frame import LISTENER_WORLD
from meld_desktop.web.spare import SpareView
from meld_desktop.web.widget_view import WidgetView
from tests.web.sites import Site
from tests.web.test_lifetime import census, processes
from tests.web.watched import Watched


def link(url: str, return_url: str = "") -> Link:
    request = ConnectStartRequest("someone", redirect_url=return_url)
    exchange = Exchange("POST", "https://api.meld.io/x", (), "{}")
    return Link(DEMO, request, "a", "b", "c", url, read_token(""), exchange)


class Desk:
    """An embedder and the views it made, one after another."""

    def __init__(self, qtbot: QtBot, flush: Callable[[], None]) -> None:
        self._qtbot, self._flush = qtbot, flush
        self.embedder = WebEmbedder()
        self.parent = QWidget()
        self.watched: Watched | None = None

    @property
    def waiting(self) -> WidgetView | None:
        return self.embedder._spare.view if self.embedder._spare is not None else None

    def make(self, url: str, return_url: str = "") -> Watched:
        self.leave()
        view = self.embedder.make(link(url, return_url), self.parent)
        assert isinstance(view, WidgetView)
        self.watched = Watched(view, self._qtbot)
        return self.watched

    def leave(self) -> None:
        if self.watched is not None:
            self.watched.view.dispose()
            self.watched.view.deleteLater()
            self.watched = None
            self._flush()

    def wait_for_spare(self) -> WidgetView:
        self._qtbot.waitUntil(lambda: self.waiting is not None and self.waiting.is_prepared, timeout=15_000)
        assert self.waiting is not None
        return self.waiting

    def close(self) -> None:
        self.leave()
        self.embedder.close()
        self.parent.deleteLater()
        self._flush()


@pytest.fixture
def desk(qtbot: QtBot, flush: Callable[[], None]) -> Iterator[Desk]:
    desk = Desk(qtbot, flush)
    yield desk
    desk.close()
    assert census()[1] == 0


def test_nothing_is_prepared_before_the_first_link_has_loaded(desk: Desk, widget_site: Site) -> None:
    assert census()[1] == 0
    first = desk.make(f"{widget_site.origin}/")
    assert desk.waiting is None
    assert census()[1] == 1
    first.start()
    assert desk.wait_for_spare() is not first.view
    assert census()[1] == 2


def test_a_spare_shows_one_link(desk: Desk, widget_site: Site) -> None:
    desk.make(f"{widget_site.origin}/?connectToken=one").start()
    spare = desk.wait_for_spare()
    second = desk.make(f"{widget_site.origin}/?connectToken=two")
    assert second.view is spare
    assert second.view.parent() is desk.parent
    assert desk.waiting is None
    second.start()
    second.wait(lambda: second.names() == ["init"])
    assert [hit for hit in widget_site.hits if "Token" in hit] == ["/?connectToken=one", "/?connectToken=two"]
    with pytest.raises(RuntimeError, match="one link"):
        second.view.take("https://x.example/", return_url="", loopback_allowed=False)
    assert desk.wait_for_spare() is not spare


def test_a_spare_loads_no_second_frame_page(
    desk: Desk, widget_site: Site, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    desk.make(f"{widget_site.origin}/").start()
    spare = desk.wait_for_spare()
    process = spare._page.renderProcessPid()
    monkeypatch.setattr(frame, "frame_html", lambda: pytest.fail("loaded again"))
    second = desk.make(f"{widget_site.origin}/").start()
    assert second.view is spare
    assert spare._page.renderProcessPid() == process
    assert second.run("document.title") == "Stand-in"
    monkeypatch.undo()
    with qtbot.waitSignals([spare.navigation_started, spare.loaded], timeout=15_000):
        spare.reload()
    second.settled()


def test_a_link_that_comes_too_soon_gets_a_view_of_its_own(desk: Desk, widget_site: Site) -> None:
    first = desk.make(f"{widget_site.origin}/").start()
    second = desk.make(f"{widget_site.origin}/")
    assert second.view is not first.view
    second.start()
    assert second.run("document.title") == "Stand-in"


def test_a_view_taken_while_it_loads_shows_its_link_once(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch("")
    watched.view.prepare()
    watched.view.take(f"{widget_site.origin}/", return_url="", loopback_allowed=True)
    watched.start()
    watched.settled()
    assert widget_site.paths() == ["/"]
    assert not watched.view.is_prepared


def test_cookies_and_storage_do_not_reach_the_next_link(desk: Desk, widget_site: Site) -> None:
    first = desk.make(f"{widget_site.origin}/").start()
    spare = desk.wait_for_spare()
    assert first.view._profile is not spare._profile
    cookie = "bank=1; max-age=999; SameSite=None; Secure"
    assert first.run(f"document.cookie = '{cookie}'; localStorage.bank = 1; document.cookie") == "bank=1"
    second = desk.make(f"{widget_site.origin}/").start()
    assert second.view is spare
    assert second.run("document.cookie + '|' + localStorage.bank") == "|undefined"


def test_the_second_links_return_url_holds_and_not_the_firsts(desk: Desk, widget_site: Site, bank_site: Site) -> None:
    bank_site.pages["/one"] = b"<title>one</title>"
    desk.make(f"{widget_site.origin}/", f"{bank_site.origin}/one").start()
    spare = desk.wait_for_spare()
    second = desk.make(f"{widget_site.origin}/", f"{bank_site.origin}/two").start()
    assert second.view is spare
    second.run(f"location.href = '{bank_site.origin}/two?code=1'")
    second.wait(lambda: bool(second.returned))
    assert second.returned == [f"{bank_site.origin.removeprefix('http://')}/two"]
    assert bank_site.paths() == []
    second.run(f"location.href = '{bank_site.origin}/one'")
    second.wait_until("document.title === 'one'")
    assert len(second.returned) == 1


def test_the_second_links_loopback_rule_holds(desk: Desk, widget_site: Site) -> None:
    desk.make(f"{widget_site.origin}/").start()
    spare = desk.wait_for_spare()
    hits = len(widget_site.hits)
    second = desk.make("https://widget.invalid/")  # its rules allow nothing on this computer
    assert second.view is spare
    page = second.view._page
    page.runJavaScript(f"document.querySelector('iframe').src = '{widget_site.origin}/'", LISTENER_WORLD)
    second.wait(lambda: bool(second.notices))
    assert "this computer" in str(second.notices[0].text)
    assert len(widget_site.hits) == hits


def test_a_waiting_view_lets_nothing_of_this_computer_in(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch("", loopback_allowed=False)
    watched.view.prepare()
    watched.wait(lambda: watched.view.is_prepared)
    watched.view._page.runJavaScript(f"document.querySelector('iframe').src = '{widget_site.origin}/'", LISTENER_WORLD)
    watched.wait(lambda: bool(watched.notices))
    assert widget_site.hits == []


def test_the_token_is_in_no_place_but_the_frames_address(
    desk: Desk, widget_site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.make(f"{widget_site.origin}/").start()
    desk.wait_for_spare()
    second = desk.make(f"{widget_site.origin}/?connectToken=sekret").start()
    page = second.view._page
    scripts = [script.sourceCode() for script in page.scripts().toList()]
    assert scripts
    assert not [source for source in scripts if "sekret" in source]
    assert "sekret" not in page.url().toString() + page.requestedUrl().toString() + page.title()
    texts: list[object] = []
    page.runJavaScript("document.documentElement.outerHTML.split('sekret').length", 0, texts.append)
    page.runJavaScript("typeof openWidget", 0, texts.append)  # the page's own world has no such thing
    second.wait(lambda: len(texts) == 2)
    assert texts == [2, "undefined"]
    assert second.run("typeof openWidget") == "undefined"
    assert "sekret" not in "".join(capfd.readouterr())


def test_a_waiting_view_that_dies_is_replaced_later(desk: Desk, widget_site: Site) -> None:
    first = desk.make(f"{widget_site.origin}/").start()
    spare = desk.wait_for_spare()
    os.kill(spare._page.renderProcessPid(), signal.SIGKILL)
    first.wait(lambda: desk.waiting is None)
    second = desk.make(f"{widget_site.origin}/").start()
    assert second.view is not spare
    second.settled()
    desk.wait_for_spare()


def test_closing_disposes_of_the_spare_and_prepares_no_other(
    desk: Desk, widget_site: Site, flush: Callable[[], None], qtbot: QtBot
) -> None:
    desk.make(f"{widget_site.origin}/").start()
    desk.wait_for_spare()
    process = psutil.Process(desk.wait_for_spare()._page.renderProcessPid())
    windows = len(QApplication.topLevelWidgets())
    desk.embedder.close()
    flush()
    assert desk.waiting is None
    assert census() == (windows - 1, 1)
    qtbot.waitUntil(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE, timeout=15_000)
    spare = desk.embedder._spare
    assert spare is not None
    spare.prepare_later()
    assert not spare._timer.isActive()
    desk.embedder.close()


def test_where_the_next_link_would_be_refused_nothing_is_prepared(
    desk: Desk, widget_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.embedder.refusal(DEMO) is None
    desk.make(f"{widget_site.origin}/").start()
    desk.wait_for_spare()
    monkeypatch.delenv(availability.SANDBOX_VARIABLE, raising=False)
    monkeypatch.delenv(availability.FLAGS_VARIABLE, raising=False)
    monkeypatch.setattr(availability, "running_as_root", lambda: True)
    assert desk.embedder.refusal(PRODUCTION) is not None
    assert desk.waiting is None
    spare = desk.embedder._spare
    assert spare is not None
    spare._prepare()
    assert desk.waiting is None


def test_preparing_asks_first(qtbot: QtBot) -> None:
    asked: list[bool] = []

    def refuses() -> bool:
        asked.append(True)
        return False

    spare = SpareView(refuses)
    spare.prepare_later()
    qtbot.waitUntil(lambda: bool(asked), timeout=5_000)
    assert spare.view is None
    spare.close()


def test_twenty_links_in_a_row_leave_nothing_behind(desk: Desk, widget_site: Site, qtbot: QtBot) -> None:
    def once() -> None:
        made = desk.make(f"{widget_site.origin}/").start()
        made.settled()
        desk.wait_for_spare()

    for _ in range(3):
        once()
    qtbot.waitUntil(lambda: processes() <= 6, timeout=15_000)
    before, children = census(), processes()
    threads, handles = psutil.Process().num_threads(), psutil.Process().num_fds()
    for _ in range(20):
        once()
    assert census() == before
    qtbot.waitUntil(lambda: processes() <= children, timeout=15_000)
    qtbot.waitUntil(lambda: psutil.Process().num_threads() <= threads + 2, timeout=15_000)
    qtbot.waitUntil(lambda: psutil.Process().num_fds() <= handles + 5, timeout=15_000)
    assert isinstance(desk.wait_for_spare()._profile, QWebEngineProfile)
