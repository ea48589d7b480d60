"""Who speaks for whom: the only place that says so.

Pure. An address, in any spelling, speaks for the organisations where it is a valid contact, deputy, mailbox
or head on the day asked, a deputy for all those of the person who is away. The secretary speaks for all, and
so does a secretary's deputy meanwhile. Whoever a mail resolved to may therefore answer it: a board that has
only a mailbox is its programme's secretary. Pages, links, forms, commands, private feeds and the sign-in ask
here (design: behaviour.md, "Answers").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from reminders.errors import NotFoundError
from reminders.planning.addresses import folded, listed_as
from reminders.planning.recipients import People


def valid_addresses(programmes: Iterable[People], today: date) -> tuple[str, ...]:
    """Return the addresses of all valid contacts and of who is mailed as secretary, each spelling once."""
    found: dict[str, None] = {}
    for people in programmes:
        found |= dict.fromkeys(one.email for one in people.all if one.is_valid(today))
        found |= dict.fromkeys(one.email for one in people.secretary(today))  # who has left, too
    return tuple(found)


def listed_address(people: People, address: str, today: date) -> str:
    """Return an address as the list writes it; ``NotFoundError`` when it is no contact's on ``today``."""
    listed = listed_as(address, valid_addresses([people], today))
    if listed is None:
        raise NotFoundError(f"no contact with the address {address}")
    return listed


def units_of(people: People, address: str, today: date) -> frozenset[str]:
    """Return the organisations that an address belongs to on ``today``, or the person it stands in for."""
    return frozenset(one.organisation for one in people.roles_of(address, today))


def is_secretary(people: People, address: str, today: date) -> bool:
    """Tell whether an address is the board's secretary on ``today``, or stands in for that person.

    An address that a mail server refused is still the secretary's: only the mail goes elsewhere. Where the
    last secretary has left, whoever goes on being mailed may still act: somebody has to name the next one.
    """
    found = {one.identity for one in (*people.secretary(today), *people.named_secretaries(today))}
    return folded(address) in found or not people.stands_in_for(address, today).isdisjoint(found)


def speaks_for(people: People, organisations: Iterable[str], address: str, today: date) -> tuple[str, ...]:
    """Return which of some organisations an address speaks for: its own, else all for the secretary."""
    keys, mine = tuple(organisations), units_of(people, address, today)
    own = tuple(key for key in keys if key in mine)
    return own if own or not is_secretary(people, address, today) else keys


def acting_as(people: People, today: date) -> str:
    """Return in whose name the signed-in session acts: the secretary's address, else the role."""
    return next((one.email for one in people.secretary(today)), "secretary")
