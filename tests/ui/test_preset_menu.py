"""The Preset button, its menu, and the dialogs behind it: with real files, as a person uses them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.presets.builtin import BUILT_IN
from meld_desktop.domain.presets.documents import LARGEST
from meld_desktop.domain.presets.preset import Preset
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.services.presets import Presets
from meld_desktop.storage.presets import PresetStore
from meld_desktop.ui.form.preset_manager import PresetManager
from meld_desktop.ui.form.preset_menu import PresetMenu
from meld_desktop.ui.form.preset_name_dialog import PresetNameDialog
from meld_desktop.ui.messages import Message, Tone
from tests.ui.bench import FULL, Bench
from tests.ui.geometry import cut_in, settle
from tests.ui.test_translation import Pseudo, untranslated

LONG = "Everything we ever ask of a customer who wants a mortgage, & then some, at once"
BODY = FULL.to_json()


class Scene:
    """A button in a window, with what it says."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        self.store = PresetStore(folder)
        self.presets = Presets(bench.worker, folder, "", bench.root)
        self.request = FULL
        self.button = PresetMenu(self.presets, lambda: self.request, bench.window)
        self.button.move(300, 500)
        self.button.resize(self.button.sizeHint())
        self.button.show()
        self.chosen: list[Preset] = []
        self.said: list[Message] = []
        self.button.chosen.connect(self.chosen.append)
        self.button.said.connect(self.said.append)

    def texts(self) -> list[str]:
        return [action.text() for action in self.button.menu().actions() if not action.isSeparator()]

    def action(self, text: str) -> QAction:
        return next(each for each in self.button.menu().actions() if each.text().replace("&", "").startswith(text))

    def dialog(self, kind: type[QDialog]) -> QDialog:
        (found,) = [each for each in self.bench.window.findChildren(kind) if each.isVisible()]
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def scene(bench: Bench, folder: Path) -> Scene:
    return Scene(bench, folder)


def loaded(scene: Scene, qtbot: QtBot) -> None:
    with qtbot.waitSignal(scene.presets.listed):
        scene.presets.load()


@pytest.fixture
def opened(scene: Scene, qtbot: QtBot) -> Callable[[], PresetManager]:
    def open_manager() -> PresetManager:
        with qtbot.waitSignal(scene.presets.listed):
            scene.action("Manage presets").trigger()
        (manager,) = [each for each in scene.bench.window.findChildren(PresetManager) if each.isVisible()]
        qtbot.waitUntil(manager.isActiveWindow)
        return manager

    return open_manager


def rows(manager: PresetManager) -> list[str]:
    return [manager.list.item(row).text() for row in range(manager.list.count())]


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


# --- the menu


def test_the_button_has_its_name_and_a_menu(scene: Scene) -> None:
    interface = QAccessible.queryAccessibleInterface(scene.button)
    assert interface.text(QAccessible.Text.Name) == "Preset"
    assert interface.role() == QAccessible.Role.ButtonMenu
    assert scene.texts() == [
        "Verify account",
        "Balances and transactions",
        "Investments",
        "Canada",
        "&Save as preset…",
        "&Manage presets…",
    ]
    assert cut_in(scene.bench.window) == []


def test_no_file_is_looked_at_before_it_is_wanted(scene: Scene, qtbot: QtBot) -> None:
    assert scene.presets.current is None
    with qtbot.waitSignal(scene.presets.listed):
        scene.button.setFocus()
    assert scene.presets.current is not None


@pytest.mark.parametrize("place", range(len(BUILT_IN)))
def test_a_built_in_preset_is_chosen(scene: Scene, place: int) -> None:
    scene.button.menu().actions()[place].trigger()
    assert scene.chosen == [BUILT_IN[place].preset]
    assert scene.said[0].title == f"Preset: {BUILT_IN[place].preset.name}"
    assert "customer is as you left it" in scene.said[0].text


def test_a_preset_fills_the_real_form_with_the_same_body(scene: Scene, qtbot: QtBot) -> None:
    form = scene.bench.form
    form.set_request(FULL)
    with qtbot.waitSignal(scene.presets.done):
        scene.presets.save(Preset("Mine", form.request()))
    form.set_request(ConnectStartRequest("support-4711"))
    scene.button.chosen.connect(lambda preset: form.set_request(preset.request_for("support-4711")))
    scene.action("Mine").trigger()
    assert form.request().to_json() == BODY


