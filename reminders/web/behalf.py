"""An answer that the secretary records for a unit, from a phone call or a reply by mail. Signed in only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import words as shared
from reminders.asked import matter
from reminders.dispatch.answers import record
from reminders.due import World, needs_answer, responsible
from reminders.errors import NotFoundError
from reminders.web.action_book import book_of
from reminders.web.answer_form import Limits, Typed, checked, read, said
from reminders.web.answer_view import Reading, question
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse
from reminders.web.site import Site
from schedule_rules.occurrence import Occurrence

_LIMIT: Final = 50_000


@dataclass(frozen=True)
class Asked:
    """The occurrence that is answered, and its responsible organisations."""

    world: World
    occurrence: Occurrence
    organisations: tuple[str, ...]


class BehalfPages:
    """The endpoints of ``/actions/{id}/answer``; ``occurrence`` in the query names which of its dates."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/actions/{id}/answer"
        return [Route(path, self.page), Route(path, self.post, methods=["POST"])]

    def page(self, request: Request) -> Response:
        """Answer for the form."""
        if refused := refuse(self.site, request):
            return refused
        return self._form(request, self._asked(request), read({}), "")

    async def post(self, request: Request) -> Response:
        """Answer for a POST: record the answer, or say what is wrong with it."""
        if refused := refuse(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._record, request, form)

    def _record(self, request: Request, form: FormData) -> Response:
        asked, lang = self._asked(request), self.site.visitor(request).lang
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        programme = asked.world.programme
        indicator = programme.action_by_id[asked.occurrence.id.action].indicator
        limits = Limits(self.site.library.today(), programme.period.last)
        typed = checked(read(fields), limits, indicator, lang)
        if typed.wrong:
            return self._form(request, asked, typed, text_of(form, "organisation"))
        answer = said(typed, asked.occurrence, "", programme, lang)
        record(self.site.service, replace(answer, organisation=text_of(form, "organisation")))
        where = f"/actions/{asked.occurrence.id.action}?programme={programme.key}#dates"
        return RedirectResponse(where, 303)

    def _asked(self, request: Request) -> Asked:
        """Return what is answered; ``NotFoundError`` for an occurrence that takes no answer here."""
        visitor, action = self.site.visitor(request), request.path_params["id"]
        with self.site.library.read() as connection:
            book = book_of(self.site.library.books(connection), visitor.query.get("programme"), action)
            world = self.site.library.standing(connection, book).world
        row = world.occurrences.get(visitor.query.get("occurrence", ""))
        if row is None or row.id.action != action or not needs_answer(row) or row.kind == "collection":
            raise NotFoundError(f"no occurrence of {action!r} that is answered here")
        return Asked(world, row, responsible(world, row, self.site.library.today()))

    def _form(self, request: Request, asked: Asked, typed: Typed, chosen: str) -> Response:
        lang, today = self.site.visitor(request).lang, self.site.library.today()
        reading = Reading(today, lang, self.site.service.settings.zone)
        one = matter(asked.world, asked.occurrence, asked.organisations, today)
        names = asked.world.programme.organisation_by_key
        return self.site.page(
            request,
            "behalf.html",
            422 if typed.wrong else 200,
            question=question(asked.world, one, typed, 0, reading),
            units=[
                (key, shared.names(lang, [names[key].name]), key == chosen) for key in asked.organisations
            ],
            action=asked.occurrence.id.action,
            errors=[(f"f-{name}", words) for name, words in typed.wrong.items()],
        )
