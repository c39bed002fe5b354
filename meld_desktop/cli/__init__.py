"""The command line ``meld-link``. Imports no Qt and, before a command is chosen, nothing slow."""

import atexit
import gc
import sys

COMMANDS = {
    "create": "make a bank-linking link and print its address",
    "links": "list, export, import or forget the links made here",
    "mock": "serve a local Meld to try things out with",
    "doctor": "check what this computer needs for the window",
    "banks": "see which banks a customer will be shown, and why not the others",
    "regions": "look up country and subdivision codes",
    "verify": "check that an evidence pack is as it was saved",
}
"""The commands, one module each beside this one; the module's ``run(arguments)`` returns the exit code."""


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit code. ``argv`` are the words after the program's name."""
    from meld_desktop.cli import exits, output

    # The interpreter's last collections would look through everything once more: a fifth of the whole run.
    atexit.register(gc.freeze)
    words = sys.argv[1:] if argv is None else argv
    try:
        with output.prepared():
            return _run(words)
    except output.ReaderGoneError:
        return exits.READER_GONE
    except output.UnwritableError as error:
        return output.complain(str(error), exits.FAILED)
    except KeyboardInterrupt:
        return output.complain("interrupted", exits.INTERRUPTED)
    except SystemExit as end:  # argparse has already said what is wrong
        return end.code if isinstance(end.code, int) else exits.WRONG_INPUT


def _run(words: list[str]) -> int:
    from importlib import import_module

    if words and words[0] in COMMANDS:
        code: int = import_module(f"meld_desktop.cli.{words[0]}").run(words[1:])
        return code
    from meld_desktop.cli.arguments import main_parser

    main_parser(COMMANDS).parse_args(words)
    return 0
