"""RRULE texts of event series: which of them every calendar holds, and where their interval counts from.

Outlook and Exchange hold six forms, each with an interval (MS-OXCICAL sections 2.1.3.2.2.1 to 2.1.3.2.2.6):
every n days; on weekdays of every n-th week; in every n-th month on one day of the month, or on one weekday
with one place in it; in every n-th year on such a day of one month. Any other is dropped without a word,
so no series may have it. One that an older release took goes out as several where it can be said so
(``single_rules``); of others (BYSETPOS, BYYEARDAY, fifth weekdays, months of a weekly rule) Outlook shows no
date until somebody says them by the form. What a rule expands to is left to ``rule``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from schedule_rules.schedule import Per

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PER: Final[dict[str, Per]] = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
MOST_INTERVAL: Final = 99
_KNOWN: Final = frozenset({
    "FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO", "WKST",
    "BYHOUR", "BYMINUTE", "BYSECOND",
})  # fmt: skip
_FINER: Final = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_NTHS: Final = ("1", "2", "3", "4", "-1")
_LAST_SURE_DAY: Final = 28
"""The last day that every month has: Outlook moves a later one to the month's end, others leave it out."""


def parts_of(rrule: str) -> dict[str, str]:
    """Return the parts of a rule by name: ``{"FREQ": "WEEKLY", "BYDAY": "TU,TH"}``."""
    return dict(part.partition("=")[::2] for part in rrule.split(";")) if rrule else {}


def interval_of(rrule: str) -> int:
    """Return of how many days, weeks, months or years a rule takes one."""
    return int(parts_of(rrule).get("INTERVAL", "1"))


def rule_problem(rrule: str) -> str:
    """Return the code of why a series may not have a rule; nothing when every calendar holds it.

    ``rule``: none of RFC 5545. Of what Outlook does not hold, by the way to say it instead: ``as-weekly``
    (weekdays of every week), ``as-pauses`` (months without it), ``as-last`` (the last day of the month),
    ``as-dates`` (dates one by one).
    """
    parts = parts_of(rrule)
    names, frequency = set(parts), parts.get("FREQ", "")
    if frequency in _FINER:
        return "as-dates"
    # Before anything expands it: an interval of nothing never ends.
    interval = parts.get("INTERVAL", "1")
    if not interval.isdecimal() or not 0 < int(interval) <= MOST_INTERVAL:
        return "rule"
    if frequency not in PER or not names <= _KNOWN or len(names) != rrule.count(";") + 1:
        return "rule"
    if names & {"BYSETPOS", "BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND"}:
        return "as-dates"
    if parts.get("WKST", "MO") != "MO":  # which weeks an interval takes would depend on it
        return "as-dates"
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if not all(day[-2:] in DAYS and (not day[:-2] or _is_number(day[:-2])) for day in days):
        return "rule"
    match frequency:
        case "DAILY":
            return _of_daily(names, interval)
        case "WEEKLY":
            return _of_weekly(names, days)
        case _:
            return _of_longer(parts, days)


def single_rules(rrule: str) -> tuple[str, ...]:
    """Return rules that every calendar holds and that together give the dates of one that not all hold.

    Two weekdays of a month, two days of it or two months of a year are a rule each. Nothing for a rule that
    all hold, and for one that cannot be said so. A date may be given by two of them.
    """
    if rule_problem(rrule) != "as-dates":
        return ()
    parts = parts_of(rrule)
    for name in ("BYDAY", "BYMONTHDAY", "BYMONTH"):
        values = parts.get(name, "").split(",")
        rules = [";".join(f"{key}={one}" for key, one in {**parts, name: value}.items()) for value in values]
        if len(rules) > 1 and not any(map(rule_problem, rules)):
            return tuple(rules)
    return ()


def _is_number(text: str) -> bool:
    return text.removeprefix("-").removeprefix("+").isdecimal()


def _of_daily(names: set[str], interval: str) -> str:
    if "BYMONTHDAY" in names:
        return "as-dates"
    if "BYDAY" in names:
        return "as-weekly" if int(interval) == 1 else "as-dates"
    return "as-pauses" if "BYMONTH" in names else ""


