"""Results go to stdout and nothing else there; words go to stderr."""

import contextlib
import os
import sys
from collections.abc import Iterator


class ReaderGoneError(Exception):
    """Nobody reads our output any more; there is nothing left to do, and nothing to complain about."""


class UnwritableError(Exception):
    """The output cannot be written: closed before we started, or the disk is full. Says so in plain words."""


@contextlib.contextmanager
def prepared() -> Iterator[None]:
    """Make the streams safe for any text, and see that what was printed has arrived. Raises UnwritableError."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        if sys.exc_info()[0] in {None, SystemExit}:
            with _watched():
                if sys.stdout is not None:
                    sys.stdout.flush()


def require() -> None:
    """Raise UnwritableError when there is no stdout: better to know before anything is sent."""
    if sys.stdout is None:
        raise UnwritableError("there is no output to write the result to; stdout is closed")


def result(line: str) -> None:
    """Print one line of the result, at once."""
    require()
    with _watched():
        print(line, flush=True)


def say(text: str) -> None:
    """Print words for people."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(text, file=sys.stderr, flush=True)


def complain(text: str, code: int) -> int:
    """Print ``text`` as this program's message and return ``code``."""
    say(f"meld-link: {text}")
    return code


def is_utf8() -> bool:
    """Say whether stdout can take any character."""
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"


@contextlib.contextmanager
def _watched() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        _silence()
        raise ReaderGoneError from None
    except OSError as error:
        _silence()
        raise UnwritableError(f"the result could not be written: {error.strerror or error}") from None


def _silence() -> None:
    """Let the interpreter's own last flush go nowhere instead of failing."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
