"""Everything about one action as values: how it stands, what happens next, words, rules, dates, people.

Pure; messages and addresses are handed in and shown to the signed-in only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from calendars.identity import uid
from email_templates import dates
from email_templates import words as shared
from reminders.dispatch.explain import finding_text
from reminders.dispatch.states import last_answers
from reminders.due import needs_answer
from reminders.web.books import Standing
from reminders.web.glance_view import Row, bullets, row_of
from reminders.web.next_steps import Plan, Step, focus_of, promise_of, steps_of
from reminders.web.rule_words import RuleRow, rule_rows
from reminders.web.status import Mark, marks
from reminders.web.timeline import Canvas, mark_status
from reminders.web.words import say
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import LANGUAGES, Action, Lang


@dataclass(frozen=True, slots=True)
class DateRow:
    """A dated obligation, or a series of events in one line; ``occurrence``: the secretary may answer it."""

    due: date
    what: str
    code: str
    status: str
    answer: str
    occurrence: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """The programme's own words in one language."""

    lang: Lang
    bullets: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a recipient chain: the role, who stands in it, and whether it gets the mail now."""

    role: str
    people: tuple[str, ...]
    now: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The recipient chain of one organisation."""

    name: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ActionView:
    """All that the page of an action says."""

    row: Row
    domain: tuple[str, str]
    goal: str
    bullets: tuple[str, ...]
    chip: str
    facts: tuple[str, ...]
    steps: tuple[Step, ...]
    promise: str
    dates: tuple[DateRow, ...]
    quotes: tuple[Quote, ...]
    rules: tuple[RuleRow, ...]
    findings: tuple[str, ...]
    chains: tuple[Chain, ...]
    singles: tuple[tuple[str, str], ...]
    feeds: tuple[tuple[str, str], ...]


def action_view(
    standing: Standing, canvas: Canvas, action: Action, plan: Plan, *, secretary: bool
) -> ActionView:
    """Return the page's values."""
    lang, programme = canvas.lang, standing.book.programme
    found = marks(standing.world, standing.answers, canvas.today, secretary=secretary)
    own = [row for row in standing.book.occurrences if row.id.action == action.id]
    row = row_of(standing, canvas, action, own, found, secretary=secretary)
    focus = focus_of(own, found)
    world, steps = steps_of(standing.world, focus, plan, lang)
    findings = standing.book.derived.findings_of(action.id) if secretary else ()
    return ActionView(
        row=row,
        domain=(programme.domain_of(action).key, programme.domain_of(action).name.get(lang)),
        goal=programme.goal_by_key[action.goal].name.get(lang),
        bullets=bullets(action, lang)[1:],
        chip=_chip(row, focus, canvas),
        facts=tuple(_facts(standing, action, focus, canvas)),
        steps=steps,
        promise=promise_of(world, focus, plan, lang),
        dates=tuple(_dates(standing, own, found, canvas, secretary=secretary)),
        quotes=tuple(_quote(action, lang) for lang in _own_first(action, lang)),
        rules=rule_rows(standing.book.derived.of(action.id), action, programme, lang, named=secretary),
        findings=tuple(finding_text(finding).get(lang) for finding in findings),
        chains=tuple(_chain(standing, key, canvas) for key in action.leads_on(canvas.today))
        if secretary
        else (),
        singles=tuple(_singles(own, canvas)),
        feeds=tuple(
            (key, programme.organisation_by_key[key].name.get(lang)) for key in action.leads_on(canvas.today)
        ),
    )


def _chip(row: Row, focus: Occurrence | None, canvas: Canvas) -> str:
    if row.code == "overdue" and focus:
        return say(canvas.lang, "action.overdue", n=(canvas.today - focus.due).days)
    return shared.status(canvas.lang, row.code)


def _facts(standing: Standing, action: Action, focus: Occurrence | None, canvas: Canvas) -> Iterable[str]:
    lang, names = canvas.lang, standing.book.programme.organisation_by_key

    def written(keys: Iterable[str]) -> str:
        return shared.names(lang, (names[key].name for key in keys))

    if focus:
        kind = shared.kind(lang, focus.kind)
        on = dates.in_table(focus.due, lang)
        yield say(lang, "action.due", what=f"{kind[:1].upper()}{kind[1:]}", on=on)
    leads = action.leads_on(canvas.today)
    if leads:
        yield say(lang, "action.party" if len(leads) == 1 else "action.parties", names=written(leads))
    for move in action.handovers:
        if move.effective_from > canvas.today:
            on = dates.short(move.effective_from, lang)
            yield say(lang, "action.moved", on=on, names=written((move.taker,)))
    if action.partners:
        yield say(lang, "action.partners", names=written(action.partners))


