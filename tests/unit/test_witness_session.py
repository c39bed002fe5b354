"""A session's record: what becomes a line, what is kept out of it, and that it never grows without end."""

import base64
import gc
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FunctionType, ModuleType
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.text import Text
from meld_desktop.domain.widget_events import NoticeKind
from meld_desktop.domain.witness.album import MOST, MOST_BYTES
from meld_desktop.domain.witness.bounded import Ends
from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.domain.witness.observation import (
    Attempt,
    AttemptKind,
    ConsoleLevel,
    ConsoleLine,
    Hop,
    HopKind,
    IgnoredMessages,
    IgnoredReason,
    LeftOut,
    LeftOutKind,
    Observation,
    ResourceRequest,
    WindowChange,
)
from meld_desktop.domain.witness.session import MOST_ENTRIES, MOST_HOPS, MOST_REQUESTS, Moment, Session
from tests.support.witnessed import BEGAN, RETURN_URL, SIGNATURE, Flow, completed, event, link, token

CONSOLE = ConsoleLine(ConsoleLevel.ERROR, "boom", "bank.example/app.js", 12, "frame")


def kinds(flow: Flow) -> list[EntryKind]:
    return [entry.kind for entry in flow.session.entries]


def last(flow: Flow) -> tuple[str, str]:
    entry = flow.session.entries[-1]
    return str(entry.title), str(entry.detail)


def everything(session: Session) -> str:
    """All that a reader, a table or a pack could take from a session, but for the link itself."""
    parts: list[object] = [session.conclusion, session.verdict, session.comparable(), *session.pictures]
    for entry in session.entries:
        parts += [entry.title, entry.detail, entry.title.values, entry.detail.values, entry.place, dict(entry.data)]
    parts += [*session.hops, *session.requests]
    return "\n".join(f"{part!r} {part}" for part in parts)


def test_it_begins_with_request_answer_and_token() -> None:
    session = Flow(
        link(connect=token(products=["BALANCES"], regions=["US"], routingProfile="Rp1", customer="C1"))
    ).session
    assert [(entry.kind, str(entry.title), str(entry.detail)) for entry in session.entries] == [
        (EntryKind.REQUEST, "Request sent", "POST https://api-sb.meld.io/bank-linking/connect/start"),
        (EntryKind.ANSWER, "Meld answered 201 in 200 ms", "Request ID 1fedd24bdbd9ca617e76840fd60e6f8f"),
        (
            EntryKind.TOKEN,
            "The connect token works until 2026-11-24 13:00:00 UTC",
            "products: BALANCES; regions: US; routingProfile: Rp1",
        ),
    ]
    assert [entry.number for entry in session.entries] == [1, 2, 3]
    assert all(entry.seconds == 0 and entry.at == BEGAN for entry in session.entries)
    assert session.entries[0].data["body"] == {
        "externalCustomerId": "support-4711",
        "products": ["BALANCES", "OWNERS"],
        "redirectUrl": RETURN_URL,
    }
    assert session.entries[2].data["expires"] == "2026-11-24T13:00:00+00:00"
    assert session.customer == "support-4711"
    assert session.secrets == (session.link.widget_url.partition("=")[2],)


def test_an_opaque_token_says_nothing_of_its_end() -> None:
    session = Flow(link(connect="opaque")).session
    assert str(session.entries[2].title) == "The connect token does not say how long it works"


