"""Programmes and contacts into the database: wording to rules to rows, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from calendars.left_over import SHOWN_FOR
from reminders import programmes as built_in
from reminders.errors import NotFoundError
from reminders.planning.due import all_stages
from reminders.planning.recipients import Contact, People
from reminders.planning.replies import with_ended, with_moved_dates, with_past_dates
from reminders.planning.state import ProgrammeRow, ProgrammeState
from reminders.store import Connection, Database, answers, people as store_people, programmes
from reminders.use.feeds.published import programme_stamp, record_published
from reminders.use.planning.load_state import ended_at, read_each
from schedule_rules.occurrence import Occurrence, OccurrenceID, occurrences
from schedule_rules.programme import EndedAction, Programme

FIRST_PROGRAMME = "vaasa-2023-2026"
"""The built-in programme that a new database is filled with."""


def make_ready(database: Database, now: datetime, *, held: bool) -> None:
    """Migrate the database; an empty one gets the built-in programme and its example contacts.

    Killed half-way, the next call completes it: everything is one transaction.
    ``held`` tells whether the new programme waits for its release.
    """
    database.migrate(lambda connection: note_calendars(connection, now))
    with database.read() as connection:
        if programmes.programme_keys(connection):
            return
    programme, contacts = read_built_in(FIRST_PROGRAMME)
    with database.write() as connection:
        if not programmes.programme_keys(connection):
            store_programme(connection, programme, now, built_in=True, held=held)
            store_people.save_contacts(connection, programme.key, contacts)


def note_calendars(connection: Connection, now: datetime) -> None:
    """Bring to this release what an older one stored of programmes and noted of their calendars.

    Where it assumed other dates of events, they are worked out anew: those that no longer stand go without a
    word, for they never were.
    """

    def of_programme(key: str) -> None:
        row = programmes.stored_programme(connection, key)
        record_published(connection, row, now)
        stored = {str(one.row.id) for one in programmes.stored_occurrences(connection, key)}
        events = {str(one.id) for one in occurrences(row.programme) if one.kind == "event"}
        if events != {one for one in stored if OccurrenceID.parse(one).kind == "event"}:
            rework(connection, key, now)

    read_each(programmes.programme_keys(connection), of_programme)


def read_built_in(key: str) -> tuple[Programme, tuple[Contact, ...]]:
    """Return a programme that ships with the service, and its example contacts."""
    if key not in built_in.built_in_keys():
        raise NotFoundError(f"no built-in programme {key!r}; there are {', '.join(built_in.built_in_keys())}")
    # The readers of files are heavy, and needed but once a database.
    from reminders.intake.contacts import read_contacts  # noqa: PLC0415
    from reminders.intake.formats import read_programme  # noqa: PLC0415

    programme = read_programme(built_in.built_in_text(key), f"{key}.yaml")
    listed = read_contacts(
        built_in.built_in_contacts(key), f"{key}.contacts.csv", programme.organisation_by_key
    )
    return programme, listed


def store_programme(
    connection: Connection, programme: Programme, now: datetime, *, built_in: bool = False, held: bool = True
) -> bool:
    """Store a programme with its occurrences and stages; return whether anything changed.

    Rows of a new programme carry the data's own stamp, so that two databases
    with the same data publish the same octets.
    """
    known = programmes.programme_keys(connection)
    changed = programmes.save_programme(connection, programme, built_in=built_in, held=held, now=now)
    if changed:
        rework(connection, programme.key, now if programme.key in known else programme_stamp(programme))
    return changed


def rework(connection: Connection, key: str, now: datetime) -> None:
    """Bring a programme's occurrences and stages to what it says now, what people decided included."""
    zone = ZoneInfo(programmes.stored_programme(connection, key).programme.timezone)
    today = now.astimezone(zone).date()
    programmes.set_ended(connection, key, ended_by_people(connection, key, zone, today))
    row = programmes.stored_programme(connection, key)
    programme = row.programme
    known = {str(one.row.id): one.row for one in programmes.stored_occurrences(connection, key)}
    rows = occurrences(programme)
    if not row.is_draft:
        rows = with_past_dates(rows, known, today)
    rows = with_moved_dates(rows, answers.moves_of(connection, key))
    if programme.ended:
        given = answers.answers_of(connection, key)
        answered = {
            one.occurrence
            for one in given
            if one.answer == "done" or OccurrenceID.parse(one.occurrence).kind == "review"
        }
        rows = with_ended(rows, programme.ended, answered)
    programmes.save_occurrences(connection, rows, key, now, today)
    store_stages(connection, row)
    record_published(connection, row, now)


def ended_by_people(connection: Connection, key: str, zone: tzinfo, today: date) -> Mapping[str, EndedAction]:
    """Return the actions that have ended, and since when what is cancelled of them has left the calendars."""
    before = today - SHOWN_FOR
    found = ((action, at.astimezone(zone).date()) for action, at in ended_at(connection, key).items())
    return {action: EndedAction(on, before if before > on else None) for action, on in found}


def rework_ended(connection: Connection, key: str, now: datetime) -> bool:
    """Bring a programme to what people ended of its actions, or took back; return whether that changed.

    Of the calendars it changes where a cancelled date is over for ``SHOWN_FOR``.
    """
    row = programmes.stored_programme(connection, key)
    zone, known = ZoneInfo(row.programme.timezone), row.programme.ended
    wanted = ended_by_people(connection, key, zone, now.astimezone(zone).date())
    same = {action: one.on for action, one in wanted.items()} == {key: one.on for key, one in known.items()}
    if same and not _leaves_calendars(connection, key, known, wanted):
        return False
    programmes.touch_programme(connection, key, now)
    rework(connection, key, now)
    return True


def _leaves_calendars(
    connection: Connection, key: str, known: Mapping[str, EndedAction], wanted: Mapping[str, EndedAction]
) -> bool:
    """Tell whether a cancelled date of an ended action has been shown for long enough by now."""

    def leaves(row: Occurrence) -> bool:
        was, will = known[row.id.action].gone_before, wanted[row.id.action].gone_before
        return will is not None and (was or date.min) <= row.due < will

    rows = (one.row for one in programmes.stored_occurrences(connection, key)) if wanted else ()
    return any(leaves(row) for row in rows if row.status == "cancelled" and row.id.action in wanted)


def store_stages(connection: Connection, row: ProgrammeRow) -> None:
    """Work out a programme's stages anew, anchors of a first start included."""
    programme = row.programme
    stored = programmes.stored_occurrences(connection, programme.key)
    state = ProgrammeState(
        programme=programme,
        occurrences={str(one.row.id): one.row for one in stored},
        people=People((), programme.monitored_by),
        workdays=row.policy.workdays,
        policy=row.policy,
        anchors={str(one.row.id): one.anchor_on for one in stored if one.anchor_on},
    )
    programmes.save_stage_rows(connection, programme.key, all_stages(state, state.occurrences.values()))


def existing_database(url: str) -> Database:
    """Open the database of an address as it stands; nothing is made (``Database.existing``)."""
    return Database.existing(url)


def open_database(url: str, now: datetime, *, held: bool) -> Database:
    """Open the database of an address, made, migrated and filled if need be (``make_ready``)."""
    database = Database(url)
    make_ready(database, now, held=held)
    return database
