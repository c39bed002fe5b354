"""The Demo's own widget in a real browser, with the witness beside it: what is concluded is what was played."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import DEMO
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import read_token
from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.domain.witness.session import Session
from meld_desktop.domain.witness.verdict import VerdictOutcome
from meld_desktop.mock.server import MockAddresses, MockServer
from meld_desktop.services.witness import Witness
from tests.web.test_demo_widget import BANK, Journey, Page
from tests.web.watched import Watched

RETURN_URL = "https://shop.example/linked"


class Beheld(Page):
    """The page, hands on it, and a witness of it."""

    def __init__(self, journey: Journey, witness: Witness, watched: Watched, return_url: str) -> None:
        super().__init__(watched)
        self.journey = journey
        self.witness = witness
        answer = journey.link
        request = ConnectStartRequest("c", (Product.BALANCES, Product.TRANSACTIONS), redirect_url=return_url)
        exchange = Exchange("POST", f"{journey.addresses.api}/bank-linking/connect/start", (), "{}", 201)
        token = read_token(answer["connectToken"])
        self.session: Session = witness.begin(
            Link(DEMO, request, answer["id"], answer["customerId"], "c", answer["widgetUrl"], token, exchange)
        )
        view = watched.view
        view.observed.connect(witness.observe)
        view.event_received.connect(witness.hear)
        view.noticed.connect(witness.notice)
        view.returned.connect(witness.returned)
        view.loaded.connect(witness.loaded)
        view.renderer_died.connect(witness.died)
        view.blank.connect(witness.blank)
        watched.start()

    @property
    def said(self) -> str:
        return str(self.session.conclusion)

    def concludes(self, sentence: str) -> None:
        self.watched.wait(lambda: self.said == sentence)

    def asks(self) -> None:
        told = self.journey.connection()
        self.witness.status(ConnectionState(told["status"], told["statusReason"] or "", told["institutionName"] or ""))


@pytest.fixture(scope="module")
def addresses() -> Iterator[MockAddresses]:
    server = MockServer(speed=20)
    yield server.start()
    server.stop()


@pytest.fixture
def behold(addresses: MockAddresses, watch: Callable[..., Watched], qapp: QObject) -> Iterator[Callable[..., Beheld]]:
    owner = QObject()

    def play(scenario: str, **fields: object) -> Beheld:
        journey = Journey(addresses, watch)
        journey.start(scenario, redirectUrl=RETURN_URL, **fields)
        watched = watch(journey.link["widgetUrl"], return_url=RETURN_URL)
        return Beheld(journey, Witness(owner), watched, RETURN_URL)

    yield play
    owner.deleteLater()


Behold = Callable[..., Beheld]


def test_success(behold: Behold) -> None:
    page = behold("success")
    page.concludes("The widget is open; no bank is connected yet")
    page.pick()
    page.log_in()
    page.finish()
    count = len(page.last("connect_complete").metadata["accounts"])  # type: ignore[arg-type]
    sentence = f"Connected {BANK} with {count} accounts; data still arriving"
    page.concludes(sentence)
    assert page.session.verdict.outcome is VerdictOutcome.NOT_ARRIVED
    page.done()
    page.watched.wait(lambda: page.session.verdict.outcome is VerdictOutcome.MATCH)
    page.asks()
    assert page.said == sentence
    titles = [str(entry.title) for entry in page.session.entries]
    assert len([title for title in titles if title.startswith("Reached the return URL")]) == 1
    assert [entry.number for entry in page.session.entries] == list(range(1, len(titles) + 1))
    kinds = [entry.kind for entry in page.session.entries]
    assert kinds[:4] == [EntryKind.REQUEST, EntryKind.ANSWER, EntryKind.TOKEN, EntryKind.NAVIGATION]
    assert EntryKind.CONSOLE not in kinds
    assert page.session.requests


def test_wrong_password(behold: Behold) -> None:
    page = behold("wrong-password")
    page.pick()
    page.log_in()
    page.concludes("Stopped at the bank's login after a wrong password")
    page.asks()
    assert page.said == "Stopped at the bank's login after a wrong password"


def test_mfa(behold: Behold) -> None:
    page = behold("mfa")
    page.pick()
    page.log_in()
    page.shows("Security code")
    page.press("Confirm")
    page.concludes("Stopped at the bank's login after a wrong security code")


def test_user_cancels(behold: Behold) -> None:
    page = behold("user-cancels")
    page.pick()
    page.concludes("The customer left the widget before a bank was connected")


def test_oauth_popup(behold: Behold) -> None:
    page = behold("oauth-popup")
    page.pick()
    page.click(f"Continue to {BANK}")
    page.concludes("The bank's window (localhost) is open; no bank is connected yet")
    page.press_in_popup("Fill in")
    page.press_in_popup("Sign in and allow")
    page.finish()
    page.watched.wait(lambda: page.said.startswith(f"Connected {BANK} with "))
    page.watched.wait(lambda: not page.watched.has_popup())
    # On a busy machine the click before it shows is one too few, and the next one opens another.
    first = [entry for entry in page.session.entries if (entry.kind, entry.place) == (EntryKind.WINDOW, "window 1")]
    assert [str(entry.title) for entry in first] == ["Bank window opened", "Bank window closed"]


def test_the_banks_window_is_closed_by_hand(behold: Behold) -> None:
    page = behold("oauth-popup")
    page.pick()
    page.click(f"Continue to {BANK}")
    page.concludes("The bank's window (localhost) is open; no bank is connected yet")
    page.watched.view._popups.windows[0].close()
    page.shows("was closed before you finished")
    page.concludes("Stopped: the bank's window (localhost) was closed by hand before the bank had finished")


@pytest.mark.parametrize(
    ("scenario", "sentence"),
    [
        ("bank-down", "Stopped because the bank was not available"),
        ("provider-init-failure", "Stopped before the bank's login: the service provider did not start"),
        (
            "error-creating-user",
            (
                "Stopped before the bank's login: the service provider reported an error creating the user, which a "
                "new customer ID avoids"
            ),
        ),
    ],
)
def test_a_bank_that_does_not_let_anyone_in(behold: Behold, scenario: str, sentence: str) -> None:
    page = behold(scenario)
    page.pick()
    page.concludes(sentence)


def test_no_accounts(behold: Behold) -> None:
    page = behold("no-accounts")
    page.pick()
    page.log_in()
    page.concludes("Stopped at the bank: the login has no account that can be connected")


def test_token_expired(behold: Behold) -> None:
    page = behold("token-expired")
    page.concludes("The widget never initialised: the token had expired")
    page.asks()
    assert page.said == "The widget never initialised: the token had expired"


def test_nothing_of_the_token_is_in_the_record(behold: Behold) -> None:
    page = behold("success")
    page.pick()
    page.log_in()
    page.finish()
    token = page.journey.link["connectToken"]
    session = page.session
    record = [*session.entries, *session.hops, *session.requests, session.comparable()]
    assert token not in repr(record)
    assert token.rpartition(".")[2] not in repr([(dict(entry.data), entry.title.values) for entry in session.entries])
