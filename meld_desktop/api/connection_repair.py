"""``POST /bank-linking/connect/repair``: a new link for a connection that needs its customer again (OAS, REP)."""

import json

import msgspec

from meld_desktop.api.answers import decode, widget_url_in
from meld_desktop.api.client import MeldClient
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.link import Link
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import read_token

PATH = "/bank-linking/connect/repair"


class RepairResponse(msgspec.Struct, rename="camel"):
    """The documented answer. Only the widget URL is needed."""

    id: str | None = None
    connect_token: str | None = None
    institution_id: str | None = None
    widget_url: str | None = None


async def repair_connection(
    client: MeldClient,
    environment: Environment,
    connection_id: str,
    request: ConnectStartRequest,
    customer_id: str = "",
) -> Link:
    """Ask Meld for a link that skips the picker and leads the customer to the same bank's login. Raises MeldError.

    ``request`` and ``customer_id`` (Meld's) are those of the link that made the connection: the answer does not repeat
    them. Never repeats the request.
    """
    body = json.dumps({"connectionId": connection_id}, ensure_ascii=False, separators=(",", ":"))
    reply = await client.post(PATH, body)
    if not 200 <= reply.status < 300:
        raise client.refusal(reply)
    answer = decode(client, reply, RepairResponse)
    return Link(
        environment,
        request,
        answer.id or connection_id,
        customer_id,
        request.external_customer_id,
        widget_url_in(client, environment, reply, answer.widget_url),
        read_token(answer.connect_token or ""),
        reply.exchange,
    )
