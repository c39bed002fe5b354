"""What stands in the place of the list when there is nothing in it: why, and what to do next."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from meld_desktop.services.banks import BankState
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property

_WIDEST = 460


class EmptyBanks(QWidget):
    """Says why there is no bank to see, and offers the next step."""

    fetch_wanted = Signal()
    import_wanted = Signal()
    demo_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noBanks")
        self.title = Paragraph(role="title", parent=self)
        self.text = Paragraph(role="soft", parent=self)
        self.fetch = self._button(self.tr("Fetch the list"), self.fetch_wanted.emit)
        set_property(self.fetch, "role", "primary")
        self.take_in = self._button(self.tr("Import a file…"), self.import_wanted.emit)
        self.demo = self._button(self.tr("Look at Demo's banks"), self.demo_wanted.emit)
        self.clear = self._button(self.tr("Clear search and filters"), self.clear_wanted.emit)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.fetch, self.take_in, self.demo, self.clear):
            buttons.addWidget(button)
        buttons.addStretch(1)
        block = QWidget(self)
        block.setMaximumWidth(_WIDEST)
        lines = QVBoxLayout(block)
        lines.setSpacing(8)
        lines.addWidget(self.title)
        lines.addWidget(self.text)
        lines.addSpacing(4)
        lines.addLayout(buttons)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(block, 100)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)

    def _button(self, text: str, pressed: object) -> QPushButton:
        button = QPushButton(text, self)
        button.clicked.connect(pressed)
        return button

    def show_state(self, state: BankState, *, is_filtered: bool) -> None:
        """Say why the list is empty: no data, on its way, or nothing that fits."""
        title, text = self._words(state, is_filtered=is_filtered)
        self.title.setText(title)
        self.text.setText(text)
        nothing = not state.has_banks and state.loading is None
        self.fetch.setVisible(nothing and state.fetches)
        self.take_in.setVisible(nothing and not state.environment.is_demo)
        self.demo.setVisible(nothing and not state.environment.is_demo)
        self.clear.setVisible(state.has_banks and is_filtered)
        for button in (self.fetch, self.take_in, self.demo):
            set_property(button, "role", "primary" if button is self._first(state) else None)

    def _first(self, state: BankState) -> QPushButton:
        return self.fetch if state.fetches else self.take_in

    def _words(self, state: BankState, *, is_filtered: bool) -> tuple[str, str]:
        name = localized(state.environment.name)
        if state.has_banks and is_filtered:
            return (
                self.tr("No bank matches"),
                self.tr("Try fewer words or filters. Banks are found by name, alias, domain and ID."),
            )
        if state.has_banks:
            return self.tr("The list is empty"), self.tr("There is no bank in it.")
        if state.loading is not None:
            return (
                self.tr("The banks are on their way"),
                self.tr("You can search as soon as the first of them are here."),
            )
        if not state.fetches:
            return (
                self.tr("The sandbox has no list of banks"),
                self.tr(
                    "Meld documents its search for banks for production only. Import a list that was saved in"
                    " production, or look at Demo's banks: they are made up, and good for trying out the form."
                ),
            )
        return (
            self.tr("No banks yet for {environment}").format(environment=name),
            self.tr(
                "Fetch Meld's list once, and it is kept on this computer. That needs the API key of this environment."
                " A list saved as CSV or JSON can be imported instead."
            ),
        )
