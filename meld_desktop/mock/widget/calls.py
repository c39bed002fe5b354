"""How the widget's page talks to its server: JSON in, JSON out, the connect token in a header and never in a log."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meld_desktop.mock.banks import Bank, BankProvider
from meld_desktop.mock.connection import Connection
from meld_desktop.mock.picker import usable_providers
from meld_desktop.mock.problems import Problem, bad_request
from meld_desktop.mock.replies import Json
from meld_desktop.mock.scenario_kinds import Twist
from meld_desktop.mock.visits import Session, Visit
from meld_desktop.mock.widget.troubles import Trouble
from meld_desktop.mock.world import World

TOKEN_HEADER = "x-connect-token"  # noqa: S105 - the header's name

_TROUBLES = {
    "INVALID": Problem(401, "TOKEN_INVALID", "This is not a connect token of this server"),
    "EXPIRED": Problem(401, "TOKEN_EXPIRED", "The connect token has expired"),
    "USED": Problem(409, "TOKEN_USED", "The connection has been completed already"),
}
_EXPIRED = Trouble("INTERNAL_FAILURE", "TOKEN_EXPIRED", "The connect token has expired")


@dataclass(frozen=True)
class Call:
    """One call from an open widget."""

    world: World
    connection: Connection
    visit: Visit
    values: Mapping[str, object]
    request_id: str

    def text(self, name: str) -> str:
        """Return a text from the body, empty when it is missing or something else."""
        value = self.values.get(name)
        return value[:400] if isinstance(value, str) else ""

    def chosen(self) -> tuple[Bank, BankProvider]:
        """Return the bank and provider the customer is at. Raises ``Problem`` when none is chosen."""
        if self.visit.bank is None or self.visit.provider is None:
            raise bad_request("No institution has been chosen")
        return self.visit.bank, self.visit.provider

    def log_error(self, trouble: Trouble) -> None:
        """Keep a failure for the activity log; the connection's status does not change (ST, WERR)."""
        log_widget_error(self.world, self.connection, trouble, self.visit, self.request_id)


def log_widget_error(
    world: World, connection: Connection, trouble: Trouble, visit: Visit | None, request_id: str
) -> None:
    """Keep a failure in the widget for the activity log."""
    bank = visit.bank if visit else None
    provider = visit.provider.name if visit and visit.provider else None
    world.log.add(
        world.clock.now(),
        "INSTITUTION_CONNECTION_WIDGET_ERROR",
        connection,
        request_id=request_id,
        event_type=trouble.event_type,
        attributes={"institutionId": bank.id if bank else None, "serviceProvider": provider},
        details={
            "eventType": trouble.event_type,
            "code": trouble.code,
            "message": trouble.message,
            "serviceProvider": provider,
            "institutionName": bank.name if bank else None,
        },
    )


def opened(world: World, request: Request) -> tuple[Connection, Session]:
    """Return the connection and session the caller's token opens. Raises ``Problem`` when there is none."""
    found = world.open_token(request.headers.get(TOKEN_HEADER, ""))
    if found.connection is None or found.session is None:
        raise _TROUBLES[found.trouble]
    is_too_late = found.connection.scenario.twist is Twist.TOKEN_EXPIRED and not found.session.is_repair
    if is_too_late and not found.trouble:
        world.connections.expire(found.connection)
        log_widget_error(world, found.connection, _EXPIRED, None, request.state.request_id)
        raise _TROUBLES["EXPIRED"]
    if found.trouble:
        raise _TROUBLES[found.trouble]
    return found.connection, found.session


async def body_of(request: Request) -> Mapping[str, object]:
    """Return the JSON object in the body. Raises ``Problem``."""
    try:
        values = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        raise bad_request("The body is not readable JSON") from None
    if not isinstance(values, dict):
        raise bad_request("The body must be a JSON object")
    return values


def widget_call(world: World, path: str, serve: Callable[[Call], Awaitable[object]]) -> Route:
    """Return the route of a call that an open widget makes; ``serve`` returns what is answered as JSON."""

    async def endpoint(request: Request) -> Response:
        connection, session = opened(world, request)
        values = await body_of(request)
        visit = connection.visits.get(str(values.get("visit")))
        if visit is None or visit.session is not session:
            raise _TROUBLES["EXPIRED"]
        return Json(await serve(Call(world, connection, visit, values, request.state.request_id)))

    return Route(path, endpoint, methods=["POST"])


def providers_for(connection: Connection, bank: Bank) -> tuple[BankProvider, ...]:
    """Return the providers that may serve this connection at ``bank``, in routing order.

    A repair stays with its provider. A bank named by the request skips the picker, and also its filters when none of
    the bank's providers pass them.
    """
    if connection.bank is not None and connection.provider is not None:
        return (connection.provider,) if bank.id == connection.bank.id else ()
    request = connection.request
    usable = usable_providers(bank, request.products, request.regions or (), allow_redirect=request.allow_redirect)
    return usable or (bank.providers if bank.id == request.institution_id else ())


def shown(connection: Connection, bank: Bank) -> dict[str, object]:
    """Return what the widget shows of a bank."""
    ways = providers_for(connection, bank)
    forced = connection.scenario.twist is Twist.OAUTH_POPUP
    return {
        "id": bank.id,
        "name": bank.name,
        "subName": bank.sub_name,
        "isTest": bank.is_test,
        "redirects": forced or (bool(ways) and ways[0].oauth),
    }
