"""How a failed request is told on the command line."""

from meld_desktop.cli import output
from meld_desktop.cli.request_arguments import flag_of
from meld_desktop.domain.errors import KINDS, Exit, MeldError
from meld_desktop.domain.keys import ENVIRONMENT_VARIABLE

_KEY_ADVICE = f"Set {ENVIRONMENT_VARIABLE}, or pass the key with --key-stdin, or save it in the window's “API key…”."


def report(error: MeldError, hint: str = "") -> int:
    """Say what failed and what to do next (``hint`` instead of the usual words); return the exit code."""
    about_key = KINDS[error.kind].exit == Exit.NO_KEY and error.status is None
    output.say(f"meld-link: {error.title}. {_KEY_ADVICE if about_key else hint or error.hint}")
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
