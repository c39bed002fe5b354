"""What every call to Meld's API carries: shared by the client, the preview and the snippets."""

from meld_desktop import __version__

MELD_VERSION = "2026-02-03"
"""Newest version of the bank-linking API (VER); the answer's own version is normally older, which is no fault."""

START_PATH = "/bank-linking/connect/start"
"""Where a link is made (OAS)."""


def needed_headers(body: str) -> tuple[tuple[str, str], ...]:
    """Return what any program has to send besides the key (OAS, VER)."""
    content = (("Content-Type", "application/json"),) if body else ()
    return (("Meld-Version", MELD_VERSION), *content, ("Accept", "application/json"))


def sent_headers(key: str, body: str) -> tuple[tuple[str, str], ...]:
    """Return every header that this program sends of itself; give a mask for ``key`` to show them (OAS, KEY)."""
    return (
        ("Authorization", f"BASIC {key}"),
        *needed_headers(body),
        ("Accept-Encoding", "identity"),
        ("User-Agent", f"meld-desktop/{__version__}"),
    )
