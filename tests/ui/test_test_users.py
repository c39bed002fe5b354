"""The card of test users: in Demo and Sandbox only, folded until wanted, with everything to copy and to fill in."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import DEMO, PRODUCTION, SANDBOX, Environment, custom_environment
from meld_desktop.domain.test_users import DEMO_USERS, SANDBOX_USERS, BankLogin
from meld_desktop.ui.result import test_users as card_module
from tests.ui.bench import Bench, flush
from tests.ui.geometry import cut_in, settle
from tests.ui.test_translation import Pseudo, untranslated


@pytest.fixture
def card(bench: Bench, qtbot: QtBot) -> Iterator[card_module.TestUserCard]:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(700, 500)
    made = card_module.TestUserCard(bench.theme, holder)
    made.resize(700, 400)
    holder.show()
    yield made
    holder.close()


def opened(card: card_module.TestUserCard, environment: Environment) -> None:
    card.show_environment(environment)
    card.fold.set_open(True)
    settle()


def texts(card: card_module.TestUserCard) -> str:
    return "\n".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("environment", [PRODUCTION, custom_environment("https://api.example.com")])
def test_it_is_not_there_where_people_are_real(card: card_module.TestUserCard, environment: Environment) -> None:
    opened(card, DEMO)
    opened(card, environment)
    flush()
    assert not card.isVisible()
    assert not card.findChildren(QToolButton)
    held = [widget.accessibleName() for widget in card.findChildren(QWidget)]
    assert not [name for name in held if "user_good" in name]


@pytest.mark.parametrize(("environment", "logins"), [(DEMO, DEMO_USERS), (SANDBOX, SANDBOX_USERS)])
def test_it_shows_what_each_login_sets_off(
    card: card_module.TestUserCard, environment: Environment, logins: tuple[BankLogin, ...]
) -> None:
    card.show_environment(environment)
    assert card.isVisible()
    assert card.fold.button.accessibleName() == "Test users"
    assert not card.findChildren(QToolButton)
    opened(card, environment)
    shown = texts(card)
    for login in logins:
        assert str(login.bank) in shown
        assert str(login.triggers) in shown
    assert len([button for button in card.findChildren(QPushButton) if button.text() == "Fill in"]) == len(logins)


def test_another_environment_has_its_own(card: card_module.TestUserCard) -> None:
    opened(card, SANDBOX)
    assert "FinBank Profiles -A or" in texts(card)
    opened(card, DEMO)
    flush()
    assert "Maple Test Bank" in texts(card)
    assert "FinBank Profiles -A or" not in texts(card)
    assert len(card.findChildren(QPushButton)) == len(DEMO_USERS) + 1


@pytest.mark.parametrize("login", SANDBOX_USERS, ids=lambda login: str(login.bank))
def test_each_part_is_copied(card: card_module.TestUserCard, qtbot: QtBot, login: BankLogin) -> None:
    opened(card, SANDBOX)
    row = SANDBOX_USERS.index(login)
    buttons = card._rows[row].findChildren(QToolButton)
    parts = [("Username", login.username), ("Password", login.password), ("Code", login.code)]
    assert [button.accessibleName() for button in buttons] == [
        f"Copy {what}: {value}" for what, value in parts if value
    ]
    for button, (what, value) in zip(buttons, parts, strict=False):
        with qtbot.waitSignal(card.copied) as copied:
            button.click()
        assert QGuiApplication.clipboard().text() == value
        assert copied.args == [f"{what} copied"]


@pytest.mark.parametrize("row", range(len(DEMO_USERS)))
def test_a_login_is_handed_over_to_be_filled_in(card: card_module.TestUserCard, qtbot: QtBot, row: int) -> None:
    opened(card, DEMO)
    login = DEMO_USERS[row]
    button = card._rows[row].fill_in
    assert button.accessibleName() == f"Fill in: {login.bank}"
    with qtbot.waitSignal(card.fill_in_wanted) as wanted:
        button.click()
    assert wanted.args == [login.username, login.password, login.code]


@pytest.mark.parametrize("width", ["least", 560, 1000])
@pytest.mark.parametrize("environment", [DEMO, SANDBOX], ids=lambda environment: environment.id)
def test_nothing_is_cut(card: card_module.TestUserCard, environment: Environment, width: int | str) -> None:
    holder = card.parentWidget()
    assert holder is not None
    opened(card, environment)
    width = card.minimumSizeHint().width() if isinstance(width, str) else width
    assert width < 340 or width >= 560
    holder.resize(width, 500)
    card.resize(width, card.sizeHint().height())
    settle()
    assert card.minimumSizeHint().width() <= card.width() == width
    assert card._list.width() <= card._area.viewport().width()
    assert cut_in(holder) == []
    assert card.height() < 400


@pytest.fixture
def pseudo(bench: Bench) -> Iterator[None]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.mark.parametrize(("environment", "logins"), [(DEMO, DEMO_USERS), (SANDBOX, SANDBOX_USERS)])
def test_every_word_is_translated(
    pseudo: None, card: card_module.TestUserCard, environment: Environment, logins: tuple[BankLogin, ...]
) -> None:
    opened(card, environment)
    values = {value for login in logins for value in (login.username, login.password, login.code) if value}
    for widget in card.findChildren(QWidget):
        shown = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        if isinstance(widget, QLabel | QAbstractButton):
            shown.append(widget.text())
        for text in shown:
            for value in values:
                text = text.replace(f"⟧{value}", "⟧") if text != value else ""  # noqa: PLW2901
            assert untranslated(text) == "", text
