"""An action's event series: edited by the secretary, signed in; or its dates set by a unit, by a mail's link.

GET changes nothing; what is posted is shown as subscribers will see it before a second button keeps it.
What a form says of a series is read by ``SeriesReading``: the unit's fields are fewer than the secretary's,
and are read as hers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.errors import NotFoundError, SkippedTimeError, UsageError
from reminders.planning.state import ProgrammeRow
from reminders.use import series as use
from reminders.use.answers.links import ClosedLink, OpenSeries, open_series
from reminders.web.answers.answer import link_to
from reminders.web.catalogue import say
from reminders.web.page import FormLimits, Page, Pages
from schedule_rules.days import Span
from schedule_rules.edited_series import dates_of, problem
from schedule_rules.programme import LANGUAGES, DateChange, EditedSeries, Lang, Programme, SeriesState, Text

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTHS: Final = ("1", "2", "3", "4", "-1")
STATES: Final[tuple[SeriesState, ...]] = ("tentative", "confirmed", "cancelled")
HOWS: Final = ("weekly", "monthly", "yearly", "dates", "kept")
LONGEST: Final = 300
EXAMPLE_DAY, EXAMPLE_SPAN, EXAMPLE_TIME = "2025-05-27", "2025-06-01..2025-08-10", "17:00"
_Value = TypeVar("_Value")
_FIELD_OF: Final = {"order": "until", "rule": "how", "length": "minutes", "none": "first", "many": "until"}


@dataclass
class SeriesReading:
    """A posted form while it is read: values by field, and what is wrong, by field."""

    lang: Lang
    values: Mapping[str, Sequence[str]]
    wrong: dict[str, str] = field(default_factory=dict)

    def series(self, old: EditedSeries) -> EditedSeries:
        """Return the series that the form says; ``wrong`` tells what is wrong with it."""
        how = self.text("how")
        days = self.read("list", _days, "date", EXAMPLE_DAY) or ()
        made = replace(
            old,
            first=self.day("first") or old.first,
            until=self.day("until") or old.until,
            rrule="" if how == "dates" else old.rrule if how == "kept" else self.rrule(how),
            dates=days if how == "dates" else old.dates if how == "kept" else (),
            at=self.time(),
            minutes=self.read("minutes", int, "number") or 0,
            title=self.texts("title"),
            place=self.texts("place"),
            video=self.video(),
            months_off=tuple(
                sorted(int(one) for one in self.values.get("months-off", ()) if one.isdecimal())
            ),
            quiet=self.read("quiet", _spans, "date", EXAMPLE_SPAN) or (),
            state=next((one for one in STATES if one == self.text("state")), "confirmed"),
        )
        wrong = "" if self.wrong else problem(made)
        if not made.rrule and how != "dates" and not made.dates:
            wrong = "rule"
        if wrong:
            self.wrong[_FIELD_OF[wrong]] = say(self.lang, f"series.wrong-{wrong}")
        return made

    def change(self, on: date) -> DateChange:
        """Return the change of one date that the form says; what is left empty is as in the series."""
        place = self.texts("place")
        return DateChange(
            on,
            self.day("day"),
            self.time(),
            self.read("minutes", int, "number"),
            place or None,
            self.video() or None,
        )

    def rrule(self, how: str) -> str:
        """Return the RRULE of the fields; nothing when they say none."""
        interval = self.read("interval", int, "number") or 1
        every = f";INTERVAL={interval}" if interval != 1 else ""
        nth = f"{self.text('nth')}{self.text('weekday')}"
        days = ",".join(day for day in DAYS if day in self.values.get("days", ()))
        match how:
            case "weekly" if days:
                return f"FREQ=WEEKLY{every};BYDAY={days}"
            case "monthly":
                return f"FREQ=MONTHLY{every};BYDAY={nth}"
            case "yearly":
                return f"FREQ=YEARLY{every};BYMONTH={self.text('month')};BYDAY={nth}"
        return ""

    def text(self, name: str) -> str:
        """Return a field's text; one that is too long is wrong."""
        text = next(iter(self.values.get(name, ())), "").strip()
        if len(text) > LONGEST and name not in {"list", "quiet"}:
            self.wrong[name] = say(self.lang, "series.wrong-long", most=LONGEST)
        return text

    def read(self, name: str, reader: Callable[[str], _Value], code: str, example: str = "") -> _Value | None:
        """Return a field read by ``reader``; None when it is empty, or wrong."""
        text = self.text(name)
        if not text:
            return None
        try:
            return reader(text)
        except ValueError:
            # An example is a variable of those texts only that have one.
            words = {"example": example} if example else {}
            self.wrong[name] = say(self.lang, f"series.wrong-{code}", None, **words)
            return None

    def day(self, name: str) -> date | None:
        """Return a day, as a date field of a browser sends it."""
        return self.read(name, date.fromisoformat, "date", EXAMPLE_DAY)

    def time(self) -> time | None:
        """Return the time of day."""
        return self.read("at", _time, "time", EXAMPLE_TIME)

    def texts(self, name: str) -> Text:
        """Return a text in its three languages."""
        return Text(**{lang: self.text(f"{name}-{lang}") for lang in LANGUAGES})

    def video(self) -> str:
        """Return the link of a video meeting."""
        link = self.text("video")
        if link and (not link.startswith("https://") or any(sign.isspace() for sign in link)):
            self.wrong["video"] = say(self.lang, "series.wrong-video")
        return link


