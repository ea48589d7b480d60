"""Programmes as rows: what was imported, chosen and corrected; their occurrences and stages.

A programme is a JSON document, an occurrence a row. Of what people chose over the defaults, and
of their corrections, the newest of a name holds; earlier ones stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update

from reminders.errors import DamagedError, NotFoundError, UsageError
from reminders.planning.policy import DEFAULT_POLICY, Policy, Stage
from reminders.planning.programme_settings import SettingRecord, policy_with, programme_with
from reminders.planning.state import ProgrammeRow, needs_answer
from reminders.store import tables
from reminders.store.answers import handovers_of
from reminders.store.renaming import MovedCells
from reminders.store.series import stored_series
from reminders.store.tables import columns_of, from_row, grouped, of_programme, values_of
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import Correction, EndedAction, Programme, Text
from schedule_rules.rule import Basis

_AT_ONCE = 500
_PROGRAMME = TypeAdapter(Programme)
_BASIS = TypeAdapter(Basis)
_TEXT = TypeAdapter(Text)


@dataclass(frozen=True, slots=True)
class Revision:
    """What tells one state of a programme from another: cheap to ask, equal when nothing changed."""

    programme: str
    sha256: str
    held: bool
    started_on: date | None
    modified: datetime | None
    rows: int
    touched: datetime | None = None
    series: int | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class StoredOccurrence:
    """An occurrence with what only the store knows about it."""

    row: Occurrence
    anchor_on: date | None
    sequence: int
    modified: datetime


def save_programme(
    connection: Connection, programme: Programme, *, built_in: bool, held: bool, now: datetime
) -> bool:
    """Store a programme, new or changed; return whether anything changed. Holds and starts stay."""
    document = programme_document(programme)
    values = {"document": document, "sha256": hashlib.sha256(document.encode()).hexdigest(), "loaded_at": now}
    table = tables.programme
    known = connection.execute(select(table.c.document).where(table.c.key == programme.key)).scalar()
    if known is None:
        row = {"key": programme.key, "built_in": built_in, "held": held, **values}
        # Another process may store the same one at this moment: then it is not ours to fill.
        statement = tables.insert_or_ignore(connection, table).values(row).returning(table.c.key)
        return connection.execute(statement).scalar() is not None
    if known != document:
        changed = {**values, "modified": now}
        connection.execute(update(table).where(table.c.key == programme.key).values(changed))
    return bool(known != document)


@dataclass(frozen=True, slots=True)
class ProgrammeVersion:
    """What a programme was before: as printed then, and the keys that rows got when it was replaced.

    ``moves`` are {"actions": {old: new}, "organisations": {old: new}}; ``joined`` are the cells that named an
    organisation which another took in then (``renaming.moved_cells``).
    """

    programme: Programme
    findings: tuple[Mapping[str, str], ...]
    loaded_at: datetime
    replaced_at: datetime
    moves: Mapping[str, Mapping[str, str]]
    joined: MovedCells = field(default_factory=list)


def note_joined(connection: Connection, key: str, cells: MovedCells) -> None:
    """Note with the version that was kept last which cells an organisation took in with the one after it."""
    table = tables.programme_version
    last = select(func.max(table.c.id)).where(table.c.programme == key).scalar_subquery()
    connection.execute(update(table).where(table.c.id == last).values(joined=cells))


def keep_version(
    connection: Connection, key: str, moves: Mapping[str, Mapping[str, str]], now: datetime
) -> None:
    """Keep a programme as it stands, before another version takes its place."""
    table = tables.programme
    query = select(table.c.document, table.c.findings, table.c.loaded_at).where(table.c.key == key)
    row = connection.execute(query).mappings().one()
    values = {**row, "findings": row["findings"] or [], "replaced_at": now, "moves": moves}
    connection.execute(insert(tables.programme_version).values(programme=key, **values))


def programme_versions(connection: Connection, key: str) -> tuple[ProgrammeVersion, ...]:
    """Return what a programme was before, newest first, as far as it can be read."""
    found = []
    for row in connection.execute(_versions(key)).mappings():
        with suppress(DamagedError):
            found.append(_read_version(row))
    return tuple(found)


def version_before(connection: Connection, key: str) -> ProgrammeVersion | None:
    """Return what a programme was before its newest version; ``DamagedError`` where that cannot be read."""
    row = connection.execute(_versions(key).limit(1)).mappings().one_or_none()
    return _read_version(row) if row else None


def _versions(key: str) -> Select[Any]:
    table = tables.programme_version
    return select(table).where(table.c.programme == key).order_by(table.c.id.desc())


def _read_version(row: RowMapping) -> ProgrammeVersion:
    return ProgrammeVersion(
        _read_document(row["programme"], row["document"]),
        tuple(row["findings"]),
        row["loaded_at"],
        row["replaced_at"],
        row["moves"],
        row["joined"] or [],
    )


@dataclass(frozen=True, slots=True)
class ReadingChoiceRow:
    """How a person said that documents of some headings are to be read."""

    id: int
    headings: tuple[str, ...]
    choices: Mapping[str, Any]
    chosen_on: date


def reading_choices(connection: Connection, key: str | None) -> tuple[ReadingChoiceRow, ...]:
    """Return the choices that are remembered of a programme's documents, or of all, in their order."""
    table = tables.reading_choice
    query = select(table).order_by(table.c.id)
    if key is not None:
        query = query.where(table.c.programme == key)
    return tuple(
        ReadingChoiceRow(row["id"], tuple(row["headings"]), row["choices"], row["chosen_on"])
        for row in connection.execute(query).mappings()
    )


