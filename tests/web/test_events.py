"""What is heard from the widget, and from nobody else."""

from collections.abc import Callable

from meld_desktop.domain.widget_events import NoticeKind, completion_of
from meld_desktop.web.frame import FRAME_ORIGIN, LISTENER_WORLD
from tests.web.sites import WIDGET, Site
from tests.web.watched import Watched


def url(site: Site) -> str:
    return f"{site.origin}?connectToken=sekret"


def test_the_widgets_events_are_heard(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site)).start()
    watched.wait(lambda: watched.names() == ["init"])
    watched.run("say('connect_complete', {institutionName: 'Maple', accounts: [{name: 'A', mask: '1'}]})")
    watched.wait(lambda: len(watched.events) == 2)
    completion = completion_of(watched.events[1])
    assert completion is not None
    assert completion.institution_name == "Maple"
    assert completion.account_count == 1


def test_top_level_events_are_heard_too(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site), top_level=True).start()
    watched.wait(lambda: watched.names() == ["init"])
    assert watched.run("window === top") is True


def test_the_bridge_string_is_understood(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site)).start()
    watched.run("""parent.postMessage('[meld-connect]cancel?{"reason":"done"}', '*')""")
    watched.wait(lambda: watched.names()[-1:] == ["cancel"])
    assert watched.events[-1].metadata == {"reason": "done"}


def test_the_wrong_domain_is_ignored(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site)).start()
    watched.run("parent.postMessage({domain: 'plaid', eventName: 'connect_complete'}, '*')")
    watched.run("parent.postMessage({eventName: 'connect_complete'}, '*'); parent.postMessage(null, '*')")
    watched.run(
        """const loop = {domain: 'meld-connect', eventName: 'connect_complete'};
        loop.me = loop; parent.postMessage(loop, '*')"""
    )
    watched.settled()
    assert watched.names() == ["init", "settled"]


def test_a_foreign_frame_inside_the_widget_is_ignored(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    bank_site.pages["/"] = (
        b"<script>top.postMessage({domain: 'meld-connect', eventName: 'connect_complete'}, '*');"
        b"parent.postMessage('posted', '*')</script>"
    )
    watched = watch(url(widget_site)).start()
    watched.run(
        f"""window.addEventListener('message', e => say('nested_posted', {{from: e.origin}}));
        const f = document.createElement('iframe'); f.src = '{bank_site.origin}/'; document.body.append(f)"""
    )
    watched.wait(lambda: "nested_posted" in watched.names())
    watched.settled()
    assert watched.names() == ["init", "nested_posted", "settled"]


def test_a_foreign_page_in_the_widgets_place_is_ignored(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    bank_site.pages["/"] = WIDGET  # says the right words from the wrong origin
    watched = watch(url(widget_site)).start()
    watched.run(f"location.href = '{bank_site.origin}/'")
    watched.wait_until(f"location.origin === '{bank_site.origin}' && typeof say === 'function'")
    watched.run("for (let i = 0; i < 10; i++) say('connect_complete')")
    watched.run(f"location.href = '{widget_site.origin}/'")
    watched.wait(lambda: watched.names().count("init") == 2)
    assert watched.names() == ["init", "init"]


def test_no_script_of_a_page_reaches_the_bridge(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site)).start()
    names = "[typeof qt, typeof QWebChannel, typeof bridge, typeof window.qt].join()"
    nothing = "undefined,undefined,undefined,undefined"
    assert watched.run(names) == nothing
    page = watched.view._page
    answers: list[object] = []
    page.runJavaScript(names, 0, answers.append)  # the frame page's own world
    page.runJavaScript("typeof qt.webChannelTransport.send", LISTENER_WORLD, answers.append)  # where it is
    watched.wait(lambda: len(answers) == 2)
    assert answers == [nothing, "function"]
    seen = watched.run("(() => { try { return String(parent.qt) } catch (e) { return e.name } })()")
    assert seen == "SecurityError"


def test_top_level_too_no_script_of_a_page_reaches_the_bridge(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site), top_level=True).start()
    assert watched.run("[typeof qt, typeof QWebChannel].join()") == "undefined,undefined"
    # A page may spoil its own world as it likes: the listener has another.
    watched.run("JSON.stringify = Array.prototype.push = window.addEventListener = () => { throw 1 }; 1")
    watched.settled()


def test_a_flood_is_cut_and_said(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site)).start()
    watched.run("for (let i = 0; i < 10000; i++) say('debug', {i})")
    watched.wait(lambda: NoticeKind.MESSAGES_DROPPED in watched.kinds())
    heard = watched.names().count("debug")
    assert 0 < heard < 500
    notice = next(n for n in watched.notices if n.kind is NoticeKind.MESSAGES_DROPPED)
    assert 10_000 - heard == int(str(notice.text.values["count"]))
    watched.settled()  # and later words are heard again


def test_an_oversized_message_is_dropped(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site)).start()
    watched.run("say('debug', {x: 'a'.repeat(70000)}); 1")
    watched.wait(lambda: NoticeKind.MESSAGES_DROPPED in watched.kinds())
    assert watched.names() == ["init"]


def test_the_frame_page_has_its_own_origin_and_a_phones_shape(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site)).start()
    assert watched.run("[innerWidth, innerHeight, isSecureContext].join()") == "360,630,true"
    assert watched.run("document.referrer + '|' + location.ancestorOrigins[0]") == f"|{FRAME_ORIGIN}"
    watched.view.resize(370, 500)
    watched.wait_until("innerWidth === 370 && innerHeight === 500")


def test_the_token_is_in_no_place_but_the_frames_address(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site)).start()
    page = watched.view._page
    assert "sekret" not in page.url().toString()
    assert "sekret" not in page.requestedUrl().toString()
    assert widget_site.hits[0] == "/?connectToken=sekret"
    texts: list[object] = []
    page.runJavaScript("document.documentElement.outerHTML.includes('sekret')", 0, texts.append)
    watched.wait(lambda: bool(texts))
    assert texts == [True]  # the iframe's src, which no other page can read


def test_the_windows_colours_reach_the_frame_page(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(url(widget_site))
    watched.view.set_appearance("#102030", dark=True)
    watched.start()
    colour = "getComputedStyle(document.documentElement).backgroundColor"

    def shown() -> object:
        answers: list[object] = []
        watched.view._page.runJavaScript(colour, LISTENER_WORLD, answers.append)
        watched.wait(lambda: bool(answers))
        return answers[0]

    assert shown() == "rgb(16, 32, 48)"
    watched.view.set_appearance("#ffffff", dark=False)
    assert shown() == "rgb(255, 255, 255)"
