"""``meld-link create``: send one request and print the widget's address."""

import asyncio
import contextlib
import gc
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from meld_desktop.cli import exits, output
from meld_desktop.cli.arguments import command_parser
from meld_desktop.cli.request_arguments import Draft, add_request_arguments, flag_of, read_draft
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import KINDS, Exit, Kind, MeldError
from meld_desktop.domain.keys import DEMO_KEY, ENVIRONMENT_VARIABLE, UnusableKeyError, clean_key

if TYPE_CHECKING:
    from meld_desktop.domain.link import Link
    from meld_desktop.services.demo import Demo

_KEYRING_SECONDS = 3.0
_LONGEST_KEY = 64 * 1024
_KEY_ADVICE = f"Set {ENVIRONMENT_VARIABLE}, or pass the key with --key-stdin, or save it in the window's “API key…”."


def run(arguments: list[str]) -> int:
    """Print the widget's address, or with ``--json`` the whole answer. Everything wrong is said before sending."""
    parser = command_parser(
        "create",
        "Make a bank-linking link and print its address. The address opens the customer's bank picker for as long as\n"
        "the link is valid: treat it like a password.\n\n"
        f"The API key comes from --key-stdin, {ENVIRONMENT_VARIABLE} or the keyring. Demo needs none.",
    )
    add_request_arguments(parser)
    how = parser.add_argument_group("how")
    how.add_argument("--key-stdin", action="store_true", help="read the API key from standard input")
    how.add_argument("--json", action="store_true", help="print Meld's whole answer as JSON")
    options = parser.parse_args(arguments)

    draft = read_draft(options)
    for line in draft.errors:
        output.say(f"meld-link: {line}")
    for line in draft.warnings:
        output.say(f"meld-link: warning: {line}")
    if draft.errors:
        output.say("meld-link: Nothing was sent. “meld-link create --help” explains the flags.")
        return exits.WRONG_INPUT
    output.require()
    try:
        key = _given_key(draft.environment, from_stdin=options.key_stdin)
        with _uncollected():
            link = asyncio.run(_create(draft, key))
    except MeldError as error:
        return _report(error)
    output.result(_whole_answer(link) if options.json else link.widget_url)
    if draft.environment.is_demo:
        output.say(
            "meld-link: Demo. This link worked only while the command ran; "
            "for one that lasts, run “meld-link mock” and use --base-url."
        )
    return exits.DONE


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the short run the garbage collector, which would only go through what the imports made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


async def _create(draft: Draft, key: str | None) -> "Link":
    from meld_desktop.services.lane import DaemonExecutor

    # A name look-up that hangs must not hold up Ctrl+C, nor the end of the program.
    asyncio.get_running_loop().set_default_executor(DaemonExecutor())
    environment, demo = draft.environment, None
    if environment.is_demo:
        demo, environment = await _start_demo(environment)
    elif key is None:
        key = await _kept_key(environment)
    try:
        from meld_desktop.api.client import MeldClient
        from meld_desktop.api.connect_start import start_connection

        return await start_connection(MeldClient(environment.base_url, key or DEMO_KEY), environment, draft.request)
    finally:
        if demo is not None:
            demo.close()


async def _start_demo(environment: Environment) -> "tuple[Demo, Environment]":
    from meld_desktop.services.demo import Demo

    demo = Demo()
    return demo, replace(environment, base_url=await demo.base_url())


def _given_key(environment: Environment, *, from_stdin: bool) -> str | None:
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


async def _kept_key(environment: Environment) -> str:
    from meld_desktop.services.lane import Lane
    from meld_desktop.storage.keys import KeyStore

    try:
        key = await Lane(_KEYRING_SECONDS).run(KeyStore().read, environment.host)
    except TimeoutError:
        raise MeldError(Kind.KEYRING_SILENT) from None
    if not key:
        raise MeldError(Kind.NO_KEY)
    return key


def _whole_answer(link: "Link") -> str:
    """Return the answer as received; in plain ASCII, which is the same JSON, where stdout takes no more."""
    answer = link.exchange.response_body.removeprefix("\ufeff").strip()
    return answer if output.is_utf8() else json.dumps(json.loads(answer))


def _report(error: MeldError) -> int:
    about_key = KINDS[error.kind].exit == Exit.NO_KEY and error.status is None
    output.say(f"meld-link: {error.title}. {_KEY_ADVICE if about_key else error.hint}")
    if error.detail:
        output.say(f"  {error.detail}")
    for problem in error.problems:
        output.say(f"  {flag_of(problem.field)}: {problem.text}")
    if error.retry_after is not None:
        output.say(f"  Meld asks to wait {error.retry_after} seconds.")
    if error.status is not None:
        output.say(f"  HTTP status: {error.status}{f' {error.code}' if error.code else ''}")
    if error.request_id:
        output.say(f"  Request ID: {error.request_id}")
    return error.exit_code
