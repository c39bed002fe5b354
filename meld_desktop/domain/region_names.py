"""The regions under their names in the language of the window. Qt itself has territory names in English only."""

import gettext
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from meld_desktop.domain.regions import RegionIndex, load_index


def load_index_in(language: str) -> RegionIndex:
    """Return the index, warmed up, with display names in ``language`` ("de", "pt_BR") as far as ISO's tables go.

    The English names still find their region. Reads files: call it from a worker thread. Raises ``ImportError`` when
    pycountry is not installed.
    """
    index = load_index()
    if language.replace("-", "_").partition("_")[0] not in {"en", "C", ""}:
        index = _renamed(index, language.replace("-", "_"))
    index.warm_up()
    return index


def _renamed(index: RegionIndex, language: str) -> RegionIndex:
    countries, parts = (_catalogue(domain, language) for domain in ("iso3166-1", "iso3166-2"))
    regions = []
    names = {}
    for country in index.countries:
        for region in (country, *index.subdivisions_of(country.code)):
            name = (countries if region.is_country else parts).gettext(region.name) or region.name
            regions.append(replace(region, name=name))
            names[region.code] = tuple(other for other in index.names_of(region) if other != name)
    return RegionIndex(regions, names)


def _catalogue(domain: str, language: str) -> gettext.NullTranslations:
    spec = find_spec("pycountry")
    folders = [Path(place, "locales") for place in (spec.submodule_search_locations if spec else None) or ()]
    folder = next((str(folder) for folder in folders if folder.is_dir()), None)
    return gettext.translation(domain, folder, languages=[language], fallback=True)
