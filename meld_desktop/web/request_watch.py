"""Sees every request of a profile's pages pass by, and lets all of them pass.

Tried with Qt 6.12: the interceptor of a profile is asked on the GUI thread, for every page, popup and frame of it; for
each hop of a redirect again, right after ``acceptNavigationRequest`` allowed that hop; never for one that was refused.
Chromium refuses a redirect to ``file:``, ``data:`` and the like by itself and asks neither.
"""

from PySide6.QtCore import QObject
from PySide6.QtWebEngineCore import QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor

from meld_desktop.domain.witness.observation import LeftOutKind, ResourceRequest
from meld_desktop.web.frame import FRAME_ORIGIN
from meld_desktop.web.observer import URL_LIMIT, Observer

_Type = QWebEngineUrlRequestInfo.ResourceType
_RESOURCES = {
    _Type.ResourceTypeMainFrame: "document",
    _Type.ResourceTypeSubFrame: "document",
    _Type.ResourceTypeStylesheet: "stylesheet",
    _Type.ResourceTypeScript: "script",
    _Type.ResourceTypeWorker: "script",
    _Type.ResourceTypeSharedWorker: "script",
    _Type.ResourceTypeServiceWorker: "script",
    _Type.ResourceTypeImage: "image",
    _Type.ResourceTypeFavicon: "image",
    _Type.ResourceTypeFontResource: "font",
    _Type.ResourceTypeXhr: "xhr",
    _Type.ResourceTypeMedia: "media",
}
_NETWORK = frozenset({"http", "https", "ws", "wss"})
_NOBODY = frozenset({FRAME_ORIGIN, "null"})


class RequestWatch(QWebEngineUrlRequestInterceptor):
    """Tells ``observer`` of requests to the network. It holds up each of them: as little as possible happens here."""

    def __init__(self, observer: Observer, parent: QObject) -> None:
        super().__init__(parent)
        self._observer = observer

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: D102
        url = info.requestUrl()
        # Our own frame page comes from a data: address, as do many pictures: nothing of that is in the network.
        if url.scheme() not in _NETWORK or not self._observer.may_tell(LeftOutKind.REQUESTS, "widget"):
            return
        initiator = info.initiator().toString().rstrip("/")
        self._observer.tell(
            ResourceRequest(
                method=bytes(info.requestMethod().data()).decode("ascii", "replace")[:32],
                url=bytes(url.toEncoded().data()).decode("ascii", "replace")[:URL_LIMIT],
                resource=_RESOURCES.get(info.resourceType(), "other"),
                initiator="" if initiator in _NOBODY else initiator,
            )
        )
