"""The dates of a series in a year, set by its unit behind a mail's link.

As in ``pages``: GET changes nothing, what is posted is shown before it is kept, and nobody saves over what a
colleague saved meanwhile without having seen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.errors import EditedMeanwhileError, NotFoundError, SeriesProblemError, SkippedTimeError
from reminders.use.answers.links import ClosedLink, OpenSeries, open_series
from reminders.use.series.edits import Edit
from reminders.use.series.saves import newest_save, saved_meanwhile
from reminders.use.series.year_dates import (
    YearDates,
    dates_of_year,
    is_year_saved,
    preview_year,
    series_of_year,
    set_year_dates,
)
from reminders.web.answers.answer import link_to
from reminders.web.bounds import whole_number
from reminders.web.catalogue import no_date_words, say
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.series.series_form import (
    NTHS,
    SeriesReading,
    chosen_phase,
    phase_choices,
    series_fields,
    series_problem_words,
    skipped_time,
)
from reminders.web.series.series_words import (
    Meanwhile,
    closed_words,
    date_view,
    meanwhile_words,
    rule_words,
    time_words,
)
from schedule_rules.edited_series import dates_of, is_open, problem
from schedule_rules.programme import LANGUAGES, EditedSeries, Lang, Text
from schedule_rules.recurrence import DAYS
from schedule_rules.series_edits import counted_from
from schedule_rules.workdays import Workdays

RULE: Final = ("days", "nth", "weekday", "year-nth", "year-weekday", "month", "months-off")
MOST: Final = 14
"""So many dates are proposed one by one; of a weekly series none is."""
SPARE: Final = 2
SPARE_FREQUENT: Final = 12
_OF_RULE: Final = ("first", "until", "list", "interval", "quiet", "phase")
_PLAIN: Final = ("at", "ends", "video", "sign-up")


@dataclass(frozen=True, slots=True)
class DateLimits:
    """The days that may be set, the language that they are typed in, and on which days offices are open."""

    first: date
    last: date
    lang: Lang
    workdays: Workdays


def proposed_fields(old: EditedSeries, limits: DateLimits) -> dict[str, list[str]]:
    """Return the fields as the page opens: the series as it is, its dates of the year one by one."""
    fields = series_fields(old, limits.lang)
    standing = [one for one in dates_of(old) if limits.first <= one.day <= limits.last]
    if old.state == "tentative":
        standing = [one for one in standing if one.changed or is_open(one.day, limits.workdays)]
    days = [one.day for one in standing] if len(standing) <= MOST else []
    phase, _ = phase_choices(old, limits.first, limits.lang)
    spare = SPARE if days else SPARE_FREQUENT
    return {
        "how": ["dates" if not may_keep_rule(old) else "rule"],
        **{name: fields[name] for name in (*RULE, *_PLAIN)},
        "place": [old.place.get(limits.lang)],
        "details": [old.description.get(limits.lang)],
        "phase": [phase],
        "date": [dates.short(day, limits.lang) for day in days] + [""] * spare,
    }


def may_keep_rule(old: EditedSeries) -> bool:
    """Tell whether a unit may confirm a series' rule: one that every calendar program holds."""
    return bool(old.rrule) and not problem(replace(old, state="confirmed", at=None))


def read_dates(
    posted: Mapping[str, Sequence[str]], old: EditedSeries, limits: DateLimits
) -> tuple[EditedSeries, dict[str, str]]:
    """Return the series that a form says, confirmed, and by field what is wrong with it.

    A new place or description stands in the writer's language only, and so for all.
    """

    def text(name: str) -> str:
        return next(iter(posted.get(name, ())), "").strip()

    def own_text(name: str, was: Text) -> dict[str, list[str]]:
        same = name not in posted or text(name) == was.get(limits.lang)
        words = was if same else Text(**{limits.lang: text(name)})
        return {f"{name}-{lang}": [getattr(words, lang)] for lang in LANGUAGES}

    one_by_one = text("how") == "dates" or not old.rrule
    listed, wrong = _listed_dates(posted.get("date", ()), limits) if one_by_one else ((), {})
    now = series_fields(old, limits.lang)
    typed = {name: posted[name] for name in (*_PLAIN, "minutes") if name in posted}
    if "minutes" in typed and "ends" not in typed:  # a form of an older page
        now.pop("ends")
    reading = SeriesReading(
        limits.lang,
        {
            **now,
            **{name: posted.get(name, posted.get(name.removeprefix("year-"), ())) for name in RULE},
            **typed,
            **own_text("place", old.place),
            **own_text("details", old.description),
            "how": ["dates" if one_by_one else now["how"][0]],
            "first": [max(old.first, limits.first).isoformat()],
            "list": [", ".join(day.isoformat() for day in listed)],
            "state": ["confirmed"],
        },
    )
    series = reading.series(old)
    if not one_by_one:
        anchor = chosen_phase(old, text("phase"), max(old.first, limits.first))
        series = replace(series, anchor=anchor or counted_from(old))
    found = dict[str, str]()
    for name, words in reading.wrong.items():  # under the page's own field, where it has another
        plain = next((one for one in ("place", "details") if name.startswith(f"{one}-")), name)
        found["how" if name in _OF_RULE else plain] = words
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
        day = dates.typed_date(text) if text.strip() else None
        if day and limits.first <= day <= limits.last:
            days.add(day)
        elif day:
            wrong[f"date-{place}"] = say(limits.lang, "dates.wrong-year", first=first, last=last)
        elif text.strip():
            expected = say(limits.lang, "dates.wrong-date", example=last)
            wrong[f"date-{place}"] = no_date_words(text, limits.lang, expected)
    return tuple(sorted(days)), wrong


