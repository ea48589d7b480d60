"""The contact list as its pages show it: by organisation, who gets the items now, what is to mend. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from email_templates import dates
from email_templates import words as shared
from reminders.coverage import Gap
from reminders.due import World
from reminders.recipients import Contact
from reminders.web.words import say
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class Row:
    """One contact: who, in which role and language, when, whether mailed today, what is wrong."""

    key: str
    email: str
    name: str
    role: str
    language: str
    validity: str
    now: bool
    dead: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The contacts of one organisation; ``receiver`` says who gets its items where none is its own."""

    key: str
    name: str
    rows: tuple[Row, ...]
    receiver: str
    leads: bool


@dataclass(frozen=True, slots=True)
class GapRow:
    """One thing to mend, in words, and the organisation it is about."""

    kind: str
    organisation: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a file would do to one contact of the list."""

    kind: str
    who: str
    before: str
    after: str


def key_of(contact: Contact) -> str:
    """Return what names a row of the list: a digest of all that it says."""
    return hashlib.sha256(repr(_values(contact)).encode()).hexdigest()[:20]


def find(contacts: Iterable[Contact], key: str) -> Contact | None:
    """Return the contact that a key names."""
    return next((one for one in contacts if key_of(one) == key), None)


def groups(world: World, dead: Collection[str], today: date, lang: Lang) -> tuple[Group, ...]:
    """Return all organisations, those that lead first, in the programme's order."""
    leading = set(world.programme.lead_organisations(today))
    made = [
        _group(world, key, dead, today, lang, leads=key in leading)
        for key in world.programme.organisation_by_key
    ]
    return tuple(sorted(made, key=lambda group: not group.leads))


def _group(world: World, key: str, dead: Collection[str], today: date, lang: Lang, *, leads: bool) -> Group:
    mailed = world.people.unit(key, today)
    own = [one for one in world.people.all if one.organisation == key]
    others = [one.email for one in mailed if one.organisation != key]
    return Group(
        key,
        world.programme.organisation_by_key[key].name.get(lang),
        tuple(_row(one, lang, now=one in mailed, dead=one.email in dead) for one in own),
        ", ".join(others) if leads else "",
        leads,
    )


def _row(contact: Contact, lang: Lang, *, now: bool, dead: bool) -> Row:
    role = shared.role(lang, contact.role)
    if contact.deputy_of:
        role = say(lang, "contacts.deputy-of", role=role, address=contact.deputy_of)
    return Row(
        key_of(contact),
        contact.email,
        contact.name,
        role,
        say(lang, f"contacts.language.{contact.language.replace('+', '-')}"),
        validity(contact, lang),
        now,
        dead,
    )


def validity(contact: Contact, lang: Lang) -> str:
    """Say from when and until when a contact is mailed; nothing: always."""
    first, last = contact.valid_from, contact.valid_until
    if first and last:
        return dates.span(first, last, lang)
    if first:
        return say(lang, "contacts.from", on=dates.short(first, lang))
    return say(lang, "contacts.until", on=dates.short(last, lang)) if last else ""


def gap_rows(found: Iterable[Gap], world: World, lang: Lang) -> tuple[GapRow, ...]:
    """Return what is to mend, in words."""
    return tuple(
        GapRow(
            gap.kind,
            gap.organisation,
            world.programme.organisation_by_key[gap.organisation].name.get(lang),
            _gap_words(gap, lang),
        )
        for gap in found
    )


def _gap_words(gap: Gap, lang: Lang) -> str:
    if gap.contact:
        return say(lang, f"contacts.gap.{gap.kind}", address=gap.contact.email)
    if gap.on:
        return say(lang, f"contacts.gap.{gap.kind}", on=dates.short(gap.on, lang))
    return say(lang, f"contacts.gap.{gap.kind}")


def changes(old: Iterable[Contact], new: Iterable[Contact], lang: Lang) -> tuple[Change, ...]:
    """Return what changes from one list to the other: organisation, role and address name a contact."""
    before, after = _by_place(old), _by_place(new)
    kinds = (
        ("added", sorted(after.keys() - before.keys())),
        ("removed", sorted(before.keys() - after.keys())),
        ("changed", sorted(key for key in before.keys() & after.keys() if before[key] != after[key])),
    )
    return tuple(
        Change(
            say(lang, f"contacts.does.{kind}"),
            f"{place[0]}: {place[2]}",
            _told(before.get(place), lang),
            _told(after.get(place), lang),
        )
        for kind, places in kinds
        for place in places
    )


def _by_place(contacts: Iterable[Contact]) -> Mapping[tuple[str, str, str, str], Contact]:
    return {(one.organisation, one.role, one.email, str(one.valid_from or "")): one for one in contacts}


def _told(contact: Contact | None, lang: Lang) -> str:
    if contact is None:
        return ""
    row = _row(contact, lang, now=False, dead=False)
    return ", ".join(part for part in (row.role, row.name, row.language, row.validity) if part)


def _values(contact: Contact) -> tuple[object, ...]:
    return tuple(getattr(contact, field.name) for field in fields(contact))
