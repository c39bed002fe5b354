"""The end of listening: whatever comes between, the port is free afterwards."""

import asyncio
import contextlib
import socket

import pytest

from meld_desktop.mock.listening import stop_listening


@pytest.mark.parametrize("turns", range(4))
def test_the_port_is_free_wherever_the_end_is_broken_off(turns: int) -> None:
    async def end() -> int:
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
        port = int(server.sockets[0].getsockname()[1])
        ending = asyncio.create_task(stop_listening(server))
        await asyncio.sleep(0)  # a task that was never begun has nothing to end
        for _ in range(turns):
            await asyncio.sleep(0)
        ending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ending
        return port

    with socket.socket() as caller:
        assert caller.connect_ex(("127.0.0.1", asyncio.run(end()))) != 0
