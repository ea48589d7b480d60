"""The page on which a unit sets a provisional series' dates, behind its mail's link: form, preview, thanks.

GET changes nothing; what is posted is shown as subscribers will see it before a second button keeps it.

The fields in which a unit sets a series' dates, and what is wrong with them. Pure.

They are fewer than the secretary's; what is read of them is read by ``series_form``.

The provisional series whose dates a reader's units have been asked for, as links to set them. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.errors import NotFoundError, SkippedTimeError, UsageError
from reminders.planning.due import stages_of
from reminders.planning.links import Links, series_subject
from reminders.planning.policy import asks_for_dates
from reminders.planning.speakers import speaks_for
from reminders.planning.state import ProgrammeState, responsible
from reminders.planning.typed_date import typed_date
from reminders.use.answers.links import ClosedLink, OpenLink, OpenSeries, open_series
from reminders.use.series.edit import (
    YearDates,
    dates_of,
    dates_of_year,
    preview_year,
    series_of_year,
    set_year_dates,
)
from reminders.web import forms
from reminders.web.answers.answer import unit_page
from reminders.web.catalogue import say
from reminders.web.forms import read_form, text_of
from reminders.web.series.edit import DAYS, NTHS, SeriesReading, date_view, fields_of, read_series, rule_words
from reminders.web.site import Site
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import EditedSeries, Lang, Text

# -- The fields in which a unit sets a series' dates, and what is wrong with them. Pure

RULE: Final = ("days", "nth", "weekday", "month", "months-off")
MOST: Final = 14
"""So many dates are proposed one by one; of a weekly series none is."""
SPARE: Final = 2
_OF_RULE: Final = ("first", "until", "list", "interval", "quiet")


@dataclass(frozen=True, slots=True)
class DateLimits:
    """The days that may be set, and the language that they are typed in."""

    first: date
    last: date
    lang: Lang


def proposed_dates(old: EditedSeries, bounds: DateLimits) -> dict[str, list[str]]:
    """Return the fields as the page opens: the series as it is, its dates of the year one by one."""
    fields = fields_of(old)
    days = [one.day for one in dates_of(old) if bounds.first <= one.day <= bounds.last]
    days = days if len(days) <= MOST else []
    return {
        "how": ["dates" if not old.rrule else "rule"],
        **{name: fields[name] for name in (*RULE, "at", "minutes", "video")},
        "place": [old.place.get(bounds.lang)],
        "date": [day.isoformat() for day in days] + [""] * SPARE,
    }


def read_dates(
    posted: Mapping[str, Sequence[str]], old: EditedSeries, bounds: DateLimits
) -> tuple[EditedSeries, dict[str, str]]:
    """Return the series that a form says, confirmed, and by field what is wrong with it."""
    one_by_one = _first(posted, "how") == "dates" or not old.rrule
    listed, wrong = _dates(posted.get("date", ()), bounds) if one_by_one else ((), {})
    now = fields_of(old)
    values: dict[str, Sequence[str]] = {
        **now,
        **{name: posted.get(name, ()) for name in RULE},
        **{name: posted.get(name, ()) for name in ("at", "minutes", "video")},
        **_place(old.place, _first(posted, "place"), bounds.lang),
        "how": ["dates" if one_by_one else now["how"][0]],
        "first": [max(old.first, bounds.first).isoformat()],
        "list": ["\n".join(day.isoformat() for day in listed)],
        "state": ["confirmed"],
    }
    reading = SeriesReading(bounds.lang, values)
    made = read_series(reading, old)
    found = {_field(name): words for name, words in reading.wrong.items()} | wrong
    if one_by_one and not listed:
        found.pop("how", None)
        found.setdefault(next(iter(wrong), "date-0"), say(bounds.lang, "dates.wrong-none"))
    return made, found


def _field(name: str) -> str:
    """Return which of the page's fields stands for one of the series' own."""
    return "place" if name.startswith("place-") else "how" if name in _OF_RULE else name


def _dates(typed: Iterable[str], bounds: DateLimits) -> tuple[tuple[date, ...], dict[str, str]]:
    """Return the days that were typed, in order, and what is wrong with which."""
    found, wrong = set[date](), dict[str, str]()
    for place, text in enumerate(typed):
        day = typed_date(text) if text.strip() else None
        if day and bounds.first <= day <= bounds.last:
            found.add(day)
        elif text.strip():
            wrong[f"date-{place}"] = _wrong_day(day, bounds)
    return tuple(sorted(found)), wrong


def _wrong_day(day: date | None, bounds: DateLimits) -> str:
    first, last = dates.short(bounds.first, bounds.lang), dates.short(bounds.last, bounds.lang)
    if day is None:
        return say(bounds.lang, "dates.wrong-date", example=last)
    return say(bounds.lang, "dates.wrong-year", first=first, last=last)


def _place(old: Text, typed: str, lang: Lang) -> dict[str, Sequence[str]]:
    """Return the place in each language: a new one stands in the writer's only, and so for all."""
    place = old if typed == old.get(lang) else Text(**{lang: typed})
    return {f"place-{one}": [getattr(place, one)] for one in ("fi", "sv", "en")}


def _first(posted: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(posted.get(name, ())), "").strip()


