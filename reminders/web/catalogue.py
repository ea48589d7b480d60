"""The pages' own texts in the reader's language; what mails say too is ``email_templates.words``."""

from __future__ import annotations

import re
from typing import Final

from email_templates import dates
from email_templates.catalogue import say_from
from reminders.web.long_words import with_breaks
from schedule_rules.days import EARLIEST, LATEST
from schedule_rules.programme import LANGUAGES, Lang

_HANGING: Final = re.compile(r"(?<=\s)-(?=[^\W\d_])")
_NUMBER: Final = re.compile(r"(?<=\b\d) (?=[^\W\d_])|(?<=\b\d\d) (?=[^\W\d_])|(?<=\b\d\d\d) (?=[^\W\d_])")
_TAG: Final = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


say = say_from("reminders.web")


def no_date_words(typed: str, lang: Lang, otherwise: str) -> str:
    """Say why what was typed is no date, or ``otherwise`` what is expected.

    No calendar has the day, such as 31.2.2026, it can be either of two, such as 12/3/2025, or no programme
    has its year.
    """
    if either := dates.two_readings(typed):
        first, second = (dates.short(day, lang) for day in either)
        return say(lang, "dates.two-readings", found=typed.strip(), first=first, second=second)
    if dates.is_far_day(typed):
        first, last = str(EARLIEST.year), str(LATEST.year)
        return say(lang, "dates.too-far", found=typed.strip(), first=first, last=last)
    return say(lang, "dates.no-day", found=typed.strip()) if dates.is_no_day(typed) else otherwise


def shown_text(text: str) -> str:
    """Return ``text`` fit for narrow screens: words over 16 letters may break, " -word" and "3 words" not.

    For display only: never in data, subjects or feeds.
    """
    unbroken = _NUMBER.sub("\N{NO-BREAK SPACE}", _HANGING.sub("\N{NON-BREAKING HYPHEN}", text))
    return with_breaks(unbroken)


def as_language(text: str | None) -> Lang | None:
    """Return ``text`` as a language, None when it is none of ours."""
    return next((lang for lang in LANGUAGES if lang == text), None)


def preferred(accept_language: str) -> Lang:
    """Return the language a browser asks for first (RFC 9110 section 12.5.4), else Finnish."""
    best: tuple[float, Lang] = (0.0, "fi")
    for part in accept_language.split(","):
        match = _TAG.fullmatch(part)
        lang = as_language(match[1].lower()) if match else None
        weight = float(match[2] or 1) if match else 0.0
        if lang and weight > best[0]:
            best = (weight, lang)
    return best[1]
