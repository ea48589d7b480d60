"""The first page: the programme at a glance, what needs somebody, today's mail; releasing and holding mail.

``glance`` is pure: the current state and a day in, what the template shows out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.plain_text import capital
from reminders.errors import NotFoundError
from reminders.planning.policy import answer_date
from reminders.planning.standing import (
    Counts,
    Open,
    Overview,
    action_standing,
    overview,
    programme_standing,
    running_first,
)
from reminders.planning.state import ProgrammeState, needs_answer, request_day, was_mailed
from reminders.planning.targets import target_of, target_standing, targets
from reminders.use.mail.listing import newest_count
from reminders.use.planning.preview import MailPreview, next_sending
from reminders.use.programme.settings import hold_programme, release_programme
from reminders.web.catalogue import say
from reminders.web.mail.outbox import channel_state
from reminders.web.page import Page, Pages
from reminders.web.programme.timeline import (
    ORDER,
    Canvas,
    Mark,
    TimelineCell,
    cells,
    mark_status,
    next_date,
    status_marks,
    timeline_stretch,
)
from reminders.web.snapshot import CurrentState
from reminders.web.words import CODES, Code, times_words
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Lang


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of what needs somebody, how many ``days`` ago; of a target how often of how many ``times``."""

    action: str
    title: str
    units: str
    due: date
    days: int
    entered: str = ""
    times: str = ""


