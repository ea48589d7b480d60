"""What opens behind the links of mails: whose each is, what it is about, whether it still holds.

A link leads to one occurrence, to the dates of a series' year or of a target, or to a unit's form of
the annual data collection, which the secretary may open by hand. Opening writes nothing. Why a link
opens nothing is said by a code, and nothing else is told of it: neither title nor unit.

Instead of a link that has expired its reader may ask for a new one. It goes to the same address with
the next mails, as a reminder of a stage of its own, planned once a reader, matter and day, whatever
other stages have been; the forecast sees it as it sees all that is planned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from reminders.clock import civil_time
from reminders.collection.round import actions_of, day_asked
from reminders.planning.addresses import folded
from reminders.planning.due import DueReminder
from reminders.planning.links import (
    VALID_FOR,
    Links,
    Purpose,
    SeriesYear,
    Ticket,
    holds_until,
    last_day,
    links_of,
    series_subject,
    series_years,
)
from reminders.planning.matters import matters_of
from reminders.planning.policy import LINK, asks_for_dates
from reminders.planning.speakers import is_secretary, speaks_for, units_of, valid_addresses
from reminders.planning.state import (
    ProgrammeState,
    needs_answer,
    responsible,
    unanswered,
)
from reminders.planning.targets import Target, is_checkpoint, target_of, target_subject, targets
from reminders.planning.unset_series import unset_series
from reminders.service import Service
from reminders.store import (
    Connection,
    answers as store_answers,
    collection as collection_store,
    planned,
    programmes,
)
from reminders.use.collection.rounds import Round, round_of
from reminders.use.planning.load_state import load_states
from reminders.use.series.action_series import family_names
from reminders.use.watch.audit import record_act
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import Action

_OF_READER: Final = ("unit", "preferences")
"""The purposes of links to what waits for a reader, and how it is told: of no one matter."""
Why = Literal["unknown", "expired", "left", "gone", "moved", "ended"]


@dataclass(frozen=True, slots=True)
class ClosedLink:
    """A link that opens nothing.

    ``unknown``: forged, cut or of another purpose; ``expired`` (a collection's form: ``to`` are its
    reader's units); ``left``: its reader is
    no contact of the unit (``to``) any more; ``gone``: its matter is not in the programme any more;
    ``moved``: another organisation is responsible (``to``: its keys, of ``state``);
    ``ended``: somebody closed its programme.
    """

    why: Why
    state: ProgrammeState | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenLink:
    """A reader's link that holds: until when, and the programmes as they stand ``today``.

    ``answers`` are the ids of the newest answers that count, ``pauses`` how often reminders were paused, by
    (occurrence, organisation).
    """

    ticket: Ticket
    reader: str
    until: date
    today: date
    states: Mapping[str, ProgrammeState]
    answers: Mapping[tuple[str, str], int]
    pauses: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def programme_key(self) -> str:
        """The key of the programme that it is for; nothing where there are several."""
        return next(iter(self.states)) if len(self.states) == 1 else ""

    def only(self, programme: str) -> OpenLink:
        """Return the link as it is for one programme: nothing of another shows behind it."""
        return replace(self, states={programme: self.states[programme]})

    def seen(self, occurrence: str, organisations: Iterable[str]) -> int:
        """Return the id of the newest answer of some organisations about an occurrence; 0: none yet."""
        return max((self.answers.get((occurrence, key), 0) for key in organisations), default=0)


@dataclass(frozen=True)
class OccurrenceLink:
    """A link to one occurrence: the organisations that its reader speaks for."""

    opened: OpenLink
    state: ProgrammeState
    occurrence: Occurrence
    organisations: tuple[str, ...]

    @property
    def programme_key(self) -> str:
        """The key of its programme."""
        return self.state.programme.key


def open_link(service: Service, token: str, *purposes: Purpose, programme: str = "") -> OpenLink | ClosedLink:
    """Return who a link of one of some purposes lets in, else why not; into one programme where it is named.

    It may be named for what waits for a reader; any other link leads into the programme of its matter.
    """
    today = civil_time(service.settings, service.clock()).day
    ticket = Links(service.secret).read(token)
    if ticket is None or ticket.purpose not in purposes:
        return ClosedLink("unknown")
    with service.database.read() as connection:
        if programme and programme not in programmes.programme_keys(connection):
            return ClosedLink("gone")
        states = load_states(connection, programme)
        rows = [row for key in states for row in store_answers.answers_of(connection, key)]
        paused = [store_answers.pause_counts(connection, key) for key in states]
    links = _links(service, states)
    everybody = valid_addresses((state.people for state in states.values()), today)
    reader = links.reader_of(ticket, everybody)
    closed = {key: state for key, state in states.items() if state.closed_on is not None}
    states = {key: state for key, state in states.items() if key not in closed}
    if closed and (not states or subject_of(links, ticket, closed)[1] is not None):
        return ClosedLink("ended")
    newest = {(row.occurrence, row.organisation): row.id for row in rows}
    if reader is None:
        return _left(links, ticket, states, today)
    if ticket.purpose == "unit" and (moved := _all_moved(ticket, states, reader, today)):
        return moved
    if today > ticket.until and not _is_open(links, ticket, states, reader, today):
        return ClosedLink("expired")
    # A calendar's link may hold for years; what it leads to holds no longer than a mail's.
    until = min(ticket.until, last_day(today)) if today <= ticket.until else last_day(today)
    pauses = {pair: n for counts in paused for pair, n in counts.items()}
    return OpenLink(ticket, reader, until, today, states, newest, pauses)


def _is_open(
    links: Links, ticket: Ticket, states: Mapping[str, ProgrammeState], reader: str, today: date
) -> bool:
    """Tell whether the matter of a link is open, or was answered within ``VALID_FOR``.

    What has gone, or is another's by now, is no reason to say that the link has expired.
    """
    match ticket.purpose:
        case "answer" | "calendar":
            state, row = subject_of(links, ticket, states)
            if state is None or row is None:
                return True
            own = speaks_for(state.people, responsible(state, row, today), reader, today)
            return not own or any(today <= holds_until(state, row, key, today) for key in own)
        case "unit":
            return any(
                today <= holds_until(state, one.occurrence, key, today)
                for state in states.values()
                for one in matters_of(state, reader, today)
                for key in one.organisations
            )
        case "series":
            years = (
                open_year(state, year, today)
                for state in states.values()
                for year in [_year_of(links, ticket, state)]
                if year
            )
            return any(year.year >= today.year for year in years)
        case "held":
            return any(
                rule.end >= today
                for state in states.values()
                for target, rule in targets(state.programme).items()
                if links.subject_of(ticket, [target_subject(state.programme, target)])
            )
    return False


def _all_moved(
    ticket: Ticket, states: Mapping[str, ProgrammeState], reader: str, today: date
) -> ClosedLink | None:
    """Return that what a link to a unit's page was about has moved; None where some of it is the unit's yet.

    It has where the unit leads nothing any more; or the link is old, nothing waits, and the unit has handed
    something over since it was sent.
    """
    if any(is_secretary(state.people, reader, today) for state in states.values()):
        return None
    own = {key: units_of(state.people, reader, today) for key, state in states.items()}
    leads = any(own[key] & {*state.programme.lead_organisations(today)} for key, state in states.items())
    waits = any(matters_of(state, reader, today) for state in states.values())
    if leads and (today <= ticket.until or waits):
        return None
    since = ticket.until - VALID_FOR if leads else date.min
    found = (_moved(state, own[key], today, since) for key, state in states.items())
    return next(filter(None, found), None)


def _moved(
    state: ProgrammeState, givers: Collection[str], today: date, since: date = date.min
) -> ClosedLink | None:
    """Return to whom actions of some organisations have moved, after a day; None where none has."""
    moved = (
        key
        for action in state.programme.actions
        if any(move.giver in givers and since < move.effective_from <= today for move in action.handovers)
        for key in action.takers_of(givers, today)
    )
    to = tuple(dict.fromkeys(moved))
    return ClosedLink("moved", state, to) if to else None


def _year_of(links: Links, ticket: Ticket, state: ProgrammeState) -> SeriesYear | None:
    years = series_years(state)
    subject = links.subject_of(ticket, years)
    return years[subject] if subject else None


def open_year(state: ProgrammeState, year: SeriesYear, today: date) -> SeriesYear:
    """Return the year that a link to a series' dates leads to: this one, where its own is over.

    Only while dates of this year are missing, or were set within ``VALID_FOR``; else its own.
    """
    if year.year >= today.year:
        return year
    programme = state.programme
    family = family_names(programme, year.action, [year.name])
    rows = (*state.occurrences.values(), *unset_series(programme).values())
    missing = any(
        (row.kind, row.id.action, row.status, row.due.year) == ("event", year.action, "tentative", today.year)
        and row.due >= today
        and row.id.series in family
        and not is_checkpoint(row.id)
        for row in rows
    )
    own = (one for one in programme.series if one.action == year.action and one.name in family)
    lately = any(one.on and one.on.year == today.year and today <= one.on + VALID_FOR for one in own)
    return replace(year, year=today.year) if missing or lately else year


def _left(links: Links, ticket: Ticket, states: Mapping[str, ProgrammeState], today: date) -> ClosedLink:
    """Return that a link's reader is no contact any more, with the unit that it was for, where it is known.

    The unit is named, no person: the reader's in the list as it was, else those that the matter is asked of
    (a round is asked of all: then none). What the reader's unit has handed over is said to have moved.
    """
    state, row = subject_of(links, ticket, states)
    for one in [state] if state else states.values():
        reader = links.reader_of(ticket, (contact.email for contact in one.people.all))
        mine = {contact.organisation for contact in one.people.all if contact.email == reader}
        keys = responsible(one, row, today) if row else one.programme.lead_organisations(today)
        if own := tuple(key for key in keys if key in mine):
            return ClosedLink("left", one, own)
        if moved := _moved(one, mine, today) if row is None or row.kind == "collection" else None:
            return moved
    if state is None or row is None or row.kind == "collection":
        return ClosedLink("left")
    return ClosedLink("left", state, responsible(state, row, today))


def _links(service: Service, states: Mapping[str, ProgrammeState]) -> Links:
    return links_of(service.secret, (state.programme for state in states.values()))


def open_answer(service: Service, token: str) -> OccurrenceLink | ClosedLink:
    """Return the occurrence that a link is about, and for whom its reader answers; else why not."""
    opened = open_link(service, token, "answer", "calendar")
    if isinstance(opened, ClosedLink):
        return opened
    state, row = subject_of(_links(service, opened.states), opened.ticket, opened.states)
    if state is None or row is None or not needs_answer(row) or row.kind == "collection":
        return ClosedLink("gone")
    return occurrence_link(opened, state, row)


def occurrence_link(opened: OpenLink, state: ProgrammeState, row: Occurrence) -> OccurrenceLink | ClosedLink:
    """Return a reader's part in an occurrence, else that it has moved or was never the reader's."""
    own = speaks_for(state.people, responsible(state, row, opened.today), opened.reader, opened.today)
    opened = opened.only(state.programme.key)
    return OccurrenceLink(opened, state, row, own) if own else not_ours(opened, state, row.id.action)


def not_ours(opened: OpenLink, state: ProgrammeState, action: str) -> ClosedLink:
    """Return why an action's matter is closed to a reader who answers for none of its organisations."""
    mine = units_of(state.people, opened.reader, opened.today)
    found = state.programme.action_by_id[action]
    if takers := found.takers_of(mine, opened.today):
        return ClosedLink("moved", state, takers)
    return ClosedLink("left", state, found.leads_on(opened.today))


def subject_of(
    links: Links, ticket: Ticket, states: Mapping[str, ProgrammeState]
) -> tuple[ProgrammeState | None, Occurrence | None]:
    """Return the occurrence that a ticket is for, with its programme's state."""
    for state in states.values():
        found = links.subject_of(ticket, state.occurrences)
        if found:
            return state, state.occurrences[found]
    return None, None


@dataclass(frozen=True)
class OpenSeries:
    """A link to the dates of a series' year."""

    opened: OpenLink
    state: ProgrammeState
    series: SeriesYear

    @property
    def programme_key(self) -> str:
        """The key of its programme."""
        return self.state.programme.key

    @property
    def first(self) -> date:
        """The first day that may be set: what is past stays as it was."""
        return max(self.opened.today, date(self.series.year, 1, 1), self.state.programme.period.first)

    @property
    def last(self) -> date:
        """The last day of the year that lies in the programme."""
        return min(date(self.series.year, 12, 31), self.state.programme.period.last)


@dataclass(frozen=True)
class OpenTarget:
    """A link to the dates entered towards a target: the organisations that its reader enters them for."""

    opened: OpenLink
    state: ProgrammeState
    target: Target
    organisations: tuple[str, ...]

    @property
    def programme_key(self) -> str:
        """The key of its programme."""
        return self.state.programme.key


def open_series(service: Service, token: str) -> OpenSeries | ClosedLink:
    """Return the series' year that a link is about, else why it opens nothing."""
    opened = open_link(service, token, "series")
    if isinstance(opened, ClosedLink):
        return opened
    for state in opened.states.values():
        years = series_years(state)
        if subject := _links(service, opened.states).subject_of(opened.ticket, years):
            year = open_year(state, years[subject], opened.today)
            own = _speaks_for_action(opened, state, year.action)
            opened = opened.only(state.programme.key)
            return OpenSeries(opened, state, year) if own else not_ours(opened, state, year.action)
    return ClosedLink("gone")


def open_target(service: Service, token: str) -> OpenTarget | ClosedLink:
    """Return the target that a link is about, else why it opens nothing."""
    opened = open_link(service, token, "held")
    if isinstance(opened, ClosedLink):
        return opened
    for state in opened.states.values():
        known = {target_subject(state.programme, target): target for target in targets(state.programme)}
        if subject := _links(service, opened.states).subject_of(opened.ticket, known):
            target = known[subject]
            own = _speaks_for_action(opened, state, target[0])
            opened = opened.only(state.programme.key)
            return OpenTarget(opened, state, target, own) if own else not_ours(opened, state, target[0])
    return ClosedLink("gone")


def _speaks_for_action(opened: OpenLink, state: ProgrammeState, action: str) -> tuple[str, ...]:
    keys = state.programme.action_by_id[action].leads_on(opened.today)
    return speaks_for(state.people, keys, opened.reader, opened.today)


def request_new_link(service: Service, token: str, programme: str = "") -> None:
    """Let the reader of an expired link have a new one with the next mails; whoever asks learns nothing.

    A link to what waits is one of the ``programme`` that its address names. The new one goes to the address
    that the old one went to, as a reminder of the same matter (the unit's oldest, where the link was to its
    page), and so at most once a day.
    """
    today = civil_time(service.settings, service.clock()).day
    links = Links(service.secret)
    ticket = links.read(token)
    if ticket is None or today <= ticket.until:
        return
    own = programme if ticket.purpose in _OF_READER else ""
    with service.database.write() as connection:
        if own and own not in programmes.programme_keys(connection):
            return
        states = load_states(connection, own)
        reader = links.reader_of(ticket, valid_addresses((state.people for state in states.values()), today))
        links = _links(service, states)
        found = _wanted(links, ticket, states, reader, today) if reader else None
        if reader and found:
            state, row = found
            reminder = DueReminder(
                occurrence=str(row.id),
                stage=LINK,
                recipient=folded(reader),
                organisations=_waiting_for(state, row, reader, today),
                role="unit",
                due_on=today,
                order=(today - row.due).days,
                reason="repeated",
                sequence=today.toordinal(),  # so that it is unique a day
            )
            if planned.add_planned(connection, [reminder], service.clock()):  # once a day
                key, about = state.programme.key, row.id.action
                record_act(connection, service, "link-asked", key, about, person=reminder.recipient)


def _wanted(
    links: Links, ticket: Ticket, states: Mapping[str, ProgrammeState], reader: str, today: date
) -> tuple[ProgrammeState, Occurrence] | None:
    """Return what a new link would be about: still open, and still the reader's."""
    match ticket.purpose:
        case "answer" | "form" | "calendar":
            state, row = subject_of(links, ticket, states)
            rows = [(state, row)] if state and row else []
        case "series" | "held":
            rows = [(state, row) for state in states.values() for row in _dated(links, ticket, state, today)]
        case _:
            matters = ((state, one) for state in states.values() for one in matters_of(state, reader, today))
            rows = [(state, one.occurrence) for state, one in matters if one.waiting]
            rows.sort(key=lambda pair: (pair[1].due, str(pair[1].id)))
    return next((pair for pair in rows if _waiting_for(*pair, reader, today)), None)


def _dated(links: Links, ticket: Ticket, state: ProgrammeState, today: date) -> list[Occurrence]:
    """Return the events that ask for the dates that a link is about: a series' one, a target's latest."""
    rows = [row for row in state.occurrences.values() if row.kind == "event"]
    if ticket.purpose == "series":
        asking = asks_for_dates(tuple(rows))
        by_subject = {series_subject(row): row for row in rows if str(row.id) in asking}
    else:
        reached = sorted((row for row in rows if row.due <= today), key=lambda row: row.due)
        paced = (row for row in reached if is_checkpoint(row.id))
        by_subject = {target_subject(state.programme, target_of(row.id)): row for row in paced}
    subject = links.subject_of(ticket, by_subject)
    return [by_subject[subject]] if subject else []


def _waiting_for(state: ProgrammeState, row: Occurrence, reader: str, today: date) -> tuple[str, ...]:
    waiting = unanswered(state, row, today)
    own = speaks_for(state.people, responsible(state, row, today), reader, today)
    return tuple(key for key in own if key in waiting)


@dataclass(frozen=True, slots=True)
class ByHand:
    """Somebody who manages a programme opens a form, instead of a unit by its link: of which round, who."""

    year: int
    programme: str
    by: str


Door = str | ByHand
"""How a form is opened: by a link's token, or by hand."""


@dataclass(frozen=True)
class OpenForm:
    """What a link opens: the round, its reader's address, and the units that the reader answers for."""

    found: Round
    reader: str
    units: tuple[str, ...]

    @property
    def occurrence(self) -> str:
        """The id of the round."""
        return str(self.found.row.id)

    @property
    def programme_key(self) -> str:
        """The key of its programme."""
        return self.found.stored.programme.key

    def actions(self, unit: str) -> tuple[Action, ...]:
        """Return the actions that a unit's form asks about."""
        return actions_of(self.found.state, unit, day_asked(self.found.row, self.found.today))


def open_form(service: Service, door: Door) -> OpenForm | ClosedLink:
    """Return what a link opens, or why it opens nothing; nothing is written.

    By hand every unit's form opens; ``NotFoundError`` when there is no such round.
    """
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        return open_in(service, connection, door, today)


def open_in(service: Service, connection: Connection, door: Door, today: date) -> OpenForm | ClosedLink:
    """Return the same inside the caller's transaction; ``today`` is the service's civil date."""
    if isinstance(door, ByHand):
        found = round_of(connection, door.year, today, door.programme)
        units = responsible(found.state, found.row, day_asked(found.row, today))
        return OpenForm(found, door.by, units)
    links = links_of(service.secret, (row.programme for row in programmes.all_programmes(connection)))
    ticket = links.read(door)
    if ticket is None or ticket.purpose != "form":
        return ClosedLink("unknown")
    known = collection_store.rounds(connection)
    occurrence = links.subject_of(ticket, known)
    if occurrence is None:
        return ClosedLink("gone")
    found = round_of(connection, known[occurrence], today, OccurrenceID.parse(occurrence).programme)
    reader = links.reader_of(ticket, valid_addresses([found.state.people], today))
    keys = responsible(found.state, found.row, day_asked(found.row, today))
    units = speaks_for(found.state.people, keys, reader, today) if reader else ()
    if (
        reader
        and not units
        and (moved := _moved(found.state, units_of(found.state.people, reader, today), today))
    ):
        return moved
    if reader is None or not units:
        left = _left(links, ticket, {found.state.programme.key: found.state}, today)
        if left.why == "left" and not left.to:  # of nobody in the list: whoever the round was told to
            mailed = planned.reminders_of(connection, found.state.programme.key, {occurrence})
            left = replace(left, state=found.state, to=_told_for(links, ticket, mailed, keys))
        return left
    # What was sent is shown for a while after the form has closed.
    last = max(ticket.until, last_day(found.row.closes or ticket.until))
    return OpenForm(found, reader, units) if today <= last else ClosedLink("expired", found.state, units)


def _told_for(
    links: Links, ticket: Ticket, mailed: Collection[planned.MailedReminder], keys: Collection[str]
) -> tuple[str, ...]:
    """Return for which of some units the mails went out that a link's reader got."""
    reader = links.reader_of(ticket, (one.reminder.recipient for one in mailed))
    own = (one.reminder.organisations for one in mailed if one.reminder.recipient == reader)
    return tuple(dict.fromkeys(key for units in own for key in units if key in keys))
