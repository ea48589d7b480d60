"""The letter that a mail is, its variables filled; ``email_templates`` renders it.

Pure. What the mail holds is decided in ``gather``, its items are made in ``items``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from email_templates.letters import (
    NOTHING_ENCLOSED,
    Escalation,
    Item,
    Letter,
    Notice,
    Nudge,
    Own,
    StatusRequest,
    UnitYear,
)
from reminders.asked import units_of
from reminders.digest import Lists, board_digest
from reminders.due import World
from reminders.enclosed import enclosed
from reminders.gather import Draft, world_in
from reminders.invitations import board_of
from reminders.items import Surroundings, item_of, own_url
from reminders.links import last_day
from reminders.policy import FIRST_START
from reminders.yearly import list_of
from schedule_rules.programme import LANGUAGES, Lang, Text


def letter(draft: Draft, worlds: Mapping[str, World], around: Surroundings) -> Letter:
    """Return the letter of a draft, its variables filled."""
    items = tuple(item_of(one, draft, worlds, around) for one in draft.reminders)
    beside = enclosed(draft.invitations, draft.feeds, worlds, around.links.secret, around.base_url)
    if draft.board:
        last = (around.last_digest or {}).get(draft.board)
        lists = (around.lists or {}).get(draft.board, Lists())
        summary = board_digest(worlds[draft.board], draft.day, last, around.base_url, lists, items)
        return replace(summary, enclosed=beside)
    world = worlds[draft.items[0].occurrence.partition(":")[0]]
    return replace(_to_unit(draft, worlds, items, world, around), enclosed=beside)


def _to_unit(
    draft: Draft, worlds: Mapping[str, World], items: tuple[Item, ...], world: World, around: Surroundings
) -> Letter:
    """Return the letter of a mail that is no digest, without what is beside its items."""
    calendar = f"{around.base_url}/calendars/"
    if not draft.reminders and not draft.shares:
        return Notice(world.programme.name, _reader(draft, world), draft.day, NOTHING_ENCLOSED, calendar)
    unit = _unit_name(draft, worlds)
    unit_url = own_url("unit", "", draft, around)
    own = Own(unit_url, last_day(draft.day) + timedelta(days=1))
    years = tuple(list_of(worlds[share.programme], share) for share in draft.shares)
    if draft.kind == "status-request":
        answer_by = _requested_by(items, world, draft.day)
        return StatusRequest(world.programme.name, unit, draft.day, items, calendar, own, answer_by, years)
    if not items:
        return UnitYear(world.programme.name, unit, draft.day, years, calendar, own)
    kind = Escalation if draft.kind == "escalation" else Nudge
    return kind(world.programme.name, unit, draft.day, items, calendar, own, years)


def _reader(draft: Draft, world: World) -> Text:
    """Return who a mail without items is for: the board, else the reader's organisations."""
    if draft.invitations and not draft.feeds:
        return board_of(world.programme)
    keys = units_of(world, draft.recipient, draft.day)
    return joined(tuple(one.name for one in world.programme.organisations if one.key in keys))


def _requested_by(items: Iterable[Item], world: World, day: date) -> date:
    """Return the last day to answer a status request: after a hand-over earlier than for a new one."""
    promised = [item.promise.answer_by for item in items if item.stage == FIRST_START and item.promise]
    told = world.workdays.after(day, world.policy.head_after)
    return min(promised, default=world.workdays.before(told, 1))


def _unit_name(draft: Draft, worlds: Mapping[str, World]) -> Text:
    """Return the names of the organisations that the mail is about, joined."""
    names: dict[str, Text] = {}
    for one in draft.reminders:
        programme = world_in(worlds, one).programme
        names.update({key: programme.organisation_by_key[key].name for key in one.organisations})
    for share in draft.shares:
        organisations = worlds[share.programme].programme.organisation_by_key
        names.update({key: organisations[key].name for key in share.organisations})
    return joined(tuple(names.values()))


def joined(names: tuple[Text, ...]) -> Text:
    """Return names as one text, with commas."""
    texts: dict[Lang, str] = {lang: ", ".join(name.get(lang) for name in names) for lang in LANGUAGES}
    return Text(**texts)
