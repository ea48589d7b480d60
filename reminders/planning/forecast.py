"""Every mail that would go out, before it does: the planner's steps, folded over the days to come.

Pure. Assumes that nobody answers and that a held programme is released on the first day. What a
change does to the mails to come is the difference of two forecasts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reminders.planning.mails import Mail
from reminders.planning.planner import PlannerState, step
from schedule_rules.days import Span


def forecast(state: PlannerState, window: Span) -> Iterator[Mail]:
    """Yield every mail that would go out within ``window`` (whole days, both ends included)."""
    state = replace(state, held=frozenset())
    sending = {day for one in state.states.values() for day in one.workdays.between(window)}
    for day in sorted(sending):
        taken = step(state, day)
        state = taken.after
        yield from taken.mails


@dataclass(frozen=True, slots=True)
class Difference:
    """Mails that come, that fall away, and that hold other items; in order of day and address."""

    added: tuple[Mail, ...]
    removed: tuple[Mail, ...]
    changed: tuple[tuple[Mail, Mail], ...]

    @property
    def count(self) -> int:
        """How many mails are touched."""
        return len(self.added) + len(self.removed) + len(self.changed)


def difference(before: Iterable[Mail], after: Iterable[Mail]) -> Difference:
    """Return what stands between two forecasts of the same days.

    A mail is the same when day, address and version are; it is changed when its items,
    its kind or its language are others.
    """
    old, new = _by_place(before), _by_place(after)
    both = sorted(old.keys() & new.keys())
    return Difference(
        added=tuple(new[place] for place in sorted(new.keys() - old.keys())),
        removed=tuple(old[place] for place in sorted(old.keys() - new.keys())),
        changed=tuple(
            (old[place], new[place]) for place in both if _contents(old[place]) != _contents(new[place])
        ),
    )


def _by_place(mails: Iterable[Mail]) -> dict[tuple[str, str, int], Mail]:
    return {(mail.day.isoformat(), mail.recipient, mail.version): mail for mail in mails}


def _contents(mail: Mail) -> tuple[object, ...]:
    return mail.kind, mail.language, frozenset(mail.items)
