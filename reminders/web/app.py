"""The application: routes of all page families, headers on every answer, errors as pages."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reminders.errors import NotFoundError
from reminders.service import Service
from reminders.web.answers import AnswerPages, BehalfPages, DecisionPages, TargetDatesPages, UnitPages
from reminders.web.api.routes import Api
from reminders.web.catalogue import preferred, say
from reminders.web.collection import CollectionFormPages, CollectionPages
from reminders.web.feeds import CalendarPages, Feeds, PrivateFeedPages, SubscribePages
from reminders.web.mail.digest import DigestPages
from reminders.web.mail.forecast import ForecastPages
from reminders.web.mail.outbox import OutboxPages
from reminders.web.oidc import OidcPages
from reminders.web.people import ContactPages, HandOverPages, PreferencePages
from reminders.web.programme.action import ActionPages
from reminders.web.programme.correct import CorrectPages
from reminders.web.programme.findings import FindingPages
from reminders.web.programme.glance import GlancePages
from reminders.web.programme.imports import ImportPages
from reminders.web.programme.settings import SettingsPages
from reminders.web.series import SeriesDatesPages, SeriesPages
from reminders.web.session import SessionPages
from reminders.web.site import HEADERS, Site, style_hash, stylesheet
from reminders.web.snapshot import Snapshots
from reminders.web.watch.health import Health, Metrics

_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_BARE: Final = ("/api/v1", "/api/openapi", "/health", "/metrics", "/static/")


def create_app(service: Service) -> FastAPI:
    """Return the web application of ``service``."""
    snapshots = Snapshots(service)
    site = Site(service, snapshots)
    app = FastAPI(title="Reminders", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    api = Api(site)
    app.include_router(api.router)
    families = (
        GlancePages(site),
        ActionPages(site),
        AnswerPages(site),
        BehalfPages(site),
        DecisionPages(site),
        ContactPages(site),
        CorrectPages(site),
        CollectionPages(site),
        CollectionFormPages(site),
        FindingPages(site),
        ForecastPages(site),
        HandOverPages(site),
        ImportPages(site),
        OutboxPages(site),
        DigestPages(site),
        SubscribePages(site),
        SettingsPages(site),
        PreferencePages(site),
        UnitPages(site),
        SeriesPages(site),
        SeriesDatesPages(site),
        TargetDatesPages(site),
        PrivateFeedPages(site),
        CalendarPages(site),
        OidcPages(site),
        SessionPages(site),
        Health(site),
        Metrics(site),
        api,
    )
    for family in families:
        app.router.routes.extend(family.routes())
    app.router.routes.append(Route("/static/{name}", _static))
    # Asked for most often, so looked up first.
    app.router.routes[:0] = Feeds(snapshots).routes()
    app.add_middleware(SafeHeaders)
    _add_errors(app, site)
    return app


class SafeHeaders:
    """Puts the security headers on every answer that does not say them itself."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in _ENCODED if pair[0] not in known),
                ]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


_ENCODED: Final = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())


def _static(request: Request) -> Response:
    """Answer for the stylesheet under the name of its content, and for the icon."""
    name = request.path_params["name"]
    if name == f"style.{style_hash()}.css":
        return Response(stylesheet(), headers=_FOR_EVER, media_type="text/css")
    if name == "icon.svg":
        icon = (files("reminders.web") / "static" / "icon.svg").read_bytes()
        return Response(icon, headers={"Cache-Control": "public, max-age=86400"}, media_type="image/svg+xml")
    raise HTTPException(404)


def _add_errors(app: FastAPI, site: Site) -> None:
    """Show errors as pages in the reader's language; programs get JSON."""

    def answer(request: Request, status: int, text_id: str) -> Response:
        if request.url.path.startswith(_BARE):
            return JSONResponse({"detail": say("en", f"error.{text_id}")}, status)
        lang = site.visitor(request).lang
        return site.error(request, status, say(lang, f"error.{text_id}"), say(lang, f"error.{text_id}-text"))

    def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        response = answer(request, status, "not-found" if status == 404 else "not-allowed")
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    def broken(request: Request, error: Exception) -> Response:
        del error
        try:
            response = answer(request, 500, "broken")
        except Exception:  # noqa: BLE001 - what broke the page breaks its frame too
            response = PlainTextResponse(
                say(preferred(request.headers.get("accept-language", "")), "error.broken"), 500
            )
        response.headers.update(HEADERS)
        return response

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(NotFoundError, refused)
    app.add_exception_handler(Exception, broken)
