"""``GET /bank-linking/accounts``: the accounts of a connection, with balances, numbers and owners (OAS)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec

from meld_desktop.api.answers import moment
from meld_desktop.api.client import MeldClient
from meld_desktop.api.pages import Keyed, ListResponse, Page, get_page
from meld_desktop.domain.account_facts import AccountFacts, Balance, masked

PATH = "/bank-linking/accounts"
PAGE = 100
"""The largest page the API gives (OAS)."""

_LONGEST_WORD = 100
_LONGEST_NAME = 200
_SYSTEMS = {"ach": "ACH", "eft": "EFT", "bacs": "BACS", "international": "IBAN"}
_NUMBERS = ("iban", "accountNumber", "bban")


class BalancesResponse(msgspec.Struct, rename="camel"):
    """What an account holds; a card or a loan may have no available amount."""

    currency: str | None = None
    current_amount: Decimal | None = None
    available_amount: Decimal | None = None
    updated_at: object = None


class AccountResponse(Keyed, rename="camel", kw_only=True):
    """The part of the documented account that is looked at. Only the id is needed."""

    id: str
    institution_name: str | None = None
    status: str | None = None
    type: str | None = None
    subtype: str | None = None
    name: str | None = None
    truncated_account_number: str | None = None
    historical_aggregation_succeeded: bool | None = None
    balances: BalancesResponse | None = None
    identifiers: dict[str, object] | None = None
    owners: list[object] | None = None
    service_provider_details: object = None


class AccountsResponse(ListResponse[AccountResponse]):
    """One page of accounts."""

    items: list[AccountResponse] = msgspec.field(name="financialAccounts")


async def list_accounts(client: MeldClient, connection_id: str, *, after: str = "") -> Page[AccountFacts]:
    """Return the page of accounts that follows the key ``after``. Raises MeldError."""
    page = await get_page(client, PATH, {"connectionId": connection_id}, AccountsResponse, limit=PAGE, after=after)
    return Page(tuple(map(_facts, page.items)), page.after, page.remaining)


def _facts(account: AccountResponse) -> AccountFacts:
    newest = _newest(account.service_provider_details)
    return AccountFacts(
        account.id[:_LONGEST_WORD],
        (account.name or "")[:_LONGEST_NAME],
        (account.type or "")[:_LONGEST_WORD],
        (account.subtype or "")[:_LONGEST_WORD],
        masked(account.truncated_account_number or ""),
        (account.status or "")[:_LONGEST_WORD],
        (account.institution_name or "")[:_LONGEST_NAME],
        _balance(account.balances),
        tuple(_identifiers(account.identifiers or {})),
        len(account.owners or ()),
        account.historical_aggregation_succeeded,
        newest.provider,
        newest.at,
    )


def _balance(balances: BalancesResponse | None) -> Balance | None:
    if balances is None:
        return None
    amount = balances.available_amount if balances.current_amount is None else balances.current_amount
    if amount is None:
        return None
    return Balance(amount, (balances.currency or "")[:_LONGEST_WORD], moment(balances.updated_at))


def _identifiers(identifiers: dict[str, object]) -> Iterator[str]:
    """Give the ways to reach the account, each with the end of its number."""
    for name, numbers in identifiers.items():
        if isinstance(numbers, dict) and any(numbers.values()):
            given = (numbers.get(number) for number in _NUMBERS)
            end = next((masked(number) for number in given if isinstance(number, str) and number), "")
            yield f"{_SYSTEMS.get(name, name[:_LONGEST_WORD])} {end}".rstrip()


@dataclass(frozen=True, slots=True)
class _Source:
    provider: str = ""
    at: datetime | None = None


def _newest(details: object) -> _Source:
    """Return who gave the data last, and when; an older form of the API has one provider instead of a list (VCR)."""
    listed = details if isinstance(details, list) else [details]
    sources = [
        _Source(str(each.get("serviceProvider") or "")[:_LONGEST_WORD], moment(each.get("updatedAt")))
        for each in listed
        if isinstance(each, dict)
    ]
    dated = [source for source in sources if source.at is not None]
    if dated:
        return max(dated, key=lambda source: source.at.timestamp() if source.at else 0.0)
    return sources[0] if sources else _Source()
