"""Hands a link to the system browser without putting it on a command line.

Opening an address starts the browser as ``browser ADDRESS``, which every process of the machine can read. So the
browser is given a one-time address of this program, which answers with a redirect to the link (RFC 9110, 15.4.4) and is
gone.
"""

import asyncio
import contextlib
import secrets
import string
from urllib.parse import quote

from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.mock.listening import stop_listening

_SECONDS = 60.0
_LONGEST_REQUEST = 16 * 1024


async def one_time_address(url: str) -> str:
    """Return a loopback address that leads to ``url`` once, within a minute. Runs on the worker's loop.

    Raises MeldError when this machine has no port left.
    """
    location = quote(url, safe=string.printable)  # a header takes no other characters, and a URL has them in UTF-8
    path = "/" + secrets.token_urlsafe(24)
    used = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError, TimeoutError):
                line = await asyncio.wait_for(reader.readline(), 5)
                method, _, rest = line.decode("latin-1")[:_LONGEST_REQUEST].partition(" ")
                right = secrets.compare_digest(rest.partition(" ")[0].encode(), path.encode())
                if right and method == "GET" and not used.is_set():
                    used.set()
                    status, extra = "303 See Other", f"Location: {location}\r\n"
                else:
                    status, extra = "404 Not Found", ""
                writer.write(
                    f"HTTP/1.1 {status}\r\n{extra}Content-Length: 0\r\nCache-Control: no-store\r\n"
                    "Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n".encode("latin-1")
                )
                await writer.drain()
        finally:
            writer.close()

    try:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=_LONGEST_REQUEST)
    except OSError:
        raise MeldError(Kind.NETWORK) from None
    port = server.sockets[0].getsockname()[1]
    _keep(asyncio.get_running_loop().create_task(_close_when(used, server)))
    return f"http://127.0.0.1:{port}{path}"


async def _close_when(used: asyncio.Event, server: asyncio.Server) -> None:
    try:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(used.wait(), _SECONDS)
    finally:
        await stop_listening(server)


_tasks: set[asyncio.Task[None]] = set()


def _keep(task: asyncio.Task[None]) -> None:
    """Hold on to a task: the loop itself only holds it weakly."""
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
