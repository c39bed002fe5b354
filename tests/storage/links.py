"""Links to store, and looks into the files of a store from outside."""

import os
import random
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from meld_desktop.domain.links.record import LinkRecord

ROOT = Path(__file__).resolve().parents[2]
BEGIN = datetime(2026, 2, 3, 14, 5, 6, 789012, tzinfo=UTC)
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NzAxMzA3MDZ9.c2lnbmF0dXJlc2lnbmF0dXJl"
WIDGET_URL = f"https://institution-connect-sb.meld.io?connectToken={TOKEN}"


def link(customer: str = "customer-1", minutes: float = 0, **values: Any) -> LinkRecord:
    """Return a link made ``minutes`` after the others."""
    given: dict[str, Any] = {"environment": "sandbox", "made_at": BEGIN + timedelta(minutes=minutes), **values}
    return LinkRecord(customer=customer, **given)


FULL = link(
    "cust “47”",
    environment="custom",
    host="meld.example.com:8443",
    ticket="=T-1",
    note="first line\nsecond, with “quotes” and \t tab",
    connection_id="WQ5CwCxDxXhYuA4fVHGk3o",
    meld_customer_id="6f9619ff-8b86-d011-b42d-00c04fc964ff",
    institution_id="inst-9",
    institution_name="Crédit Agricole",
    products=("BALANCES", "OWNERS"),
    optional_products=("TRANSACTIONS",),
    regions=("US", "CA-ON"),
    request='{"externalCustomerId":"cust “47”","products":["BALANCES","OWNERS"]}',
    request_id="req-77",
    expires_at=BEGIN + timedelta(hours=4),
    status="RECONNECT_REQUIRED",
    status_reason="LOGIN_REQUIRED",
    status_at=BEGIN + timedelta(hours=1, microseconds=1),
    outcome="The customer connected the bank.",
    case_id=1,
    kind="repair",
)
"""A link with something in every field."""

_BANKS = ("Chase", "Bank of America", "Wells Fargo", "Schwab", "Crédit Agricole", "")
_STATUSES = ("ACTIVE",) * 16 + ("EXPIRED",) * 3 + ("DEGRADED",)


def many(number: int, seed: int = 1) -> Iterator[LinkRecord]:
    """Yield links like those of a year at a desk, the oldest first, the same each time."""
    dice = random.Random(seed)
    at = BEGIN
    for index in range(number):
        at += timedelta(seconds=dice.uniform(0.5, 90))
        yield link(
            f"customer-{index // 3:06d}",
            made_at=at,
            environment=dice.choice(("demo", "sandbox", "sandbox", "production")),
            ticket=f"T-{index}",
            note=f"called about {dice.randrange(1000)}" if index % 3 else "",
            connection_id=str(uuid.UUID(int=dice.getrandbits(128))),
            institution_name=dice.choice(_BANKS),
            products=("BALANCES", "OWNERS"),
            regions=("US",),
            status="UNRECOVERABLE" if index % 1000 == 7 else dice.choice(_STATUSES),
            expires_at=at + timedelta(hours=4),
        )


def rows(file: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Return what ``statement`` finds in a database, asked from outside."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(statement, values).fetchall()


def assert_sound(file: Path) -> None:
    """Check the database and both directions of its full-text index."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO links_fts (links_fts, rank) VALUES ('integrity-check', 1)")
        connection.rollback()
        counted = connection.execute(
            "SELECT environment, status, count(*) FROM links GROUP BY environment, status"
        ).fetchall()
        kept = connection.execute("SELECT * FROM totals WHERE number <> 0 ORDER BY environment, status").fetchall()
        assert kept == sorted(counted)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return what every file below ``folder`` holds, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def child(program: str, *words: str) -> subprocess.Popen[str]:
    """Start a Python program with our modules."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
