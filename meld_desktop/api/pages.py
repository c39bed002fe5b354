"""Lists that come in pages: ``limit`` with ``after`` the key of the last item seen, until nothing remains (OAS)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from meld_desktop.api.answers import decode
from meld_desktop.api.client import LIST_LIMIT, MeldClient
from meld_desktop.domain.errors import Kind

Item = TypeVar("Item", bound="Keyed")
T = TypeVar("T")


class Keyed(msgspec.Struct, rename="camel", kw_only=True):
    """An item of a list; its ``key`` means something in lists only (OAS)."""

    key: str | None = None


class ListResponse(msgspec.Struct, Generic[Item]):
    """What every list has in common; each endpoint has a name of its own for ``items``."""

    items: list[Item]
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page. ``after`` is what the next one is asked with, "" when this was the last.

    ``remaining`` is how many items are left beyond this page; None when the server does not say.
    """

    items: tuple[T, ...]
    after: str
    remaining: int | None

    @property
    def is_last(self) -> bool:
        """Whether the list is now complete."""
        return not self.after


async def get_page(
    client: MeldClient,
    path: str,
    query: Mapping[str, str],
    shape: type[ListResponse[Item]],
    *,
    limit: int,
    after: str = "",
) -> Page[Item]:
    """Ask for the page that follows the item with the key ``after``. Raises MeldError."""
    asked = {**query, "limit": str(limit)} | ({"after": after} if after else {})
    reply = await client.get(path, asked, limit=LIST_LIMIT)
    if not 200 <= reply.status < 300:
        raise client.refusal(reply)
    answer = decode(client, reply, shape)
    remaining = answer.remaining
    if remaining is not None or len(answer.items) < limit:
        remaining = max(0, remaining or 0)
    if remaining == 0:
        return Page(tuple(answer.items), "", 0)
    key = answer.items[-1].key if answer.items else None
    if not key or key == after:
        raise client.unusable(Kind.WRONG_SHAPE, reply)  # there is more, and no way on: asking again would never end
    return Page(tuple(answer.items), key, remaining)
