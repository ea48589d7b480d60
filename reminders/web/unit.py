"""The page with all that waits for a reader's units: answer many at once, pause, take back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.asked import Matter, units_of
from reminders.dispatch.answers import record, undo
from reminders.dispatch.own_links import Closed, Matched, Opened, matched, open_link
from reminders.dispatch.pauses import Wish, pause, resume
from reminders.due import World
from reminders.errors import UsageError
from reminders.typed_date import typed_date
from reminders.web import own_pages
from reminders.web.answer import answer_address
from reminders.web.answer_form import Limits, Typed, checked, read, said
from reminders.web.answer_view import Reading
from reminders.web.form_data import read_form, text_of
from reminders.web.held import held_of
from reminders.web.held_view import Field, HeldView
from reminders.web.series_waiting import series_waiting
from reminders.web.site import Site
from reminders.web.unit_view import PauseForm, Sent, done_matters, last_pause, open_matters, waiting
from reminders.web.wishes import wishes_address
from reminders.web.words import say
from schedule_rules.programme import Lang

_LIMIT: Final = 500_000
_FIELDS: Final = 2000
_MOST: Final = 150


class UnitPages:
    """The endpoints of ``/unit/{token}``."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/unit/{token}", self.page), Route("/unit/{token}", self.post, methods=["POST"])]

    def page(self, request: Request) -> Response:
        """Answer for a link: all that waits, and what was answered."""
        opened = open_link(self.site.service, request.path_params["token"], "unit")
        if isinstance(opened, Closed):
            return own_pages.closed(self.site, request, opened)
        return self._page(request, opened, Sent())

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := own_pages.refuse_foreign(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=_FIELDS)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        opened = open_link(self.site.service, request.path_params["token"], "unit")
        if isinstance(opened, Closed):
            return own_pages.closed_post(self.site, request, opened, form)
        match text_of(form, "step"):
            case "undo":
                return self._undo(request, opened, form)
            case "pause":
                return self._pause(request, opened, form)
            case "resume":
                resume(self.site.service, self._own(opened, form), opened.reader)
                return own_pages.back(request, self._lang(request))
            case _:
                return self._answers(request, opened, form)

    def _answers(self, request: Request, opened: Opened, form: FormData) -> Response:
        """Record every answer that was chosen, or none where one of them is wrong."""
        lang = self._lang(request)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        typed = _typed(opened, fields, lang)
        chosen = {row: one for row, one in typed.items() if one.answer}
        if not chosen or any(one.wrong for one in chosen.values()):
            return self._page(request, opened, Sent(typed), nothing=not chosen)
        told = sum(self._record(opened, world, one, chosen, lang) for world, one in waiting(opened))
        return own_pages.back(request, lang, done=str(told))

    def _record(
        self, opened: Opened, world: World, one: Matter, typed: Mapping[str, Typed], lang: Lang
    ) -> int:
        """Record one answer; return how many were: none where a colleague was quicker."""
        row = str(one.occurrence.id)
        if row not in typed:
            return 0
        answer = said(typed[row], one.occurrence, opened.reader, world.programme, lang)
        return 1 if record(self.site.service, answer, opened.seen(row, one.organisations)) else 0

    def _undo(self, request: Request, opened: Opened, form: FormData) -> Response:
        """Take an answer back that somebody of the reader's units gave."""
        row, wanted = self._own(opened, form), text_of(form, "answer")
        for key, answer_id in opened.answers.items():
            if key[0] == row and str(answer_id) == wanted:
                with suppress(UsageError):  # a colleague was quicker
                    undo(self.site.service, answer_id, opened.reader)
        return own_pages.back(request, self._lang(request))

    def _pause(self, request: Request, opened: Opened, form: FormData) -> Response:
        row, lang = self._own(opened, form), self._lang(request)
        typed = PauseForm(row, text_of(form, "until"), text_of(form, "reason"))
        until, last = typed_date(typed.until), last_pause(opened.today)
        wrong = {
            "until": "" if until and opened.today < until <= last else _pause_days(opened, lang),
            "reason": "" if typed.reason else say(lang, "unit.pause-no-why"),
        }
        if until and not any(wrong.values()):
            try:
                pause(self.site.service, Wish(row, until, typed.reason, opened.reader))
            except UsageError:  # what is left: it was paused twice before
                wrong["until"] = say(lang, "unit.pause-twice")
            else:
                return own_pages.back(request, lang, paused="1")
        found = {name: words for name, words in wrong.items() if words}
        return self._page(request, opened, Sent({}, PauseForm(row, typed.until, typed.reason, found)))

    def _own(self, opened: Opened, form: FormData) -> str:
        """Return the occurrence that a form is about if it is the reader's; nothing else opens."""
        wanted = text_of(form, "id")
        for world in opened.worlds.values():
            row = world.occurrences.get(wanted)
            if row and isinstance(matched(opened, world, row), Matched):
                return wanted
        return ""

    def _page(self, request: Request, opened: Opened, sent: Sent, *, nothing: bool = False) -> Response:
        lang, secret = self._lang(request), self.site.service.secret
        reading = Reading(opened.today, lang, self.site.service.settings.zone)
        forms = {
            str(one.occurrence.id): answer_address(secret, opened, str(one.occurrence.id), "collection")
            for _, one in waiting(opened)
            if one.occurrence.kind == "collection"
        }
        matters = open_matters(opened, sent, forms, reading)
        errors = [
            (f"{one.question.prefix}f-{name}", f"{one.question.head.title}: {words}")
            for one in matters
            for name, words in one.question.typed.wrong.items()
        ]
        errors += [
            (f"pause-{one.number}-{name}", words)
            for one in matters
            for name, words in one.pause.wrong.items()
        ]
        if nothing:
            errors.append(("matters", say(lang, "unit.none")))
        last = last_pause(opened.today)
        return own_pages.page(
            self.site,
            request,
            "unit.html",
            422 if errors else 200,
            own_name=_programmes(opened, lang),
            matters=matters,
            held=self._held(opened, lang),
            no_date=Field(),
            series=series_waiting(secret, opened, lang),
            done=done_matters(opened, reading),
            errors=errors,
            saved=_count(request.query_params.get("done", "")),
            paused="paused" in request.query_params,
            reader=opened.reader,
            wishes=wishes_address(secret, opened),
            pause_last=dates.short(last, lang),
            pause_first_iso=opened.today.isoformat(),
            pause_last_iso=last.isoformat(),
            late_word=dates.quoted(shared.answer(lang, "late"), lang),
            until=dates.in_sentence(opened.until, lang),
        )

    def _held(self, opened: Opened, lang: Lang) -> list[HeldView]:
        """Return the targets that the reader's units count towards."""
        return [
            view
            for world in opened.worlds.values()
            for view in held_of(self.site, opened, world, units_of(world, opened.reader, opened.today), lang)
        ]

    def _lang(self, request: Request) -> Lang:
        return self.site.visitor(request).lang


