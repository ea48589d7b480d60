"""What an indicator's value is: a number, yes or no, or words; read and shown as people write it.

Pure. Stored is one form for all languages: a number with a decimal point and
no blanks (``1234.5``), ``yes`` or ``no``, or the words as they were written. That
it was not measured in a year is an answer too (``not-measured``): it is neither nought nor missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from babel.numbers import format_decimal

from email_templates.dates import LOCALES, NBSP
from reminders.collection.indicator import LONGEST_UNIT, PLACES, Kind
from reminders.errors import NotFoundError, UsageError
from schedule_rules.programme import Lang, Programme

ValueKind = Literal[Kind, "not-measured"]
"""What a stored value is: one of its kind, or the answer that it was not measured in that year."""
NOT_MEASURED: Final = "not-measured"
LONGEST: Final = 300
"""Characters of a value in words."""
_DIGITS: Final = 15
_BLANKS: Final = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009](?=\d{3}(?!\d))")
_WHOLE_NUMBER: Final = re.compile(r"[-\N{MINUS SIGN}\N{EN DASH}]?\d+(?:[.,]\d+)?")
_ENGLISH_GROUPS: Final = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_AMBIGUOUS: Final = re.compile(r"-?\d{1,3}\.\d{3}")
_YES_NO: Final = {
    "kyllä": "yes", "ja": "yes", "yes": "yes", "on": "yes", "ei": "no", "nej": "no", "no": "no",
}  # fmt: skip
_NOT_MEASURED_WORDS: Final[dict[Lang, str]] = {"fi": "ei mitattu", "sv": "inte mätt", "en": "not measured"}
_YES_NO_WORDS: Final[dict[Lang, dict[str, str]]] = {
    "fi": {"yes": "kyllä", "no": "ei"},
    "sv": {"yes": "ja", "no": "nej"},
    "en": {"yes": "yes", "no": "no"},
}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value of an indicator, as stored; ``place`` counts from 1."""

    programme: str
    action: str
    organisation: str
    year: int
    kind: ValueKind
    text: str
    by: str
    at: datetime
    place: int = 1
    unit: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, str, int, int]:
        """What the newest of holds: action, organisation, year, place."""
        return (self.action, self.organisation, self.year, self.place)


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it was written: ``text`` in the writer's language ``lang`` (``2,5``; ``2.5``).

    ``by`` is an address, nothing: the secretary. Empty ``text`` takes an earlier value back.
    """

    programme: str
    action: str
    organisation: str
    year: int
    text: str
    unit: str = ""
    note: str = ""
    by: str = ""
    kind: ValueKind = "number"
    place: int = 1
    lang: Lang = "fi"


class NotAValueError(ValueError):
    """What was written is no value of its kind; ``args[0]`` is the code of what was expected."""


def stored_value(written: str, kind: ValueKind, lang: Lang) -> str:
    """Return a value as it is stored; nothing for nothing.

    Raises ``NotAValueError`` with the code ``number``, ``thousands`` (``1.000`` may mean
    one or a thousand in Finnish and Swedish), ``yes-no`` or ``long``.
    """
    text = " ".join(written.split())
    if kind == NOT_MEASURED:
        return NOT_MEASURED
    if not text:
        return ""
    if kind == "number":
        return _number(text, lang)
    if kind == "yes-no":
        if text.casefold().rstrip(".") not in _YES_NO:
            raise NotAValueError("yes-no")
        return _YES_NO[text.casefold().rstrip(".")]
    if len(text) > LONGEST:
        raise NotAValueError("long")
    return text


def checked_value(programme: Programme, value: Value, now: datetime) -> ValueRow:
    """Return a value as it is stored.

    Raises ``NotFoundError`` for an unknown action or organisation, and ``UsageError`` (its text names what
    was expected) for what is no value of its kind.
    """
    if value.action not in programme.action_by_id:
        raise NotFoundError(f"no action {value.action!r} in {programme.key!r}")
    if value.organisation not in programme.organisation_by_key:
        raise NotFoundError(f"no organisation {value.organisation!r} in {programme.key!r}")
    if not 1 <= value.place <= PLACES or not 1 < value.year < 9999:
        expected = f"place 1 to {PLACES} of a year"
        raise UsageError(f"value: expected {expected}; found {value.place} of {value.year}")
    if len(value.unit) > LONGEST_UNIT:
        raise UsageError(f"unit: expected at most {LONGEST_UNIT} characters; found {len(value.unit)}")
    try:
        text = stored_value(value.text, value.kind, value.lang)
    except NotAValueError as error:
        raise UsageError(f"value: expected {value.kind}; found {value.text!r} ({error})") from error
    return ValueRow(
        programme=programme.key,
        action=value.action,
        organisation=value.organisation,
        year=value.year,
        kind=value.kind,
        text=text,
        by=value.by,
        at=now,
        place=value.place,
        unit=" ".join(value.unit.split()) if value.kind == "number" else "",
        note=value.note.strip(),
    )


def _number(text: str, lang: Lang) -> str:
    plain = _BLANKS.sub("", text)
    if not _WHOLE_NUMBER.fullmatch(plain) and not _ENGLISH_GROUPS.fullmatch(plain):
        raise NotAValueError("number")
    plain = plain.replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    if lang == "en" and _ENGLISH_GROUPS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif lang != "en" and _AMBIGUOUS.fullmatch(plain):
        raise NotAValueError("thousands")
    plain = plain.replace(",", ".")
    if plain.count(".") > 1 or sum(map(str.isdigit, plain)) > _DIGITS:
        raise NotAValueError("number")
    stored = f"{Decimal(plain):f}"  # no exponent, and no zeros that say nothing
    stored = stored.rstrip("0").rstrip(".") if "." in stored else stored
    return "0" if stored in {"-0", ""} else stored


def shown_value(text: str, kind: ValueKind, lang: Lang) -> str:
    """Return a stored value as a reader of ``lang`` writes it; yes, no and *not measured* in words."""
    if kind == NOT_MEASURED:
        return _NOT_MEASURED_WORDS[lang]
    if kind == "number" and text:
        decimals = len(text.partition(".")[2])
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        return format_decimal(Decimal(text), pattern, locale=LOCALES[lang])
    if kind == "yes-no":
        return _YES_NO_WORDS[lang][text] if text else ""
    return text


def with_unit(text: str, kind: ValueKind, unit: str, lang: Lang) -> str:
    """Return a stored value with what it counts; a short unit (``%``, ``h``) keeps to its number."""
    words = shown_value(text, kind, lang)
    if not unit or kind != "number":
        return words
    return f"{words}{NBSP if len(unit) < 4 else ' '}{unit}"
