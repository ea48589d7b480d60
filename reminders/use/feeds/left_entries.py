"""What calendars show of entries that their programme has no more, or has elsewhere now.

How much of one entry stays, and how, is left to ``calendars.left_over``; here it is told which entries have
gone or changed, what they go on as, and whether anybody decided on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from calendars.event import Entry, uid as uid_of
from calendars.left_over import dates_of_series, joined_series, left_over, left_series
from calendars.text import short_names
from reminders.store import Connection, feeds as store_feeds
from reminders.store.feeds import PublishedEntry
from reminders.use.feeds.entries import EntryFamily
from reminders.use.feeds.shown_entries import LastShown, keys_today, lasting_entry_id, read_shown
from schedule_rules.occurrence import collection_title
from schedule_rules.programme import Programme


class LeftEntries:
    """What calendars show of entries that the programme has no more, or no more as they were."""

    def __init__(
        self, programme: Programme, found: tuple[EntryFamily, ...], last_shown: LastShown, today: date
    ) -> None:
        self._programme, self._last_shown, self._today = programme, last_shown, today
        dates = [one for own in found for one in own.dates]
        events = [(lasting_entry_id(programme, one), one.start) for one in dates if one.kind == "event"]
        self._stands = {row_id for row_id, _ in events}
        self._stands_at = {(row_id.action, start) for row_id, start in events}
        self._joined = set[str]()

    def joined(self, families: Mapping[str, tuple[Entry, ...]]) -> dict[str, tuple[Entry, ...]]:
        """Return the series that have other dates than they had, with what stays of those, by UID.

        A rule that cannot have both begins under a UID of its own; what stood before ends under the one
        that people hold. Of a UID that has nothing any more: nothing.
        """
        found = dict[str, tuple[Entry, ...]]()
        for uid, own in families.items():
            series = next((one for one in own if one.recurrence), None)
            if series is not None and self._last_shown.is_other(uid):
                found |= self._parts(own, series)
        return found

    def over(self) -> dict[str, tuple[Entry, ...]]:
        """Return what stays of entries whose UID has gone, but what goes on under another, by UID."""
        found = dict[str, tuple[Entry, ...]]()
        for shown in self._last_shown.gone():
            own = tuple(_named_today(self._programme, one) for one in shown.own)
            first, cancels = own[0], self._cancels(own[0])
            stays: tuple[Entry, ...] = ()
            if first.uid in self._joined or (
                self._is_removed(first) and not self._last_shown.was_left(first.uid)
            ):
                continue
            if first.recurrence or first.recurrence_id:
                stays = left_series(own, self._today, self._is_elsewhere, cancels=cancels)
            elif not (first.kind == "event" and self._is_elsewhere(first)):
                one = left_over(first, self._today, shown.told, cancels=cancels)
                stays = (one,) if one else ()
            if stays:
                found[first.uid] = stays
        return found

    def _parts(self, own: tuple[Entry, ...], series: Entry) -> dict[str, tuple[Entry, ...]]:
        parts = [series.uid]
        while part := self._later_part(series, len(parts) + 1):
            parts.append(part)
        before = {part: self._before(part) for part in parts}
        cancels, found = self._cancels(series), dict[str, tuple[Entry, ...]]()
        newest_first = parts[::-1]
        for part in sorted(newest_first, key=lambda part: _rule_of(before[part]) != _rule_of(own)):
            named = tuple(replace(one, uid=part) for one in own)
            whole: tuple[Entry, ...] | None = named
            if before[part]:
                whole = joined_series(named, before[part], self._today, self._is_elsewhere, cancels=cancels)
            if whole is not None:
                found[part] = whole
                break
        else:
            part = _part_uid(series, len(parts) + 1)
            named = tuple(replace(one, uid=part) for one in own)
            whole = joined_series(named, (), self._today, self._is_elsewhere, cancels=cancels) or ()
            found[part] = whole
        days = {one.day for one in dates_of_series(whole or ())}

        def is_elsewhere(one: Entry) -> bool:
            return self._is_elsewhere(one) and (one.day >= self._today or one.day in days)

        for other in parts:
            if other != part:
                found[other] = left_series(before[other], self._today, is_elsewhere, cancels=cancels)
        self._joined |= set(found)
        return {uid: one for uid, one in found.items() if uid != series.uid or one != own}

    def _before(self, uid: str) -> tuple[Entry, ...]:
        return tuple(_named_today(self._programme, one) for one in self._last_shown.stood(uid))

    def _later_part(self, series: Entry, number: int) -> str | None:
        part = _part_uid(series, number)
        return part if self._last_shown.is_known(part) else None

    def _is_elsewhere(self, entry: Entry) -> bool:
        row_id = lasting_entry_id(self._programme, entry)
        return row_id in self._stands or (row_id.action, entry.start) in self._stands_at

    def _is_removed(self, entry: Entry) -> bool:
        if entry.kind != "event":
            return False
        row_id, programme = lasting_entry_id(self._programme, entry), self._programme
        removed = {
            (programme.origin(one.action), one.name) for one in programme.series if one.state == "removed"
        }
        return (row_id.action, row_id.series) in removed

    def _cancels(self, entry: Entry) -> bool:
        """Tell whether what an entry no longer has ahead is cancelled: nobody decided on those dates."""
        if entry.kind != "event":
            return True
        row_id, programme = lasting_entry_id(self._programme, entry), self._programme
        actions = programme.action_by_id
        edited = {
            (programme.origin(one.action), one.name) for one in programme.series if one.action in actions
        }
        ended = {programme.origin(action) for action in programme.ended}
        return (row_id.action, row_id.series) not in edited and row_id.action not in ended


def _rule_of(own: tuple[Entry, ...]) -> str:
    return next((one.recurrence.rrule for one in own if one.recurrence), "")


def _part_uid(series: Entry, number: int) -> str:
    """Return the UID of a later part of a series, of which the first has the series' own."""
    return uid_of("event", f"{series.uid}:{number}")


