"""What the person chose for sharing, to begin with it the next time."""

from dataclasses import dataclass

from meld_desktop.domain.messages.languages import Language
from meld_desktop.domain.messages.template import Channel


@dataclass(frozen=True, slots=True)
class ShareChoices:
    """Nothing in it is about a customer but language and time zone; an empty ``zone`` is this computer's."""

    channel: Channel = Channel.EMAIL
    language: Language = Language.EN
    zone: str = ""
