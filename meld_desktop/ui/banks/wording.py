"""What the panel says of banks: where they are, whether the form shows them and why not, and how old the data is."""

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from meld_desktop.domain.banks.bank import Bank, BankProvider
from meld_desktop.domain.banks.picker import Form, is_country, serves
from meld_desktop.domain.products import LABELS, Product
from meld_desktop.services.banks import BankState, Facets, Source
from meld_desktop.ui.strings import localized

_MOST_PLACES = 3


def number(value: int) -> str:
    """Return a count as people of this language write it."""
    return QLocale().toString(value)


def places_of(regions: Iterable[str], facets: Facets, most: int | None = None) -> str:
    """Return the names of countries and subdivisions, the countries first."""
    codes = sorted(regions, key=lambda code: (not is_country(code), code))
    names = sorted({facets.name_of(code): code for code in codes}.items(), key=lambda item: not is_country(item[1]))
    shown = ", ".join(name for name, _ in names[:most])
    left = len(names) - most if most is not None else 0
    if left <= 0:
        return shown
    return QCoreApplication.translate("Banks", "{places} and {count} more").format(places=shown, count=left)


def where(bank: Bank, facets: Facets) -> str:
    """Return the first countries of a bank; its subdivisions when it is in parts of one country only."""
    regions = bank.regions
    countries = {code for code in regions if is_country(code)}
    return places_of(countries or regions, facets, _MOST_PLACES)


def providers_of(bank: Bank) -> str:
    """Return who reaches a bank."""
    return ", ".join(way.name for way in bank.providers)


def products_of(products: Iterable[Product]) -> str:
    """Return products by name, in the order of the form."""
    known = set(products)
    return ", ".join(localized(LABELS[product]) for product in Product if product in known)


def login_of(way: BankProvider) -> str:
    """Return how the customer logs in."""
    if way.oauth:
        return QCoreApplication.translate("Banks", "on the bank's own page (OAuth)")
    return QCoreApplication.translate("Banks", "inside the widget")


def lacks(way: BankProvider, form: Form) -> list[str]:
    """Return what of the form a provider does not do; nothing when it does everything."""
    said = []
    missing = form.products - way.products
    if missing:
        lacking = QCoreApplication.translate("Banks", "does not offer {products}")
        said.append(lacking.format(products=products_of(missing)))
    if not serves(way.regions, form.regions):
        regions = ", ".join(sorted(form.regions))
        said.append(QCoreApplication.translate("Banks", "does not serve {regions}").format(regions=regions))
    if way.oauth and not form.allow_redirect:
        said.append(QCoreApplication.translate("Banks", "needs a redirect, and redirects are not allowed"))
    return said


def tell_apart(bank: Bank) -> str:
    """Return what distinguishes a bank from another of the same name."""
    return " · ".join(part for part in dict.fromkeys((bank.sub_name, bank.domain)) if part and part != bank.name)


def age_of(moment: datetime, now: datetime) -> str:
    """Return how long ago ``moment`` was."""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 2:
        return QCoreApplication.translate("Banks", "just now")
    if minutes < 120:
        return QCoreApplication.translate("Banks", "{count} minutes ago").format(count=minutes)
    if minutes < 48 * 60:
        return QCoreApplication.translate("Banks", "{count} hours ago").format(count=minutes // 60)
    return QCoreApplication.translate("Banks", "{count} days ago").format(count=number(minutes // 1440))


def summary(state: BankState, now: datetime) -> str:
    """Return how many banks there are, from where, and how old they are."""
    count = number(state.count)
    if state.source is Source.NONE:
        return QCoreApplication.translate("Banks", "No banks yet")
    if state.source is Source.DEMO:
        if state.environment.is_demo:
            return QCoreApplication.translate("Banks", "{count} banks, made up for Demo").format(count=count)
        said = QCoreApplication.translate("Banks", "{count} banks, made up for Demo: not what your customers will see")
        return said.format(count=count)
    if state.partial or state.fetched_at is None:
        return QCoreApplication.translate("Banks", "{count} banks so far, from Meld").format(count=count)
    moment = QDateTime.fromMSecsSinceEpoch(int(state.fetched_at.timestamp() * 1000))
    when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
    age = age_of(state.fetched_at, now)
    if state.source is Source.IMPORT:
        said = QCoreApplication.translate("Banks", "{count} banks from the file {file}, imported {age} ({when})")
    else:
        said = QCoreApplication.translate("Banks", "{count} banks from Meld, fetched {age} ({when})")
    return said.format(count=count, age=age, when=when, file=state.file)


def progress_of(state: BankState) -> str:
    """Return how far the loading is."""
    if state.loading is None:
        return ""
    fetched, total = state.loading
    if state.waiting:
        said = QCoreApplication.translate("Banks", "Meld asks to wait {seconds} seconds; then it goes on by itself.")
        return said.format(seconds=state.waiting)
    if not fetched:
        return QCoreApplication.translate("Banks", "Loading…")
    if total is None:
        return QCoreApplication.translate("Banks", "Loading: {count} banks so far").format(count=number(fetched))
    said = QCoreApplication.translate("Banks", "Loading: {count} of {total} banks")
    return said.format(count=number(fetched), total=number(total))
