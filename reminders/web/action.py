"""The page of one action. Messages and recipients are read for the signed-in only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.dispatch.evidence import evidence_csv, evidence_rows, rule_words
from reminders.dispatch.rehearse import next_sending
from reminders.store import Connection, delivery_log
from reminders.store import reminders as planned
from reminders.store.delivery_log import LogEntry
from reminders.web.action_book import book_of
from reminders.web.action_view import action_view
from reminders.web.books import Book, Standing
from reminders.web.correct_view import LONGEST, Entered, forms, history
from reminders.web.guard import refuse
from reminders.web.held_by_hand import action_held
from reminders.web.mail_words import answer, channel_state, reply
from reminders.web.next_steps import Plan
from reminders.web.site import OWN_NAMES, Site
from reminders.web.timeline import Canvas
from reminders.web.words import say
from schedule_rules.programme import LANGUAGES, Lang


@dataclass(frozen=True, slots=True)
class Sent:
    """One message about an action: to whom, why, and what the server said."""

    id: int
    day: date
    to: str
    why: str
    state: str
    message_id: str
    reply: str
    sha256: str
    language: str
    rules: tuple[str, ...]


class ActionPages:
    """The endpoint of an action's page."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/actions/{id}", self.page), Route("/actions/{id}/evidence.csv", self.evidence)]

    def page(self, request: Request) -> Response:
        """Answer for ``/actions/{id}``."""
        site, visitor = self.site, self.site.visitor(request)
        with site.library.read() as connection:
            book = book_of(
                site.library.books(connection), visitor.query.get("programme"), request.path_params["id"]
            )
            standing = site.library.standing(connection, book)
            log = delivery_log.entries(connection, request.path_params["id"]) if visitor.signed_in else ()
            plan = self._plan(connection, book)
        canvas = Canvas(book.programme, site.library.today(), visitor.lang)
        action = book.programme.action_by_id[request.path_params["id"]]
        return site.page(
            request,
            "action.html",
            view=action_view(standing, canvas, action, plan, secretary=visitor.signed_in),
            today=canvas.today,
            held=book.row.held,
            counted=action_held(site, standing.world, action.id, visitor.lang),
            forms=forms(book.row, action, visitor.lang, Entered()) if visitor.signed_in else (),
            past=history(book.programme, action, visitor.lang) if visitor.signed_in else (),
            key=book.programme.key,
            longest=LONGEST,
            sent=tuple(self._sent(standing, entry, action.id, visitor.lang) for entry in log),
        )

    def evidence(self, request: Request) -> Response:
        """Answer for ``/actions/{id}/evidence.csv``, signed in: every item of every mail about it."""
        if refused := refuse(self.site, request):
            return refused
        visitor, action = self.site.visitor(request), request.path_params["id"]
        with self.site.library.read() as connection:
            book = book_of(self.site.library.books(connection), visitor.query.get("programme"), action)
            world = self.site.library.standing(connection, book).world
            log = delivery_log.entries(connection, action)
        rows = evidence_rows(log, world.occurrences, visitor.lang, action)
        named = {"Content-Disposition": f'attachment; filename="evidence-{_plain(action)}.csv"'}
        headers = named | {"Cache-Control": "no-store"}
        # The mark at the front tells spreadsheets that this is UTF-8.
        content = "\N{ZERO WIDTH NO-BREAK SPACE}" + evidence_csv(rows)
        return Response(content, headers=headers, media_type="text/csv")

    def _plan(self, connection: Connection, book: Book) -> Plan:
        if book.row.started_on is None:
            return Plan(next_sending(self.site.service).date(), started=False)
        today = self.site.library.today()
        mailed = planned.watermark(connection) == today
        return Plan(today + timedelta(days=1) if mailed else today, started=True)

    def _sent(self, standing: Standing, entry: LogEntry, action: str, lang: Lang) -> Sent:
        own = [item for item in entry.items if item["occurrence"].split(":")[1] == action]
        reasons = [_why(standing, item, entry.day, lang) for item in own]
        return Sent(
            id=entry.id,
            day=entry.day,
            to=entry.to,
            why=", ".join(dict.fromkeys(reasons)),
            state=channel_state(self.site.service.settings, entry.state, lang, answer(entry.events)),
            message_id=entry.message_id,
            reply=reply(entry.events),
            sha256=entry.sha256,
            language=", ".join(OWN_NAMES[one] for one in LANGUAGES if one in entry.language.split("+")),
            rules=_rules(standing, own, lang),
        )


def _rules(standing: Standing, items: list[dict[str, str]], lang: Lang) -> tuple[str, ...]:
    rows = (standing.world.occurrences.get(item["occurrence"]) for item in items)
    return tuple(dict.fromkeys(rule_words(row, lang) for row in rows if row))


def _plain(name: str) -> str:
    """Return a name fit for a file's."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)


def _why(standing: Standing, item: dict[str, str], day: date, lang: Lang) -> str:
    row = standing.world.occurrences.get(item["occurrence"])
    if row is None:
        return dates.short(day, lang)
    stage = shared.stage(lang, item["stage"], (row.due - day).days, row.kind)
    what = shared.kind(lang, row.kind)
    return say(lang, "action.reason", what=what, on=dates.short(row.due, lang), stage=stage)
