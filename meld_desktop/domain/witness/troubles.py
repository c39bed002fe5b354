"""What stopped a customer, from what the widget really said about it. Nothing is guessed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_events import WidgetEvent, error_sentence, shorten


class Cause(Enum):
    """Reasons that are told apart."""

    PASSWORD = auto()
    CODE = auto()
    CODE_UNSUPPORTED = auto()
    LOGIN_AGAIN = auto()
    LOCKED = auto()
    ACT_AT_BANK = auto()
    ACCESS_REFUSED = auto()
    BANK_DOWN = auto()
    BANK_UNSUPPORTED = auto()
    PROVIDER_DOWN = auto()
    PROVIDER_START = auto()
    CREATING_USER = auto()
    NO_ACCOUNTS = auto()
    WINDOW_BLOCKED = auto()
    TOKEN_EXPIRED = auto()
    TOKEN_USED = auto()
    TOKEN_INVALID = auto()
    UNREACHABLE = auto()
    OTHER = auto()
    """Something else was said."""
    UNSAID = auto()
    """No reason was given."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error of the widget: its cause, and what was said, shortened."""

    cause: Cause
    said: str = ""

    @property
    def sentence(self) -> Text:
        """Where and why it stopped."""
        source = _WORDS[self.cause][0]
        return Text(source, said=self.said) if "{said}" in source else Text(source)

    @property
    def brief(self) -> Text:
        """The cause in a few words, for the middle of a sentence."""
        source = _WORDS[self.cause][1]
        return Text(source, said=self.said) if "{said}" in source else Text(source)


_WORDS = {
    Cause.PASSWORD: (
        QT_TRANSLATE_NOOP("domain", "Stopped at the bank's login after a wrong password"),
        QT_TRANSLATE_NOOP("domain", "a wrong password"),
    ),
    Cause.CODE: (
        QT_TRANSLATE_NOOP("domain", "Stopped at the bank's login after a wrong security code"),
        QT_TRANSLATE_NOOP("domain", "a wrong security code"),
    ),
    Cause.CODE_UNSUPPORTED: (
        QT_TRANSLATE_NOOP("domain", "Stopped at the bank's login: its kind of security check is not supported"),
        QT_TRANSLATE_NOOP("domain", "a security check that is not supported"),
    ),
    Cause.LOGIN_AGAIN: (
        QT_TRANSLATE_NOOP("domain", "Stopped at the bank's login: the bank wants the customer to log in again"),
        QT_TRANSLATE_NOOP("domain", "a login that the bank wants again"),
    ),
    Cause.LOCKED: (
        QT_TRANSLATE_NOOP("domain", "Stopped at the bank's login: the bank has locked the customer's access"),
        QT_TRANSLATE_NOOP("domain", "access that the bank has locked"),
    ),
    Cause.ACT_AT_BANK: (
        QT_TRANSLATE_NOOP("domain", "Stopped at the bank: the customer has to do something at the bank itself first"),
        QT_TRANSLATE_NOOP("domain", "something the customer has to do at the bank first"),
    ),
    Cause.ACCESS_REFUSED: (
        QT_TRANSLATE_NOOP("domain", "Stopped at the bank: access was refused"),
        QT_TRANSLATE_NOOP("domain", "access refused at the bank"),
    ),
    Cause.BANK_DOWN: (
        QT_TRANSLATE_NOOP("domain", "Stopped because the bank was not available"),
        QT_TRANSLATE_NOOP("domain", "a bank that was not available"),
    ),
    Cause.BANK_UNSUPPORTED: (
        QT_TRANSLATE_NOOP("domain", "Stopped because the bank is not supported"),
        QT_TRANSLATE_NOOP("domain", "a bank that is not supported"),
    ),
    Cause.PROVIDER_DOWN: (
        QT_TRANSLATE_NOOP("domain", "Stopped because the service provider was not available"),
        QT_TRANSLATE_NOOP("domain", "a service provider that was not available"),
    ),
    Cause.PROVIDER_START: (
        QT_TRANSLATE_NOOP("domain", "Stopped before the bank's login: the service provider did not start"),
        QT_TRANSLATE_NOOP("domain", "a service provider that did not start"),
    ),
    Cause.CREATING_USER: (
        QT_TRANSLATE_NOOP(
            "domain",
            "Stopped before the bank's login: the service provider reported an error creating the user, which a new "
            "customer ID avoids",
        ),
        QT_TRANSLATE_NOOP("domain", "an error creating the user"),
    ),
    Cause.NO_ACCOUNTS: (
        QT_TRANSLATE_NOOP("domain", "Stopped at the bank: the login has no account that can be connected"),
        QT_TRANSLATE_NOOP("domain", "a login without an account that can be connected"),
    ),
    Cause.WINDOW_BLOCKED: (
        QT_TRANSLATE_NOOP("domain", "Stopped because the bank's window could not be opened"),
        QT_TRANSLATE_NOOP("domain", "a bank's window that could not be opened"),
    ),
    Cause.TOKEN_EXPIRED: (
        QT_TRANSLATE_NOOP("domain", "Stopped because the widget said that the token had expired"),
        QT_TRANSLATE_NOOP("domain", "an expired token"),
    ),
    Cause.TOKEN_USED: (
        QT_TRANSLATE_NOOP("domain", "Stopped because the link was used before: a bank is connected through it already"),
        QT_TRANSLATE_NOOP("domain", "a link that was used before"),
    ),
    Cause.TOKEN_INVALID: (
        QT_TRANSLATE_NOOP("domain", "Stopped because the widget did not accept the link's token"),
        QT_TRANSLATE_NOOP("domain", "a token that the widget did not accept"),
    ),
    Cause.UNREACHABLE: (
        QT_TRANSLATE_NOOP("domain", "Stopped because the widget could not reach its server"),
        QT_TRANSLATE_NOOP("domain", "a server that could not be reached"),
    ),
    Cause.OTHER: (
        QT_TRANSLATE_NOOP("domain", "Stopped after the widget reported a problem: “{said}”"),
        QT_TRANSLATE_NOOP("domain", "“{said}”"),
    ),
    Cause.UNSAID: (
        QT_TRANSLATE_NOOP("domain", "Stopped after the widget reported a problem and gave no reason"),
        QT_TRANSLATE_NOOP("domain", "a problem without a reason"),
    ),
}

