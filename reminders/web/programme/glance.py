"""The first page: the programme at a glance, today's mail, notices; releasing and holding a programme.

The programme at a glance as values: sentence, counts, overdue list, decisions, timelines.

Pure: a standing and today in, what the template shows out. Mail and notices are
read by ``glance``.

What needs somebody: the overdue list and the secretary's decisions, as values. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.errors import NotFoundError
from reminders.planning.state import needs_answer, responsible, unanswered
from reminders.store import delivery_log
from reminders.use.planning.preview import MailPreview, next_sending
from reminders.use.programme import settings
from reminders.use.programme.explain import finding_text
from reminders.web.catalogue import channel_state, say
from reminders.web.mail.outbox import upcoming
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
from reminders.web.session import refuse_request
from reminders.web.site import Site, Visitor
from reminders.web.snapshot import CurrentState
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import Action, Lang

# -- What needs somebody: the overdue list and the secretary's decisions, as values. Pure


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """A line of the overdue list."""

    action: str
    title: str
    units: str
    due: date
    days: int


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """Something that the secretary decides."""

    action: str
    title: str
    what: str


def overdue_lines(
    standing: CurrentState, found: Mapping[str, Mark], canvas: Canvas
) -> tuple[OverdueLine, ...]:
    """Return what is overdue, an action once, oldest first."""
    lines: dict[str, OverdueLine] = {}
    for row in standing.book.occurrences:
        if found[str(row.id)].code == "overdue":
            lines.setdefault(row.id.action, _line(standing, row, canvas))
    return tuple(sorted(lines.values(), key=lambda line: line.due))


def _line(standing: CurrentState, row: Occurrence, canvas: Canvas) -> OverdueLine:
    programme, today, lang = standing.book.programme, canvas.today, canvas.lang
    waiting = unanswered(standing.state, row, today) or responsible(standing.state, row, today)
    if row.kind == "collection":
        waiting = programme.action_by_id[row.id.action].leads_on(today)
    names = shared.names(lang, (programme.organisation_by_key[key].name for key in waiting))
    return OverdueLine(row.id.action, row.title.get(lang), names, row.due, (today - row.due).days)


def open_decisions(standing: CurrentState, found: Mapping[str, Mark], lang: Lang) -> list[OpenDecision]:
    """Return what the secretary decides: answers that ask for it, then unclear wordings."""
    programme = standing.book.programme
    unclear = [
        OpenDecision(
            finding.action,
            programme.action_by_id[finding.action].title.get(lang),
            say(lang, "glance.unclear", what=finding_text(finding).get(lang)),
        )
        for finding in standing.book.derived.findings
    ]
    said = [
        OpenDecision(
            OccurrenceID.parse(answer.occurrence).action,
            row.title.get(lang),
            answer_words(standing, answer.occurrence, lang),
        )
        for answer in standing.answers
        if answer.answer in {"late", "not-ours"}
        and (row := standing.state.occurrences.get(answer.occurrence))
        and found[answer.occurrence].code == "decide"
    ]
    return list(dict.fromkeys(said)) + unclear


def answer_words(standing: CurrentState, occurrence: str, lang: Lang) -> str:
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


# -- The programme at a glance as values: sentence, counts, overdue list, decisions, timelines


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
    """All that the first page says about a programme."""

    sentence: str
    lede: str
    counts: tuple[Count, ...]
    overdue: tuple[OverdueLine, ...]
    decisions: tuple[OpenDecision, ...]
    domains: tuple[DomainPart, ...]
    actions: int
    hits: int
    years: range


def glance(standing: CurrentState, canvas: Canvas, *, secretary: bool, only: str = "") -> Glance:
    """Return the page's values; ``only`` keeps the timeline to one status."""
    found = status_marks(standing.state, standing.answers, canvas.today, secretary=secretary)
    rows = _rows(standing, canvas, found, secretary=secretary)
    counts = Counter(row.code for row in rows.values())
    decisions = tuple(open_decisions(standing, found, canvas.lang)) if secretary else ()
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
    standing: CurrentState, canvas: Canvas, found: Mapping[str, Mark], *, secretary: bool
) -> dict[str, GlanceRow]:
    grouped = by_action(standing.book.occurrences)
    return {
        action.id: row_of(standing, canvas, action, grouped.get(action.id, []), found, secretary=secretary)
        for action in standing.book.programme.actions
    }