def test_own_presets_follow_with_their_names_as_they_are(scene: Scene, qtbot: QtBot) -> None:
    scene.store.save(Preset("Tom & Jerry", FULL))
    scene.store.save(Preset(LONG, FULL))
    loaded(scene, qtbot)
    texts = scene.texts()
    assert "Tom && Jerry" in texts
    (long,) = [text for text in texts if text.startswith("Everything")]
    assert len(long) <= 46
    assert long.endswith("…")
    assert "then some" in scene.action("Everything").toolTip()
    assert "Required: Balances, Owners" in scene.action("Tom").toolTip()


def test_many_presets_do_not_fill_the_screen(scene: Scene, qtbot: QtBot) -> None:
    for number in range(30):
        scene.store.save(Preset(f"Number {number:02}", FULL))
    loaded(scene, qtbot)
    assert len(scene.texts()) == 4 + 12 + 3
    assert "&All presets (30)…" in scene.texts()
    assert scene.button.menu().sizeHint().height() < 640


def test_the_default_is_named_in_the_menu(scene: Scene, qtbot: QtBot) -> None:
    scene.presets.set_default("canada")
    assert "Canada (default)" in scene.texts()


def test_an_open_menu_follows_the_files_and_stays_above_its_button(scene: Scene, folder: Path, qtbot: QtBot) -> None:
    for number in range(6):
        PresetStore(folder).save(Preset(f"Number {number}", FULL))
    menu = scene.button.menu()
    top = scene.button.mapToGlobal(QPoint(0, 0)).y()
    menu.popup(scene.button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
    qtbot.waitUntil(menu.isVisible)
    qtbot.waitUntil(lambda: any(text.startswith("Number") for text in scene.texts()))
    assert menu.y() + menu.height() <= top + 1
    menu.close()


# --- keeping the form as a preset


def save_dialog(scene: Scene, qtbot: QtBot) -> PresetNameDialog:
    with qtbot.waitSignal(scene.presets.listed):
        scene.action("Save as preset").trigger()
    dialog = scene.dialog(PresetNameDialog)
    assert isinstance(dialog, PresetNameDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_the_form_is_kept_without_the_customer(scene: Scene, folder: Path, qtbot: QtBot) -> None:
    dialog = save_dialog(scene, qtbot)
    assert not dialog.save.isEnabled()
    assert "The customer is not part of a preset." in words(dialog)
    assert "Required: Balances, Owners. Optional: Transactions. Regions: US, CA-ON." in words(dialog)
    QTest.keyClicks(dialog.line, "Mortgage")
    assert cut_in(dialog) == []
    with qtbot.waitSignal(dialog.destroyed):
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    (stored,) = scene.store.list().presets
    assert stored.preset.request_for("support-4711").to_json() == BODY
    assert not [path for path in folder.rglob("*") if path.is_file() and b"4711" in path.read_bytes()]
    assert scene.said[-1].title == "Preset saved"
    assert "Mortgage" in scene.texts()


def test_a_name_that_is_taken_is_replaced_only_when_asked_twice(scene: Scene, qtbot: QtBot) -> None:
    scene.store.save(Preset("Mortgage", ConnectStartRequest(font="old")))
    dialog = save_dialog(scene, qtbot)
    dialog.line.setText("mortgage")
    dialog.save.click()
    assert "Press Save again" in dialog.problem.text
    assert dialog.line.accessibleDescription() == dialog.problem.text
    dialog.line.setText("mortgages")
    assert dialog.problem.text == ""
    dialog.line.setText("mortgage")
    dialog.save.click()
    assert scene.store.list().presets[0].preset.request.font == "old"
    with qtbot.waitSignal(dialog.destroyed):
        dialog.save.click()
    (stored,) = scene.store.list().presets
    assert stored.preset.request_for("support-4711").to_json() == BODY


def test_the_name_of_a_built_in_one_is_refused(scene: Scene, qtbot: QtBot) -> None:
    dialog = save_dialog(scene, qtbot)
    dialog.line.setText("canada")
    with qtbot.waitSignal(scene.presets.failed):
        dialog.save.click()
    assert "already a preset" in dialog.problem.text
    assert dialog.line.isEnabled()
    assert dialog.line.hasFocus()
    dialog.reject()


def test_a_request_with_a_token_in_it_is_not_kept(scene: Scene, folder: Path, qtbot: QtBot) -> None:
    scene.request = ConnectStartRequest(redirect_url="https://example.com?connectToken=eyJ0eXAi.Qm9keQ.c2ln")
    dialog = save_dialog(scene, qtbot)
    dialog.line.setText("Mine")
    dialog.save.click()
    assert "token" in dialog.problem.text
    assert not list(folder.rglob("*.json"))
    dialog.reject()


# --- all presets


def test_the_list_says_what_each_asks_for(scene: Scene, opened: Callable[[], PresetManager]) -> None:
    scene.store.save(Preset("Mine", FULL))
    manager = opened()
    assert rows(manager) == ["Mine", *[f"{each.preset.name} (built in)" for each in BUILT_IN]]
    assert manager.list.currentRow() == 0
    assert "Regions: US, CA-ON" in words(manager)
    assert manager.rename.isEnabled()
    assert manager.delete.isEnabled()
    QTest.keyClick(manager.list, Qt.Key.Key_Down)
    assert "Required: Identifiers, Owners." in words(manager)
    assert not manager.rename.isEnabled()
    assert not manager.delete.isEnabled()
    assert "comes with the program" in manager.delete.toolTip()
    assert manager.export.isEnabled()
    assert cut_in(manager) == []
    manager.reject()


def test_enter_uses_the_preset(scene: Scene, opened: Callable[[], PresetManager], qtbot: QtBot) -> None:
    scene.store.save(Preset("Mine", FULL))
    manager = opened()
    with qtbot.waitSignal(manager.destroyed):
        QTest.keyClick(manager.list, Qt.Key.Key_Return)
    assert [preset.name for preset in scene.chosen] == ["Mine"]
    assert scene.said[-1].title == "Preset: Mine"


def test_the_default_is_set_and_taken_back(scene: Scene, opened: Callable[[], PresetManager], qtbot: QtBot) -> None:
    mine = scene.store.save(Preset("Mine", FULL))
    manager = opened()
    with qtbot.waitSignal(scene.presets.default_changed) as caught:
        scene.bench.button("Set as default", manager).click()
    assert caught.args == [mine.id]
    assert rows(manager)[0] == "Mine, default"
    with qtbot.waitSignal(scene.presets.default_changed) as caught:
        scene.bench.button("Not as default", manager).click()
    assert caught.args == [""]
    manager.reject()


def test_renaming(scene: Scene, opened: Callable[[], PresetManager], qtbot: QtBot) -> None:
    mine = scene.store.save(Preset("Mine", FULL))
    scene.store.save(Preset("Zebra", FULL))
    manager = opened()
    QTest.keyClick(manager.list, Qt.Key.Key_F2)
    dialog = scene.dialog(PresetNameDialog)
    assert isinstance(dialog, PresetNameDialog)
    assert dialog.line.text() == "Mine"
    dialog.line.setText("ZEBRA")
    with qtbot.waitSignal(scene.presets.failed):
        dialog.save.click()
    assert "already a preset" in dialog.problem.text
    dialog.line.setText("Zulu")
    with qtbot.waitSignal(dialog.destroyed):
        dialog.save.click()
    assert rows(manager)[:2] == ["Zebra", "Zulu"]
    assert manager.list.currentRow() == 1
    found = scene.store.find("Zulu")
    assert found is not None
    assert found.id == mine.id
    manager.reject()


def test_deleting_asks_first(scene: Scene, opened: Callable[[], PresetManager], qtbot: QtBot) -> None:
    scene.store.save(Preset("Mine", FULL))
    manager = opened()
    QTest.keyClick(manager.list, Qt.Key.Key_Delete)
    (box,) = manager.findChildren(QMessageBox)
    assert box.text() == "Delete the preset “Mine”?"
    assert box.defaultButton().text() == "Cancel"
    box.reject()
    assert len(scene.store.list().presets) == 1
    manager.delete.click()
    (box,) = [each for each in manager.findChildren(QMessageBox) if each.isVisible()]
    with qtbot.waitSignal(scene.presets.done):
        next(button for button in box.buttons() if button.text() == "&Delete").click()
    assert scene.store.list().presets == ()
    assert rows(manager)[0] == "Verify account (built in)"
    assert scene.said[-1].title == "Preset deleted"
    manager.reject()


def test_handing_on_and_taking_over(
    scene: Scene, opened: Callable[[], PresetManager], tmp_path: Path, qtbot: QtBot
) -> None:
    scene.store.save(Preset("Mine", FULL))
    manager = opened()
    manager.export.click()
    (chooser,) = manager.findChildren(QFileDialog)
    out = tmp_path / "out.json"
    with qtbot.waitSignal(scene.presets.done):
        chooser.fileSelected.emit(str(out))
    chooser.close()
    assert "support-4711" not in out.read_text("utf-8")
    assert str(out) in scene.said[-1].text
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"format": "meld-desktop-preset", "version": 1, "name": "x", "request": {"apiKey": "k"}}))
    large = tmp_path / "large.json"
    large.write_bytes(b"x" * (LARGEST + 1))
    manager.importing.click()
    (chooser,) = [each for each in manager.findChildren(QFileDialog) if each.isVisible()]
    chooser.filesSelected.emit([str(bad), str(large), str(out)])
    chooser.close()
    qtbot.waitUntil(lambda: "Mine (2)" in rows(manager))
    qtbot.waitUntil(lambda: len(scene.said) == 4)
    assert "bad.json: This program does not know “apiKey”" in manager.problem.text
    assert "large.json: The preset is larger than 64 KiB" in manager.problem.text
    assert manager.problem.tone == "error"
    assert rows(manager)[manager.list.currentRow()] == "Mine (2)"
    assert [message.tone for message in scene.said[-3:]] == [Tone.WARNING, Tone.WARNING, Tone.SUCCESS]
    assert cut_in(manager) == []
    one, two = scene.store.list().presets
    assert one.preset.request.to_json() == two.preset.request.to_json()
    manager.reject()


