"""What a form says of a series or of one of its dates: its fields, how they are read, what is wrong.

The unit's form has fewer fields than the secretary's, and they are read as hers are. Days, pauses and times
are read as people write them (``email_templates.dates``); how long a date lasts is said by its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar

from email_templates import dates
from reminders.errors import SeriesProblemError, SkippedTimeError
from reminders.web.bounds import whole_number
from reminders.web.catalogue import no_date_words, say
from schedule_rules.days import Span
from schedule_rules.edited_series import SeriesDate, minutes_until, problem
from schedule_rules.programme import LANGUAGES, DateChange, EditedSeries, Lang, SeriesState, Text
from schedule_rules.recurrence import DAYS, parts_of
from schedule_rules.series_edits import phases, state_from

NTHS: Final = ("1", "2", "3", "4", "-1")
STATES: Final[tuple[SeriesState, ...]] = ("tentative", "confirmed", "cancelled")
HOWS: Final = ("weekly", "monthly", "yearly", "dates", "kept")
INTERVALS: Final = ("1", "2", "3", "4")
LONGEST: Final = 300
LONGEST_DETAILS: Final = 2000
_EXAMPLE: Final = date(2026, 5, 27)
_EXAMPLE_SPAN: Final = (date(2026, 6, 1), date(2026, 8, 10))
_EXAMPLE_TIME: Final = time(17)
_LONG: Final = frozenset({"list", "quiet"})
_FIELD_OF: Final = {
    "order": "until", "rule": "how", "length": "ends", "overlap": "ends", "none": "until", "many": "until",
    "as-weekly": "how", "as-pauses": "how", "as-last": "how", "as-dates": "how", "as-until": "until",
    "far": "until", "twice": "how", "closed": "how", "past": "day", "into-past": "day",
}  # fmt: skip
MOST_PHASES: Final = 12
_Value = TypeVar("_Value")


def problem_field(code: str, series: EditedSeries, on: date | None = None) -> str:
    """Return the field beside which a problem of a series, or of its date ``on``, is said."""
    if on is not None and code in {"far", "twice"}:
        return "day"
    return "list" if code in {"none", "far"} and not series.rrule else _FIELD_OF[code]


def series_problem_words(error: SeriesProblemError, lang: Lang) -> str:
    """Say why a series cannot be kept as it is."""
    day = dates.in_table(error.day, lang) if error.day else ""
    return say(lang, f"series.wrong-{error.code}", None, day=day)


def example_day(lang: Lang) -> str:
    """Return a date as people write it: *27.5.2026*, *27 May 2026*."""
    return dates.short(_EXAMPLE, lang)


def example_span(lang: Lang) -> str:
    """Return a pause as people write it: *1.6.2026–10.8.2026*."""
    first, last = (dates.short(day, lang) for day in _EXAMPLE_SPAN)
    return f"{first}–{last}"


def clock_text(at: time | None, lang: Lang) -> str:
    """Return a time of day as a field shows it: *17.00*, *17:00*; nothing for none."""
    return f"{at.hour}{':' if lang == 'en' else '.'}{at.minute:02d}" if at else ""


def end_of(at: time | None, minutes: int) -> time | None:
    """Return when what begins ``at`` a time and lasts some minutes ends; None for whole days."""
    if at is None or not minutes:
        return None
    return (datetime.combine(_EXAMPLE, at) + timedelta(minutes=minutes)).time()


@dataclass
class SeriesReading:
    """A posted form while it is read: values by field, and what is wrong, by field."""

    lang: Lang
    values: Mapping[str, Sequence[str]]
    wrong: dict[str, str] = field(default_factory=dict)

    def series(self, old: EditedSeries) -> EditedSeries:
        """Return the series that the form says; ``wrong`` tells what is wrong with it.

        What the form has no field for stays as it was.
        """
        how = self.text("how")
        listed = self.days("list")
        at = self.clock("at")
        made = replace(
            old,
            first=self.day("first") or old.first,
            until=self.day("until") or old.until,
            rrule="" if how == "dates" else old.rrule if how == "kept" else self.rrule(how),
            dates=listed if how == "dates" else old.dates if how == "kept" else (),
            at=at,
            minutes=self.minutes(at, old.at, old.minutes),
            title=self.texts("title", old.title),
            place=self.texts("place", old.place),
            description=self.texts("details", old.description),
            video=self.link("video", old.video),
            sign_up=self.link("sign-up", old.sign_up),
            months_off=tuple(
                sorted(filter(None, (whole_number(one, 12) for one in self.values.get("months-off", ()))))
            ),
            quiet=self.spans("quiet"),
            anchor=self.day("phase") or old.anchor,
            state=next((one for one in STATES if one == self.text("state")), "confirmed"),
        )
        wrong = "" if self.wrong else problem(made)
        if not made.rrule and how != "dates" and not made.dates:
            wrong = "rule"
        if wrong and how == "kept" and made.rrule == old.rrule and old.state == "confirmed":
            wrong = wrong if _FIELD_OF[wrong] != "how" else ""  # it stands already
        if wrong:
            self.wrong[problem_field(wrong, made)] = say(self.lang, f"series.wrong-{wrong}")
        return made

    def change(self, old: EditedSeries, standing: SeriesDate) -> DateChange:
        """Return the change of one date that the form says: where it differs from what the series has.

        What the form has no field for stays as the date stands now.
        """
        at = self.clock("at") if "at" in self.values else standing.at
        place = self.texts("place", standing.place)
        video = self.link("video", standing.video)
        day = self.day("day") if "day" in self.values else standing.day
        minutes = self.minutes(at, standing.at, standing.minutes)
        if at is not None and not minutes and not self.wrong:
            self.wrong["ends"] = say(self.lang, "series.wrong-length")
        return DateChange(
            standing.on,
            day if day != standing.on else None,
            at if at != old.at else None,
            minutes if at is not None and minutes != old.minutes else None,
            place if place != old.place else None,
            video if video != old.video else None,
            all_day=at is None and old.at is not None,
        )

    def rrule(self, how: str) -> str:
        """Return the RRULE of the fields; nothing when they say none."""
        interval = (
            self.read(f"interval-{how}", whole_number, "number")
            or self.read("interval", whole_number, "number")
            or 1
        )
        every = f";INTERVAL={interval}" if interval != 1 else ""
        days = ",".join(day for day in DAYS if day in self.values.get("days", ()))
        match how:
            case "weekly" if days:
                return f"FREQ=WEEKLY{every};BYDAY={days}"
            case "monthly":
                return f"FREQ=MONTHLY{every};BYDAY={self.text('nth')}{self.text('weekday')}"
            case "yearly":
                nth = self.text("year-nth") or self.text("nth")
                day = self.text("year-weekday") or self.text("weekday")
                return f"FREQ=YEARLY{every};BYMONTH={self.text('month')};BYDAY={nth}{day}"
        return ""

    def text(self, name: str) -> str:
        """Return a field's text; one that is too long is wrong."""
        text = next(iter(self.values.get(name, ())), "").strip()
        most = LONGEST_DETAILS if name.startswith("details") else LONGEST
        if len(text) > most and name not in _LONG:
            self.wrong[name] = say(self.lang, "series.wrong-long", most=most)
        return text

    def read(
        self, name: str, reader: Callable[[str], _Value | None], code: str, example: str = ""
    ) -> _Value | None:
        """Return a field read by ``reader``; None when it is empty, or wrong."""
        text = self.text(name)
        if not text:
            return None
        try:
            found = reader(text)
        except ValueError:
            found = None
        if found is None:
            # An example is a variable of those texts only that have one.
            words = {"example": example} if example else {}
            self.wrong[name] = say(self.lang, f"series.wrong-{code}", None, **words)
        return found

    def day(self, name: str) -> date | None:
        """Return a day, as a person writes it or a date field of a browser sends it."""
        text = self.text(name)
        day = self.read(name, dates.typed_date, "date", example_day(self.lang))
        if name in self.wrong:
            self.wrong[name] = no_date_words(text, self.lang, self.wrong[name])
        return day

    def days(self, name: str) -> tuple[date, ...]:
        """Return days that are listed, in order; the first that cannot be read is named."""
        found, wrong = dates.typed_dates(self.text(name))
        if wrong and any(one for one in wrong):
            text = next(one for one in wrong if one)
            self.wrong[name] = self._no_date(text, example_day(self.lang))
        return found

    def spans(self, name: str) -> tuple[Span, ...]:
        """Return pauses, one a line."""
        found = list[Span]()
        for line in filter(None, (line.strip() for line in self.text(name).splitlines())):
            span = dates.typed_span(line)
            if span is None:
                self.wrong[name] = self._no_span(line)
            else:
                found.append(Span(*span))
        return tuple(found)

    def _no_span(self, line: str) -> str:
        """Say what is wrong with a pause: a day that is none or either of two, a wrong order, no dates."""
        ends = dates.span_ends(line)
        if ends is None:
            return self._no_date(line, example_span(self.lang))
        missing = next((one for one in ends if dates.typed_date(one) is None), "")
        if missing:
            return no_date_words(missing, self.lang, "")
        return say(self.lang, "series.wrong-reversed", found=line)

    def _no_date(self, text: str, example: str) -> str:
        expected = say(self.lang, "series.wrong-list", found=text, example=example)
        return no_date_words(text, self.lang, expected)

    def clock(self, name: str) -> time | None:
        """Return the time of day."""
        return self.read(name, dates.typed_time, "time", dates.at(_EXAMPLE_TIME, self.lang))

    def minutes(self, at: time | None, was_at: time | None, was_minutes: int) -> int:
        """Return how long a date lasts: from ``at`` to the end that the form says.

        An end before the beginning is on the next day. What lasts longer does so as long as both times stay
        as they were.
        """
        if "ends" not in self.values:  # a form of an older page, or one that leaves the length as it is
            given = self.read("minutes", whole_number, "number")
            return was_minutes if given is None and "minutes" not in self.values else given or 0
        ends = self.clock("ends")
        if at is None or ends is None:
            if ends and "at" not in self.wrong:
                self.wrong["at"] = say(self.lang, "series.wrong-start")
            return 0
        if (at, ends) == (was_at, end_of(was_at, was_minutes)):
            return was_minutes
        if ends == at:
            self.wrong["ends"] = say(self.lang, "series.wrong-ends", time=dates.at(at, self.lang))
            return was_minutes or 1
        return minutes_until(at, ends)

    def texts(self, name: str, old: Text) -> Text:
        """Return a text in its languages; one that the form has no field for stays as it was."""
        return Text(
            **{
                lang: self.text(f"{name}-{lang}") if f"{name}-{lang}" in self.values else getattr(old, lang)
                for lang in LANGUAGES
            }
        )

    def link(self, name: str, old: str) -> str:
        """Return a link; it must be one of the web."""
        if name not in self.values:
            return old
        link = self.text(name)
        if link and (not link.startswith("https://") or any(sign.isspace() for sign in link)):
            self.wrong[name] = say(self.lang, "series.wrong-video")
        return link


