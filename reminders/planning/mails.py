"""From due reminders to mails: who gets what on a day, one mail a recipient; and what goes beside its items.

Pure. What a mail's letter says is made in ``letters``. Beside the items go invitations and the addresses
of private calendars: whoever has a mail that day gets a calendar's address in it, and an invitation once
it can wait no longer; whoever has none gets one of its own.

A private calendar is asked for on a public page by whoever knows an address, so the answer goes to
that address alone. The token is a function of the request: a mail says the same whoever writes
it, and only its hash is stored (``store.feeds``).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal

from reminders.planning.addresses import same_address
from reminders.planning.due import DueReminder, goes, stages_of
from reminders.planning.invitations import Invitation, InvitationsDue, SentInvitations, is_latest, key_of
from reminders.planning.policy import (
    DIGEST,
    ESCALATION,
    FIRST_START,
    HANDOVER,
    INVITATION,
    OWN_FEED,
    YEAR,
    digest_days,
)
from reminders.planning.preferences import gets_digest
from reminders.planning.recipients import Contact, MailLanguage
from reminders.planning.speakers import units_of
from reminders.planning.standing import overview, programme_standing
from reminders.planning.state import ProgrammeState, in_order
from reminders.planning.year_list import YearShare, lines_of
from schedule_rules.days import Span
from schedule_rules.occurrence import OccurrenceID

MailKind = Literal["escalation", "status-request", "collection", "nudge", "digest"]
_WEIGHT: tuple[MailKind, ...] = ("escalation", "status-request", "collection", "nudge", "digest")

LAPSES: Final = timedelta(days=30)
"""A request of a programme that is held for longer is forgotten: nobody waits for it any more."""
_OCTETS: Final = 16  # 128 bits


@dataclass(frozen=True, slots=True)
class OwnFeedRequest:
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


FeedsDue = Mapping[str, tuple[OwnFeedRequest, ...]]
"""What goes to each address that asked."""


@dataclass(frozen=True, slots=True)
class MailItem:
    """One item of a mail, as forecast and log show it."""

    occurrence: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to be: who gets it (one identity, shown as ``to``), what it weighs, what stands in it.

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
    feeds: tuple[OwnFeedRequest, ...] = ()
    spelling: str = ""

    @property
    def to(self) -> str:
        """The recipient's address as the contact list writes it."""
        return self.spelling or self.recipient


def programme_of(reminder: DueReminder) -> str:
    """Return the key of the programme that a reminder is of."""
    return OccurrenceID.parse(reminder.occurrence).programme


def state_in(states: Mapping[str, ProgrammeState], reminder: DueReminder) -> ProgrammeState:
    """Return the state of the programme that a reminder is of."""
    return states[programme_of(reminder)]


def contact_of(states: Mapping[str, ProgrammeState], address: str, day: date) -> Contact | None:
    """Return the first valid contact with this address."""
    everybody = (contact for state in states.values() for contact in state.people.all)
    rows = [contact for contact in everybody if same_address(contact.email, address)]
    return next((contact for contact in rows if contact.is_valid(day)), rows[0] if rows else None)


def as_written(states: Mapping[str, ProgrammeState], address: str, day: date) -> str:
    """Return a recipient as the contact lists write it; one that stands in none as it is."""
    contact = contact_of(states, address, day)
    return contact.email if contact else address


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
        carried = not reminder.waits or reminder.recipient in boards
        if carried and goes(state_in(states, reminder), reminder, day):
            by_recipient.setdefault(reminder.recipient, []).append(reminder)
    return tuple(
        _digest(states, day, address, reminders, boards[address], last_digest.get(boards[address]))
        if address in boards
        else _mail(states, day, address, reminders, lists.get(address, ()))
        for address, reminders in sorted(by_recipient.items())
        if address not in busy
    )


def mails_again(
    states: Mapping[str, ProgrammeState], day: date, again: Iterable[DueReminder]
) -> tuple[Mail, ...]:
    """Return the second mails of ``day``: what was re-addressed to addresses that have had theirs."""
    by_recipient: dict[str, list[DueReminder]] = {}
    for reminder in again:
        if not reminder.waits:
            by_recipient.setdefault(reminder.recipient, []).append(reminder)
    return tuple(_mail(states, day, *found) for found in sorted(by_recipient.items()))


