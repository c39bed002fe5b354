"""Who owns an account: invented people, always the same for the same customer."""

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.life_data import chance_of, country_life

_JOINT_PROFILES = frozenset({"profile_03", "profile_05"})
"""Finicity's test profiles with joint accounts (SBX)."""


def owners_of(customer_id: str, account: Account, provider: str, login: str) -> list[dict[str, object]]:
    """Return the owners as the API shows them (OAS). Finicity gives an address as one line (VCR)."""
    chance = chance_of("owner", customer_id, account.country)
    life = country_life(account.country)
    last = chance.choice(life["last"])
    firsts = chance.sample(life["first"], 2)
    city, region, postal_code = chance.choice(life["cities"])
    street = f"{chance.randint(1, 240)} {chance.choice(life['streets'])}"
    phone = f"{life['phone']}{chance.randint(10, 99)}"
    whole = f"{street}, {city}, {region} {postal_code}, {account.country}"
    parts: dict[str, object] = {"street": street, "city": city, "region": region, "postalCode": postal_code}
    address = (
        dict.fromkeys((*parts, "country"), None) | {"full": whole}
        if provider == "FINICITY"
        else parts | {"country": account.country, "full": None}
    )
    is_joint = login in _JOINT_PROFILES
    return [
        {
            "names": [f"{first} {last}"],
            "addresses": [{"data": address, "primary": "TRUE"}],
            "emails": [{"data": f"{first}.{last}@mail.example".lower().replace(" ", ""), "primary": "TRUE"}],
            "phoneNumbers": [{"data": phone, "primary": "UNKNOWN"}],
        }
        for first in firsts[: 2 if is_joint else 1]
    ]
