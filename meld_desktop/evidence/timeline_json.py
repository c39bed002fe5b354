"""``timeline.json``: the whole session for programs, and what the other files of a pack are made from.

Everything in it has passed the scrubber. A reader must look at ``format`` and ``version`` first; fields may be added
within a version.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from meld_desktop.domain.witness.entry import Entry
from meld_desktop.domain.witness.seen import Comparable, SeenHop
from meld_desktop.evidence.scrub import Scrubber
from meld_desktop.evidence.snapshot import Witnessed

FORMAT = "meld-desktop-evidence"
VERSION = 1
_BANK_NAMES = ("institutionName", "institution_name", "bank")


def stamp(at: datetime | None) -> str:
    """Return a time in UTC as ISO 8601 with milliseconds, or ""."""
    if at is None:
        return ""
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def document(
    session: Witnessed,
    *,
    scrub: Scrubber,
    quiet: Scrubber,
    made: datetime,
    note: str,
    ticket: str,
    versions: Mapping[str, str],
    pictures: Mapping[str, str],
) -> dict[str, Any]:
    """Return the session as plain JSON. ``pictures`` says under which name in the pack a picture lies.

    What is in it twice is counted once: ``quiet`` cleans the second time.
    """
    verdict = session.verdict
    return {
        "format": FORMAT,
        "version": VERSION,
        "made": stamp(made),
        "ticket": scrub.text(ticket.strip()),
        "note": scrub.text(note.strip()),
        "conclusion": scrub.sentence(session.conclusion),
        "redirect": {
            "outcome": verdict.outcome.name.lower(),
            "text": scrub.sentence(verdict.text),
            "expected": scrub.url(verdict.expected) if verdict.expected else "",
            "arrived": scrub.url(verdict.arrived) if verdict.arrived else "",
            "hop": verdict.hop,
            "differs": list(verdict.differs),
            "isOver": verdict.is_over,
        },
        "link": _link(session, scrub),
        "versions": {name: scrub.trusted(str(version)) for name, version in versions.items()},
        "entries": [_entry(entry, scrub, pictures) for entry in session.entries],
        "entriesLeftOut": session.left_out,
        "hops": [_hop(hop, scrub) for hop in session.hops],
        "hopsLeftOut": session.hops_left_out,
        "requests": len(session.requests),
        "requestsLeftOut": session.requests_left_out,
        "pictures": [
            {
                "name": pictures[picture.name],
                "at": stamp(picture.at),
                "entry": picture.entry,
                "width": picture.width,
                "height": picture.height,
            }
            for picture in session.pictures
            if picture.name in pictures
        ],
        "picturesLeftOut": session.pictures_left_out,
        "comparable": comparable_as_written(session.comparable(), quiet),
    }


def as_text(plain: object) -> str:
    """Return JSON for a file: indented, in the order of the document, readable without escapes."""
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def comparable_as_written(comparable: Comparable, scrub: Scrubber) -> dict[str, Any]:
    """Return what a session is compared by as it stands in a pack."""
    plain = asdict(comparable) | {"hops": list(comparable.hops), "events": list(comparable.events)}
    plain["request"] = scrub.value(comparable.request)
    for name in ("name", "outcome", "verdict"):
        plain[name] = scrub.text(str(plain[name]))
    for name in ("hops", "events"):
        plain[name] = [scrub.text(line) for line in plain[name]]
    return plain


def bank_of(session: Witnessed) -> str:
    """Return the name of the last bank that something in the session tells of, or ""."""
    for entry in reversed(session.entries):
        for name in _BANK_NAMES:
            found = entry.data.get(name)
            if isinstance(found, str) and found.strip():
                return found.strip()
    return ""


def _link(session: Witnessed, scrub: Scrubber) -> dict[str, Any]:
    link = session.link
    return {
        "session": session.number,
        "began": stamp(session.began),
        "environment": link.environment.id,
        "environmentName": scrub.sentence(link.environment.name),
        "api": scrub.url(link.exchange.url),
        "customer": scrub.text(session.customer),
        "customerMasked": scrub.is_masked(session.customer),
        "customerId": scrub.text(link.customer_id),
        "connectionId": scrub.text(link.connection_id),
        "bank": scrub.text(bank_of(session)),
        "tokenIssued": stamp(link.token.issued),
        "tokenExpires": stamp(link.token.expires),
    }


def _entry(entry: Entry, scrub: Scrubber, pictures: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": stamp(entry.at),
        "seconds": round(entry.seconds, 3),
        "kind": str(entry.kind.value),
        "title": scrub.sentence(entry.title),
        "detail": scrub.sentence(entry.detail),
        "place": scrub.text(entry.place),
        "data": scrub.value(dict(entry.data)),
        "count": entry.count,
        "picture": pictures.get(entry.picture, ""),
    }


def _hop(hop: SeenHop, scrub: Scrubber) -> dict[str, Any]:
    return {
        "number": hop.number,
        "at": stamp(hop.at),
        "seconds": round(hop.seconds, 3),
        "kind": str(hop.kind.value),
        "place": scrub.text(hop.place),
        "url": scrub.url(hop.url),
    }
