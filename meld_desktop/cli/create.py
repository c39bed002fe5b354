"""``meld-link create``: send one request and print the widget's address."""

import asyncio
import contextlib
import gc
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from meld_desktop.cli import exits, output
from meld_desktop.cli.access import given_key, kept_key, start_demo
from meld_desktop.cli.arguments import command_parser
from meld_desktop.cli.failures import report
from meld_desktop.cli.request_arguments import Draft, add_request_arguments, read_draft
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.keys import DEMO_KEY, ENVIRONMENT_VARIABLE

if TYPE_CHECKING:
    from meld_desktop.domain.link import Link


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
        key = given_key(draft.environment, from_stdin=options.key_stdin)
        with _uncollected():
            link = asyncio.run(_create(draft, key))
    except MeldError as error:
        return report(error)
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
        demo, environment = await start_demo(environment)
    elif key is None:
        key = await kept_key(environment)
    try:
        from meld_desktop.api.client import MeldClient
        from meld_desktop.api.connect_start import start_connection

        return await start_connection(MeldClient(environment.base_url, key or DEMO_KEY), environment, draft.request)
    finally:
        if demo is not None:
            demo.close()


def _whole_answer(link: "Link") -> str:
    """Return the answer as received; in plain ASCII, which is the same JSON, where stdout takes no more."""
    answer = link.exchange.response_body.removeprefix("\ufeff").strip()
    return answer if output.is_utf8() else json.dumps(json.loads(answer))