def row_of(
    standing: CurrentState,
    canvas: Canvas,
    action: Action,
    own: list[Occurrence],
    found: Mapping[str, Mark],
    *,
    secretary: bool,
) -> GlanceRow:
    """Return an action's row of the timeline."""
    derived, lang = standing.book.derived, canvas.lang
    unclear = bool(derived.findings_of(action.id))
    stretch = timeline_stretch(action, standing.book.programme)
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
        units=units(standing, action, canvas.today, lang),
        code=status_of_action(facts, secretary=secretary),
        next=next_date(own, found, canvas.today),
        cells=cells(canvas, action, derived.of(action.id), own, found, standing.state.target_dates),
    )


def bullets(action: Action, lang: Lang) -> tuple[str, ...]:
    """Return an action's bullets in ``lang``, else in the first language that has any."""
    return action.bullets.get(lang) or next(iter(action.bullets.values()))


def units(standing: CurrentState, action: Action, today: date, lang: Lang) -> str:
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
    standing: CurrentState,
    rows: Mapping[str, GlanceRow],
    counts: Mapping[Code, int],
    canvas: Canvas,
    *,
    secretary: bool,
) -> str:
    lang, today = canvas.lang, canvas.today
    named = dates.named_day(today, lang)
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


def _domains(standing: CurrentState, rows: Mapping[str, GlanceRow], lang: Lang) -> list[DomainPart]:
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


def _summary(rows: list[GlanceRow], lang: Lang) -> str:
    counts = Counter(row.code for row in rows)
    return ", ".join(
        f"{counts[code]}\N{NO-BREAK SPACE}{say(lang, f'count.{code}', n=counts[code])}"
        for code in ORDER
        if counts[code]
    )


# -- The first page: the programme at a glance, today's mail, notices; releasing and holding a


@dataclass(frozen=True)
class MailOverview:
    """What the signed-in page says about mail: the newest day's, and what goes next."""

    day: str
    states: tuple[str, ...]
    next_at: datetime
    preview: MailPreview | None


class GlancePages:
    """The endpoints of the first page."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes: the page, and the two switches of a programme's mail."""
        return [
            Route("/", self.page),
            Route("/programmes/{key}/{act}", self.switch, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/``."""
        site, visitor = self.site, self.site.visitor(request)
        try:
            with site.library.read() as connection:
                standing = site.library.standing(connection, site.book(connection, visitor))
        except NotFoundError:
            return self._without_programme(request, visitor)
        canvas = Canvas(
            standing.book.programme, site.library.today(), visitor.lang, "all-years" in visitor.query
        )
        secretary, only = visitor.signed_in, visitor.query.get("status", "")
        return site.page(
            request,
            "glance.html",
            view=glance(standing, canvas, secretary=secretary, only=only),
            today=canvas.today,
            only=only if only in ORDER else "",
            far=any(canvas.is_far(year) for year in canvas.years),
            held=standing.book.row.held,
            post=self._post(standing, visitor.lang) if secretary else None,
            folder=str(site.service.settings.mail_folder) if not site.service.settings.smtp_url else "",
        )

    def _without_programme(self, request: Request, visitor: Visitor) -> Response:
        title = say(visitor.lang, "notice.no-programme")
        return self.site.error(request, 404, title, say(visitor.lang, "notice.no-programme-text"))

    def _post(self, standing: CurrentState, lang: Lang) -> MailOverview:
        service = self.site.service
        with self.site.library.read() as connection:
            newest = next(iter(delivery_log.mail_counts(connection)), None)
        states = newest.states if newest else {}
        todays = newest is not None and newest.day == self.site.library.today()
        wanted = not todays or standing.book.row.held
        return MailOverview(
            day=dates.in_table(newest.day, lang) if newest else "",
            states=tuple(
                f"{channel_state(service.settings, state, lang).capitalize()}: {n}"
                for state, n in states.items()
            ),
            next_at=next_sending(service),
            preview=upcoming(self.site) if wanted else None,
        )

    def switch(self, request: Request) -> Response:
        """Release or hold a programme, then show the first page again."""
        refused = refuse_request(self.site, request)
        if refused:
            return refused
        key, act = request.path_params["key"], request.path_params["act"]
        if act not in {"release", "hold"}:
            raise NotFoundError(act)
        (settings.hold_programme if act == "hold" else settings.release_programme)(self.site.service, key)
        return RedirectResponse(f"/?programme={key}", 303)
