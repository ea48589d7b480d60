"""Every route and method against everybody who may come: who is let in, and what the others are told.

The table is the specification: a line a route and method, a column a visitor, in each cell the status. It
fails when a route is missing from it, or when it names one that is gone.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from starlette.routing import BaseRoute, Route

from reminders.intake.formats import read_programme
from reminders.planning.links import Links, Purpose, series_years
from reminders.planning.recipients import Contact
from reminders.planning.targets import target_subject, targets
from reminders.service import Service
from reminders.store import people
from reminders.use.feeds.private_feeds import issue_feed
from reminders.use.people.sessions import find_session, sign_out, start_session
from reminders.use.programme.settings import release_programme
from reminders.use.programme.store_programme import store_programme
from reminders.web.api.routes import create_api
from reminders.web.app import create_app
from reminders.web.site import Site
from reminders.web.snapshot import Snapshots
from tests.issues.towns import action_of, programme_of
from tests.web.conftest import KEY, SECRETARY, TUESDAY, Reader, open_service

VISITORS: Final = (
    "none", "unit", "wrong", "other", "feed", "own", "else", "stand", "stood", "gone", "out",
)  # fmt: skip
"""Who comes: *none* without anything; *unit* with the token of a mail's link to what the page is about;
*wrong* with a token for another purpose; *other* with that of somebody of another unit; *feed* with the
token of a private calendar. *own* is signed in as the secretary of the page's programme, *else* as that of
another one, *stand* as who stands in for the own one today, *stood* as who did until yesterday, *gone* as
one who was taken off the list while signed in, *out* has signed out.

Where an address asks for no token, theirs is sent as a session's; where it asks for one, whoever comes with a
session sends one of nobody's."""

