"""Invitations to the board's meetings: who is to be told of which meeting, and when at the latest.

Pure. Off unless a programme chooses them (``reminders settings invitations yes``). Invited is
everyone of the organisation that monitors the programme who is on the contact list today and on
the day of the meeting, never a unit. A meeting is its date: a date that is taken away is
cancelled, one that is added is a new meeting; a new time or place is the same meeting with a
higher SEQUENCE. Whoever is no longer invited is told so. Switched off, nothing more is sent.

An iTIP message (RFC 5546) holds one meeting and makes the whole mail an invitation, so it is a
mail of its own, on the first day on which its reader has no other: one mail an address a day.
From ``LATEST`` sending days before the meeting on it no longer waits, but goes as a file beside
the day's mail (``mails.enclose``), which every calendar opens too: no reminder is put off for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Final, Literal

from reminders.planning.recipients import Contact, MailLanguage
from reminders.planning.state import ProgrammeState
from schedule_rules.programme import Programme, Text

Method = Literal["request", "cancel", "withdraw"]
"""``cancel``: there is no such meeting any more; ``withdraw``: the reader is not invited any more."""

AHEAD: Final = timedelta(days=90)
"""How long before a meeting it is told of: a year's dates at once would be a mail a day for weeks."""
LATEST: Final = 5
"""Sending days before the meeting from which an invitation rides in another mail."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What one address is told of one meeting: ``on`` a civil date, ``hours`` local (None: all day).

    ``sequence`` rises with each telling (RFC 5545 section 3.8.7.4).
    """

    programme: str
    on: date
    recipient: str
    sequence: int
    method: Method
    hours: tuple[time, time] | None
    place: str
    language: MailLanguage

    @property
    def seed(self) -> str:
        """What the UID is made of: programme and date, so that it is one in every mail."""
        return meeting_seed(self.programme, self.on)

    @property
    def item(self) -> str:
        """The name under which forecast and log show it; no action has it."""
        return f"{self.programme}:meeting:event:meeting-{self.on.isoformat()}"


def meeting_seed(programme: str, on: date) -> str:
    """Return what the UID of a meeting is made of, in mails and feeds alike."""
    return f"{programme}:meeting:{on.isoformat()}"


SentInvitations = Mapping[tuple[str, date, str], Invitation]
"""The newest that was told, by programme, meeting and address."""
InvitationsDue = Mapping[str, tuple[Invitation, ...]]
"""What each address is still to be told."""


def key_of(one: Invitation) -> tuple[str, date, str]:
    """Return what ``SentInvitations`` is keyed by."""
    return one.programme, one.on, one.recipient


def invitations_due(
    states: Mapping[str, ProgrammeState], day: date, started: Mapping[str, date], sent: SentInvitations
) -> InvitationsDue:
    """Return what each address is still to be told on ``day``: what is cancelled first, then by date.

    ``started`` gives the programmes' first days, on which nothing but the status requests goes out.
    """
    found: dict[str, list[Invitation]] = {}
    for key, state in sorted(states.items()):
        if state.policy.invitations and started.get(key, day) < day:
            for one in (*_taken_back(state, day, sent), *_invited(state, day, sent)):
                found.setdefault(one.recipient, []).append(one)
    return {
        address: tuple(sorted(ones, key=lambda one: (one.method == "request", one.on, one.programme)))
        for address, ones in found.items()
    }


def is_latest(state: ProgrammeState, one: Invitation, day: date) -> bool:
    """Tell whether an invitation can wait no longer for a mail of its own."""
    return day >= state.workdays.before(one.on, LATEST)


def board_of(programme: Programme) -> Text:
    """Return the name of who meets: the organisation that monitors the programme, else the programme."""
    found = programme.organisation_by_key.get(programme.monitored_by)
    return found.name if found else programme.name


def _invited(state: ProgrammeState, day: date, sent: SentInvitations) -> Iterator[Invitation]:
    present = {contact.identity for contact in state.people.board(day)}
    for on in state.programme.meetings:
        if day < on <= day + AHEAD:
            for contact in state.people.board(on):
                if contact.identity in present and (one := _news(state, contact, on, sent)):
                    yield one


def _news(state: ProgrammeState, contact: Contact, on: date, sent: SentInvitations) -> Invitation | None:
    """Return the invitation of one address, None when it was told just that."""
    key, hours, place = state.programme.key, state.policy.meeting_time, state.policy.meeting_place
    one = Invitation(key, on, contact.identity, 0, "request", hours, place, contact.language)
    last = sent.get(key_of(one))
    if last is None:
        return one
    if last.method == "request" and (last.hours, last.place) == (one.hours, one.place):
        return None
    return replace(one, sequence=last.sequence + 1)


def _taken_back(state: ProgrammeState, day: date, sent: SentInvitations) -> Iterator[Invitation]:
    for last in sent.values():
        if last.programme != state.programme.key or last.method != "request" or last.on < day:
            continue
        takes_place = last.on in state.programme.meetings
        if takes_place and last.recipient in {contact.identity for contact in state.people.board(last.on)}:
            continue
        if state.people.takes_mail(last.recipient):
            method: Method = "withdraw" if takes_place else "cancel"
            yield replace(last, sequence=last.sequence + 1, method=method)