@pytest.mark.parametrize(
    ("seen", "kind", "title", "detail", "place"),
    [
        (
            Hop("https://bank.example/a?b=c", "frame", HopKind.NAVIGATION),
            EntryKind.NAVIGATION,
            "Went to bank.example",
            "https://bank.example/a?b=•••",
            "frame",
        ),
        (
            Hop("https://bank.example:8443/", "window 2", HopKind.REDIRECT),
            EntryKind.NAVIGATION,
            "Redirected to bank.example:8443",
            "https://bank.example:8443/",
            "window 2",
        ),
        (
            Hop("https://bank.example/", "window 1", HopKind.WINDOW),
            EntryKind.NAVIGATION,
            "New window for bank.example",
            "https://bank.example/",
            "window 1",
        ),
        (
            Hop("meldapp://done?x=1", "widget", HopKind.APP),
            EntryKind.NAVIGATION,
            "App link to meldapp://done, not followed",
            "meldapp://done?x=•••",
            "widget",
        ),
        (
            Hop("file:///etc/passwd", "frame", HopKind.REFUSED),
            EntryKind.REFUSED,
            "Page refused: file:•••",
            "file:•••",
            "frame",
        ),
        (CONSOLE, EntryKind.CONSOLE, "Console error", "boom", "frame"),
        (
            IgnoredMessages(IgnoredReason.FOREIGN_ORIGIN, "https://evil.example, https://b.example, …", 7),
            EntryKind.REFUSED,
            "Ignored: messages that pretended to be the widget's",
            "7 from https://evil.example, https://b.example, …",
            "",
        ),
        (
            IgnoredMessages(IgnoredReason.TOO_LONG, "", 3),
            EntryKind.REFUSED,
            "Ignored: messages that are too long",
            "3",
            "",
        ),
        (
            WindowChange("window 1", "bank.example", True),
            EntryKind.WINDOW,
            "Bank window opened",
            "bank.example",
            "window 1",
        ),
        (
            WindowChange("window 1", "bank.example", False, True),
            EntryKind.WINDOW,
            "Bank window closed by hand",
            "bank.example",
            "window 1",
        ),
        (
            Attempt(AttemptKind.HOLD, "bank.example", "frame"),
            EntryKind.REFUSED,
            "The page wanted to hold whoever leaves it; it was left all the same",
            "bank.example",
            "frame",
        ),
        (
            LeftOut(LeftOutKind.CONSOLE, "frame", 900),
            EntryKind.CONSOLE,
            "900 more console lines, not listed",
            "",
            "frame",
        ),
    ],
)
def test_lines(seen: Observation, kind: EntryKind, title: str, detail: str, place: str) -> None:
    flow = Flow().sees(seen)
    entry = flow.session.entries[-1]
    assert (entry.kind, str(entry.title), str(entry.detail), entry.place) == (kind, title, detail, place)
    json.dumps(dict(entry.data), allow_nan=False)


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_notice_has_a_line(kind: NoticeKind) -> None:
    flow = Flow().is_told(kind, "It was {what}.", what="so")
    assert last(flow)[0]
    assert last(flow)[1] == "It was so."
    assert flow.session.entries[-1].data == {"notice": kind.value}


def test_events_keep_their_metadata() -> None:
    flow = Flow().takes(completed())
    assert last(flow) == ("Connected Maple Test Bank", "2 accounts")
    data: Any = flow.session.entries[-1].data
    assert (data["event"], data["institutionName"]) == ("connect_complete", "Maple Test Bank")
    assert data["metadata"]["accounts"][1] == {"name": "Account 1", "mask": "1111", "type": "DEPOSITORY"}
    assert last(flow.hears("error")) == ("The widget reports a problem", "It gave no reason")
    assert last(flow.fails("X_Y", "no")) == ("The widget reports a problem", "X_Y: no")
    assert last(flow.hears("sparkle", details="blue")) == ("The widget said sparkle", "blue")


def test_a_request_is_kept_without_a_line() -> None:
    flow = Flow()
    lines = len(flow.session.entries)
    change = flow.session.observe(
        flow.now, ResourceRequest("GET", "https://bank.example/a.js?v=9", "script", "https://bank.example")
    )
    assert change is None
    assert len(flow.session.entries) == lines
    (kept,) = flow.session.requests
    assert kept.request == ResourceRequest("GET", "https://bank.example/a.js?v=•••", "script", "https://bank.example")


def test_the_same_again_becomes_a_count() -> None:
    flow = Flow().sees(CONSOLE)
    first = flow.session.entries[-1]
    change = flow.session.observe(flow.now, CONSOLE)
    assert change is not None
    assert not change.is_new
    assert (change.entry.number, change.entry.count) == (first.number, 2)
    assert flow.session.entries[-1] is change.entry
    flow.hears("debug").sees(CONSOLE)
    assert flow.session.entries[-1].count == 1


def test_hops_are_kept_whole_for_those_who_ask() -> None:
    flow = Flow().goes("https://bank.example/a?state=s3cret")
    hop = flow.session.hops[-1]
    assert (hop.number, hop.url) == (1, "https://bank.example/a?state=s3cret")
    assert flow.session.entries[-1].data["hop"] == 1
    assert "s3cret" not in str(flow.session.entries[-1].data)


