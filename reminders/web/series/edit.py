"""The pages of an action's event series: list, form, one date; each change is shown before it is saved.

The form of an event series as values: fields to a series and back, with what is wrong with them. Pure.

Event series as a page shows them: rule in words, dates and what they fall on, a preview. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from reminders.errors import NotFoundError, SkippedTimeError, UsageError
from reminders.planning.speakers import acting_as
from reminders.store import series as store
from reminders.use.series.edit import (
    NEW,
    DateAhead,
    Edit,
    SeriesPreview,
    dates_of,
    preview_series,
    restore_version,
    save_series,
    series_named,
    series_of,
    shown_dates,
)
from reminders.web.catalogue import say
from reminders.web.forms import read_form, text_of
from reminders.web.session import refuse_request
from reminders.web.site import Site
from reminders.web.snapshot import CurrentState, book_of
from schedule_rules.days import Span
from schedule_rules.edited_series import problem
from schedule_rules.programme import (
    LANGUAGES,
    Action,
    DateChange,
    EditedSeries,
    Lang,
    Programme,
    SeriesState,
    Text,
)

# -- The form of an event series as values: fields to a series and back, with what is wrong wit

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTHS: Final = ("1", "2", "3", "4", "-1")
STATES: Final[tuple[SeriesState, ...]] = ("tentative", "confirmed", "cancelled")
HOWS: Final = ("weekly", "monthly", "yearly", "dates", "kept")
LONGEST: Final = 300
EXAMPLE_DAY, EXAMPLE_SPAN, EXAMPLE_TIME = "2025-05-27", "2025-06-01..2025-08-10", "17:00"
_FIELD_OF: Final = {"order": "until", "rule": "how", "length": "minutes", "none": "first", "many": "until"}


@dataclass
class SeriesReading:
    """A posted form while it is read: values by field, and what is wrong, by field."""

    lang: Lang
    values: Mapping[str, Sequence[str]]
    wrong: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a field's text; one that is too long is wrong."""
        found = next(iter(self.values.get(name, ())), "").strip()
        if len(found) > LONGEST and name not in {"list", "quiet"}:
            self.wrong[name] = say(self.lang, "series.wrong-long", most=LONGEST)
        return found

    def read(self, name: str, reader: Callable[[str], Any], code: str, example: str = "") -> Any:  # noqa: ANN401 - what the reader makes of it
        """Return a field read by ``reader``; None when it is empty, or wrong."""
        text = self.text(name)
        if not text:
            return None
        try:
            return reader(text)
        except ValueError:
            text_id = f"series.wrong-{code}"
            self.wrong[name] = (
                say(self.lang, text_id, example=example) if example else say(self.lang, text_id)
            )
            return None

    def day(self, name: str) -> date | None:
        """Return a day, as a date field of a browser sends it."""
        found: date | None = self.read(name, date.fromisoformat, "date", EXAMPLE_DAY)
        return found

    def time(self) -> time | None:
        """Return the time of day."""
        found: time | None = self.read("at", _time, "time", EXAMPLE_TIME)
        return found

    def texts(self, name: str) -> Text:
        """Return a text in its three languages."""
        return Text(**{lang: self.text(f"{name}-{lang}") for lang in LANGUAGES})

    def video(self) -> str:
        """Return the link of a video meeting."""
        link = self.text("video")
        if link and (not link.startswith("https://") or any(sign.isspace() for sign in link)):
            self.wrong["video"] = say(self.lang, "series.wrong-video")
        return link


def read_series(reading: SeriesReading, old: EditedSeries) -> EditedSeries:
    """Return the series that a form says; ``reading.wrong`` tells what is wrong with it."""
    how = reading.text("how")
    days = reading.read("list", _days, "date", EXAMPLE_DAY) or ()
    made = replace(
        old,
        first=reading.day("first") or old.first,
        until=reading.day("until") or old.until,
        rrule="" if how == "dates" else old.rrule if how == "kept" else rrule_of(reading, how),
        dates=days if how == "dates" else old.dates if how == "kept" else (),
        at=reading.time(),
        minutes=reading.read("minutes", int, "number") or 0,
        title=reading.texts("title"),
        place=reading.texts("place"),
        video=reading.video(),
        months_off=tuple(sorted(int(one) for one in reading.values.get("months-off", ()) if one.isdecimal())),
        quiet=reading.read("quiet", _spans, "date", EXAMPLE_SPAN) or (),
        state=next((one for one in STATES if one == reading.text("state")), "confirmed"),
    )
    wrong = "" if reading.wrong else problem(made)
    if not made.rrule and how != "dates" and not made.dates:
        wrong = "rule"
    if wrong:
        reading.wrong[_FIELD_OF[wrong]] = say(reading.lang, f"series.wrong-{wrong}")
    return made


