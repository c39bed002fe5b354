"""Which key a request goes out with, and what the window may say about it. Never hands a key to a widget."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.keys import DEMO_KEY, ENVIRONMENT_VARIABLE, UnusableKeyError, clean_key
from meld_desktop.services.worker import Job, Worker
from meld_desktop.storage.keys import KeyStore

if TYPE_CHECKING:
    from meld_desktop.services.lane import Lane

P = ParamSpec("P")
T = TypeVar("T")

KEYRING_SECONDS = 3.0


class KeySource(Enum):
    """Where the key of an environment comes from."""

    NOT_NEEDED = auto()
    VARIABLE = auto()
    SESSION = auto()
    KEYRING = auto()
    MISSING = auto()
    UNKNOWN = auto()
    """The keyring has not answered yet, or could not."""


@dataclass(frozen=True, slots=True)
class KeyState:
    """What is known of an environment's key; ``problem`` is what the keyring said, when it could not be asked."""

    environment: Environment
    source: KeySource
    problem: MeldError | None = None


class Keys(QObject):
    """Looks keys up and keeps them. Lives on the main thread; the keyring is asked on a lane of its own.

    Order: ``MELD_API_KEY``, a key kept until the program ends, the keyring entry of the host. ``state_changed`` carries
    a KeyState, ``saved`` and ``forgotten`` an Environment, ``failed`` the MeldError of a save or a forget.
    """

    state_changed = Signal(object)
    saved = Signal(object)
    forgotten = Signal(object)
    failed = Signal(object)

    def __init__(self, worker: Worker, store: KeyStore, environ: Mapping[str, str], parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._store = store
        self._lane: Lane | None = None
        self._session: dict[str, str] = {}
        self._variable = environ.get(ENVIRONMENT_VARIABLE, "")
        self._checked: Environment | None = None
        self._checking: Job | None = None

    def secrets(self) -> list[str]:
        """Return the keys this process knows, for redaction only."""
        return [key for key in (self._variable.strip(), *self._session.values()) if key]

    async def key_for(self, environment: Environment) -> str:
        """Return the key to send to ``environment``. Runs on the worker's loop. Raises MeldError."""
        if environment.is_demo:
            return DEMO_KEY
        if self._variable.strip():
            try:
                return clean_key(self._variable)
            except UnusableKeyError as error:
                raise MeldError(Kind.KEY_UNUSABLE, detail=error.text) from None
        if key := self._session.get(environment.host):
            return key
        key = await self._ask(self._store.read, environment.host) or ""
        if not key:
            raise MeldError(Kind.NO_KEY)
        return key

    def check(self, environment: Environment) -> None:
        """Find out where the key of ``environment`` would come from; ``state_changed`` tells, at once or later."""
        self._checked = environment
        if self._checking is not None:
            self._checking.cancel()  # its answer would speak of what was, over what is said now
        if environment.is_demo:
            self._tell(environment, KeySource.NOT_NEEDED)
        elif self._variable.strip():
            self._tell(environment, KeySource.VARIABLE)
        elif environment.host in self._session:
            self._tell(environment, KeySource.SESSION)
        else:
            self._tell(environment, KeySource.UNKNOWN)
            self._checking = job = self._worker.submit(self._ask(self._store.read, environment.host))
            job.succeeded.connect(partial(self._found, environment))
            job.failed.connect(partial(self._tell, environment, KeySource.UNKNOWN))

    def save(self, environment: Environment, key: str) -> None:
        """Keep ``key`` (already clean) in the keyring; ``saved`` or ``failed`` follows."""
        job = self._worker.submit(self._ask(self._store.write, environment.host, key))
        job.succeeded.connect(partial(self._saved, environment))
        job.failed.connect(self.failed)

    def keep(self, environment: Environment, key: str) -> None:
        """Keep ``key`` (already clean) in memory until the program ends."""
        self._session[environment.host] = key
        self.check(environment)

    def forget(self, environment: Environment) -> None:
        """Remove the key of ``environment`` from memory and keyring; ``forgotten`` or ``failed`` follows."""
        self._session.pop(environment.host, None)
        job = self._worker.submit(self._ask(self._store.delete, environment.host))
        job.succeeded.connect(partial(self._forgot, environment))
        job.failed.connect(self.failed)
        job.failed.connect(partial(self._check_again, environment))

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        from meld_desktop.services.lane import Lane

        self._lane = self._lane or Lane(KEYRING_SECONDS)
        try:
            return await self._lane.run(call, *args, **kwargs)
        except TimeoutError:
            raise MeldError(Kind.KEYRING_SILENT) from None

    def _saved(self, environment: Environment, _nothing: object) -> None:
        self._session.pop(environment.host, None)
        self.saved.emit(environment)
        self._tell(environment, KeySource.KEYRING)

    def _forgot(self, environment: Environment, _nothing: object) -> None:
        self.forgotten.emit(environment)
        self._check_again(environment)

    def _check_again(self, environment: Environment, _error: MeldError | None = None) -> None:
        """Tell the state anew, unless another environment is looked at by now."""
        if self._checked in {None, environment}:
            self.check(environment)

    def _found(self, environment: Environment, key: str | None) -> None:
        self._tell(environment, KeySource.KEYRING if key else KeySource.MISSING)

    def _tell(self, environment: Environment, source: KeySource, problem: MeldError | None = None) -> None:
        if environment == self._checked:
            self.state_changed.emit(KeyState(environment, source, problem))