TABLE: Final = """
route                                          none  unit  wrong other feed  own   else  stand stood gone  out
GET /                                          200   200   200   200   200   200   200   200   200   200   200
GET /actions                                   200   200   200   200   200   200   200   200   200   200   200
GET /actions/{action}                          200   200   200   200   200   200   200   200   200   200   200
GET /actions/{action}/answer                   403   403   403   403   403   200   403   200   403   403   403
POST /actions/{action}/answer                  403   403   403   403   403   422   403   422   403   403   403
GET /actions/{action}/correct                  403   403   403   403   403   200   403   200   403   403   403
POST /actions/{action}/correct                 403   403   403   403   403   404   403   404   403   403   403
GET /actions/{action}/evidence.csv             403   403   403   403   403   200   403   200   403   403   403
GET /actions/{action}/held                     403   403   403   403   403   200   403   200   403   403   403
POST /actions/{action}/held                    403   403   403   403   403   422   403   422   403   403   403
GET /actions/{action}/indicator                403   403   403   403   403   200   403   200   403   403   403
POST /actions/{action}/indicator               403   403   403   403   403   422   403   422   403   403   403
GET /actions/{action}/series                   403   403   403   403   403   200   403   200   403   403   403
GET /actions/{action}/series/edit              403   403   403   403   403   200   403   200   403   403   403
POST /actions/{action}/series/edit             403   403   403   403   403   422   403   422   403   403   403
GET /answer/{token}                            404   200   404   403   404   404   404   404   404   404   404
POST /answer/{token}                           404   422   404   403   404   404   404   404   404   404   404
GET /api/docs                                  200   200   200   200   200   200   200   200   200   200   200
GET /api/openapi.json                          200   200   200   200   200   200   200   200   200   200   200
GET /api/v1/collection                         200   200   200   200   200   200   200   200   200   200   200
GET /api/v1/feeds                              200   200   200   200   200   200   200   200   200   200   200
GET /api/v1/occurrences                        200   200   200   200   200   200   200   200   200   200   200
GET /api/v1/programmes                         200   200   200   200   200   200   200   200   200   200   200
GET /audit                                     403   403   403   403   403   200   403   200   403   403   403
GET /audit.csv                                 403   403   403   403   403   200   403   200   403   403   403
GET /calendars/                                200   200   200   200   200   200   200   200   200   200   200
POST /calendars/                               422   422   422   422   422   422   422   422   422   422   422
GET /calendars/event/{file}                    404   404   404   404   404   404   404   404   404   404   404
GET /calendars/private                         403   403   403   403   403   200   403   200   403   403   403
POST /calendars/private                        403   403   403   403   403   422   403   422   403   403   403
GET /calendars/private/{token}/{file}          404   404   404   404   200   404   404   404   404   404   404
GET /calendars/{feed}/list                     200   200   200   200   200   200   200   200   200   200   200
GET /calendars/{feed}/month                    200   200   200   200   200   200   200   200   200   200   200
GET /calendars/{file:str}.ics                  200   200   200   200   200   200   200   200   200   200   200
GET /calendars/{programme}/{file:str}.ics      200   200   200   200   200   200   200   200   200   200   200
GET /collection                                200   200   200   200   200   200   200   200   200   200   200
GET /collection/form/{token}                   404   200   404   200   404   404   404   404   404   404   404
POST /collection/form/{token}                  404   200   404   200   404   404   404   404   404   404   404
GET /collection/indicators                     403   403   403   403   403   200   403   200   403   403   403
GET /collection/{year:year}                    200   200   200   200   200   200   200   200   200   200   200
POST /collection/{year:year}                   403   403   403   403   403   404   403   404   403   403   403
GET /collection/{year:year}/form/{programme}   403   403   403   403   403   200   403   200   403   403   403
POST /collection/{year:year}/form/{programme}  403   403   403   403   403   303   403   303   403   403   403
GET /collection/{year:year}/report             403   403   403   403   403   200   403   200   403   403   403
GET /collection/{year:year}/report.pdf         403   403   403   403   403   200   403   200   403   403   403
GET /collection/{year:year}/report.xlsx        403   403   403   403   403   200   403   200   403   403   403
GET /contacts                                  403   403   403   403   403   200   403   200   403   403   403
GET /contacts.csv                              403   403   403   403   403   200   403   200   403   403   403
GET /contacts/dead                             403   403   403   403   403   200   403   200   403   403   403
POST /contacts/dead                            403   403   403   403   403   303   403   303   403   403   403
GET /contacts/edit                             403   403   403   403   403   200   403   200   403   403   403
POST /contacts/edit                            403   403   403   403   403   422   403   422   403   403   403
GET /contacts/import                           303   303   303   303   303   303   303   303   303   303   303
POST /contacts/import                          403   403   403   403   403   422   403   422   403   403   403
GET /decisions                                 403   403   403   403   403   200   403   200   403   403   403
POST /decisions                                403   403   403   403   403   303   403   303   403   403   403
GET /digest                                    403   403   403   403   403   200   403   200   403   403   403
GET /digest.{form:str}                         403   403   403   403   403   200   403   200   403   403   403
GET /digest/html                               403   403   403   403   403   200   403   200   403   403   403
GET /findings                                  403   403   403   403   403   200   403   200   403   403   403
POST /findings                                 403   403   403   403   403   303   403   303   403   403   403
GET /forecast                                  403   403   403   403   403   200   403   200   403   403   403
GET /forecast.{form:str}                       403   403   403   403   403   200   403   200   403   403   403
GET /hand-over                                 403   403   403   403   403   200   403   200   403   403   403
POST /hand-over                                403   403   403   403   403   422   403   422   403   403   403
GET /health                                    200   200   200   200   200   200   200   200   200   200   200
GET /held/{token}                              404   200   404   403   404   404   404   404   404   404   404
POST /held/{token}                             404   422   404   403   404   404   404   404   404   404   404
GET /import                                    403   403   403   403   403   200   200   200   403   403   403
POST /import                                   403   403   403   403   403   422   422   422   403   403   403
GET /import/action-programme.xlsx              403   403   403   403   403   200   200   200   403   403   403
GET /import/confirm                            303   303   303   303   303   303   303   303   303   303   303
POST /import/confirm                           403   403   403   403   403   410   410   410   403   403   403
POST /mail-channel/let-go                      403   403   403   403   403   403   403   403   403   403   403
POST /mail-channel/try-again                   403   403   403   403   403   303   303   303   403   403   403
GET /metrics                                   200   200   200   200   200   200   200   200   200   200   200
GET /outbox                                    403   403   403   403   403   200   403   200   403   403   403
GET /outbox/next                               403   403   403   403   403   200   403   200   403   403   403
GET /outbox/next/{n:row}                       403   403   403   403   403   404   403   404   403   403   403
GET /outbox/next/{n:row}/html                  403   403   403   403   403   404   403   404   403   403   403
GET /outbox/{id:row}                           403   403   403   403   403   200   403   200   403   403   403
GET /outbox/{id:row}/html                      403   403   403   403   403   200   403   200   403   403   403
GET /parties                                   403   403   403   403   403   200   403   200   403   403   403
POST /parties                                  403   403   403   403   403   404   403   404   403   403   403
GET /preferences/{token}                       404   200   404   200   404   404   404   404   404   404   404
POST /preferences/{token}                      404   422   404   422   404   404   404   404   404   404   404
GET /privacy                                   200   200   200   200   200   200   200   200   200   200   200
GET /programmes                                200   200   200   200   200   200   200   200   200   200   200
POST /programmes/{key}/{act}                   403   403   403   403   403   303   403   303   403   403   403
GET /series/{token}                            404   200   404   403   404   404   404   404   404   404   404
POST /series/{token}                           404   422   404   403   404   404   404   404   404   404   404
GET /settings                                  403   403   403   403   403   200   403   200   403   403   403
GET /settings/{name}                           403   403   403   403   403   200   403   200   403   403   403
POST /settings/{name}                          403   403   403   403   403   422   403   422   403   403   403
GET /sign-in                                   200   200   200   200   200   200   200   200   200   200   200
POST /sign-in                                  422   422   422   422   422   422   422   422   422   422   422
GET /sign-in/service                           502   502   502   502   502   502   502   502   502   502   502
GET /sign-in/return                            403   403   403   403   403   403   403   403   403   403   403
GET /sign-in/{token}                           410   410   410   410   410   410   410   410   410   410   410
POST /sign-in/{token}                          410   410   410   410   410   410   410   410   410   410   410
GET /sign-ins                                  403   403   403   403   403   200   200   200   403   403   403
POST /sign-ins                                 403   403   403   403   403   303   303   303   403   403   403
POST /sign-out                                 403   403   403   403   403   303   303   303   403   403   403
GET /static/{name}                             200   200   200   200   200   200   200   200   200   200   200
GET /unit/{token}                              404   200   404   200   404   404   404   404   404   404   404
POST /unit/{token}                             404   422   404   422   404   404   404   404   404   404   404
"""
"""Status by route and visitor. What is posted is an empty form: 404 and 422 mean that it was looked at."""

