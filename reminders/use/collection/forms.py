"""A unit's form of the annual data collection: what it holds; saved, continued, sent.

A draft is kept as it was typed, faults and all: nothing that somebody wrote is lost. Only what is sent
becomes statuses, values and the unit's answers, all in one transaction. The status of an action is the
unit's answer about all that is open of it, so that reminders, pages and decisions know it without knowing
forms; *not ours* about an action of which nothing is open is said of its nearest deadline or review.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from reminders.clock import civil_time
from reminders.collection.measures import (
    PLACES,
    Value,
    ValueRow,
    checked_value,
    likely_kind,
    shown_value,
)
from reminders.collection.round import (
    Fault,
    TypedForm,
    TypedValue,
    form_faults,
    of_draft,
    to_draft,
)
from reminders.planning.matters import asked_occurrences
from reminders.planning.replies import Answer
from reminders.planning.state import (
    ProgrammeState,
    in_order,
    is_answered,
    needs_answer,
    past_obligations,
    reply_of,
    responsible,
    unanswered,
)
from reminders.service import Service
from reminders.store import Connection, answers, collection as store, programmes
from reminders.store.collection import FormRow, StatusRow
from reminders.use.answers.links import ClosedLink, Door, OpenForm, open_in
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import Action, Lang

FormOutcome = Literal["saved", "sent", "faulty", "newer", "closed"]


@dataclass(frozen=True)
class FormContents:
    """A unit's form as it stands: what was typed and in which language, earlier years, what is wrong."""

    row: FormRow | None
    typed: Mapping[str, TypedForm]
    lang: Lang
    earlier: tuple[ValueRow, ...]
    faults: tuple[Fault, ...]

    @property
    def version(self) -> int:
        """How often it was saved."""
        return self.row.version if self.row else 0


@dataclass(frozen=True)
class FormInput:
    """What somebody sends in: for which unit, upon which version, in which language."""

    unit: str
    version: int
    lang: Lang
    typed: Mapping[str, TypedForm]
    send: bool


def read_form_contents(service: Service, opened: OpenForm, unit: str, lang: Lang) -> FormContents:
    """Return a unit's form: as saved, else begun from the values that are known."""
    actions = opened.actions(unit)
    with service.database.read() as connection:
        row = store.form_of(connection, opened.occurrence, unit)
        key = opened.found.stored.programme.key
        values = store.value_rows(connection, key, [action.id for action in actions])
    # A unit's own values, and those of whom it took the action over from.
    givers = {one.id: {move.giver for move in one.handovers if move.taker == unit} for one in actions}
    known = tuple(one for one in values if one.organisation in {unit, *givers[one.action]})
    earlier = tuple(one for one in known if one.year < opened.found.year)
    if row is not None:
        is_written = row.editing and opened.found.phase == "open"
        typed, typed_in = of_draft(row.draft if is_written or row.sent is None else row.sent)
        return FormContents(row, typed, typed_in, earlier, form_faults(typed, actions, typed_in))
    begun = {action.id: _begun(action, known, opened.found.year, lang) for action in actions}
    return FormContents(None, begun, lang, earlier, form_faults(begun, actions, lang))


def _begun(action: Action, known: tuple[ValueRow, ...], year: int, lang: Lang) -> TypedForm:
    """Begin an action's part: values of this year that stand already, kinds and units of the last."""
    own = sorted((one for one in known if one.action == action.id), key=lambda one: one.year)
    last = {one.place: one for one in own}
    now = {one.place: one for one in own if one.year == year}
    values = tuple(
        TypedValue(
            last[place].kind if place in last else likely_kind(action.indicator),
            shown_value(now[place].text, now[place].kind, lang) if place in now else "",
            last[place].unit if place in last else "",
        )
        for place in range(1, max(last, default=1) + 1)
    )
    return TypedForm(values=values)


def write_form(service: Service, door: Door, typing: FormInput) -> FormOutcome | ClosedLink:
    """Save a form, and send it where that is asked for and nothing is wrong with it.

    ``newer``: a colleague has saved meanwhile; ``closed``: the round is. Then, and for a link
    that opens nothing, nothing is written. ``faulty``: saved, not sent.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        opened = open_in(service, connection, door, today)
        if isinstance(opened, ClosedLink) or typing.unit not in opened.units:
            return opened if isinstance(opened, ClosedLink) else ClosedLink("left")
        return _write(connection, opened, typing, now) if opened.found.phase == "open" else "closed"


def _write(connection: Connection, opened: OpenForm, typing: FormInput, now: datetime) -> FormOutcome:
    before = store.form_of(connection, opened.occurrence, typing.unit)
    if (before.version if before else 0) != typing.version:
        return "newer"
    sends = typing.send and not form_faults(typing.typed, opened.actions(typing.unit), typing.lang)
    form = FormRow(
        occurrence=opened.occurrence,
        organisation=typing.unit,
        version=typing.version + 1,
        draft=to_draft(typing.typed, typing.lang),
        editing=not sends,
        saved_by=opened.reader,
        saved_at=now,
        submitted_by=before.submitted_by if before else "",
        submitted_at=before.submitted_at if before else None,
        sent=before.sent if before else None,
    )
    if sends:
        form = replace(form, submitted_by=opened.reader, submitted_at=now, sent=form.draft)
    if not store.save_form(connection, form):
        return "newer"
    if sends:
        _send(connection, opened, typing, now)
        return "sent"
    return "faulty" if typing.send else "saved"


def _send(connection: Connection, opened: OpenForm, typing: FormInput, now: datetime) -> None:
    """Write what was typed as statuses, values and the unit's answer."""
    found, occurrence, by, statuses = opened.found, opened.occurrence, opened.reader, []
    for action in opened.actions(typing.unit):
        one = typing.typed[action.id]
        status, note = one.status or "on-track", one.note.strip()
        statuses.append(StatusRow(occurrence, typing.unit, action.id, status, note, by, now))
        _put_values(connection, opened, typing, action, now)
    sent = store.statuses_of(connection, occurrence)
    before = {one.action: one.at for one in sent if one.organisation == typing.unit}
    store.add_statuses(connection, statuses)
    record_statuses(connection, found.state, statuses, before, found.today)
    if not is_answered(found.state, found.row, typing.unit):
        sequence = found.state.sequences.get(occurrence, 0)
        answers.add_answer(connection, Answer(occurrence, typing.unit, "done", by, now, sequence=sequence))


