"""The Timeline tab: how it stands, where the redirects led, and everything that happened, live."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from meld_desktop.domain.text import Text
from meld_desktop.domain.witness.session import Change, Session
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.result.timeline.details import Details
from meld_desktop.ui.result.timeline.draft import Draft
from meld_desktop.ui.result.timeline.model import TimelineModel
from meld_desktop.ui.result.timeline.standing import tone_of
from meld_desktop.ui.result.timeline.summary import Summary
from meld_desktop.ui.result.timeline.tools import Tools
from meld_desktop.ui.result.timeline.view import TimelineView
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:
    from meld_desktop.services.evidence import Evidence
    from meld_desktop.services.witness import Witness


class TimelinePane(QWidget):
    """Shows the session that is under way. ``said`` carries a Message for the strip, ``picture_wanted`` nothing."""

    said = Signal(object)
    picture_wanted = Signal()

    def __init__(self, theme: Theme, witness: "Witness", evidence: "Evidence", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._witness = witness
        self._evidence = evidence
        self._session: Session | None = None
        self._draft = Draft()
        self.model = TimelineModel(self)
        self.summary = Summary(theme, self)
        self.tools = Tools(theme, self)
        self.view = TimelineView(theme, self.model, self)
        self.details = Details(theme, self)
        self._none = _Nothing(theme, self)
        self._count = QLabel(self)
        set_property(self._count, "role", "hint")
        self._to_end = QPushButton(self.tr("Go to the &end"), self)
        self._to_end.setAccessibleName(self.tr("Go to the end"))
        set_property(self._to_end, "role", "link")
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._none)
        self._stack.addWidget(self.view)
        self._lay_out()
        self._connect()
        self.show_session(witness.current)

    @property
    def session(self) -> Session | None:
        """The session on show."""
        return self._session

    def show_session(self, session: Session | None) -> None:
        """Show ``session`` from its beginning; its filter, search and values stay as they are."""
        self._session = session
        self.model.show_session(session)
        self.view.follow()
        self.details.show_entry(None, self.model.wording)
        self.tools.set_usable(session is not None)
        if session is None:
            self.summary.show_nothing()
        else:
            self._conclude(session.conclusion)
        self._show_count()

    def save_evidence(self) -> None:
        """Ask where to save the evidence of the session on show."""
        session = self._session
        if session is None:
            text = self.tr("Create a link first; what happens with it is kept here.")
            self.said.emit(Message(Tone.INFO, self.tr("Nothing to save yet"), text))
            return
        from meld_desktop.ui.result.timeline.evidence_dialog import EvidenceDialog

        self._witness.flush()
        dialog = EvidenceDialog(self._evidence, session, self._draft, self.window())
        dialog.saved.connect(self._saved)
        dialog.open()

    def compare(self) -> None:
        """Compare two sessions of this run, or one with a pack."""
        from meld_desktop.ui.result.timeline.compare_dialog import CompareDialog

        self._witness.flush()
        dialog = CompareDialog(self._theme, self._evidence, self._witness.sessions, self._draft.folder, self.window())
        dialog.folder_used.connect(self._remember_folder)
        dialog.open()

    def show_picture(self, entry: int) -> None:
        """Show the picture of the entry with this number, large."""
        session = self._session
        if session is None:
            return
        pictures = list(session.pictures)
        named = next((each.picture for each in session.entries if each.number == entry), "")
        if named not in {picture.name for picture in pictures}:
            text = self.tr("Older pictures make room for newer ones. The entry itself is still here.")
            self.said.emit(Message(Tone.INFO, self.tr("This picture is no longer kept"), text))
            return
        from meld_desktop.ui.result.timeline.picture_view import PictureView

        wording = self.model.wording
        captions = {each.number: wording.sentence(each) for each in session.entries if each.picture}
        viewer = PictureView(pictures, captions, named, self.window())
        viewer.entry_shown.connect(self.view.go_to)
        viewer.open()

    def changeEvent(self, event: QEvent) -> None:
        """Say the words anew when the language changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_stack"):
            self.model.reword(shows_values=self.model.wording.shows_values)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self._count)
        foot.addStretch(1)
        foot.addWidget(self._to_end)
        self._to_end.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 8)
        column.setSpacing(12)
        column.addWidget(self.summary)
        column.addWidget(self.tools)
        column.addWidget(self._stack, 1)
        column.addWidget(self.details)
        column.addLayout(foot)
        for before, after in (
            (self.tools.search, self.tools.filter),
            (self.tools.filter, self.tools.values),
            (self.tools.values, self.tools.picture),
            (self.tools.picture, self.tools.compare),
            (self.tools.compare, self.tools.save),
            (self.tools.save, self._none.button),
            (self._none.button, self.view),
            (self.view, self.details.text),
            (self.details.text, self.details.picture),
            (self.details.picture, self._to_end),
        ):
            QWidget.setTabOrder(before, after)
        find = QAction(self.tr("Search timeline"), self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.triggered.connect(self._find)
        self.addAction(find)

    def _connect(self) -> None:
        tools, model = self.tools, self.model
        tools.kinds_chosen.connect(model.show_kinds)
        tools.searched.connect(model.search)
        tools.values_wanted.connect(self._show_values)
        tools.save_wanted.connect(self.save_evidence)
        tools.compare_wanted.connect(self.compare)
        tools.picture_wanted.connect(self.picture_wanted)
        tools.table_wanted.connect(self._go_to_table)
        model.counted.connect(self._show_count)
        model.dataChanged.connect(self._show_details)
        self.view.current_moved.connect(self._show_details)
        self.view.picture_asked.connect(self.show_picture)
        self.view.follow_changed.connect(self._show_way_to_end)
        self.details.picture_asked.connect(self.show_picture)
        self.view.copied.connect(self._say_copied)
        self._none.everything_wanted.connect(tools.clear)
        self._to_end.clicked.connect(self._go_to_end)
        self._witness.began.connect(self.show_session)
        self._witness.changed.connect(self._take)
        self._witness.concluded.connect(self._conclude)

    def _take(self, changes: Sequence[Change]) -> None:
        if self._session is not None:
            self.model.take(changes)
            self._show_verdict()

    def _conclude(self, sentence: Text) -> None:
        if self._session is not None:
            words = self.model.wording.said(sentence)
            self.summary.show_sentence(words, tone_of(self._session))
            self._show_verdict()

    def _show_verdict(self) -> None:
        session = self._session
        if session is not None:
            self.summary.show_verdict(session.verdict, self.model.wording, session.link.request.redirect_url)

    def _show_values(self, is_wanted: bool) -> None:
        self.model.reword(shows_values=is_wanted)
        self._show_details()
        if self._session is not None:
            self._conclude(self._session.conclusion)

    def _show_details(self) -> None:
        index = self.view.currentIndex()
        chosen = self.model.entry(index.row()) if index.isValid() else None
        self.details.show_entry(chosen, self.model.wording)

    def _show_count(self) -> None:
        model, locale = self.model, QLocale()
        shown, total = model.rowCount(), model.total
        if not shown and not model.is_searching:
            if total:
                self._none.say_no_match()
            else:
                self._none.say_empty()
        self._stack.setCurrentWidget(self.view if shown or model.is_searching else self._none)
        words = []
        if shown < total:
            words.append(
                self.tr("Shown: {shown} of {total}").format(shown=locale.toString(shown), total=locale.toString(total))
            )
        if model.left_out:
            words.append(self.tr("Left out to save memory: {count}").format(count=locale.toString(model.left_out)))
        self._count.setText(" · ".join(words))
        self._show_way_to_end()

    def _show_way_to_end(self) -> None:
        is_wanted = not self.view.follows and self._stack.currentWidget() is self.view
        if not is_wanted and self._to_end.hasFocus():
            self.view.setFocus()
        self._to_end.setVisible(is_wanted)

    def _go_to_end(self) -> None:
        self.view.setFocus()
        self.view.follow()

    def _go_to_table(self) -> None:
        if self.model.rowCount():
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _find(self) -> None:
        self.tools.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tools.search.selectAll()

    def _say_copied(self, count: int) -> None:
        if count == 1:
            self.said.emit(Message(Tone.SUCCESS, self.tr("Entry copied"), self.tr("Paste it where you need it.")))
        else:
            number = QLocale().toString(count)
            title = self.tr("Entries copied: {count}").format(count=number)
            self.said.emit(Message(Tone.SUCCESS, title, self.tr("Paste them where you need them.")))

    def _saved(self, path: Path) -> None:
        text = self.tr("Attach {name} to the ticket. To check that nobody changed it: meld-link verify {name}").format(
            name=path.name
        )
        self.said.emit(Message(Tone.SUCCESS, self.tr("Evidence saved"), text, details=str(path)))

    def _remember_folder(self, folder: str) -> None:
        self._draft.folder = self._draft.folder or folder


class _Nothing(QWidget):
    """What stands in place of an empty table; ``everything_wanted`` comes when filter and search are to go."""

    everything_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = "status"
        self._icon = QLabel(self)
        self._title = Paragraph(parent=self)
        set_property(self._title, "role", "title")
        self._text = Paragraph("", "soft", self)
        self.button = QPushButton(self.tr("Show every&thing"), self)
        self.button.setAccessibleName(self.tr("Show everything"))
        self.button.clicked.connect(self.everything_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (self._title, self._text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        theme.changed.connect(self._paint)
        self.say_empty()

    def say_empty(self) -> None:
        """Say that there has been no link yet."""
        self._say(
            "status",
            self.tr("Nothing to see yet…"),
            self.tr("Create a link: everything that happens with it shows here, in order and live."),
        )

    def say_no_match(self) -> None:
        """Say that filter and search leave nothing."""
        self._say("search", self.tr("Nothing matches"), self.tr("No entry fits the search and the filter."))

    def _say(self, name: str, title: str, text: str) -> None:
        self._name = name
        self._title.setText(title)
        self._text.setText(text)
        self.button.setVisible(name == "search")
        self._paint()

    def _paint(self) -> None:
        self._icon.setPixmap(pixmap(self._name, self._theme.tokens.soft, 32, self.devicePixelRatioF()))
