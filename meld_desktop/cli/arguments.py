"""The parsers' common manners."""

import argparse
from collections.abc import Mapping

from meld_desktop import __version__
from meld_desktop.cli.exits import HELP


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=110)


def command_parser(name: str, description: str, epilog: str = HELP) -> argparse.ArgumentParser:
    """Return an empty parser for one command. It ends with exit code 2 on words it does not know."""
    return argparse.ArgumentParser(
        prog=f"meld-link {name}",
        description=description,
        epilog=epilog,
        formatter_class=_Formatter,
        allow_abbrev=False,  # a script written today must not change its meaning with a new flag
    )


def main_parser(commands: Mapping[str, str]) -> argparse.ArgumentParser:
    """Return the parser that explains the commands. It is asked only when no command was named."""
    parser = argparse.ArgumentParser(
        prog="meld-link",
        description="Make bank-linking links for Meld from the command line.",
        epilog=f"“meld-link COMMAND --help” explains a command.\n\n{HELP}",
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"meld-link {__version__}")
    listed = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, summary in commands.items():
        listed.add_parser(name, help=summary)
    return parser
