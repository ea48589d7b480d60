"""The contact list on pages: who gets what, what is to mend, adding, changing, taking out, CSV in and out.

Signed in only. GET changes nothing; a file is shown as changes before one button stores it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.coverage import gaps
from reminders.dispatch.contacts import (
    change_contact,
    contacts_of_text,
    export_contacts,
    replace_contacts,
    revive,
)
from reminders.errors import InputError, Problem
from reminders.intake.contacts_csv import COLUMNS, MAIL_LANGUAGES, ROLES, read_contact
from reminders.recipients import Contact
from reminders.spreadsheet import CSV_TYPE
from reminders.store.addresses import dead
from reminders.typed_date import typed_date
from reminders.web.asked import Asked, asked_of
from reminders.web.contacts_view import changes, find, gap_rows, groups, key_of
from reminders.web.form_data import as_file, read_form, text_of
from reminders.web.guard import refuse
from reminders.web.site import Site
from reminders.web.words import say
from schedule_rules.programme import Lang

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
        return refuse(self.site, request) or self._list(request, asked_of(self.site, request))

    def again(self, request: Request) -> Response:
        """Answer for a file's changes that are asked for by GET, as the language switch does: the list."""
        kept = {
            name: request.query_params[name] for name in ("programme", "lang") if name in request.query_params
        }
        return RedirectResponse(f"/contacts?{urlencode(kept)}", 303)

    def file(self, request: Request) -> Response:
        """Answer for ``/contacts.csv``."""
        if refused := refuse(self.site, request):
            return refused
        octets = export_contacts(self.site.service, asked_of(self.site, request).key).encode("utf-8-sig")
        return as_file(octets, CSV_TYPE, "contacts.csv")

    def form(self, request: Request) -> Response:
        """Answer for ``/contacts/edit``: a contact's form, or with ``organisation`` an empty one."""
        if refused := refuse(self.site, request):
            return refused
        asked = asked_of(self.site, request)
        wanted = request.query_params.get("row", "")
        old = find(asked.standing.world.people.all, wanted)
        if wanted and old is None:
            return self._gone(request, asked)
        cells = _cells(old) if old else {"organisation": request.query_params.get("organisation", "")}
        return self._edit(request, asked, cells, ())

    async def posted(self, request: Request) -> Response:
        """Answer for a POST of a contact's form or of a file."""
        if refused := refuse(self.site, request):
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
        old = find(asked.standing.world.people.all, text_of(form, "row"))
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
        rows = changes(asked.standing.world.people.all, found, asked.lang)
        return self.site.page(
            request, "contacts_import.html", rows=rows, text=text, home=asked.home(_HOME), key=asked.key
        )

    def _dead(self) -> frozenset[str]:
        with self.site.library.read() as connection:
            return dead(connection)

    def _list(self, request: Request, asked: Asked, problems: tuple[str, ...] = ()) -> Response:
        world, today, refused = asked.standing.world, self.site.library.today(), self._dead()
        return self.site.page(
            request,
            "contacts.html",
            422 if problems else 200,
            groups=groups(world, refused, today, asked.lang),
            gaps=gap_rows(gaps(world, refused, today), world, asked.lang),
            problems=problems,
            key=asked.key,
        )

    def _edit(
        self, request: Request, asked: Asked, cells: Mapping[str, str], wrong: tuple[str, ...]
    ) -> Response:
        programme, lang = asked.standing.book.programme, asked.lang
        people = sorted({one.email for one in asked.standing.world.people.all if one.role == "contact"})
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

    def _gone(self, request: Request, asked: Asked) -> Response:
        return self.site.error(
            request, 409, say(asked.lang, "contacts.gone"), say(asked.lang, "contacts.gone-text")
        )


def _iso(name: str, text: str) -> str:
    """Return a typed date as ISO 8601, whatever else stands in a field as it is."""
    day = typed_date(text) if name.startswith("valid_") else None
    return day.isoformat() if day else text


def _cells(contact: Contact) -> dict[str, str]:
    cells = {name: str(getattr(contact, name) or "") for name in COLUMNS}
    return {**cells, "row": key_of(contact)}


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
