"""The form: from the table of fields to the request, and what is said when something is wrong."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import SANDBOX
from meld_desktop.domain.fields import FIELDS, FieldSpec, Group, Kind
from meld_desktop.domain.products import LABELS, Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.validation import check, errors_in
from meld_desktop.ui.form.field_frame import FieldFrame
from tests.ui.bench import BROKEN, FULL, Bench
from tests.ui.conftest import MakeBench

_TYPED = {
    Kind.TEXT: "Some text",
    Kind.URL: "https://example.com/x",
    Kind.COLOUR: "teal",
}


def _use(bench: Bench, spec: FieldSpec) -> object:
    """Use the control of one field as a person does; return the value it must give."""
    name = str(spec.label)
    if spec.kind in _TYPED:
        bench.line(name).setText(_TYPED[spec.kind])
        return _TYPED[spec.kind]
    if spec.kind is Kind.PRODUCTS:
        bench.tick(Product.OWNERS, name.lower())
        return (Product.OWNERS,)
    if spec.kind is Kind.FLAG:
        bench.box(name).click()
        return not spec.default
    if spec.kind is Kind.TRISTATE:
        bench.box(name).click()
        return True
    if spec.kind is Kind.CHOICE:
        combo = bench.find(QComboBox, name)
        combo.setCurrentIndex(2)
        return spec.choices[1][0]
    assert spec.kind is Kind.REGIONS
    bench.form.set_request(replace(bench.form.request(), regions=("CA",)))
    return ("CA",)


@pytest.mark.parametrize("spec", FIELDS, ids=lambda spec: spec.id)
def test_each_field_of_the_table_reaches_the_request_and_the_preview(bench: Bench, spec: FieldSpec) -> None:
    bench.form.appearance.set_open(spec.group is Group.APPEARANCE)
    wanted = _use(bench, spec)
    assert getattr(bench.form.request(), spec.id) == wanted
    shown = bench.result.request.view.toPlainText()
    assert shown == bench.form.request().to_json(indent=2)
    assert f'"{spec.wire[-1]}"' in shown


def test_what_a_request_says_comes_back_from_the_form(bench: Bench) -> None:
    request = replace(
        FULL,
        allow_redirect=False,
        selection_style="TILE",
        show_border=False,
        routing_retry=True,
        border_color="#0B6E6E",
        institution_id="bank-1",
    )
    bench.form.set_request(request)
    assert bench.form.request() == request
    bench.form.set_request(ConnectStartRequest())
    assert bench.form.request() == ConnectStartRequest()


@pytest.mark.parametrize("product", Product)
def test_ticking_a_product_clears_its_twin(bench: Bench, product: Product) -> None:
    required = bench.tick(product, "required")
    optional = bench.tick(product, "optional")
    assert (required.isChecked(), optional.isChecked()) == (False, True)
    required.click()
    assert (required.isChecked(), optional.isChecked()) == (True, False)


def test_blanks_around_pasted_text_are_not_part_of_the_value(bench: Bench) -> None:
    bench.line("Customer ID").setText("  support-4711\t")
    assert bench.form.request().external_customer_id == "support-4711"


def test_regions_are_typed_by_name_and_code(bench: Bench, qtbot: QtBot) -> None:
    line = bench.line("Add region")
    line.setFocus()
    QTest.keyClicks(line, "Canada, US-CA")
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.form.request().regions == ("CA", "US-CA"))
    assert '"US-CA"' in bench.result.request.view.toPlainText()


def test_tristate_says_nothing_until_it_is_set(bench: Bench) -> None:
    bench.form.appearance.set_open(True)
    box = bench.box("Show border")
    seen = []
    for _ in range(3):
        seen.append((box.checkState(), bench.form.request().show_border))
        box.click()
    assert (Qt.CheckState.PartiallyChecked, None) in seen
    assert (Qt.CheckState.Checked, True) in seen
    assert (Qt.CheckState.Unchecked, False) in seen
    assert seen[0] == (Qt.CheckState.PartiallyChecked, None)


def test_a_new_window_says_why_it_cannot_send_and_marks_nothing(bench: Bench) -> None:
    assert not bench.panel.create_button.isEnabled()
    (problem,) = errors_in(bench.form.problems())
    assert _reason(bench) == f"Before you can create the link: {problem.text}"
    assert bench.panel.create_button.accessibleDescription() == _reason(bench)
    assert not any(editor.said for editor in bench.form.editors)


def test_the_reason_goes_and_the_button_comes(bench: Bench) -> None:
    bench.tick(Product.OWNERS)
    assert bench.panel.create_button.isEnabled()
    assert not _reason(bench)
    assert bench.panel.create_button.accessibleDescription() == ""


def test_the_customer_of_the_documentation_stands_in_demo_only(make_bench: MakeBench) -> None:
    bench = make_bench()
    assert bench.line("Customer ID").text() == "testUser"
    bench.content.use_environment(SANDBOX)
    assert bench.line("Customer ID").text() == ""
    bench.line("Customer ID").setText("support-4711")
    bench.content.use_environment(bench.window.header.environment.itemData(0))
    assert bench.line("Customer ID").text() == "support-4711"


def test_all_problems_are_said_at_once_each_at_its_field(bench: Bench) -> None:
    bench.form.set_request(BROKEN)
    found = check(BROKEN, is_region=lambda _code: True)
    expected = {problem.field: str(problem.text) for problem in found}
    assert len(found) == len(expected) == 9
    assert {field: bench.said_at(field) for field in expected} == expected
    assert not bench.said_at("regions")
    assert not bench.said_at("font")


def test_a_problem_is_said_to_screen_readers_and_shown_by_an_icon(bench: Bench) -> None:
    bench.form.set_request(BROKEN)
    line = bench.line("Redirect URL")
    assert line.accessibleDescription().startswith("“javascript:” addresses are not safe here.")
    editor = next(editor for editor in bench.form.editors if editor.specs[0].id == "redirect_url")
    icons = [label for label in editor.findChildren(QLabel) if label.isVisible() and not label.pixmap().isNull()]
    assert len(icons) == 1


def test_a_problem_elsewhere_does_not_colour_the_regions(bench: Bench) -> None:
    bench.form.set_request(replace(FULL, regions=()))
    frame = bench.form.findChild(FieldFrame)
    assert frame is not None
    before = frame.grab().toImage()
    bench.line("Redirect URL").setText("javascript:1")
    assert bench.said_at("redirect_url")
    assert frame.grab().toImage() == before


def test_what_meld_says_is_never_read_as_markup(bench: Bench) -> None:
    bench.line("Redirect URL").setText("x")
    bench.form.set_request(replace(FULL, border_color="<b>bold</b><img src=x>"))
    editor = next(editor for editor in bench.form.editors if editor.specs[0].id == "border_color")
    (shown,) = [label for label in editor.findChildren(QLabel) if "<b>" in label.text()]
    assert shown.textFormat() == Qt.TextFormat.PlainText


def test_a_problem_goes_as_soon_as_it_is_mended(bench: Bench) -> None:
    bench.form.set_request(BROKEN)
    bench.line("Redirect URL").setText("https://example.com")
    assert bench.said_at("redirect_url") == ""
    assert bench.said_at("border_color")


def test_ctrl_return_on_a_broken_form_shows_the_way_and_sends_nothing(remote: Bench, qtbot: QtBot) -> None:
    remote.form.set_request(replace(FULL, border_color="blurple"))
    sent = []
    remote.services.create_link.sending.connect(lambda: sent.append(1))
    line = remote.line("Border colour")
    assert not line.isVisible()
    remote.line("Customer ID").setFocus()
    QTest.keyClick(remote.line("Customer ID"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert line.isVisible()
    assert line.hasFocus()
    assert remote.strip.message.title == "Not sent"
    assert "“blurple” is not a colour." in remote.strip.message.text
    assert not sent


def test_the_appearance_is_folded_and_remembered(make_bench: MakeBench) -> None:
    bench = make_bench()
    assert not [line for line in bench.window.findChildren(QLineEdit) if line.accessibleName() == "Font"]
    bench.button("Picker appearance").click()
    assert bench.line("Font").isVisible()
    bench.button("Picker appearance").click()
    assert not bench.line("Font").isVisible()
    bench.button("Picker appearance").click()
    assert bench.preferences.settings.appearance_open


def test_a_warning_does_not_keep_from_sending(bench: Bench) -> None:
    bench.form.set_request(replace(FULL, redirect_url="http://example.com/done"))
    assert "not encrypted" in bench.said_at("redirect_url")
    assert bench.panel.create_button.isEnabled()


@pytest.mark.parametrize("product", Product)
def test_a_row_is_ticked_by_keyboard(bench: Bench, qtbot: QtBot, product: Product) -> None:
    box = bench.find(QCheckBox, f"{LABELS[product]} optional")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert bench.form.request().optional_products == (product,)


def _reason(bench: Bench) -> str:
    shown = [
        label.text()
        for label in bench.window.findChildren(QLabel)
        if label.isVisible() and label.text().startswith("Before you can create the link")
    ]
    assert len(shown) < 2
    return shown[0] if shown else ""


def test_a_long_value_shows_its_beginning(bench: Bench) -> None:
    bench.form.set_request(replace(FULL, redirect_url="https://example.com/" + "x" * 200))
    line = bench.find(QLineEdit, "Redirect URL")
    assert line.cursorPosition() == 0
