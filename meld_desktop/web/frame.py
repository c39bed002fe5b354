"""Our own page around the widget, and the script in it that listens.

The page is given as text with a base address under ``.invalid`` (RFC 2606), so it has an origin of its own without a
scheme that would have to be registered before the application object exists. Its policy allows no script at all; only
the isolated world runs, which a page's policy does not bind.

There is deliberately no ``frame-src``: Chromium would replace a refused widget by an error page, and the customer's
session with it. ``policy`` decides about every navigation of every frame, redirects too, and a refusal there leaves
the widget standing.
"""

import json
import secrets
from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QFile, QIODevice
from PySide6.QtWebEngineCore import QWebEngineScript

from meld_desktop.domain.widget_events import DOMAIN, MESSAGE_LIMIT, origin_of
from meld_desktop.locations import resource

FRAME_ORIGIN = "https://frame.meld-desktop.invalid"
LISTENER_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value

_BURST = 100
_PER_SECOND = 50
_ORIGINS = 3


def frame_html() -> str:
    """Return the frame page. It holds no address and no secret: the listener sets the widget's address."""
    return shipped("frame.html").replace("@NONCE@", secrets.token_urlsafe(16))


def listener_script(widget_url: str, *, top_level: bool, style: Mapping[str, str]) -> QWebEngineScript:
    """Return the script that loads the widget into the frame and forwards its messages to the bridge.

    Without an address it says "ready" and waits for ``opening_script``. Top level there is no frame: the widget then
    posts to itself, and the script only listens. ``style`` holds custom properties of the frame page.
    """
    config = {
        "frameOrigin": "" if top_level else FRAME_ORIGIN,
        "source": "" if top_level else widget_url,
        "widgetOrigin": origin_of(widget_url),
        "domain": DOMAIN,
        "limit": MESSAGE_LIMIT,
        "burst": _BURST,
        "perSecond": _PER_SECOND,
        "origins": _ORIGINS,
        "style": dict(style),
    }
    script = QWebEngineScript()
    script.setName("listener")
    script.setWorldId(LISTENER_WORLD)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setRunsOnSubFrames(False)
    # The channel's script first: it must not find a name it could clash with. JSON is valid JavaScript here.
    source = shipped("listener.js").replace("CONFIG", json.dumps(config), 1)
    script.setSourceCode(f"{_channel_script()}\n{source}")
    return script


def opening_script(widget_url: str) -> str:
    """Return the statement that loads the widget into a frame page that is ready (run it in the listener's world)."""
    return f"openWidget({json.dumps(widget_url)}, {json.dumps(origin_of(widget_url))});"


def style_script(style: Mapping[str, str]) -> str:
    """Return the statement that gives a loaded frame page new custom properties (run it in the listener's world)."""
    return (
        f"for (const [name, value] of Object.entries({json.dumps(dict(style))}))"
        " document.documentElement.style.setProperty(name, value);"
    )


@cache
def shipped(name: str) -> str:
    """Return the text of one of the files that ship with the frame page."""
    return resource("frame", name).read_text(encoding="utf-8")


@cache
def _channel_script() -> str:
    file = QFile(":/qtwebchannel/qwebchannel.js")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise FileNotFoundError("qwebchannel.js is missing from Qt's resources")
    return bytes(file.readAll().data()).decode()
