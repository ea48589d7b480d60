"""What pages and commands say about a programme: how wordings were read, its rules, what would change.

Pure: texts are in the reader's language; what is asked about them is left to each page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from calendars.left_over import SHOWN_FOR
from email_templates import dates, words as shared
from email_templates.catalogue import catalogue
from email_templates.plain_text import capital
from reminders.intake.interpret import NOT_USED
from reminders.intake.messages import ImportMessage
from reminders.intake.pairing import VersionQuestion, joint_candidates
from reminders.planning.programme_diff import ProgrammeChange
from reminders.planning.standing import ActionStanding
from reminders.use.feeds.calendar_preview import CalendarChange
from reminders.use.programme.read_files import Import
from reminders.web.catalogue import say
from schedule_rules.days import MonthDay
from schedule_rules.occurrence import Occurrence, OccurrenceID, occurrences
from schedule_rules.programme import Action, Lang, Programme
from schedule_rules.reading import normalise
from schedule_rules.rule import (
    CollectionRule,
    EventRule,
    MilestoneRule,
    ReviewRule,
    Rule,
    StartRule,
    TargetRule,
)
from schedule_rules.schedule import Frequency, Kind, Schedule

AT_LEAST: Final = "≥\N{NO-BREAK SPACE}"
_PARTIES: Final = ("leads", "partners")
_SILENT: Final = ("defaults", "handovers", "organisations")
"""Fields whose values are too long to be shown: only that they change is said."""
_PLACE: Final = re.compile(r"(?<![^\s(,])(sheet|table|page|row|line|cell|column|paragraph)(?= \S)")
_WHOLE: Final = re.compile(r"the (file|name|archive|document|workbook|command)\b")
_READING: Final = re.compile(r"([a-z_]+) (\d{4}-\d\d-\d\d|…)/(\d{4}-\d\d-\d\d|…)")
_ROLE: Final = re.compile(r"role (action|goal|domain|schedule|start|end|responsible|partners|indicator)")
_UNUSED: Final = re.compile(rf"(.+?), {NOT_USED}(.+)")
_AFTER: Final = re.compile(r"(\S+) after (\d{4}-\d\d-\d\d)")
_ANY_YEAR: Final = 2026
_KINDS: Final[tuple[Kind, ...]] = (
    "single", "range", "open_range", "continuous", "recurring", "relative", "unspecified", "none",
)  # fmt: skip

Code = Literal["overdue", "decide", "soon", "review", "behind", "unknown", "track", "done", "coming"]
CODES: Final[Mapping[ActionStanding, Code]] = {
    "passed": "overdue",
    "decide": "decide",
    "due-soon": "soon",
    "not-answered": "review",
    "behind": "behind",
    "not-known": "unknown",
    "open": "track",
    "late": "track",
    "answered": "track",
    "on-schedule": "track",
    "done": "done",
    "coming": "coming",
    "closed": "done",
    "ended": "done",
}
"""The colour and shape of each standing."""


def schedule_words(found: Schedule, lang: Lang) -> str:
    """Say what a schedule means: its kind, its days, how often."""
    kind, start, end = say(lang, f"reading.kind.{found.kind.replace('_', '-')}"), found.start, found.end
    if start and end:
        # A date never breaks: a word joiner after the dash.
        days = dates.span(start, end, lang).replace("–", "–\N{WORD JOINER}")
        when = say(lang, "reading.span", kind=kind, days=days)
    elif start:
        when = say(lang, "reading.from", on=dates.short(start, lang))
    elif end:
        when = say(lang, "reading.by", on=dates.short(end, lang))
    else:
        when = kind
    return f"{when}, {frequency_words(found.frequency, lang)}" if found.frequency else when


def frequency_words(found: Frequency, lang: Lang) -> str:
    """Say how often: *4–5 krt/v*, *2 krt/kk*."""
    rate = say(lang, f"timeline.per-{found.per}", times=times_words(found))
    if found.interval > 1:
        rate = say(lang, "reading.every", rate=rate, interval=found.interval)
    # any year: the days that a feast gives are others in each
    days = [dates.no_year(day.in_year(_ANY_YEAR), lang) for day in found.days if isinstance(day, MonthDay)]
    return say(lang, "reading.each-by", rate=rate, days=", ".join(days)) if found.by and days else rate


def times_words(found: Frequency) -> str:
    """Return how many times in figures: *4–5*, *≥ 10*."""
    low, high = found.times_min, found.times_max
    if low is not None and high is not None:
        return str(low) if low == high else f"{low}–{high}"
    return f"{AT_LEAST}{low}" if high is None else f"≤\N{NO-BREAK SPACE}{high}"


def elapsed_words(since: date, today: date, lang: Lang) -> str:
    """Say how much time has passed since a day, as people do: *12 päivää*, *11 kk*, *2 v 1 kk*."""
    months = 12 * (today.year - since.year) + today.month - since.month - (today.day < since.day)
    if months < 1:
        return say(lang, "elapsed.days", n=(today - since).days)
    parts = {"years": months // 12, "months": months % 12}
    return " ".join(say(lang, f"elapsed.{name}", n=n) for name, n in parts.items() if n)


def overdue_words(due: date, today: date, lang: Lang) -> str:
    """Say how late what was due on a day is: *Myöhässä 2 v 1 kk*."""
    return say(lang, "elapsed.late", time=elapsed_words(due, today, lang))


def target_words(rule: TargetRule, lang: Lang) -> str:
    """Return a target as printed in figures: *2–4 krt/v*, *≥ 10 krt/v*."""
    return say(lang, f"timeline.per-{rule.frequency.per}", times=times_words(rule.frequency))


def nearest_words(action: Action, lang: Lang) -> str:
    """Say how each language's schedule is read, or what comes nearest; equal readings together."""
    read: dict[str, list[str]] = {}
    for code, wording in action.schedule.as_dict().items():
        found = normalise(wording, code)
        nearest = found if isinstance(found, Schedule) else found.nearest
        if nearest:
            read.setdefault(schedule_words(nearest, lang), []).append(code)
    if len(read) == 1:
        return next(iter(read))
    return "; ".join(f"{', '.join(codes)}: {words}" for words, codes in read.items())


