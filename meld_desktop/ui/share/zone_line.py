"""The customer's time zone: typed by the name of a city, with suggestions."""

from datetime import datetime, tzinfo

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from meld_desktop.domain.messages.times import find_zone
from meld_desktop.services.templates import system_zone
from meld_desktop.ui.theme.style import set_property

_SUGGESTIONS = 12


class ZoneLine(QLineEdit):
    """A line for one time zone. ``zone_changed`` tells that ``zone`` is another; what is no zone changes nothing."""

    zone_changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Customer's time zone"))
        self.setPlaceholderText(self.tr("for example New York"))
        self.setToolTip(self.tr("When the link ends is told in the time of this place. Type a city."))
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(_SUGGESTIONS)
        self.setCompleter(completer)
        self._name = name if name and find_zone(name) else system_zone()
        self.setText(_shown(self._name))
        self.setCursorPosition(0)
        self.textChanged.connect(self._typed)

    @property
    def name(self) -> str:
        """The zone's IANA name; empty for this computer's when it has none."""
        return self._name

    @property
    def zone(self) -> tzinfo:
        """The zone that times are told in."""
        zone = find_zone(self._name) if self._name else None
        return zone or datetime.now().astimezone().tzinfo  # type: ignore[return-value]

    @property
    def is_known(self) -> bool:
        """Whether what is typed is a zone."""
        return not self.property("problem")

    def offer(self, names: list[str]) -> None:
        """Suggest ``names`` from now on."""
        self._names.setStringList([_shown(name) for name in names])
        self._typed(self.text())

    def _typed(self, text: str) -> None:
        name = self._named(text.strip())
        set_property(self, "problem", "error" if name is None else "")
        if name is not None and name != self._name:
            self._name = name
            self.zone_changed.emit()

    def _named(self, text: str) -> str | None:
        """Return the zone that ``text`` names, by its whole name or its city in any case; None when it is none."""
        if not text:
            return system_zone()
        wanted = text.casefold().replace("_", " ")
        cities = []
        for shown in self._names.stringList():
            if shown.casefold() == wanted:
                return shown.replace(" ", "_")
            if shown.rpartition("/")[2].casefold() == wanted:
                cities.append(shown.replace(" ", "_"))
        if len(cities) == 1:
            return cities[0]
        name = text.replace(" ", "_")
        return name if find_zone(name) else None


def _shown(name: str) -> str:
    return name.replace("_", " ")
