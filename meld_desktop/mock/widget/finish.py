"""The end of the widget: the customer has chosen accounts and agreed."""

from starlette.routing import BaseRoute

from meld_desktop.mock.problems import bad_request
from meld_desktop.mock.widget.calls import Call, widget_call
from meld_desktop.mock.world import World


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of this call."""
    return [widget_call(world, "/widget/complete", _complete)]


async def _complete(call: Call) -> object:
    bank, _ = call.chosen()
    wanted = call.values.get("accountIds")
    if not isinstance(wanted, list):
        raise bad_request("The customer has not logged in")
    accounts = tuple(account for account in call.visit.accounts if account.id in wanted)
    if not accounts:
        raise bad_request("[accountIds] at least one account must be chosen")
    call.world.complete(call.connection, call.visit, accounts)
    return {
        "institutionId": bank.id,
        "institutionName": bank.name,
        "accountCount": len(accounts),
        "accounts": [account.to_event() for account in accounts],
        "connectionId": call.connection.id,
    }
