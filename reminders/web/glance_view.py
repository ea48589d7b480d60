"""The programme at a glance as values: sentence, counts, overdue list, decisions, timelines.

Pure: a standing and today in, what the template shows out. Mail and notices are
read by ``glance``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from email_templates import dates
from email_templates import words as shared
from reminders.due import needs_answer
from reminders.web.attention import Decision, Overdue, decisions_of, overdue_lines
from reminders.web.books import Standing
from reminders.web.status import ORDER, Code, Facts, Mark, marks, next_date, of_action
from reminders.web.timeline import Canvas, Cell, cells, stretch_of
from reminders.web.words import say
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Lang


@dataclass(frozen=True, slots=True)
class Row:
    """An action in the timeline."""

    id: str
    title: str
    more: int
    units: str
    code: Code
    next: date | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class DomainPart:
    """One table of the timeline: a domain with its rows and how they stand."""

    key: str
    name: str
    summary: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many actions stand so; ``share`` in percent of all, at least 1 when there is any."""

    code: Code
    n: int
    words: str
    share: int


@dataclass(frozen=True, slots=True)
class Glance:
    """All that the first page says about a programme."""

    sentence: str
    lede: str
    counts: tuple[Count, ...]
    overdue: tuple[Overdue, ...]
    decisions: tuple[Decision, ...]
    domains: tuple[DomainPart, ...]
    actions: int
    hits: int
    years: range


def glance(standing: Standing, canvas: Canvas, *, secretary: bool, only: str = "") -> Glance:
    """Return the page's values; ``only`` keeps the timeline to one status."""
    found = marks(standing.world, standing.answers, canvas.today, secretary=secretary)
    rows = _rows(standing, canvas, found, secretary=secretary)
    counts = Counter(row.code for row in rows.values())
    decisions = tuple(decisions_of(standing, found, canvas.lang)) if secretary else ()
    shown = {key: row for key, row in rows.items() if not only or row.code == only}
    return Glance(
        sentence=_sentence(counts, canvas.lang) if secretary else say(canvas.lang, "glance.public"),
        lede=_lede(standing, rows, counts, canvas, secretary=secretary),
        counts=tuple(_count(code, counts[code], len(rows), canvas.lang) for code in ORDER if counts[code]),
        overdue=overdue_lines(standing, found, canvas),
        decisions=decisions,
        domains=tuple(_domains(standing, shown, canvas.lang)),
        actions=len(rows),
        hits=len(shown),
        years=canvas.years,
    )


def by_action(rows: tuple[Occurrence, ...]) -> dict[str, list[Occurrence]]:
    """Return occurrences by action, in date order."""
    grouped: dict[str, list[Occurrence]] = {}
    for row in rows:
        grouped.setdefault(row.id.action, []).append(row)
    return grouped


def _rows(
    standing: Standing, canvas: Canvas, found: Mapping[str, Mark], *, secretary: bool
) -> dict[str, Row]:
    grouped = by_action(standing.book.occurrences)
    return {
        action.id: row_of(standing, canvas, action, grouped.get(action.id, []), found, secretary=secretary)
        for action in standing.book.programme.actions
    }


def row_of(
    standing: Standing,
    canvas: Canvas,
    action: Action,
    own: list[Occurrence],
    found: Mapping[str, Mark],
    *,
    secretary: bool,
) -> Row:
    """Return an action's row of the timeline."""
    derived, lang = standing.book.derived, canvas.lang
    unclear = bool(derived.findings_of(action.id))
    stretch = stretch_of(action, standing.book.programme)
    answered = [row for row in own if needs_answer(row)]
    facts = Facts(
        marks=tuple(found[str(row.id)] for row in answered),
        milestones=tuple(found[str(row.id)] for row in answered if row.kind == "milestone"),
        unclear=unclear,
        begun=stretch.first <= canvas.today if stretch else unclear,
    )
    return Row(
        id=action.id,
        title=action.title.get(lang),
        more=len(bullets(action, lang)) - 1,
        units=units(standing, action, canvas.today, lang),
        code=of_action(facts, secretary=secretary),
        next=next_date(own, found, canvas.today),
        cells=cells(canvas, action, derived.of(action.id), own, found, standing.world.held),
    )


def bullets(action: Action, lang: Lang) -> tuple[str, ...]:
    """Return an action's bullets in ``lang``, else in the first language that has any."""
    return action.bullets.get(lang) or next(iter(action.bullets.values()))


def units(standing: Standing, action: Action, today: date, lang: Lang) -> str:
    """Return who answers for an action today, as names."""
    programme = standing.book.programme
    return shared.names(lang, (programme.organisation_by_key[key].name for key in action.leads_on(today)))


def _count(code: Code, n: int, total: int, lang: Lang) -> Count:
    return Count(code, n, say(lang, f"count.{code}", n=n), max(1, round(100 * n / total)))


def _sentence(counts: Mapping[Code, int], lang: Lang) -> str:
    overdue, decide = counts["overdue"], counts["decide"]
    if overdue:
        parts = [say(lang, "glance.overdue", n=overdue)]
        return ", ".join(parts + ([say(lang, "glance.decide-too", n=decide)] if decide else []))
    if decide:
        return say(lang, "glance.decide", n=decide)
    if counts["soon"]:
        return say(lang, "glance.soon", n=counts["soon"])
    return say(lang, "glance.well", n=sum(counts.values()))


def _lede(
    standing: Standing,
    rows: Mapping[str, Row],
    counts: Mapping[Code, int],
    canvas: Canvas,
    *,
    secretary: bool,
) -> str:
    lang, today = canvas.lang, canvas.today
    named = dates.named(today, lang)
    parts = [f"{named[:1].upper()}{named[1:]}."]
    rest = len(rows) - counts["overdue"] - counts["decide"]
    if not secretary:
        parts.append(say(lang, "glance.actions", n=len(rows)))
    elif counts["overdue"] or counts["decide"]:
        parts += [say(lang, "glance.rest", n=rest)] if rest else []
    ahead = (row for row in standing.book.occurrences if row.due >= today and needs_answer(row))
    if following := next(ahead, None):
        what, on = shared.kind(lang, following.kind), dates.in_table(following.due, lang)
        parts.append(say(lang, "glance.next", what=what, on=on))
    meetings = [day for day in standing.book.programme.meetings if day >= today]
    if meetings:
        parts.append(say(lang, "glance.meeting", on=dates.in_table(min(meetings), lang)))
    return " ".join(parts)


def _domains(standing: Standing, rows: Mapping[str, Row], lang: Lang) -> list[DomainPart]:
    programme = standing.book.programme
    parts = []
    for domain in programme.domains:
        own = [
            rows[action.id]
            for action in programme.actions
            if action.id in rows and programme.domain_of(action).key == domain.key
        ]
        if own:
            parts.append(DomainPart(domain.key, domain.name.get(lang), _summary(own, lang), tuple(own)))
    return parts


def _summary(rows: list[Row], lang: Lang) -> str:
    counts = Counter(row.code for row in rows)
    return ", ".join(
        f"{counts[code]}\N{NO-BREAK SPACE}{say(lang, f'count.{code}', n=counts[code])}"
        for code in ORDER
        if counts[code]
    )
