"""The fields of an answer as they were typed, what is wrong with them, and the answer that they make. Pure.

The same fields stand once on the answer page and once a matter on the unit's
page, where a number goes before each name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from email_templates import dates
from reminders.dispatch.answers import ANSWERS, Measured, Said
from reminders.measures import NotAValueError, likely_kind, stored
from reminders.standing import AnswerCode
from reminders.typed_date import typed_date
from reminders.web.words import say
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang, Programme, Text

LONGEST: Final = 2000
LONGEST_UNIT: Final = 60
FIELDS: Final = ("a", "why", "date", "whose", "other", "value", "unit", "note")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a proposed date may be: after ``today``, by ``last``, the programme's last day."""

    today: date
    last: date


@dataclass(frozen=True)
class Typed:
    """What stands in the fields, and by field what is wrong, in the reader's words."""

    fields: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> AnswerCode | None:
        """The chosen answer."""
        return next((code for code in ANSWERS if code == self.fields.get("a")), None)

    def error(self, name: str) -> str:
        """Return what is wrong with a field, nothing where it is right."""
        return self.wrong.get(name, "")

    @property
    def date_text(self) -> str:
        """The proposed date for its field: as a browser's date field takes it, else as it was typed."""
        found = typed_date(self.fields.get("date", ""))
        return found.isoformat() if found else self.fields.get("date", "")

    @property
    def is_date(self) -> bool:
        """Whether a browser's date field can show what was typed."""
        return not self.fields.get("date") or typed_date(self.fields["date"]) is not None


def read(form: Mapping[str, str], prefix: str = "") -> Typed:
    """Return the fields of one answer out of a form."""
    return Typed({name: form.get(prefix + name, "").strip() for name in FIELDS})


def checked(typed: Typed, limits: Limits, indicator: Text, lang: Lang) -> Typed:
    """Return what was typed with what is wrong with it: only the fields of the chosen answer count."""
    wrong = {
        "a": "" if typed.answer else say(lang, "answer.choose"),
        "why": _why(typed, lang),
        "date": _date(typed, limits, lang),
        "value": _value(typed, indicator, lang),
    }
    for name, most in (("note", LONGEST), ("other", LONGEST), ("unit", LONGEST_UNIT)):
        if len(typed.fields[name]) > most:
            wrong[name] = say(lang, "answer.too-long", most=dates.number(most, lang))
    return Typed(typed.fields, {name: words for name, words in wrong.items() if words})


def _why(typed: Typed, lang: Lang) -> str:
    if typed.answer != "late":
        return ""
    if not typed.fields["why"]:
        return say(lang, "answer.no-why")
    too_long = len(typed.fields["why"]) > LONGEST
    return say(lang, "answer.too-long", most=dates.number(LONGEST, lang)) if too_long else ""


def _date(typed: Typed, limits: Limits, lang: Lang) -> str:
    text = typed.fields["date"]
    if typed.answer != "late" or not text:
        return ""
    day = typed_date(text)
    if day is None:
        return say(lang, "answer.no-date", example=dates.short(limits.last, lang))
    if day <= limits.today:
        return say(lang, "answer.past", today=dates.short(limits.today, lang))
    return say(lang, "answer.outside", last=dates.short(limits.last, lang)) if day > limits.last else ""


def _value(typed: Typed, indicator: Text, lang: Lang) -> str:
    if typed.answer == "not-ours" or not typed.fields["value"]:
        return ""
    try:
        stored(typed.fields["value"], likely_kind(indicator), lang)
    except NotAValueError as error:
        return say(lang, f"answer.not-{error.args[0]}")
    return ""


def said(typed: Typed, row: Occurrence, by: str, programme: Programme, lang: Lang) -> Said:
    """Return the answer about ``row`` that checked fields, typed in ``lang``, make."""
    answer, fields = typed.answer or "on-track", typed.fields
    whose = fields["whose"] if fields["whose"] in programme.organisation_by_key else ""
    late, foreign = answer == "late", answer == "not-ours"
    return Said(
        str(row.id),
        answer,
        by=by,
        note="\n\n".join(filter(None, (fields["why"] if late else "", fields["note"]))),
        new_date=typed_date(fields["date"]) if late else None,
        whose=(whose or fields["other"]) if foreign else "",
        measured=None
        if foreign
        else _measured(fields, programme.action_by_id[row.id.action].indicator, lang),
    )


def _measured(fields: Mapping[str, str], indicator: Text, lang: Lang) -> Measured | None:
    """Return the indicator's value that was given, None where there is none."""
    kind = likely_kind(indicator)
    return Measured(fields["value"], fields["unit"], kind, lang) if fields["value"] else None


def seen_of(text: str) -> int:
    """Return the id of the newest answer that a form knew of; -1, which is nobody's, for no number."""
    return int(text) if text.isdecimal() and len(text) < 15 else -1
