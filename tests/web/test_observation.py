"""What the view tells of its pages: every hop in order, requests, console lines, ignored messages, windows."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.widget_events import NoticeKind
from meld_desktop.domain.witness.observation import (
    Attempt,
    AttemptKind,
    ConsoleLevel,
    ConsoleLine,
    Hop,
    HopKind,
    IgnoredMessages,
    IgnoredReason,
    LeftOut,
    LeftOutKind,
    Observation,
    ResourceRequest,
    WindowChange,
)
from meld_desktop.web.observer import Observer
from tests.web.sites import Answer, Site
from tests.web.watched import Watched

RETURN = "https://app.example/back"


def to(url: str) -> Answer:
    return 302, {"Location": url}, b""


def chain(first: Site, second: Site, last: bytes | Answer = b"<title>bank</title>arrived") -> list[str]:
    """Five redirects to and fro; returns the six addresses."""
    second.pages["/1"] = to(f"{first.origin}/2?code=a")
    first.pages["/2"] = to("/3")
    first.pages["/3"] = to(f"{second.origin}/4")
    second.pages["/4"] = to("/5")
    second.pages["/5"] = to("/6")
    second.pages["/6"] = last
    one, two = first.origin, second.origin
    return [f"{two}/1", f"{one}/2?code=a", f"{one}/3", f"{two}/4", f"{two}/5", f"{two}/6"]


def hops(urls: list[str], place: str, first: HopKind) -> list[Hop]:
    return [Hop(urls[0], place, first), *(Hop(url, place, HopKind.REDIRECT) for url in urls[1:])]


def requests(watched: Watched) -> list[ResourceRequest]:
    favicon = "/favicon.ico"
    return [one for one in watched.observed if isinstance(one, ResourceRequest) and not one.url.endswith(favicon)]


@pytest.mark.parametrize(("top_level", "place"), [(False, "frame"), (True, "widget")])
def test_the_first_hop_is_the_widget_and_never_our_own_page(
    watch: Callable[..., Watched], widget_site: Site, top_level: bool, place: str
) -> None:
    url = f"{widget_site.origin}/?connectToken=x"
    watched = watch(url, top_level=top_level).start()
    watched.wait(lambda: watched.names() == ["init"])
    assert watched.hops() == [Hop(url, place, HopKind.START)]
    assert requests(watched) == [ResourceRequest("GET", url, "document", "")]


def test_a_view_made_before_its_link_tells_of_the_link_only(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot
) -> None:
    watched = watch("")
    with qtbot.waitSignal(watched.view.prepared, timeout=15_000):
        watched.view.prepare()
    assert watched.observed == []
    url = f"{widget_site.origin}/?connectToken=x"
    watched.view.take(url, return_url="", loopback_allowed=True)
    watched.start()
    watched.wait(lambda: watched.names() == ["init"])
    assert watched.hops() == [Hop(url, "frame", HopKind.START)]
    assert [request.url for request in requests(watched)] == [url]


def test_five_redirects_in_the_widgets_place_are_told_in_order(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    urls = chain(widget_site, bank_site)
    watched.run(f"location.href = '{urls[0]}'")
    watched.wait_until("document.title === 'bank'")
    assert watched.hops()[1:] == hops(urls, "frame", HopKind.NAVIGATION)
    assert [request.url for request in requests(watched)[1:]] == urls


def test_five_redirects_through_a_window_and_a_frame_of_it_back_to_the_return_url(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/", return_url=RETURN).start()
    bank_site.pages["/inner"] = to("/inner2")
    bank_site.pages["/inner2"] = b"<script>top.name = 'framed'</script>"
    bank_site.pages["/done"] = to(f"{RETURN}?code=secret")
    urls = chain(widget_site, bank_site, b"<iframe src=/inner></iframe>")
    bank = bank_site.origin
    watched.click_to(f"window.open('{urls[0]}')")
    watched.wait(watched.has_popup)
    watched.wait(lambda: watched.run_in_popup("name + document.readyState") == "framedcomplete")
    watched.run_in_popup("location.href = '/done'; 1")
    watched.wait(lambda: bool(watched.returned))
    watched.wait(lambda: isinstance(watched.observed[-1], WindowChange))
    assert watched.hops()[1:] == [
        *hops(urls, "window 1", HopKind.WINDOW),
        Hop(f"{bank}/inner", "window 1 frame", HopKind.NAVIGATION),
        Hop(f"{bank}/inner2", "window 1 frame", HopKind.REDIRECT),
        Hop(f"{bank}/done", "window 1", HopKind.NAVIGATION),
        Hop(f"{RETURN}?code=secret", "window 1", HopKind.RETURN),
    ]
    changes = [one for one in watched.observed if isinstance(one, WindowChange)]
    assert changes == [
        WindowChange("window 1", "127.0.0.1", opened=True),
        WindowChange("window 1", "127.0.0.1", opened=False),
    ]
    start = watched.observed.index(changes[0])
    assert watched.observed[start + 1] == Hop(urls[0], "window 1", HopKind.WINDOW)


def test_windows_are_numbered_as_they_open_and_keep_counting_after_reload(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.click_to(f"window.first = window.open('{bank_site.origin}/')")
    watched.wait(lambda: watched.kinds().count(NoticeKind.POPUP_OPENED) == 1)
    # A window without an address at first: it tells of the first document that it goes to.
    watched.click_to("window.second = window.open('')")
    watched.wait(lambda: watched.kinds().count(NoticeKind.POPUP_OPENED) == 2)
    watched.run(f"second.location.href = '{bank_site.origin}/?second'; 1")
    watched.wait(lambda: watched.hops()[-1] == Hop(f"{bank_site.origin}/?second", "window 2", HopKind.WINDOW))
    watched.view._popups.windows[0].close()
    watched.wait(lambda: watched.observed[-1] == WindowChange("window 1", "127.0.0.1", opened=False, by_user=True))
    watched.view.reload()
    watched.wait(lambda: watched.names().count("init") == 2)
    assert watched.hops()[-1] == Hop(f"{widget_site.origin}/", "frame", HopKind.START)
    watched.click_to(f"window.open('{bank_site.origin}/?third')")
    watched.wait(lambda: watched.hops()[-1].place == "window 3")


def test_other_ways_to_go_are_told_for_what_they_are(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    bank = bank_site.origin
    bank_site.pages["/meta"] = b"<meta http-equiv=refresh content='0; url=/form'>"
    bank_site.pages["/form"] = b"<title>form</title><form method=post action=/sent>"
    watched = watch(f"{widget_site.origin}/", return_url=RETURN).start()
    watched.click_to("top.location.href = 'https://top.example/'")
    watched.wait(lambda: watched.hops()[-1].url == "https://top.example/")
    watched.click_to("window.open('http://bank.example/window')")
    watched.wait(lambda: watched.hops()[-1].url == "http://bank.example/window")
    watched.run(f"location.href = '{bank}/meta'")
    watched.wait_until("document.title === 'form'")
    bank_site.pages["/app"] = to("meldapp://done?y=1")
    for step in ("meldapp://done?x=1", "http://bank.example/?y", RETURN, f"{bank}/app"):
        before = len(watched.hops())
        watched.run(f"location.href = '{step}'; 1")
        watched.wait(lambda before=before: len(watched.hops()) > before)  # type: ignore[misc]
    watched.wait(lambda: watched.hops()[-1].kind is HopKind.APP)
    assert watched.hops()[1:] == [
        Hop("https://top.example/", "widget", HopKind.REFUSED),
        Hop("http://bank.example/window", "frame", HopKind.REFUSED),
        Hop(f"{bank}/meta", "frame", HopKind.NAVIGATION),
        Hop(f"{bank}/form", "frame", HopKind.REDIRECT),
        Hop("meldapp://done?x=1", "frame", HopKind.APP),
        Hop("http://bank.example/?y", "frame", HopKind.REFUSED),
        Hop(RETURN, "frame", HopKind.RETURN),
        Hop(f"{bank}/app", "frame", HopKind.NAVIGATION),
        Hop("meldapp://done?y=1", "frame", HopKind.APP),
    ]


def test_requests_are_told_with_method_use_and_asker(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    bank = bank_site.origin
    watched.run(
        f"""const add = (name, values) => document.head.append(Object.assign(document.createElement(name), values));
        add('script', {{src: '/s.js'}}); add('link', {{rel: 'stylesheet', href: '/c.css'}});
        new Image().src = '/p.png'; new Image().src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
        new Audio('/a.mp3').load(); fetch('{bank}/x?y=1', {{method: 'POST', mode: 'no-cors', body: 'a'}}); 1"""
    )
    asker = widget_site.origin
    wanted = {
        ResourceRequest("GET", f"{asker}/s.js", "script", asker),
        ResourceRequest("GET", f"{asker}/c.css", "stylesheet", asker),
        ResourceRequest("GET", f"{asker}/p.png", "image", asker),
        ResourceRequest("GET", f"{asker}/a.mp3", "media", asker),
        ResourceRequest("POST", f"{bank}/x?y=1", "xhr", asker),
    }
    watched.wait(lambda: set(requests(watched)[1:]) >= wanted)
    assert set(requests(watched)[1:]) == wanted


def test_the_console_is_told_shortened_and_bounded(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    bank_site.pages["/script"] = (200, {"Content-Type": "text/javascript"}, b"\nconsole.warn('x'.repeat(9000))")
    watched = watch(f"{widget_site.origin}/").start()
    watched.run(
        f"""document.head.append(Object.assign(document.createElement('script'), {{src:
        '{bank_site.origin}/script?code=sekret'}})); 1"""
    )

    def lines() -> list[ConsoleLine]:
        return [one for one in watched.observed if isinstance(one, ConsoleLine)]

    watched.wait(lambda: bool(lines()))
    host = bank_site.origin.partition("//")[2]
    assert lines() == [ConsoleLine(ConsoleLevel.WARNING, "x" * 299 + "…", f"{host}/script", 2, "widget")]
    watched.run("for (let i = 0; i < 5000; i++) console.log('a line', i); console.error('the last one'); 1")
    watched.wait(lambda: lines()[-1].text == "the last one")
    assert len(lines()) == 101
    watched.wait(lambda: isinstance(watched.observed[-1], LeftOut))
    assert watched.observed[-1] == LeftOut(LeftOutKind.CONSOLE, "widget", 4901)


def ignored(watched: Watched) -> dict[IgnoredReason, int]:
    found: dict[IgnoredReason, int] = {}
    for one in watched.observed:
        if isinstance(one, IgnoredMessages):
            found[one.reason] = found.get(one.reason, 0) + one.count
    return found


@pytest.mark.parametrize("top_level", [False, True])
def test_messages_that_are_not_read_are_counted_by_reason(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site, top_level: bool
) -> None:
    bank_site.pages["/"] = b"""<script>
        for (let i = 0; i < 7; i++) top.postMessage({domain: "meld-connect", eventName: "connect_complete"}, "*");
        top.postMessage("chatter of a bank", "*");
        parent.postMessage("posted", "*")</script>"""
    watched = watch(f"{widget_site.origin}/", top_level=top_level).start()
    watched.run(
        f"""window.addEventListener('message', (e) => e.data === 'posted' && say('nested'));
        document.body.append(Object.assign(document.createElement('iframe'), {{src: '{bank_site.origin}/'}}));
        const loop = {{domain: 'meld-connect'}}; loop.me = loop; parent.postMessage(loop, '*');
        parent.postMessage({{domain: 'meld-connect', eventName: 'not a name!'}}, '*');
        say('debug', {{x: 'a'.repeat(70000)}}); 1"""
    )
    watched.wait(lambda: "nested" in watched.names())
    watched.wait(lambda: len(ignored(watched)) == 3)
    assert ignored(watched) == {
        IgnoredReason.FOREIGN_ORIGIN: 7,
        IgnoredReason.UNREADABLE: 2,
        IgnoredReason.TOO_LONG: 1,
    }
    foreign = next(
        one for one in watched.observed if isinstance(one, IgnoredMessages) and one.reason == "foreign_origin"
    )
    assert foreign.origin == bank_site.origin
    assert set(watched.names()) == {"init", "nested"}


def test_who_holds_the_leaving_is_told(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.click_to("window.onbeforeunload = (e) => { e.preventDefault(); return 'stay'; }")
    watched.run(f"location.href = '{bank_site.origin}/'")
    watched.wait_until("document.title === 'bank'")
    attempts = [one for one in watched.observed if isinstance(one, Attempt)]
    assert attempts == [Attempt(AttemptKind.HOLD, "127.0.0.1", "widget")]
    assert watched.notices == []


def test_who_wants_the_whole_screen_is_told(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.run("document.dispatchEvent(new Event('fullscreenerror')); 1")  # a page's own words count for nothing
    watched.click_to("document.body.requestFullscreen().then(() => say('full'), () => say('refused'))")
    watched.wait(lambda: watched.names()[-1] in ("full", "refused"))
    assert watched.names()[-1] == "refused"
    watched.wait(lambda: Attempt(AttemptKind.FULL_SCREEN, "127.0.0.1", "widget") in watched.observed)
    assert sum(isinstance(one, Attempt) for one in watched.observed) == 1


def test_nothing_is_told_after_the_end(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.view._observer.hop("https://first.example/", "frame", HopKind.NAVIGATION)
    QCoreApplication.processEvents()
    assert watched.hops()[-1].url == "https://first.example/"
    watched.view._observer.hop("https://late.example/", "frame", HopKind.NAVIGATION)
    watched.view.dispose()
    QCoreApplication.processEvents()
    assert watched.hops()[-1].url == "https://first.example/"


class Ear:
    """An observer of its own, with a clock that the test moves."""

    def __init__(self, parent: QObject) -> None:
        self.parent = parent
        self.now = 0.0
        self.observer = Observer(parent, clock=lambda: self.now)
        self.heard: list[Observation] = []
        self.observer.seen.connect(self.heard.append)


@pytest.fixture
def ear(qtbot: QtBot) -> Ear:
    parent = QObject()
    return Ear(parent)


def test_a_storm_of_hops_is_bounded_and_hides_no_return(ear: Ear) -> None:
    for number in range(5000):
        ear.observer.hop(f"meldapp://{number}", "frame", HopKind.APP)
    ear.observer.hop(RETURN, "frame", HopKind.RETURN)
    ear.observer.flush()
    assert len(ear.heard) == 102
    assert ear.heard[-2:] == [Hop(RETURN, "frame", HopKind.RETURN), LeftOut(LeftOutKind.HOPS, "frame", 4900)]
    ear.now = 10.0
    ear.observer.hop("meldapp://again", "frame", HopKind.APP)
    assert ear.heard[-1] == Hop("meldapp://again", "frame", HopKind.APP)


def test_addresses_are_cut(ear: Ear) -> None:
    ear.observer.hop("https://bank.example/" + "a" * 10**6, "frame", HopKind.NAVIGATION)
    ear.observer.hop("data:text/html," + "a" * 10**6, "frame", HopKind.NAVIGATION)
    assert [len(one.url) for one in ear.heard if isinstance(one, Hop)] == [8192, 64]


def test_ignored_messages_of_a_second_are_told_together(ear: Ear) -> None:
    for number in range(50):
        ear.observer.ignored(IgnoredReason.FOREIGN_ORIGIN, f"https://{number % 9}.example", 2)
    ear.observer.ignored(IgnoredReason.TOO_MANY, "", 1)
    assert ear.heard == []
    ear.observer.flush()
    assert ear.heard == [
        IgnoredMessages(
            IgnoredReason.FOREIGN_ORIGIN, "https://0.example, https://1.example, https://2.example, …", 100
        ),
        IgnoredMessages(IgnoredReason.TOO_MANY, "", 1),
    ]
    ear.observer.flush()
    assert len(ear.heard) == 2


def test_what_is_remembered_of_the_past_does_not_grow(ear: Ear) -> None:
    for number in range(1000):
        ear.now = number * 20.0
        ear.observer.hop("https://bank.example/", f"window {number}", HopKind.NAVIGATION)
        ear.observer.leave_out(LeftOutKind.DIALOGS, f"window {number}")
        ear.observer.flush()
    assert len(ear.observer._told) <= 2
    assert len(ear.observer._left_out) == 0
