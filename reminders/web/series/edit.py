"""An action's event series, edited by the secretary: list, form, one date, preview of a change.

What a posted form says of a series is read by ``SeriesReading``, for the unit's page (``unit_dates``) too.
Signed in only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Final, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from reminders.errors import NotFoundError, SkippedTimeError, UsageError
from reminders.store import series as store
from reminders.use.series import (
    NEW,
    DateAhead,
    Edit,
    dates_of,
    preview_series,
    restore_version,
    save_series,
    series_named,
    series_of,
    shown_dates,
)
from reminders.web.catalogue import say
from reminders.web.page import FormLimits, Page, Pages
from schedule_rules.days import Span
from schedule_rules.edited_series import problem
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


# -- Series in words ------------------------------------------------------------------------


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


def date_view(one: DateAhead, lang: Lang) -> DateView:
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


def series_views(programme: Programme, action: str, today: date, lang: Lang) -> tuple[SeriesView, ...]:
    """Return the series of an action."""
    by_name: dict[str, list[DateView]] = {}
    for one in shown_dates(programme, action):
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
        for series in series_of(programme, action)
    )


def changed_dates(one: Iterable[DateAhead], other: Iterable[DateAhead], lang: Lang) -> tuple[DateView, ...]:
    """Return the dates of one list that the other lacks, or has at another time or in another state."""

    def facts(ahead: DateAhead) -> tuple[object, ...]:
        row = ahead.row
        return (row.id, row.due, row.starts_at, row.ends_at, row.status)

    known = {facts(ahead) for ahead in other}
    return tuple(date_view(ahead, lang) for ahead in one if facts(ahead) not in known)


def skipped_time(error: SkippedTimeError, lang: Lang) -> str:
    """Say that a series has a time that a night in spring skips."""
    day = dates.in_table(error.moment, lang)
    return say(lang, "series.wrong-skipped", day=day, time=f"{error.moment:%H:%M}")


# -- The pages -------------------------------------------------------------------------------


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
        name, on = page.query.get("name", NEW), page.query.get("on", "")
        programme, action = page.snapshot.programme, page.action.id
        try:
            return cls(programme, action, name, date.fromisoformat(on) if on else None)
        except ValueError as error:
            raise NotFoundError(f"no date {on!r}") from error

    @property
    def old(self) -> EditedSeries:
        """The series as it is; a new one begins as a monthly one."""
        if self.name != NEW:
            return series_named(self.programme, self.action, self.name)
        period = self.programme.period
        return EditedSeries(self.action, NEW, period.first, period.last, "FREQ=MONTHLY;BYDAY=2TH")

    @property
    def query(self) -> str:
        """The query of the form's address."""
        parts = {"programme": self.programme.key, "name": self.name}
        return urlencode(parts | ({"on": self.on.isoformat()} if self.on else {}))

    def edit(self, reading: SeriesReading, by: str) -> Edit:
        """Return the edit that a form asks for."""
        what, edit = reading.text("what"), Edit(self.programme.key, self.action, self.name, by)
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
        programme, action = page.snapshot.programme, page.action
        with page.read() as connection:
            saves = store.series_history(connection, page.key, action.id)
        return page.render(
            "series.html",
            action=action,
            series=series_views(programme, action.id, page.today, page.lang),
            saves=saves[::-1],
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
            restore_version(page.service, page.key, int(version), page.by)
            return page.redirect(home)
        values = {
            name: [str(value) for value in page.form.getlist(name)] for name in page.form if name != "step"
        }
        reading = SeriesReading(lang, values)
        edit = edited.edit(reading, page.by)
        if reading.wrong or step == "edit":
            return self._form(page, edited, values, reading.wrong)
        try:
            preview = preview_series(edited.programme, edit, page.today)
        except SkippedTimeError as error:
            return self._form(page, edited, values, {"at": skipped_time(error, lang)})
        except UsageError:
            raise NotFoundError("no such date") from None
        if step == "save":
            save_series(page.service, edit)
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
        is_new = edited.name == NEW
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