def rrule_of(reading: SeriesReading, how: str) -> str:
    """Return the RRULE of the fields; nothing when they say none."""
    interval = reading.read("interval", int, "number") or 1
    every = f";INTERVAL={interval}" if interval != 1 else ""
    nth = f"{reading.text('nth')}{reading.text('weekday')}"
    days = ",".join(day for day in DAYS if day in reading.values.get("days", ()))
    match how:
        case "weekly" if days:
            return f"FREQ=WEEKLY{every};BYDAY={days}"
        case "monthly":
            return f"FREQ=MONTHLY{every};BYDAY={nth}"
        case "yearly":
            return f"FREQ=YEARLY{every};BYMONTH={reading.text('month')};BYDAY={nth}"
    return ""


def read_change(reading: SeriesReading, on: date) -> DateChange:
    """Return the change of one date that a form says; what is left empty is as in the series."""
    place = reading.texts("place")
    return DateChange(
        on,
        reading.day("day"),
        reading.time(),
        reading.read("minutes", int, "number"),
        place or None,
        reading.video() or None,
    )


def fields_of(kept: EditedSeries) -> dict[str, list[str]]:
    """Return the fields of a form that says what a series is now."""
    parts = dict(part.partition("=")[::2] for part in kept.rrule.split(";")) if kept.rrule else {}
    byday = parts.get("BYDAY", "")
    how = _how(kept, parts, byday)
    return {
        "how": [how],
        "interval": [parts.get("INTERVAL", "1")],
        "days": byday.split(",") if how == "weekly" else [],
        "nth": [byday[:-2] if how in {"monthly", "yearly"} else "2"],
        "weekday": [byday[-2:] if how in {"monthly", "yearly"} else "TH"],
        "month": [parts.get("BYMONTH", "11")],
        "first": [kept.first.isoformat()],
        "until": [kept.until.isoformat()],
        "list": ["\n".join(day.isoformat() for day in kept.dates)],
        "at": [f"{kept.at:%H:%M}" if kept.at else ""],
        "minutes": [str(kept.minutes or "")],
        "video": [kept.video],
        "months-off": [str(month) for month in kept.months_off],
        "quiet": ["\n".join(f"{span.first}..{span.last}" for span in kept.quiet)],
        "state": [kept.state],
        **{f"title-{lang}": [getattr(kept.title, lang)] for lang in LANGUAGES},
        **{f"place-{lang}": [getattr(kept.place, lang)] for lang in LANGUAGES},
    }


def _how(kept: EditedSeries, parts: Mapping[str, str], byday: str) -> str:
    if not kept.rrule:
        return "dates"
    one_nth = byday[:-2] in NTHS and byday[-2:] in DAYS
    match parts.get("FREQ"):
        case "WEEKLY" if set(byday.split(",")) <= set(DAYS):
            return "weekly"
        case "MONTHLY" if one_nth:
            return "monthly"
        case "YEARLY" if one_nth and parts.get("BYMONTH", "").isdecimal():
            return "yearly"
    return "kept"


def rule_words(kept: EditedSeries, lang: Lang) -> str:
    """Say how a series recurs: *Kuukausittain, viimeinen torstai*."""
    fields = fields_of(kept)
    how = fields["how"][0]
    words = [say(lang, f"series.how-{how}")]
    interval = fields["interval"][0]
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


def _time(text: str) -> time:
    return time.fromisoformat(text.replace(".", ":").zfill(5)).replace(second=0, microsecond=0, tzinfo=None)


def _days(text: str) -> tuple[date, ...]:
    return tuple(sorted({date.fromisoformat(line) for line in text.split()}))


def _spans(text: str) -> tuple[Span, ...]:
    found = [line.partition("..") for line in text.split()]
    spans = tuple(Span(date.fromisoformat(first), date.fromisoformat(last)) for first, _, last in found)
    if any(span.last < span.first for span in spans):
        raise ValueError(text)
    return spans


