"""timeline.html: readable by anyone, and nothing that was said in it does anything."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from meld_desktop.domain.text import Text
from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.domain.witness.observation import HopKind, ResourceRequest
from meld_desktop.domain.witness.seen import SeenHop, SeenRequest
from meld_desktop.domain.witness.verdict import RedirectVerdict, VerdictOutcome
from meld_desktop.evidence.snapshot import Snapshot
from tests.support.evidence import at, entry, session, unpacked, write

VOID = {"meta", "br", "img"}


class Page(HTMLParser):
    """Reads a page and complains of what a browser would have to mend."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def page(tmp_path: Path, witnessed: Snapshot | None = None, **given: str) -> Page:
    return Page(unpacked(write(tmp_path / "pack.zip", witnessed, **given))["timeline.html"].decode())  # type: ignore[arg-type]


def test_the_sentence_comes_first_then_the_verdict_and_the_facts(tmp_path: Path) -> None:
    text = page(tmp_path).text
    order = [
        "Connected Maple Test Bank with 2 accounts; data still arriving",
        "Returned to https://app.example/done, as expected",
        "customer-20481",
        "Maple Test Bank",
        "Chromium 140.0.7339.207",
        "It hung after the bank’s login.",
        "Timeline",
        "init",
        "Redirects",
        "https://login.maple.example/oauth?state=•••&client_id=•••",
        "Requests",
        "institution-connect-sb.meld.io",
        "What is masked",
        "sha256sum -c SHA256SUMS",
    ]
    place = text.index("QA-812")
    for part in order:
        place = text.index(part, place)
    assert "QA-812" in text
    assert "Sandbox" in text
    assert "29 July 2026, 09:41:07 UTC" in text


def test_it_is_one_file_without_a_script(tmp_path: Path) -> None:
    found = page(tmp_path)
    assert not {"script", "link", "iframe", "object", "base", "form"} & {tag for tag, _ in found.tags}
    policy = next(a["content"] for tag, a in found.tags if tag == "meta" and a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    for _, attributes in found.tags:
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href"):
            if attributes.get(name):
                assert str(attributes[name]).startswith("pictures/")


def test_pictures_stand_at_their_moment(tmp_path: Path) -> None:
    path = write(tmp_path / "pack.zip")
    html = unpacked(path)["timeline.html"].decode()
    row = html[html.index('id="entry-5"') :]
    image = dict(Page(row[: row.index("</tr>")].partition(">")[2]).tags)["img"]
    assert image["src"] == "pictures/005-connect_complete.png"
    assert image["src"] in unpacked(path)
    assert (image["width"], image["height"]) == ("360", "630")
    assert image["alt"]


HOSTILE = [
    "<script>alert(1)</script>",
    "</bdi></td><img src=x onerror=alert(1)>",
    '"><a href="javascript:x">Bank</a>',
    "</style><style>*{display:none}</style>",
    "&lt;b&gt; & <b>",
    "{bank} {0} %s",
    "<!-- ",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_said_is_only_said(name: str, tmp_path: Path) -> None:
    hops = [SeenHop(9, at(9), 9.0, f"https://h.example/{name}", name, HopKind.NAVIGATION)]
    entries = [
        entry(9, EntryKind.CONSOLE, Text("{text}", text=name), Text("{text}", text=name), place=name, data={name: name})
    ]
    requests = [SeenRequest(at(1), 1.0, ResourceRequest("GET", f"https://h.example/{name}", name, name))]
    witnessed = session(bank=name, hops=hops, entries=entries, requests=requests, customer=name)
    found = page(tmp_path, witnessed, note=name, ticket=name)
    plain = page(tmp_path, session(bank="x", hops=hops, entries=entries, requests=requests), note="n", ticket="t")
    assert {tag for tag, _ in found.tags} == {tag for tag, _ in plain.tags}
    assert " ".join(name.split()) in found.text


def test_other_writing_directions_stay_in_their_place(tmp_path: Path) -> None:
    arabic = "مصرف القيقب (تجريبي)"
    html = unpacked(write(tmp_path / "pack.zip", session(bank=arabic), note=arabic))["timeline.html"].decode()
    assert f"<bdi>{arabic}</bdi>" in html
    assert f'<blockquote dir="auto">{arabic}</blockquote>' in html
    turned = page(tmp_path, session(bank="Maple \u202eknaB\u2066 Bank"))
    assert "\u202e" not in turned.text
    assert "\u2066" not in turned.text


def test_a_long_name_is_whole(tmp_path: Path) -> None:
    name = "Maple" * 40
    assert name in page(tmp_path, session(bank=name)).text
    assert "overflow-wrap: anywhere" in unpacked(write(tmp_path / "pack.zip"))["timeline.html"].decode()


def test_light_dark_and_paper_are_provided_for(tmp_path: Path) -> None:
    html = unpacked(write(tmp_path / "pack.zip"))["timeline.html"].decode()
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_a_redirect_that_went_astray_is_pointed_at(tmp_path: Path) -> None:
    astray = RedirectVerdict(
        VerdictOutcome.MISMATCH, "https://app.example/done", "http://other.example/done", 3, ("scheme", "host"), True
    )
    witnessed = replace(session(), verdict=astray)
    html = unpacked(write(tmp_path / "pack.zip", witnessed))["timeline.html"].decode()
    assert 'class="verdict mismatch"' in html
    place = html.index("https://app.example/done", html.index("<h2>Redirects"))
    assert place < html.index("Differs from what was expected: scheme and host") < html.index("</tr>", place)
    redirect = json.loads(unpacked(write(tmp_path / "pack.zip", witnessed))["timeline.json"])["redirect"]
    assert (redirect["outcome"], redirect["hop"], redirect["differs"]) == ("mismatch", 3, ["scheme", "host"])


def test_what_was_too_much_is_said(tmp_path: Path) -> None:
    witnessed = replace(session(), left_out=7_001, hops_left_out=41, requests_left_out=9_002, pictures_left_out=5)
    text = page(tmp_path, witnessed).text
    for count in ("7001 more", "41 more", "9002 more", "5 more pictures"):
        assert count in text


def test_an_empty_session_is_a_page_too(tmp_path: Path) -> None:
    bare = replace(session(), entries=(), hops=(), requests=(), pictures=(), conclusion=Text(""))
    text = page(tmp_path, bare, note="", ticket="").text
    assert "Nothing is known about how this link ended." in text
    assert "0 entries" in text
    assert not re.search(r"\bNone\b", text)