def add_reading_choice(
    connection: Connection, key: str, headings: Sequence[str], choices: Mapping[str, Any], day: date
) -> None:
    """Remember the choices for documents of these headings."""
    row = {"programme": key, "headings": list(headings), "choices": dict(choices), "chosen_on": day}
    connection.execute(insert(tables.reading_choice).values(row))


def remove_reading_choices(connection: Connection, ids: Collection[int]) -> None:
    """Remove remembered choices."""
    table = tables.reading_choice
    connection.execute(delete(table).where(table.c.id.in_(ids)))


def all_programmes(connection: Connection) -> tuple[ProgrammeRow, ...]:
    """Return every stored programme that can be read, in order of key."""
    return readable_programmes(connection)[0]


def readable_programmes(connection: Connection) -> tuple[tuple[ProgrammeRow, ...], Mapping[str, str]]:
    """Return every programme that can be read, and of the others why not, by key; none stops another."""
    found, faults = [], {}
    rows = connection.execute(select(tables.programme).order_by(tables.programme.c.key)).mappings()
    for row in rows.all():
        try:
            found.append(_programme(connection, row))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep other programmes back
            faults[row["key"]] = type(error).__name__
    return tuple(found), faults


def policies(connection: Connection) -> Mapping[str, tuple[Policy, bool]]:
    """Return the policy of each programme, and whether it is held, without reading the programmes.

    Choices that cannot be read leave the defaults.
    """
    table, found = tables.programme, {}
    for key, held in connection.execute(select(table.c.key, table.c.held).order_by(table.c.key)).all():
        try:
            policy = policy_with(setting_texts(connection, key))
        except ValueError:
            policy = DEFAULT_POLICY
        found[key] = policy, held
    return found


def programme_keys(connection: Connection) -> tuple[str, ...]:
    """Return the keys of the stored programmes, in order, without reading the programmes."""
    key = tables.programme.c.key
    return tuple(connection.execute(select(key).order_by(key)).scalars())


def stored_programme(connection: Connection, key: str) -> ProgrammeRow:
    """Return one stored programme.

    Raises ``NotFoundError`` when there is none of this key, ``DamagedError`` when it cannot be read.
    """
    query = select(tables.programme).where(tables.programme.c.key == key)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise _no_programme(connection, key)
    return _programme(connection, row)


