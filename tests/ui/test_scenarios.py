"""What Demo rehearses, chosen in the header: it happens, and the strip says what there is to learn."""

from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import DEMO, SANDBOX
from meld_desktop.domain.products import Product
from tests.ui.bench import Bench
from tests.ui.conftest import MakeBench


def _choose(bench: Bench, name: str, text: str) -> None:
    combo = bench.find(QComboBox, name)
    combo.setCurrentIndex(combo.findText(text))
    combo.activated.emit(combo.currentIndex())


def test_the_box_is_there_in_demo_only(make_bench: MakeBench) -> None:
    bench = make_bench(environment=DEMO)
    assert bench.find(QComboBox, "Demo scenario").isVisible()
    assert bench.find(QComboBox, "Demo clock").isVisible()
    bench.window.content.use_environment(SANDBOX)
    assert not bench.find(QComboBox, "Demo scenario").isVisible()
    assert not bench.find(QComboBox, "Demo clock").isVisible()


def test_every_scenario_is_offered_by_the_name_it_has_everywhere(bench: Bench) -> None:
    combo = bench.find(QComboBox, "Demo scenario")
    offered = [combo.itemText(row) for row in range(combo.count()) if combo.itemText(row)]
    assert offered == [scenario.name for scenario in bench.demo.scenarios()]
    assert combo.currentText() == "success"


def test_a_scenario_says_its_lesson_and_then_happens(bench: Bench, qtbot: QtBot) -> None:
    _choose(bench, "Demo scenario", "rate-limited")
    assert bench.strip.message.title == "Scenario rate-limited"
    assert "30 seconds" in bench.strip.message.text
    bench.tick(Product.OWNERS)
    bench.panel.create_link()
    qtbot.waitUntil(lambda: bench.strip.message.title == "Too many requests")
    _choose(bench, "Demo scenario", "success")
    bench.panel.create_link()
    qtbot.waitUntil(lambda: bench.strip.message.title == "Link ready")


def test_the_clock_can_be_moved_before_and_after_the_server_starts(bench: Bench, qtbot: QtBot) -> None:
    _choose(bench, "Demo clock", "60 times faster")
    assert "60 times faster" in bench.strip.message.text
    bench.tick(Product.OWNERS)
    bench.panel.create_link()
    qtbot.waitUntil(lambda: bench.strip.message.title == "Link ready")
    _choose(bench, "Demo clock", "Real time")
    assert "as it does outside" in bench.strip.message.text
