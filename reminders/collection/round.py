"""The annual data collection: is a round open, who has answered, what is wrong with a form.

Pure: values in, values out; ``today`` is an argument. Dates of rounds come from
``schedule_rules``, ordinary reminders from ``due``; storing is left to ``use.collection``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from reminders.collection.indicator import PLACES, measures_of
from reminders.collection.measures import NotAValueError, stored_value
from reminders.planning.policy import Stage, stage_name
from reminders.planning.recipients import People, Role
from reminders.planning.replies import says_whose
from reminders.planning.state import ProgrammeState, is_answered, responsible
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Lang
from schedule_rules.workdays import Workdays

Status = Literal["done", "on-track", "late", "not-ours"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
UnitState = Literal["sent", "answered", "draft", "none"]

LONGEST_NOTE: Final = 2000
NUDGE_EVERY: Final = timedelta(days=7)
_LEFT: Final = frozenset({"sent", "uncertain"})
"""States of a mail that a server took, or may have taken."""


def day_asked(row: Occurrence, today: date) -> date:
    """Return the day whose responsibilities a round shows: today, once it is over its last day."""
    return min(today, row.closes or today)


def actions_of(state: ProgrammeState, organisation: str, day: date) -> tuple[Action, ...]:
    """Return the actions that an organisation leads on ``day``, in programme order."""
    return tuple(one for one in state.programme.actions if organisation in one.leads_on(day))


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """How one responsible organisation stands in a round.

    ``reached``: the link of the chain that gets its reminders today, None: nobody.
    ``sent``: its form was sent; ``answered``: in another way; ``draft``: begun.
    """

    organisation: str
    state: UnitState
    actions: int
    reached: Role | None

    @property
    def is_missing(self) -> bool:
        """Tell whether its answer is still waited for."""
        return self.state in {"draft", "none"}


@dataclass(frozen=True, slots=True)
class Progress:
    """A round's progress: all responsible organisations in programme order."""

    units: tuple[UnitProgress, ...]

    @property
    def expected(self) -> int:
        """How many organisations are asked."""
        return len(self.units)

    @property
    def answered(self) -> int:
        """How many have answered."""
        return self.expected - len(self.missing)

    @property
    def missing(self) -> tuple[UnitProgress, ...]:
        """Those that have not answered."""
        return tuple(one for one in self.units if one.is_missing)


def round_progress(
    state: ProgrammeState, row: Occurrence, today: date, forms: Mapping[str, bool]
) -> Progress:
    """Return the progress of a round on ``today``; ``forms`` are saved ones, True: sent.

    Who has answered is asked of the same function as who is reminded: page and mails cannot differ.
    """
    day = day_asked(row, today)
    units = []
    for key in responsible(state, row, day):
        form = forms.get(key)
        unit: UnitState = "none" if form is None else "draft"
        if is_answered(state, row, key):
            unit = "sent" if form else "answered"
        reached = reached_day(state.people, key, today)
        units.append(UnitProgress(key, unit, len(actions_of(state, key, day)), reached))
    return Progress(tuple(units))


def reached_day(people: People, organisation: str, day: date) -> Role | None:
    """Return the first link of an organisation's chain that gets its items on ``day``."""
    return next((link.role for link in people.chain(organisation, day) if link.contacts), None)


@dataclass(frozen=True, slots=True)
class Reminded:
    """A mail about a round that was composed: its civil day, its stage, who got it, what became of it."""

    day: date
    stage: str
    recipient: str
    organisations: tuple[str, ...]
    state: str
    at: datetime | None = None


def last_reminded(mails: Iterable[Reminded], organisation: str) -> Reminded | None:
    """Return the newest reminder of an organisation that has left."""
    own = (one for one in mails if organisation in one.organisations and one.state in _LEFT)
    return max(own, key=lambda one: one.day, default=None)


def next_nudge(earlier: Iterable[date], today: date) -> date:
    """Return the first day on which a round's units may be reminded by hand: once in seven days."""
    return max((day + NUDGE_EVERY for day in earlier), default=today)


