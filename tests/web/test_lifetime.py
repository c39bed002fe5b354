"""Starting, dying, coming back, and leaving nothing behind."""

import gc
import os
import signal
from collections.abc import Callable

import psutil
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meld_desktop.web.widget_view import WidgetView
from tests.web.sites import Site
from tests.web.watched import Watched


def processes() -> int:
    """Count Chromium's processes that run. Other tests may have left a desktop running that they share."""
    running = [child for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]
    return sum(child.name().startswith("QtWebEngine") for child in running)


def census() -> tuple[int, int]:
    gc.collect()
    app = QApplication.instance()
    assert app is not None
    return len(QApplication.topLevelWidgets()), len(app.findChildren(QWebEngineProfile))


@pytest.mark.parametrize("how", ["crashed", "killed"])
def test_a_dead_renderer_is_said_and_reload_works(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot, how: str
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.run("document.cookie = 'kept=1'")
    page = watched.view._page
    with qtbot.waitSignal(watched.view.renderer_died, timeout=15_000) as died:
        os.kill(page.renderProcessPid(), signal.SIGSEGV if how != "killed" else signal.SIGKILL)
    assert "stopped working" in str(died.args[0])
    assert watched.view._panel.isVisible()
    assert not watched.view._view.isVisible()
    words = watched.view._panel.words
    assert words.text() == str(died.args[0])
    qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()))  # nothing is cut off
    with qtbot.waitSignal(watched.view.loaded, timeout=15_000):
        watched.view._panel.reload_button.click()
    assert watched.view._view.isVisible()
    assert not watched.view._panel.isVisible()
    assert watched.run("document.title") == "Stand-in"
    watched.settled()


def test_reload_starts_the_widget_again(watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot) -> None:
    watched = watch(f"{widget_site.origin}?connectToken=x").start()
    watched.click_to("window.onbeforeunload = (e) => { e.preventDefault(); return 'stay'; }; document.title = 'old'")
    watched.wait_until("document.title === 'old'")
    with qtbot.waitSignals([watched.view.navigation_started, watched.view.loaded], timeout=15_000):
        watched.view.reload()
    assert watched.run("document.title") == "Stand-in"
    watched.wait(lambda: watched.names().count("init") == 2)
    assert watched.notices == []


def test_reload_frees_a_page_that_hangs(watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.click_to("window.onbeforeunload = (e) => { e.preventDefault(); return 'stay'; }")
    watched.run("say('hangs'); setTimeout(() => { for (;;); }, 0); 1")
    watched.wait(lambda: watched.names()[-1] == "hangs")
    with qtbot.waitSignal(watched.view.loaded, timeout=15_000):
        watched.view.reload()
    watched.settled()


def test_views_leave_nothing_behind(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site, flush: Callable[[], None], qtbot: QtBot
) -> None:
    def once() -> None:
        watched = Watched(WidgetView(f"{widget_site.origin}/", loopback_allowed=True), qtbot).start()
        watched.click_to(f"window.open('{bank_site.origin}/')")
        watched.wait(watched.has_popup)
        watched.view.dispose()
        watched.view.deleteLater()
        del watched
        flush()

    once()  # the first one starts what Chromium keeps
    before = census()
    threads = psutil.Process().num_threads()
    handles = psutil.Process().num_fds()
    qtbot.waitUntil(lambda: processes() <= 5, timeout=15_000)
    children = processes()
    assert children
    for _ in range(20):
        once()
    assert census() == before
    qtbot.waitUntil(lambda: processes() <= children, timeout=15_000)
    qtbot.waitUntil(lambda: psutil.Process().num_threads() <= threads + 2, timeout=15_000)
    qtbot.waitUntil(lambda: psutil.Process().num_fds() <= handles + 5, timeout=15_000)


def test_dispose_twice_and_whatever_comes_after_is_harmless(
    watch: Callable[..., Watched], widget_site: Site, flush: Callable[[], None]
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.view.dispose()
    watched.view.dispose()
    watched.view.start()
    watched.view.reload()
    watched.view.set_appearance("#000000", dark=True)
    answers: list[object] = []
    watched.view.run_in_widget("1", answers.append)
    watched.wait(lambda: answers == [None])
    flush()
    watched.view.start()
    watched.view.resize(200, 200)


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("navigation_started", ""),
        ("loaded", ""),
        ("event_received", ""),
        ("noticed", "location.href = 'http://bank.example/'"),
        ("returned", "location.href = 'https://shop.example/linked'"),
        ("renderer_died", "dies"),
    ],
)
def test_a_slot_may_delete_everything_at_once(
    widget_site: Site, flush: Callable[[], None], qtbot: QtBot, name: str, script: str
) -> None:
    view = WidgetView(f"{widget_site.origin}/", return_url="https://shop.example/linked", loopback_allowed=True)
    watched = Watched(view, qtbot)
    if script:
        watched.start()
    view.show()

    def end() -> None:
        view.dispose()
        flush()

    getattr(view, name).connect(end)
    with qtbot.waitSignal(getattr(view, name), timeout=15_000):
        if not script:
            view.start()
        elif script == "dies":
            os.kill(view._page.renderProcessPid(), signal.SIGKILL)
        else:
            view.run_in_widget(script, print)
    view.deleteLater()
    flush()
    assert census()[1] == 0


def test_an_answer_may_delete_everything_at_once(widget_site: Site, flush: Callable[[], None], qtbot: QtBot) -> None:
    watched = Watched(WidgetView(f"{widget_site.origin}/", loopback_allowed=True), qtbot).start()
    answers: list[object] = []

    def end(answer: object) -> None:
        watched.view.dispose()
        flush()
        answers.append(answer)

    watched.view.run_in_widget("7", end)
    watched.wait(lambda: answers == [7])
    watched.view.deleteLater()
    flush()
    assert census()[1] == 0


def test_a_view_deleted_without_dispose_takes_its_profile_along(
    watch: Callable[..., Watched], widget_site: Site, flush: Callable[[], None], qtbot: QtBot
) -> None:
    view = WidgetView(f"{widget_site.origin}/", loopback_allowed=True)
    Watched(view, qtbot).start()
    view.deleteLater()
    del view
    flush()
    assert census()[1] == 0


def test_names_for_screen_readers(watch: Callable[..., Watched], widget_site: Site) -> None:
    view = watch(f"{widget_site.origin}/").start().view
    assert QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Name) == "Widget"
    button = view._panel.reload_button
    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == "Reload widget"


def test_the_page_is_not_the_default_profiles(watch: Callable[..., Watched], widget_site: Site) -> None:
    view = watch(f"{widget_site.origin}/").view
    assert isinstance(view._page, QWebEnginePage)
    assert view._page.profile() is not QWebEngineProfile.defaultProfile()
    assert QCoreApplication.instance() is view._profile.parent()
