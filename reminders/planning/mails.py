"""From due reminders to mails: who gets what on a day, one mail a recipient; and what goes beside its items.

Pure. A mail has a section for each programme that it speaks of, in the language that holds there: the
reader's own duties come before summaries, the weightiest first. What a section's letter says is made in
``letters``. Beside the items go invitations and the addresses of private calendars: whoever has a mail
that day gets a calendar's address in it, and an invitation once it can wait no longer; whoever has none
gets one of its own.

A private calendar is asked for on a public page by whoever knows an address, so the answer goes to
that address alone. The token is a function of the request: a mail says the same whoever writes
it, and only its hash is stored (``store.feeds``).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal

from reminders.planning.addresses import same_address
from reminders.planning.due import DueReminder, goes, stages_of_units
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
from reminders.planning.standing import overview, programme_standing, since_summary
from reminders.planning.state import ProgrammeState, in_order, responsible
from reminders.planning.year_list import YearShare, lines_of
from schedule_rules.days import Span
from schedule_rules.occurrence import OccurrenceID

MailKind = Literal["escalation", "status-request", "collection", "nudge", "digest"]
_WEIGHT: tuple[MailKind, ...] = ("escalation", "status-request", "collection", "nudge", "digest")

_BESIDE: Final = frozenset({DIGEST, INVITATION, OWN_FEED, YEAR})
"""The stages of items that no reminder brought."""

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
class MailSection:
    """What a mail says of one programme, in the language that its reader has there.

    ``is_digest``: it is the programme's summary; ``shares`` the lists of the unit's year that it
    holds, ``invitations`` and ``feeds`` what is told beside.
    """

    programme: str
    recipient: str
    day: date
    language: MailLanguage
    kind: MailKind = "nudge"
    reminders: tuple[DueReminder, ...] = ()
    items: tuple[MailItem, ...] = ()
    is_digest: bool = False
    shares: tuple[YearShare, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    feeds: tuple[OwnFeedRequest, ...] = ()
    spelling: str = ""

    @property
    def to(self) -> str:
        """The recipient's address as the contact list writes it."""
        return self.spelling or self.recipient

    @property
    def place(self) -> tuple[bool, int, str]:
        """Where it stands in a mail: own duties before summaries, the weightiest first."""
        return self.is_digest, _WEIGHT.index(self.kind), self.programme


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to be: who gets it (one identity), and what it says of each programme, in order of ``place``.

    A ``version`` above 1 follows a mail of the same day that was taken back, or refused at a dead address.
    """

    recipient: str
    day: date
    sections: tuple[MailSection, ...]
    version: int = 1

    @property
    def to(self) -> str:
        """The recipient's address as a contact list writes it."""
        return self.sections[0].to if self.sections else self.recipient

    @property
    def kind(self) -> MailKind:
        """The weightiest kind of its sections."""
        return _weightiest({section.kind for section in self.sections})

    @property
    def language(self) -> MailLanguage:
        """The language that it begins with."""
        return self.sections[0].language

    @property
    def boards(self) -> tuple[str, ...]:
        """The programmes whose summary stands in it."""
        return tuple(section.programme for section in self.sections if section.is_digest)

    @property
    def reminders(self) -> tuple[DueReminder, ...]:
        """All reminders in it."""
        return tuple(one for section in self.sections for one in section.reminders)

    @property
    def items(self) -> tuple[MailItem, ...]:
        """All its items, as forecast and log show them."""
        return tuple(one for section in self.sections for one in section.items)

    @property
    def shares(self) -> tuple[YearShare, ...]:
        """The lists of the unit's year in it."""
        return tuple(one for section in self.sections for one in section.shares)

    @property
    def invitations(self) -> tuple[Invitation, ...]:
        """The invitations in it."""
        return tuple(one for section in self.sections for one in section.invitations)

    @property
    def feeds(self) -> tuple[OwnFeedRequest, ...]:
        """The private calendars whose addresses stand in it."""
        return tuple(one for section in self.sections for one in section.feeds)

    def with_sections(self, sections: Iterable[MailSection]) -> Mail:
        """Return the mail with these sections, in their order."""
        return replace(self, sections=tuple(sorted(sections, key=lambda one: one.place)))