def mail_kind(reminder: DueReminder) -> MailKind:
    """Return the kind of mail that a reminder alone would make."""
    if reminder.stage == ESCALATION:
        return "escalation"
    if reminder.stage == FIRST_START:
        return "status-request"
    if reminder.stage == HANDOVER:
        return "nudge"
    return "collection" if OccurrenceID.parse(reminder.occurrence).kind == "collection" else "nudge"


def _boards(
    states: Mapping[str, ProgrammeState], day: date, last_digest: Mapping[str, date]
) -> dict[str, str]:
    """Return whose mail of ``day`` is the digest of which programme.

    Of several of one secretary the one that has waited longest goes; the others on the next sending day.
    """
    return {
        contact.identity: key
        for key in sorted(states, key=lambda key: (last_digest.get(key, date.min), key), reverse=True)
        for contact in states[key].people.secretary(day)
        if _is_digest_day(states[key], contact, day, last_digest.get(key))
    }


def _is_digest_day(state: ProgrammeState, contact: Contact, day: date, last: date | None) -> bool:
    """Tell whether the summary goes to this secretary on ``day``; the first one goes with the first mails."""
    over = end_of_follow_up(state, day)
    if over is not None and last is not None and (last > over or state.closed_on is not None):
        return last <= over  # after the last summary none; that of a closed programme waits for no day
    wish = state.preferences.get(contact.identity)
    if wish is None or last is None:
        return meeting_of(state, day, last)[0]
    since = Span(last + timedelta(days=1), day)
    return gets_digest(wish, since, state.programme.meetings, state.workdays, state.policy)


def end_of_follow_up(state: ProgrammeState, day: date) -> date | None:
    """Return the day after which one last summary goes and no more, of a programme that has ended by ``day``.

    That is the day before somebody closed it; else the last of its stages, and the day on which its last
    round closes (behaviour.md, "Ended").
    """
    if programme_standing(state, day) != "ended":
        return None
    if state.closed_on is not None:
        return state.closed_on - timedelta(days=1)
    rows = state.occurrences.values()
    days = [stage.send_on for row in rows for stage in stages_of(state, row) if row.kind != "event"]
    return max([state.programme.period.last, *days, *(row.closes for row in rows if row.closes)])


def meeting_of(state: ProgrammeState, today: date, last: date | None) -> tuple[bool, date | None]:
    """Tell whether a digest goes out on ``today``, and the meeting it comes before.

    The first digest goes with the first mails, whatever the weekday. A day of the digest that was
    missed since the ``last`` one is made up for: due means reached and not yet sent.
    """
    first = last + timedelta(days=1) if last else today
    days = digest_days(first, today, state.programme.meetings, state.workdays, state.policy)
    ahead = [meeting for meeting in days.values() if meeting and meeting >= today]
    return last is None or bool(days), min(ahead, default=None)


def _mail(
    states: Mapping[str, ProgrammeState],
    day: date,
    address: str,
    reminders: Iterable[DueReminder],
    shares: tuple[YearShare, ...] = (),
) -> Mail:
    """Return a mail that is no digest: reminders by date, then the lists of the unit's year."""
    ordered = _in_order(states, reminders)
    rows = (line.row for share in shares for line in lines_of(states[share.programme], share))
    items = (*map(_item, ordered), *(MailItem(str(row.id), YEAR, "first") for row in rows))
    keys = {*map(programme_of, ordered), *(share.programme for share in shares)}
    language, kinds = _language(states, keys, address, day), {mail_kind(one) for one in ordered}
    return Mail(address, language, day, _weightiest(kinds), ordered, items, shares=shares)


def _digest(
    states: Mapping[str, ProgrammeState],
    day: date,
    address: str,
    reminders: Iterable[DueReminder],
    board: str,
    last: date | None,
) -> Mail:
    """Return a secretary's mail with the digest of ``board``, whose previous one was on the day ``last``."""
    ordered = _in_order(states, reminders)
    own = {one.occurrence for one in ordered}
    left = overview(states[board], day)
    open_ones = in_order(one.occurrence for one in (*left.passed, *left.not_answered))
    listed = (
        MailItem(str(row.id), DIGEST, "first" if last is None or row.due >= last else "repeated")
        for row in open_ones
        if str(row.id) not in own
    )
    kinds: set[MailKind] = {"digest", *(mail_kind(one) for one in ordered)}
    language = _language(states, {board, *map(programme_of, ordered)}, address, day)
    return Mail(address, language, day, _weightiest(kinds), ordered, (*map(_item, ordered), *listed), board)


