"""The one call of the client's tests, and what must hold for every failure of it."""

import pytest

from meld_desktop.api.client import MeldClient
from meld_desktop.api.connect_start import start_connection
from meld_desktop.domain.environments import Environment, custom_environment
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from tests.api.conftest import KEY
from tests.support.secrets_scan import in_bytes

REQUEST = ConnectStartRequest(external_customer_id="user@domain.com", products=(Product.BALANCES, Product.OWNERS))


async def start(
    url: str, request: ConnectStartRequest = REQUEST, *, key: str = KEY, environment: Environment | None = None
) -> Link:
    """Ask the server at ``url`` for a link."""
    return await start_connection(MeldClient(url, key), environment or custom_environment(url), request)


async def failure(url: str, request: ConnectStartRequest = REQUEST, *, key: str = KEY) -> MeldError:
    """Ask for a link that cannot be had; whatever went wrong, the error gives the key away nowhere."""
    with pytest.raises(MeldError) as caught:
        await start(url, request, key=key)
    error = caught.value
    assert not in_bytes(everything_in(error).encode("utf-8", "replace"), [key], "the error")
    return error


def everything_in(error: MeldError) -> str:
    """Return all that an error can show: its words, its parts, its traceback."""
    import traceback

    return "\n".join(
        [
            str(error),
            repr(error),
            repr(error.args),
            *traceback.format_exception(error),
            repr(vars(error)),
            str(error.detail),
            *(str(problem.text) for problem in error.problems),
        ]
    )
