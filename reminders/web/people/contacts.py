"""The contact list: who gets what, what is to mend, adding, changing, taking out, CSV in and out.

Signed in only. GET changes nothing; a file is shown as changes before one button stores it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.collection.spreadsheet import CSV_TYPE
from reminders.errors import InputError, Problem
from reminders.intake.contacts import COLUMNS, MAIL_LANGUAGES, ROLES, read_contact
from reminders.planning.coverage import Gap, gaps
from reminders.planning.recipients import Contact
from reminders.planning.state import ProgrammeState
from reminders.use.people import contacts as use
from reminders.web.catalogue import say
from reminders.web.page import FormLimits, Page, Pages
from schedule_rules.programme import Lang

_LIMITS: Final = FormLimits(size=1_000_000, files=1)
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class ContactRow:
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
class ContactGroup:
    """The contacts of one organisation; ``receiver`` says who gets its items where none is its own."""

    key: str
    name: str
    rows: tuple[ContactRow, ...]
    receiver: str
    leads: bool


def contact_key(contact: Contact) -> str:
    """Return what names a row of the list: a digest of all that it says."""
    values = tuple(getattr(contact, field.name) for field in fields(contact))
    return hashlib.sha256(repr(values).encode()).hexdigest()[:20]


def find_contact(contacts: Iterable[Contact], key: str) -> Contact | None:
    """Return the contact that a key names."""
    return next((one for one in contacts if contact_key(one) == key), None)


def contact_row(contact: Contact, lang: Lang, *, now: bool = False, dead: bool = False) -> ContactRow:
    """Return a contact in words; ``validity``: from when and until when it is mailed, nothing: always."""
    role = shared.role(lang, contact.role)
    if contact.deputy_of:
        role = say(lang, "contacts.deputy-of", role=role, address=contact.deputy_of)
    first, last, validity = contact.valid_from, contact.valid_until, ""
    if first and last:
        validity = dates.span(first, last, lang)
    elif first:
        validity = say(lang, "contacts.from", on=dates.short(first, lang))
    elif last:
        validity = say(lang, "contacts.until", on=dates.short(last, lang))
    language = say(lang, f"contacts.language.{contact.language.replace('+', '-')}")
    return ContactRow(contact_key(contact), contact.email, contact.name, role, language, validity, now, dead)


def contact_groups(
    state: ProgrammeState, dead: Collection[str], today: date, lang: Lang
) -> tuple[ContactGroup, ...]:
    """Return all organisations, those that lead first, in the programme's order."""
    leading, groups = set(state.programme.lead_organisations(today)), []
    for key, organisation in state.programme.organisation_by_key.items():
        mailed = state.people.unit(key, today)
        rows = tuple(
            contact_row(one, lang, now=one in mailed, dead=one.email in dead)
            for one in state.people.all
            if one.organisation == key
        )
        others = ", ".join(one.email for one in mailed if one.organisation != key)
        leads = key in leading
        groups.append(ContactGroup(key, organisation.name.get(lang), rows, others if leads else "", leads))
    return tuple(sorted(groups, key=lambda group: not group.leads))


def gap_rows(found: Iterable[Gap], state: ProgrammeState, lang: Lang) -> list[tuple[str, str, str]]:
    """Return what is to mend: the organisation's key, its name, the words."""
    rows = []
    for gap in found:
        text = f"contacts.gap.{gap.kind}"
        if gap.contact:
            words = say(lang, text, address=gap.contact.email)
        else:
            words = say(lang, text, on=dates.short(gap.on, lang)) if gap.on else say(lang, text)
        name = state.programme.organisation_by_key[gap.organisation].name.get(lang)
        rows.append((gap.organisation, name, words))
    return rows


def contact_changes(
    old: Iterable[Contact], new: Iterable[Contact], lang: Lang
) -> tuple[tuple[str, str, str, str], ...]:
    """Return what changes between two lists, by organisation, role, address: what, whom, before, after."""
    before, after = (
        {(one.organisation, one.role, one.email, str(one.valid_from or "")): one for one in contacts}
        for contacts in (old, new)
    )
    kinds = (
        ("added", sorted(after.keys() - before.keys())),
        ("removed", sorted(before.keys() - after.keys())),
        ("changed", sorted(key for key in before.keys() & after.keys() if before[key] != after[key])),
    )
    return tuple(
        (
            say(lang, f"contacts.does.{kind}"),
            f"{place[0]}: {place[2]}",
            _in_one_line(before.get(place), lang),
            _in_one_line(after.get(place), lang),
        )
        for kind, places in kinds
        for place in places
    )


def _in_one_line(contact: Contact | None, lang: Lang) -> str:
    if contact is None:
        return ""
    row = contact_row(contact, lang)
    return ", ".join(part for part in (row.role, row.name, row.language, row.validity) if part)