def code_words(code: str, lang: Lang) -> str:
    """Say what is unclear; a code without words stands as it is."""
    text_id = f"code.{code}"
    return say(lang, text_id) if catalogue("reminders.web").has(lang, text_id) else code


def detail_words(detail: str, lang: Lang) -> str:
    """Say what an import made of some words; what is not of a known form stays as it is."""
    if unused := _UNUSED.fullmatch(detail):
        return say(lang, "reading.unused", reading=detail_words(unused[1], lang), words=unused[2])
    reading = _READING.fullmatch(detail)
    kind = next((one for one in _KINDS if reading and one == reading[1]), None)
    if reading and kind:
        return schedule_words(Schedule("", kind, _day(reading[2]), _day(reading[3])), lang)
    if after := _AFTER.fullmatch(detail):
        day = dates.short(date.fromisoformat(after[2]), lang)
        return say(lang, "reading.after", written=after[1], on=day)
    if role := _ROLE.fullmatch(detail):
        return say(lang, f"choices.role-{role[1]}")
    return place_words(detail, lang) if _PLACE.search(detail) else detail


def problem_words(words: str, lang: Lang) -> str:
    """Say what is wrong in a file, or what was expected; what has no code is of the file and stays."""
    if not isinstance(words, ImportMessage):
        return words
    values = {
        name: problem_words(value, lang) if isinstance(value, str) else value
        for name, value in words.values.items()
    }
    return say(lang, f"problem.{words.code}", None, **values)


def place_words(place: str, lang: Lang) -> str:
    """Say a place in a file: *rivi 12*, *taulukko 1, rivi 4*."""
    whole = _WHOLE.match(place)
    if whole:
        return say(lang, f"place.{whole[1]}") + place_words(place[whole.end() :], lang)
    return _PLACE.sub(lambda word: say(lang, f"place.{word[1]}"), place)


def _day(text: str) -> date | None:
    return None if text == "…" else date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule: what it says, the words it comes from, its provenance and that in words."""

    reading: str
    words: str
    provenance: str
    basis: str


def rule_rows(
    rules: Iterable[Rule],
    action: Action,
    programme: Programme,
    lang: Lang,
    moved: Iterable[Occurrence] = (),
    *,
    named: bool = True,
) -> tuple[RuleRow, ...]:
    """Return the rules of an action, the dates that were ``moved``, then its handovers.

    ``named`` tells whether who corrected a rule is said: not to the public.
    """
    rows = []
    for rule in rules:
        reading, days = capital(shared.reading(lang, rule.basis.reading)), ", ".join(_rule_days(rule, lang))
        words, by = rule.basis.words, rule.basis.by if named else ""
        printed = action.printed_words(words)
        to = "" if printed == words else words.get(lang)
        basis = shared.basis(lang, rule.basis.provenance, by, rule.basis.on, to)
        shown = f"{reading}: {days}" if days else reading
        rows.append(RuleRow(shown, printed.get(lang), rule.basis.provenance, basis))
    for row in (one for one in moved if one.basis.was_due):
        basis = shared.basis(lang, "corrected", row.basis.moved_by if named else "", row.basis.moved_on)
        printed = action.printed_words(row.basis.words)
        rows.append(RuleRow(shared.date_moved(lang, row), printed.get(lang), "corrected", basis))
    for move in action.handovers:
        names = programme.organisation_by_key
        reading = say(lang, "action.move-rule", on=dates.short(move.effective_from, lang))
        taker = names[move.taker].name.get(lang)
        code = "corrected" if move.by else "printed"
        rows.append(
            RuleRow(f"{capital(reading)}: {taker}", move.source.get(lang), code, shared.basis(lang, code))
        )
    return tuple(dict.fromkeys(rows))  # parts of one series say the same


def _rule_days(rule: Rule, lang: Lang) -> list[str]:
    match rule:
        case StartRule():
            return [dates.short(rule.on, lang)]
        case MilestoneRule():
            return [dates.short(rule.due, lang)]
        case ReviewRule():
            return [dates.short(rule.day.in_year(year), lang) for year in rule.years]
        case CollectionRule():
            return [dates.short(rule.due.in_year(year + 1), lang) for year in rule.years]
        case TargetRule():
            return [target_words(rule, lang)]
        case EventRule(title=title) if title:
            return [title.get(lang)]
        case _:
            return []


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change: what it is about, what happens, how it was and will be."""

    where: str
    action: str
    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class ChangeWords:
    """Says what changes when ``new`` takes the place of ``old`` (None: nothing stands there)."""

    old: Programme | None
    new: Programme
    lang: Lang

    def rows(self, changes: Iterable[ProgrammeChange]) -> tuple[ChangeRow, ...]:
        """Return changes in words, in their order."""
        return tuple(self._row(one) for one in changes)

    def _row(self, change: ProgrammeChange) -> ChangeRow:
        if change.field == "due":
            row_id = OccurrenceID.parse(change.place)
            kind = capital(shared.kind(self.lang, row_id.kind))
            return ChangeRow(
                where=self._title(row_id.action),
                action=row_id.action,
                what=say(self.lang, f"change.date-{change.kind}", kind=kind),
                before=self._day(change.before),
                after=self._day(change.after),
            )
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

    def events(self, action_id: str) -> tuple[str, str]:
        """Return an action's events before and after, each as how many and from when to when."""
        return self._events(self.old, action_id), self._events(self.new, action_id)

    def _events(self, programme: Programme | None, action_id: str) -> str:
        found = occurrences(programme) if programme else ()
        rows = [
            row
            for row in found
            if row.kind == "event" and row.id.action == action_id and row.status != "cancelled"
        ]
        days = dates.span(rows[0].due, rows[-1].due, self.lang) if rows else ""
        return say(self.lang, "change.events", n=len(rows), days=days)


