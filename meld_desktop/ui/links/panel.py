"""The Links panel: every link made here in one list, what became of it, and what to do next."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QVBoxLayout, QWidget

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.text import Text
from meld_desktop.services.connection_actions import ConnectionActions
from meld_desktop.services.link_book import MOST_RENEWED, PAGE, Exported, Forgotten, LinkBook, Paged
from meld_desktop.services.link_files import Imported
from meld_desktop.services.link_watch import LinkWatch
from meld_desktop.ui.links import reports
from meld_desktop.ui.links.details import LinkDetails
from meld_desktop.ui.links.files import LinkFiles
from meld_desktop.ui.links.filters import Filters
from meld_desktop.ui.links.following import LinksFollowing
from meld_desktop.ui.links.list_frame import ListFrame
from meld_desktop.ui.links.model import LinksModel
from meld_desktop.ui.links.questions import confirm_delete, confirm_forget
from meld_desktop.ui.links.view import LinksView
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.theme.theme import Theme

_TICK_MS = 20_000
_SETTLE_MS = 150
_DETAILS_WIDTH = 380
_WIDE = 1200


class LinksPanel(QWidget):
    """Shows the links of ``links``; asks nothing before it is shown.

    ``said`` carries a Message for the strip; ``make_again``, ``edit_and_make``, ``repair``, ``share`` and ``check`` the
    LinkRecord the person wants that done with; ``completed`` the record of a link whose customer has just finished.
    Meld is asked for the status of what can be seen through ``watch``, and only while the panel is visible.
    """

    said = Signal(object)
    make_again = Signal(object)
    edit_and_make = Signal(object)
    repair = Signal(object)
    share = Signal(object)
    check = Signal(object)
    completed = Signal(object)

    def __init__(
        self,
        links: LinkBook,
        actions: ConnectionActions | None,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        watch: LinkWatch | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        self.setObjectName("linksPanel")
        self._links = links
        self._following = LinksFollowing(links, actions, watch, self)
        self._now = now
        self._sort, self._descending = "made", True
        self._shown: Paged | None = None
        self._total: int | None = None
        self._is_stale = True
        self._is_arranged = False
        self._trouble: Text | None = None
        self._shareable: frozenset[str] = frozenset()
        self.filters = Filters(theme, self)
        self.model = LinksModel(self, now)
        self.view = LinksView(theme, self.model, now, self)
        self.details = LinkDetails(theme, now, self)
        self.list = ListFrame(theme, self.view, self)
        self._files = LinkFiles(self)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE_MS)
        self._lay_out()
        self._add_actions()
        self._connect()
        self.view.show_sort(self._sort, self._descending)

    def set_environment(self, environment: Environment) -> None:
        """Ask for the status of links made in ``environment`` only: its key is the one at hand."""
        self._following.set_environment(environment)
        self._follow()

    def set_shareable(self, connection_ids: Collection[str]) -> None:
        """Say which links' addresses are still in memory."""
        self._shareable = frozenset(connection_ids)
        self._show_details()

    def search_for(self, text: str) -> None:
        """Show what ``text`` finds, whatever was looked for before."""
        self.filters.clear()
        self.filters.search.setText(text)

    def focus_first(self) -> None:
        """Go to the search."""
        self.filters.focus_search()

    def showEvent(self, event: QShowEvent) -> None:
        """Bring the list up to date and begin to ask how links stand."""
        super().showEvent(event)
        self._links.set_visible(True)
        self._ticking.start()
        if self._shown is None:
            self._ask()
        elif self._is_stale:
            self._links.renew(min(self.model.rowCount(), MOST_RENEWED))
        self._following.set_visible(True)
        self._settling.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for nothing while nobody looks."""
        super().hideEvent(event)
        self.details.save_notes()
        self._links.set_visible(False)
        self._ticking.stop()
        self._settling.stop()
        self._following.set_visible(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the details what they need and no more while the list has little room."""
        super().resizeEvent(event)
        if not self._is_arranged and event.size().width() > 0:
            wide = _DETAILS_WIDTH if event.size().width() >= _WIDE else self.details.minimumWidth()
            self.splitter.setSizes([max(1, event.size().width() - wide - 1), wide])

    def _arranged(self) -> None:
        self._is_arranged = True

    def changeEvent(self, event: QEvent) -> None:
        """Say the words anew when the language changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "list"):
            self.model.tick()
            self._show_count()

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.splitterMoved.connect(self._arranged)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 16, 16, 0)
        tools.addWidget(self.filters)
        outer.addLayout(tools)
        outer.addWidget(self.splitter, 1)

    def _add_actions(self) -> None:
        self._find = self._action(self.tr("Search links"), QKeySequence(QKeySequence.StandardKey.Find))
        self._find.triggered.connect(self.focus_first)
        self._again = self._action(self.tr("&Make again"), QKeySequence("Ctrl+R"))
        self._again.triggered.connect(self.details.make_button.click)
        self._edit = self._action(self.tr("E&dit and make"), QKeySequence("Ctrl+Shift+R"))
        self._edit.triggered.connect(self.details.edit_button.click)
        self._forget_key = QAction(self.tr("&Forget customer…"), self.view)
        self._forget_key.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        self._forget_key.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._forget_key.triggered.connect(self._ask_forget_selected)
        self.view.addAction(self._forget_key)

    def _action(self, text: str, keys: QKeySequence) -> QAction:
        action = QAction(text, self)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _connect(self) -> None:
        links, view, details, filters = self._links, self.view, self.details, self.filters
        filters.changed.connect(self._ask)
        filters.grouped.connect(self._group)
        filters.list_wanted.connect(self._go_to_list)
        filters.export_wanted.connect(self._ask_export)
        filters.import_wanted.connect(self._ask_import)
        self.list.nothing.everything_wanted.connect(filters.clear)
        self.list.nothing.retry_wanted.connect(self._ask)
        self.list.top_wanted.connect(self._to_top)
        view.more_wanted.connect(links.more)
        view.sort_chosen.connect(self._choose_sort)
        view.moved.connect(self._show_details)
        view.scrolled.connect(self._settling.start)
        view.opened.connect(details.focus)
        view.copied.connect(self._say_copied)
        view.menu_wanted.connect(self._show_menu)
        self._settling.timeout.connect(self._follow)
        self._ticking.timeout.connect(self._tick)
        links.paged.connect(self._take)
        links.counted.connect(self._counted)
        links.changed.connect(self._changed)
        links.updated.connect(self.model.update_records)
        links.failed.connect(self._failed)
        links.exported.connect(self._exported)
        links.imported.connect(self._imported)
        links.forgotten.connect(self._forgotten)
        self.model.dataChanged.connect(self._show_details)
        details.make_again.connect(self.make_again)
        details.edit_and_make.connect(self.edit_and_make)
        details.share.connect(self.share)
        details.repair.connect(self.repair)
        details.check.connect(self.check)
        details.delete.connect(self._ask_delete)
        details.forget.connect(self._ask_forget)
        details.noted.connect(links.annotate)
        details.left.connect(self._go_to_list)
        following = self._following
        details.refresh.connect(following.refresh)
        following.said.connect(self.said)
        following.changed.connect(self._show_details)
        following.completed.connect(self.completed)

    # --- the list

    def _ask(self) -> None:
        self._total = None
        self._links.ask(self.filters.query(self._now(), self._sort, self._descending))

    def _take(self, paged: Paged) -> None:
        if not paged.is_first:
            self.model.add_records(paged.records)
        else:
            is_other = self._shown is None or paged.query != self._shown.query
            if is_other:
                self.view.to_top()
            self.model.show_records(paged.records)
            self._is_stale = False
            self._trouble = None
            self.list.newest.hide()
        self._shown = paged
        if paged.more and self.model.rowCount() < PAGE:
            self._links.more()  # a long search comes in pieces
        self._show_count()
        self._settling.start()

    def _counted(self, total: int) -> None:
        self._total = total
        self._show_count()

    def _changed(self, _ids: object) -> None:
        """Show what changed, unless that would take the list away from under the person's eyes."""
        rows = self.model.rowCount()
        if not self.isVisible() or self._shown is None:
            self._is_stale = True
        elif rows <= MOST_RENEWED or self.view.is_at_top:
            self._links.renew(rows if rows <= MOST_RENEWED else PAGE)
        else:
            self._is_stale = True
            self.list.newest.show()

    def _to_top(self) -> None:
        self.view.setFocus()
        self.view.to_top()
        self._ask()

    def _group(self, is_grouped: bool) -> None:
        self.view.set_grouped(is_grouped)
        self._sort, self._descending = ("customer", False) if is_grouped else ("made", True)
        self.view.show_sort(self._sort, self._descending)
        self._ask()

    def _choose_sort(self, sort: str, descending: bool) -> None:
        self._sort, self._descending = sort, descending
        self.view.show_sort(sort, descending)
        if self.filters.group.isChecked() and sort != "customer":
            blocked = self.filters.group.blockSignals(True)
            self.filters.group.setChecked(False)
            self.filters.group.blockSignals(blocked)
            self.view.set_grouped(False)
        self._ask()

    def _go_to_list(self) -> None:
        if self.model.rowCount():
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_count(self) -> None:
        rows = self.model.rowCount()
        had_focus = self.view.hasFocus()
        self.list.show_state(rows, self._shown, self._total, self._trouble, is_limiting=self.filters.is_limiting)
        if self.list.is_empty:
            self.details.show_none(can_choose=False)
            if had_focus:
                self.filters.search.setFocus()
        self.filters.export.setEnabled(rows > 0)

    def _failed(self, why: Text) -> None:
        self._trouble = why
        self.said.emit(reports.trouble(why))
        self._show_count()

    def _tick(self) -> None:
        self.model.tick()
        self.details.tick()

    # --- one link

    def _show_details(self, *_: object) -> None:
        record, selected = self.view.current, self.view.selected_count
        if record is None or selected > 1:
            self.details.show_none(selected, can_choose=not self.list.is_empty)
            return
        self.details.show_record(
            record,
            self._following.state_of(record),
            self._following.why_not_followed(record),
            can_share=record.connection_id in self._shareable,
            can_act=self._following.can_act,
            is_busy=self._following.is_busy(record),
        )

    def _show_menu(self, place: QPoint) -> None:
        details = self.details
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("&Copy"))
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.triggered.connect(self.view.copy)
        if details.record is not None:
            menu.addSeparator()
            for button in details.buttons:
                action = menu.addAction(button.text())
                action.setEnabled(button.isEnabled())
                action.triggered.connect(button.click)
        menu.popup(place)

    def _ask_delete(self, record: LinkRecord) -> None:
        confirm_delete(self.window(), record, partial(self._following.delete, record))

    def _ask_forget(self, record: LinkRecord) -> None:
        confirm_forget(self.window(), record.customer, partial(self._links.forget, record.customer))

    def _ask_forget_selected(self) -> None:
        customers = {record.customer for record in self.view.selected}
        if len(customers) == 1:
            self._ask_forget(self.view.selected[0])
        elif customers:
            title = self.tr("Links of several customers are selected")
            self.said.emit(Message(Tone.INFO, title, self.tr("Select links of one customer to forget.")))

    def _follow(self) -> None:
        if self.isVisible():
            shown = self.view.on_show
            current = self.details.record
            self._following.follow(shown if current is None or current in shown else [current, *shown])

    # --- files

    def _ask_export(self) -> None:
        self._files.ask_export(self._now(), self.export_to)

    def _ask_import(self) -> None:
        self._files.ask_import(self._links.import_file)

    def export_to(self, path: Path) -> None:
        """Write what is found to ``path``."""
        self._links.export(path, self.filters.query(self._now(), self._sort, self._descending))

    def _exported(self, result: Exported) -> None:
        self.said.emit(reports.exported(result))

    def _imported(self, result: Imported) -> None:
        self.said.emit(reports.imported(result))

    def _forgotten(self, result: Forgotten) -> None:
        self.said.emit(reports.forgotten(result))

    def _say_copied(self, count: int) -> None:
        title = self.tr("Links copied: {count}").format(count=QLocale().toString(count))
        self.said.emit(Message(Tone.SUCCESS, title, self.tr("One line each, as in the list.")))
