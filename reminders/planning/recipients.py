"""Who gets an item: role, organisation and absence to mailboxes, along the fallback chain.

Pure. The chain is contact, deputy, unit mailbox, head, secretary; the first link with a valid address gets
it. A deputy stands in for a person, in each of that person's roles and in every organisation of the
programme; who is away too is stood in for by that one's deputy (design: behaviour.md, "People").
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

    @property
    def identity(self) -> str:
        """The address as one identity, whatever its spelling; ``email`` is how it is written."""
        return folded(self.email)

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
        self._deputies: dict[str, list[Contact]] = {}
        for contact in self.all:
            self._by.setdefault((contact.organisation, contact.role), []).append(contact)
            if contact.role == "deputy":
                self._deputies.setdefault(folded(contact.deputy_of), []).append(contact)

    def chain(self, organisation: str, day: date) -> tuple[ChainLink, ...]:
        """Return every link of the chain on ``day``, empty ones included."""
        contacts = self._in_role(organisation, "contact", day)
        own = tuple(one for one in contacts if one.role == "contact")
        return (
            ChainLink("contact", own),
            ChainLink("deputy", tuple(one for one in contacts if one not in own)),
            ChainLink("mailbox", self._in_role(organisation, "mailbox", day)),
            ChainLink("head", self.heads(organisation, day)),
            ChainLink("secretary", self.secretary(day)),
        )

    def unit(self, organisation: str, day: date) -> tuple[Contact, ...]:
        """Return who gets the unit's items.

        All present contacts and the deputies of absent ones, else the first later link that has anybody.
        """
        own = self.own_unit(organisation, day)
        return own or self.heads(organisation, day) or self.secretary(day)

    def own_unit(self, organisation: str, day: date) -> tuple[Contact, ...]:
        """Return who of the unit itself gets its items: its contacts and who stands in, else its mailbox."""
        return self._in_role(organisation, "contact", day) or self._in_role(organisation, "mailbox", day)

    def heads(self, organisation: str, day: date) -> tuple[Contact, ...]:
        """Return the heads of the unit, and who stands in for those who are away."""
        return self._in_role(organisation, "head", day)

    def escalated_heads(self, organisation: str, day: date) -> tuple[Contact, ...]:
        """Return the heads that an escalation goes to: those who do not get the unit's items themselves."""
        if not (heads := self.heads(organisation, day)):
            return ()
        reminded = {one.identity for one in self.unit(organisation, day)}
        return tuple(one for one in heads if one.identity not in reminded)

    def head(self, organisation: str, day: date) -> tuple[Contact, ...]:
        """Return who hears of what the unit does not answer: its heads, else the secretary."""
        return self.escalated_heads(organisation, day) or self.secretary(day)

    def secretary(self, day: date) -> tuple[Contact, ...]:
        """Return who gets the secretary's mail: those named and who stands in for them.

        Else anyone of the board; where nobody is left the last secretary, so that no mail is lost.
        """
        last = self._last_secretary(day)
        taken = tuple(one for one in last if self.takes_mail(one.email))
        return self.present_secretary(day) or taken or self._anyone_of_board(day) or last

    def present_secretary(self, day: date) -> tuple[Contact, ...]:
        """Return who of the board takes the secretary's mail; nobody when the last one has left.

        A board that never had a secretary is its mailbox, else a contact or head; one that had one needs
        another: a mailbox does not decide, nor while she and all who stand in for her are away.
        """
        if found := self.own_secretaries(day):
            return found
        named = self.named_secretaries(day)
        is_away = any(self.takes_mail(one.email) for one in named)
        has_lapsed = self.had_secretary(day) and (not named or is_away)
        return () if has_lapsed else self._anyone_of_board(day)

    def own_secretaries(self, day: date) -> tuple[Contact, ...]:
        """Return those named as secretary who take mail on ``day``, and who stands in for them."""
        return _once(one for key in self._boards() for one in self._in_role(key, "secretary", day))

    def had_secretary(self, day: date) -> bool:
        """Tell whether the list has named a secretary by ``day``, one who has left since included."""
        return bool(self._begun_secretaries(day))

    def named_secretaries(self, day: date) -> tuple[Contact, ...]:
        """Return who stands in the list as secretary of the monitoring board, its address dead or not.

        A programme that names no board (an imported one) has whoever is a secretary in its list.
        """
        found = (one for key in self._boards() for one in self._by.get((key, "secretary"), ()))
        return tuple(one for one in found if one.is_valid(day))

    def board(self, day: date) -> tuple[Contact, ...]:
        """Return everyone of the monitoring organisation, an address once; without one the secretaries."""
        if not self.monitor:
            return self.secretary(day)
        own = (one for one in self.all if one.organisation == self.monitor and one.is_valid(day))
        return _once(one for one in own if self.takes_mail(one.email))

    def takes_mail(self, address: str) -> bool:
        """Tell whether no mail server has refused an address for good."""
        return folded(address) not in self._dead

    def without(self, addresses: Collection[str]) -> People:
        """Return the same people, in which these addresses take no mail."""
        return People(self.all, self.monitor, self._dead.union(map(folded, addresses)))

    def is_last(self, address: str, day: date) -> bool:
        """Tell whether an address is a secretary's, or a unit of its own has nobody else on ``day``."""
        own, rest = folded(address), self.without([address])
        if any(one.identity == own for one in (*self.secretary(day), *self.named_secretaries(day))):
            return True
        units = {one.organisation for one in self.all if one.identity == own and one.is_valid(day)}
        chains = (rest.chain(key, day) for key in units)
        return any(
            not any(rest.takes_mail(one.email) for link in chain for one in link.contacts) for chain in chains
        )

    def has_own_contact(self, organisation: str, day: date) -> bool:
        """Tell whether somebody of the organisation itself gets its items."""
        return any(link.contacts for link in self.chain(organisation, day)[:-1])

    def reaches(self, organisation: str, role: Literal["unit", "head", "secretary"], day: date) -> bool:
        """Tell whether what goes to a role of an organisation reaches somebody who is there.

        The last secretary, who has left, goes on being mailed and counts as nobody here.
        """
        if self.present_secretary(day):
            return True
        if role == "unit":
            return self.has_own_contact(organisation, day)
        return role == "head" and bool(self.escalated_heads(organisation, day))

    def stands_in_for(self, address: str, day: date) -> frozenset[str]:
        """Return the identities of those whose deputy an address is on ``day``, their deputies' deputy too.

        Whoever is away as well, or whose address is dead, stands in all the same: only the mail goes on.
        """
        found: set[str] = set()
        ahead = {folded(address)}
        while ahead:
            rows = (one for ones in self._deputies.values() for one in ones if one.identity in ahead)
            ahead = {folded(one.deputy_of) for one in rows if one.is_valid(day)} - found
            found |= ahead
        return frozenset(found)

    def roles_of(self, address: str, day: date) -> tuple[Contact, ...]:
        """Return the rows by which an address has something to say on ``day``.

        Its own, and those of whom it stands in for, of a person who left meanwhile too.
        """
        own, away = folded(address), self.stands_in_for(address, day)
        return tuple(
            one
            for one in self.all
            if (one.identity in {own, *away} and one.is_valid(day))
            or (one.identity in away and _left_during(one, self._away(one.identity, day), day))
        )

    def _anyone_of_board(self, day: date) -> tuple[Contact, ...]:
        """Return the board's mailbox, else its contacts, else its heads."""
        roles: tuple[Role, ...] = ("mailbox", "contact", "head") if self.monitor else ()
        return next(filter(None, (self._in_role(self.monitor, role, day) for role in roles)), ())

    def _begun_secretaries(self, day: date) -> list[Contact]:
        rows = (one for key in self._boards() for one in self._by.get((key, "secretary"), ()))
        return [one for one in rows if (one.valid_from or date.min) <= day]

    def _boards(self) -> tuple[str, ...]:
        if self.monitor:
            return (self.monitor,)
        return tuple(dict.fromkeys(one.organisation for one in self.all if one.role == "secretary"))

    def _in_role(self, organisation: str, role: Role, day: date) -> tuple[Contact, ...]:
        """Return who takes the mail of a role: whoever holds it, those present before those who stand in."""
        present: list[Contact] = []
        standing_in: list[Contact] = []
        for one in self._by.get((organisation, role), ()):
            away = self._away(one.identity, day)
            if away and (one.is_valid(day) or _left_during(one, away, day)):
                # Somebody is away, and is stood in for, whether or not the own address works.
                standing_in += self._stand_ins(one.identity, day)
            elif not away and one.is_valid(day) and self.takes_mail(one.email):
                present.append(one)
        return _once((*present, *standing_in))

    def _away(self, identity: str, day: date) -> list[Contact]:
        """Return the deputies of a person on ``day``; with any the person is away."""
        deputies = self._deputies.get(identity, ())
        return [one for one in deputies if one.is_valid(day) and one.identity != identity]

    def _stand_ins(self, identity: str, day: date, seen: frozenset[str] = frozenset()) -> list[Contact]:
        """Return who is there in the place of somebody who is away, along the deputies' own absences.

        A circle of deputies is nobody: the next link of the chain gets it.
        """
        seen |= {identity}
        found: list[Contact] = []
        for deputy in self._away(identity, day):
            if deputy.identity in seen:
                continue
            if self._away(deputy.identity, day):
                found += self._stand_ins(deputy.identity, day, seen)
            elif self.takes_mail(deputy.email):
                found.append(deputy)
        return found

    def former_secretary(self, day: date) -> Contact | None:
        """Return the secretary who left last before ``day``."""
        left = (one for one in self._begun_secretaries(day) if not one.is_valid(day))
        return max(left, key=lambda one: one.valid_until or date.max, default=None)

    def _last_secretary(self, day: date) -> tuple[Contact, ...]:
        """Return the secretary who left last, one whose address takes mail where there is any."""
        former = sorted(
            self._begun_secretaries(day),
            key=lambda one: (self.takes_mail(one.email), one.valid_until or date.max),
        )
        return tuple(former[-1:])


def _left_during(contact: Contact, deputies: Iterable[Contact], day: date) -> bool:
    """Tell whether a person left a role while one of the deputies stood in: that one goes on doing so."""
    until = contact.valid_until or date.max
    return until < day and any((one.valid_from or date.min) <= until for one in deputies)


def _once(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return contacts, each identity once."""
    found: dict[str, Contact] = {}
    for one in contacts:
        found.setdefault(one.identity, one)
    return tuple(found.values())