def _in_order(
    states: Mapping[str, ProgrammeState], reminders: Iterable[DueReminder]
) -> tuple[DueReminder, ...]:
    def place(one: DueReminder) -> tuple[date, str, int]:
        return state_in(states, one).occurrences[one.occurrence].due, one.occurrence, one.order

    return tuple(sorted(reminders, key=place))


def _item(one: DueReminder) -> MailItem:
    return MailItem(one.occurrence, one.stage, one.reason)


def _weightiest(kinds: Collection[MailKind]) -> MailKind:
    return next((kind for kind in _WEIGHT if kind in kinds), "nudge")


def _language(
    states: Mapping[str, ProgrammeState], keys: Collection[str], address: str, day: date
) -> MailLanguage:
    """Return the language that holds for a reader in the programmes that a mail speaks of."""
    contact = contact_of({key: one for key, one in states.items() if key in keys}, address, day)
    return contact.language if contact else "fi"


def feeds_due(states: Mapping[str, ProgrammeState], day: date, requests: Mapping[str, date]) -> FeedsDue:
    """Return what each address gets that asked (on which date): a feed a programme whose contact it is."""
    found = {
        address: tuple(
            OwnFeedRequest(key, address, on)
            for key, state in sorted(states.items())
            if units_of(state.people, address, day) and state.people.takes_mail(address)
        )
        for address, on in requests.items()
        if day - LAPSES <= on <= day
    }
    return {address: ones for address, ones in found.items() if ones}


def enclose(
    mails: Iterable[Mail],
    states: Mapping[str, ProgrammeState],
    day: date,
    busy: Collection[str],
    invitations: InvitationsDue,
    feeds: FeedsDue,
) -> tuple[Mail, ...]:
    """Return the mails of ``day`` with what waits, in order of address; ``busy`` have had theirs."""
    made = {mail.recipient: mail for mail in mails}
    own = {*invitations, *feeds} - made.keys() - set(busy)
    found = [_with_what_cannot_wait(mail, states, invitations, feeds) for mail in made.values()]
    found += [_alone(address, states, day, invitations, feeds) for address in own]
    return tuple(sorted(found, key=lambda mail: mail.recipient))


def with_invited(sent: SentInvitations, mails: Iterable[Mail]) -> SentInvitations:
    """Return the invitations that were sent once ``mails`` are."""
    return {**sent, **{key_of(one): one for mail in mails for one in mail.invitations}}


def _with_what_cannot_wait(
    mail: Mail, states: Mapping[str, ProgrammeState], invitations: InvitationsDue, feeds: FeedsDue
) -> Mail:
    own = invitations.get(mail.recipient, ())
    late = tuple(one for one in own if is_latest(states[one.programme], one, mail.day))
    return _with(mail, late, feeds.get(mail.recipient, ()))


def _alone(
    to: str, states: Mapping[str, ProgrammeState], day: date, invitations: InvitationsDue, feeds: FeedsDue
) -> Mail:
    """Return a mail of its own: a calendar that was asked for, else one invitation."""
    if to in feeds:
        language = _language(states, {one.programme for one in feeds[to]}, to, day)
        return _with_what_cannot_wait(Mail(to, language, day, "nudge", (), ()), states, invitations, feeds)
    invitation = invitations[to][0]
    contact = contact_of({invitation.programme: states[invitation.programme]}, to, day)
    language = contact.language if contact else invitation.language
    return _with(Mail(to, language, day, "nudge", (), ()), (invitation,), ())


def _with(mail: Mail, invitations: tuple[Invitation, ...], feeds: tuple[OwnFeedRequest, ...]) -> Mail:
    items = [MailItem(one.item, INVITATION, "repeated" if one.sequence else "first") for one in invitations]
    items += [MailItem(one.item, OWN_FEED, "first") for one in feeds]
    return replace(mail, items=(*mail.items, *items), invitations=invitations, feeds=feeds)
