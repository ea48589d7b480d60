"""The pages' own texts in the reader's language; what mails say too is ``email_templates.words``.

The fate of a mail in words: its state, its events, what the server said. Pure.

How a wording was read, in words: a schedule with its days, a frequency, a place in a file. Pure.

What would change if one programme took the place of another, in words. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

from email_templates import dates
from email_templates import words as shared
from email_templates.catalogue import Catalogue
from reminders.intake.messages import ImportMessage
from reminders.planning.programme_diff import ProgrammeChange
from reminders.settings import Settings
from reminders.store.delivery_log import DeliveryEvent, was_written
from schedule_rules.occurrence import Occurrence, OccurrenceID, occurrences
from schedule_rules.programme import LANGUAGES, Action, Lang, Programme
from schedule_rules.reading import normalise
from schedule_rules.schedule import Frequency, Kind, Schedule

# -- The pages' own texts in the reader's language; what mails say too is ``email_templates.wor

SOFT_HYPHEN: Final = "\u00ad"
_LONG_WORD: Final = re.compile(r"[^\W\d_]{17,}")
# A syllable begins before a consonant with a vowel behind it: right for Finnish, near enough elsewhere.
_SYLLABLE: Final = re.compile(r"(?<=...)(?=[^\W\d_aeiouyåäöé][aeiouyåäöé])(?=...)", re.IGNORECASE)
_HANGING: Final = re.compile(r"(?<=\s)-(?=[^\W\d_])")
_NUMBER: Final = re.compile(r"(?<=\b\d) (?=[^\W\d_])|(?<=\b\d\d) (?=[^\W\d_])|(?<=\b\d\d\d) (?=[^\W\d_])")
_TAG: Final = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of the pages, read once."""
    return Catalogue.load(files("reminders.web") / "locale")


def say(lang: Lang, text_id: str, /, n: int | None = None, **variables: object) -> str:
    """Return a text of the pages (see ``Catalogue.say``)."""
    return catalogue().say(lang, text_id, n, **variables)


def shown_text(text: str) -> str:
    """Return ``text`` fit for narrow screens: words over 16 letters may break, " -word" and "3 words" not.

    For display only: never in data, subjects or feeds.
    """
    unbroken = _NUMBER.sub("\N{NO-BREAK SPACE}", _HANGING.sub("\N{NON-BREAKING HYPHEN}", text))
    return _LONG_WORD.sub(lambda word: _SYLLABLE.sub(SOFT_HYPHEN, word[0]), unbroken)


def known(text: str | None) -> Lang | None:
    """Return ``text`` as a language, None when it is none of ours."""
    return next((lang for lang in LANGUAGES if lang == text), None)


def preferred(accept_language: str) -> Lang:
    """Return the language a browser asks for first (RFC 9110 section 12.5.4), else Finnish."""
    best: tuple[float, Lang] = (0.0, "fi")
    for part in accept_language.split(","):
        match = _TAG.fullmatch(part)
        lang = known(match[1].lower()) if match else None
        weight = float(match[2] or 1) if match else 0.0
        if lang and weight > best[0]:
            best = (weight, lang)
    return best[1]


# -- The fate of a mail in words: its state, its events, what the server said. Pure


def channel_state(settings: Settings, state: str, lang: Lang, answer: str = "") -> str:
    """Say a state; what is *sent* was handed to a mail server or written to the folder.

    The answer tells which; where it is not known, whether there is a mail server now.
    """
    if state == "sent" and (was_written(answer) if answer else not settings.smtp_url):
        return say(lang, "event.written")
    return shared.outbox(lang, state)


def reply(events: Iterable[DeliveryEvent]) -> str:
    """Return the server's last words about a mail, as they came."""
    said = _said(events)
    return _words(said[-1]) if said else ""


def answer(events: Iterable[DeliveryEvent]) -> str:
    """Return the last words about a mail without their code: a server's, or the name of a file."""
    said = _said(events)
    return said[-1].text if said else ""


def _said(events: Iterable[DeliveryEvent]) -> list[DeliveryEvent]:
    return [event for event in events if event.kind != "composed" and (event.code or event.text)]


def event_rows(events: Iterable[DeliveryEvent], zone: tzinfo, lang: Lang) -> list[tuple[str, str, str]]:
    """Return each event of a mail: when, what, and the server's words."""
    return [
        (dates.moment(event.at.astimezone(zone), lang), _kind(event, lang), _words(event)) for event in events
    ]