def _time(text: str) -> time:
    return time.fromisoformat(text.replace(".", ":").zfill(5)).replace(second=0, microsecond=0, tzinfo=None)


def _days(text: str) -> tuple[date, ...]:
    return tuple(sorted({date.fromisoformat(line) for line in text.split()}))


def _spans(text: str) -> tuple[Span, ...]:
    pairs = (line.partition("..") for line in text.split())
    spans = tuple(Span(date.fromisoformat(first), date.fromisoformat(last)) for first, _, last in pairs)
    if any(span.last < span.first for span in spans):
        raise ValueError(text)
    return spans


def fields_of(series: EditedSeries) -> dict[str, list[str]]:
    """Return the fields of a form that says what a series is now."""
    parts = dict(part.partition("=")[::2] for part in series.rrule.split(";")) if series.rrule else {}
    byday = parts.get("BYDAY", "")
    one_nth = byday[:-2] in NTHS and byday[-2:] in DAYS
    how = "kept" if series.rrule else "dates"
    match parts.get("FREQ"):
        case "WEEKLY" if set(byday.split(",")) <= set(DAYS):
            how = "weekly"
        case "MONTHLY" if one_nth:
            how = "monthly"
        case "YEARLY" if one_nth and parts.get("BYMONTH", "").isdecimal():
            how = "yearly"
    by_nth = how in {"monthly", "yearly"}
    return {
        "how": [how],
        "interval": [parts.get("INTERVAL", "1")],
        "days": byday.split(",") if how == "weekly" else [],
        "nth": [byday[:-2] if by_nth else "2"],
        "weekday": [byday[-2:] if by_nth else "TH"],
        "month": [parts.get("BYMONTH", "11")],
        "first": [series.first.isoformat()],
        "until": [series.until.isoformat()],
        "list": ["\n".join(day.isoformat() for day in series.dates)],
        "at": [f"{series.at:%H:%M}" if series.at else ""],
        "minutes": [str(series.minutes or "")],
        "video": [series.video],
        "months-off": [str(month) for month in series.months_off],
        "quiet": ["\n".join(f"{span.first}..{span.last}" for span in series.quiet)],
        "state": [series.state],
        **{f"title-{lang}": [getattr(series.title, lang)] for lang in LANGUAGES},
        **{f"place-{lang}": [getattr(series.place, lang)] for lang in LANGUAGES},
    }