def check_programme(connection: Connection, key: str) -> None:
    """Raise ``NotFoundError``, with those that there are, when no programme of this key is stored."""
    if key not in programme_keys(connection):
        raise _no_programme(connection, key)


def _no_programme(connection: Connection, key: str) -> NotFoundError:
    known = ", ".join(programme_keys(connection))
    there = f"there is {known}" if known else "reminders import FILE reads one"
    return NotFoundError(f"no programme {key!r}; {there}")


def programme_of_action(connection: Connection, action: str, key: str | None = None) -> ProgrammeRow:
    """Return the programme that has an action, or ``key`` if it has it.

    Raises ``NotFoundError`` for none, ``UsageError`` where several have it and none is named.
    """
    rows = _candidates(connection, key)
    found = [row for row in rows if action in row.programme.action_by_id]
    return _only_one(connection, found, "action", action)


def programme_of_organisations(
    connection: Connection, organisations: Collection[str], key: str | None = None
) -> ProgrammeRow:
    """Return the programme that has all these organisations; as ``programme_of_action``."""
    rows = _candidates(connection, key)
    known = {one for row in rows for one in row.programme.organisation_by_key}
    if unknown := [one for one in organisations if one not in known]:
        names = ", ".join(row.programme.key for row in rows)
        left = _not_looked_at(connection)
        raise NotFoundError(f"no organisation {unknown[0]!r} in {names or 'any programme'}{left}")
    found = [row for row in rows if set(organisations) <= row.programme.organisation_by_key.keys()]
    return _only_one(connection, found, "organisation", " and ".join(dict.fromkeys(organisations)))


def _candidates(connection: Connection, key: str | None) -> tuple[ProgrammeRow, ...]:
    """Return the programme ``key``, else all that can be read."""
    return (stored_programme(connection, key),) if key else all_programmes(connection)


def only_programme(connection: Connection, key: str | None = None) -> ProgrammeRow:
    """Return the programme ``key``, or the one that there is; ``UsageError`` where several are."""
    return stored_programme(connection, only_key(connection, key))


def only_key(connection: Connection, key: str | None = None) -> str:
    """Return ``key``, or that of the one programme that there is; ``UsageError`` where several are."""
    if key:
        return key
    keys = programme_keys(connection)
    if not keys:
        raise NotFoundError("no programme; reminders import FILE reads one")
    if len(keys) > 1:
        names = ", ".join(keys)
        raise UsageError(f"there are several programmes: {names}; name one with --programme KEY")
    return keys[0]


def _not_looked_at(connection: Connection) -> str:
    return "".join(f". {DamagedError(key)}" for key in readable_programmes(connection)[1])


def _only_one(connection: Connection, found: Sequence[ProgrammeRow], what: str, name: str) -> ProgrammeRow:
    if not found:
        left = _not_looked_at(connection)
        raise NotFoundError(f"no {what} {name!r}; reminders occurrences shows the ids{left}")
    if len(found) > 1:
        names = ", ".join(f"{row.programme.key} ({row.programme.name.get('en')})" for row in found)
        raise UsageError(f"{what} {name!r} is in several programmes: {names}; name one with --programme KEY")
    return found[0]


def _programme(connection: Connection, row: RowMapping) -> ProgrammeRow:
    key = row["key"]
    corrections, moves = corrections_of(connection, key), handovers_of(connection, key)
    chosen, printed = setting_texts(connection, key), _read_document(key, row["document"])
    own, ended = printed.corrected(corrections).handed_over(moves), ended_of(connection, key)
    return ProgrammeRow(
        programme_with(own.keeping(stored_series(connection, key)).with_ended(ended), chosen),
        printed,
        row["built_in"],
        row["held"],
        row["started_on"],
        row["loaded_at"],
        row["modified"],
        tuple(row["findings"] or ()),
        corrections,
        moves,
        chosen,
        row["closed_on"],
    )


