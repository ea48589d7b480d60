"""A programme's settings that its people chose over its defaults: dates, stages, sending days and hours.

Pure. A setting is a text by name, as a person types it; here it is read, checked and put to use.
Nothing chosen: the programme's own default holds (design: behaviour.md, "Defaults of a programme").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final, Literal

from calendars.text import SHORT, calendar_name
from email_templates.dates import typed_date
from reminders.planning.policy import Policy
from schedule_rules.days import MonthDay, Span
from schedule_rules.programme import LANGUAGES, Lang, Programme, Text, TextLang
from schedule_rules.workdays import QuietPeriod

SettingKind = Literal[
    "month-day",
    "dates",
    "weekday",
    "count",
    "offsets",
    "switch",
    "hours",
    "text",
    "periods",
    "short-name",
    "telephone",
]
NAMES: Final[Mapping[str, SettingKind]] = {
    "review": "month-day",
    "collection_opens": "month-day",
    "collection_due": "month-day",
    "collection_closes": "month-day",
    "meetings": "dates",
    "digest_weekday": "weekday",
    "before_meeting": "count",
    "head_after": "count",
    "list_after": "count",
    "repeat_after": "count",
    "milestone": "offsets",
    "review_stages": "offsets",
    "collection": "offsets",
    "year_letter": "switch",
    "invitations": "switch",
    "meeting_time": "hours",
    "meeting_place": "text",
    "short_name_fi": "short-name",
    "short_name_sv": "short-name",
    "short_name_en": "short-name",
    "quiet": "periods",
    "window": "hours",
    "closed_days": "dates",
    "secretary_phone": "telephone",
}
"""Name of each setting and what it holds."""

_OF_DATES: Final = ("review", "collection_opens", "collection_due", "collection_closes")
_OF_DAYS: Final = ("meetings", "quiet", "closed_days")
_SHORT_NAMES: Final[Mapping[str, Lang]] = {f"short_name_{lang}": lang for lang in LANGUAGES}
_SWITCH: Final = {"yes": True, "no": False, "kyllä": True, "ei": False, "ja": True, "nej": False}
_OF_PROGRAMME: Final = frozenset({*_OF_DATES, "meetings", *_SHORT_NAMES})
_FIELDS: Final = {"review_stages": "review"}
_MOST: Final = 90
_LEAST_SENDING: Final = 60
_FURTHEST: Final = 365
_LEAP: Final = 2024
_MONTH_DAY: Final = re.compile(r"(?P<m>\d{2})-(?P<d>\d{2})|(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.?", re.ASCII)
_BETWEEN: Final = re.compile(r"/|–|(?<=[.\d])-(?=\d{1,2}\.)", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,3}", re.ASCII)

_TELEPHONE: Final = re.compile(r"\+?\d(?:[ -]?\d){4,14}", re.ASCII)
_HOURS: Final = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})", re.ASCII)
_LONGEST: Final = 200

Value = (
    MonthDay | int | str | tuple[int, ...] | tuple[date, ...] | tuple[time, time] | tuple[QuietPeriod, ...]
)


class SettingError(ValueError):
    """A text is no value of its setting; ``code`` is what was expected, of ``EXPECTED``."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"{name}: {EXPECTED[code]}")
        self.name = name
        self.code = code


EXPECTED: Final[Mapping[str, str]] = {
    "name": f"one of {', '.join(NAMES)}",
    "month-day": "month and day, such as 10-31 or 31.10.",
    "dates": "dates with blanks between, such as 2026-03-12 2026-06-11",
    "weekday": "a working day of the week, 1 (Monday) to 5 (Friday)",
    "count": f"a number of days from 1 to {_MOST}",
    "offsets": "days from the date, rising, with blanks between, one of them 0, such as -30 -7 0 7",
    "switch": "yes or no",
    "hours": "a time from and until, such as 13.00–15.00",
    "periods": "first and last days with blanks between, such as 23.12.-6.1. 1.7.-31.7., or no",
    "telephone": "a telephone number of 5 to 15 digits, such as +358 6 000 0000 or 06 000 0000",
    "text": f"one line of at most {_LONGEST} characters",
    "short-name": f"one line of at most {SHORT} characters",
    "order": "opening, last day to answer and closing in this order",
    "sending": "at least 60 sending days in every year",
    "escalation": "the follow-up list later than the head of unit",
}
"""What each code expects, in English; pages say it in their own words."""


def read_setting(name: str, text: str) -> Value:
    """Return what a setting says; ``SettingError`` for an unknown name or a text that is none."""
    if name not in NAMES:
        raise SettingError(name, "name")
    try:
        return _READERS[NAMES[name]](text.strip())
    except (ValueError, KeyError) as error:
        raise SettingError(name, NAMES[name]) from error


def check_settings(programme: Programme, chosen: Mapping[str, str]) -> None:
    """Raise ``SettingError`` for settings that cannot stand together."""
    defaults = programme_with(programme, chosen).defaults
    days = (defaults.collection_opens, defaults.collection_due, defaults.collection_closes)
    opens, due, closes = ((one.month, one.day) for one in days)
    # The round opens in the year reported on or in that of its last day, never after it.
    if closes < due or (opens <= due) is (opens > closes):
        raise SettingError("collection_due", "order")
    policy = policy_with(chosen)
    if policy.list_after <= policy.head_after:
        raise SettingError("list_after", "escalation")
    first, last = programme.period.first.year, programme.period.last.year
    for year in range(first, last + 1):
        if len(policy.workdays.between(Span(date(year, 1, 1), date(year, 12, 31)))) < _LEAST_SENDING:
            raise SettingError("quiet", "sending")