def _put_values(
    connection: Connection, opened: OpenForm, typing: FormInput, action: Action, now: datetime
) -> None:
    """Write an action's values; what is empty takes an earlier one of this year back."""
    typed = typing.typed[action.id].values
    programme = opened.found.stored.programme
    for place in range(1, PLACES + 1):
        one = typed[place - 1] if place <= len(typed) else TypedValue("text")
        value = Value(
            programme=programme.key,
            action=action.id,
            organisation=typing.unit,
            year=opened.found.year,
            text=one.text,
            unit=one.unit,
            by=opened.reader,
            kind=one.kind,
            place=place,
            lang=typing.lang,
        )
        store.put_value(connection, checked_value(programme, value, now))


def reopen_form(service: Service, door: Door, unit: str) -> FormOutcome | ClosedLink:
    """Let a form that was sent be changed; what was sent holds until it is sent again."""
    now = service.clock()
    with service.database.write() as connection:
        opened = open_in(service, connection, door, civil_time(service.settings, now).day)
        if isinstance(opened, ClosedLink):
            return opened
        if opened.found.phase != "open":
            return "closed"
        before = store.form_of(connection, opened.occurrence, unit) if unit in opened.units else None
        if before is None:
            return ClosedLink("left")
        store.save_form(connection, replace(before, version=before.version + 1, editing=True))
        return "saved"


def record_statuses(
    connection: Connection,
    state: ProgrammeState,
    statuses: Iterable[StatusRow],
    before: Mapping[str, datetime],
    today: date,
) -> None:
    """Record what a unit's form says of its actions as the unit's answers about what is open of each.

    ``before`` has the moment, by action, at which the form was last sent: what it said then it says anew.
    What the unit answered in another way meanwhile stays, but for *not ours*: another status takes it back.
    """
    known = answers.answers_of(connection, state.programme.key)
    stood = {(one.occurrence, one.organisation): one for one in known}
    asked = [row for row in asked_occurrences(state, today) if row.kind != "collection"]
    for one in statuses:
        unit, is_foreign = one.organisation, one.status == "not-ours"
        mine = {
            key: answer
            for (key, organisation), answer in stood.items()
            if organisation == unit and _is_of(key, one.action)
        }
        declined = {key for key, answer in mine.items() if answer.answer == "not-ours"}
        again = {key for key, answer in mine.items() if answer.at == before.get(one.action)}
        if not is_foreign:
            again |= declined
            for key in declined:
                answers.undo_answer(connection, mine[key].id, one.by, one.at)
        rows = [
            row
            for row in asked
            if row.id.action == one.action
            and unit in responsible(state, row, today)
            and (str(row.id) in again or unit in unanswered(state, row, today))
        ]
        if is_foreign and not rows and not declined:
            nearest = nearest_obligation(state, one.action, unit, today)
            rows = [nearest] if nearest else []
        for row in rows:
            sequence = state.sequences.get(str(row.id), 0)
            answer = Answer(str(row.id), unit, one.status, one.by, one.at, one.note, sequence=sequence)
            answers.add_answer(connection, answer)


def _is_of(occurrence: str, action: str) -> bool:
    row = OccurrenceID.parse(occurrence)
    return row.action == action and row.kind != "collection"


def nearest_obligation(state: ProgrammeState, action: str, unit: str, today: date) -> Occurrence | None:
    """Return the deadline or review that *not ours* is said of while nothing of the action is open.

    The latest that is past and not answered, else the next one, else the last that was not *done*.
    """
    own = (row for row in state.occurrences.values() if row.id.action == action)
    rows = in_order(row for row in own if needs_answer(row) and row.kind != "collection")
    past = [row for row in past_obligations(state, today, rows) if not is_answered(state, row, unit)]
    ahead = [row for row in rows if row.due >= today]
    undone = [row for row in rows if (reply := reply_of(state, row, unit)) and reply.answer != "done"]
    return next(iter((*past[-1:], *ahead[:1], *undone[-1:])), None)


def save_value(service: Service, value: Value) -> ValueRow | None:
    """Record a value in a transaction of its own; None when it changes nothing.

    Raises ``NotFoundError`` for an unknown programme, and as ``checked_value`` does.
    """
    now = service.clock()
    with service.database.write() as connection:
        programme = programmes.stored_programme(connection, value.programme).programme
        row = checked_value(programme, value, now)
        return row if store.put_value(connection, row) else None
