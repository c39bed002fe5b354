"""``GET /institutions`` and ``/{institutionId}``: the banks themselves (OAS). There is no filter by product."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.banks import Bank, plain
from meld_desktop.mock.contract import SERVICE_PROVIDERS
from meld_desktop.mock.ids import is_id
from meld_desktop.mock.paging import PageRules, Place, cut, key_of, read_page_wish
from meld_desktop.mock.picker import serves
from meld_desktop.mock.problems import bad_id, bad_query, not_found
from meld_desktop.mock.query import listed, regions, single_values
from meld_desktop.mock.replies import Json
from meld_desktop.mock.world import World

_PAGES = PageRules("institution", 10, 1000)


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these endpoints."""
    places: dict[str, Place] = {bank.id: (number,) for number, bank in enumerate(world.banks)}

    async def search(request: Request) -> Response:
        values = single_values(request.query_params.multi_items())
        errors: list[str] = []
        wish = read_page_wish(values, _PAGES, errors)
        wanted_regions = regions(values, "regions", errors)
        providers = listed(values, "serviceProviders", errors, SERVICE_PROVIDERS)
        if errors:
            raise bad_query(*errors)
        found = [
            bank
            for bank in world.banks
            if plain(values.get("name", "")) in plain(bank.name)
            and values.get("type") in {None, str(bank.record["type"])}
            and _is_reached(bank, wanted_regions, providers)
        ]
        page, remaining = cut(found, lambda bank: places[bank.id], wish)
        shown = [{"key": key_of(_PAGES.kind, places[bank.id])} | dict(bank.record) for bank in page]
        return Json({"institutions": shown, "count": len(page), "remaining": remaining})

    async def get(request: Request) -> Response:
        institution_id: str = request.path_params["institution_id"]
        if not is_id(institution_id):
            raise bad_id(institution_id)
        bank = world.banks.get(institution_id)
        if bank is None:
            raise not_found(f"Institution {institution_id}")
        return Json(bank.record)

    return [
        Route("/institutions", search, methods=["GET"]),
        Route("/institutions/{institution_id}", get, methods=["GET"]),
    ]


def _is_reached(bank: Bank, wanted: frozenset[str], providers: frozenset[str]) -> bool:
    """Tell whether any of the named providers reaches the bank in any of the regions; none named means all."""
    return any(
        (not providers or way.name in providers) and (not wanted or any(serves(way.regions, place) for place in wanted))
        for way in bank.providers
    )
