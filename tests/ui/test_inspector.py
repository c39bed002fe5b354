"""The Request, Response and Token tabs: what was sent and what came back, to look into and to copy from."""

import html
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.api_call import START_PATH
from meld_desktop.domain.environments import DEMO, SANDBOX, custom_environment
from meld_desktop.domain.link import Exchange, Timing
from meld_desktop.domain.snippets import SNIPPETS, SnippetKind, snippet
from meld_desktop.domain.token import read_token
from meld_desktop.ui.result.json_model import NAME, VALUE, JsonTreeModel, parse, written
from meld_desktop.ui.result.json_tree import JsonTree
from meld_desktop.ui.result.token_pane import CLAIM, LABEL
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme
from tests.support.strict_meld import StrictMeld
from tests.ui.bench import FULL, Bench
from tests.ui.conftest import MakeBench

HOSTILE = """O'Brien "& Söhne" %USER% `id` $(id) \\ ‘smart’\n😀"""


def copied() -> str:
    return QGuiApplication.clipboard().text()


def answer(body: str, **changes: object) -> Exchange:
    return Exchange("POST", "https://api.meld.io/x", (), "{}", 200, "OK", (("X", "y"),), body, **changes)  # type: ignore[arg-type]


def make_link(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.services.create_link.created):
        bench.panel.create_button.click()


def texts_in(widget: QWidget) -> str:
    """Return all words that labels, buttons and text fields in ``widget`` hold."""
    parts = [label.text() for label in widget.findChildren(QLabel)]
    parts += [button.text() for button in widget.findChildren(QPushButton)]
    parts += [field.toPlainText() for field in widget.findChildren(QPlainTextEdit)]
    return "\n".join(parts)


# --- request


