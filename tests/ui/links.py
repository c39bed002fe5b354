"""Links for tests of what stands beside them, and a clock that is moved by hand."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from meld_desktop.domain.environments import SANDBOX, Environment
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import TokenFacts

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
URL = "https://institution-connect-sb.meld.io?connectToken=eyJ0eXAiOiJKV1Qi." + "Qm9keQ" * 60 + ".c2lnbmF0dXJl"


class HandClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment

    def go(self, **time: float) -> None:
        self.moment += timedelta(**time)


def made_link(
    lives: timedelta | None = timedelta(hours=4),
    *,
    environment: Environment = SANDBOX,
    ahead: timedelta = timedelta(),
    url: str = URL,
) -> Link:
    """A link made at noon by Meld's clock, on a computer whose clock is ``ahead``."""
    date = ("Date", format_datetime(NOON, usegmt=True))
    sent = NOON + ahead + timedelta(seconds=0.4)
    exchange = Exchange("POST", "https://x", (), "{}", 201, "Created", (date,), "{}", seconds=0.2, at=sent)
    request = ConnectStartRequest("support-4711", (Product.OWNERS,))
    facts = TokenFacts(NOON, NOON + lives if lives is not None else None)
    return Link(environment, request, "connection-1", "", "support-4711", url, facts, exchange)
