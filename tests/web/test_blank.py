"""A widget that stays blank is noticed, and only that."""

from collections.abc import Callable

import pytest

from meld_desktop.web.blankness import DELAY_MS
from tests.web.sites import Site
from tests.web.watched import Watched

SILENT = b"<!doctype html><style>body{margin:0}</style><script>onmessage = () => 0</script>"
SAYS = b'<script>parent.postMessage({domain: "meld-connect", eventName: "init"}, "*")</script>'


@pytest.fixture
def blanks(watch: Callable[..., Watched], widget_site: Site) -> Callable[..., tuple[Watched, list[int]]]:
    def make(page: bytes, *, top_level: bool = False, delay: int = 300) -> tuple[Watched, list[int]]:
        widget_site.pages["/"] = page
        watched = watch(f"{widget_site.origin}/", top_level=top_level)
        watched.view._blank_watch.delay_ms = delay
        said: list[int] = []
        watched.view.blank.connect(lambda: said.append(1))
        return watched, said

    return make


def looked(watched: Watched) -> bool:
    """Whether the look of this start is over."""
    watch = watched.view._blank_watch
    return not watch._timer.isActive() and not watch._patience.isActive()


def test_it_is_ten_seconds() -> None:
    assert DELAY_MS == 10_000


@pytest.mark.parametrize("top_level", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<div style='width:50px;height:50px;border:4px solid;border-radius:50%'></div>",
        b"<p>  \n </p><p style='display:none'>hidden</p><p style='opacity:0'>unseen</p><input type=hidden>",
        b"<img src='data:image/png;base64,broken' width=50 height=50>",
        b"<iframe src='about:blank'></iframe>",
    ],
)
def test_a_blank_widget_is_said_once_a_start(
    blanks: Callable[..., tuple[Watched, list[int]]], body: bytes, top_level: bool
) -> None:
    watched, said = blanks(SILENT + body, top_level=top_level)
    watched.start()
    watched.wait(lambda: said == [1])
    assert looked(watched)
    watched.view.reload()
    watched.wait(lambda: said == [1, 1])
    assert looked(watched)


@pytest.mark.parametrize(
    "body",
    [
        b"<p>Hello</p>",
        b"<canvas width=50 height=50></canvas>",
        b"<input>",
        b"<svg width=50 height=50><circle r=20></circle></svg>",
        b"<div id=x></div><script>x.attachShadow({mode: 'open'}).innerHTML = '<b>in the shadow</b>'</script>",
        b"<iframe srcdoc='<p>in a frame</p>'></iframe>",
        b"<img src='data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=' width=50 height=50>",
        SAYS,
    ],
)
def test_a_widget_that_shows_or_says_something_is_not_blank(
    blanks: Callable[..., tuple[Watched, list[int]]], body: bytes
) -> None:
    watched, said = blanks(SILENT + body, delay=1500)
    watched.start()
    watched.wait(lambda: looked(watched))
    assert said == []


def test_a_server_that_never_answers_leaves_it_blank(
    blanks: Callable[..., tuple[Watched, list[int]]], widget_site: Site
) -> None:
    import threading

    watched, said = blanks(b"")
    answer = threading.Event()

    def late() -> tuple[int, dict[str, str], bytes]:
        answer.wait(20)
        return 200, {}, b"late"

    widget_site.pages["/"] = late
    try:
        watched.view.show()
        watched.view.start()
        watched.wait(lambda: said == [1])
    finally:
        answer.set()


def test_a_widget_that_is_gone_or_failed_is_not_blank(blanks: Callable[..., tuple[Watched, list[int]]]) -> None:
    watched, said = blanks(SILENT, delay=1500)
    watched.start()
    watched.view._on_load_failed()
    assert looked(watched)
    watched.view.reload()
    assert not looked(watched)
    watched.view.dispose()
    assert looked(watched)
    assert said == []
