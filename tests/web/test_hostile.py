"""Pages that mean harm: nothing they try succeeds, nothing of it is lost unseen, and the window goes on answering."""

import gc
import ssl
from collections.abc import Callable
from pathlib import Path
from time import monotonic, thread_time

import psutil
import pytest
import trustme
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from meld_desktop.domain.widget_events import NoticeKind
from meld_desktop.domain.witness.observation import (
    Attempt,
    AttemptKind,
    ConsoleLine,
    Hop,
    HopKind,
    IgnoredMessages,
    IgnoredReason,
    LeftOut,
    LeftOutKind,
    ResourceRequest,
)
from tests.web.sites import Answer, Site
from tests.web.watched import Watched

_STALL = 0.3
"""Seconds that the GUI thread may work without coming back for its timer: a tenth is the aim, a hundredth is usual.

It is the thread's own time that counts: how long it waits for a core, which the pages, their servers and other tests
share, says nothing about the program.
"""
_GROWTH = 64 * 2**20
"""Bytes that this process may grow by. What was posted is several times that."""


class Pulse:
    """Runs the event loop for a while and keeps the longest time that the GUI thread worked between two beats."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = 0.0
        self._end = 0.0
        self._done: Callable[[], bool] = bool
        self._loop = QEventLoop()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._beat)

    def until(self, done: Callable[[], bool]) -> None:
        self._done = done
        self._end = monotonic() + 60
        self._last = thread_time()
        self._timer.start()
        self._loop.exec()
        self._timer.stop()
        assert done()

    def _beat(self) -> None:
        self.longest = max(self.longest, thread_time() - self._last)
        if self._done() or monotonic() > self._end:
            self._loop.quit()
        self._last = thread_time()


def lines(watched: Watched) -> str:
    return " ".join(one.text for one in watched.observed if isinstance(one, ConsoleLine))


def ignored(watched: Watched, reason: IgnoredReason) -> int:
    return sum(one.count for one in watched.observed if isinstance(one, IgnoredMessages) and one.reason is reason)


def left_out(watched: Watched, what: LeftOutKind) -> int:
    return sum(one.count for one in watched.observed if isinstance(one, LeftOut) and one.what is what)


def test_ten_thousand_messages_hold_nothing_up(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    bank_site.pages["/"] = b"""<script>onmessage = () => {
        for (let i = 0; i < 4000; i++)
            top.postMessage({domain: "meld-connect", eventName: "connect_complete", accountCount: i}, "*");
        parent.postMessage("done", "*");
    }</script>"""
    watched = watch(f"{widget_site.origin}/").start()
    watched.run(
        f"""onmessage = (e) => {{ if (e.data === 'done') done = true }}; done = false;
        foreign = document.createElement('iframe'); foreign.src = '{bank_site.origin}/';
        foreign.onload = () => ready = true; ready = false; document.body.append(foreign); 1"""
    )
    watched.wait_until("ready")
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    pulse = Pulse()
    answers: list[object] = []
    watched.view.run_in_widget(
        """foreign.contentWindow.postMessage('go', '*');
        const huge = 'x'.repeat(1000000), loop = {domain: 'meld-connect'}; loop.me = loop;
        for (let i = 0; i < 6000; i++) {
            if (i % 30 === 0) say('debug', {huge});
            else if (i % 3 === 0) parent.postMessage(loop, '*');
            else if (i % 3 === 1) parent.postMessage('[meld-connect]no name here!', '*');
            else say('debug', {i});
        }""",
        answers.append,
    )

    def counted() -> bool:
        heard = watched.names().count("debug")
        known = sum(ignored(watched, reason) for reason in IgnoredReason)
        return heard + known == 10_000

    pulse.until(counted)
    assert ignored(watched, IgnoredReason.FOREIGN_ORIGIN) == 4000
    for reason in IgnoredReason:
        assert ignored(watched, reason) > 0, reason
    assert NoticeKind.MESSAGES_DROPPED in watched.kinds()
    assert "connect_complete" not in watched.names()
    assert len(watched.observed) < 100
    grown = process.memory_info().rss - before
    assert pulse.longest < _STALL
    assert grown < _GROWTH
    watched.settled()


def test_storms_of_everything_else_hold_nothing_up(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/", return_url="https://app.example/back").start()
    pulse = Pulse()
    watched.view.run_in_widget(
        f"""const long = 'y'.repeat(20000);
        for (let i = 0; i < 10000; i++) console.log(i, long);
        for (let i = 0; i < 2000; i++) fetch('{bank_site.origin}/?' + i + long.slice(0, 500), {{mode: 'no-cors'}});
        for (let i = 0; i < 300; i++) {{
            const f = document.createElement('iframe'); f.src = 'http://bank.example/' + i; document.body.append(f);
        }}
        const f = document.createElement('iframe'); f.src = 'https://app.example/back?last'; document.body.append(f);
        1""",
        lambda _: None,
    )

    def all_known() -> bool:
        """Whether what was told and what was counted are together all that was done."""
        console = sum(isinstance(one, ConsoleLine) for one in watched.observed)
        requests = sum(isinstance(one, ResourceRequest) for one in watched.observed)
        refused = sum(hop.kind is HopKind.REFUSED for hop in watched.hops())
        notices = watched.kinds().count(NoticeKind.NAVIGATION_REFUSED)
        return (
            console + left_out(watched, LeftOutKind.CONSOLE) >= 10_000
            and requests + left_out(watched, LeftOutKind.REQUESTS) >= 2001
            and refused + left_out(watched, LeftOutKind.HOPS) == 300
            and notices + left_out(watched, LeftOutKind.NOTICES) == 300
        )

    pulse.until(lambda: bool(watched.returned) and all_known())
    assert pulse.longest < _STALL
    assert Hop("https://app.example/back?last", "frame", HopKind.RETURN) in watched.hops()
    # What is kept in ten seconds is bounded. (Chromium itself holds a burst of long lines here until they are told.)
    assert len(watched.observed) < 3 * (1000 + 2 * 100 + 100)


@pytest.mark.parametrize(
    "script",
    [
        "location.href = 'file:///etc/passwd'; 1",
        "window.open('file:///etc/passwd'); 1",
        "document.body.append(Object.assign(document.createElement('iframe'), {src: 'file:///etc/passwd'})); 1",
        "fetch('file:///etc/passwd').catch(() => 1); 1",
    ],
)
def test_files_of_this_computer_are_not_reached(watch: Callable[..., Watched], widget_site: Site, script: str) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.run(script)
    watched.wait(lambda: "Not allowed to load local resource: file:///etc/passwd" in lines(watched))
    watched.settled()


@pytest.mark.parametrize("place", ["file:///etc/passwd", "data:text/html,<title>reached</title>", "qrc:/"])
def test_a_server_cannot_lead_to_a_file_either(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site, place: str
) -> None:
    bank_site.pages["/lure"] = (302, {"Location": place}, b"")
    watched = watch(f"{widget_site.origin}/").start()
    watched.run(f"location.href = '{bank_site.origin}/lure'; 1")
    watched.wait(lambda: bool(watched.notices))
    assert watched.kinds() == [NoticeKind.LOAD_FAILED]


_LIST_FONTS = """async function list() {
    try {
        if (!(await queryLocalFonts()).length) throw 'none';
    } catch (why) {
        if (!/User activation is required/.test(why)) throw why;
        await new Promise((go) => setTimeout(go, 20));
        await list();
    }
}"""
"""The click is told to Chromium's main process beside the question, not before it: who is too early tries again."""
PERMISSIONS = {
    "clipboard": "navigator.clipboard.readText()",
    "location": "new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no))",
    "notifications": "Notification.requestPermission().then((answer) => { if (answer !== 'granted') throw answer })",
    "fonts": f"({_LIST_FONTS})()",
    "screen": "navigator.mediaDevices.getDisplayMedia({video: true})",
    "passkey": "navigator.credentials.get({publicKey: {challenge: new Uint8Array(8), rpId: 'localhost'}})",
    "camera": "navigator.mediaDevices.getUserMedia({video: true})",
    "microphone": "navigator.mediaDevices.getUserMedia({audio: true})",
}
ASKED_AT_ONCE = {"notifications"}
"""Framed, the program is asked for these only. The rest is refused by the frame's policy, which the console says."""
SILENT = {("passkey", False), ("camera", True), ("microphone", True)}
"""Refused without a word to anybody but the page: by the frame's policy, and for want of a camera or microphone."""


