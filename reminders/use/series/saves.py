"""Saves of event series: each edit is kept once, refused over a colleague's, listed, and taken back up.

Read, decide, write. What was cancelled leaves the calendars sixty days after it would have been: the tick
saves the series without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from calendars.left_over import SHOWN_FOR
from reminders.clock import civil_time
from reminders.errors import EditedMeanwhileError, NotFoundError, UsageError
from reminders.service import Service
from reminders.store import Connection, Database, programmes, series as stored_series
from reminders.store.series import SeriesVersion
from reminders.use.planning.load_state import ended_at
from reminders.use.programme.store_programme import rework, rework_ended
from reminders.use.series.action_series import family_names
from reminders.use.series.edits import NEW, Edit, decide_series
from reminders.use.watch.audit import record_act
from schedule_rules.edited_series import over_since, rule_days
from schedule_rules.programme import EditedSeries, Programme

TAKEN_OUT: Final = "cancelled dates taken out"
"""The note of saves by which the tick takes out what was cancelled long ago."""
Decide = Callable[[Programme, date], tuple[EditedSeries, ...]]
"""Makes the series to keep, of a programme and today's date."""


def save_series(service: Service, edit: Edit) -> tuple[EditedSeries, ...]:
    """Keep what an edit makes of a series; return it. Errors as ``decide_series``.

    Raises ``EditedMeanwhileError`` where somebody has saved the series since the edit's maker saw it.
    """
    return save_edit(service, edit, lambda then, today: decide_series(then, edit, today))


def is_saved(service: Service, programme: Programme, edit: Edit) -> bool:
    """Tell whether an edit stands already: sent once more from the same form, as by a second press."""
    return is_done(service, programme, edit, lambda then, today: decide_series(then, edit, today))


def save_edit(service: Service, edit: Edit, decide: Decide) -> tuple[EditedSeries, ...]:
    """Keep what ``decide`` makes of a series, once; return it. Errors as ``save_series``."""
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        programme = programmes.stored_programme(connection, edit.programme).programme
        history = stored_series.series_history(connection, edit.programme, edit.action)
        if done := _done_already(history, programme, edit, today, decide):
            return done
        if not edit.earlier and (since := _saved_since(history, programme, edit)):
            raise EditedMeanwhileError(edit.name, since[-1].kept.by, since[-1].at)
        made = decide(programme, today)
        write_series(connection, edit.programme, made, now, edit.note)
        about = f"{edit.action}: {', '.join(one.name for one in made)}"
        record_act(connection, service, "series", edit.programme, about, by=edit.by)
    return made


def is_done(service: Service, programme: Programme, edit: Edit, decide: Decide) -> bool:
    """Tell whether what ``decide`` makes stands already, saved since the edit's maker looked."""
    if edit.seen is None:
        return False
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        history = stored_series.series_history(connection, edit.programme, edit.action)
    return bool(_done_already(history, programme, edit, today, decide))


def _done_already(
    history: tuple[SeriesVersion, ...],
    programme: Programme,
    edit: Edit,
    today: date,
    decide: Decide,
) -> tuple[EditedSeries, ...]:
    """Return the series that stand as an edit makes them of what its maker saw; nothing where they do not.

    Only what was saved since then counts: an edit that changes nothing has not been saved before.
    """
    since = tuple(one for one in history if edit.seen is not None and one.id > edit.seen)
    if not since:
        return ()
    try:
        made = decide(_without(programme, since), today)
    except (UsageError, NotFoundError):
        return ()
    stands = {one.kept.name: one.kept for one in since}
    if edit.name == NEW:  # what a colleague added meanwhile may have its name
        added = {one.kept.name for one in since if one.before is None}
        return tuple(stands[name] for name in sorted(added) if _is_same(stands[name], made[0]))[:1]
    return made if all(one.name in stands and _is_same(stands[one.name], one) for one in made) else ()


def _is_same(one: EditedSeries, other: EditedSeries) -> bool:
    """Tell whether two series say the same, whoever saved them and by whatever name."""
    plain = (replace(each, name="", part_of="", by="", on=None, anchor=None) for each in (one, other))
    return len(set(plain)) == 1 and rule_days(one) == rule_days(other)


def _without(programme: Programme, versions: Iterable[SeriesVersion]) -> Programme:
    """Return the programme as it was before some saves, the newest ones of their series."""
    series = {(one.action, one.name): one for one in programme.series}
    for version in reversed(tuple(versions)):
        key = (version.kept.action, version.kept.name)
        if version.before is None:
            series.pop(key, None)
        else:
            series[key] = version.before
    return replace(programme, series=tuple(series[key] for key in sorted(series)))


def _saved_since(
    history: tuple[SeriesVersion, ...], programme: Programme, edit: Edit
) -> tuple[SeriesVersion, ...]:
    names = family_names(programme, edit.action, [edit.name])
    own = (one for one in history if one.kept.name in names)
    return tuple(one for one in own if edit.seen is not None and one.id > edit.seen)


