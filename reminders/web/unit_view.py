"""The page of a reader's units as values: what waits, what is paused, what was answered. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from email_templates import dates
from reminders.asked import Matter, matters_of
from reminders.dispatch.own_links import Opened
from reminders.due import World
from reminders.standing import LONGEST_PAUSE
from reminders.web.answer_form import Typed, read
from reminders.web.answer_view import Given, Head, Question, Reading, given, head, question
from reminders.web.words import say

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class PauseForm:
    """The fields of a pause as they were typed, and what is wrong with them."""

    id: str = ""
    until: str = ""
    reason: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Open:
    """A matter that waits: the question, until when its reminders are paused, the form of a pause.

    ``form`` is the address of a round's own form, instead of a question.
    """

    question: Question
    number: int
    paused: str
    form: str
    pause: PauseForm


@dataclass(frozen=True, slots=True)
class Done:
    """A matter with what was answered about it."""

    head: Head
    given: tuple[Given, ...]


@dataclass(frozen=True)
class Sent:
    """What a post of the page held: fields by occurrence, and a pause."""

    typed: Mapping[str, Typed] = field(default_factory=dict)
    pause: PauseForm = PauseForm()


def waiting(opened: Opened) -> list[tuple[World, Matter]]:
    """Return what waits for the reader's units, over all programmes, by date."""
    found = [pair for pair in _all(opened) if pair[1].waiting]
    return sorted(found, key=lambda pair: (pair[1].occurrence.due, str(pair[1].occurrence.id)))


def _all(opened: Opened) -> Iterator[tuple[World, Matter]]:
    for world in opened.worlds.values():
        yield from ((world, one) for one in matters_of(world, opened.reader, opened.today))


def open_matters(opened: Opened, sent: Sent, forms: Mapping[str, str], reading: Reading) -> tuple[Open, ...]:
    """Return what waits as questions, numbered; ``forms`` are the addresses of rounds' forms."""
    return tuple(
        _open(world, one, number, opened, sent, forms.get(str(one.occurrence.id), ""), reading)
        for number, (world, one) in enumerate(waiting(opened))
    )


def _open(
    world: World, one: Matter, number: int, opened: Opened, sent: Sent, form: str, reading: Reading
) -> Open:
    row = str(one.occurrence.id)
    typed = sent.typed.get(row) or read({})
    seen = opened.seen(row, one.organisations)
    until = max((pause.until for _, pause in one.pauses), default=None)
    return Open(
        question(world, one, typed, seen, reading, prefix=f"m{number}-"),
        number,
        say(reading.lang, "unit.paused", on=dates.short(until, reading.lang)) if until else "",
        form,
        sent.pause if sent.pause.id == row else PauseForm(row),
    )


def done_matters(opened: Opened, reading: Reading) -> tuple[Done, ...]:
    """Return what the reader's units answered lately, the newest first."""
    found = [pair for pair in _all(opened) if pair[1].replies]
    newest = sorted(found, key=lambda pair: max(reply.at for _, reply in pair[1].replies), reverse=True)
    return tuple(_done(world, one, opened, reading) for world, one in newest)


def _done(world: World, one: Matter, opened: Opened, reading: Reading) -> Done:
    row = str(one.occurrence.id)
    ids = {key: opened.seen(row, [key]) for key in one.organisations}
    return Done(
        head(world, one.occurrence, one.organisations, opened.today, reading.lang),
        given(world, one, ids, reading),
    )


def last_pause(today: date) -> date:
    """Return the latest day until which reminders may be paused."""
    return today + LONGEST_PAUSE
