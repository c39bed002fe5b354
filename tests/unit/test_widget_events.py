"""Reading what the widget says: every known form is understood, and nothing makes the reader raise."""

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meld_desktop.domain.widget_events import (
    MESSAGE_LIMIT,
    Completion,
    ConnectedAccount,
    WidgetEvent,
    completion_of,
    error_sentence,
    origin_of,
    parse_message,
    shorten,
)

ORIGIN = "https://institution-connect-sb.meld.io"
DONE = {
    "institutionId": "4sWtF",
    "institutionName": "Maple Test Bank",
    "accountCount": 2,
    "accounts": [
        {"name": "Everyday", "mask": "0001", "type": "depository", "subtype": "checking"},
        {"name": "Savings", "mask": "0002", "type": "depository"},
    ],
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def hear(posted: object, origin: str = ORIGIN) -> WidgetEvent | None:
    return parse_message(origin, json.dumps(posted), ORIGIN)


def test_a_plain_event() -> None:
    assert hear({"domain": "meld-connect", "eventName": "init"}) == WidgetEvent("init", {})


@pytest.mark.parametrize("container", ["", "metadata", "data", "payload", "details"])
@pytest.mark.parametrize("as_text", [False, True])
def test_metadata_is_found_wherever_it_lies(container: str, as_text: bool) -> None:
    posted: dict[str, object] = {"domain": "meld-connect", "eventName": "connect_complete"}
    posted |= {container: json.dumps(DONE) if as_text else DONE} if container else DONE
    event = hear(posted)
    assert event is not None
    assert event.metadata == DONE


def test_metadata_as_query_string() -> None:
    event = hear({"domain": "meld-connect", "eventName": "error", "metadata": "reason=Bank+closed&code=7"})
    assert event == WidgetEvent("error", {"reason": "Bank closed", "code": "7"})


def test_the_top_level_wins_over_a_container() -> None:
    event = hear({"domain": "meld-connect", "eventName": "error", "reason": "top", "details": {"reason": "inner"}})
    assert event == WidgetEvent("error", {"reason": "top"})


@pytest.mark.parametrize(
    "text",
    [
        "[meld-connect]connect_complete?" + json.dumps(DONE),
        "[meld-connect]connect_complete?" + quote(json.dumps(DONE)),
        "[meld-connect]connect_complete?" + urlencode(DONE | {"accounts": json.dumps(DONE["accounts"])}),
        "[meld-connect]connect_complete?" + urlencode({"metadata": json.dumps(DONE)}),
    ],
)
def test_native_bridge_strings(text: str) -> None:
    event = hear(text)
    assert event is not None
    completion = completion_of(event)
    assert completion is not None
    assert completion.institution_name == "Maple Test Bank"
    assert completion.account_count == 2
    assert [account.mask for account in completion.accounts] == ["0001", "0002"]


def test_native_bridge_string_without_metadata() -> None:
    assert hear("[meld-connect]handover") == WidgetEvent("handover", {})
    assert hear("[meld-connect]handover?") == WidgetEvent("handover", {})
    assert hear("[meld-connect]debug?free words") == WidgetEvent("debug", {})


def test_an_object_posted_as_text() -> None:
    assert hear(json.dumps({"domain": "meld-connect", "eventName": "cancel"})) == WidgetEvent("cancel", {})


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://evil.example", ORIGIN + ".evil.example", ORIGIN + "/", ORIGIN.upper(), ORIGIN + ":8443"],
)
def test_other_origins_do_not_count(origin: str) -> None:
    assert hear({"domain": "meld-connect", "eventName": "init"}, origin) is None


def test_without_a_widget_origin_nothing_counts() -> None:
    assert parse_message("", '{"domain": "meld-connect", "eventName": "init"}', "") is None


@pytest.mark.parametrize(
    "posted",
    [
        {"domain": "plaid", "eventName": "init"},
        {"eventName": "init"},
        {"domain": "meld-connect"},
        {"domain": ["meld-connect"], "eventName": "init"},
        {"domain": "meld-connect", "eventName": ""},
        {"domain": "meld-connect", "eventName": 5},
        {"domain": "meld-connect", "eventName": "two words"},
        {"domain": "meld-connect", "eventName": "<b>"},
        {"domain": "meld-connect", "eventName": "x" * 65},
        "[meld-connect]",
        "[meld-connect]?x=1",
        "[plaid]init",
        "init",
        [{"domain": "meld-connect", "eventName": "init"}],
        None,
        7,
    ],
)
def test_other_messages_do_not_count(posted: object) -> None:
    assert hear(posted) is None


