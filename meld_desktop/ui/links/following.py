"""How the links on show stand: what Meld says of them is kept, and what was done with them is told."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from meld_desktop.domain.connection_action import Action
from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.text import NOTHING, Text
from meld_desktop.services.connection_actions import ConnectionActions
from meld_desktop.services.link_book import LinkBook
from meld_desktop.services.link_watch import LinkWatch
from meld_desktop.ui.links import reports


class LinksFollowing(QObject):
    """``said`` carries a Message, ``changed`` comes when something else is known of a link, ``completed`` carries the
    record of a link whose customer has just finished.
    """

    said = Signal(object)
    changed = Signal()
    completed = Signal(object)

    def __init__(
        self, links: LinkBook, actions: ConnectionActions | None, watch: LinkWatch | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._links = links
        self._actions = actions
        self._watch = watch
        self._followed: tuple[LinkRecord, ...] = ()
        self._ended: dict[str, Text] = {}
        if actions is not None:
            actions.done.connect(self._done)
            actions.failed.connect(self._failed)
            actions.busy_changed.connect(self.changed)
        if watch is not None:
            watch.status_changed.connect(self._status)
            watch.ended.connect(self._status_ended)

    @property
    def can_act(self) -> bool:
        """Whether anything can be done with connections."""
        return self._actions is not None

    def is_busy(self, record: LinkRecord) -> bool:
        """Whether something is under way with the connection of ``record``."""
        return self._actions is not None and self._actions.is_busy(record)

    def state_of(self, record: LinkRecord) -> ConnectionState | None:
        """Return what Meld said in this run, when it is what was kept as well."""
        state = self._watch.state_of(record.connection_id) if self._watch is not None else None
        return state if state is not None and state.status == record.status else None

    def why_not_followed(self, record: LinkRecord) -> Text:
        """Return why Meld is not asked any more; nothing while it is."""
        return self._ended.get(record.connection_id, NOTHING)

    def set_environment(self, environment: Environment) -> None:
        """Ask for links made in ``environment`` only."""
        self._ended.clear()
        if self._watch is not None:
            self._watch.set_environment(environment)

    def set_visible(self, visible: bool) -> None:
        """Ask for nothing while nobody looks."""
        if self._watch is not None:
            self._watch.set_visible(visible)

    def follow(self, records: Sequence[LinkRecord]) -> None:
        """Follow ``records``, the ones that can be seen."""
        self._followed = tuple(records)
        if self._watch is not None:
            self._watch.show(records)

    def refresh(self, record: LinkRecord) -> None:
        """Have the data of a connection fetched anew."""
        if self._actions is not None:
            self._actions.refresh(record)

    def delete(self, record: LinkRecord) -> None:
        """Delete a connection. The person has been asked."""
        if self._actions is not None:
            self._actions.delete(record)

    def _status(self, connection_id: str, state: ConnectionState) -> None:
        self._ended.pop(connection_id, None)
        known = [record for record in self._followed if record.connection_id == connection_id]
        if not known or any(_is_news(state, record) for record in known):
            self._links.status(connection_id, state)
        if known and known[0].status == "IN_PROGRESS" and state.is_connected:
            self.completed.emit(known[0])
        self.changed.emit()

    def _status_ended(self, connection_id: str, why: Text) -> None:
        self._ended[connection_id] = why
        self.changed.emit()

    def _done(self, action: Action, record: LinkRecord, _result: object) -> None:
        if action is Action.DELETE:
            self._links.status(record.connection_id, ConnectionState("DELETED"))
        elif action is Action.REFRESH and self._watch is not None:
            self._watch.ask_again(record.connection_id)
        message = reports.done(action, record)
        if message is not None:
            self.said.emit(message)

    def _failed(self, action: Action, record: LinkRecord, error: MeldError) -> None:
        if action is not Action.CHECK:
            self.said.emit(reports.failed(record, error))


def _is_news(state: ConnectionState, record: LinkRecord) -> bool:
    name = state.institution_name or record.institution_name
    return (state.status, state.reason, name) != (record.status, record.status_reason, record.institution_name)
