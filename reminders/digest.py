"""What the board secretary must know: what is overdue, by unit, and on which day she is told.

Pure. The other lists of the letter (answers, failures, unclear wordings) come
in as values from the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from email_templates.letters import BoardDigest, DigestRow, DigestUnit, Item
from reminders.due import World, past_obligations, unanswered
from reminders.policy import digest_days, stages
from schedule_rules.occurrence import Occurrence

Mark = Literal["", "new", "repeated", "listed"]


@dataclass(frozen=True, slots=True)
class Overdue:
    """An occurrence whose date has passed without every answer; ``waiting`` are the organisations."""

    occurrence: Occurrence
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """The parts of the digest that the store knows."""

    answered: tuple[DigestRow, ...] = ()
    paused: tuple[DigestRow, ...] = ()
    failures: tuple[DigestRow, ...] = ()
    unclear: tuple[DigestRow, ...] = ()


def overdue(world: World, today: date) -> list[Overdue]:
    """Return what is overdue on ``today``, oldest first."""
    found = [
        Overdue(row, unanswered(world, row, today))
        for row in past_obligations(world.occurrences.values(), today)
    ]
    return [one for one in found if one.waiting]


def meeting_of(world: World, today: date, last: date | None) -> tuple[bool, date | None]:
    """Tell whether a digest goes out on ``today``, and the meeting it comes before.

    The first digest goes with the first mails, whatever the weekday.
    """
    days = digest_days(today, today, world.programme.meetings, world.workdays, world.policy)
    return last is None or today in days, days.get(today)


def board_digest(
    world: World,
    today: date,
    last: date | None,
    base_url: str,
    lists: Lists = Lists(),
    own: tuple[Item, ...] = (),
) -> BoardDigest:
    """Return the secretary's letter of ``today``; ``last`` is the day of the one before."""
    rows = overdue(world, today)
    units = tuple(_unit(world, key, rows, today, last, base_url) for key in _units(rows))
    changed = any(row.mark != "repeated" for unit in units for row in unit.rows)
    quiet = not (changed or own or lists.answered or lists.failures or lists.paused)
    return BoardDigest(
        programme=world.programme.name,
        sent_on=today,
        url=f"{base_url}/digest",
        last=last,
        meeting=meeting_of(world, today, last)[1],
        unchanged=last is not None and quiet,
        overdue=units,
        own=own,
        answered=lists.answered,
        paused=lists.paused,
        no_contact=_no_contact(world, today, base_url),
        failures=lists.failures,
        unclear=lists.unclear,
    )


def _units(rows: Iterable[Overdue]) -> list[str]:
    """Return the waiting organisations, the one with the oldest item first."""
    return list(dict.fromkeys(key for one in rows for key in one.waiting))


def _unit(
    world: World, key: str, rows: list[Overdue], today: date, last: date | None, base_url: str
) -> DigestUnit:
    name = world.programme.organisation_by_key[key].name
    mine = [one.occurrence for one in rows if key in one.waiting]
    return DigestUnit(
        name,
        tuple(
            DigestRow(
                title=row.title,
                due=row.due,
                url=action_url(base_url, row.id.action),
                mark=mark(world, row, today, last),
            )
            for row in mine
        ),
    )


def mark(world: World, row: Occurrence, today: date, last: date | None) -> Mark:
    """Say how an overdue row stands: on the follow-up list, new since ``last``, or repeated."""
    anchor = world.anchors.get(str(row.id))
    planned = stages(row, world.workdays, world.policy, anchor)
    if any(stage.role == "secretary" and stage.send_on <= today for stage in planned):
        return "listed"
    if last is None:
        return ""
    return "new" if row.due >= last else "repeated"


def _no_contact(world: World, today: date, base_url: str) -> tuple[DigestRow, ...]:
    return tuple(
        DigestRow(world.programme.organisation_by_key[key].name, None, _led_by(world, key, today, base_url))
        for key in world.programme.lead_organisations(today)
        if not world.people.has_own_contact(key, today)
    )


def _led_by(world: World, key: str, today: date, base_url: str) -> str:
    """Return the address of the first action that an organisation leads."""
    actions = (action.id for action in world.programme.actions if key in action.leads_on(today))
    return action_url(base_url, next(actions))


def action_url(base_url: str, action: str) -> str:
    """Return the address of an action's page."""
    return f"{base_url}/actions/{action}"
