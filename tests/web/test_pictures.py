"""Pictures: what was typed, addresses and long numbers are in none of them."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from meld_desktop.domain.text import Text
from meld_desktop.domain.widget_answers import Shot
from meld_desktop.web import pictures
from meld_desktop.web.widget_view import WidgetView
from tests.web.sites import WIDGET, Site
from tests.web.watched import Watched

PATIENT = 15.0
STYLE = b"<style>*{font:16px monospace}button{position:static!important;display:block}</style>"
FIRST = {"word": "hunter22secret", "digits": "4929123412341234", "mail": "jane.roe@shop.example"}
SECOND = {"word": "s3same_0pen_up", "digits": "5105999912129876", "mail": "john_doe@bank.example"}


def shoot(watched: Watched) -> Shot | Text:
    answers: list[Shot | Text] = []
    watched.view.take_picture(answers.append)
    watched.wait(lambda: bool(answers))
    return answers[0]


def image(shot: Shot | Text) -> QImage:
    assert isinstance(shot, Shot), shot
    result = QImage.fromData(shot.png)
    assert (result.width(), result.height()) == (shot.width, shot.height)
    return result


def patient(watched: Watched, qtbot: QtBot) -> Watched:
    """The machine may be busy: time enough, and a page that has come to rest."""
    watched.view._pictures.limit_seconds = PATIENT
    watched.run("say('begun')")
    watched.settled()
    return watched


def fill(watched: Watched, script: str, secrets: dict[str, str]) -> None:
    for name, secret in secrets.items():
        script = script.replace(f"<{name}>", secret)
    assert watched.run(f"{script}; 1") == 1


def two_pictures(watched: Watched, script: str) -> tuple[QImage, QImage, Shot]:
    """The page with one set of secrets and with another, each as the first picture of a view."""
    fill(watched, script, FIRST)
    bare = watched.view._view.grab().toImage()
    first = shoot(watched)
    fill(watched, script, SECOND)
    watched.wait(lambda: watched.view._view.grab().toImage() != bare)  # else they would be the same uncovered
    watched.view._pictures._number = 0
    second = shoot(watched)
    assert isinstance(first, Shot)
    return image(first), image(second), first


def differing(first: QImage, second: QImage) -> list[tuple[int, int]]:
    assert first.size() == second.size()
    if first == second:
        return []
    return [
        (x, y) for y in range(first.height()) for x in range(first.width()) if first.pixel(x, y) != second.pixel(x, y)
    ][:5]


def mask_page(widget_site: Site, body: str) -> None:
    widget_site.pages["/"] = STYLE + WIDGET + body.encode()


@pytest.mark.parametrize(
    ("body", "script", "boxes"),
    [
        ("<input id=x>", "x.value = '<word>'", 1),
        ("<input id=x type=password>", "x.value = '<word>'", 1),
        ("<input id=x type=password>", "x.value = '<word>'; x.type = 'text'", 1),
        ("<textarea id=x cols=30></textarea>", "x.value = '<word>'", 1),
        ("<select id=x><option>…</select>", "x.replaceChildren(new Option('<word>'))", 1),
        ("<p contenteditable id=x></p>", "x.textContent = '<word>'", 1),
        ("<p id=x role=textbox></p>", "x.textContent = '<word>'", 1),
        ("<p id=x></p>", "x.textContent = 'Card <digits>.'", 1),
        ("<p id=x></p>", "x.textContent = '<digits>'.replace(/(.{4})/g, '$1 ')", 1),
        ("<p id=x></p>", "x.innerHTML = '<digits>'.replace(/(.{4})/g, '<b>$1</b>-')", 7),
        ("<p id=x style='display:flex'></p>", "x.innerHTML = '<digits>'.replace(/(.{4})/g, '<b>$1</b>')", 4),
        ("<p id=x></p>", "x.textContent = 'Mail to <mail>, please'", 1),
        ("<p id=x></p>", "x.innerHTML = 'Mail to <b>' + '<mail>'.replace('@', '</b>@<i>') + '</i>'", 3),
        ("<input id=y><p id=x></p>", "y.value = '<word>'; x.textContent = 'You typed <word>!'", 2),
        ("<svg width=300 height=40><text id=x y=20></text></svg>", "x.textContent = '<digits>'", 1),
        ("<input id=x placeholder=a>", "x.placeholder = '<mail>'", 1),
        ("<input id=x type=button>", "x.value = 'Send to <mail>'", 1),
        (
            "<p id=x></p>",
            "(x.shadowRoot ?? x.attachShadow({mode: 'open'})).innerHTML = '<digits> <input value=<word>>'",
            2,
        ),
        (
            "<my-field id=x style='display:block;height:30px'></my-field>",
            "var s = x.root ?? x.attachShadow({mode: 'closed'}); x.root = s; s.innerHTML = '<input value=<word>>'",
            1,
        ),
        ("<dialog id=d><input id=x></dialog>", "d.open || d.showModal(); x.blur(); x.value = '<word>'", 1),
        ("<p id=x style='transform:translate(40px,90px)'></p>", "x.textContent = '<digits>'", 1),
        (
            "<p style='height:2000px'>top</p><p id=x></p><p style='height:900px'>",
            "x.textContent = '<digits>'; x.scrollIntoView({block: 'center'})",
            1,
        ),
        ("<p id=x></p>", "document.body.style = 'zoom:1.5'; x.textContent = '<mail>'", 1),
    ],
)  # fmt: skip
def test_a_secret_does_not_change_the_picture(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot, body: str, script: str, boxes: int
) -> None:
    mask_page(widget_site, body)
    watched = patient(watch(f"{widget_site.origin}/").start(), qtbot)
    first, second, shot = two_pictures(watched, script)
    assert differing(first, second) == []
    assert shot.covered >= boxes
    assert len({first.pixel(x, y) for x in range(80, 420, 3) for y in range(50, 600, 3)}) > 2  # the page is to be seen


def test_what_says_nothing_about_anybody_stays_to_be_read(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot
) -> None:
    mask_page(
        widget_site,
        "<p>Choose your bank. 1,234.56 on 3 accounts since 2026; code 1234; @home<input placeholder='Your name'>"
        "<input type=checkbox checked><table><tr><td>12.50<td>2026</table><script>const account = 123456789</script>",
    )
    watched = patient(watch(f"{widget_site.origin}/").start(), qtbot)
    shot = shoot(watched)
    assert isinstance(shot, Shot)
    assert shot.covered == 0


@pytest.mark.parametrize("top_level", [False, True])
def test_frames_of_other_sites_in_frames_are_covered_too(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot, top_level: bool
) -> None:
    frame = '<iframe width=320 height=200 src="{}" id=f></iframe>'
    listen = "<script>onmessage = e => { x.value = e.data.word; t.textContent = e.data.digits }</script>"
    with Site(host="localhost") as middle, Site() as inner:
        inner.pages["/"] = STYLE + f"<input id=x><p id=t></p>{listen}".encode()
        pass_on = (
            "<script>onmessage = e => { f.contentWindow.postMessage(e.data, '*'); x.value = e.data.word }</script>"
        )
        middle.pages["/"] = STYLE + ("<input id=x>" + frame.format(inner.origin + "/") + pass_on).encode()
        below = "<p style='height:1500px'></p>" + frame.format(inner.origin + "/")
        mask_page(widget_site, frame.format(middle.origin + "/") + below)
        watched = patient(watch(f"{widget_site.origin}/", top_level=top_level).start(), qtbot)
        watched.wait(lambda: inner.paths().count("/") == 2)
        first, second, shot = two_pictures(
            watched, "for (let i = 0; i < 2; i++) frames[i].postMessage({word: '<word>', digits: '<digits>'}, '*')"
        )
        assert differing(first, second) == []
        assert shot.covered >= 3


def test_windows_stand_beside_the_widget_and_are_covered(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site, qtbot: QtBot
) -> None:
    bank_site.pages["/login"] = STYLE + b"<input id=x><p>bank</p><script>onmessage = e => x.value = e.data</script>"
    mask_page(widget_site, "<input id=x>")
    watched = patient(watch(f"{widget_site.origin}/").start(), qtbot)
    watched.click_to(f"window.bank = window.open('{bank_site.origin}/login', 'bank', 'width=420,height=600')")
    watched.wait(watched.has_popup)
    watched.wait(lambda: watched.run_in_popup("document.readyState + !!window.x") == "completetrue")
    (window,) = watched.view._popups.windows
    pictures_of: list[QImage] = []
    for secrets in (FIRST, SECOND):
        before = window.view.grab().toImage()
        fill(watched, "x.value = '<word>'; bank.postMessage('<word>', '*')", secrets)
        watched.wait(lambda before=before: window.view.grab().toImage() != before)  # type: ignore[misc]
        watched.view._pictures._number = 0
        pictures_of.append(image(shoot(watched)))
    assert pictures_of[0].width() == watched.view.width() + 12 + window.view.width()
    assert differing(*pictures_of) == []


def test_the_page_is_as_before_afterwards(watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot) -> None:
    mask_page(widget_site, "<input value=typed type=password id=x>")
    watched = patient(watch(f"{widget_site.origin}/").start(), qtbot)
    watched.run("x.focus()")
    before = watched.run("document.documentElement.outerHTML")
    assert isinstance(shoot(watched), Shot)
    assert watched.run("document.documentElement.outerHTML") == before
    assert watched.run("typeof mask + document.activeElement.type") == "undefinedpassword"


def test_a_page_that_hangs_gets_no_picture(watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot) -> None:
    mask_page(widget_site, "<input value=typed>")
    watched = watch(f"{widget_site.origin}/").start()
    watched.settled()
    watched.run("setTimeout(() => { const end = Date.now() + 4000; while (Date.now() < end); }, 0)")
    assert shoot(watched) == pictures.NO_ANSWER


@pytest.mark.parametrize(
    "script",
    [
        "whenCovered(() => document.querySelector('[popover]')?.remove())",
        "whenCovered(() => document.querySelector('[popover]')?.hidePopover())",
        "setInterval(() => document.body.insertAdjacentHTML('afterbegin', '<p>' + Math.random() + '99999</p>'), 5)",
        "setInterval(() => document.body.append(document.createElement('iframe')), 15)",
        "(function on() { x.style.marginTop = Date.now() % 300 + 'px'; requestAnimationFrame(on); })()",
        "whenCovered(() => setTimeout(() => location.reload(), 0))",
    ],
)
def test_a_page_that_does_not_stay_covered_gets_no_picture(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot, script: str
) -> None:
    mask_page(widget_site, "<input value=typed id=x>")
    watched = patient(watch(f"{widget_site.origin}/").start(), qtbot)
    watched.view._pictures.limit_seconds = 1.0
    watched.run(
        "const whenCovered = (act) => new MutationObserver(act).observe(document.documentElement, {childList: true});"
        f"{script}; 1"
    )
    assert shoot(watched) in {pictures.KEPT_CHANGING, pictures.NO_ANSWER}


def test_what_is_typed_in_the_meantime_spoils_the_picture_and_it_is_tried_again(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot
) -> None:
    mask_page(widget_site, "<input id=x>")
    watched = patient(watch(f"{widget_site.origin}/").start(), qtbot)
    watched.run(
        "new MutationObserver((_, me) => { x.value = 'quick'; me.disconnect() })"
        ".observe(document.documentElement, {childList: true}); 1"
    )
    shot = shoot(watched)
    assert isinstance(shot, Shot)
    assert shot.covered == 1
    assert watched.view._pictures._tries == 2


def test_a_widget_out_of_sight_gets_no_picture(watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.view.hide()
    assert shoot(watched) == pictures.NOT_IN_SIGHT


def test_who_asks_meanwhile_gets_the_next_picture(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot
) -> None:
    watched = patient(watch(f"{widget_site.origin}/").start(), qtbot)
    answers: list[Shot | Text] = []
    watched.view.take_picture(answers.append)
    watched.wait(lambda: bool(watched.view._pictures._serving))
    for _ in range(5):
        watched.view.take_picture(answers.append)
    watched.wait(lambda: len(answers) == 6)
    assert len({id(answer) for answer in answers[1:]}) == 1
    assert answers[0] is not answers[1]
    assert all(isinstance(answer, Shot) for answer in answers)
    watched.wait(lambda: not watched.view._pictures._timer.isActive())


def test_closing_tells_who_waits_and_a_callback_may_close(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot, flush: Callable[[], None]
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    answers: list[object] = []
    watched.view.take_picture(answers.append)
    watched.wait(lambda: bool(watched.view._pictures._serving))
    watched.view.dispose()
    assert answers == [pictures.CLOSED]
    watched.view.take_picture(answers.append)
    watched.wait(lambda: answers[1:] == [pictures.NOT_IN_SIGHT])
    second = WidgetView(f"{widget_site.origin}/", loopback_allowed=True)
    other = patient(Watched(second, qtbot).start(), qtbot)

    def end(answer: object) -> None:
        second.dispose()
        second.deleteLater()
        flush()
        answers.append(answer)

    second.take_picture(end)
    other.wait(lambda: len(answers) == 3)
    assert isinstance(answers[2], Shot)


def test_a_picture_of_the_same_page_is_the_same(watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot) -> None:
    mask_page(widget_site, "<input value=typed>")
    shots = [shoot(patient(watch(f"{widget_site.origin}/").start(), qtbot)) for _ in range(2)]
    first, second = (shot.png for shot in shots if isinstance(shot, Shot))
    assert first == second