def revisions(connection: Connection) -> tuple[Revision, ...]:
    """Return the revision of each programme, by key."""
    programme, row = tables.programme, tables.occurrence
    counted = (
        select(row.c.programme, func.max(row.c.modified).label("modified"), func.count().label("rows"))
        .group_by(row.c.programme)
        .subquery()
    )
    own = (programme.c.key, programme.c.sha256, programme.c.held, programme.c.started_on)
    of_rows = (counted.c.modified, func.coalesce(counted.c.rows, 0))
    series = select(func.max(tables.series.c.id)).scalar_subquery()
    query = (
        select(*own, *of_rows, programme.c.modified, series, programme.c.closed_on)
        .join(counted, counted.c.programme == programme.c.key, isouter=True)
        .order_by(programme.c.key)
    )
    return tuple(Revision(*found) for found in connection.execute(query))


def touch_programme(connection: Connection, key: str, now: datetime) -> None:
    """Note that a programme's data changed: its feeds and pages say so.

    Two changes within one instant are told apart all the same: what is noted rises with each.
    """
    table = tables.programme
    last = connection.execute(select(table.c.modified).where(table.c.key == key)).scalar()
    noted = now if last is None or last < now else last + timedelta(microseconds=1)
    connection.execute(update(table).where(table.c.key == key).values(modified=noted))


def set_held(connection: Connection, key: str, *, held: bool) -> bool:
    """Hold or release a programme; return whether there is one of this key."""
    table = tables.programme
    return connection.execute(update(table).where(table.c.key == key).values(held=held)).rowcount == 1


def set_closed(connection: Connection, key: str, day: date) -> bool:
    """Note that a programme was ended on ``day``; return whether there is one that was not ended before."""
    table = tables.programme
    statement = update(table).where(table.c.key == key, table.c.closed_on.is_(None)).values(closed_on=day)
    return connection.execute(statement).rowcount > 0


def set_started(connection: Connection, key: str, day: date) -> bool:
    """Note a programme's first start; False when another process has just noted it."""
    table = tables.programme
    fresh = (table.c.key == key, table.c.started_on.is_(None))
    return connection.execute(update(table).where(*fresh).values(started_on=day)).rowcount == 1


def programme_document(programme: Programme) -> str:
    """Return a programme as JSON, equal ones as equal text, without what people chose."""
    unused = {name for name in ("origins", "successors", "short_name") if not getattr(programme, name)}
    chosen = {"series", "ended", "quiet", "closed_days"}
    return _PROGRAMME.dump_json(programme, exclude={*chosen, *unused}).decode()


def _read_document(key: str, document: str) -> Programme:
    try:
        return read_programme_document(document)
    except ValueError as error:
        raise DamagedError(key) from error


@lru_cache(maxsize=16)
def read_programme_document(document: str) -> Programme:
    """Return the programme of a document made by ``programme_document``."""
    return _PROGRAMME.validate_json(document)


def add_setting(connection: Connection, key: str, chosen: SettingRecord) -> None:
    """Record a choice; earlier ones stay."""
    connection.execute(insert(tables.choice).values(programme=key, **columns_of(chosen)))


def setting_history(connection: Connection, key: str) -> tuple[SettingRecord, ...]:
    """Return all choices of a programme, oldest first."""
    table = tables.choice
    query = select(table).where(table.c.programme == key).order_by(table.c.id)
    return values_of(connection, SettingRecord, query)


def setting_texts(connection: Connection, key: str) -> dict[str, str]:
    """Return what holds by name, where somebody chose."""
    newest = {one.name: one.value for one in setting_history(connection, key)}
    return {name: value for name, value in newest.items() if value}


def add_correction(connection: Connection, key: str, action: str, correction: Correction) -> None:
    """Record a correction; earlier ones stay, the newest holds."""
    values = {"programme": key, "action": action, **columns_of(correction)}
    connection.execute(insert(tables.correction).values(values))


