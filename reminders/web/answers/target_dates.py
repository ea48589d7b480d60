"""Dates that count towards a target ("4–5 fairs a year"): entered and taken away behind a mail's link.

GET changes nothing. The secretary's page of the same is ``held_by_hand``.

The secretary's page of the dates that count towards an action's target: added, taken away.

A target with the dates entered towards it, in one language; the fields of another date. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from reminders.errors import NotFoundError, UsageError
from reminders.planning.links import Links
from reminders.planning.speakers import units_of
from reminders.planning.state import ProgrammeState
from reminders.planning.targets import Target, TargetStanding, target_standing, target_subject, targets
from reminders.planning.typed_date import typed_date
from reminders.service import Service
from reminders.store.answers import TargetDate
from reminders.use.answers.links import ClosedLink, OpenLink, OpenTarget, open_target
from reminders.use.answers.target_dates import EnteredDate, enter_date, entered_for, take_back_date
from reminders.web import forms
from reminders.web.answers.answer import unit_page
from reminders.web.catalogue import say
from reminders.web.forms import read_form, text_of
from reminders.web.session import refuse_request
from reminders.web.site import Site
from reminders.web.snapshot import book_of
from schedule_rules.programme import Lang

# -- A target with the dates entered towards it, in one language; the fields of another date. P

LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One date that was entered: by whom, with what note; ``mine``: the reader may take it away."""

    on: date
    organisation: str
    note: str
    by: str
    mine: bool

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.on.isoformat()} {self.organisation} {self.note}".strip()


@dataclass(frozen=True, slots=True)
class HeldYear:
    """A year of a target: its count (*3/4–5*) in words, and its dates."""

    count: str
    rows: tuple[HeldRow, ...]


@dataclass(frozen=True)
class Field:
    """What was typed for another date, and by field what is wrong with it."""

    date: str = ""
    note: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HeldView:
    """A target's dates: years, the newest first; ``first`` and ``last`` bound what may be entered."""

    action: str
    title: str
    years: tuple[HeldYear, ...]
    first: date
    last: date
    url: str = ""


def held_view(
    state: ProgrammeState,
    target: Target,
    entered: Iterable[TargetDate],
    mine: Iterable[str],
    today: date,
    lang: Lang,
    url: str = "",
) -> HeldView:
    """Return a target with its dates up to this year; ``mine`` are the reader's organisations."""
    rule, own = targets(state.programme)[target], set(mine)
    rows = [one for one in entered if (one.action, one.rule) == target]
    last = max(min(today.year, rule.end.year), rule.start.year, *(one.on.year for one in rows))
    days = [one.on for one in rows]
    years = tuple(
        HeldYear(
            counted(target_standing(rule, days, year, today), lang),
            tuple(_row(one, own, lang) for one in rows if one.on.year == year),
        )
        for year in range(last, rule.start.year - 1, -1)
    )
    title = state.programme.action_by_id[rule.action].title.get(lang)
    return HeldView(rule.action, title, years, rule.start, rule.end, url)


def _row(one: TargetDate, mine: set[str], lang: Lang) -> HeldRow:
    by = one.by or say(lang, "held.secretary")
    return HeldRow(one.on, one.organisation, one.note, by, one.organisation in mine)


def counted(found: TargetStanding, lang: Lang) -> str:
    """Say how often so far: *Toteutunut 3/4–5 (2025)*."""
    least, most = dates.number(found.minimum, lang), found.maximum
    aim = least if most in {None, found.minimum} else f"{least}–{dates.number(most or 0, lang)}"
    count = f"{dates.number(found.entered, lang)}/{aim}"
    return say(lang, "held.count", count=count, year=found.year)


def checked_date(typed: Field, view: HeldView, lang: Lang) -> tuple[date | None, Field]:
    """Return the day that was typed, None with what is wrong."""
    day = typed_date(typed.date)
    wrong = {}
    if day is None:
        wrong["date"] = say(lang, "dates.wrong-date", example=dates.short(view.last, lang))
    elif not view.first <= day <= view.last:
        first, last = dates.short(view.first, lang), dates.short(view.last, lang)
        wrong["date"] = say(lang, "dates.wrong-year", first=first, last=last)
    if len(typed.note) > LONGEST:
        wrong["note"] = say(lang, "held.too-long", most=dates.number(LONGEST, lang))
    return (None if wrong else day), Field(typed.date, typed.note, wrong)