# -- Event series as a page shows them: rule in words, dates and what they fall on, a preview.


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


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What an edit changes for subscribers."""

    added: tuple[DateView, ...]
    gone: tuple[DateView, ...]


def series_view(
    kept: Iterable[EditedSeries], found: Iterable[DateAhead], today: date, lang: Lang
) -> tuple[SeriesView, ...]:
    """Return the series of an action."""
    by_name: dict[str, list[DateView]] = {}
    for one in found:
        name = one.row.id.series
        by_name.setdefault(name, []).append(date_view(one, lang))
    return tuple(
        SeriesView(
            name=one.name,
            rule=rule_words(one, lang),
            when=dates.at(one.at, lang) if one.at else "",
            place=one.place.get(lang),
            state=say(lang, f"series.state-{one.state}"),
            ahead=tuple(row for row in by_name.get(one.name, ()) if row.day >= today),
            past=tuple(row for row in by_name.get(one.name, ()) if row.day < today),
        )
        for one in kept
    )


def date_view(one: DateAhead, lang: Lang) -> DateView:
    """Return one date in words."""
    row = one.row
    when = dates.in_table(row.due, lang)
    if row.starts_at:
        when += f" {dates.at(row.starts_at.time(), lang)}"
    return DateView(
        on=str(row.id.recurrence_date),
        day=row.due,
        when=when,
        state=say(lang, f"series.state-{row.status}"),
        tentative=row.status == "tentative",
        clash=", ".join(say(lang, f"series.clash-{clash}") for clash in one.clashes),
    )


def preview_view(seen: SeriesPreview, lang: Lang) -> PreviewView:
    """Return the dates that come or change, and those that go or were otherwise."""
    before = {str(one.row.id): one for one in seen.before}
    after = {str(one.row.id): one for one in seen.after}
    return PreviewView(
        tuple(date_view(one, lang) for key, one in after.items() if _said(before.get(key)) != _said(one)),
        tuple(date_view(one, lang) for key, one in before.items() if _said(after.get(key)) != _said(one)),
    )


def _said(one: DateAhead | None) -> tuple[object, ...]:
    return (one.row.due, one.row.starts_at, one.row.ends_at, one.row.status) if one else ()


# -- The pages of an action's event series: list, form, one date; each change is shown before i

_LIMIT = 100_000


@dataclass(frozen=True)
class SeriesPage:
    """The action whose series are changed, in which language, by whom, and which series."""

    standing: CurrentState
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
    def old(self) -> EditedSeries:
        """The series as it is; a new one begins as a monthly one."""
        if self.name != NEW:
            return series_named(self.programme, self.action.id, self.name)
        period = self.programme.period
        return EditedSeries(self.action.id, NEW, period.first, period.last, "FREQ=MONTHLY;BYDAY=2TH")

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
        if refused := refuse_request(self.site, request):
            return refused
        asked = self._asked(request)
        key, action = asked.programme.key, asked.action.id
        with self.site.library.read() as connection:
            saves = store.series_history(connection, key, action)
        return self.site.page(
            request,
            "series.html",
            asked=asked,
            series=series_view(
                series_of(asked.programme, action),
                shown_dates(asked.programme, action),
                self.site.library.today(),
                asked.lang,
            ),
            saves=saves[::-1],
            key=key,
        )

    def form(self, request: Request) -> Response:
        """Answer for ``/actions/{id}/series/edit?name=…``; ``on`` opens one of its dates."""
        if refused := refuse_request(self.site, request):
            return refused
        asked = self._asked(request)
        return self._form(request, asked, fields_of(asked.old) if asked.on is None else {}, {})

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then show what changes, or save it."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=200)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        asked = self._asked(request)
        if version := text_of(form, "version"):
            restore_version(self.site.service, asked.programme.key, _number(version), asked.by)
            return _back(asked)
        values = {name: [str(value) for value in form.getlist(name)] for name in form if name != "step"}
        reading = SeriesReading(asked.lang, values)
        edit = _edit(asked, reading)
        if reading.wrong or text_of(form, "step") == "edit":
            return self._form(request, asked, values, reading.wrong)
        try:
            seen = preview_series(asked.programme, edit, self.site.library.today())
        except SkippedTimeError as error:
            day = dates.in_table(error.moment, asked.lang)
            wrong = say(asked.lang, "series.wrong-skipped", day=day, time=f"{error.moment:%H:%M}")
            return self._form(request, asked, values, {"at": wrong})
        except UsageError:
            raise NotFoundError("no such date") from None
        if text_of(form, "step") == "save":
            save_series(self.site.service, edit)
            return _back(asked)
        return self.site.page(
            request,
            "series_preview.html",
            asked=asked,
            view=preview_view(seen, asked.lang),
            fields=[(name, value) for name, found in values.items() for value in found],
            query=_query(asked),
        )

    def _asked(self, request: Request) -> SeriesPage:
        site, visitor = self.site, self.site.visitor(request)
        action, query = request.path_params["id"], request.query_params
        with site.library.read() as connection:
            book = book_of(site.library.books(connection), visitor.query.get("programme"), action)
            standing = site.library.standing(connection, book)
        return SeriesPage(
            standing,
            book.programme.action_by_id[action],
            visitor.lang,
            acting_as(standing.state.people, self.site.library.today()),
            query.get("name", NEW),
            _day(query.get("on", "")),
        )

    def _form(
        self, request: Request, asked: SeriesPage, values: Mapping[str, list[str]], wrong: Mapping[str, str]
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


def _edit(asked: SeriesPage, reading: SeriesReading) -> Edit:
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
    return asked.edit(series=replace(kept, first=max(kept.first, since)) if since else kept, at=since)


def _query(asked: SeriesPage) -> str:
    parts = {"programme": asked.programme.key, "name": asked.name}
    return urlencode(parts | ({"on": asked.on.isoformat()} if asked.on else {}))


def _back(asked: SeriesPage) -> Response:
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
