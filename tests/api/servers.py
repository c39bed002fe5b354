"""Servers that break the rules: raw bytes, half a handshake, a proxy; each on a loopback port of its own."""

import contextlib
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

Behaviour = Callable[["Caller"], None]


class Caller:
    """One connection to the server, on the server's side."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._was_answered = False
        self.heard = bytearray()

    @property
    def is_waiting(self) -> bool:
        """Whether the client is still there and has not been sent a word. Usable from any thread."""
        if self._was_answered:
            return False
        try:
            readable, _, _ = select.select([self._connection], [], [], 0)
            return not readable or bool(self._connection.recv(1, socket.MSG_PEEK))
        except (OSError, ValueError):  # reset by the client, or closed by us
            return False

    def listen(self) -> None:
        """Read one whole request: head, and as much body as it promises."""
        while b"\r\n\r\n" not in self.heard:
            self._hear()
        head, _, body = bytes(self.heard).partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        left = int(lengths[0]) - len(body) if lengths else 0
        while left > 0:
            left -= self._hear()

    def listen_a_little(self) -> None:
        """Read whatever comes first."""
        self._hear()

    def _hear(self) -> int:
        data = self._connection.recv(65536)
        if not data:
            raise ConnectionError("gone")
        self.heard += data
        return len(data)

    def say(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._was_answered = True
        self._connection.sendall(data)

    def drip(self, data: bytes, seconds: float) -> None:
        """Send one byte at a time until the other side is gone."""
        for byte in data:
            self.say(bytes([byte]))
            self.wait_until_gone(seconds)

    def wait_until_gone(self, seconds: float = 20.0) -> None:
        """Wait; raises ConnectionError as soon as the client has closed its end."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._connection.settimeout(left)
            try:
                if not self._connection.recv(65536):
                    raise ConnectionError("gone")
            except TimeoutError:
                break
        self._connection.settimeout(20)

    def reset(self) -> None:
        """Break the connection off with a TCP reset."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class RawServer:
    """Lets ``behaviour`` speak on each connection, with or without TLS. A context manager."""

    def __init__(self, behaviour: Behaviour, *, tls: ssl.SSLContext | None = None) -> None:
        self._behaviour = behaviour
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._heard: list[bytes] = []
        self._callers: list[threading.Thread] = []
        self.called = threading.Event()
        """Set when a request has been read or the behaviour has said so."""
        self.gone = threading.Event()
        """Set when the client has closed a connection."""
        self.gone_at = 0.0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def heard(self) -> list[bytes]:
        """What came on each connection that has ended; one that is about to end is waited for."""
        for caller in list(self._callers):
            caller.join(1)
        return self._heard

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            caller = threading.Thread(target=self._one, args=(connection,), daemon=True)
            self._callers.append(caller)
            caller.start()

    def _one(self, connection: socket.socket) -> None:
        connection.settimeout(20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        caller = None
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            caller = Caller(connection)
            self._behaviour(caller)
        except OSError:
            self.gone_at = time.monotonic()
            self.gone.set()
        finally:
            if caller is not None:
                self._heard.append(bytes(caller.heard))
                self.called.set()
            connection.close()


def says(*parts: bytes) -> Behaviour:
    """Read the request, then send ``parts`` and close."""

    def behave(caller: Caller) -> None:
        caller.listen()
        for part in parts:
            caller.say(part)

    return behave


def steps(*acts: Behaviour) -> Behaviour:
    """Do one thing after the other, then close."""

    def behave(caller: Caller) -> None:
        for act in acts:
            act(caller)

    return behave


def reply(body: bytes, *headers: str, status: str = "201 Created", length: bool = True) -> bytes:
    """Return a whole reply."""
    lines: Iterable[str] = (
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        "Connection: close",
        *([f"Content-Length: {len(body)}"] if length else []),
        *headers,
    )
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def chunked(*chunks: bytes) -> bytes:
    """Return a chunked 201."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return reply(body + b"0\r\n\r\n", "Transfer-Encoding: chunked", length=False)
