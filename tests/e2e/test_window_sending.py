"""The window while it waits, and when Meld does not answer as it should."""

import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Launcher
from tests.e2e.controls import Window
from tests.e2e.driver import wait_for
from tests.e2e.form import create, fill
from tests.e2e.program import Program, activate
from tests.support import answers
from tests.support.answers import Answer, ok
from tests.support.secrets_scan import PLANTED_KEY
from tests.support.strict_meld import UNRESOLVABLE, StrictMeld, closed_port

BANK = "Ntj3AwgdridJc2rtfeheku"
FORM = {"externalCustomerId": "kept-as-typed", "products": ["OWNERS"], "institutionId": BANK}

FAULTS: dict[str, Answer] = {
    "400": answers.BAD_FIELDS,
    "401": answers.NO_AUTHORITY,
    "403 empty": answers.FORBIDDEN_EMPTY,
    "404": answers.UNKNOWN_BANK,
    "409": answers.CONFLICT,
    "422": answers.UNPROCESSABLE,
    "429": answers.TOO_MANY,
    "500 HTML": answers.SERVER_HTML,
    "not JSON": answers.NOT_JSON,
    "JSON list": answers.JSON_LIST,
    "no widget URL": answers.NO_WIDGET_URL,
    "unsafe widget URL": ok(widgetUrl="http://evil.example/?connectToken=x"),
    "too large": answers.HUGE,
    "reset": answers.RESET,
    "cut off": answers.CUT_OFF,
    "redirect": answers.redirect("http://127.0.0.1:9/bank-linking/connect/start"),
}


def ready(launch: Launcher, url: str, **env: str) -> tuple[Program, Window]:
    """Start against ``url`` with a filled form."""
    program = launch("--base-url", url, env={"MELD_API_KEY": PLANTED_KEY, **env})
    fill(program.window, customer="kept-as-typed", required=["Owners"], texts={"Institution ID": BANK})
    return program, program.window


def failed(window: Window, before: str) -> str:
    """Press *Create link* and return what the strip says when it is over."""
    create(window)

    def over() -> str:
        said = window.message()
        return said if said != before and "Asking Meld" not in said and window.button("Create link").exists() else ""

    return wait_for(over, "the outcome")


def kept(window: Window) -> bool:
    """Tell whether the form still holds what was typed."""
    return (
        window.field("Customer ID").text == "kept-as-typed"
        and window.field("Institution ID").text == BANK
        and window.box("Owners required").checked
    )


def test_each_fault_has_its_own_title_and_the_form_stays(launch: Launcher, meld: StrictMeld) -> None:
    _, window = ready(launch, meld.url)
    titles: dict[str, str] = {}
    said = window.message()
    for fault, answer in FAULTS.items():
        meld.script(answer)
        said = failed(window, said)
        titles[fault], _, rest = said.partition(".")
        assert rest.strip(), f"{fault}: no next step"
        assert PLANTED_KEY not in said
        assert kept(window), fault
        assert window.field("Widget URL").text == "", fault
        assert window.button("Create link").enabled, fault
    assert len(set(titles.values())) == len(FAULTS), titles
    assert meld.bodies == [FORM] * len(FAULTS), "a POST is never repeated by itself"
    assert not meld.widget.requests


def test_meld_s_complaints_stand_at_their_fields_and_the_request_id_can_be_copied(
    launch: Launcher, meld: StrictMeld
) -> None:
    _, window = ready(launch, meld.url)
    meld.script(answers.BAD_FIELDS)
    failed(window, window.message())
    labels = " ".join(each["name"] for each in window.all("label"))
    assert "must not contain spaces" in labels
    assert "must be a registered URL" in labels
    assert window.button("Copy request ID").enabled
    assert window.button("Copy details").enabled


def test_retry_after_counts_down(launch: Launcher, meld: StrictMeld) -> None:
    _, window = ready(launch, meld.url)
    meld.script(answers.TOO_MANY)
    failed(window, window.message())
    window.wait_message("7 s")
    window.wait_message("5 s")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/?connectToken=x",
        "javascript:alert(1)",
        "http://someone:secret@127.0.0.1/",
        "http://127.0.0.1.evil.example/",
    ],
)
def test_an_unsafe_widget_is_neither_shown_nor_loaded(url: str, launch: Launcher, meld: StrictMeld) -> None:
    program, window = ready(launch, meld.url)
    meld.script(ok(widgetUrl=url))
    assert "safe" in failed(window, window.message())
    assert window.field("Widget URL").text == ""
    assert not program.children(), "no browser is started for it"


