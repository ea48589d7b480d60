"""A round of the annual data collection: how it stands; opened, closed and reminded of by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reminders.clock import civil_time
from reminders.collection.round import (
    Progress,
    Reminded,
    RoundState,
    next_nudge,
    nudge_stage,
    round_progress,
    round_state,
)
from reminders.errors import GuardError, NotFoundError
from reminders.planning.due import due_reminders
from reminders.planning.state import ProgrammeRow, ProgrammeState
from reminders.service import Service
from reminders.store import Connection, collection as store, planned, programmes
from reminders.store.collection import FormRow, NudgeRow
from reminders.use.planning.load_state import load_state
from schedule_rules.occurrence import Occurrence


@dataclass(frozen=True)
class Round:
    """A round as it stands on ``today``. ``mails`` are those about it, escalations included."""

    stored: ProgrammeRow
    state: ProgrammeState
    row: Occurrence
    today: date
    phase: RoundState
    progress: Progress
    forms: Mapping[str, FormRow]
    nudges: tuple[NudgeRow, ...]
    mails: tuple[Reminded, ...]

    @property
    def year(self) -> int:
        """The year that is reported on."""
        return self.row.year or self.row.due.year

    @property
    def next_nudge(self) -> date:
        """The first day on which units may be reminded by hand."""
        return next_nudge((one.on for one in self.nudges), self.today)


def years_of(stored: ProgrammeRow, connection: Connection) -> tuple[int, ...]:
    """Return the years that a programme has rounds of."""
    rows = programmes.stored_occurrences(connection, stored.programme.key)
    return tuple(sorted({one.row.year for one in rows if one.row.kind == "collection" and one.row.year}))


def read_round(service: Service, year: int, programme: str | None = None) -> Round:
    """Return a programme's round of a year (no programme: the first with one), else ``NotFoundError``."""
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        return round_of(connection, year, today, programme)


def newest_year(service: Service, programme: str | None = None) -> int:
    """Return the year of the round that opened last, else of the first to come, else ``NotFoundError``."""
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        found = [
            one.row
            for key in programmes.programme_keys(connection)
            if programme in {None, key}
            for one in programmes.stored_occurrences(connection, key)
            if one.row.kind == "collection"
        ]
    opened = [row for row in found if row.opens and row.opens <= today]
    years = [row.year for row in (opened[-1:] or found[:1]) if row.year]
    if not years:
        raise NotFoundError("no annual data collection")
    return years[0]


def round_of(connection: Connection, year: int, today: date, programme: str | None = None) -> Round:
    """Return a round inside the caller's transaction (see ``read_round``)."""
    for key in programmes.programme_keys(connection):
        if programme not in {None, key}:
            continue
        stored = programmes.stored_programme(connection, key)
        state = load_state(connection, stored)
        rounds = (one for one in state.occurrences.values() if one.kind == "collection" and one.year == year)
        if row := next(rounds, None):
            occurrence = str(row.id)
            forms = store.forms_of(connection, occurrence)
            sent = {unit: form.submitted_at is not None for unit, form in forms.items()}
            return Round(
                stored=stored,
                state=state,
                row=row,
                today=today,
                phase=round_state(row, today, by_hand=store.set_by_hand(connection, key).get(occurrence)),
                progress=round_progress(state, row, today, sent),
                forms=forms,
                nudges=store.nudges_of(connection, occurrence),
                mails=store.reminded(connection, occurrence),
            )
    raise NotFoundError(f"no annual data collection for {year}" + (f" in {programme!r}" if programme else ""))


def open_or_close(
    service: Service, year: int, *, is_open: bool, by: str = "", programme: str | None = None
) -> None:
    """Open or close a round by hand, else ``NotFoundError``; a closed one takes no form, reminds nobody."""
    now = service.clock()
    with service.database.write() as connection:
        found = round_of(connection, year, civil_time(service.settings, now).day, programme)
        store.set_form_open(connection, str(found.row.id), is_open=is_open, by=by, now=now)


def nudge_units(service: Service, year: int, by: str = "", programme: str | None = None) -> int:
    """Remind those who have not answered once more, by hand; return how many reminders were planned.

    They go with the day's mails like any other: one mail a recipient a day, inside the
    sending window. Raises ``GuardError`` while the round is not open, the programme is
    held, or within a week of the last time; ``NotFoundError`` when there is no such round.
    """
    now = service.clock()
    with service.database.write() as connection:
        found = round_of(connection, year, civil_time(service.settings, now).day, programme)
        if found.phase != "open":
            raise GuardError(f"the data collection for {found.year} is not open")
        if found.stored.held or found.stored.started_on is None:
            raise GuardError(f"{found.stored.programme.key} is held: nothing is sent")
        if found.next_nudge > found.today:
            again = f"possible again {found.next_nudge}"
            raise GuardError(f"units were reminded by hand less than a week ago; {again}")
        stage = nudge_stage(found.row, found.today, found.state.workdays)
        reminders = due_reminders([stage], stage.send_on, found.state, planned.sent_counts(connection))
        planned.add_planned(connection, reminders)
        store.add_nudge(connection, stage.occurrence, NudgeRow(found.today, by, now, len(reminders)))
    return len(reminders)
