"""What Demo rehearses, and how fast its clock runs."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from meld_desktop.domain.text import Text
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property

_SPEEDS = (1.0, 60.0, 3600.0)


class Scenario(Protocol):
    """One rehearsed situation (``mock.scenarios.Scenario``)."""

    @property
    def name(self) -> str:
        """Its name, the same on the command line and in tests."""

    @property
    def group(self) -> object:
        """Scenarios of one group stand together."""

    @property
    def lesson(self) -> Text:
        """What a tester learns from it, in one sentence."""


class ScenarioBox(QWidget):
    """Stands in the header while Demo is in use.

    ``scenario_chosen`` carries a name and the scenario's lesson; ``speed_chosen`` how many times faster the clock runs.
    """

    scenario_chosen = Signal(str, str)
    speed_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scenario = self._combo(self.tr("Demo scenario"), self.tr("What happens to the links made from now on"))
        self.scenario.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.speed = self._combo(self.tr("Demo clock"), self.tr("How fast time passes in Demo"))
        for speed in _SPEEDS:
            text = self.tr("Real time") if speed == 1 else self.tr("{times} times faster").format(times=int(speed))
            self.speed.addItem(text, speed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._label(self.tr("Scenario"), self.scenario))
        row.addWidget(self.scenario)
        row.addWidget(self.speed)
        self.scenario.activated.connect(self._scenario_activated)
        self.speed.activated.connect(self._speed_activated)

    def offer(self, scenarios: Iterable[Scenario]) -> None:
        """Fill the list, the first being in use."""
        with QSignalBlocker(self.scenario):
            self.scenario.clear()
            group: object = None
            for scenario in scenarios:
                if group is not None and scenario.group != group:
                    self.scenario.insertSeparator(self.scenario.count())
                group = scenario.group
                self.scenario.addItem(scenario.name, localized(scenario.lesson))
                last = self.scenario.count() - 1
                self.scenario.setItemData(last, localized(scenario.lesson), Qt.ItemDataRole.ToolTipRole)

    def _combo(self, name: str, tip: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        # On Linux a combo box goes by what is chosen in it; screen readers take its name from its label.
        label = QLabel(name, self)
        label.setBuddy(combo)
        label.hide()
        return combo

    def _label(self, text: str, combo: QComboBox) -> QLabel:
        label = QLabel(text, self)
        set_property(label, "role", "soft")
        label.setToolTip(combo.toolTip())
        return label

    def _scenario_activated(self, index: int) -> None:
        self.scenario_chosen.emit(self.scenario.itemText(index), str(self.scenario.itemData(index)))

    def _speed_activated(self, index: int) -> None:
        self.speed_chosen.emit(float(self.speed.itemData(index)))