def calendar_change_rows(changes: Iterable[CalendarChange], lang: Lang) -> tuple[ChangeRow, ...]:
    """Return in words what becomes of dates in calendars: one by one, but events by their fate."""
    rows, events = list[ChangeRow](), dict[str, list[CalendarChange]]()
    for one in changes:
        if one.entry.kind == "event":
            events.setdefault(one.fate, []).append(one)
        else:
            rows.append(_calendar_row(one, lang))
    for fate, own in events.items():
        what = say(lang, f"change.date-{fate}", kind=capital(shared.kind(lang, "event")))
        before, after = (
            _days_said([entry.day for entry in side if entry], lang)
            for side in ((one.before for one in own), (one.after for one in own))
        )
        rows.append(ChangeRow(own[0].entry.title.get(lang), "", what, before, after))
    return tuple(rows)


def _calendar_row(one: CalendarChange, lang: Lang) -> ChangeRow:
    entry = one.entry
    what = say(lang, f"change.date-{one.fate}", kind=capital(shared.kind(lang, entry.kind)))
    before, after = (dates.in_table(side.day, lang) if side else "" for side in (one.before, one.after))
    if one.fate == "cancelled":
        after = say(lang, "change.cancelled-until", day=dates.short(entry.day + SHOWN_FOR, lang))
    return ChangeRow(entry.title.get(lang), "", what, before, after)


def _days_said(days: Sequence[date], lang: Lang) -> str:
    span = dates.span(min(days), max(days), lang) if days else ""
    return say(lang, "change.events", n=len(days), days=span) if days else ""


def question_words(question: VersionQuestion, lang: Lang) -> str:
    """Ask as what an action or organisation of the stored programme goes on in the new version."""
    key, title, candidates = question.key, question.title.get(lang), question.candidates
    if question.subject == "organisation":
        return say(lang, "import.ask-organisation", key=key, title=title)
    if question.exact:
        return say(lang, "import.ask-exact", key=key, title=title, new=question.exact.key)
    if [one.key for one in candidates] == [key]:
        return say(lang, "import.ask-own", key=key, title=title, name=candidates[0].title.get(lang))
    return say(lang, "import.ask-near", key=key, title=title)


def joint_lines(questions: Sequence[VersionQuestion], lang: Lang) -> list[str]:
    """Say which actions have perhaps become one: one of them goes on, the others have ended."""
    titles = {each.key: each.title.get(lang) for one in questions for each in one.candidates}
    return [
        say(lang, "import.joint", keys=", ".join(keys), new=new, title=titles[new])
        for new, keys in joint_candidates(questions).items()
    ]


def loss_lines(found: Import, lang: Lang) -> list[str]:
    """Say which actions a new version takes away, and that some of them have answers."""
    old = found.old.action_by_id if found.old else {}
    lines = [say(lang, "import.loss", n=len(found.pairing.lost))]
    for key in found.pairing.lost:
        note = f" ({say(lang, 'import.has-answers')})" if key in found.pairing.answered else ""
        lines.append(f"    {key} {old[key].title.get(lang)}{note}")
    return lines
