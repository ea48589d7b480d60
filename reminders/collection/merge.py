"""Two colleagues in one form: what each changed is kept, and where both changed a field they choose.

Pure. A field of a form holds what somebody wrote there, or several things where colleagues wrote at the same
time: a clash, which somebody settles. Whoever saves says what stood in the fields that they saw, so that what
they left alone is told from what they changed, however old their page is:

1. A field that was left as it was seen stays as it stands now, whoever changed it meanwhile.
2. A field that was changed takes the place of what was seen there. What a colleague wrote meanwhile, and
   nobody who saved has seen, stays beside it.

So nothing is overwritten unseen, and pages that were opened together make the same form in every order of
saving (a multi-value register: M. Shapiro et al., "A comprehensive study of Convergent and Commutative
Replicated Data Types", 2011, section 3.2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reminders.collection.round import Fault, FieldName, FieldValue


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody wrote in a field, and when; ``by`` is an address."""

    value: FieldValue
    by: str
    at: datetime


Fields = Mapping[FieldName, tuple[Writing, ...]]
"""What stands in a form's fields; a field that is not there is as it began. Several in one: a clash."""


@dataclass(frozen=True, slots=True)
class Save:
    """One saving: what stood in the fields that were seen, what stands there now, whose it is, and when.

    A field of ``typed`` that is not among the ``seen`` was not on the page.
    """

    seen: Mapping[FieldName, tuple[FieldValue, ...]]
    typed: Mapping[FieldName, FieldValue]
    by: str
    at: datetime

    @property
    def changed(self) -> Mapping[FieldName, FieldValue]:
        """What was changed. Of a clash that nobody settled nothing was."""
        return {
            name: value
            for name, value in self.typed.items()
            if name not in self.seen or self.seen[name] != (value,)
        }


def merged(fields: Fields, save: Save) -> Fields:
    """Return a form's fields after a saving."""
    found = dict(fields)
    for name, value in save.changed.items():
        seen = save.seen.get(name, ())
        unseen = [one for one in found.get(name, ()) if one.value not in seen]
        if all(one.value != value for one in unseen):  # else a colleague wrote the very same
            unseen.append(Writing(value, save.by, save.at))
        found[name] = tuple(sorted(unseen, key=lambda one: (one.at, one.by)))
    return found


def clashes(fields: Fields) -> Mapping[FieldName, tuple[Writing, ...]]:
    """Return the fields in which colleagues wrote different things, each with what they wrote."""
    return {name: written for name, written in fields.items() if len(written) > 1}


def clash_faults(fields: Fields) -> tuple[Fault, ...]:
    """Return what keeps a form from being sent while a clash is not settled."""
    return tuple(Fault(*name, "clash") for name in clashes(fields))


def written_by_others(fields: Fields, save: Save) -> tuple[FieldName, ...]:
    """Return the fields in which colleagues wrote what whoever saves has not seen."""
    return tuple(
        name
        for name, written in fields.items()
        if any(one.by != save.by and one.value not in save.seen.get(name, ()) for one in written)
    )
