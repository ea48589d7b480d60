"""The audit trail as rows: each act is added once, sealed in the evidence's chain, and never changed.

Only personal data goes from it, with an event that says so: an address becomes a pseudonym, a network address
nothing (``store.personal_data``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select

from reminders.letters.acts import MOST_REFUSALS, Act, ActFilter
from reminders.letters.delivery_events import without_addresses
from reminders.store import evidence, tables
from reminders.store.tables import columns_of, values_of

_AUDIT = tables.audit
_LONGEST = 500
_PERSONS = (_AUDIT.c.address, _AUDIT.c.person)


def add_act(connection: Connection, act: Act) -> None:
    """Add an act and seal it; as of all events of the chain, it comes last in its transaction."""
    subject = without_addresses(act.subject)[:_LONGEST]
    values = columns_of(act) | {"subject": subject, "counts": dict(act.counts)}
    added = connection.execute(insert(_AUDIT).values(values).returning(_AUDIT.c.id)).scalar_one()
    evidence.note_acts(connection, [added], act.at)


def may_add_refusal(connection: Connection, now: datetime) -> bool:
    """Tell whether one more refused sign-in is recorded: so many within an hour, whoever sends them."""
    recent = (_AUDIT.c.at > now - timedelta(hours=1), _AUDIT.c.act == "sign-in-refused")
    return connection.execute(select(func.count()).where(*recent)).scalar_one() < MOST_REFUSALS


def acts_of(
    connection: Connection, which: ActFilter, *, limit: int | None = None, offset: int = 0
) -> tuple[Act, ...]:
    """Return the acts that a filter lets through, the newest first."""
    query = select(_AUDIT).where(*_conditions(which)).order_by(_AUDIT.c.id.desc())
    return values_of(connection, Act, query.limit(limit).offset(offset))


def count_acts(connection: Connection, which: ActFilter) -> int:
    """Return how many acts a filter lets through."""
    query = select(func.count()).select_from(_AUDIT).where(*_conditions(which))
    return connection.execute(query).scalar_one()


def addresses_in_acts(connection: Connection) -> tuple[str, ...]:
    """Return every address that did something or was the subject of it, as it is written."""
    found = {one for column in _PERSONS for one in connection.execute(select(column).distinct()).scalars()}
    return tuple(sorted(found - {""}))


def _conditions(which: ActFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.programmes is not None:
        keys = [*which.programmes, *([""] if which.whole_service else [])]
        theirs = or_(*(column.in_(list(which.persons)) for column in _PERSONS))
        found.append(_AUDIT.c.programme.in_(keys) | ((_AUDIT.c.programme == "") & theirs))
    if which.act:
        found.append(_AUDIT.c.act == which.act)
    if which.person:
        found.append(or_(*(one.icontains(which.person, autoescape=True) for one in _PERSONS)))
    return found