def _typed(opened: Opened, fields: Mapping[str, str], lang: Lang) -> dict[str, Typed]:
    """Return the fields of each matter that nobody answered meanwhile, checked where an answer was chosen."""
    prefixes = {fields.get(f"m{number}-id", ""): f"m{number}-" for number in range(_MOST)}
    found = {}
    for world, one in waiting(opened):
        row = str(one.occurrence.id)
        prefix = prefixes.get(row)
        seen = str(opened.seen(row, one.organisations))
        if prefix is None or one.occurrence.kind == "collection" or fields.get(f"{prefix}seen") != seen:
            continue
        limits = Limits(opened.today, world.programme.period.last)
        indicator = world.programme.action_by_id[one.occurrence.id.action].indicator
        typed = read(fields, prefix)
        found[row] = checked(typed, limits, indicator, lang) if typed.answer else typed
    return found


def _pause_days(opened: Opened, lang: Lang) -> str:
    last = last_pause(opened.today)
    return say(lang, "unit.pause-wrong", today=dates.short(opened.today, lang), last=dates.short(last, lang))


def _programmes(opened: Opened, lang: Lang) -> str:
    """Return the names of the programmes that ask the reader for something."""
    worlds = {world.programme.key: world for world, _ in waiting(opened)} or dict(opened.worlds)
    return ", ".join(world.programme.name.get(lang) for world in worlds.values())


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0
