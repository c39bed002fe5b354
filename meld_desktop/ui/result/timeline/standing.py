"""How a session stands, for the icon and the word above its sentence."""

from meld_desktop.domain.witness.course import Standing
from meld_desktop.domain.witness.session import Session
from meld_desktop.ui.messages import Tone

_BROKEN = {Standing.TROUBLE, Standing.DIED, Standing.NOT_LOADED, Standing.BLANK}
_STOPPED = {Standing.WINDOW_SHUT, Standing.APP}


def tone_of(session: Session) -> Tone:
    """Return how the sentence about ``session`` is meant."""
    if session.is_connected:
        return Tone.SUCCESS
    if session.standing in _BROKEN:
        return Tone.ERROR
    return Tone.WARNING if session.is_finished or session.standing in _STOPPED else Tone.INFO