def _named_today(programme: Programme, entry: Entry) -> Entry:
    """Return an entry that is left under the name that its action has today, unless it has one of its own."""
    if not entry.occurrence:
        return entry
    row_id = lasting_entry_id(programme, entry)
    action = next((one for one in programme.actions if programme.origin(one.id) == row_id.action), None)
    if action is None:
        return entry
    if entry.kind == "collection":
        return replace(entry, title=collection_title(action.title, entry.year or entry.day.year - 1))
    if entry.kind == "event":
        kept = next(
            (one for one in programme.series if (one.action, one.name) == (action.id, row_id.series)), None
        )
        own = kept and any(
            (kept.title, *(one.title for one in kept.changes if one.on == row_id.recurrence_date))
        )
        if own:
            return entry
    return replace(entry, title=action.title, short=short_names(action.title, action.short_name))


def also_in_feeds(
    programme: Programme,
    families: Mapping[str, tuple[Entry, ...]],
    known: Mapping[str, PublishedEntry],
    last_shown: LastShown,
    today: date,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the past dates that stand in the feeds of who had them before, each with the keys of those.

    A series of which a date is past stands there whole: it is the same one, under the same UID.
    """
    for uid, own in families.items():
        one = own[0]
        if one.day >= today or uid not in known:
            continue
        before = set(keys_today(programme, known[uid].also_in.split()))
        if (last := last_shown.last(uid)) and last.day < today:
            before |= {last.domain_key, *last.organisation_keys}
        if also_in := before - {"", one.domain_key, *one.organisation_keys}:
            yield uid, tuple(sorted(also_in))


def read_left(connection: Connection, programme: Programme) -> tuple[tuple[Entry, ...], ...]:
    """Return what calendars show though the programme has it no more; its id has its action's first one."""
    return tuple(
        read_shown(programme, text).own for text in store_feeds.left_entries(connection, programme.key)
    )


def dates_of_left(own: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return what is shown under one UID by its dates."""
    is_series = any(one.recurrence or one.recurrence_id for one in own)
    return dates_of_series(own) if is_series else own
