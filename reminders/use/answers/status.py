"""What answers make of an occurrence: its status, who said what last, and what calendars say of it.

Pure. Who answered and when is said in the secretary's calendar only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from calendars.event import Entry
from email_templates import dates, words
from reminders.planning.replies import Answer
from reminders.store.programmes import StoredOccurrence
from schedule_rules.occurrence import Occurrence, Status
from schedule_rules.programme import LANGUAGES, Lang, Programme, Text


def status_of(programme: Programme, row: Occurrence, answers: Iterable[Answer]) -> Status:
    """Return the status that answers give an occurrence (RFC 5545 section 3.8.1.11).

    Completed when every responsible organisation has answered, of a milestone only when each said *done*;
    in-process when some have answered, or when its date is the one that such an answer proposed. Events,
    starts and what was cancelled keep their own.
    """
    if row.kind in {"event", "start"} or row.status == "cancelled":
        return row.status
    given = last_answers(programme, row, answers)
    if not given:
        return "needs-action"
    everybody = set(row.organisations) <= set(given)
    if row.kind == "milestone":
        ready = all(answer.answer == "done" for answer in given.values())
    else:
        ready = all(answer.new_date != row.due for answer in given.values())
    return "completed" if everybody and ready else "in-process"


def last_answers(programme: Programme, row: Occurrence, answers: Iterable[Answer]) -> dict[str, Answer]:
    """Return each responsible organisation's newest answer about ``row``.

    Where responsibility moves, an answer of either side counts for both, but *not ours*.
    """
    action = programme.action_by_id[row.id.action]
    own = [answer for answer in answers if answer.occurrence == str(row.id)]
    newest: dict[str, Answer] = {}
    sides = {
        key: {move.giver for move in action.handovers if move.taker == key}
        | {move.taker for move in action.handovers if move.giver == key}
        for key in row.organisations
    }
    for answer in sorted(own, key=lambda one: one.at):
        for key in row.organisations:
            is_sides = answer.organisation in sides[key] and answer.answer != "not-ours"
            if answer.organisation == key or is_sides:
                newest[key] = answer
    return newest


Audience = Literal["public", "own", "secretary"]


@dataclass(frozen=True)
class CalendarStatus:
    """The answers of a programme that count, by occurrence, and when anything was last said or taken back.

    ``names`` are people by address: they stand in the secretary's calendar, the addresses in none.
    """

    programme: Programme
    stored: Mapping[str, StoredOccurrence]
    answers: Mapping[str, tuple[Answer, ...]]
    touched: Mapping[str, datetime]
    names: Mapping[str, str] = field(default_factory=dict)

    def entry(self, entry: Entry, audience: Audience) -> Entry:
        """Return an entry with its state for an audience; its stamp is that of the last answer, if later."""
        one = self.stored.get(entry.occurrence)
        if one is None:
            return entry
        lines = tuple(self._lines(one, audience))
        done = audience == "secretary" and self._status(one) == "completed"
        touched = self.touched.get(entry.occurrence, entry.modified)
        return replace(entry, lines=lines, done=done, modified=max(entry.modified, touched))

    def waits(self, entry: Entry, units: Collection[str]) -> bool:
        """Tell whether an entry is a deadline or review that one of some units has not answered yet."""
        one = self.stored.get(entry.occurrence)
        if one is None or one.row.kind not in {"milestone", "review"} or entry.status == "cancelled":
            return False
        given = last_answers(self.programme, one.row, self.answers.get(entry.occurrence, ()))
        return any(key in units and key not in given for key in entry.organisation_keys)

    def _status(self, one: StoredOccurrence) -> str:
        return status_of(self.programme, one.row, self.answers.get(str(one.row.id), ()))

    def _lines(self, one: StoredOccurrence, audience: Audience) -> Iterator[Text]:
        status = self._status(one)
        if one.row.kind != "event" and (audience != "public" or status in {"in-process", "completed"}):
            yield _text(lambda lang: words.feed_word(lang, f"status-{status}"))
        if audience == "secretary":
            basis = one.row.basis
            yield _text(lambda lang: words.feed_basis(lang, basis.reading, basis.provenance))
            if basis.was_due:
                yield _text(lambda lang: words.date_moved(lang, one.row))
            given = last_answers(self.programme, one.row, self.answers.get(str(one.row.id), ()))
            yield from (self._answer_line(key, answer) for key, answer in given.items())

    def _answer_line(self, key: str, answer: Answer) -> Text:
        org, who = self.programme.organisation_by_key[key].name, self.names.get(answer.by, "")

        def say(lang: Lang) -> str:
            on = dates.in_table(answer.at.date(), lang)
            facts = ", ".join(part for part in (org.get(lang), who, on) if part)
            return f"✓ {words.answer(lang, answer.answer)}: {facts}"

        return _text(say)


def calendar_status(
    programme: Programme,
    stored: Iterable[StoredOccurrence],
    answers: Iterable[Answer],
    ever: Iterable[Answer],
    names: Mapping[str, str] | None = None,
) -> CalendarStatus:
    """Return what calendars say of a programme: ``answers`` count, ``ever`` has those taken back too."""
    by_occurrence: dict[str, tuple[Answer, ...]] = {}
    for answer in answers:
        by_occurrence[answer.occurrence] = (*by_occurrence.get(answer.occurrence, ()), answer)
    touched: dict[str, datetime] = {}
    for answer in ever:
        last = max(answer.at, answer.undone_at or answer.at)
        touched[answer.occurrence] = max(touched.get(answer.occurrence, last), last)
    rows = {str(one.row.id): one for one in stored}
    return CalendarStatus(programme, rows, by_occurrence, touched, names or {})


def _text(say: Callable[[Lang], str]) -> Text:
    return Text(**{lang: say(lang) for lang in LANGUAGES})