def series_fields(series: EditedSeries, lang: Lang, begins: date | None = None) -> dict[str, list[str]]:
    """Return the fields of a form that says what a series is now; its state as from ``begins`` on."""
    parts = parts_of(series.rrule)
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
    nth, weekday = [byday[:-2] if by_nth else "2"], [byday[-2:] if by_nth else "TH"]
    interval, ends = [parts.get("INTERVAL", "1")], end_of(series.at, series.minutes)
    texts = {"title": series.title, "place": series.place, "details": series.description}
    return {
        "how": [how],
        **{f"interval-{one}": interval for one in ("weekly", "monthly", "yearly")},
        "days": byday.split(",") if how == "weekly" else [],
        "nth": nth,
        "weekday": weekday,
        "year-nth": nth,
        "year-weekday": weekday,
        "month": [parts.get("BYMONTH", "11")],
        "first": [dates.short(series.first, lang)],
        "until": [dates.short(series.until, lang)],
        "list": ["\n".join(dates.short(day, lang) for day in series.dates)],
        "at": [clock_text(series.at, lang)],
        "ends": [clock_text(ends, lang)],
        "video": [series.video],
        "sign-up": [series.sign_up],
        "months-off": [str(month) for month in series.months_off],
        "quiet": ["\n".join(_span_words(span, lang) for span in series.quiet)],
        "state": [state_from(series, begins) if begins else series.state],
        **{f"{name}-{code}": [getattr(text, code)] for name, text in texts.items() for code in LANGUAGES},
    }


