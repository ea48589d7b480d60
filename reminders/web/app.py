"""The application: the list of all pages, errors as pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from reminders.errors import (
    BounceError,
    BusyError,
    EditedMeanwhileError,
    GuardError,
    InputError,
    NoSecretaryError,
    NotFoundError,
    NotYoursError,
    RemindersError,
    UsageError,
)
from reminders.service import Service
from reminders.web.answers.answer import AnswerPages, BehalfPages
from reminders.web.answers.decisions import DecisionPages
from reminders.web.answers.target_dates import TargetDatesPages
from reminders.web.answers.unit import UnitPages
from reminders.web.bounds import CleanAddress
from reminders.web.catalogue import preferred, say
from reminders.web.collection.form import CollectionFormPages
from reminders.web.collection.indicators import IndicatorPages
from reminders.web.collection.pages import CollectionPages
from reminders.web.entrance import EnteredApplication
from reminders.web.feeds.feeds import Feeds
from reminders.web.feeds.pages import CalendarPages, PrivateFeedPages, SubscribePages
from reminders.web.mail.channel import ChannelPages
from reminders.web.mail.forecast import ForecastPages
from reminders.web.mail.outbox import DigestPages, OutboxPages
from reminders.web.page import Page, Pages
from reminders.web.people.audit import AuditPages
from reminders.web.people.contacts import ContactPages
from reminders.web.people.hand_over import HandOverPages
from reminders.web.people.oidc import OidcPages
from reminders.web.people.preferences import PreferencePages
from reminders.web.people.privacy import PrivacyPages
from reminders.web.people.sign_in import SignInLinkPages
from reminders.web.people.sign_ins import SignInPages
from reminders.web.programme.action import ActionPages
from reminders.web.programme.action_list import ActionListPages
from reminders.web.programme.correct import CorrectPages
from reminders.web.programme.findings import FindingPages
from reminders.web.programme.glance import GlancePages
from reminders.web.programme.imports import ImportPages
from reminders.web.programme.settings import SettingsPages
from reminders.web.series.pages import SeriesPages
from reminders.web.series.year_dates import SeriesDatesPages
from reminders.web.sessions import SessionPages
from reminders.web.site import Site, style_hash, stylesheet
from reminders.web.snapshot import Snapshots
from reminders.web.watch import WatchPages

_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
FAMILIES: Final[tuple[type[Pages], ...]] = (
    GlancePages,
    ActionListPages,
    ActionPages,
    CorrectPages,
    FindingPages,
    ImportPages,
    SettingsPages,
    AnswerPages,
    BehalfPages,
    DecisionPages,
    UnitPages,
    TargetDatesPages,
    ContactPages,
    HandOverPages,
    PreferencePages,
    AuditPages,
    CollectionPages,
    CollectionFormPages,
    IndicatorPages,
    ForecastPages,
    OutboxPages,
    ChannelPages,
    DigestPages,
    SeriesPages,
    SeriesDatesPages,
    SubscribePages,
    PrivateFeedPages,
    CalendarPages,
    OidcPages,
    SignInLinkPages,
    SessionPages,
    PrivacyPages,
    SignInPages,
    WatchPages,
)
"""All pages; each class names its addresses in ``routes``."""
REFUSALS: Final[Mapping[type[RemindersError], tuple[int, str]]] = {
    NoSecretaryError: (409, "no-secretary"),
    GuardError: (409, "refused"),
    EditedMeanwhileError: (409, "refused"),
    BusyError: (409, "refused"),
    UsageError: (422, "refused"),
    InputError: (422, "refused"),
    BounceError: (422, "refused"),
}
"""The errors that answer what somebody asked for: status and text. Others are faults, which go to the log."""
_BARE: Final = ("/api/v1", "/api/openapi", "/health", "/metrics", "/static/")


def create_app(service: Service) -> Starlette:
    """Return the web application of ``service``."""
    snapshots = Snapshots(service)
    site = Site(service, snapshots)
    errors = _errors(site)
    api = LazyApi(site, errors)
    pages: list[Pages] = [family(site) for family in FAMILIES]
    routes = [
        *Feeds(snapshots).routes(),  # asked for most often, so looked up first
        *(route for family in pages for route in family.routes()),
        Route("/api/{part}", api),
        Route("/api/{part}/{rest:path}", api),
        Route("/static/{name}", _static),
    ]
    return EnteredApplication(
        service.settings,
        routes=routes,
        middleware=[Middleware(CleanAddress)],
        exception_handlers=errors,
    )


class LazyApi:
    """The JSON API, made at the first request for it: few ask, and FastAPI takes long to import."""

    def __init__(self, site: Site, errors: Mapping[Any, ExceptionHandler]) -> None:
        """Answer for the service of ``site``, with the error handlers of its pages."""
        self.site = site
        self.errors = errors

    @cached_property
    def app(self) -> ASGIApp:
        """The application."""
        from reminders.web.api.routes import create_api  # noqa: PLC0415 - heavy, and seldom used

        return create_api(self.site, self.errors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        app = await run_in_threadpool(lambda: self.app)
        await app(scope, receive, send)


def _static(request: Request) -> Response:
    """Answer for the stylesheet under the name of its content, and for the icon."""
    name = request.path_params["name"]
    if name == f"style.{style_hash()}.css":
        return Response(stylesheet(), headers=_FOR_EVER, media_type="text/css")
    if name == "icon.svg":
        icon = (files("reminders.web") / "static" / "icon.svg").read_bytes()
        return Response(icon, headers={"Cache-Control": "public, max-age=86400"}, media_type="image/svg+xml")
    raise HTTPException(404)


def _errors(site: Site) -> dict[Any, ExceptionHandler]:
    """Return the handlers that show errors as pages in the reader's language; programs get JSON."""

    def answer(request: Request, status: int, text_id: str) -> Response:
        if request.url.path.startswith(_BARE):
            return JSONResponse({"detail": say("en", f"error.{text_id}")}, status)
        page = Page(site, request)
        return page.error(status, page.say(f"error.{text_id}"), page.say(f"error.{text_id}-text"))

    def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        response = answer(request, status, "not-found" if status == 404 else "not-allowed")
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    def not_yours(request: Request, error: Exception) -> Response:
        return Page(site, request).not_yours(error.programme if isinstance(error, NotYoursError) else "")

    def broken(request: Request, error: Exception) -> Response:
        del error
        try:
            response = answer(request, 500, "broken")
        except Exception:  # noqa: BLE001 - what broke the page breaks its frame too
            response = PlainTextResponse(
                say(preferred(request.headers.get("accept-language", "")), "error.broken"), 500
            )
        return response

    def declined(request: Request, error: Exception) -> Response:
        status, text_id = next(REFUSALS[one] for one in type(error).__mro__ if one in REFUSALS)
        return answer(request, status, text_id)

    def gone(request: Request, error: Exception) -> Response:
        del request, error  # nobody is there to read it
        return Response(status_code=400)

    return {
        ClientDisconnect: gone,
        HTTPException: refused,
        NotFoundError: refused,
        NotYoursError: not_yours,
        **dict.fromkeys(REFUSALS, declined),
        Exception: broken,
    }