def programme_with(programme: Programme, chosen: Mapping[str, str]) -> Programme:
    """Return the programme with what was chosen: dates, meetings, closed days, quiet periods, short names."""
    dates = {name: read_setting(name, chosen[name]) for name in _OF_DATES if chosen.get(name)}
    made = replace(programme, defaults=replace(programme.defaults, **dates)) if dates else programme  # type: ignore[arg-type]
    own = {name: read_setting(name, chosen[name]) for name in _OF_DAYS if chosen.get(name)}
    made = replace(made, **own) if own else made  # type: ignore[arg-type]
    names: dict[TextLang, str] = {
        lang: chosen[name] for name, lang in _SHORT_NAMES.items() if chosen.get(name)
    }
    return replace(made, short_name=Text(**{**made.short_name.as_dict(), **names})) if names else made


def policy_with(chosen: Mapping[str, str]) -> Policy:
    """Return the policy with the chosen stages, escalation and digest days."""
    names = [name for name in NAMES if name not in _OF_PROGRAMME and chosen.get(name)]
    return replace(Policy(), **{_FIELDS.get(name, name): read_setting(name, chosen[name]) for name in names})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it stands: its name, the text that holds, whether a person chose it."""

    name: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SettingRecord:
    """One choice that somebody made; no ``value``: the default holds again."""

    name: str
    value: str
    by: str
    at: datetime


def settings_of(programme: Programme, chosen: Mapping[str, str]) -> tuple[Setting, ...]:
    """Return every setting as it stands, defaults written as a person would type them."""
    made, policy = programme_with(programme, chosen), policy_with(chosen)
    return tuple(Setting(name, _text(name, made, policy), bool(chosen.get(name))) for name in NAMES)


def canonical_setting(programme: Programme, name: str, text: str) -> str:
    """Return a readable text in the one form that is stored: ISO 8601 dates, single blanks."""
    found = settings_of(programme, {name: text})
    return next(one.text for one in found if one.name == name) if text.strip() else ""


def _text(name: str, programme: Programme, policy: Policy) -> str:
    if name in _OF_DATES:
        return _written(getattr(programme.defaults, name))
    if name == "meetings":
        return " ".join(day.isoformat() for day in programme.meetings)
    if name in _SHORT_NAMES:
        return calendar_name(programme).get(_SHORT_NAMES[name])
    value = getattr(policy, _FIELDS.get(name, name))
    if NAMES[name] == "weekday":
        return str(value + 1)
    if NAMES[name] == "switch":
        return next(word for word, on in _SWITCH.items() if on is value)
    if NAMES[name] == "periods":
        return " ".join(f"{_written(one.first)}/{_written(one.last)}" for one in value) or "no"
    if NAMES[name] == "dates":
        return " ".join(day.isoformat() for day in value)
    if NAMES[name] == "hours":
        return "-".join(one.isoformat("minutes") for one in value or ())
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _written(day: MonthDay) -> str:
    return f"{day.month:02}-{day.day:02}"


def _periods(text: str) -> tuple[QuietPeriod, ...]:
    if _SWITCH.get(text.casefold()) is False:
        return ()
    found = []
    for word in text.split():
        first, last = (_month_day(end) for end in _BETWEEN.split(word))
        found.append(QuietPeriod(first, last))
    return tuple(found)


def _month_day(text: str) -> MonthDay:
    found = _MONTH_DAY.fullmatch(text)
    if not found:
        raise ValueError(text)
    day = MonthDay(int(found["m"] or found["month"]), int(found["d"] or found["day"]))
    if (day.month, day.day) == (2, 29):
        raise ValueError(text)
    day.in_year(_LEAP)
    return day


def _date(text: str) -> date:
    found = typed_date(text)
    if found is None:
        raise ValueError(text)
    return found


def _number(text: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _offsets(words: list[str]) -> tuple[int, ...]:
    found = tuple(_number(word, -_FURTHEST, _FURTHEST) for word in words)
    if 0 not in found or list(found) != sorted(set(found)):
        raise ValueError(words)
    return found


def _hours(text: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(text)
    if not found:
        raise ValueError(text)
    begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if begin >= end:
        raise ValueError(text)
    return begin, end


def _telephone(text: str) -> str:
    """Return a number as people write it: digits, single blanks or hyphens between, a plus before (E.123)."""
    number = " ".join(text.split())
    if number and not _TELEPHONE.fullmatch(number):
        raise ValueError(text)
    return number


def _line(text: str, longest: int = _LONGEST) -> str:
    if len(text) > longest or not text.isprintable():
        raise ValueError(text)
    return text


_READERS: Final[Mapping[SettingKind, Callable[[str], Value]]] = {
    "month-day": _month_day,
    "dates": lambda text: tuple(sorted({_date(word) for word in text.split()})),
    "weekday": lambda text: _number(text, 1, 5) - 1,
    "count": lambda text: _number(text, 1, _MOST),
    "offsets": lambda text: _offsets(text.split()),
    "switch": lambda text: _SWITCH[text.casefold()],
    "hours": _hours,
    "periods": _periods,
    "text": _line,
    "telephone": _telephone,
    "short-name": lambda text: _line(text, SHORT),
}
