"""The first page: the programme at a glance, what needs somebody, today's mail; releasing and holding mail.

``glance`` is pure: the current state and a day in, what the template shows out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.plain_text import capital
from reminders.errors import NotFoundError
from reminders.planning.state import needs_answer, responsible, running_first, unanswered
from reminders.use.mail.listing import newest_count
from reminders.use.planning.preview import MailPreview, next_sending
from reminders.use.programme.explain import finding_text
from reminders.use.programme.settings import hold_programme, release_programme
from reminders.web.catalogue import say
from reminders.web.mail import channel_state
from reminders.web.page import Page, Pages
from reminders.web.programme.timeline import (
    ORDER,
    Canvas,
    Code,
    Facts,
    Mark,
    TimelineCell,
    cells,
    next_date,
    status_marks,
    status_of_action,
    timeline_stretch,
)
from reminders.web.snapshot import CurrentState
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Lang


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """A line of the overdue list."""

    action: str
    title: str
    units: str
    due: date
    days: int


@dataclass(frozen=True, slots=True)
class GlanceRow:
    """An action in the timeline."""

    id: str
    title: str
    more: int
    units: str
    code: Code
    next: date | None
    cells: tuple[TimelineCell, ...]


@dataclass(frozen=True, slots=True)
class DomainPart:
    """One table of the timeline: a domain with its rows and how they stand."""

    key: str
    name: str
    summary: str
    rows: tuple[GlanceRow, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many actions stand so; ``share`` in percent of all, at least 1 when there is any."""

    code: Code
    n: int
    words: str
    share: int


@dataclass(frozen=True, slots=True)
class Glance:
    """All that the first page says about a programme; of each decision action, title, what it is about."""

    sentence: str
    lede: str
    counts: tuple[Count, ...]
    overdue: tuple[OverdueLine, ...]
    decisions: tuple[tuple[str, str, str], ...]
    domains: tuple[DomainPart, ...]
    actions: int
    hits: int
    years: range


@dataclass(frozen=True)
class MailOverview:
    """What the signed-in page says about mail: the newest day's, and what goes next."""

    day: str
    states: tuple[str, ...]
    next_at: datetime
    preview: MailPreview | None


