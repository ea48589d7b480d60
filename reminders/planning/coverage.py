"""Which units mail does not reach as it should, and what another contact list would change about that.

Pure. The mail itself never waits for this: ``recipients`` has its chain down to the secretary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from reminders.planning.recipients import Contact, People
from reminders.planning.state import ProgrammeState
from schedule_rules.programme import Programme

SOON = timedelta(days=30)
LapseKind = Literal["no-secretary", "never-secretary", "secretary-away", "secretary-dead"]
GapKind = Literal[
    "nobody",
    "secretary-only",
    "dead",
    "leaves",
    "not-yet",
    LapseKind,
    "secretary-leaves",
    "secretary-goes-away",
]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to mend about an organisation that leads something on the day asked.

    ``nobody``: it has no contact at all; ``secretary-only``: none of its own takes mail today; ``dead``: the
    address of ``contact`` was refused for good; ``leaves``: the last day of its last contact, ``on``, is
    near; ``not-yet``: its first contact begins ``on`` that day. Nobody of the board takes what falls to its
    secretary, as ``secretary_lapse`` says, or will after the near day ``on``: the secretary leaves, or goes
    away when everybody who stands in is away too.
    """

    kind: GapKind
    organisation: str
    contact: Contact | None = None
    on: date | None = None


def gaps(state: ProgrammeState, today: date) -> tuple[Gap, ...]:
    """Return what is to mend: the board first, then in the programme's order of organisations."""
    units = state.programme.lead_organisations(today)
    return (*_board(state, today), *(gap for key in units for gap in _of(state, key, today)))


def secretary_lapse(people: People, day: date) -> tuple[LapseKind, Contact | None] | None:
    """Return why nobody of the board takes the secretary's mail, and whose place that is; else None.

    The last one has left, or there never was one; who is named is away, and so is everybody who stands in;
    or no mail server takes mail for who is named.
    """
    if people.present_secretary(day):
        return None
    named = people.named_secretaries(day)
    if named:
        alive = [one for one in named if people.takes_mail(one.email)]
        return ("secretary-away", alive[0]) if alive else ("secretary-dead", named[0])
    if people.had_secretary(day):
        return "no-secretary", people.former_secretary(day)
    return "never-secretary", None


def _board(state: ProgrammeState, today: date) -> Iterator[Gap]:
    """Yield the board when, now or from some near day on, the chain of every unit ends in nobody."""
    board = state.programme.monitored_by
    days = (today + timedelta(days=ahead) for ahead in range(SOON.days + 2))
    found = ((day, secretary_lapse(state.people, day)) for day in days if board)
    day, lapse = next(((day, one) for day, one in found if one), (today, None))
    if lapse is None:
        return
    kind, contact = lapse
    if day == today:
        yield Gap(kind, board, contact if kind in {"secretary-away", "secretary-dead"} else None)
    else:
        ahead: GapKind = "secretary-goes-away" if kind == "secretary-away" else "secretary-leaves"
        yield Gap(ahead, board, None, day - timedelta(days=1))


def _of(state: ProgrammeState, key: str, today: date) -> Iterator[Gap]:
    own = [one for one in state.people.all if one.organisation == key and one.role != "secretary"]
    yield from (Gap("dead", key, one) for one in own if not state.people.takes_mail(one.email))
    alive = [one for one in own if state.people.takes_mail(one.email) and one.role != "deputy"]
    ahead = [one for one in alive if one.valid_from and one.valid_from > today]
    if not own:
        yield Gap("nobody", key)
    elif not any(one.is_valid(today) for one in alive) or not state.people.has_own_contact(key, today):
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
    programme: Programme,
    old: Iterable[Contact],
    new: Iterable[Contact],
    today: date,
    dead: Collection[str] = frozenset(),
) -> tuple[Loss, ...]:
    """Return what a list would take away from a programme, now or from a coming day: the secretary first.

    What is missing in the old list too, on the same day, is no loss of the new one; a unit's days are those
    on which it leads something. ``dead`` are addresses that take no mail; one that is new in the list may.
    """
    monitor = programme.monitored_by
    before = People(old, monitor, dead)
    known = {one.identity for one in before.all}
    after = People(new, monitor, [one for one in dead if one in known])
    leads = _leads(programme, today)
    days = sorted({today, *leads, *_changes(before, today), *_changes(after, today)})
    found = []

    def secretary(people: People, day: date) -> tuple[Contact, ...]:
        had = before.had_secretary(day)
        return people.own_secretaries(day) if had else people.present_secretary(day)

    if loss := _loss(before, after, days, secretary):
        found.append(Loss("secretary", monitor, *loss))
    for key in dict.fromkeys(key for keys in leads.values() for key in keys):

        def own(people: People, day: date, key: str = key) -> tuple[Contact, ...]:
            return people.unit(key, day) if people.has_own_contact(key, day) else ()

        if loss := _loss(before, after, [day for day in days if key in _leading(leads, day)], own):
            found.append(Loss("unit", key, *loss))
    people, kept = {one.identity for one in before.all}, {one.identity for one in after.all}
    if len(people) >= _FEW and len(people - kept) * 2 > len(people):
        gone = tuple({one.identity: one for one in before.all if one.identity not in kept}.values())
        found.append(Loss("most", "", today, gone))
    return tuple(found)


def _leads(programme: Programme, today: date) -> dict[date, tuple[str, ...]]:
    """Return the organisations that lead something today, and from each coming day on which that changes."""
    moves = {move.effective_from for action in programme.actions for move in action.handovers}
    days = (today, *sorted(day for day in moves if day > today))
    return {day: programme.lead_organisations(day) for day in days}


def _leading(leads: Mapping[date, tuple[str, ...]], day: date) -> tuple[str, ...]:
    return leads[max(one for one in leads if one <= day)]


def _changes(people: People, today: date) -> set[date]:
    """Return the coming days on which somebody begins or has ended, an absence among them."""
    begins = {one.valid_from for one in people.all if one.valid_from}
    ends = {one.valid_until + timedelta(days=1) for one in people.all if one.valid_until}
    return {day for day in begins | ends if day > today}


def _loss(
    before: People,
    after: People,
    days: Iterable[date],
    who: Callable[[People, date], tuple[Contact, ...]],
) -> tuple[date, tuple[Contact, ...]] | None:
    """Return the first of some days on which only the old list has somebody, and who is the last then."""
    for day in days:
        if (had := who(before, day)) and not who(after, day):
            return day, who(after, day - timedelta(days=1)) or had
    return None
