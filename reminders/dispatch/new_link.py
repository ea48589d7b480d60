"""A new link instead of one that has expired: it goes to the same address, with the next mails.

It is a reminder of a stage of its own, planned once a reader, matter and day, whatever other stages
have been; the forecast sees it as it sees all that is planned.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reminders.asked import addresses, asked_of, matters_of, series_subject
from reminders.dispatch.own_links import subject_of, worlds_of
from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local
from reminders.due import DueReminder, World, unanswered
from reminders.links import Links, Ticket
from reminders.pace import held_subject, is_pace, target_of
from reminders.policy import LINK, asks_for_dates
from reminders.store import reminders as store
from schedule_rules.occurrence import Occurrence


def ask_again(service: Service, token: str) -> None:
    """Let the reader of an expired link have a new one with the next mails; whoever asks learns nothing.

    It goes to the address that the old one went to, as a reminder of the same matter
    (the unit's oldest, where the link was to its page), and so at most once a day.
    """
    today = local(service.settings, service.clock()).day
    links = Links(service.secret)
    ticket = links.read(token)
    if ticket is None or today <= ticket.until:
        return
    with service.database.write() as connection:
        worlds = worlds_of(connection)
        reader = links.reader_of(ticket, addresses(worlds.values(), today))
        found = _wanted(links, ticket, worlds, reader, today) if reader else None
        if reader and found:
            store.plan(connection, [_reminder(*found, reader, today)])


def _wanted(
    links: Links, ticket: Ticket, worlds: Mapping[str, World], reader: str, today: date
) -> tuple[World, Occurrence] | None:
    """Return what a new link would be about: still open, and still the reader's."""
    match ticket.purpose:
        case "answer" | "form" | "calendar":
            world, row = subject_of(links, ticket, worlds)
            rows = [(world, row)] if world and row else []
        case "series" | "held":
            rows = [(world, row) for world in worlds.values() for row in _dated(links, ticket, world, today)]
        case _:
            rows = _oldest(worlds, reader, today)
    return next((pair for pair in rows if _is_open(*pair, reader, today)), None)


def _dated(links: Links, ticket: Ticket, world: World, today: date) -> list[Occurrence]:
    """Return the events that ask for the dates that a link is about: a series' one, a target's latest."""
    rows = [row for row in world.occurrences.values() if row.kind == "event"]
    if ticket.purpose == "series":
        asking = asks_for_dates(tuple(rows))
        by_subject = {series_subject(row): row for row in rows if str(row.id) in asking}
    else:
        reached = sorted((row for row in rows if row.due <= today), key=lambda row: row.due)
        paced = (row for row in reached if is_pace(row.id))
        by_subject = {held_subject(world.programme, target_of(row.id)): row for row in paced}
    subject = links.subject_of(ticket, by_subject)
    return [by_subject[subject]] if subject else []


def _oldest(worlds: Mapping[str, World], reader: str, today: date) -> list[tuple[World, Occurrence]]:
    """Return what waits for the reader's units, the oldest first."""
    found = [
        (world, one.occurrence)
        for world in worlds.values()
        for one in matters_of(world, reader, today)
        if one.waiting
    ]
    return sorted(found, key=lambda pair: (pair[1].due, str(pair[1].id)))


def _is_open(world: World, row: Occurrence, reader: str, today: date) -> bool:
    return bool(set(asked_of(world, row, reader, today)).intersection(unanswered(world, row, today)))


def _reminder(world: World, row: Occurrence, reader: str, today: date) -> DueReminder:
    """Return a reminder of today; the day stands for its sequence, so that it is unique a day."""
    waiting = unanswered(world, row, today)
    return DueReminder(
        occurrence=str(row.id),
        stage=LINK,
        recipient=reader,
        organisations=tuple(key for key in asked_of(world, row, reader, today) if key in waiting),
        role="unit",
        due_on=today,
        order=(today - row.due).days,
        reason="repeated",
        sequence=today.toordinal(),
    )
