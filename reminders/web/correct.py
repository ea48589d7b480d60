"""Correcting how an action is read: forms, a preview of what changes, then one button that stores.

Signed in only. GET changes nothing; a POST says its step: ``preview`` (nothing
is stored), ``edit`` (back to the form, input kept) or ``save``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.difference import Difference
from reminders.dispatch.correcting import FIELDS, Decision, check, correct, enter
from reminders.dispatch.whatif import what_if
from reminders.errors import NotFoundError, UsageError
from reminders.web.action_book import book_of
from reminders.web.books import Standing
from reminders.web.correct_view import LONGEST, Entered, forms, outcome, wrong_words
from reminders.web.difference_view import difference_view
from reminders.web.forecast_columns import window_of
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse
from reminders.web.secretary import secretary_of
from reminders.web.site import Site
from reminders.web.words import say
from schedule_rules.programme import Action, CorrectedField, Lang

_LIMIT = 100_000


@dataclass(frozen=True)
class Asked:
    """An action whose reading is corrected, and in which language."""

    standing: Standing
    action: Action
    lang: Lang

    def decision(self, entered: Entered, by: str) -> Decision:
        """Return what was entered as a decision."""
        field, key = entered.field or "schedule", self.standing.book.programme.key
        return Decision(self.action.id, field, entered.value or "", by, entered.note, key)


class CorrectPages:
    """The endpoints of corrections."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/actions/{id}/correct", self.page),
            Route("/actions/{id}/correct", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/actions/{id}/correct``: the forms; ``field`` opens one, ``code`` is the finding."""
        if refused := refuse(self.site, request):
            return refused
        query = request.query_params
        entered = Entered(_field(query.get("field", "")), query.get("code") or None)
        return self._forms(request, self._asked(request), entered)

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := refuse(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=2000)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        asked = self._asked(request)
        entered = _entered(form, asked.action)
        if entered.field is None:
            raise NotFoundError("no such field")
        decision = asked.decision(entered, secretary_of(asked.standing, self.site.library.today()))
        checked = _checked(asked, entered, decision)
        if checked.errors or text_of(form, "step") == "edit":
            return self._forms(request, asked, checked)
        if text_of(form, "step") == "save":
            key = correct(self.site.service, decision)
            where = f"/actions/{asked.action.id}?{urlencode({'programme': key})}#corrections"
            return RedirectResponse(where, 303)
        return self._preview(request, asked, decision)

    def _asked(self, request: Request) -> Asked:
        site, visitor = self.site, self.site.visitor(request)
        action = request.path_params["id"]
        with site.library.read() as connection:
            book = book_of(site.library.books(connection), visitor.query.get("programme"), action)
            standing = site.library.standing(connection, book)
        return Asked(standing, book.programme.action_by_id[action], visitor.lang)

    def _forms(self, request: Request, asked: Asked, entered: Entered) -> Response:
        return self.site.page(
            request,
            "correct.html",
            422 if entered.errors else 200,
            forms=forms(asked.standing.book.row, asked.action, asked.lang, entered),
            errors=entered.errors,
            action=asked.action.id,
            title=asked.action.title.get(asked.lang),
            key=asked.standing.book.programme.key,
            longest=LONGEST,
        )

    def _preview(self, request: Request, asked: Asked, decision: Decision) -> Response:
        today = self.site.library.today()
        return self.site.page(
            request,
            "correct_preview.html",
            outcome=outcome(asked.standing.book.row, decision, today, asked.lang),
            decision=decision,
            title=asked.action.title.get(asked.lang),
            mails=difference_view(self._mails(decision, today), asked.lang),
        )

    def _mails(self, decision: Decision, today: date) -> Difference:
        """Return what the decision would do to the mails of the forecast's twelve months."""
        service = self.site.service
        return what_if(service, lambda connection: enter(connection, service, decision), window_of(today))


def _field(text: str) -> CorrectedField | None:
    return next((one for one in FIELDS if one == text), None)


def _entered(form: FormData, action: Action) -> Entered:
    """Return what a form holds; ticked organisations keep the order that they have."""
    field = _field(text_of(form, "field"))
    value = text_of(form, "value")
    if field in {"leads", "partners"} and "value" not in form:
        ticked = [one for one in form.getlist("org") if isinstance(one, str)]
        held = [key for key in (action.leads if field == "leads" else action.partners) if key in ticked]
        value = " ".join(dict.fromkeys((*held, *ticked)))
    return Entered(field, value, text_of(form, "note"))


def _checked(asked: Asked, entered: Entered, decision: Decision) -> Entered:
    """Return what was entered with what is wrong with it."""
    wrong = ""
    try:
        check(asked.standing.book.row, decision)
    except UsageError:
        wrong = wrong_words(decision.field, asked.lang)
    if decision.field in {"schedule", "frequency"} and len(decision.value) > LONGEST:
        wrong = say(asked.lang, "correct.too-long", most=LONGEST)
    too_long = len(entered.note) > LONGEST
    note = say(asked.lang, "correct.too-long", most=LONGEST) if too_long else ""
    return replace(entered, wrong=wrong, wrong_note=note)
