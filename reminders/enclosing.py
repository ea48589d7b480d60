"""What goes beside the day's items: invitations and the addresses of private calendars, one mail an address.

Pure; tick and forecast decide by the same ``enclose``. Whoever has a mail that day gets a calendar's
address in it, and an invitation once it can wait no longer; whoever has none gets one of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from reminders.due import World
from reminders.feed_request import FeedAsked, feeds_due
from reminders.gather import Draft, MailItem, contact_of
from reminders.invitations import Invitation, Told, invitations_due, is_latest, key_of
from reminders.policy import INVITATION, OWN_FEED


@dataclass(frozen=True, slots=True)
class Beside:
    """What may go beside a day's items, by address."""

    invitations: Mapping[str, tuple[Invitation, ...]] = field(default_factory=dict)
    feeds: Mapping[str, tuple[FeedAsked, ...]] = field(default_factory=dict)


def beside(
    worlds: Mapping[str, World], day: date, started: Mapping[str, date], told: Told, asked: Mapping[str, date]
) -> Beside:
    """Return what waits on ``day``: of what was ``told``, and ``asked`` for by address."""
    return Beside(invitations_due(worlds, day, started, told), feeds_due(worlds, day, asked))


def enclose(
    drafts: Iterable[Draft],
    worlds: Mapping[str, World],
    day: date,
    busy: Collection[str],
    waiting: Beside,
) -> tuple[Draft, ...]:
    """Return the mails of ``day`` with what waits, in order of address; ``busy`` have had theirs."""
    made = {draft.recipient: draft for draft in drafts}
    own = {*waiting.invitations, *waiting.feeds} - made.keys() - set(busy)
    found = [_riding(draft, worlds, waiting) for draft in made.values()]
    found += [_alone(address, worlds, day, waiting) for address in own]
    return tuple(sorted(found, key=lambda draft: draft.recipient))


def told_with(told: Told, drafts: Iterable[Draft]) -> Told:
    """Return what has been told once ``drafts`` are mailed."""
    return {**told, **{key_of(one): one for draft in drafts for one in draft.invitations}}


def answered(drafts: Iterable[Draft]) -> frozenset[str]:
    """Return the addresses whose request for a calendar ``drafts`` answer."""
    return frozenset(draft.recipient for draft in drafts if draft.feeds)


def _riding(draft: Draft, worlds: Mapping[str, World], waiting: Beside) -> Draft:
    invitations = waiting.invitations.get(draft.recipient, ())
    late = tuple(one for one in invitations if is_latest(worlds[one.programme], one, draft.day))
    return _with(draft, late, waiting.feeds.get(draft.recipient, ()))


def _alone(address: str, worlds: Mapping[str, World], day: date, waiting: Beside) -> Draft:
    """Return a mail of its own: a calendar that was asked for, else one invitation."""
    invitations = waiting.invitations.get(address, ())
    contact = contact_of(worlds, address, day)
    language = contact.language if contact else invitations[0].language
    draft = Draft(address, language, day, "nudge", (), ())
    return _riding(draft, worlds, waiting) if address in waiting.feeds else _with(draft, invitations[:1], ())


def _with(draft: Draft, invitations: tuple[Invitation, ...], feeds: tuple[FeedAsked, ...]) -> Draft:
    items = [MailItem(one.item, INVITATION, "repeated" if one.sequence else "first") for one in invitations]
    items += [MailItem(one.item, OWN_FEED, "first") for one in feeds]
    return replace(draft, items=(*draft.items, *items), invitations=invitations, feeds=feeds)
