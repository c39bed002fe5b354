"""One kind a cause, each with a title, a next step and an exit code of its own; and no secret in an error."""

import traceback

import pytest

from meld_desktop.domain.errors import KINDS, Exit, Kind, MeldError
from meld_desktop.domain.text import Text
from meld_desktop.domain.validation import Problem, Severity


def test_every_kind_has_words() -> None:
    assert set(KINDS) == set(Kind)


def test_every_title_and_next_step_is_its_own() -> None:
    titles = [str(words.title) for words in KINDS.values()]
    assert len(set(titles)) == len(titles)
    assert all(titles)
    assert not [title for title in titles if title.endswith(".")]
    assert all(str(words.hint).endswith(".") for words in KINDS.values())


EXITS = {
    Exit.NO_KEY: {
        "NO_KEY", "KEY_UNUSABLE", "KEYRING_MISSING", "KEYRING_LOCKED", "KEYRING_DENIED", "KEYRING_SILENT",
        "KEYRING_FAILED",
        "UNAUTHORIZED", "FORBIDDEN",
    },
    Exit.REFUSED: {
        "BAD_REQUEST", "INSTITUTION_UNKNOWN", "NOT_FOUND", "CONFLICT", "UNPROCESSABLE", "RATE_LIMITED",
        "REFUSED_OTHERWISE",
    },
    Exit.NO_ANSWER: {
        "SERVER", "REDIRECTED", "NOT_JSON", "WRONG_SHAPE", "NO_WIDGET_URL", "UNSAFE_WIDGET_URL", "TOO_LARGE",
        "NAME_NOT_FOUND",
        "CONNECTION_REFUSED", "CONNECT_TIMEOUT", "TLS", "PROXY", "READ_TIMEOUT", "CONNECTION_LOST", "CUT_OFF",
        "NETWORK", "DEMO",
    },
}  # fmt: skip


def test_exit_codes() -> None:
    assert (Exit.DONE, Exit.WRONG_INPUT, Exit.NO_KEY, Exit.REFUSED, Exit.NO_ANSWER, Exit.INTERRUPTED) == (
        0,
        2,
        3,
        4,
        5,
        130,
    )
    for code, names in EXITS.items():
        assert {kind.name for kind, words in KINDS.items() if words.exit == code} == names


@pytest.mark.parametrize(
    "kind", ["BAD_REQUEST", "UNAUTHORIZED", "TLS", "REDIRECTED", "UNSAFE_WIDGET_URL", "TOO_LARGE", "NO_KEY"]
)
def test_what_fails_again_is_not_called_retryable(kind: str) -> None:
    assert not MeldError(Kind[kind]).retryable


@pytest.mark.parametrize(
    "kind", ["RATE_LIMITED", "SERVER", "READ_TIMEOUT", "CONNECTION_LOST", "NAME_NOT_FOUND", "KEYRING_LOCKED"]
)
def test_what_may_pass_is(kind: str) -> None:
    assert MeldError(Kind[kind]).retryable


def test_an_error_says_its_kind_and_nothing_it_was_told() -> None:
    problem = Problem("regions", Severity.ERROR, Text("told-in-a-problem"))
    error = MeldError(
        Kind.BAD_REQUEST,
        detail=Text("told-in-detail"),
        code="told-code",
        request_id="told-id",
        status=400,
        problems=(problem,),
    )
    said = str(error) + repr(error) + "".join(traceback.format_exception(error))
    assert "BAD_REQUEST" in said
    assert "told" not in said
    assert (str(error.title), error.exit_code) == ("Meld did not accept the form", 4)
    assert str(error.hint).startswith("Change what is marked")
