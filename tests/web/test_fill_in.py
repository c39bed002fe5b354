"""Filling a test user's login into the one form that is meant."""

import json
from collections.abc import Callable, Iterator

import pytest

from meld_desktop.domain.widget_answers import Filled
from meld_desktop.mock.server import MockAddresses, MockServer
from meld_desktop.web import fill_in
from tests.web.sites import WIDGET, Site
from tests.web.test_demo_widget import Journey
from tests.web.watched import Watched

LOGIN = "<form><label>Username <input name=user></label><input type=password name=pass><button>Log in</button></form>"
FORM = b"<style>button{position:static!important}</style>"


@pytest.fixture(scope="module")
def addresses() -> Iterator[MockAddresses]:
    server = MockServer(speed=20)
    yield server.start()
    server.stop()


def fill(watched: Watched, username: str = "user_good", password: str = "pass_good", code: str = "") -> Filled:
    answers: list[Filled] = []
    watched.view.fill_in(username, password, code, answers.append)
    watched.wait(lambda: bool(answers))
    return answers[0]


def show(watch: Callable[..., Watched], site: Site, body: str) -> Watched:
    site.pages["/"] = FORM + WIDGET + body.encode()
    return watch(f"{site.origin}/").start()


def values(watched: Watched) -> list[str]:
    return list(
        json.loads(str(watched.run("JSON.stringify([...document.querySelectorAll('input')].map(i => i.value))")))
    )


def test_a_login_is_filled_in_and_nothing_else(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = show(watch, widget_site, "<input type=search name=q><input type=email name=news>" + LOGIN)
    filled = fill(watched)
    assert filled.fields == ("username", "password")
    assert str(filled.text) == "Username and password are filled in on 127.0.0.1."
    assert values(watched) == ["", "", "user_good", "pass_good"]


@pytest.mark.parametrize(
    ("body", "given", "expected", "fields"),
    [
        ("<input name=login id=u><button>Next</button>", ("u", "p", "1"), ["u"], ("username",)),
        ("<input autocomplete=username>", ("u", "p", "1"), ["u"], ("username",)),
        ("<p>Enter your password<input type=password>", ("u", "p", "1"), ["p"], ("password",)),
        ("<input autocomplete=one-time-code>", ("u", "p", "1234"), ["1234"], ("code",)),
        ("<label>Security code <input></label>", ("u", "p", "1234"), ["1234"], ("code",)),
        ("<input type=password name=otp>", ("u", "p", "1234"), ["1234"], ("code",)),
        ("<form>" + "<input maxlength=1>" * 6 + "</form>", ("u", "p", "123456"), list("123456"), ("code",)),
        (LOGIN, ("u", "", ""), ["u", ""], ("username",)),
        (LOGIN + "<input name=otp>", ("u", "p", "9"), ["u", "p", "9"], ("username", "password", "code")),
        ("<input name=x><input type=password>", ("u", "p", ""), ["u", "p"], ("username", "password")),
        ("<input name=user readonly><input type=password>", ("u", "p", ""), ["", "p"], ("password",)),
        (LOGIN.replace("name", "value=old name"), ("u", "p", ""), ["u", "p"], ("username", "password")),
    ],
)  # fmt: skip
def test_forms_of_many_kinds(
    watch: Callable[..., Watched],
    widget_site: Site,
    body: str,
    given: tuple[str, str, str],
    expected: list[str],
    fields: tuple[str, ...],
) -> None:
    watched = show(watch, widget_site, body)
    assert fill(watched, *given).fields == fields
    assert values(watched) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<p>Choose your bank<input type=search name=q><input name=city placeholder='Your city'>",
        f"<div style='display:none'>{LOGIN}</div>",
        f"<div style='visibility:hidden'>{LOGIN}</div>",
        "<form><input name=user><input type=password><input type=password name=again></form>",  # to sign up
        "<form><input name=user><input type=password autocomplete=new-password></form>",
        "<input type=password disabled>",
    ],
)
def test_where_there_is_no_login_nothing_is_filled_in(
    watch: Callable[..., Watched], widget_site: Site, body: str
) -> None:
    watched = show(watch, widget_site, body)
    before = values(watched)
    assert fill(watched, code="1") == Filled(fill_in.NO_FORM)
    assert values(watched) == before