PAIRS: list[tuple[Observation, NoticeKind, dict[str, object]]] = [
    (WindowChange("window 1", "bank.example", True), NoticeKind.POPUP_OPENED, {"host": "bank.example"}),
    (WindowChange("window 1", "bank.example", False), NoticeKind.POPUP_CLOSED, {"host": "bank.example"}),
    (WindowChange("window 1", "", False, True), NoticeKind.POPUP_CLOSED_BY_USER, {"host": Text("no address yet")}),
    (Hop("ftp://bank.example/", "frame", HopKind.REFUSED), NoticeKind.NAVIGATION_REFUSED, {"scheme": "ftp"}),
    (Hop("meldapp://x", "frame", HopKind.APP), NoticeKind.EXTERNAL_SCHEME, {"scheme": "meldapp"}),
    (IgnoredMessages(IgnoredReason.TOO_MANY, "", 5), NoticeKind.MESSAGES_DROPPED, {"count": "5"}),
]


@pytest.mark.parametrize(("seen", "kind", "values"), PAIRS)
@pytest.mark.parametrize("seen_first", [True, False])
def test_what_is_seen_and_told_is_one_line(
    seen: Observation, kind: NoticeKind, values: dict[str, object], seen_first: bool
) -> None:
    flow = Flow()
    lines = len(flow.session.entries)
    notice = f"It was {' '.join(f'{{{name}}}' for name in values)}."
    steps: list[Callable[[], object]] = [lambda: flow.sees(seen), lambda: flow.is_told(kind, notice, **values)]
    for step in steps if seen_first else reversed(steps):
        step()
    assert len(flow.session.entries) == lines + 1
    entry = flow.session.entries[-1]
    assert str(entry.detail).startswith("It was")
    assert entry.place == getattr(seen, "place", "")
    assert set(entry.data) - {"notice"}
    assert entry.count == 1
    flow.sees(seen)
    assert len(flow.session.entries) == lines + 2, "the next one is another one"


def test_what_is_seen_and_told_counts_once() -> None:
    """Otherwise one window would be two, and one of them would stay open for ever."""
    flow = Flow().ready().window(opened=True).is_told(NoticeKind.POPUP_OPENED, "{host}", host="login.bank.example")
    flow.window(opened=False, by_user=True)
    assert "closed by hand" in flow.said


def test_a_late_notice_is_a_line_of_its_own() -> None:
    flow = Flow().goes("ftp://bank.example/", kind=HopKind.REFUSED).wait(seconds=30)
    lines = len(flow.session.entries)
    assert len(flow.is_told(NoticeKind.NAVIGATION_REFUSED).session.entries) == lines + 1


def test_a_return_is_told_once() -> None:
    flow = Flow().ready().goes(RETURN_URL, kind=HopKind.RETURN)
    lines = len(flow.session.entries)
    flow.session.returned(flow.now, "shop.example/linked")
    assert len(flow.session.entries) == lines
    alone = Flow().ready()
    alone.session.returned(alone.now, "shop.example/linked")
    assert last(alone) == ("Reached the return URL", "shop.example/linked")
    assert alone.session.is_finished


def test_a_status_is_told_when_it_changes() -> None:
    flow = Flow().asks("IN_PROGRESS").asks("IN_PROGRESS").asks("ACTIVE").asks("ACTIVE", aggregated_at=BEGAN)
    said = [str(entry.title) for entry in flow.session.entries if entry.kind is EntryKind.STATUS]
    assert said == ["Status: IN_PROGRESS", "Status: ACTIVE", "Status: ACTIVE"]
    assert flow.session.status_now is not None
    assert last(flow)[1] == "Connected, and the first data has arrived."


# --- pictures


def picture(flow: Flow, label: str, size: int = 10, entry: int = 0) -> str:
    change = flow.session.keep_picture(flow.now, entry, label, b"\x89PNG" + b"x" * size, 360, 630)
    return change.entry.picture


def test_a_picture_belongs_to_an_entry() -> None:
    flow = Flow().takes(completed())
    number = flow.session.entries[-1].number
    change = flow.session.keep_picture(flow.now, number, "connect_complete", b"png", 360, 630)
    assert not change.is_new
    assert change.entry == flow.session.entries[-1]
    assert change.entry.picture == f"{number:03}-connect_complete.png"
    (kept,) = flow.session.pictures
    assert (kept.name, kept.entry, kept.png, kept.width, kept.height) == (
        change.entry.picture,
        number,
        b"png",
        360,
        630,
    )
    assert picture(flow, "connect_complete", entry=number) == f"{number:03}-connect_complete-2.png"


