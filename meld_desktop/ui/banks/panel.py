"""The panel *Banks*: search and filters above the list, and the chosen bank beside it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.services.banks import Banks, BankState, Explanation, Facets, Found
from meld_desktop.ui.banks.data_line import DataLine
from meld_desktop.ui.banks.details import BankDetails
from meld_desktop.ui.banks.empty import EmptyBanks
from meld_desktop.ui.banks.filters import BankFilters
from meld_desktop.ui.banks.model import BanksModel
from meld_desktop.ui.banks.view import BanksView
from meld_desktop.ui.banks.wording import number
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme


class BanksPanel(QWidget):
    """Answers "which banks will this customer see, and why not the others". Lives on the main thread.

    ``said`` carries a Message, ``use_bank`` a Bank whose id the form is to take, ``change_form`` the changes with which
    the form shows a bank.
    """

    said = Signal(object)
    use_bank = Signal(object)
    change_form = Signal(object)

    def __init__(self, banks: Banks, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banksPanel")
        self._banks = banks
        self._request = ConnectStartRequest()
        self._chosen = ""
        self._is_old = True
        self._total = 0
        self.data = DataLine(self)
        self.filters = BankFilters(theme, self)
        self.setFocusProxy(self.filters.search)
        self.count = QLabel(self)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setAccessibleName(self.tr("Banks found"))
        set_property(self.count, "role", "hint")
        self.model = BanksModel(self)
        self.view = BanksView(theme, self.model, self)
        self.empty = EmptyBanks(self)
        self.details = BankDetails(theme, self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._show_state(banks.state)

    def _lay_out(self) -> None:
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        left = QWidget(self)
        below = QVBoxLayout(left)
        below.setContentsMargins(16, 4, 16, 16)
        below.setSpacing(4)
        below.addWidget(self.count)
        below.addWidget(self._stack, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.details)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([620, 330])
        left.setMinimumWidth(420)
        self.details.setMinimumWidth(280)
        head = QFrame(self)
        head.setObjectName("banksHead")
        lines = QVBoxLayout(head)
        lines.setContentsMargins(16, 14, 16, 12)
        lines.setSpacing(12)
        lines.addWidget(self.data)
        lines.addWidget(self.filters)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(splitter, 1)

    def _connect(self) -> None:
        banks = self._banks
        banks.state_changed.connect(self._show_state)
        banks.found.connect(self._show_found)
        banks.explained.connect(self._show_explanation)
        self.data.refresh_wanted.connect(banks.refresh)
        self.data.resume_wanted.connect(banks.resume)
        self.data.cancel_wanted.connect(banks.cancel)
        self.data.import_wanted.connect(self._choose_file)
        self.empty.fetch_wanted.connect(banks.refresh)
        self.empty.import_wanted.connect(self._choose_file)
        self.empty.demo_wanted.connect(banks.look_at_demo)
        self.empty.clear_wanted.connect(self._clear)
        self.filters.changed.connect(self._search)
        self.filters.left_downwards.connect(self._go_to_list)
        self.view.left_upwards.connect(self.filters.search.setFocus)
        self.view.chosen.connect(self._choose)
        self.view.wanted.connect(self._use_row)
        self.view.doubleClicked.connect(self._double_clicked)
        self.details.use_wanted.connect(self.use_bank)
        self.details.change_wanted.connect(self.change_form)
        self.details.copy_wanted.connect(self._copy)

    # --- what the window tells

    def set_environment(self, environment: Environment) -> None:
        """Show the banks of ``environment``."""
        self._banks.use(environment)
        self._search()

    def set_request(self, request: ConnectStartRequest) -> None:
        """Judge the banks by the form's present choices."""
        if request == self._request:
            return
        self._request = request
        self._search()
        if self._chosen:
            self._banks.explain(self._chosen, request)

    def showEvent(self, event: QShowEvent) -> None:
        """Say how old the data is now, and look up what was not looked up while nobody could see it."""
        super().showEvent(event)
        self.data.say_age()
        if self._is_old:
            self._search()

    # --- what the person does

    def _search(self) -> None:
        """Search, unless nobody can see what is found."""
        self._is_old = not self.isVisible()
        if not self._is_old:
            self._banks.search(self.filters.query(self._request))

    def _choose(self, row: int) -> None:
        self._chosen = self.model.bank(row).id
        self._banks.explain(self._chosen, self._request)

    def _use_row(self, row: int) -> None:
        self.use_bank.emit(self.model.bank(row))

    def _double_clicked(self) -> None:
        self._use_row(self.view.currentIndex().row())

    def _go_to_list(self) -> None:
        if self.model.rowCount():
            if not self.view.currentIndex().isValid():
                self.view.choose(0)
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        self.filters.clear()
        self.filters.search.setFocus()

    def _copy(self, bank: Bank) -> None:
        QGuiApplication.clipboard().setText(bank.id)
        self.said.emit(Message(Tone.SUCCESS, self.tr("ID copied"), bank.name))

    def _choose_file(self) -> None:
        chooser = QFileDialog(
            self, self.tr("Import banks"), "", self.tr("Lists of banks (*.json *.csv);;All files (*)")
        )
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self._import)
        chooser.open()

    def _import(self, name: str) -> None:
        self._banks.import_file(Path(name))

    # --- what the service says

    def _show_state(self, state: BankState) -> None:
        self.data.show_state(state)
        self.filters.show_facets(state.facets)
        self.filters.setEnabled(state.has_banks)
        if not state.has_banks:
            self._chosen = ""
            self.details.show_bank(None, Facets())
        self._show_empty(state)

    def _show_found(self, found: Found) -> None:
        facets = self._banks.state.facets
        before = self.view.blockSignals(True)
        self.model.show_found(found, facets)
        row = self.model.row_of(self._chosen) if self._chosen else -1
        if row >= 0:
            self.view.choose(row)
        self.view.blockSignals(before)
        if not self._chosen and len(found.rows):
            self.view.choose(0)
        self._total = found.total
        self._show_empty(self._banks.state)

    def _show_empty(self, state: BankState) -> None:
        is_filtered = self.filters.query(self._request).is_filtered
        rows = self.model.rowCount()
        self._stack.setCurrentWidget(self.view if rows else self.empty)
        if not rows:
            self.empty.show_state(state, is_filtered=is_filtered)
        everything = self.tr("{total} banks, the most popular first")
        said = self.tr("{count} of {total} banks") if is_filtered else everything
        self.count.setText(said.format(count=number(rows), total=number(self._total)))
        self.count.setVisible(bool(rows))

    def _show_explanation(self, explanation: Explanation) -> None:
        if explanation.bank.id == self._chosen:
            self.details.show_bank(explanation, self._banks.state.facets)