@dataclass(frozen=True, slots=True)
class OpenList:
    """All that stands in one way, with its heading; ``code`` names its icon and its place on the page."""

    code: Code
    lines: tuple[OpenLine, ...]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in one line: its year, and how many of how many are missing."""

    year: int
    title: str
    missing: int
    expected: int
    due: date


@dataclass(frozen=True, slots=True)
class GlanceRow:
    """An action in the timeline; ``codes`` are all that something of it stands in, ``words`` its worst."""

    id: str
    title: str
    more: int
    units: str
    code: Code
    codes: frozenset[Code]
    words: str
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
    """How many there are, and where the list stands that is counted (a fragment, a query, a page)."""

    code: Code
    n: int
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Glance:
    """All that the first page says about a programme. ``strip``: the share of each status, in percent.

    ``asking`` says when units are or were asked, while how actions stand is not known yet. ``legend`` are the
    signs that the timeline may hold: of what is late only those that it does.
    """

    sentence: str
    lede: str
    asking: str
    strip: tuple[tuple[Code, int], ...]
    counts: tuple[Count, ...]
    lists: tuple[OpenList, ...]
    rounds: tuple[RoundLine, ...]
    decisions: tuple[tuple[str, int], ...]
    domains: tuple[DomainPart, ...]
    legend: tuple[Code, ...]
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


_LISTED: Final[tuple[Code, ...]] = ("overdue", "behind", "review")


def glance(
    current: CurrentState, canvas: Canvas, *, secretary: bool, only: str = "", asks_on: date | None = None
) -> Glance:
    """Return the page's values; ``only`` keeps the timeline to one status.

    ``asks_on``: the day on which units are asked next.
    """
    view, lang = overview(current.state, canvas.today), canvas.lang
    found = status_marks(current.state, view, canvas.today, secretary=secretary)
    grouped = by_action(current.snapshot.occurrences)
    rows = {
        action.id: row_of(
            current, view, canvas, action, grouped.get(action.id, []), found, secretary=secretary
        )
        for action in current.snapshot.programme.actions
    }
    by_code = Counter(row.code for row in rows.values())
    shown = {key: row for key, row in rows.items() if not only or row.code == only or only in row.codes}
    return Glance(
        sentence=_sentence(current.state, view.counts, by_code, canvas)
        if secretary
        else say(lang, "glance.public"),
        lede=_lede(current, rows, canvas, secretary=secretary),
        asking=_asking(current.state, view, asks_on, lang),
        strip=tuple((code, max(1, round(100 * n / len(rows)))) for code in ORDER if (n := by_code[code])),
        counts=tuple(
            _counts(view.counts, by_code, current.snapshot.programme.key, lang, secretary=secretary)
        ),
        lists=tuple(one for one in _lists(current, view, canvas) if one.lines),
        rounds=tuple(
            RoundLine(
                one.occurrence.year or one.occurrence.due.year,
                one.occurrence.title.get(lang),
                len(one.missing),
                len(one.expected),
                one.occurrence.due,
            )
            for one in view.rounds
        ),
        decisions=tuple(Counter(one.kind for one in view.decisions).items()) if secretary else (),
        domains=tuple(_domains(current, shown, lang)),
        legend=_legend(rows.values()),
        actions=len(rows),
        hits=len(shown),
        years=canvas.years,
    )


def _legend(rows: Collection[GlanceRow]) -> tuple[Code, ...]:
    drawn = {sign.code for row in rows for cell in row.cells for sign in cell.marks}
    drawn |= {code for row in rows for code in (row.code, *row.codes)} | {"soon", "track", "done", "coming"}
    return tuple(code for code in ORDER if code in drawn)


def _counts(
    counts: Counts, by_code: Mapping[Code, int], key: str, lang: Lang, *, secretary: bool
) -> Iterator[Count]:
    """Yield the numbers, the calm ones by actions; each with the place of the list that it counts."""
    own: dict[Code, tuple[int, str]] = {
        "overdue": (counts.passed, "#overdue"),
        "review": (counts.not_answered, "#review"),
        "behind": (counts.behind, "#behind"),
        "unknown": (counts.not_known, ""),
        "decide": (counts.decisions if secretary else 0, f"/decisions?programme={key}"),
    }
    for code in ORDER:
        n, href = own.get(code, (by_code[code], ""))
        if n:
            yield Count(code, n, say(lang, f"count.{code}", n=n), href)


def by_action(rows: tuple[Occurrence, ...]) -> dict[str, list[Occurrence]]:
    """Return occurrences by action, in date order."""
    grouped: dict[str, list[Occurrence]] = {}
    for row in rows:
        grouped.setdefault(row.id.action, []).append(row)
    return grouped


def row_of(
    current: CurrentState,
    view: Overview,
    canvas: Canvas,
    action: Action,
    own: list[Occurrence],
    found: Mapping[str, Mark],
    *,
    secretary: bool,
) -> GlanceRow:
    """Return an action's row of the timeline."""
    derived, lang, state = current.snapshot.derived, canvas.lang, current.state
    names = current.snapshot.programme.organisation_by_key
    stretch = timeline_stretch(action, current.snapshot.programme)
    begun = stretch.first <= canvas.today if stretch else bool(derived.findings_of(action.id))
    standing = action_standing(state, view, action.id, own, canvas.today, secretary=secretary, begun=begun)
    asked = [found[str(row.id)] for row in own if needs_answer(row) and str(row.id) not in view.overtaken]
    standings = {view.standings[str(row.id)] for row in own if str(row.id) not in view.overtaken}
    codes: set[Code] = {CODES[one] for one in standings & {"passed", "not-answered", "not-known"}}
    codes |= {"behind"} if any(one.occurrence.id.action == action.id for one in view.behind) else set()
    if secretary and any(one.action == action.id for one in view.decisions):
        codes.add("decide")
    shown = next((mark for mark in asked if mark.standing == standing), Mark(CODES[standing], standing))
    return GlanceRow(
        id=action.id,
        title=action.title.get(lang),
        more=len(bullets(action, lang)) - 1,
        units=shared.names(lang, (names[key].name for key in action.leads_on(canvas.today))),
        code=shown.code if standing == "open" else CODES[standing],
        codes=frozenset(codes),
        words=mark_status(shown, lang),
        next=next_date(own, found, canvas.today),
        cells=cells(canvas, action, derived.of(action.id), own, found, state.target_dates, view.years_behind),
    )


def bullets(action: Action, lang: Lang) -> tuple[str, ...]:
    """Return an action's bullets in ``lang``, else in the first language that has any."""
    return action.bullets.get(lang) or next(iter(action.bullets.values()))


def _sentence(state: ProgrammeState, counts: Counts, by_code: Mapping[Code, int], canvas: Canvas) -> str:
    """Say the numbers that need a person; before anybody was asked, that nothing has been sent."""
    lang = canvas.lang
    if programme_standing(state, canvas.today) == "ended":
        return say(lang, "glance.ended")
    if state.started_on is None:
        return say(lang, "glance.welcome")
    numbers = {
        "glance.overdue": counts.passed,
        "glance.unanswered": counts.not_answered,
        "glance.behind": counts.behind,
        "glance.decide": counts.decisions,
    }
    if any(numbers.values()):
        return ", ".join(say(lang, code, n=n) for code, n in numbers.items() if n)
    if counts.not_known:
        return say(lang, "glance.unknown", n=counts.not_known)
    if by_code["soon"]:
        return say(lang, "glance.soon", n=by_code["soon"])
    return say(lang, "glance.well", n=sum(by_code.values()))