def test_a_picture_on_demand_has_a_line_of_its_own() -> None:
    flow = Flow()
    name = picture(flow, "../../etc/päss wd")
    assert flow.session.entries[-1].kind is EntryKind.PICTURE
    assert name == f"{flow.session.entries[-1].number:03}-etc-p-ss-wd.png"
    assert picture(flow, "///", entry=99_999).endswith("-picture.png")


def test_pictures_are_bounded_by_number() -> None:
    flow = Flow().ready()
    first = picture(flow, "init")
    for number in range(MOST + 20):
        flow.hears("debug", details=str(number))
        picture(flow, "debug", entry=flow.session.entries[-1].number)
    names = [kept.name for kept in flow.session.pictures]
    assert len(names) == MOST
    assert first in names, "the last one of its kind stays"
    assert flow.session.pictures_left_out == 21
    assert {entry.picture for entry in flow.session.entries if entry.picture} == set(names)


def test_pictures_are_bounded_in_size() -> None:
    flow = Flow()
    for _ in range(10):
        picture(flow, "init", MOST_BYTES // 4)
    assert sum(len(kept.png) for kept in flow.session.pictures) <= MOST_BYTES
    assert len(flow.session.pictures) == 3
    assert picture(flow, "huge", MOST_BYTES + 1) == ""
    assert flow.session.pictures_left_out == 11


def test_pictures_may_be_let_go() -> None:
    flow = Flow()
    picture(flow, "init")
    flow.session.drop_pictures()
    assert flow.session.pictures == []
    assert not any(entry.picture for entry in flow.session.entries)


# --- nothing secret


def forms(secret: str) -> list[str]:
    """The forms in which a connect token may travel."""
    double = quote(quote(secret, safe=""), safe="")
    encoded = base64.b64encode(secret.encode()).decode()
    return [secret, quote(secret, safe=""), double, encoded, "".join(f"%{ord(c):02X}" for c in secret), secret.upper()]


@pytest.mark.parametrize("connect", [token(), "opaque-0123456789-abcdefghij-KLMNOP"], ids=["jwt", "opaque"])
def test_no_connect_token_gets_in(connect: str) -> None:
    flow = Flow(link(connect=connect))
    for form in forms(connect):
        url = f"https://bank.example/{form}/x?next={form}&{form}=1#{form}"
        flow.sees(
            Hop(url, f"frame {form}", HopKind.NAVIGATION),
            Hop(f"meldapp://{form}", "frame", HopKind.APP),
            Hop(f"data:text/html,{form}", "frame", HopKind.REFUSED),
            ResourceRequest("GET", url, "script", f"https://bank.example/{form}"),
            ConsoleLine(ConsoleLevel.ERROR, f"token is {form}", f"bank.example/{form}", 1, "frame"),
            IgnoredMessages(IgnoredReason.FOREIGN_ORIGIN, f"https://{form}.example", 1),
            WindowChange("window 1", f"{form}.example", True),
        )
        flow.takes(event("error", reason=form, details={"deep": [{"er": form}], form: 1}))
        flow.takes(event("connect_complete", institutionName=form, accounts=[{"name": form}]))
        flow.takes(event("debug", details=f'{{"widgetUrl": "{flow.link.widget_url}"}}'))
        flow.is_told(NoticeKind.DIALOG_ANSWERED, "{host} says: {message}", host=form, message=Text("{a}", a=form))
        flow.asks("ACTIVE", form, form)
        flow.session.add(flow.now, EntryKind.PERSON, Text(f"Copied {form}"), Text("{x}", x=form), place=form)
        picture(flow, form)
    found = everything(flow.session)
    for form in forms(connect):
        assert form not in found
    if connect != "opaque-0123456789-abcdefghij-KLMNOP":
        assert SIGNATURE not in found


def test_a_token_that_is_cut_off_does_not_get_in() -> None:
    """Wherever the limit falls: what is left of a token at the end of a text that is too long goes as well."""
    opaque = "".join(f"{number:02}" for number in range(90))
    flow = Flow(link(connect=opaque))
    for pad in range(300, 2100, 7):
        flow.sees(ConsoleLine(ConsoleLevel.INFO, "a" * pad + opaque + "b" * 9000, "", 1, "frame"))
        flow.session.add(flow.now, EntryKind.PERSON, Text("{x}", x="a" * pad + opaque + "b" * 9000))
        flow.goes("https://bank.example/?a=" + "a" * pad + opaque + "b" * 9000)
    for again in range(1, 40):  # masking makes a text shorter, and lets more of it in
        flow.session.add(flow.now, EntryKind.PERSON, Text("{x}", x="|".join([opaque] * again)))
    found = everything(flow.session)
    assert opaque[:12] not in found


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=50)
def test_whatever_is_around_it(before: str, after: str) -> None:
    flow = Flow()
    secret = flow.session.secrets[0]
    text = f"{before}{secret}{after}"
    flow.sees(ConsoleLine(ConsoleLevel.INFO, text, text, 1, text), Hop(text, text, HopKind.NAVIGATION))
    flow.takes(event("error", reason=text, details=text))
    assert secret not in everything(flow.session)


