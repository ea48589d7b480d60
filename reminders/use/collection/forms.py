"""A unit's form of the annual data collection: what it holds; saved, continued, sent.

A draft is kept as it was typed, faults and all: nothing that somebody wrote is lost. Only what is sent
becomes statuses, values and the unit's answers, all in one transaction. The status of an action is the
unit's answer about all that is open of it, so that reminders, pages and decisions know it without knowing
forms; *not ours* about an action of which nothing is open is said of its nearest deadline or review.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal

from reminders.clock import civil_time
from reminders.collection.draft import Draft, draft_json, read_draft, read_sent, retyped_form, sent_json
from reminders.collection.indicator import PLACES, Kind, measures_of
from reminders.collection.measures import (
    NOT_MEASURED,
    Value,
    ValueKind,
    ValueRow,
    checked_value,
    shown_value,
)
from reminders.collection.merge import Save, clash_faults, clashes, merged, written_by_others
from reminders.collection.round import (
    Fault,
    FieldName,
    FieldValue,
    Status,
    TypedForm,
    TypedValue,
    form_faults,
    is_complete,
)
from reminders.letters.acts import ActKind
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
from reminders.use.watch.audit import record_act
from schedule_rules.occurrence import Occurrence, OccurrenceID, OccurrenceKind
from schedule_rules.programme import Action, Lang

FormOutcome = Literal["saved", "sent", "added", "faulty", "clash", "closed"]
_TRIES: Final = 5
"""How often a form is merged anew when a colleague is quicker at the very same moment."""


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What a form begins with: what the unit said of the action last, of what, and when.

    ``is_approved``: the secretary has approved the new date.
    """

    status: Status
    kind: OccurrenceKind
    at: datetime
    new_date: date | None = None
    is_approved: bool = False
    note: str = ""


@dataclass(frozen=True)
class FormContents:
    """A unit's form as it stands: what is in it, in which language, earlier years, what is wrong.

    ``draft`` is what somebody wrote, by whom and when; ``begun`` what stands where nobody wrote,
    ``prefilled`` the statuses of it, ``answered`` when values of this year were given already; ``complete``
    are the actions that lack nothing.
    """

    row: FormRow | None
    typed: Mapping[str, TypedForm]
    lang: Lang
    earlier: tuple[ValueRow, ...]
    faults: tuple[Fault, ...]
    draft: Draft
    begun: Mapping[str, TypedForm]
    prefilled: Mapping[str, Prefilled] = field(default_factory=dict)
    answered: Mapping[FieldName, datetime] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()

    @property
    def version(self) -> int:
        """How often it was saved."""
        return self.row.version if self.row else 0


@dataclass(frozen=True)
class FormInput:
    """What somebody sends in: for which unit, in which language, what stood in the fields that they saw.

    ``seen`` None: the page did not say so; it showed the form of ``version`` (None: as it stands now).
    """

    unit: str
    lang: Lang
    typed: Mapping[FieldName, FieldValue]
    seen: Mapping[FieldName, tuple[FieldValue, ...]] | None
    send: bool
    version: int | None = None


@dataclass(frozen=True, slots=True)
class FormWritten:
    """What became of a form; ``others``: colleagues have written meanwhile, and that was kept too.

    ``is_known``: it said nothing that was not known, and nothing was written.
    """

    outcome: FormOutcome
    others: bool = False
    is_known: bool = field(default=False, compare=False)


def read_form_contents(service: Service, opened: OpenForm, unit: str, lang: Lang) -> FormContents:
    """Return a unit's form: as saved, over what is known already."""
    with service.database.read() as connection:
        return _contents(connection, opened, unit, lang)


def _contents(connection: Connection, opened: OpenForm, unit: str, lang: Lang) -> FormContents:
    actions, year = opened.actions(unit), opened.found.year
    row = store.form_of(connection, opened.occurrence, unit)
    key = opened.found.stored.programme.key
    values = store.value_rows(connection, key, [action.id for action in actions])
    # A unit's own values, and those of whom it took the action over from.
    givers = {one.id: {move.giver for move in one.handovers if move.taker == unit} for one in actions}
    known = tuple(one for one in values if one.organisation in {unit, *givers[one.action]})
    earlier = tuple(one for one in known if one.year < year)
    prefilled = {
        action.id: found
        for action in actions
        if (found := last_status(opened.found.state, action.id, unit, opened.found.today))
    }
    now = {(one.action, f"value-{one.place}"): one for one in known if one.year == year}
    begun = {action.id: _begun(action, prefilled.get(action.id), now, lang) for action in actions}
    draft = read_draft(row.draft, row.saved_by, row.saved_at) if row else Draft(lang)
    draft = draft.in_language(lang, actions)
    if row is not None and row.sent is not None and not (row.editing and opened.found.phase == "open"):
        typed, typed_in = read_sent(row.sent)
        typed = retyped_form(typed, actions, typed_in, lang)
        return FormContents(row, typed, lang, earlier, (), draft, begun, complete=frozenset(typed))
    typed = draft.over(begun)
    return FormContents(
        row,
        typed,
        lang,
        earlier,
        (*form_faults(typed, actions, lang), *clash_faults(draft.fields)),
        draft,
        begun,
        prefilled,
        {name: one.at for name, one in now.items()},
        _complete(row, draft, typed, actions),
    )