def corrections_of(connection: Connection, key: str) -> dict[str, tuple[Correction, ...]]:
    """Return a programme's corrections by action, oldest first; "" stands for the programme itself."""
    table = tables.correction
    rows = connection.execute(select(table).where(table.c.programme == key).order_by(table.c.id)).mappings()
    return grouped((row["action"], from_row(Correction, row)) for row in rows)


def ended_of(connection: Connection, key: str) -> dict[str, EndedAction]:
    """Return the actions of a programme that people ended, by id."""
    table = tables.ended_action
    query = select(table.c.action, table.c.on, table.c.gone_before).where(table.c.programme == key)
    return {row[0]: EndedAction(row[1], row[2]) for row in connection.execute(query.order_by(table.c.action))}


def set_ended(connection: Connection, key: str, ended: Mapping[str, EndedAction]) -> None:
    """Replace what is noted of a programme's actions that people ended."""
    table = tables.ended_action
    connection.execute(delete(table).where(table.c.programme == key))
    rows = [{"programme": key, "action": action, **columns_of(one)} for action, one in ended.items()]
    if rows:
        connection.execute(insert(table), rows)


def set_findings(connection: Connection, key: str, findings: Iterable[Mapping[str, str]]) -> None:
    """Keep what an import found, to be shown until the next one."""
    table = tables.programme
    rows = [dict(one) for one in findings]
    connection.execute(update(table).where(table.c.key == key).values(findings=rows))


def save_occurrences(
    connection: Connection, rows: Iterable[Occurrence], key: str, now: datetime, today: date
) -> None:
    """Bring a programme's occurrences to ``rows``: new, changed and gone ones; nothing is doubled.

    The sequence rises on a change of date, time or status, the stamp on any change (design: calendar.md,
    points 3 and 5). An obligation that is past on ``today`` before and after the change keeps sequence and
    anchor: who was asked and who was told of it stays so (behaviour.md, "First start").
    """
    old = {str(one.row.id): one for one in stored_occurrences(connection, key)}
    fresh = {str(row.id): row for row in rows}
    changed = {row_id for row_id in old.keys() & fresh.keys() if old[row_id].row != fresh[row_id]}
    table, gone = tables.occurrence, sorted(changed | (old.keys() - fresh.keys()))
    for start in range(0, len(gone), _AT_ONCE):  # few enough at a time for every database
        connection.execute(delete(table).where(table.c.id.in_(gone[start : start + _AT_ONCE])))
    new = {"anchor_on": None, "sequence": 0, "modified": now}
    added = [{**occurrence_columns(row), **new} for row_id, row in fresh.items() if row_id not in old]
    added += [_changed(old[row_id], fresh[row_id], now, today) for row_id in sorted(changed)]
    if added:
        connection.execute(insert(table), added)


def _changed(old: StoredOccurrence, row: Occurrence, now: datetime, today: date) -> dict[str, object]:
    timing = attrgetter("due", "starts_at", "ends_at", "status")
    stays_past = needs_answer(row) and max(old.row.due, row.due) < today
    # That its action ended, or goes on, is no other date: what was said and asked of it holds.
    ends = needs_answer(row) and "cancelled" in {old.row.status, row.status}
    only_ends = ends and old.row.due == row.due
    return {
        **occurrence_columns(row),
        # A moved date is a new deadline: its stages count from it again.
        "anchor_on": old.anchor_on if stays_past or old.row.due == row.due else None,
        "sequence": old.sequence + (timing(old.row) != timing(row) and not (stays_past or only_ends)),
        "modified": now,
    }


def stored_occurrences(
    connection: Connection, key: str, only: Collection[str] | None = None
) -> tuple[StoredOccurrence, ...]:
    """Return a programme's occurrences in date order; ``only`` those of these ids, where given."""
    table = tables.occurrence
    query = select(table).where(table.c.programme == key).order_by(table.c.due, table.c.id)
    if only is not None:
        query = query.where(table.c.id.in_(only))
    return tuple(
        StoredOccurrence(read_occurrence(row), row["anchor_on"], row["sequence"], row["modified"])
        for row in connection.execute(query).mappings()
    )


