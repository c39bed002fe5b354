"""The widget's files, and the strict policy under which a browser runs them."""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.locations import resource
from meld_desktop.mock.world import World

_KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
_ORIGIN = re.compile(r"(https?://[A-Za-z0-9.-]+(:\d{1,5})?)(/|\Z)")


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of the pages and their files. Reads the files; raises ``FileNotFoundError``."""
    files = {path.name: path.read_bytes() for path in _files(resource("demo", "widget"))}

    async def widget(request: Request) -> Response:
        opened = world.open_token(request.query_params.get("connectToken", ""))
        logo = ""
        if opened.connection is not None:
            logo = str((opened.connection.request.appearance or {}).get("accountLogoUrl") or "")
        return _page(files["index.html"], _origin(logo))

    async def bank_window(request: Request) -> Response:
        del request
        return _page(files["oauth.html"], "")

    async def asset(request: Request) -> Response:
        name: str = request.path_params["name"]
        if name not in files or name.endswith(".html"):
            return Response(status_code=404)
        return Response(files[name], media_type=_KINDS[Path(name).suffix])

    return [
        Route("/", widget, methods=["GET"]),
        Route("/oauth", bank_window, methods=["GET"]),
        Route("/assets/{name}", asset, methods=["GET"]),
    ]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix in _KINDS]


def _origin(url: str) -> str:
    """The one foreign origin a page may load an image from: that of the logo the request names."""
    match = _ORIGIN.match(url)
    return match[1] if match else ""


def _page(content: bytes, image_origin: str) -> Response:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src 'self' data: {image_origin}".rstrip()
        + "; base-uri 'none'; form-action 'none'"
    )
    return Response(content, media_type="text/html", headers={"Content-Security-Policy": policy})
