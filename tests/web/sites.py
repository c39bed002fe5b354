"""Small web sites on loopback, each a different origin, that remember what was asked of them."""

import http.server
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

Answer = tuple[int, dict[str, str], bytes]

WIDGET = b"""<!doctype html><meta charset=utf-8><title>Stand-in</title>
<style>body{margin:0;background:#fff}button{position:absolute;left:0;top:0;width:300px;height:200px}</style>
<button onclick="window.go && go()">go</button>
<script>
const say = (eventName, more) => parent.postMessage({domain: "meld-connect", eventName, ...more}, "*");
say("init");
</script>"""


@dataclass
class Site:
    """One server. ``pages`` maps a path to its HTML or to an answer; "/" holds the widget until told otherwise."""

    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    pages: dict[str, bytes | Answer | Callable[[], Answer]] = field(default_factory=lambda: {"/": WIDGET})
    hits: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"  # no kept-alive connection, so no thread outlives its answer

            def do_GET(self) -> None:
                site.hits.append(self.path)
                page = site.pages.get(self.path.partition("?")[0], (404, {}, b"not here"))
                page = page() if callable(page) else page
                status, headers, body = page if isinstance(page, tuple) else (200, {}, page)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = False

            def handle_error(self, *_: object) -> None:
                pass  # a browser that hangs up, or dislikes the certificate

        self._server = Server(("127.0.0.1", 0), Handler)
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self._server.server_address[1]}"

    def paths(self) -> list[str]:
        return [hit.partition("?")[0] for hit in self.hits if hit != "/favicon.ico"]
