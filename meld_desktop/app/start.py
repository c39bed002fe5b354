"""From the command line to the event loop."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from meld_desktop.app.arguments import Arguments, parse
from meld_desktop.domain.environments import (
    DEMO,
    Environment,
    UnusableAddressError,
    custom_environment,
    environment_named,
)
from meld_desktop.domain.keys import ENVIRONMENT_VARIABLE
from meld_desktop.storage.settings import DamagedSettingsError, Settings, load_settings

if TYPE_CHECKING:
    from meld_desktop.app.composition import Program
    from meld_desktop.app.opening import Opening


def run(argv: list[str] | None) -> int:
    """Open the window, or say in one message why it cannot open."""
    arguments = parse(argv)
    if arguments.tour is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if problem := _cannot_start():
        sys.stderr.write(f"{problem}\n")
        from meld_desktop.doctor import EXIT_CANNOT_START

        return EXIT_CANNOT_START
    # Children, the web engine's processes above all, have no business with the key.
    variable = os.environ.pop(ENVIRONMENT_VARIABLE, "")
    folder = _folder(arguments)
    settings, damaged = _settings(folder)
    environment = arguments.environment or (DEMO if arguments.tour else _remembered(settings))
    from meld_desktop.app.imports import import_qt
    from meld_desktop.app.references import protect_constants

    import_qt()
    protect_constants()
    from meld_desktop.app.opening import Opening

    def make(opening: "Opening") -> "Program":
        from meld_desktop.app.composition import Program

        program = Program(
            folder, settings, environment, {ENVIRONMENT_VARIABLE: variable}, opening.application, opening.window
        )
        if damaged is not None:
            program.say_settings_damaged(damaged.kept_as)
        return program

    if arguments.tour is None:
        return Opening(settings, make).run()
    from meld_desktop.app.tour import Tour

    return Tour(Opening(settings, make), arguments.tour).run()


def _cannot_start() -> str:
    from meld_desktop.doctor.preflight import preflight

    problem = preflight()
    return f"meld-desktop: {problem}" if problem else ""


def _folder(arguments: Arguments) -> Path:
    if arguments.data_dir is not None:
        return arguments.data_dir.expanduser().resolve()
    if arguments.tour is not None:
        return arguments.tour.expanduser().resolve() / "data"
    from meld_desktop.storage.paths import default_data_dir

    return default_data_dir()


def _settings(folder: Path) -> tuple[Settings, DamagedSettingsError | None]:
    """Read the few bytes of settings before there is a window that could wait for them."""
    try:
        return load_settings(folder), None
    except DamagedSettingsError as error:
        return Settings(), error
    except OSError:
        return Settings(), DamagedSettingsError(None)


def _remembered(settings: Settings) -> Environment:
    if settings.environment == "custom":
        try:
            return custom_environment(settings.custom_base_url)
        except UnusableAddressError:
            return DEMO
    return environment_named(settings.environment) or DEMO