def test_the_headers_shown_are_those_that_are_sent(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    remote.form.set_request(FULL)
    shown = dict(line.split(": ", 1) for line in remote.result.request.headers.lines.toPlainText().splitlines())
    make_link(remote, qtbot)
    [sent] = meld.requests
    assert shown.pop("Authorization") == "BASIC •••"
    assert sent.header("Authorization") == ["BASIC a-key-of-the-tests"]
    assert set(shown) == {"Meld-Version", "Content-Type", "Accept", "Accept-Encoding", "User-Agent"}
    assert {name: sent.header(name) for name in shown} == {name: [value] for name, value in shown.items()}


@pytest.mark.parametrize("kind", SNIPPETS)
def test_copy_as(remote: Bench, meld: StrictMeld, kind: SnippetKind) -> None:
    remote.form.set_request(FULL)
    remote.action("Copy as", kind.value).trigger()
    assert copied() == snippet(kind, method="POST", url=meld.url + START_PATH, body=FULL.to_json())
    assert "a-key-of-the-tests" not in copied()
    assert remote.strip.message.title == f"Copied as {kind.value}"
    assert "MELD_API_KEY" in remote.strip.message.text


def test_what_is_copied_runs_and_sends_what_the_window_sends(
    remote: Bench, meld: StrictMeld, qtbot: QtBot, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    remote.form.set_request(FULL)
    remote.line("Customer ID").setText(HOSTILE.replace("\n", " "))
    remote.action("Copy as", "cURL").trigger()
    make_link(remote, qtbot)
    variables = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MELD_API_KEY": "a-key-of-the-tests"}
    subprocess.run(["sh"], input=copied().encode(), env=variables, check=True, timeout=30, capture_output=True)
    ours, theirs = meld.requests
    assert theirs.body == ours.body
    assert "Brien" in theirs.body.decode()
    assert theirs.header("Authorization") == ours.header("Authorization")


def test_in_demo_the_running_local_meld_is_asked(bench: Bench, qtbot: QtBot) -> None:
    pane = bench.result.request
    running, pane.local_address = pane.local_address, str  # as before it runs, which it may do at any moment
    QGuiApplication.clipboard().setText("before")
    bench.form.set_request(FULL)
    bench.action("Copy as", "cURL").trigger()
    assert copied() == "before"
    assert bench.strip.message.title == "Nothing copied"
    pane.local_address = running
    make_link(bench, qtbot)
    bench.action("Copy as", "cURL").trigger()
    assert bench.services.demo.address.startswith("http://127.0.0.1:")
    assert f"--url '{bench.services.demo.address}{START_PATH}'" in copied()
    assert "Demo takes any text as MELD_API_KEY" in bench.strip.message.text


def test_the_menu_opens_with_the_keyboard(bench: Bench, qtbot: QtBot) -> None:
    bench.content.use_environment(SANDBOX)
    bench.result.show_pane(bench.result.request)
    button = bench.button("Copy as")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == [kind.value for kind in SNIPPETS]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert bench.strip.message.title == "Copied as HTTPie"
    assert f"{SANDBOX.base_url}{START_PATH}" in copied()


# --- response


def test_the_phases_are_told_as_far_as_they_are_known(bench: Bench) -> None:
    pane = bench.result.response
    pane.show_exchange(answer("{}", timing=Timing(0.0123, 0.04, 0.0004, 1.5, 0.002)))
    phases = "connecting 12 ms · TLS 40 ms · sending 0.4 ms · waiting 1500 ms · reading 2.0 ms"
    assert pane.detail.text().replace(",", "") == phases
    pane.show_exchange(answer("{}", timing=Timing(connect=0.001, waiting=0.02)))
    assert pane.detail.text() == "connecting 1.0 ms · waiting 20 ms"
    pane.show_exchange(answer("{}"))
    assert pane.detail.text() == ""
    assert not pane.detail.isVisibleTo(pane)


def test_how_far_it_came_without_an_answer(bench: Bench) -> None:
    pane = bench.result.response
    lost = Exchange("POST", "https://api.meld.io/x", (), "{}", timing=Timing(connect=0.05, waiting=30.0))
    pane.show_exchange(lost)
    assert pane.line.text() == "No answer came"
    assert pane.detail.text().replace(",", "") == "POST https://api.meld.io/x\nconnecting 50 ms · waiting 30000 ms"
    assert not pane.headers.isVisibleTo(pane)


def test_a_real_answer_has_phases_and_headers(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    remote.form.set_request(FULL)
    make_link(remote, qtbot)
    pane = remote.result.response
    remote.result.show_pane(pane)
    phases = [phase.split(" ")[0] for phase in pane.detail.text().split(" · ")]
    assert phases == ["connecting", "sending", "waiting", "reading"]
    assert pane.headers.button.text().startswith("Headers (")
    assert not pane.headers.lines.isVisible()
    QTest.keyClick(pane.headers.button, Qt.Key.Key_Space)
    assert pane.headers.lines.isVisible()
    assert "x-request-id: 0123456789abcdef0123456789abcdef" in pane.headers.lines.toPlainText()


def test_short_headers_need_no_scroll_bar_and_many_do_not_fill_the_window(bench: Bench, qtbot: QtBot) -> None:
    pane = bench.result.response
    bench.result.show_pane(pane)
    pane.show_exchange(answer("{}"))
    pane.headers.set_open(True)
    bar = pane.headers.lines.verticalScrollBar()
    qtbot.waitUntil(lambda: pane.headers.lines.isVisible() and bar.maximum() == 0)
    many = tuple((f"x-{number}", "v" * 20) for number in range(100))
    pane.show_exchange(Exchange("GET", "https://x", (), "", 200, "OK", many, "{}"))
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert pane.headers.lines.height() < 200


def test_tokens_are_masked_in_headers_and_tree(bench: Bench) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJtZWxkIn0.c2lnbmF0dXJl"
    body = json.dumps({"connectToken": token, "widgetUrl": f"https://x?connectToken={token}", "list": [token]})
    headers = (("Location", f"https://x?connectToken={token}"), ("X", token))
    pane = bench.result.response
    pane.show_exchange(Exchange("POST", "https://x", (), "{}", 201, "Created", headers, body))
    pane.as_tree.click()
    pane.tree.unfold()
    pane.tree.expandAll()
    values = "".join(f"{name} {value}" for name, value in rows_of(pane.tree.values))
    assert "•••" in values
    assert token not in values + texts_in(pane)


def test_the_choice_of_a_tree_lasts(bench: Bench) -> None:
    pane = bench.result.response
    bench.result.show_pane(pane)
    pane.show_exchange(answer('{"a": 1}'))
    assert pane.view.isVisible()
    bench.button("Show the body as a tree").click()
    assert pane.tree.isVisible()
    assert rows_of(pane.tree.values) == [("a", "1")]
    pane.show_exchange(answer('{"b": [true]}'))
    assert pane.tree.isVisible()
    assert rows_of(pane.tree.values) == [("b", "Items: 1"), ("0", "true")]
    pane.show_exchange(answer("<html>no</html>"))
    assert pane.view.isVisible()
    assert not pane.as_tree.isEnabled()
    pane.show_exchange(answer('{"c": null}'))
    assert pane.tree.isVisible()
    bench.button("Show the body as text").click()
    assert pane.view.isVisible()


def test_tab_goes_through_the_response_in_reading_order(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    remote.form.set_request(FULL)
    make_link(remote, qtbot)
    pane = remote.result.response
    remote.result.show_pane(pane)
    pane.headers.set_open(True)
    pane.copy_id.setFocus()
    order = []
    for _ in range(6):
        focus = remote.window.focusWidget()
        order.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert order == [pane.copy_id, pane.headers.button, pane.headers.lines, pane.as_text, pane.copy, pane.view]


# --- the tree


def rows_of(model: JsonTreeModel, parent: QModelIndex | None = None) -> list[tuple[str, str]]:
    """Return every row of a small tree, depth first."""
    parent = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, NAME, parent)
        found.append((str(index.data()), str(model.index(row, VALUE, parent).data())))
        found += rows_of(model, index)
    return found


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    look = qapp.font(), qapp.palette(), qapp.styleSheet()
    theme = Theme(qapp, ThemeChoice.LIGHT)
    yield theme
    theme.deleteLater()
    qapp.setFont(look[0])
    qapp.setPalette(look[1])
    qapp.setStyleSheet(look[2])


@pytest.fixture
def tree(theme: Theme, qtbot: QtBot) -> JsonTree:
    tree = JsonTree(theme)
    qtbot.addWidget(tree)
    tree.resize(500, 400)
    tree.show()
    return tree


def test_the_tree_by_keyboard_alone(tree: JsonTree) -> None:
    assert tree.show_text('{"a": {"b c": [1.50, "x\\"y"], "d": {}}, "e": "täxt"}')
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(tree, key)
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied() == "1.50"
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    assert copied() == '$.a["b c"][0]'
    QTest.keyClick(tree, Qt.Key.Key_Down)
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied() == 'x"y'
    QTest.keyClick(tree, Qt.Key.Key_Home)
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied() == '{\n  "b c": [\n    1.50,\n    "x\\"y"\n  ],\n  "d": {}\n}'
    QTest.keyClick(tree, Qt.Key.Key_Slash)
    assert not tree.isExpanded(tree.currentIndex())
    QTest.keyClick(tree, Qt.Key.Key_Asterisk)
    assert tree.isExpanded(tree.values.index(0, NAME, tree.currentIndex()))


def test_the_context_menu_offers_the_same(tree: JsonTree) -> None:
    assert tree.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    assert [action.text() for action in tree.actions()] == [
        "Copy value", "Copy path", "Unfold everything below", "Fold everything",
    ]  # fmt: skip


def test_the_model_keeps_qts_rules(theme: Theme) -> None:
    model = JsonTreeModel(theme)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    for text in ('{"a": [1, {"b": null}], "c": {}, "d": []}', "[]", "7", json.dumps(list(range(2500)))):
        model.set_value(parse(text))
        rows_of(model)
    tester.deleteLater()
    model.deleteLater()


def test_what_stands_twice_shows_twice_and_numbers_stay_as_written(theme: Theme) -> None:
    model = JsonTreeModel(theme)
    huge = "9" * 5000
    model.set_value(parse(f'{{"a": 1.10, "a": 1e400, "n": NaN, "h": {huge}}}'))
    assert rows_of(model)[:3] == [("a", "1.10"), ("a", "1e400"), ("n", "NaN")]
    assert model.text_of(model.index(3, NAME)) == huge
    model.deleteLater()


def test_long_lists_come_in_bundles(theme: Theme) -> None:
    model = JsonTreeModel(theme)
    model.set_value(parse(json.dumps({"list": list(range(2_345))})))
    holder = model.index(0, NAME)
    assert [str(model.index(row, NAME, holder).data()) for row in range(model.rowCount(holder))] == [
        "0 – 999", "1000 – 1999", "2000 – 2344",
    ]  # fmt: skip
    last = model.index(2, NAME, holder)
    assert model.rowCount(last) == 345
    item = model.index(344, NAME, last)
    assert (item.data(), model.path_of(item), model.text_of(item)) == ("2344", "$.list[2344]", "2344")
    assert json.loads(model.text_of(last)) == list(range(2000, 2345))
    assert model.path_of(last) == "$.list"
    model.deleteLater()


def test_a_megabyte_unfolds_without_a_hitch(tree: JsonTree) -> None:
    body = json.dumps({"rows": [[number] * 3 for number in range(60_000)], "one": "x" * 200_000})
    assert len(body) > 1_000_000
    began = time.perf_counter()
    assert tree.show_text(body)
    assert time.perf_counter() - began < 2
    for key in (Qt.Key.Key_Asterisk, Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_PageDown):
        began = time.perf_counter()
        QTest.keyClick(tree, key)
        tree.viewport().repaint()
        assert time.perf_counter() - began < 1, key


def test_depth_costs_no_stack(tree: JsonTree) -> None:
    assert not tree.show_text("[" * 100_000)
    assert not tree.show_text('{"a":' * 50_000 + "1" + "}" * 50_000)
    assert tree.values.rowCount() == 0
    deep = '{"a":' * 900 + "[]" + "}" * 900
    assert tree.show_text(deep)
    tree.unfold()
    index = tree.currentIndex()
    while tree.values.hasChildren(index):
        assert tree.isExpanded(index)
        index = tree.values.index(0, NAME, index)
    assert tree.values.path_of(index) == "$" + ".a" * 900
    tree.copy_value()
    assert json.loads(copied()) == json.loads(deep)["a"]
    tree.viewport().repaint()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_what_is_copied_is_what_was_there(value: object) -> None:
    assert json.loads(written(parse(json.dumps(value)))) == json.loads(json.dumps(value))
    assert written(parse(json.dumps(value))) == json.dumps(json.loads(json.dumps(value)), ensure_ascii=False, indent=2)


def test_a_tool_tip_is_no_markup(tree: JsonTree) -> None:
    tree.show_text(json.dumps({"a": "<img src='file:///etc/passwd'> <b>x</b>"}))
    tip = str(tree.values.index(0, VALUE).data(Qt.ItemDataRole.ToolTipRole))
    assert "<img" not in tip
    assert html.escape("<b>x</b>") in tip


# --- token


def claims_in(bench: Bench) -> dict[str, tuple[str, str]]:
    model = bench.result.token.claims
    cells = [[str(model.index(row, column).data()) for column in range(3)] for row in range(model.rowCount())]
    return {cell[CLAIM]: (cell[LABEL], cell[1]) for cell in cells}


def test_the_token_is_told_in_words_and_not_shown(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    pane = remote.result.token
    assert pane.line.text() == "No link yet"
    assert not pane.table.isVisibleTo(pane)
    remote.form.set_request(FULL)
    make_link(remote, qtbot)
    remote.result.show_pane(pane)
    claims = claims_in(remote)
    assert claims["iss"] == ("Made by", "meld.io")
    assert claims["customer"] == ("Customer ID at Meld", "support-4711")
    assert claims[""] == ("Works for", "4 h 0 min")
    expires = read_token(meld.tokens[0]).expires
    assert expires is not None
    assert claims["exp"][0] == "Works until"
    assert expires.astimezone().strftime("%H:%M:%S") in claims["exp"][1]
    everything = texts_in(pane) + repr(claims)
    assert not [part for part in meld.tokens[0].split(".") if part in everything]
    pane.table.setFocus()
    QTest.keyClick(pane.table, Qt.Key.Key_End)
    QTest.keyClick(pane.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied() == "meld.io"
    assert remote.strip.message.title == "Copied"
    remote.content.use_environment(SANDBOX)
    assert claims_in(remote) == {}
    assert pane.line.text() == "No link yet"


def test_an_opaque_token_is_said_to_be_one(make_bench: MakeBench, meld: StrictMeld, qtbot: QtBot) -> None:
    from tests.support import answers

    bench = make_bench(environment=custom_environment(meld.url), environ={"MELD_API_KEY": "k"})
    meld.script(answers.ok(connectToken="opaque", widgetUrl=f"{meld.widget.url}?connectToken=opaque"))
    bench.form.set_request(FULL)
    make_link(bench, qtbot)
    assert bench.result.token.line.text() == "This connect token says nothing that can be read"
    assert "usually 4 hours" in bench.result.token.detail.text()
    assert "opaque" not in texts_in(bench.result.token)


def test_demo_has_the_documented_claims(bench: Bench, qtbot: QtBot) -> None:
    assert bench.panel._environment == DEMO
    bench.form.set_request(FULL)
    make_link(bench, qtbot)
    claims = claims_in(bench)
    assert {"exp", "iat", "products", "regions", "redirect", "routingProfile", "connection"} <= set(claims)
    assert claims["products"][1] == "Balances, Owners"
    assert claims["redirect"] == ("Banks with own login page", "offered")
