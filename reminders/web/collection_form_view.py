"""What a unit's form of the annual data collection shows, and what a posted one holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from email_templates import words as shared
from reminders.collecting import PLACES, STATUSES, Fault, Typed, TypedValue
from reminders.dispatch.form_doors import Opened
from reminders.dispatch.forms import Filled
from reminders.measures import KINDS, Kind, NotAValueError, likely_kind, shown, stored, with_unit
from reminders.store.rounds import ValueRow
from reminders.web.words import say
from schedule_rules.programme import Action, Lang

_CODES: Final = {
    "status": "collection.wrong-status",
    "number": "collection.wrong-number",
    "thousands": "collection.wrong-thousands",
    "yes-no": "collection.wrong-yes-no",
    "long": "collection.wrong-long",
    "note": "collection.wrong-note",
    "unit": "collection.wrong-unit",
}


@dataclass(frozen=True, slots=True)
class ValueField:
    """The fields of one value: kind, text, unit of measure, and what is wrong with them."""

    place: int
    kinds: tuple[tuple[Kind, str, bool], ...]
    text: str
    unit: str
    wrong: str
    wrong_unit: str

    @property
    def is_used(self) -> bool:
        """Tell whether anything stands in it."""
        return bool(self.text or self.unit or self.wrong)


@dataclass(frozen=True, slots=True)
class ActionPart:
    """One action's part of the form."""

    id: str
    number: int
    title: str
    indicator: str
    earlier: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[str, str, bool], ...]
    values: tuple[ValueField, ...]
    note: str
    wrong_status: str
    wrong_note: str

    @property
    def said(self) -> str:
        """The status in words, nothing when none is chosen."""
        return next((words for _, words, chosen in self.statuses if chosen), "")


def parts(opened: Opened, unit: str, filled: Filled, lang: Lang, *, checked: bool) -> tuple[ActionPart, ...]:
    """Return the parts of a unit's form; ``checked``: what is wrong is said."""
    wrong = {(one.action, one.field): _words(one, lang) for one in filled.faults} if checked else {}
    return tuple(
        _part(action, number, filled, wrong, lang)
        for number, action in enumerate(opened.actions(unit), start=1)
    )


def _part(
    action: Action, number: int, filled: Filled, wrong: Mapping[tuple[str, str], str], lang: Lang
) -> ActionPart:
    typed = filled.typed.get(action.id, Typed())
    return ActionPart(
        id=action.id,
        number=number,
        title=action.title.get(lang),
        indicator=action.indicator.get(lang),
        earlier=earlier_values(filled.earlier, action, lang),
        statuses=tuple((one, shared.answer(lang, one), typed.status == one) for one in STATUSES),
        values=tuple(_value(action, place, typed, filled, wrong, lang) for place in range(1, PLACES + 1)),
        note=typed.note,
        wrong_status=wrong.get((action.id, "status"), ""),
        wrong_note=wrong.get((action.id, "note"), ""),
    )


def _value(
    action: Action,
    place: int,
    typed: Typed,
    filled: Filled,
    wrong: Mapping[tuple[str, str], str],
    lang: Lang,
) -> ValueField:
    absent = TypedValue(likely_kind(action.indicator))
    one = typed.values[place - 1] if place <= len(typed.values) else absent
    return ValueField(
        place=place,
        kinds=tuple((kind, say(lang, f"collection.kind.{kind}"), kind == one.kind) for kind in KINDS),
        text=_retyped(one, filled.lang, lang),
        unit=one.unit,
        wrong=wrong.get((action.id, f"value-{place}"), ""),
        wrong_unit=wrong.get((action.id, f"unit-{place}"), ""),
    )


def _retyped(value: TypedValue, typed_in: Lang, lang: Lang) -> str:
    """Return a typed value as a reader of ``lang`` writes it: 1,000 is another number in English."""
    if typed_in == lang or not value.text:
        return value.text
    try:
        return shown(stored(value.text, value.kind, typed_in), value.kind, lang)
    except NotAValueError:
        return value.text


def _words(fault: Fault, lang: Lang) -> str:
    return say(lang, _CODES[fault.code])


def errors(found: tuple[ActionPart, ...]) -> tuple[tuple[str, str], ...]:
    """Return what is wrong, each with the id of its field, in the form's order."""
    return tuple(
        (field, f"{part.number}. {part.title}: {words}")
        for part in found
        for field, words in _wrong_of(part)
        if words
    )


def _wrong_of(part: ActionPart) -> list[tuple[str, str]]:
    pairs = [(f"status-{part.id}", part.wrong_status)]
    for value in part.values:
        name = f"{part.id}-{value.place}"
        pairs += [(f"value-{name}", value.wrong), (f"unit-{name}", value.wrong_unit)]
    return [*pairs, (f"note-{part.id}", part.wrong_note)]


def earlier_values(earlier: tuple[ValueRow, ...], action: Action, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return (year, values) of an action before this year, oldest first."""
    own = sorted((one for one in earlier if one.action == action.id), key=lambda one: (one.year, one.place))
    years = dict.fromkeys(one.year for one in own)
    return tuple(
        (
            str(year),
            ", ".join(with_unit(one.text, one.kind, one.unit, lang) for one in own if one.year == year),
        )
        for year in years
    )


# -- what was posted -------------------------------------------------------------------------


def typed_of(fields: Mapping[str, str], actions: tuple[Action, ...]) -> dict[str, Typed]:
    """Return what a posted form holds about each action."""
    return {action.id: _typed(fields, action.id) for action in actions}


def _typed(fields: Mapping[str, str], action: str) -> Typed:
    status = next((one for one in STATUSES if one == fields.get(f"status-{action}")), None)
    values = [_typed_value(fields, f"{action}-{place}") for place in range(1, PLACES + 1)]
    while values and not values[-1].text and not values[-1].unit:
        values.pop()
    return Typed(status, tuple(values), fields.get(f"note-{action}", ""))


def _typed_value(fields: Mapping[str, str], name: str) -> TypedValue:
    kind: Kind = next((one for one in KINDS if one == fields.get(f"kind-{name}")), "text")
    text, unit = fields.get(f"value-{name}", ""), fields.get(f"unit-{name}", "")
    if kind == "number" and text.endswith("%") and not unit:
        return TypedValue(kind, text.removesuffix("%").strip(), "%")
    return TypedValue(kind, text, unit)
