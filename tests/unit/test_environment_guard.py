"""A key of another environment is called that, only when it is known to be, and is kept nowhere."""

import gc
import itertools

import pytest

from meld_desktop.domain.connection_action import Action, ActionError
from meld_desktop.domain.environment_guard import EnvironmentGuard, WrongEnvironmentError
from meld_desktop.domain.environments import DEMO, PRODUCTION, SANDBOX, Environment, custom_environment
from meld_desktop.domain.errors import Kind, MeldError

KEY = "WQ5CwCxDxXhYuA4fVHGk3o:planted/Key=="
CUSTOM = custom_environment("https://meld.example.com")


@pytest.mark.parametrize(("works", "refuses"), [*itertools.permutations((SANDBOX, PRODUCTION, CUSTOM), 2)])
@pytest.mark.parametrize("kind", [Kind.UNAUTHORIZED, Kind.FORBIDDEN])
def test_the_key_of_another_environment(works: Environment, refuses: Environment, kind: Kind) -> None:
    guard = EnvironmentGuard()
    guard.worked(works, KEY)
    refused = MeldError(kind, status=401, request_id="r1", code="C")
    error = guard.explained(refuses, KEY, refused)
    assert isinstance(error, WrongEnvironmentError)
    assert str(error.title) == f"This is the API key of {works.name}, not of {refuses.name}"
    assert f"Save the key of {refuses.name} under “API key…”, or choose {works.name}." in str(error.hint)
    assert (error.kind, error.status, error.request_id, error.code) == (kind, 401, "r1", "C")
    assert error.exit_code == refused.exit_code


def test_nothing_is_claimed_without_knowing() -> None:
    guard = EnvironmentGuard()
    error = MeldError(Kind.UNAUTHORIZED)
    assert guard.explained(PRODUCTION, KEY, error) is error
    guard.worked(SANDBOX, "another key")
    assert guard.explained(PRODUCTION, KEY, error) is error
    guard.worked(DEMO, KEY)  # takes any key
    assert guard.explained(PRODUCTION, KEY, error) is error
    guard.worked(SANDBOX, KEY)
    assert guard.explained(DEMO, KEY, error) is error
    assert guard.explained(SANDBOX, KEY, error) is error, "it worked here before: it may have been withdrawn"
    for kind in set(Kind) - {Kind.UNAUTHORIZED, Kind.FORBIDDEN}:
        other = MeldError(kind)
        assert guard.explained(PRODUCTION, KEY, other) is other
    guard.worked(PRODUCTION, KEY)
    assert guard.explained(PRODUCTION, KEY, error) is error


def test_the_key_itself_is_not_kept() -> None:
    guard = EnvironmentGuard()
    key = "planted-key-of-this-test"
    guard.worked(SANDBOX, key)
    held = gc.get_referents(guard, vars(guard), guard._worked, *guard._worked)
    assert not [thing for thing in held if key in repr(thing)]
    assert EnvironmentGuard()._fingerprint(key) != guard._fingerprint(key), "what is kept means nothing elsewhere"


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("kind", list(Kind))
def test_no_failure_of_an_action_speaks_of_making_a_link(action: Action, kind: Kind) -> None:
    error = ActionError(action, MeldError(kind, status=418, retry_after=7, request_id="r"))
    words = f"{error.title}. {error.hint}"
    assert str(error.title)
    assert str(error.hint).endswith(".")
    assert "reate" not in words
    if action is not Action.REPAIR and "WIDGET_URL" not in kind.name:  # only the answer to a repair has one
        assert "link" not in words.replace("links", "")
    assert (error.kind, error.status, error.retry_after, error.request_id) == (kind, 418, 7, "r")
