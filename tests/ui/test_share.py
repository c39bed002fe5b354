"""Sharing a link: the clipboard, the QR code, messages in five languages, and a mail program that learns no token."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QAccessible, QClipboard, QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import PRODUCTION
from meld_desktop.domain.link import Link
from meld_desktop.domain.messages.languages import WORDS, Language
from meld_desktop.domain.messages.template import Channel
from meld_desktop.services.clipboard import MARKS, ConfidentialClipboard
from meld_desktop.services.templates import Templates
from meld_desktop.storage.templates import TemplateStore
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.share.choices import ShareChoices
from meld_desktop.ui.share.dialog import ShareDialog
from meld_desktop.ui.share.template_editor import TemplateEditor
from meld_desktop.ui.theme.choice import ThemeChoice
from tests.ui.bench import Bench
from tests.ui.geometry import LONG_ID, cut_in, settle
from tests.ui.links import URL, HandClock, made_link
from tests.ui.test_qr import picture, read
from tests.ui.test_translation import Pseudo, untranslated

MADRID = "Europe/Madrid"
MAIL = ShareChoices(Channel.EMAIL, Language.EN, MADRID)
Opens = Callable[..., ShareDialog]


class MailProgram(QObject):
    """Stands where the system's mail program stands, and takes down what it is handed."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    @Slot(QUrl)
    def handle(self, url: QUrl) -> None:
        self.addresses.append(bytes(url.toEncoded().data()).decode("ascii"))


@pytest.fixture
def mail_program() -> Iterator[MailProgram]:
    program = MailProgram()
    QDesktopServices.setUrlHandler("mailto", program, "handle")  # type: ignore[arg-type]
    yield program
    QDesktopServices.unsetUrlHandler("mailto")


@pytest.fixture
def board(qapp: QApplication) -> Iterator[QClipboard]:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    yield clipboard
    clipboard.clear()


@pytest.fixture
def ours(bench: Bench) -> ConfidentialClipboard:
    return ConfidentialClipboard(60, bench.root)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def opens(bench: Bench, ours: ConfidentialClipboard, board: QClipboard, folder: Path, qtbot: QtBot) -> Iterator[Opens]:
    """Open a dialog and wait until its message is there."""
    templates = Templates(bench.worker, folder, bench.root)
    clock = HandClock()

    def open_dialog(link: Link | None = None, choices: ShareChoices = MAIL, **options: object) -> ShareDialog:
        options = {"now": clock, **options}
        dialog = ShareDialog(link or made_link(), templates, ours, choices, bench.window, **options)  # type: ignore[arg-type]
        dialog.said.connect(bench.strip.show_message)
        dialog.open()
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.waitUntil(lambda: dialog.message._message is not None and dialog.message.zone._names.rowCount() > 0)
        settle()
        return dialog

    yield open_dialog
    ours.close()


def shown(dialog: QWidget) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def switch(dialog: ShareDialog, channel: Channel, qtbot: QtBot) -> None:
    dialog.tabs.setCurrentIndex(list(Channel).index(channel))
    assert not dialog.message.copy.isEnabled(), "what is on show is for another channel"
    qtbot.waitUntil(dialog.message.copy.isEnabled)
    assert dialog.message.choices.channel is channel


def speak(dialog: ShareDialog, language: Language, qtbot: QtBot) -> None:
    dialog.message.language.setCurrentIndex(list(Language).index(language))
    assert not dialog.message.copy.isEnabled(), "what is on show is in another language"
    qtbot.waitUntil(dialog.message.copy.isEnabled)


def test_copy_link_copies_it_marked_and_says_for_how_long(opens: Opens, board: QClipboard, bench: Bench) -> None:
    dialog = opens()
    assert bench.find(QPushButton, "Copy link", dialog) is dialog.copy
    assert dialog.copy.hasFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    content = board.mimeData()
    assert content.text() == URL
    assert set(MARKS) <= set(content.formats())
    assert "Link copied. It leaves the clipboard after 1 minute" in shown(dialog)
    assert bench.strip.message.title == "Link copied"
    dialog.reject()


def test_the_clipboard_is_cleared_after_the_dialog_is_closed(
    opens: Opens, board: QClipboard, ours: ConfidentialClipboard, qtbot: QtBot
) -> None:
    dialog = opens()
    dialog.copy.click()
    dialog.reject()
    with qtbot.waitSignal(ours.cleared):
        ours.set_seconds(0.03)
    assert board.text() == ""


