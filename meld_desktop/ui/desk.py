"""Joins the links that were made to the form, the widget and the dialogs: the support desk behind the Links panel."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.connection_action import Action
from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.link_clock import utc_now
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.text import Text
from meld_desktop.domain.widget_events import CONNECT_COMPLETE, WidgetEvent
from meld_desktop.services.clipboard import ConfidentialClipboard
from meld_desktop.services.connection_actions import ConnectionActions
from meld_desktop.services.connection_watch import ConnectionWatch
from meld_desktop.services.create_link import CreateLink
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.link_book import LinkBook
from meld_desktop.services.link_watch import LinkWatch, belongs
from meld_desktop.services.presets import Presets
from meld_desktop.services.witness import Witness
from meld_desktop.services.worker import Worker
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.new_link import NewLinkPanel
from meld_desktop.ui.notify import notify
from meld_desktop.ui.panels import PanelSpec, PanelStack
from meld_desktop.ui.strings import localized, sentences
from meld_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:
    from meld_desktop.services.delivery import Delivery
    from meld_desktop.services.templates import Templates
    from meld_desktop.ui.share.choices import ShareChoices

_MOST_IN_MEMORY = 500
"""Links whose address can still be shared: it is in memory only, and nobody shares older ones."""


class DeskServices:
    """What the desk needs. None of them does anything before it is asked; what dialogs use is made for the first."""

    def __init__(
        self,
        worker: Worker,
        keys: Keys,
        demo: Demo,
        folder: Path,
        default_preset: str,
        parent: QObject,
        guard: EnvironmentGuard,
    ) -> None:
        def redact(text: str) -> str:  # with the keys of this moment: others may come
            return Redactor(keys.secrets())(text)

        self._worker = worker
        self._keys = keys
        self._demo = demo
        self._folder = folder
        self._parent = parent
        self._guard = guard
        self.links = LinkBook(worker, folder, parent, redact=redact)
        self.actions = ConnectionActions(worker, keys, demo, guard, parent)
        self.watch = LinkWatch(worker, keys, demo, parent)
        self.presets = Presets(worker, folder, default_preset, parent)
        self.clipboard = ConfidentialClipboard(parent=parent)

    @cached_property
    def delivery(self) -> "Delivery":
        """What arrived of a link's products."""
        from meld_desktop.services.delivery import Delivery

        return Delivery(self._worker, self._keys, self._demo, self._guard, self._parent)

    @cached_property
    def templates(self) -> "Templates":
        """The words of messages to customers."""
        from meld_desktop.services.templates import Templates

        return Templates(self._worker, self._folder, self._parent)

    def close(self) -> None:
        """Store what is not stored yet; for the end of the program."""
        self.links.close()
        self.clipboard.close()


@dataclass(frozen=True, slots=True)
class Ears:
    """Who tells of new links and of what becomes of them."""

    create_link: CreateLink
    witness: Witness
    watch: ConnectionWatch
    demo_now: Callable[[], datetime]


