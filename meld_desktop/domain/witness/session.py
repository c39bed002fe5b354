"""What the program knows about one link from *Create link* until the next one. Lives in memory, bounded.

A ``Session`` is filled on the GUI thread by ``services.witness`` and read by the timeline, the evidence pack and the
comparison; a ``Comparable`` is what two sessions are compared by, and what a pack holds for that.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime

from meld_desktop.domain import link_clock
from meld_desktop.domain.addresses import masked
from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.token import connect_token
from meld_desktop.domain.widget_events import Notice, WidgetEvent
from meld_desktop.domain.witness import beginning, words
from meld_desktop.domain.witness.album import Album
from meld_desktop.domain.witness.bounded import Ends, EntryLog
from meld_desktop.domain.witness.change import Change, Moment
from meld_desktop.domain.witness.cleaning import URL_LIMIT, Cleaner
from meld_desktop.domain.witness.conclusion import conclude
from meld_desktop.domain.witness.course import Course, Standing
from meld_desktop.domain.witness.entry import Entry, EntryKind
from meld_desktop.domain.witness.observation import (
    Hop,
    HopKind,
    LeftOut,
    LeftOutKind,
    Observation,
    ResourceRequest,
)
from meld_desktop.domain.witness.seen import Comparable, Picture, SeenHop, SeenRequest
from meld_desktop.domain.witness.twins import Twins
from meld_desktop.domain.witness.verdict import RedirectVerdict, judge

__all__ = ["Change", "Comparable", "Moment", "Picture", "SeenHop", "SeenRequest", "Session"]

MOST_ENTRIES = 5_000
MOST_HOPS = 1_000
MOST_REQUESTS = 5_000
_MOST_EVENT_LINES = 1_000


class Session:
    """The witness's record of one link. Every method costs the same however much happened before.

    Nothing in it holds the connect token but ``link`` and ``secrets``. Used on one thread; ``snapshot()`` gives a
    copy that another thread may read.
    """

    def __init__(self, number: int, link: Link, *, began: datetime) -> None:
        self.number = number
        self.link = link
        self.began = began
        self.customer = link.request.external_customer_id
        token = connect_token(link.widget_url)
        self.secrets: tuple[str, ...] = (token,) if token else ()
        self._clean = Cleaner(self.secrets)
        self._log = EntryLog(MOST_ENTRIES)
        self._hops: Ends[SeenHop] = Ends(MOST_HOPS, lambda hop: hop.kind is HopKind.RETURN)
        self._hop_count = 0
        self._hop_at_completion: int | None = None
        self._requests: Ends[SeenRequest] = Ends(MOST_REQUESTS)
        self._events: Ends[str] = Ends(_MOST_EVENT_LINES)
        self._untold = dict.fromkeys(LeftOutKind, 0)
        self._album = Album()
        self._twins = Twins()
        self._melds_clock = link_clock.meld_time(link, began) - began
        self._course = Course(expires=link.token.expires, now=began + self._melds_clock)
        self._status: ConnectionState | None = None
        self._conclusion: Text | None = None
        self._verdict: RedirectVerdict | None = None
        self._has_ended = False
        self._has_told_expiry = False
        for line in beginning.lines_of(link, token):
            self.add(Moment(began, 0.0), line.kind, line.title, line.detail, data=line.data)

    @property
    def entries(self) -> Sequence[Entry]:
        """The timeline, oldest first; ``left_out`` says how many entries fell out."""
        return self._log.entries

    @property
    def left_out(self) -> int:
        """How many entries fell out of the timeline, because there were too many of their kind."""
        return self._log.left_out

    @property
    def hops(self) -> Sequence[SeenHop]:
        """Where documents went, oldest first: the first ones and the last ones."""
        return self._hops

    @property
    def hops_left_out(self) -> int:
        """How many hops fell out, or came too thick to be told."""
        return self._hops.left_out + self._untold[LeftOutKind.HOPS]

    @property
    def requests(self) -> Sequence[SeenRequest]:
        """What pages asked for, oldest first: the first ones and the last ones."""
        return self._requests

    @property
    def requests_left_out(self) -> int:
        """How many requests fell out, or came too thick to be told."""
        return self._requests.left_out + self._untold[LeftOutKind.REQUESTS]

    @property
    def pictures(self) -> Sequence[Picture]:
        """The pictures that were kept, oldest first."""
        return self._album.pictures

    @property
    def pictures_left_out(self) -> int:
        """How many pictures fell out."""
        return self._album.left_out

    @property
    def conclusion(self) -> Text:
        """The one sentence about how it ended, or how far it is."""
        if self._conclusion is None:
            self._conclusion = self._clean.sentence(conclude(self._course))
        return self._conclusion

    @property
    def verdict(self) -> RedirectVerdict:
        """Whether the flow arrived at the return URL."""
        if self._verdict is None:
            self._verdict = judge(
                self.link.request.redirect_url,
                self._hops,
                is_over=self._has_ended or (self.is_finished and not self.is_connected),
                widget_url=self.link.widget_url,
                completed_after=self._hop_at_completion,
            )
        return self._verdict

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is expected: connected, left by the customer, returned, or expired.

        A customer who left may open the link again; then it is not finished any more.
        """
        return self._course.is_finished

    @property
    def is_connected(self) -> bool:
        """Whether the widget or Meld said that a bank was connected."""
        return self._course.is_connected

    @property
    def standing(self) -> Standing:
        """Where the flow stands: the last thing of weight that happened."""
        return self._course.standing

    @property
    def status_now(self) -> ConnectionState | None:
        """What Meld said last about the connection."""
        return self._status

    def add(
        self,
        moment: Moment,
        kind: EntryKind,
        title: Text,
        detail: Text = NOTHING,
        *,
        place: str = "",
        data: Mapping[str, object] | None = None,
    ) -> Change:
        """Add an entry; the same one twice in a row becomes one with a count."""
        self._pass_time(moment)
        entry = Entry(
            self._log.next_number,
            moment.at,
            moment.seconds,
            kind,
            self._clean.sentence(title),
            self._clean.sentence(detail),
            self._clean.text(place, 200),
            self._clean.data(data or {}),
        )
        last = self._log.entries[-1] if self._log.entries else None
        if last is not None and _says_the_same(last, entry):
            return self._replace(replace(last, count=last.count + 1))
        return Change(entry, True, self._log.append(entry))

    def observe(self, moment: Moment, observation: Observation) -> Change | None:
        """Take down what the web view saw; None when it is nothing for the timeline (a request)."""
        if isinstance(observation, ResourceRequest):
            self._pass_time(moment)
            self._requests.append(SeenRequest(moment.at, moment.seconds, self._clean_request(observation)))
            return None
        if isinstance(observation, LeftOut):
            self._untold[observation.what] += observation.count
        if isinstance(observation, Hop):
            observation = self._clean_hop(observation)
        line = words.of_observation(observation)
        data = dict(line.data)
        if isinstance(observation, Hop):
            data["hop"] = self._keep_hop(moment, observation)
        twin = self._twins.meet(line.twin, "seen", moment.seconds)
        if not twin:
            self._pass_time(moment)
            self._know(self._course.after_observation(observation))
        if known := self._log.find(twin):
            place = self._clean.text(line.place, 200)
            whole = {**known.data, **self._clean.data(data)}
            return self._replace(replace(known, place=place or known.place, data=whole))
        change = self.add(moment, line.kind, line.title, line.detail, place=line.place, data=data)
        self._twins.remember(line.twin, "seen", change.entry.number, moment.seconds)
        return change

    def hear(self, moment: Moment, event: WidgetEvent) -> Change:
        """Take down what the widget said."""
        self._pass_time(moment)
        self._know(self._course.after_event(event, moment.seconds))
        if self._course.completion is not None and self._hop_at_completion is None:
            self._hop_at_completion = self._hop_count
        self._events.append(self._clean.text(words.event_line(event)))
        line = words.of_event(event)
        return self.add(moment, line.kind, line.title, line.detail, data=line.data)

    def notice(self, moment: Moment, notice: Notice) -> Change:
        """Take down what the web view did or refused, as it was told to the person."""
        line = words.of_notice(notice)
        twin = self._twins.meet(line.twin, "told", moment.seconds)
        if not twin:
            self._pass_time(moment)
            self._know(self._course.after_notice(notice))
        if known := self._log.find(twin):
            return self._replace(replace(known, detail=self._clean.sentence(line.detail)))
        change = self.add(moment, line.kind, line.title, line.detail, data=line.data)
        self._twins.remember(line.twin, "told", change.entry.number, moment.seconds)
        return change

    def loaded(self, moment: Moment) -> Change:
        """The widget's document has loaded."""
        self._pass_time(moment)
        self._know(self._course.after_load())
        return self.add(moment, EntryKind.WIDGET, Text(QT_TRANSLATE_NOOP("domain", "The widget's page was loaded")))

    def died(self, moment: Moment, text: Text) -> Change:
        """The widget's renderer ended by itself; ``text`` is what the person was told."""
        self._pass_time(moment)
        self._know(self._course.after_crash())
        return self.add(moment, EntryKind.CRASH, Text(QT_TRANSLATE_NOOP("domain", "The widget's page crashed")), text)

    def blank(self, moment: Moment, text: Text = NOTHING) -> Change:
        """Nothing was painted for ten seconds, and the widget said nothing."""
        self._pass_time(moment)
        self._know(self._course.after_blank())
        return self.add(moment, EntryKind.WIDGET, Text(QT_TRANSLATE_NOOP("domain", "The widget stayed blank")), text)

    def returned(self, moment: Moment, place: str) -> Change:
        """The return URL was reached and stopped; ``place`` is its host and path."""
        line = words.of_return(place)
        twin = self._twins.meet(line.twin, "told", moment.seconds)
        if known := self._log.find(twin):
            return Change(known, False)
        self._pass_time(moment)
        self._know(self._course.after_return())
        change = self.add(moment, line.kind, line.title, line.detail)
        self._twins.remember(line.twin, "told", change.entry.number, moment.seconds)
        return change

    def status(self, moment: Moment, status: ConnectionState) -> Change | None:
        """Take down what Meld says about the connection; None when it says the same as before."""
        self._pass_time(moment)
        if status == self._status:
            return None
        self._status = status
        self._know(replace(self._course, status=status))
        line = words.of_status(status)
        return self.add(moment, line.kind, line.title, line.detail, data=line.data)

    def keep_picture(
        self, moment: Moment, entry_number: int, label: str, png: bytes, width: int, height: int
    ) -> Change:
        """Keep a picture for an entry, or for a new one when ``entry_number`` is 0 or names none any more.

        The entry names the newest of its pictures. When there are too many, older ones go; their entries forget them.
        """
        entry, is_new, dropped = self._log.find(entry_number), False, 0
        if entry is None:
            title = Text(QT_TRANSLATE_NOOP("domain", "Picture taken"))
            change = self.add(moment, EntryKind.PICTURE, title, data={"label": label})
            entry, is_new, dropped = change.entry, change.is_new, change.dropped
        name, gone = self._album.add(moment.at, entry.number, self._clean.text(label, 100), png, (width, height))
        self._log.replace(replace(entry, picture=name))
        self._forget_pictures(gone)
        return Change(self._log.find(entry.number) or entry, is_new, dropped)

    def pass_time(self, moment: Moment) -> Change | None:
        """Notice that time goes by: the change when the token has expired by now and no bank was connected, once."""
        self._pass_time(moment)
        if self._has_told_expiry or not self._course.is_past_expiry or self._course.is_connected:
            return None
        self._has_told_expiry = True
        return self.add(moment, EntryKind.TOKEN, Text(QT_TRANSLATE_NOOP("domain", "The connect token has expired")))

    def end(self) -> None:
        """Say that nothing more will be seen of this link: another one took its place."""
        self._has_ended = True
        self._verdict = None

    def drop_pictures(self) -> None:
        """Let the pictures go, for a session that is long over."""
        self._forget_pictures(self._album.clear())

    def snapshot(self) -> "Session":
        """Return a copy that stays as it is, whatever happens to this one; for reading on another thread."""
        still = copy(self)
        for name in ("_log", "_album", "_hops", "_requests", "_events"):
            setattr(still, name, getattr(self, name).snapshot())
        return still

    def comparable(self) -> Comparable:
        """Return what another session can be compared with."""
        return Comparable(
            name=f"{self.customer} {self.began:%H:%M:%S}",
            request=self.link.request.body(),
            hops=tuple(f"{hop.kind} {hop.place} {masked(hop.url)}" for hop in self._hops),
            events=tuple(self._events),
            outcome=str(self.conclusion),
            verdict=str(self.verdict.text),
            environment=self.link.environment.id,
        )

    def _pass_time(self, moment: Moment) -> None:
        before, now = self._course, moment.at + self._melds_clock
        if now == before.now:
            return
        self._course = before.at(now)
        if before.is_past_expiry != self._course.is_past_expiry:
            self._conclusion = self._verdict = None

    def _know(self, course: Course) -> None:
        if course is self._course:
            return
        self._course = course
        self._conclusion = self._verdict = None

    def _clean_hop(self, hop: Hop) -> Hop:
        return replace(hop, url=self._clean.text(hop.url, URL_LIMIT), place=self._clean.text(hop.place, 40))

    def _keep_hop(self, moment: Moment, hop: Hop) -> int:
        self._hop_count += 1
        self._hops.append(SeenHop(self._hop_count, moment.at, moment.seconds, hop.url, hop.place, hop.kind))
        self._verdict = None
        return self._hop_count

    def _clean_request(self, request: ResourceRequest) -> ResourceRequest:
        return ResourceRequest(
            self._clean.text(request.method, 20),
            self._clean.text(masked(request.url), URL_LIMIT),
            self._clean.text(request.resource, 20),
            self._clean.text(masked(request.initiator) if request.initiator else "", 300),
        )

    def _replace(self, entry: Entry) -> Change:
        self._log.replace(entry)
        return Change(entry, False)

    def _forget_pictures(self, names: Sequence[str]) -> None:
        for name in names:
            entry = self._log.find(int(name.partition("-")[0]))
            if entry is not None and entry.picture == name:
                self._log.replace(replace(entry, picture=""))


def _says_the_same(one: Entry, other: Entry) -> bool:
    first, second = ((each.kind, each.title, each.detail, each.place, dict(each.data)) for each in (one, other))
    return first == second
