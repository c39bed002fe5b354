"""The end of listening on a port of this machine, without a connection that is forgotten."""

import asyncio


async def stop_listening(server: asyncio.Server) -> None:
    """Close ``server``'s sockets, also when cancelled meanwhile. Runs on the server's loop; connections go on.

    asyncio takes a connection in one turn of the loop and gives it to its server in the next. When the server closes
    between the two, the connection stays open and unanswered until the garbage is collected (python/cpython#109564).
    """
    loop = asyncio.get_running_loop()
    try:
        if isinstance(loop, asyncio.SelectorEventLoop):  # Windows' loop does both in one turn
            for listener in server.sockets:
                loop.remove_reader(listener.fileno())
            for _ in range(2):  # a turn to reach the server, a turn to reach its protocol
                await asyncio.sleep(0)
    finally:
        server.close()
