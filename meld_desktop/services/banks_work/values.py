"""What the service of the banks says and is asked: plain values, safe to hand from thread to thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, overload

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import Text

if TYPE_CHECKING:  # a start has no banks yet
    from meld_desktop.domain.banks.picker import Answer, Form, Verdict


class Source(Enum):
    """Where the banks at hand come from."""

    NONE = auto()
    """There are none."""
    DEMO = auto()
    """Demo's own list: always for Demo, and elsewhere when the person asked to look at it."""
    MELD = auto()
    IMPORT = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """A country or a subdivision that the banks at hand serve; ``name`` is the code itself when none is known."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Facets:
    """What the banks at hand can be filtered by. Countries and subdivisions are in the order of their names."""

    countries: tuple[Place, ...] = ()
    subdivisions: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    """By country code."""
    providers: tuple[str, ...] = ()

    def name_of(self, code: str) -> str:
        """Return the name of a region; the code itself when it is not known."""
        places = self.subdivisions.get(code[:2], ()) if "-" in code else self.countries
        return next((place.name for place in places if place.code == code), code)


@dataclass(frozen=True, slots=True)
class BankState:
    """What there is for an environment, and what is going on."""

    environment: Environment
    count: int = 0
    fetched_at: datetime | None = None
    """When the list was fetched or imported; None when there is none, or only a part of one."""
    source: Source = Source.NONE
    loading: tuple[int, int | None] | None = None
    """Banks so far and in all (None when not known) while a list is on its way; None otherwise."""
    problem: Text | None = None
    """Why the last fetch, import or load failed, and what to do next, or a note about an import."""
    resumable: bool = False
    """Whether an interrupted fetch can be gone on with."""
    partial: bool = False
    """Whether the banks at hand are only those of an unfinished fetch."""
    stopped_at: int = 0
    """How many banks the interrupted fetch had."""
    file: str = ""
    """The name of the imported file."""
    waiting: int = 0
    """Seconds Meld asked to wait while loading; 0 when it did not."""
    facets: Facets = Facets()

    @property
    def has_banks(self) -> bool:
        """Whether there is anything to answer from."""
        return self.source is not Source.NONE

    @property
    def fetches(self) -> bool:
        """Whether the API has the list for this environment: it is documented for all but the sandbox (OAS)."""
        return self.environment.id != "sandbox"


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """How many banks one form shows, and what would show more, with the state of the data that it was read from."""

    form: "Form"
    answer: "Answer"
    state: BankState


_NOTHING_ASKED = ConnectStartRequest()


@dataclass(frozen=True, slots=True)
class BankQuery:
    """What to list. Empty and None mean: no matter. One provider must fit country, provider, product and login."""

    text: str = ""
    country: str = ""
    subdivision: str = ""
    provider: str = ""
    product: Product | None = None
    oauth: bool | None = None
    tests: bool | None = None
    shown: bool | None = None
    """Only the banks that ``request`` shows, or only those that it hides."""
    request: ConnectStartRequest = _NOTHING_ASKED

    @property
    def is_filtered(self) -> bool:
        """Whether anything may be left out."""
        return self != BankQuery(request=self.request)


@dataclass(frozen=True, slots=True)
class BankRow:
    """A bank that was found, and whether the form of the query shows it."""

    bank: Bank
    shown: bool


class Rows(Sequence[BankRow]):
    """Rows that are made when they are looked at: there may be twenty thousand."""

    def __init__(
        self,
        banks: Sequence[Bank] = (),
        places: Mapping[str, int] | None = None,
        kept: Sequence[int] = (),
        bits: bytes = b"",
    ) -> None:
        """Show those of ``banks`` whose places are ``kept``; ``places`` are by id, and ``bits`` say which are shown."""
        self._banks = banks
        self._places = places or {}
        self._kept = kept
        self._bits = bits

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, at: int) -> BankRow: ...
    @overload
    def __getitem__(self, at: slice) -> "Rows": ...
    def __getitem__(self, at: int | slice) -> "BankRow | Rows":
        if isinstance(at, slice):
            return Rows(self._banks, self._places, self._kept[at], self._bits)
        place = self._kept[at]
        return BankRow(self._banks[place], bool(self._bits[place >> 3] >> (place & 7) & 1))

    def row_of(self, bank_id: str) -> int:
        """Return the row of the bank with this id, -1 when it is not among them."""
        place = self._places.get(bank_id)
        try:
            return -1 if place is None else self._kept.index(place)
        except ValueError:
            return -1


@dataclass(frozen=True, slots=True)
class Found:
    """The banks of a query, best first; ``total`` counts all that there are."""

    query: BankQuery
    rows: Rows
    total: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a form shows a bank, and every minimal set of changes that would."""

    bank: Bank
    form: "Form"
    verdict: "Verdict"


@dataclass(frozen=True, slots=True)
class Completion:
    """The banks that a beginning may mean, best first."""

    text: str
    banks: tuple[Bank, ...]
