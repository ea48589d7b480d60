"""The neutral programme document that ``import --json`` prints: one item a row, as printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reminders.intake.content import IntakeFinding
from reminders.intake.interpret import ReadAction
from schedule_rules.days import Span
from schedule_rules.derive import derive
from schedule_rules.programme import Action, Programme, TextLang
from schedule_rules.reading import find_frequencies, normalise
from schedule_rules.schedule import Frequency, Schedule, Unclear

_PER_YEAR = {"month": 12, "week": 52, "day": 365}


@dataclass(frozen=True, slots=True)
class NeutralDocument:
    """The neutral document of one file in one language."""

    lang: TextLang
    document: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the document, ready for JSON."""
        return self.document


def neutral_document(programme: Programme, lang: TextLang = "en") -> dict[str, Any]:
    """Return the programme as one JSON-ready document, its texts in ``lang``."""
    return {
        "programme": {
            "name": programme.name.get(lang),
            **_days(programme.period.first, programme.period.last),
        },
        "actions": [_adopted_action(programme, action, lang) for action in programme.actions],
    }


def _adopted_action(programme: Programme, action: Action, lang: TextLang) -> dict[str, Any]:
    bullets = list(action.bullets.get(lang, ())) or [action.title.get(lang)]
    rates = [
        hit.frequency
        for text in (*action.bullets.get(lang, ()), action.indicator.get(lang))
        for hit in find_frequencies(text, lang)
    ]

    def names(keys: tuple[str, ...]) -> list[str]:
        return [programme.organisation_by_key[key].name.get(lang) for key in keys]

    return {
        "title": bullets[0] if len(bullets) == 1 else bullets,
        "lang": lang,
        "domain": programme.domain_of(action).name.get(lang),
        "goal": programme.goal_by_key[action.goal].name.get(lang),
        "schedule_text": action.schedule.get(lang),
        **_schedule(normalise(action.schedule.get(lang), lang)),
        "leads": names(action.leads),
        "partners": names(action.partners),
        "indicator": action.indicator.get(lang) or None,
        "recurrences": _recurrences(rates),
        "findings": [finding.code for finding in derive(programme).findings_of(action.id)],
    }


def printed_document(
    lang: TextLang,
    name: str,
    period: Span | None,
    actions: Sequence[ReadAction],
    findings: Sequence[IntakeFinding],
) -> NeutralDocument:
    """Return the document of one file: its own texts, its parties as printed."""
    codes: dict[str, list[str]] = {}
    for finding in findings:
        codes.setdefault(finding.place, []).append(finding.code)
    days = _days(period.first, period.last) if period else _days(None, None)
    rows = [_printed_action(action, codes) for action in actions]
    return NeutralDocument(lang, {"programme": {"name": name, **days}, "actions": rows})


def _printed_action(action: ReadAction, codes: dict[str, list[str]]) -> dict[str, Any]:
    draft = action.draft
    bullets = list(draft.bullets)
    return {
        "title": bullets[0] if len(bullets) == 1 else bullets,
        "lang": action.lang,
        "domain": draft.domain or None,
        "goal": draft.goal or None,
        "schedule_text": " ".join(draft.schedule.split()) or None,
        **({"kind": "continuous", **_days(None, None)} if action.yearly_day else _schedule(action.schedule)),
        "leads": list(action.parties.leads),
        "partners": list(action.parties.partners),
        "indicator": " ".join(draft.indicator.split()) or None,
        "recurrences": _recurrences(action.frequencies),
        "findings": codes.get(draft.place, []),
    }


def _schedule(found: Schedule | Unclear | None) -> dict[str, Any]:
    """Return kind, start and end: ``deadline`` with an end alone, a range with both, else continuous."""
    if not isinstance(found, Schedule):
        return {"kind": "programme_period", **_days(None, None)}
    kind = "programme_period"
    if found.kind == "single":
        kind = "single_year"
    elif found.kind == "range" or (found.kind in {"open_range", "recurring"} and found.end):
        kind = "year_range"
    elif found.kind in {"open_range", "recurring", "continuous"}:
        kind = "continuous"
    document = {"kind": kind, **_days(found.start, found.end)}
    return {**document, "deadline": True} if kind == "year_range" and found.start is None else document


def _days(start: date | None, end: date | None) -> dict[str, str | None]:
    return {"start": start.isoformat() if start else None, "end": end.isoformat() if end else None}


def _recurrences(found: Iterable[Frequency]) -> list[dict[str, Any]]:
    """Return the distinct rates per one unit: every second month is six times a year."""
    rates: dict[tuple[int | None, int | None, str], None] = {}
    for one in found:
        least, most, per = one.times_min, one.times_max, one.per
        yearly = _PER_YEAR.get(per, 1)
        if one.interval != 1 and yearly % one.interval == 0:
            times, per = yearly // one.interval, "year"
            least, most = (None if count is None else count * times for count in (least, most))
        rates[least, most, per] = None
    return [{"times_min": least, "times_max": most, "per": per} for least, most, per in rates]
