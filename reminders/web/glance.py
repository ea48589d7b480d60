"""The first page: the programme at a glance, today's mail, notices; releasing and holding a programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from reminders.dispatch import holding
from reminders.dispatch.rehearse import Preview, next_sending
from reminders.errors import NotFoundError
from reminders.store import views
from reminders.web.books import Standing
from reminders.web.glance_view import glance
from reminders.web.guard import refuse
from reminders.web.mail_words import channel_state
from reminders.web.outbox import upcoming
from reminders.web.site import Site, Visitor
from reminders.web.status import ORDER
from reminders.web.timeline import Canvas
from reminders.web.words import say
from schedule_rules.programme import Lang


@dataclass(frozen=True)
class Post:
    """What the signed-in page says about mail: the newest day's, and what goes next."""

    day: str
    states: tuple[str, ...]
    next_at: datetime
    preview: Preview | None


class GlancePages:
    """The endpoints of the first page."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes: the page, and the two switches of a programme's mail."""
        return [
            Route("/", self.page),
            Route("/programmes/{key}/{act}", self.switch, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/``."""
        site, visitor = self.site, self.site.visitor(request)
        try:
            with site.library.read() as connection:
                standing = site.library.standing(connection, site.book(connection, visitor))
        except NotFoundError:
            return self._without_programme(request, visitor)
        canvas = Canvas(
            standing.book.programme, site.library.today(), visitor.lang, "all-years" in visitor.query
        )
        secretary, only = visitor.signed_in, visitor.query.get("status", "")
        return site.page(
            request,
            "glance.html",
            view=glance(standing, canvas, secretary=secretary, only=only),
            today=canvas.today,
            only=only if only in ORDER else "",
            far=any(canvas.is_far(year) for year in canvas.years),
            held=standing.book.row.held,
            post=self._post(standing, visitor.lang) if secretary else None,
            folder=str(site.service.settings.mail_folder) if not site.service.settings.smtp_url else "",
        )

    def _without_programme(self, request: Request, visitor: Visitor) -> Response:
        title = say(visitor.lang, "notice.no-programme")
        return self.site.error(request, 404, title, say(visitor.lang, "notice.no-programme-text"))

    def _post(self, standing: Standing, lang: Lang) -> Post:
        service = self.site.service
        with self.site.library.read() as connection:
            newest = next(iter(views.mail_counts(connection)), None)
        states = newest.states if newest else {}
        todays = newest is not None and newest.day == self.site.library.today()
        wanted = not todays or standing.book.row.held
        return Post(
            day=dates.in_table(newest.day, lang) if newest else "",
            states=tuple(
                f"{channel_state(service.settings, state, lang).capitalize()}: {n}"
                for state, n in states.items()
            ),
            next_at=next_sending(service),
            preview=upcoming(self.site) if wanted else None,
        )

    def switch(self, request: Request) -> Response:
        """Release or hold a programme, then show the first page again."""
        refused = refuse(self.site, request)
        if refused:
            return refused
        key, act = request.path_params["key"], request.path_params["act"]
        if act not in {"release", "hold"}:
            raise NotFoundError(act)
        (holding.hold if act == "hold" else holding.release)(self.site.service, key)
        return RedirectResponse(f"/?programme={key}", 303)
