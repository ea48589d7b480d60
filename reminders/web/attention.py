"""What needs somebody: the overdue list and the secretary's decisions, as values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from email_templates import dates
from email_templates import words as shared
from reminders.dispatch.explain import finding_text
from reminders.due import responsible, unanswered
from reminders.web.books import Standing
from reminders.web.status import Mark
from reminders.web.timeline import Canvas
from reminders.web.words import say
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class Overdue:
    """A line of the overdue list."""

    action: str
    title: str
    units: str
    due: date
    days: int


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that the secretary decides."""

    action: str
    title: str
    what: str


def overdue_lines(standing: Standing, found: Mapping[str, Mark], canvas: Canvas) -> tuple[Overdue, ...]:
    """Return what is overdue, an action once, oldest first."""
    lines: dict[str, Overdue] = {}
    for row in standing.book.occurrences:
        if found[str(row.id)].code == "overdue":
            lines.setdefault(row.id.action, _line(standing, row, canvas))
    return tuple(sorted(lines.values(), key=lambda line: line.due))


def _line(standing: Standing, row: Occurrence, canvas: Canvas) -> Overdue:
    programme, today, lang = standing.book.programme, canvas.today, canvas.lang
    waiting = unanswered(standing.world, row, today) or responsible(standing.world, row, today)
    if row.kind == "collection":
        waiting = programme.action_by_id[row.id.action].leads_on(today)
    names = shared.names(lang, (programme.organisation_by_key[key].name for key in waiting))
    return Overdue(row.id.action, row.title.get(lang), names, row.due, (today - row.due).days)


def decisions_of(standing: Standing, found: Mapping[str, Mark], lang: Lang) -> list[Decision]:
    """Return what the secretary decides: answers that ask for it, then unclear wordings."""
    programme = standing.book.programme
    unclear = [
        Decision(
            finding.action,
            programme.action_by_id[finding.action].title.get(lang),
            say(lang, "glance.unclear", what=finding_text(finding).get(lang)),
        )
        for finding in standing.book.derived.findings
    ]
    said = [
        Decision(
            answer.occurrence.split(":")[1],
            row.title.get(lang),
            answer_words(standing, answer.occurrence, lang),
        )
        for answer in standing.answers
        if answer.answer in {"late", "not-ours"}
        and (row := standing.world.occurrences.get(answer.occurrence))
        and found[answer.occurrence].code == "decide"
    ]
    return list(dict.fromkeys(said)) + unclear


def answer_words(standing: Standing, occurrence: str, lang: Lang) -> str:
    """Say what was answered about an occurrence: the newest of each organisation, equal ones together."""
    newest = {answer.organisation: answer for answer in standing.answers if answer.occurrence == occurrence}
    names = standing.book.programme.organisation_by_key
    alike: dict[tuple[str, date | None], list[str]] = {}
    for key, answer in newest.items():
        alike.setdefault((answer.answer, answer.new_date), []).append(names[key].name.get(lang))
    parts = []
    for (said, new_date), orgs in alike.items():
        parts.append(say(lang, "glance.said", org=", ".join(orgs), answer=shared.answer(lang, said)))
        parts += [say(lang, "glance.said-date", on=dates.short(new_date, lang))] if new_date else []
    return " ".join(parts)