def test_the_size_limit_is_in_bytes() -> None:
    frame = len(json.dumps({"domain": "meld-connect", "eventName": "debug", "x": ""}))
    fits = {"domain": "meld-connect", "eventName": "debug", "x": "a" * (MESSAGE_LIMIT - frame)}
    assert hear(fits) is not None
    assert hear(fits | {"x": str(fits["x"]) + "a"}) is None
    wide = '{"domain": "meld-connect", "eventName": "debug", "x": "' + "é" * (MESSAGE_LIMIT // 2) + '"}'
    assert len(wide) < MESSAGE_LIMIT
    assert parse_message(ORIGIN, wide, ORIGIN) is None


def test_events_cannot_be_changed() -> None:
    event = hear({"domain": "meld-connect", "eventName": "init", "a": 1})
    assert event is not None
    with pytest.raises(TypeError):
        event.metadata["a"] = 2  # type: ignore[index]
    with pytest.raises(AttributeError):
        event.name = "other"  # type: ignore[misc]


def test_deep_nesting_and_long_numbers_are_survived() -> None:
    assert parse_message(ORIGIN, "[" * 60_000, ORIGIN) is None
    number = "9" * 20_000
    assert parse_message(ORIGIN, f'{{"domain":"meld-connect","eventName":"x","n":{number}}}', ORIGIN) is None


@given(st.text(max_size=300))
def test_no_text_makes_it_raise(text: str) -> None:
    event = parse_message(ORIGIN, text, ORIGIN)
    assert event is None or event.name


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_bridge_string_makes_it_raise(name: str, rest: str) -> None:
    event = hear(f"[meld-connect]{name}?{rest}")
    assert event is None or event.name


@given(
    st.dictionaries(
        st.sampled_from(
            ["metadata", "data", "payload", "details", "accounts", "accountCount", "institutionId", "reason"]
        ),
        ANYTHING,
    )
)
def test_no_metadata_makes_it_raise(metadata: dict[str, object]) -> None:
    posted = metadata | {"domain": "meld-connect", "eventName": "connect_complete"}
    event = hear(posted)
    assert event is not None
    completion = completion_of(event)
    assert completion is not None
    assert completion.account_count >= 0
    assert len(error_sentence(event)) <= 300


def test_completion() -> None:
    assert completion_of(WidgetEvent("connect_complete", DONE)) == Completion(
        "4sWtF",
        "Maple Test Bank",
        2,
        (
            ConnectedAccount("Everyday", "0001", "depository", "checking"),
            ConnectedAccount("Savings", "0002", "depository", ""),
        ),
    )


@pytest.mark.parametrize(
    ("count", "accounts", "expected"),
    [
        (None, DONE["accounts"], 2),
        (5, None, 5),
        (None, None, 0),
        ("3", None, 3),
        (3.0, None, 3),
        ("many", DONE["accounts"], 2),
        (True, DONE["accounts"], 2),
        (-1, DONE["accounts"], 2),
        (float("nan"), DONE["accounts"], 2),
        (float("inf"), DONE["accounts"], 2),
        (10**400, DONE["accounts"], 2),
        (None, ["text", 7, {}], 1),
        (None, {"a": 1}, 0),
    ],
)
def test_account_count_is_forgiving(count: object, accounts: object, expected: int) -> None:
    metadata: dict[str, object] = {"accounts": accounts}
    if count is not None:
        metadata["accountCount"] = count
    completion = completion_of(WidgetEvent("connect_complete", metadata))
    assert completion is not None
    assert completion.account_count == expected


def test_wrong_types_become_empty() -> None:
    metadata: dict[str, object] = {
        "institutionId": 12,
        "institutionName": ["x"],
        "accounts": [{"name": None, "mask": 1234}],
    }
    assert completion_of(WidgetEvent("connect_complete", metadata)) == Completion(
        "12", "", 1, (ConnectedAccount("", "1234", "", ""),)
    )


def test_other_events_are_no_completion() -> None:
    assert completion_of(WidgetEvent("init", DONE)) is None


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        ({"reason": "Bank closed"}, "Bank closed"),
        ({"reason": "LOGIN", "details": "Wrong password"}, "LOGIN: Wrong password"),
        ({"message": "same", "reason": "same"}, "same"),
        ({"details": "line\none\ttab\x00\u202eend"}, "line one tab end"),
        ({"code": 7}, "7"),
        ({"reason": True, "details": {}}, ""),
        ({}, ""),
    ],
)
def test_what_the_widget_said(metadata: dict[str, object], sentence: str) -> None:
    assert error_sentence(WidgetEvent("error", metadata)) == sentence


def test_long_words_are_cut() -> None:
    sentence = error_sentence(WidgetEvent("error", {"reason": "word " * 1000}))
    assert len(sentence) <= 300
    assert sentence.endswith("word…")
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "ab…"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://institution-connect-sb.meld.io?connectToken=x", ORIGIN),
        ("https://Institution-Connect-SB.meld.io:443/?connectToken=x", ORIGIN),
        ("http://127.0.0.1:40713?connectToken=x", "http://127.0.0.1:40713"),
        ("http://[::1]:80/", "http://[::1]"),
        ("file:///x", ""),
        ("nonsense", ""),
    ],
)
def test_origins(url: str, origin: str) -> None:
    assert origin_of(url) == origin
