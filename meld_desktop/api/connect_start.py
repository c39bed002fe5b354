"""``POST /bank-linking/connect/start``: makes a connection and answers with a widget URL (OAS)."""

import msgspec

from meld_desktop.api.client import MeldClient, Reply
from meld_desktop.domain.api_call import START_PATH
from meld_desktop.domain.environments import Environment, is_safe_widget_url
from meld_desktop.domain.errors import Kind
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
    answer = _decode(client, reply)
    if not answer.widget_url:
        raise client.unusable(Kind.NO_WIDGET_URL, reply)
    if not is_safe_widget_url(environment, answer.widget_url):
        raise client.unusable(Kind.UNSAFE_WIDGET_URL, reply)
    return Link(
        environment,
        request,
        answer.id or "",
        answer.customer_id or "",
        answer.external_customer_id or "",
        answer.widget_url,
        read_token(answer.connect_token or ""),
        reply.exchange,
    )


def _decode(client: MeldClient, reply: Reply) -> ConnectStartResponse:
    try:
        return msgspec.json.decode(reply.content.removeprefix(b"\xef\xbb\xbf"), type=ConnectStartResponse)
    except msgspec.ValidationError:
        raise client.unusable(Kind.WRONG_SHAPE, reply) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise client.unusable(Kind.NOT_JSON, reply) from None
