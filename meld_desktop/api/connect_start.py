"""``POST /bank-linking/connect/start``: makes a connection and answers with a widget URL (OAS)."""

import msgspec

from meld_desktop.api.answers import decode, widget_url_in
from meld_desktop.api.client import MeldClient
from meld_desktop.domain.api_call import START_PATH
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.link import Link
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import read_token


class ConnectStartResponse(msgspec.Struct, rename="camel"):
    """The documented answer. Only the widget URL is needed; what else is missing is shown as missing."""

    id: str | None = None
    connect_token: str | None = None
    customer_id: str | None = None
    external_customer_id: str | None = None
    widget_url: str | None = None


async def start_connection(client: MeldClient, environment: Environment, request: ConnectStartRequest) -> Link:
    """Ask Meld for a link. Raises MeldError; never repeats the request (each one makes a connection)."""
    reply = await client.post(START_PATH, request.to_json())
    if not 200 <= reply.status < 300:
        raise client.refusal(reply, names_institution=bool(request.institution_id))
    answer = decode(client, reply, ConnectStartResponse)
    widget_url = widget_url_in(client, environment, reply, answer.widget_url)
    return Link(
        environment,
        request,
        answer.id or "",
        answer.customer_id or "",
        answer.external_customer_id or "",
        widget_url,
        read_token(answer.connect_token or ""),
        reply.exchange,
    )
