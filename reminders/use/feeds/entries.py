"""What is stored as calendar entries: deadlines, reviews, rounds, event series, meetings of the board.

The dates of a series are those that ``edited_series`` gives, here and nowhere else: pages list them one by
one, feeds fold them into one entry with a rule. What was told of each entry is left to ``published``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from calendars.event import Entry, Kind, Status, family, uid
from calendars.text import WORDS, short_names
from reminders.letters.digest import action_url, programme_url
from reminders.planning.invitations import board_of, meeting_seed
from reminders.planning.policy import Policy
from reminders.store.programmes import StoredOccurrence
from schedule_rules.derive import derive
from schedule_rules.edited_series import SeriesDate, instances
from schedule_rules.occurrence import Occurrence, OccurrenceID, lasting_id, series_seed
from schedule_rules.programme import Action, CorrectedField, Programme, Text
from schedule_rules.recurrence import single_rules
from schedule_rules.rule import EventRule, RecurrenceSet, expand

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EntryFamily:
    """What stands in calendars of one thing: ``entries`` as feeds have them, ``dates`` one by one.

    A date has the UID of the entry that shows it, and ``recurrence_id`` where people changed it.
    """

    entries: tuple[Entry, ...]
    dates: tuple[Entry, ...]


def calendar_entries(
    programme: Programme, policy: Policy, stored: tuple[StoredOccurrence, ...], base_url: str
) -> Iterator[EntryFamily]:
    """Yield what stands in calendars of each deadline, review and round, each event series, each meeting.

    A regular series is one entry with a rule and one for each changed date; of irregular dates
    each is an entry. Start notes are in no feed (design: calendar.md 9, 10).
    """
    for one in stored:
        if one.row.kind not in {"start", "event"} and not _has_left(programme, one.row):
            yield _alone(_single(programme, one, base_url))
    yield from map(_alone, _meetings(programme, policy, base_url))
    rows: dict[str, list[StoredOccurrence]] = {}
    for one in stored:
        if one.row.kind == "event":
            rows.setdefault(one.row.id.seed, []).append(one)
    for rule in derive(programme).rules:
        if isinstance(rule, EventRule):
            own = rows.get(series_seed(programme.key, rule.action, rule.name))
            if own and rule.announced:
                yield from _series(programme, rule, own, base_url)


def _alone(entry: Entry) -> EntryFamily:
    return EntryFamily((entry,), (entry,))


def _meetings(programme: Programme, policy: Policy, base_url: str) -> Iterator[Entry]:
    """Yield the meetings of the board, each with the UID that its invitation has."""
    board, hours = board_of(programme), policy.meeting_time
    texts = {lang: words.meeting.format(name=board.get(lang)) for lang, words in WORDS.items()}
    for on in programme.meetings:
        begin, end = (datetime.combine(on, hour) for hour in hours) if hours else (on, None)
        yield Entry(
            uid=uid("meeting", meeting_seed(programme.key, on)),
            kind="meeting",
            title=Text(**texts),
            start=begin,
            end=end,
            zone=programme.timezone if hours else "",
            modified=datetime.combine(programme.stamp, time(), UTC),
            location=Text(policy.meeting_place, policy.meeting_place, policy.meeting_place),
            url=programme_url(base_url, "/", programme.key),
        )


def _has_left(programme: Programme, row: Occurrence) -> bool:
    """Tell whether what is cancelled has stood in calendars for long enough."""
    ended = programme.ended.get(row.id.action)
    if ended is None or ended.gone_before is None or row.status != "cancelled":
        return False
    return row.due < ended.gone_before


def _single(programme: Programme, one: StoredOccurrence, base_url: str) -> Entry:
    row, action = one.row, programme.action_by_id[one.row.id.action]
    kind: Kind = row.kind if row.kind in {"collection", "review"} else "milestone"
    return replace(
        _about(programme, action, base_url, kind),
        uid=uid(row.kind, lasting_id(programme, row.id).seed),
        title=row.title,
        short=Text() if row.kind == "collection" else short_names(action.title, action.short_name),
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
) -> Iterator[EntryFamily]:
    """Yield what a series is in calendars; all of a family stand in the same feeds."""
    action = programme.action_by_id[rule.action]
    common = replace(
        _about(programme, action, base_url, "event"),
        title=rule.title or action.title,
        short=Text() if rule.title else short_names(action.title, action.short_name),
        details=rule.description,
        sign_up=rule.sign_up,
        modified=max(one.modified for one in own),
        sequence=max(one.sequence for one in own),
        organisation_keys=tuple(dict.fromkeys(key for one in own for key in one.row.organisations)),
        occurrence=str(own[0].row.id),
    )
    at, overrides = rule.recurrence.at, list[tuple[Entry, str]]()
    parts = _parts(programme, rule)
    uids = {day: part_uid for part_uid, recurrence in parts.items() for day in expand(recurrence)}
    dates = []
    for one in instances(rule):
        own_uid = _own_uid(programme, rule, one)
        entry = _dated(common, programme, rule, one, uids[one.on] if rule.regular else own_uid)
        if one.changed:
            recurrence_id = datetime.combine(one.on, at) if at else one.on
            zone = programme.timezone if at or one.at else ""
            entry = replace(entry, recurrence_id=recurrence_id, zone=zone)
            overrides.append((entry, own_uid))
        dates.append(entry)
    if not rule.regular:
        for entry in dates:
            yield EntryFamily((replace(entry, recurrence_id=None),), (entry,))
        return
    entries = tuple(
        entry
        for part_uid, recurrence in parts.items()
        for entry in family(
            _whole(common, programme, replace(rule, recurrence=recurrence), part_uid),
            (pair for pair in overrides if pair[0].uid == part_uid),
        )
    )
    alone = {one.occurrence: one.uid for one in entries if one.uid not in parts}
    yield EntryFamily(entries, tuple(replace(one, uid=alone.get(one.occurrence, one.uid)) for one in dates))


def _parts(programme: Programme, rule: EventRule) -> dict[str, RecurrenceSet]:
    """Return by UID the recurrence sets that calendars get: one, or several of a rule that Outlook drops.

    The first has the UID of the series, the others one of their own rule (``single_rules``).
    """
    whole, seed = rule.recurrence, series_seed(programme.key, programme.origin(rule.action), rule.name)
    left, parts = set(expand(whole)), dict[str, RecurrenceSet]()
    for rrule in single_rules(whole.rrule):
        days = expand(replace(whole, rrule=rrule, exdates=()))
        if own := sorted(left.intersection(days)):
            left -= set(own)
            exdates = tuple(day for day in days if day > own[0] and day not in own)
            part_uid = uid("event", f"{seed}/{rrule}" if parts else seed)
            parts[part_uid] = replace(whole, rrule=rrule, dtstart=own[0], exdates=exdates)
    return parts if parts and not left else {uid("event", seed): whole}


def _own_uid(programme: Programme, rule: EventRule, one: SeriesDate) -> str:
    row_id = OccurrenceID.of_event(programme.key, rule.action, rule.name, one.on)
    return uid("event", str(lasting_id(programme, row_id)))


def _whole(common: Entry, programme: Programme, rule: EventRule, series_uid: str) -> Entry:
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


def _dated(common: Entry, programme: Programme, rule: EventRule, one: SeriesDate, own_uid: str) -> Entry:
    start = datetime.combine(one.day, one.at) if one.at else one.day
    action = programme.action_by_id[rule.action]
    return replace(
        common,
        uid=own_uid,
        title=one.title or action.title,
        short=Text() if one.title else short_names(action.title, action.short_name),
        start=start,
        end=start + timedelta(minutes=one.minutes) if one.at and one.minutes else None,
        zone=programme.timezone if one.at else "",
        status=one.state,
        date_assumed=one.state == "tentative",
        location=one.place,
        conference=one.video,
        occurrence=str(OccurrenceID.of_event(programme.key, rule.action, rule.name, one.on)),
    )


def _about(programme: Programme, action: Action, base_url: str, kind: Kind) -> Entry:
    """Return an entry with what it says about its action; date and identity are filled in after."""
    domain = programme.domain_of(action)
    corrections: tuple[CorrectedField, ...] = ("frequency", "schedule") if kind == "event" else ("schedule",)
    corrected = next(filter(None, map(action.correction, corrections)), None)
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
        corrected=corrected.words if corrected else Text(),
        corrected_on=corrected.on if corrected else None,
        url=action_url(base_url, programme.key, action.id),
    )


def _names(programme: Programme, keys: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(programme.organisation_by_key[key].name for key in keys)
