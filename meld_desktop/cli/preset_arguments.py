"""``--preset``: the request that the flags of ``meld-link create`` begin with, and what they change in it."""

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from meld_desktop.domain.fields import FIELDS, Group
from meld_desktop.domain.request import ConnectStartRequest

PRESET = "--preset"


def add_preset_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of presets. The flags of the fields, added before, then have None for *not given*."""
    group = parser.add_argument_group("preset")
    group.add_argument(
        PRESET,
        metavar="NAME|FILE",
        help="begin with this preset: one of the window's, by its name, or an exported file; a flag overrides what the"
        " preset says about the same field. A preset names no customer, so --customer is still needed",
    )
    group.add_argument(
        "--allow-redirect",
        dest="allow_redirect",
        action="store_true",
        help="allow redirects though the preset does not",
    )
    group.add_argument("--data-dir", type=Path, metavar="DIR", help="where the window keeps its presets")
    parser.set_defaults(**{spec.id: None for spec in FIELDS if spec.group is not Group.APPEARANCE})


def read_base(options: argparse.Namespace, errors: list[str]) -> tuple[ConnectStartRequest, set[str]]:
    """Return the request of the preset, and the fields that nobody may call missing because it could not be read.

    Without a preset the request is empty. When the preset cannot be used, ``errors`` has one line more.
    """
    if options.preset is None:
        return ConnectStartRequest(), set()
    from meld_desktop.domain.presets.preset import PresetError

    try:
        return _find(options.preset, options.data_dir), set()
    except PresetError as error:
        errors.append(f"{PRESET}: “{options.preset}”: {error.text}")
        return ConnectStartRequest(), {"products", "optional_products"}


def overridden(base: ConnectStartRequest, given: dict[str, Any]) -> ConnectStartRequest:
    """Return ``base`` with the values that were given. A product that was given leaves the preset's other list."""
    values = dict(given)
    for one, other in (("products", "optional_products"), ("optional_products", "products")):
        if one in given and other not in given:
            values[other] = tuple(product for product in getattr(base, other) if product not in given[one])
    return replace(base, **values)


def _find(word: str, data_dir: Path | None) -> ConnectStartRequest:
    """Return the request of the preset that ``word`` names: built in, own, or a file. Raises PresetError."""
    from meld_desktop.domain.presets.builtin import BUILT_IN, built_in
    from meld_desktop.domain.presets.preset import PresetError
    from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
    from meld_desktop.storage.presets import PresetStore, read_preset

    path = Path(word).expanduser()
    if path.suffix.lower() == ".json" or any(separator in word for separator in (os.sep, os.altsep) if separator):
        return read_preset(path).request
    if shipped := built_in(word):
        return shipped.preset.request
    if data_dir is None:
        from meld_desktop.storage.paths import default_data_dir

        data_dir = default_data_dir()
    store = PresetStore(data_dir.expanduser())
    if own := store.find(word):
        return own.preset.request
    if word and path.is_file():
        return read_preset(path).request
    names = [shipped.preset.name for shipped in BUILT_IN] + [own.preset.name for own in store.list().presets]
    text = QT_TRANSLATE_NOOP("domain", "There is no such preset, and no such file. Presets: {names}.")
    raise PresetError(Text(text, names=", ".join(names)))
