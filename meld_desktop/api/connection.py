"""``GET /bank-linking/connections/{connectionId}``: what has become of a link (OAS)."""

from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from meld_desktop.api.client import MeldClient, Reply
from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.errors import Kind

PATH = "/bank-linking/connections/"

_LONGEST_WORD = 100
_LONGEST_NAME = 200


class ConnectionResponse(msgspec.Struct, rename="camel"):
    """The part of the documented answer that is followed. Only the status is needed."""

    status: str
    status_reason: str | None = None
    institution_name: str | None = None
    successfully_aggregated_at: str | None = None


async def get_connection(client: MeldClient, connection_id: str) -> ConnectionState:
    """Ask Meld for the state of a connection. Raises MeldError."""
    reply = await client.get(PATH + quote(connection_id, safe=""))
    if not 200 <= reply.status < 300:
        raise client.refusal(reply)
    answer = _decode(client, reply)
    return ConnectionState(
        answer.status[:_LONGEST_WORD],
        (answer.status_reason or "")[:_LONGEST_WORD],
        (answer.institution_name or "")[:_LONGEST_NAME],
        _moment(answer.successfully_aggregated_at),
    )


def _decode(client: MeldClient, reply: Reply) -> ConnectionResponse:
    try:
        answer = msgspec.json.decode(reply.content.removeprefix(b"\xef\xbb\xbf"), type=ConnectionResponse)
    except msgspec.ValidationError:
        raise client.unusable(Kind.WRONG_SHAPE, reply) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise client.unusable(Kind.NOT_JSON, reply) from None
    if not answer.status.strip():
        raise client.unusable(Kind.WRONG_SHAPE, reply)
    return answer


def _moment(text: str | None) -> datetime | None:
    """Return a moment as Meld writes it; None before the first data, and when it cannot be read."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
