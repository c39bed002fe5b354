"""The Token tab: what the connect token of the link on show says about itself. The token itself is not here."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QVBoxLayout, QWidget

from meld_desktop.domain.link import Link
from meld_desktop.domain.text import Text
from meld_desktop.domain.token import connect_token, read_claims
from meld_desktop.domain.token_claims import ClaimRow, ClaimValue, claim_rows
from meld_desktop.ui.arrow_tree import ArrowTree
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import localized, tool_tip
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
LABEL, VALUE, CLAIM = range(3)


class ClaimModel(QAbstractTableModel):
    """The claims of one token, a row each."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[ClaimRow, ...] = ()

    def show_rows(self, rows: tuple[ClaimRow, ...]) -> None:
        """Show ``rows`` in place of what was there."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of claims."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return three: what it is in words, what it says, and its name in the token."""
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("What"), self.tr("Value"), self.tr("In the token"))[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words and the colour of a cell."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (localized(row.label), said(row.value), row.claim)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == VALUE:
            return tool_tip(said(row.value))
        if role == Qt.ItemDataRole.ForegroundRole:
            tokens = self._theme.tokens
            return QColor(tokens.text if index.column() == VALUE else tokens.soft)
        return None


def said(value: ClaimValue) -> str:
    """Return a value in the language of the window; a moment in local time with its distance from UTC."""
    if isinstance(value, tuple):
        return ", ".join(part if isinstance(part, str) else localized(part) for part in value)
    if isinstance(value, Text):
        return localized(value)
    if isinstance(value, str):
        return value
    local = QDateTime.fromMSecsSinceEpoch(round(value.timestamp() * 1000))
    place = QLocale()
    return f"{place.toString(local, 'd MMM yyyy, HH:mm:ss')} {local.timeZoneAbbreviation()}"


class TokenPane(QWidget):
    """Shows the claims of a link's connect token. ``said`` carries a Message for the strip."""

    said = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = Paragraph("", "heading", self)
        self.detail = Paragraph("", "hint", self)
        self.claims = ClaimModel(theme, self)
        self.table = ArrowTree(self)
        self.table.setAccessibleName(self.tr("What the connect token says"))
        self.table.setRootIsDecorated(False)
        set_property(self.table, "role", "table")
        self.table.setModel(self.claims)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.table.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(False)
        for column in (LABEL, CLAIM):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        copy = QAction(self.tr("Copy value"), self.table)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_value)
        self.table.addAction(copy)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        theme.changed.connect(self.table.viewport().update)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(16, 12, 16, 16)
        column_.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.line)
        words.addWidget(self.detail)
        column_.addLayout(words)
        column_.addWidget(self.table, 1)
        self.clear()

    def clear(self) -> None:
        """Say that there is no link."""
        self._show((), self.tr("No link yet"), self.tr("What the link's connect token says about itself shows here."))

    def show_link(self, link: Link) -> None:
        """Show what the connect token of ``link`` says; it is read here and sent nowhere."""
        rows = claim_rows(read_claims(connect_token(link.widget_url)))
        if rows:
            title = self.tr("What the connect token says")
            text = self.tr("Read on this computer and sent nowhere. Only Meld can check the signature.")
        else:
            title = self.tr("This connect token says nothing that can be read")
            text = self.tr("The link may work all the same. Its lifetime is unknown, usually 4 hours.")
        self._show(rows, title, text)

    def copy_value(self) -> None:
        """Copy the value of the current row."""
        index = self.table.currentIndex()
        if index.isValid():
            row = index.row()
            QGuiApplication.clipboard().setText(str(self.claims.index(row, VALUE).data()))
            self.said.emit(Message(Tone.SUCCESS, self.tr("Copied"), str(self.claims.index(row, LABEL).data())))

    def _show(self, rows: tuple[ClaimRow, ...], title: str, text: str) -> None:
        self.line.setText(title)
        self.detail.setText(text)
        self.claims.show_rows(rows)
        self.table.setVisible(bool(rows))
        if rows:
            self.table.setCurrentIndex(self.claims.index(0, LABEL))
