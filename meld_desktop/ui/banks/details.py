"""The chosen bank: whether this customer will see it and why not, who reaches it, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from meld_desktop.domain.banks.bank import Bank, BankProvider
from meld_desktop.domain.banks.changes import Changes, in_words
from meld_desktop.domain.banks.picker import Form
from meld_desktop.services.banks import Explanation, Facets
from meld_desktop.ui.banks.wording import lacks, login_of, places_of, products_of, tell_apart
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_FIRST_WAYS = 4
_ICON = 18


class BankDetails(QScrollArea):
    """Shows an Explanation. ``use_wanted`` carries the Bank, ``change_wanted`` Changes, ``copy_wanted`` the Bank."""

    use_wanted = Signal(object)
    change_wanted = Signal(object)
    copy_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bankDetails")
        self.setAccessibleName(self.tr("The chosen bank"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self._facets = Facets()
        self._explanation: Explanation | None = None
        self._all_ways = False
        theme.changed.connect(self._show)
        self._show()

    @property
    def bank(self) -> Bank | None:
        """The bank on show."""
        return self._explanation.bank if self._explanation is not None else None

    def show_bank(self, explanation: Explanation | None, facets: Facets) -> None:
        """Show a bank, or none."""
        if self._explanation is None or explanation is None or explanation.bank.id != self._explanation.bank.id:
            self._all_ways = False
        elif explanation == self._explanation and facets == self._facets:
            return
        self._explanation = explanation
        self._facets = facets
        self._show()

    def _show(self) -> None:
        old = self.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()  # one of its buttons may have been pressed just now
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        if self._explanation is None:
            column.addWidget(
                Paragraph(
                    self.tr("Choose a bank to see who reaches it and whether this customer will see it."), "soft", page
                )
            )
        else:
            self._add_bank(column, page, self._explanation.bank)
            self._add_verdict(column, page, self._explanation)
            self._add_providers(column, page, self._explanation)
        column.addStretch(1)
        self.setWidget(page)

    def _add_bank(self, column: QVBoxLayout, page: QWidget, bank: Bank) -> None:
        name = Paragraph(bank.name, "title", page)
        name.setAccessibleName(bank.name)
        column.addWidget(name)
        if tell_apart(bank):
            column.addWidget(Paragraph(tell_apart(bank), "soft", page))
        if bank.aliases:
            said = self.tr("Also called {names}").format(names=", ".join(bank.aliases))
            column.addWidget(Paragraph(said, "soft", page))
        if bank.is_test:
            column.addWidget(Paragraph(self.tr("A test bank, for logins without a real customer"), "soft", page))
        identity = Paragraph(bank.id, "hint", page)
        identity.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        identity.setAccessibleName(self.tr("ID of the bank"))
        column.addWidget(identity)
        use = QPushButton(self.tr("Use this bank"), page)
        use.setToolTip(self.tr("Put its ID into the form, so that the customer lands on it"))
        set_property(use, "role", "primary")
        use.clicked.connect(self._use)
        copy = QPushButton(self.tr("Copy ID"), page)
        copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(use)
        row.addWidget(copy)
        row.addStretch(1)
        column.addSpacing(4)
        column.addLayout(row)

    def _add_verdict(self, column: QVBoxLayout, page: QWidget, explanation: Explanation) -> None:
        shown = explanation.verdict.shown
        column.addSpacing(8)
        column.addWidget(_hairline(page))
        column.addSpacing(8)
        text = self._verdict(explanation)
        mark = QLabel(page)
        tokens = self._theme.tokens
        colour = tokens.success if shown else tokens.warning
        mark.setPixmap(pixmap("success" if shown else "warning", colour, _ICON, self.devicePixelRatioF()))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Paragraph(text, "heading", page), 1)
        column.addLayout(row)
        ways = explanation.verdict.fixes
        if not ways:
            return
        column.addSpacing(4)
        column.addWidget(Paragraph(self.tr("It would be shown:"), "soft", page))
        for way in ways if self._all_ways else ways[:_FIRST_WAYS]:
            column.addWidget(_Way(way, page, self))
        if len(ways) > _FIRST_WAYS and not self._all_ways:
            more = QPushButton(self.tr("Show {count} more ways").format(count=len(ways) - _FIRST_WAYS), page)
            set_property(more, "role", "link")
            more.clicked.connect(self._show_all)
            column.addWidget(more)

    def _verdict(self, explanation: Explanation) -> str:
        if explanation.verdict.shown:
            return self.tr("Shown to this customer: yes")
        ways = explanation.bank.providers
        if not ways:
            return self.tr("Shown to this customer: no, because no provider reaches this bank")
        if len(ways) == 1:
            reasons = self.tr(" and ").join(lacks(ways[0], explanation.form))
            said = self.tr("Shown to this customer: no, because {provider} {reasons}")
            return said.format(provider=ways[0].name, reasons=reasons)
        return self.tr("Shown to this customer: no, because no single provider does everything that the form asks for")

    def _add_providers(self, column: QVBoxLayout, page: QWidget, explanation: Explanation) -> None:
        column.addSpacing(8)
        column.addWidget(_hairline(page))
        column.addSpacing(8)
        count = len(explanation.bank.providers)
        column.addWidget(Paragraph(self.tr("Providers") if count else self.tr("No provider"), "column", page))
        for way in explanation.bank.providers:
            self._add_provider(column, page, way, explanation.form)

    def _add_provider(self, column: QVBoxLayout, page: QWidget, way: BankProvider, form: Form) -> None:
        column.addSpacing(4)
        column.addWidget(Paragraph(way.name, "heading", page))
        lacking = lacks(way, form)
        if lacking:
            column.addWidget(
                Paragraph(self.tr("For this form: {lacks}").format(lacks="; ".join(lacking)), "warning", page)
            )
        column.addWidget(Paragraph(self.tr("Login: {how}").format(how=login_of(way)), "", page))
        products = products_of(way.products) or self.tr("none of the six")
        column.addWidget(Paragraph(self.tr("Products: {products}").format(products=products), "", page))
        regions = places_of(way.regions, self._facets) or self.tr("none given")
        column.addWidget(Paragraph(self.tr("Regions: {regions}").format(regions=regions), "", page))
        if way.others:
            others = self.tr("It also names {others}.").format(others=", ".join(way.others))
            column.addWidget(Paragraph(others, "hint", page))
        if way.id:
            column.addWidget(Paragraph(self.tr("ID there: {id}").format(id=way.id), "hint", page))

    def _show_all(self) -> None:
        self._all_ways = True
        self._show()

    def _use(self) -> None:
        self.use_wanted.emit(self.bank)

    def _copy(self) -> None:
        self.copy_wanted.emit(self.bank)


class _Way(QWidget):
    """One minimal set of changes, and the button that makes them."""

    def __init__(self, changes: Changes, parent: QWidget, details: BankDetails) -> None:
        super().__init__(parent)
        self._changes = changes
        self._details = details
        words = localized(in_words(changes))
        said = Paragraph(words, "", self)
        button = QPushButton(details.tr("Change the form so that it shows"), self)
        button.setAccessibleDescription(words)
        set_property(button, "role", "link")
        button.clicked.connect(self._pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 6)
        column.setSpacing(0)
        column.addWidget(said)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _pressed(self) -> None:
        self._details.change_wanted.emit(self._changes)


def _hairline(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    set_property(line, "role", "hairline")
    return line
