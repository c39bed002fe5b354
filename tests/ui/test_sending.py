"""Create link, against a strict server on loopback: what is sent, what is said of each failure, and what stays."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import custom_environment
from meld_desktop.domain.errors import KINDS, Kind
from tests.support import answers
from tests.support.answers import Answer
from tests.support.strict_meld import StrictMeld, closed_port
from tests.ui.bench import FULL, Bench
from tests.ui.conftest import MakeBench

EVERYTHING = replace(
    FULL,
    institution_id="bank-1",
    allow_redirect=False,
    selection_style="TILE",
    institution_selection_text="Wählen Sie Ihre Bank",
    account_logo_url="https://example.com/logo.png",
    font="Inter",
    show_border=False,
    border_color="#0B6E6E",
    border_text_color="teal",
    routing_retry=True,
    routing_retry_bank_button_color="#111111",
    routing_retry_provider_button_color="#222222",
)


def _send(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.panel.busy, check_params_cb=lambda busy: not busy, timeout=15000):
        bench.panel.create_button.click()


@pytest.mark.parametrize("request_", [FULL, EVERYTHING], ids=["some", "everything"])
def test_the_preview_is_what_the_server_receives(
    remote: Bench, meld: StrictMeld, qtbot: QtBot, request_: object
) -> None:
    remote.form.set_request(request_)  # type: ignore[arg-type]
    preview = remote.result.request.view.toPlainText()
    _send(remote, qtbot)
    assert meld.violations == []
    assert meld.bodies == [json.loads(preview)]
    assert list(meld.bodies[0]) == list(json.loads(preview))
    assert remote.result.request.line.text() == f"POST {meld.requests[0].path}"


def test_a_link_shows_and_is_copied_whole(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    remote.form.set_request(FULL)
    _send(remote, qtbot)
    link = f"{meld.widget.url}?connectToken={meld.tokens[0]}"
    assert remote.line("Widget URL").text() == link
    assert remote.line("Widget URL").isReadOnly()
    assert remote.strip.message.title == "Link ready"
    assert "Works until" in remote.strip.message.text
    remote.button("Copy link").click()
    assert QGuiApplication.clipboard().text() == link
    assert remote.strip.message.title == "Link copied"


def test_the_response_masks_the_token_and_gives_the_request_id(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    remote.form.set_request(FULL)
    _send(remote, qtbot)
    remote.result.show_pane(remote.result.response)
    pane = remote.result.response
    assert pane.line.text().startswith("201 Created in ")
    assert meld.tokens[0] not in pane.view.toPlainText()
    assert "WQ5CwCxDxXhYuA4fVHGk3o" in pane.view.toPlainText()
    assert _shows(remote, "Connect tokens are masked here.")
    remote.button("Copy request ID of this answer").click()
    assert QGuiApplication.clipboard().text() == "0123456789abcdef0123456789abcdef"
    remote.button("Copy response body").click()
    assert QGuiApplication.clipboard().text() == pane.view.toPlainText()


def test_while_sending_only_cancel_works(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    meld.script(answers.SLOW)
    remote.form.set_request(FULL)
    remote.panel.create_button.click()
    qtbot.waitUntil(lambda: len(meld.requests) == 1)
    qtbot.waitUntil(remote.panel.cancel_button.hasFocus)
    assert not remote.panel.create_button.isEnabled()
    assert not remote.line("Customer ID").isEnabled()
    assert not remote.window.header.environment.isEnabled()
    remote.panel.create_link()
    QTest.keyClick(remote.window, Qt.Key.Key_Escape)
    assert remote.strip.message.title == "Cancelled"
    assert remote.panel.create_button.hasFocus()
    assert remote.form.request() == FULL
    assert meld.requests[0].gone.wait(5)
    assert len(meld.requests) == 1


def test_a_late_answer_to_a_cancelled_request_changes_nothing(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    meld.script(Answer(delay=0.3), answers.ok(id="second"))
    remote.form.set_request(FULL)
    remote.panel.create_button.click()
    qtbot.waitUntil(lambda: len(meld.requests) == 1)
    remote.panel.cancel_button.click()
    _send(remote, qtbot)
    assert '"second"' in remote.result.response.view.toPlainText()
    assert remote.line("Widget URL").text().endswith(meld.tokens[-1])


FAULTS = [
    (answers.BAD_FIELDS, Kind.BAD_REQUEST),
    (answers.NO_AUTHORITY, Kind.UNAUTHORIZED),
    (answers.FORBIDDEN_EMPTY, Kind.FORBIDDEN),
    (answers.CONFLICT, Kind.CONFLICT),
    (answers.UNPROCESSABLE, Kind.UNPROCESSABLE),
    (answers.TOO_MANY, Kind.RATE_LIMITED),
    (answers.SERVER_HTML, Kind.SERVER),
    (answers.NOT_JSON, Kind.NOT_JSON),
    (answers.NO_WIDGET_URL, Kind.NO_WIDGET_URL),
    (answers.ok(widgetUrl="https://example.com/?connectToken=x"), Kind.UNSAFE_WIDGET_URL),
    (answers.RESET, Kind.CONNECTION_LOST),
    (answers.redirect("https://example.com/"), Kind.REDIRECTED),
]


@pytest.mark.parametrize(("answer", "kind"), FAULTS, ids=[kind.name for _, kind in FAULTS])
def test_a_failure_says_what_happened_and_what_to_do(
    remote: Bench, meld: StrictMeld, qtbot: QtBot, answer: Answer, kind: Kind
) -> None:
    meld.script(answer)
    remote.form.set_request(FULL)
    _send(remote, qtbot)
    message = remote.strip.message
    assert message.title == str(KINDS[kind].title)
    assert str(KINDS[kind].hint) in message.text
    assert ". " + str(KINDS[kind].hint) in f". {message.text}"
    assert f"Kind: {kind.name}" in message.details
    assert remote.form.request() == FULL
    assert remote.panel.create_button.isEnabled()
    assert remote.line("Widget URL").text() == ""
    remote.button("Copy details").click()
    assert QGuiApplication.clipboard().text() == message.details
    assert "a-key-of-the-tests" not in message.details


def test_the_request_id_of_a_refusal_is_copied(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    meld.script(answers.NO_AUTHORITY)
    remote.form.set_request(FULL)
    _send(remote, qtbot)
    remote.button("Copy request ID").click()
    assert QGuiApplication.clipboard().text() == answers.REQUEST_ID
    assert answers.REQUEST_ID in remote.strip.message.details


def test_what_meld_holds_against_a_field_is_said_at_the_field(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    meld.script(answers.BAD_FIELDS)
    remote.form.set_request(FULL)
    _send(remote, qtbot)
    assert "must not contain spaces" in remote.said_at("external_customer_id")
    assert "must be a registered URL" in remote.said_at("redirect_url")
    assert remote.said_at("regions") == ""
    assert remote.line("Customer ID").hasFocus()
    assert remote.panel.create_button.isEnabled()


def test_a_pause_that_meld_asks_for_is_counted_down(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    meld.script(answers.refusal(429, "TOO_MANY_REQUESTS", "Slow down", Retry_After="2"))
    remote.form.set_request(FULL)
    _send(remote, qtbot)
    shown = remote.strip.text.toPlainText
    assert "You can try again in 2 s." in shown()
    qtbot.waitUntil(lambda: "You can try again in 1 s." in shown(), timeout=3000)
    qtbot.waitUntil(lambda: "try again in" not in shown(), timeout=3000)
    assert shown().startswith("Too many requests.")


def test_no_server_is_said_and_nothing_shows_as_answer(make_bench: MakeBench, qtbot: QtBot) -> None:
    with closed_port() as url:
        bench = make_bench(environment=custom_environment(url), environ={"MELD_API_KEY": "k"})
        bench.form.set_request(FULL)
        _send(bench, qtbot)
    assert bench.strip.message.title == str(KINDS[Kind.CONNECTION_REFUSED].title)
    assert bench.result.response.line.text() == "No answer came"
    assert not bench.button("Copy request ID").isVisible()


def test_without_a_key_nothing_is_sent(make_bench: MakeBench, meld: StrictMeld, qtbot: QtBot) -> None:
    bench = make_bench(environment=custom_environment(meld.url))
    bench.form.set_request(FULL)
    _send(bench, qtbot)
    assert bench.strip.message.title == "No API key"
    assert meld.requests == []


def test_a_failure_keeps_the_link_that_was_there(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    meld.script(answers.OK, answers.SERVER_HTML)
    remote.form.set_request(FULL)
    _send(remote, qtbot)
    before = remote.line("Widget URL").text()
    _send(remote, qtbot)
    assert remote.line("Widget URL").text() == before != ""


def _shows(bench: Bench, start: str) -> bool:
    return any(label.isVisible() and label.text().startswith(start) for label in bench.window.findChildren(QLabel))
