"""The list of actions: a timeline a domain, by unit, theme, status and year; the overview shows it too.

``action_list`` is pure: the current state and a day in, what the templates show out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, get_args

from starlette.responses import Response
from starlette.routing import Route

from email_templates import words as shared
from reminders.errors import NotFoundError
from reminders.planning.standing import Overview, action_standing, overview
from reminders.planning.state import needs_answer
from reminders.web.catalogue import say
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
from reminders.web.words import CODES, Code
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Lang, Programme

_OF_DOMAIN: Final = 4
"""How many rows of a domain the overview shows."""
_STATUSES: Final = frozenset(get_args(Code))


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which actions a reader wants to see: of one unit, theme, status, year; nothing: of all."""

    unit: str = ""
    theme: str = ""
    status: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class TimelineRow:
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
    rows: tuple[TimelineRow, ...]

    @property
    def worst(self) -> tuple[TimelineRow, ...]:
        """The few rows that stand worst, in the programme's order: what the overview shows of a domain."""
        chosen = sorted(self.rows, key=lambda row: ORDER.index(row.code))[:_OF_DOMAIN]
        return tuple(row for row in self.rows if row in chosen)


@dataclass(frozen=True, slots=True)
class ActionList:
    """The timeline with its filter: how many of all actions it shows, in a table a domain.

    ``legend`` are the signs that it may hold: of what is late only those that it does. ``units``, ``themes``
    and ``statuses`` are what may be chosen, each with its name.
    """

    wish: ActionFilter
    parts: tuple[DomainPart, ...]
    legend: tuple[Code, ...]
    hits: int
    total: int
    years: range
    programme_years: range
    units: tuple[tuple[str, str], ...]
    themes: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[Code, str], ...]


def action_rows(
    current: CurrentState, view: Overview, canvas: Canvas, *, secretary: bool
) -> dict[str, TimelineRow]:
    """Return the timeline's row of each action, by id."""
    found = status_marks(current.state, view, canvas.today, secretary=secretary)
    grouped = by_action(current.snapshot.occurrences)
    return {
        action.id: row_of(
            current, view, canvas, action, grouped.get(action.id, []), found, secretary=secretary
        )
        for action in current.snapshot.programme.actions
    }


def action_list(
    current: CurrentState,
    canvas: Canvas,
    rows: Mapping[str, TimelineRow],
    wish: ActionFilter = ActionFilter(),
) -> ActionList:
    """Return the timeline of the actions that a reader wants to see, out of all ``rows``."""
    programme, lang = current.snapshot.programme, canvas.lang
    shown = {key: row for key, row in rows.items() if _is_wanted(programme, canvas, row, wish)}
    names = programme.organisation_by_key
    leads = {key for action in programme.actions for key in action.leads_on(canvas.today)}
    present = {code for row in rows.values() for code in (row.code, *row.codes)}
    return ActionList(
        wish=wish,
        parts=tuple(_parts(programme, shown, lang)),
        legend=_legend(shown.values()),
        hits=len(shown),
        total=len(rows),
        years=canvas.years,
        programme_years=programme.period.years(),
        units=tuple(
            sorted(((key, names[key].name.get(lang)) for key in leads), key=lambda one: one[1].casefold())
        ),
        themes=tuple((one.key, one.name.get(lang)) for one in programme.domains),
        statuses=tuple((code, shared.status(lang, code)) for code in ORDER if code in present),
    )


def _is_wanted(programme: Programme, canvas: Canvas, row: TimelineRow, wish: ActionFilter) -> bool:
    action = programme.action_by_id[row.id]
    return (
        (not wish.unit or wish.unit in action.leads_on(canvas.today))
        and (not wish.theme or programme.domain_of(action).key == wish.theme)
        and (not wish.status or wish.status in {row.code, *row.codes})
        and (not wish.year or any(cell.bars or cell.marks or cell.count for cell in row.cells))
    )


def _parts(programme: Programme, rows: Mapping[str, TimelineRow], lang: Lang) -> Iterator[DomainPart]:
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
        if own:
            yield DomainPart(domain.key, domain.name.get(lang), summary, tuple(own))


def _legend(rows: Collection[TimelineRow]) -> tuple[Code, ...]:
    drawn = {sign.code for row in rows for cell in row.cells for sign in cell.marks}
    drawn |= {code for row in rows for code in (row.code, *row.codes)} | {"soon", "track", "done", "coming"}
    return tuple(code for code in ORDER if code in drawn)


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
) -> TimelineRow:
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
    return TimelineRow(
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


class ActionListPages(Pages):
    """The list of all actions."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.public("/actions", self.show)

    def show(self, page: Page) -> Response:
        """Show the actions that the address asks for; a service without any programme says so."""
        try:
            current = page.current
        except NotFoundError:
            return no_programme(page)
        programme, secretary = current.snapshot.programme, page.visitor.signed_in
        wish = _wish(page, programme)
        canvas = Canvas(programme, page.today, page.lang, "all-years" in page.query, wish.year)
        view = overview(current.state, page.today)
        rows = action_rows(current, view, canvas, secretary=secretary)
        return page.render(
            "actions.html",
            list=action_list(current, canvas, rows, wish),
            today=canvas.today,
            far=any(canvas.is_far(year) for year in canvas.years),
        )


def _wish(page: Page, programme: Programme) -> ActionFilter:
    """Return what the address asks for; what no action can have is not asked for."""
    year, status = page.query.get("year", ""), page.query.get("status", "")
    unit, theme = page.query.get("unit", ""), page.query.get("theme", "")
    return ActionFilter(
        unit if unit in programme.organisation_by_key else "",
        theme if theme in {one.key for one in programme.domains} else "",
        status if status in _STATUSES else "",
        next((one for one in programme.period.years() if str(one) == year), None),
    )


def no_programme(page: Page) -> Response:
    """Say that there is no programme yet, and how to bring one in."""
    return page.error(404, page.say("notice.no-programme"), page.say("notice.no-programme-text"))