def _complete(
    row: FormRow | None, draft: Draft, typed: Mapping[str, TypedForm], actions: Iterable[Action]
) -> frozenset[str]:
    """Return the actions that lack nothing; one about which nobody has written a value counts not yet."""
    open_clashes = {action for action, _ in clashes(draft.fields)}
    written = {action for action, _ in draft.fields}
    return frozenset(
        one.id
        for one in actions
        if row is not None
        and one.id not in open_clashes
        and (one.id in written or not measures_of(one))
        and is_complete(typed[one.id], one, draft.lang)
    )


def _begun(
    action: Action, prefilled: Prefilled | None, now: Mapping[FieldName, ValueRow], lang: Lang
) -> TypedForm:
    """Begin an action's part: what the unit said of it last, and values of this year that stand already."""
    values = tuple(
        _begun_value(now.get((action.id, f"value-{place}")), measure.kind, lang)
        for place, measure in enumerate(measures_of(action), start=1)
    )
    if prefilled is None:
        return TypedForm(None, values)
    return TypedForm(prefilled.status, values, prefilled.note)


def _begun_value(stood: ValueRow | None, kind: Kind, lang: Lang) -> TypedValue:
    if stood is None:
        return TypedValue()
    if stood.kind == NOT_MEASURED:
        return TypedValue("", not_measured=True)
    text = stood.text if kind == "yes-no" else shown_value(stood.text, stood.kind, lang)
    return TypedValue(text)


def last_status(state: ProgrammeState, action: str, unit: str, today: date) -> Prefilled | None:
    """Return what a unit said of an action last, where that still tells how it stands.

    *Not ours* tells nothing of how it stands, nor does *done* of one date while another one is asked about.
    """
    rows = [
        row
        for row in state.occurrences.values()
        if row.id.action == action and row.kind in {"milestone", "review"}
    ]
    said = [(reply, row) for row in rows if (reply := reply_of(state, row, unit))]
    if not said:
        return None
    reply, row = max(said, key=lambda pair: (pair[0].at, pair[1].due))
    waiting = any(unit in unanswered(state, one, today) for one in rows if one.due <= today)
    if reply.answer == "not-ours" or (reply.answer == "done" and waiting):
        return None
    new_date = reply.new_date if reply.proposal != "refused" else None
    return Prefilled(reply.answer, row.kind, reply.at, new_date, reply.proposal == "approved", reply.note)


