"""Subjects and headings: the kind and the date first, the title last.

A bilingual subject gives each part once where both languages write it alike
(dates, numbers), else both with " / " between, and the title in the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from email_templates import dates, rows
from email_templates.letters import (
    BoardDigest,
    Escalation,
    Item,
    Letter,
    Notice,
    Nudge,
    StatusRequest,
    UnitYear,
)
from email_templates.plain_text import SUBJECT_LIMIT, clean, subject_line
from email_templates.words import say
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class Headline:
    """``full`` in one language; ``parts`` for two; ``title`` comes last in a subject.

    ``short`` is used where ``full`` does not fit, ``heading`` where the mail's heading is not the same.
    """

    full: str
    parts: tuple[str, ...]
    title: str = ""
    short: str = ""
    heading: str = ""


def headline(letter: Letter, lang: Lang) -> Headline:
    """Return what a letter says first, in ``lang``."""
    match letter:
        case BoardDigest():
            return _digest(letter, lang)
        case Escalation():
            return _escalation(letter, lang)
        case StatusRequest():
            word = say(lang, "head.request")
            counted = say(lang, "subject.actions", n=sum(map(rows.is_requested, letter.items)))
            return Headline(f"{word}: {counted}", (f"{word}:", counted))
        case UnitYear():
            word, year = say(lang, "head.year"), str(letter.years[0].year)
            counted = say(lang, "subject.items", n=sum(len(one.rows) for one in letter.years))
            return Headline(f"{word} {year}: {counted}", (word, f"{year}:", counted))
        case Notice():
            return _notice(letter, lang)
        case Nudge(items=(item,)):
            return _single(item, lang, letter.sent_on)
        case Nudge():
            return _several(letter, lang)


def heading(letter: Letter, lang: Lang) -> str:
    """Return the heading of a letter, uncut."""
    line = headline(letter, lang)
    return line.heading or line.full


def subject(letter: Letter, langs: Sequence[Lang]) -> str:
    """Return the subject in one language or two: one line, at most 70 characters."""
    lines = [headline(letter, lang) for lang in langs]
    first = lines[0]
    lead = first.short if first.short and len(first.full) > SUBJECT_LIMIT else first.full
    if len(lines) > 1:
        parts = []
        for alike in zip(*(line.parts for line in lines), strict=True):
            colon = ":" if alike[-1].endswith(":") else ""
            both = " / ".join(part.removesuffix(":") for part in alike) + colon
            parts.append(alike[0] if len(set(alike)) == 1 else both)
        lead = " ".join(parts)
    return subject_line(f"{lead}: {first.title}" if first.title else lead)


def _single(item: Item, lang: Lang, on: date) -> Headline:
    title, due, past = clean(item.title.get(lang)), dates.short(item.due, lang), item.due < on
    if (rows.opens_collection((item,)) or item.answer_by) and item.year:
        due = dates.short(item.answer_by or item.due, lang)
        full = say(lang, "subject.opening", year=item.year, due=due)
        return Headline(full, (say(lang, "head.round"), f"{item.year}:", say(lang, "head.last-day"), due))
    if item.pace:
        held, minimum = dates.number(item.pace.held, lang), dates.number(item.pace.minimum, lang)
        word, count = say(lang, "head.pace"), f"{held}/{minimum} ({item.pace.year})"
        return Headline(f"{word} {count}", (word, count), title)
    code = "passed" if past else "deadline"
    if item.kind == "event":
        code = "ask" if item.asks_dates else "event"
    elif item.kind in {"review", "start", "handover"}:
        code = item.kind
    word = say(lang, f"head.{code}")
    if code == "ask" and item.year:
        asked, year = say(lang, "head.ask-year"), str(item.year)
        return Headline(f"{asked} {year}", (asked, year), title)
    if item.kind == "start":
        begun = say(lang, "item.started" if past else "item.start", date=due)
        return Headline(word, (word,), title, heading=begun)
    return Headline(f"{word} {due}", (word, due), title)


def _several(letter: Nudge, lang: Lang) -> Headline:
    """Say how much waits for an answer; of a mail that asks for nothing, hand-overs before starts, events."""
    if asking := sum(map(rows.item_needs_answer, letter.items)):
        waiting = say(lang, "subject.waiting", n=asking)
        passed = sum(rows.is_overdue_item(item, letter.sent_on) for item in letter.items)
        if not passed:
            return Headline(waiting, (waiting,))
        also = say(lang, "subject.passed", k=dates.number(passed, lang))
        return Headline(f"{waiting}, {also}", (waiting,), short=waiting)
    kinds = Counter(item.kind for item in letter.items)
    if kinds["handover"]:
        word, count = say(lang, "head.handover"), kinds["handover"]
        counted = say(lang, "subject.actions", n=count)
        return Headline(f"{word}: {counted}", (word, f"({dates.number(count, lang)})"))
    code, count = ("starts", kinds["start"]) if kinds["start"] else ("events", len(letter.items))
    what = say(lang, f"subject.{code}", n=count)
    return Headline(what, (what,))


def _notice(letter: Notice, lang: Lang) -> Headline:
    if letter.enclosed.feeds:
        word = say(lang, "head.own-feed")
        return Headline(word, (word,))
    meeting = letter.enclosed.meetings[0]
    word, day = say(lang, f"head.{meeting.news}"), dates.short(meeting.on, lang)
    return Headline(f"{word} {day}", (word, day), clean(meeting.board.get(lang)))


def _escalation(letter: Escalation, lang: Lang) -> Headline:
    escalated = [item for item in letter.items if item.reason == "escalated"]
    word = say(lang, "section.escalated")
    if len(escalated) != 1:
        counted = say(lang, "subject.items", n=len(escalated))
        return Headline(f"{word}: {counted}", (f"{word}:", counted))
    item = escalated[0]
    kind = "escalated-review" if item.kind == "review" else "escalated"
    due = dates.short(item.due, lang)
    return Headline(f"{say(lang, f'head.{kind}')} {due}", (word, due), clean(item.title.get(lang)))


def _digest(letter: BoardDigest, lang: Lang) -> Headline:
    word = say(lang, "head.meeting" if letter.meeting else "head.summary")
    day = dates.short(letter.meeting or letter.sent_on, lang)
    passed = dates.number(letter.passed, lang)
    return Headline(
        full=f"{word} {day}: {say(lang, 'subject.summary', k=passed, n=len(letter.answered))}",
        parts=(word, f"{day}:", say(lang, "subject.summary-both"), f"({passed})"),
        short=f"{word} {day}: {say(lang, 'subject.summary-short', k=passed)}",
        heading=say(lang, "digest.unchanged", last=dates.short(letter.last, lang))
        if letter.unchanged and letter.last
        else "",
    )
