"""The page behind an answer's link in a mail: one question, or what was answered. GET changes nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from reminders.asked import Matter, matter, matters_of
from reminders.dispatch.answers import record, undo
from reminders.dispatch.own_links import Closed, Matched, Opened, open_answer
from reminders.errors import UsageError
from reminders.links import Links, Purpose
from reminders.web import own_pages
from reminders.web.answer_form import Limits, Typed, checked, read, said, seen_of
from reminders.web.answer_view import Reading, given, head, question
from reminders.web.form_data import read_form, text_of
from reminders.web.site import Site
from schedule_rules.programme import Lang

_LIMIT: Final = 50_000


class AnswerPages:
    """The endpoints of ``/answer/{token}``."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/answer/{token}", self.page),
            Route("/answer/{token}", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for a link: the question with the mail's choice, or what was answered."""
        found = open_answer(self.site.service, request.path_params["token"])
        if isinstance(found, Closed):
            return own_pages.closed(self.site, request, found)
        one = _matter(found)
        if one.replies and not one.waiting and "change" not in request.query_params:
            return self._answered(request, found, one)
        return self._question(request, found, _start(one, request.query_params.get("a", "")))

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := own_pages.refuse_foreign(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        found = open_answer(self.site.service, request.path_params["token"])
        if isinstance(found, Closed):
            return own_pages.closed_post(self.site, request, found, form)
        if text_of(form, "step") == "undo":
            return self._undo(request, found)
        return self._answer(request, found, form)

    def _answer(self, request: Request, found: Matched, form: FormData) -> Response:
        """Record an answer once: not where a newer one than the form knew of stands already."""
        lang, row, seen = self._lang(request), found.occurrence, seen_of(text_of(form, "seen"))
        if seen != _seen(found):
            return own_pages.back(request, lang)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        programme = found.world.programme
        indicator = programme.action_by_id[row.id.action].indicator
        typed = checked(read(fields), Limits(found.opened.today, programme.period.last), indicator, lang)
        if typed.wrong:
            return self._question(request, found, typed)
        answer = said(typed, row, found.opened.reader, programme, lang)
        if not record(self.site.service, answer, seen):  # a colleague was quicker
            return own_pages.back(request, lang)
        return own_pages.back(request, lang, done="1")

    def _undo(self, request: Request, found: Matched) -> Response:
        """Take back what the reader's units said; whoever of the unit said it."""
        row = str(found.occurrence.id)
        for key in found.organisations:
            if answer_id := found.opened.seen(row, [key]):
                with suppress(UsageError):  # a colleague was quicker
                    undo(self.site.service, answer_id, found.opened.reader)
        return own_pages.back(request, self._lang(request))

    def _question(self, request: Request, found: Matched, typed: Typed) -> Response:
        reading = self._reading(request, found.opened)
        asked = question(found.world, _matter(found), typed, _seen(found), reading)
        return own_pages.page(
            self.site,
            request,
            "answer.html",
            422 if typed.wrong else 200,
            own_name=found.world.programme.name.get(reading.lang),
            question=asked,
            reader=found.opened.reader,
            errors=[(f"f-{name}", words) for name, words in typed.wrong.items()],
        )

    def _answered(self, request: Request, found: Matched, one: Matter) -> Response:
        opened, reading = found.opened, self._reading(request, found.opened)
        row = str(found.occurrence.id)
        ids = {key: opened.seen(row, [key]) for key in found.organisations}
        return own_pages.page(
            self.site,
            request,
            "answered.html",
            own_name=found.world.programme.name.get(reading.lang),
            head=head(found.world, found.occurrence, found.organisations, opened.today, reading.lang),
            given=given(found.world, one, ids, reading),
            thanks="done" in request.query_params,
            own=any(reply.by == opened.reader for _, reply in one.replies),
            until=dates.in_sentence(opened.until, reading.lang),
            path=request.url.path,
            others=others(self.site.service.secret, opened, row, reading.lang),
            unit_page=unit_page(self.site.service.secret, opened),
        )

    def _reading(self, request: Request, opened: Opened) -> Reading:
        return Reading(opened.today, self._lang(request), self.site.service.settings.zone)

    def _lang(self, request: Request) -> Lang:
        return self.site.visitor(request).lang


def _start(one: Matter, chosen: str) -> Typed:
    """Return the fields as the page opens: with the mail's choice, else with what was answered before."""
    earlier = one.replies[0][1] if one.replies else None
    if chosen or earlier is None:
        return read({"a": chosen})
    new_date = earlier.new_date.isoformat() if earlier.new_date else ""
    why, note = (earlier.note, "") if earlier.answer == "late" else ("", earlier.note)
    return read({"a": earlier.answer, "why": why, "note": note, "date": new_date, "other": earlier.whose})


def _matter(found: Matched) -> Matter:
    return matter(found.world, found.occurrence, found.organisations, found.opened.today)


def _seen(found: Matched) -> int:
    return found.opened.seen(str(found.occurrence.id), found.organisations)


def others(secret: str, opened: Opened, but: str, lang: Lang) -> list[tuple[str, str, str]]:
    """Return (address, title, date) of what else waits for the reader; no link outlives the opened one."""
    rows = [
        (head(world, one.occurrence, one.waiting, opened.today, lang), one.occurrence.kind)
        for world in opened.worlds.values()
        for one in matters_of(world, opened.reader, opened.today)
        if one.waiting and str(one.occurrence.id) != but
    ]
    return [(answer_address(secret, opened, row.id, kind), row.title, row.when) for row, kind in rows]


def answer_address(secret: str, opened: Opened, occurrence: str, kind: str) -> str:
    """Return where an occurrence is answered, as long as the reader's link holds."""
    purpose: Purpose
    purpose, path = ("form", "/collection/form/") if kind == "collection" else ("answer", "/answer/")
    return path + Links(secret).issue(purpose, occurrence, opened.reader, opened.until)


def unit_page(secret: str, opened: Opened) -> str:
    """Return the address of the page with all that waits for the reader's units."""
    return "/unit/" + Links(secret).issue("unit", "", opened.reader, opened.until)
