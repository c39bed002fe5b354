"""The command line of ``meld-desktop``."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from meld_desktop import __version__
from meld_desktop.domain.environments import (
    ENVIRONMENTS,
    Environment,
    UnusableAddressError,
    custom_environment,
    environment_named,
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the window was started with; ``environment`` is None where the remembered one applies."""

    environment: Environment | None
    data_dir: Path | None
    tour: Path | None


def parse(argv: list[str] | None) -> Arguments:
    """Read ``argv``; wrong input ends the program with exit code 2 and says why."""
    parser = argparse.ArgumentParser(
        prog="meld-desktop", description="Make bank-linking links with Meld, and finish them in the window."
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--environment", metavar="NAME", help="demo, sandbox or production")
    where.add_argument("--base-url", metavar="URL", help="the address of another Meld API")
    parser.add_argument("--data-dir", metavar="DIR", type=Path, help="keep settings in this folder")
    parser.add_argument(
        "--tour", metavar="DIR", type=Path, help="do the main job in Demo by itself and leave pictures in this folder"
    )
    parser.add_argument("--version", action="version", version=f"Meld Desktop {__version__}")
    parsed = parser.parse_args(argv)
    environment = None
    if parsed.environment is not None:
        environment = environment_named(parsed.environment)
        if environment is None:
            known = ", ".join(entry.id for entry in ENVIRONMENTS)
            parser.error(f"argument --environment: “{parsed.environment}” is not one of {known}")
    if parsed.base_url is not None:
        try:
            environment = custom_environment(parsed.base_url)
        except UnusableAddressError as error:
            parser.error(f"argument --base-url: {error.text}")
    return Arguments(environment, parsed.data_dir, parsed.tour)