@pytest.mark.parametrize("top_level", [False, True])
@pytest.mark.parametrize("what", PERMISSIONS)
def test_what_a_page_asks_for_is_refused_and_seen(watch: Callable[..., Watched], what: str, top_level: bool) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("secret of this computer")
    with Site(host="localhost") as site:
        watched = watch(f"{site.origin}/", top_level=top_level).start()
        watched.click_to(
            f"Promise.resolve().then(() => {PERMISSIONS[what]})"
            ".then((got) => say('got', {got: String(got)}), (e) => say('refused', {why: String(e)}))"
        )
        watched.wait(lambda: watched.names()[-1] in ("got", "refused"))
        assert watched.names()[-1] == "refused"
        assert "secret of this computer" not in str(watched.events)
        watched.settled()
        if top_level or what in ASKED_AT_ONCE:
            expected = [] if (what, top_level) in SILENT else [NoticeKind.PERMISSION_DENIED]
            assert watched.kinds() == expected
        elif (what, top_level) not in SILENT:
            assert "ermissions policy violation" in lines(watched)
    clipboard.clear()


@pytest.mark.parametrize("top_level", [False, True])
def test_pasting_by_script_brings_nothing(watch: Callable[..., Watched], widget_site: Site, top_level: bool) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("secret of this computer")
    watched = watch(f"{widget_site.origin}/", top_level=top_level).start()
    watched.run("field = document.createElement('textarea'); document.body.append(field); 1")
    watched.click_to("field.focus(); say('pasted', {ok: document.execCommand('paste'), got: field.value})")
    watched.wait(lambda: watched.names()[-1] == "pasted")
    assert watched.events[-1].metadata == {"ok": False, "got": ""}
    clipboard.clear()


