"""What a page may ask for and does not get."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWebEngineCore import QWebEngineDownloadRequest, QWebEngineProfile, QWebEngineSettings

from meld_desktop.domain.text import Text
from meld_desktop.domain.widget_events import Notice, NoticeKind
from meld_desktop.web.context_menu import short_menu
from meld_desktop.web.notice_gate import NoticeGate
from tests.web.sites import Site
from tests.web.watched import Watched


def test_permissions_are_denied_and_listed(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.run("Notification.requestPermission().then(answer => say('answer', {answer})); 1")
    watched.wait(lambda: watched.names()[-1] == "answer")
    assert watched.events[-1].metadata["answer"] == "denied"
    watched.wait(lambda: watched.kinds() == [NoticeKind.PERMISSION_DENIED])
    assert str(watched.notices[0].text) == "127.0.0.1 asked for notifications. It was denied."


def test_top_level_too_the_location_is_not_told(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/", top_level=True).start()
    watched.run("navigator.geolocation.getCurrentPosition(() => say('told'), () => say('not_told')); 1")
    watched.wait(lambda: watched.names()[-1] == "not_told")
    watched.wait(lambda: watched.kinds() == [NoticeKind.PERMISSION_DENIED])


def test_downloads_are_refused(watch: Callable[..., Watched], widget_site: Site, tmp_path: Path) -> None:
    widget_site.pages["/file"] = (200, {"Content-Disposition": "attachment; filename=consent.pdf"}, b"x" * 100)
    watched = watch(f"{widget_site.origin}/").start()
    watched.view._profile.setDownloadPath(str(tmp_path))
    offers: list[QWebEngineDownloadRequest] = []
    watched.view._profile.downloadRequested.connect(offers.append)
    watched.run("location.href = '/file'")
    watched.wait(lambda: watched.kinds() == [NoticeKind.DOWNLOAD_REFUSED])
    assert [offer.state() for offer in offers] == [QWebEngineDownloadRequest.DownloadState.DownloadCancelled]
    assert list(tmp_path.iterdir()) == []
    assert "consent.pdf" in str(watched.notices[0].text)


def test_message_boxes_are_answered_and_limited(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    assert watched.run("alert('hello'), confirm('share everything?')") is False
    assert watched.run("prompt('name?', 'default') === null") is True
    assert watched.run("for (let i = 0; i < 500; i++) alert(i); 7") == 7
    watched.wait(lambda: len(watched.notices) == 4)
    assert set(watched.kinds()) == {NoticeKind.DIALOG_ANSWERED}
    assert str(watched.notices[0].text) == "127.0.0.1 says: hello"
    assert "“share everything?” and was answered with Cancel" in str(watched.notices[1].text)
    assert "keeps opening message boxes" in str(watched.notices[3].text)
    watched.settled()
    assert len(watched.notices) == 4


def test_a_page_that_asks_before_leaving_does_not_trap_the_flow(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.click_to("window.onbeforeunload = (e) => { e.preventDefault(); return 'stay'; }")
    watched.run(f"location.href = '{bank_site.origin}/'")
    watched.wait_until("document.title === 'bank'")
    assert watched.notices == []


def test_files_are_not_handed_over(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.click_to("window.input = document.createElement('input'); input.type = 'file'; input.click()")
    watched.wait(lambda: watched.kinds() == [NoticeKind.FILE_REFUSED])
    assert watched.run("input.files.length") == 0


def test_full_screen_is_refused(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/", top_level=True).start()
    watched.click_to("document.body.requestFullscreen().then(() => say('full'), () => say('refused'))")
    watched.wait(lambda: watched.names()[-1] in ("full", "refused"))
    assert watched.names()[-1] == "refused"


def test_the_profile_remembers_nothing(watch: Callable[..., Watched], widget_site: Site) -> None:
    profile = watch(f"{widget_site.origin}/").view._profile
    assert profile.isOffTheRecord()
    assert profile.httpCacheType() is QWebEngineProfile.HttpCacheType.MemoryHttpCache
    assert not profile.isSpellCheckEnabled()
    assert profile.httpAcceptLanguage()
    for attribute in (
        QWebEngineSettings.WebAttribute.PluginsEnabled,
        QWebEngineSettings.WebAttribute.PdfViewerEnabled,
        QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
        QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls,
        QWebEngineSettings.WebAttribute.AllowRunningInsecureContent,
        QWebEngineSettings.WebAttribute.ScreenCaptureEnabled,
        QWebEngineSettings.WebAttribute.JavascriptCanPaste,
        QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
        QWebEngineSettings.WebAttribute.DnsPrefetchEnabled,
        QWebEngineSettings.WebAttribute.FullScreenSupportEnabled,
    ):
        assert not profile.settings().testAttribute(attribute), attribute


def test_one_customers_cookies_and_storage_are_not_the_nexts(watch: Callable[..., Watched], widget_site: Site) -> None:
    first = watch(f"{widget_site.origin}/").start()
    first.run("document.cookie = 'who=first'; localStorage.setItem('who', 'first')")
    top = watch(f"{widget_site.origin}/", top_level=True).start()
    top.run("document.cookie = 'who=top'; localStorage.setItem('who', 'top')")
    mine = "document.cookie + '|' + localStorage.getItem('who')"
    assert first.run("localStorage.getItem('who')") == "first"
    assert top.run(mine) == "who=top|top"
    assert watch(f"{widget_site.origin}/").start().run(mine) == "|null"
    assert watch(f"{widget_site.origin}/", top_level=True).start().run(mine) == "|null"


def test_the_context_menu_is_short(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    menu = short_menu(watched.view._view, watched.view.reload)
    shown = [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]
    assert shown == ["Cut", "Copy", "Paste", "Reload"]
    menu.actions()[-1].trigger()
    watched.wait(lambda: watched.names() == ["init", "init"])


def test_a_flood_of_windows_is_cut(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    assert watched.run("for (let i = 0; i < 2000; i++) window.open('/' + i); 7") == 7
    watched.settled()
    assert watched.kinds() == [NoticeKind.POPUP_BLOCKED] * 3
    watched.click_to(f"window.open('{bank_site.origin}/')")  # a click still opens one
    watched.wait(watched.has_popup)


def test_a_flood_of_refusals_is_cut(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.run(
        """for (let i = 0; i < 50; i++) {
            const f = document.createElement('iframe'); f.src = 'http://bank.example/'; document.body.append(f);
        }"""
    )
    watched.wait(lambda: NoticeKind.TOO_MANY in watched.kinds())
    watched.settled()
    assert watched.kinds() == [NoticeKind.NAVIGATION_REFUSED] * 20 + [NoticeKind.TOO_MANY]


def test_the_gate_opens_again_when_it_is_calm() -> None:
    now = 0.0
    gate = NoticeGate(lambda: now)
    notice = Notice(NoticeKind.POPUP_BLOCKED, Text("x"))
    assert [gate.pass_on(notice) for _ in range(20)] == [notice] * 20
    crowd = gate.pass_on(notice)
    assert crowd is not None
    assert crowd.kind is NoticeKind.TOO_MANY
    assert gate.pass_on(notice) is None
    now = 9.9
    assert gate.pass_on(notice) is None
    now = 10.0
    assert gate.pass_on(notice) is notice
