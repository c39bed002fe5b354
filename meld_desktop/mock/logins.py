"""The documented test logins of each provider (SBX); the invented banks of that provider take them as well."""

from dataclasses import dataclass

from meld_desktop.mock.banks import Bank, BankProvider

_FINICITY_PROFILES = tuple(f"profile_0{number}" for number in range(2, 10))


@dataclass(frozen=True)
class DemoLogin:
    """A login that works, shown to the customer as a hint."""

    username: str
    password: str
    code: str


def login_hint(bank: Bank, provider: BankProvider) -> DemoLogin:
    """Return the login to offer for a bank: the provider's for its test banks, a general one for invented banks."""
    if bank.is_test:
        match provider.name:
            case "FINICITY" if provider.oauth:
                return DemoLogin("profile_03", "profile_03", "123456")
            case "FINICITY":
                return DemoLogin("anything", "profile_03", "123456")
            case "MX":
                return DemoLogin("mxuser", "anything", "123456")
            case "SALTEDGE" | "SALTEDGEPARTNERS":
                return DemoLogin("username", "secret", "12345")
    if provider.name in {"SALTEDGE", "SALTEDGEPARTNERS"}:
        return DemoLogin("user_good", "pass_good", "12345")
    return DemoLogin("user_good", "pass_good", "credential_good" if provider.name == "PLAID" else "123456")


def login_works(provider: BankProvider, username: str, password: str) -> bool:
    """Tell whether this login opens the bank through ``provider``."""
    if not username or not password:
        return False
    if (username, password) == ("user_good", "pass_good"):
        return True
    match provider.name:
        case "FINICITY" if provider.oauth:
            return username in _FINICITY_PROFILES and password == username
        case "FINICITY":
            return password in _FINICITY_PROFILES
        case "MX":
            return username == "mxuser"
        case "SALTEDGE" | "SALTEDGEPARTNERS":
            return (username, password) == ("username", "secret")
    return False


def login_name(provider: BankProvider, username: str, password: str) -> str:
    """Return which login of the customer this is. With Finicity the test profile says it, in either field (SBX)."""
    if provider.name == "FINICITY" and password in _FINICITY_PROFILES:
        return password
    return username


def asks_for_code(provider: BankProvider) -> bool:
    """Tell whether banks behind ``provider`` always ask for a code after the password (SBX)."""
    return provider.name in {"SALTEDGE", "SALTEDGEPARTNERS"} and not provider.oauth


def code_works(bank: Bank, provider: BankProvider, code: str) -> bool:
    """Tell whether ``code`` is the security code of this bank."""
    return code.strip() == login_hint(bank, provider).code
