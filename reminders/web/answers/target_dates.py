"""Dates that count towards a target ("4–5 fairs a year"): entered and taken away, by link or signed in.

GET changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates.plain_text import years_together
from reminders.collection.indicator import Measure, measures_of
from reminders.collection.measures import ValueRow, with_unit
from reminders.errors import NotFoundError, UsageError
from reminders.planning.state import ProgrammeState
from reminders.planning.targets import Target, target_standing, target_subject, targets
from reminders.service import Service
from reminders.use.answers.links import ClosedLink, OpenLink, open_target
from reminders.use.answers.target_dates import (
    EnteredDate,
    enter_date,
    entered_for,
    reported_values,
    take_back_date,
)
from reminders.web.answers.answer import link_to
from reminders.web.catalogue import no_date_words, say
from reminders.web.page import Page, Pages, behind_link
from reminders.web.site import Site
from schedule_rules.programme import Lang, Programme

LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class TargetDateRow:
    """One date that was entered: by whom, with what note; ``mine``: the reader may take it away."""

    on: date
    organisation: str
    note: str
    by: str
    mine: bool

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.on.isoformat()} {self.organisation} {self.note}".strip()


@dataclass(frozen=True)
class TypedDate:
    """What was typed for another date, and by field what is wrong with it."""

    date: str = ""
    note: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TargetView:
    """A target's dates; ``first`` and ``last`` bound what may be entered.

    ``years``, the newest first, have a count (*Toteutunut 3/4–5 (2025)*), dates, and what the data collection
    reported of that year, which counts towards nothing here.
    """

    programme: str
    action: str
    title: str
    years: tuple[tuple[str, tuple[TargetDateRow, ...], str], ...]
    first: date
    last: date
    url: str = ""


def target_view(
    site: Site, programme: Programme, target: Target, mine: Collection[str], lang: Lang, url: str = ""
) -> TargetView:
    """Return a target with its dates up to this year; ``mine`` are the reader's organisations."""
    rule, today = targets(programme)[target], site.snapshots.today()
    rows = [
        TargetDateRow(
            one.on,
            one.organisation,
            one.note,
            one.by or say(lang, "held.secretary"),
            one.organisation in mine,
        )
        for one in entered_for(site.service, rule.action, programme.key)
        if one.rule == rule.name
    ]
    last = max(min(today.year, rule.end.year), rule.start.year, *(row.on.year for row in rows))
    years, reported = [], reported_values(site.service, rule.action, programme.key)
    asked = measures_of(programme.action_by_id[rule.action])
    for year in range(last, rule.start.year - 1, -1):
        standing = target_standing(rule, [row.on for row in rows], year, today)
        least, most = dates.number(standing.minimum, lang), standing.maximum
        aim = least if most in {None, standing.minimum} else f"{least}–{dates.number(most or 0, lang)}"
        count = say(lang, "held.count", n=standing.entered, target=aim, year=year)
        values = ", ".join(_reported_words(one, asked, lang) for one in reported if one.year == year)
        told = say(lang, "held.reported", year=year, values=values) if values else ""
        years.append((years_together(count), tuple(row for row in rows if row.on.year == year), told))
    title = programme.action_by_id[rule.action].title.get(lang)
    return TargetView(programme.key, rule.action, title, tuple(years), rule.start, rule.end, url)


def _reported_words(value: ValueRow, asked: Sequence[Measure], lang: Lang) -> str:
    unit = asked[value.place - 1].unit.get(lang) if value.place <= len(asked) else value.unit
    return with_unit(value.text, value.kind, unit, lang)


def reader_targets(
    page: Page, link: OpenLink, state: ProgrammeState, mine: Collection[str]
) -> list[TargetView]:
    """Return the targets of a reader's units in a programme, each with the address of its own page."""
    programme, today, views = state.programme, page.today, []
    for target, rule in targets(programme).items():
        own = [key for key in programme.action_by_id[rule.action].leads_on(today) if key in mine]
        if own and rule.start <= today and today.year <= rule.end.year + 1:
            url = link_to(page, link, "held", target_subject(programme, target), programme.key)
            views.append(target_view(page.site, programme, target, own, page.lang, url))
    return views


def action_target(site: Site, programme: Programme, action: str, lang: Lang) -> TargetView | None:
    """Return the dates of an action's target as the secretary sees them, None where it has none."""
    target = next((one for one in targets(programme) if one[0] == action), None)
    if target is None:
        return None
    return target_view(site, programme, target, programme.organisation_by_key, lang)


