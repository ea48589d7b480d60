"""The contact list on pages: who gets what, what is to mend, adding, changing, taking out, CSV in and out.

Signed in only. GET changes nothing; a file is shown as changes before one button stores it.

The contact list as its pages show it: by organisation, who gets the items now, what is to mend. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.collection.spreadsheet import CSV_TYPE
from reminders.errors import InputError, Problem
from reminders.intake.contacts import COLUMNS, MAIL_LANGUAGES, ROLES, read_contact
from reminders.planning.coverage import Gap, gaps
from reminders.planning.recipients import Contact
from reminders.planning.state import ProgrammeState
from reminders.planning.typed_date import typed_date
from reminders.store.people import dead_addresses
from reminders.use.people.contacts import (
    change_contact,
    contacts_of_text,
    export_contacts,
    replace_contacts,
    revive,
)
from reminders.web.catalogue import say
from reminders.web.forms import PageContext, as_file, asked_of, read_form, text_of
from reminders.web.session import refuse_request
from reminders.web.site import Site
from schedule_rules.programme import Lang

# -- The contact list as its pages show it: by organisation, who gets the items now, what is to


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


@dataclass(frozen=True, slots=True)
class GapRow:
    """One thing to mend, in words, and the organisation it is about."""

    kind: str
    organisation: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What a file would do to one contact of the list."""

    kind: str
    who: str
    before: str
    after: str


def contact_key(contact: Contact) -> str:
    """Return what names a row of the list: a digest of all that it says."""
    return hashlib.sha256(repr(_values(contact)).encode()).hexdigest()[:20]


def find_contact(contacts: Iterable[Contact], key: str) -> Contact | None:
    """Return the contact that a key names."""
    return next((one for one in contacts if contact_key(one) == key), None)


def groups(state: ProgrammeState, dead: Collection[str], today: date, lang: Lang) -> tuple[ContactGroup, ...]:
    """Return all organisations, those that lead first, in the programme's order."""
    leading = set(state.programme.lead_organisations(today))
    made = [
        _group(state, key, dead, today, lang, leads=key in leading)
        for key in state.programme.organisation_by_key
    ]
    return tuple(sorted(made, key=lambda group: not group.leads))


def _group(
    state: ProgrammeState, key: str, dead: Collection[str], today: date, lang: Lang, *, leads: bool
) -> ContactGroup:
    mailed = state.people.unit(key, today)
    own = [one for one in state.people.all if one.organisation == key]
    others = [one.email for one in mailed if one.organisation != key]
    return ContactGroup(
        key,
        state.programme.organisation_by_key[key].name.get(lang),
        tuple(_row(one, lang, now=one in mailed, dead=one.email in dead) for one in own),
        ", ".join(others) if leads else "",
        leads,
    )


