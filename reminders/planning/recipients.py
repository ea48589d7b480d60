"""Who gets an item: role, organisation and absence to mailboxes, along the fallback chain.

Pure. The chain is contact, deputy, unit mailbox, head, secretary; the first
link with a valid address gets it (design: behaviour.md, "People").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reminders.planning.addresses import folded

Role = Literal["contact", "deputy", "mailbox", "head", "secretary"]
MailLanguage = Literal["fi", "sv", "en", "fi+sv"]


@dataclass(frozen=True, slots=True)
class Contact:
    """A mailbox or person of an organisation; validity in whole days, both ends included.

    A deputy's validity is the absence of the person whose address is ``deputy_of``.
    """

    organisation: str
    role: Role
    name: str
    email: str
    language: MailLanguage
    valid_from: date | None = None
    valid_until: date | None = None
    deputy_of: str = ""

    def is_valid(self, day: date) -> bool:
        """Tell whether the contact may be mailed on ``day``."""
        return (self.valid_from or date.min) <= day <= (self.valid_until or date.max)


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One step of an organisation's chain: the role and who stands in it on the day asked."""

    role: Role
    contacts: tuple[Contact, ...]


class People:
    """The contacts of one programme. ``monitor`` is the organisation whose secretary watches it.

    ``dead`` are addresses that a mail server refused for good: they are passed over.
    """

    def __init__(
        self, contacts: Iterable[Contact], monitor: str, dead: Collection[str] = frozenset()
    ) -> None:
        self.all = tuple(contacts)
        self.monitor = monitor
        self._dead = frozenset(map(folded, dead))
        self._by: dict[tuple[str, Role], list[Contact]] = {}
        for contact in self.all:
            self._by.setdefault((contact.organisation, contact.role), []).append(contact)

    def chain(self, organisation: str, day: date) -> tuple[ChainLink, ...]:
        """Return every link of the chain on ``day``, empty ones included."""
        deputies = [one for one in self._by.get((organisation, "deputy"), ()) if one.is_valid(day)]
        # Somebody is away, and is stood in for, whether or not the other's address works.
        away = {folded(deputy.deputy_of) for deputy in deputies}
        contacts = self._valid(organisation, "contact", day)
        present = tuple(contact for contact in contacts if folded(contact.email) not in away)
        return (
            ChainLink("contact", present),
            ChainLink("deputy", tuple(deputy for deputy in deputies if self.takes_mail(deputy.email))),
            ChainLink("mailbox", self._valid(organisation, "mailbox", day)),
            ChainLink("head", self._valid(organisation, "head", day)),
            ChainLink("secretary", self.secretary(day)),
        )

    def unit(self, organisation: str, day: date) -> tuple[Contact, ...]:
        """Return who gets the unit's items.

        All present contacts and the deputies of absent ones, else the first later link that has anybody.
        """
        contact, deputy, *later = self.chain(organisation, day)
        own = contact.contacts + deputy.contacts
        return own or next((link.contacts for link in later if link.contacts), ())

    def head(self, organisation: str, day: date) -> tuple[Contact, ...]:
        """Return the heads of the unit, else the secretary."""
        return self._valid(organisation, "head", day) or self.secretary(day)

    def secretary(self, day: date) -> tuple[Contact, ...]:
        """Return who gets the secretary's mail: those named; else anyone of the board, so none is lost."""
        named = tuple(one for one in self.named_secretaries(day) if self.takes_mail(one.email))
        if named or not self.monitor:
            return named
        roles: tuple[Role, ...] = ("mailbox", "contact", "head")
        return next(filter(None, (self._valid(self.monitor, role, day) for role in roles)), ())

    def named_secretaries(self, day: date) -> tuple[Contact, ...]:
        """Return who stands in the list as secretary of the monitoring board, its address dead or not.

        A programme that names no board (an imported one) has whoever is a secretary in its list.
        """
        imported = dict.fromkeys(one.organisation for one in self.all if one.role == "secretary")
        boards = [self.monitor] if self.monitor else imported
        found = (one for key in boards for one in self._by.get((key, "secretary"), ()))
        return tuple(one for one in found if one.is_valid(day))

    def board(self, day: date) -> tuple[Contact, ...]:
        """Return everyone of the monitoring organisation, an address once; without one the secretaries."""
        if not self.monitor:
            return self.secretary(day)
        own = (one for one in self.all if one.organisation == self.monitor and one.is_valid(day))
        return tuple({folded(one.email): one for one in own if self.takes_mail(one.email)}.values())

    def takes_mail(self, address: str) -> bool:
        """Tell whether no mail server has refused an address for good."""
        return folded(address) not in self._dead

    def has_own_contact(self, organisation: str, day: date) -> bool:
        """Tell whether somebody of the organisation itself gets its items."""
        return any(link.contacts for link in self.chain(organisation, day)[:-1])

    def _valid(self, organisation: str, role: Role, day: date) -> tuple[Contact, ...]:
        found = self._by.get((organisation, role), ())
        return tuple(one for one in found if one.is_valid(day) and self.takes_mail(one.email))