def programme_of(reminder: DueReminder) -> str:
    """Return the key of the programme that a reminder is of."""
    return OccurrenceID.parse(reminder.occurrence).programme


_Found = dict[str, dict[str, list[DueReminder]]]
"""Reminders by address and programme."""


def state_in(states: Mapping[str, ProgrammeState], reminder: DueReminder) -> ProgrammeState:
    """Return the state of the programme that a reminder is of."""
    return states[programme_of(reminder)]


def parts_about(mails: Iterable[Mail], programme: str) -> Iterator[Mail]:
    """Yield the part of each mail that is about a programme, where it has one."""
    for mail in mails:
        if own := [section for section in mail.sections if section.programme == programme]:
            yield mail.with_sections(own)


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
    asked = [*boards, *((address, one.programme) for address, shares in lists.items() for one in shares)]
    found: _Found = {}
    for address, key in asked:
        found.setdefault(address, {}).setdefault(key, [])
    for reminder in planned:
        address, key = reminder.recipient, programme_of(reminder)
        carried = not reminder.waits or (address, key) in boards
        if carried and goes(states[key], reminder, day):
            found.setdefault(address, {}).setdefault(key, []).append(reminder)
    mails = []
    for address, by_programme in sorted(found.items()):
        if address in busy:
            continue
        shares = {one.programme: one for one in lists.get(address, ())}
        sections = (
            _digest(states[key], day, address, reminders, last_digest.get(key))
            if (address, key) in boards
            else _section(states[key], day, address, reminders, tuple(filter(None, [shares.get(key)])))
            for key, reminders in by_programme.items()
        )
        mails.append(Mail(address, day, ()).with_sections(sections))
    return tuple(mails)


def mails_again(
    states: Mapping[str, ProgrammeState], day: date, again: Iterable[DueReminder]
) -> tuple[Mail, ...]:
    """Return the second mails of ``day``: what was re-addressed to addresses that have had theirs."""
    found: _Found = {}
    for one in again:
        if not one.waits:
            found.setdefault(one.recipient, {}).setdefault(programme_of(one), []).append(one)
    return tuple(
        Mail(address, day, ()).with_sections(
            _section(states[key], day, address, reminders) for key, reminders in by_programme.items()
        )
        for address, by_programme in sorted(found.items())
    )


def mail_kind(reminder: DueReminder) -> MailKind:
    """Return the kind of mail that a reminder alone would make."""
    return _kind_of(reminder.occurrence, reminder.stage)


def section_kind(items: Iterable[MailItem], *, is_digest: bool) -> MailKind:
    """Return the kind of a section by its items, as it had it when it was made."""
    kinds = {_kind_of(one.occurrence, one.stage) for one in items if one.stage not in _BESIDE}
    return _weightiest(kinds | ({"digest"} if is_digest else set()))


def _kind_of(occurrence: str, stage: str) -> MailKind:
    if stage == ESCALATION:
        return "escalation"
    if stage == HANDOVER:
        return "nudge"
    if OccurrenceID.parse(occurrence).kind == "collection":
        return "collection"
    return "status-request" if stage == FIRST_START else "nudge"


