"""The search field and the filters of the list of banks."""

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from meld_desktop.domain.products import LABELS, Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.services.banks import BankQuery, Facets
from meld_desktop.ui.strings import localized, tool_tip
from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.theme import Theme

_NARROWEST = 96


class BankFilters(QWidget):
    """Holds what is searched for. ``changed`` comes when it is something else; ``left_downwards`` for Down or Enter."""

    changed = Signal()
    left_downwards = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._facets = Facets()
        self.search = QLineEdit(self)
        self.search.setAccessibleName(self.tr("Search banks"))
        self.search.setPlaceholderText(self.tr("Search by name, alias, domain or ID"))
        self._glass = QAction(self)
        self._wipe = QAction(self.tr("Clear the search"), self)
        self._wipe.setVisible(False)
        self._wipe.triggered.connect(self.search.clear)
        self.search.addAction(self._wipe, QLineEdit.ActionPosition.TrailingPosition)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.search.installEventFilter(self)
        self.country = self._box(self.tr("Country"), self.tr("All countries"))
        self.subdivision = self._box(self.tr("Subdivision"), self.tr("All subdivisions"))
        self.provider = self._box(self.tr("Provider"), self.tr("All providers"))
        self.product = self._box(
            self.tr("Product"), self.tr("All products"), [(localized(LABELS[one]), one) for one in Product]
        )
        self.login = self._box(
            self.tr("Login"),
            self.tr("Any login"),
            [(self.tr("On the bank's page (OAuth)"), True), (self.tr("Inside the widget"), False)],
        )
        self.tests = self._box(
            self.tr("Test banks"),
            self.tr("With test banks"),
            [(self.tr("Test banks only"), True), (self.tr("No test banks"), False)],
        )
        self.shown = self._box(
            self.tr("Shown"),
            self.tr("Shown or hidden"),
            [(self.tr("Shown only"), True), (self.tr("Hidden only"), False)],
        )
        self._boxes = (
            self.country, self.subdivision, self.provider, self.product, self.login, self.tests, self.shown,
        )  # fmt: skip
        self._lay_out()
        self.search.textChanged.connect(self._typed)
        self.country.currentIndexChanged.connect(self._show_subdivisions)
        for box in self._boxes:
            box.currentIndexChanged.connect(self._picked)
        self._show_subdivisions()
        theme.changed.connect(self._tint)
        self._tint()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        first = (self.tests, self.shown)
        second = (self.country, self.subdivision, self.provider, self.product, self.login)
        grid.addWidget(self.search, 0, 0, 1, len(second) - len(first))
        for column, box in enumerate(first, len(second) - len(first)):
            grid.addWidget(box, 0, column)
        for column, box in enumerate(second):
            grid.addWidget(box, 1, column)
            grid.setColumnStretch(column, 1)
        order = (self.search, *first, *second)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def query(self, request: ConnectStartRequest) -> BankQuery:
        """Return what is searched for, for a form with these choices."""
        return BankQuery(
            text=self.search.text(),
            country=self.country.currentData() or "",
            subdivision=self.subdivision.currentData() or "",
            provider=self.provider.currentData() or "",
            product=self.product.currentData(),
            oauth=self.login.currentData(),
            tests=self.tests.currentData(),
            shown=self.shown.currentData(),
            request=request,
        )

    def clear(self) -> None:
        """Search for nothing and filter by nothing."""
        before = self.blockSignals(True)
        self.search.clear()
        for box in self._boxes:
            box.setCurrentIndex(0)
        self.blockSignals(before)
        self.changed.emit()

    def show_facets(self, facets: Facets) -> None:
        """Offer what these banks can be filtered by; what is chosen and still there stays chosen."""
        if facets == self._facets:
            return
        self._facets = facets
        query = self.query(ConnectStartRequest())
        before = self.blockSignals(True)
        self._fill(self.country, [(place.name, place.code) for place in facets.countries])
        self._fill(self.provider, [(name, name) for name in facets.providers])
        self._show_subdivisions()
        self.blockSignals(before)
        if query != self.query(ConnectStartRequest()):
            self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Down and Enter go from the search to the list, and Esc clear it."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.left_downwards.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _box(self, name: str, everything: str, choices: Iterable[tuple[str, object]] = ()) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        # On Linux a combo box goes by what is chosen in it; screen readers take its name from its label.
        label = QLabel(name, self)
        label.setBuddy(box)
        label.hide()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(1)
        box.setMinimumWidth(_NARROWEST)
        box.addItem(everything, None)
        for text, value in choices:
            box.addItem(text, value)
        return box

    def _fill(self, box: QComboBox, choices: Iterable[tuple[str, str]]) -> None:
        chosen = box.currentData()
        everything = box.itemText(0)
        before = box.blockSignals(True)
        box.clear()
        box.addItem(everything, None)
        for text, value in choices:
            box.addItem(text, value)
        box.setCurrentIndex(max(0, box.findData(chosen) if chosen is not None else 0))
        box.blockSignals(before)

    def _show_subdivisions(self) -> None:
        places = self._facets.subdivisions.get(self.country.currentData() or "", ())
        self._fill(self.subdivision, [(place.name, place.code) for place in places])
        self.subdivision.setEnabled(bool(places))
        self.subdivision.setToolTip(
            "" if places else tool_tip(self.tr("Choose a country that has subdivisions first."))
        )

    def _typed(self, text: str) -> None:
        self._wipe.setVisible(bool(text))
        self.changed.emit()

    def _picked(self) -> None:
        self.changed.emit()

    def _tint(self) -> None:
        self._wipe.setIcon(icon("close", self._theme.tokens.soft))
        self._glass.setIcon(icon("search", self._theme.tokens.soft))
