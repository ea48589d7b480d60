"""The neutral programme document: what `import --json` prints (design: interface.md, "Shapes").

One item a row and as printed; the reading of wordings is asked of
``schedule_rules``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reminders.intake.interpret import ReadAction as Printed
from reminders.intake.table import IntakeFinding
from schedule_rules.days import Span
from schedule_rules.derive import derive
from schedule_rules.programme import Action, Lang, Programme
from schedule_rules.reading import find_frequencies, normalise
from schedule_rules.schedule import Frequency, Schedule

_KINDS = {"single": "single_year", "range": "year_range"}
_ONGOING = ("continuous", "recurring")


@dataclass(frozen=True, slots=True)
class NeutralDocument:
    """The neutral document of one file in one language."""

    file: str
    lang: Lang
    document: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the document, ready for JSON."""
        return self.document

    @classmethod
    def of_programme(cls, programme: Programme, lang: Lang, file: str) -> NeutralDocument:
        """Return the document of a programme that was read whole."""
        return cls(file, lang, neutral_document(programme, lang))


def neutral_document(programme: Programme, lang: Lang = "en") -> dict[str, Any]:
    """Return the programme as one JSON-ready document, its texts in ``lang``."""
    return {
        "programme": {
            "name": programme.name.get(lang),
            "start": programme.period.first.isoformat(),
            "end": programme.period.last.isoformat(),
        },
        "actions": [_action(programme, action, lang) for action in programme.actions],
    }


def _action(programme: Programme, action: Action, lang: Lang) -> dict[str, Any]:
    bullets = list(action.bullets.get(lang, ())) or [action.title.get(lang)]
    return {
        "title": bullets[0] if len(bullets) == 1 else bullets,
        "lang": lang,
        "domain": programme.domain_of(action).name.get(lang),
        "goal": programme.goal_by_key[action.goal].name.get(lang),
        "schedule_text": action.schedule.get(lang),
        **_schedule(normalise(action.schedule.get(lang), lang)),
        "leads": _names(programme, action.leads, lang),
        "partners": _names(programme, action.partners, lang),
        "indicator": action.indicator.get(lang) or None,
        "recurrences": _recurrences(_frequencies(action, lang)),
        "findings": [finding.code for finding in derive(programme).findings_of(action.id)],
    }


def _schedule(found: object, *, yearly_day: bool = False) -> dict[str, Any]:
    """Return kind, start and end; ``deadline`` where only an end is written."""
    if yearly_day:
        return {"kind": "continuous", "start": None, "end": None}
    if not isinstance(found, Schedule):
        return {"kind": "programme_period", "start": None, "end": None}
    document = {
        "kind": _kind(found),
        "start": found.start.isoformat() if found.start else None,
        "end": found.end.isoformat() if found.end else None,
    }
    deadline = document["kind"] == "year_range" and found.start is None
    return {**document, "deadline": True} if deadline else document


def _kind(found: Schedule) -> str:
    """Return the neutral kind: what goes on without an end is continuous, what has one is a range."""
    if found.kind == "open_range":
        return "year_range" if found.end else "continuous"
    if found.kind == "recurring" and found.end:
        return "year_range"
    if found.kind in _ONGOING:
        return "continuous"
    return _KINDS.get(found.kind, "programme_period")


def _names(programme: Programme, keys: tuple[str, ...], lang: Lang) -> list[str]:
    return [programme.organisation_by_key[key].name.get(lang) for key in keys]


def _frequencies(action: Action, lang: Lang) -> list[Frequency]:
    texts = (*action.bullets.get(lang, ()), action.indicator.get(lang))
    return [hit.frequency for text in texts for hit in find_frequencies(text, lang)]


def _recurrences(found: Iterable[Frequency]) -> list[dict[str, Any]]:
    """Return the distinct rates per one unit: every second month is six times a year."""
    rates = dict.fromkeys(_rate(one) for one in found)
    return [{"times_min": least, "times_max": most, "per": per} for least, most, per in rates]


_PER_YEAR = {"month": 12, "week": 52, "day": 365}


def _rate(found: Frequency) -> tuple[int | None, int | None, str]:
    yearly = _PER_YEAR.get(found.per, 1)
    if found.interval == 1 or yearly % found.interval:
        return found.times_min, found.times_max, found.per
    times = yearly // found.interval
    least, most = (
        count * times if count is not None else None for count in (found.times_min, found.times_max)
    )
    return least, most, "year"


# -- as printed in one file --------------------------------------------------------------


def printed_document(
    file: str,
    lang: Lang,
    name: str,
    period: Span | None,
    actions: Sequence[Printed],
    findings: Sequence[IntakeFinding],
) -> NeutralDocument:
    """Return the document of one file: its own texts, its parties as printed."""
    codes: dict[str, list[str]] = {}
    for finding in findings:
        codes.setdefault(finding.place, []).append(finding.code)
    document = {
        "programme": {
            "name": name,
            "start": period.first.isoformat() if period else None,
            "end": period.last.isoformat() if period else None,
        },
        "actions": [_printed(action, codes) for action in actions],
    }
    return NeutralDocument(file, lang, document)


def _printed(action: Printed, codes: dict[str, list[str]]) -> dict[str, Any]:
    draft = action.draft
    bullets = list(draft.bullets)
    return {
        "title": bullets[0] if len(bullets) == 1 else bullets,
        "lang": action.lang,
        "domain": draft.domain or None,
        "goal": draft.goal or None,
        "schedule_text": " ".join(draft.schedule.split()) or None,
        **_schedule(action.schedule, yearly_day=action.yearly_day),
        "leads": list(action.parties.leads),
        "partners": list(action.parties.partners),
        "indicator": " ".join(draft.indicator.split()) or None,
        "recurrences": _recurrences(action.frequencies),
        "findings": codes.get(draft.place, []),
    }