class LinkDesk(QObject):
    """Lives as long as the window. ``said`` carries a Message for the strip."""

    said = Signal(object)

    def __init__(
        self,
        services: DeskServices,
        ears: Ears,
        panel: NewLinkPanel,
        panels: PanelStack,
        theme: Theme,
        environment: Environment,
    ) -> None:
        super().__init__(panel)
        self._services = services
        self._ears = ears
        self._panel = panel
        self._panels = panels
        self._theme = theme
        self._environment = environment
        self._in_memory: dict[str, Link] = {}
        self._choices: ShareChoices | None = None
        self._on_show = ""
        self._list: QWidget | None = None
        ears.create_link.created.connect(self._created)
        ears.watch.status_changed.connect(self._status_changed)
        ears.witness.concluded.connect(self._concluded)
        services.actions.done.connect(self._done)
        services.actions.failed.connect(self._failed)
        panel.result.widget.bar.put = services.clipboard.copy
        panel.result.widget.bar.share_wanted.connect(self._share)
        panel.result.widget.link_shown.connect(self._shown)
        panel.result.widget.heard.connect(self._heard)
        panels.made.connect(self._made)
        self.set_environment(environment)

    def set_environment(self, environment: Environment) -> None:
        """Work in ``environment`` from now on."""
        self._environment = environment
        self._services.actions.set_environment(environment)

    # --- what happens with the link on show

    def _created(self, link: Link) -> None:
        self._remember(link)
        self._services.links.record(link)

    def _shown(self, link: Link) -> None:
        """A repair whose link is not on show any more may be begun again."""
        if self._on_show and self._on_show != link.connection_id:
            self._services.actions.repair_ended(self._on_show)
        self._on_show = link.connection_id

    def _heard(self, event: WidgetEvent) -> None:
        if event.name == CONNECT_COMPLETE and self._on_show:
            self._services.actions.repair_ended(self._on_show)

    def _remember(self, link: Link) -> None:
        if link.connection_id:
            self._in_memory[link.connection_id] = link
            while len(self._in_memory) > _MOST_IN_MEMORY:
                del self._in_memory[next(iter(self._in_memory))]
            self._show_shareable()

    def _status_changed(self, state: ConnectionState) -> None:
        session = self._ears.witness.current
        if session is not None and session.link.connection_id:
            self._services.links.status(session.link.connection_id, state)

    def _concluded(self, sentence: Text) -> None:
        session = self._ears.witness.current
        if session is not None and session.link.connection_id:
            self._services.links.outcome(session.link.connection_id, str(sentence))

    # --- what the person wants done with a link of the list

    def _made(self, spec: PanelSpec, panel: QObject) -> None:
        if spec.id != "links":
            return
        from meld_desktop.ui.links.panel import LinksPanel

        links = cast(LinksPanel, panel)
        self._list = links
        links.said.connect(self.said)
        links.make_again.connect(self._make_again)
        links.edit_and_make.connect(self._edit_and_make)
        links.repair.connect(self._services.actions.repair)
        links.share.connect(self._share_record)
        links.check.connect(self._check)
        links.completed.connect(self._completed)
        self._show_shareable()

    def _show_shareable(self) -> None:
        if self._list is not None:
            from meld_desktop.ui.links.panel import LinksPanel

            cast(LinksPanel, self._list).set_shareable(self._in_memory.keys())

    def _make_again(self, record: LinkRecord) -> None:
        from meld_desktop.domain.links.replay import request_of

        if not belongs(record, self._environment):
            self._say_elsewhere(record)
            return
        self._panels.show_panel("new-link")
        self._ears.create_link.start(self._environment, request_of(record))

    def _edit_and_make(self, record: LinkRecord) -> None:
        from meld_desktop.domain.links.replay import request_of

        self._panel.form.set_request(request_of(record))
        self._panels.show_panel("new-link")
        self._panel.form.focus_first()
        if belongs(record, self._environment):
            text = self.tr("Change what you like, then press Create link.")
            self.said.emit(Message(Tone.INFO, self.tr("The form is filled in as it was"), text))
        else:
            self._say_elsewhere(record)

    def _say_elsewhere(self, record: LinkRecord) -> None:
        text = self.tr("It was made in {there}. Choose that environment at the top first.").format(
            there=record.host or record.environment
        )
        self.said.emit(Message(Tone.WARNING, self.tr("This link belongs to another environment"), text))

    def _share_record(self, record: LinkRecord) -> None:
        link = self._in_memory.get(record.connection_id)
        if link is not None:
            self._share(link, record.institution_name)
            return
        text = self.tr("Addresses of links are never stored. Press Make again for a new link with the same request.")
        self.said.emit(Message(Tone.INFO, self.tr("The address of this link is gone"), text))

    def _share(self, link: Link, bank: str = "") -> None:
        from meld_desktop.ui.share.dialog import ShareDialog

        dialog = ShareDialog(
            link,
            self._services.templates,
            self._services.clipboard,
            self._choices,
            self._panel.window(),
            bank=bank,
            now=self._ears.demo_now if link.environment.is_demo else utc_now,
        )
        dialog.said.connect(self.said)
        dialog.chosen.connect(self._keep_choices)
        dialog.open()

    def _keep_choices(self, choices: "ShareChoices") -> None:
        self._choices = choices

    def _check(self, record: LinkRecord) -> None:
        from meld_desktop.ui.links.delivery_dialog import DeliveryDialog

        delivery = self._services.delivery
        delivery.set_environment(self._environment)
        DeliveryDialog(delivery, record, self._environment, self._theme, self._panel.window()).open()

    def _done(self, action: Action, record: LinkRecord, result: object) -> None:
        self._services.watch.ask_again(record.connection_id)
        if action is Action.REPAIR and isinstance(result, Link):
            self._remember(result)
            self._services.links.record(result, kind="repair", case_of=record)
            self._panels.show_panel("new-link")
            self._panel.result.widget.show_link(result)

    def _failed(self, _action: Action, _record: LinkRecord, error: MeldError) -> None:
        if self._list is None:  # else the list says it
            self.said.emit(Message(Tone.ERROR, localized(error.title), sentences(error.detail, error.hint)))

    def _completed(self, record: LinkRecord) -> None:
        bank = record.institution_name or self.tr("a bank")
        text = self.tr("{customer} has finished. The bank's data is still arriving.").format(customer=record.customer)
        title = self.tr("Connected {bank}").format(bank=bank)
        self.said.emit(Message(Tone.SUCCESS, title, text))
        notify(self._panel.window(), title, text)
