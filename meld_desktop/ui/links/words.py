"""How a link is said in the list: a word for its status, the times, the names of environments and products."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import environment_named
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.products import LABELS, parse_product
from meld_desktop.domain.text import QT_TRANSLATE_NOOP
from meld_desktop.ui.strings import localized


class Mood(Enum):
    """How a status is meant; said by a word and an icon, and by colour."""

    QUIET = auto()
    WAITING = auto()
    GOOD = auto()
    ATTENTION = auto()
    BAD = auto()


@dataclass(frozen=True, slots=True)
class _Look:
    text: str
    icon: str
    mood: Mood


_TIME_IS_UP = _Look(QT_TRANSLATE_NOOP("Links", "Time is up"), "close", Mood.QUIET)
_LOOKS = {
    "": _Look(QT_TRANSLATE_NOOP("Links", "Not known"), "dash", Mood.QUIET),
    "IN_PROGRESS": _Look(QT_TRANSLATE_NOOP("Links", "Waiting"), "status", Mood.WAITING),
    "ACTIVE": _Look(QT_TRANSLATE_NOOP("Links", "Connected"), "success", Mood.GOOD),
    "PARTIALLY_ACTIVE": _Look(QT_TRANSLATE_NOOP("Links", "Partly connected"), "warning", Mood.ATTENTION),
    "DEGRADED": _Look(QT_TRANSLATE_NOOP("Links", "No fresh data"), "warning", Mood.ATTENTION),
    "RECONNECT_REQUIRED": _Look(QT_TRANSLATE_NOOP("Links", "Must reconnect"), "warning", Mood.ATTENTION),
    "RECONNECT_AVAILABLE": _Look(QT_TRANSLATE_NOOP("Links", "May reconnect"), "info", Mood.ATTENTION),
    "CUSTOMER_ACTION_REQUIRED": _Look(QT_TRANSLATE_NOOP("Links", "Customer must act"), "warning", Mood.ATTENTION),
    "UNDETERMINED": _Look(QT_TRANSLATE_NOOP("Links", "Unclear"), "info", Mood.ATTENTION),
    "UNRECOVERABLE": _Look(QT_TRANSLATE_NOOP("Links", "Given up"), "error", Mood.BAD),
    "EXPIRED": _Look(QT_TRANSLATE_NOOP("Links", "Expired"), "close", Mood.QUIET),
    "DELETED": _Look(QT_TRANSLATE_NOOP("Links", "Deleted"), "dash", Mood.QUIET),
}
STATUSES = tuple(status for status in _LOOKS if status)


@dataclass(frozen=True, slots=True)
class Standing:
    """A status as the list shows it."""

    text: str
    icon: str
    mood: Mood


def standing_of(record: LinkRecord, now: datetime) -> Standing:
    """Return how ``record`` stands at ``now``."""
    if record.status == "IN_PROGRESS" and record.expires_at is not None and record.expires_at <= now:
        look = _TIME_IS_UP
    else:
        look = _LOOKS.get(record.status, _Look("", "info", Mood.ATTENTION))
    return Standing(_say(look.text) if look.text else record.status, look.icon, look.mood)


def status_label(status: str) -> str:
    """Return the word for a status, as the list shows it."""
    return _say(_LOOKS[status].text) if status in _LOOKS else status


def state_of(record: LinkRecord) -> ConnectionState:
    """Return the connection's state as it was kept."""
    return ConnectionState(record.status, record.status_reason, record.institution_name)


def environment_name(record: LinkRecord) -> str:
    """Return the name of the environment a link was made in; of another address its host."""
    known = environment_named(record.environment)
    return localized(known.name) if known is not None else record.host or _say(QT_TRANSLATE_NOOP("Links", "Other"))


def environment_word(record: LinkRecord) -> str:
    """Return the environment in one word, for the column."""
    return _say(QT_TRANSLATE_NOOP("Links", "Demo")) if record.environment == "demo" else environment_name(record)


def environment_label(record: LinkRecord) -> str:
    """Return the environment's name; of Production also what that means."""
    name = environment_name(record)
    if record.environment != "production":
        return name
    return _say(QT_TRANSLATE_NOOP("Links", "{name}: real customers")).format(name=name)


def bank_name(record: LinkRecord) -> str:
    """Return the bank's name, or its id while nobody has said the name; "" while no bank is known."""
    return record.institution_name or record.institution_id


def product_names(products: tuple[str, ...]) -> str:
    """Return products by their names, one behind the other."""
    found = (parse_product(name) for name in products)
    names = zip(products, found, strict=True)
    return ", ".join(localized(LABELS[product]) if product else name for name, product in names)


def moment_words(moment: datetime | None, now: datetime) -> str:
    """Return when something was, in a few words: the time of today and yesterday, else the date; "" for None."""
    if moment is None:
        return ""
    local, locale = moment.astimezone(), QLocale()
    time = locale.toString(_qt(local).time(), QLocale.FormatType.ShortFormat)
    days = (now.astimezone().date() - local.date()).days
    if days == 0:
        return time
    if days == 1:
        return _say(QT_TRANSLATE_NOOP("Links", "yesterday {time}")).format(time=time)
    return locale.toString(_qt(local).date(), QLocale.FormatType.ShortFormat)


def exact_words(moment: datetime) -> str:
    """Return a time in full, with its zone."""
    return f"{QLocale().toString(_qt(moment.astimezone()), QLocale.FormatType.LongFormat)}"


def time_left(moment: datetime, now: datetime) -> str:
    """Return how long it is until ``moment``, in the largest whole unit; "" when it is over."""
    left = moment - now
    if left <= timedelta(0):
        return ""
    minutes = int(left.total_seconds() // 60)
    if minutes < 1:
        return _say(QT_TRANSLATE_NOOP("Links", "less than a minute left"))
    if minutes < 120:
        return _say(QT_TRANSLATE_NOOP("Links", "{count} min left")).format(count=minutes)
    if minutes < 2 * 1440:
        return _say(QT_TRANSLATE_NOOP("Links", "{count} h left")).format(count=minutes // 60)
    return _say(QT_TRANSLATE_NOOP("Links", "{count} days left")).format(count=minutes // 1440)


def one_line(text: str) -> str:
    """Return ``text``, whoever wrote it, in one line."""
    return " ".join(text.split())


def _qt(moment: datetime) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(int(moment.timestamp() * 1000))


def _say(source: str) -> str:
    return QCoreApplication.translate("Links", source)
