"""What units' answers leave to the secretary: proposed dates, and matters that are not the unit's. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from email_templates import dates
from email_templates import words as shared
from reminders.dispatch.proposals import Proposal
from reminders.due import World, reply_of, responsible
from reminders.store.programmes import Answer
from reminders.web.answer_view import Reading
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class Proposed:
    """A date that a unit proposes instead of the one that holds."""

    id: int
    action: str
    title: str
    party: str
    due: str
    new_date: str
    by: str
    note: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class Foreign:
    """A matter that a unit says is not its own: whose instead, and to whom it can be handed over."""

    id: int
    occurrence: str
    action: str
    giver: str
    title: str
    party: str
    when: str
    by: str
    note: str
    whose: str
    parties: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the secretary in one programme."""

    key: str
    name: str
    dated: tuple[Proposed, ...]
    foreign: tuple[Foreign, ...]


def proposed(world: World, rows: Iterable[Proposal], reading: Reading) -> tuple[Proposed, ...]:
    """Return the proposed dates that wait, oldest first."""
    return tuple(_proposed(world, row, reading) for row in rows if row.occurrence in world.occurrences)


def _proposed(world: World, row: Proposal, reading: Reading) -> Proposed:
    lang, occurrence = reading.lang, world.occurrences[row.occurrence]
    return Proposed(
        row.answer_id,
        occurrence.id.action,
        occurrence.title.get(lang),
        _name(world, row.organisation, lang),
        dates.in_table(row.due, lang),
        dates.in_table(row.new_date, lang),
        f"{row.by or shared.role(lang, 'secretary')}, {dates.moment(row.at.astimezone(reading.zone), lang)}",
        row.note,
        row.new_date <= reading.today,
    )


def foreign(world: World, answers: Iterable[Answer], reading: Reading) -> tuple[Foreign, ...]:
    """Return the *not ours* that hold, of units that are still responsible."""
    newest = {(one.occurrence, one.organisation): one for one in answers}
    return tuple(
        _foreign(world, one, reading) for one in newest.values() if _waits(world, one, reading.today)
    )


def _waits(world: World, one: Answer, today: date) -> bool:
    row = world.occurrences.get(one.occurrence)
    if one.answer != "not-ours" or row is None or one.organisation not in responsible(world, row, today):
        return False
    moves = world.programme.action_by_id[row.id.action].handovers
    if any(move.giver == one.organisation and move.effective_from > today for move in moves):
        return False
    reply = reply_of(world, row, one.organisation)
    return reply is not None and reply.answer == "not-ours"


def _foreign(world: World, one: Answer, reading: Reading) -> Foreign:
    lang, row = reading.lang, world.occurrences[one.occurrence]
    others = [key for key in world.programme.organisation_by_key if key != one.organisation]
    named = sorted(((_name(world, key, lang), key) for key in others), key=lambda pair: pair[0].casefold())
    return Foreign(
        one.id,
        one.occurrence,
        row.id.action,
        one.organisation,
        row.title.get(lang),
        _name(world, one.organisation, lang),
        dates.in_table(row.due, lang),
        f"{one.by or shared.role(lang, 'secretary')}, {dates.moment(one.at.astimezone(reading.zone), lang)}",
        one.note,
        _name(world, one.whose, lang),
        tuple((key, name, key == one.whose) for name, key in named),
    )


def _name(world: World, key: str, lang: Lang) -> str:
    """Return an organisation's name, or the free words that stand instead of its key."""
    known = world.programme.organisation_by_key.get(key)
    return known.name.get(lang) if known else key