def _boards(
    states: Mapping[str, ProgrammeState], day: date, last_digest: Mapping[str, date]
) -> dict[tuple[str, str], None]:
    """Return which address gets the digest of which programme on ``day``."""
    return {
        (contact.identity, key): None
        for key, state in states.items()
        for contact in state.people.secretary(day)
        if _is_digest_day(state, contact, day, last_digest.get(key))
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
    days = [
        stage.send_on
        for row in rows
        if row.kind != "event"
        for stage in stages_of_units(state, row, responsible(state, row, day))
    ]
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


def _section(
    state: ProgrammeState,
    day: date,
    address: str,
    reminders: Iterable[DueReminder],
    shares: tuple[YearShare, ...] = (),
) -> MailSection:
    """Return a section that is no digest: reminders by date, then the lists of the unit's year."""
    ordered = _in_order(state, reminders)
    rows = (line.row for share in shares for line in lines_of(state, share))
    items = (*map(_item, ordered), *(MailItem(str(row.id), YEAR, "first") for row in rows))
    kind = _weightiest({mail_kind(one) for one in ordered})
    return _empty_section(state, day, address, kind=kind, reminders=ordered, items=items, shares=shares)


def _digest(
    state: ProgrammeState, day: date, address: str, reminders: Iterable[DueReminder], last: date | None
) -> MailSection:
    """Return a secretary's section with the programme's digest; the previous one was on the day ``last``."""
    ordered = _in_order(state, reminders)
    own = {one.occurrence for one in ordered}
    left = overview(state, day)
    new = since_summary(state, left, last).new if last else frozenset()
    open_ones = in_order(one.occurrence for one in (*left.passed, *left.not_answered))
    listed = (
        MailItem(str(row.id), DIGEST, "first" if last is None or str(row.id) in new else "repeated")
        for row in open_ones
        if str(row.id) not in own
    )
    kinds: set[MailKind] = {"digest", *(mail_kind(one) for one in ordered)}
    items = (*map(_item, ordered), *listed)
    return _empty_section(
        state, day, address, kind=_weightiest(kinds), reminders=ordered, items=items, is_digest=True
    )


def _empty_section(
    state: ProgrammeState,
    day: date,
    address: str,
    *,
    kind: MailKind = "nudge",
    reminders: tuple[DueReminder, ...] = (),
    items: tuple[MailItem, ...] = (),
    is_digest: bool = False,
    shares: tuple[YearShare, ...] = (),
) -> MailSection:
    """Return a section in the language that holds for its reader in the programme."""
    key = state.programme.key
    contact = contact_of({key: state}, address, day)
    language = contact.language if contact else "fi"
    made = MailSection(key, address, day, language, kind, reminders, items, is_digest, shares)
    return replace(made, spelling=as_written({key: state}, address, day))


def _in_order(state: ProgrammeState, reminders: Iterable[DueReminder]) -> tuple[DueReminder, ...]:
    def place(one: DueReminder) -> tuple[date, str, int]:
        return state.occurrences[one.occurrence].due, one.occurrence, one.order

    return tuple(sorted(reminders, key=place))


def _item(one: DueReminder) -> MailItem:
    return MailItem(one.occurrence, one.stage, one.reason)


def _weightiest(kinds: Collection[MailKind]) -> MailKind:
    return next((kind for kind in _WEIGHT if kind in kinds), "nudge")


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
    return _with(mail, states, late, feeds.get(mail.recipient, ()))


def _alone(
    to: str, states: Mapping[str, ProgrammeState], day: date, invitations: InvitationsDue, feeds: FeedsDue
) -> Mail:
    """Return a mail of its own: a calendar that was asked for, else one invitation."""
    if to in feeds:
        return _with_what_cannot_wait(Mail(to, day, ()), states, invitations, feeds)
    return _with(Mail(to, day, ()), states, invitations[to][:1], ())


def _with(
    mail: Mail,
    states: Mapping[str, ProgrammeState],
    invitations: tuple[Invitation, ...],
    feeds: tuple[OwnFeedRequest, ...],
) -> Mail:
    """Return the mail with what goes beside its items, each in the section of its programme."""
    if not invitations and not feeds:
        return mail
    sections = {section.programme: section for section in mail.sections}
    for invitation in invitations:
        state = states[invitation.programme]
        own = sections.get(invitation.programme)
        if own is None:
            own = _empty_section(state, mail.day, mail.recipient)
            if contact_of({invitation.programme: state}, mail.recipient, mail.day) is None:
                own = replace(own, language=invitation.language)
        item = MailItem(invitation.item, INVITATION, "repeated" if invitation.sequence else "first")
        sections[invitation.programme] = replace(
            own, items=(*own.items, item), invitations=(*own.invitations, invitation)
        )
    for feed in feeds:
        own = sections.get(feed.programme) or _empty_section(states[feed.programme], mail.day, mail.recipient)
        item = MailItem(feed.item, OWN_FEED, "first")
        sections[feed.programme] = replace(own, items=(*own.items, item), feeds=(*own.feeds, feed))
    return mail.with_sections(sections.values())
