"""``meld-link verify``: check that an evidence pack is as it was saved."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from meld_desktop.cli import exits, output
from meld_desktop.cli.arguments import command_parser

if TYPE_CHECKING:
    from meld_desktop.evidence.verify import Verification

_EXITS = """exit codes:
  0    every file is as it was saved
  1    the result could not be written
  2    no such file, not an evidence pack, or not as it was saved
  130  interrupted"""


def run(arguments: list[str]) -> int:
    """Print what was found; exit code 2 for anything but a whole and unchanged pack."""
    parser = command_parser(
        "verify",
        "Check that an evidence pack, saved with “Save evidence…” in the window, is whole and unchanged: every file\n"
        "against its SHA-256 sum in the pack. That shows damage and careless changes. It does not show who wrote the\n"
        "pack: whoever changes a file on purpose can write new sums as well.",
        _EXITS,
    )
    parser.add_argument("file", metavar="FILE", help="the pack, a .zip; it is not unpacked")
    parser.add_argument("--json", action="store_true", help="print the result as JSON, also when something is wrong")
    options = parser.parse_args(arguments)
    output.require()

    from meld_desktop.evidence.verify import verify_pack

    try:
        verification = verify_pack(Path(options.file))
    except FileNotFoundError:
        return _unread(options.file, "There is no such file. Check its name and folder.", as_json=options.json)
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        text = f"The file cannot be read ({why}). Check its place and permissions."
        return _unread(options.file, text, as_json=options.json)
    if options.json:
        output.result(_as_json(options.file, verification))
    elif verification.ok:
        output.result(f"OK  {verification.files} files are as they were saved.")
    else:
        for problem in verification.problems:
            output.say(f"meld-link: {options.file}: {problem}")
        output.say(f"meld-link: {verification.next_step}")
    return exits.DONE if verification.ok else exits.WRONG_INPUT


def _unread(name: str, text: str, *, as_json: bool) -> int:
    if as_json:
        output.result(_line({"file": name, "ok": False, "isPack": False, "files": 0, "problems": [text], "next": ""}))
    return output.complain(f"{name}: {text}", exits.WRONG_INPUT)


def _as_json(name: str, verification: "Verification") -> str:
    return _line(
        {
            "file": name,
            "ok": verification.ok,
            "isPack": verification.is_pack,
            "files": verification.files,
            "problems": [str(problem) for problem in verification.problems],
            "next": str(verification.next_step),
        }
    )


def _line(plain: dict[str, object]) -> str:
    return json.dumps(plain, ensure_ascii=not output.is_utf8())