# -- Dates that count towards a target ("4–5 fairs a year"): entered and taken away behind a ma

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
        if isinstance(found, ClosedLink):
            return forms.closed(self.site, request, found)
        return self._page(request, found, Field())

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := forms.refuse_foreign(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        token = request.path_params["token"]
        found = open_target(self.site.service, token)
        if isinstance(found, ClosedLink):
            return forms.closed_post(self.site, request, found, form)
        view, lang = self._view(request, found), self._lang(request)
        service, reader = self.site.service, found.opened.reader
        if text_of(form, "step") == "remove":
            remove_date(service, view, text_of(form, "which"), reader)
            return forms.back(request, lang, done="removed")
        typed = Field(text_of(form, "date"), text_of(form, "note"))
        typed = add_date(service, view, typed, Who(reader, found.organisations[0], lang))
        if typed.wrong:
            return self._page(request, found, typed)
        return forms.back(request, lang, done="added")

    def _page(self, request: Request, found: OpenTarget, typed: Field) -> Response:
        lang = self._lang(request)
        done = request.query_params.get("done", "") if not typed.wrong else ""
        return forms.page(
            self.site,
            request,
            "held.html",
            422 if typed.wrong else 200,
            own_name=found.state.programme.name.get(lang),
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
        return held_view(found.state, found.target, entered, found.organisations, today, lang)

    def _lang(self, request: Request) -> Lang:
        return self.site.visitor(request).lang


@dataclass(frozen=True, slots=True)
class Who:
    """Who enters a date: an address (nothing: the secretary), for which organisation, in which language."""

    by: str
    organisation: str
    lang: Lang


def add_date(service: Service, view: HeldView, typed: Field, who: Who) -> Field:
    """Enter the date that was typed, where it is right; return it with what is wrong."""
    day, typed = checked_date(typed, view, who.lang)
    if day is None:
        return typed
    try:
        enter_date(service, EnteredDate(view.action, day, who.by, typed.note, who.organisation))
    except UsageError:  # what is left: it is entered already
        return Field(typed.date, typed.note, {"date": say(who.lang, "held.twice")})
    return typed


def remove_date(service: Service, view: HeldView, which: str, by: str) -> None:
    """Take a date away that stands on the page and is the reader's; nothing where it is gone already."""
    for row in (row for year in view.years for row in year.rows if row.mine and row.key == which):
        with suppress(NotFoundError):  # a colleague was quicker
            take_back_date(service, EnteredDate(view.action, row.on, by, row.note, row.organisation))
        return


def held_of(site: Site, opened: OpenLink, state: ProgrammeState, lang: Lang) -> list[HeldView]:
    """Return the targets of a reader's units in a programme, each with the address of its own page."""
    found, mine = [], units_of(state.people, opened.reader, opened.today)
    for target in targets(state.programme):
        own = [key for key in state.programme.action_by_id[target[0]].leads_on(opened.today) if key in mine]
        rule = targets(state.programme)[target]
        if own and rule.start <= opened.today and opened.today.year <= rule.end.year + 1:
            entered = entered_for(site.service, target[0])
            url = held_address(site.service.secret, opened, state, target)
            found.append(held_view(state, target, entered, own, opened.today, lang, url))
    return found


def held_address(secret: str, opened: OpenLink, state: ProgrammeState, target: Target) -> str:
    """Return where a target's dates are entered, as long as the reader's link holds."""
    subject = target_subject(state.programme, target)
    return "/held/" + Links(secret).issue("held", subject, opened.reader, opened.until)


# -- The secretary's page of the dates that count towards an action's target: added, taken away

_LIMIT_held_by_hand: Final = 20_000


class HeldByHandPages:
    """The endpoints of ``/actions/{id}/held``, signed in."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/actions/{id}/held"
        return [Route(path, self.page), Route(path, self.post, methods=["POST"])]

    def page(self, request: Request) -> Response:
        """Answer for the list and the fields of another date."""
        return refuse_request(self.site, request) or self._page(request, Field())

    async def post(self, request: Request) -> Response:
        """Answer for a POST: add a date, or take one away."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT_held_by_hand)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        view, service = self._view(request), self.site.service
        if text_of(form, "step") == "remove":
            remove_date(service, view, text_of(form, "which"), "")
            return self._back(request, "removed")
        typed = Field(text_of(form, "date"), text_of(form, "note"))
        typed = add_date(service, view, typed, Who("", "", self._lang(request)))
        return self._page(request, typed) if typed.wrong else self._back(request, "added")

    def _back(self, request: Request, done: str) -> Response:
        kept = request.query_params.get("programme")
        tail = f"&programme={kept}" if kept and kept.replace("-", "").isalnum() else ""
        return RedirectResponse(f"{request.url.path}?done={done}{tail}", 303)

    def _page(self, request: Request, typed: Field) -> Response:
        done = request.query_params.get("done", "") if not typed.wrong else ""
        return self.site.page(
            request,
            "held_by_hand.html",
            422 if typed.wrong else 200,
            view=self._view(request),
            typed=typed,
            errors=[(f"held-{name}", words) for name, words in typed.wrong.items()],
            done=done if done in {"added", "removed"} else "",
        )

    def _view(self, request: Request) -> HeldView:
        visitor, action = self.site.visitor(request), request.path_params["id"]
        with self.site.library.read() as connection:
            book = book_of(self.site.library.books(connection), visitor.query.get("programme"), action)
            state = self.site.library.standing(connection, book).state
        view = action_held(self.site, state, action, visitor.lang)
        if view is None:
            raise NotFoundError(f"{action!r} has no target")
        return view

    def _lang(self, request: Request) -> Lang:
        return self.site.visitor(request).lang


def action_held(site: Site, state: ProgrammeState, action: str, lang: Lang) -> HeldView | None:
    """Return the dates of an action's target, None where it has none."""
    target = next((one for one in targets(state.programme) if one[0] == action), None)
    if target is None:
        return None
    entered = entered_for(site.service, action)
    everybody = state.programme.organisation_by_key
    return held_view(state, target, entered, everybody, site.library.today(), lang)
