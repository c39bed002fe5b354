"""What the window needs from the embedded widget. ``web/`` provides it; ``ui/`` never imports it."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import Text
from meld_desktop.domain.view_size import ViewChoices
from meld_desktop.domain.widget_answers import Filled, Shot


class EmbeddedWidget(Protocol):
    """The widget in its frame (``web.widget_view.WidgetView``)."""

    event_received: SignalInstance
    noticed: SignalInstance
    returned: SignalInstance
    loaded: SignalInstance
    navigation_started: SignalInstance
    renderer_died: SignalInstance
    observed: SignalInstance
    blank: SignalInstance
    choices_changed: SignalInstance

    def start(self) -> None:
        """Load the widget."""

    def set_appearance(self, background: str, dark: bool) -> None:
        """Use the colours of the window around the widget."""

    def reload(self) -> None:
        """Load the widget again from its beginning."""

    def choose(self, choices: ViewChoices) -> None:
        """Look at the widget like this from now on."""

    def back_to_start(self) -> None:
        """Load the widget again as if its link had just been made."""

    def take_picture(self, callback: Callable[[Shot | Text], None]) -> None:
        """Take a picture with everything typed covered, or say why there is none."""

    def fill_in(self, username: str, password: str, code: str, callback: Callable[[Filled], None]) -> None:
        """Fill in the login form that is in sight."""

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