def test_files_that_cannot_be_used_are_named(scene: Scene, opened: Callable[[], PresetManager], folder: Path) -> None:
    scene.store.save(Preset("Mine", FULL))
    for number in range(5):
        (folder / "presets" / f"broken{number}.json").write_text("{")
    manager = opened()
    assert rows(manager)[0] == "Mine"
    assert "broken0.json: The preset is broken at line 1" in manager.problem.text
    assert "Other files that cannot be used: 3." in manager.problem.text
    assert manager.problem.tone == "warning"
    assert cut_in(manager) == []
    manager.reject()


def test_long_names_are_not_wider_than_the_list(scene: Scene, opened: Callable[[], PresetManager]) -> None:
    scene.store.save(Preset(LONG, FULL))
    manager = opened()
    assert manager.width() <= 800
    assert "then some" in manager.list.item(0).toolTip()
    assert cut_in(manager) == []
    manager.reject()


def test_everything_has_a_name_and_tab_goes_in_order(opened: Callable[[], PresetManager], scene: Scene) -> None:
    scene.store.save(Preset("Mine", FULL))
    manager = opened()
    manager.list.setFocus()
    seen: list[QWidget] = []
    while (at := QApplication.focusWidget()) is not None and at not in seen:
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    names = [QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) for widget in seen]
    assert names == [
        "Presets",
        "Use",
        "Set as default",
        "Rename…",
        "Delete…",
        "Export…",
        "Import…",
        "Close",
    ]
    manager.reject()


def test_every_word_is_translated(bench: Bench, folder: Path, qapp: QApplication, qtbot: QtBot) -> None:
    translator = Pseudo()
    qapp.installTranslator(translator)
    try:
        scene = Scene(bench, folder)
        scene.request = BUILT_IN[0].preset.request
        scene.store.save(Preset("12", ConnectStartRequest(allow_redirect=False, font="1", regions=("1",))))
        loaded(scene, qtbot)
        for action in scene.button.menu().actions():
            assert untranslated(action.text()) == ""
        scene.button.manage()
        manager = scene.dialog(PresetManager)
        assert isinstance(manager, PresetManager)
        manager.rename.click()
        scene.button.save_as()
        settle()
        for widget in bench.window.findChildren(QDialog):
            for each in [widget, *widget.findChildren(QWidget)]:
                if isinstance(each, QLabel | QPushButton):
                    assert untranslated(each.text()) == ""
                    assert untranslated(each.toolTip()) == ""
            assert untranslated(widget.windowTitle()) == ""
        assert [untranslated(text) for text in rows(manager)] == [""] * 5
        for dialog in bench.window.findChildren(QDialog):
            dialog.close()
    finally:
        qapp.removeTranslator(translator)
