"""The dialog with every region there is."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTreeView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from meld_desktop.domain.regions import RegionIndex, load_index
from meld_desktop.ui.form.region_browser import RegionBrowser
from meld_desktop.ui.form.region_tree import RegionTreeModel

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore(r"^This plugin does not support")

Key = Qt.Key
Check = Qt.CheckState
TICK = Qt.ItemDataRole.CheckStateRole


@pytest.fixture(scope="module")
def index() -> RegionIndex:
    index = load_index()
    index.warm_up()
    return index


@pytest.fixture
def model(index: RegionIndex) -> RegionTreeModel:
    return RegionTreeModel(index, ())


def at(model: RegionTreeModel, index: RegionIndex, code: str) -> QModelIndex:
    region = index.get(code)
    assert region is not None
    return model.index_of(region)


def tick(model: RegionTreeModel, place: QModelIndex, state: Qt.CheckState = Check.Checked) -> None:
    assert model.setData(place, state.value, TICK)


def state(model: RegionTreeModel, place: QModelIndex) -> Qt.CheckState:
    return Qt.CheckState(model.data(place, TICK))


def names(model: RegionTreeModel, parent: QModelIndex | None = None) -> list[str]:
    return [str(model.index(row, 0, parent).data()) for row in range(model.rowCount(parent))]


# --- the model


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester, model: RegionTreeModel, index: RegionIndex) -> None:
    model.filter("ontar")
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call]
    model.filter("no such place")
    model.filter("luxembourg")
    tick(model, at(model, index, "LU"))
    model.clear()


def test_it_has_every_country_and_all_their_parts(model: RegionTreeModel, index: RegionIndex) -> None:
    assert model.rowCount() == len(index.countries) == 249
    parts = sum(model.rowCount(model.index(row, 0)) for row in range(model.rowCount()))
    assert parts + model.rowCount() == len(index)
    canada = at(model, index, "CA")
    assert names(model, canada)[0] == "Alberta"
    assert model.index(0, 1, canada).data() == "CA-AB"
    assert model.parent(model.index(0, 1, canada)) == canada


def test_country_and_parts_are_ticked_independently(model: RegionTreeModel, index: RegionIndex) -> None:
    canada, ontario = at(model, index, "CA"), at(model, index, "CA-ON")
    tick(model, canada)
    assert state(model, ontario) == Check.Unchecked
    tick(model, ontario)
    tick(model, canada, Check.Unchecked)
    assert state(model, ontario) == Check.Checked
    assert model.selected == ("CA-ON",)


def test_a_country_is_partial_only_while_it_is_not_ticked_and_a_part_of_it_is(
    model: RegionTreeModel, index: RegionIndex
) -> None:
    canada, ontario = at(model, index, "CA"), at(model, index, "CA-ON")
    assert state(model, canada) == Check.Unchecked
    tick(model, ontario)
    assert state(model, canada) == Check.PartiallyChecked
    tick(model, canada)
    assert state(model, canada) == Check.Checked
    tick(model, canada, Check.Unchecked)
    assert state(model, canada) == Check.PartiallyChecked
    tick(model, ontario, Check.Unchecked)
    assert state(model, canada) == Check.Unchecked


def test_ticking_a_part_tells_views_about_its_country(model: RegionTreeModel, index: RegionIndex, qtbot: QtBot) -> None:
    canada, ontario = at(model, index, "CA"), at(model, index, "CA-ON")
    told: list[QModelIndex] = []
    model.dataChanged.connect(lambda first, _last, _roles: told.append(QModelIndex(first)))
    with qtbot.waitSignal(model.selection_changed):
        tick(model, ontario)
    assert told == [ontario, canada]


def test_selected_keeps_the_order_of_ticking_and_codes_it_does_not_know(index: RegionIndex) -> None:
    model = RegionTreeModel(index, ("QQ-1", "US"))
    tick(model, at(model, index, "DE"))
    tick(model, at(model, index, "AT"))
    assert model.selected == ("QQ-1", "US", "DE", "AT")
    model.clear()
    assert list(model.selected) == []


def test_only_the_name_can_be_ticked_and_only_ticked(model: RegionTreeModel) -> None:
    assert not model.setData(model.index(0, 1), Check.Checked.value, TICK)
    assert not model.setData(model.index(0, 0), "Atlantis", Qt.ItemDataRole.EditRole)
    assert not model.flags(model.index(0, 1)) & Qt.ItemFlag.ItemIsUserCheckable


def test_the_filter_keeps_matching_parts_and_unfolds_their_country(model: RegionTreeModel, index: RegionIndex) -> None:
    best, unfolded = model.filter("bavaria")
    assert best == at(model, index, "DE-BY")
    assert unfolded == [at(model, index, "DE")]
    assert names(model) == ["Germany"]
    assert names(model, model.index(0, 0)) == ["Bayern"]


def test_a_country_found_by_itself_keeps_all_its_parts(model: RegionTreeModel, index: RegionIndex) -> None:
    best, _ = model.filter("canada")
    assert best == at(model, index, "CA")
    assert len(names(model, best)) == 13


def test_ticks_outlast_the_filter(model: RegionTreeModel, index: RegionIndex) -> None:
    tick(model, at(model, index, "CA-ON"))
    model.filter("germany")
    assert not at(model, index, "CA-ON").isValid()
    assert model.selected == ("CA-ON",)
    model.filter("")
    assert model.rowCount() == 249
    assert state(model, at(model, index, "CA-ON")) == Check.Checked


def test_a_filter_that_finds_hundreds_unfolds_none_of_the_others(model: RegionTreeModel) -> None:
    _, unfolded = model.filter("a")
    assert model.rowCount() > 200
    assert len(unfolded) <= 1


# --- the dialog


class Scene:
    def __init__(self, qtbot: QtBot, index: RegionIndex, *selected: str) -> None:
        self.index = index
        self.dialog = RegionBrowser(index, selected)
        qtbot.addWidget(self.dialog)
        self.chosen: list[tuple[str, ...]] = []
        self.dialog.chosen.connect(self.chosen.append)
        self.dialog.open()
        qtbot.waitExposed(self.dialog).__enter__()
        (self.search,) = [w for w in self.dialog.findChildren(QLineEdit) if w.accessibleName() == "Search regions"]
        (self.tree,) = [w for w in self.dialog.findChildren(QTreeView) if w.accessibleName() == "Regions"]

    def button(self, text: str) -> QPushButton:
        (found,) = [button for button in self.dialog.findChildren(QPushButton) if button.text() == text]
        return found

    def says(self, text: str) -> bool:
        return any(label.isVisible() and label.text() == text for label in self.dialog.findChildren(QLabel))

    @property
    def current(self) -> str:
        return str(self.tree.currentIndex().data())


@pytest.fixture
def scene(qtbot: QtBot, index: RegionIndex) -> Scene:
    return Scene(qtbot, index, "US", "CA-ON")


def test_it_opens_on_the_search_and_counts_what_is_ticked(scene: Scene) -> None:
    assert scene.dialog.windowTitle() == "Browse regions"
    assert scene.search.hasFocus()
    assert scene.says("2 regions selected")
    assert (scene.dialog.width(), scene.dialog.height()) == (520, 600)


def test_search_arrow_space_enter_is_all_it_takes(scene: Scene) -> None:
    QTest.keyClicks(scene.search, "bavaria")
    QTest.keyClick(scene.search, Key.Key_Down)
    assert scene.tree.hasFocus()
    assert scene.current == "Bayern"
    QTest.keyClick(scene.tree, Key.Key_Space)
    assert scene.says("3 regions selected")
    QTest.keyClick(scene.tree, Key.Key_Return)
    assert scene.chosen == [("US", "CA-ON", "DE-BY")]
    assert not scene.dialog.isVisible()


def test_space_unticks_again(scene: Scene) -> None:
    QTest.keyClicks(scene.search, "united states")
    QTest.keyClick(scene.search, Key.Key_Down)
    QTest.keyClick(scene.tree, Key.Key_Space)
    assert scene.says("1 region selected")


def test_enter_in_the_search_goes_to_the_match_and_chooses_nothing(scene: Scene) -> None:
    QTest.keyClicks(scene.search, "bavaria")
    QTest.keyClick(scene.search, Key.Key_Return)
    assert scene.dialog.isVisible()
    assert scene.chosen == []
    assert scene.tree.hasFocus()


def test_up_from_the_first_row_goes_back_to_the_search(scene: Scene) -> None:
    QTest.keyClick(scene.search, Key.Key_Down)
    assert scene.current == "Afghanistan"
    QTest.keyClick(scene.tree, Key.Key_Down)
    QTest.keyClick(scene.tree, Key.Key_Up)
    assert scene.tree.hasFocus()
    QTest.keyClick(scene.tree, Key.Key_Up)
    assert scene.search.hasFocus()


def test_a_match_is_unfolded_and_in_sight(scene: Scene) -> None:
    QTest.keyClicks(scene.search, "ontar")
    QApplication.processEvents()
    current = scene.tree.currentIndex()
    assert current.data() == "Ontario"
    assert scene.tree.isExpanded(current.parent())
    assert scene.tree.viewport().rect().contains(scene.tree.visualRect(current))


def test_every_country_with_a_match_is_unfolded(scene: Scene) -> None:
    scene.search.setText("cordoba")
    model = scene.tree.model()
    countries = [model.index(row, 0) for row in range(model.rowCount())]
    assert [country.data() for country in countries] == ["Argentina", "Colombia", "Spain"]
    assert all(scene.tree.isExpanded(country) for country in countries)


def test_no_match_is_said(scene: Scene) -> None:
    message = "No region matches “zzzz”. Try a name or a code, such as CA-ON."
    scene.search.setText("zzzz")
    assert scene.says(message)
    scene.search.clear()
    assert not scene.says(message)


def test_a_click_on_the_box_ticks(scene: Scene) -> None:
    model = scene.tree.model()
    row = scene.tree.visualRect(model.index(0, 0))
    box = row.topLeft()
    box.setX(row.left() + 10)
    box.setY(row.center().y())
    QTest.mouseClick(scene.tree.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert scene.says("3 regions selected")


def test_clear_all_unticks_everything(scene: Scene) -> None:
    scene.button("Clear all").click()
    assert scene.says("No region selected")
    assert not scene.button("Clear all").isEnabled()
    scene.button("Use these regions").click()
    assert scene.chosen == [()]


@pytest.mark.parametrize("way", ["button", "escape"])
def test_cancel_chooses_nothing(scene: Scene, way: str) -> None:
    scene.button("Clear all").click()
    if way == "button":
        scene.button("Cancel").click()
    else:
        QTest.keyClick(scene.search, Key.Key_Escape)
    assert scene.chosen == []
    assert not scene.dialog.isVisible()


def test_the_default_button_is_the_one_that_uses(scene: Scene) -> None:
    assert scene.button("Use these regions").isDefault()
    QTest.keyClick(scene.search, Key.Key_Return)
    assert scene.chosen == [("US", "CA-ON")]
