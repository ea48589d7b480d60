"""The neutral programme document: what `import --json` prints (design: interface.md, "Shapes").

One item a row and as printed; the reading of wordings is asked of
``schedule_rules``.
"""

from __future__ import annotations

from typing import Any

from schedule_rules.derive import derive
from schedule_rules.normalise import find_frequencies, normalise
from schedule_rules.programme import Action, Lang, Programme
from schedule_rules.schedule import Frequency, Schedule

_KINDS = {"single": "single_year", "range": "year_range", "open_range": "year_range"}
_ONGOING = ("continuous", "recurring")


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
    bullets = list(action.bullets.get(lang, ()))
    return {
        "title": bullets[0] if len(bullets) == 1 else bullets,
        "lang": lang,
        "domain": programme.domain_of(action).name.get(lang),
        "goal": programme.goal_by_key[action.goal].name.get(lang),
        "schedule_text": action.schedule.get(lang),
        **_schedule(action.schedule.get(lang), lang),
        "leads": _names(programme, action.leads, lang),
        "partners": _names(programme, action.partners, lang),
        "indicator": action.indicator.get(lang) or None,
        "recurrences": [_recurrence(found) for found in _frequencies(action, lang)],
        "findings": [finding.code for finding in derive(programme).findings_of(action.id)],
    }


def _schedule(text: str, lang: Lang) -> dict[str, Any]:
    found = normalise(text, lang)
    if not isinstance(found, Schedule):
        return {"kind": "programme_period", "start": None, "end": None}
    kind = "continuous" if found.kind in _ONGOING else _KINDS.get(found.kind, "programme_period")
    document = {
        "kind": kind,
        "start": found.start.isoformat() if found.start else None,
        "end": found.end.isoformat() if found.end else None,
    }
    deadline = found.kind == "open_range" and found.start is None
    return {**document, "deadline": True} if deadline else document


def _names(programme: Programme, keys: tuple[str, ...], lang: Lang) -> list[str]:
    return [programme.organisation_by_key[key].name.get(lang) for key in keys]


def _frequencies(action: Action, lang: Lang) -> list[Frequency]:
    texts = (*action.bullets.get(lang, ()), action.indicator.get(lang))
    return list(dict.fromkeys(hit.frequency for text in texts for hit in find_frequencies(text, lang)))


def _recurrence(found: Frequency) -> dict[str, Any]:
    return {"times_min": found.times_min, "times_max": found.times_max, "per": found.per}
