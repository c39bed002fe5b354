"""What a command needs to talk to an environment: the local Meld or a key."""

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.keys import DEMO_KEY, ENVIRONMENT_VARIABLE, UnusableKeyError, clean_key

if TYPE_CHECKING:
    from meld_desktop.services.demo import Demo

_KEYRING_SECONDS = 3.0
_LONGEST_KEY = 64 * 1024


async def start_demo(environment: Environment) -> "tuple[Demo, Environment]":
    """Start a local Meld; return it, to be closed, and Demo with its address. Raises MeldError."""
    from meld_desktop.services.demo import Demo

    demo = Demo()
    return demo, replace(environment, base_url=await demo.base_url())


def given_key(environment: Environment, *, from_stdin: bool) -> str | None:
    """Return the key handed to this run, or None: then the keyring has it, or nobody. Raises MeldError."""
    if environment.is_demo:
        return DEMO_KEY
    given = _read_stdin() if from_stdin else os.environ.get(ENVIRONMENT_VARIABLE, "")
    if not from_stdin and not given.strip():
        return None
    try:
        return clean_key(given)
    except UnusableKeyError as error:
        raise MeldError(Kind.KEY_UNUSABLE, detail=error.text) from None


def _read_stdin() -> str:
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass("API key: ", stream=sys.stderr)
    # Bytes, because the text of a decoding error would quote the key.
    return sys.stdin.buffer.read(_LONGEST_KEY).decode("utf-8", "replace")


async def kept_key(environment: Environment) -> str:
    """Return the key the keyring has for the environment's host. Raises MeldError, also when it has none."""
    from meld_desktop.services.lane import Lane
    from meld_desktop.storage.keys import KeyStore

    try:
        key = await Lane(_KEYRING_SECONDS).run(KeyStore().read, environment.host)
    except TimeoutError:
        raise MeldError(Kind.KEYRING_SILENT) from None
    if not key:
        raise MeldError(Kind.NO_KEY)
    return key
