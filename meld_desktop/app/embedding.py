"""Joins the window to the web room, which is imported when the first widget is opened."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.addresses import is_loopback, split
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import Text


class WebEmbedder:
    """Makes embedded widgets (``ui.result.embedding.Embedder``)."""

    def refusal(self, environment: Environment) -> Text | None:
        """Return why widgets of ``environment`` cannot be embedded: no WebEngine, or no sandbox."""
        from meld_desktop.web import availability

        if QAccessible.isActive():
            availability.serve_assistive_technology()
        embedding = availability.prepare(environment.is_demo)
        return availability.problem() if embedding.is_allowed else embedding.text

    def note(self, environment: Environment) -> Text | None:
        """Return what must be said beside the widget: that the sandbox is off."""
        from meld_desktop.web import availability

        return availability.prepare(environment.is_demo).text or None

    def make(self, link: Link, parent: QWidget) -> QWidget:
        """Return the view of ``link``."""
        from meld_desktop.web.widget_view import WidgetView

        address = split(link.widget_url)
        return WidgetView(
            link.widget_url,
            return_url=link.request.redirect_url,
            loopback_allowed=address is not None and is_loopback(address.host),
            parent=parent,
        )