CAFE, FAIRS = "social-cultural-cafe", "work-mini-recruitment-fairs"
UNIT, OTHER = "alma-contact@vaasa.example", "hr-unit-contact@vaasa.example"
FOREIGN, DEPUTY, AFTER, REMOVED = (
    "secretary@town.example", "deputy@vaasa.example", "after@vaasa.example", "removed@vaasa.example",
)  # fmt: skip
SIGNED_IN: Final = {"own": SECRETARY, "else": FOREIGN, "stand": DEPUTY, "stood": AFTER, "gone": REMOVED}
PARTS: Final = {
    "{action}": CAFE,
    "{name}": "meeting_time",
    "{key}": KEY,
    "{act}": "release",
    "{programme}": KEY,
    "{year:year}": "2024",
    "{id:row}": "1",
    "{n:row}": "1",
    "{form:str}": "csv",
    "{feed}": "all",
}
"""What stands in the place of a part of a path."""
WHOLE: Final = {
    "/actions/{action}/held": f"/actions/{FAIRS}/held",
    "/actions/{action}/answer": f"/actions/{CAFE}/answer?occurrence={KEY}:{CAFE}:milestone:end",
    "/calendars/event/{file}": "/calendars/event/00000000-0000-0000-0000-000000000000-fi.ics",
    "/calendars/private/{token}/{file}": "/calendars/private/{token}/own-fi.ics",
    "/calendars/{file:str}.ics": "/calendars/all-fi.ics",
    "/calendars/{programme}/{file:str}.ics": f"/calendars/{KEY}/all-fi.ics",
    "/static/{name}": "/static/icon.svg",
}
"""Addresses that are made otherwise."""
PURPOSE_OF: Final[dict[str, Purpose]] = {
    "/answer/{token}": "answer",
    "/unit/{token}": "unit",
    "/preferences/{token}": "preferences",
    "/collection/form/{token}": "form",
    "/series/{token}": "series",
    "/held/{token}": "held",
}


