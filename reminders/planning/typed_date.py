"""A date as people type it: 14.1.2025, 14/1/2025, 14 January 2025, 2025-01-14. Pure."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Final

from babel.dates import get_month_names

from email_templates.dates import LOCALES

_ISO: Final = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
_FIGURES: Final = re.compile(r"(?P<d>\d{1,2}) ?[./] ?(?P<m>\d{1,2}) ?[./] ?(?P<y>\d{4})")
_NAMED: Final = re.compile(r"(?P<d>\d{1,2})\.? (?P<m>[^\W\d_]+)\.? (?P<y>\d{4})")


def typed_date(text: str) -> date | None:
    """Return the date that ``text`` names, day before month; None where it names none."""
    plain = " ".join(text.split()).rstrip(".").lower()
    found = _ISO.fullmatch(plain) or _FIGURES.fullmatch(plain) or _NAMED.fullmatch(plain)
    if found is None:
        return None
    month = int(found["m"]) if found["m"].isdecimal() else _months().get(found["m"], 0)
    try:
        return date(int(found["y"]), month, int(found["d"]))
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Return the number of each month's name in the three languages, long and short."""
    return {
        name.lower().rstrip("."): number
        for locale in LOCALES.values()
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    }
