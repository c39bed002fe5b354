"""Joins the window to the web room, which is imported when the first widget is opened."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.addresses import is_loopback, split
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import Text

if TYPE_CHECKING:
    from meld_desktop.web.spare import SpareView


class WebEmbedder:
    """Makes embedded widgets (``ui.result.embedding.Embedder``). Lives on the GUI thread.

    Once a widget has loaded, a spare view is prepared for the next link.
    """

    def __init__(self, *, by_software: bool = False) -> None:
        """``by_software``: have the widgets drawn without the graphics card."""
        self._by_software = by_software
        self._spare: SpareView | None = None
        self._is_demo = False

    def refusal(self, environment: Environment) -> Text | None:
        """Return why widgets of ``environment`` cannot be embedded: no WebEngine, or no sandbox."""
        from meld_desktop.web import availability

        if self._spare is None and QAccessible.isActive():
            availability.serve_assistive_technology()
        if self._spare is None and self._by_software:
            availability.draw_by_software()
        self._is_demo = environment.is_demo
        if not self._is_allowed():
            if self._spare is not None:
                self._spare.drop()
            return availability.prepare(environment.is_demo).text
        return None if self._spare is not None else availability.problem()

    def note(self, environment: Environment) -> Text | None:
        """Return what must be said beside the widget: that the sandbox is off."""
        from meld_desktop.web import availability

        return availability.prepare(environment.is_demo).text or None

    def make(self, link: Link, parent: QWidget) -> QWidget:
        """Return the view of ``link``."""
        from meld_desktop.web.spare import SpareView
        from meld_desktop.web.widget_view import WidgetView

        if self._spare is None:
            self._spare = SpareView(self._is_allowed)
        view = self._spare.take()
        if view is None:
            view = WidgetView(parent=parent)
        else:
            view.setParent(parent)
        self._spare.follow(view)
        address = split(link.widget_url)
        view.take(
            link.widget_url,
            return_url=link.request.redirect_url,
            loopback_allowed=address is not None and is_loopback(address.host),
        )
        view.loaded.connect(self._spare.prepare_later)
        return view

    def close(self) -> None:
        """Dispose of the spare view and prepare no other; for the end of the program."""
        if self._spare is not None:
            self._spare.close()

    def _is_allowed(self) -> bool:
        from meld_desktop.web import availability

        return availability.prepare(self._is_demo).is_allowed
