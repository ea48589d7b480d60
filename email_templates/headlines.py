"""Subjects and headings: the kind and the date first, then the first title, then how many more.

A bilingual subject has the leads of both languages, alike parts (dates, numbers) once, and the title in
the first. Where little room is left for the title, the date goes: the mail says it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

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
from email_templates.plain_text import SUBJECT_LIMIT, clean, cut, subject_line
from email_templates.words import say
from schedule_rules.programme import Lang

TITLE_ROOM: Final = 16
"""So many characters of the first title stand in a subject, before its date does."""
_TITLE: Final = "\0"


@dataclass(frozen=True, slots=True)
class Headline:
    """What a letter says first in one language.

    With a ``title``: the ``word`` for its kind, its ``date`` (or none), how many ``more`` there are beside
    it; ``lead`` and ``after`` stand around the title where they are not word and date. Without one: ``full``,
    or ``short`` where that does not fit, and ``parts`` for two languages. ``heading`` is the mail's, where it
    is not the lead.
    """

    word: str = ""
    date: str = ""
    title: str = ""
    more: int = 0
    lead: str = ""
    after: str = ""
    full: str = ""
    short: str = ""
    parts: tuple[str, ...] = ()
    heading: str = ""

    @property
    def start(self) -> str:
        """What stands before the title."""
        return self.lead or " ".join(filter(None, (self.word, self.date)))


def headline(letter: Letter, lang: Lang) -> Headline:
    """Return what a letter says first, in ``lang``."""
    match letter:
        case BoardDigest():
            return _digest(letter, lang)
        case Escalation():
            return _escalation(letter, lang)
        case StatusRequest():
            asked = sum(map(rows.is_requested, letter.items))
            return Headline(
                word=say(lang, "head.request"),
                title=_first_title(letter, lang),
                more=len(letter.items) - 1,
                heading=say(lang, "head.request-asks", n=asked),
            )
        case UnitYear():
            lines = [row for one in letter.years for row in one.rows]
            return Headline(
                word=say(lang, "head.year"),
                date=str(letter.years[0].year),
                title=clean(lines[0].title.get(lang)) if lines else "",
                more=max(len(lines) - 1, 0),
            )
        case Notice():
            return _notice(letter, lang)
        case Nudge(items=(item,)):
            return _single(item, lang, letter.sent_on)
        case Nudge():
            return _several(letter, lang)


def heading(letter: Letter, lang: Lang) -> str:
    """Return the heading of a letter, uncut."""
    line = headline(letter, lang)
    return line.heading or line.full or line.start


def subject(letter: Letter, langs: Sequence[Lang]) -> str:
    """Return the subject in one language or two: one line, at most 70 characters."""
    lines = [headline(letter, lang) for lang in langs]
    first = lines[0]
    if first.parts:
        whole = first.short if first.short and len(first.full) > SUBJECT_LIMIT else first.full
        return subject_line(_in_both(lines) if len(lines) > 1 else whole)
    more = say(langs[0], "subject.more", n=first.more, title=_TITLE) if first.more > 0 else _TITLE
    if len(lines) == 1:
        shapes = [(first.start, first.after), (first.word, "")]
    else:
        word = " / ".join(dict.fromkeys(line.word for line in lines))
        lead = " / ".join(dict.fromkeys(line.start.removesuffix(line.date).strip() for line in lines))
        # That a date has passed is said before which one; a label of the date ("deadline") goes with it.
        labels = first.start.startswith(f"{first.word},")
        starts = (f"{lead} {first.date}", f"{word} {first.date}" if labels else lead, word)
        shapes = [(one.strip(), "") for one in starts]
    title = " ".join(first.title.split())
    for start, after in shapes:
        room = SUBJECT_LIMIT - len(f"{start}: {more}{after}") + len(_TITLE)
        if room > 0 and len(cut(title, room)) >= min(len(title), TITLE_ROOM):
            break
    line = f"{start}: {more}{after}" if title else f"{start} {more}{after}"
    return subject_line(line.replace(_TITLE, cut(title, max(room, 1))))


def _in_both(lines: Sequence[Headline]) -> str:
    """Return a line without a title in two languages: what both write alike once, else both."""
    parts = []
    for alike in zip(*(line.parts for line in lines), strict=True):
        colon = ":" if alike[-1].endswith(":") else ""
        both = " / ".join(part.removesuffix(":") for part in alike) + colon
        parts.append(alike[0] if len(set(alike)) == 1 else both)
    return " ".join(parts)


def _first_title(letter: Nudge | StatusRequest | Escalation, lang: Lang) -> str:
    return clean(rows.weightiest(letter.items, letter.sent_on).title.get(lang))


def _single(item: Item, lang: Lang, on: date) -> Headline:
    title, due, past = clean(item.title.get(lang)), dates.short(item.due, lang), item.due < on
    if (rows.opens_collection((item,)) or item.answer_by) and item.year:
        due = dates.short(item.answer_by or item.due, lang)
        full = say(lang, "subject.opening", year=item.year, due=due)
        parts = (say(lang, "head.round"), f"{item.year}:", say(lang, "head.last-day"), due)
        return Headline(full=full, parts=parts)
    if item.pace:
        return Headline(word=say(lang, "head.pace"), date=str(item.pace.year), title=title)
    code = "passed" if past else "deadline"
    if item.kind == "event":
        code = "ask" if item.asks_dates else "event"
    elif item.kind == "handover":
        code = "taken-over" if item.moved_from else "handover"
    elif item.kind in {"review", "start"}:
        code = item.kind
    if code == "ask" and item.year:
        return Headline(word=say(lang, "head.ask-year"), date=str(item.year), title=title)
    # Both languages together have room for the shorter word; the date says that it has passed.
    word, lead = say(lang, f"head.{'deadline' if code == 'passed' else code}"), say(lang, f"head.{code}")
    if item.kind == "start":
        begun = say(lang, "item.started" if past else "item.start", date=due)
        return Headline(word=word, title=title, heading=begun)
    return Headline(word=word, date=due, lead=f"{lead} {due}", title=title)


def _several(letter: Nudge, lang: Lang) -> Headline:
    """Name the weightiest item; the heading counts what waits for an answer, or what is told."""
    first = _single(rows.weightiest(letter.items, letter.sent_on), lang, letter.sent_on)
    if first.parts:  # the opening of a round, which has no title
        item = rows.weightiest(letter.items, letter.sent_on)
        due = dates.short(item.answer_by or item.due, lang)
        first = Headline(word=say(lang, "head.deadline"), date=due, title=clean(item.title.get(lang)))
    return Headline(
        word=first.word,
        date=first.date,
        lead=first.lead,
        title=first.title,
        more=len(letter.items) - 1,
        heading=_counts(letter, lang),
    )


def _counts(letter: Nudge, lang: Lang) -> str:
    """Say how much waits for an answer; of a mail that asks for nothing, hand-overs before starts, events."""
    if asking := sum(map(rows.item_needs_answer, letter.items)):
        waiting = say(lang, "subject.waiting", n=asking)
        passed = sum(rows.is_overdue_item(item, letter.sent_on) for item in letter.items)
        also = say(lang, "subject.passed", k=dates.number(passed, lang))
        return f"{waiting}, {also}" if passed else waiting
    kinds = Counter(item.kind for item in letter.items)
    if kinds["handover"]:
        word = say(lang, "head.handover")
        return f"{word}: {say(lang, 'subject.actions', n=kinds['handover'])}"
    code, count = ("starts", kinds["start"]) if kinds["start"] else ("events", len(letter.items))
    return say(lang, f"subject.{code}", n=count)


def _notice(letter: Notice, lang: Lang) -> Headline:
    if letter.enclosed.feeds:
        word = say(lang, "head.own-feed")
        return Headline(full=word, parts=(word,))
    meeting = letter.enclosed.meetings[0]
    word, day = say(lang, f"head.{meeting.news}"), dates.short(meeting.on, lang)
    return Headline(word=word, date=day, title=clean(meeting.board.get(lang)))


def _escalation(letter: Escalation, lang: Lang) -> Headline:
    escalated = [item for item in letter.items if item.reason == "escalated"]
    word, item = say(lang, "section.escalated"), rows.weightiest(letter.items, letter.sent_on)
    kind, due = "escalated-review" if item.kind == "review" else "escalated", dates.short(item.due, lang)
    start, _, after = say(lang, f"subject.{kind}", title=_TITLE, due=due).partition(_TITLE)
    counted = say(lang, "subject.items", n=len(escalated))
    return Headline(
        word=word,
        date=due,
        lead=start.rstrip(": "),
        after=after,
        title=clean(item.title.get(lang)),
        more=len(letter.items) - 1,
        heading=word if len(escalated) == 1 else f"{word}: {counted}",
    )


def own_news(letter: BoardDigest) -> int:
    """Return how many of the items that came to the secretary are new; of an unchanged summary none."""
    return 0 if letter.unchanged else sum(item.reason != "repeated" for item in letter.own)


def _digest(letter: BoardDigest, lang: Lang) -> Headline:
    word = say(lang, "head.meeting" if letter.meeting else "head.summary")
    day = dates.short(letter.meeting or letter.sent_on, lang)
    passed, fresh = dates.number(letter.passed, lang), own_news(letter)
    counted = say(lang, "subject.summary", k=passed, n=len(letter.answered))
    told = (say(lang, "subject.summary-both"), f"({passed})")
    if fresh:  # what came to the reader is the news
        own = dates.number(fresh, lang)
        counted = say(lang, "subject.summary-own", own=own, k=passed)
        told = (say(lang, "subject.summary-own-both"), f"({own})")
    return Headline(
        full=f"{word} {day}: {counted}",
        parts=(word, f"{day}:", *told),
        short=f"{word} {day}: {say(lang, 'subject.summary-short', k=passed)}",
        heading=say(lang, "digest.unchanged", last=dates.short(letter.last, lang))
        if letter.unchanged and letter.last
        else f"{word} {day}",
    )
