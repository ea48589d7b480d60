"""The form of the annual data collection behind a mail's link: no sign-in, no navigation.

GET changes nothing. What is posted is stored first and checked then, so that a wrong
value costs nobody what was written beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from reminders.dispatch.form_doors import Door, Opened, open_form
from reminders.dispatch.forms import Filled, Typing, read_filled, reopen, write_form
from reminders.dispatch.own_links import Closed
from reminders.web import own_pages
from reminders.web.collection_form_view import errors, parts, typed_of
from reminders.web.form_data import read_form, text_of
from reminders.web.site import Site
from reminders.web.words import known
from schedule_rules.programme import Lang

_LIMIT: Final = 500_000
_FIELDS: Final = 2000


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a form: its base template, where it leads back to, the units to choose from."""

    base: str
    back: str
    units: tuple[tuple[str, str], ...]


class CollectionFormPages:
    """The endpoints of the form."""

    def __init__(self, site: Site) -> None:
        """Serve the form of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/collection/form/{token}", self.page),
            Route("/collection/form/{token}", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for a link: the form, what was sent, or why there is nothing to fill in."""
        if refused := self._refused(request):
            return refused
        opened = open_form(self.site.service, self._door(request))
        if isinstance(opened, Closed):
            return own_pages.closed(self.site, request, opened)
        unit = _unit(opened, request.query_params.get("unit", ""))
        lang = self.site.visitor(request).lang
        filled = read_filled(self.site.service, opened, unit, lang)
        return self._form(request, opened, unit, filled)

    async def post(self, request: Request) -> Response:
        """Answer for a POST: save, send, or open what was sent."""
        if refused := self._refused(request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=_FIELDS)
        return await run_in_threadpool(self._step, request, form)

    def _refused(self, request: Request) -> Response | None:
        """Return why a request is not answered, None where it is."""
        return own_pages.refuse_foreign(self.site, request) if request.method == "POST" else None

    def _door(self, request: Request) -> Door:
        """Return how the form is opened: by the link's token."""
        token: str = request.path_params["token"]
        return token

    def _frame(self, request: Request, opened: Opened) -> Frame:
        """Return what stands around the form: no menu, the reader's units."""
        names = opened.found.stored.programme.organisation_by_key
        lang = self.site.visitor(request).lang
        return Frame("own_base.html", "", tuple((key, names[key].name.get(lang)) for key in opened.units))

    def _step(self, request: Request, form: FormData) -> Response:
        door, service = self._door(request), self.site.service
        opened = open_form(service, door)
        if isinstance(opened, Closed):
            return own_pages.closed_post(self.site, request, opened, form)
        unit = _unit(opened, text_of(form, "unit"))
        if text_of(form, "step") == "reopen":
            return self._back(request, unit, reopen(service, door, unit))
        typing = self._typing(request, form, opened, unit)
        done = write_form(service, door, typing)
        if done == "newer":
            return self._overtaken(request, opened, typing)
        return self._back(request, unit, done)

    def _typing(self, request: Request, form: FormData, opened: Opened, unit: str) -> Typing:
        fields = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
        version = fields.get("version", "")
        return Typing(
            unit=unit,
            version=int(version) if version.isdecimal() and len(version) < 9 else -1,
            lang=known(fields.get("lang")) or self.site.visitor(request).lang,
            typed=typed_of(fields, opened.actions(unit)),
            send=fields.get("step") == "send",
        )

    def _back(self, request: Request, unit: str, done: str | Closed) -> Response:
        """Return to the form by GET, so that reloading sends nothing twice."""
        if isinstance(done, Closed):
            return own_pages.closed(self.site, request, done)
        return own_pages.back(request, self.site.visitor(request).lang, unit=unit, done=done)

    def _overtaken(self, request: Request, opened: Opened, typing: Typing) -> Response:
        """Show what was typed again: a colleague has saved meanwhile, nothing of either is lost."""
        now = read_filled(self.site.service, opened, typing.unit, typing.lang)
        filled = Filled(now.row, typing.typed, typing.lang, now.earlier, ())
        return self._form(request, opened, typing.unit, filled, overtaken=True)

    def _form(
        self, request: Request, opened: Opened, unit: str, filled: Filled, *, overtaken: bool = False
    ) -> Response:
        lang = self.site.visitor(request).lang
        done = request.query_params.get("done", "") if not overtaken else ""
        found = parts(opened, unit, filled, lang, checked=done == "faulty")
        names = opened.found.stored.programme.organisation_by_key
        row = opened.found.row
        return own_pages.page(
            self.site,
            request,
            "collection_form.html",
            409 if overtaken else 200,
            found=opened.found,
            unit=unit,
            unit_name=names[unit].name.get(lang),
            frame=self._frame(request, opened),
            due=dates.in_sentence(row.due, lang),
            opens=dates.in_sentence(row.opens or row.due, lang),
            closes=dates.in_sentence(row.closes or row.due, lang),
            filled=filled,
            parts=found,
            errors=errors(found),
            is_open=opened.found.state == "open",
            is_editing=filled.row is None or filled.row.editing,
            saved_at=self._moment(filled, lang),
            done=done,
            overtaken=overtaken,
            path=request.url.path,
            own_name=opened.found.stored.programme.name.get(lang),
        )

    def _moment(self, filled: Filled, lang: Lang) -> str:
        if filled.row is None:
            return ""
        return dates.moment(filled.row.saved_at.astimezone(self.site.service.settings.zone), lang)


def _unit(opened: Opened, wanted: str) -> str:
    """Return the unit that is asked for, else the reader's first."""
    return wanted if wanted in opened.units else opened.units[0]