@dataclass(frozen=True, slots=True)
class DateView:
    """One date in words; ``on`` names it in its series, ``clash`` says what it falls on."""

    on: str
    day: date
    when: str
    state: str
    tentative: bool
    clash: str


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One series in words, with its dates to come and those that are past."""

    name: str
    rule: str
    when: str
    place: str
    state: str
    ahead: tuple[DateView, ...]
    past: tuple[DateView, ...]


def rule_words(series: EditedSeries, lang: Lang) -> str:
    """Say how a series recurs: *Kuukausittain, viimeinen torstai*."""
    fields = fields_of(series)
    how, interval = fields["how"][0], fields["interval"][0]
    words = [say(lang, f"series.how-{how}")]
    if interval != "1":
        words[0] += f" ({say(lang, 'series.interval').lower()} {interval})"
    if how == "weekly":
        words += [say(lang, f"series.day-{day}") for day in fields["days"]]
    if how == "yearly":
        words.append(say(lang, f"series.month-{fields['month'][0]}"))
    if how in {"monthly", "yearly"}:
        nth, day = fields["nth"][0], fields["weekday"][0]
        words.append(f"{say(lang, f'series.nth-{nth}')} {say(lang, f'series.day-{day}')}")
    return ", ".join(words)


def date_view(one: use.DateAhead, lang: Lang) -> DateView:
    """Return one date in words."""
    row = one.row
    when = dates.in_table(row.due, lang)
    if row.starts_at:
        when += f" {dates.at(row.starts_at.time(), lang)}"
    return DateView(
        on=row.id.instance[-10:],
        day=row.due,
        when=when,
        state=say(lang, f"series.state-{row.status}"),
        tentative=row.status == "tentative",
        clash=", ".join(say(lang, f"series.clash-{clash}") for clash in one.clashes),
    )


def series_views(row: ProgrammeRow, action: str, today: date, lang: Lang) -> tuple[SeriesView, ...]:
    """Return the series of an action."""
    programme = row.programme
    by_name: dict[str, list[DateView]] = {}
    for one in use.shown_dates(programme, action, row.policy.workdays):
        by_name.setdefault(one.row.id.instance[:-11], []).append(date_view(one, lang))
    return tuple(
        SeriesView(
            name=series.name,
            rule=rule_words(series, lang),
            when=dates.at(series.at, lang) if series.at else "",
            place=series.place.get(lang),
            state=say(lang, f"series.state-{series.state}"),
            ahead=tuple(row for row in by_name.get(series.name, ()) if row.day >= today),
            past=tuple(row for row in by_name.get(series.name, ()) if row.day < today),
        )
        for series in use.series_of(programme, action)
    )


def changed_dates(
    one: Iterable[use.DateAhead], other: Iterable[use.DateAhead], lang: Lang
) -> tuple[DateView, ...]:
    """Return the dates of one list that the other lacks, or has at another time or in another state."""

    def facts(ahead: use.DateAhead) -> tuple[object, ...]:
        row = ahead.row
        return (row.id, row.due, row.starts_at, row.ends_at, row.status)

    known = {facts(ahead) for ahead in other}
    return tuple(date_view(ahead, lang) for ahead in one if facts(ahead) not in known)


def skipped_time(error: SkippedTimeError, lang: Lang) -> str:
    """Say that a series has a time that a night in spring skips."""
    day = dates.in_table(error.moment, lang)
    return say(lang, "series.wrong-skipped", day=day, time=f"{error.moment:%H:%M}")


@dataclass(frozen=True)
class EditedPart:
    """What is edited of an action's series: the one of that name (``NEW``: a new one), or its date ``on``."""

    programme: Programme
    action: str
    name: str
    on: date | None

    @classmethod
    def of(cls, page: Page) -> EditedPart:
        """Read an address; ``NotFoundError`` for what is no date."""
        name, on = page.query.get("name", use.NEW), page.query.get("on", "")
        programme, action = page.snapshot.programme, page.action.id
        try:
            return cls(programme, action, name, date.fromisoformat(on) if on else None)
        except ValueError as error:
            raise NotFoundError(f"no date {on!r}") from error

    @property
    def old(self) -> EditedSeries:
        """The series as it is; a new one begins as a monthly one."""
        if self.name != use.NEW:
            return use.series_named(self.programme, self.action, self.name)
        period = self.programme.period
        return EditedSeries(self.action, use.NEW, period.first, period.last, "FREQ=MONTHLY;BYDAY=2TH")

    @property
    def query(self) -> str:
        """The query of the form's address."""
        parts = {"programme": self.programme.key, "name": self.name}
        return urlencode(parts | ({"on": self.on.isoformat()} if self.on else {}))

    def edit(self, reading: SeriesReading, by: str) -> use.Edit:
        """Return the edit that a form asks for."""
        what, edit = reading.text("what"), use.Edit(self.programme.key, self.action, self.name, by)
        if self.on is not None:
            if what == "restore":
                return replace(edit, restore=self.on)
            if what == "cancel":
                return replace(edit, change=DateChange(self.on, state="cancelled"))
            return replace(edit, change=reading.change(self.on))
        if what == "remove":
            return replace(edit, remove=True)
        series, since = reading.series(self.old), reading.day("from")
        if since:
            series = replace(series, first=max(series.first, since))
        return replace(edit, series=series, at=since)


