"""Handing responsibility over in bulk, on a date: the form, exactly what moves, then one button.

Signed in only. Who is told is decided in ``planning.hand_over``; storing is left to ``use.people.hand_over``.

Hand-overs as their page shows them: what an organisation leads, what moves, what has moved. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.errors import NotFoundError, UsageError
from reminders.planning.typed_date import typed_date
from reminders.use.people.hand_over import (
    HandOver,
    HandOverEffect,
    enter_hand_over,
    hand_over,
    preview_hand_over,
)
from reminders.use.planning.preview import what_if
from reminders.web.catalogue import say
from reminders.web.forms import PageContext, asked_of, read_form, text_of
from reminders.web.mail.forecast import difference_view, window_of
from reminders.web.session import refuse_request
from reminders.web.site import Site
from reminders.web.snapshot import CurrentState
from schedule_rules.programme import Handover, Lang

# -- Hand-overs as their page shows them: what an organisation leads, what moves, what has move


@dataclass(frozen=True, slots=True)
class MovingRow:
    """One action that moves, with its dates that still wait for an answer."""

    action: str
    title: str
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastRow:
    """One hand-over of one action: when, from whom, to whom, on what basis."""

    action: str
    title: str
    on: str
    giver: str
    taker: str
    basis: str


def led_by(standing: CurrentState, giver: str, day: date) -> list[str]:
    """Return the actions that an organisation leads on a day or will lead, in the programme's order."""
    actions = standing.book.programme.actions
    ahead = [
        one.id
        for one in actions
        if any(move.taker == giver and move.effective_from > day for move in one.handovers)
    ]
    return [one.id for one in actions if giver in one.leads_on(day) or one.id in ahead]


def moving_rows(moving: HandOverEffect, standing: CurrentState, lang: Lang) -> tuple[MovingRow, ...]:
    """Return what moves, an action a row."""
    programme, rows = standing.book.programme, standing.state.occurrences
    return tuple(
        MovingRow(
            action,
            programme.action_by_id[action].title.get(lang),
            tuple(
                f"{shared.kind(lang, rows[one].kind)} {dates.short(rows[one].due, lang)}"
                for one in moving.occurrences
                if rows[one].id.action == action
            ),
        )
        for action in moving.actions
    )


def hand_over_history(standing: CurrentState, lang: Lang) -> tuple[PastRow, ...]:
    """Return every hand-over of the programme, the newest first."""
    programme = standing.book.programme
    found = [(move, action) for action in programme.actions for move in action.handovers]
    found.sort(key=lambda pair: (pair[0].effective_from, pair[1].id), reverse=True)
    return tuple(
        PastRow(
            action.id,
            action.title.get(lang),
            dates.short(move.effective_from, lang),
            programme.organisation_by_key[move.giver].name.get(lang),
            programme.organisation_by_key[move.taker].name.get(lang),
            _basis(move, lang),
        )
        for move, action in found
    )


def _basis(move: Handover, lang: Lang) -> str:
    words = move.source.get(lang)
    return dates.quoted(words, lang) if words else say(lang, "handing.entered", by=move.by)


# -- Handing responsibility over in bulk, on a date: the form, exactly what moves, then one but

_LIMIT: Final = 100_000
LONGEST: Final = 1000


@dataclass(frozen=True)
class HandOverInput:
    """What a form holds, as it was typed."""

    giver: str = ""
    taker: str = ""
    on: str = ""
    actions: tuple[str, ...] = ()
    note: str = ""


class HandOverPages:
    """The endpoints of hand-overs."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/hand-over", self.page),
            Route("/hand-over", self.posted, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/hand-over``: with ``giver`` the actions that it leads, to be ticked."""
        if refused := refuse_request(self.site, request):
            return refused
        query = request.query_params
        asked = asked_of(self.site, request)
        giver = query.get("giver", "")
        known = giver if giver in asked.standing.book.programme.organisation_by_key else ""
        today = self.site.library.today()
        actions = (query["action"],) if "action" in query else tuple(led_by(asked.standing, known, today))
        entered = HandOverInput(known, on=dates.short(today, asked.lang), actions=actions)
        return self._form(request, asked, entered, {})

    async def posted(self, request: Request) -> Response:
        """Answer for a POST: *preview* (nothing is stored), *edit* (back to the form) or *save*."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=500)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        asked, entered, step = asked_of(self.site, request), _entered(form), text_of(form, "step")
        on = typed_date(entered.on)
        wrong = _wrong(asked, entered, on)
        if wrong or on is None or step == "edit":
            return self._form(request, asked, entered, wrong)
        wanted = HandOver(
            asked.key, entered.giver, entered.taker, on, entered.actions, asked.by, entered.note
        )
        try:
            if step == "save":
                hand_over(self.site.service, wanted)
                return RedirectResponse(f"{asked.home('/hand-over')}#history", 303)
            return self._preview(request, asked, wanted, preview_hand_over(self.site.service, wanted))
        except (UsageError, NotFoundError):
            message = {"actions": say(asked.lang, "handing.wrong.not-led")}
            return self._form(request, asked, entered, message)

    def _preview(
        self, request: Request, asked: PageContext, wanted: HandOver, moving: HandOverEffect
    ) -> Response:
        service, today, lang = self.site.service, self.site.library.today(), asked.lang
        found = what_if(
            service, lambda connection: enter_hand_over(connection, service, wanted), window_of(today)
        )
        names = asked.standing.book.programme.organisation_by_key
        return self.site.page(
            request,
            "handing_preview.html",
            wanted=wanted,
            giver=names[wanted.giver].name.get(lang),
            taker=names[wanted.taker].name.get(lang),
            rows=moving_rows(moving, asked.standing, lang),
            waiting=len(moving.mails),
            mails=difference_view(found, lang),
            key=asked.key,
        )

    def _form(
        self, request: Request, asked: PageContext, entered: HandOverInput, wrong: dict[str, str]
    ) -> Response:
        programme, lang, today = asked.standing.book.programme, asked.lang, self.site.library.today()
        return self.site.page(
            request,
            "handing.html",
            422 if wrong else 200,
            entered=entered,
            wrong=wrong,
            givers=[
                (key, programme.organisation_by_key[key].name.get(lang))
                for key in programme.lead_organisations()
            ],
            takers=[(one.key, one.name.get(lang)) for one in programme.organisations],
            led=[
                (action, programme.action_by_id[action].title.get(lang))
                for action in led_by(asked.standing, entered.giver, today)
            ],
            past=hand_over_history(asked.standing, lang),
            longest=LONGEST,
            key=asked.key,
        )


def _entered(form: FormData) -> HandOverInput:
    ticked = tuple(one for one in form.getlist("action") if isinstance(one, str))
    note = text_of(form, "note")[:LONGEST]
    return HandOverInput(text_of(form, "giver"), text_of(form, "taker"), text_of(form, "on"), ticked, note)


def _wrong(asked: PageContext, entered: HandOverInput, on: date | None) -> dict[str, str]:
    """Return what is wrong by field, in the reader's words."""
    programme = asked.standing.book.programme
    known = programme.organisation_by_key
    checks = {
        "giver": entered.giver in known,
        "taker": entered.taker in known and entered.taker != entered.giver,
        "on": on is not None and on <= programme.period.last,
        "actions": bool(entered.actions),
    }
    return {name: say(asked.lang, f"handing.wrong.{name}") for name, right in checks.items() if not right}