# --- bounded


def flood(number: int) -> list[Observation]:
    url = f"https://bank.example/{number}?{'v' * 300}=1"
    return [
        Hop(url, "frame", HopKind.NAVIGATION),
        ResourceRequest("GET", url, "image", "https://bank.example"),
        ConsoleLine(ConsoleLevel.ERROR, f"{number} " + "c" * 290, "bank.example/app.js", number, "frame"),
        IgnoredMessages(IgnoredReason.FOREIGN_ORIGIN, f"https://e{number}.example", 10),
        WindowChange(f"window {number}", f"w{number}.example", number % 2 == 0),
    ]


def size_of(session: Session) -> int:
    """How much memory everything takes that only a session leads to, in bytes."""
    seen: set[int] = set()
    waiting: list[object] = [session]
    size = 0
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type | ModuleType | FunctionType):
            continue
        seen.add(id(thing))
        size += sys.getsizeof(thing)
        waiting += gc.get_referents(thing)
    return size


def test_a_hundred_thousand_observations_stay_bounded() -> None:
    flow = Flow().ready()
    for number in range(5_000):
        flow.sees(*flood(number))
    early = size_of(flow.session)
    for number in range(5_000, 20_000):
        flow.sees(*flood(number))
    late = size_of(flow.session)
    session = flow.session
    assert len(session.entries) == MOST_ENTRIES
    assert len(session.hops) <= MOST_HOPS
    assert len(session.requests) <= MOST_REQUESTS
    assert len(session.entries) + session.left_out == session.entries[-1].number
    assert len(session.hops) + session.hops_left_out == 20_001
    assert len(session.requests) + session.requests_left_out == 20_000
    assert late < early * 1.25
    assert 1_000_000 < late < 40 * 1024 * 1024
    assert [entry.kind for entry in session.entries[:3]] == [EntryKind.REQUEST, EntryKind.ANSWER, EntryKind.TOKEN]
    assert any(entry.data.get("event") == "init" for entry in session.entries), "what is rare is not drowned"
    numbers = [entry.number for entry in session.entries]
    assert numbers == sorted(numbers)
    assert session.hops[0].number == 1
    assert session.hops[-1].number == 20_001


def calls_of(act: Callable[[], object]) -> int:
    """How many calls, of Python and of C, something takes."""
    count = 0

    def hear(_frame: object, what: str, _argument: object) -> None:
        nonlocal count
        count += what in {"call", "c_call"}

    sys.setprofile(hear)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def test_a_change_costs_the_same_however_much_there_was() -> None:
    flow = Flow().ready()

    def cost(number: int) -> int:
        return calls_of(lambda: (flow.sees(*flood(number)), flow.hears("debug", details=str(number)), flow.said))

    cost(0)
    early = max(cost(number) for number in range(1, 20))
    for number in range(20, 3_000):
        flow.sees(*flood(number))
    late = max(cost(number) for number in range(3_000, 3_020))
    assert late < early * 1.5
    assert late < 4_000


def test_a_change_costs_the_same_however_long_its_texts_are() -> None:
    def cost(length: int) -> int:
        flow = Flow().ready()
        text = "x" * length
        return calls_of(
            lambda: flow.sees(ConsoleLine(ConsoleLevel.INFO, text, text, 1, text), Hop(text, text, HopKind.APP))
        )

    assert cost(2_000_000) < cost(20_000) * 1.5


