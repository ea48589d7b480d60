"""The page on which the secretary decides what units' answers ask for. Signed in only.

What units' answers leave to the secretary: proposed dates, and matters that are not the unit's. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from reminders.errors import UsageError
from reminders.planning.speakers import acting_as
from reminders.planning.state import ProgrammeState, reply_of, responsible
from reminders.planning.typed_date import typed_date
from reminders.store import Connection
from reminders.store import programmes as repository
from reminders.store.programmes import Answer
from reminders.use.answers.record import (
    Proposal,
    approve_proposal,
    pending_proposals,
    refuse_proposal,
    undo_answer,
)
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.web.answers.answer import AnswerReading
from reminders.web.catalogue import say
from reminders.web.forms import read_form, text_of
from reminders.web.session import refuse_request as refuse_stranger
from reminders.web.site import Site
from reminders.web.snapshot import ProgrammeSnapshot
from schedule_rules.programme import Lang

# -- What units' answers leave to the secretary: proposed dates, and matters that are not the u


@dataclass(frozen=True, slots=True)
class Proposed:
    """A date that a unit proposes instead of the one that holds."""

    id: int
    action: str
    title: str
    party: str
    due: str
    new_date: str
    by: str
    note: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class Foreign:
    """A matter that a unit says is not its own: whose instead, and to whom it can be handed over."""

    id: int
    occurrence: str
    action: str
    giver: str
    title: str
    party: str
    when: str
    by: str
    note: str
    whose: str
    parties: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the secretary in one programme."""

    key: str
    name: str
    dated: tuple[Proposed, ...]
    foreign: tuple[Foreign, ...]


def proposed(state: ProgrammeState, rows: Iterable[Proposal], reading: AnswerReading) -> tuple[Proposed, ...]:
    """Return the proposed dates that wait, oldest first."""
    return tuple(_proposed(state, row, reading) for row in rows if row.occurrence in state.occurrences)


def _proposed(state: ProgrammeState, row: Proposal, reading: AnswerReading) -> Proposed:
    lang, occurrence = reading.lang, state.occurrences[row.occurrence]
    return Proposed(
        row.answer_id,
        occurrence.id.action,
        occurrence.title.get(lang),
        _name(state, row.organisation, lang),
        dates.in_table(row.due, lang),
        dates.in_table(row.new_date, lang),
        f"{row.by or shared.role(lang, 'secretary')}, {dates.moment(row.at.astimezone(reading.zone), lang)}",
        row.note,
        row.new_date <= reading.today,
    )


def foreign(state: ProgrammeState, answers: Iterable[Answer], reading: AnswerReading) -> tuple[Foreign, ...]:
    """Return the *not ours* that hold, of units that are still responsible."""
    newest = {(one.occurrence, one.organisation): one for one in answers}
    return tuple(
        _foreign(state, one, reading) for one in newest.values() if _waits(state, one, reading.today)
    )


def _waits(state: ProgrammeState, one: Answer, today: date) -> bool:
    row = state.occurrences.get(one.occurrence)
    if one.answer != "not-ours" or row is None or one.organisation not in responsible(state, row, today):
        return False
    moves = state.programme.action_by_id[row.id.action].handovers
    if any(move.giver == one.organisation and move.effective_from > today for move in moves):
        return False
    reply = reply_of(state, row, one.organisation)
    return reply is not None and reply.answer == "not-ours"


def _foreign(state: ProgrammeState, one: Answer, reading: AnswerReading) -> Foreign:
    lang, row = reading.lang, state.occurrences[one.occurrence]
    others = [key for key in state.programme.organisation_by_key if key != one.organisation]
    named = sorted(((_name(state, key, lang), key) for key in others), key=lambda pair: pair[0].casefold())
    return Foreign(
        one.id,
        one.occurrence,
        row.id.action,
        one.organisation,
        row.title.get(lang),
        _name(state, one.organisation, lang),
        dates.in_table(row.due, lang),
        f"{one.by or shared.role(lang, 'secretary')}, {dates.moment(one.at.astimezone(reading.zone), lang)}",
        one.note,
        _name(state, one.whose, lang),
        tuple((key, name, key == one.whose) for name, key in named),
    )


def _name(state: ProgrammeState, key: str, lang: Lang) -> str:
    """Return an organisation's name, or the free words that stand instead of its key."""
    known = state.programme.organisation_by_key.get(key)
    return known.name.get(lang) if known else key


# -- The page on which the secretary decides what units' answers ask for. Signed in only

_LIMIT: Final = 50_000


class DecisionPages:
    """The endpoints of ``/decisions``."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/decisions", self.page), Route("/decisions", self.post, methods=["POST"])]

    def page(self, request: Request) -> Response:
        """Answer for ``/decisions``: of every programme, or of the one that the address names."""
        if refused := refuse_stranger(self.site, request):
            return refused
        return self._page(request)

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := refuse_stranger(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        service, lang = self.site.service, self.site.visitor(request).lang
        answer = int(text_of(form, "answer")) if text_of(form, "answer").isdecimal() else 0
        try:
            match text_of(form, "step"):
                case "approve":
                    approve_proposal(service, answer, self._by(form))
                case "refuse":
                    refuse_proposal(service, answer, self._by(form), text_of(form, "note"))
                case "back":
                    undo_answer(service, answer)
                case "hand":
                    hand_over(service, self._handed(form))
        except UsageError:
            return self._page(request, say(lang, "decisions.not-possible"))
        return RedirectResponse(f"{request.url.path}?{request.url.query}".rstrip("?"), 303)

    def _handed(self, form: FormData) -> HandOver:
        """Return the hand-over of one action; ``UsageError`` without a day or a taker."""
        on, taker = typed_date(text_of(form, "on")), text_of(form, "taker")
        if on is None or not taker:
            raise UsageError("hand-over: expected an organisation and a day")
        return HandOver(
            text_of(form, "programme"),
            text_of(form, "giver"),
            taker,
            on,
            (text_of(form, "action"),),
            self._by(form),
            text_of(form, "note"),
        )

    def _by(self, form: FormData) -> str:
        """Return whose decision it is: the address of the programme's secretary, else the role."""
        with self.site.library.read() as connection:
            books = self.site.library.books(connection)
            own = [book for book in books if book.programme.key == text_of(form, "programme")]
            standing = self.site.library.standing(connection, own[0]) if own else None
        return acting_as(standing.state.people, self.site.library.today()) if standing else "secretary"

    def _page(self, request: Request, wrong: str = "") -> Response:
        visitor = self.site.visitor(request)
        reading = AnswerReading(self.site.library.today(), visitor.lang, self.site.service.settings.zone)
        wanted = visitor.query.get("programme")
        with self.site.library.read() as connection:
            books = self.site.library.books(connection)
            found = [
                self._waiting(connection, book, reading)
                for book in books
                if wanted in {None, "", book.programme.key}
            ]
        return self.site.page(
            request,
            "decisions.html",
            422 if wrong else 200,
            found=found,
            count=sum(len(one.dated) + len(one.foreign) for one in found),
            wrong=wrong,
            today_iso=reading.today.isoformat(),
        )

    def _waiting(self, connection: Connection, book: ProgrammeSnapshot, reading: AnswerReading) -> Waiting:
        key, state = book.programme.key, self.site.library.standing(connection, book).state
        return Waiting(
            key,
            book.programme.name.get(reading.lang),
            proposed(state, pending_proposals(connection, key), reading),
            foreign(state, repository.answers_of(connection, key), reading),
        )
