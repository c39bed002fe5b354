"""Every documented status and reason has words, a next step where there is one, and what may be done."""

from datetime import UTC, datetime

import pytest

from meld_desktop.domain.connection_status import DOCUMENTED, ConnectionState
from meld_desktop.mock.contract import REASONS

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_statuses_of_the_contract_are_all_here() -> None:
    for status, reasons in REASONS.items():
        assert ConnectionState(status).is_documented, status
        for reason in reasons:
            assert (status, reason or "") in DOCUMENTED or status in {"RECONNECT_REQUIRED", "UNRECOVERABLE"}


@pytest.mark.parametrize(("status", "reason"), DOCUMENTED)
def test_words(status: str, reason: str) -> None:
    state = ConnectionState(status, reason)
    assert str(state.line).endswith(".")
    assert not str(state.brief).endswith(".")
    assert "{" not in str(state.line) + str(state.brief)
    assert str(state.next_step).endswith(".") or not state.next_step
    assert state.may_repair or not state.next_step or status in {"EXPIRED", "DELETED"}


@pytest.mark.parametrize(
    ("status", "reason", "refresh", "repair", "terminal", "connected"),
    [
        ("IN_PROGRESS", "", False, False, False, False),
        ("EXPIRED", "", False, False, True, False),
        ("DELETED", "", False, False, True, False),
        ("ACTIVE", "", True, False, False, True),
        ("ACTIVE", "ACCESS_EXPIRING_SOON", True, True, False, True),
        ("ACTIVE", "NEW_ACCOUNTS_AVAILABLE", True, True, False, True),
        ("ACTIVE", "SOMETHING_NEW", True, False, False, True),
        ("PARTIALLY_ACTIVE", "PARTIAL_AGGREGATION_SUCCESS", True, True, False, True),
        ("PARTIALLY_ACTIVE", "INACTIVE_DUPLICATE", True, True, False, True),
        ("DEGRADED", "INTERACTIVE_REFRESH", True, True, False, True),
        ("DEGRADED", "SOMETHING_NEW", True, True, False, True),
        ("RECONNECT_REQUIRED", "LOGIN_REQUIRED", False, True, False, True),
        ("RECONNECT_REQUIRED", "OTHER", False, True, False, True),
        ("UNRECOVERABLE", "CONTINUED_AGGREGATION_FAILURES", False, True, False, True),
        ("UNDETERMINED", "", True, True, False, True),
        ("GLOWING", "", False, False, False, False),
        ("", "", False, False, False, False),
    ],
)
def test_what_may_be_done(
    status: str, reason: str, refresh: bool, repair: bool, terminal: bool, connected: bool
) -> None:
    state = ConnectionState(status, reason, "Maple", None)
    assert (state.may_refresh, state.may_repair, state.is_terminal) == (refresh, repair, terminal)
    assert state.is_connected is connected


def test_active_says_whether_data_is_there() -> None:
    assert str(ConnectionState("ACTIVE").line) == "Connected. The bank's data is still arriving."
    assert str(ConnectionState("ACTIVE", "", "Maple", AT).line) == "Connected, and the first data has arrived."
    assert str(ConnectionState("DEGRADED", "", "Maple", AT).brief) == "fresh data cannot be fetched now"


def test_an_unknown_status_promises_nothing() -> None:
    state = ConnectionState("GLOWING", "SLIGHTLY")
    assert not state.is_documented
    assert str(state.line) == "Meld says GLOWING (SLIGHTLY), a status that this program does not know."