def _row(contact: Contact, lang: Lang, *, now: bool, dead: bool) -> ContactRow:
    role = shared.role(lang, contact.role)
    if contact.deputy_of:
        role = say(lang, "contacts.deputy-of", role=role, address=contact.deputy_of)
    return ContactRow(
        contact_key(contact),
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


def gap_rows(found: Iterable[Gap], state: ProgrammeState, lang: Lang) -> tuple[GapRow, ...]:
    """Return what is to mend, in words."""
    return tuple(
        GapRow(
            gap.kind,
            gap.organisation,
            state.programme.organisation_by_key[gap.organisation].name.get(lang),
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


def contact_changes(old: Iterable[Contact], new: Iterable[Contact], lang: Lang) -> tuple[ContactChange, ...]:
    """Return what changes from one list to the other: organisation, role and address name a contact."""
    before, after = _by_place(old), _by_place(new)
    kinds = (
        ("added", sorted(after.keys() - before.keys())),
        ("removed", sorted(before.keys() - after.keys())),
        ("changed", sorted(key for key in before.keys() & after.keys() if before[key] != after[key])),
    )
    return tuple(
        ContactChange(
            say(lang, f"contacts.does.{kind}"),
            f"{place[0]}: {place[2]}",
            _told_contacts_view(before.get(place), lang),
            _told_contacts_view(after.get(place), lang),
        )
        for kind, places in kinds
        for place in places
    )


def _by_place(contacts: Iterable[Contact]) -> Mapping[tuple[str, str, str, str], Contact]:
    return {(one.organisation, one.role, one.email, str(one.valid_from or "")): one for one in contacts}


def _told_contacts_view(contact: Contact | None, lang: Lang) -> str:
    if contact is None:
        return ""
    row = _row(contact, lang, now=False, dead=False)
    return ", ".join(part for part in (row.role, row.name, row.language, row.validity) if part)


def _values(contact: Contact) -> tuple[object, ...]:
    return tuple(getattr(contact, field.name) for field in fields(contact))


# -- The contact list on pages: who gets what, what is to mend, adding, changing, taking out, C

_LIMIT: Final = 1_000_000
_MOST: Final = 100
_HOME: Final = "/contacts"


class ContactPages:
    """The endpoints of the contact list."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/contacts", self.page),
            Route("/contacts.csv", self.file),
            Route("/contacts/edit", self.form),
            Route("/contacts/edit", self.posted, methods=["POST"]),
            Route("/contacts/import", self.again),
            Route("/contacts/import", self.posted, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/contacts``."""
        return refuse_request(self.site, request) or self._list(request, asked_of(self.site, request))

    def again(self, request: Request) -> Response:
        """Answer for a file's changes that are asked for by GET, as the language switch does: the list."""
        kept = {
            name: request.query_params[name] for name in ("programme", "lang") if name in request.query_params
        }
        return RedirectResponse(f"/contacts?{urlencode(kept)}", 303)

    def file(self, request: Request) -> Response:
        """Answer for ``/contacts.csv``."""
        if refused := refuse_request(self.site, request):
            return refused
        octets = export_contacts(self.site.service, asked_of(self.site, request).key).encode("utf-8-sig")
        return as_file(octets, CSV_TYPE, "contacts.csv")

    def form(self, request: Request) -> Response:
        """Answer for ``/contacts/edit``: a contact's form, or with ``organisation`` an empty one."""
        if refused := refuse_request(self.site, request):
            return refused
        asked = asked_of(self.site, request)
        wanted = request.query_params.get("row", "")
        old = find_contact(asked.standing.state.people.all, wanted)
        if wanted and old is None:
            return self._gone(request, asked)
        cells = _cells(old) if old else {"organisation": request.query_params.get("organisation", "")}
        return self._edit(request, asked, cells, ())

    async def posted(self, request: Request) -> Response:
        """Answer for a POST of a contact's form or of a file."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT, files=1)
        upload = form.get("file")
        text = (await upload.read()) if isinstance(upload, UploadFile) else None
        await form.close()
        step = self._import if request.url.path.endswith("import") else self._step
        return await run_in_threadpool(step, request, form, text)

    def _step(self, request: Request, form: FormData, _file: bytes | None) -> Response:
        asked, step = asked_of(self.site, request), text_of(form, "step")
        cells = {name: _iso(name, text_of(form, name)) for name in COLUMNS}
        if step == "revive":
            revive(self.site.service, cells["email"])
            return RedirectResponse(asked.home(_HOME), 303)
        old = find_contact(asked.standing.state.people.all, text_of(form, "row"))
        if text_of(form, "row") and old is None:
            return self._gone(request, asked)
        if step == "remove":
            change_contact(self.site.service, asked.key, old, None)
            return RedirectResponse(asked.home(_HOME), 303)
        contact, problems = read_contact(cells, asked.standing.book.programme.organisation_by_key)
        if problems:
            kept = {**cells, "row": text_of(form, "row")}
            return self._edit(request, asked, kept, tuple(one.place for one in problems))
        change_contact(self.site.service, asked.key, old, contact)
        return RedirectResponse(f"{asked.home(_HOME)}#{contact.organisation}", 303)

    def _import(self, request: Request, form: FormData, octets: bytes | None) -> Response:
        """Show what a file changes; with ``step`` *save* store it."""
        asked = asked_of(self.site, request)
        try:
            text = text_of(form, "text") if octets is None else octets.decode("utf-8-sig")
            found = contacts_of_text(self.site.service, asked.key, text, "CSV")
        except UnicodeDecodeError:
            return self._list(request, asked, (say(asked.lang, "contacts.wrong-octets"),))
        except InputError as error:
            return self._list(request, asked, _told(error, asked.lang))
        if text_of(form, "step") == "save":
            replace_contacts(self.site.service, asked.key, found)
            return RedirectResponse(asked.home(_HOME), 303)
        rows = contact_changes(asked.standing.state.people.all, found, asked.lang)
        return self.site.page(
            request, "contacts_import.html", rows=rows, text=text, home=asked.home(_HOME), key=asked.key
        )

    def _dead(self) -> frozenset[str]:
        with self.site.library.read() as connection:
            return dead_addresses(connection)

    def _list(self, request: Request, asked: PageContext, problems: tuple[str, ...] = ()) -> Response:
        state, today, refused = asked.standing.state, self.site.library.today(), self._dead()
        return self.site.page(
            request,
            "contacts.html",
            422 if problems else 200,
            groups=groups(state, refused, today, asked.lang),
            gaps=gap_rows(gaps(state, today), state, asked.lang),
            problems=problems,
            key=asked.key,
        )

    def _edit(
        self, request: Request, asked: PageContext, cells: Mapping[str, str], wrong: tuple[str, ...]
    ) -> Response:
        programme, lang = asked.standing.book.programme, asked.lang
        people = sorted({one.email for one in asked.standing.state.people.all if one.role == "contact"})
        return self.site.page(
            request,
            "contact.html",
            422 if wrong else 200,
            cells={name: cells.get(name, "") for name in COLUMNS},
            row=cells.get("row") or request.query_params.get("row", ""),
            wrong={name: say(lang, f"contacts.wrong.{name}") for name in wrong},
            organisations=[(one.key, one.name.get(lang)) for one in programme.organisations],
            roles=ROLES,
            languages_of_mail=MAIL_LANGUAGES,
            people=people,
            dead=cells.get("email", "") in self._dead(),
            home=asked.home(_HOME),
            key=asked.key,
        )

    def _gone(self, request: Request, asked: PageContext) -> Response:
        return self.site.error(
            request, 409, say(asked.lang, "contacts.gone"), say(asked.lang, "contacts.gone-text")
        )


def _iso(name: str, text: str) -> str:
    """Return a typed date as ISO 8601, whatever else stands in a field as it is."""
    day = typed_date(text) if name.startswith("valid_") else None
    return day.isoformat() if day else text


def _cells(contact: Contact) -> dict[str, str]:
    cells = {name: str(getattr(contact, name) or "") for name in COLUMNS}
    return {**cells, "row": contact_key(contact)}


def _told(error: InputError, lang: Lang) -> tuple[str, ...]:
    return tuple(_problem(problem, lang) for problem in error.problems[:_MOST])


def _problem(problem: Problem, lang: Lang) -> str:
    """Say which cell is wrong and what was expected; or that the file is no such list at all."""
    row = problem.place.partition(",")[0].removeprefix("row ")
    column = problem.place.rpartition(" ")[2]
    if column in COLUMNS:
        expected = say(lang, f"contacts.wrong.{column}")
        return say(lang, "contacts.problem", row=row, column=column, expected=expected, found=problem.found)
    columns = ", ".join(COLUMNS)
    return say(lang, "contacts.no-list", row=row, columns=columns, found=problem.found)
