"""Stored occurrences and series become calendar entries: what stands on a date, in all languages. Pure.

Stamps and SEQUENCE of what was published are put on by ``told``; feeds are made by ``feeds``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from calendars.event import Entry, Kind, Status
from calendars.identity import uid
from calendars.series import family
from reminders.digest import action_url
from reminders.store.programmes import StoredOccurrence
from schedule_rules.derive import derive
from schedule_rules.kept import Instance, instances
from schedule_rules.programme import Action, Programme, Text
from schedule_rules.rule import EventRule

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def entries(programme: Programme, stored: tuple[StoredOccurrence, ...], base_url: str) -> Iterator[Entry]:
    """Yield an entry for each deadline, review and round, and those of each event series.

    A regular series is one entry with a rule and one for each changed date; of irregular dates
    each is an entry. Start notes are in no feed (design: calendar.md 9, 10).
    """
    for one in stored:
        if one.row.kind not in {"start", "event"}:
            yield _single(programme, one, base_url)
    rows: dict[str, list[StoredOccurrence]] = {}
    for one in stored:
        if one.row.kind == "event":
            rows.setdefault(one.row.id.seed, []).append(one)
    for rule in derive(programme).rules:
        if isinstance(rule, EventRule):
            own = rows.get(f"{programme.key}:{rule.action}:event:{rule.name}")
            if own:
                yield from _series(programme, rule, own, base_url)


def _single(programme: Programme, one: StoredOccurrence, base_url: str) -> Entry:
    row, action = one.row, programme.action_by_id[one.row.id.action]
    kind: Kind = (
        "collection" if row.kind == "collection" else "review" if row.kind == "review" else "milestone"
    )
    return replace(
        _about(programme, action, base_url, kind),
        uid=uid(row.kind, row.id.seed),
        title=row.title,
        start=row.due,
        modified=one.modified,
        status="cancelled" if row.status == "cancelled" else "confirmed",
        sequence=one.sequence,
        organisation_keys=row.organisations,
        organisations=_names(programme, action.leads if row.kind == "collection" else row.organisations),
        year=row.year,
        opens=row.opens,
        closes=row.closes,
        occurrence=str(row.id),
    )


def _series(
    programme: Programme, rule: EventRule, own: list[StoredOccurrence], base_url: str
) -> Iterator[Entry]:
    """Yield the entries of a series; all of a family stand in the same feeds."""
    common = replace(
        _about(programme, programme.action_by_id[rule.action], base_url, "event"),
        title=rule.title or programme.action_by_id[rule.action].title,
        modified=max(one.modified for one in own),
        sequence=max(one.sequence for one in own),
        organisation_keys=tuple(dict.fromkeys(key for one in own for key in one.row.organisations)),
        occurrence=str(own[0].row.id),
    )
    dates = instances(rule)
    if not rule.regular:
        for one in dates:
            yield _dated(common, programme, rule, one, _own_uid(programme, rule, one))
        return
    series_uid = uid("event", f"{programme.key}:{rule.action}:event:{rule.name}")
    changed = [
        (
            replace(
                _dated(common, programme, rule, one, series_uid),
                recurrence_id=datetime.combine(one.on, rule.recurrence.at) if rule.recurrence.at else one.on,
                zone=programme.timezone if rule.recurrence.at or one.at else "",
            ),
            _own_uid(programme, rule, one),
        )
        for one in dates
        if one.changed
    ]
    yield from family(_whole(common, programme, rule, series_uid), changed)


def _own_uid(programme: Programme, rule: EventRule, one: Instance) -> str:
    return uid("event", f"{programme.key}:{rule.action}:event:{rule.name}-{one.on.isoformat()}")


def _whole(common: Entry, programme: Programme, rule: EventRule, series_uid: str) -> Entry:
    """Return the entry with the rule."""
    first, at = rule.recurrence.dtstart, rule.recurrence.at
    status: Status = "cancelled" if rule.cancelled else "confirmed" if rule.confirmed else "tentative"
    return replace(
        common,
        uid=series_uid,
        start=datetime.combine(first, at) if at else first,
        zone=programme.timezone if at else "",
        recurrence=rule.recurrence,
        status=status,
        date_assumed=status == "tentative",
        location=rule.place,
        conference=rule.video,
    )


def _dated(common: Entry, programme: Programme, rule: EventRule, one: Instance, own_uid: str) -> Entry:
    """Return the entry of one date."""
    start = datetime.combine(one.day, one.at) if one.at else one.day
    return replace(
        common,
        uid=own_uid,
        start=start,
        end=start + timedelta(minutes=one.minutes) if one.at and one.minutes else None,
        zone=programme.timezone if one.at else "",
        status=one.state,
        date_assumed=one.state == "tentative",
        location=one.place,
        conference=one.video,
        occurrence=f"{programme.key}:{rule.action}:event:{rule.name}-{one.on.isoformat()}",
    )


def _about(programme: Programme, action: Action, base_url: str, kind: Kind) -> Entry:
    """Return an entry with what it says about its action; date and identity are filled in after."""
    domain = programme.domain_of(action)
    return Entry(
        uid="",
        kind=kind,
        title=action.title,
        start=programme.period.first,
        modified=NEVER,
        organisations=_names(programme, action.leads),
        partners=_names(programme, action.partners),
        domain=domain.name,
        domain_key=domain.key,
        wording=action.schedule,
        indicator=action.indicator,
        url=action_url(base_url, action.id),
    )


def _names(programme: Programme, keys: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(programme.organisation_by_key[key].name for key in keys)
