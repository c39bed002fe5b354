"""Writes the evidence pack: one zip, whole or not at all, the same for the same session."""

import contextlib
import hashlib
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.witness.seen import Comparable
from meld_desktop.evidence import layout
from meld_desktop.evidence.har import har
from meld_desktop.evidence.png import only_picture
from meld_desktop.evidence.redirects_csv import redirects_csv
from meld_desktop.evidence.report import report
from meld_desktop.evidence.scrub import Scrubber
from meld_desktop.evidence.snapshot import Witnessed, snapshot
from meld_desktop.evidence.timeline_html import timeline_html
from meld_desktop.evidence.timeline_json import as_text, comparable_as_written, document

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PRIVATE = 0o600
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")


def write_pack(
    path: Path,
    session: Witnessed,
    *,
    note: str,
    ticket: str,
    versions: Mapping[str, str],
    redact: Redactor,
    made: datetime,
) -> None:
    """Write what ``session`` holds to a zip at ``path``, replacing what is there; readable by its owner only.

    ``redact`` must know the key and ``session.secrets``. Give a ``snapshot`` when the session is being filled on
    another thread. Raises OSError; then nothing is left behind and what was there before is as it was.
    """
    write_whole(path, packed(files_of(session, note, ticket, versions, redact, made)))


def files_of(
    session: Witnessed, note: str, ticket: str, versions: Mapping[str, str], redact: Redactor, made: datetime
) -> dict[str, bytes]:
    """Return the files of a pack by name, without their sums."""
    session = snapshot(session)
    scrub, quiet = scrubber_for(session, redact), scrubber_for(session, redact)
    pictures, names, unusable = _pictures(session)
    timeline = document(
        session,
        scrub=scrub,
        quiet=quiet,
        made=made,
        note=note,
        ticket=ticket,
        versions=versions,
        pictures=names,
    )
    requests = har(session, scrub=scrub, quiet=quiet, versions=versions)
    redaction = report(
        scrub.counts,
        pictures=len(pictures),
        unusable=unusable,
        customer_masked=bool(timeline["link"]["customerMasked"]),
    )
    texts = {
        layout.TIMELINE: as_text(timeline),
        layout.PAGE: timeline_html(timeline, redaction, requests),
        layout.REQUESTS: as_text(requests),
        layout.VERSIONS: as_text(timeline["versions"]),
        layout.REDACTION: as_text(redaction),
    }
    files = {name: text.encode("utf-8", "replace") for name, text in texts.items()}
    return {**files, layout.REDIRECTS: redirects_csv(timeline["hops"]), **pictures}


def scrubber_for(session: Witnessed, redact: Redactor) -> Scrubber:
    """Return a scrubber that leaves the ids of this session's link readable."""
    link = session.link
    given = (value for name, value in link.exchange.response_headers if name.lower() == "x-request-id")
    ids = (link.connection_id, link.customer_id, link.external_customer_id, session.customer, *given)
    return Scrubber(redact, (*ids, link.request.institution_id))


def comparable_as_packed(session: Witnessed, redact: Redactor) -> Comparable:
    """Return what ``session`` is compared by as a pack of it would hold it: to compare it with one read from a pack."""
    from meld_desktop.evidence.read import comparable_from

    return comparable_from(comparable_as_written(session.comparable(), scrubber_for(session, redact)))


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of ``files`` and their sums, in the order of their names, without times of its own."""
    files = {**files, layout.SUMS: sums_of(files)}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as pack:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _PRIVATE << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            pack.writestr(entry, files[name])
    return target.getvalue()


def sums_of(files: Mapping[str, bytes]) -> bytes:
    """Return the sums as ``sha256sum`` writes and checks them."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode("ascii")


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that at any moment the old or the new file is there. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=".meld-evidence-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _pictures(session: Witnessed) -> tuple[dict[str, bytes], dict[str, str], int]:
    """Return the pictures by their path in the pack, the paths by the session's names, and how many are no pictures."""
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    unusable = 0
    for picture in session.pictures:
        clean = only_picture(picture.png)
        if clean is None:
            unusable += 1
            continue
        name = _free(f"{layout.PICTURES}{_fit(picture.name)}", files)
        files[name] = clean
        names[picture.name] = name
    return files, names, unusable


def _fit(name: str) -> str:
    """Return a file's name that every system takes, without long numbers that might be somebody's."""
    stem = _UNFIT.sub("-", name.removesuffix(".png"))[:60].strip("-")
    return re.sub(r"\d{5,}", "-", stem) or "picture"


def _free(stem: str, taken: Iterable[str]) -> str:
    name, count = f"{stem}.png", 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}.png"
    return name
