"""``DELETE /bank-linking/connections/{connectionId}``: ends a connection for good, at the provider too (OAS, DEL)."""

from urllib.parse import quote

from meld_desktop.api.answers import decode
from meld_desktop.api.client import MeldClient
from meld_desktop.api.connection import PATH


async def delete_connection(client: MeldClient, connection_id: str) -> None:
    """Delete a connection and its data. Raises MeldError; never repeats the request."""
    reply = await client.delete(PATH + quote(connection_id, safe=""))
    if not 200 <= reply.status < 300:
        raise client.refusal(reply)
    if reply.content.strip():
        decode(client, reply, object)  # the sign-in page of a network says 200 too, and has deleted nothing