def test_the_time_until_clearing_can_be_chosen(opens: Opens, ours: ConfidentialClipboard, qtbot: QtBot) -> None:
    dialog = opens()
    assert dialog.seconds.currentText() == "1 minute"
    dialog.seconds.setCurrentIndex(dialog.seconds.findText("5 minutes"))
    assert ours.seconds == 300
    dialog.seconds.setCurrentIndex(dialog.seconds.findText("Never"))
    dialog.copy.click()
    assert "stays in the clipboard" in shown(dialog)
    assert not ours._timer.isActive()
    with qtbot.waitSignal(ours.cleared):
        ours.set_seconds(0.03)
    assert "The clipboard is empty again." in shown(dialog)
    dialog.reject()


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_a_reader_that_is_not_ours_reads_the_code(opens: Opens, bench: Bench, choice: ThemeChoice) -> None:
    bench.theme.choose(choice)
    dialog = opens()
    assert read(picture(dialog)) == []
    dialog.tabs.setCurrentIndex(3)
    assert read(picture(dialog)) == [URL]
    assert "Whoever scans this has the customer's link" in shown(dialog)
    assert cut_in(dialog) == []
    dialog.reject()


def test_a_link_too_long_for_a_code_says_so(opens: Opens) -> None:
    dialog = opens(made_link(url="https://x.example/?connectToken=" + "k" * 3000))
    dialog.tabs.setCurrentIndex(3)
    assert "too long for a QR code" in shown(dialog)
    dialog.reject()


WHEN = {
    Language.EN: "Tuesday, November 24 at 5:00 p.m. (Madrid time)",
    Language.ES: "el martes 24 de noviembre a las 17:00 (hora de Madrid)",
    Language.FR: "mardi 24 novembre à 17h00 (heure de Madrid)",
    Language.DE: "Dienstag, 24. November, 17:00 Uhr (Ortszeit Madrid)",
    Language.PT: "terça-feira, 24 de novembro, às 17h00 (horário de Madrid)",
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("channel", list(Channel))
def test_each_message_has_the_link_and_its_end_in_the_customers_words(
    opens: Opens, board: QClipboard, bench: Bench, language: Language, channel: Channel
) -> None:
    dialog = opens(choices=ShareChoices(channel, language, MADRID))
    assert WHEN[language] in dialog.message.preview.toPlainText()
    assert WORDS[language].name == dialog.message.language.currentText()
    bench.find(QPushButton, "Copy message", dialog).click()
    assert board.text().count(URL) == 1
    assert WHEN[language] in board.text()
    assert set(MARKS) <= set(board.mimeData().formats())
    assert cut_in(dialog) == []
    dialog.reject()


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("new york", "11:00 a.m. (New York time)"),
        ("America/New York", "11:00 a.m. (New York time)"),
        ("asia/tokyo", "1:00 a.m. (Tokyo time)"),
        ("Australia/Lord_Howe", "3:00 a.m. (Lord Howe Island time)"),
    ],
)
def test_the_zone_is_found_by_its_city(opens: Opens, typed: str, until: str) -> None:
    dialog = opens()
    dialog.message.zone.setText(typed)
    assert until in dialog.message.preview.toPlainText()
    assert dialog.message.problem.text == ""
    dialog.reject()


def test_what_is_no_zone_changes_nothing_and_is_said(opens: Opens) -> None:
    dialog = opens()
    before = dialog.message.preview.toPlainText()
    dialog.message.zone.setText("Atlantis")
    assert dialog.message.preview.toPlainText() == before
    assert "no such time zone" in dialog.message.problem.text
    assert "no such time zone" in dialog.message.zone.accessibleDescription()
    dialog.message.zone.setText("berlin")
    assert not dialog.message.problem.text
    assert "Berlin time" in dialog.message.preview.toPlainText()
    dialog.reject()


def test_what_is_chosen_is_told_for_the_next_time(opens: Opens, qtbot: QtBot) -> None:
    dialog = opens()
    said: list[ShareChoices] = []
    dialog.chosen.connect(said.append)
    switch(dialog, Channel.SMS, qtbot)
    speak(dialog, Language.PT, qtbot)
    dialog.message.zone.setText("lisbon")
    assert said[-1] == ShareChoices(Channel.SMS, Language.PT, "Europe/Lisbon")
    dialog.reject()


