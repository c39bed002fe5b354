"""What the message strip can say: plain values, made from outcomes."""

from dataclasses import dataclass, field
from enum import StrEnum

from meld_desktop.domain.errors import MeldError


class Tone(StrEnum):
    """How a message is meant; shown by words and icon, and by colour."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """One message, already in the language of the window. ``details`` is what *Copy details* copies."""

    tone: Tone
    title: str
    text: str = ""
    details: str = ""
    request_id: str = ""
    retry_after: int | None = field(default=None)
    """Seconds to count down before trying again makes sense."""


def details_of(error: MeldError, *, environment: str, version: str) -> str:
    """Return what a support team needs about ``error``, one ``name: value`` a line; there is no secret in it."""
    exchange = error.exchange
    lines = {
        "Error": str(error.title),
        "Kind": error.kind.name,
        "Meld says": str(error.detail.values.get("said", error.detail)) if error.detail else "",
        "Code": error.code,
        "HTTP status": "" if error.status is None else str(error.status),
        "Request ID": error.request_id,
        "Environment": environment,
        "Request": f"{exchange.method} {exchange.url}" if exchange else "",
        "Time": exchange.at.isoformat(timespec="seconds") if exchange and exchange.at else "",
        "Program": f"Meld Desktop {version}",
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value)
