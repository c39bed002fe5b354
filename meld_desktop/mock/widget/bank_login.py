"""At the bank: choosing it, logging in, the security code."""

from starlette.routing import BaseRoute

from meld_desktop.mock.bank_steps import Answer, enter_code, log_in
from meld_desktop.mock.banks import BankProvider
from meld_desktop.mock.connection import Connection
from meld_desktop.mock.logins import login_hint
from meld_desktop.mock.problems import bad_request, not_found
from meld_desktop.mock.scenario_kinds import Twist
from meld_desktop.mock.widget.calls import Call, providers_for, shown, widget_call
from meld_desktop.mock.widget.troubles import Trouble, trouble_at
from meld_desktop.mock.world import World

_WRONG_LOGIN = Trouble("SERVICE_PROVIDER_FAILURE", "INVALID_CREDENTIALS", "The institution did not accept the login")
_WRONG_CODE = Trouble("SERVICE_PROVIDER_FAILURE", "INVALID_MFA", "The institution did not accept the security code")
_NOTHING = Trouble("SERVICE_PROVIDER_FAILURE", "NO_ELIGIBLE_ACCOUNTS", "The login has no eligible account")
_REFUSED = Trouble("SERVICE_PROVIDER_FAILURE", "ACCESS_DENIED", "The customer refused access at the institution")


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these calls."""
    return [
        widget_call(world, "/widget/provider", _provider),
        widget_call(world, "/widget/login", _login),
        widget_call(world, "/widget/code", _code),
        widget_call(world, "/widget/popup", _popup),
    ]


async def _provider(call: Call) -> object:
    """Turn to a bank, through the first provider that can serve this connection or through the one asked for."""
    connection, visit = call.connection, call.visit
    bank = call.world.banks.get(call.text("institutionId"))
    if bank is None:
        raise not_found("Institution")
    wanted = call.text("serviceProvider")
    ways = providers_for(connection, bank)
    way = next((way for way in ways if wanted in {"", way.name}), None)
    if way is None:
        raise bad_request("No service provider can connect to this institution for this request")
    visit.choose(bank, way, by_popup=way.oauth or connection.scenario.twist is Twist.OAUTH_POPUP)
    trouble = trouble_at(call.world, connection, visit, bank, way)
    if trouble is not None:
        call.log_error(trouble)
        visit.bank = visit.provider = None
    hint = login_hint(bank, way)
    return {
        "institution": shown(connection, bank),
        "serviceProvider": way.name,
        "isReconnect": visit.session.is_repair,
        "redirects": visit.by_popup,
        "url": f"/oauth?state={visit.id}" if visit.by_popup and trouble is None else None,
        "otherAvailableServiceProviders": _others(connection, ways, way),
        "serviceProviderInitializationErrors": []
        if trouble is None
        else [{"serviceProvider": way.name, "code": trouble.code, "message": trouble.message}],
        "hint": {"username": hint.username, "password": hint.password, "code": hint.code},
    }


def _others(connection: Connection, ways: tuple[BankProvider, ...], taken: BankProvider) -> list[str] | None:
    """Name the other providers; null when routing retry is off (OAS)."""
    if not (connection.request.appearance or {}).get("routingRetry"):
        return None
    return [way.name for way in ways if way is not taken]


async def _login(call: Call) -> object:
    call.chosen()
    if call.visit.by_popup:
        raise bad_request("This institution wants the login in a window of its own")
    answer = log_in(call.connection, call.visit, call.text("username"), call.text("password"))
    if answer is Answer.REFUSED:
        call.log_error(_WRONG_LOGIN)
    return _told(call, answer)


async def _code(call: Call) -> object:
    call.chosen()
    if call.visit.by_popup or not call.visit.password_passed:
        raise bad_request("The password comes before the code")
    answer = enter_code(call.connection, call.visit, call.text("code"))
    if answer is Answer.REFUSED:
        call.log_error(_WRONG_CODE)
    return _told(call, answer)


async def _popup(call: Call) -> object:
    """Tell the widget how far the customer is in the bank's own window."""
    call.chosen()
    if call.visit.accounts:
        return _told(call, Answer.WELCOME)
    if call.visit.nothing_found:
        call.visit.nothing_found = False
        return _told(call, Answer.NO_ACCOUNTS)
    denied, call.visit.denied = call.visit.denied, False
    if denied:
        call.log_error(_REFUSED)
    return {"outcome": "refused"} if denied else {"outcome": "waiting"}


def _told(call: Call, answer: Answer) -> dict[str, object]:
    told: dict[str, object] = {"outcome": answer.value}
    if answer is Answer.NO_ACCOUNTS:
        call.log_error(_NOTHING)
    if answer is Answer.WELCOME:
        told["accounts"] = [
            account.to_event() | {"id": account.id, "currency": account.currency, "balance": str(account.balance)}
            for account in call.visit.accounts
        ]
    return told