def _dates(
    standing: Standing, own: list[Occurrence], found: Mapping[str, Mark], canvas: Canvas, *, secretary: bool
) -> Iterable[DateRow]:
    """Yield the dated rows in order; a series of events takes one line."""
    series: dict[str, list[Occurrence]] = {}
    rows: list[DateRow] = []
    for row in own:
        if row.kind == "event":
            series.setdefault(row.id.seed, []).append(row)
        else:
            rows.append(_date_row(standing, row, found[str(row.id)], canvas, secretary=secretary))
    rows += [_series_row(instances, canvas) for instances in series.values()]
    return sorted(rows, key=lambda row: row.due)


def _date_row(standing: Standing, row: Occurrence, mark: Mark, canvas: Canvas, *, secretary: bool) -> DateRow:
    lang = canvas.lang
    kind = shared.kind(lang, row.kind)
    what = f"{kind[:1].upper()}{kind[1:]}" + (f" {row.year}" if row.year else "")
    if not needs_answer(row):
        answer = say(lang, "action.no-answer-needed")
    elif not secretary:
        answer = ""
    else:
        answer = _answers(standing, row, lang) or say(lang, "action.no-answer")
    taken = str(row.id) if secretary and needs_answer(row) and row.kind != "collection" else ""
    return DateRow(row.due, what, mark.code, mark_status(mark, lang), answer, taken)


def _answers(standing: Standing, row: Occurrence, lang: Lang) -> str:
    """Say who answered what and when, equal answers together."""
    names = standing.book.programme.organisation_by_key
    said = last_answers(standing.book.programme, row, standing.answers)
    alike: dict[tuple[str, date], list[str]] = {}
    for answer in dict.fromkeys(said.values()):
        name = names[answer.organisation].name.get(lang)
        alike.setdefault((answer.answer, answer.at.date()), []).append(name)
    return "; ".join(
        say(
            lang,
            "action.answered",
            answer=shared.answer(lang, code),
            org=", ".join(orgs),
            on=dates.short(on, lang),
        )
        for (code, on), orgs in alike.items()
    )


def _series_row(instances: list[Occurrence], canvas: Canvas) -> DateRow:
    lang = canvas.lang
    ahead = [row for row in instances if row.due >= canvas.today]
    shown = ahead[0] if ahead else instances[-1]
    if ahead:
        what = say(lang, "action.series", n=len(instances), on=dates.in_table(shown.due, lang))
    else:
        what = say(lang, "action.series-past", n=len(instances))
    status = shared.event_status(lang, shown.status)
    return DateRow(
        shown.due, what, "coming", f"{status[:1].upper()}{status[1:]}", say(lang, "action.no-answer-needed")
    )


def _own_first(action: Action, lang: Lang) -> list[Lang]:
    known = [code for code in LANGUAGES if action.bullets.get(code)]
    return sorted(known, key=lambda code: code != lang)


def _quote(action: Action, lang: Lang) -> Quote:
    parts = {"schedule": action.schedule, "responsible": action.responsible, "indicator": action.indicator}
    facts = tuple(
        (say(lang, f"action.{name}"), text)
        for name, texts in parts.items()
        if (text := texts.as_dict().get(lang, ""))
    )
    return Quote(lang, action.bullets[lang], facts)


def _chain(standing: Standing, key: str, canvas: Canvas) -> Chain:
    people, lang = standing.world.people, canvas.lang
    now = {contact.email for contact in people.unit(key, canvas.today)}
    reached = False
    links = []
    for link in people.chain(key, canvas.today):
        emails = tuple(contact.email for contact in link.contacts)
        current = bool(now.intersection(emails)) and (not reached or link.role == "deputy")
        reached = reached or current
        role = shared.role(lang, link.role)
        links.append(Link(f"{role[:1].upper()}{role[1:]}", emails, current))
    return Chain(standing.book.programme.organisation_by_key[key].name.get(lang), tuple(links))


def _singles(own: list[Occurrence], canvas: Canvas) -> Iterable[tuple[str, str]]:
    """Yield what can be put into a calendar alone: each date ahead, a series as one entry."""
    seen: set[str] = set()
    for row in own:
        if row.kind == "start" or row.due < canvas.today or row.id.seed in seen:
            continue
        seen.add(row.id.seed)
        what, on = shared.kind(canvas.lang, row.kind), dates.short(row.due, canvas.lang)
        href = f"/calendars/event/{uid(row.kind, row.id.seed)}-{canvas.lang}.ics"
        yield say(canvas.lang, "action.single", what=what, on=on), href
