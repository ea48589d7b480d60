"""A matter as its unit sees it: the question, or what was answered, in one language. Pure.

Texts of the fields are left to the templates, checking them to ``answer_form``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

from email_templates import dates
from email_templates import words as shared
from reminders.asked import Matter
from reminders.due import World
from reminders.standing import Reply
from reminders.web.answer_form import Typed
from reminders.web.words import say
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang, Programme

Code = Literal["overdue", "soon", "coming"]
_SOON_DAYS = 30
CODES = {"done": "done", "on-track": "track", "late": "decide", "not-ours": "decide"}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a question: title, whose it is, its date, its chip."""

    id: str
    title: str
    party: str
    when: str
    code: Code
    chip: str


@dataclass(frozen=True)
class Question:
    """One matter with its fields. ``prefix`` goes before their names; ``seen``: the newest answer so far."""

    head: Head
    typed: Typed
    seen: int
    indicator: str
    parties: tuple[tuple[str, str], ...]
    last: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a unit answered, by whom, when; ``id`` is the answer's, 0 where another unit gave it."""

    party: str
    code: str
    answer: str
    by: str
    at: str
    note: str
    whose: str
    new_date: str
    id: int


def head(world: World, row: Occurrence, organisations: tuple[str, ...], today: date, lang: Lang) -> Head:
    """Return what stands above a question about ``row``."""
    code = _code(row, today)
    passed = (today - row.due).days
    chip = say(lang, "action.overdue", n=passed) if code == "overdue" else shared.status(lang, code)
    word = "item.review" if row.kind == "review" else "item.deadline"
    return Head(
        str(row.id),
        row.title.get(lang),
        _names(world.programme, organisations, lang),
        shared.say(lang, word, date=dates.in_table(row.due, lang)),
        code,
        chip,
    )


def _code(row: Occurrence, today: date) -> Code:
    if row.due < today:
        return "overdue"
    return "soon" if (row.due - today).days <= _SOON_DAYS else "coming"


def _names(programme: Programme, keys: tuple[str, ...], lang: Lang) -> str:
    return shared.names(lang, (programme.organisation_by_key[key].name for key in keys))


@dataclass(frozen=True, slots=True)
class Reading:
    """How a page is read: its day, its language, the zone of its clock."""

    today: date
    lang: Lang
    zone: tzinfo


def question(
    world: World, one: Matter, typed: Typed, seen: int, reading: Reading, prefix: str = ""
) -> Question:
    """Return a matter as a question with what was typed so far."""
    programme, lang = world.programme, reading.lang
    action = programme.action_by_id[one.occurrence.id.action]
    others = [key for key in programme.organisation_by_key if key not in one.organisations]
    named = [(key, programme.organisation_by_key[key].name.get(lang)) for key in others]
    return Question(
        head(world, one.occurrence, one.organisations, reading.today, lang),
        typed,
        seen,
        action.indicator.get(lang),
        tuple(sorted(named, key=lambda pair: pair[1].casefold())),
        dates.short(programme.period.last, lang),
        prefix,
    )


def given(world: World, one: Matter, ids: dict[str, int], reading: Reading) -> tuple[Given, ...]:
    """Return what each of a matter's units said; ``ids`` of the answers by organisation."""
    return tuple(_given(world, key, reply, ids.get(key, 0), reading) for key, reply in one.replies)


def _given(world: World, key: str, reply: Reply, answer_id: int, reading: Reading) -> Given:
    lang = reading.lang
    return Given(
        party=_names(world.programme, (key,), lang),
        code=CODES[reply.answer],
        answer=shared.answer(lang, reply.answer),
        by=reply.by or shared.role(lang, "secretary"),
        at=_moment(reply.at, reading),
        note=reply.note,
        whose=_whose(world.programme, reply.whose, lang),
        new_date=_proposed(reply, lang),
        id=answer_id,
    )


def _moment(at: datetime, reading: Reading) -> str:
    return dates.moment(at.astimezone(reading.zone), reading.lang)


def _whose(programme: Programme, whose: str, lang: Lang) -> str:
    found = programme.organisation_by_key.get(whose)
    return found.name.get(lang) if found else whose


def _proposed(reply: Reply, lang: Lang) -> str:
    if reply.new_date is None:
        return ""
    state = say(lang, f"answer.proposal-{reply.proposal or 'pending'}")
    return f"{dates.short(reply.new_date, lang)} ({state})"
