"""What the window needs from the embedded widget. ``web/`` provides it; ``ui/`` never imports it."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import Text


class EmbeddedWidget(Protocol):
    """The widget in its frame (``web.widget_view.WidgetView``)."""

    event_received: SignalInstance
    noticed: SignalInstance
    returned: SignalInstance
    loaded: SignalInstance
    navigation_started: SignalInstance
    renderer_died: SignalInstance

    def start(self) -> None:
        """Load the widget."""

    def set_appearance(self, background: str, dark: bool) -> None:
        """Use the colours of the window around the widget."""

    def reload(self) -> None:
        """Load the widget again from its beginning."""

    def run_in_widget(self, script: str, callback: Callable[[object], None]) -> None:
        """Run JavaScript in the widget's page, for the guided tour."""

    def dispose(self) -> None:
        """End the page and everything it kept."""


class Embedder(Protocol):
    """Decides whether a widget may be embedded, and makes the view."""

    def refusal(self, environment: Environment) -> Text | None:
        """Return why widgets of ``environment`` cannot be shown in the window, or None."""

    def note(self, environment: Environment) -> Text | None:
        """Return what must be said beside an embedded widget, or None."""

    def make(self, link: Link, parent: QWidget) -> QWidget:
        """Return the view of ``link``, which has the face of ``EmbeddedWidget``. Imports WebEngine."""