def write_form(service: Service, door: Door, typing: FormInput) -> FormWritten | ClosedLink:
    """Save a form beside what colleagues saved; send it where that is asked for and nothing is wrong.

    ``clash``: saved, but a colleague has written something else in a field that was changed; ``faulty``:
    saved, not sent. ``closed``: the round is; then, and for a link that opens nothing, nothing is written.
    ``added``: saved from a page that was opened before a colleague sent the form, and sent with it.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        opened = open_in(service, connection, door, today)
        if isinstance(opened, ClosedLink) or typing.unit not in opened.units:
            return opened if isinstance(opened, ClosedLink) else ClosedLink("left")
        if opened.found.phase != "open":
            return FormWritten("closed")
        for _ in range(_TRIES):
            if done := _write(connection, opened, typing, now):
                act: ActKind = "form-sent" if done.outcome in {"sent", "added"} else "form-saved"
                if not done.is_known:
                    _record(connection, service, act, opened, typing.unit)
                return done
    raise TimeoutError("colleagues saved the form again and again")  # pragma: no cover


def _record(connection: Connection, service: Service, act: ActKind, opened: OpenForm, unit: str) -> None:
    about = f"{opened.found.year} {unit}"
    record_act(connection, service, act, opened.found.stored.programme.key, about, by=opened.reader)


def _write(connection: Connection, opened: OpenForm, typing: FormInput, now: datetime) -> FormWritten | None:
    """Merge and save what was typed; None where a colleague has saved since the form was read."""
    actions, unit = opened.actions(typing.unit), typing.unit
    contents = _contents(connection, opened, unit, typing.lang)
    before, stored = contents.row, contents.draft.fields
    save = _save(contents, actions, typing, opened.reader, now)
    fields = merged(stored, save)
    stands = before and not before.editing and is_answered(opened.found.state, opened.found.row, unit)
    if before and fields == stored and (stands or not typing.send):  # nothing that is not known
        outcome: FormOutcome = "sent" if typing.send else "clash" if clashes(stored) else "saved"
        return FormWritten(outcome, is_known=True)
    made = Draft(typing.lang, fields)
    typed = made.over(contents.begun)
    faults = (*form_faults(typed, actions, typing.lang), *clash_faults(fields))
    adds = bool(stands) and not typing.send
    sends = (typing.send or adds) and not faults
    form = FormRow(
        occurrence=opened.occurrence,
        organisation=unit,
        version=contents.version + 1,
        draft=draft_json(made),
        editing=not sends,
        saved_by=opened.reader,
        saved_at=now,
        submitted_by=before.submitted_by if before else "",
        submitted_at=before.submitted_at if before else None,
        sent=before.sent if before else None,
    )
    if sends:
        form = replace(form, sent=sent_json(typed, typing.lang))
    if sends and not adds:
        form = replace(form, submitted_by=opened.reader, submitted_at=now)
    if not store.save_form(connection, form):
        return None
    others = bool(written_by_others(stored, save))
    if sends:
        _send(connection, opened, typing, typed, now)
        return FormWritten("added" if adds else "sent", others)
    if set(clashes(fields)) & set(save.changed):
        return FormWritten("clash", others)
    return FormWritten("faulty" if typing.send or adds else "saved", others)


def _save(
    contents: FormContents, actions: Iterable[Action], typing: FormInput, by: str, now: datetime
) -> Save:
    """Return a saving; a page of which nobody knows what it showed takes nothing back, it only adds."""
    if typing.seen is not None:
        return Save(typing.seen, typing.typed, by, now)
    if typing.version in {None, contents.version}:
        return Save(contents.draft.shown(contents.begun, actions), typing.typed, by, now)
    empty = {None, "", TypedValue()}
    return Save({}, {name: one for name, one in typing.typed.items() if one not in empty}, by, now)


def _send(
    connection: Connection,
    opened: OpenForm,
    typing: FormInput,
    typed: Mapping[str, TypedForm],
    now: datetime,
) -> None:
    """Write a form as statuses, values and the unit's answer."""
    found, occurrence, by, statuses = opened.found, opened.occurrence, opened.reader, []
    for action in opened.actions(typing.unit):
        one = typed[action.id]
        status, note = one.status or "on-track", one.note.strip()
        statuses.append(StatusRow(occurrence, typing.unit, action.id, status, note, by, now))
        _put_values(connection, opened, typing, action, one, now)
    sent = store.statuses_of(connection, occurrence)
    before = {one.action: one.at for one in sent if one.organisation == typing.unit}
    store.add_statuses(connection, statuses)
    record_statuses(connection, found.state, statuses, before, found.today)
    if not is_answered(found.state, found.row, typing.unit):
        sequence = found.state.sequences.get(occurrence, 0)
        answers.add_answer(connection, Answer(occurrence, typing.unit, "done", by, now, sequence=sequence))


def _put_values(
    connection: Connection,
    opened: OpenForm,
    typing: FormInput,
    action: Action,
    typed: TypedForm,
    now: datetime,
) -> None:
    """Write an action's values; what is empty takes an earlier one of this year back.

    What is counted comes from the indicator; where it says nothing, from the year before.
    """
    programme, measures = opened.found.stored.programme, measures_of(action)
    earlier = store.value_rows(connection, programme.key, [action.id], typing.unit)
    for place in range(1, PLACES + 1):
        measure = measures[place - 1] if place <= len(measures) else None
        one = typed.value(place) if measure else TypedValue()
        units = [old.unit for old in earlier if old.place == place and old.kind == "number"]
        kind: ValueKind = NOT_MEASURED if one.not_measured else measure.kind if measure else "text"
        value = Value(
            programme=programme.key,
            action=action.id,
            organisation=typing.unit,
            year=opened.found.year,
            text=one.text,
            unit=(measure.unit.get("fi") if measure and measure.unit else next(reversed(units), "")),
            by=opened.reader,
            kind=kind,
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
        _record(connection, service, "form-opened", opened, unit)
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
        if not store.put_value(connection, row):
            return None
        about = f"{value.action} {value.organisation}: {value.year}"
        record_act(connection, service, "value", value.programme, about, by=value.by)
    return row
