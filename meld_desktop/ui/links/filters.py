"""The tool row of the list of links: what to look for, and files in and out."""

from datetime import datetime, timedelta

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from meld_desktop.domain.environments import ENVIRONMENTS
from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.ui.links.words import STATUSES, status_label
from meld_desktop.ui.search_field import SearchField
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.theme import Theme

_TYPING_MS = 120
_LONGEST_SEARCH = 400
_SEARCH_WIDTH = 200
_ATTENTION = (
    "PARTIALLY_ACTIVE",
    "DEGRADED",
    "RECONNECT_REQUIRED",
    "RECONNECT_AVAILABLE",
    "CUSTOMER_ACTION_REQUIRED",
    "UNDETERMINED",
    "UNRECOVERABLE",
)
_TODAY = 0


class Filters(QWidget):
    """``changed`` comes when the person wants to see other links; ``query`` says which.

    ``grouped`` carries whether links of one customer are to stand together. ``list_wanted`` leads into the list,
    ``export_wanted`` and ``import_wanted`` ask for files.
    """

    changed = Signal()
    grouped = Signal(bool)
    list_wanted = Signal()
    export_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self.search = SearchField(self)
        self.search.setAccessibleName(self.tr("Search links"))
        self.search.setPlaceholderText(self.tr("Search links"))
        self.search.setToolTip(
            self.tr("Finds words in customer, ticket, note, bank, products, status, IDs and outcome (Ctrl+F)")
        )
        self.search.setMaxLength(_LONGEST_SEARCH)
        self.search.setMinimumWidth(_SEARCH_WIDTH)
        self._glass = QAction(self)
        self.wipe = QAction(self.tr("Clear the search"), self)
        self.wipe.setVisible(False)
        self.wipe.triggered.connect(self.search.clear)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.search.addAction(self.wipe, QLineEdit.ActionPosition.TrailingPosition)
        self.environment = self._make_box(self.tr("Environment of the links"))
        self.environment.addItem(self.tr("All environments"), ())
        for environment in ENVIRONMENTS:
            self.environment.addItem(localized(environment.name), (environment.id,))
        self.environment.addItem(self.tr("Other address"), ("custom",))
        self.status = self._make_box(self.tr("Status of the links"))
        self.status.addItem(self.tr("Any status"), ())
        self.status.addItem(self.tr("Needs attention"), _ATTENTION)
        self.status.insertSeparator(self.status.count())
        for status in STATUSES:
            self.status.addItem(status_label(status), (status,))
        self.time = self._make_box(self.tr("When the links were made"))
        for text, days in (
            (self.tr("Any time"), None),
            (self.tr("Today"), _TODAY),
            (self.tr("Last 7 days"), 7),
            (self.tr("Last 30 days"), 30),
            (self.tr("Last 12 months"), 365),
        ):
            self.time.addItem(text, days)
        self.group = QCheckBox(self.tr("&Group by customer"), self)
        self.group.setAccessibleName(self.tr("Group by customer"))
        self.export = QPushButton(self.tr("E&xport…"), self)
        self.export.setAccessibleName(self.tr("Export…"))
        self.export.setToolTip(self.tr("Writes the links that are shown to a CSV file"))
        self.import_ = QPushButton(self.tr("&Import…"), self)
        self.import_.setAccessibleName(self.tr("Import…"))
        self.import_.setToolTip(self.tr("Takes in the links of a CSV file with the same columns"))
        self._lay_out()
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self._search_now)
        self.search.down_pressed.connect(self.list_wanted)
        self._typing.timeout.connect(self.changed)
        for box in (self.environment, self.status, self.time):
            box.currentIndexChanged.connect(self._search_now)
        self.group.toggled.connect(self.grouped)
        self.export.clicked.connect(self.export_wanted)
        self.import_.clicked.connect(self.import_wanted)
        theme.changed.connect(self._paint)
        self._paint()

    @property
    def is_limiting(self) -> bool:
        """Whether some links are left out."""
        boxes = (self.environment, self.status, self.time)
        return bool(self.search.text().strip()) or any(box.currentIndex() > 0 for box in boxes)

    def query(self, now: datetime, sort: str, descending: bool) -> LinkQuery:
        """Return what is to be shown, in this order."""
        days = self.time.currentData()
        midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        return LinkQuery(
            text=self.search.text().strip(),
            environments=tuple(self.environment.currentData()),
            statuses=tuple(self.status.currentData()),
            since=None if days is None else midnight - timedelta(days=days),
            sort=sort,
            descending=descending,
        )

    def clear(self) -> None:
        """Show every link."""
        with QSignalBlocker(self):
            self.search.clear()
            for box in (self.environment, self.status, self.time):
                box.setCurrentIndex(0)
        self._search_now()

    def focus_search(self) -> None:
        """Go to the search, with what is in it selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use two rows where one is too narrow."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider of two rows: what does not fit beside goes below."""
        hint = super().minimumSizeHint()
        width = max(self._find.minimumSize().width(), self._rest.minimumSize().width())
        return QSize(width, hint.height())

    def _make_box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setToolTip(name)
        return box

    def _lay_out(self) -> None:
        self._find = QHBoxLayout()
        self._find.setSpacing(8)
        self._find.addWidget(self.search, 1)
        for box in (self.environment, self.status, self.time):
            self._find.addWidget(box)
        self._rest = QHBoxLayout()
        self._rest.setSpacing(8)
        self._rest.addWidget(self.group)
        self._rest.addStretch(1)
        self._rest.addWidget(self.export)
        self._rest.addWidget(self.import_)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._grid.addLayout(self._find, 0, 0)
        self._place = (1, 0)
        self._grid.addLayout(self._rest, *self._place)

    def _arrange(self, width: int) -> None:
        needed = self._find.minimumSize().width() + self._rest.minimumSize().width() + 16
        place = (0, 1) if width >= needed else (1, 0)
        if place != self._place:
            self._place = place
            self._grid.removeItem(self._rest)
            self._grid.addLayout(self._rest, *place)

    def _typed(self, text: str) -> None:
        self.wipe.setVisible(bool(text))
        self._typing.start()

    def _search_now(self) -> None:
        self._typing.stop()
        self.changed.emit()

    def _paint(self) -> None:
        colour = self._theme.tokens.soft
        self._glass.setIcon(icon("search", colour))
        self.wipe.setIcon(icon("close", colour))
