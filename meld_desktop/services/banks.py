"""The banks of an environment: fetched, kept, searched, counted and explained, off the GUI thread."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from meld_desktop.domain.environments import DEMO, Environment
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.banks_work.latest import Latest, off_thread
from meld_desktop.services.banks_work.values import (
    BankQuery,
    BankRow,
    BankState,
    Completion,
    Explanation,
    Facets,
    FormAnswer,
    Found,
    Place,
    Rows,
    Source,
)
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Job, Worker

if TYPE_CHECKING:
    from meld_desktop.services.banks_work.directory import BankDirectory
    from meld_desktop.services.banks_work.supply import Progress, Supplied, Supply

    _Get = Callable[[Supply], Coroutine[Any, Any, Supplied]]

__all__ = [
    "BankQuery",
    "BankRow",
    "BankState",
    "Banks",
    "Completion",
    "Explanation",
    "Facets",
    "FormAnswer",
    "Found",
    "Place",
    "Rows",
    "Source",
]

_NO_LIST_IN_SANDBOX = QT_TRANSLATE_NOOP(
    "domain",
    "Meld documents its list of banks for production only, so the sandbox has none to fetch. Import a file, or look at"
    " Demo's banks.",
)
_UNEXPECTED = QT_TRANSLATE_NOOP("domain", "The banks could not be loaded. Try again.")


class Banks(QObject):
    """Holds the banks of the environment in use. Lives on the main thread; all work is done on others.

    ``state_changed`` carries a BankState. ``found`` (Found), ``answered`` (FormAnswer), ``explained`` (Explanation) and
    ``completed`` (Completion) answer the last question of their kind, and come again by themselves when there are other
    banks; the answers of earlier questions are dropped. Without banks only ``found`` and ``completed`` come, empty.
    """

    state_changed = Signal(object)
    answered = Signal(object)
    found = Signal(object)
    explained = Signal(object)
    completed = Signal(object)

    def __init__(
        self,
        worker: Worker,
        keys: Keys,
        demo: Demo,
        folder: Path,
        parent: QObject,
        *,
        language: str = "",
        sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        """Keep lists in ``folder``. ``language`` is that of the names of countries; ``sleep`` waits out a 429."""
        super().__init__(parent)
        self._worker = worker
        self._make_supply = partial(_make_supply, keys, demo, folder, language, sleep)
        self._supply: Supply | None = None
        self._directory: BankDirectory | None = None
        self._state = BankState(DEMO)
        self._is_used = False
        self._job: Job | None = None
        self._reports = _Reports(self)
        self._reports.arrived.connect(self._progressed, Qt.ConnectionType.QueuedConnection)
        self._ticket = 0
        self._request: ConnectStartRequest | None = None
        self._query: BankQuery | None = None
        self._explaining: tuple[str, ConnectStartRequest] | None = None
        self._answers = Latest(worker, self._answer, self)
        self._finds = Latest(worker, self.found.emit, self)
        self._explanations = Latest(worker, self.explained.emit, self)
        self._completions = Latest(worker, self.completed.emit, self)

    @property
    def state(self) -> BankState:
        """What there is, and what is going on."""
        return self._state

    def use(self, environment: Environment) -> None:
        """Turn to ``environment``: what is kept for it is loaded, Demo's list is fetched; Meld itself is not asked.

        Turning to the one in use changes nothing.
        """
        if self._is_used and environment == self._state.environment:
            return
        self._is_used = True
        self._stop()
        self._let_go()
        self._state = BankState(environment)
        self._ask_again()
        if environment.is_demo:
            self._begin(lambda supply: supply.read_demo())
        else:
            self._begin(lambda supply: supply.load(environment))

    def refresh(self) -> None:
        """Fetch the whole list anew. Ignored while loading; in the sandbox ``problem`` says why it is not possible."""
        self._fetch(go_on=False)

    def resume(self) -> None:
        """Go on with an interrupted fetch, where it stopped."""
        self._fetch(go_on=True)

    def look_at_demo(self) -> None:
        """Use Demo's list in another environment, until that one has its own; it is not kept. Ignored while loading."""
        if self._job is None:
            self._begin(lambda supply: supply.read_demo())

    def import_file(self, path: Path) -> None:
        """Take the banks from a CSV or JSON file, and keep them for this environment. Ignored while loading."""
        if self._job is None:
            environment = self._state.environment
            self._begin(lambda supply: supply.import_file(environment, path))

    def cancel(self) -> None:
        """Stop loading. What has come stays, and can be gone on with."""
        if self._job is None:
            return
        self._stop()
        self._set(replace(self._state, loading=None, waiting=0))

    def ask(self, request: ConnectStartRequest) -> None:
        """Count the banks that ``request`` shows; ``answered`` follows, now and whenever there are other banks."""
        self._request = request
        directory = self._directory
        if directory is not None:
            from meld_desktop.domain.banks.picker import Form

            form = Form.of_request(request)
            self._answers.ask(lambda: (form, directory.answer(form)))

    def search(self, query: BankQuery) -> None:
        """List the banks that fit ``query``; ``found`` follows, now and whenever there are other banks."""
        self._query = query
        directory = self._directory
        if directory is None:
            self._finds.forget()
            self.found.emit(Found(query, Rows(), 0))
        else:
            self._finds.ask(partial(directory.find, query))

    def explain(self, bank_id: str, request: ConnectStartRequest) -> None:
        """Judge one bank; ``explained`` follows, now and whenever there are other banks, unless it is not known."""
        self._explaining = (bank_id, request)
        bank = self._directory.get(bank_id) if self._directory is not None else None
        if bank is not None:
            from meld_desktop.domain.banks.picker import Form, verdict

            form = Form.of_request(request)
            self._explanations.ask(lambda: Explanation(bank, form, verdict(bank, form)))
        else:
            self._explanations.forget()

    def complete(self, text: str, limit: int = 20) -> None:
        """Find the banks that ``text``, the beginning of a name or an id, may mean; ``completed`` follows."""
        directory = self._directory
        if directory is None:
            self._completions.forget()
            self.completed.emit(Completion(text, ()))
        else:
            self._completions.ask(lambda: Completion(text, directory.complete(text, limit)))

    def name_of(self, institution_id: str) -> str:
        """Return the name of a bank at once, empty when it is not known."""
        bank = self._directory.get(institution_id) if self._directory is not None else None
        return bank.name if bank is not None else ""

    # --- loading

    def _fetch(self, *, go_on: bool) -> None:
        state = self._state
        if self._job is not None:
            return
        if not state.fetches:
            self._set(replace(state, problem=Text(_NO_LIST_IN_SANDBOX)))
        elif state.environment.is_demo:
            self._begin(lambda supply: supply.read_demo())
        else:
            self._ticket += 1
            tell = partial(self._reports.arrived.emit, self._ticket)
            parts = state.partial or not state.has_banks or state.source is Source.DEMO
            self._begin(lambda supply: supply.fetch(state.environment, go_on=go_on, show_parts=parts, tell=tell))

    def _begin(self, get: "_Get") -> None:
        self._job = job = self._worker.submit(self._get(get))
        job.succeeded.connect(self._supplied)
        job.failed.connect(self._refused)
        job.broken.connect(self._broke)
        self._set(replace(self._state, loading=(0, None), problem=None, waiting=0))

    async def _get(self, get: "_Get") -> "Supplied | Text":
        """Return the banks, or why there are no new ones. Runs on the worker's loop."""
        if self._supply is None:
            self._supply = await off_thread(self._make_supply)  # the window does not wait for what it imports
        from meld_desktop.services.banks_work.supply import SupplyError

        try:
            return await get(self._supply)
        except SupplyError as error:
            return error.text

    def _stop(self) -> None:
        job, self._job = self._job, None
        self._ticket += 1
        if job is not None:
            job.cancel()

    def _progressed(self, ticket: int, progress: "Progress") -> None:
        if ticket != self._ticket or self._job is None:
            return
        state = replace(
            self._state,
            loading=(progress.fetched, progress.total),
            waiting=progress.waiting,
            resumable=progress.fetched > 0,
            stopped_at=progress.fetched,
        )
        if progress.directory is None:
            self._set(state)
        else:
            self._show(replace(state, source=Source.MELD, fetched_at=None, file="", partial=True), progress.directory)

    def _supplied(self, supplied: "Supplied | Text") -> None:
        if isinstance(supplied, Text):
            self._failed(supplied)
            return
        self._job = None
        self._ticket += 1
        stopped_at = self._state.stopped_at if supplied.stopped_at is None else supplied.stopped_at
        state = BankState(
            self._state.environment,
            fetched_at=supplied.at,
            source=supplied.source,
            problem=supplied.note,
            resumable=stopped_at > 0,
            stopped_at=stopped_at,
            file=supplied.file,
        )
        self._show(state, supplied.directory)

    def _refused(self, error: MeldError) -> None:
        said = QT_TRANSLATE_NOOP("domain", "{title}. {hint}")
        self._failed(Text(said, title=error.title, hint=error.hint) if error.hint else error.title)

    def _broke(self, _bug: BaseException) -> None:
        self._failed(Text(_UNEXPECTED))

    def _failed(self, why: Text) -> None:
        self._job = None
        self._ticket += 1
        self._set(replace(self._state, loading=None, waiting=0, problem=why))

    def _show(self, state: BankState, directory: "BankDirectory | None") -> None:
        """Take over ``directory``, and answer again from it what was asked."""
        self._directory = directory
        facets = directory.facets if directory is not None else Facets()
        self._set(replace(state, count=len(directory) if directory is not None else 0, facets=facets))
        self._ask_again()

    def _let_go(self) -> None:
        if self._directory is not None:
            from meld_desktop.services.banks_work.directory import collect_again

            self._directory = None
            collect_again()

    def _set(self, state: BankState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    # --- answering

    def _ask_again(self) -> None:
        if self._directory is None:
            self._answers.forget()
            self._completions.forget()
        if self._request is not None:
            self.ask(self._request)
        if self._query is not None:
            self.search(self._query)
        if self._explaining is not None:
            self.explain(*self._explaining)

    def _answer(self, answered: object) -> None:
        assert isinstance(answered, tuple)  # noqa: S101 - what ``ask`` asked for
        form, answer = answered
        self.answered.emit(FormAnswer(form, answer, self._state))


class _Reports(QObject):
    """Carries progress from the worker's thread to the main thread."""

    arrived = Signal(int, object)


def _make_supply(
    keys: Keys, demo: Demo, folder: Path, language: str, sleep: Callable[[float], Awaitable[None]] | None
) -> "Supply":
    from meld_desktop.services.banks_work.supply import Supply

    return Supply(keys, demo, folder, language, sleep)
