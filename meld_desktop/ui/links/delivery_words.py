"""What the delivery check says of each product and account, in the language and the formats of the person."""

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from meld_desktop.domain.account_facts import AccountFacts
from meld_desktop.domain.delivery import Arrival, ProductDelivery
from meld_desktop.domain.products import LABELS
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.ui.strings import localized

_WORDS = {
    Arrival.ARRIVED: Text(QT_TRANSLATE_NOOP("domain", "Arrived")),
    Arrival.PARTIAL: Text(QT_TRANSLATE_NOOP("domain", "Partly arrived")),
    Arrival.COMING: Text(QT_TRANSLATE_NOOP("domain", "Not there yet")),
    Arrival.MISSING: Text(QT_TRANSLATE_NOOP("domain", "Missing")),
    Arrival.UNKNOWN: Text(QT_TRANSLATE_NOOP("domain", "Not known")),
    Arrival.NOT_ASKED: Text(QT_TRANSLATE_NOOP("domain", "Not asked for")),
}


def name_of(row: ProductDelivery) -> str:
    """Return the product's name."""
    return localized(LABELS[row.product])


def asked_as(row: ProductDelivery) -> str:
    """Return how it was asked for."""
    return (
        QCoreApplication.translate("Delivery", "required")
        if row.is_required
        else QCoreApplication.translate("Delivery", "optional")
    )


def arrival_of(row: ProductDelivery) -> str:
    """Return what became of it, in two words."""
    return localized(_WORDS[row.arrival])


def facts_of(row: ProductDelivery) -> str:
    """Return what is there: how much, of which days, and as of when."""
    parts = [localized(row.found)]
    if row.first is not None and row.last is not None:
        first, last = day(row.first), day(row.last)
        span = first if first == last else f"{first} – {last}"
        parts.append(
            span if row.is_whole else QCoreApplication.translate("Delivery", "{span} so far").format(span=span)
        )
    if row.at is not None:
        parts.append(QCoreApplication.translate("Delivery", "as of {time}").format(time=moment(row.at)))
    return " · ".join(filter(None, parts))


def line_of(row: ProductDelivery) -> str:
    """Return the whole row as one line of text, for the clipboard and for those who hear it."""
    head = f"{name_of(row)} ({asked_as(row)}): {arrival_of(row)}"
    return ". ".join(filter(None, (f"{head}, {facts}" if (facts := facts_of(row)) else head, localized(row.reason))))


def summary_of(rows: Sequence[ProductDelivery]) -> str:
    """Return in one sentence how much of what was asked for is there."""
    asked = [row for row in rows if row.arrival is not Arrival.NOT_ASKED]
    there = [row for row in asked if row.arrival is Arrival.ARRIVED]
    if not asked:
        return QCoreApplication.translate("Delivery", "No product was asked for.")
    if len(there) == len(asked):
        return QCoreApplication.translate("Delivery", "Everything that was asked for has arrived.")
    if not there and all(row.arrival is Arrival.COMING for row in asked):
        return QCoreApplication.translate("Delivery", "Nothing has arrived yet.")
    if all(row.arrival is Arrival.UNKNOWN for row in asked):
        return QCoreApplication.translate("Delivery", "What arrived could not be looked up.")
    return QCoreApplication.translate("Delivery", "{count} of {all} products have arrived in full.").format(
        count=len(there), all=len(asked)
    )


def account_cells(account: AccountFacts, transactions: str) -> tuple[str, ...]:
    """Return what the table shows of an account; ``transactions`` is how many were counted."""
    kind = (account.subtype or account.type).replace("_", " ").capitalize()
    return (
        account.name or QCoreApplication.translate("Delivery", "(no name)"),
        account.number,
        kind,
        _balance(account),
        str(account.owners) if account.owners else "",
        ", ".join(account.identifiers),
        transactions,
    )


def _balance(account: AccountFacts) -> str:
    balance = account.balance
    if balance is None or balance.amount is None:
        return ""
    return f"{QLocale().toString(float(balance.amount), 'f', 2)} {balance.currency}".rstrip()


def day(value: date) -> str:
    """Return a day as the person writes it, with the month in letters."""
    return QLocale().toString(QDate(value.year, value.month, value.day), "d MMM yyyy")


def moment(value: datetime) -> str:
    """Return a moment in the time of this computer."""
    local = QDateTime.fromSecsSinceEpoch(int(value.timestamp())).toLocalTime()
    if local.date() == QDate.currentDate():
        return QLocale().toString(local.time(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(local, "d MMM yyyy, ") + QLocale().toString(local.time(), QLocale.FormatType.ShortFormat)
