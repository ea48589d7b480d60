"""What opens behind a link to dates: a provisional series, or a target. Opening writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reminders.asked import SeriesYear, series_years, speaks_for
from reminders.dispatch.own_links import Closed, Opened, not_ours, open_link
from reminders.dispatch.tick import Service
from reminders.due import World
from reminders.links import Links, Purpose
from reminders.pace import Target, held_subject, targets


@dataclass(frozen=True)
class OpenSeries:
    """A link to the dates of a series' year."""

    opened: Opened
    world: World
    asked: SeriesYear

    @property
    def first(self) -> date:
        """The first day that may be set: what is past stays as it was."""
        return max(self.opened.today, date(self.asked.year, 1, 1), self.world.programme.period.first)

    @property
    def last(self) -> date:
        """The last day of the year that lies in the programme."""
        return min(date(self.asked.year, 12, 31), self.world.programme.period.last)


@dataclass(frozen=True)
class OpenTarget:
    """A link to the dates entered towards a target: the organisations that its reader enters them for."""

    opened: Opened
    world: World
    target: Target
    organisations: tuple[str, ...]


def open_series(service: Service, token: str) -> OpenSeries | Closed:
    """Return the series' year that a link is about, else why it opens nothing."""
    opened = open_link(service, token, "series")
    if isinstance(opened, Closed):
        return opened
    for world in opened.worlds.values():
        years = series_years(world)
        subject = _subject(service, token, "series", years)
        if subject:
            asked = years[subject]
            own = _own(opened, world, asked.action)
            return OpenSeries(opened, world, asked) if own else not_ours(opened, world, asked.action)
    return Closed("gone")


def open_target(service: Service, token: str) -> OpenTarget | Closed:
    """Return the target that a link is about, else why it opens nothing."""
    opened = open_link(service, token, "held")
    if isinstance(opened, Closed):
        return opened
    for world in opened.worlds.values():
        known = {held_subject(world.programme, target): target for target in targets(world.programme)}
        subject = _subject(service, token, "held", known)
        if subject:
            target = known[subject]
            own = _own(opened, world, target[0])
            return OpenTarget(opened, world, target, own) if own else not_ours(opened, world, target[0])
    return Closed("gone")


def _own(opened: Opened, world: World, action: str) -> tuple[str, ...]:
    keys = world.programme.action_by_id[action].leads_on(opened.today)
    return speaks_for(world, keys, opened.reader, opened.today)


def _subject(service: Service, token: str, purpose: Purpose, known: Iterable[str]) -> str | None:
    links = Links(service.secret)
    ticket = links.read(token)
    return links.subject_of(ticket, known) if ticket and ticket.purpose == purpose else None