def series_facts(series: EditedSeries, lang: Lang) -> list[tuple[str, str]]:
    """Return time (*klo 17.00–19.00*; none: whole days), place, links and description, with their labels."""
    facts = [
        ("time", time_words(series, lang)),
        ("place", series.place.get(lang)),
        ("video", series.video),
        ("details", series.description.get(lang)),
        ("sign-up", series.sign_up),
    ]
    return [(name, words) for name, words in facts if words]


@dataclass(frozen=True, slots=True)
class UnitSeries:
    """The series that a link is about, as it is, with the days of its year that may be set."""

    link: OpenSeries
    old: EditedSeries
    limits: DateLimits

    @property
    def programme_key(self) -> str:
        """The key of its programme."""
        return self.link.state.programme.key

    def top(self, lang: Lang) -> dict[str, object]:
        """Return what stands on top of each of its pages: the title, whose it is, the year."""
        programme = self.link.state.programme
        action = programme.action_by_id[self.link.series.action]
        leads = action.leads_on(self.link.opened.today)
        return {
            "own_name": programme.name.get(lang),
            "title": (self.old.title or action.title).get(lang),
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
            rows=[date_view(one, lang, link.state.programme.timezone) for one in ahead],
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
        link, old, limits, lang = unit.link, unit.old, unit.limits, page.lang
        posted = page.lists
        series, wrong = read_dates(posted, old, limits)
        fields = proposed_fields(old, limits) | {name: [] for name in ("days", "months-off")} | posted
        if wrong or page.text("step") == "edit":
            return self._form(page, unit, fields, wrong)
        programme = link.state.programme
        year = YearDates(
            programme.key,
            link.series,
            series,
            link.first,
            link.opened.reader,
            whole_number(page.text("seen")),
        )
        if is_year_saved(page.service, programme, year):  # a second press
            return page.back(done="1")
        if meanwhile := self._meanwhile(page, unit, year):
            return self._form(page, unit, fields, {}, meanwhile)
        try:
            if page.text("step") == "save":
                set_year_dates(page.service, year)
                return page.back(done="1")
            ahead, left_out = preview_year(programme, year, link.opened.today)
        except EditedMeanwhileError:  # between the look and the save
            return self._form(page, unit, fields, {}, self._meanwhile(page, unit, year))
        except SkippedTimeError as error:
            return self._form(page, unit, fields, {"at": skipped_time(error, lang)})
        except SeriesProblemError as error:
            where = "ends" if error.code in {"length", "overlap"} else "how"
            return self._form(page, unit, fields, {where: series_problem_words(error, lang)})
        return page.render(
            "series_dates_preview.html",
            **unit.top(lang),
            rows=[date_view(one, lang, link.state.programme.timezone) for one in ahead],
            facts=series_facts(series, lang),
            left_out=closed_words(left_out, lang) if left_out else "",
            goes_on=dates.short(series.until, lang) if series.rrule else "",
            fields=[(name, value) for name, values in posted.items() for value in values],
        )

    def _meanwhile(self, page: Page, unit: UnitSeries, year: YearDates) -> Meanwhile | None:
        key = unit.programme_key
        edit = Edit(key, year.year.action, year.year.name, year.by, seen=year.seen)
        with page.read() as connection:
            row = self.site.snapshots.find(connection, key).row
        found = saved_meanwhile(page.service, unit.link.state.programme, edit)
        return meanwhile_words(found, row, year.year.action, page.lang, page.zone)

    def _form(
        self,
        page: Page,
        unit: UnitSeries,
        values: Mapping[str, Sequence[str]],
        wrong: Mapping[str, str],
        meanwhile: Meanwhile | None = None,
    ) -> Response:
        old, limits = unit.old, unit.limits
        how = series_fields(old, page.lang)["how"][0]
        return page.render(
            "series_dates.html",
            422 if wrong else 409 if meanwhile else 200,
            **unit.top(page.lang),
            values=values,
            wrong=wrong,
            errors=list(wrong.items()),
            meanwhile=meanwhile,
            seen=newest_save(page.service, unit.programme_key, old.action),
            how=how if may_keep_rule(old) else "dates",
            rule=rule_words(old, page.lang),
            until=dates.short(old.until, page.lang),
            phases=phase_choices(old, max(old.first, limits.first), page.lang)[1],
            days=DAYS,
            nths=NTHS,
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
    limits = DateLimits(link.first, link.last, page.lang, link.state.workdays)
    return UnitSeries(link, old, limits) if limits.first <= limits.last else ClosedLink("gone")
