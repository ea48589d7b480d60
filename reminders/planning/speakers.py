"""Who speaks for whom: the only place that says so.

Pure. An address, in any spelling, speaks for the organisations where it is a valid contact, deputy, mailbox
or head on the day asked, a deputy for all those of the person who is away. The secretary speaks for all, and
so does a secretary's deputy meanwhile. Whoever a mail resolved to may therefore answer it: a board that has
only a mailbox is its programme's secretary. Pages, links, forms, commands, private feeds and the sign-in ask
here (design: behaviour.md, "Answers").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


def managers_of(people: People, today: date) -> frozenset[str]:
    """Return the addresses, as the list writes them, that are the secretary's on ``today`` or stand in."""
    return frozenset(one for one in valid_addresses([people], today) if is_secretary(people, one, today))


def speaks_for(people: People, organisations: Iterable[str], address: str, today: date) -> tuple[str, ...]:
    """Return which of some organisations an address speaks for: its own, else all for the secretary."""
    keys, mine = tuple(organisations), units_of(people, address, today)
    own = tuple(key for key in keys if key in mine)
    return own if own or not is_secretary(people, address, today) else keys


@dataclass(frozen=True, slots=True)
class ProgrammePeople:
    """Who is who in one programme, and whether it is a draft, of which nobody was told yet."""

    people: People
    is_draft: bool = False

    def is_managed_by(self, address: str, today: date) -> bool:
        """Tell whether an address that may sign in may act in the programme on ``today``.

        A draft that has nobody who gets the secretary's mail, and never had, is managed by whoever is signed
        in: who brings a programme in has to be able to name its secretary.
        """
        return is_secretary(self.people, address, today) or (
            self.is_draft and not self.people.secretary(today)
        )


def managed_by(programmes: Mapping[str, ProgrammePeople], address: str, today: date) -> frozenset[str]:
    """Return the keys of the programmes in which an address may act on ``today``; none: may not sign in.

    Whoever is the secretary of one programme, or stands in for that person meanwhile, may sign in.
    """
    if not any(is_secretary(one.people, address, today) for one in programmes.values()):
        return frozenset()
    return frozenset(key for key, one in programmes.items() if one.is_managed_by(address, today))


def link_holder(people: People, today: date) -> str:
    """Return whose a sign-in link is where nobody was named; nothing where nobody may sign in.

    It is the secretary who is there, else who is away; who stands in only where there is no other.
    """
    found = (*people.own_secretaries(today), *people.named_secretaries(today), *people.secretary(today))
    ordered = sorted(found, key=lambda one: one.role == "deputy")  # stable: within each as they came
    return next((one.email for one in ordered), "")