@dataclass
class Scene:
    """A service with two programmes, and everybody who comes."""

    service: Service
    app: Reader
    feed: str
    subjects: dict[Purpose, str]
    fairs: str
    """Whose unit leads the fairs, to whose dates the links of a target lead."""
    sessions: dict[str, str] = field(default_factory=dict)

    def token(self, visitor: str, path: str) -> str:
        """The token that a visitor sends where an address asks for one."""
        links, until = Links(self.service.secret), TUESDAY.date() + timedelta(days=9)
        purpose = PURPOSE_OF.get(path, "answer")
        if visitor == "feed":
            return self.feed
        if visitor == "wrong":
            purpose = "unit" if purpose != "unit" else "answer"
        reader = OTHER if visitor == "other" else self.fairs if purpose == "held" else UNIT
        if visitor in {"unit", "wrong", "other"}:
            return links.issue(purpose, self.subjects[purpose], reader, until)
        return "a" * 56

    def cookie(self, visitor: str, path: str, *, fresh: bool) -> str:
        """What a visitor sends as a session; a ``fresh`` one where it may be ended."""
        if visitor == "none":
            return ""
        if visitor not in {*SIGNED_IN, "out"}:
            return "" if "{token}" in path else self.token(visitor, path)
        if fresh or visitor not in self.sessions:
            address = SIGNED_IN.get(visitor, SECRETARY)
            token = self.sessions[visitor] = start_session(self.service, address, "link", "Firefox, Linux")
            if visitor == "out":
                ended = find_session(self.service, token)
                assert ended is not None
                sign_out(self.service, ended.address, ended.id)
        return self.sessions[visitor]

    def ask(self, method: str, path: str, visitor: str) -> httpx.Response:
        """Send a visitor's request, from a page of the service itself."""
        session = self.cookie(visitor, path, fresh=method == "POST")
        self.app.cookies = {"session": session} if session else {}
        send = self.app.post if method == "POST" else self.app.get
        return send(address_of(path, self.token(visitor, path)))


def address_of(path: str, token: str) -> str:
    """An address of a route, about the first of the two programmes."""
    address = WHOLE.get(path, path).replace("{token}", token)
    for part, value in PARTS.items():
        address = address.replace(part, value)
    assert "{" not in address, f"no example of {path}"
    return f"{address}{'&' if '?' in address else '?'}programme={KEY}&lang=en"


def routes_of(found: Iterable[BaseRoute]) -> set[str]:
    """Method and path of each route."""
    return {
        f"{method} {route.path}"
        for route in found
        if isinstance(route, Route)
        for method in (route.methods or {"GET"}) - {"HEAD"}
    }


def all_routes(service: Service) -> set[str]:
    """Every route of the application, those of the interface as they are behind its door."""
    made = create_api(Site(service, Snapshots(service)), {})
    operations = {
        f"{method.upper()} {path}" for path, one in made.openapi()["paths"].items() for method in one
    }
    api = routes_of(made.routes) | operations
    pages = routes_of(create_app(service).routes)
    return api | {one for one in pages if not one.startswith("GET /api/{part}")}