@dataclass(frozen=True)
class TargetEntry:
    """A target whose dates are changed: by whom (an address), for which organisation.

    ``on_behalf``: who manages the programme does it for the units. ``around`` is what the template shows
    besides the dates.
    """

    template: str
    view: TargetView
    by: str = ""
    organisation: str = ""
    around: Mapping[str, str] = field(default_factory=dict)
    on_behalf: bool = False

    @property
    def programme_key(self) -> str:
        """The key of the programme that it is about."""
        return self.view.programme

    def add(self, service: Service, typed: TypedDate, lang: Lang) -> TypedDate:
        """Enter the date that was typed, where it is right; return it with what is wrong."""
        view, day = self.view, dates.typed_date(typed.date)
        wrong = {}
        if day is None:
            expected = say(lang, "dates.wrong-date", example=dates.short(view.last, lang))
            wrong["date"] = no_date_words(typed.date, lang, expected)
        elif not view.first <= day <= view.last:
            first, last = dates.short(view.first, lang), dates.short(view.last, lang)
            wrong["date"] = say(lang, "dates.wrong-year", first=first, last=last)
        if len(typed.note) > LONGEST:
            wrong["note"] = say(lang, "held.too-long", most=dates.number(LONGEST, lang))
        if day and not wrong:
            try:
                enter_date(service, self._entered(day, typed.note, self.organisation))
            except UsageError:  # what is left: it is entered already
                wrong["date"] = say(lang, "held.twice")
        return TypedDate(typed.date, typed.note, wrong)

    def remove(self, service: Service, which: str) -> None:
        """Take a date away that stands on the page and is the reader's; nothing where it is gone already."""
        rows = (row for _, rows, _ in self.view.years for row in rows)
        row = next((row for row in rows if row.mine and row.key == which), None)
        if row:
            with suppress(NotFoundError):  # a colleague was quicker
                take_back_date(service, self._entered(row.on, row.note, row.organisation))

    def _entered(self, on: date, note: str, organisation: str) -> EnteredDate:
        action, programme = self.view.action, self.view.programme
        return EnteredDate(action, on, self.by, note, organisation, programme, self.on_behalf)


class TargetDatesPages(Pages):
    """A target's dates: behind a mail's link, or for the secretary, signed in."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        show, change = behind_link(_target_of_action, self.show), behind_link(_target_of_action, self.change)
        return [
            *self.linked("/held/{token}", _target_of_link, self.show, self.change),
            *self.secretary("/actions/{action}/held", show, change),
        ]

    def show(
        self, page: Page, entry: TargetEntry, typed: TypedDate = TypedDate(), done: str = ""
    ) -> Response:
        """Show how often so far, the dates, the fields of another; ``done``: what was done before."""
        done = done or page.query.get("done", "")
        return page.render(
            entry.template,
            422 if typed.wrong else 200,
            view=entry.view,
            typed=typed,
            errors=[(f"held-{name}", words) for name, words in typed.wrong.items()],
            done=done if done in {"added", "removed"} and not typed.wrong else "",
            **entry.around,
        )

    def change(self, page: Page, entry: TargetEntry) -> Response:
        """Add a date, or take one away; what was typed stays until it is added."""
        step, _, which = page.text("step").partition(" ")
        typed = TypedDate(page.text("date"), page.text("note"))
        done = "removed" if step == "remove" else "added"
        if step == "remove":
            entry.remove(page.service, which or page.text("which"))
            if typed.date or typed.note:
                now = _target_of_link(page) if page.private else _target_of_action(page)
                return page.closed(now) if isinstance(now, ClosedLink) else self.show(page, now, typed, done)
        else:
            typed = entry.add(page.service, typed, page.lang)
            if typed.wrong:
                return self.show(page, entry, typed)
        if page.private:
            return page.back(done=done)
        return page.redirect(f"{page.home(page.request.url.path)}&done={done}")


def _target_of_link(page: Page) -> TargetEntry | ClosedLink:
    link = open_target(page.service, page.path("token"))
    if isinstance(link, ClosedLink):
        return link
    reader, programme = link.opened.reader, link.state.programme
    return TargetEntry(
        "target_dates.html",
        target_view(page.site, programme, link.target, link.organisations, page.lang),
        reader,
        link.organisations[0],
        {
            "own_name": programme.name.get(page.lang),
            "reader": reader,
            "unit_page": link_to(page, link.opened, "unit"),
        },
    )


def _target_of_action(page: Page) -> TargetEntry:
    view = action_target(page.site, page.snapshot.programme, page.path("action"), page.lang)
    if view is None:
        raise NotFoundError(f"{page.path('action')!r} has no target")
    return TargetEntry("target_dates_by_hand.html", view, page.by, on_behalf=True)
