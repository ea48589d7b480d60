"""Which units mail does not reach as it should: nobody named, addresses that fail, people who leave.

Pure. The mail itself never waits for this: ``recipients`` has its chain down to the secretary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from reminders.planning.recipients import Contact
from reminders.planning.state import ProgrammeState

SOON = timedelta(days=30)
GapKind = Literal["nobody", "secretary-only", "dead", "leaves", "not-yet", "no-secretary", "secretary-leaves"]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to mend about an organisation that leads something on the day asked.

    ``nobody``: it has no contact at all; ``secretary-only``: none of its own takes mail today; ``dead``: the
    address of ``contact`` was refused for good; ``leaves``: the last day of its last contact, ``on``, is
    near; ``not-yet``: its first contact begins ``on`` that day; ``no-secretary``, ``secretary-leaves``:
    nobody of the board takes what falls to its secretary, now or after the near day ``on``.
    """

    kind: GapKind
    organisation: str
    contact: Contact | None = None
    on: date | None = None


def gaps(state: ProgrammeState, today: date) -> tuple[Gap, ...]:
    """Return what is to mend: the board first, then in the programme's order of organisations."""
    units = state.programme.lead_organisations(today)
    return (*_board(state, today), *(gap for key in units for gap in _of(state, key, today)))


def _board(state: ProgrammeState, today: date) -> Iterator[Gap]:
    """Yield the board when, now or from some near day on, the chain of every unit ends in nobody."""
    board = state.programme.monitored_by
    days = (today + timedelta(days=ahead) for ahead in range(SOON.days + 2))
    without = next((day for day in days if board and not state.people.present_secretary(day)), None)
    if without == today:
        yield Gap("no-secretary", board)
    elif without:
        yield Gap("secretary-leaves", board, None, without - timedelta(days=1))


def _of(state: ProgrammeState, key: str, today: date) -> Iterator[Gap]:
    own = [one for one in state.people.all if one.organisation == key and one.role != "secretary"]
    yield from (Gap("dead", key, one) for one in own if not state.people.takes_mail(one.email))
    alive = [one for one in own if state.people.takes_mail(one.email) and one.role != "deputy"]
    ahead = [one for one in alive if one.valid_from and one.valid_from > today]
    if not own:
        yield Gap("nobody", key)
    elif not any(one.is_valid(today) for one in alive):
        first = min((one.valid_from for one in ahead if one.valid_from), default=None)
        yield Gap("not-yet", key, None, first) if first else Gap("secretary-only", key)
    else:
        day = max(one.valid_until or date.max for one in alive if one.is_valid(today))
        if day <= today + SOON and not any(one.is_valid(day + timedelta(days=1)) for one in alive):
            yield Gap("leaves", key, None, day)
