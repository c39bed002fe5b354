"""Whether a flow came back: the first hop that differs, by its parts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meld_desktop.domain.witness.observation import HopKind
from meld_desktop.domain.witness.seen import SeenHop
from meld_desktop.domain.witness.verdict import (
    PARTS,
    RedirectVerdict,
    VerdictOutcome,
    differing_parts,
    is_for_an_app,
    judge,
)
from tests.support.witnessed import Flow, completed, link

WIDGET_URL = "https://institution-connect-sb.meld.io?connectToken=x"
RETURN = "https://shop.example/linked"


Step = str | tuple[str, HopKind] | tuple[str, HopKind, str]


def hops(*steps: Step) -> list[SeenHop]:
    made = []
    for number, step in enumerate(steps, 1):
        url = step if isinstance(step, str) else step[0]
        kind = HopKind.NAVIGATION if isinstance(step, str) else step[1]
        place = step[2] if len(step) == 3 and not isinstance(step, str) else "frame"
        made.append(SeenHop(number, datetime(2026, 1, 1, tzinfo=UTC), float(number), url, place, kind))
    return made


def verdict(
    *steps: Step,
    expected: str = RETURN,
    is_over: bool = True,
    after: int | None = None,
) -> RedirectVerdict:
    start = (WIDGET_URL, HopKind.START)
    return judge(expected, hops(start, *steps), is_over=is_over, widget_url=WIDGET_URL, completed_after=after)


@pytest.mark.parametrize(
    ("expected", "arrived", "differs"),
    [
        (RETURN, RETURN, ()),
        (RETURN, RETURN + "?state=1#done", ()),
        (RETURN + "?fixed=1", RETURN, ()),
        (RETURN, "HTTPS://Shop.Example/linked", ()),
        (RETURN, "https://shop.example:443/linked", ()),
        ("http://shop.example:80/linked", "http://shop.example/linked", ()),
        ("https://shop.example", "https://shop.example/", ()),
        ("https://shop.example/a%20b", "https://shop.example/a%20b", ()),
        ("https://shop.example/%7Euser", "https://shop.example/~user", ()),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", ()),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/", ()),
        ("https://straße.example/", "https://xn--strae-oqa.example/", ()),
        ("https://straße.example/", "https://strasse.example/", ()),
        ("https://[::1]:8443/x", "https://[::1]:8443/x", ()),
        ("meldapp://done", "meldapp://done?x=1", ()),
        ("meldapp:done", "meldapp:done", ()),
        (RETURN, "http://shop.example/linked", ("scheme",)),
        (RETURN, "https://shop.example:8443/linked", ("port",)),
        (RETURN, "https://www.shop.example/linked", ("host",)),
        (RETURN, "https://shop.example/Linked", ("path",)),
        (RETURN, "https://shop.example/linked/", ("path",)),
        (RETURN, "http://shop.example:8080/other", ("scheme", "port", "path")),
        (RETURN, "https://bücher.example/linked", ("host",)),
        (RETURN, "meldapp://linked", ("scheme", "host", "path")),
        (RETURN, "meldapp://shop.example/linked", ("scheme",)),
        ("http://localhost:3000/cb", "http://127.0.0.1:3000/cb", ("host",)),
        ("http://localhost:3000/cb", "http://localhost/cb", ("port",)),
        (RETURN, "not an address", PARTS),
        (RETURN, "", PARTS),
    ],
)
def test_what_differs(expected: str, arrived: str, differs: tuple[str, ...]) -> None:
    assert differing_parts(expected, arrived) == differs


def test_a_match() -> None:
    found = verdict("https://bank.example/login", (RETURN + "?state=s3cret", HopKind.RETURN))
    assert found.outcome is VerdictOutcome.MATCH
    assert (found.hop, found.differs) == (3, ())
    assert found.arrived == RETURN + "?state=•••"
    assert str(found.text) == f"Returned to {RETURN}, as expected"


def test_a_match_after_a_detour_counts() -> None:
    found = verdict("https://shop.example/wrong", (RETURN, HopKind.REDIRECT))
    assert (found.outcome, found.hop) == (VerdictOutcome.MATCH, 3)


def test_our_own_load_is_no_arrival() -> None:
    assert verdict(expected=WIDGET_URL).outcome is VerdictOutcome.NOT_ARRIVED


def test_the_first_hop_that_differs() -> None:
    found = verdict(
        "https://bank.example/login",
        ("http://shop.example/linked?code=1", HopKind.REFUSED),
        ("https://shop.example/other", HopKind.REDIRECT),
    )
    assert found.outcome is VerdictOutcome.MISMATCH
    assert (found.hop, found.differs) == (3, ("scheme",))
    assert str(found.text) == (
        f"Expected to return to {RETURN}, but went to http://shop.example/linked?code=•••: another scheme"
    )


def test_several_parts_are_listed() -> None:
    found = verdict("http://shop.example:8080/other")
    assert str(found.text).endswith(": another scheme, port and path")
    assert str(verdict("meldapp://x", ("meldapp://x", HopKind.APP)).text).endswith(": another scheme, host and path")


def test_a_wrong_host_after_the_end() -> None:
    """Before the widget said that it is done, a foreign host is a bank's; afterwards it is where it went wrongly."""
    steps = ("https://bank.example/login", "https://other.example/thanks", "https://other.example/more")
    assert verdict(*steps).outcome is VerdictOutcome.NOT_ARRIVED
    found = verdict(*steps, after=2)
    assert (found.outcome, found.hop, found.differs) == (VerdictOutcome.MISMATCH, 3, ("host", "path"))


