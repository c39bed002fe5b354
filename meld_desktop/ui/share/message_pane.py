"""A message for the customer: by which channel, in which language, with the time of the customer's place."""

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from meld_desktop.domain.messages.compose import Facts, compose, warnings
from meld_desktop.domain.messages.languages import WORDS, Language
from meld_desktop.domain.messages.sms import sms_length
from meld_desktop.domain.messages.template import Channel, Message
from meld_desktop.services.templates import Loaded, Templates
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.share.choices import ShareChoices
from meld_desktop.ui.share.message_text import MessageText
from meld_desktop.ui.share.zone_line import ZoneLine
from meld_desktop.ui.strings import localized, sentences
from meld_desktop.ui.theme.style import set_property

_LINES = 7


class MessagePane(QWidget):
    """Shows the message as it will be read.

    ``copy_wanted`` carries the text to copy and the sentence to say then; ``mail_wanted`` the Message, the recipient
    and whether the text is to be handed over, too; ``edit_wanted`` the Loaded template; ``chosen`` tells that the
    language or the zone is another.
    """

    copy_wanted = Signal(str, str)
    mail_wanted = Signal(object, str, bool)
    edit_wanted = Signal(object)
    chosen = Signal()

    def __init__(
        self, templates: Templates, facts: Facts, choices: ShareChoices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._templates = templates
        self._facts = facts
        self._channel = choices.channel
        self._loaded: Loaded | None = None
        self._message: Message | None = None
        self.language = QComboBox(self)
        for language in Language:
            self.language.addItem(WORDS[language].name, language.value)
        self.language.setCurrentIndex(list(Language).index(choices.language))
        self.zone = ZoneLine(choices.zone, self)
        self.to = QLineEdit(self)
        self.to.setAccessibleName(self.tr("Recipient"))
        self.to.setPlaceholderText(self.tr("name@example.com (optional)"))
        self.to.setMaxLength(320)
        self.subject = QLineEdit(self)
        self.subject.setReadOnly(True)
        self.subject.setAccessibleName(self.tr("Subject"))
        self.copy_subject = self._button(self.tr("Copy su&bject"), self.tr("Copy subject"))
        self.preview = MessageText(facts.link, self)
        self.preview.setAccessibleName(self.tr("Message to the customer"))
        self.preview.setMinimumHeight(_LINES * self.preview.fontMetrics().lineSpacing() + 20)
        self.problem = ProblemLine(self)
        self._length = Paragraph("", "hint", self)
        self._warning = Paragraph(parent=self)
        set_property(self._warning, "role", "attention")
        self.copy = self._button(self.tr("Copy &message"), self.tr("Copy message"))
        self.mail = self._button(self.tr("&Open in mail program"), self.tr("Open in mail program"))
        self.edit = self._button(self.tr("E&dit template…"), self.tr("Edit template…"))
        self.whole = QCheckBox(self.tr("Hand the text over, too"), self)
        self._whole_hint = Paragraph(
            self.tr(
                "Without it the mail opens with its subject, and the text waits in the clipboard: the link never "
                "passes where other programs of this computer could read it."
            ),
            "hint",
            self,
        )
        self._mail_only: list[QWidget] = [
            self.to,
            self.copy_subject,
            self.mail,
            self.whole,
            self._whole_hint,
        ]
        self._lay_out()
        self.language.currentIndexChanged.connect(self._choose)
        self.zone.zone_changed.connect(self._choose)
        self.zone.textChanged.connect(self._say_problem)
        self.to.textChanged.connect(self._say_problem)
        self.copy.clicked.connect(self._copy)
        self.copy_subject.clicked.connect(self._copy_subject)
        self.mail.clicked.connect(self._mail)
        self.edit.clicked.connect(self._edit)
        templates.loaded.connect(self._show_loaded)
        templates.zones.connect(self.zone.offer)
        templates.load_zones()
        self.show_channel(choices.channel)

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAccessibleName(name)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        fields = QVBoxLayout()
        fields.setSpacing(4)
        for text, field in (
            (self.tr("&Language"), self.language),
            (self.tr("Customer's &time zone"), self.zone),
            (self.tr("&Recipient"), self.to),
        ):
            label = self._label(text, field)
            fields.addWidget(label)
            fields.addWidget(field)
            fields.addSpacing(8)
            if field is self.to:
                self._mail_only.append(label)
        fields.addWidget(self.whole)
        fields.addWidget(self._whole_hint)
        fields.addStretch(1)
        about = QWidget(self)
        lines = QVBoxLayout(about)
        lines.setContentsMargins(0, 0, 0, 12)
        lines.setSpacing(4)
        lines.addWidget(self._label(self.tr("S&ubject"), self.subject))
        lines.addWidget(self.subject)
        self._mail_only.append(about)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(about)
        words.addWidget(self._label(self.tr("M&essage (the link is shortened here)"), self.preview))
        words.addWidget(self.preview, 1)
        words.addWidget(self._length)
        sides = QHBoxLayout()
        sides.setSpacing(24)
        sides.addLayout(fields, 2)
        sides.addLayout(words, 3)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.copy, self.copy_subject, self.mail, self.edit):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(sides, 1)
        column.addWidget(self.problem)
        column.addWidget(self._warning)
        column.addLayout(buttons)
        fixed = (self.language, self.zone, self.to, self.whole, self.subject, self.preview)
        for before, after in pairwise((*fixed, self.copy, self.copy_subject, self.mail, self.edit)):
            QWidget.setTabOrder(before, after)

    def _label(self, text: str, field: QWidget) -> QLabel:
        label = QLabel(text, self)
        label.setBuddy(field)
        set_property(label, "role", "heading")
        return label

    @property
    def choices(self) -> ShareChoices:
        """What is chosen now."""
        return ShareChoices(self._channel, self._language, self.zone.name)

    @property
    def _language(self) -> Language:
        return Language(self.language.currentData())

    def show_channel(self, channel: Channel) -> None:
        """Show the message for another channel."""
        self._channel = channel
        is_mail = channel is Channel.EMAIL
        for widget in self._mail_only:
            widget.setVisible(is_mail)
        self._warning.setText(sentences(*warnings(channel)))
        self._await_template()

    def refresh(self) -> None:
        """Read the template again: somebody may have edited its file."""
        self._templates.load(self._language, self._channel)

    def set_usable(self, usable: bool) -> None:
        """Offer the message while its link works."""
        for widget in (self.copy, self.copy_subject, self.mail, self.edit):
            widget.setEnabled(usable and self._message is not None)
        self.setEnabled(usable)

    def _choose(self) -> None:
        self.chosen.emit()
        if self._loaded is not None and self._loaded.language is not self._language:
            self._await_template()
        else:
            self._show_message()

    def _await_template(self) -> None:
        """Offer nothing until the other template is there: what is on show is not what was asked for."""
        self._loaded = self._message = None
        self._say_problem()
        self.set_usable(self.isEnabled())
        self.refresh()

    def _show_loaded(self, loaded: Loaded) -> None:
        if (loaded.language, loaded.channel) == (self._language, self._channel):
            self._loaded = loaded
            self._say_problem()
            self._show_message()

    def _show_message(self) -> None:
        if self._loaded is None:
            return
        language = self._loaded.language
        self._message = message = compose(self._loaded.template.template, self._facts, language, self.zone.zone)
        self.preview.show_text(message.body)
        self.subject.setText(message.subject)
        self.subject.setCursorPosition(0)
        self._length.setText(self._size() if self._channel is Channel.SMS else "")
        self._length.setVisible(self._channel is Channel.SMS)
        self.set_usable(self.isEnabled())

    def _size(self) -> str:
        size = sms_length(self._message.body if self._message else "")
        said = self.tr("{units} characters, sent as {parts} SMS.").format(units=size.units, parts=size.parts)
        if size.wide:
            said += " " + self.tr("Letters outside of the SMS alphabet make it longer.")
        return said

    def _say_problem(self) -> None:
        """Say what is wrong with the fields, or else why the person's own template is not used."""
        if not self.zone.is_known:
            self.problem.say(self.tr("There is no such time zone. Type a city, such as New York, and choose."))
        elif self._loaded is not None and self._loaded.template.problem is not None:
            problem = localized(self._loaded.template.problem.text)
            said = self.tr("{problem} The template that came with the program is used.").format(problem=problem)
            self.problem.say(said, "warning")
        else:
            self.problem.clear()
        set_property(self.to, "problem", "")
        self.zone.setAccessibleDescription(self.problem.text or self.zone.toolTip())
        self.to.setAccessibleDescription("")

    def say_unusable_recipient(self, text: str) -> None:
        """Say that the recipient is none."""
        self.problem.say(text)
        set_property(self.to, "problem", "error")
        self.to.setAccessibleDescription(text)
        self.to.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        if self._message is not None:
            self.copy_wanted.emit(self._message.body, self.tr("Message copied"))

    def _copy_subject(self) -> None:
        if self._message is not None:
            self.copy_wanted.emit(self._message.subject, self.tr("Subject copied"))

    def _mail(self) -> None:
        if self._message is not None:
            self._say_problem()
            self.mail_wanted.emit(self._message, self.to.text(), self.whole.isChecked())

    def _edit(self) -> None:
        if self._loaded is not None:
            self.edit_wanted.emit(self._loaded)
