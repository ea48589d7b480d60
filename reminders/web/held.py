"""Dates that count towards a target ("4–5 fairs a year"): entered and taken away behind a mail's link.

GET changes nothing. The secretary's page of the same is ``held_by_hand``.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reminders.dispatch.counting import Entered, enter, entered_for, take_back
from reminders.dispatch.own_dates import OpenTarget, open_target
from reminders.dispatch.own_links import Closed, Opened
from reminders.dispatch.tick import Service
from reminders.due import World
from reminders.errors import NotFoundError, UsageError
from reminders.links import Links
from reminders.pace import Target, held_subject, targets
from reminders.web import own_pages
from reminders.web.answer import unit_page
from reminders.web.form_data import read_form, text_of
from reminders.web.held_view import Field, HeldView, checked, held_view
from reminders.web.site import Site
from reminders.web.words import say
from schedule_rules.programme import Lang

_LIMIT: Final = 20_000


class HeldPages:
    """The endpoints of ``/held/{token}``."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/held/{token}", self.page),
            Route("/held/{token}", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for a link: how often so far, the dates, the fields of another."""
        found = open_target(self.site.service, request.path_params["token"])
        if isinstance(found, Closed):
            return own_pages.closed(self.site, request, found)
        return self._page(request, found, Field())

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := own_pages.refuse_foreign(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        token = request.path_params["token"]
        found = open_target(self.site.service, token)
        if isinstance(found, Closed):
            return own_pages.closed_post(self.site, request, found, form)
        view, lang = self._view(request, found), self._lang(request)
        service, reader = self.site.service, found.opened.reader
        if text_of(form, "step") == "remove":
            remove(service, view, text_of(form, "which"), reader)
            return own_pages.back(request, lang, done="removed")
        typed = Field(text_of(form, "date"), text_of(form, "note"))
        typed = add(service, view, typed, Who(reader, found.organisations[0], lang))
        if typed.wrong:
            return self._page(request, found, typed)
        return own_pages.back(request, lang, done="added")

    def _page(self, request: Request, found: OpenTarget, typed: Field) -> Response:
        lang = self._lang(request)
        done = request.query_params.get("done", "") if not typed.wrong else ""
        return own_pages.page(
            self.site,
            request,
            "held.html",
            422 if typed.wrong else 200,
            own_name=found.world.programme.name.get(lang),
            view=self._view(request, found),
            typed=typed,
            errors=[(f"held-{name}", words) for name, words in typed.wrong.items()],
            done=done if done in {"added", "removed"} else "",
            reader=found.opened.reader,
            unit_page=unit_page(self.site.service.secret, found.opened),
        )

    def _view(self, request: Request, found: OpenTarget) -> HeldView:
        entered = entered_for(self.site.service, found.target[0])
        lang, today = self._lang(request), found.opened.today
        return held_view(found.world, found.target, entered, found.organisations, today, lang)

    def _lang(self, request: Request) -> Lang:
        return self.site.visitor(request).lang


@dataclass(frozen=True, slots=True)
class Who:
    """Who enters a date: an address (nothing: the secretary), for which organisation, in which language."""

    by: str
    organisation: str
    lang: Lang


def add(service: Service, view: HeldView, typed: Field, who: Who) -> Field:
    """Enter the date that was typed, where it is right; return it with what is wrong."""
    day, typed = checked(typed, view, who.lang)
    if day is None:
        return typed
    try:
        enter(service, Entered(view.action, day, who.by, typed.note, who.organisation))
    except UsageError:  # what is left: it is entered already
        return Field(typed.date, typed.note, {"date": say(who.lang, "held.twice")})
    return typed


def remove(service: Service, view: HeldView, which: str, by: str) -> None:
    """Take a date away that stands on the page and is the reader's; nothing where it is gone already."""
    for row in (row for year in view.years for row in year.rows if row.mine and row.key == which):
        with suppress(NotFoundError):  # a colleague was quicker
            take_back(service, Entered(view.action, row.on, by, row.note, row.organisation))
        return


def held_of(site: Site, opened: Opened, world: World, mine: frozenset[str], lang: Lang) -> list[HeldView]:
    """Return the targets of a reader's units in a programme, each with the address of its own page."""
    found = []
    for target in targets(world.programme):
        own = [key for key in world.programme.action_by_id[target[0]].leads_on(opened.today) if key in mine]
        rule = targets(world.programme)[target]
        if own and rule.start <= opened.today and opened.today.year <= rule.end.year + 1:
            entered = entered_for(site.service, target[0])
            url = held_address(site.service.secret, opened, world, target)
            found.append(held_view(world, target, entered, own, opened.today, lang, url))
    return found


def held_address(secret: str, opened: Opened, world: World, target: Target) -> str:
    """Return where a target's dates are entered, as long as the reader's link holds."""
    subject = held_subject(world.programme, target)
    return "/held/" + Links(secret).issue("held", subject, opened.reader, opened.until)