@dataclass(frozen=True, slots=True)
class SavedMeanwhile:
    """What others saved of a series since somebody saw it: by whom, when last, the programme before it."""

    by: str
    at: datetime
    names: tuple[str, ...]
    before: Programme


def saved_meanwhile(service: Service, programme: Programme, edit: Edit) -> SavedMeanwhile | None:
    """Return what was saved of an edit's series since its maker saw it; None where nothing was."""
    if edit.seen is None:
        return None
    with service.database.read() as connection:
        history = stored_series.series_history(connection, edit.programme, edit.action)
    versions = _saved_since(history, programme, edit)
    if not versions:
        return None
    before = _without(programme, versions)
    names = tuple(dict.fromkeys(one.kept.name for one in versions))
    return SavedMeanwhile(versions[-1].kept.by, versions[-1].at, names, before)


def newest_save(service: Service, programme: str, action: str) -> int:
    """Return the number of the newest save of an action's series; 0: there is none."""
    return max((one.id for one in saves_of(service, programme, action)), default=0)


def write_series(
    connection: Connection, programme: str, made: Iterable[EditedSeries], now: datetime, note: str = ""
) -> None:
    """Keep series inside the caller's transaction, with all that follows from them."""
    act: int | None = None
    for one in made:
        act = stored_series.add_series(connection, programme, one, now, note, act)
    programmes.touch_programme(connection, programme, now)
    rework(connection, programme, now)


@dataclass(frozen=True, slots=True)
class SeriesSave:
    """What one edit kept, all parts of a series; its number is what ``earlier_family`` asks for.

    ``before`` is what stood instead; of a series that nobody had edited, nothing.
    """

    id: int
    at: datetime
    by: str
    note: str
    kept: tuple[EditedSeries, ...]
    before: tuple[EditedSeries, ...]


def saves_of(service: Service, programme: str, action: str) -> tuple[SeriesSave, ...]:
    """Return every save of the series of an action, newest first: what ``restore_version`` takes up again."""
    with service.database.read() as connection:
        history = stored_series.series_history(connection, programme, action)
    return tuple(
        SeriesSave(
            own[-1].id,
            own[-1].at,
            own[-1].kept.by,
            own[-1].note,
            tuple(one.kept for one in own),
            tuple(one.before for one in own if one.before is not None),
        )
        for own in reversed(_edits(history))
    )


def _edits(history: Iterable[SeriesVersion]) -> list[list[SeriesVersion]]:
    """Return saves by the act that made them, oldest first."""
    found: dict[int, list[SeriesVersion]] = {}
    for one in history:
        found.setdefault(one.act, []).append(one)
    return list(found.values())


def earlier_family(
    service: Service, programme: Programme, version: int
) -> tuple[str, tuple[EditedSeries, ...]]:
    """Return the action of a save, and its series with all that were cut from it as they were after it.

    Raises ``NotFoundError`` when there is no save of this number in the programme.
    """
    with service.database.read() as connection:
        found = stored_series.version(connection, programme.key, version)
        if found is None:
            raise NotFoundError(f"no save {version} of a series in {programme.key}")
        history = stored_series.series_history(connection, programme.key, found.action)
    last = next(own[-1].id for own in _edits(history) if any(one.id == version for one in own))
    names = family_names(programme, found.action, [found.name])
    then = {one.kept.name: one.kept for one in history if one.id <= last and one.kept.name in names}
    return found.action, tuple(then.values())


def restore_version(service: Service, programme: str, version: int, by: str) -> tuple[EditedSeries, ...]:
    """Keep an earlier save of a series again, with all that was cut from it; what has been stays as it is.

    Raises ``NotFoundError`` when there is no save of this number.
    """
    with service.database.read() as connection:
        row = programmes.stored_programme(connection, programme)
    action, family = earlier_family(service, row.programme, version)
    note = f"save {version} again"
    return save_series(service, Edit(programme, action, family[0].name, by, earlier=family, note=note))


def take_out_over(database: Database, today: date, now: datetime) -> int:
    """Take out what was cancelled and is over for sixty days; return how many series changed.

    What is cancelled because its action has ended is not counted.
    """

    def changed(connection: Connection) -> list[tuple[str, EditedSeries]]:
        known = stored_series.with_cancelled(connection)
        return [(key, over) for key, one in known if (over := over_since(one, today - SHOWN_FOR)) != one]

    _take_out_ended(database, now)
    with database.read() as connection:
        if not changed(connection):
            return 0
    with database.write() as connection:
        found = changed(connection)
        acts: dict[tuple[str, str], int] = {}
        for key, over in found:
            own = key, over.action
            acts[own] = stored_series.add_series(connection, key, over, now, TAKEN_OUT, acts.get(own))
        for key in dict.fromkeys(key for key, _ in found):
            programmes.touch_programme(connection, key, now)
            rework(connection, key, now)
    return len(found)


def _take_out_ended(database: Database, now: datetime) -> None:
    with database.read() as connection:
        keys = programmes.programme_keys(connection)
        ending = [key for key in keys if ended_at(connection, key) or programmes.ended_of(connection, key)]
    for key in ending:
        with database.write() as connection:
            rework_ended(connection, key, now)