class SeriesPages(Pages):
    """An action's series: all of them with their dates; the form of one, or of one of its dates."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.secretary("/actions/{action}/series", self.show),
            *self.secretary(
                "/actions/{action}/series/edit", self.form, self.change, FormLimits(size=100_000)
            ),
        ]

    def show(self, page: Page) -> Response:
        """Show the series, their dates, earlier versions."""
        action = page.action
        return page.render(
            "series.html",
            action=action,
            series=series_views(page.snapshot.row, action.id, page.today, page.lang),
            saves=use.series_versions(page.service, page.key, action.id),
            key=page.key,
        )

    def form(self, page: Page) -> Response:
        """Show the form of the series that ``name`` names; ``on`` opens one of its dates."""
        edited = EditedPart.of(page)
        return self._form(page, edited, fields_of(edited.old) if edited.on is None else {}, {})

    def change(self, page: Page) -> Response:
        """Show what changes, or save it; ``version`` takes an earlier save back up."""
        edited, step, lang = EditedPart.of(page), page.text("step"), page.lang
        home = page.home(f"/actions/{page.action.id}/series")
        if version := page.text("version"):
            if not version.isdecimal() or len(version) > 9:
                raise NotFoundError(f"no version {version!r}")
            use.restore_version(page.service, page.key, int(version), page.by)
            return page.redirect(home)
        values = page.lists
        reading = SeriesReading(lang, values)
        edit = edited.edit(reading, page.by)
        if reading.wrong or step == "edit":
            return self._form(page, edited, values, reading.wrong)
        try:
            workdays = page.snapshot.row.policy.workdays
            preview = use.preview_series(edited.programme, edit, page.today, workdays)
        except SkippedTimeError as error:
            return self._form(page, edited, values, {"at": skipped_time(error, lang)})
        except UsageError:
            raise NotFoundError("no such date") from None
        if step == "save":
            use.save_series(page.service, edit)
            return page.redirect(home)
        return page.render(
            "series_preview.html",
            action=page.action,
            added=changed_dates(preview.after, preview.before, lang),
            gone=changed_dates(preview.before, preview.after, lang),
            fields=[(name, value) for name, texts in values.items() for value in texts],
            query=edited.query,
        )

    def _form(
        self, page: Page, edited: EditedPart, values: Mapping[str, list[str]], wrong: Mapping[str, str]
    ) -> Response:
        hows = HOWS if fields_of(edited.old)["how"] == ["kept"] else HOWS[:-1]
        is_new = edited.name == use.NEW
        return page.render(
            "series_date.html" if edited.on else "series_edit.html",
            422 if wrong else 200,
            action=page.action,
            on=edited.on,
            is_new=is_new,
            values=values,
            wrong=wrong,
            query=edited.query,
            instances=[] if is_new else [one.on for one in dates_of(edited.old)],
            choices={"how": hows, "days": DAYS},
            nths=NTHS,
            states=STATES,
            examples={"day": EXAMPLE_DAY, "span": EXAMPLE_SPAN},
        )


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
        day = dates.typed_date(text) if text.strip() else None
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
        ahead = use.dates_of_year(link.state.programme, link.series, link.first, link.state.workdays)
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
        posted = page.lists
        series, wrong = read_dates(posted, old, limits)
        fields = proposed_fields(old, limits) | {name: [] for name in ("days", "months-off")} | posted
        if wrong or page.text("step") == "edit":
            return self._form(page, unit, fields, wrong)
        year = use.YearDates(link.state.programme.key, link.series, series, link.first, link.opened.reader)
        try:
            if page.text("step") == "save":
                use.set_year_dates(page.service, year)
                return page.back(done="1")
            ahead = use.preview_year(link.state.programme, year, link.opened.today, link.state.workdays)
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
        old = use.series_of_year(link.state.programme, link.series, link.first)
    except NotFoundError:
        return ClosedLink("gone")
    limits = DateLimits(link.first, link.last, page.lang)
    return UnitSeries(link, old, limits) if limits.first <= limits.last else ClosedLink("gone")
