"""What the board secretary must know: what is overdue, by unit, and on which day she is told.

Pure. What units said, proposed and paused stands in the ``ProgrammeState``; the other lists of
the letter (new answers, failures, unclear wordings) come in as values from the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from email_templates import dates, words
from email_templates.letters import BoardDigest, DigestRow, DigestUnit, Item
from email_templates.plain_text import DOT
from reminders.planning.due import stages_of
from reminders.planning.overdue import Overdue, meeting_of, overdue_list
from reminders.planning.replies import Pause, Reply
from reminders.planning.state import (
    ProgrammeState,
    in_order,
    is_answered,
    pause_of,
    reply_of,
    responsible,
    unanswered,
)
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import LANGUAGES, Lang, Text

Mark = Literal["", "new", "repeated", "listed"]


@dataclass(frozen=True, slots=True)
class Lists:
    """The parts of the digest that the store knows."""

    answered: tuple[DigestRow, ...] = ()
    failures: tuple[DigestRow, ...] = ()
    unclear: tuple[DigestRow, ...] = ()


def board_digest(
    state: ProgrammeState,
    today: date,
    last: date | None,
    base_url: str,
    lists: Lists = Lists(),
    own: tuple[Item, ...] = (),
) -> BoardDigest:
    """Return the secretary's letter of ``today``; ``last`` is the day of the one before."""
    rows = overdue_list(state, today)
    oldest_first = dict.fromkeys(key for one in rows for key in one.waiting)
    units = tuple(_unit(state, key, rows, today, last, base_url) for key in oldest_first)
    changed = any(row.mark != "repeated" for unit in units for row in unit.rows)
    zone = ZoneInfo(state.programme.timezone)
    paused = any(last is None or one.at.astimezone(zone).date() >= last for one in state.pauses.values())
    quiet = not (changed or own or lists.answered or lists.failures or paused)
    return BoardDigest(
        programme=state.programme.name,
        sent_on=today,
        url=programme_url(base_url, "/digest", state.programme.key),
        last=last,
        meeting=meeting_of(state, today, last)[1],
        unchanged=last is not None and quiet,
        overdue=units,
        own=own,
        proposals=proposals(state, today, base_url),
        declined=declined_items(state, today, base_url),
        answered=lists.answered,
        paused=paused_items(state, today, base_url),
        no_contact=_no_contact(state, today, base_url),
        failures=lists.failures,
        unclear=lists.unclear,
    )


def _unit(
    state: ProgrammeState, key: str, rows: list[Overdue], today: date, last: date | None, base_url: str
) -> DigestUnit:
    mine = [one.occurrence for one in rows if key in one.waiting]
    own = tuple(
        DigestRow(
            title=row.title,
            due=row.due,
            url=action_url(base_url, row.id.programme, row.id.action),
            mark=overdue_mark(state, row, today, last, key),
            note=last_said(state, reply_of(state, row, key)),
        )
        for row in mine
    )
    return DigestUnit(state.programme.organisation_by_key[key].name, own)


def overdue_mark(state: ProgrammeState, row: Occurrence, today: date, last: date | None, key: str) -> Mark:
    """Say how an overdue row of an organisation stands: followed up, new since ``last``, or repeated."""
    reached = any(one.role == "secretary" and one.send_on <= today for one in stages_of(state, row))
    if reached and not is_answered(state, row, key) and not pause_of(state, row, key, today):
        return "listed"
    if last is None:
        return ""
    return "new" if row.due >= last else "repeated"


def last_said(state: ProgrammeState, reply: Reply | None) -> Text:
    """Say what a unit answered: the answer, the date that it proposed, whose it is, its note."""
    if reply is None:
        return Text()
    return Text(**{lang: DOT.join(_said(state, reply, lang)) for lang in LANGUAGES})


def _said(state: ProgrammeState, reply: Reply, lang: Lang) -> Iterator[str]:
    yield words.answer(lang, reply.answer)
    if reply.new_date:
        yield words.proposal(lang, reply.proposal or "pending", reply.new_date)
    if reply.whose:
        known = state.programme.organisation_by_key.get(reply.whose)
        yield words.say(lang, "said.whose", org=known.name.get(lang) if known else reply.whose)
    if reply.note:
        yield reply.note


def proposals(state: ProgrammeState, today: date, base_url: str) -> tuple[DigestRow, ...]:
    """Return the dates that units propose and the secretary has not decided on, the earliest first."""
    return tuple(_replied(state, today, base_url, lambda reply: reply.proposal == "pending"))


def declined_items(state: ProgrammeState, today: date, base_url: str) -> tuple[DigestRow, ...]:
    """Return what units say is not theirs, while they are responsible still."""
    return tuple(_replied(state, today, base_url, lambda reply: reply.answer == "not-ours"))


def _replied(
    state: ProgrammeState, today: date, base_url: str, asked: Callable[[Reply], bool]
) -> Iterator[DigestRow]:
    rows = in_order(state.occurrences[one] for one, _ in state.replies if one in state.occurrences)
    for row in dict.fromkeys(rows):
        for key in responsible(state, row, today):
            reply = state.replies.get((str(row.id), key))
            if reply and asked(reply):
                where = programme_url(base_url, "/decisions", state.programme.key)
                yield replace(_row_of(state, row, key, last_said(state, reply), base_url), url=where)


def paused_items(state: ProgrammeState, today: date, base_url: str) -> tuple[DigestRow, ...]:
    """Return what is paused on ``today``: until when, and why."""
    rows = in_order(state.occurrences[one] for one, _ in state.pauses if one in state.occurrences)
    return tuple(
        _row_of(state, row, key, _pause_note(pause), base_url)
        for row in dict.fromkeys(rows)
        for key in unanswered(state, row, today)
        if (pause := pause_of(state, row, key, today))
    )


def _pause_note(pause: Pause) -> Text:
    until = {lang: words.say(lang, "said.paused", date=dates.short(pause.until, lang)) for lang in LANGUAGES}
    return Text(**{lang: f"{text}{DOT}{pause.reason}" for lang, text in until.items()})


def _row_of(state: ProgrammeState, row: Occurrence, key: str, note: Text, base_url: str) -> DigestRow:
    unit = state.programme.organisation_by_key[key].name
    return DigestRow(
        row.title, row.due, action_url(base_url, row.id.programme, row.id.action), note=note, unit=unit
    )


def _no_contact(state: ProgrammeState, today: date, base_url: str) -> tuple[DigestRow, ...]:
    """Return who has no contact of its own, each with the page of the first action that it leads."""
    found = []
    for key in state.programme.lead_organisations(today):
        if not state.people.has_own_contact(key, today):
            led = next(action.id for action in state.programme.actions if key in action.leads_on(today))
            name = state.programme.organisation_by_key[key].name
            found.append(DigestRow(name, None, action_url(base_url, state.programme.key, led)))
    return tuple(found)


def programme_url(base_url: str, path: str, programme: str) -> str:
    """Return the address of a page about a programme, which it names."""
    return f"{base_url}{path}?{urlencode({'programme': programme})}"


def action_url(base_url: str, programme: str, action: str) -> str:
    """Return the address of an action's page."""
    return programme_url(base_url, f"/actions/{quote(action)}", programme)
