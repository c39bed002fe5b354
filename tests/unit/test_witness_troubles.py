"""What an error of the widget says: known codes, plain words, and nothing that is only guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meld_desktop.domain.widget_events import WidgetEvent
from meld_desktop.domain.witness.troubles import Cause, reason_of, trouble_of
from tests.support.witnessed import event


@pytest.mark.parametrize(
    ("metadata", "cause"),
    [
        ({"reason": "INVALID_CREDENTIALS"}, Cause.PASSWORD),
        ({"reason": "invalid_credentials"}, Cause.PASSWORD),
        ({"reason": "invalidCredentials"}, Cause.PASSWORD),
        ({"reason": "Invalid credentials"}, Cause.PASSWORD),
        ({"details": {"code": "INVALID_CREDENTIALS"}}, Cause.PASSWORD),
        ({"metadata": {"reason": "INVALID_CREDENTIALS"}}, Cause.PASSWORD),
        ({"payload": '{"reason": "INVALID_CREDENTIALS"}'}, Cause.PASSWORD),
        ({"error": {"code": "INVALID_CREDENTIALS", "message": "x"}}, Cause.PASSWORD),
        ({"error_code": "INVALID_CREDENTIALS", "error_type": "ITEM_ERROR"}, Cause.PASSWORD),
        ({"reason": "SERVICE_PROVIDER_FAILURE", "serviceProviderDetails": {"code": "INVALID_MFA"}}, Cause.CODE),
        ({"reason": "SERVICE_PROVIDER_ERROR", "details": "The password was incorrect"}, Cause.PASSWORD),
        ({"details": "Wrong username or password."}, Cause.PASSWORD),
        ({"details": "wrong password"}, Cause.PASSWORD),
        ({"reason": "LOGIN_REQUIRED"}, Cause.LOGIN_AGAIN),
        ({"reason": "ITEM_LOGIN_REQUIRED"}, Cause.LOGIN_AGAIN),
        ({"reason": "INVALID_MFA"}, Cause.CODE),
        ({"reason": "MFA_NOT_SUPPORTED"}, Cause.CODE_UNSUPPORTED),
        ({"details": "Incorrect security code"}, Cause.CODE),
        ({"reason": "ITEM_LOCKED"}, Cause.LOCKED),
        ({"reason": "INSTITUTION_DOWN"}, Cause.BANK_DOWN),
        ({"reason": "INSTITUTION_CURRENTLY_UNAVAILABLE"}, Cause.BANK_DOWN),
        ({"reason": "SERVICE_PROVIDER_ERROR", "details": "Error creating user"}, Cause.CREATING_USER),
        ({"details": "Error creating user"}, Cause.CREATING_USER),
        ({"reason": "TOKEN_EXPIRED"}, Cause.TOKEN_EXPIRED),
        ({"details": "The connect token has expired"}, Cause.TOKEN_EXPIRED),
        # A code that is known wins over words beside it.
        ({"reason": "INSTITUTION_DOWN", "details": "wrong password"}, Cause.BANK_DOWN),
        # What only might be is not what happened.
        ({"details": "Check whether you used a wrong password"}, Cause.OTHER),
        ({"details": "This may be a wrong password"}, Cause.OTHER),
        ({"details": "If the password was incorrect, try again"}, Cause.OTHER),
        ({"details": "This is not a wrong password"}, Cause.OTHER),
        ({"details": "Wrong password or a locked account"}, Cause.OTHER),
        # Codes nobody knows, and none at all.
        ({"reason": "FLUX_CAPACITOR"}, Cause.OTHER),
        ({"reason": "NOT_INVALID_CREDENTIALS"}, Cause.OTHER),
        ({"reason": "INTERNAL_FAILURE"}, Cause.OTHER),
        ({"reason": "", "details": "   "}, Cause.UNSAID),
        ({"reason": True, "details": [1, 2]}, Cause.UNSAID),
        ({}, Cause.UNSAID),
    ],
)
def test_causes(metadata: dict[str, object], cause: Cause) -> None:
    assert trouble_of(event("error", metadata)).cause is cause


def test_what_was_said_is_told_as_it_was() -> None:
    said = trouble_of(
        event("error", reason="SERVICE_PROVIDER_ERROR", details="Existing Finicity customer is not a test")
    )
    assert str(said.sentence) == (
        "Stopped after the widget reported a problem: “Existing Finicity customer is not a test”"
    )
    assert str(trouble_of(event("error", reason="FLUX", details="Broken")).brief) == "“FLUX: Broken”"
    assert str(trouble_of(event("error", reason="INTERNAL_FAILURE")).brief) == "“INTERNAL_FAILURE”"


def test_every_cause_has_words_and_no_gap_stays_open() -> None:
    from meld_desktop.domain.witness.troubles import Trouble

    for cause in Cause:
        for text in (Trouble(cause, "x").sentence, Trouble(cause, "x").brief):
            assert str(text)
            assert "{" not in str(text)


def test_reasons() -> None:
    assert reason_of(event("error", reason="INVALID_CREDENTIALS", details="Maple")) == "INVALID_CREDENTIALS"
    assert reason_of(event("error", details="a whole sentence")) == ""


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(["reason", "details", "error", "code", "message", "status", "serviceProviderDetails"])


@given(st.dictionaries(_KEYS, _JSON, max_size=5))
def test_it_is_total(metadata: dict[str, object]) -> None:
    found = trouble_of(WidgetEvent("error", metadata))
    assert str(found.sentence)
    assert "\n" not in found.said
    assert len(found.said) <= 300
    reason_of(WidgetEvent("error", metadata))
