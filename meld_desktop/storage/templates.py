"""Message templates: those that come with the program, and the person's own in ``messages/`` below the data folder.

An own template takes the place of the other of its name. One that cannot be used is reported with file and line, and
the one that came with the program is used meanwhile.
"""

from dataclasses import dataclass
from pathlib import Path

from meld_desktop.domain.messages.languages import Language
from meld_desktop.domain.messages.template import (
    LARGEST,
    Channel,
    Template,
    TemplateError,
    decode_template,
    parse_template,
)
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.locations import resource
from meld_desktop.storage.files import write_whole

FOLDER = "messages"


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """Why an own template is not used: its file, the line (0: the whole file), and what is wrong there."""

    path: Path
    line: int
    reason: Text

    @property
    def text(self) -> Text:
        """The whole sentence, with file and line."""
        if not self.line:
            return Text(QT_TRANSLATE_NOOP("domain", "{file}: {reason}"), file=str(self.path), reason=self.reason)
        words = QT_TRANSLATE_NOOP("domain", "{file}, line {line}: {reason}")
        return Text(words, file=str(self.path), line=self.line, reason=self.reason)


@dataclass(frozen=True, slots=True)
class LoadedTemplate:
    """A template that can be used. ``own`` says whose it is; ``problem`` why an own one is not used."""

    template: Template
    own: bool
    problem: TemplateProblem | None = None


class TemplateStore:
    """The templates of one person. Every method may block on the disk."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def path(self, language: Language, channel: Channel) -> Path:
        """Return where the person's own template lies, or would lie."""
        return self._folder / language.value / f"{channel.value}.txt"

    def load(self, language: Language, channel: Channel) -> LoadedTemplate:
        """Return the template to use. Never fails for what a person wrote."""
        path = self.path(language, channel)
        problem: TemplateProblem | None
        try:
            content = _read(path)
            if content is not None:
                return LoadedTemplate(decode_template(content, channel), own=True)
            problem = None
        except TemplateError as error:
            problem = TemplateProblem(path, error.line, error.text)
        except OSError as error:
            words = QT_TRANSLATE_NOOP("domain", "The file could not be read: {reason}.")
            problem = TemplateProblem(path, 0, Text(words, reason=error.strerror or str(error)))
        return LoadedTemplate(decode_template(_shipped(language, channel), channel), own=False, problem=problem)

    def text(self, language: Language, channel: Channel) -> str:
        """Return the text to edit: the person's own, however broken, else the one that came with the program."""
        try:
            content = _read(self.path(language, channel))
        except OSError:
            content = None
        if content is None:
            content = _shipped(language, channel)
        text = content[:LARGEST].decode("utf-8", "replace").removeprefix("\ufeff")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def save(self, language: Language, channel: Channel, text: str) -> Template:
        """Keep ``text`` as the person's own template.

        Raises TemplateError when it cannot be used (then nothing is written) and OSError when the disk refuses it.
        """
        template = parse_template(text, channel)
        write_whole(self.path(language, channel), text.encode())
        return template

    def reset(self, language: Language, channel: Channel) -> None:
        """Go back to the template that came with the program. Raises OSError."""
        self.path(language, channel).unlink(missing_ok=True)


def _shipped(language: Language, channel: Channel) -> bytes:
    return resource("messages", language.value, f"{channel.value}.txt").read_bytes()


def _read(path: Path) -> bytes | None:
    """Return what is in ``path``, or a little more than a template may have; None when there is none."""
    # A pipe would be waited for; is_file also follows links.
    if path.exists() and not path.is_file():
        raise OSError("it is not a file")
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
