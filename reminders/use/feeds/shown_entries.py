"""What calendars were last shown of each UID, kept as text: what they go on showing once it has gone.

It is read with the keys that organisations have today. What of it stays is decided by ``left_entries``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from pydantic import TypeAdapter

from calendars.event import Entry, Moment
from reminders.store import Connection, feeds as store_feeds
from reminders.store.feeds import PublishedEntry
from schedule_rules.occurrence import OccurrenceID, lasting_id
from schedule_rules.programme import Programme

GONE: Final = ""
"""What stands instead of the contents of a UID that is shown no more."""
_ENTRY: Final = TypeAdapter(Entry)
_JSON: Final = TypeAdapter(dict[str, object])
_ROWS: Final = TypeAdapter(tuple[object, ...])
_MOMENTS: Final = ("start", "end", "recurrence_id")


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """What calendars are told of one UID, and since which day that it stands on its day (None: in time)."""

    own: tuple[Entry, ...]
    told: date | None


class LastShown:
    """What calendars were last told: of UIDs that have gone, come again, or say something else."""

    def __init__(
        self,
        connection: Connection,
        programme: Programme,
        contents: Mapping[str, str],
        known: Mapping[str, PublishedEntry],
    ) -> None:
        self._known = known
        self._gone = [uid for uid, one in known.items() if uid not in contents and one.content != GONE]
        changed = [
            uid
            for uid, content in contents.items()
            if uid in known and (known[uid].content != content or known[uid].is_left)
        ]
        texts = store_feeds.shown_entries(connection, programme.key, {*self._gone, *changed})
        self._shown = {uid: read_shown(programme, text) for uid, text in texts.items() if text}

    def gone(self) -> tuple[ShownEntry, ...]:
        """Return those whose UID the programme has no more."""
        return tuple(self._shown[uid] for uid in self._gone if uid in self._shown)

    def is_known(self, uid: str) -> bool:
        """Tell whether calendars were ever told of a UID."""
        return uid in self._known

    def was_left(self, uid: str) -> bool:
        """Tell whether calendars showed under a UID what the programme did not have any more."""
        return uid in self._known and self._known[uid].is_left

    def is_other(self, uid: str) -> bool:
        """Tell whether calendars were told something else of a UID that they know."""
        return uid in self._shown

    def stood(self, uid: str) -> tuple[Entry, ...]:
        """Return all that stood under a UID until now; nothing where it is as it was, or not known."""
        stood = uid in self._shown and self._known[uid].content != GONE
        return self._shown[uid].own if stood else ()

    def last(self, uid: str) -> Entry | None:
        """Return what stood under a UID until now; None where nothing did, or it is not known."""
        return next(iter(self.stood(uid)), None)

    def told(self, uid: str, own: tuple[Entry, ...], since: date | None) -> date | None:
        """Return the day since which calendars say that a UID stands where it does: ``since`` if anew."""
        if uid not in self._shown:
            return None if uid in self._known else since
        before = self._shown[uid]
        return before.told if before.own[0].day == own[0].day else since


def shown_json(programme: Programme, shown: ShownEntry) -> str:
    """Return what is shown as text, without an address, and with its action's first id in its own."""
    rows = []
    for entry in shown.own:
        occurrence = str(lasting_entry_id(programme, entry)) if entry.occurrence else ""
        rows.append(_ENTRY.dump_python(replace(entry, url="", occurrence=occurrence), mode="json"))
    first, *others = rows
    more = {"told": shown.told.isoformat() if shown.told else None, "changed": others}
    return json.dumps({**first, **{name: value for name, value in more.items() if value}})


def read_shown(programme: Programme, text: str) -> ShownEntry:
    """Return what ``shown_json`` made, of today's organisations."""
    facts = _JSON.validate_json(text)
    told, others = facts.pop("told", None), facts.pop("changed", ())
    rows = [facts, *(_JSON.validate_python(one) for one in _ROWS.validate_python(others))]
    own = tuple(_read_entry(programme, row) for row in rows)
    return ShownEntry(own, date.fromisoformat(str(told)) if told else None)


def _read_entry(programme: Programme, facts: dict[str, object]) -> Entry:
    for name in _MOMENTS:
        if value := facts[name]:
            facts[name] = _moment(value)
    entry = _ENTRY.validate_python(facts)
    keys, also_in = (keys_today(programme, one) for one in (entry.organisation_keys, entry.also_in))
    return replace(entry, organisation_keys=keys, also_in=also_in)


def _moment(text: object) -> Moment:
    words = str(text)
    return datetime.fromisoformat(words) if "T" in words else date.fromisoformat(words)


def keys_today(programme: Programme, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that domains and organisations of earlier versions have today."""
    return tuple(dict.fromkeys(programme.successors.get(key, key) for key in keys))


def lasting_entry_id(programme: Programme, entry: Entry) -> OccurrenceID:
    """Return the id that an entry's date keeps: with its action's first id."""
    return lasting_id(programme, OccurrenceID.parse(entry.occurrence))
