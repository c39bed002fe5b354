"""Where the widget can really go, and what is said when it cannot."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from pytestqt.qtbot import QtBot

from meld_desktop.domain.widget_events import NoticeKind
from tests.web.sites import Site
from tests.web.watched import Watched


def test_the_widget_moves_between_loopback_sites(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.run(f"location.href = '{bank_site.origin}/'")
    watched.wait_until("document.title === 'bank'")
    assert watched.notices == []


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        (
            "location.href = 'http://bank.example/x?sekret'",
            NoticeKind.NAVIGATION_REFUSED,
            "bank.example without encryp",
        ),
        ("location.href = 'meldapp://done?sekret'", NoticeKind.EXTERNAL_SCHEME, "meldapp:"),
        ("location.href = 'mailto:sekret@bank.example'", NoticeKind.EXTERNAL_SCHEME, "mailto:"),
        ("top.location.href = 'https://bank.example/'", NoticeKind.NAVIGATION_REFUSED, "stays in its frame"),
        ("window.open('meldapp://done?sekret')", NoticeKind.EXTERNAL_SCHEME, "meldapp:"),
        ("window.open('http://bank.example/?sekret')", NoticeKind.NAVIGATION_REFUSED, "bank.example without encryp"),
    ],
)
def test_refusals_are_said_and_the_widget_stands(
    watch: Callable[..., Watched], widget_site: Site, script: str, kind: NoticeKind, words: str
) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.click_to(script)
    watched.wait(lambda: bool(watched.notices))
    assert watched.kinds() == [kind]
    assert words in str(watched.notices[0].text)
    assert "sekret" not in str(watched.notices[0].text)
    assert watched.run("document.title") == "Stand-in"
    assert watched.view._popups.windows == ()


def test_an_app_address_in_a_nested_frame_is_named(watch: Callable[..., Watched], widget_site: Site) -> None:
    watched = watch(f"{widget_site.origin}/").start()
    watched.run(
        "const f = document.createElement('iframe'); f.src = 'atrium://oauthRequested'; document.body.append(f)"
    )
    watched.wait(lambda: watched.kinds() == [NoticeKind.EXTERNAL_SCHEME])


def test_files_of_this_computer_do_not_load(watch: Callable[..., Watched], widget_site: Site, tmp_path: Path) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text("<title>read</title><script>parent.postMessage('read', '*')</script>")
    watched = watch(f"{widget_site.origin}/", top_level=True).start()
    watched.run(
        f"""window.loads = 0; window.got = 0; addEventListener('message', e => got += e.data === 'read');
        const f = document.createElement('iframe'); f.onload = () => loads += 1; f.src = '{secret.as_uri()}';
        document.body.append(f); location.href = '{secret.as_uri()}'"""
    )
    watched.settled()
    assert watched.run("document.title + got") == "Stand-in0"
    page = watched.view._page
    page.load(secret.as_uri())  # even when the program itself slipped
    watched.wait(lambda: NoticeKind.NAVIGATION_REFUSED in watched.kinds())
    assert watched.run("document.title") == "Stand-in"


def test_the_return_url_is_stopped_before_it_loads(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}/", return_url=f"{bank_site.origin}/linked").start()
    watched.run(f"location.href = '{bank_site.origin}/linked?code=sekret'")
    watched.wait(lambda: bool(watched.returned))
    assert watched.returned == [f"{bank_site.origin.removeprefix('http://')}/linked"]
    assert watched.run("document.title") == "Stand-in"
    assert bank_site.paths() == []
    assert watched.notices == []


def test_a_redirect_to_the_return_url_is_stopped_too(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    widget_site.pages["/finish"] = (302, {"Location": f"{bank_site.origin}/linked?code=sekret"}, b"")
    watched = watch(f"{widget_site.origin}/", return_url=f"{bank_site.origin}/linked", loopback_allowed=True).start()
    watched.run("location.href = '/finish'")
    watched.wait(lambda: bool(watched.returned))
    assert widget_site.paths() == ["/", "/finish"]
    assert bank_site.paths() == []


def test_a_return_in_the_banks_window_closes_it(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    bank_site.pages["/login"] = f"<script>location.href = '{bank_site.origin}/linked?code=1'</script>".encode()
    watched = watch(f"{widget_site.origin}/", return_url=f"{bank_site.origin}/linked").start()
    watched.click_to(f"window.open('{bank_site.origin}/login')")
    watched.wait(lambda: bool(watched.returned))
    watched.wait(lambda: NoticeKind.POPUP_CLOSED in watched.kinds())
    assert bank_site.paths() == ["/login"]
    assert watched.view._popups.windows == ()


def test_loopback_is_refused_where_it_is_not_allowed(
    watch: Callable[..., Watched], widget_site: Site, qtbot: QtBot
) -> None:
    watched = watch(f"{widget_site.origin}/?connectToken=sekret", loopback_allowed=False)
    watched.view.show()
    watched.view.start()
    watched.wait(lambda: bool(watched.notices))
    assert watched.kinds() == [NoticeKind.NAVIGATION_REFUSED]
    assert "this computer" in str(watched.notices[0].text)
    assert watched.view._panel.isVisible()
    assert watched.view._panel.words.text() == str(watched.notices[0].text)
    assert widget_site.hits == []


@pytest.mark.parametrize("top_level", [False, True])
def test_a_widget_that_cannot_be_reached_says_so_and_reloads(
    watch: Callable[..., Watched], top_level: bool, qtbot: QtBot
) -> None:
    with Site() as gone:
        address = f"{gone.origin}/"
    watched = watch(address, top_level=top_level)
    watched.view.resize(500, 720)
    watched.view.show()
    watched.view.start()
    watched.wait(lambda: watched.kinds() == [NoticeKind.LOAD_FAILED])
    assert watched.view._panel.isVisible()
    watched.view._panel.reload_button.click()
    watched.wait(lambda: watched.kinds() == [NoticeKind.LOAD_FAILED] * 2)


@pytest.mark.parametrize("top_level", [False, True])
def test_a_bad_certificate_is_refused_and_explained(
    watch: Callable[..., Watched], tmp_path: Path, top_level: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with Site(tls=context, host="localhost") as site:
        watched = watch(f"{site.origin}/?connectToken=sekret", top_level=top_level)
        watched.view.resize(500, 720)
        watched.view.show()
        watched.view.start()
        watched.wait(lambda: NoticeKind.LOAD_FAILED in watched.kinds())
        assert watched.kinds() == [NoticeKind.CERTIFICATE_REFUSED, NoticeKind.LOAD_FAILED]
        assert "localhost could not be verified" in str(watched.notices[0].text)
        assert site.hits == []
    assert "sekret" not in str(watched.notices)


def test_navigation_started_and_loaded_come_once_each(
    watch: Callable[..., Watched], widget_site: Site, bank_site: Site
) -> None:
    watched = watch(f"{widget_site.origin}?connectToken=x")
    said: list[str] = []
    watched.view.navigation_started.connect(lambda: said.append("started"))
    watched.view.loaded.connect(lambda: said.append("loaded"))
    watched.start()
    watched.run(f"location.href = '{bank_site.origin}/'")
    watched.wait_until("document.title === 'bank'")
    watched.run(f"location.href = '{widget_site.origin}?connectToken=x'")
    watched.wait(lambda: watched.names() == ["init", "init"])
    assert said == ["started", "loaded"]