def test_large_metadata_is_cut_down() -> None:
    deep: object = 1
    for _ in range(50):
        deep = {"a": deep}
    flow = Flow().hears("debug", {"long": "x" * 9_000, "many": list(range(3_000)), "deep": deep, "big": 10**40})
    flow.hears("debug", {f"name {number}": "y" * 100 for number in range(400)})
    for entry in flow.session.entries:
        assert len(json.dumps(dict(entry.data), allow_nan=False)) < 10_000
    metadata = flow.session.entries[-1].data["metadata"]
    assert isinstance(metadata, dict)
    assert len(metadata) < 50
    assert metadata["…"] > 350


def test_the_noisiest_kind_gives_way() -> None:
    flow = Flow().ready().fails("INVALID_CREDENTIALS")
    rare = [entry.number for entry in flow.session.entries]
    change = None
    for number in range(MOST_ENTRIES + 500):
        change = flow.session.observe(flow.now, ConsoleLine(ConsoleLevel.INFO, str(number), "", number, "frame"))
    assert change is not None
    assert change.dropped > rare[-1]
    assert flow.session.left_out == 500 + len(rare)
    assert [entry.number for entry in flow.session.entries[: len(rare)]] == rare


def test_what_was_told_by_number_alone_is_counted() -> None:
    flow = Flow().sees(LeftOut(LeftOutKind.HOPS, "frame", 70), LeftOut(LeftOutKind.REQUESTS, "frame", 8))
    assert (flow.session.hops_left_out, flow.session.requests_left_out) == (70, 8)


@given(st.integers(2, 60), st.lists(st.booleans(), max_size=200))
def test_ends(limit: int, dear: list[bool]) -> None:
    kept: Ends[tuple[int, bool]] = Ends(limit, lambda item: item[1])
    for item in enumerate(dear):
        kept.append(item)
    assert len(kept) <= limit
    assert len(kept) + kept.left_out == len(dear)
    assert list(kept) == sorted(kept)
    assert list(reversed(kept)) == list(kept)[::-1]
    assert [kept[place] for place in range(len(kept))] == list(kept) == list(kept[:])
    if dear:
        assert kept[-1][0] == len(dear) - 1
        assert kept[0][0] == 0
    with pytest.raises(IndexError):
        kept[len(kept)]


_SEEN = st.one_of(
    st.builds(Hop, st.text(), st.text(), st.sampled_from(HopKind)),
    st.builds(ResourceRequest, st.text(), st.text(), st.text(), st.text()),
    st.builds(ConsoleLine, st.sampled_from(ConsoleLevel), st.text(), st.text(), st.integers(), st.text()),
    st.builds(IgnoredMessages, st.sampled_from(IgnoredReason), st.text(), st.integers()),
    st.builds(WindowChange, st.text(), st.text(), st.booleans(), st.booleans()),
    st.builds(LeftOut, st.sampled_from(LeftOutKind), st.text(), st.integers(0)),
)


@given(st.lists(_SEEN, max_size=20))
def test_it_takes_whatever_comes(seen: list[Observation]) -> None:
    flow = Flow().sees(*seen)
    assert flow.said
    assert str(flow.session.verdict.text)
    numbers = [entry.number for entry in flow.session.entries]
    assert numbers == sorted(set(numbers))
    for entry in flow.session.entries:
        assert str(entry.title)
        json.dumps(dict(entry.data), allow_nan=False)


def test_a_snapshot_stands_still() -> None:
    flow = Flow().ready().goes("https://bank.example/")
    picture(flow, "init")
    still = flow.session.snapshot()
    before = everything(still)
    flow.takes(completed()).goes(RETURN_URL, kind=HopKind.RETURN).sees(
        ResourceRequest("GET", "https://x.example/", "xhr", "")
    )
    picture(flow, "end")
    assert everything(still) == before
    assert everything(flow.session) != before


def test_moments_are_those_given() -> None:
    at = datetime(2026, 11, 24, 9, 0, 5, tzinfo=UTC)
    session = Session(7, link(), began=at - timedelta(seconds=5))
    entry = session.add(Moment(at, 5.25), EntryKind.PERSON, Text("Link copied")).entry
    assert (session.number, entry.at, entry.seconds, entry.count, entry.picture) == (7, at, 5.25, 1, "")
