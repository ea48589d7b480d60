"""The open API: programmes, occurrences and feeds as --json prints them. Read only, no personal data.

The only module that imports FastAPI, and imported at the first request for it (see ``app``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, FastAPI, Query
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ExceptionHandler

from reminders.planning.standing import overview, programme_standing
from reminders.use.collection.rounds import newest_year, read_round
from reminders.use.feeds.feed_names import specs
from reminders.use.planning.load_state import read_each
from reminders.use.programme.queries import standing_answers
from reminders.web.api import feed_json, occurrence_json, programme_json, round_json
from reminders.web.page import Page, Pages
from reminders.web.site import Site
from schedule_rules.days import EARLIEST, LATEST

_BOUNDED: Final = {"ge": EARLIEST, "le": LATEST}
_From = Annotated[date | None, Query(alias="from", description="First day, included.", **_BOUNDED)]
_To = Annotated[date | None, Query(description="Last day, included.", **_BOUNDED)]
_Year = Annotated[
    int | None,
    Query(ge=EARLIEST.year, le=LATEST.year, description="Year reported on; without it, the newest."),
]
_Key = Annotated[
    str | None,
    Query(
        max_length=200,
        pattern="^[a-z0-9]+(-[a-z0-9]+)*$",
        description="Key of a programme; without it, all, of a collection the running one.",
    ),
]


class Refusal(BaseModel):
    """Why there is no answer."""

    detail: str


_REFUSALS: Final[dict[int | str, dict[str, Any]]] = {404: {"model": Refusal, "description": "There is none."}}


def create_api(site: Site, errors: Mapping[Any, ExceptionHandler]) -> FastAPI:
    """Return the application of all addresses below ``/api/``; ``errors`` are the handlers of the pages."""
    api = FastAPI(
        title="Reminders",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        servers=[{"url": site.service.settings.base_url}],
        exception_handlers=dict(errors),
    )
    operations = Operations(site)
    api.include_router(operations.router)
    api.router.routes.extend(operations.routes())
    return api


class Operations(Pages):
    """The operations of the API and the page that lists them."""

    def __init__(self, site: Site) -> None:
        """Answer for the service of ``site``."""
        super().__init__(site)
        self.router = APIRouter(prefix="/api/v1")
        for operation in (self.programmes, self.occurrences, self.collection, self.feeds):
            name = operation.__name__
            refusals = _REFUSALS if operation == self.collection else {}
            self.router.add_api_route(f"/{name}", operation, methods=["GET"], tags=[name], responses=refusals)

    def routes(self) -> list[Route]:
        """Return the route of the page that lists the operations."""
        return self.public("/api/docs", self.docs)

    def programmes(self) -> list[dict[str, Any]]:
        """Every programme and where it stands."""
        today = self.site.snapshots.today()
        with self.site.snapshots.read() as connection:
            states = {one.snapshot.programme.key: one for one in self.site.snapshots.all_current(connection)}

        def now(key: str) -> dict[str, Any]:
            row, state = states[key].snapshot.row, states[key].state
            return programme_json(row, programme_standing(state, today), overview(state, today).counts)

        return list(read_each(states, now).values())

    def occurrences(
        self, first: _From = None, to: _To = None, programme: _Key = None
    ) -> list[dict[str, Any]]:
        """Every dated obligation and event due within the days asked for."""
        if first and to and to < first:
            wrong = {"type": "order", "loc": ("query", "to"), "msg": f"expected a day from {first} on"}
            raise RequestValidationError([wrong])
        with self.site.snapshots.read() as connection:
            known = {one.programme.key: one for one in self.site.snapshots.all(connection)}
            today = self.site.snapshots.today()

            def due(key: str) -> list[dict[str, Any]]:
                snapshot, answers = known[key], standing_answers(connection, key)
                state = self.site.snapshots.current(connection, snapshot).state
                standings = overview(state, today).standings
                return [
                    occurrence_json(
                        one.row,
                        snapshot.programme,
                        answers.get(row_id, ()),
                        standings[row_id],
                    )
                    for one in snapshot.stored
                    if (first or date.min) <= one.row.due <= (to or date.max) and (row_id := str(one.row.id))
                ]

            found = read_each((key for key in known if programme in {None, key}), due)
        return [one for ones in found.values() for one in ones]

    def collection(self, year: _Year = None, programme: _Key = None) -> dict[str, Any]:
        """How the data collection of a year stands, of the running programme unless one is named."""
        service, snapshots = self.site.service, self.site.snapshots
        with snapshots.read() as connection:
            key = snapshots.find(connection, programme).programme.key
        shown = newest_year(service, key) if year is None else year
        return round_json(read_round(service, shown, key))

    def feeds(self) -> list[dict[str, Any]]:
        """Every calendar feed with its addresses."""
        base = self.site.service.settings.base_url
        with self.site.snapshots.read() as connection:
            return [
                feed_json(spec, snapshot.programme)
                for snapshot in self.site.snapshots.all(connection)
                for spec in specs(snapshot.programme, base)
            ]

    def docs(self, page: Page) -> Response:
        """List the operations: our own page, as FastAPI's loads its scripts from elsewhere."""
        operations = [
            (
                f"GET {route.path}",
                ", ".join(field.alias for field in route.dependant.query_params),
                (route.endpoint.__doc__ or "").strip(),
            )
            for route in self.router.routes
            if isinstance(route, APIRoute)
        ]
        return page.render("api.html", operations=operations)
