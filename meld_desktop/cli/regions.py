"""``meld-link regions QUERY``: look up the codes that ``--region`` takes."""

import json

from meld_desktop.cli import exits, output
from meld_desktop.cli.arguments import command_parser

_MOST = 50


def run(arguments: list[str]) -> int:
    """Print a line ``CODE<tab>Name`` for each region found, best first; exit code 2 when there is none."""
    parser = command_parser(
        "regions",
        "Look up countries (ISO 3166-1) and subdivisions (ISO 3166-2) by code or name, best match first.",
    )
    parser.add_argument("query", nargs="+", metavar="QUERY", help="part of a code or a name, for example: new york")
    parser.add_argument("--limit", type=_count, default=_MOST, metavar="N", help=f"print at most N (default {_MOST})")
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of lines")
    options = parser.parse_args(arguments)
    query = " ".join(options.query)

    from meld_desktop.domain.regions import load_index

    index = load_index()
    found = index.search(query, options.limit) if query.strip() else []
    if options.json:
        rows = [{"code": r.code, "name": r.name, "country": r.country, "type": r.type_name} for r in found]
        output.result(json.dumps(rows, ensure_ascii=not output.is_utf8()))
    elif found:
        output.result("\n".join(f"{region.code}\t{region.name}" for region in found))
    if not found:
        return output.complain(
            f"No region is called “{query}”. Try a shorter part of the name, or a code.", exits.WRONG_INPUT
        )
    return exits.DONE


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError
    return count
