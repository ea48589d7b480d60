"""What would change if one programme took the place of another, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from email_templates import dates
from email_templates import words as shared
from reminders.changes import Change
from reminders.web.words import say
from schedule_rules.occurrence import Occurrence, OccurrenceID, occurrences
from schedule_rules.programme import Lang, Programme

_PARTIES = ("leads", "partners")
_SILENT = ("defaults", "handovers", "organisations")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change: what it is about, what happens, how it was and will be."""

    where: str
    action: str
    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Pair:
    """A programme and what would take its place."""

    old: Programme | None
    new: Programme
    lang: Lang

    def rows(self, changes: Iterable[Change]) -> tuple[ChangeRow, ...]:
        """Return changes in words, in their order."""
        return tuple(self._date(one) if one.field == "due" else self._row(one) for one in changes)

    def _row(self, change: Change) -> ChangeRow:
        if not change.field:
            what = say(self.lang, f"change.action-{change.kind}")
            return ChangeRow(self._title(change.place), change.place, what)
        whole = change.place == self.new.key
        return ChangeRow(
            where=self.new.name.get(self.lang) if whole else self._title(change.place),
            action="" if whole else change.place,
            what=say(self.lang, f"change.{change.field}"),
            before=self._value(change.field, change.before, self.old or self.new),
            after=self._value(change.field, change.after, self.new),
        )

    def _date(self, change: Change) -> ChangeRow:
        row_id = OccurrenceID.parse(change.place)
        kind = shared.kind(self.lang, row_id.kind)
        return ChangeRow(
            where=self._title(row_id.action),
            action=row_id.action,
            what=say(self.lang, f"change.date-{change.kind}", kind=f"{kind[:1].upper()}{kind[1:]}"),
            before=self._day(change.before),
            after=self._day(change.after),
        )

    def _title(self, action_id: str) -> str:
        for programme in (self.new, self.old):
            if programme and action_id in programme.action_by_id:
                return programme.action_by_id[action_id].title.get(self.lang)
        return action_id

    def _value(self, field: str, text: str, programme: Programme) -> str:
        if field in _SILENT:
            return ""
        if field == "period":
            return dates.span(programme.period.first, programme.period.last, self.lang)
        if field == "goal":
            return programme.goal_by_key[text].name.get(self.lang) if text in programme.goal_by_key else text
        if field == "meetings":
            return ", ".join(dates.short(day, self.lang) for day in programme.meetings)
        if field in _PARTIES:
            names = programme.organisation_by_key
            keys = [key for key in text.split(", ") if key in names]
            return shared.names(self.lang, (names[key].name for key in keys))
        return text

    def _day(self, text: str) -> str:
        return dates.in_table(date.fromisoformat(text), self.lang) if text else ""

    # -- events, of which ``changes`` says nothing -------------------------------------------

    def events(self, action_id: str) -> tuple[str, str]:
        """Return an action's events before and after, each as how many and from when to when."""
        return self._events(self._before, action_id), self._events(self._after, action_id)

    @cached_property
    def _before(self) -> Mapping[str, list[Occurrence]]:
        return _series(self.old) if self.old else {}

    @cached_property
    def _after(self) -> Mapping[str, list[Occurrence]]:
        return _series(self.new)

    def _events(self, found: Mapping[str, list[Occurrence]], action_id: str) -> str:
        rows = found.get(action_id, [])
        if not rows:
            return say(self.lang, "change.events", n=0, days="")
        days = dates.span(rows[0].due, rows[-1].due, self.lang)
        return say(self.lang, "change.events", n=len(rows), days=days)


def _series(programme: Programme) -> dict[str, list[Occurrence]]:
    found: dict[str, list[Occurrence]] = {}
    for row in occurrences(programme):
        if row.kind == "event":
            found.setdefault(row.id.action, []).append(row)
    return found
