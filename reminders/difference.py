"""What a change does to the mails to come: forecast against forecast. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reminders.gather import Draft


@dataclass(frozen=True, slots=True)
class Difference:
    """Mails that come, that fall away, and that hold other items; in order of day and address."""

    added: tuple[Draft, ...]
    removed: tuple[Draft, ...]
    changed: tuple[tuple[Draft, Draft], ...]

    @property
    def count(self) -> int:
        """How many mails are touched."""
        return len(self.added) + len(self.removed) + len(self.changed)


def difference(before: Iterable[Draft], after: Iterable[Draft]) -> Difference:
    """Return what stands between two forecasts of the same days.

    A mail is the same when day, address and version are; it is changed when its items,
    its kind or its language are others.
    """
    old, new = _by_place(before), _by_place(after)
    both = sorted(old.keys() & new.keys())
    return Difference(
        added=tuple(new[place] for place in sorted(new.keys() - old.keys())),
        removed=tuple(old[place] for place in sorted(old.keys() - new.keys())),
        changed=tuple((old[place], new[place]) for place in both if _said(old[place]) != _said(new[place])),
    )


def _by_place(drafts: Iterable[Draft]) -> dict[tuple[str, str, int], Draft]:
    return {(draft.day.isoformat(), draft.recipient, draft.version): draft for draft in drafts}


def _said(draft: Draft) -> tuple[object, ...]:
    return draft.kind, draft.language, frozenset(draft.items)
