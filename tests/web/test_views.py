"""Phone, tablet, full size, top level, zoom, and back to the start."""

import json
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from meld_desktop.domain.view_size import ViewChoices, ViewSize
from meld_desktop.web.widget_view import WidgetView
from tests.web.sites import Site
from tests.web.test_lifetime import census
from tests.web.test_spare import Desk, desk
from tests.web.watched import Watched

__all__ = ["desk"]


_RECT = "(r => JSON.stringify([r.width, r.height, r.x]))(document.querySelector('iframe').getBoundingClientRect())"


def room_of(watched: Watched) -> list[int]:
    """The room the widget believes it has."""
    return list(json.loads(str(watched.run("JSON.stringify([innerWidth, innerHeight])"))))


def wait_for_room(watched: Watched, width: int, height: int) -> None:
    watched.wait_until(f"Math.abs(innerWidth - {width}) <= 1 && Math.abs(innerHeight - {height}) <= 1")


def start_again(watched: Watched, qtbot: QtBot, act: Callable[[], None]) -> None:
    with qtbot.waitSignal(watched.view.loaded, timeout=15_000):
        act()


@pytest.mark.parametrize("top_level", [False, True])
def test_the_widget_gets_the_room_of_the_device(
    watch: Callable[..., Watched], widget_site: Site, top_level: bool
) -> None:
    watched = watch(f"{widget_site.origin}/", top_level=top_level).start()
    watched.view.resize(900, 800)
    wait_for_room(watched, 360, 630)
    watched.view.show_as(ViewSize.TABLET)
    wait_for_room(watched, 768, 1024)
    watched.view.show_as(ViewSize.FULL)
    wait_for_room(watched, 900, 800)
    watched.view.show_as(ViewSize.PHONE)
    wait_for_room(watched, 360, 630)
    watched.view.resize(320, 500)
    wait_for_room(watched, 320, 500)
    watched.view.resize(900, 500)
    wait_for_room(watched, 360, 500)


