"""How long a link still works, by Meld's clock, and whether this computer's clock can be believed.

The end is the token's own ``exp``; an opaque token does not say, and then four hours are usual (TOK, REP). The
difference between the clocks comes from the ``Date`` of Meld's answer (RFC 9110, 6.6.1).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto

from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text

SECONDS_FROM = timedelta(minutes=10)
"""From here on the countdown shows seconds; before that it would only be restless."""
SOON = timedelta(minutes=5)
"""From here on the countdown warns."""
TOLERATED = timedelta(minutes=2)
"""Clocks that differ by more than this are worth a warning."""

_ZERO = timedelta()
_ONE_SECOND = timedelta(seconds=1)
_MOST = timedelta(days=36_500)


def utc_now() -> datetime:
    """Return the present moment by this computer's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Skew:
    """By how much this computer's clock is ahead of Meld's (behind, when negative); right to within ``doubt``."""

    ahead: timedelta
    doubt: timedelta

    @property
    def is_known(self) -> bool:
        """Whether the clocks differ by more than the measurement may be wrong."""
        return abs(self.ahead) > self.doubt

    @property
    def is_worrying(self) -> bool:
        """Whether the clocks differ by more than is tolerated, however long the answer took."""
        return abs(self.ahead) - self.doubt + _ONE_SECOND / 2 > TOLERATED


def skew_of(exchange: Exchange) -> Skew | None:
    """Return how the clocks differ; None when the answer has no readable ``Date``. Never raises."""
    if exchange.at is None or exchange.status is None:
        return None
    date = next((value for name, value in exchange.response_headers if name.lower() == "date"), "")
    try:
        said = parsedate_to_datetime(date)
        said = said.replace(tzinfo=UTC) if said.tzinfo is None else said
        # The server wrote a whole second, at some moment between our sending and our receiving.
        took = timedelta(seconds=max(0.0, exchange.seconds))
        ahead = exchange.at + took / 2 - (said + _ONE_SECOND / 2)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return Skew(ahead, took / 2 + _ONE_SECOND / 2)


def meld_time(link: Link, now: datetime) -> datetime:
    """Return what Meld's clock shows when this computer's shows ``now``. Demo's world has one clock only."""
    skew = None if link.environment.is_demo else skew_of(link.exchange)
    if skew is None or not skew.is_known or abs(skew.ahead) > _MOST:
        return now
    return now - skew.ahead


def remaining(link: Link, now: datetime) -> timedelta | None:
    """Return how long ``link`` works from ``now`` on, never below zero; None when its token does not say.

    ``now`` is by the clock that the link lives by: this computer's, or for Demo the local Meld's.
    """
    if link.token.expires is None:
        return None
    return max(_ZERO, link.token.expires - meld_time(link, now))


class Phase(Enum):
    """How much of a link's life is left."""

    UNKNOWN = auto()
    LONG = auto()
    MINUTES = auto()
    """Seconds are counted."""
    SOON = auto()
    EXPIRED = auto()


def phase_of(left: timedelta | None) -> Phase:
    """Return the phase for what ``remaining`` says."""
    if left is None:
        return Phase.UNKNOWN
    if left <= _ZERO:
        return Phase.EXPIRED
    if left < SOON:
        return Phase.SOON
    return Phase.MINUTES if left < SECONDS_FROM else Phase.LONG


def countdown(left: timedelta | None, until: str) -> Text:
    """Return the sentence for what ``remaining`` says; ``until`` is the end as a time of day."""
    match phase_of(left):
        case Phase.UNKNOWN:
            return LIFETIME_UNKNOWN
        case Phase.EXPIRED:
            return Text(QT_TRANSLATE_NOOP("domain", "Expired at {until}"), until=until)
        case Phase.SOON:
            source = QT_TRANSLATE_NOOP("domain", "Expires soon: only {left} left (until {until})")
        case _:
            source = QT_TRANSLATE_NOOP("domain", "Works for {left} (until {until})")
    return Text(source, left=duration(left or _ZERO), until=until)


def duration(left: timedelta) -> Text:
    """Return a time span in words: with seconds when it is short, else in whole minutes."""
    seconds = int(left.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if left < timedelta(minutes=1):
        return Text(QT_TRANSLATE_NOOP("domain", "{seconds} s"), seconds=seconds)
    if left < SECONDS_FROM:
        source = QT_TRANSLATE_NOOP("domain", "{minutes} min {seconds} s")
        return Text(source, minutes=minutes, seconds=seconds % 60)
    if hours < 1:
        return Text(QT_TRANSLATE_NOOP("domain", "{minutes} min"), minutes=minutes)
    if days < 2:
        return Text(QT_TRANSLATE_NOOP("domain", "{hours} h {minutes} min"), hours=hours, minutes=minutes % 60)
    return Text(QT_TRANSLATE_NOOP("domain", "{days} days"), days=days)


def clock_warning(link: Link) -> Text:
    """Return what to say when this computer's clock and Meld's differ too much; nothing when they do not."""
    skew = None if link.environment.is_demo else skew_of(link.exchange)
    if skew is None or not skew.is_worrying:
        return NOTHING
    by = abs(skew.ahead)
    if by < timedelta(hours=2):
        apart = Text(QT_TRANSLATE_NOOP("domain", "{minutes} minutes"), minutes=round(by.total_seconds() / 60))
    elif by < timedelta(days=2):
        apart = Text(QT_TRANSLATE_NOOP("domain", "{hours} hours"), hours=round(by.total_seconds() / 3600))
    else:
        apart = Text(QT_TRANSLATE_NOOP("domain", "{days} days"), days=by.days)
    if skew.ahead > _ZERO:
        source = QT_TRANSLATE_NOOP(
            "domain",
            "This computer's clock is {apart} ahead of Meld's. The time left is counted by Meld's clock. Let the "
            "system set date, time and time zone by itself; secure pages may fail until then.",
        )
    else:
        source = QT_TRANSLATE_NOOP(
            "domain",
            "This computer's clock is {apart} behind Meld's. The time left is counted by Meld's clock. Let the "
            "system set date, time and time zone by itself; secure pages may fail until then.",
        )
    return Text(source, apart=apart)


LIFETIME_UNKNOWN = Text(QT_TRANSLATE_NOOP("domain", "Lifetime unknown, usually 4 hours"))
EXPIRED = Text(QT_TRANSLATE_NOOP("domain", "This link has expired"))