def test_after_the_end_the_widget_may_move_about_at_home_and_banks_in_their_windows() -> None:
    found = verdict(
        "https://institution-connect-sb.meld.io/done",
        ("https://bank.example/bye", HopKind.NAVIGATION, "window 1"),
        after=1,
    )
    assert (found.outcome, found.arrived) == (VerdictOutcome.NOT_ARRIVED, "https://bank.example/bye")


def test_a_return_url_at_the_widgets_own_host() -> None:
    home = "https://institution-connect-sb.meld.io/linked"
    assert verdict("https://institution-connect-sb.meld.io/linked", expected=home).outcome is VerdictOutcome.MATCH
    found = verdict("https://institution-connect-sb.meld.io/linkd", expected=home)
    assert (found.outcome, found.differs) == (VerdictOutcome.MISMATCH, ("path",))


@pytest.mark.parametrize("url", ["meldapp://linked", "meldapp:linked", "MELDAPP://linked"])
def test_an_apps_address_is_an_arrival(url: str) -> None:
    found = verdict("https://bank.example/", (url, HopKind.APP))
    assert (found.outcome, found.hop) == (VerdictOutcome.MISMATCH, 3)
    assert "scheme" in found.differs
    assert found.arrived.lower().startswith("meldapp:")
    assert verdict((url, HopKind.APP), expected="meldapp://linked" if "//" in url else "meldapp:linked").outcome is (
        VerdictOutcome.MATCH
    )


@pytest.mark.parametrize(
    "url", ["mailto:a@b.example", "tel:+49123", "atrium://mx/oauthRequested?metadata=1", "data:,x"]
)
def test_what_is_no_arrival(url: str) -> None:
    assert not is_for_an_app(url)
    assert verdict((url, HopKind.APP), after=1).outcome is VerdictOutcome.NOT_ARRIVED


def test_nowhere_near() -> None:
    found = verdict("https://bank.example/login?user=me")
    assert (found.outcome, found.hop, found.differs) == (VerdictOutcome.NOT_ARRIVED, 2, ())
    assert str(found.text) == f"Did not return to {RETURN}; the last place was https://bank.example/login?user=•••"
    assert str(verdict("https://bank.example/", is_over=False).text) == f"Has not returned to {RETURN} yet"
    assert str(verdict().text) == f"Did not return to {RETURN}"


@pytest.mark.parametrize("expected", ["", "   ", "no address", "https://"])
def test_without_a_return_url(expected: str) -> None:
    found = verdict("https://bank.example/", expected=expected)
    assert found.outcome is VerdictOutcome.NO_RETURN_URL
    assert str(found.text) == "No return URL was asked for"


def test_a_return_url_with_secrets_is_masked() -> None:
    found = verdict(expected=f"https://me:pass@shop.example/linked?key=s3cret#{'z' * 9}")
    assert found.expected == "https://shop.example/linked?key=•••#•••"


@given(st.text(), st.lists(st.tuples(st.text(), st.sampled_from(HopKind)), max_size=5), st.booleans())
def test_it_is_total(expected: str, steps: list[tuple[str, HopKind]], is_over: bool) -> None:
    found = judge(expected, hops(*steps), is_over=is_over, widget_url="", completed_after=0)
    assert str(found.text)
    assert (found.outcome is VerdictOutcome.MISMATCH) == bool(found.differs)


def test_in_a_session() -> None:
    flow = Flow(link()).ready().goes("https://bank.example/login", "window 1", HopKind.WINDOW)
    assert str(flow.session.verdict.text) == "Has not returned to https://shop.example/linked yet"
    flow.takes(completed()).goes("https://www.shop.example/linked?state=abc", kind=HopKind.REDIRECT)
    found = flow.session.verdict
    assert (found.outcome, found.hop, found.differs) == (VerdictOutcome.MISMATCH, 3, ("host",))
    assert flow.session.hops[2].number == 3
    flow.goes("https://shop.example/linked?state=abc", kind=HopKind.RETURN)
    assert flow.session.verdict.outcome is VerdictOutcome.MATCH


def test_a_session_that_is_over_did_not_return() -> None:
    flow = Flow(link()).ready()
    flow.session.end()
    assert flow.session.verdict.is_over
    assert Flow(link()).ready().hears("cancel").session.verdict.is_over
    assert not Flow(link()).ready().takes(completed()).session.verdict.is_over, "it may go on from here"
    assert Flow(link(redirect_url="")).session.verdict.outcome is VerdictOutcome.NO_RETURN_URL
