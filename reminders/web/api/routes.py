"""The open API: programmes, occurrences and feeds as --json prints them. Read only, no personal data."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reminders.store import programmes as repository
from reminders.store.programmes import Answer
from reminders.use.collection.rounds import newest_year, read_round
from reminders.use.feeds.published import main_key, specs
from reminders.web.api.json_shapes import feed_json, occurrence_json, programme_json
from reminders.web.collection.rounds import round_json
from reminders.web.site import Site

_From = Annotated[date | None, Query(alias="from", description="First day, included.")]
_To = Annotated[date | None, Query(description="Last day, included.")]
_Year = Annotated[int | None, Query(description="Year reported on; without it, the newest.")]
_Key = Annotated[str | None, Query(description="Key of a programme; without it, all.")]


class Api:
    """The operations of the API and the page that lists them."""

    def __init__(self, site: Site) -> None:
        """Answer for the service of ``site``."""
        self.site = site
        self.router = APIRouter(prefix="/api/v1")
        self.router.add_api_route("/programmes", self.programmes, methods=["GET"], tags=["programmes"])
        self.router.add_api_route("/occurrences", self.occurrences, methods=["GET"], tags=["occurrences"])
        self.router.add_api_route("/collection", self.collection, methods=["GET"], tags=["collection"])
        self.router.add_api_route("/feeds", self.feeds, methods=["GET"], tags=["feeds"])

    def routes(self) -> list[Route]:
        """Return the route of the page that lists the operations."""
        return [Route("/api/docs", self.docs)]

    def programmes(self) -> list[dict[str, Any]]:
        """Every programme and where it stands."""
        with self.site.library.read() as connection:
            return [programme_json(book.row) for book in self.site.library.books(connection)]

    def occurrences(
        self, first: _From = None, to: _To = None, programme: _Key = None
    ) -> list[dict[str, Any]]:
        """Every dated obligation and event due within the days asked for."""
        if first and to and to < first:
            raise HTTPException(422, f"to: expected a day from {first} on; found {to}")
        found: list[dict[str, Any]] = []
        with self.site.library.read() as connection:
            for book in self.site.library.books(connection):
                if programme in {None, book.programme.key}:
                    said: dict[str, list[Answer]] = {}
                    for answer in repository.standing_answers_of(connection, book.programme.key):
                        said.setdefault(answer.occurrence, []).append(answer)
                    found += [
                        occurrence_json(one, book.programme, said.get(str(one.row.id), ()))
                        for one in book.stored
                        if (first or date.min) <= one.row.due <= (to or date.max)
                    ]
        return found

    def collection(self, year: _Year = None, programme: _Key = None) -> dict[str, Any]:
        """How the data collection of a year stands: who has answered, who has not."""
        service = self.site.service
        asked = newest_year(service, programme) if year is None else year
        return round_json(read_round(service, asked, programme))

    def feeds(self) -> list[dict[str, Any]]:
        """Every calendar feed with its addresses."""
        base = self.site.service.settings.base_url
        with self.site.library.read() as connection:
            main = main_key(book.programme.key for book in self.site.library.books(connection))
            return [
                feed_json(spec, book.programme)
                for book in self.site.library.books(connection)
                for spec in specs(book.programme, base, main=book.programme.key == main)
            ]

    def docs(self, request: Request) -> Response:
        """Answer for ``/api/docs``: our own page, as FastAPI's loads its scripts from elsewhere."""
        operations = [
            (
                f"GET {route.path}",
                ", ".join(field.alias for field in route.dependant.query_params),
                (route.endpoint.__doc__ or "").strip(),
            )
            for route in self.router.routes
            if isinstance(route, APIRoute)
        ]
        return self.site.page(request, "api.html", operations=operations)
