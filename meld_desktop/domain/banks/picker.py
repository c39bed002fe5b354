"""Which banks the customer will be shown, why not the others, and which changes of the form would show more.

The rules (OAS, OPT, RT): a bank is shown when **one** of its providers does everything that was asked, because one
provider serves a connection. That provider

- offers every required product; no required product means no filter, and optional products never filter;
- serves any of the regions; no region means no filter. A country admits its national and its local banks, a subdivision
  admits its own banks and the national ones;
- does not log in on the bank's own page, when redirects are not allowed.

Pure and exact: nothing is sampled. Sets of banks are the bits of one integer each, so that twenty thousand banks are
counted for every combination of changes within a key press. A ``Picker`` never changes and may be used from any thread.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from meld_desktop.domain.banks.bank import Bank, BankProvider
from meld_desktop.domain.banks.changes import (
    ALLOW_REDIRECT,
    DROP_REGIONS,
    Act,
    Change,
    Changes,
    add_region,
    make_optional,
)
from meld_desktop.domain.products import Product
from meld_desktop.domain.region_codes import tidy_code
from meld_desktop.domain.request import ConnectStartRequest


@dataclass(frozen=True, slots=True)
class Form:
    """What of a request decides about the banks. Regions are codes in any case; blank ones and repeats do not count."""

    products: frozenset[Product] = frozenset()
    regions: frozenset[str] = frozenset()
    allow_redirect: bool = True

    @classmethod
    def of(
        cls, products: Iterable[Product] = (), regions: Iterable[str] = (), *, allow_redirect: bool = True
    ) -> "Form":
        """Return the form with these required products and regions."""
        codes = (tidy_code(region) or region.strip() for region in regions)
        return cls(frozenset(products), frozenset(filter(None, codes)), allow_redirect)

    @classmethod
    def of_request(cls, request: ConnectStartRequest) -> "Form":
        """Return the form behind a request."""
        return cls.of(request.products, request.regions, allow_redirect=request.allow_redirect)

    def changed(self, changes: Iterable[Change]) -> "Form":
        """Return the form after all of ``changes``. Where regions are both dropped and added, dropping comes first."""
        codes = set(changes)
        regions = frozenset() if DROP_REGIONS in codes else self.regions
        return Form(
            frozenset(product for product in self.products if make_optional(product) not in codes),
            regions | {change.value for change in codes if change.act is Act.ADD_REGION},
            self.allow_redirect or ALLOW_REDIRECT in codes,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a bank is shown. ``fixes`` are all minimal sets of changes that would show it, the smallest first.

    Minimal by inclusion: leave any change out of one, and the bank stays hidden. Hidden and without a fix is a bank
    that no provider reaches.
    """

    shown: bool
    fixes: tuple[Changes, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Changes to make together, and how many banks are then shown that are not now."""

    changes: Changes
    adds: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the picker does with one form: how many banks of how many, which (a bit each), and what would show more."""

    form: Form
    matching: int
    total: int
    suggestions: tuple[Suggestion, ...]
    bits: int

    def shows(self, index: int) -> bool:
        """Say whether the bank at ``index`` of the picker's banks is shown."""
        return bool(self.bits >> index & 1)


def serves(tagged: Iterable[str], regions: Iterable[str]) -> bool:
    """Say whether a provider with these regions serves any of the form's; a form without regions asks for none."""
    wanted, tags = frozenset(regions), frozenset(tagged)
    if not wanted or not wanted.isdisjoint(tags):
        return True
    countries = _countries(tags)
    return any(region in countries if is_country(region) else country_of(region) in tags for region in wanted)


def is_country(region: str) -> bool:
    """Say whether a code is a country's and not a subdivision's."""
    return "-" not in region


def country_of(region: str) -> str:
    """Return the country a region is, or is a part of."""
    return region.partition("-")[0]


def verdict(bank: Bank, form: Form) -> Verdict:
    """Judge one bank, with every minimal way to have it shown."""
    found: set[frozenset[Change]] = set()
    for provider in bank.providers:
        found.update(_ways(provider, form))
    if frozenset() in found:
        return Verdict(shown=True)
    if len(bank.providers) > 1:
        found = {changes for changes in found if not any(other < changes for other in found)}
    return Verdict(shown=False, fixes=tuple(sorted(map(_sorted, found), key=_order)))


def _ways(provider: BankProvider, form: Form) -> Iterator[frozenset[Change]]:
    """Yield every minimal set of changes with which this one provider does all that is asked."""
    needed = {make_optional(product) for product in form.products - provider.products}
    if provider.oauth and not form.allow_redirect:
        needed.add(ALLOW_REDIRECT)
    if serves(provider.regions, form.regions):
        yield frozenset(needed)
        return
    yield frozenset(needed | {DROP_REGIONS})
    for country in _countries(provider.regions):
        yield frozenset(needed | {add_region(country)})


@lru_cache(maxsize=8192)
def _countries(regions: frozenset[str]) -> frozenset[str]:
    return frozenset(map(country_of, regions))


def _sorted(changes: Iterable[Change]) -> Changes:
    return tuple(sorted(changes))


def _order(changes: Changes) -> tuple[int, Changes]:
    return len(changes), changes


class Picker:
    """The banks of one source, made ready for counting. Building takes a moment; ``answer`` does not."""

    def __init__(self, banks: Iterable[Bank]) -> None:
        self.banks: Sequence[Bank] = tuple(banks)
        depth = max((len(bank.providers) for bank in self.banks), default=0)
        self._layers = [_Layer(self.banks, number) for number in range(depth)]
        self._served: dict[str, int] = {}
        for layer in self._layers:
            for country, bits in layer.countries.items():
                self._served[country] = self._served.get(country, 0) | bits

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country that some provider serves, wholly or in parts."""
        return tuple(sorted(self._served))

    def answer(self, form: Form) -> Answer:
        """Count the banks that are shown, and find what would show more."""
        count = _Count(self._layers, form)
        suggestions = tuple(self._suggestions(count))
        return Answer(form, count.shown.bit_count(), len(self.banks), suggestions, count.shown)

    def _suggestions(self, count: "_Count") -> Iterator[Suggestion]:
        """Yield what is worth suggesting, the smallest sets first, and of one size those that add most first.

        These are all sets of the smallest size that adds any bank at all, normally single changes; then, for each
        larger size, the sets that add most, if that is more than any smaller set adds. So every change of a set is
        needed for its number. Two changes of the regions are never in one set: dropping them alone does at least as
        much.
        """
        best = 0
        for size in range(1, len(count.changes) + 2):
            found = self._that_add_most(count, size, best) if best else self._that_add_any(count, size)
            yield from sorted(found, key=lambda suggestion: (-suggestion.adds, suggestion.changes))
            best = max((suggestion.adds for suggestion in found), default=best)

    def _that_add_any(self, count: "_Count", size: int) -> list[Suggestion]:
        sets = [Suggestion(base, count.added(base)) for base in combinations(count.changes, size)]
        for base in combinations(count.changes, size - 1) if count.form.regions else ():
            sets.append(Suggestion(_sorted((*base, DROP_REGIONS)), count.added_anywhere(base)))
            sets.extend(self._with_a_region(count, base))
        return [suggestion for suggestion in sets if suggestion.adds]

    def _that_add_most(self, count: "_Count", size: int, best: int) -> list[Suggestion]:
        sets = [(count.added(base), base, False) for base in combinations(count.changes, size)]
        if count.form.regions:
            smaller = combinations(count.changes, size - 1)
            sets.extend((count.added_anywhere(base), base, True) for base in smaller)
        most = max((adds for adds, _, _ in sets), default=0)
        if most <= best:
            return []
        found = []
        for adds, base, anywhere in sets:
            if adds == most:
                found.append(Suggestion(_sorted((*base, DROP_REGIONS)) if anywhere else base, adds))
                if anywhere:  # a country may do as much, but never more
                    found.extend(way for way in self._with_a_region(count, base, reach_all=True) if way.adds == adds)
        return found

    def _with_a_region(self, count: "_Count", base: Changes, *, reach_all: bool = False) -> Iterator[Suggestion]:
        """Yield ``base`` with each country that may reach any, or all, of the banks which only the regions still hide.

        A look at who serves a country at all leaves few countries to count for.
        """
        hidden = count.anywhere(base) & ~count.within(base)
        for country, served in self._served.items():
            if not hidden & ~served if reach_all else hidden & served:
                yield Suggestion(_sorted((*base, add_region(country))), count.added_with(base, country))


class _Layer:
    """The first, second, third … provider of every bank: for each property, the banks whose provider has it."""

    def __init__(self, banks: Sequence[Bank], number: int) -> None:
        places = [place for place, bank in enumerate(banks) if len(bank.providers) > number]
        products: dict[Product, list[int]] = {product: [] for product in Product}
        countries: dict[str, list[int]] = {}
        self._tags: dict[str, list[int]] = {}
        direct = []
        for place in places:
            provider = banks[place].providers[number]
            for product in provider.products:
                products[product].append(place)
            for region in provider.regions:
                self._tags.setdefault(region, []).append(place)
                countries.setdefault(country_of(region), []).append(place)
            if not provider.oauth:
                direct.append(place)
        self.all = _bits(places)
        self.direct = _bits(direct)
        self.products = {product: _bits(having) for product, having in products.items()}
        self.countries = {country: _bits(served) for country, served in countries.items()}

    def serving(self, regions: Iterable[str]) -> int:
        """Return the banks whose provider serves any of ``regions``; all when there are none."""
        wanted = tuple(regions)
        served = 0 if wanted else self.all
        for region in wanted:
            if is_country(region):
                served |= self.countries.get(region, 0)
            else:
                served |= _bits(self._tags.get(region, ())) | _bits(self._tags.get(country_of(region), ()))
        return served


class _Count:
    """Counts for one form and all the changes that can be made to it, the regions apart."""

    def __init__(self, layers: Sequence[_Layer], form: Form) -> None:
        self.form = form
        self._layers = layers
        self._serving = [layer.serving(form.regions) for layer in layers]
        self._known: dict[Changes, tuple[int, ...]] = {}
        redirect = () if form.allow_redirect else (ALLOW_REDIRECT,)
        self.changes = _sorted((*map(make_optional, form.products), *redirect))
        self.shown = self.within(())

    def added(self, base: Changes) -> int:
        """Return how many banks ``base`` adds."""
        return (self.within(base) & ~self.shown).bit_count()

    def added_anywhere(self, base: Changes) -> int:
        """Return how many banks ``base`` adds together with dropping the regions."""
        return (self.anywhere(base) & ~self.shown).bit_count()

    def added_with(self, base: Changes, country: str) -> int:
        """Return how many banks ``base`` adds together with adding ``country``."""
        found = 0
        for layer, able, serving in zip(self._layers, self._able(base), self._serving, strict=True):
            found |= able & (serving | layer.countries.get(country, 0))
        return (found & ~self.shown).bit_count()

    def anywhere(self, base: Changes) -> int:
        """Return the banks that are shown after ``base`` when the regions are dropped as well."""
        found = 0
        for able in self._able(base):
            found |= able
        return found

    def within(self, base: Changes) -> int:
        """Return the banks that are shown after ``base``."""
        found = 0
        for able, serving in zip(self._able(base), self._serving, strict=True):
            found |= able & serving
        return found

    def _able(self, base: Changes) -> tuple[int, ...]:
        """Return for each layer the banks whose provider does what ``base`` leaves to ask for, wherever it serves."""
        known = self._known.get(base)
        if known is None:
            form = self.form.changed(base)
            known = self._known[base] = tuple(_able(layer, form) for layer in self._layers)
        return known


def _able(layer: _Layer, form: Form) -> int:
    able = layer.all if form.allow_redirect else layer.direct
    for product in form.products:
        able &= layer.products[product]
    return able


def _bits(places: Sequence[int]) -> int:
    """Return the integer in which exactly these bits are set. ``places`` are in rising order."""
    if not places:
        return 0
    content = bytearray(places[-1] // 8 + 1)
    for place in places:
        content[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(content, "little")
