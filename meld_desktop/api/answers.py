"""What every endpoint asks of an answer: that it is JSON of the documented shape, and that a link in it is safe."""

from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from meld_desktop.api.client import MeldClient, Reply
from meld_desktop.domain.environments import Environment, is_safe_widget_url
from meld_desktop.domain.errors import Kind

T = TypeVar("T")


def decode(client: MeldClient, reply: Reply, shape: type[T]) -> T:
    """Return the JSON of a 2xx answer as ``shape``. Raises MeldError."""
    try:
        return msgspec.json.decode(reply.content.removeprefix(b"\xef\xbb\xbf"), type=shape)
    except msgspec.ValidationError:
        raise client.unusable(Kind.WRONG_SHAPE, reply) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise client.unusable(Kind.NOT_JSON, reply) from None


def widget_url_in(client: MeldClient, environment: Environment, reply: Reply, widget_url: str | None) -> str:
    """Return the widget URL of an answer. Raises MeldError when there is none, or when it must not be opened."""
    if not widget_url:
        raise client.unusable(Kind.NO_WIDGET_URL, reply)
    if not is_safe_widget_url(environment, widget_url):
        raise client.unusable(Kind.UNSAFE_WIDGET_URL, reply)
    return widget_url


def moment(text: object) -> datetime | None:
    """Return a moment as Meld writes it, aware; None when there is none, and when it cannot be read."""
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
