"""Which units mail does not reach as it should, and what another contact list would change about that.

Pure. The mail itself never waits for this: ``recipients`` has its chain down to the secretary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from reminders.planning.recipients import Contact, People
from reminders.planning.state import ProgrammeState
from schedule_rules.programme import Programme

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


# -- another contact list ---------------------------------------------------------------------

ChangeKind = Literal["added", "changed", "removed"]
_FEW = 4
"""A list of fewer contacts has no "most of them"."""


@dataclass(frozen=True, slots=True)
class ContactChange:
    """One row that another list adds, changes or removes: as it was, as it will be."""

    kind: ChangeKind
    old: Contact | None
    new: Contact | None


@dataclass(frozen=True, slots=True)
class Loss:
    """What another list would take away, from the day ``on``, and whom: the last of them.

    ``secretary``: nobody of the board would be there for the programme; ``unit``: nobody of a responsible
    organisation that had somebody; ``most``: more than half of all contacts.
    """

    kind: Literal["secretary", "unit", "most"]
    organisation: str
    on: date
    contacts: tuple[Contact, ...]


def contact_changes(old: Iterable[Contact], new: Iterable[Contact]) -> tuple[ContactChange, ...]:
    """Return what changes between two lists: what is added, changed, then removed, each in its list's order.

    A row is the same when organisation, role and address are, in any spelling; of several such rows each
    is compared with the one in its place.
    """
    before, after = _numbered(old), _numbered(new)
    found = [ContactChange("added", None, one) for key, one in after.items() if key not in before]
    found += [
        ContactChange("changed", before[key], one)
        for key, one in after.items()
        if key in before and before[key] != one
    ]
    return (*found, *(ContactChange("removed", one, None) for key, one in before.items() if key not in after))


def _numbered(contacts: Iterable[Contact]) -> dict[tuple[str, str, str, int], Contact]:
    found: dict[tuple[str, str, str, int], Contact] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for one in contacts:
        key = (one.organisation, one.role, one.identity)
        found[(*key, seen[key])] = one
        seen[key] += 1
    return found


def losses(
    programme: Programme, old: Iterable[Contact], new: Iterable[Contact], today: date
) -> tuple[Loss, ...]:
    """Return what a list would take away from a programme, now or from a coming day: the secretary first.

    What is missing already, or ends as early in the old list, is no loss of the new one.
    """
    monitor = programme.monitored_by
    before, after = People(old, monitor), People(new, monitor)
    found = []
    who = People.own_secretaries if before.had_secretary(today) else People.present_secretary
    if loss := _loss(before, after, today, who):
        found.append(Loss("secretary", monitor, *loss))
    for key in programme.lead_organisations(today):

        def own(people: People, day: date, key: str = key) -> tuple[Contact, ...]:
            return people.unit(key, day) if people.has_own_contact(key, day) else ()

        if loss := _loss(before, after, today, own):
            found.append(Loss("unit", key, *loss))
    people, kept = {one.identity for one in before.all}, {one.identity for one in after.all}
    if len(people) >= _FEW and len(people - kept) * 2 > len(people):
        gone = tuple({one.identity: one for one in before.all if one.identity not in kept}.values())
        found.append(Loss("most", "", today, gone))
    return tuple(found)


def _loss(
    before: People, after: People, today: date, who: Callable[[People, date], tuple[Contact, ...]]
) -> tuple[date, tuple[Contact, ...]] | None:
    """Return from which day nobody would be there, and who was the last."""
    had, ends = _first_day_without(before, today, who), _first_day_without(after, today, who)
    if ends is None or (had is not None and had <= ends):
        return None
    day = ends - timedelta(days=1)
    return ends, (who(after, day) if ends > today else who(before, today))


def _first_day_without(
    people: People, today: date, who: Callable[[People, date], tuple[Contact, ...]]
) -> date | None:
    ends = {one.valid_until + timedelta(days=1) for one in people.all if one.valid_until}
    days = [today, *sorted(day for day in ends if day > today)]
    return next((day for day in days if not who(people, day)), None)
