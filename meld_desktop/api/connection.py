"""``GET /bank-linking/connections/{connectionId}``: what has become of a link (OAS)."""

from urllib.parse import quote

import msgspec

from meld_desktop.api.answers import decode, moment
from meld_desktop.api.client import MeldClient
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
    answer = decode(client, reply, ConnectionResponse)
    if not answer.status.strip():
        raise client.unusable(Kind.WRONG_SHAPE, reply)
    return ConnectionState(
        answer.status[:_LONGEST_WORD],
        (answer.status_reason or "")[:_LONGEST_WORD],
        (answer.institution_name or "")[:_LONGEST_NAME],
        moment(answer.successfully_aggregated_at),
    )
