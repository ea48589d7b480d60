"""A unit sets a provisional series' dates, behind its mail's link: form, preview, thanks.

GET changes nothing; what is posted is shown as subscribers will see it before a second button keeps it.
The fields are fewer than the secretary's (``edit``); what is read of them is read as hers is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from email_templates.dates import typed_date
from reminders.errors import NotFoundError, SkippedTimeError, UsageError
from reminders.use.answers.links import ClosedLink, OpenSeries, open_series
from reminders.use.series import (
    YearDates,
    dates_of,
    dates_of_year,
    preview_year,
    series_of_year,
    set_year_dates,
)
from reminders.web.answers import link_to
from reminders.web.catalogue import say
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.series.edit import (
    DAYS,
    NTHS,
    SeriesReading,
    date_view,
    fields_of,
    rule_words,
    skipped_time,
)
from schedule_rules.programme import LANGUAGES, EditedSeries, Lang, Text

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


def proposed_fields(old: EditedSeries, limits: DateLimits) -> dict[str, list[str]]:
    """Return the fields as the page opens: the series as it is, its dates of the year one by one."""
    fields = fields_of(old)
    days = [one.day for one in dates_of(old) if limits.first <= one.day <= limits.last]
    days = days if len(days) <= MOST else []
    return {
        "how": ["dates" if not old.rrule else "rule"],
        **{name: fields[name] for name in (*RULE, "at", "minutes", "video")},
        "place": [old.place.get(limits.lang)],
        "date": [day.isoformat() for day in days] + [""] * SPARE,
    }


def read_dates(
    posted: Mapping[str, Sequence[str]], old: EditedSeries, limits: DateLimits
) -> tuple[EditedSeries, dict[str, str]]:
    """Return the series that a form says, confirmed, and by field what is wrong with it.

    A new place stands in the writer's language only, and so for all.
    """

    def text(name: str) -> str:
        return next(iter(posted.get(name, ())), "").strip()

    one_by_one = text("how") == "dates" or not old.rrule
    listed, wrong = _listed_dates(posted.get("date", ()), limits) if one_by_one else ((), {})
    now = fields_of(old)
    place = old.place if text("place") == old.place.get(limits.lang) else Text(**{limits.lang: text("place")})
    reading = SeriesReading(
        limits.lang,
        {
            **now,
            **{name: posted.get(name, ()) for name in (*RULE, "at", "minutes", "video")},
            **{f"place-{lang}": [getattr(place, lang)] for lang in LANGUAGES},
            "how": ["dates" if one_by_one else now["how"][0]],
            "first": [max(old.first, limits.first).isoformat()],
            "list": ["\n".join(day.isoformat() for day in listed)],
            "state": ["confirmed"],
        },
    )
    series = reading.series(old)
    found = dict[str, str]()
    for name, words in reading.wrong.items():  # under the page's own field, where it has another
        found["place" if name.startswith("place-") else "how" if name in _OF_RULE else name] = words
    found |= wrong
    if one_by_one and not listed:
        found.pop("how", None)
        found.setdefault(next(iter(wrong), "date-0"), say(limits.lang, "dates.wrong-none"))
    return series, found


def _listed_dates(typed: Iterable[str], limits: DateLimits) -> tuple[tuple[date, ...], dict[str, str]]:
    """Return the days that were typed, in order, and what is wrong with which."""
    first, last = dates.short(limits.first, limits.lang), dates.short(limits.last, limits.lang)
    days, wrong = set[date](), dict[str, str]()
    for place, text in enumerate(typed):
        day = typed_date(text) if text.strip() else None
        if day and limits.first <= day <= limits.last:
            days.add(day)
        elif day:
            wrong[f"date-{place}"] = say(limits.lang, "dates.wrong-year", first=first, last=last)
        elif text.strip():
            wrong[f"date-{place}"] = say(limits.lang, "dates.wrong-date", example=last)
    return tuple(sorted(days)), wrong


def series_facts(series: EditedSeries, lang: Lang) -> list[tuple[str, str]]:
    """Return time (*klo 17.00–19.00*; none: the whole day), place and video link, each with its label."""
    time_of_day = ""
    if series.at and series.minutes:
        ends = datetime.combine(series.first, series.at) + timedelta(minutes=series.minutes)
        time_of_day = dates.between(series.at, ends.time(), lang)
    elif series.at:
        time_of_day = dates.at(series.at, lang)
    facts = [("time", time_of_day), ("place", series.place.get(lang)), ("video", series.video)]
    return [(name, words) for name, words in facts if words]


@dataclass(frozen=True, slots=True)
class UnitSeries:
    """The series that a link is about, as it is, with the days of its year that may be set."""

    link: OpenSeries
    old: EditedSeries
    limits: DateLimits

    def top(self, lang: Lang) -> dict[str, object]:
        """Return what stands on top of each of its pages: the title, whose it is, the year."""
        programme = self.link.state.programme
        action = programme.action_by_id[self.link.series.action]
        leads = action.leads_on(self.link.opened.today)
        return {
            "own_name": programme.name.get(lang),
            "title": action.title.get(lang),
            "party": shared.names(lang, (programme.organisation_by_key[key].name for key in leads)),
            "year": self.link.series.year,
        }


class SeriesDatesPages(Pages):
    """The form behind a mail's link, what subscribers will see, or the dates as they were set."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.linked("/series/{token}", _open, self.show, self.set, FormLimits(size=50_000))

    def show(self, page: Page, unit: UnitSeries) -> Response:
        """Show the form, or the dates as they were set."""
        link, old, lang = unit.link, unit.old, page.lang
        if old.state == "tentative" or "change" in page.query:
            return self._form(page, unit, proposed_fields(old, unit.limits), {})
        ahead = dates_of_year(link.state.programme, link.series, link.first)
        return page.render(
            "series_dates_set.html",
            **unit.top(lang),
            rows=[date_view(one, lang) for one in ahead],
            facts=series_facts(old, lang),
            thanks="done" in page.query,
            by=old.by,
            on=dates.short(old.on, lang) if old.on else "",
            link_until=dates.in_sentence(link.opened.until, lang),
            path=page.request.url.path,
            unit_page=link_to(page, link.opened, "unit"),
        )

    def set(self, page: Page, unit: UnitSeries) -> Response:
        """Show what is wrong, else what subscribers will see; keep it where that was seen."""
        link, old, limits = unit.link, unit.old, unit.limits
        posted = {name: [str(one) for one in page.form.getlist(name)] for name in page.form if name != "step"}
        series, wrong = read_dates(posted, old, limits)
        fields = proposed_fields(old, limits) | {name: [] for name in ("days", "months-off")} | posted
        if wrong or page.text("step") == "edit":
            return self._form(page, unit, fields, wrong)
        year = YearDates(link.state.programme.key, link.series, series, link.first, link.opened.reader)
        try:
            if page.text("step") == "save":
                set_year_dates(page.service, year)
                return page.back(done="1")
            ahead = preview_year(link.state.programme, year, link.opened.today)
        except SkippedTimeError as error:
            return self._form(page, unit, fields, {"at": skipped_time(error, page.lang)})
        except UsageError:  # what is left: the rule gives no date from its first day on
            return self._form(page, unit, fields, {"how": page.say("series.wrong-none")})
        return page.render(
            "series_dates_preview.html",
            **unit.top(page.lang),
            rows=[date_view(one, page.lang) for one in ahead],
            facts=series_facts(series, page.lang),
            goes_on=dates.short(series.until, page.lang) if series.rrule else "",
            fields=[(name, value) for name, values in posted.items() for value in values],
        )

    def _form(
        self, page: Page, unit: UnitSeries, values: Mapping[str, Sequence[str]], wrong: Mapping[str, str]
    ) -> Response:
        old, limits = unit.old, unit.limits
        return page.render(
            "series_dates.html",
            422 if wrong else 200,
            **unit.top(page.lang),
            values=values,
            wrong=wrong,
            errors=list(wrong.items()),
            how=fields_of(old)["how"][0],
            rule=rule_words(old, page.lang),
            until=dates.short(old.until, page.lang),
            days=DAYS,
            nths=NTHS,
            first_iso=limits.first.isoformat(),
            last_iso=limits.last.isoformat(),
            reader=unit.link.opened.reader,
        )


def _open(page: Page) -> UnitSeries | ClosedLink:
    """Return what a link opens; nothing where the series was taken away, or its year is over."""
    link = open_series(page.service, page.path("token"))
    if isinstance(link, ClosedLink):
        return link
    try:
        old = series_of_year(link.state.programme, link.series, link.first)
    except NotFoundError:
        return ClosedLink("gone")
    limits = DateLimits(link.first, link.last, page.lang)
    return UnitSeries(link, old, limits) if limits.first <= limits.last else ClosedLink("gone")
