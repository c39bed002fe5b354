"""A real session, filled as the witness fills it, in a pack."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.text import Text
from meld_desktop.domain.widget_events import Notice, NoticeKind, WidgetEvent
from meld_desktop.domain.witness.compare import compare
from meld_desktop.domain.witness.observation import (
    ConsoleLevel,
    ConsoleLine,
    Hop,
    HopKind,
    ResourceRequest,
    WindowChange,
)
from meld_desktop.domain.witness.session import Moment, Session
from meld_desktop.evidence.pack import comparable_as_packed
from meld_desktop.evidence.read import read_comparable
from meld_desktop.evidence.snapshot import snapshot
from meld_desktop.evidence.verify import verify_pack
from tests.support.evidence import TOKEN, png, session, unpacked, write
from tests.support.secrets_scan import PLANTED_KEY, in_bytes

BEGAN = datetime(2026, 7, 29, 9, 41, 7, tzinfo=UTC)
EMAIL = "alice.o+bank@mail.example.test"
ACCOUNT = "40718829"
COOKIE = "s3ss10n-Va1ue-of-the-c00kie"
PASSWORD = "hunter2&co"


def moments() -> Iterator[Moment]:
    seconds = 0.0
    while True:
        yield Moment(BEGAN + timedelta(seconds=seconds), seconds)
        seconds += 0.25


def filled(said: str, *, bank: str = "Maple Test Bank") -> Session:
    """Return a finished session in which everybody says ``said`` wherever they can."""
    now = moments()
    link = session().link
    seen = Session(3, link, began=BEGAN)
    seen.observe(next(now), Hop(link.widget_url, "widget", HopKind.START))
    seen.loaded(next(now))
    seen.hear(next(now), WidgetEvent("init"))
    seen.observe(
        next(now), ResourceRequest("GET", f"https://h.example/a.js?v={said}#{said}", "script", "https://h.example")
    )
    seen.observe(next(now), ConsoleLine(ConsoleLevel.ERROR, f"failed: {said}", "h.example/a.js", 12, "frame"))
    seen.observe(next(now), WindowChange("window 1", "login.example", True))
    for kind in (HopKind.WINDOW, HopKind.REDIRECT, HopKind.APP, HopKind.REFUSED):
        seen.observe(
            next(now), Hop(f"https://u:{said}@login.example/p/{said}?code={said}&{said}#{said}", "window 1", kind)
        )
    seen.notice(next(now), Notice(NoticeKind.PERMISSION_DENIED, Text("{host} asked: {said}", host="x", said=said)))
    asked = seen.hear(next(now), WidgetEvent("debug", {"text": said, "said": [said, {"by": said}], said: said}))
    seen.keep_picture(next(now), asked.entry.number, said, png(), 360, 630)
    seen.hear(next(now), WidgetEvent("error", {"reason": "LOGIN", "details": said}))
    done = {"institutionName": bank, "accountCount": 1, "accounts": [{"name": said, "mask": "1111"}]}
    seen.hear(next(now), WidgetEvent("connect_complete", done))
    return seen


def test_the_whole_way(tmp_path: Path) -> None:
    seen = filled("hello")
    path = write(tmp_path / "pack.zip", seen, secrets=seen.secrets)
    assert verify_pack(path).ok
    timeline = json.loads(unpacked(path)["timeline.json"])
    assert timeline["conclusion"] == str(seen.conclusion)
    assert timeline["redirect"]["text"] == str(seen.verdict.text)
    assert timeline["redirect"]["outcome"] == seen.verdict.outcome.name.lower()
    assert [entry["title"] for entry in timeline["entries"]] == [str(entry.title) for entry in seen.entries]
    assert timeline["link"]["bank"] == "Maple Test Bank"
    assert len(timeline["pictures"]) == 1
    taken = timeline["pictures"][0]
    assert unpacked(path)[taken["name"]] == png()
    assert next(entry for entry in timeline["entries"] if entry["picture"])["number"] == taken["entry"]


def test_still_copies_are_written_alike(tmp_path: Path) -> None:
    seen = filled("hello")
    first = write(tmp_path / "a.zip", seen).read_bytes()
    frozen, still = snapshot(seen), seen.snapshot()
    seen.hear(Moment(BEGAN, 99.0), WidgetEvent("debug", {"late": True}))
    assert write(tmp_path / "b.zip", frozen).read_bytes() == first
    assert write(tmp_path / "c.zip", still).read_bytes() == first
    assert write(tmp_path / "d.zip", seen).read_bytes() != first


def test_a_pack_compared_with_the_session_it_was_made_of_shows_no_difference(tmp_path: Path) -> None:
    seen = filled(f"by {EMAIL}, {ACCOUNT}")
    read = read_comparable(write(tmp_path / "pack.zip", seen))
    assert compare(comparable_as_packed(seen, Redactor(seen.secrets)), read) == ()
    other = filled("hello", bank="Oak Test Bank")
    assert compare(comparable_as_packed(other, Redactor(other.secrets)), read)


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (PLANTED_KEY, PLANTED_KEY),
        (TOKEN, TOKEN),
        (EMAIL, EMAIL),
        (EMAIL, "alice.o%2Bbank%40mail.example.test"),
        (ACCOUNT, ACCOUNT),
        (ACCOUNT, "4071 8829"),
        (COOKIE, f"Set-Cookie: sid={COOKIE}; Path=/"),
        (PASSWORD, f'{{"password":"{PASSWORD}"}}'),
        (PASSWORD, "password=hunter2%26co"),
    ],
)
def test_nothing_secret_that_was_seen_is_written(secret: str, said: str, tmp_path: Path) -> None:
    seen = filled(said)
    path = write(tmp_path / "pack.zip", seen, secrets=(PLANTED_KEY, *seen.secrets), note=said, ticket=said)
    for name, content in unpacked(path).items():
        assert in_bytes(name.encode() + content, [secret], name) == []
