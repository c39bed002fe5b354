"""``GET /service-providers/properties/countries``: where this account can link banks."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.contract import COUNTRIES, SERVICE_PROVIDERS
from meld_desktop.mock.problems import bad_query
from meld_desktop.mock.query import listed, single_values
from meld_desktop.mock.replies import Json
from meld_desktop.mock.world import World

_NAMES = {
    "BR": "Brazil",
    "CA": "Canada",
    "DE": "Germany",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom",
    "MX": "Mexico",
    "US": "United States",
}
_CATEGORIES = ("BANK_LINKING", "CRYPTO_OFFRAMP", "CRYPTO_ONRAMP", "CRYPTO_TRANSFER", "FIAT_PAYMENTS")


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of this endpoint."""

    async def countries(request: Request) -> Response:
        values = single_values(request.query_params.multi_items())
        errors: list[str] = []
        categories = listed(values, "categories", errors, _CATEGORIES)
        providers = listed(values, "serviceProviders", errors, SERVICE_PROVIDERS)
        named = listed(values, "countries", errors, COUNTRIES)
        if values.get("accountFilter", "true").lower() not in {"true", "false"}:
            errors.append("[accountFilter] must be true or false")
        if errors:
            raise bad_query(*errors)
        served = {
            region.partition("-")[0]
            for bank in world.banks
            for way in bank.providers
            if not providers or way.name in providers
            for region in way.regions
        }
        if categories and "BANK_LINKING" not in categories:
            served = set()
        return Json(
            [
                {"countryCode": code, "name": _NAMES[code], "flagImageUrl": None, "regions": None}
                for code in sorted(served)
                if not named or code in named
            ]
        )

    return [Route("/service-providers/properties/countries", countries, methods=["GET"])]
