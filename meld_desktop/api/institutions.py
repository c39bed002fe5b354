"""``GET /institutions``: every bank Meld knows, page by page (OAS).

The API describes this search as existing in production only, and it has no filter by product.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import msgspec

from meld_desktop.api.answers import decode
from meld_desktop.api.client import LIST_LIMIT, MeldClient
from meld_desktop.domain.errors import Kind, MeldError

PATH = "/institutions"
PAGE = 1000
"""The largest page the API gives (OAS)."""
LONGEST_WAIT = 300
"""Seconds. A server that wants a longer pause gets none: then the person decides."""
_MOST_WAITS = 5
_UNASKED_WAIT = 5


class _Page(msgspec.Struct):
    institutions: list[object]
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class InstitutionPage:
    """One page, and where the fetch stands after it.

    ``after`` is the key of the last item: what to begin with when this fetch is carried on. ``fetched`` counts the
    records of this fetch so far, those it was begun with included; ``remaining`` is what the server still has, None
    when it does not say. The records are as they came, and not yet judged.
    """

    records: tuple[object, ...]
    after: str
    fetched: int
    remaining: int | None

    @property
    def is_last(self) -> bool:
        """Whether the list is now complete."""
        return self.remaining == 0


async def list_institutions(
    client: MeldClient,
    *,
    after: str = "",
    fetched: int = 0,
    page: int = PAGE,
    on_wait: Callable[[int], None] = lambda _seconds: None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[InstitutionPage]:
    """Yield page after page; the one that ``is_last`` ends it.

    A 429 is waited out as the server asks, after telling ``on_wait`` the seconds, and the same page is asked for again:
    reading changes nothing at Meld. Raises MeldError for everything else, and for a server that goes on refusing.
    Whatever has been yielded stays good: go on with its ``after`` and ``fetched``. Cancelling closes the socket.
    """
    waits, seen = 0, {after}
    while True:
        query = {"limit": str(page)} | ({"after": after} if after else {})
        reply = await client.get(PATH, query, limit=LIST_LIMIT)
        if not 200 <= reply.status < 300:
            error = client.refusal(reply)
            waits += 1
            await _wait_out(error, waits, on_wait, sleep)
            continue
        waits = 0
        answer = decode(client, reply, _Page)
        key = _key_of_last(answer.institutions)
        remaining = answer.remaining
        if remaining is not None or len(answer.institutions) < page:
            remaining = max(0, remaining or 0)
        if remaining != 0 and (not key or key in seen):
            raise client.unusable(Kind.WRONG_SHAPE, reply)  # there is more, and no way on: asking again would never end
        seen.add(key)
        after, fetched = key or after, fetched + len(answer.institutions)
        yield InstitutionPage(tuple(answer.institutions), after, fetched, remaining)
        if remaining == 0:
            return


async def _wait_out(
    error: MeldError, waits: int, on_wait: Callable[[int], None], sleep: Callable[[float], Awaitable[None]]
) -> None:
    """Wait as a 429 asks. Raises ``error`` when it is none, asks for too much, or came too often."""
    seconds = _UNASKED_WAIT if error.retry_after is None else error.retry_after
    if error.kind is not Kind.RATE_LIMITED or waits > _MOST_WAITS or seconds > LONGEST_WAIT:
        raise error
    on_wait(seconds)
    await sleep(seconds)


def _key_of_last(items: list[object]) -> str:
    last = items[-1] if items else None
    key = last.get("key") if isinstance(last, dict) else None
    return key if isinstance(key, str) else ""
