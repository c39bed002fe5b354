"""Account numbers in the form of each country, with valid check digits, at banks that do not exist."""

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.life_data import chance_of

_WITH_IBAN = {"SALTEDGE", "SALTEDGEPARTNERS"}


def identifiers_of(account: Account, bank_id: str, provider: str) -> dict[str, object] | None:
    """Return the identifiers as the API shows them (OAS); None for accounts that have none, such as cards.

    MX gives no IBAN, BIC or BACS; Finicity only ACH; Salt Edge IBAN, BIC and BACS but neither ACH nor EFT (PROD).
    """
    if account.type != "DEPOSITORY":
        return None
    chance, house = chance_of("number", account.id), chance_of("bank number", bank_id)
    number = f"{chance.randint(10**5, 10**6 - 1)}{account.mask}"
    shown: dict[str, object] = dict.fromkeys(("ach", "eft", "bacs", "international"), None)
    if account.country == "US":
        shown["ach"] = {
            "accountNumber": number,
            "routingNumber": _routing_number(f"0{house.randint(1000000, 1299999)}"),
        }
    elif account.country == "CA" and provider != "FINICITY":
        shown["eft"] = {
            "accountNumber": number[-7:],
            "institutionNumber": f"9{house.randint(0, 99):02d}",
            "branchNumber": f"{chance.randint(10000, 99999)}",
        }
    elif provider in _WITH_IBAN:
        sort_code = f"99{house.randint(1000, 9999)}"
        if account.country == "GB":
            shown["bacs"] = {"accountNumber": number[-8:], "sortCode": sort_code}
        bban = _bban(account.country, number, sort_code)
        shown["international"] = {
            "accountName": account.name,
            "accountNumber": number,
            "bban": bban,
            "bic": f"DEMO{account.country}2X" if account.country != "MX" else None,
            "iban": _iban(account.country, bban) if account.country != "MX" else None,  # Mexico has no IBAN
            "sortCode": sort_code if account.country == "GB" else None,
        }
    return shown if any(shown.values()) else None


def _bban(country: str, number: str, sort_code: str) -> str:
    match country:
        case "GB":
            return f"DEMO{sort_code}{number[-8:]}"
        case "DE":
            return f"99999999{number:>010}"
        case "ES":
            return f"9999999900{number:>010}"
        case "FR":
            return f"9999999999{number:>011}00"
        case "BR":
            return f"9999999999999{number:>010}C1"
        case _:
            return f"999999{number:>011}0"


def _iban(country: str, bban: str) -> str:
    rest = int("".join(str(int(letter, 36)) for letter in f"{bban}{country}00")) % 97
    return f"{country}{98 - rest:02d}{bban}"


def _routing_number(first_eight: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip((3, 7, 1, 3, 7, 1, 3, 7), first_eight, strict=True))
    return f"{first_eight}{-total % 10}"
