"""A round of the annual data collection: how it stands; opened, closed and reminded of by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reminders.clock import civil_time
from reminders.collection.measures import ValueRow
from reminders.collection.round import (
    Progress,
    Reminded,
    next_nudge,
    nudge_stage,
    round_progress,
)
from reminders.errors import GuardError, NotFoundError, UsageError
from reminders.planning.due import due_reminders
from reminders.planning.replies import MovedDate
from reminders.planning.standing import RoundStanding, is_open_by_hand, round_standing
from reminders.planning.state import ProgrammeRow, ProgrammeState
from reminders.service import Service
from reminders.store import Connection, answers, collection as store, planned, programmes
from reminders.store.collection import FormRow, NudgeRow
from reminders.use.planning.load_state import load_state
from reminders.use.programme.store_programme import rework
from reminders.use.watch.audit import record_act
from schedule_rules.occurrence import Occurrence

LONGEST_OPEN: Final = timedelta(days=366)
"""How far ahead the new closing day of a round may lie."""


@dataclass(frozen=True)
class Round:
    """A round as it stands on ``today``. ``mails`` are those about it, escalations included.

    ``values`` are those of its year, and that one was not measured.
    """

    stored: ProgrammeRow
    state: ProgrammeState
    row: Occurrence
    today: date
    phase: RoundStanding
    progress: Progress
    forms: Mapping[str, FormRow]
    nudges: tuple[NudgeRow, ...]
    mails: tuple[Reminded, ...]
    values: tuple[ValueRow, ...] = ()

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
    """Return a programme's round of a year (no programme: the one that has one).

    Raises ``NotFoundError`` where none has, ``UsageError`` where several have.
    """
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
    found = {
        key: one.row
        for key in programmes.programme_keys(connection)
        if programme in {None, key}
        for one in programmes.stored_occurrences(connection, key)
        if one.row.kind == "collection" and one.row.year == year
    }
    if not found:
        raise NotFoundError(
            f"no annual data collection for {year}" + (f" in {programme!r}" if programme else "")
        )
    if len(found) > 1:
        names = ", ".join(found)
        raise UsageError(f"there are several rounds for {year}: {names}; name one with --programme KEY")
    ((key, row),) = found.items()
    stored = programmes.stored_programme(connection, key)
    state, occurrence = load_state(connection, stored), str(row.id)
    forms = store.forms_of(connection, occurrence)
    sent = {unit: form.submitted_at is not None for unit, form in forms.items()}
    return Round(
        stored=stored,
        state=state,
        row=row,
        today=today,
        phase=round_standing(row, today, by_hand=is_open_by_hand(state, row)),
        progress=round_progress(state, row, today, sent),
        forms=forms,
        nudges=store.nudges_of(connection, occurrence),
        mails=store.reminded(connection, occurrence),
        values=tuple(one for one in store.value_rows(connection, key) if one.year == year),
    )


def close_round(service: Service, year: int, by: str = "", programme: str | None = None) -> None:
    """Close a round by hand, else ``NotFoundError``; it takes no form and reminds nobody."""
    now = service.clock()
    with service.database.write() as connection:
        found = round_of(connection, year, civil_time(service.settings, now).day, programme)
        store.set_form_open(connection, str(found.row.id), is_open=False, by=by, now=now)
        record_act(connection, service, "round-closed", found.stored.programme.key, str(found.year), by=by)


def reopen_round(
    service: Service, year: int, until: date, by: str = "", programme: str | None = None
) -> Round:
    """Open a round again, or longer, until the end of a new closing day; return it as it stands then.

    The day is shown wherever the round is, and its reminders count from it; the closing day that it had moves
    nothing while its due date lies ahead. Those who are missing are told with the next mails. Raises
    ``NotFoundError`` for no such round, ``UsageError`` for a day that is past.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        found = round_of(connection, year, today, programme)
        key, occurrence = found.stored.programme.key, str(found.row.id)
        if not today < until <= today + LONGEST_OPEN:
            expected = f"a day after {today}, {today + LONGEST_OPEN} at the latest"
            raise UsageError(f"closing date: expected {expected}; found {until}")
        if found.phase == "coming":
            raise UsageError(f"the data collection for {found.year} has not opened yet")
        if found.phase == "closed":
            store.set_form_open(connection, occurrence, is_open=True, by=by, now=now)
        told_on = found.state.workdays.on_or_after(today + timedelta(days=1))
        if until != found.row.closes or found.row.due < told_on:
            answers.add_move(connection, occurrence, MovedDate(until, by or "secretary", today))
            programmes.touch_programme(connection, key, now)
            rework(connection, key, now)
        record_act(connection, service, "round-opened", key, f"{found.year}: {until}", by=by)
        return round_of(connection, year, today, key)


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
        store.add_nudge(connection, stage.occurrence, NudgeRow(found.today, by, now, len(reminders)))
        planned.add_planned(connection, reminders, now)
        key, about = found.stored.programme.key, str(found.year)
        record_act(connection, service, "units-reminded", key, about, by=by, counts={"mails": len(reminders)})
    return len(reminders)