def test_warnings_stand_beside_what_they_are_about(opens: Opens, qtbot: QtBot) -> None:
    dialog = opens()
    assert "Mail scanners" in shown(dialog)
    switch(dialog, Channel.CHAT, qtbot)
    assert "Mail scanners and link previews" in shown(dialog)
    switch(dialog, Channel.SMS, qtbot)
    assert "Mail scanners" not in shown(dialog)
    assert "Whoever has this message" in shown(dialog)
    assert "SMS." in shown(dialog)
    assert not dialog.message.mail.isVisible()
    dialog.reject()


def test_the_size_of_an_sms_is_the_one_with_the_whole_link(opens: Opens) -> None:
    dialog = opens(choices=ShareChoices(Channel.SMS, Language.EN, MADRID))
    units = int(dialog.message._length.text().split()[0])
    assert units > len(URL) > len(dialog.message.preview.toPlainText())
    dialog.reject()


def test_the_screen_shows_no_token_and_a_selection_copies_the_whole_link(opens: Opens, board: QClipboard) -> None:
    dialog = opens()
    token = URL.partition("connectToken=")[2]
    texts = [shown(dialog), *(edit.toPlainText() for edit in dialog.findChildren(QPlainTextEdit))]
    widgets = [dialog, *dialog.findChildren(QWidget)]
    texts += [text for each in widgets for text in (each.accessibleName(), each.accessibleDescription())]
    assert not [text for text in texts if token[:20] in text]
    preview = dialog.message.preview
    at = preview.toPlainText().index("connectToken=")
    cursor = preview.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(at, cursor.MoveMode.KeepAnchor)
    preview.setTextCursor(cursor)
    preview.copy()
    assert board.text().startswith("Hello")
    assert board.text().endswith(URL)
    assert set(MARKS) <= set(board.mimeData().formats())
    dialog.reject()


# --- the mail program


def test_the_mail_program_learns_no_link_unless_it_is_told_to(
    opens: Opens, mail_program: MailProgram, board: QClipboard, bench: Bench, qtbot: QtBot
) -> None:
    dialog = opens()
    speak(dialog, Language.PT, qtbot)
    dialog.message.to.setText(" ana+meld@example.com ")
    bench.find(QPushButton, "Open in mail program", dialog).click()
    (address,) = mail_program.addresses
    parts = urlsplit(address)
    assert unquote(parts.path) == "ana+meld@example.com"
    assert parse_qs(parts.query)["subject"] == [dialog.message.subject.text()]
    assert "connectToken" not in unquote(address)
    assert "body" not in parse_qs(parts.query)
    assert URL in board.text()
    assert "paste it into the mail" in shown(dialog)
    dialog.reject()


def test_the_whole_text_goes_along_when_it_is_asked_for(
    opens: Opens, mail_program: MailProgram, board: QClipboard, qtbot: QtBot
) -> None:
    dialog = opens()
    speak(dialog, Language.FR, qtbot)
    dialog.message.copy.click()
    expected = board.text()
    board.clear()
    dialog.message.whole.click()
    dialog.message.mail.click()
    (address,) = mail_program.addresses
    assert parse_qs(urlsplit(address).query)["body"] == [expected.replace("\n", "\r\n")]
    assert "+" not in address
    assert board.text() == ""
    dialog.reject()


def test_a_text_too_long_to_hand_over_waits_in_the_clipboard(
    opens: Opens, mail_program: MailProgram, board: QClipboard
) -> None:
    url = URL.ljust(2500, "k")
    dialog = opens(made_link(url=url))
    dialog.message.whole.click()
    dialog.message.mail.click()
    assert len(mail_program.addresses[0]) < 2000
    assert url in board.text()
    assert "paste it into the mail" in shown(dialog)
    dialog.reject()


def test_a_recipient_that_is_none_is_refused(opens: Opens, mail_program: MailProgram, board: QClipboard) -> None:
    dialog = opens()
    dialog.message.to.setText("a@example.com, b@example.com")
    dialog.message.mail.click()
    assert mail_program.addresses == []
    assert board.text() == ""
    assert "one e-mail address" in dialog.message.problem.text
    assert dialog.message.to.hasFocus()
    assert cut_in(dialog) == []
    dialog.message.to.setText("a@example.com")
    assert dialog.message.problem.text == ""
    dialog.reject()


