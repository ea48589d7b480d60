"""The form of an event series as values: fields to a series and back, with what is wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any, Final

from reminders.web.words import say
from schedule_rules.days import Span
from schedule_rules.kept import problem
from schedule_rules.programme import LANGUAGES, DateChange, KeptSeries, Lang, SeriesState, Text

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTHS: Final = ("1", "2", "3", "4", "-1")
STATES: Final[tuple[SeriesState, ...]] = ("tentative", "confirmed", "cancelled")
HOWS: Final = ("weekly", "monthly", "yearly", "dates", "kept")
LONGEST: Final = 300
EXAMPLE_DAY, EXAMPLE_SPAN, EXAMPLE_TIME = "2025-05-27", "2025-06-01..2025-08-10", "17:00"
_FIELD_OF: Final = {"order": "until", "rule": "how", "length": "minutes", "none": "first", "many": "until"}


@dataclass
class Reading:
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


def read_series(reading: Reading, old: KeptSeries) -> KeptSeries:
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


def rrule_of(reading: Reading, how: str) -> str:
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


def read_change(reading: Reading, on: date) -> DateChange:
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


def fields_of(kept: KeptSeries) -> dict[str, list[str]]:
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


def _how(kept: KeptSeries, parts: Mapping[str, str], byday: str) -> str:
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


def rule_words(kept: KeptSeries, lang: Lang) -> str:
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