_CODES = {
    Cause.PASSWORD: "INVALID_CREDENTIALS INVALID_LOGIN INVALID_PASSWORD WRONG_PASSWORD INCORRECT_PASSWORD "
    "WRONG_CREDENTIALS INCORRECT_CREDENTIALS BAD_CREDENTIALS INVALID_UPDATED_USERNAME",
    Cause.CODE: "INVALID_MFA INVALID_OTP WRONG_CODE INVALID_CODE INCORRECT_MFA WRONG_MFA MFA_FAILED INVALID_MFA_ANSWER",
    Cause.CODE_UNSUPPORTED: "MFA_NOT_SUPPORTED",
    Cause.LOGIN_AGAIN: "LOGIN_REQUIRED ITEM_LOGIN_REQUIRED",
    Cause.LOCKED: "ITEM_LOCKED ACCOUNT_LOCKED USER_LOCKED LOGIN_LOCKED",
    Cause.ACT_AT_BANK: "USER_SETUP_REQUIRED INSTITUTION_ACTION_REQUIRED",
    Cause.ACCESS_REFUSED: "ACCESS_DENIED ACCESS_NOT_GRANTED CONSENT_DENIED",
    Cause.BANK_DOWN: "INSTITUTION_CURRENTLY_UNAVAILABLE INSTITUTION_UNAVAILABLE INSTITUTION_DOWN "
    "INSTITUTION_NOT_RESPONDING INSTITUTION_NOT_AVAILABLE",
    Cause.BANK_UNSUPPORTED: "INSTITUTION_NO_LONGER_SUPPORTED INSTITUTION_NOT_SUPPORTED UNSUPPORTED_INSTITUTION",
    Cause.PROVIDER_DOWN: "SERVICE_PROVIDER_CURRENTLY_UNAVAILABLE",
    Cause.PROVIDER_START: "SERVICE_PROVIDER_INITIALIZATION_FAILURE",
    Cause.CREATING_USER: "ERROR_CREATING_USER",
    Cause.NO_ACCOUNTS: "NO_ELIGIBLE_ACCOUNTS NO_ACCOUNTS",
    Cause.WINDOW_BLOCKED: "POPUP_BLOCKED",
    Cause.TOKEN_EXPIRED: "TOKEN_EXPIRED CONNECT_TOKEN_EXPIRED EXPIRED_TOKEN",
    Cause.TOKEN_USED: "TOKEN_USED",
    Cause.TOKEN_INVALID: "TOKEN_INVALID INVALID_TOKEN INVALID_CONNECT_TOKEN",
    Cause.UNREACHABLE: "UNREACHABLE",
}
_CAUSES = {code: cause for cause, codes in _CODES.items() for code in codes.split()}
_GENERAL = frozenset(
    "ERROR FAILURE FAILED UNKNOWN OTHER INTERNAL_FAILURE INTERNAL_ERROR SERVICE_PROVIDER_FAILURE "
    "SERVICE_PROVIDER_ERROR INSTITUTION_ERROR ITEM_ERROR API_ERROR".split()
)
"""Codes that say nothing more than that there is a problem: the words beside them may."""