def _kind(event: DeliveryEvent, lang: Lang) -> str:
    if event.kind == "handed-over" and was_written(event.text):
        return say(lang, "event.written")
    return say(lang, f"event.{event.kind}")


def _words(event: DeliveryEvent) -> str:
    code = str(event.code) if event.code else ""
    return " ".join(part for part in (code, event.text) if part)


# -- How a wording was read, in words: a schedule with its days, a frequency, a place in a file

_PLACE: Final = re.compile(r"(?<![^\s(,])(sheet|table|page|row|line|cell)(?= \S)")
_WHOLE: Final = re.compile(r"the (file|name|archive|document|workbook|command)\b")
_TOLD: Final = re.compile(r"([a-z_]+) (\d{4}-\d\d-\d\d|…)/(\d{4}-\d\d-\d\d|…)")
_AFTER: Final = re.compile(r"(\S+) after (\d{4}-\d\d-\d\d)")
_KINDS: Final[tuple[Kind, ...]] = (
    "single", "range", "open_range", "continuous", "recurring", "relative", "unspecified", "none",
)  # fmt: skip


def schedule_words(found: Schedule, lang: Lang) -> str:
    """Say what a schedule means: its kind, its days, how often."""
    often = frequency_words(found.frequency, lang) if found.frequency else ""
    return ", ".join(part for part in (_kind_words(found, lang), often) if part)


def _kind_words(found: Schedule, lang: Lang) -> str:
    start, end = found.start, found.end
    if start and end:
        # A date never breaks: a word joiner after the dash.
        days = dates.span(start, end, lang).replace("–", "–\N{WORD JOINER}")
        return say(lang, "reading.span", kind=_kind_reading_words(found.kind, lang), days=days)
    if start:
        return say(lang, "reading.from", on=dates.short(start, lang))
    if end:
        return say(lang, "reading.by", on=dates.short(end, lang))
    return _kind_reading_words(found.kind, lang)


def _kind_reading_words(kind: Kind, lang: Lang) -> str:
    return say(lang, f"reading.kind.{kind.replace('_', '-')}")


def frequency_words(found: Frequency, lang: Lang) -> str:
    """Say how often: *4–5 krt/v*, *2 krt/kk*."""
    low, high = found.times_min, found.times_max
    if low is None or high is None:
        times = f"≥\N{NO-BREAK SPACE}{low}" if high is None else f"≤\N{NO-BREAK SPACE}{high}"
    else:
        times = str(low) if low == high else f"{low}–{high}"
    rate = say(lang, f"timeline.per-{found.per}", times=times)
    return say(lang, "reading.every", rate=rate, interval=found.interval) if found.interval > 1 else rate


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


def detail_words(detail: str, lang: Lang) -> str:
    """Say what an import made of some words; what is not of a known form stays as it is."""
    told = _TOLD.fullmatch(detail)
    kind = next((one for one in _KINDS if told and one == told[1]), None)
    if told and kind:
        return schedule_words(Schedule("", kind, _day(told[2]), _day(told[3])), lang)
    if after := _AFTER.fullmatch(detail):
        day = dates.short(date.fromisoformat(after[2]), lang)
        return say(lang, "reading.after", written=after[1], on=day)
    return place_words(detail, lang) if _PLACE.search(detail) else detail


def problem_words(words: str, lang: Lang) -> str:
    """Say what is wrong in a file, or what was expected; what has no code is of the file and stays."""
    if not isinstance(words, ImportMessage):
        return words
    values = {
        name: problem_words(value, lang) if isinstance(value, str) else value
        for name, value in words.values.items()
    }
    return catalogue().say(lang, f"problem.{words.code}", None, **values)


def place_words(place: str, lang: Lang) -> str:
    """Say a place in a file: *rivi 12*, *taulukko 1, rivi 4*."""
    whole = _WHOLE.match(place)
    if whole:
        return say(lang, f"place.{whole[1]}") + place_words(place[whole.end() :], lang)
    return _PLACE.sub(lambda word: say(lang, f"place.{word[1]}"), place)


def _day(text: str) -> date | None:
    return None if text == "…" else date.fromisoformat(text)


# -- What would change if one programme took the place of another, in words. Pure

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

    def rows(self, changes: Iterable[ProgrammeChange]) -> tuple[ChangeRow, ...]:
        """Return changes in words, in their order."""
        return tuple(self._date(one) if one.field == "due" else self._row(one) for one in changes)

    def _row(self, change: ProgrammeChange) -> ChangeRow:
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

    def _date(self, change: ProgrammeChange) -> ChangeRow:
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
