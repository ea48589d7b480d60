"""From due reminders to mails: who gets what on a day, one mail a recipient.

Pure. The forecast needs no more than this; the letter that a mail is, is made in ``compose``.

What goes beside the day's items: invitations and the addresses of private calendars, one mail an address.

Pure; tick and forecast decide by the same ``enclose``. Whoever has a mail that day gets a calendar's
address in it, and an invitation once it can wait no longer; whoever has none gets one of its own.

Private calendars that were asked for by mail: whom the day's mails bring the address of one.

Pure. Asked for on a public page by whoever knows an address, so the answer goes to that
address alone. The token is a function of the request: a mail says the same whoever writes it,
and only its hash is stored (``store.feed_requests``).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal

from reminders.planning.addresses import same_address
from reminders.planning.due import DueReminder, goes
from reminders.planning.invitations import Invitation, Told, invitations_due, is_latest, key_of
from reminders.planning.overdue import meeting_of, overdue_list
from reminders.planning.policy import DIGEST, ESCALATION, FIRST_START, HANDOVER, INVITATION, OWN_FEED, YEAR
from reminders.planning.preferences import gets_digest
from reminders.planning.recipients import Contact, MailLanguage
from reminders.planning.speakers import units_of
from reminders.planning.state import ProgrammeState
from reminders.planning.year_list import YearShare, lines_of
from schedule_rules.days import Span
from schedule_rules.occurrence import OccurrenceID

# -- Private calendars that were asked for by mail: whom the day's mails bring the address of o

LAPSES: Final = timedelta(days=30)
"""A request of a programme that is held for longer is forgotten: nobody waits for it any more."""
_OCTETS: Final = 16  # 128 bits


@dataclass(frozen=True, slots=True)
class FeedRequested:
    """One address's own calendar of one programme, asked for ``on`` a civil date."""

    programme: str
    recipient: str
    on: date

    @property
    def item(self) -> str:
        """The name under which forecast and log show it; no action has it."""
        return f"{self.programme}:calendar:event:own-{self.on.isoformat()}"

    def token(self, secret: str) -> str:
        """Return the feed's token: 22 letters, digits, ``-`` and ``_``, the same each time."""
        facts = f"reminders.feed_request\0{self.programme}\0{self.recipient}\0{self.on.isoformat()}"
        octets = hmac.digest(secret.encode(), facts.encode(), "sha256")[:_OCTETS]
        return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def feeds_due(
    states: Mapping[str, ProgrammeState], day: date, asked: Mapping[str, date]
) -> Mapping[str, tuple[FeedRequested, ...]]:
    """Return what each address gets that asked (on which date): a feed a programme whose contact it is."""
    found = {
        address: tuple(
            FeedRequested(key, address, on)
            for key, state in sorted(states.items())
            if units_of(state.people, address, day) and state.people.takes_mail(address)
        )
        for address, on in asked.items()
        if day - LAPSES <= on <= day
    }
    return {address: ones for address, ones in found.items() if ones}


# -- From due reminders to mails: who gets what on a day, one mail a recipient

MailKind = Literal["escalation", "status-request", "collection", "nudge", "digest"]


_WEIGHT: tuple[MailKind, ...] = ("escalation", "status-request", "collection", "nudge", "digest")


