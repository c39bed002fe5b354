"""``POST /bank-linking/connections/{connectionId}/refresh``: have the bank's data fetched anew (OAS, REFR)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from meld_desktop.api.answers import decode
from meld_desktop.api.client import MeldClient
from meld_desktop.api.connection import PATH

_LONGEST_WORD = 100


class RefreshResponse(msgspec.Struct, rename="camel"):
    """The documented answer. Nothing of it is needed: the status says that the refresh was taken."""

    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh that Meld has taken; the data comes later. ``request_id`` is for Meld's support, "" when not given."""

    request_id: str


async def refresh_connection(client: MeldClient, connection_id: str, products: Sequence[str] = ()) -> Refresh:
    """Ask Meld to fetch ``products`` anew, or all that were granted when none is named. Raises MeldError.

    Never repeats the request: providers count forced refreshes, and some charge for them (REFR).
    """
    body = json.dumps({"products": list(products)} if products else {}, separators=(",", ":"))
    reply = await client.post(f"{PATH}{quote(connection_id, safe='')}/refresh", body)
    if not 200 <= reply.status < 300:
        raise client.refusal(reply)
    said = decode(client, reply, RefreshResponse).request_id if reply.content.strip() else None
    return Refresh((said or reply.request_id)[:_LONGEST_WORD])
