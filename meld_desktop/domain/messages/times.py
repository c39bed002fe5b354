"""When a link expires, in the words of the customer's language and the time of the customer's place."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from meld_desktop.domain.messages.languages import WORDS, Language
from meld_desktop.domain.messages.places import REGIONS, zone_words

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def find_zone(name: str) -> "ZoneInfo | None":
    """Return the time zone called ``name`` (IANA, such as ``America/New_York``), or None when there is none."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, no name at all, a folder of zones
        return None


def zone_names() -> list[str]:
    """Return the zones named after places, sorted, for choosing one. Reads the disk for a moment."""
    from zoneinfo import available_timezones

    return sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS)


def expiry_words(moment: datetime, language: Language, zone: tzinfo) -> str:
    """Return the weekday, date, time and zone of ``moment``, to be read after the word for “until”.

    When the clocks go back and the same time comes twice, says which of the two, and its offset. Seconds are dropped,
    so the link works a little longer than told, never shorter. Empty for a moment no clock there can show. Raises
    ValueError when ``moment`` is not aware.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    try:
        local = moment.astimezone(zone)
    except OverflowError:
        return ""
    return f"{_date_and_time(local, language)} ({_place(local, language, zone)})"


def _place(local: datetime, language: Language, zone: tzinfo) -> str:
    words = WORDS[language]
    named = zone_words(getattr(zone, "key", ""), language)
    if not named:
        return _offset(local)
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return named
    return f"{named}, {_offset(local)}, {words.clocks_after if local.fold else words.clocks_before}"


def _offset(local: datetime) -> str:
    offset = local.utcoffset() or timedelta()
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}" if minutes else "UTC"


def _date_and_time(local: datetime, language: Language) -> str:
    words = WORDS[language]
    weekday, month = words.weekdays[local.weekday()], words.months[local.month - 1]
    day, hour, minute = local.day, local.hour, local.minute
    if language is Language.EN:
        half = "a.m." if hour < 12 else "p.m."
        return f"{weekday}, {month} {day} at {hour % 12 or 12}:{minute:02} {half}"
    if language is Language.ES:
        return f"el {weekday} {day} de {month} a {'la' if hour == 1 else 'las'} {hour}:{minute:02}"
    if language is Language.FR:
        return f"{weekday} {'1er' if day == 1 else day} {month} à {hour}h{minute:02}"
    if language is Language.DE:
        return f"{weekday}, {day}. {month}, {hour}:{minute:02} Uhr"
    first = "1º" if day == 1 else str(day)
    return f"{weekday}, {first} de {month}, {'à' if hour < 2 else 'às'} {hour}h{minute:02}"


EXAMPLE_MOMENT = datetime(2026, 3, 5, 19, 30, tzinfo=UTC)
"""For previews of templates."""
