"""The bar of a link: an honest countdown, nothing to hand out once it is over, and a way to make it again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import DEMO
from meld_desktop.domain.link import Link
from meld_desktop.domain.token import TokenFacts
from meld_desktop.services.demo import Demo
from meld_desktop.ui.result.link_bar import LinkBar
from tests.support.strict_meld import StrictMeld
from tests.ui.bench import FULL, Bench
from tests.ui.geometry import cut_in, settle
from tests.ui.links import NOON, URL, HandClock, made_link
from tests.ui.test_translation import Pseudo, untranslated

Show = Callable[..., LinkBar]


def move_to(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in another time zone, where the system can be told so."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()


@pytest.fixture(autouse=True)
def _here_is_utc() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    with pytest.MonkeyPatch.context() as patch:
        move_to("UTC", patch)
        yield
    time.tzset()
    QLocale.setDefault(before)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def show(bench: Bench, clock: HandClock, qtbot: QtBot) -> Show:
    def make(link: Link | None, *, width: int = 1100, demo_now: Callable[[], datetime] | None = None) -> LinkBar:
        bar = LinkBar(bench.theme, demo_now or clock, now=clock)
        qtbot.addWidget(bar)
        bar.resize(width, 60)
        bar.show()
        bar.show_link(link)
        settle()
        return bar

    return make


def said(bar: LinkBar) -> str:
    return " ".join(label.text() for label in bar.until.findChildren(QLabel) if label.isVisible() and label.text())


def handed_out(bar: LinkBar) -> list[bool]:
    return [button.isEnabled() for button in (bar.copy, bar.browser, bar.qr)]


def test_it_counts_minutes_then_seconds_then_warns(show: Show, clock: HandClock) -> None:
    bar = show(made_link())
    assert said(bar) == "Works for 4 h 0 min (until 16:00)"
    clock.go(seconds=1)
    bar.refresh()
    assert said(bar).startswith("Works for 3 h 59 min ")
    clock.go(hours=3, minutes=52)
    bar.refresh()
    assert said(bar).startswith("Works for 7 min 59 s ")
    assert bar.findChildren(QLabel)[1].property("role") == "soft"
    clock.go(minutes=4)
    bar.refresh()
    assert said(bar).startswith("Expires soon: only 3 min 59 s left ")
    mark, left = bar.until.findChildren(QLabel)
    assert left.property("role") == "attention"
    assert mark.isVisible()
    assert handed_out(bar) == [True] * 3


def test_it_ticks_by_itself(show: Show, clock: HandClock, qtbot: QtBot) -> None:
    bar = show(made_link(timedelta(minutes=9)))
    assert "9 min 0 s" in said(bar)
    clock.go(seconds=61)
    qtbot.waitUntil(lambda: "7 min 59 s" in said(bar), timeout=3000)


def test_it_ticks_only_while_it_is_seen(show: Show, clock: HandClock) -> None:
    bar = show(made_link())
    assert bar._ticks.isActive()
    bar.hide()
    assert not bar._ticks.isActive()
    clock.go(hours=3, minutes=55, seconds=1)
    bar.show()
    assert bar._ticks.isActive()
    assert said(bar).startswith("Expires soon: only 4 min 59 s left ")
    bar.show_link(made_link(None))
    assert not bar._ticks.isActive()
    bar.show_link(made_link())
    assert bar._ticks.isActive()
    bar.show_link(None)
    assert not bar._ticks.isActive()


def test_at_zero_nothing_is_handed_out_and_it_can_be_made_again(show: Show, clock: HandClock, qtbot: QtBot) -> None:
    link = made_link()
    bar = show(link)
    assert not bar.make_again.isVisible()
    over: list[Link] = []
    bar.expired.connect(over.append)
    clock.go(hours=4)
    qtbot.waitUntil(lambda: over == [link], timeout=3000)
    assert bar.url.text() == "This link has expired"
    assert said(bar) == "Expired at 16:00"
    assert handed_out(bar) == [False] * 3
    assert not bar.url.isEnabled()
    assert bar.make_again.accessibleName() == "Make again"
    with qtbot.waitSignal(bar.make_again_wanted) as wanted:
        bar.make_again.click()
    assert wanted.args == [link]
    clock.go(hours=1)
    bar.refresh()
    assert over == [link]


def test_a_new_link_takes_the_place_of_an_expired_one(show: Show, clock: HandClock) -> None:
    bar = show(made_link(timedelta(seconds=-1)))
    assert bar.make_again.isVisible()
    bar.show_link(made_link())
    assert bar.url.text() == URL
    assert handed_out(bar) == [True] * 3
    assert not bar.make_again.isVisible()


def test_a_clock_that_is_put_back_gives_the_link_back(show: Show, clock: HandClock) -> None:
    bar = show(made_link())
    clock.go(hours=5)
    bar.refresh()
    assert handed_out(bar) == [False] * 3
    clock.go(hours=-4)
    bar.refresh()
    assert bar.url.text() == URL
    assert handed_out(bar) == [True] * 3


@pytest.mark.parametrize("name", ["copy", "browser", "qr"])
def test_an_expired_link_is_not_handed_out_even_when_nobody_was_looking(
    show: Show, clock: HandClock, name: str
) -> None:
    bar = show(made_link())
    over: list[object] = []
    asked: list[str] = []
    bar.expired.connect(over.append)
    bar.copied.connect(lambda: asked.append("copied"))
    bar.browser_wanted.connect(lambda: asked.append("browser"))
    bar.qr_shown.connect(lambda: asked.append("qr"))
    bar.hide()
    clock.go(hours=4, seconds=1)
    QGuiApplication.clipboard().setText("before")
    getattr(bar, name).click()
    assert asked == []
    assert QGuiApplication.clipboard().text() == "before"
    assert len(over) == 1
    assert handed_out(bar) == [False] * 3


def test_an_opaque_token(show: Show, clock: HandClock) -> None:
    bar = show(made_link(None))
    clock.go(days=30)
    bar.refresh()
    assert said(bar) == "Lifetime unknown, usually 4 hours"
    assert handed_out(bar) == [True] * 3
    assert bar.works_until(made_link(None)) == "Lifetime unknown, usually 4 hours"


@pytest.mark.parametrize(
    ("expires", "end"),
    [
        (NOON + timedelta(days=2), "26 11 2026 12:00"),
        (datetime.max.replace(tzinfo=UTC), "9999 23:59"),
    ],
)
def test_a_token_that_lives_long(show: Show, monkeypatch: pytest.MonkeyPatch, expires: datetime, end: str) -> None:
    link = replace(made_link(), token=TokenFacts(NOON, expires))
    assert end in show(link).works_until(link)
    move_to("Pacific/Auckland", monkeypatch)
    assert show(link).works_until(link).startswith("Works until ")


def test_a_wrong_clock_is_told_and_does_not_shorten_the_link(show: Show, clock: HandClock) -> None:
    clock.go(minutes=7)
    bar = show(made_link(ahead=timedelta(minutes=7)))
    assert bar.warning.isVisible()
    assert "This computer's clock is 7 minutes ahead of Meld's" in bar.warning.text()
    assert said(bar) == "Works for 4 h 0 min (until 16:00)"
    bar.show_link(made_link(ahead=timedelta(minutes=1)))
    assert not bar.warning.isVisible()


def test_links_of_demo_live_by_the_clock_of_demo(show: Show, clock: HandClock) -> None:
    demo_clock = HandClock()
    bar = show(made_link(environment=DEMO, ahead=timedelta(days=-3)), demo_now=demo_clock)
    clock.go(days=1)
    bar.refresh()
    assert said(bar).startswith("Works for 4 h 0 min ")
    assert not bar.warning.isVisible()
    demo_clock.go(hours=4)
    bar.refresh()
    assert bar.make_again.isVisible()
    bar.show_link(made_link())
    assert bar.make_again.isVisible()


@pytest.mark.anyio
async def test_the_clock_of_demo_can_be_moved(qapp: QCoreApplication) -> None:
    demo = Demo()
    before = demo.now()
    assert abs(before - datetime.now(UTC)) < timedelta(seconds=5)
    try:
        await demo.base_url()
        assert abs(demo.now() - before) < timedelta(minutes=1)
        demo.use_speed(100_000)
        while demo.now() - before < timedelta(hours=4):
            pass
    finally:
        demo.close()
    assert datetime.now(UTC) - before < timedelta(minutes=1)


def test_what_the_strip_says_is_a_time_of_day(show: Show, clock: HandClock) -> None:
    link = made_link()
    bar = show(link)
    assert bar.works_until(link) == "Works until 16:00"
    clock.go(hours=4)
    assert bar.works_until(link) == "This link has expired"


@pytest.mark.parametrize("width", [560, 700, 1100])
@pytest.mark.parametrize("lives", [4 * 3600, 299, 0, None])
def test_nothing_is_cut(show: Show, width: int, lives: int | None) -> None:
    link = made_link(None if lives is None else timedelta(seconds=lives), ahead=timedelta(minutes=7))
    bar = show(replace(link, exchange=made_link(ahead=timedelta(minutes=-7)).exchange), width=width)
    bar.show_reload(True)
    bar.resize(width, bar._grid.totalHeightForWidth(width))
    settle()
    assert bar.width() == width
    assert cut_in(bar) == []


@pytest.fixture
def pseudo(bench: Bench) -> Iterator[None]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.mark.parametrize("lives", [4 * 3600, 299, 0, None])
def test_every_word_is_translated(pseudo: None, show: Show, lives: int | None) -> None:
    bar = show(made_link(None if lives is None else timedelta(seconds=lives), ahead=timedelta(hours=3)))
    for widget in bar.findChildren(QWidget):
        texts = [widget.toolTip(), widget.accessibleName()]
        if isinstance(widget, QLabel | QAbstractButton):
            texts.append(widget.text())
        assert [text for text in texts if untranslated(text)] == []
    assert "⟦" in bar.works_until(made_link())


# --- in the window


def test_making_again_sends_the_very_same_body(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    def send(button: QAbstractButton) -> None:
        with qtbot.waitSignal(remote.result.widget.link_shown):
            button.click()

    remote.form.set_request(FULL)
    send(remote.panel.create_button)
    remote.form.set_request(replace(FULL, external_customer_id="someone-else", regions=()))
    bar = remote.result.widget.bar
    clock = HandClock()
    clock.moment = datetime.now(UTC) + timedelta(hours=4, seconds=1)
    bar._now = clock
    bar.refresh()
    assert remote.strip.message.title == "This link has expired"
    assert "Make again" in remote.strip.message.text
    bar._now = lambda: datetime.now(UTC)
    send(remote.button("Make again"))
    assert meld.requests[0].body == meld.requests[1].body
    assert meld.violations == []
    assert bar.url.text() == f"{meld.widget.url}?connectToken={meld.tokens[1]}"
    assert handed_out(bar) == [True] * 3
    assert remote.form.request().external_customer_id == "someone-else"


def test_a_link_of_demo_expires_when_its_clock_says_so(bench: Bench, qtbot: QtBot) -> None:
    bench.form.set_request(FULL)
    with qtbot.waitSignal(bench.result.widget.link_shown):
        bench.panel.create_button.click()
    assert said(bench.result.widget.bar).startswith("Works for ")
    bench.demo.use_speed(100_000)
    qtbot.waitUntil(lambda: bench.strip.message.title == "This link has expired", timeout=5000)
    assert bench.button("Make again").isVisible()


def test_the_time_left_is_said_when_a_link_is_ready(remote: Bench, qtbot: QtBot) -> None:
    remote.form.set_request(FULL)
    with qtbot.waitSignal(remote.result.widget.link_shown):
        remote.panel.create_button.click()
    assert "Works until" in remote.strip.message.text
    assert said(remote.result.widget.bar).startswith("Works for 3 h 59 min (until ")
