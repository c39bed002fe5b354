"""The desk behind the window: links are kept as they are made, and everything can be done with them again."""

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from meld_desktop.domain.presets.builtin import built_in
from meld_desktop.ui.links.panel import LinksPanel
from tests.support.strict_meld import StrictMeld
from tests.ui.bench import FULL, Bench


@pytest.fixture
def made(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> Bench:
    """A window in which one link was made."""
    remote.form.set_request(FULL)
    with qtbot.waitSignal(remote.services.desk.links.kept, timeout=20_000):
        remote.button("Create link").click()
    return remote


def links_of(bench: Bench, qtbot: QtBot, count: int) -> LinksPanel:
    """Open the list and wait until it shows ``count`` links."""
    panel = bench.content.panels.show_panel("links")
    assert isinstance(panel, LinksPanel)
    qtbot.waitUntil(lambda: panel.model.rowCount() == count, timeout=20_000)
    return panel


def test_a_link_is_kept_as_it_is_made_and_without_its_address(made: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    panel = links_of(made, qtbot, 1)
    panel.view.setCurrentIndex(panel.model.index(0, 0))
    record = panel.view.current
    assert record is not None
    assert record.customer == FULL.external_customer_id
    assert record.request == FULL.to_json()
    folder = made.services.preferences._folder
    made.services.desk.close()
    for file in folder.rglob("*"):
        if file.is_file():
            assert meld.tokens[0].encode() not in file.read_bytes(), file


def test_make_again_sends_the_very_same_body(made: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    panel = links_of(made, qtbot, 1)
    panel.view.setCurrentIndex(panel.model.index(0, 0))
    made.form.customer.set_values({"external_customer_id": "somebody else"})
    with qtbot.waitSignal(made.services.create_link.created, timeout=20_000):
        panel.make_again.emit(panel.view.current)
    first, second = meld.requests
    assert first.body == second.body
    assert made.panel.isVisible()
    assert made.form.request().external_customer_id == "somebody else"


def test_edit_and_make_fills_the_form_and_sends_nothing(made: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    panel = links_of(made, qtbot, 1)
    panel.view.setCurrentIndex(panel.model.index(0, 0))
    made.content._next_customer()
    assert made.form.request().external_customer_id == ""
    assert made.form.request().products == FULL.products
    panel.edit_and_make.emit(panel.view.current)
    assert made.form.request() == FULL
    assert len(meld.requests) == 1


def test_a_known_customer_is_offered_what_was_used_last(made: Bench, qtbot: QtBot) -> None:
    made.form.set_request(FULL)
    made.line("Customer ID").setText("")
    made.tick(FULL.products[0])
    made.line("Customer ID").setText(FULL.external_customer_id)
    last = made.content.memory.last_used
    qtbot.waitUntil(lambda: last.record is not None, timeout=20_000)
    last.again.click()
    assert made.form.request() == FULL


def test_a_preset_fills_everything_but_the_customer(made: Bench) -> None:
    canada = built_in("canada")
    assert canada is not None
    made.panel.presets.chosen.emit(canada.preset)
    assert made.form.request() == canada.preset.request_for(FULL.external_customer_id)


def test_the_link_on_show_is_shared_and_copied_confidentially(made: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    made.button("Copy link").click()
    assert made.services.desk.clipboard.holds_ours()
    made.button("Share…").click()
    dialogs = [dialog for dialog in made.window.findChildren(QDialog) if dialog.isVisible()]
    assert [dialog.windowTitle() for dialog in dialogs] == ["Share the link"]
    dialogs[0].close()


def test_a_customer_who_finished_is_told_without_a_secret(made: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    panel = links_of(made, qtbot, 1)
    panel.view.setCurrentIndex(panel.model.index(0, 0))
    panel.completed.emit(panel.view.current)
    assert made.strip.message.title.startswith("Connected")
    assert FULL.external_customer_id in made.strip.message.text
    assert meld.tokens[0] not in made.strip.message.text