def when(at: time | None, minutes: int, lang: Lang) -> str:
    """Say the time of day: *klo 17.00–19.00*, nothing for a whole day."""
    if at is None:
        return ""
    ends = (at.hour * 60 + at.minute + minutes) % (24 * 60)
    return dates.between(at, time(ends // 60, ends % 60), lang) if minutes else dates.at(at, lang)


# -- The page on which a unit sets a provisional series' dates, behind its mail's link: form, p

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
        if isinstance(found, ClosedLink):
            return forms.closed(self.site, request, found)
        bounds = self._bounds(request, found)
        old = _old(found)
        if old is None or bounds.first > bounds.last:
            return forms.closed(self.site, request, ClosedLink("gone"))
        if old.state != "tentative" and "change" not in request.query_params:
            return self._set(request, found, old)
        return self._form(request, found, old, proposed_dates(old, bounds), {})

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := forms.refuse_foreign(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        token = request.path_params["token"]
        found = open_series(self.site.service, token)
        if isinstance(found, ClosedLink):
            return forms.closed_post(self.site, request, found, form)
        old, bounds = _old(found), self._bounds(request, found)
        if old is None or bounds.first > bounds.last:
            return forms.closed(self.site, request, ClosedLink("gone"))
        return self._read(request, found, old, form)

    def _read(self, request: Request, found: OpenSeries, old: EditedSeries, form: FormData) -> Response:
        """Show what is wrong, else what subscribers will see; keep it where that was seen."""
        posted = {name: [str(one) for one in form.getlist(name)] for name in form if name != "step"}
        bounds, step = self._bounds(request, found), text_of(form, "step")
        kept, wrong = read_dates(posted, old, bounds)
        fields = proposed_dates(old, bounds) | {name: [] for name in ("days", "months-off")} | posted
        if wrong or step == "edit":
            return self._form(request, found, old, fields, wrong)
        key = found.state.programme.key
        said = YearDates(key, found.series, kept, bounds.first, found.opened.reader)
        try:
            if step == "save":
                set_year_dates(self.site.service, said)
                return forms.back(request, bounds.lang, done="1")
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
        old: EditedSeries,
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
        self, request: Request, found: OpenSeries, said: YearDates, posted: Mapping[str, Sequence[str]]
    ) -> Response:
        lang = self._bounds(request, found).lang
        seen = preview_year(found.state.programme, said, found.opened.today)
        return self._page(
            request,
            found,
            "series_dates_preview.html",
            rows=[date_view(one, lang) for one in seen],
            facts=_facts(said.series, lang),
            goes_on=dates.short(said.series.until, lang) if said.series.rrule else "",
            fields=[(name, value) for name, values in posted.items() for value in values],
        )

    def _set(self, request: Request, found: OpenSeries, old: EditedSeries) -> Response:
        bounds, programme = self._bounds(request, found), found.state.programme
        return self._page(
            request,
            found,
            "series_dates_set.html",
            rows=[
                date_view(one, bounds.lang) for one in dates_of_year(programme, found.series, bounds.first)
            ],
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
        lang, programme = self.site.visitor(request).lang, found.state.programme
        action = programme.action_by_id[found.series.action]
        names = (programme.organisation_by_key[key].name for key in action.leads_on(found.opened.today))
        return forms.page(
            self.site,
            request,
            template,
            status,
            own_name=programme.name.get(lang),
            title=action.title.get(lang),
            party=shared.names(lang, names),
            year=found.series.year,
            **model,
        )

    def _bounds(self, request: Request, found: OpenSeries) -> DateLimits:
        return DateLimits(found.first, found.last, self.site.visitor(request).lang)


def _old(found: OpenSeries) -> EditedSeries | None:
    """Return the series as it is; None when the secretary has taken it away."""
    try:
        return series_of_year(found.state.programme, found.series, found.first)
    except NotFoundError:
        return None


def _facts(kept: EditedSeries, lang: Lang) -> list[tuple[str, str]]:
    """Return time, place and video link, each with its label's id."""
    facts = [
        ("time", when(kept.at, kept.minutes, lang)),
        ("place", kept.place.get(lang)),
        ("video", kept.video),
    ]
    return [(name, words) for name, words in facts if words]


# -- The provisional series whose dates a reader's units have been asked for, as links to set t


def series_waiting(secret: str, opened: OpenLink, lang: Lang) -> list[tuple[str, str, str]]:
    """Return (address, title, assumed date) of what was asked and still has a date ahead in its year."""
    links = Links(secret)
    return [
        (
            "/series/" + links.issue("series", series_subject(row), opened.reader, opened.until),
            row.title.get(lang),
            dates.in_table(row.due, lang),
        )
        for state in opened.states.values()
        for row in _asked(state, opened.reader, opened.today)
    ]


def _asked(state: ProgrammeState, reader: str, today: date) -> Iterator[Occurrence]:
    for row_id in sorted(asks_for_dates(tuple(state.occurrences.values()))):
        row = state.occurrences[row_id]
        ahead = any(
            one.id.seed == row.id.seed and one.due.year == row.due.year and one.due >= today
            for one in state.occurrences.values()
        )
        reached = any(stage.send_on <= today for stage in stages_of(state, row))
        if ahead and reached and speaks_for(state.people, responsible(state, row, today), reader, today):
            yield row
