"""The use cases that the window offers, handed to it by the composition root."""

from dataclasses import dataclass

from meld_desktop.services.banks import Banks
from meld_desktop.services.browser import Browser
from meld_desktop.services.connection_watch import ConnectionWatch
from meld_desktop.services.create_link import CreateLink
from meld_desktop.services.demo import Demo
from meld_desktop.services.evidence import Evidence
from meld_desktop.services.keys import Keys
from meld_desktop.services.preferences import Preferences
from meld_desktop.services.regions import Regions
from meld_desktop.services.witness import Witness
from meld_desktop.ui.desk import DeskServices


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases the window offers."""

    create_link: CreateLink
    keys: Keys
    regions: Regions
    browser: Browser
    preferences: Preferences
    demo: Demo
    witness: Witness
    evidence: Evidence
    watch: ConnectionWatch
    banks: Banks
    desk: DeskServices