def file_problem(problem: Problem, lang: Lang) -> str:
    """Say which cell of a file is wrong and what was expected; or that the file is no such list at all."""
    row = problem.place.partition(",")[0].removeprefix("row ")
    column = problem.place.rpartition(" ")[2]
    if column in COLUMNS:
        expected = say(lang, f"contacts.wrong.{column}")
        return say(lang, "contacts.problem", row=row, column=column, expected=expected, found=problem.found)
    return say(lang, "contacts.no-list", row=row, columns=", ".join(COLUMNS), found=problem.found)


class ContactPages(Pages):
    """The contact list, the form of one contact, a file of all of them."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.secretary("/contacts", self.show),
            *self.secretary("/contacts.csv", self.export),
            *self.secretary("/contacts/edit", self.form, self.change, _LIMITS),
            *self.public("/contacts/import", self.show_again),
            *self.secretary("/contacts/import", None, self.replace, _LIMITS),
        ]

    def show(self, page: Page, problems: tuple[str, ...] = ()) -> Response:
        """Show the list, and what is wrong with a file."""
        state, dead = page.current.state, use.addresses_to_revive(page.service)
        return page.render(
            "contacts.html",
            422 if problems else 200,
            groups=contact_groups(state, dead, page.today, page.lang),
            gaps=gap_rows(gaps(state, page.today), state, page.lang),
            problems=problems,
            key=page.key,
        )

    def show_again(self, page: Page) -> Response:
        """Lead to the list where a file's changes are asked for by GET, as the language switch does."""
        query = {name: page.query[name] for name in ("programme", "lang") if name in page.query}
        return page.redirect(f"/contacts?{urlencode(query)}")

    def export(self, page: Page) -> Response:
        """Return the list as a file."""
        octets = use.export_contacts(page.service, page.key).encode("utf-8-sig")
        return page.file(octets, CSV_TYPE, "contacts.csv")

    def form(self, page: Page) -> Response:
        """Show a contact's form, or with ``organisation`` an empty one."""
        row = page.query.get("row", "")
        old = find_contact(page.current.state.people.all, row)
        if row and old is None:
            return _gone(page)
        if old is None:
            return self._edit(page, {"organisation": page.query.get("organisation", "")}, row)
        return self._edit(page, {name: str(getattr(old, name) or "") for name in COLUMNS}, row)

    def change(self, page: Page) -> Response:
        """Store a contact's form, take the contact out, or mail its address again."""
        step, row = page.text("step"), page.text("row")
        cells = {name: _iso(name, page.text(name)) for name in COLUMNS}
        if step == "revive":
            use.revive(page.service, cells["email"])
            return page.redirect(page.home("/contacts"))
        old = find_contact(page.current.state.people.all, row)
        if row and old is None:
            return _gone(page)
        if step == "remove":
            use.change_contact(page.service, page.key, old, None)
            return page.redirect(page.home("/contacts"))
        contact, problems = read_contact(cells, page.snapshot.programme.organisation_by_key)
        if problems:
            return self._edit(page, cells, row, tuple(one.place for one in problems))
        use.change_contact(page.service, page.key, old, contact)
        return page.redirect(f"{page.home('/contacts')}#{contact.organisation}")

    def replace(self, page: Page) -> Response:
        """Show what a file changes; with ``step`` *save* store it."""
        octets = next((upload.data for upload in page.uploads if upload.field == "file"), None)
        try:
            text = page.text("text") if octets is None else octets.decode("utf-8-sig")
            contacts = use.contacts_of_text(page.service, page.key, text, "CSV")
        except UnicodeDecodeError:
            return self.show(page, (page.say("contacts.wrong-octets"),))
        except InputError as error:
            problems = error.problems[:_MOST]
            return self.show(page, tuple(file_problem(problem, page.lang) for problem in problems))
        if page.text("step") == "save":
            use.replace_contacts(page.service, page.key, contacts)
            return page.redirect(page.home("/contacts"))
        rows = contact_changes(page.current.state.people.all, contacts, page.lang)
        home = page.home("/contacts")
        return page.render("contacts_import.html", rows=rows, text=text, home=home, key=page.key)

    def _edit(self, page: Page, cells: Mapping[str, str], row: str, wrong: tuple[str, ...] = ()) -> Response:
        programme = page.snapshot.programme
        return page.render(
            "contact.html",
            422 if wrong else 200,
            cells={name: cells.get(name, "") for name in COLUMNS},
            row=row,
            wrong={name: page.say(f"contacts.wrong.{name}") for name in wrong},
            organisations=[(one.key, one.name.get(page.lang)) for one in programme.organisations],
            roles=ROLES,
            languages_of_mail=MAIL_LANGUAGES,
            people=sorted({one.email for one in page.current.state.people.all if one.role == "contact"}),
            dead=cells.get("email", "") in use.addresses_to_revive(page.service),
            home=page.home("/contacts"),
            key=page.key,
        )


def _gone(page: Page) -> Response:
    return page.error(409, page.say("contacts.gone"), page.say("contacts.gone-text"))


def _iso(name: str, text: str) -> str:
    """Return a typed date as ISO 8601, whatever else stands in a field as it is."""
    day = dates.typed_date(text) if name.startswith("valid_") else None
    return day.isoformat() if day else text
