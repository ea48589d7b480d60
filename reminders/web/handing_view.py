"""Hand-overs as their page shows them: what an organisation leads, what moves, what has moved. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from email_templates import dates
from email_templates import words as shared
from reminders.dispatch.handing import Moving
from reminders.web.books import Standing
from reminders.web.words import say
from schedule_rules.programme import Handover, Lang


@dataclass(frozen=True, slots=True)
class MovingRow:
    """One action that moves, with its dates that still wait for an answer."""

    action: str
    title: str
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastRow:
    """One hand-over of one action: when, from whom, to whom, on what basis."""

    action: str
    title: str
    on: str
    giver: str
    taker: str
    basis: str


def led_by(standing: Standing, giver: str, day: date) -> list[str]:
    """Return the actions that an organisation leads on a day or will lead, in the programme's order."""
    actions = standing.book.programme.actions
    ahead = [
        one.id
        for one in actions
        if any(move.taker == giver and move.effective_from > day for move in one.handovers)
    ]
    return [one.id for one in actions if giver in one.leads_on(day) or one.id in ahead]


def moving_rows(moving: Moving, standing: Standing, lang: Lang) -> tuple[MovingRow, ...]:
    """Return what moves, an action a row."""
    programme, rows = standing.book.programme, standing.world.occurrences
    return tuple(
        MovingRow(
            action,
            programme.action_by_id[action].title.get(lang),
            tuple(
                f"{shared.kind(lang, rows[one].kind)} {dates.short(rows[one].due, lang)}"
                for one in moving.occurrences
                if rows[one].id.action == action
            ),
        )
        for action in moving.actions
    )


def history(standing: Standing, lang: Lang) -> tuple[PastRow, ...]:
    """Return every hand-over of the programme, the newest first."""
    programme = standing.book.programme
    found = [(move, action) for action in programme.actions for move in action.handovers]
    found.sort(key=lambda pair: (pair[0].effective_from, pair[1].id), reverse=True)
    return tuple(
        PastRow(
            action.id,
            action.title.get(lang),
            dates.short(move.effective_from, lang),
            programme.organisation_by_key[move.giver].name.get(lang),
            programme.organisation_by_key[move.taker].name.get(lang),
            _basis(move, lang),
        )
        for move, action in found
    )


def _basis(move: Handover, lang: Lang) -> str:
    words = move.source.get(lang)
    return dates.quoted(words, lang) if words else say(lang, "handing.entered", by=move.by)