def nudge_stage(row: Occurrence, today: date, workdays: Workdays) -> Stage:
    """Return the stage of a reminder by hand: named by its distance from the due date, like any other.

    Who gets a stage of that name on the same day anyway is not reminded twice.
    """
    send_on = workdays.on_or_after(today)
    days = (send_on - row.due).days
    return Stage(str(row.id), stage_name(days), "unit", send_on, days)


@dataclass(frozen=True, slots=True)
class TypedValue:
    """One value as it was typed; ``not_measured`` is ticked where there is none in this year."""

    text: str = ""
    not_measured: bool = False

    @property
    def is_given(self) -> bool:
        """Tell whether something is said: a value, or that it was not measured."""
        return bool(self.text) or self.not_measured


@dataclass(frozen=True, slots=True)
class TypedForm:
    """What was typed about one action; ``values`` may hold empty ones between others."""

    status: Status | None = None
    values: tuple[TypedValue, ...] = ()
    note: str = ""

    def value(self, place: int) -> TypedValue:
        """Return the value at a place, which counts from 1."""
        return self.values[place - 1] if place <= len(self.values) else TypedValue()


FieldValue = TypedValue | str | None
"""What stands in a field: a status, a value, a note."""
FieldName = tuple[str, str]
"""A field of a form: its action and its name (``status``, ``value-1``, ``note``)."""


def fields_of(typed: Mapping[str, TypedForm]) -> dict[FieldName, FieldValue]:
    """Return what was typed by field, for all values that an indicator may take."""
    found: dict[FieldName, FieldValue] = {}
    for action, one in typed.items():
        found[action, "status"] = one.status
        found |= {(action, f"value-{place}"): one.value(place) for place in range(1, PLACES + 1)}
        found[action, "note"] = one.note
    return found


def of_fields(fields: Mapping[FieldName, FieldValue]) -> dict[str, TypedForm]:
    """Return what ``fields_of`` made of; values that are not given end with the last that is."""
    found = {}
    for action in dict.fromkeys(action for action, _ in fields):
        status, note = fields.get((action, "status")), fields.get((action, "note"))
        values = [fields.get((action, f"value-{place}")) for place in range(1, PLACES + 1)]
        given = [one if isinstance(one, TypedValue) else TypedValue() for one in values]
        while given and not given[-1].is_given:
            given.pop()
        found[action] = TypedForm(
            next((one for one in STATUSES if one == status), None),
            tuple(given),
            note if isinstance(note, str) else "",
        )
    return found


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field: its action, its name (``status``, ``value-1``, ``note``)."""

    action: str
    field: str
    code: str


def form_faults(typed: Mapping[str, TypedForm], actions: Sequence[Action], lang: Lang) -> tuple[Fault, ...]:
    """Return what keeps a form from being sent, in its own order.

    A status for each action is enough, and a word on whose an action is that is not the unit's.
    """
    return tuple(
        fault for one in actions for fault in action_faults(typed.get(one.id, TypedForm()), one, lang)
    )


def action_faults(typed: TypedForm, action: Action, lang: Lang) -> Iterator[Fault]:
    """Return what is wrong with what was typed about one action."""
    if typed.status is None:
        yield Fault(action.id, "status", "status")
    for place, measure in enumerate(measures_of(action), start=1):
        value = typed.value(place)
        try:
            stored_value(value.text, measure.kind, lang)
        except NotAValueError as error:
            yield Fault(action.id, f"value-{place}", str(error))
        else:
            if value.text and value.not_measured:
                yield Fault(action.id, f"value-{place}", "both")
    if len(typed.note) > LONGEST_NOTE:
        yield Fault(action.id, "note", "note")
    elif typed.status == "not-ours" and not says_whose("", typed.note):
        yield Fault(action.id, "note", "whose")


def is_complete(typed: TypedForm, action: Action, lang: Lang) -> bool:
    """Tell whether nothing of an action is missing: a status, each value or that it was not measured."""
    places = range(1, len(measures_of(action)) + 1)
    given = all(typed.value(place).is_given for place in places)
    return given and not any(action_faults(typed, action, lang))