@pytest.fixture(scope="module")
def scene(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Vaasa on 7 January 2025 with everybody, and a town with a secretary of its own."""
    folder = tmp_path_factory.mktemp("table")
    shutil.copytree(history, folder, dirs_exist_ok=True)
    oidc = {"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": "id", "oidc_client_secret": "secret"}
    service = open_service(folder, lambda: TUESDAY, **oidc)
    text = programme_of("town") + action_of("town", 1, "Action", "by 31 March 2026")
    today = TUESDAY.date()
    with service.database.write() as connection:
        store_programme(connection, read_programme(text, "town.yaml"), TUESDAY)
        people.save_contacts(connection, "town", [Contact("board", "secretary", "", FOREIGN, "en")])
        rows = people.contacts_of(connection, KEY)
        board = next(one.organisation for one in rows if one.role == "secretary")
        spans = {DEPUTY: (today, today), AFTER: (today - timedelta(days=9), today - timedelta(days=1))}
        stand_ins = [
            Contact(board, "deputy", "", address, "fi", first, last, SECRETARY)
            for address, (first, last) in spans.items()
        ]
        people.save_contacts(connection, KEY, [*rows, *stand_ins])
    release_programme(service, "town")
    snapshots = Snapshots(service)
    with snapshots.read() as connection:
        state = snapshots.current(connection, snapshots.find(connection, KEY)).state
    programme = state.programme
    subjects: dict[Purpose, str] = {
        "answer": f"{KEY}:{CAFE}:milestone:end",
        "unit": "",
        "preferences": "",
        "form": next(one for one, row in state.occurrences.items() if row.kind == "collection"),
        "series": next(
            one for one, year in series_years(state).items() if (year.action, year.year) == (CAFE, 2025)
        ),
        "held": next(target_subject(programme, one) for one in targets(programme) if one[0] == FAIRS),
    }
    feed = issue_feed(service, KEY, UNIT, "own").token
    leads = programme.action_by_id[FAIRS].leads_on(today)
    fairs = next(one.email for one in state.people.unit(leads[0], today))
    yield Scene(service, Reader(service), feed, subjects, fairs)
    service.database.close()


def rows_of_table() -> dict[str, dict[str, int]]:
    """The table: status by visitor, by method and path."""
    found = {}
    for line in TABLE.strip().splitlines()[1:]:
        route, cells = re.split(r" {2,}", line.strip(), maxsplit=1)
        found[route] = dict(zip(VISITORS, map(int, cells.split()), strict=True))
    return found


def test_the_table_names_every_route(scene: Scene) -> None:
    """None is missing, none is gone."""
    assert rows_of_table().keys() == all_routes(scene.service)


@pytest.mark.parametrize("route", rows_of_table())
def test_who_is_let_in(scene: Scene, route: str) -> None:
    """Each visitor gets what the table says."""
    method, _, path = route.partition(" ")
    found = {visitor: scene.ask(method, path, visitor).status_code for visitor in VISITORS}
    assert found == rows_of_table()[route]


PUBLIC: Final = [
    route.partition(" ")[2]
    for route, cells in rows_of_table().items()
    if route.startswith("GET ") and set(cells.values()) == {200} and "." not in route
]
"""The pages that everybody may see."""


@pytest.mark.parametrize("path", PUBLIC)
def test_a_foreign_secretary_sees_what_the_public_sees(scene: Scene, path: str) -> None:
    """On the public pages of a programme that is not hers there is nothing beside that."""
    shown = {visitor: scene.ask("GET", path, visitor).text for visitor in ("none", "else", "gone")}
    parts = {visitor: text.partition("<main")[2].partition("</main>")[0] for visitor, text in shown.items()}
    assert parts["else"] == parts["gone"] == parts["none"]


def test_a_foreign_page_says_who_decides(scene: Scene) -> None:
    """The programme by name and the role; nobody's address but the reader's own, in the menu."""
    page = scene.ask("GET", "/contacts", "else").text
    text = page.partition("<main")[2].replace("\N{NO-BREAK SPACE}", " ")
    assert "Integration Programme" in text
    assert "the board secretary decides" in text
    assert "@" not in text
    assert "Nothing was changed" not in text  # who only looks has not tried to
    assert "Nothing was changed" in scene.ask("POST", "/contacts", "else").text