def glance(current: CurrentState, canvas: Canvas, *, secretary: bool, only: str = "") -> Glance:
    """Return the page's values; ``only`` keeps the timeline to one status."""
    found = status_marks(current.state, current.answers, canvas.today, secretary=secretary)
    grouped = by_action(current.snapshot.occurrences)
    rows = {
        action.id: row_of(current, canvas, action, grouped.get(action.id, []), found, secretary=secretary)
        for action in current.snapshot.programme.actions
    }
    counts = Counter(row.code for row in rows.values())
    decisions = tuple(open_decisions(current, found, canvas.lang)) if secretary else ()
    shown = {key: row for key, row in rows.items() if not only or row.code == only}
    return Glance(
        sentence=_sentence(counts, canvas.lang) if secretary else say(canvas.lang, "glance.public"),
        lede=_lede(current, rows, counts, canvas, secretary=secretary),
        counts=tuple(
            Count(code, n, say(canvas.lang, f"count.{code}", n=n), max(1, round(100 * n / len(rows))))
            for code in ORDER
            if (n := counts[code])
        ),
        overdue=overdue_lines(current, found, canvas),
        decisions=decisions,
        domains=tuple(_domains(current, shown, canvas.lang)),
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


def row_of(
    current: CurrentState,
    canvas: Canvas,
    action: Action,
    own: list[Occurrence],
    found: Mapping[str, Mark],
    *,
    secretary: bool,
) -> GlanceRow:
    """Return an action's row of the timeline."""
    derived, lang = current.snapshot.derived, canvas.lang
    names = current.snapshot.programme.organisation_by_key
    unclear = bool(derived.findings_of(action.id))
    stretch = timeline_stretch(action, current.snapshot.programme)
    answered = [row for row in own if needs_answer(row)]
    facts = Facts(
        marks=tuple(found[str(row.id)] for row in answered),
        milestones=tuple(found[str(row.id)] for row in answered if row.kind == "milestone"),
        unclear=unclear,
        begun=stretch.first <= canvas.today if stretch else unclear,
    )
    return GlanceRow(
        id=action.id,
        title=action.title.get(lang),
        more=len(bullets(action, lang)) - 1,
        units=shared.names(lang, (names[key].name for key in action.leads_on(canvas.today))),
        code=status_of_action(facts, secretary=secretary),
        next=next_date(own, found, canvas.today),
        cells=cells(canvas, action, derived.of(action.id), own, found, current.state.target_dates),
    )


def bullets(action: Action, lang: Lang) -> tuple[str, ...]:
    """Return an action's bullets in ``lang``, else in the first language that has any."""
    return action.bullets.get(lang) or next(iter(action.bullets.values()))


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
    current: CurrentState,
    rows: Mapping[str, GlanceRow],
    counts: Mapping[Code, int],
    canvas: Canvas,
    *,
    secretary: bool,
) -> str:
    lang, today = canvas.lang, canvas.today
    parts = [f"{capital(dates.named_day(today, lang))}."]
    rest = len(rows) - counts["overdue"] - counts["decide"]
    if not secretary:
        parts.append(say(lang, "glance.actions", n=len(rows)))
    elif counts["overdue"] or counts["decide"]:
        parts += [say(lang, "glance.rest", n=rest)] if rest else []
    ahead = (row for row in current.snapshot.occurrences if row.due >= today and needs_answer(row))
    if following := next(ahead, None):
        what, on = shared.kind(lang, following.kind), dates.in_table(following.due, lang)
        parts.append(say(lang, "glance.next", what=what, on=on))
    meetings = [day for day in current.snapshot.programme.meetings if day >= today]
    if meetings:
        parts.append(say(lang, "glance.meeting", on=dates.in_table(min(meetings), lang)))
    return " ".join(parts)


def _domains(current: CurrentState, rows: Mapping[str, GlanceRow], lang: Lang) -> list[DomainPart]:
    programme = current.snapshot.programme
    parts = []
    for domain in programme.domains:
        own = [
            rows[action.id]
            for action in programme.actions
            if action.id in rows and programme.domain_of(action).key == domain.key
        ]
        counts = Counter(row.code for row in own)
        summary = ", ".join(
            f"{counts[code]}\N{NO-BREAK SPACE}{say(lang, f'count.{code}', n=counts[code])}"
            for code in ORDER
            if counts[code]
        )
        parts += [DomainPart(domain.key, domain.name.get(lang), summary, tuple(own))] if own else []
    return parts


def overdue_lines(
    current: CurrentState, found: Mapping[str, Mark], canvas: Canvas
) -> tuple[OverdueLine, ...]:
    """Return what is overdue, an action once, oldest first."""
    programme, today, lang = current.snapshot.programme, canvas.today, canvas.lang
    lines: dict[str, OverdueLine] = {}
    for row in current.snapshot.occurrences:
        if found[str(row.id)].code != "overdue" or row.id.action in lines:
            continue
        waiting = unanswered(current.state, row, today) or responsible(current.state, row, today)
        if row.kind == "collection":
            waiting = programme.action_by_id[row.id.action].leads_on(today)
        names = shared.names(lang, (programme.organisation_by_key[key].name for key in waiting))
        days = (today - row.due).days
        lines[row.id.action] = OverdueLine(row.id.action, row.title.get(lang), names, row.due, days)
    return tuple(sorted(lines.values(), key=lambda line: line.due))


