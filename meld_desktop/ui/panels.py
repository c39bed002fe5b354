"""The panels of the window, in the order of the rail. A new one is a module and a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, SignalInstance
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.text import QT_TRANSLATE_NOOP
from meld_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:
    from meld_desktop.ui.content import Services


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


PANELS = (
    PanelSpec(
        "new-link", QT_TRANSLATE_NOOP("Panels", "New link"), "plus", QT_TRANSLATE_NOOP("Panels", "Make a link (Ctrl+N)")
    ),
    PanelSpec(
        "banks",
        QT_TRANSLATE_NOOP("Panels", "Banks"),
        "bank",
        QT_TRANSLATE_NOOP("Panels", "Which banks the customer will see, and why not the others (Ctrl+B)"),
        _banks,
    ),
)