def _of_weekly(names: set[str], days: list[str]) -> str:
    if any(day not in DAYS for day in days):
        return "rule"  # an ordinal means nothing in a week
    if "BYMONTHDAY" in names:
        return "as-dates"
    return "as-pauses" if "BYMONTH" in names else ""


def _of_longer(parts: dict[str, str], days: list[str]) -> str:
    yearly, months, numbers = parts["FREQ"] == "YEARLY", parts.get("BYMONTH"), parts.get("BYMONTHDAY")
    if months is not None and not all(one.isdecimal() and 1 <= int(one) <= 12 for one in months.split(",")):
        return "rule"
    if numbers is not None and not all(map(_is_number, numbers.split(","))):
        return "rule"
    if months is not None and not yearly:
        return "as-pauses"
    if yearly and (months is None) != (numbers is None and not days):
        return "as-dates"  # a day without its month, or a month without its day
    if yearly and months is not None and "," in months:
        return "as-dates"
    if days:
        return _of_weekdays(days, parts) if numbers is None else "as-dates"
    if numbers is None:
        return ""
    if "," in numbers:
        return "as-dates"
    number = int(numbers)
    if number == -1 or 1 <= number <= _LAST_SURE_DAY:
        return ""
    long_month = yearly and months is not None and 1 <= number <= _longest(int(months))
    return "" if long_month else "as-last" if number in {29, 30, 31} else "as-dates"


def _longest(month: int) -> int:
    return 28 if month == 2 else 30 if month in {4, 6, 9, 11} else 31


def _of_weekdays(days: list[str], parts: dict[str, str]) -> str:
    if len(days) == 1 and days[0][:-2].removeprefix("+") in _NTHS:
        return ""
    if parts["FREQ"] == "MONTHLY" and "INTERVAL" not in parts and all(day in DAYS for day in days):
        return "as-weekly"
    return "as-dates"


def times_a_year(rrule: str) -> float:
    """Return about how many times a year a rule gives a date."""
    parts = parts_of(rrule)
    days = len(parts["BYDAY"].split(",")) if "BYDAY" in parts else 1
    times = {"DAILY": 365 * (days / 7 if "BYDAY" in parts else 1), "WEEKLY": 52 * days, "MONTHLY": 12 * days}
    return times.get(parts.get("FREQ", ""), days) / interval_of(rrule)


def is_frequent(rrule: str) -> bool:
    """Tell whether a rule gives a date more often than once a month."""
    return bool(rrule) and times_a_year(rrule) > 12


def in_phase(rrule: str, anchor: date, first: date) -> tuple[str, date]:
    """Return a rule that names its day, and a start at or before ``first`` from which it is expanded.

    Its interval counts as from the day, week, month or year of ``anchor``, wherever its dates begin.
    """
    parts, interval = parts_of(rrule), interval_of(rrule)
    named = "BYDAY" in parts or "BYMONTHDAY" in parts
    match parts.get("FREQ"):
        case "DAILY":
            return rrule, first - timedelta(days=(first - anchor).days % interval)
        case "WEEKLY":
            monday = anchor - timedelta(days=anchor.weekday())
            weeks = (first - monday).days // 7 % interval
            start = first - timedelta(days=first.weekday() + 7 * weeks)
            return rrule if named else f"{rrule};BYDAY={DAYS[anchor.weekday()]}", start
        case "MONTHLY":
            months = (first.year - anchor.year) * 12 + first.month - anchor.month
            back = first.year * 12 + first.month - 1 - months % interval
            rule = rrule if named else f"{rrule};BYMONTHDAY={anchor.day}"
            return rule, date(back // 12, back % 12 + 1, 1)
        case _:
            start = date(first.year - (first.year - anchor.year) % interval, 1, 1)
            month = "" if "BYMONTH" in parts else f";BYMONTH={anchor.month}"
            return rrule if named else f"{rrule}{month};BYMONTHDAY={anchor.day}", start
