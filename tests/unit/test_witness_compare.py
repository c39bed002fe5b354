"""Two sessions: only what differs."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.witness.compare import Difference, Section, compare
from meld_desktop.domain.witness.observation import HopKind
from meld_desktop.domain.witness.seen import Comparable
from tests.support.witnessed import SIGNATURE, Flow, completed, link

ONE = Comparable(
    "support-4711 09:00:00",
    {
        "externalCustomerId": "a",
        "products": ["BALANCES"],
        "accountPreferenceOverride": {"font": "Inter", "showBorder": True},
    },
    ("start frame https://w.example/", "navigation frame https://bank.example/login"),
    ("init", "error INVALID_CREDENTIALS", "connect_complete Maple 2"),
    "Connected Maple with 2 accounts; data still arriving",
    "Returned to https://shop.example/linked, as expected",
    "demo",
)


def test_nothing_differs() -> None:
    assert compare(ONE, ONE) == ()
    assert compare(ONE, replace(ONE, name="another name and time")) == ()


def test_requests_differ_by_field() -> None:
    body = {
        "externalCustomerId": "a",
        "regions": ["US"],
        "accountPreferenceOverride": {"font": "Arial", "showBorder": True},
    }
    assert compare(ONE, replace(ONE, request=body)) == (
        Difference(Section.REQUEST, "products", '["BALANCES"]', ""),
        Difference(Section.REQUEST, "accountPreferenceOverride.font", '"Inter"', '"Arial"'),
        Difference(Section.REQUEST, "regions", "", '["US"]'),
    )


def test_a_value_and_its_text_differ() -> None:
    assert compare(replace(ONE, request={"x": 1}), replace(ONE, request={"x": "1"})) == (
        Difference(Section.REQUEST, "x", "1", '"1"'),
    )


def test_hops_and_events_differ_by_place() -> None:
    other = replace(
        ONE, hops=(ONE.hops[0], "redirect frame https://bank.example/", ONE.hops[1]), events=("init", "cancel")
    )
    assert compare(ONE, other) == (
        Difference(Section.HOPS, "#2", "", "redirect frame https://bank.example/"),
        Difference(Section.EVENTS, "#2", "error INVALID_CREDENTIALS", "cancel"),
        Difference(Section.EVENTS, "#3", "connect_complete Maple 2", ""),
    )


def test_the_same_again_and_again_is_one_line() -> None:
    many, few = replace(ONE, events=("init", *["debug"] * 7)), replace(ONE, events=("init", "debug"))
    assert compare(many, few) == (Difference(Section.EVENTS, "#2", "debug (×7)", "debug"),)


def test_a_long_session_of_few_kinds_of_lines_is_compared_line_by_line() -> None:
    lines = ("debug", "error A") * 150
    longer = (*lines[:150], "cancel", *lines[150:])
    found = compare(replace(ONE, events=lines), replace(ONE, events=longer))
    assert found == (Difference(Section.EVENTS, "#151", "", "cancel"),)


def test_outcomes_differ() -> None:
    other = replace(ONE, outcome="The customer left", verdict="", environment="sandbox")
    assert [(each.label, each.second) for each in compare(ONE, other)] == [
        ("environment", "sandbox"),
        ("conclusion", "The customer left"),
        ("redirect", ""),
    ]


_LINES = st.lists(st.sampled_from("abcdef"), max_size=12).map(tuple)
_ANY = st.builds(
    Comparable,
    st.text(max_size=3),
    st.dictionaries(st.sampled_from("xyz"), st.integers(0, 2) | st.lists(st.booleans(), max_size=2)),
    _LINES,
    _LINES,
    st.sampled_from(["yes", "no"]),
    st.sampled_from(["", "there"]),
    st.sampled_from(["demo", "sandbox"]),
)


@given(_ANY, _ANY)
def test_it_finds_a_difference_exactly_when_there_is_one(first: Comparable, second: Comparable) -> None:
    assert (compare(first, second) == ()) == (replace(first, name="") == replace(second, name=""))
    for each in compare(first, second):
        assert each.first != each.second


@given(_ANY, _ANY)
def test_it_is_the_same_from_the_other_side(first: Comparable, second: Comparable) -> None:
    """What one way is only in the first is only in the second the other way."""
    there, back = compare(first, second), compare(second, first)
    requests = [each for each in there if each.section in {Section.REQUEST, Section.OUTCOME}]
    turned = {
        (each.label, each.second, each.first) for each in back if each.section in {Section.REQUEST, Section.OUTCOME}
    }
    assert {(each.label, each.first, each.second) for each in requests} == turned


@settings(max_examples=5)
@given(st.integers(400, 3000))
def test_very_long_sessions_are_compared_in_their_first_part(count: int) -> None:
    one = replace(ONE, events=tuple(f"a{i % 7}" for i in range(count)))
    other = replace(ONE, events=tuple(f"a{i % 5}" for i in range(count)))
    found = compare(one, other)
    assert 0 < len(found) <= 802


def test_sessions_of_the_same_flow_do_not_differ() -> None:
    def play(flow: Flow) -> Flow:
        flow.ready().goes(f"https://bank.example/login?state={flow.seconds}", "window 1", HopKind.WINDOW)
        return flow.fails("INVALID_CREDENTIALS", "no").takes(completed())

    one, other = play(Flow()), play(Flow().wait(minutes=3))
    assert one.session.comparable().hops == (
        "start frame https://institution-connect-sb.meld.io/?connectToken=•••",
        "window window 1 https://bank.example/login?state=•••",
    )
    assert one.session.comparable().events == (
        "init",
        "error INVALID_CREDENTIALS",
        "connect_complete Maple Test Bank 2",
    )
    assert compare(one.session.comparable(), other.session.comparable()) == ()
    third = Flow(link(regions=("US-CA",))).ready()
    labels = [(each.section, each.label) for each in compare(one.session.comparable(), third.session.comparable())]
    assert (Section.REQUEST, "regions") in labels
    assert (Section.OUTCOME, "conclusion") in labels
    assert SIGNATURE not in str(one.session.comparable())
