"""Looks up what arrived of a link's products: page after page, only while somebody waits, and nothing is stored."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from meld_desktop.domain.account_facts import AccountFacts, Line, Tally
from meld_desktop.domain.connection_action import Action
from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.delivery import Delivered, asked_lists
from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import Exit, MeldError
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.products import Product
from meld_desktop.services.connection_calls import ConnectionCalls
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Job, Worker

if TYPE_CHECKING:
    from meld_desktop.api.client import MeldClient
    from meld_desktop.api.pages import Page

_MOST_PAGES = 500
"""A list that is longer than this never ends."""


@dataclass(slots=True)
class _Look:
    """One record being looked up: what was found, what is to be asked next, and where each list stands."""

    record: LinkRecord
    delivered: Delivered | None = None
    accounts: tuple[AccountFacts, ...] = ()
    accounts_after: str = ""
    to_do: tuple[Product, ...] = ()
    after: "dict[Product, str] | None" = None
    pages: int = 0


class Delivery(QObject):
    """One check at a time. Lives on the main thread, asks on the worker's loop, one question after the other.

    ``changed`` carries a Delivered after each page, ``failed`` the MeldError that ended it early, ``finished`` comes
    when no question is left; after ``cancel`` none of them comes. Of each list one page is read; ``more`` reads on.
    """

    changed = Signal(object)
    failed = Signal(object)
    finished = Signal()

    def __init__(self, worker: Worker, keys: Keys, demo: Demo, guard: EnvironmentGuard, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._calls = ConnectionCalls(keys, demo, guard)
        self._look: _Look | None = None
        self._job: Job | None = None
        self._is_looking = False

    @property
    def is_looking(self) -> bool:
        """Whether a question is under way, or follows at once."""
        return self._is_looking

    @property
    def has_more(self) -> bool:
        """Whether a list has pages that were not read."""
        return self._look is not None and bool(self._look.after)

    def set_environment(self, environment: Environment) -> None:
        """Say which environment the window is in: one that is not built in is called only while it is in use."""
        self._calls.use_environment(environment)

    def check(self, record: LinkRecord) -> None:
        """Look up what arrived for ``record``, from the beginning."""
        self.cancel()
        self._look = look = _Look(record)
        self._is_looking = True
        self._ask(look, self._state, partial(self._know_state, look))

    def more(self) -> None:
        """Read the lists on to their ends. Ignored while a question is under way."""
        look = self._look
        if look is None or self.is_looking or not look.after:
            return
        look.to_do = tuple(look.after)
        self._is_looking = True
        self._go_on(look, reads_on=True)

    def cancel(self) -> None:
        """Ask no more, at once; what was found stays with whoever has it."""
        self.stop()
        self._look = None

    def stop(self) -> None:
        """Ask no more for now; ``more`` goes on where it stands."""
        self._is_looking = False
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _ask(
        self,
        look: _Look,
        do: "Callable[[LinkRecord, MeldClient], Awaitable[Any]]",
        then: Callable[[Any], None],
        otherwise: Callable[[MeldError], None] | None = None,
    ) -> None:
        async def send(client: "MeldClient", _environment: Environment) -> Any:
            return await do(look.record, client)

        self._job = job = self._worker.submit(self._calls.call(Action.CHECK, look.record, send))
        job.succeeded.connect(partial(self._answered, job, then))
        job.failed.connect(partial(self._answered, job, otherwise or self._give_up))
        job.broken.connect(self.stop)

    def _answered(self, job: Job, then: Callable[[Any], None], answer: object) -> None:
        if job is self._job:
            self._job = None
            then(answer)

    def _give_up(self, error: MeldError) -> None:
        self._is_looking = False
        self.failed.emit(error)

    async def _state(self, record: LinkRecord, client: "MeldClient") -> ConnectionState:
        from meld_desktop.api.connection import get_connection

        return await get_connection(client, record.connection_id)

    def _know_state(self, look: _Look, state: ConnectionState) -> None:
        look.delivered = Delivered(state)
        if not state.is_connected and state.is_documented:
            self._is_looking = False
            self.changed.emit(look.delivered)
            self.finished.emit()
            return
        self.changed.emit(look.delivered)
        if self._goes_on(look):
            self._ask_accounts(look)

    def _ask_accounts(self, look: _Look) -> None:
        async def accounts(record: LinkRecord, client: "MeldClient") -> "Page[AccountFacts]":
            from meld_desktop.api.accounts import list_accounts

            return await list_accounts(client, record.connection_id, after=look.accounts_after)

        self._ask(look, accounts, partial(self._know_accounts, look))

    def _know_accounts(self, look: _Look, page: "Page[AccountFacts]") -> None:
        look.accounts += page.items
        look.accounts_after = page.after
        look.pages += 1
        if not page.is_last and look.pages < _MOST_PAGES:
            self._ask_accounts(look)
            return
        assert look.delivered is not None  # noqa: S101 - the state came first
        look.delivered = replace(look.delivered, accounts=look.accounts)
        look.to_do = asked_lists(look.record.products, look.record.optional_products)
        look.after = {}
        self._go_on(look, reads_on=False)

    def _go_on(self, look: _Look, *, reads_on: bool) -> None:
        if not look.to_do:
            self._is_looking = False
        self.changed.emit(look.delivered)
        if not look.to_do:
            self.finished.emit()
        if not self._goes_on(look):
            return
        product = look.to_do[0]
        after = (look.after or {}).get(product, "")

        async def lines(record: LinkRecord, client: "MeldClient") -> "Page[Line]":
            return await _lister(product)(client, record.connection_id, after=after)

        self._ask(
            look,
            lines,
            partial(self._know_lines, look, product, reads_on),
            partial(self._miss_lines, look, product, reads_on),
        )

    def _know_lines(self, look: _Look, product: Product, reads_on: bool, page: "Page[Line]") -> None:
        assert look.delivered is not None  # noqa: S101 - the state came first
        assert look.after is not None  # noqa: S101 - set with the accounts
        tallies = dict(look.delivered.tallies)
        tallies[product] = tallies.get(product, Tally()).plus(page.items, page.remaining)
        look.delivered = replace(look.delivered, tallies=tuple(tallies.items()))
        look.pages += 1
        if page.is_last:
            look.after.pop(product, None)
        else:
            look.after[product] = page.after
        if page.is_last or not reads_on or look.pages >= _MOST_PAGES:
            look.to_do = look.to_do[1:]
        self._go_on(look, reads_on=reads_on)

    def _miss_lines(self, look: _Look, product: Product, reads_on: bool, error: MeldError) -> None:
        """Go on with the next list; a key that is refused, or a part that was counted already, ends it."""
        assert look.delivered is not None  # noqa: S101 - the state came first
        if reads_on or (error.exit_code == Exit.NO_KEY and error.status != _FORBIDDEN):
            self._give_up(error)
            return
        look.delivered = replace(look.delivered, troubles=(*look.delivered.troubles, (product, error)))
        look.to_do = look.to_do[1:]
        self._go_on(look, reads_on=reads_on)

    def _goes_on(self, look: _Look) -> bool:
        """Say whether to ask on: whoever heard of the last page may have stopped, or turned to another record."""
        return look is self._look and self._is_looking


_FORBIDDEN = 403
"""An account of Meld's may have some products and not others."""


def _lister(product: Product) -> "Callable[..., Awaitable[Page[Line]]]":
    if product is Product.TRANSACTIONS:
        from meld_desktop.api.transactions import list_transactions

        return list_transactions
    from meld_desktop.api import investments

    if product is Product.INVESTMENT_HOLDINGS:
        return investments.list_holdings
    return investments.list_investment_transactions
