"""The Widget tab: the link, the widget beside what has happened, and what to do when it cannot be shown."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from meld_desktop.domain.addresses import split
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.view_size import ViewChoices
from meld_desktop.domain.widget_answers import Filled
from meld_desktop.domain.widget_events import Notice as WebNotice
from meld_desktop.domain.widget_events import NoticeKind, WidgetEvent
from meld_desktop.services.witness import Witness
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.result.activity import Activity
from meld_desktop.ui.result.beside import Beside
from meld_desktop.ui.result.embedding import EmbeddedWidget, Embedder
from meld_desktop.ui.result.link_bar import LinkBar
from meld_desktop.ui.result.notes import BlankNote, NoteBox
from meld_desktop.ui.result.outcomes import Outcomes
from meld_desktop.ui.result.stage import Stage
from meld_desktop.ui.result.witnessing import Witnessing
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.theme import Theme

_HEAD_START_MS = 25
"""How long showing a link waits at most for its navigation to start. Painting the window would hold that up."""
_QUIET = {NoticeKind.MESSAGES_DROPPED, NoticeKind.TOO_MANY, NoticeKind.DIALOG_ANSWERED}


class WidgetPane(QWidget):
    """Shows one link at a time.

    ``said`` carries a Message for the strip; ``browser_wanted`` the Link to open elsewhere. ``link_shown`` comes once
    after each ``show_link``, with the Link, when the window has time to show the rest of what is new; ``view_changed``
    whether a widget stands there now. ``choices_changed`` carries the ViewChoices that hold; ``make_again_wanted`` the
    Link to make once more; ``heard`` each WidgetEvent; ``software_wanted`` asks for widgets that need no graphics card.
    """

    said = Signal(object)
    browser_wanted = Signal(object)
    link_shown = Signal(object)
    view_changed = Signal(bool)
    choices_changed = Signal(object)
    make_again_wanted = Signal(object)
    software_wanted = Signal()
    heard = Signal(object)

    def __init__(
        self,
        theme: Theme,
        embedder: Embedder,
        witness: Witness,
        demo_now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._embedder = embedder
        self._witness = witness
        self._choices = ViewChoices()
        self._witnessing = Witnessing(witness, self)
        self._witnessing.picture_kept.connect(self._picture_kept)
        self._witnessing.no_picture.connect(self._no_picture)
        self._outcomes = Outcomes()
        self._link: Link | None = None
        self._is_presented = False
        self._view: QWidget | None = None
        self._leaving: QWidget | None = None
        self._head_start = QTimer(self)
        self._head_start.setSingleShot(True)
        self._head_start.setInterval(_HEAD_START_MS)
        self._head_start.timeout.connect(self._show_view)
        self.bar = LinkBar(theme, demo_now, parent=self)
        self.bar.copied.connect(self._copied)
        self.bar.browser_wanted.connect(self._want_browser)
        self.bar.reload_wanted.connect(self.reload)
        self.bar.qr_shown.connect(self._qr_shown)
        self.bar.expired.connect(self._expired)
        self.bar.make_again_wanted.connect(self.make_again_wanted)
        self.stage = Stage(theme, self)
        self.beside = Beside(theme, self)
        self.activity = self.beside.activity
        self.beside.test_users.fill_in_wanted.connect(self._fill_in)
        self.beside.test_users.copied.connect(self._login_copied)
        self._note = NoteBox(self)
        self._blank_note = BlankNote(self)
        self._blank_note.reload_wanted.connect(self.reload)
        self._blank_note.browser_wanted.connect(self.bar.browser.click)
        self._blank_note.software_wanted.connect(self.software_wanted)
        middle = QHBoxLayout()
        middle.setContentsMargins(16, 0, 8, 8)
        middle.setSpacing(8)
        middle.addWidget(self.beside)
        middle.addWidget(self.stage, 1)
        notes = QVBoxLayout()
        notes.setContentsMargins(16, 0, 16, 8)
        notes.setSpacing(8)
        notes.addWidget(self._note)
        notes.addWidget(self._blank_note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(notes)
        column.addLayout(middle, 1)
        theme.changed.connect(self._style_view)
        self.show_empty()

    @property
    def embedded(self) -> EmbeddedWidget | None:
        """The widget on show, if one is embedded."""
        return cast("EmbeddedWidget", self._view) if self._view is not None else None

    def show_empty(self) -> None:
        """Say what will stand here."""
        self._drop()
        self.stage.notice.show_words(
            "link",
            self.tr("No link yet"),
            self.tr("Fill in the form and press Create link. The customer's widget opens here."),
        )

    def show_sending(self) -> None:
        """Say that a link is being made; a widget that is open stays open until the new one is there."""
        if self._link is None:
            self.stage.notice.show_words("link", self.tr("Asking Meld for a link…"), "", busy=True)

    def show_not_made(self) -> None:
        """Go back from *sending* when no link came of it."""
        if self._link is None:
            self.show_empty()

    def show_link(self, link: Link) -> None:
        """Show ``link`` and open its widget here, after a confirmation in Production; then emit ``link_shown``."""
        self._show_view()
        self._leave()
        self._link, self._is_presented = link, False
        if refusal := self._embedder.refusal(link.environment):
            self._show_refusal(refusal)
        elif link.environment.is_production:
            self._ask_before_opening(link)
        else:
            self._open()
        if self._view is None:
            self._release()
            self._present(link)

    def reload(self) -> None:
        """Start the widget again from its beginning."""
        if self.embedded is not None:
            self._blank_note.clear()
            self._witness.person(Text(QT_TRANSLATE_NOOP("domain", "Loaded the widget again")))
            self.embedded.reload()
            self._add(self.tr("Widget reloaded"))

    def back_to_start(self) -> None:
        """Begin as if the link had just been made: what the banks stored is forgotten too."""
        if self.embedded is not None:
            self._blank_note.clear()
            self._witness.person(Text(QT_TRANSLATE_NOOP("domain", "Went back to the start, with an empty browser")))
            self.embedded.back_to_start()
            self._add(self.tr("Back to the start"))

    def choose_view(self, choices: ViewChoices) -> None:
        """Look at this widget and the next ones like this; ``choices_changed`` follows."""
        if self.embedded is not None:
            if choices.is_top_level != self._choices.is_top_level:
                self._blank_note.clear()
                framed = QT_TRANSLATE_NOOP("domain", "Shows the widget in its frame")
                bare = QT_TRANSLATE_NOOP("domain", "Shows the widget as a page of its own, without our frame")
                self._witness.person(Text(bare if choices.is_top_level else framed))
            self.embedded.choose(choices)
        else:
            self._choices_changed(choices)

    def take_picture(self) -> None:
        """Keep a picture of the widget as it is now in the timeline."""
        if self._view is None:
            text = self.tr("Create a link first; then the widget can be pictured.")
            self.said.emit(Message(Tone.INFO, self.tr("No widget to picture"), text))
        self._witnessing.take_picture()

    def close_view(self) -> None:
        """End the embedded widget; for the end of the program."""
        self._drop()

    def _drop(self) -> None:
        self._show_view()  # whoever waits for link_shown gets it
        self._leave()
        self._release()
        self._link = None
        self._witness.end()
        self.bar.show_link(None)
        self.activity.activities.clear()
        self.beside.hide()
        self._note.clear()

    def _leave(self) -> None:
        """Hear no more of the view; it may stand until the next one is shown."""
        self._release()
        self._head_start.stop()
        self._blank_note.clear()
        if self._view is not None:
            self._witnessing.detach()
            self._leaving, self._view = self._view, None
            old = cast("EmbeddedWidget", self._leaving)
            old.event_received.disconnect(self._heard)
            old.noticed.disconnect(self._noticed)
            old.returned.disconnect(self._returned)
            old.renderer_died.disconnect(self._died)
            old.navigation_started.disconnect(self._show_view)
            old.blank.disconnect(self._stayed_blank)
            old.choices_changed.disconnect(self._choices_changed)
            self.view_changed.emit(False)

    def _release(self) -> None:
        if self._leaving is not None:
            view, self._leaving = self._leaving, None
            self.stage.release(view)
            cast("EmbeddedWidget", view).dispose()
            view.deleteLater()

    def _present(self, link: Link) -> None:
        self._is_presented = True
        self._witnessing.begin(link)
        self._note.clear()
        self.beside.test_users.show_environment(link.environment)
        self.bar.show_link(link)
        self.activity.activities.clear()
        exchange = link.exchange
        self._add(
            self.tr("Link created"),
            self.tr("{status} in {milliseconds} ms").format(
                status=exchange.status, milliseconds=QLocale().toString(round(exchange.seconds * 1000))
            ),
        )
        self.beside.show()
        self.link_shown.emit(link)

    def _ask_before_opening(self, link: Link) -> None:
        address = split(link.widget_url)
        self.stage.notice.show_words(
            "warning",
            self.tr("This is Production"),
            self.tr("Open the real widget on {host} for customer {customer}?").format(
                host=address.host if address else "", customer=link.request.external_customer_id
            ),
            button=self.tr("Open &widget"),
            action=self._open,
        )

    def _show_refusal(self, reason: Text) -> None:
        self.stage.notice.show_words(
            "info", self.tr("The widget is not shown here"), localized(reason), button="", action=None
        )

    def _open(self) -> None:
        link = self._link
        if link is None:
            return
        try:
            view = self._embedder.make(link, self.stage)
        except ImportError:
            self._show_refusal(self._embedder.refusal(link.environment) or Text(""))
            return
        # The navigation first, the window when it is under way: Chromium asks about it on this thread.
        self._view = view
        embedded = cast("EmbeddedWidget", view)
        embedded.event_received.connect(self._heard)
        embedded.noticed.connect(self._noticed)
        embedded.returned.connect(self._returned)
        embedded.renderer_died.connect(self._died)
        embedded.navigation_started.connect(self._show_view)
        embedded.blank.connect(self._stayed_blank)
        embedded.choose(self._choices)
        embedded.choices_changed.connect(self._choices_changed)
        self._witnessing.attach(view, link)
        self._style_view()
        embedded.start()
        self._head_start.start()

    def _show_view(self) -> None:
        """Show the view that has begun, once; and everything else about a new link before it."""
        link, view = self._link, self._view
        if link is None or view is None or self.stage.currentWidget() is view:
            return
        self._head_start.stop()
        if not self._is_presented:
            self._present(link)
        if note := self._embedder.note(link.environment):
            self._note.say(localized(note))
        self.stage.embed(view)
        self._release()
        self.bar.show_reload(True)
        self.view_changed.emit(True)
        view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _style_view(self) -> None:
        if self.embedded is not None:
            tokens = self._theme.tokens
            self.embedded.set_appearance(tokens.background, tokens.is_dark)

    def _heard(self, event: WidgetEvent) -> None:
        self._show_view()
        self._blank_note.clear()
        self.heard.emit(event)
        customer = self._link.request.external_customer_id if self._link is not None else ""
        activity, message = self._outcomes.of_event(event, customer)
        if activity is not None:
            self.activity.activities.add(activity)
        if message is not None:
            self.said.emit(message)

    def _noticed(self, notice: WebNotice) -> None:
        self._show_view()
        text = localized(notice.text)
        self._add(self._outcomes.notice_title(notice.kind), text)
        if notice.kind not in _QUIET:
            self.said.emit(Message(Tone.INFO, self._outcomes.notice_title(notice.kind), text))

    def _returned(self, place: str) -> None:
        self._show_view()
        self._add(self.tr("Returned"), place)

    def _died(self, text: Text) -> None:
        self._show_view()
        self._add(self.tr("The widget stopped"), localized(text))
        self.said.emit(Message(Tone.ERROR, self.tr("The widget stopped"), localized(text)))

    def _stayed_blank(self) -> None:
        self._show_view()
        title = self.tr("The widget is still blank")
        self._add(title)
        self._blank_note.say_blank()

    def _choices_changed(self, choices: ViewChoices) -> None:
        self._choices = choices
        self.choices_changed.emit(choices)

    def _fill_in(self, username: str, password: str, code: str) -> None:
        if self.embedded is None:
            text = self.tr("Create a link first, and go to the bank's login in the widget.")
            self.said.emit(Message(Tone.INFO, self.tr("No login form here"), text))
        else:
            self.embedded.fill_in(username, password, code, self._filled)

    def _filled(self, filled: Filled) -> None:
        text = localized(filled.text)
        if filled.fields:
            self._witness.person(Text(QT_TRANSLATE_NOOP("domain", "Filled in a test user")))
            self.said.emit(Message(Tone.SUCCESS, self.tr("Filled in"), text))
        else:
            self.said.emit(Message(Tone.INFO, self.tr("Nothing filled in"), text))

    def _login_copied(self, what: str) -> None:
        self.said.emit(Message(Tone.SUCCESS, what))

    def _picture_kept(self) -> None:
        text = self.tr("It is in the timeline and goes into the evidence. Everything typed is covered in it.")
        self.said.emit(Message(Tone.SUCCESS, self.tr("Picture taken"), text))

    def _no_picture(self, reason: Text) -> None:
        self.said.emit(Message(Tone.WARNING, self.tr("No picture"), localized(reason)))

    def _qr_shown(self) -> None:
        self._witness.person(Text(QT_TRANSLATE_NOOP("domain", "Showed the link as a QR code")))
        self._add(self.tr("QR code shown"))

    def _expired(self) -> None:
        self._witness.check_expiry()
        self._add(self.tr("Link expired"))
        text = self.tr("Press Make again for a new link with the very same request.")
        self.said.emit(Message(Tone.WARNING, self.tr("This link has expired"), text))

    def _copied(self) -> None:
        self._witness.person(Text(QT_TRANSLATE_NOOP("domain", "Copied the link")))
        self._add(self.tr("Link copied"))
        self.said.emit(
            Message(Tone.SUCCESS, self.tr("Link copied"), self.tr("Paste it into your message to the customer."))
        )

    def _want_browser(self) -> None:
        if self._link is not None:
            self.browser_wanted.emit(self._link)

    def _add(self, title: str, detail: str = "") -> None:
        self.activity.activities.add(Activity(title, detail))