def _span_words(span: Span, lang: Lang) -> str:
    return "–".join(dates.short(day, lang) for day in (span.first, span.last))


def date_fields(standing: SeriesDate, lang: Lang) -> dict[str, list[str]]:
    """Return the fields of a form that says what one date is now, wherever it was moved."""
    ends = end_of(standing.at, standing.minutes)
    return {
        "day": [dates.short(standing.day, lang)],
        "at": [clock_text(standing.at, lang)],
        "ends": [clock_text(ends, lang)],
        "video": [standing.video],
        **{f"place-{code}": [getattr(standing.place, code)] for code in LANGUAGES},
    }


def skipped_time(error: SkippedTimeError, lang: Lang) -> str:
    """Say that a series has a time that a night in spring skips."""
    day = dates.in_table(error.moment, lang)
    return say(lang, "series.wrong-skipped", day=day, time=f"{error.moment:%H:%M}")


def phase_choices(series: EditedSeries, begins: date, lang: Lang) -> tuple[str, list[tuple[str, str]]]:
    """Return the phases that a series may have by their first date: the one that it has, and all in words."""
    found = phases(series, begins)[:MOST_PHASES]
    choices = [(day.isoformat(), dates.in_table(day, lang)) for day in sorted(found)]
    return (found[0].isoformat() if found else ""), choices


def chosen_phase(series: EditedSeries, text: str, begins: date) -> date | None:
    """Return the day from which an interval counts when a phase is chosen; as now where it is the same."""
    day = dates.typed_date(text) if text else None
    own = phases(series, begins)
    return day if day in own[1:] else series.anchor
