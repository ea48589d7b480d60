"""From due reminders to mails: who gets what on a day, one mail a recipient.

Pure. The forecast needs no more than this; the letter that a mail is, is made in ``compose``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from reminders.digest import meeting_of, overdue
from reminders.due import DueReminder, World
from reminders.feed_request import FeedAsked
from reminders.invitations import Invitation
from reminders.policy import DIGEST, ESCALATION, FIRST_START, HANDOVER, YEAR
from reminders.preferences import gets_digest
from reminders.readers import goes
from reminders.recipients import Contact, MailLanguage
from reminders.yearly import Share, lines_of
from schedule_rules.days import Span
from schedule_rules.occurrence import OccurrenceID

MailKind = Literal["escalation", "status-request", "collection", "nudge", "digest"]


_WEIGHT: tuple[MailKind, ...] = ("escalation", "status-request", "collection", "nudge", "digest")


@dataclass(frozen=True, slots=True)
class MailItem:
    """One item of a mail, as forecast and log show it."""

    occurrence: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail to be: who gets it, what it weighs, what stands in it.

    ``board`` is the programme whose digest this is, else nothing; ``shares`` the lists
    of the unit's year that it holds, ``invitations`` and ``feeds`` what is told beside. A
    ``version`` above 1 follows a mail of the same day that was taken back, or refused at a dead address.
    """

    recipient: str
    language: MailLanguage
    day: date
    kind: MailKind
    reminders: tuple[DueReminder, ...]
    items: tuple[MailItem, ...]
    board: str = ""
    version: int = 1
    shares: tuple[Share, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    feeds: tuple[FeedAsked, ...] = ()


def gather(
    worlds: Mapping[str, World],
    day: date,
    planned: Iterable[DueReminder],
    last_digest: Mapping[str, date],
    busy: Collection[str] = frozenset(),
    lists: Mapping[str, tuple[Share, ...]] = MappingProxyType({}),
) -> tuple[Draft, ...]:
    """Return the mails of ``day``: one a recipient, in order of address.

    ``last_digest`` gives each started programme's previous digest day (absent:
    none yet); ``busy`` are addresses that have had their mail of the day; ``lists``
    of the unit's year go to whoever has no digest that day.
    """
    boards = _boards(worlds, day, last_digest)
    by_recipient: dict[str, list[DueReminder]] = {address: [] for address in (*boards, *lists)}
    for reminder in planned:
        if (not reminder.waits or reminder.recipient in boards) and goes(
            world_in(worlds, reminder), reminder, day
        ):
            by_recipient.setdefault(reminder.recipient, []).append(reminder)
    return tuple(
        _draft(worlds, day, address, reminders, board := boards.get(address, ""), last_digest.get(board))
        if address in boards
        else _with_lists(_draft(worlds, day, address, reminders, "", None), worlds, lists.get(address, ()))
        for address, reminders in sorted(by_recipient.items())
        if address not in busy
    )


def _with_lists(draft: Draft, worlds: Mapping[str, World], shares: tuple[Share, ...]) -> Draft:
    """Return a draft that holds the lists of the unit's year too."""
    rows = (line.row for share in shares for line in lines_of(worlds[share.programme], share))
    items = tuple(MailItem(str(row.id), YEAR, "first") for row in rows)
    return replace(draft, items=draft.items + items, shares=shares)


def gather_again(worlds: Mapping[str, World], day: date, again: Iterable[DueReminder]) -> tuple[Draft, ...]:
    """Return the second mails of ``day``: what was re-addressed to addresses that have had theirs."""
    by_recipient: dict[str, list[DueReminder]] = {}
    for reminder in again:
        if not reminder.waits:
            by_recipient.setdefault(reminder.recipient, []).append(reminder)
    return tuple(
        _draft(worlds, day, address, reminders, "", None)
        for address, reminders in sorted(by_recipient.items())
    )


def _boards(worlds: Mapping[str, World], day: date, last_digest: Mapping[str, date]) -> dict[str, str]:
    """Return whose mail of ``day`` is the digest of which programme.

    Of several of one secretary the one that has waited longest goes; the others on the next sending day.
    """
    waited = sorted(worlds, key=lambda key: (last_digest.get(key, date.min), key), reverse=True)
    return {
        contact.email: key
        for key in waited
        for contact in worlds[key].people.secretary(day)
        if _board_day(worlds[key], contact, day, last_digest.get(key))
    }


def _board_day(world: World, contact: Contact, day: date, last: date | None) -> bool:
    """Tell whether the summary goes to this secretary on ``day``; the first one goes with the first mails."""
    wish = world.preferences.get(contact.email)
    if wish is None or last is None:
        return meeting_of(world, day, last)[0]
    since = Span(last + timedelta(days=1), day)
    return gets_digest(wish, since, world.programme.meetings, world.workdays, world.policy)


def _draft(
    worlds: Mapping[str, World],
    day: date,
    address: str,
    reminders: list[DueReminder],
    board: str,
    last: date | None,
) -> Draft:
    ordered = tuple(sorted(reminders, key=lambda one: (_due(worlds, one), one.occurrence, one.order)))
    items = [MailItem(one.occurrence, one.stage, one.reason) for one in ordered]
    if board:
        own = {item.occurrence for item in items}
        items += [
            MailItem(
                str(one.occurrence.id),
                DIGEST,
                "first" if last is None or one.occurrence.due >= last else "repeated",
            )
            for one in overdue(worlds[board], day)
            if str(one.occurrence.id) not in own
        ]
    kinds = {mail_kind(one) for one in ordered} | ({"digest"} if board else set())
    kind: MailKind = next((kind for kind in _WEIGHT if kind in kinds), "nudge")
    contact = contact_of(worlds, address, day)
    return Draft(address, contact.language if contact else "fi", day, kind, ordered, tuple(items), board)


def _due(worlds: Mapping[str, World], reminder: DueReminder) -> date:
    return worlds[OccurrenceID.parse(reminder.occurrence).programme].occurrences[reminder.occurrence].due


def mail_kind(reminder: DueReminder) -> MailKind:
    """Return the kind of mail that a reminder alone would make."""
    if reminder.stage == ESCALATION:
        return "escalation"
    if reminder.stage == FIRST_START:
        return "status-request"
    if reminder.stage == HANDOVER:
        return "nudge"
    return "collection" if OccurrenceID.parse(reminder.occurrence).kind == "collection" else "nudge"


def contact_of(worlds: Mapping[str, World], address: str, day: date) -> Contact | None:
    """Return the first valid contact with this address."""
    rows = [contact for world in worlds.values() for contact in world.people.all if contact.email == address]
    return next((contact for contact in rows if contact.is_valid(day)), rows[0] if rows else None)


def world_in(worlds: Mapping[str, World], reminder: DueReminder) -> World:
    """Return the world of the programme that a reminder is of."""
    return worlds[OccurrenceID.parse(reminder.occurrence).programme]
