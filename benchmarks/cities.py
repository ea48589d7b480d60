"""Synthetic cities: N programmes of 70 actions made of the phrases of real ones.

``python -m benchmarks.cities N DATABASE-URL`` fills a database: each city has the goals, actions, units and
event series of the Vaasa programme, its schedules shifted from one action to another, so that every city is
due on other days, and a mailbox a unit.
"""

# ruff: noqa: T201 - it prints how far it is

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from reminders.planning.recipients import Contact
from reminders.store import Database, people
from reminders.use.programme.store_programme import FIRST_PROGRAMME, read_built_in, store_programme
from schedule_rules.programme import Action, Programme, Text

ACTIONS = 70
NOW = datetime(2023, 1, 2, 6, tzinfo=UTC)


def city(number: int) -> tuple[Programme, tuple[Contact, ...]]:
    """Return the programme of a city and a mailbox for each of its units; the same for the same number."""
    model, contacts = read_built_in(FIRST_PROGRAMME)
    name = f"city-{number:04}"
    programme = replace(
        model,
        key=f"{name}-2023-2026",
        name=Text(**{lang: f"{words} {number}" for lang, words in model.name.as_dict().items()}),
        actions=tuple(islice(_actions(model, number), ACTIONS)),
    )
    mailboxes = (replace(one, email=f"{one.email.partition('@')[0]}@{name}.example") for one in contacts)
    return programme, tuple(mailboxes)


def _actions(model: Programme, shift: int) -> Iterator[Action]:
    """Yield the actions of a programme again and again, each with the schedule of another one."""
    own, turn = model.actions, 0
    while True:
        for at, action in enumerate(own):
            schedule = own[(at + shift + turn) % len(own)].schedule
            yield replace(action, id=f"{action.id}-{turn}" if turn else action.id, schedule=schedule)
        turn += 1


def fill(database: Database, first: int, count: int) -> None:
    """Store ``count`` cities from number ``first`` on; their mail is let go."""
    for number in range(first, first + count):
        programme, mailboxes = city(number)
        with database.write() as connection:
            store_programme(connection, programme, NOW, held=False)
            people.save_contacts(connection, programme.key, mailboxes)


def main() -> None:
    """Fill the database that is named."""
    count, url = int(sys.argv[1]), sys.argv[2]
    database = Database(url)
    database.migrate()
    fill(database, 0, count)
    print(f"{count} programmes of {ACTIONS} actions in {url.partition(':')[0]}")


if __name__ == "__main__":
    main()
