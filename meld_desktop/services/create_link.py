"""The main use case: from a request to a link."""

from PySide6.QtCore import QObject, Signal

from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Job, Worker


class CreateLink(QObject):
    """Makes one link at a time. Lives on the main thread, works on the worker's loop.

    After ``start``: ``sending``, then exactly one of ``created`` (a Link), ``failed`` (a MeldError), ``cancelled``.
    """

    sending = Signal()
    created = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(
        self, worker: Worker, keys: Keys, demo: Demo, parent: QObject, guard: EnvironmentGuard | None = None
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._keys = keys
        self._demo = demo
        self._guard = guard or EnvironmentGuard()
        self._job: Job | None = None

    @property
    def is_sending(self) -> bool:
        """Whether a request is under way."""
        return self._job is not None

    def start(self, environment: Environment, request: ConnectStartRequest) -> None:
        """Send ``request``, which must be free of errors. Ignored while another one is under way."""
        if self.is_sending:
            return
        # The worker begins while the window shows that it does; what comes of it comes through the event loop.
        self._job = job = self._worker.submit(self._create(environment, request))
        job.succeeded.connect(self._over)
        job.failed.connect(self._over)
        job.broken.connect(self._over)
        job.cancelled.connect(self._over)
        job.succeeded.connect(self.created)
        job.failed.connect(self.failed)
        job.broken.connect(self.cancelled)
        job.cancelled.connect(self.cancelled)
        self.sending.emit()

    def cancel(self) -> None:
        """Stop waiting for the answer, at once."""
        if self._job is not None:
            self._job.cancel()

    def warm_up(self, environment: Environment) -> None:
        """Load what a link needs before the button is pressed: the HTTP library, the witness, Demo's local Meld."""
        self._worker.submit(self._warm_up(environment))

    def _over(self) -> None:
        self._job = None

    async def _create(self, environment: Environment, request: ConnectStartRequest) -> Link:
        from meld_desktop.api.client import MeldClient
        from meld_desktop.api.connect_start import start_connection

        key = await self._keys.key_for(environment)
        base_url = await self._demo.base_url() if environment.is_demo else environment.base_url
        try:
            link = await start_connection(MeldClient(base_url, key), environment, request)
        except MeldError as error:
            raise self._guard.explained(environment, key, error) from None
        self._guard.worked(environment, key)
        return link

    async def _warm_up(self, environment: Environment) -> None:
        from meld_desktop.api import client
        from meld_desktop.domain.witness import session

        del client, session
        if environment.is_demo:
            await self._demo.base_url()