_NOUNS = r"(?:password|passcode|credentials?|log-?in|user ?name (?:or|and|and/or) password)"
_PHRASES = (
    (Cause.CREATING_USER, re.compile(r"\berror creating user\b")),
    (Cause.PASSWORD, re.compile(rf"\b(?:wrong|incorrect|invalid) (?:user(?:name)? )?{_NOUNS}\b")),
    (Cause.PASSWORD, re.compile(rf"\b{_NOUNS} (?:was|were|is|are) (?:wrong|incorrect|invalid|not accepted|refused)\b")),
    (
        Cause.CODE,
        re.compile(
            r"\b(?:wrong|incorrect|invalid) (?:(?:security|verification|one-time|mfa|sms) )?(?:code|pin|otp|mfa)\b"
        ),
    ),
    (Cause.TOKEN_EXPIRED, re.compile(r"\bconnect ?token (?:has |is |was )?expired\b")),
)
_DOUBT = re.compile(r"\b(?:if|unless|may|might|maybe|perhaps|possibly|probably|could|can|not an?|whether|or)\b")
"""A sentence with one of these names possibilities, not what happened."""

_KEYS = ("reason", "code", "errorCode", "error_code", "errorType", "error_type", "type", "status", "error", "details")
_WORDY_KEYS = ("details", "message", "displayMessage", "reason", "error", "error_message", "errorMessage")
_NESTED = ("error", "details", "serviceProviderDetails")
_LONGEST = 300


def trouble_of(event: WidgetEvent) -> Trouble:
    """Return what an ``error`` event tells. Known codes win over words, and words that only guess count for nothing."""
    values = _layers(event.metadata)
    said = error_sentence(event) or _nested_sentence(values)
    for code in (_code(value) for value in _texts(values, _KEYS)):
        if code in _CAUSES:
            return Trouble(_CAUSES[code], said)
    for sentence in _texts(values, _WORDY_KEYS):
        if (cause := _cause_in(sentence.lower())) is not None:
            return Trouble(cause, said)
    return Trouble(Cause.OTHER, _specific(said)) if said else Trouble(Cause.UNSAID)


def reason_of(event: WidgetEvent) -> str:
    """Return the code that an ``error`` event gives as its reason, or ""."""
    for value in _texts(_layers(event.metadata), _KEYS):
        if _CODE_SHAPE.fullmatch(value):
            return value
    return ""


_CODE_SHAPE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+)*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\s_.-]+")


def _code(value: str) -> str:
    return _BETWEEN.sub("_", _HUMP.sub("_", value.strip())).upper()


def _cause_in(sentence: str) -> Cause | None:
    if _DOUBT.search(re.sub(r"user ?name (?:or|and/or) password", "username and password", sentence)):
        return None
    return next((cause for cause, pattern in _PHRASES if pattern.search(sentence)), None)


def _specific(said: str) -> str:
    """Leave out a general code where words stand beside it."""
    head, colon, rest = said.partition(": ")
    return rest if colon and _code(head) in _GENERAL and rest.strip() else said


def _layers(metadata: Mapping[str, object]) -> list[Mapping[str, object]]:
    nested = (metadata.get(key) for key in _NESTED)
    return [metadata, *(value for value in nested if isinstance(value, Mapping))]


def _texts(layers: list[Mapping[str, object]], keys: tuple[str, ...]) -> Iterator[str]:
    for layer in layers:
        for key in keys:
            value = layer.get(key)
            if isinstance(value, str) and 0 < len(value) <= 4 * _LONGEST and (line := shorten(value, _LONGEST)):
                yield line


def _nested_sentence(layers: list[Mapping[str, object]]) -> str:
    return next((said for layer in layers[1:] if (said := error_sentence(WidgetEvent("error", layer)))), "")