def open_decisions(
    current: CurrentState, found: Mapping[str, Mark], lang: Lang
) -> list[tuple[str, str, str]]:
    """Return what the secretary decides: answers that ask for it, then unclear wordings."""
    unclear = [
        (
            finding.action,
            current.snapshot.programme.action_by_id[finding.action].title.get(lang),
            say(lang, "glance.unclear", what=finding_text(finding).get(lang)),
        )
        for finding in current.snapshot.derived.findings
    ]
    answered = [
        (row.id.action, row.title.get(lang), answer_words(current, answer.occurrence, lang))
        for answer in current.answers
        if answer.answer in {"late", "not-ours"}
        and (row := current.state.occurrences.get(answer.occurrence))
        and found[answer.occurrence].code == "decide"
    ]
    return list(dict.fromkeys(answered)) + unclear


def answer_words(current: CurrentState, occurrence: str, lang: Lang) -> str:
    """Say what was answered about an occurrence: the newest of each organisation, equal ones together."""
    newest = {answer.organisation: answer for answer in current.answers if answer.occurrence == occurrence}
    names = current.snapshot.programme.organisation_by_key
    alike: dict[tuple[str, date | None], list[str]] = {}
    for key, answer in newest.items():
        alike.setdefault((answer.answer, answer.new_date), []).append(names[key].name.get(lang))
    parts = []
    for (code, new_date), orgs in alike.items():
        parts.append(say(lang, "glance.said", org=", ".join(orgs), answer=shared.answer(lang, code)))
        parts += [say(lang, "glance.said-date", on=dates.short(new_date, lang))] if new_date else []
    return " ".join(parts)


class GlancePages(Pages):
    """The first page, and the two switches of a programme's mail."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.public("/", self.show),
            *self.public("/programmes", self.choose),
            *self.secretary("/programmes/{key}/{act}", None, self.switch),
        ]

    def show(self, page: Page) -> Response:
        """Show the programme at a glance; a service without any says so."""
        try:
            current = page.current
        except NotFoundError:
            title, text = page.say("notice.no-programme"), page.say("notice.no-programme-text")
            return page.error(404, title, text)
        canvas = Canvas(current.snapshot.programme, page.today, page.lang, "all-years" in page.query)
        secretary, only = page.visitor.signed_in, page.query.get("status", "")
        settings = page.service.settings
        return page.render(
            "glance.html",
            view=glance(current, canvas, secretary=secretary, only=only),
            today=canvas.today,
            only=only if only in ORDER else "",
            far=any(canvas.is_far(year) for year in canvas.years),
            held=current.snapshot.row.held,
            post=_mail(page) if secretary else None,
            folder=str(settings.mail_folder) if not settings.smtp_url else "",
        )

    def choose(self, page: Page) -> Response:
        """Show the programmes to choose from; one that is held only to whoever is signed in."""
        with page.read() as connection:
            rows = running_first((one.row for one in page.site.snapshots.all(connection)), page.today)
        shown = [row.programme for row in rows if page.visitor.signed_in or not row.held]
        return page.render("programmes.html", chosen=[(one.key, one.name.get(page.lang)) for one in shown])

    def switch(self, page: Page) -> Response:
        """Release or hold a programme, then show the first page again."""
        key, act = page.path("key"), page.path("act")
        if act == "hold":
            hold_programme(page.service, key)
        elif act == "release":
            release_programme(page.service, key)
        else:
            raise NotFoundError(act)
        return page.redirect(f"/?programme={key}")


def _mail(page: Page) -> MailOverview:
    with page.read() as connection:
        newest = newest_count(connection, page.key)
    settings, states = page.service.settings, newest.states if newest else {}
    is_todays = newest is not None and newest.day == page.today
    return MailOverview(
        day=dates.in_table(newest.day, page.lang) if newest else "",
        states=tuple(
            f"{channel_state(settings, state, page.lang).capitalize()}: {n}" for state, n in states.items()
        ),
        next_at=next_sending(page.service, page.key),
        preview=page.site.snapshots.next_mails(page.key) if page.snapshot.row.held or not is_todays else None,
    )