def occurrence_columns(row: Occurrence) -> dict[str, Any]:
    """Return the columns that follow from the rules alone (no anchor, sequence or stamp)."""
    return {
        **columns_of(row),
        "id": str(row.id),
        "programme": row.id.programme,
        "title": _TEXT.dump_python(row.title, mode="json"),
        "organisations": list(row.organisations),
        "basis": _BASIS.dump_python(row.basis, mode="json"),
    }


def read_occurrence(row: RowMapping) -> Occurrence:
    """Return the occurrence of a row."""
    return Occurrence(
        id=OccurrenceID.parse(row["id"]),
        due=row["due"],
        title=Text(**row["title"]),
        organisations=tuple(row["organisations"]),
        status=row["status"],
        basis=_read_basis(row["basis"]),
        starts_at=_time(row["starts_at"]),
        ends_at=_time(row["ends_at"]),
        interval_days=row["interval_days"],
        opens=row["opens"],
        closes=row["closes"],
        year=row["year"],
    )


def _read_basis(columns: dict[str, Any]) -> Basis:
    # By hand: it runs for every row in every tick, and pydantic would cost ten times as much.
    on, was_due, moved_on = columns["on"], columns.get("was_due"), columns.get("moved_on")
    return Basis(
        provenance=columns["provenance"],
        words=Text(**columns["words"]),
        reading=columns["reading"],
        by=columns["by"],
        on=date.fromisoformat(on) if on else None,
        was_due=date.fromisoformat(was_due) if was_due else None,
        moved_by=columns.get("moved_by", ""),
        moved_on=date.fromisoformat(moved_on) if moved_on else None,
    )


def _time(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=None) if value else None


def due_dates(connection: Connection) -> dict[str, date]:
    """Return the date of every stored occurrence by id, over all programmes."""
    table = tables.occurrence
    return {row[0]: row[1] for row in connection.execute(select(table.c.id, table.c.due))}


def changed_since(connection: Connection, key: str, since: datetime) -> frozenset[str]:
    """Return the ids of a programme's occurrences that are new or were changed after ``since``."""
    table = tables.occurrence
    query = select(table.c.id).where(table.c.programme == key, table.c.modified > since)
    return frozenset(connection.execute(query).scalars())


def set_anchors(connection: Connection, anchors: dict[str, date]) -> None:
    """Note the day of the status request that occurrences count from."""
    table = tables.occurrence
    for row_id, day in anchors.items():
        connection.execute(update(table).where(table.c.id == row_id).values(anchor_on=day))


def save_stage_rows(connection: Connection, key: str, stages: Iterable[Stage]) -> None:
    """Replace a programme's stages."""
    table = tables.stage
    connection.execute(delete(table).where(of_programme(table, key)))
    names = [column.name for column in table.c]
    if rows := [{name: columns_of(stage)[name] for name in names} for stage in stages]:
        connection.execute(insert(table), rows)


def stages_of_day(connection: Connection, day: date) -> tuple[Stage, ...]:
    """Return the stages whose sending day is ``day``, over all programmes."""
    table = tables.stage
    query = select(table).where(table.c.send_on == day).order_by(table.c.occurrence_id, table.c.ordinal)
    return _stages(connection, query)


def stages_between(connection: Connection, key: str, after: date, until: date) -> tuple[Stage, ...]:
    """Return a programme's stages after one day and up to another, in the order of ``stages_of_day``."""
    table = tables.stage
    days = (table.c.send_on > after, table.c.send_on <= until)
    query = select(table).where(of_programme(table, key), *days)
    query = query.order_by(table.c.send_on, table.c.occurrence_id, table.c.ordinal)
    return _stages(connection, query)


def _stages(connection: Connection, query: Select[Any]) -> tuple[Stage, ...]:
    rows = connection.execute(query).mappings()
    return tuple(
        Stage(row["occurrence_id"], row["name"], row["role"], row["send_on"], row["ordinal"]) for row in rows
    )
