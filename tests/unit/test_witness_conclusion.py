"""The one sentence, for flows that no Demo scenario plays: it is true, and never guesses."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from meld_desktop.domain.widget_events import NoticeKind
from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.domain.witness.observation import HopKind, IgnoredMessages, IgnoredReason
from tests.support.witnessed import BEGAN, RETURN_URL, Flow, completed, link

NOBODY = IgnoredMessages(IgnoredReason.FOREIGN_ORIGIN, "https://evil.example", 12)
TOO_MANY = IgnoredMessages(IgnoredReason.TOO_MANY, "", 12)
PASSWORD = ("INVALID_CREDENTIALS", "Maple Test Bank did not accept the login")
MAPLE = "Connected Maple Test Bank with 2 accounts; "

Play = Callable[[Flow], object]

FLOWS: dict[str, tuple[Play, str]] = {
    "nothing at all": (lambda f: f, "The link was made; the widget has not been opened here"),
    "only the load": (
        lambda f: f.goes("https://institution-connect-sb.meld.io/", kind=HopKind.START),
        "The widget has begun to load; it has said nothing yet",
    ),
    "loaded and silent": (lambda f: f.opened(), "The widget was loaded but has not initialised"),
    "blank": (
        lambda f: (f.opened(), f.session.blank(f.now)),
        "The widget stayed blank and never initialised",
    ),
    "init, then silence": (lambda f: f.ready(), "The widget is open; no bank is connected yet"),
    "init before the load is done": (
        lambda f: f.goes("https://x.example/", kind=HopKind.START).hears("init").loads(),
        "The widget is open; no bank is connected yet",
    ),
    "only foreign messages": (
        lambda f: f.opened().sees(NOBODY),
        "The widget was loaded but never initialised; messages that pretended to be its own were ignored",
    ),
    "only messages that cannot be read": (
        lambda f: f.opened().sees(IgnoredMessages(IgnoredReason.UNREADABLE, "", 3)),
        "The widget was loaded but said nothing that could be read; some messages could not be",
    ),
    "names nobody knows": (
        lambda f: f.opened().hears("sparkle").hears("ünbekannt".replace("ü", "u")),
        "The widget is open; no bank is connected yet",
    ),
    "an event nobody knows after the end": (
        lambda f: f.ready().takes(completed()).hears("sparkle"),
        MAPLE + "data still arriving",
    ),
    "complete without init": (lambda f: f.opened().takes(completed()), MAPLE + "data still arriving"),
    "complete with nothing else": (lambda f: f.hears("connect_complete"), "Connected the bank; data still arriving"),
    "complete with one account": (
        lambda f: f.takes(completed(count=1)),
        "Connected Maple Test Bank with 1 account; data still arriving",
    ),
    "complete with malformed metadata": (
        lambda f: f.hears("connect_complete", institutionName={"a": 1}, accountCount="many", accounts="[[["),
        "Connected the bank; data still arriving",
    ),
    "complete with a name that holds braces": (
        lambda f: f.takes(completed("Bank {0} {bank}")),
        "Connected Bank {0} {bank} with 2 accounts; data still arriving",
    ),
    "error, then complete": (lambda f: f.ready().fails(*PASSWORD).takes(completed()), MAPLE + "data still arriving"),
    "complete, then error": (
        lambda f: f.ready().takes(completed()).fails("INTERNAL_FAILURE", "The page fell over"),
        MAPLE + "data still arriving; afterwards the widget reported “The page fell over”",
    ),
    "complete, then cancel": (lambda f: f.ready().takes(completed()).hears("cancel"), MAPLE + "data still arriving"),
    "complete, then handover": (
        lambda f: f.ready().takes(completed()).hears("handover"),
        MAPLE + "data still arriving",
    ),
    "complete, then a crash": (lambda f: f.ready().takes(completed()).crashes(), MAPLE + "data still arriving"),
    "complete twice": (
        lambda f: f.ready().takes(completed("Other Bank", 1)).takes(completed()),
        MAPLE + "data still arriving",
    ),
    "two errors of one kind": (
        lambda f: f.ready().fails(*PASSWORD).fails(*PASSWORD),
        "Stopped at the bank's login after a wrong password",
    ),
    "two errors of different kinds": (
        lambda f: f.ready().fails(*PASSWORD).fails("INVALID_MFA"),
        "Stopped at the bank's login after a wrong security code, and before that a wrong password",
    ),
    "error without a reason": (
        lambda f: f.ready().hears("error"),
        "Stopped after the widget reported a problem and gave no reason",
    ),
    "error whose reason is no text": (
        lambda f: f.ready().hears("error", reason=[1, 2], details={"a": None}),
        "Stopped after the widget reported a problem and gave no reason",
    ),
    "error that says something new": (
        lambda f: f.ready().fails("SERVICE_PROVIDER_ERROR", "The moon is in the wrong place"),
        "Stopped after the widget reported a problem: “The moon is in the wrong place”",
    ),
    "error, then chatter at once": (
        lambda f: f.ready().fails(*PASSWORD).hears("debug", details="view changed"),
        "Stopped at the bank's login after a wrong password",
    ),
    "error, then life again": (
        lambda f: f.ready().fails(*PASSWORD).wait(seconds=20).hears("debug", details="institution selected"),
        "Not finished; the widget was active again after a wrong password",
    ),
    "error, then cancel": (
        lambda f: f.ready().fails(*PASSWORD).hears("cancel"),
        "Stopped at the bank's login after a wrong password; the customer left the widget",
    ),
    "error, life again, then cancel": (
        lambda f: f.ready().fails(*PASSWORD).wait(seconds=20).hears("debug").hears("cancel"),
        "The customer left the widget before a bank was connected",
    ),
    "error, then opened again": (
        lambda f: f.ready().fails(*PASSWORD).ready(),
        "The widget is open; no bank is connected yet",
    ),
    "cancel, then opened again": (
        lambda f: f.ready().hears("cancel").ready(),
        "The widget is open; no bank is connected yet",
    ),
    "crash in the middle": (
        lambda f: f.ready().hears("debug").crashes(),
        "The widget's page crashed before a bank was connected",
    ),
    "crash, then opened again": (lambda f: f.ready().crashes().ready(), "The widget is open; no bank is connected yet"),
    "handover without complete": (
        lambda f: f.ready().hears("handover"),
        "The widget said that it was done, but not that a bank was connected",
    ),
    "the bank's window is open": (
        lambda f: f.ready().window(opened=True),
        "The bank's window (login.bank.example) is open; no bank is connected yet",
    ),
    "the bank closes its window": (
        lambda f: f.ready().window(opened=True).window(opened=False),
        "The bank closed its window; no bank is connected yet",
    ),
    "the window is closed by hand": (
        lambda f: f.ready().window(opened=True).window(opened=False, by_user=True).hears("debug", details="closed"),
        "Stopped: the bank's window (login.bank.example) was closed by hand before the bank had finished",
    ),
    "the window is closed by hand, told by a notice": (
        lambda f: (
            f.ready()
            .is_told(NoticeKind.POPUP_OPENED, "Opened ({host}).", host="login.bank.example")
            .is_told(NoticeKind.POPUP_CLOSED_BY_USER, "Closed ({host}).", host="login.bank.example")
        ),
        "Stopped: the bank's window (login.bank.example) was closed by hand before the bank had finished",
    ),
    "a window of a window is closed by hand": (
        lambda f: f.ready().window(opened=True).window(opened=True).window(opened=False, by_user=True),
        "The bank's window (login.bank.example) is open; no bank is connected yet",
    ),
    "the window is opened after an error": (
        lambda f: f.ready().fails(*PASSWORD).window(opened=True),
        "The bank's window (login.bank.example) is open; no bank is connected yet",
    ),
    "an error while the window is open": (
        lambda f: f.ready().window(opened=True).fails("ACCESS_DENIED").window(opened=False),
        "Stopped at the bank: access was refused",
    ),
    "an app's address": (
        lambda f: f.ready().goes("meldapp://done?x=1", kind=HopKind.APP),
        "Stopped: the flow went to an app (meldapp:), which does not open here; no bank is connected",
    ),
    "a mail address is no app": (
        lambda f: f.ready().goes("mailto:help@bank.example", kind=HopKind.APP),
        "The widget is open; no bank is connected yet",
    ),
    "the return URL without a word": (
        lambda f: f.ready().goes(RETURN_URL, kind=HopKind.RETURN),
        "Returned to the return URL, but the widget did not say that a bank was connected",
    ),
    "a page that could not be loaded": (
        lambda f: f.goes("https://x.example/", kind=HopKind.START).is_told(NoticeKind.LOAD_FAILED),
        "The widget's page could not be loaded",
    ),
    "a page with a wrong certificate": (
        lambda f: (
            f.goes("https://x.example/", kind=HopKind.START)
            .is_told(NoticeKind.CERTIFICATE_REFUSED, "{host} {why}", host="x.example", why="bad")
            .is_told(NoticeKind.LOAD_FAILED)
        ),
        "The widget's page could not be loaded: the identity of x.example could not be verified",
    ),
    "a page further on that could not be loaded": (
        lambda f: f.ready().is_told(NoticeKind.LOAD_FAILED),
        "The widget went to a page that could not be loaded; no bank is connected",
    ),
    "an address that was refused at the start": (
        lambda f: f.is_told(NoticeKind.NAVIGATION_REFUSED),
        "The widget's page could not be loaded: its address was refused",
    ),
    "an address that was refused on the way": (
        lambda f: f.ready().is_told(NoticeKind.NAVIGATION_REFUSED),
        "The widget is open; no bank is connected yet",
    ),
    # What Meld says when asked.
    "IN_PROGRESS": (lambda f: f.ready().asks("IN_PROGRESS"), "The widget is open; no bank is connected yet"),
    "ACTIVE without an event": (
        lambda f: f.asks("ACTIVE", bank="Maple Test Bank"),
        "Connected Maple Test Bank outside this window, in a browser or on a phone; data still arriving",
    ),
    "ACTIVE while the widget here waits": (
        lambda f: f.ready().asks("ACTIVE", bank="Maple Test Bank", aggregated_at=BEGAN),
        "Connected Maple Test Bank outside this window, in a browser or on a phone; the first data has arrived",
    ),
    "ACTIVE, but this widget was not understood": (
        lambda f: f.ready().sees(TOO_MANY).asks("ACTIVE", bank="Maple Test Bank"),
        "Connected Maple Test Bank, says Meld, though the widget here did not; data still arriving",
    ),
    "ACTIVE after the return": (
        lambda f: f.ready().goes(RETURN_URL, kind=HopKind.RETURN).asks("ACTIVE", bank="Maple Test Bank"),
        "Connected Maple Test Bank, says Meld, though the widget here did not; data still arriving",
    ),
    "ACTIVE, and the link is opened once more": (
        lambda f: f.ready().fails("TOKEN_USED").asks("ACTIVE", bank="Maple Test Bank"),
        "Connected Maple Test Bank outside this window, in a browser or on a phone; data still arriving",
    ),
    "ACTIVE before the widget says so": (
        lambda f: f.ready().asks("ACTIVE", bank="Maple Test Bank").takes(completed()),
        MAPLE + "data still arriving",
    ),
    "an old status after complete": (
        lambda f: f.ready().takes(completed()).asks("IN_PROGRESS"),
        MAPLE + "data still arriving",
    ),
    "data after complete": (
        lambda f: f.ready().takes(completed()).asks("ACTIVE", aggregated_at=BEGAN),
        MAPLE + "the first data has arrived",
    ),
    "deleted after complete": (
        lambda f: f.ready().takes(completed()).asks("DELETED"),
        MAPLE + "the connection was deleted since",
    ),
    "a status nobody knows after complete": (
        lambda f: f.ready().takes(completed()).asks("GLOWING", "SLIGHTLY"),
        MAPLE + "Meld says GLOWING (SLIGHTLY)",
    ),
    "a status nobody knows": (
        lambda f: f.ready().asks("GLOWING"),
        "The widget is open; no bank is connected yet",
    ),
    "RECONNECT_REQUIRED without an event": (
        lambda f: f.asks("RECONNECT_REQUIRED", "LOGIN_REQUIRED", "Maple Test Bank"),
        (
            "Connected Maple Test Bank outside this window, in a browser or on a phone; "
            "the bank does not accept the login any more"
        ),
    ),
    "deleted": (
        lambda f: f.ready().asks("DELETED"),
        "The connection was deleted before a bank was connected here",
    ),
    "EXPIRED, never opened": (lambda f: f.asks("EXPIRED"), "The link expired before the widget was opened here"),
    "EXPIRED, opened": (lambda f: f.ready().asks("EXPIRED"), "The token expired before a bank was connected"),
    # What the token says about its end.
    "never opened until the end": (lambda f: f.wait(hours=5), "The link expired before the widget was opened here"),
    "opened too late, silent": (
        lambda f: f.wait(hours=5).opened(),
        "The widget never initialised: the token had expired",
    ),
    "opened too late, with an error of any name": (
        lambda f: f.wait(hours=5).opened().fails("INTERNAL_FAILURE"),
        "The widget never initialised: the token had expired",
    ),
    "opened too late, initialised, then an error of any name": (
        lambda f: f.wait(hours=5).ready().fails(*PASSWORD),
        "The widget refused the link: the token had expired",
    ),
    "opened too late, initialised, silent": (
        lambda f: f.wait(hours=5).ready(),
        "The widget was opened too late: the token had expired",
    ),
    "silent until the end": (
        lambda f: f.opened().wait(hours=5),
        "The widget was loaded but has not initialised; the token has expired since",
    ),
    "waiting until the end": (lambda f: f.ready().wait(hours=5), "The token expired before a bank was connected"),
    "error, and the end later": (
        lambda f: f.ready().fails(*PASSWORD).wait(hours=5),
        "Stopped at the bank's login after a wrong password; the token has expired since",
    ),
    "cancel, and the end later": (
        lambda f: f.ready().hears("cancel").wait(hours=5),
        "The customer left the widget before a bank was connected; the token has expired since",
    ),
    "ready in time, and an error too late": (
        lambda f: f.ready().wait(hours=5).fails(*PASSWORD),
        "The token expired before a bank was connected",
    ),
    "the widget says expired at once, without init": (
        lambda f: f.opened().fails("TOKEN_EXPIRED", "The connect token has expired"),
        "The widget never initialised: the token had expired",
    ),
    "connected, and the end later": (
        lambda f: f.ready().takes(completed()).wait(hours=5),
        MAPLE + "data still arriving",
    ),
    "connected elsewhere, and the end later": (
        lambda f: f.asks("ACTIVE", bank="Maple Test Bank").wait(hours=5),
        "Connected Maple Test Bank outside this window, in a browser or on a phone; data still arriving",
    ),
}


@pytest.mark.parametrize("name", FLOWS)
def test_flows(name: str) -> None:
    play, sentence = FLOWS[name]
    flow = Flow()
    play(flow)
    assert flow.said == sentence


def test_every_sentence_is_one_line_without_a_full_stop() -> None:
    for play, sentence in FLOWS.values():
        flow = Flow()
        play(flow)
        assert "\n" not in flow.said
        assert not sentence.endswith(".")


def test_expiry_goes_by_melds_clock() -> None:
    """This computer is three hours behind: its own clock would give the link seven hours."""
    flow = Flow(link(server_ahead=timedelta(hours=3))).ready()
    assert flow.wait(hours=3).said == "The widget is open; no bank is connected yet"
    assert flow.wait(hours=1, minutes=1).said == "The token expired before a bank was connected"


def test_an_opaque_token_never_expires_by_itself() -> None:
    flow = Flow(link(connect="opaque-token-without-a-word")).ready().wait(hours=1000)
    assert flow.said == "The widget is open; no bank is connected yet"
    assert not flow.session.is_finished
    assert flow.asks("EXPIRED").said == "The token expired before a bank was connected"


def test_the_end_of_the_token_is_told_once() -> None:
    flow = Flow().ready()
    lines = len(flow.session.entries)
    flow.wait(hours=3).wait(hours=2).wait(hours=1)
    assert [(entry.kind, str(entry.title), entry.count) for entry in flow.session.entries[lines:]] == [
        (EntryKind.TOKEN, "The connect token has expired", 1)
    ]
    late = Flow().ready().takes(completed())
    lines = len(late.session.entries)
    late.wait(hours=5)
    assert len(late.session.entries) == lines, "nobody cares about the token of a link that was used"


@pytest.mark.parametrize(
    ("play", "finished"),
    [
        (lambda f: f.ready(), False),
        (lambda f: f.ready().fails(*PASSWORD), False),
        (lambda f: f.ready().takes(completed()), True),
        (lambda f: f.ready().hears("cancel"), True),
        (lambda f: f.ready().hears("cancel").ready(), False),
        (lambda f: f.asks("ACTIVE"), True),
        (lambda f: f.asks("IN_PROGRESS"), False),
        (lambda f: f.asks("DELETED"), True),
        (lambda f: f.wait(hours=5), True),
        (lambda f: f.opened().fails("TOKEN_EXPIRED"), True),
        (lambda f: f.ready().goes(RETURN_URL, kind=HopKind.RETURN), True),
    ],
)
def test_finished(play: Play, finished: bool) -> None:
    flow = Flow()
    play(flow)
    assert flow.session.is_finished is finished
