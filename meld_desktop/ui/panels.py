"""The panels of the window, in the order of the rail. A new one is a module and a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QCoreApplication, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.text import QT_TRANSLATE_NOOP
from meld_desktop.ui.rail import Rail
from meld_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:
    from meld_desktop.ui.services import Services


class Panel(Protocol):
    """What the window asks of a panel besides being a QWidget. ``said`` carries a Message for the strip."""

    said: SignalInstance

    def set_environment(self, environment: Environment) -> None:
        """Show what belongs to ``environment``."""


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """A panel: its name on the rail, and how it is made when it is first wanted."""

    id: str
    text: str
    icon: str
    tip: str
    make: Callable[["Services", Theme, QWidget], QWidget] | None = None
    """None for the panel that is there from the start."""

    @property
    def name(self) -> str:
        """The name, in the language of the window."""
        return QCoreApplication.translate("Panels", self.text)


def _banks(services: "Services", theme: Theme, parent: QWidget) -> QWidget:
    from meld_desktop.ui.banks.panel import BanksPanel

    return BanksPanel(services.banks, theme, parent)


def _links(services: "Services", theme: Theme, parent: QWidget) -> QWidget:
    from meld_desktop.ui.links.panel import LinksPanel

    desk = services.desk
    return LinksPanel(desk.links, desk.actions, theme, parent, watch=desk.watch)


PANELS = (
    PanelSpec(
        "new-link", QT_TRANSLATE_NOOP("Panels", "New link"), "plus", QT_TRANSLATE_NOOP("Panels", "Make a link (Ctrl+N)")
    ),
    PanelSpec(
        "links",
        QT_TRANSLATE_NOOP("Panels", "Links"),
        "links",
        QT_TRANSLATE_NOOP("Panels", "The links that were made, and what became of them (Ctrl+Shift+L)"),
        _links,
    ),
    PanelSpec(
        "banks",
        QT_TRANSLATE_NOOP("Panels", "Banks"),
        "bank",
        QT_TRANSLATE_NOOP("Panels", "Which banks the customer will see, and why not the others (Ctrl+B)"),
        _banks,
    ),
)


class PanelStack(QWidget):
    """The rail and the panel on show. ``made`` carries the spec and the panel when one is made for the first time."""

    made = Signal(object, object)

    def __init__(self, services: "Services", theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._theme = theme
        self._environment: Environment | None = None
        self._panels: dict[int, QWidget] = {}
        self.rail = Rail(theme, self)
        self._stack = QStackedWidget(self)
        for spec in PANELS:
            self.rail.add(spec.name, spec.icon, QCoreApplication.translate("Panels", spec.tip))
        self.rail.chosen.connect(self.show_place)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._stack, 1)

    def begin_with(self, first: QWidget) -> None:
        """Take in the panel that is there from the start. It is made after the rail, as Tab goes through them."""
        self._panels[0] = first
        self._stack.addWidget(first)
        self.rail.show_chosen(0)

    def show_panel(self, name: str) -> QWidget:
        """Bring the panel with this id to the front and return it. Raises StopIteration when there is none."""
        return self.show_place(next(place for place, spec in enumerate(PANELS) if spec.id == name))

    def show_place(self, place: int) -> QWidget:
        """Bring a panel to the front, making it if need be, and return it."""
        panel = self._panels.get(place) or self._made(place)
        self.rail.show_chosen(place)
        self._stack.setCurrentWidget(panel)
        if panel.focusProxy() is not None:
            panel.setFocus(Qt.FocusReason.OtherFocusReason)
        return panel

    def set_environment(self, environment: Environment) -> None:
        """Tell every panel but the first, which the window tells itself."""
        self._environment = environment
        for place, panel in self._panels.items():
            if place:
                cast("Panel", panel).set_environment(environment)

    def _made(self, place: int) -> QWidget:
        spec = PANELS[place]
        assert spec.make is not None  # noqa: S101 - narrows the type; only the first panel has none
        panel = spec.make(self._services, self._theme, self._stack)
        self._panels[place] = panel
        self._stack.addWidget(panel)
        if self._environment is not None:
            cast("Panel", panel).set_environment(self._environment)
        self.made.emit(spec, panel)
        return panel
