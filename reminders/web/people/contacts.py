"""The contact list: who gets what, what is to mend, adding, changing, taking out, a file in and out.

Signed in only. GET changes nothing; a file is shown as changes before one button stores it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.plain_text import capital
from reminders.collection.spreadsheet import CSV_TYPE
from reminders.errors import BusyError, InputError, Problem
from reminders.intake.contacts import (
    COLUMNS,
    MAIL_LANGUAGES,
    MAX_BYTES,
    ROLES,
    read_contact,
    write_contacts,
)
from reminders.planning.addresses import folded
from reminders.planning.coverage import ContactChange, Gap, Loss, gaps
from reminders.planning.recipients import Contact
from reminders.planning.state import ProgrammeState
from reminders.use.people import contacts as use
from reminders.use.people.dead_addresses import all_dead, refusal_words
from reminders.use.watch.audit import record_reading
from reminders.web.catalogue import no_date_words, say
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.words import place_words, problem_words
from schedule_rules.programme import Lang, Programme

_LIMITS: Final = FormLimits(size=MAX_BYTES, files=1)
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact: who, in which role and language, when, whether mailed today, what is wrong.

    ``refusal`` is when and with which words a server refused a ``dead`` address.
    """

    key: str
    email: str
    name: str
    role: str
    language: str
    validity: str
    now: bool
    dead: bool
    refusal: str = ""


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
    state: ProgrammeState, today: date, lang: Lang, refusals: Mapping[str, str] = MappingProxyType({})
) -> tuple[ContactGroup, ...]:
    """Return all organisations, those that lead first, in the programme's order.

    ``refusals``: what is shown of dead addresses, by their folded form.
    """
    leading, groups = set(state.programme.lead_organisations(today)), []
    for key, organisation in state.programme.organisation_by_key.items():
        mailed = state.people.unit(key, today)
        rows = tuple(
            replace(
                contact_row(one, lang, now=one in mailed, dead=not state.people.takes_mail(one.email)),
                refusal=refusals.get(one.identity, ""),
            )
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


def change_rows(
    changes: Iterable[ContactChange], programme: Programme, lang: Lang
) -> tuple[tuple[str, str, str, str], ...]:
    """Return the changes between two lists in words: what, whom, before, after."""
    rows = []
    for change in changes:
        one = change.new or change.old
        assert one is not None  # noqa: S101 - a change has one of them
        whom = f"{programme.organisation_by_key[one.organisation].name.get(lang)}: {one.email}"
        does = say(lang, f"contacts.does.{change.kind}")
        rows.append((does, whom, _in_one_line(change.old, lang), _in_one_line(change.new, lang)))
    return tuple(rows)


def _in_one_line(contact: Contact | None, lang: Lang) -> str:
    if contact is None:
        return ""
    row = contact_row(contact, lang)
    return ", ".join(part for part in (row.role, row.name, row.language, row.validity) if part)


def file_problem(problem: Problem, lang: Lang) -> str:
    """Say which cell of a file is wrong, what was expected there and what was found."""
    expected, found = problem_words(problem.expected, lang), problem_words(problem.found, lang)
    place = capital(place_words(problem.place, lang))
    return say(lang, "contacts.problem", place=place, expected=expected, found=found)


def contact_loss(loss: Loss, programme: Programme, lang: Lang) -> str:
    """Say what a list would take away, from when, and whom."""
    whom, on = ", ".join(one.email for one in loss.contacts), dates.short(loss.on, lang)
    match loss.kind:
        case "most":
            return say(lang, "contacts.loss.most", len(loss.contacts), whom=whom)
        case "secretary":
            return say(lang, "contacts.loss.secretary", on=on, whom=whom)
        case "unit":
            unit = programme.organisation_by_key[loss.organisation].name.get(lang)
            return say(lang, "contacts.loss.unit", on=on, unit=unit, whom=whom)


def _dead(page: Page) -> list[tuple[str, str, str]]:
    """Return the list's dead addresses, each with the day on which it was refused and the server's words."""
    listed = {one.identity for one in page.current.state.people.all}
    return [
        (one.address, dates.short(one.since.astimezone(page.zone).date(), page.lang), refusal_words(one))
        for one in all_dead(page.service)
        if one.address in listed
    ]


class ContactPages(Pages):
    """The contact list, the form of one contact, a file of all of them."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.secretary("/contacts", self.show),
            *self.secretary("/contacts.csv", self.export),
            *self.secretary("/contacts/edit", self.form, self.change, _LIMITS),
            *self.secretary("/contacts/dead", self.show_dead, self.revive_all),
            *self.public("/contacts/import", self.show_again),
            *self.secretary("/contacts/import", None, self.replace, _LIMITS),
        ]

    def show(self, page: Page, problems: tuple[str, ...] = (), status: int = 422) -> Response:
        """Show the list, and what is wrong with a file; ``status`` is that of the page where anything is."""
        state = page.current.state
        refusals = {
            address: page.say("contacts.dead-said", on=on, answer=answer)
            for address, on, answer in _dead(page)
        }
        return page.render(
            "contacts.html",
            status if problems else 200,
            groups=contact_groups(state, page.today, page.lang, refusals),
            gaps=gap_rows(gaps(state, page.today), state, page.lang),
            problems=problems,
            key=page.key,
        )

    def show_dead(self, page: Page) -> Response:
        """Show the addresses that are passed over, each with what was answered, and a button for all."""
        return page.render("dead_addresses.html", rows=_dead(page), home=page.home("/contacts"))

    def revive_all(self, page: Page) -> Response:
        """Let every dead address of the list be mailed again."""
        use.revive_all(page.service, [address for address, _, _ in _dead(page)])
        return page.redirect(page.home("/contacts"))

    def show_again(self, page: Page) -> Response:
        """Lead to the list where a file's changes are asked for by GET, as the language switch does."""
        query = {name: page.query[name] for name in ("programme", "lang") if name in page.query}
        return page.redirect(f"/contacts?{urlencode(query)}")

    def export(self, page: Page) -> Response:
        """Return the list as a file."""
        record_reading(page.service, "contacts-export", page.key)
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
        return self._edit(page, {name: _shown(getattr(old, name), page.lang) for name in COLUMNS}, row)

    def change(self, page: Page) -> Response:
        """Store a contact's form, take the contact out, or mail its address again."""
        step, row = page.text("step"), page.text("row")
        typed = {name: page.text(name) for name in COLUMNS}
        cells = {name: _iso(name, text) for name, text in typed.items()}
        if step == "revive":
            if folded(cells["email"]) not in {one.identity for one in page.current.state.people.all}:
                return _gone(page)
            use.revive(page.service, cells["email"])
            return page.redirect(page.home("/contacts"))
        old = find_contact(page.current.state.people.all, row)
        if row and old is None:
            return page.redirect(page.home("/contacts")) if _stands(page, cells, step) else _gone(page)
        contact, anchor = None, ""
        if step != "remove":
            others = [one for one in page.current.state.people.all if one != old]
            contact, problems = read_contact(cells, page.snapshot.programme.organisation_by_key, others)
            if problems:
                return self._edit(page, typed, row, tuple(one.place for one in problems))
            anchor = f"#{contact.organisation}"
        try:
            accepted = bool(page.text("accept_loss"))
            use.change_contact(page.service, page.key, old, contact, accept_loss=accepted)
        except use.LossError as refused:
            return self._edit(page, typed, row, (), refused.preview, step)
        return page.redirect(page.home("/contacts") + anchor)

    def replace(self, page: Page) -> Response:
        """Show what a file changes; with ``step`` *save* store it, a loss only when it is accepted."""
        upload = next((one for one in page.uploads if one.field == "file"), None)
        data = upload.data if upload else page.text("text").encode()
        name = upload.name if upload else page.say("contacts.file")
        try:
            found = use.preview_contacts(page.service, page.key, data, name)
        except InputError as error:
            problems = error.problems[:_MOST]
            return self.show(page, tuple(file_problem(problem, page.lang) for problem in problems))
        except BusyError:
            return self.show(page, (page.say("import.busy"),), 503)
        is_saved = page.text("step") == "save"
        if is_saved:
            try:
                accepted = bool(page.text("accept_loss"))
                use.replace_contacts(page.service, page.key, found.contacts, accept_loss=accepted)
                return page.redirect(page.home("/contacts"))
            except use.LossError as refused:  # not ticked, or somebody changed the list meanwhile
                found = replace(refused.preview, unused=found.unused, computed=found.computed)
        programme = page.snapshot.programme
        return page.render(
            "contacts_import.html",
            422 if is_saved else 200,
            rows=change_rows(found.changes, programme, page.lang),
            losses=[contact_loss(one, programme, page.lang) for one in found.losses],
            guarded=found.guarded,
            refused=is_saved,
            unused=", ".join(found.unused),
            computed="; ".join(
                f"{place_words(place, page.lang)}: {result}" for place, _, result in found.computed
            ),
            text=write_contacts(found.contacts),
            home=page.home("/contacts"),
            key=page.key,
        )

    def _edit(
        self,
        page: Page,
        cells: Mapping[str, str],
        row: str,
        wrong: tuple[str, ...] = (),
        refused: use.ListPreview | None = None,
        step: str = "save",
    ) -> Response:
        """Show the form as typed, with what is wrong, or what ``step`` would take away."""
        programme = page.snapshot.programme
        lost = refused.losses if refused else ()
        return page.render(
            "contact.html",
            422 if wrong or lost else 200,
            cells={name: cells.get(name, "") for name in COLUMNS},
            row=row,
            wrong={name: _wrong_words(page, name, cells[name]) for name in wrong},
            losses=[contact_loss(one, programme, page.lang) for one in lost],
            step=step,
            organisations=[(one.key, one.name.get(page.lang)) for one in programme.organisations],
            roles=ROLES,
            languages_of_mail=MAIL_LANGUAGES,
            people=sorted({one.email for one in page.current.state.people.all}),
            dead=not page.current.state.people.takes_mail(cells.get("email", "")),
            home=page.home("/contacts"),
            key=page.key,
        )


def _stands(page: Page, cells: Mapping[str, str], step: str) -> bool:
    """Tell whether the list is as a form wants it already: the same form sent twice."""
    everybody = page.current.state.people.all
    named = (cells["organisation"], cells["role"], folded(cells["email"]))
    same = [one for one in everybody if (one.organisation, one.role, one.identity) == named]
    if step == "remove":
        return not same
    contact, _ = read_contact(cells, page.snapshot.programme.organisation_by_key, ())
    return contact in everybody


def _gone(page: Page) -> Response:
    return page.error(409, page.say("contacts.gone"), page.say("contacts.gone-text"))


def _wrong_words(page: Page, name: str, text: str) -> str:
    """Say what is wrong with a field; of a date whether there is such a day."""
    expected = page.say(f"contacts.wrong.{name}")
    return no_date_words(text, page.lang, expected) if name.startswith("valid_") else expected


def _shown(value: object, lang: Lang) -> str:
    return dates.short(value, lang) if isinstance(value, date) else str(value or "")


def _iso(name: str, text: str) -> str:
    """Return a typed date as ISO 8601, whatever else stands in a field as it is."""
    day = dates.typed_date(text) if name.startswith("valid_") else None
    return day.isoformat() if day else text
