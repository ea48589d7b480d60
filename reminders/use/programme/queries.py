"""What is stored of programmes, for those who list or explain it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from reminders.clock import civil_time
from reminders.errors import NotFoundError, UsageError
from reminders.planning.addresses import folded
from reminders.planning.replies import Answer
from reminders.planning.standing import Counts, ProgrammeStanding, Standing, overview, programme_standing
from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.store import Connection, answers, people, programmes
from reminders.use.planning.load_state import load_state, read_each
from reminders.use.planning.preview import next_sending
from reminders.use.programme.explain import explain
from schedule_rules.days import Span
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang, Programme, Text


def stored_programmes(service: Service) -> tuple[ProgrammeRow, ...]:
    """Return every stored programme."""
    with service.database.read() as connection:
        return programmes.all_programmes(connection)


def damaged_programmes(service: Service) -> tuple[str, ...]:
    """Return the keys of the stored programmes that cannot be read."""
    with service.database.read() as connection:
        return tuple(programmes.readable_programmes(connection)[1])


def programme_row(service: Service, key: str) -> ProgrammeRow:
    """Return one stored programme; ``NotFoundError`` when there is none of this key."""
    with service.database.read() as connection:
        return programmes.stored_programme(connection, key)


def programmes_now(service: Service) -> list[tuple[ProgrammeRow, ProgrammeStanding, Counts]]:
    """Return every stored programme, how it stands today, and how many of its matters stand so."""
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        rows = {row.programme.key: row for row in programmes.all_programmes(connection)}

        def now(key: str) -> tuple[ProgrammeRow, ProgrammeStanding, Counts]:
            state = load_state(connection, rows[key])
            return rows[key], programme_standing(state, today), overview(state, today).counts

        return list(read_each(rows, now).values())


@dataclass(frozen=True, slots=True)
class FormerHolder:
    """An action that had an id ``until`` a version was replaced; ``now`` is its id, nothing: it is gone."""

    title: Text
    until: datetime
    now: str


def former_holders(connection: Connection, programme: Programme, action: str) -> tuple[FormerHolder, ...]:
    """Return the actions that had an id before the one that has it now, newest first.

    An action is known by its first id, which every version keeps (``Programme.origin``), through all that
    happened to its own since.
    """
    ids = {programme.origin(one.id): one.id for one in programme.actions}
    found: dict[str, FormerHolder] = {}
    for version in programmes.programme_versions(connection, programme.key):
        holder = version.programme.action_by_id.get(action)
        first = version.programme.origin(action)
        if holder is not None and ids.get(first) != action:
            found.setdefault(first, FormerHolder(holder.title, version.replaced_at, now=ids.get(first, "")))
    return tuple(found.values())


def renumbered(connection: Connection, action: str, key: str | None = None) -> tuple[str, str] | None:
    """Return programme and id of the action that had an id last which no action of ``key`` has any more.

    Without a ``key`` any programme may be meant; None: there was no such action, or it is gone.
    """
    for row in programmes.all_programmes(connection):
        programme = row.programme
        if key in {None, "", programme.key} and action not in programme.action_by_id:
            if whole := part_of(row, action):
                return programme.key, whole
            last = next(iter(former_holders(connection, programme, action)), None)
            if last and last.now:
                return programme.key, last.now
    return None


def part_of(row: ProgrammeRow, action: str) -> str:
    """Return the action that people said an action to be part of, or that this is part of; else nothing."""
    seen = [action]
    while made := [one for one in row.corrections.get(seen[-1], ()) if one.field == "part-of"]:
        if made[-1].value in {"", *seen}:
            break
        seen.append(made[-1].value)
    return seen[-1] if seen[-1] in row.programme.action_by_id and seen[-1] != action else ""


def standing_answers(connection: Connection, key: str) -> Mapping[str, list[Answer]]:
    """Return a programme's answers that nobody took back by occurrence, each's oldest first."""
    found: dict[str, list[Answer]] = {}
    for answer in answers.standing_answers_of(connection, key):
        found.setdefault(answer.occurrence, []).append(answer)
    return found


def chosen_programme(
    service: Service,
    key: str | None = "",
    action: str = "",
    organisations: Collection[str] = (),
    address: str = "",
) -> str:
    """Return the key of the programme that is meant: ``key``, else the one that has what is named.

    An ``address`` is in the programmes whose contact lists name it, in any spelling.

    Raises ``NotFoundError`` where none is meant, ``UsageError`` with all their names where several may be.
    """
    with service.database.read() as connection:
        if action:
            row = programmes.programme_of_action(connection, action, key)
        elif organisations:
            row = programmes.programme_of_organisations(connection, organisations, key)
        elif address and not key:
            row = _programme_of_address(connection, address)
        else:
            row = programmes.only_programme(connection, key)
    return row.programme.key


def _programme_of_address(connection: Connection, address: str) -> ProgrammeRow:
    found = [
        key
        for key in programmes.programme_keys(connection)
        if any(one.identity == folded(address) for one in people.contacts_of(connection, key))
    ]
    if len(found) > 1:
        raise UsageError(
            f"{address} is in several programmes: {', '.join(found)}; name one with --programme KEY"
        )
    if not found and len(programmes.programme_keys(connection)) > 1:
        raise NotFoundError(f"{address} is in no contact list; reminders contacts export prints one")
    return programmes.only_programme(connection, next(iter(found), None))


def occurrences_within(
    service: Service, window: Span, key: str | None = None
) -> list[tuple[Programme, Occurrence, Iterable[Answer], Standing]]:
    """Return what is due within ``window``, of one programme or all, with its answers and how it stands."""
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:

        def due(key: str) -> list[tuple[Programme, Occurrence, Iterable[Answer], Standing]]:
            stored = programmes.stored_programme(connection, key)
            given = standing_answers(connection, key)
            rows = programmes.stored_occurrences(connection, key)
            standings = overview(load_state(connection, stored, stored=rows), today).standings
            return [
                (
                    stored.programme,
                    row.row,
                    given.get(row_id, ()),
                    standings[row_id],
                )
                for row in rows
                if row.row.due in window and (row_id := str(row.row.id))
            ]

        if key:
            return due(key)
        found = read_each(programmes.programme_keys(connection), due)
    return [one for ones in found.values() for one in ones]


def explain_action(service: Service, action: str, lang: Lang, key: str | None = None) -> str:
    """Explain an action as of the next sending day of its programme (see ``chosen_programme``)."""
    key = chosen_programme(service, key, action)
    day = next_sending(service, key).date()
    with service.database.read() as connection:
        row = programmes.stored_programme(connection, key)
        state, chosen = load_state(connection, row), row.programme.action_by_id[action]
    return explain(state, chosen, lang, day, started=row.started_on is not None)
