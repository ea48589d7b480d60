"""The page on which the secretary decides what units' answers ask for. Signed in only."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.dispatch.answers import undo
from reminders.dispatch.handing import HandOver, hand_over
from reminders.dispatch.proposals import approve, pending, refuse
from reminders.errors import UsageError
from reminders.store import Connection
from reminders.store import programmes as repository
from reminders.typed_date import typed_date
from reminders.web.answer_view import Reading
from reminders.web.books import Book
from reminders.web.decisions_view import Waiting, foreign, proposed
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse as refuse_stranger
from reminders.web.secretary import secretary_of
from reminders.web.site import Site
from reminders.web.words import say

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
                    approve(service, answer, self._by(form))
                case "refuse":
                    refuse(service, answer, self._by(form), text_of(form, "note"))
                case "back":
                    undo(service, answer)
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
        return secretary_of(standing, self.site.library.today()) if standing else "secretary"

    def _page(self, request: Request, wrong: str = "") -> Response:
        visitor = self.site.visitor(request)
        reading = Reading(self.site.library.today(), visitor.lang, self.site.service.settings.zone)
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

    def _waiting(self, connection: Connection, book: Book, reading: Reading) -> Waiting:
        key, world = book.programme.key, self.site.library.standing(connection, book).world
        return Waiting(
            key,
            book.programme.name.get(reading.lang),
            proposed(world, pending(connection, key), reading),
            foreign(world, repository.answers_of(connection, key), reading),
        )
