"""One view that is prepared before its link is there, because a new renderer process takes its time to begin."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from meld_desktop.domain.text import Text
from meld_desktop.domain.view_size import ViewChoices
from meld_desktop.web.widget_view import WidgetView

_IDLE_MS = 700
"""After a widget has loaded: by then it has done the most of its work, and nobody makes two links in that time."""
_STEP_MS = 50
"""Between making the view and loading its page: the window answers in between."""


class SpareView(QObject):
    """Keeps at most one view without a link, in a profile of its own. Lives on the GUI thread.

    Each is handed out once and never comes back. ``is_allowed`` is asked before one is prepared: whether the next link
    would be embedded at all. How widgets are looked at is kept here too: what was chosen for one view holds for the
    next.
    """

    def __init__(self, is_allowed: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_allowed = is_allowed
        self._is_closed = False
        self._choices = ViewChoices()
        self._view: WidgetView | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._prepare)

    @property
    def view(self) -> WidgetView | None:
        """The view in waiting, ready or not."""
        return self._view

    def follow(self, view: WidgetView) -> None:
        """Give ``view`` the choices that hold, and keep what is chosen in it for the views to come."""
        view.choose(self._choices)
        view.choices_changed.connect(self._keep)

    def prepare_later(self) -> None:
        """Prepare a view in a moment, unless one is ready."""
        if not self._is_closed and (self._view is None or not self._view.is_prepared):
            self._timer.start(_IDLE_MS)

    def take(self) -> WidgetView | None:
        """Return the view for one link, or None when none is ready. It is the caller's to dispose of."""
        if self._view is None or not self._view.is_prepared:
            return None
        view, self._view = self._view, None
        view.renderer_died.disconnect(self._on_death)
        return view

    def drop(self) -> None:
        """Dispose of the view in waiting."""
        self._timer.stop()
        if self._view is not None:
            view, self._view = self._view, None
            view.dispose()
            view.deleteLater()

    def close(self) -> None:
        """Dispose of the view in waiting and prepare no other. Idempotent."""
        self._is_closed = True
        self.drop()

    def _prepare(self) -> None:
        # A widget at the top level needs no page around it, so there is nothing to prepare.
        if self._is_closed or self._choices.is_top_level or not self._is_allowed():
            return
        if self._view is None:
            # Without a parent it is no part of the window: screen readers and the Tab key do not find it.
            self._view = WidgetView()
            self._view.choose(self._choices)
            self._view.renderer_died.connect(self._on_death)
            self._timer.start(_STEP_MS)
        elif not self._view.is_prepared:
            self._view.prepare()

    def _keep(self, choices: ViewChoices) -> None:
        self._choices = choices
        if choices.is_top_level:
            self.drop()
        elif self._view is not None:
            self._view.choose(choices)

    def _on_death(self, _reason: Text) -> None:
        self.drop()
