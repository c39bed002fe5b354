"""Joins the form to what is known about banks: which ones the customer will see, and how to show more of them."""

from dataclasses import replace
from typing import cast

from PySide6.QtCore import QObject, Signal

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.domain.banks.changes import Changes
from meld_desktop.domain.banks.summary import request_after
from meld_desktop.domain.environments import Environment
from meld_desktop.services.banks import Banks, BankState, Completion, FormAnswer
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.new_link import NewLinkPanel
from meld_desktop.ui.panels import PanelSpec, PanelStack


class BankFinding(QObject):
    """Begins when the form is begun: a start that makes no link loads no banks. ``said`` carries a Message."""

    said = Signal(object)

    def __init__(self, banks: Banks, panel: NewLinkPanel, panels: PanelStack, environment: Environment) -> None:
        super().__init__(panel)
        self._banks = banks
        self._panel = panel
        self._panels = panels
        self._environment = environment
        self._has_begun = False
        self._answer: FormAnswer | None = None
        panel.touched.connect(self._begin)
        panel.form.changed.connect(self._ask)
        panel.matching.change_wanted.connect(self.apply)
        panel.matching.banks_wanted.connect(self._show_banks)
        panel.matching.cancel_wanted.connect(banks.cancel)
        panel.matching.resume_wanted.connect(banks.resume)
        panel.form.institution.asked.connect(self._complete)
        banks.state_changed.connect(self._state_changed)
        banks.answered.connect(self._answered)
        banks.completed.connect(self._completed)
        panels.made.connect(self._made)

    def set_environment(self, environment: Environment) -> None:
        """Answer for ``environment`` from now on."""
        self._environment = environment
        self._answer = None
        if self._has_begun:
            self._banks.use(environment)

    def apply(self, changes: Changes) -> None:
        """Change the form so that more banks are shown."""
        form = self._panel.form
        form.set_request(request_after(form.request(), changes))
        self._ask()
        self.said.emit(Message(Tone.SUCCESS, self.tr("Form changed"), self.tr("More banks match now; see below it.")))

    def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._banks.use(self._environment)

    def _ask(self) -> None:
        self._show_name()
        if self._has_begun:
            self._banks.ask(self._panel.form.request())

    def _state_changed(self, state: BankState) -> None:
        self._panel.matching.show_answer(state, None)
        if state.has_banks:
            self._ask()

    def _answered(self, answer: FormAnswer) -> None:
        self._panel.matching.show_answer(answer.state, answer.answer)

    def _show_name(self) -> None:
        institution = self._panel.form.request().institution_id
        self._panel.form.institution.show_name(self._banks.name_of(institution) if institution else "")

    def _complete(self, text: str) -> None:
        self._begin()
        self._banks.complete(text)

    def _completed(self, completion: Completion) -> None:
        self._panel.form.institution.offer(completion.text, completion.banks)

    def _show_banks(self) -> None:
        self._panels.show_panel("banks")

    def _made(self, spec: PanelSpec, panel: QObject) -> None:
        if spec.id != "banks":
            return
        from meld_desktop.ui.banks.panel import BanksPanel

        self._begin()
        banks = cast(BanksPanel, panel)
        banks.said.connect(self.said)
        banks.use_bank.connect(self._use)
        banks.change_form.connect(self._apply_from_panel)
        self._panel.form.changed.connect(lambda: banks.set_request(self._panel.form.request()))
        banks.set_request(self._panel.form.request())

    def _apply_from_panel(self, changes: Changes) -> None:
        self.apply(changes)

    def _use(self, bank: Bank) -> None:
        form = self._panel.form
        form.set_request(replace(form.request(), institution_id=bank.id, institution_search_string=""))
        self._ask()
        self._panels.show_panel("new-link")
        self._panel.form.institution.focus_target().setFocus()
        text = self.tr("The widget skips its list of banks and opens this one.")
        self.said.emit(Message(Tone.SUCCESS, self.tr("{bank} is chosen").format(bank=bank.name), text))