def test_a_form_that_wants_something_else_is_left_alone(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = show(watch, widget_site, "<input autocomplete=one-time-code>")
    assert fill(watched) == Filled(fill_in.NOTHING_FITS)
    assert values(watched) == [""]


def test_frameworks_notice(watch: Callable[..., Watched], widget_site: Site) -> None:
    # As React does it: the value of the element itself is watched, and a change that is known already is no change.
    watched = show(
        watch,
        widget_site,
        LOGIN + "<script>window.seen = []; for (const one of document.querySelectorAll('input')) {"
        "const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value'); let known = '';"
        "Object.defineProperty(one, 'value',"
        " {get() { return own.get.call(this) }, set(v) { known = v; own.set.call(this, v) }});"
        "one.addEventListener('input',"
        " e => { if (own.get.call(one) !== known) seen.push(one.name, e.bubbles, e.composed) });"
        "one.addEventListener('change', () => seen.push('changed')) }</script>",
    )
    fill(watched)
    assert watched.run("JSON.stringify(seen)") == '["user",true,true,"changed","pass",true,true,"changed"]'


def test_a_form_in_a_shadow_root(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = show(
        watch, widget_site, f"<div id=x></div><script>x.attachShadow({{mode: 'open'}}).innerHTML = `{LOGIN}`</script>"
    )
    assert fill(watched).fields == ("username", "password")
    assert watched.run("[...x.shadowRoot.querySelectorAll('input')].map(i => i.value).join()") == "user_good,pass_good"


def test_the_page_cannot_see_the_values_in_scripts(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = show(watch, widget_site, "<p>nothing here")
    fill(watched)
    assert watched.run("typeof login") == "undefined"


def test_of_two_frames_with_a_form_the_focused_one_is_filled_in(
    watch: Callable[..., Watched], widget_site: Site
) -> None:
    with Site(host="localhost") as one, Site() as two:
        answer = "<script>onmessage = e => e.data === 'focus' ? document.querySelector('input').focus() : 0;"
        answer += (
            "setInterval(() => parent.postMessage([...document.querySelectorAll('input')].map(i => i.value).join()"
        )
        answer += " + '|' + (document.activeElement.name ?? ''), '*'), 50)</script>"
        for site in (one, two):
            site.pages["/"] = (FORM.decode() + LOGIN + answer).encode()
        frames = "".join(f"<iframe src='{site.origin}/' width=300 height=120></iframe>" for site in (one, two))
        hear = "<script>window.got = {}; onmessage = e => got[e.origin] = e.data</script>"
        watched = show(watch, widget_site, frames + hear)
        watched.wait_until("Object.keys(got).length === 2")
        assert fill(watched) == Filled(fill_in.SEVERAL)
        watched.run("frames[1].postMessage('focus', '*')")
        watched.wait_until(f"got['{two.origin}'] === ',|user'")
        filled = fill(watched)
        assert filled.fields == ("username", "password")
        watched.wait_until(f"got['{two.origin}'].startsWith('user_good,pass_good')")
        assert watched.run(f"got['{one.origin}']") == ",|"


@pytest.mark.parametrize("tabs", [False, True])
def test_the_window_that_is_looked_at_goes_before_the_widget(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site, tabs: bool
) -> None:
    bank_site.pages["/login"] = (FORM.decode() + LOGIN).encode()
    watched = show(watch, widget_site, LOGIN)
    watched.view.set_windows_as_tabs(tabs)
    watched.click_to(f"window.bank = window.open('{bank_site.origin}/login', 'bank', 'width=420,height=600')")
    watched.wait(watched.has_popup)
    watched.wait(lambda: watched.run_in_popup("document.readyState + document.forms.length") == "complete1")
    assert fill(watched).fields == ("username", "password")
    in_popup = "[...document.querySelectorAll('input')].map(i => i.value).join()"
    assert watched.run_in_popup(in_popup) == "user_good,pass_good"
    assert values(watched) == ["", ""]
    if tabs:
        watched.view._tabs.strip.setCurrentIndex(0)
    else:
        target = watched.view._view.focusProxy()
        assert target is not None
        watched.view.activateWindow()
        watched.wait(watched.view.isActiveWindow)
        target.setFocus()
        watched.wait(lambda: watched.view._popups.chosen is None)
    fill(watched, "second", "pass")
    assert values(watched) == ["second", "pass"]
    assert watched.run_in_popup(in_popup) == "user_good,pass_good"


def test_a_page_that_hangs_is_said(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = show(watch, widget_site, LOGIN)
    watched.run("setTimeout(() => { const end = Date.now() + 3000; while (Date.now() < end); }, 0)")
    assert fill(watched) == Filled(fill_in.NO_ANSWER)


def test_a_form_that_fades_in_is_seen_and_a_trap_is_not(watch: Callable[..., Watched], widget_site: Site) -> None:
    trap = "<input name=username style='opacity:0'>"
    watched = show(watch, widget_site, f"<div style='opacity:0'>{LOGIN.replace('<form>', '<form>' + trap)}</div>")
    assert fill(watched).fields == ("username", "password")
    assert values(watched) == ["", "user_good", "pass_good"]


def test_it_can_end_at_any_moment(watch: Callable[..., Watched], widget_site: Site, flush: Callable[[], None]) -> None:
    watched = show(watch, widget_site, LOGIN)
    answers: list[Filled] = []
    watched.view.fill_in("a", "b", "", answers.append)
    watched.view.fill_in("c", "d", "", answers.append)
    assert answers == [Filled(fill_in.NO_FORM)]
    watched.view.dispose()
    assert len(answers) == 2
    flush()
    watched.view.fill_in("e", "f", "", answers.append)
    watched.wait(lambda: len(answers) == 3)
    assert not any(answer.fields for answer in answers)


def test_the_demo_widget_and_its_code(addresses: MockAddresses, watch: Callable[..., Watched]) -> None:
    page = Journey(addresses, watch).open("mfa")
    page.shows("Maple Test Bank")
    assert fill(page.watched) == Filled(fill_in.NO_FORM)
    page.pick()
    page.shows("Username")
    assert fill(page.watched, "user_good", "pass_good", "123456").fields == ("username", "password")
    page.press("Continue")
    page.shows("Security code")
    assert fill(page.watched, "user_good", "pass_good", "123456").fields == ("code",)
    assert page.watched.run("document.getElementById('code').value") == "123456"


def test_the_demo_banks_own_window(addresses: MockAddresses, watch: Callable[..., Watched]) -> None:
    page = Journey(addresses, watch).open("oauth-popup")
    page.pick()
    page.click("Continue to Maple Test Bank")
    there: list[object] = []

    def has_form() -> bool:  # the first, empty document goes away without an answer
        page.watched.view._popups.windows[0].page.runJavaScript("!!window.password", 0, there.append)
        return True in there

    page.watched.wait(has_form)
    assert fill(page.watched).fields == ("username", "password")
    page.press_in_popup("Sign in and allow")
    page.finish()
