"""The page on which a unit sets a provisional series' dates, behind its mail's link: form, preview, thanks.

GET changes nothing; what is posted is shown as subscribers will see it before a second button keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.dispatch.own_dates import OpenSeries, open_series
from reminders.dispatch.own_links import Closed
from reminders.dispatch.series_dates import YearSet, covering, preview, set_dates, year_of
from reminders.errors import NotFoundError, SkippedTimeError, UsageError
from reminders.web import own_pages
from reminders.web.answer import unit_page
from reminders.web.form_data import read_form, text_of
from reminders.web.series_dates_form import Bounds, proposed, read_dates, when
from reminders.web.series_form import DAYS, NTHS, fields_of, rule_words
from reminders.web.series_view import date_view
from reminders.web.site import Site
from reminders.web.words import say
from schedule_rules.programme import KeptSeries, Lang

_LIMIT: Final = 50_000


class SeriesDatesPages:
    """The endpoints of ``/series/{token}``."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/series/{token}", self.page), Route("/series/{token}", self.post, methods=["POST"])]

    def page(self, request: Request) -> Response:
        """Answer for a link: the form, or the dates as they were set."""
        found = open_series(self.site.service, request.path_params["token"])
        if isinstance(found, Closed):
            return own_pages.closed(self.site, request, found)
        bounds = self._bounds(request, found)
        old = _old(found)
        if old is None or bounds.first > bounds.last:
            return own_pages.closed(self.site, request, Closed("gone"))
        if old.state != "tentative" and "change" not in request.query_params:
            return self._set(request, found, old)
        return self._form(request, found, old, proposed(old, bounds), {})

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := own_pages.refuse_foreign(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        token = request.path_params["token"]
        found = open_series(self.site.service, token)
        if isinstance(found, Closed):
            return own_pages.closed_post(self.site, request, found, form)
        old, bounds = _old(found), self._bounds(request, found)
        if old is None or bounds.first > bounds.last:
            return own_pages.closed(self.site, request, Closed("gone"))
        return self._read(request, found, old, form)

    def _read(self, request: Request, found: OpenSeries, old: KeptSeries, form: FormData) -> Response:
        """Show what is wrong, else what subscribers will see; keep it where that was seen."""
        posted = {name: [str(one) for one in form.getlist(name)] for name in form if name != "step"}
        bounds, step = self._bounds(request, found), text_of(form, "step")
        kept, wrong = read_dates(posted, old, bounds)
        fields = proposed(old, bounds) | {name: [] for name in ("days", "months-off")} | posted
        if wrong or step == "edit":
            return self._form(request, found, old, fields, wrong)
        key = found.world.programme.key
        said = YearSet(key, found.asked, kept, bounds.first, found.opened.reader)
        try:
            if step == "save":
                set_dates(self.site.service, said)
                return own_pages.back(request, bounds.lang, done="1")
            return self._preview(request, found, said, posted)
        except SkippedTimeError as error:
            day, time = dates.in_table(error.moment, bounds.lang), f"{error.moment:%H:%M}"
            wrong = {"at": say(bounds.lang, "series.wrong-skipped", day=day, time=time)}
            return self._form(request, found, old, fields, wrong)
        except UsageError:  # what is left: the rule gives no date from its first day on
            wrong = {"how": say(bounds.lang, "series.wrong-none")}
            return self._form(request, found, old, fields, wrong)

    def _form(
        self,
        request: Request,
        found: OpenSeries,
        old: KeptSeries,
        values: Mapping[str, Sequence[str]],
        wrong: Mapping[str, str],
    ) -> Response:
        bounds = self._bounds(request, found)
        return self._page(
            request,
            found,
            "series_dates.html",
            422 if wrong else 200,
            values=values,
            wrong=wrong,
            errors=list(wrong.items()),
            how=fields_of(old)["how"][0],
            rule=rule_words(old, bounds.lang),
            until=dates.short(old.until, bounds.lang),
            days=DAYS,
            nths=NTHS,
            first_iso=bounds.first.isoformat(),
            last_iso=bounds.last.isoformat(),
            reader=found.opened.reader,
        )

    def _preview(
        self, request: Request, found: OpenSeries, said: YearSet, posted: Mapping[str, Sequence[str]]
    ) -> Response:
        lang = self._bounds(request, found).lang
        seen = preview(found.world.programme, said, found.opened.today)
        return self._page(
            request,
            found,
            "series_dates_preview.html",
            rows=[date_view(one, lang) for one in seen],
            facts=_facts(said.kept, lang),
            goes_on=dates.short(said.kept.until, lang) if said.kept.rrule else "",
            fields=[(name, value) for name, values in posted.items() for value in values],
        )

    def _set(self, request: Request, found: OpenSeries, old: KeptSeries) -> Response:
        bounds, programme = self._bounds(request, found), found.world.programme
        return self._page(
            request,
            found,
            "series_dates_set.html",
            rows=[date_view(one, bounds.lang) for one in year_of(programme, found.asked, bounds.first)],
            facts=_facts(old, bounds.lang),
            thanks="done" in request.query_params,
            by=old.by,
            on=dates.short(old.on, bounds.lang) if old.on else "",
            link_until=dates.in_sentence(found.opened.until, bounds.lang),
            path=request.url.path,
            unit_page=unit_page(self.site.service.secret, found.opened),
        )

    def _page(
        self, request: Request, found: OpenSeries, template: str, status: int = 200, /, **model: object
    ) -> Response:
        """Return a page with what stands on all of them: the title, whose it is, the year."""
        lang, programme = self.site.visitor(request).lang, found.world.programme
        action = programme.action_by_id[found.asked.action]
        names = (programme.organisation_by_key[key].name for key in action.leads_on(found.opened.today))
        return own_pages.page(
            self.site,
            request,
            template,
            status,
            own_name=programme.name.get(lang),
            title=action.title.get(lang),
            party=shared.names(lang, names),
            year=found.asked.year,
            **model,
        )

    def _bounds(self, request: Request, found: OpenSeries) -> Bounds:
        return Bounds(found.first, found.last, self.site.visitor(request).lang)


def _old(found: OpenSeries) -> KeptSeries | None:
    """Return the series as it is; None when the secretary has taken it away."""
    try:
        return covering(found.world.programme, found.asked, found.first)
    except NotFoundError:
        return None


def _facts(kept: KeptSeries, lang: Lang) -> list[tuple[str, str]]:
    """Return time, place and video link, each with its label's id."""
    facts = [
        ("time", when(kept.at, kept.minutes, lang)),
        ("place", kept.place.get(lang)),
        ("video", kept.video),
    ]
    return [(name, words) for name, words in facts if words]
