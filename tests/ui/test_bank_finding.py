"""The form and the banks together, with Demo's own list: the answer, its suggestions, the panel and the picker."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import SANDBOX
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.ui.banks.panel import BanksPanel
from tests.ui.bench import Bench

NARROW = ConnectStartRequest(
    "support-4711", (Product.BALANCES, Product.INVESTMENT_HOLDINGS), regions=("CA",), allow_redirect=False
)


@pytest.fixture
def narrow(bench: Bench, qtbot: QtBot) -> Bench:
    bench.form.set_request(NARROW)
    qtbot.waitUntil(lambda: "match" in bench.panel.matching.said, timeout=20_000)
    return bench


def test_nothing_is_loaded_before_the_form_is_begun(bench: Bench) -> None:
    assert not bench.services.banks.state.has_banks
    assert bench.services.banks.state.loading is None


def test_a_suggestion_is_one_click_and_what_it_says_comes_true(narrow: Bench, qtbot: QtBot) -> None:
    before = narrow.panel.matching.said
    links = [button for button in narrow.panel.matching.findChildren(QPushButton) if " more " in button.text()]
    assert links, before
    links[0].click()
    qtbot.waitUntil(lambda: narrow.panel.matching.said != before, timeout=20_000)
    assert narrow.form.request() != NARROW
    assert narrow.form.request().external_customer_id == "support-4711"
    assert narrow.strip.message.title == "Form changed"


def test_a_bank_of_the_panel_goes_into_the_form(narrow: Bench, qtbot: QtBot) -> None:
    panel = narrow.content.panels.show_panel("banks")
    assert isinstance(panel, BanksPanel)
    with qtbot.waitSignal(narrow.services.banks.explained, timeout=20_000):
        panel.set_request(narrow.form.request())
    qtbot.waitUntil(lambda: bool(panel.findChildren(QPushButton)), timeout=20_000)
    narrow.button("Use this bank", panel).click()
    chosen = narrow.form.request().institution_id
    assert chosen
    assert narrow.services.banks.name_of(chosen)
    assert narrow.panel.isVisible()
    assert narrow.form.institution.name == narrow.services.banks.name_of(chosen)


def test_a_name_typed_in_the_form_offers_banks(narrow: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(narrow.services.banks.completed, timeout=20_000) as completed:
        narrow.form.institution.line.setFocus()
        QTest.keyClicks(narrow.form.institution.line, "maple te")
    assert completed.args is not None
    assert "Maple Test Bank" in [bank.name for bank in completed.args[0].banks]


def test_the_sandbox_says_why_it_has_no_list(narrow: Bench, qtbot: QtBot) -> None:
    narrow.content.use_environment(SANDBOX)
    qtbot.waitUntil(lambda: not narrow.services.banks.state.has_banks, timeout=20_000)
    assert " banks match" not in narrow.panel.matching.said
    assert narrow.panel.matching.said