@dataclass(frozen=True, slots=True)
class MailItem:
    """One item of a mail, as forecast and log show it."""

    occurrence: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mail:
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
    shares: tuple[YearShare, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    feeds: tuple[FeedRequested, ...] = ()


def mails_of_day(
    states: Mapping[str, ProgrammeState],
    day: date,
    planned: Iterable[DueReminder],
    last_digest: Mapping[str, date],
    busy: Collection[str] = frozenset(),
    lists: Mapping[str, tuple[YearShare, ...]] = MappingProxyType({}),
) -> tuple[Mail, ...]:
    """Return the mails of ``day``: one a recipient, in order of address.

    ``last_digest`` gives each started programme's previous digest day (absent:
    none yet); ``busy`` are addresses that have had their mail of the day; ``lists``
    of the unit's year go to whoever has no digest that day.
    """
    boards = _boards(states, day, last_digest)
    by_recipient: dict[str, list[DueReminder]] = {address: [] for address in (*boards, *lists)}
    for reminder in planned:
        if (not reminder.waits or reminder.recipient in boards) and goes(
            state_in(states, reminder), reminder, day
        ):
            by_recipient.setdefault(reminder.recipient, []).append(reminder)
    return tuple(
        _draft(states, day, address, reminders, board := boards.get(address, ""), last_digest.get(board))
        if address in boards
        else _with_lists(_draft(states, day, address, reminders, "", None), states, lists.get(address, ()))
        for address, reminders in sorted(by_recipient.items())
        if address not in busy
    )


def _with_lists(draft: Mail, states: Mapping[str, ProgrammeState], shares: tuple[YearShare, ...]) -> Mail:
    """Return a draft that holds the lists of the unit's year too."""
    rows = (line.row for share in shares for line in lines_of(states[share.programme], share))
    items = tuple(MailItem(str(row.id), YEAR, "first") for row in rows)
    return replace(draft, items=draft.items + items, shares=shares)


def mails_again(
    states: Mapping[str, ProgrammeState], day: date, again: Iterable[DueReminder]
) -> tuple[Mail, ...]:
    """Return the second mails of ``day``: what was re-addressed to addresses that have had theirs."""
    by_recipient: dict[str, list[DueReminder]] = {}
    for reminder in again:
        if not reminder.waits:
            by_recipient.setdefault(reminder.recipient, []).append(reminder)
    return tuple(
        _draft(states, day, address, reminders, "", None)
        for address, reminders in sorted(by_recipient.items())
    )


def _boards(
    states: Mapping[str, ProgrammeState], day: date, last_digest: Mapping[str, date]
) -> dict[str, str]:
    """Return whose mail of ``day`` is the digest of which programme.

    Of several of one secretary the one that has waited longest goes; the others on the next sending day.
    """
    waited = sorted(states, key=lambda key: (last_digest.get(key, date.min), key), reverse=True)
    return {
        contact.email: key
        for key in waited
        for contact in states[key].people.secretary(day)
        if _board_day(states[key], contact, day, last_digest.get(key))
    }


def _board_day(state: ProgrammeState, contact: Contact, day: date, last: date | None) -> bool:
    """Tell whether the summary goes to this secretary on ``day``; the first one goes with the first mails."""
    wish = state.preferences.get(contact.email)
    if wish is None or last is None:
        return meeting_of(state, day, last)[0]
    since = Span(last + timedelta(days=1), day)
    return gets_digest(wish, since, state.programme.meetings, state.workdays, state.policy)


def _draft(
    states: Mapping[str, ProgrammeState],
    day: date,
    address: str,
    reminders: list[DueReminder],
    board: str,
    last: date | None,
) -> Mail:
    ordered = tuple(sorted(reminders, key=lambda one: (_due(states, one), one.occurrence, one.order)))
    items = [MailItem(one.occurrence, one.stage, one.reason) for one in ordered]
    if board:
        own = {item.occurrence for item in items}
        items += [
            MailItem(
                str(one.occurrence.id),
                DIGEST,
                "first" if last is None or one.occurrence.due >= last else "repeated",
            )
            for one in overdue_list(states[board], day)
            if str(one.occurrence.id) not in own
        ]
    kinds = {mail_kind(one) for one in ordered} | ({"digest"} if board else set())
    kind: MailKind = next((kind for kind in _WEIGHT if kind in kinds), "nudge")
    contact = contact_of(states, address, day)
    return Mail(address, contact.language if contact else "fi", day, kind, ordered, tuple(items), board)


def _due(states: Mapping[str, ProgrammeState], reminder: DueReminder) -> date:
    return states[OccurrenceID.parse(reminder.occurrence).programme].occurrences[reminder.occurrence].due


def mail_kind(reminder: DueReminder) -> MailKind:
    """Return the kind of mail that a reminder alone would make."""
    if reminder.stage == ESCALATION:
        return "escalation"
    if reminder.stage == FIRST_START:
        return "status-request"
    if reminder.stage == HANDOVER:
        return "nudge"
    return "collection" if OccurrenceID.parse(reminder.occurrence).kind == "collection" else "nudge"


def contact_of(states: Mapping[str, ProgrammeState], address: str, day: date) -> Contact | None:
    """Return the first valid contact with this address."""
    everybody = (contact for state in states.values() for contact in state.people.all)
    rows = [contact for contact in everybody if same_address(contact.email, address)]
    return next((contact for contact in rows if contact.is_valid(day)), rows[0] if rows else None)


def state_in(states: Mapping[str, ProgrammeState], reminder: DueReminder) -> ProgrammeState:
    """Return the world of the programme that a reminder is of."""
    return states[OccurrenceID.parse(reminder.occurrence).programme]


# -- What goes beside the day's items: invitations and the addresses of private calendars, one


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What may go beside a day's items, by address."""

    invitations: Mapping[str, tuple[Invitation, ...]] = field(default_factory=dict)
    feeds: Mapping[str, tuple[FeedRequested, ...]] = field(default_factory=dict)


def enclosures_due(
    states: Mapping[str, ProgrammeState],
    day: date,
    started: Mapping[str, date],
    told: Told,
    asked: Mapping[str, date],
) -> Enclosures:
    """Return what waits on ``day``: of what was ``told``, and ``asked`` for by address."""
    return Enclosures(invitations_due(states, day, started, told), feeds_due(states, day, asked))


def enclose(
    drafts: Iterable[Mail],
    states: Mapping[str, ProgrammeState],
    day: date,
    busy: Collection[str],
    waiting: Enclosures,
) -> tuple[Mail, ...]:
    """Return the mails of ``day`` with what waits, in order of address; ``busy`` have had theirs."""
    made = {draft.recipient: draft for draft in drafts}
    own = {*waiting.invitations, *waiting.feeds} - made.keys() - set(busy)
    found = [_riding(draft, states, waiting) for draft in made.values()]
    found += [_alone(address, states, day, waiting) for address in own]
    return tuple(sorted(found, key=lambda draft: draft.recipient))


def with_invited(told: Told, drafts: Iterable[Mail]) -> Told:
    """Return what has been told once ``drafts`` are mailed."""
    return {**told, **{key_of(one): one for draft in drafts for one in draft.invitations}}


def answered_requests(drafts: Iterable[Mail]) -> frozenset[str]:
    """Return the addresses whose request for a calendar ``drafts`` answer."""
    return frozenset(draft.recipient for draft in drafts if draft.feeds)


def _riding(draft: Mail, states: Mapping[str, ProgrammeState], waiting: Enclosures) -> Mail:
    invitations = waiting.invitations.get(draft.recipient, ())
    late = tuple(one for one in invitations if is_latest(states[one.programme], one, draft.day))
    return _with(draft, late, waiting.feeds.get(draft.recipient, ()))


def _alone(address: str, states: Mapping[str, ProgrammeState], day: date, waiting: Enclosures) -> Mail:
    """Return a mail of its own: a calendar that was asked for, else one invitation."""
    invitations = waiting.invitations.get(address, ())
    contact = contact_of(states, address, day)
    language = contact.language if contact else invitations[0].language
    draft = Mail(address, language, day, "nudge", (), ())
    return _riding(draft, states, waiting) if address in waiting.feeds else _with(draft, invitations[:1], ())


def _with(draft: Mail, invitations: tuple[Invitation, ...], feeds: tuple[FeedRequested, ...]) -> Mail:
    items = [MailItem(one.item, INVITATION, "repeated" if one.sequence else "first") for one in invitations]
    items += [MailItem(one.item, OWN_FEED, "first") for one in feeds]
    return replace(draft, items=(*draft.items, *items), invitations=invitations, feeds=feeds)
