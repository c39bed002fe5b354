"""The banks of one source, made ready to be listed, counted and judged. Never changes; any thread may ask."""

import gc
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from meld_desktop.domain.banks.bank import Bank, BankProvider
from meld_desktop.domain.banks.picker import Answer, Form, Picker, country_of
from meld_desktop.domain.banks.search import BankSearch
from meld_desktop.services.banks_work.values import BankQuery, Facets, Found, Place, Rows

_MOST_ANSWERS = 8
_LONG = 5000


class BankDirectory:
    """Everything that can be asked of a list of banks. Building takes a moment: do it on a thread."""

    def __init__(self, banks: Iterable[Bank], language: str = "") -> None:
        self._search = BankSearch(banks)
        self.banks = self._search.banks
        self._picker = Picker(self.banks)
        self._places = {bank.id: place for place, bank in enumerate(self.banks)}
        self._answers: dict[Form, Answer] = {}
        self._all = array("l", range(len(self.banks)))
        self.facets = _facets(self.banks, language)

    def __len__(self) -> int:
        return len(self.banks)

    def get(self, bank_id: str) -> Bank | None:
        """Return the bank with this id."""
        place = self._places.get(bank_id)
        return None if place is None else self.banks[place]

    def complete(self, text: str, limit: int) -> tuple[Bank, ...]:
        """Return the banks that ``text`` may mean, best first; none for a blank one."""
        return tuple(self._search.find(text, limit)) if text.strip() else ()

    def answer(self, form: Form) -> Answer:
        """Return what the picker does with ``form``; the last few answers are kept."""
        answer = self._answers.get(form)
        if answer is None:
            answer = self._picker.answer(form)
            while len(self._answers) >= _MOST_ANSWERS:
                self._answers.pop(next(iter(self._answers), form), None)
            self._answers[form] = answer
        return answer

    def find(self, query: BankQuery) -> Found:
        """Return the banks that fit ``query``."""
        bits = self.answer(Form.of_request(query.request)).bits
        shown = bits.to_bytes(len(self.banks) // 8 + 1, "little")
        places: Sequence[int] = self._all
        if query.text.strip():
            at = self._places
            places = [at[bank.id] for bank in self._search.find(query.text)]
        if query.tests is not None:
            places = [place for place in places if self.banks[place].is_test is query.tests]
        if query.shown is not None:
            wanted = 1 if query.shown else 0
            places = [place for place in places if shown[place >> 3] >> (place & 7) & 1 == wanted]
        if query.country or query.provider or query.product or query.oauth is not None:
            places = [place for place in places if any(_fits(way, query) for way in self.banks[place].providers)]
        kept = places if isinstance(places, array) else array("l", places)
        return Found(query, Rows(self.banks, self._places, kept, shown), len(self.banks))


def _fits(way: BankProvider, query: BankQuery) -> bool:
    """Say whether a provider has all that is filtered by; a subdivision has its own banks and the national ones."""
    if query.provider and way.name != query.provider:
        return False
    if query.product is not None and query.product not in way.products:
        return False
    if query.oauth is not None and way.oauth is not query.oauth:
        return False
    if query.subdivision:
        return query.subdivision in way.regions or country_of(query.subdivision) in way.regions
    if not query.country or query.country in way.regions:
        return True
    return any(region.startswith(query.country) for region in way.regions)


def _facets(banks: Iterable[Bank], language: str) -> Facets:
    providers: set[str] = set()
    sets: set[frozenset[str]] = set()
    for bank in banks:
        for way in bank.providers:
            providers.add(way.name)
            sets.add(way.regions)
    regions = frozenset[str]().union(*sets)
    codes = {country_of(region) for region in regions}
    names = _names_of(regions | codes, language)
    countries = [Place(code, names.get(code, code)) for code in codes]
    parts: dict[str, list[Place]] = {}
    for region in regions:
        if "-" in region:
            parts.setdefault(country_of(region), []).append(Place(region, names.get(region, region)))
    return Facets(
        _sorted(countries), {country: _sorted(places) for country, places in parts.items()}, tuple(sorted(providers))
    )


def _names_of(codes: Iterable[str], language: str) -> dict[str, str]:
    from meld_desktop.domain.region_names import load_index_in

    try:
        index = load_index_in(language)
    except ImportError:
        return {}
    found = {code: index.get(code) for code in codes}
    return {code: region.name for code, region in found.items() if region is not None}


def _sorted(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: (place.name.casefold(), place.code)))


_guard = threading.Lock()
_quiet = 0


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector from running inside the block, on any thread.

    Reading a list makes hundreds of thousands of values and no cycle; the collector would go through them again and
    again, and hold up the window meanwhile.
    """
    global _quiet  # noqa: PLW0603 - the collector is one for the whole process, and so is the count of who wants it off
    with _guard:
        _quiet += 1
        if _quiet == 1:
            gc.disable()
    try:
        yield
    finally:
        with _guard:
            _quiet -= 1
            if _quiet == 0:
                gc.enable()


def keep_out_of_collections(directory: BankDirectory) -> None:
    """Let the collector pass over a long list from now on. Call it where none runs, before ``no_collection`` ends.

    A list of twenty thousand banks is 120,000 values that are never part of a cycle; going through them takes 50 ms,
    on whichever thread has the bad luck.
    """
    if len(directory) >= _LONG:
        gc.freeze()


def collect_again() -> None:
    """Undo ``keep_out_of_collections``, when the list is no longer used."""
    gc.unfreeze()
