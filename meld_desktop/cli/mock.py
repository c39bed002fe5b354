"""``meld-link mock``: serve the local Meld until told to stop."""

import json
import signal
import threading
from types import FrameType

from meld_desktop.cli import exits, output
from meld_desktop.cli.arguments import command_parser
from meld_desktop.mock.clock import HIGHEST_SPEED
from meld_desktop.mock.scenarios import SCENARIOS

_HIGHEST_PORT = 65535
_LOOK_SECONDS = 0.5

_EXITS = """exit codes:
  0    stopped by SIGTERM
  2    wrong input, or the port is taken
  130  interrupted"""


def run(arguments: list[str]) -> int:
    """Print ``{"api": …, "widget": …}`` when the server is ready, and serve until Ctrl+C (130) or SIGTERM (0)."""
    lessons = "\n".join(f"  {scenario.name:<23}{scenario.lesson}" for scenario in SCENARIOS)
    parser = command_parser(
        "mock",
        "Serve a local Meld on this computer. When it is ready it prints one line of JSON with its two addresses.\n"
        "It wants an Authorization header and takes any key but “wrong”. /openapi.json describes what it serves.\n"
        "A request chooses a scenario of its own with the header X-Demo-Scenario: NAME, and a customer with an\n"
        "externalCustomerId that begins with “scenario:NAME:”.",
        f"scenarios:\n{lessons}\n\n{_EXITS}",
    )
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="port of the API (default: a free one)")
    parser.add_argument(
        "--scenario",
        choices=[scenario.name for scenario in SCENARIOS],
        default=SCENARIOS[0].name,
        metavar="NAME",
        help=f"what to rehearse, see below (default: {SCENARIOS[0].name})",
    )
    parser.add_argument(
        "--speed", type=_speed, default=1.0, metavar="N", help="let waits pass N times faster (default 1)"
    )
    strictness = parser.add_argument_group(
        "strictness",
        "Meld's own sources disagree about these requests, or say nothing. All are taken unless a switch refuses them\n"
        "with 400.",
    )
    strictness.add_argument(
        "--strict-optional-only",
        action="store_true",
        help="refuse optional products without a required one, as Meld's guide says; its API description allows them",
    )
    strictness.add_argument(
        "--strict-balances-alone",
        action="store_true",
        help="refuse BALANCES as the only product, as Meld did in 2022; nothing newer repeats or withdraws it",
    )
    strictness.add_argument(
        "--strict-unknown-fields",
        action="store_true",
        help="refuse fields the API description does not know instead of ignoring them; what Meld does is unknown",
    )
    options = parser.parse_args(arguments)
    output.require()

    from meld_desktop.mock.server import MockServer

    told_to_stop = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told_to_stop.set()

    server = MockServer(
        port=options.port,
        scenario=options.scenario,
        speed=options.speed,
        strict_optional_only=options.strict_optional_only,
        strict_balances_alone=options.strict_balances_alone,
        strict_unknown_fields=options.strict_unknown_fields,
    )
    before = signal.signal(signal.SIGTERM, stop)
    try:
        try:
            addresses = server.start()
        except OSError as error:
            where = f"port {options.port}" if options.port else "this computer"
            why = error.strerror or str(error)
            return output.complain(f"Cannot serve on {where} ({why}). Choose another --port.", exits.WRONG_INPUT)
        output.result(json.dumps({"api": addresses.api, "widget": addresses.widget}))
        while not told_to_stop.wait(_LOOK_SECONDS):  # Windows hears Ctrl+C only between waits
            pass
    finally:
        server.stop()
        signal.signal(signal.SIGTERM, before)
    return exits.DONE


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _HIGHEST_PORT:
        raise ValueError
    return port


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= HIGHEST_SPEED:
        raise ValueError
    return speed