def _asking(state: ProgrammeState, view: Overview, asks_on: date | None, lang: Lang) -> str:
    """Say when units will be asked, or were, and until when they have time: so long is nobody late."""

    def said(text: str, on: date, n: int | None = None) -> str:
        by = answer_date(on, state.workdays, state.policy)
        words = {"on": dates.in_sentence(on, lang), "by": dates.in_sentence(by, lang)}
        return say(lang, text, n, **words)

    if not view.not_known:
        return ""
    if state.started_on is None:
        if asks_on is None:
            return say(lang, "glance.nobody-asked")
        return said("glance.will-ask-held" if state.held else "glance.will-ask", asks_on)
    asked: dict[str, date] = {}  # of an action the latest: until its answer date nothing is known
    unasked = set[str]()
    for row, key in ((one.occurrence, key) for one in view.not_known for key in one.waiting):
        action = row.id.action
        if was_mailed(state, row, key):
            on = request_day(state, row, key) or state.started_on
            asked[action] = max(on, asked.get(action, on))
        else:
            unasked.add(action)
    days = sorted(Counter(asked.values()).items())
    sentences = [said("glance.asked", on) for on, _ in days]
    if len(days) > 1:
        parts = "; ".join(said("glance.asked-part", on, n) for on, n in days)
        sentences = [say(lang, "glance.asked-in-parts", parts=parts)]
    if unasked and asks_on:
        sentences.append(
            said("glance.ask-next-held" if state.held else "glance.ask-next", asks_on, len(unasked))
        )
    return " ".join(sentences)


def _lede(current: CurrentState, rows: Mapping[str, GlanceRow], canvas: Canvas, *, secretary: bool) -> str:
    lang, today = canvas.lang, canvas.today
    parts = [f"{capital(dates.named_day(today, lang))}."]
    needing: frozenset[Code] = frozenset({"overdue", "decide", "review", "behind"})
    rest = sum(not (row.codes & needing) for row in rows.values())
    if not secretary:
        parts.append(say(lang, "glance.actions", n=len(rows)))
    elif current.state.started_on is None:
        parts.append(say(lang, "glance.purpose", n=len(rows)))
    elif not rest:
        parts.append(say(lang, "glance.rest-none", n=len(rows)))
    elif rest < len(rows):
        parts.append(say(lang, "glance.rest", n=rest, waiting=len(rows) - rest, total=len(rows)))
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
            f"{counts[code]}\N{NO-BREAK SPACE}{say(lang, f'summary.{code}', n=counts[code])}"
            for code in ORDER
            if counts[code]
        )
        parts += [DomainPart(domain.key, domain.name.get(lang), summary, tuple(own))] if own else []
    return parts


def _lists(current: CurrentState, view: Overview, canvas: Canvas) -> Iterator[OpenList]:
    """Yield what needs somebody, a list a kind, a line an occurrence, the oldest first."""
    state, today, lang = current.state, canvas.today, canvas.lang
    names = state.programme.organisation_by_key
    rows: dict[Code, tuple[Open, ...]] = {
        "overdue": view.passed,
        "behind": view.behind,
        "review": view.not_answered,
    }
    for code in _LISTED:
        lines = []
        for one in rows[code]:
            row, entered, times = one.occurrence, "", ""
            if code == "behind":
                target = target_of(row.id)
                rule = targets(state.programme)[target]
                dated = state.target_dates.get(target, ())
                stands = target_standing(rule, dated, row.due.year, today)
                entered, times = dates.number(stands.entered, lang), times_words(rule.frequency)
            units = shared.names(lang, (names[key].name for key in one.waiting))
            days = (today - row.due).days
            lines.append(OpenLine(row.id.action, row.title.get(lang), units, row.due, days, entered, times))
        yield OpenList(code, tuple(lines))


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
            view=glance(current, canvas, secretary=secretary, only=only, asks_on=_asks_on(page, current)),
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


def _asks_on(page: Page, current: CurrentState) -> date | None:
    """Return the day of the next mails, on which units are asked that were not asked yet; None: it ended."""
    return None if current.state.closed_on else next_sending(page.service, page.key).date()


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
