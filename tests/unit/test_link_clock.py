"""How long a link works: by the token's own end, by Meld's clock, and in words that stay calm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meld_desktop.domain.environments import DEMO, SANDBOX, Environment
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.link_clock import (
    Phase,
    clock_warning,
    countdown,
    duration,
    phase_of,
    remaining,
    skew_of,
)
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import TokenFacts

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


def exchange(ahead: float = 0.0, *, took: float = 0.2, date: str | None = None) -> Exchange:
    """An answer that Meld dates at noon, on a computer whose clock is ``ahead`` seconds ahead."""
    said = format_datetime(NOON, usegmt=True) if date is None else date
    sent = NOON + timedelta(seconds=0.5 + ahead - took / 2)
    headers = (("content-type", "application/json"), ("dAtE", said))
    return Exchange("POST", "https://x", (), "{}", 201, response_headers=headers, seconds=took, at=sent)


def link(
    expires: datetime | None = NOON + timedelta(hours=4),
    *,
    ahead: float = 0.0,
    took: float = 0.2,
    environment: Environment = SANDBOX,
) -> Link:
    request = ConnectStartRequest("customer")
    facts = TokenFacts(NOON, expires)
    return Link(environment, request, "id", "", "", "https://x/?connectToken=t", facts, exchange(ahead, took=took))


@pytest.mark.parametrize("ahead", [420, -420, 7200.0, 3, -3])
def test_the_clocks_are_compared(ahead: float) -> None:
    skew = skew_of(exchange(ahead))
    assert skew is not None
    assert skew.ahead == timedelta(seconds=ahead)
    assert skew.is_known
    assert skew.doubt == timedelta(seconds=0.6)


@pytest.mark.parametrize("ahead", [0, 0.5, -0.5])
def test_a_difference_that_cannot_be_measured_is_none(ahead: float) -> None:
    skew = skew_of(exchange(ahead))
    assert skew is not None
    assert not skew.is_known
    assert remaining(link(ahead=ahead), NOON) == timedelta(hours=4)


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 24 Nov 99999 12:00:00 GMT", "Tue, 99 Nov 2026 12:00:00 GMT"])
def test_an_unreadable_date_tells_nothing(date: str) -> None:
    assert skew_of(exchange(date=date)) is None
    assert not clock_warning(replace(link(), exchange=exchange(600, date=date)))


def test_no_date_or_no_answer_tells_nothing() -> None:
    assert skew_of(replace(exchange(600), response_headers=())) is None
    assert skew_of(replace(exchange(600), at=None)) is None
    assert skew_of(replace(exchange(600), status=None)) is None


@given(date=st.text(max_size=40), seconds=st.floats(allow_nan=True, allow_infinity=True))
def test_nothing_an_answer_says_breaks_the_clock(date: str, seconds: float) -> None:
    odd = replace(link(), exchange=replace(exchange(date=date), seconds=seconds))
    left = remaining(odd, NOON)
    assert left is not None
    assert left >= timedelta()
    str(clock_warning(odd))


@pytest.mark.parametrize("ahead", [420.0, -420.0])
def test_the_countdown_follows_the_clock_of_meld(ahead: float) -> None:
    here = NOON + timedelta(seconds=ahead, minutes=10)
    assert remaining(link(ahead=ahead), here) == timedelta(hours=3, minutes=50)


def test_demo_lives_by_one_clock() -> None:
    assert remaining(link(ahead=-90_000, environment=DEMO), NOON) == timedelta(hours=4)
    assert not clock_warning(link(ahead=-90_000, environment=DEMO))


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (420, "is 7 minutes ahead of Meld's"),
        (-420, "is 7 minutes behind Meld's"),
        (121, "is 2 minutes ahead of Meld's"),
        (3 * 3600, "is 3 hours ahead of Meld's"),
        (-90 * 86_400, "is 90 days behind Meld's"),
    ],
)
def test_a_wrong_clock_is_told_with_the_next_step(ahead: float, words: str) -> None:
    said = str(clock_warning(link(ahead=ahead)))
    assert words in said
    assert "Let the system set date, time and time zone" in said


@pytest.mark.parametrize("ahead", [0, 60, -60, 119, -119])
def test_a_small_difference_is_nobodys_business(ahead: float) -> None:
    assert not clock_warning(link(ahead=ahead))


def test_a_slow_answer_is_no_wrong_clock() -> None:
    assert not clock_warning(link(ahead=125, took=30))
    assert clock_warning(link(ahead=140, took=30))


def test_an_opaque_token_says_nothing() -> None:
    left = remaining(link(None), NOON)
    assert left is None
    assert str(countdown(left, "")) == "Lifetime unknown, usually 4 hours"


def test_the_time_left_is_never_below_nothing() -> None:
    assert remaining(link(), NOON + timedelta(days=2)) == timedelta()


@pytest.mark.parametrize(
    ("left", "phase", "words"),
    [
        (timedelta(hours=3, minutes=59, seconds=59), Phase.LONG, "Works for 3 h 59 min (until 14:32)"),
        (timedelta(minutes=59, seconds=59), Phase.LONG, "Works for 59 min (until 14:32)"),
        (timedelta(minutes=10), Phase.LONG, "Works for 10 min (until 14:32)"),
        (timedelta(minutes=9, seconds=59), Phase.MINUTES, "Works for 9 min 59 s (until 14:32)"),
        (timedelta(minutes=5), Phase.MINUTES, "Works for 5 min 0 s (until 14:32)"),
        (timedelta(minutes=4, seconds=59), Phase.SOON, "Expires soon: only 4 min 59 s left (until 14:32)"),
        (timedelta(seconds=1), Phase.SOON, "Expires soon: only 1 s left (until 14:32)"),
        (timedelta(milliseconds=1), Phase.SOON, "Expires soon: only 0 s left (until 14:32)"),
        (timedelta(), Phase.EXPIRED, "Expired at 14:32"),
    ],
)
def test_words_and_phase(left: timedelta, phase: Phase, words: str) -> None:
    assert phase_of(left) is phase
    assert str(countdown(left, "14:32")) == words


def test_seconds_are_shown_in_the_last_ten_minutes_only() -> None:
    for seconds in range(0, 5 * 3600, 7):
        shows = str(duration(timedelta(seconds=seconds))).endswith(" s")
        assert shows == (seconds < 600), seconds


def test_a_token_that_never_ends_counts_days() -> None:
    left = remaining(link(datetime.max.replace(tzinfo=UTC)), NOON)
    assert left is not None
    assert str(duration(left)).endswith(" days")
