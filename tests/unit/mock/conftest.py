"""A local Meld for each test: in process over ASGI, or as a real server."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from meld_desktop.mock.api import api_app
from meld_desktop.mock.server import MockServer
from meld_desktop.mock.start_request import LENIENT, Strictness
from meld_desktop.mock.widget.site import widget_app
from meld_desktop.mock.world import World
from tests.unit.mock.harness import KEY, Hands, Local


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def strictness() -> Strictness:
    return LENIENT


@pytest.fixture
async def local(strictness: Strictness) -> AsyncIterator[Local]:
    hands = Hands()
    world = World(strictness=strictness, real_time=hands)
    world.widget_origin = "http://127.0.0.1:2"
    async with (
        httpx.AsyncClient(
            transport=httpx.ASGITransport(api_app(world)), base_url="http://127.0.0.1:1", headers=KEY
        ) as api,
        httpx.AsyncClient(transport=httpx.ASGITransport(widget_app(world)), base_url=world.widget_origin) as widget,
    ):
        yield Local(world, hands, api, widget)


@pytest.fixture
def server() -> Iterator[MockServer]:
    server = MockServer()
    yield server
    server.stop()
