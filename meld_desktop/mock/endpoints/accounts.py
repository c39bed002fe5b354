"""``GET /bank-linking/accounts`` and ``/{financialAccountId}``: accounts with balances, numbers and owners (OAS)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.account_view import account_json
from meld_desktop.mock.ids import is_id
from meld_desktop.mock.ledger import HeldAccount
from meld_desktop.mock.paging import PageRules, cut, key_of, read_page_wish
from meld_desktop.mock.problems import bad_id, bad_query, not_found
from meld_desktop.mock.query import check_ids, single_values
from meld_desktop.mock.replies import Json
from meld_desktop.mock.world import World

_PAGES = PageRules("account", 10, 100)
_VERSION = {"Meld-Version": "2022-09-21"}
"""The version date these endpoints answer (VCR)."""


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these endpoints."""

    async def search(request: Request) -> Response:
        values = single_values(request.query_params.multi_items())
        check_ids(values, "customerId", "institutionId", "connectionId")
        errors: list[str] = []
        wish = read_page_wish(values, _PAGES, errors)
        if "customerId" in values and "externalCustomerId" in values:
            errors.append("[customerId] and [externalCustomerId] cannot be used together")
        if errors:
            raise bad_query(*errors)
        found = [held for held in world.ledger if _admits(held, values)]
        page, remaining = cut(found, lambda held: held.place, wish)
        now = world.clock.now()
        shown = [{"key": key_of(_PAGES.kind, held.place)} | account_json(held, now) for held in page]
        return Json({"financialAccounts": shown, "count": len(page), "remaining": remaining}, headers=_VERSION)

    async def get(request: Request) -> Response:
        account_id: str = request.path_params["account_id"]
        if not is_id(account_id):
            raise bad_id(account_id)
        held = world.ledger.get(account_id)
        if held is None:
            raise not_found(f"Financial account {account_id}")
        return Json(account_json(held, world.clock.now()), headers=_VERSION)

    return [
        Route("/bank-linking/accounts", search, methods=["GET"]),
        Route("/bank-linking/accounts/{account_id}", get, methods=["GET"]),
    ]


def _admits(held: HeldAccount, values: dict[str, str]) -> bool:
    return (
        values.get("customerId") in {None, held.customer_id}
        and values.get("externalCustomerId") in {None, held.external_customer_id}
        and values.get("institutionId") in {None, held.bank.id}
        and ("connectionId" not in values or values["connectionId"] in held.connection_ids)
    )