def test_a_tablet_is_scaled_until_it_fits_and_not_enlarged(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.view.show_as(ViewSize.TABLET)
    for room, scale in (((900, 537), 0.5), ((408, 900), 0.5), ((1400, 1200), 1.0)):
        watched.view.resize(*room)
        seen: list[list[float]] = []

        def fits(room: tuple[int, int] = room, scale: float = scale, seen: list[list[float]] = seen) -> bool:
            watched.view._page.runJavaScript(_RECT, 1, lambda text: seen.append(json.loads(text)))
            wanted = [768 * scale, 1024 * scale, (room[0] - 768 * scale) / 2]
            return any(all(abs(a - b) < 7 for a, b in zip(one, wanted, strict=True)) for one in seen)

        watched.wait(fits)
    assert room_of(watched) == [768, 1024]


@pytest.mark.parametrize("top_level", [False, True])
def test_zoom_enlarges_and_stays(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot, top_level: bool
) -> None:
    watched = watch(f"{widget_site.origin}/", top_level=top_level).start()
    watched.view.show_as(ViewSize.FULL)
    watched.view.resize(900, 600)
    watched.view.set_zoom(1.5)
    wait_for_room(watched, 600, 400)
    start_again(watched, qtbot, watched.view.reload)
    wait_for_room(watched, 600, 400)
    start_again(watched, qtbot, watched.view.back_to_start)
    wait_for_room(watched, 600, 400)
    with Site(host="localhost", pages={"/": b"<title>elsewhere</title>"}) as elsewhere:
        watched.run(f"location.href = '{elsewhere.origin}/'")  # another process
        watched.wait_until("document.title === 'elsewhere'")
        wait_for_room(watched, 600, 400)
    watched.view.set_zoom(99)
    assert watched.view.choices.zoom == 3.0
    watched.view.set_zoom(1)
    wait_for_room(watched, 900, 600)


def test_a_zoomed_tablet_is_larger_than_the_view_and_the_page_scrolls(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.view.show_as(ViewSize.TABLET)
    watched.view.set_zoom(2.0)
    wait_for_room(watched, 768, 1024)
    answers: list[object] = []

    def scrolls() -> bool:
        watched.view._page.runJavaScript("document.body.scrollWidth > innerWidth + 100", 1, answers.append)
        return True in answers

    watched.wait(scrolls)


def test_top_level_starts_the_widget_again_as_a_page_of_its_own(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot
) -> None:
    watched = watch(f"{widget_site.origin}/", return_url="https://shop.example/linked").start()
    assert watched.run("parent === self") is False
    start_again(watched, qtbot, lambda: watched.view.set_top_level(True))
    assert watched.run("parent === self") is True
    watched.wait(lambda: watched.names().count("init") == 2)  # it hears itself
    watched.run("location.href = 'https://shop.example/linked?x=1'")
    watched.wait(lambda: watched.returned == ["shop.example/linked"])
    start_again(watched, qtbot, lambda: watched.view.set_top_level(False))
    assert watched.run("parent === self") is False
    watched.view.set_top_level(False)
    watched.settled()
    assert widget_site.paths() == ["/"] * 3


def test_back_to_start_forgets_what_was_stored_and_reload_does_not(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot, flush: Callable[[], None]
) -> None:
    watched = watch(f"{widget_site.origin}/?connectToken=one").start()
    cookie = "document.cookie = 'bank=1; max-age=999; SameSite=None; Secure'; localStorage.bank = 1"
    stored = "document.cookie + '|' + localStorage.bank"
    watched.run(cookie)
    start_again(watched, qtbot, watched.view.reload)
    assert watched.run(stored) == "bank=1|1"
    start_again(watched, qtbot, watched.view.back_to_start)
    assert watched.run(stored) == "|undefined"
    assert [hit for hit in widget_site.hits if "Token" in hit] == ["/?connectToken=one"] * 3
    flush()
    assert census()[1] == 1  # the old profile is gone
    watched.run(cookie)
    assert watched.run(stored) == "bank=1|1"


def test_what_is_chosen_holds_for_the_next_link_and_for_the_view_in_waiting(desk: Desk, widget_site: Site) -> None:
    desk.parent.resize(900, 900)
    desk.parent.show()
    first = desk.make(f"{widget_site.origin}/").start()
    spare = desk.wait_for_spare()
    first.view.show_as(ViewSize.FULL)
    first.view.set_zoom(1.25)
    first.view.set_windows_as_tabs(True)
    chosen = ViewChoices(ViewSize.FULL, 1.25, windows_as_tabs=True)
    assert spare.choices == chosen
    second = desk.make(f"{widget_site.origin}/").start()
    assert second.view is spare
    wait_for_room(second, 400, 576)
    desk.wait_for_spare()
    assert desk.wait_for_spare().choices == chosen
    second.view.show_as(ViewSize.TABLET)
    third = desk.make(f"{widget_site.origin}/").start()
    wait_for_room(third, 768, 1024)


def test_nothing_is_prepared_for_the_top_level(desk: Desk, widget_site: Site, qtbot: QtBot) -> None:
    first = desk.make(f"{widget_site.origin}/").start()
    desk.wait_for_spare()
    start_again(first, qtbot, lambda: first.view.set_top_level(True))
    assert desk.waiting is None
    second = desk.make(f"{widget_site.origin}/").start()
    assert second.run("parent === self") is True
    spare = desk.embedder._spare
    assert spare is not None
    spare._prepare()
    assert desk.waiting is None


def test_choosing_is_told_once_and_harmless_after_the_end(
    watch: Callable[..., Watched], widget_site: Site, flush: Callable[[], None]
) -> None:
    view: WidgetView = watch(f"{widget_site.origin}/").start().view
    told: list[ViewChoices] = []
    view.choices_changed.connect(told.append)
    view.show_as(ViewSize.PHONE)
    view.show_as(ViewSize.FULL)
    view.show_as(ViewSize.FULL)
    assert told == [ViewChoices(ViewSize.FULL)]
    view.dispose()
    flush()
    view.show_as(ViewSize.TABLET)
    view.set_zoom(2)
    view.set_windows_as_tabs(True)
    view.set_top_level(True)
    view.back_to_start()