def test_nobody_there_and_unknown_host_and_unknown_certificate(launch: Launcher, tls: ssl.SSLContext) -> None:
    titles = []
    with closed_port() as closed, StrictMeld(tls) as untrusted:
        for url in (closed, UNRESOLVABLE, untrusted.url):
            program, window = ready(launch, url)
            titles.append(failed(window, window.message()).partition(".")[0])
            assert kept(window)
            program.kill()
        assert not untrusted.requests
    assert len(set(titles)) == 3, titles


def test_a_trusted_certificate_is_enough(launch: Launcher, tls: ssl.SSLContext, ca_file: Path) -> None:
    with StrictMeld(tls) as meld:
        meld.script(answers.CONFLICT)
        _, window = ready(launch, meld.url, SSL_CERT_FILE=str(ca_file))
        failed(window, window.message())
        assert meld.bodies == [FORM]


def by_button(window: Window) -> None:
    window.button("Cancel").press_now()


def by_key(window: Window) -> None:
    window.driver.keys("Escape")


ATTEMPTS = 3
"""A busy machine may be late once; a window that is slow by itself is late every time."""


@pytest.mark.parametrize("cancel", [by_button, by_key])
@pytest.mark.parametrize("answer", [answers.SLOW, answers.DRIP], ids=["silent", "drip"])
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
def test_cancel_takes_effect_at_once(
    secure: bool,
    answer: Answer,
    cancel: Callable[[Window], None],
    launch: Launcher,
    tls: ssl.SSLContext,
    ca_file: Path,
) -> None:
    with StrictMeld(tls if secure else None) as meld:
        _, window = ready(launch, meld.url, SSL_CERT_FILE=str(ca_file))
        measured = []
        for attempt in range(1, ATTEMPTS + 1):
            meld.script(answer)
            with window.driver.latency(window.pid) as waits:
                create(window)
                meld.wait_for_requests(attempt)
                window.button("Cancel").wait_enabled()
                assert not window.button("Create link").enabled
                start = time.monotonic()
                cancel(window)
                assert meld.requests[-1].gone.wait(5), "the connection stayed open"
                took = time.monotonic() - start
                window.wait_message("Cancelled")
            assert len(waits) > 20
            assert kept(window)
            assert len(meld.requests) == attempt
            measured.append((took, max(waits)))
            if took < 0.2 and max(waits) < 0.1:
                return
        pytest.fail(f"seconds until the connection was closed, longest silence of the window: {measured}")


def test_the_window_answers_while_it_waits(launch: Launcher, meld: StrictMeld) -> None:
    _, window = ready(launch, meld.url)
    measured = []
    for attempt in range(1, ATTEMPTS + 1):
        meld.script(answers.SLOW)
        with window.driver.latency(window.pid) as waits:
            create(window)
            meld.wait_for_requests(attempt)
            window.driver.type("x" * 200)  # the keyboard is busy, too
            assert "Asking Meld" in window.message()
        assert not meld.requests[-1].gone.is_set()
        assert len(waits) > 50
        measured.append(max(waits))
        if max(waits) < 0.1:
            return
        by_button(window)
        window.wait_message("Cancelled")
    pytest.fail(f"longest silence of the window in seconds: {measured}")


def test_after_a_cancel_the_next_link_is_made(launch: Launcher, meld: StrictMeld) -> None:
    meld.script(Answer(delay=2.0), answers.CONFLICT)
    _, window = ready(launch, meld.url)
    create(window)
    meld.wait_for_requests(1)
    by_button(window)
    cancelled = window.wait_message("Cancelled")
    said = failed(window, cancelled)
    assert len(meld.requests) == 2
    assert meld.requests[0].gone.wait(5)
    assert window.message() == said, "the late answer of the cancelled request changed something"


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
def test_quitting_while_sending_is_instant(secure: bool, launch: Launcher, tls: ssl.SSLContext, ca_file: Path) -> None:
    with StrictMeld(tls if secure else None) as meld:
        meld.script(answers.SLOW)
        program, window = ready(launch, meld.url, SSL_CERT_FILE=str(ca_file))
        create(window)
        meld.wait_for_requests(1)
        activate(program)
        assert program.quit() < 1.0
        assert meld.requests[0].gone.wait(3)
