"""What is kept of a link."""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import ENVIRONMENTS as BUILT_IN
from meld_desktop.domain.links.record import ATTRIBUTES, ENVIRONMENTS, STATUSES, LinkRecord, cleaned

NOON = datetime(2026, 2, 3, 12, 0, 0, 5, tzinfo=UTC)


def record(**values: Any) -> LinkRecord:
    return LinkRecord(**{"made_at": NOON, "environment": "demo", "customer": "c", **values})


def test_nothing_but_the_listed_is_kept() -> None:
    assert ATTRIBUTES == (
        "id", "made_at", "environment", "host", "customer", "ticket", "note", "connection_id", "meld_customer_id",
        "institution_id", "institution_name", "products", "optional_products", "regions", "request", "request_id",
        "expires_at", "status", "status_reason", "status_at", "outcome", "case_id", "kind",
    )  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {"made_at": NOON.replace(tzinfo=None)},
        {"expires_at": NOON.replace(tzinfo=None)},
        {"status_at": NOON.replace(year=1969)},
        {"environment": "Demo"},
        {"environment": ""},
        {"kind": "other"},
        {"id": -1},
        {"case_id": -1},
    ],
)
def test_what_no_link_can_be_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"time|environment|kind|numbers"):
        record(**values)


def test_a_record_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        record().note = "x"  # type: ignore[misc]


def test_every_text_is_cleaned_and_times_are_in_utc() -> None:
    texts = {
        field.name: "secret \ud800"
        for field in dataclasses.fields(LinkRecord)
        if field.type in {"str", str} and field.name not in {"environment", "kind"}
    }
    lists = dict.fromkeys(("products", "optional_products", "regions"), ("secret", "b"))
    away = timezone(timedelta(hours=-5))
    values: dict[str, Any] = {**texts, **lists, "made_at": NOON.astimezone(away), "status_at": NOON.astimezone(away)}
    clean = cleaned(record(**values), lambda text: text.replace("secret", "•••"))
    assert {getattr(clean, name) for name in texts} == {"••• ?"}
    assert {getattr(clean, name) for name in lists} == {("•••", "b")}
    assert clean.made_at == clean.status_at == NOON
    assert clean.made_at.tzinfo is UTC
    assert clean.expires_at is None


def test_what_the_other_rooms_know_is_known() -> None:
    assert (*(environment.id for environment in BUILT_IN), "custom") == ENVIRONMENTS
    assert len(set(STATUSES)) == 11
    assert all(ConnectionState(status).is_documented for status in STATUSES[:9])
