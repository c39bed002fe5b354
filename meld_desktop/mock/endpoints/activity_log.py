"""``GET /activity-log`` and ``/activity-log/details``: what happened, widget errors above all (ACT, WERR)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.activity import KIND, Activity
from meld_desktop.mock.activity_query import read_activity_query
from meld_desktop.mock.paging import cut, place_of
from meld_desktop.mock.problems import bad_query
from meld_desktop.mock.query import single_values
from meld_desktop.mock.replies import Json
from meld_desktop.mock.world import World

_MOST_KEYS = 100


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these endpoints."""

    async def search(request: Request) -> Response:
        query = read_activity_query(request.query_params.multi_items())
        world.connections.settle()  # what time has changed is noted when it is looked at
        found = query.among(world.log, world.ledger)
        page, remaining = cut(found, lambda entry: entry.place, query.page)
        return Json({"activities": [one.to_json() for one in page], "count": len(page), "remaining": remaining})

    async def details(request: Request) -> Response:
        values = single_values(request.query_params.multi_items())
        keys = [key.strip() for key in values.get("keys", "").split(",") if key.strip()]
        if not 0 < len(keys) <= _MOST_KEYS:
            raise bad_query(f"[keys] must have 1 to {_MOST_KEYS} keys of activities")
        found = [(key, entry) for key in keys if (entry := _entry(world, key)) is not None]
        return Json([{"key": key, "details": None if one.details is None else dict(one.details)} for key, one in found])

    return [
        Route("/activity-log", search, methods=["GET"]),
        Route("/activity-log/details", details, methods=["GET"]),
    ]


def _entry(world: World, key: str) -> Activity | None:
    try:
        return world.log.find(place_of(KIND, key))
    except ValueError:
        raise bad_query("[keys] must be keys of activities") from None
