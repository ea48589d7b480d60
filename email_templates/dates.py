"""Dates, times and numbers as Finnish, Finland Swedish and British officials write them.

CLDR through Babel, with the house's exceptions (design: language.md, §1 and check 6): Swedish in Finland
writes ``14.1.2025`` and ``9.00``, English has no comma after the weekday. No leading zero, never an ISO date.
What the dates mean is left to ``schedule_rules``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import cache
from typing import Final

from babel.dates import format_date, format_time, get_month_names
from babel.numbers import format_decimal, format_percent

from schedule_rules.days import EARLIEST, LATEST
from schedule_rules.programme import Lang

LOCALES: Final[dict[Lang, str]] = {"fi": "fi", "sv": "sv_FI", "en": "en_GB"}
NBSP: Final = "\N{NO-BREAK SPACE}"

_SHORT: Final[dict[Lang, str]] = {"fi": "d.M.y", "sv": "d.M.y", "en": f"d{NBSP}MMM y"}
_LONG: Final[dict[Lang, str]] = {"fi": "d.M.y", "sv": "d.M.y", "en": f"d{NBSP}MMMM y"}
_NO_YEAR: Final[dict[Lang, str]] = {"fi": "d.M.", "sv": "d.M", "en": f"d{NBSP}MMMM"}
_DAY: Final[dict[Lang, str]] = {"fi": "d.", "sv": "d", "en": "d"}
_CLOCK: Final[dict[Lang, str]] = {"fi": "H.mm", "sv": "H.mm", "en": "H:mm"}
_OCLOCK: Final[dict[Lang, str]] = {"fi": f"klo{NBSP}", "sv": f"kl.{NBSP}", "en": ""}
_QUOTES: Final[dict[Lang, tuple[str, str]]] = {"fi": ("”", "”"), "sv": ("”", "”"), "en": ("‘", "’")}


def _write(day: date, pattern: str, lang: Lang) -> str:
    return format_date(day, pattern, locale=LOCALES[lang])


def in_sentence(day: date, lang: Lang) -> str:
    """*tiistaina 14.1.2025*, *tisdag 14.1.2025*, *Tuesday 14 January 2025*."""
    # Babel has *sunnuntai* where CLDR has *sunnuntaina*, as on every other day of the week.
    return _write(day, f"EEEE {_LONG[lang]}", lang).replace("sunnuntai ", "sunnuntaina ")


def named_day(day: date, lang: Lang) -> str:
    """In the nominative, after a colon or in a heading: *tiistai 14.1.2025*."""
    return _write(day, f"cccc {_LONG[lang]}", lang)


def in_table(day: date, lang: Lang) -> str:
    """*ti 14.1.2025*, *tis 14.1.2025*, *Tue 14 Jan 2025*."""
    return _write(day, f"ccc {_SHORT[lang]}", lang)


def short(day: date, lang: Lang) -> str:
    """Without a weekday: *14.1.2025*, *14.1.2025*, *14 Jan 2025*."""
    return _write(day, _SHORT[lang], lang)


def no_year(day: date, lang: Lang) -> str:
    """*14.1.*, *14.1*, *14 January*."""
    return _write(day, _NO_YEAR[lang], lang)


def span(first: date, last: date, lang: Lang) -> str:
    """*2.–7.1.2025*, *2–7.1.2025*, *2–7 January 2025*; both days included."""
    end = _write(last, _LONG[lang], lang)
    if first == last:
        return end
    if first.year != last.year:
        begin = _write(first, _LONG[lang], lang)
    elif first.month != last.month:
        begin = _write(first, _NO_YEAR[lang], lang)
    else:
        begin = _write(first, _DAY[lang], lang)
    dash = " – " if NBSP in begin else "–"
    return f"{begin}{dash}{end}"


def at(clock: time, lang: Lang) -> str:
    """*klo 9.00*, *kl. 9.00*, *9:00*."""
    return _OCLOCK[lang] + format_time(clock, _CLOCK[lang], locale=LOCALES[lang])


def between(begin: time, end: time, lang: Lang) -> str:
    """*klo 9.00–11.30*, *kl. 9.00–11.30*, *9:00–11:30*."""
    return f"{at(begin, lang)}–{format_time(end, _CLOCK[lang], locale=LOCALES[lang])}"


def moment(instant: datetime, lang: Lang) -> str:
    """Write a civil instant, for logs and pages: *ti 14.1.2025 klo 9.00*, *Tue 14 Jan 2025, 9:00*."""
    comma = "," if lang == "en" else ""
    return f"{in_table(instant.date(), lang)}{comma} {at(instant.time(), lang)}"


def quoted(text: str, lang: Lang) -> str:
    """*”…”* or *‘…’*."""
    opening, closing = _QUOTES[lang]
    return f"{opening}{text}{closing}"


def number(value: float, lang: Lang) -> str:
    """*10 000*, *2,5*; English *10,000*, *2.5*."""
    return format_decimal(value, locale=LOCALES[lang])


def percent(share: float, lang: Lang) -> str:
    """Write a share of one: *25 %*; English *25%*."""
    return format_percent(share, locale=LOCALES[lang])


_ISO_ONLY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ISO: Final = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
_FIGURES: Final = re.compile(r"(?P<d>\d{1,2}) ?[./] ?(?P<m>\d{1,2}) ?[./] ?(?P<y>\d{4})")
_NAMED: Final = re.compile(r"(?P<d>\d{1,2})\.? (?P<m>[^\W\d_]+)\.? (?P<y>\d{4})")


def typed_date(text: str) -> date | None:
    """Return the date that ``text`` names, day before month; None where it names none, or either of two.

    As people type it: 14.1.2025, 14 January 2025, 2025-01-14; with slashes where it can be read in one
    way only (14/1/2025). None for a day that is too far away (``is_far_day``).
    """
    return None if two_readings(text) else _known(_day_first(_plain(text)))


def iso_day(text: str) -> date | None:
    """Return the day of ``YYYY-MM-DD``, as addresses have it; None for all else, and for one too far away."""
    return _known(_day_first(text)) if _ISO_ONLY.fullmatch(text) else None


def two_readings(text: str) -> tuple[date, date] | None:
    """Return both dates that one with slashes can be: 12/3/2025 is 12 March, in America 3 December."""
    found = _FIGURES.fullmatch(_plain(text))
    if found is None or "/" not in found[0]:
        return None
    year, day, month = (int(found[name]) for name in "ydm")
    is_either = max(day, month) <= 12 and min(day, month, year) > 0 and day != month
    if not is_either or not EARLIEST.year <= year <= LATEST.year:
        return None
    return date(year, month, day), date(year, day, month)


def is_no_day(text: str) -> bool:
    """Tell whether ``text`` is written as a date that no calendar has, such as 31.2.2026."""
    plain = _plain(text)
    if _day_first(plain) is not None:
        return False
    named = _NAMED.fullmatch(plain)
    return bool(_ISO.fullmatch(plain) or _FIGURES.fullmatch(plain) or (named and named["m"] in _months()))


def is_far_day(text: str) -> bool:
    """Tell whether ``text`` names a day that exists, in a year that no programme has, such as 1.1.9999."""
    day = _day_first(_plain(text))
    return day is not None and _known(day) is None


def _known(day: date | None) -> date | None:
    return day if day is not None and EARLIEST <= day <= LATEST else None


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").lower()


def _day_first(plain: str) -> date | None:
    found = _ISO.fullmatch(plain) or _FIGURES.fullmatch(plain) or _NAMED.fullmatch(plain)
    if found is None:
        return None
    month = int(found["m"]) if found["m"].isdecimal() else _months().get(found["m"], 0)
    try:
        return date(int(found["y"]), month, int(found["d"]))
    except ValueError:
        return None


def typed_dates(text: str) -> tuple[tuple[date, ...], tuple[str, ...]]:
    """Return the dates that a text lists, in order, each once, and its parts that name none.

    One a line, or with commas or semicolons between; those without letters may stand on one line.
    """
    found, wrong = set[date](), list[str]()
    for part in (part.strip() for part in _LIST.split(text)):
        whole = typed_date(part)
        pieces = [part] if whole or any(sign.isalpha() for sign in part) else part.split()
        for piece in pieces:
            day = typed_date(piece)
            found |= {day} if day else set()
            wrong += [] if day else [piece]
    return tuple(sorted(found)), tuple(wrong)


def typed_span(text: str) -> tuple[date, date] | None:
    """Return the first and last day that ``text`` names, as *1.6.2025–10.8.2025*; None where it names none.

    One day is a span of itself; the first may be without its year, as in *1.6.–10.8.2025*.
    """
    if day := typed_date(text):
        return day, day
    for sign in _DASH.finditer(text):
        begin, last = text[: sign.start()].strip(), typed_date(text[sign.end() :])
        if last is None:
            continue
        dots = begin if begin.endswith(".") else f"{begin}."
        first = typed_date(begin) or typed_date(f"{dots}{last.year}") or typed_date(f"{begin} {last.year}")
        if first and first <= last:
            return first, last
    return None


def span_ends(text: str) -> tuple[str, str] | None:
    """Return the first and the last day of what is written as a span, as they are written."""
    for sign in _DASH.finditer(text):
        first, last = text[: sign.start()].strip(), text[sign.end() :].strip()
        if all(
            typed_date(one) or two_readings(one) or is_no_day(one) or is_far_day(one) for one in (first, last)
        ):
            return first, last
    return None


def typed_time(text: str) -> time | None:
    """Return the time of day that ``text`` names, as *9*, *9.30*, *klo 17:00*; None where it names none."""
    found = _TIME.fullmatch(" ".join(text.split()).lower())
    if found is None:
        return None
    hour, minute = int(found["h"]), int(found["m"] or 0)
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


_LIST: Final = re.compile(r"[\n,;]+")
_DASH: Final = re.compile(r"\.\.|[–—-]")
_TIME: Final = re.compile(r"(?:klo\.?|kl\.?)? ?(?P<h>\d{1,2})(?:[.:](?P<m>\d{2})(?::\d{2})?)?")


@cache
def _months() -> dict[str, int]:
    return {
        name.lower().rstrip("."): number
        for locale in LOCALES.values()
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    }
