"""Says what of a link's products arrived, and what is missing and why. Nothing of it is stored."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.delivery import Delivered, ProductDelivery, judged
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.products import Product
from meld_desktop.domain.text import NOTHING
from meld_desktop.services.delivery import Delivery
from meld_desktop.ui.links.delivery_rows import DeliveryRows
from meld_desktop.ui.links.delivery_words import account_cells, line_of, summary_of
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.strings import breakable, localized, sentences, tool_tip
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_NUMERIC = frozenset({3, 4, 6})
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class DeliveryDialog(QDialog):
    """Opened with ``open``; it begins to look at once, and stops when it closes. Lives on the main thread.

    ``environment`` is the one of the record, for its name.
    """

    def __init__(
        self,
        delivery: Delivery,
        record: LinkRecord,
        environment: Environment,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Delivery check"))
        self._delivery = delivery
        self._record = record
        self._environment = environment
        self._rows: tuple[ProductDelivery, ...] = ()
        self._delivered: Delivered | None = None
        self.summary = Paragraph(self.tr("Asking Meld…"), "title", self)
        self.status = Paragraph(role="soft", parent=self)
        self.problem = ProblemLine(self)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.setAccessibleName(self.tr("Looking"))
        self.rows = DeliveryRows(theme, self)
        self.accounts = self._make_table()
        self.again = self._make_button(self.tr("Look again"))
        self.more = self._make_button(self.tr("Count the rest"))
        self.copy = self._make_button(self.tr("Copy summary"))
        self._lay_out()
        self.again.clicked.connect(self._again)
        self.more.clicked.connect(self._more)
        self.copy.clicked.connect(self._copy)
        delivery.changed.connect(self._show)
        delivery.failed.connect(self._failed)
        delivery.finished.connect(self._finished)
        self.finished.connect(delivery.cancel)
        self.resize(820, 700)
        self.close_button.setFocus()
        self._begin()

    def _make_button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        return button

    def _make_table(self) -> QTreeView:
        table = QTreeView(self)
        self._model = QStandardItemModel(0, 7, table)
        self._model.setHorizontalHeaderLabels(
            [
                self.tr("Account"),
                self.tr("Number"),
                self.tr("Kind"),
                self.tr("Balance"),
                self.tr("Owners"),
                self.tr("Identifiers"),
                self.tr("Transactions"),
            ]
        )
        for column in _NUMERIC:
            self._model.horizontalHeaderItem(column).setTextAlignment(_RIGHT)
        set_property(table, "role", "table")
        table.setModel(self._model)
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setAccessibleName(self.tr("Accounts"))
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(120)
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.header().setSectionsMovable(False)
        return table

    def _lay_out(self) -> None:
        who = QLabel(breakable(self._record.customer), self)
        who.setTextFormat(Qt.TextFormat.PlainText)
        who.setWordWrap(True)
        set_property(who, "role", "heading")
        where = QLabel(localized(self._environment.name), self)
        where.setTextFormat(Qt.TextFormat.PlainText)
        set_property(where, "role", "error" if self._environment.is_production else "hint")
        self.bank = QLabel(self._record.institution_name, self)
        self.bank.setTextFormat(Qt.TextFormat.PlainText)
        set_property(self.bank, "role", "soft")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(who, 1)
        head.addWidget(self.bank)
        head.addWidget(where)
        area = QScrollArea(self)
        area.setObjectName("deliveryScroll")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.rows)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QDialogButtonBox(self)
        for button in (self.again, self.copy):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        self.close_button = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.close_button.setDefault(True)
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.more)  # a box of buttons takes the focus away when one of its buttons comes or goes
        foot.addWidget(buttons, 1)
        line = QFrame(self)
        set_property(line, "role", "hairline")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(line)
        column.addSpacing(4)
        column.addWidget(self.summary)
        column.addWidget(self.status)
        column.addWidget(self.problem)
        column.addWidget(self.progress)
        column.addSpacing(4)
        column.addWidget(area, 3)
        column.addWidget(self.accounts, 2)
        column.addSpacing(8)
        column.addLayout(foot)

    def _begin(self) -> None:
        self._delivered = None
        self._rows = judged(self._record.products, self._record.optional_products, Delivered(ConnectionState("")))
        self.problem.clear()
        self.summary.setText(self.tr("Asking Meld…"))
        self.status.hide()
        self.accounts.hide()
        self._delivery.check(self._record)
        self._write()

    def _again(self) -> None:
        if self._delivery.is_looking:
            self._delivery.stop()
            self._say_where_it_stands(self.tr("Stopped. What was found so far is shown."))
        else:
            self._begin()

    def _more(self) -> None:
        self.problem.clear()
        self._delivery.more()
        self._write()

    def _show(self, delivered: Delivered) -> None:
        self._delivered = delivered
        self._rows = judged(self._record.products, self._record.optional_products, delivered)
        if delivered.state.institution_name:
            self.bank.setText(delivered.state.institution_name)
        self.status.setText(sentences(delivered.state.line, delivered.state.next_step))
        self.status.show()
        self._fill(delivered)
        self._write()

    def _fill(self, delivered: Delivered) -> None:
        accounts = delivered.accounts or ()
        tally = delivered.tally(Product.TRANSACTIONS)
        self._model.removeRows(0, self._model.rowCount())
        for account in accounts:
            count = tally.by_account.get(account.id, 0) if tally is not None else 0
            counted = f"{count:,}" if count else ""
            if tally is not None and not tally.is_whole and counted:
                counted += "+"
            items = [QStandardItem(text) for text in account_cells(account, counted)]
            for column in _NUMERIC:
                items[column].setTextAlignment(_RIGHT)
            items[0].setToolTip(tool_tip(account.name))
            self._model.appendRow(items)
        self.accounts.setVisible(bool(accounts))

    def _failed(self, error: MeldError) -> None:
        self.problem.say(sentences(error.title, error.detail, error.hint))
        self._say_where_it_stands(self.problem.text)

    def _finished(self) -> None:
        self._say_where_it_stands("")

    def _say_where_it_stands(self, words: str) -> None:
        """Tell what was found, also to those who only hear it."""
        self._write()
        said = words or self.summary.text()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.summary, said))

    def _write(self) -> None:
        is_looking = self._delivery.is_looking
        self.progress.setVisible(is_looking)
        said = self._delivered.state.line if self._delivered is not None else NOTHING
        self.rows.show_rows(self._rows, is_looking=is_looking, said=said)
        if not is_looking:
            found = self._delivered is not None
            self.summary.setText(summary_of(self._rows) if found else self.tr("Meld could not be asked."))
        text = self.tr("Stop") if is_looking else self.tr("Look again")
        self.again.setText(text)
        self.again.setAccessibleName(text)
        self.more.setVisible(self._delivery.has_more and not is_looking)
        self.copy.setEnabled(self._delivered is not None)

    def _copy(self) -> None:
        lines = [
            f"{self.tr('Customer')}: {self._record.customer}",
            f"{self.tr('Bank')}: {self.bank.text()}",
            f"{self.tr('Environment')}: {localized(self._environment.name)}",
            f"{self.tr('Connection')}: {self._record.connection_id}",
            f"{self.tr('Status')}: {self.status.text()}",
            self.summary.text(),
            *(f"- {line_of(row)}" for row in self._rows),
        ]
        QGuiApplication.clipboard().setText("\n".join(" ".join(line.split()) for line in lines))
