"""Bank windows as tabs above the widget."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from meld_desktop.domain.widget_events import NoticeKind
from meld_desktop.web.bank_tabs import BankTabs
from tests.web.sites import Site
from tests.web.test_popups import open_window
from tests.web.watched import Watched


@pytest.fixture
def tabbed(watch: Callable[..., Watched], widget_site: Site) -> Watched:
    watched = watch(f"{widget_site.origin}/")
    watched.view.set_windows_as_tabs(True)
    return watched.start()


def strip_of(watched: Watched) -> QTabBar:
    return watched.view._tabs.strip


def names(watched: Watched) -> list[str]:
    strip = strip_of(watched)
    return [strip.tabText(place) for place in range(strip.count())]


def show_widget(watched: Watched) -> None:
    strip_of(watched).setCurrentIndex(0)
    watched.wait(watched.view._view.isVisible)


def close_button(watched: Watched, place: int) -> QToolButton:
    button = strip_of(watched).tabButton(place, QTabBar.ButtonPosition.RightSide)
    assert isinstance(button, QToolButton)
    return button


def test_a_tab_keeps_its_opener_and_closes_itself(tabbed: Watched, bank_site: Site) -> None:
    assert not strip_of(tabbed).isVisible()
    open_window(tabbed, bank_site)
    assert dict(tabbed.events[-1].metadata) == {"from": bank_site.origin, "what": "from the bank"}
    (window,) = tabbed.view._popups.windows
    assert not window.isWindow()
    assert window.isVisible()
    assert not tabbed.view._view.isVisible()
    assert strip_of(tabbed).isVisible()
    tabbed.wait(lambda: names(tabbed) == ["Widget", "127.0.0.1"])
    assert window.page.profile() is tabbed.view._profile
    tabbed.run_in_popup("window.setTimeout(() => window.close(), 0)")
    tabbed.wait(lambda: tabbed.kinds() == [NoticeKind.POPUP_OPENED, NoticeKind.POPUP_CLOSED])
    tabbed.wait_until("bank.closed")
    assert names(tabbed) == ["Widget"]
    assert not strip_of(tabbed).isVisible()
    assert tabbed.view._view.isVisible()


def test_the_cross_closes_a_tab_as_the_user_does(tabbed: Watched, bank_site: Site) -> None:
    open_window(tabbed, bank_site)
    tabbed.wait(lambda: close_button(tabbed, 1).accessibleName() == "Close 127.0.0.1")
    close_button(tabbed, 1).click()
    tabbed.wait(lambda: tabbed.kinds() == [NoticeKind.POPUP_OPENED, NoticeKind.POPUP_CLOSED_BY_USER])
    tabbed.wait_until("bank.closed")
    assert names(tabbed) == ["Widget"]


def test_the_cross_closes_its_own_tab_only(tabbed: Watched, bank_site: Site, flush: Callable[[], None]) -> None:
    for number in range(2):
        show_widget(tabbed)
        tabbed.click_to(f"window.bank{number} = window.open('{bank_site.origin}/?{number}')")
        tabbed.wait(lambda number=number: len(tabbed.view._popups.windows) == number + 1)  # type: ignore[misc]
    _, second = tabbed.view._popups.windows
    assert tabbed.view._tabs.current is second
    close_button(tabbed, 1).click()
    flush()
    assert tabbed.view._popups.windows == (second,)
    assert tabbed.view._tabs.current is second
    assert second.isVisible()
    assert strip_of(tabbed).count() == 2
    close_button(tabbed, 1).click()
    assert tabbed.view._view.isVisible()


def test_a_new_tab_comes_to_the_front_and_the_keyboard_goes_back_and_forth(tabbed: Watched, bank_site: Site) -> None:
    open_window(tabbed, bank_site)
    strip = strip_of(tabbed)
    assert strip.currentIndex() == 1
    assert strip.accessibleName() == "Bank windows"
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert tabbed.view._view.isVisible()
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert tabbed.view._popups.windows[0].isVisible()
    assert close_button(tabbed, 1).focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_choice_moves_windows_that_are_open(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    open_window(watched, bank_site)
    (window,) = watched.view._popups.windows
    size = window.size()
    watched.run_in_popup("window.mark = 7")
    watched.view.set_windows_as_tabs(True)
    assert not window.isWindow()
    assert strip_of(watched).isVisible()
    assert watched.run_in_popup("mark") == 7
    watched.view.set_windows_as_tabs(False)
    assert window.isWindow()
    assert window.isVisible()
    assert window.size() == size
    assert not strip_of(watched).isVisible()
    assert watched.view._view.isVisible()
    assert watched.run_in_popup("mark") == 7
    assert watched.run("bank.closed") is False
    assert watched.kinds() == [NoticeKind.POPUP_OPENED]
    watched.run_in_popup("window.setTimeout(() => window.close(), 0)")
    watched.wait(lambda: watched.kinds()[-1] is NoticeKind.POPUP_CLOSED)


def test_reload_and_the_end_close_the_tabs(tabbed: Watched, bank_site: Site, flush: Callable[[], None]) -> None:
    open_window(tabbed, bank_site)
    tabbed.view.reload()
    tabbed.wait(lambda: tabbed.names().count("init") == 2)
    assert names(tabbed) == ["Widget"]
    open_window(tabbed, bank_site)
    tabbed.view.dispose()
    flush()
    assert names(tabbed) == ["Widget"]


def test_a_dead_widget_is_said_in_its_own_tab(tabbed: Watched, bank_site: Site, qtbot: QtBot) -> None:
    open_window(tabbed, bank_site)
    tabbed.view._on_load_failed()
    assert not tabbed.view._panel.isVisible()
    strip_of(tabbed).setCurrentIndex(0)
    assert tabbed.view._panel.isVisible()


def test_zoom_holds_in_bank_windows(tabbed: Watched, bank_site: Site) -> None:
    tabbed.view.set_zoom(2.0)
    open_window(tabbed, bank_site)
    (window,) = tabbed.view._popups.windows
    tabbed.wait(lambda: tabbed.run_in_popup("innerWidth") == round(window.width() / 2))
    with Site(host="localhost", pages={"/": b"<title>elsewhere</title>"}) as elsewhere:
        tabbed.run_in_popup(f"location.href = '{elsewhere.origin}/'; 1")
        tabbed.wait(lambda: window.page.title() == "elsewhere")
        tabbed.wait(lambda: tabbed.run_in_popup("innerWidth") == round(window.width() / 2))
        tabbed.wait(lambda: names(tabbed) == ["Widget", "localhost"])
    tabbed.view.set_zoom(1.0)
    tabbed.wait(lambda: tabbed.run_in_popup("innerWidth") == window.width())


def test_a_long_host_shows_its_end(tabbed: Watched, bank_site: Site) -> None:
    open_window(tabbed, bank_site)
    tabs: BankTabs = tabbed.view._tabs
    (window,) = tabbed.view._popups.windows
    host = "www.your-own-bank.example." * 4 + "evil.example"
    tabs.say(window, host)
    assert names(tabbed)[1].endswith("evil.example")
    assert len(names(tabbed)[1]) <= 41
    assert strip_of(tabbed).tabToolTip(1) == host