def test_without_a_mail_program_the_text_waits_in_the_clipboard(
    opens: Opens, board: QClipboard, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    dialog = opens()
    dialog.message.mail.click()
    assert bench.strip.message.tone is Tone.WARNING
    assert "No mail program" in shown(dialog)
    assert URL in board.text()
    dialog.reject()


# --- the person's own templates


def edited(dialog: ShareDialog) -> TemplateEditor:
    dialog.message.edit.click()
    (editor,) = dialog.findChildren(TemplateEditor)
    settle()
    return editor


def test_a_template_is_edited_with_a_preview_and_kept_as_an_own_file(opens: Opens, folder: Path, qtbot: QtBot) -> None:
    dialog = opens(choices=ShareChoices(Channel.CHAT, Language.DE, MADRID))
    editor = edited(dialog)
    path = TemplateStore(folder).path(Language.DE, Channel.CHAT)
    assert str(path) in shown(editor).replace("\u200b", "")
    assert not path.exists()
    editor.text.setPlainText("Moin! {link} gilt bis {expires}\n")
    assert WHEN[Language.DE] in editor.preview.toPlainText()
    assert URL not in editor.preview.toPlainText()
    with qtbot.waitSignal(editor.destroyed):
        editor.save.click()
    assert path.read_text("utf-8") == "Moin! {link} gilt bis {expires}\n"
    assert dialog.message.preview.toPlainText().startswith("Moin!")
    editor = edited(dialog)
    with qtbot.waitSignal(editor.destroyed):
        editor.reset.click()
    assert not path.exists()
    assert not dialog.message.preview.toPlainText().startswith("Moin!")
    dialog.reject()


def test_a_broken_template_cannot_be_saved_and_says_the_line(opens: Opens, folder: Path) -> None:
    dialog = opens()
    editor = edited(dialog)
    before = editor.preview.toPlainText()
    editor.text.setPlainText("Subject: Hello\n\nSee {lnk}")
    assert editor.problem.text.startswith("Line 3: {lnk} cannot be filled in")
    assert not editor.save.isEnabled()
    assert editor.preview.toPlainText() == before
    assert cut_in(editor) == []
    editor.text.setPlainText("Subject: Hello\n\nSee ")
    editor.text.moveCursor(editor.text.textCursor().MoveOperation.End)
    QTest.mouseClick(editor.gaps[next(iter(editor.gaps))], Qt.MouseButton.LeftButton)
    assert editor.text.toPlainText().endswith("See {link}")
    assert editor.save.isEnabled()
    editor.reject()
    assert editor.isVisible()
    assert "not saved" in editor.problem.text
    editor.reject()
    assert not editor.isVisible()
    assert not folder.exists()
    dialog.reject()


def test_a_template_broken_elsewhere_is_named_and_the_other_used(
    opens: Opens, folder: Path, bench: Bench, qtbot: QtBot
) -> None:
    path = TemplateStore(folder).path(Language.EN, Channel.EMAIL)
    path.parent.mkdir(parents=True)
    path.write_text("Subject: x\n\n{oops", "utf-8")
    dialog = opens()
    assert dialog.message.problem.tone == "warning"
    assert "line 3" in dialog.message.problem.text
    assert WHEN[Language.EN] in dialog.message.preview.toPlainText()
    path.write_text("Subject: x\n\nRepaired: {link}", "utf-8")
    bench.window.activateWindow()
    qtbot.waitUntil(bench.window.isActiveWindow)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.message.problem.text == "")
    assert dialog.message.preview.toPlainText().startswith("Repaired: https")
    dialog.reject()


def test_a_folder_that_cannot_be_written_keeps_the_words(opens: Opens, folder: Path, qtbot: QtBot) -> None:
    dialog = opens()
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file in the way")
    editor = edited(dialog)
    editor.text.setPlainText("Subject: Mine\n\n{link}")
    with qtbot.waitSignal(dialog._templates.unsaved):
        editor.save.click()
    assert "could not be written" in editor.problem.text
    assert editor.text.toPlainText() == "Subject: Mine\n\n{link}"
    assert editor.save.isEnabled()
    editor.reject()
    editor.reject()
    dialog.reject()


