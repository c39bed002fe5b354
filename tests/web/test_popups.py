"""Bank windows: real ones with an opener, few, and only on a click."""

from collections.abc import Callable

from PySide6.QtCore import QRect

from meld_desktop.domain.widget_events import NoticeKind
from tests.web.sites import Site
from tests.web.watched import Watched

LOGIN = b"""<title>login</title><script>
window.opener && window.opener.postMessage("from the bank", "*");
</script>"""


def open_window(watched: Watched, bank: Site) -> None:
    bank.pages["/login"] = LOGIN
    watched.run("window.addEventListener('message', (e) => say('bank_said', {from: e.origin, what: e.data}))")
    watched.click_to(f"window.bank = window.open('{bank.origin}/login?code=sekret', 'bank', 'width=500,height=600')")
    watched.wait(lambda: "bank_said" in watched.names())


def test_a_window_keeps_its_opener_and_closes_itself(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    open_window(watched, bank_site)
    assert dict(watched.events[-1].metadata) == {"from": bank_site.origin, "what": "from the bank"}
    (window,) = watched.view._popups.windows
    assert window.isVisible()
    assert window.isWindow()
    assert window.accessibleName() == "Bank window"
    assert window.windowTitle() == "127.0.0.1 – Bank window"
    assert watched.run("bank.closed") is False
    watched.run_in_popup("window.setTimeout(() => window.close(), 0)")
    watched.wait(lambda: watched.kinds() == [NoticeKind.POPUP_OPENED, NoticeKind.POPUP_CLOSED])
    watched.wait_until("bank.closed")
    assert watched.view._popups.windows == ()
    assert "sekret" not in " ".join(str(notice.text) for notice in watched.notices)


def test_the_widget_may_close_its_window(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    open_window(watched, bank_site)
    watched.run("bank.close()")
    watched.wait(lambda: watched.kinds() == [NoticeKind.POPUP_OPENED, NoticeKind.POPUP_CLOSED])


def test_a_window_the_user_closes_is_noticed(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    open_window(watched, bank_site)
    watched.view._popups.windows[0].close()
    watched.wait(lambda: watched.kinds() == [NoticeKind.POPUP_OPENED, NoticeKind.POPUP_CLOSED_BY_USER])
    watched.wait_until("bank.closed")


def test_a_scripted_window_is_blocked_and_said(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.run(f"window.bank = window.open('{bank_site.origin}/login')")
    watched.wait(lambda: watched.kinds() == [NoticeKind.POPUP_BLOCKED])
    watched.wait_until("!bank || bank.closed")
    assert bank_site.paths() == []
    assert watched.view._popups.windows == ()


def test_a_link_that_opens_a_window_opens_one(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.click_to(
        f"const a = document.createElement('a'); a.href = '{bank_site.origin}/'; a.target = '_blank'; a.click()"
    )
    watched.wait(lambda: bank_site.paths() == ["/"])
    watched.wait(lambda: watched.kinds() == [NoticeKind.POPUP_OPENED])


def test_no_more_than_three_windows(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    for number in range(4):
        watched.click_to(f"window.open('{bank_site.origin}/?{number}')")
        watched.wait(lambda wanted=number: len(watched.notices) > wanted)  # type: ignore[misc]
    assert watched.kinds() == [NoticeKind.POPUP_OPENED] * 3 + [NoticeKind.POPUP_BLOCKED]
    assert len(watched.view._popups.windows) == 3


def test_a_window_obeys_the_same_rules(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    open_window(watched, bank_site)
    watched.run_in_popup("location.href = 'http://bank.example/'; 1")
    watched.wait(lambda: watched.kinds() == [NoticeKind.POPUP_OPENED, NoticeKind.NAVIGATION_REFUSED])
    assert watched.run_in_popup("document.title") == "login"
    watched.run_in_popup("Notification.requestPermission(); 1")
    watched.wait(lambda: watched.kinds()[-1] is NoticeKind.PERMISSION_DENIED)


def test_a_window_takes_a_size_that_fits(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    open_window(watched, bank_site)
    (window,) = watched.view._popups.windows
    window.take_size(QRect(0, 0, 1, 1))
    assert (window.width(), window.height()) == (400, 560)
    window.take_size(QRect(0, 0, 9000, 9000))
    assert (window.width(), window.height()) == (1000, 900)


def test_reload_closes_the_windows(watch: Callable[..., Watched], widget_site: Site, bank_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    open_window(watched, bank_site)
    watched.view.reload()
    watched.wait(lambda: watched.names().count("init") == 2)
    assert watched.view._popups.windows == ()
