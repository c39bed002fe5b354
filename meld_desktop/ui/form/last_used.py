"""The line below a known customer ID: when a link was last made for it and with what, and the same once more."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from meld_desktop.domain.link_clock import utc_now
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.products import LABELS, Product
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property

_TICK_MS = 30_000
_HOURS_ACROSS_MIDNIGHT = 6
_DAYS_IN_WORDS = 14
"""Longer ago than this, the date says more."""


class LastUsed(QWidget):
    """Shows one LinkRecord, or nothing. ``wanted`` carries the record to fill the form with."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(parent)
        self._now = now
        self._record: LinkRecord | None = None
        self._words = Paragraph("", "hint", self)
        self.again = QPushButton(self.tr("Use the same again"), self)
        self.again.setAccessibleName(self.tr("Use the same again"))
        self.again.setToolTip(self.tr("Fill the form as it was for this customer the last time"))
        self.again.setCursor(Qt.CursorShape.PointingHandCursor)
        set_property(self.again, "role", "link")
        self.again.clicked.connect(self._want)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._words)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self._say)
        self.hide()

    @property
    def text(self) -> str:
        """What is said; empty while nothing is."""
        return self._words.text()

    @property
    def record(self) -> LinkRecord | None:
        """The record on show."""
        return self._record

    def show_record(self, record: LinkRecord | None) -> None:
        """Show ``record``; None hides the line."""
        self._record = record
        self._say()
        self.setVisible(record is not None)

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the time right while somebody can see it."""
        super().showEvent(event)
        self._say()
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Count no more."""
        super().hideEvent(event)
        self._ticks.stop()

    def _want(self) -> None:
        if self._record is not None:
            self.wanted.emit(self._record)

    def _say(self) -> None:
        record = self._record
        if record is None:
            self._words.setText("")
            self.again.setAccessibleDescription("")
            return
        when = self._ago(record.made_at)
        named = _in_order((*record.products, *record.optional_products))
        if named:
            said = self.tr("Last used {when} with {products}.").format(when=when, products=self._listed(named))
        else:
            said = self.tr("Last used {when}.").format(when=when)
        self._words.setText(said)
        self.again.setAccessibleDescription(said)

    def _listed(self, named: Sequence[str]) -> str:
        if len(named) == 1:
            return named[0]
        return self.tr("{several} and {last}").format(several=", ".join(named[:-1]), last=named[-1])

    def _ago(self, moment: datetime) -> str:
        """Return how long ago ``moment`` was; a moment to come, by a clock put back, is now."""
        now = self._now()
        past = now - moment
        minutes = int(past / timedelta(minutes=1))
        days = (now.astimezone().date() - moment.astimezone().date()).days
        if minutes < 1:
            return self.tr("just now")
        if minutes == 1:
            return self.tr("a minute ago")
        if minutes < 60:
            return self.tr("{count} minutes ago").format(count=minutes)
        if minutes < 120:
            return self.tr("an hour ago")
        if days < 1 or minutes < _HOURS_ACROSS_MIDNIGHT * 60:
            return self.tr("{count} hours ago").format(count=minutes // 60)
        if days == 1:
            return self.tr("yesterday")
        if days < _DAYS_IN_WORDS:
            return self.tr("{count} days ago").format(count=days)
        local = moment.astimezone()
        date = QLocale().toString(QDate(local.year, local.month, local.day), QLocale.FormatType.LongFormat)
        return self.tr("on {date}").format(date=date)


def _in_order(products: Sequence[str]) -> list[str]:
    """Return the products by the names of the form, each once, in its order; unknown ones last, as they are."""
    known = [localized(LABELS[product]) for product in Product if product in products]
    return known + [name for name in dict.fromkeys(products) if name not in set(Product)]