def test_the_disk_is_used_on_a_lane_of_its_own(opens: Opens, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = set()
    for name in ("load", "text"):
        real = getattr(TemplateStore, name)

        def spy(*arguments: object, _real: object = real) -> object:
            threads.add(threading.current_thread().name)
            return _real(*arguments)  # type: ignore[operator]

        monkeypatch.setattr(TemplateStore, name, spy)
    dialog = opens()
    assert threads == {"lane"}
    dialog.reject()


# --- the end of a link, and whose it is


def test_an_expired_link_is_not_shared(opens: Opens, board: QClipboard) -> None:
    clock = HandClock()
    dialog = opens(now=clock)
    clock.go(hours=3, minutes=56)
    dialog.refresh()
    assert "Expires soon" in shown(dialog)
    clock.go(hours=1)
    dialog.copy.click()
    dialog.message.copy.click()
    assert board.text() == ""
    assert "This link has expired. Close this and make the link again." in shown(dialog)
    assert not dialog.copy.isEnabled()
    assert not dialog.message.copy.isEnabled()
    dialog.tabs.setCurrentIndex(3)
    assert read(picture(dialog)) == []
    dialog.reject()


def test_a_link_that_does_not_say_its_end(opens: Opens) -> None:
    dialog = opens(made_link(None))
    assert "Lifetime unknown" in shown(dialog)
    assert "until" not in dialog.message.preview.toPlainText()
    assert dialog.copy.isEnabled()
    dialog.reject()


def test_production_is_named(opens: Opens) -> None:
    dialog = opens(made_link(environment=PRODUCTION))
    assert "Production: the link of support-4711" in shown(dialog)
    assert "This is Production" in shown(dialog)
    dialog.reject()
    dialog = opens()
    assert "This is Production" not in shown(dialog)
    dialog.reject()


@pytest.mark.parametrize("lives", [timedelta(hours=4), None, timedelta(days=30)])
def test_nothing_is_cut_and_it_fits_a_small_screen(opens: Opens, lives: timedelta | None, qtbot: QtBot) -> None:
    link = made_link(lives, environment=PRODUCTION)
    dialog = opens(link)
    assert dialog.height() <= 680
    dialog.reject()
    long = replace(link, request=replace(link.request, external_customer_id=LONG_ID))
    dialog = opens(long, bank="The Credit Union of Upper Lower Saxony and Neighbouring Regions")
    for place in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(place)
        settle(20)
        assert cut_in(dialog) == []
    assert dialog.width() <= 1024
    dialog.reject()


def test_everything_has_a_name_and_tab_goes_in_order(opens: Opens) -> None:
    dialog = opens()
    dialog.copy.setFocus()
    seen: list[QWidget] = []
    while (at := QApplication.focusWidget()) is not None and at not in seen:
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    names = []
    for widget in seen:
        interface = QAccessible.queryAccessibleInterface(widget)
        called = interface.text(QAccessible.Text.Name)
        if isinstance(widget, QComboBox):
            labels = [other for other, kind in interface.relations() if kind == QAccessible.RelationFlag.Label]
            called = labels[0].text(QAccessible.Text.Name)
        names.append(called)
    assert names == [
        "Copy link",
        "Clear the clipboard after",
        "E-mail",
        "Language",
        "Customer's time zone",
        "Recipient",
        "Hand the text over, too",
        "Subject",
        "Message to the customer",
        "Copy message",
        "Copy subject",
        "Open in mail program",
        "Edit template…",
        "Close",
    ]
    dialog.reject()


def test_every_word_is_translated(opens: Opens, qapp: QApplication, qtbot: QtBot) -> None:
    translator = Pseudo()
    qapp.installTranslator(translator)
    try:
        dialog = opens(made_link(environment=PRODUCTION))
        dialog.message.zone.setText("Atlantis")
        dialog.copy.click()
        editor = edited(dialog)
        for window in (dialog, editor):
            for widget in [window, *window.findChildren(QWidget)]:
                if isinstance(widget, QLabel | QPushButton) and "{" not in widget.text():
                    assert (
                        untranslated(widget.text().replace(str(editor._loaded.path), "").replace("English", "")) == ""
                    )
        editor.reject()
        dialog.reject()
    finally:
        qapp.removeTranslator(translator)


def test_the_strip_gets_the_message_too(opens: Opens, qtbot: QtBot) -> None:
    dialog = opens()
    with qtbot.waitSignal(dialog.said) as caught:
        dialog.message.copy_subject.click()
    message: Message = caught.args[0]
    assert message.title == "Subject copied"
    dialog.reject()
