"""Pages, feeds and API of the service: a folder a subject, templates beside their pages.

Decisions are left to the pure files of ``reminders``, octets of feeds to
``calendars``, what is done to ``use``.
"""

from __future__ import annotations

from starlette.types import ASGIApp

from reminders.service import Service


def create_app(service: Service) -> ASGIApp:
    """Return the web application of ``service``."""
    from reminders.web import app  # noqa: PLC0415 - commands that only say what pages say import no pages

    return app.create_app(service)