def test_full_screen_is_refused_and_seen_in_a_window_too(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.click_to(f"window.open('{bank_site.origin}/')")
    watched.wait(watched.has_popup)
    watched.wait(lambda: watched.run_in_popup("document.title") == "bank")
    watched.run_in_popup("document.documentElement.requestFullscreen().catch(() => document.title = 'refused'); 1")
    watched.wait(lambda: watched.run_in_popup("document.title") == "refused")
    watched.wait(lambda: Attempt(AttemptKind.FULL_SCREEN, "127.0.0.1", "window 1") in watched.observed)
    assert not watched.view._popups.windows[0].isFullScreen()


def test_downloads_of_every_kind_are_refused_and_seen(
    watch: Callable[..., Watched], widget_site: Site, tmp_path: Path
) -> None:
    file: Answer = (200, {"Content-Disposition": "attachment; filename=file.exe"}, b"MZ")
    widget_site.pages["/file"] = file
    watched = watch(f"{widget_site.origin}/").start()
    watched.view._profile.setDownloadPath(str(tmp_path))
    for number, step in enumerate(
        (
            "location.href = '/file'",
            "Object.assign(document.createElement('a'), {href: 'data:x/y,z', download: 'data.exe'}).click()",
            "const a = document.createElement('a'); a.href = URL.createObjectURL(new Blob(['z'])); "  # noqa: ISC004
            "a.download = 'blob.exe'; a.click()",
        )
    ):
        watched.click_to(step)
        watched.wait(lambda wanted=number: len(watched.notices) > wanted)  # type: ignore[misc]
    assert watched.kinds() == [NoticeKind.DOWNLOAD_REFUSED] * 3
    assert list(tmp_path.iterdir()) == []


def test_a_storm_of_windows_opens_none_and_is_seen(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    pulse = Pulse()
    answers: list[object] = []
    watched.view.run_in_widget("for (let i = 0; i < 3000; i++) window.open('/' + i); 7", answers.append)
    pulse.until(lambda: bool(answers))
    watched.settled()
    assert watched.kinds() == [NoticeKind.POPUP_BLOCKED] * 3
    assert "the rest of them is not shown" in str(watched.notices[-1].text)
    assert not watched.has_popup()
    assert pulse.longest < _STALL


def test_endless_message_boxes_are_answered_and_counted(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    pulse = Pulse()
    answers: list[object] = []
    watched.view.run_in_widget("for (let i = 0; i < 300; i++) { alert(i); confirm(i); prompt(i) } 7", answers.append)
    pulse.until(lambda: bool(answers))
    pulse.until(lambda: left_out(watched, LeftOutKind.DIALOGS) == 897)
    assert watched.kinds() == [NoticeKind.DIALOG_ANSWERED] * 4
    assert pulse.longest < _STALL


def test_a_frame_or_window_with_a_bad_certificate_is_refused_and_seen(
    watch: Callable[..., Watched], widget_site: Site
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with Site(tls=context, host="localhost") as site:
        watched = watch(f"{widget_site.origin}/").start()
        watched.run(
            f"document.body.append(Object.assign(document.createElement('iframe'), {{src: '{site.origin}/framed'}})); 1"
        )
        watched.wait(lambda: watched.kinds() == [NoticeKind.CERTIFICATE_REFUSED])
        watched.click_to(f"window.open('{site.origin}/window')")
        watched.wait(lambda: watched.kinds().count(NoticeKind.CERTIFICATE_REFUSED) == 2)
        assert site.hits == []
        assert [(hop.url, hop.place) for hop in watched.hops()[1:]] == [
            (f"{site.origin}/framed", "frame"),
            (f"{site.origin}/window", "window 1"),
        ]


def test_the_page_around_the_widget_stays(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    bank = bank_site.origin
    watched = watch(f"{widget_site.origin}/").start()
    watched.run(f"top.location.href = '{bank}/by-itself'; 1")
    watched.wait(lambda: bool(watched.notices) or "navigate the target frame" in lines(watched))
    watched.click_to(f"top.location.href = '{bank}/after-a-click'")
    watched.wait(lambda: NoticeKind.NAVIGATION_REFUSED in watched.kinds())
    watched.click_to(
        f"document.body.append(Object.assign(document.createElement('form'), {{action: '{bank}/form', "
        "target: '_top', method: 'post', id: 'f'})); f.submit()"
    )
    watched.wait(lambda: watched.hops()[-1] == Hop(f"{bank}/form", "widget", HopKind.REFUSED))
    assert Hop(f"{bank}/after-a-click", "widget", HopKind.REFUSED) in watched.hops()
    assert bank_site.hits == []
    assert watched.view._page.url().host() == "frame.meld-desktop.invalid"
    watched.settled()


def test_leaving_is_not_held_up(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.click_to(f"window.open('{bank_site.origin}/')")
    watched.wait(watched.has_popup)
    hold = "onbeforeunload = (e) => { e.preventDefault(); return 'stay' }"
    watched.click_to(hold)
    watched.run(f"location.href = '{bank_site.origin}/'")
    watched.wait_until("document.title === 'bank'")
    assert Attempt(AttemptKind.HOLD, "127.0.0.1", "widget") in watched.observed
    watched.view.reload()
    watched.wait(lambda: watched.names().count("init") == 2)
