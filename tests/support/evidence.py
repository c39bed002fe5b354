"""A session as a pack is made of it: everything a page, a bank or a person may say, said by whoever needs it."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

from meld_desktop.domain.environments import SANDBOX
from meld_desktop.domain.link import Exchange, Link, Timing
from meld_desktop.domain.products import Product
from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import NOTHING, Text
from meld_desktop.domain.token import TokenFacts
from meld_desktop.domain.witness.entry import Entry, EntryKind
from meld_desktop.domain.witness.observation import HopKind, ResourceRequest
from meld_desktop.domain.witness.seen import Comparable, Picture, SeenHop, SeenRequest
from meld_desktop.domain.witness.verdict import RedirectVerdict, VerdictOutcome
from meld_desktop.evidence.pack import write_pack
from meld_desktop.evidence.snapshot import Snapshot, Witnessed

BEGAN = datetime(2026, 7, 29, 9, 41, 7, 250_000, UTC)
MADE = datetime(2026, 7, 29, 10, 5, 0, 0, UTC)
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhY2NvdW50SWQiOiJXUTVDd0N4RHgifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
CONNECTION = "WQ5DMVQSgBFqjNqLzd7HJB"
CUSTOMER = "customer-20481"
VERSIONS = {
    "Meld Desktop": "0.3.0",
    "Qt": "6.12.0",
    "PySide6": "6.12.0",
    "Chromium": "140.0.7339.207",
    "Operating system": "Windows 11 10.0.22631",
    "Python": "3.11.9",
}


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def png(width: int = 360, height: int = 630, *, shade: int = 200, extra: bytes = b"", after: bytes = b"") -> bytes:
    """Return a plain picture; ``extra`` becomes a comment in the file, ``after`` follows its end."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([shade]) * width) * height
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))]
    if extra:
        parts.append(chunk(b"tEXt", b"Comment\0" + extra))
    parts += [chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + after


def entry(
    number: int,
    kind: EntryKind,
    title: Text,
    detail: Text = NOTHING,
    *,
    seconds: float | None = None,
    place: str = "",
    data: Mapping[str, object] | None = None,
    count: int = 1,
    picture: str = "",
) -> Entry:
    after = float(number) if seconds is None else seconds
    return Entry(number, at(after), after, kind, title, detail, place, data or {}, count, picture)


def exchange(**changed: object) -> Exchange:
    usual = Exchange(
        "POST",
        "https://api-sb.meld.io/bank-linking/connect/start",
        (("Authorization", "BASIC •••"), ("Meld-Version", "2026-02-03"), ("Content-Type", "application/json")),
        '{"externalCustomerId":"customer-20481","products":["BALANCES"]}',
        201,
        "Created",
        (("Content-Type", "application/json"), ("X-Request-ID", "f3d0c5a2b7"), ("Content-Length", "51234")),
        f'{{"id":"{CONNECTION}","connectToken":"{TOKEN}","widgetUrl":"https://institution-connect-sb.meld.io/?connectToken='
        f'{TOKEN}"}}',
        0.412,
        at(-0.5),
        Timing(0.031, 0.054, 0.001, 0.310, 0.004),
    )
    return replace(usual, **changed)  # type: ignore[arg-type]


def session(
    *,
    customer: str = CUSTOMER,
    bank: str = "Maple Test Bank",
    entries: Iterable[Entry] = (),
    hops: Iterable[SeenHop] = (),
    requests: Iterable[SeenRequest] = (),
    pictures: Iterable[Picture] = (),
    api: Exchange | None = None,
    conclusion: Text | None = None,
    request: Mapping[str, object] | None = None,
) -> Snapshot:
    """Return a session in which a bank was connected, with more entries, hops and requests after the usual ones."""
    link = Link(
        SANDBOX,
        ConnectStartRequest(external_customer_id=customer, products=(Product.BALANCES,)),
        CONNECTION,
        "WQ5DMVQ8rRWgmMzQAtTsE8",
        customer,
        f"https://institution-connect-sb.meld.io/?connectToken={TOKEN}",
        TokenFacts(BEGAN, BEGAN + timedelta(hours=4)),
        api or exchange(),
    )
    usual = [
        entry(1, EntryKind.REQUEST, Text("Request sent to {host}", host="api-sb.meld.io"), seconds=-0.5),
        entry(
            2, EntryKind.ANSWER, Text("Meld answered {status} Created", status=201), data={"requestId": "f3d0c5a2b7"}
        ),
        entry(3, EntryKind.WIDGET, Text("The widget loaded"), place="widget"),
        entry(4, EntryKind.EVENT, Text("init"), place="widget"),
        entry(
            5,
            EntryKind.EVENT,
            Text("{bank} is connected", bank=bank),
            Text("{count} accounts", count=2),
            place="widget",
            data={"institutionName": bank, "accountCount": 2, "accounts": [{"name": "Checking", "mask": "1111"}]},
            picture="005-connect_complete.png",
        ),
    ]
    seen = [
        SeenHop(1, at(0.1), 0.1, "https://institution-connect-sb.meld.io/?connectToken=•••", "widget", HopKind.START),
        SeenHop(2, at(7), 7.0, "https://login.maple.example/oauth?state=s&client_id=9", "window 1", HopKind.WINDOW),
        SeenHop(3, at(9), 9.0, "https://app.example/done?code=x", "window 1", HopKind.RETURN),
    ]
    asked = SeenRequest(
        at(0.4), 0.4, ResourceRequest("GET", "https://institution-connect-sb.meld.io/app.js?v=•••", "script", "")
    )
    taken = Picture("005-connect_complete.png", at(5), 5, png(), 360, 630)
    body: dict[str, object] = {"externalCustomerId": customer, "products": ["BALANCES"]}
    return Snapshot(
        7,
        link,
        BEGAN,
        customer,
        (*usual, *entries),
        0,
        (*seen, *hops),
        0,
        (asked, *requests),
        0,
        (taken, *pictures),
        0,
        conclusion or Text("Connected {bank} with 2 accounts; data still arriving", bank=bank),
        RedirectVerdict(VerdictOutcome.MATCH, "https://app.example/done", "https://app.example/done?code=x", None, ()),
        Comparable(
            f"{customer} 09:41",
            request or body,
            ("start widget https://institution-connect-sb.meld.io/?connectToken=•••",),
            ("init", "connect_complete Maple Test Bank 2"),
            "Connected Maple Test Bank with 2 accounts; data still arriving",
            "match",
            "sandbox",
        ),
    )


def write(
    path: Path,
    witnessed: Witnessed | None = None,
    *,
    secrets: Iterable[str] = (TOKEN,),
    note: str = "It hung after the bank’s login.",
    ticket: str = "QA-812",
    made: datetime = MADE,
) -> Path:
    """Write a pack to ``path`` and return it."""
    write_pack(
        path,
        witnessed or session(),
        note=note,
        ticket=ticket,
        versions=VERSIONS,
        redact=Redactor(secrets),
        made=made,
    )
    return path


def unpacked(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as pack:
        return {name: pack.read(name) for name in pack.namelist()}
