"""The provisional series whose dates a reader's units have been asked for, as links to set them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from email_templates import dates
from reminders.asked import series_subject, speaks_for
from reminders.dispatch.own_links import Opened
from reminders.due import World, responsible, stages_of
from reminders.links import Links
from reminders.policy import asks_for_dates
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang


def series_waiting(secret: str, opened: Opened, lang: Lang) -> list[tuple[str, str, str]]:
    """Return (address, title, assumed date) of what was asked and still has a date ahead in its year."""
    links = Links(secret)
    return [
        (
            "/series/" + links.issue("series", series_subject(row), opened.reader, opened.until),
            row.title.get(lang),
            dates.in_table(row.due, lang),
        )
        for world in opened.worlds.values()
        for row in _asked(world, opened.reader, opened.today)
    ]


def _asked(world: World, reader: str, today: date) -> Iterator[Occurrence]:
    for row_id in sorted(asks_for_dates(tuple(world.occurrences.values()))):
        row = world.occurrences[row_id]
        ahead = any(
            one.id.seed == row.id.seed and one.due.year == row.due.year and one.due >= today
            for one in world.occurrences.values()
        )
        reached = any(stage.send_on <= today for stage in stages_of(world, row))
        if ahead and reached and speaks_for(world, responsible(world, row, today), reader, today):
            yield row
