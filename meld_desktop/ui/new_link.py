"""The panel that makes a link: the form on the left, what came of it on the right."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QSplitter, QVBoxLayout, QWidget

from meld_desktop import __version__
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.validation import Problem, errors_in
from meld_desktop.services.create_link import CreateLink
from meld_desktop.services.presets import Presets
from meld_desktop.ui.form.bank_answer import BankAnswer
from meld_desktop.ui.form.form import LinkForm, RegionLoader
from meld_desktop.ui.form.preset_menu import PresetMenu
from meld_desktop.ui.messages import Message, Tone, details_of
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.result.embedding import Embedder
from meld_desktop.ui.result.result_pane import ResultPane, Witnesses
from meld_desktop.ui.strings import localized, sentences
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_MOST_REASONS = 2

_PATIENCE_MS = 80
"""How long a request may take before the window says that it waits."""

DEMO_CUSTOMER = "testUser"
"""The documented default customer (OAS)."""


class NewLinkPanel(QSplitter):
    """Ties the form to the use case and to the result.

    ``said`` carries a Message; ``busy`` tells whether a request is under way; ``browser_wanted`` carries a Link,
    ``touched`` is emitted once, when the person begins to fill in the form.
    """

    said = Signal(object)
    busy = Signal(bool)
    browser_wanted = Signal(object)
    touched = Signal()

    def __init__(
        self,
        create_link: CreateLink,
        load_regions: RegionLoader,
        embedder: Embedder,
        witnesses: Witnesses,
        presets: Presets,
        theme: Theme,
        environment: Environment,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._create_link = create_link
        self._environment = environment
        self._touched = False
        self.form = LinkForm(theme, load_regions, self)
        # Made in the order in which Tab goes through them.
        self.matching = BankAnswer(theme, self)
        self.addWidget(self._column(presets))
        self.result = ResultPane(theme, embedder, witnesses, self)
        self.addWidget(self.result)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setSizes([440, 1000])
        self.result.widget.link_shown.connect(self._link_shown)
        result = self.result
        for pane in (result, result.widget, result.request, result.response):
            pane.said.connect(self.said)
        self.result.widget.browser_wanted.connect(self.browser_wanted)
        self.result.widget.make_again_wanted.connect(self._make_again)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._show_sending)
        create_link.sending.connect(self._sending)
        create_link.created.connect(self._created)
        create_link.failed.connect(self._failed)
        create_link.cancelled.connect(self._cancelled)
        self.set_environment(environment)
        self.form.changed.connect(self._changed)
        self._refresh()

    def _column(self, presets: Presets) -> QWidget:
        self._reason = Paragraph("", "hint", self)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Waiting for Meld"))
        self.presets = PresetMenu(presets, self.form.request, self)
        self.create_button = QPushButton(self.tr("Create link    Ctrl+↵"), self)
        self.create_button.setAccessibleName(self.tr("Create link"))
        self.create_button.setMinimumHeight(36)
        set_property(self.create_button, "role", "primary")
        self.create_button.clicked.connect(self.create_link)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.setAccessibleName(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Stop waiting for Meld (Esc)"))
        self.cancel_button.setMinimumHeight(36)
        self.cancel_button.clicked.connect(self.cancel)
        self.cancel_button.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.presets)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.create_button, 1)
        actions = QFrame(self)
        actions.setObjectName("actions")
        rows = QVBoxLayout(actions)
        rows.setContentsMargins(24, 12, 24, 14)
        rows.setSpacing(8)
        rows.addWidget(self._reason)
        rows.addWidget(self._progress)
        rows.addLayout(buttons)
        self._progress.hide()
        column = QFrame(self)
        column.setObjectName("formColumn")
        column.setMinimumWidth(380)
        stack = QVBoxLayout(column)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        answer = QHBoxLayout()
        answer.setContentsMargins(24, 8, 24, 8)
        answer.addWidget(self.matching)
        stack.addWidget(self.form, 1)
        stack.addLayout(answer)
        stack.addWidget(actions)
        return column

    def set_environment(self, environment: Environment) -> None:
        """Make links in ``environment`` from now on. A link of another environment leaves the window."""
        changed = environment != self._environment
        self._environment = environment
        request = self.form.request()
        customer = request.external_customer_id
        if environment.is_demo and not customer:
            self._show(replace(request, external_customer_id=DEMO_CUSTOMER))
        elif not environment.is_demo and customer == DEMO_CUSTOMER:
            self._show(replace(request, external_customer_id=""))
        if changed:
            self.result.show_empty()
        self._refresh()

    def _show(self, request: ConnectStartRequest) -> None:
        touched = self._touched
        self.form.set_request(request)
        self._touched = touched

    def create_link(self) -> None:
        """Send the form; when something is wrong with it, say so at the fields instead."""
        if self._create_link.is_sending:
            return
        problems = self.form.problems()
        if errors := errors_in(problems):
            self._touch()
            self.form.show_problems(problems)
            self.form.reveal(errors)
            self.said.emit(Message(Tone.WARNING, self.tr("Not sent"), self._summary(errors)))
            return
        self._create_link.start(self._environment, self.form.request())

    def _make_again(self, link: Link) -> None:
        """Send the request of ``link`` once more as it was, whatever the form says by now."""
        self._create_link.start(link.environment, link.request)

    def cancel(self) -> None:
        """Stop waiting for the answer."""
        self._create_link.cancel()

    def close_view(self) -> None:
        """End the embedded widget; for the end of the program."""
        self.result.widget.close_view()

    def _changed(self) -> None:
        self._touch()
        self._refresh()

    def _touch(self) -> None:
        if not self._touched:
            self._touched = True
            self.touched.emit()

    def _refresh(self) -> None:
        problems = self.form.problems()
        errors = errors_in(problems)
        if self._touched:
            self.form.show_problems(problems)
        self.result.request.show_request(self._environment, self.form.request())
        reason = self.tr("Before you can create the link: {reason}").format(reason=self._summary(errors))
        self._reason.setText(reason if errors else "")
        self._reason.setVisible(bool(errors))
        self.create_button.setEnabled(not errors and not self._create_link.is_sending)
        self.create_button.setAccessibleDescription(self._reason.text())

    def _summary(self, errors: list[Problem]) -> str:
        """Return the first problems in words and the number of the others; each is said in full at its field."""
        said = sentences(*(problem.text for problem in errors[:_MOST_REASONS]))
        if more := len(errors[_MOST_REASONS:]):
            said += " " + self.tr("%n more problem(s) are marked in the form.", "", more)
        return said

    def _sending(self) -> None:
        # Most answers are there before anyone could read that they are awaited: then nothing flickers, and nothing is
        # painted twice.
        self._patience.start()

    def _show_sending(self) -> None:
        self.form.show_problems(self.form.problems())
        self._show_busy(True)
        self.result.widget.show_sending()
        self.said.emit(Message(Tone.NEUTRAL, self.tr("Asking Meld for a link…")))

    def _show_busy(self, busy: bool) -> None:
        self._progress.setVisible(busy)
        self.cancel_button.setVisible(busy)
        self.form.setEnabled(not busy)
        self.create_button.setEnabled(not busy)
        self.busy.emit(busy)
        if busy:
            self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _created(self, link: Link) -> None:
        self.result.widget.show_link(link)  # which begins with the navigation, and then says link_shown

    def _link_shown(self, link: Link) -> None:
        self._over()
        self.result.show_pane(self.result.widget)
        until = self.result.widget.bar.works_until(link)
        text = sentences(self.tr("Send it to the customer or finish the flow here."), until)
        self.said.emit(Message(Tone.SUCCESS, self.tr("Link ready"), text))

    def _failed(self, error: MeldError) -> None:
        self._over()
        self.result.widget.show_not_made()
        if error.exchange is not None:
            self.result.response.show_exchange(error.exchange)
        if error.problems:
            self.form.show_problems([*self.form.problems(), *error.problems])
            self.form.reveal(list(error.problems))
        details = details_of(error, environment=str(self._environment.name), version=__version__)
        self.said.emit(
            Message(
                Tone.ERROR,
                localized(error.title),
                sentences(error.detail, error.hint),
                details,
                error.request_id,
                error.retry_after,
            )
        )

    def _cancelled(self) -> None:
        self._over()
        self.result.widget.show_not_made()
        self.said.emit(
            Message(Tone.INFO, self.tr("Cancelled"), self.tr("No link was taken over. The form is as you left it."))
        )

    def _over(self) -> None:
        self._patience.stop()
        self._show_busy(False)
        self._refresh()
        self.create_button.setFocus(Qt.FocusReason.OtherFocusReason)
