"""The pages of an action's event series: list, form, one date; each change is shown before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from reminders.dispatch.series import (
    NEW,
    Edit,
    dates_of,
    one_of,
    preview,
    restore_version,
    save,
    series_of,
    shown,
)
from reminders.errors import NotFoundError, SkippedTimeError, UsageError
from reminders.store import series as store
from reminders.web.action_book import book_of
from reminders.web.books import Standing
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse
from reminders.web.series_form import (
    DAYS,
    EXAMPLE_DAY,
    EXAMPLE_SPAN,
    HOWS,
    NTHS,
    STATES,
    Reading,
    fields_of,
    read_change,
    read_series,
)
from reminders.web.series_view import preview_view, series_view
from reminders.web.site import Site
from reminders.web.words import say
from schedule_rules.programme import Action, DateChange, KeptSeries, Lang, Programme

_LIMIT = 100_000


@dataclass(frozen=True)
class Asked:
    """The action whose series are changed, in which language, by whom, and which series."""

    standing: Standing
    action: Action
    lang: Lang
    by: str
    name: str
    on: date | None

    @property
    def programme(self) -> Programme:
        """The programme of the action."""
        return self.standing.book.programme

    @property
    def old(self) -> KeptSeries:
        """The series as it is; a new one begins as a monthly one."""
        if self.name != NEW:
            return one_of(self.programme, self.action.id, self.name)
        period = self.programme.period
        return KeptSeries(self.action.id, NEW, period.first, period.last, "FREQ=MONTHLY;BYDAY=2TH")

    def edit(self, **what: object) -> Edit:
        """Return an edit of this series."""
        return Edit(self.programme.key, self.action.id, self.name, self.by, **what)  # type: ignore[arg-type]


class SeriesPages:
    """The endpoints of event series."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/actions/{id}/series", self.page),
            Route("/actions/{id}/series/edit", self.form),
            Route("/actions/{id}/series/edit", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/actions/{id}/series``: the series, their dates, earlier versions."""
        if refused := refuse(self.site, request):
            return refused
        asked = self._asked(request)
        key, action = asked.programme.key, asked.action.id
        with self.site.library.read() as connection:
            saves = store.history(connection, key, action)
        return self.site.page(
            request,
            "series.html",
            asked=asked,
            series=series_view(
                series_of(asked.programme, action),
                shown(asked.programme, action),
                self.site.library.today(),
                asked.lang,
            ),
            saves=saves[::-1],
            key=key,
        )

    def form(self, request: Request) -> Response:
        """Answer for ``/actions/{id}/series/edit?name=…``; ``on`` opens one of its dates."""
        if refused := refuse(self.site, request):
            return refused
        asked = self._asked(request)
        return self._form(request, asked, fields_of(asked.old) if asked.on is None else {}, {})

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then show what changes, or save it."""
        if refused := refuse(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=200)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        asked = self._asked(request)
        if version := text_of(form, "version"):
            restore_version(self.site.service, asked.programme.key, _number(version), asked.by)
            return _back(asked)
        values = {name: [str(value) for value in form.getlist(name)] for name in form if name != "step"}
        reading = Reading(asked.lang, values)
        edit = _edit(asked, reading)
        if reading.wrong or text_of(form, "step") == "edit":
            return self._form(request, asked, values, reading.wrong)
        try:
            seen = preview(asked.programme, edit, self.site.library.today())
        except SkippedTimeError as error:
            day = dates.in_table(error.moment, asked.lang)
            wrong = say(asked.lang, "series.wrong-skipped", day=day, time=f"{error.moment:%H:%M}")
            return self._form(request, asked, values, {"at": wrong})
        except UsageError:
            raise NotFoundError("no such date") from None
        if text_of(form, "step") == "save":
            save(self.site.service, edit)
            return _back(asked)
        return self.site.page(
            request,
            "series_preview.html",
            asked=asked,
            view=preview_view(seen, asked.lang),
            fields=[(name, value) for name, found in values.items() for value in found],
            query=_query(asked),
        )

    def _asked(self, request: Request) -> Asked:
        site, visitor = self.site, self.site.visitor(request)
        action, query = request.path_params["id"], request.query_params
        with site.library.read() as connection:
            book = book_of(site.library.books(connection), visitor.query.get("programme"), action)
            standing = site.library.standing(connection, book)
        return Asked(
            standing,
            book.programme.action_by_id[action],
            visitor.lang,
            self._by(standing),
            query.get("name", NEW),
            _day(query.get("on", "")),
        )

    def _by(self, standing: Standing) -> str:
        """Return who decides: the address of the programme's secretary, else the role."""
        found = standing.world.people.secretary(self.site.library.today())
        own = [contact.email for contact in found if contact.role == "secretary"]
        return own[0] if own else "secretary"

    def _form(
        self, request: Request, asked: Asked, values: Mapping[str, list[str]], wrong: Mapping[str, str]
    ) -> Response:
        instances = [] if asked.name == NEW else [one.on for one in dates_of(asked.old)]
        return self.site.page(
            request,
            "series_date.html" if asked.on else "series_edit.html",
            422 if wrong else 200,
            asked=asked,
            values=values,
            wrong=wrong,
            query=_query(asked),
            instances=instances,
            choices={"how": HOWS if fields_of(asked.old)["how"] == ["kept"] else HOWS[:-1], "days": DAYS},
            nths=NTHS,
            states=STATES,
            examples={"day": EXAMPLE_DAY, "span": EXAMPLE_SPAN},
        )


def _edit(asked: Asked, reading: Reading) -> Edit:
    """Return the edit that a form asks for."""
    what = reading.text("what")
    if asked.on is not None:
        if what == "restore":
            return asked.edit(restore=asked.on)
        if what == "cancel":
            return asked.edit(change=DateChange(asked.on, state="cancelled"))
        return asked.edit(change=read_change(reading, asked.on))
    if what == "remove":
        return asked.edit(remove=True)
    kept = read_series(reading, asked.old)
    since = reading.day("from")
    return asked.edit(kept=replace(kept, first=max(kept.first, since)) if since else kept, at=since)


def _query(asked: Asked) -> str:
    parts = {"programme": asked.programme.key, "name": asked.name}
    return urlencode(parts | ({"on": asked.on.isoformat()} if asked.on else {}))


def _back(asked: Asked) -> Response:
    return RedirectResponse(f"/actions/{asked.action.id}/series?programme={asked.programme.key}", 303)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFoundError(f"no date {text!r}") from error


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise NotFoundError(f"no version {text!r}")
    return int(text)
