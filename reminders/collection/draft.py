"""A unit's form as it is kept: what stands in each field, by whom and when; what was sent; as JSON.

Pure. What is typed is kept as it was typed, with the language that it was typed in: 1,125 is another number
in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reminders.collection.indicator import Kind, measures_of
from reminders.collection.measures import NOT_MEASURED, NotAValueError, shown_value, stored_value
from reminders.collection.merge import Fields, Writing
from reminders.collection.round import (
    FieldName,
    FieldValue,
    TypedForm,
    TypedValue,
    fields_of,
    of_fields,
)
from schedule_rules.programme import Action, Lang


@dataclass(frozen=True)
class Draft:
    """What stands in a form, as typed in a language; a field that is not there is as it began."""

    lang: Lang
    fields: Fields = field(default_factory=dict)

    def over(self, begun: Mapping[str, TypedForm]) -> dict[str, TypedForm]:
        """Return the form: what was written, over what it begins with; of a clash what was written last."""
        written = {name: written[-1].value for name, written in self.fields.items() if name[0] in begun}
        return of_fields(fields_of(begun) | written)

    def shown(
        self, begun: Mapping[str, TypedForm], actions: Iterable[Action]
    ) -> dict[FieldName, tuple[FieldValue, ...]]:
        """Return what a page shows in each field; several where a clash is to be settled."""
        first = fields_of(begun)
        return {
            name: tuple(one.value for one in self.fields[name]) if name in self.fields else (first.get(name),)
            for action in actions
            for name in field_names(action)
        }

    def in_language(self, lang: Lang, actions: Iterable[Action]) -> Draft:
        """Return the draft as somebody would have typed it in another language."""
        if lang == self.lang:
            return self
        kinds = kinds_of(actions)
        fields = {
            name: tuple(
                Writing(retyped(one.value, kinds.get(name), self.lang, lang), one.by, one.at)
                for one in written
            )
            for name, written in self.fields.items()
        }
        return Draft(lang, fields)


def field_names(action: Action) -> tuple[FieldName, ...]:
    """Return the fields of an action's part of a form."""
    values = (f"value-{place}" for place in range(1, len(measures_of(action)) + 1))
    return tuple((action.id, name) for name in ("status", *values, "note"))


def kinds_of(actions: Iterable[Action]) -> dict[FieldName, Kind]:
    """Return the kind of each field with a value."""
    return {
        (action.id, f"value-{place}"): measure.kind
        for action in actions
        for place, measure in enumerate(measures_of(action), start=1)
    }


def retyped(value: FieldValue, kind: Kind | None, typed_in: Lang, lang: Lang) -> FieldValue:
    """Return a typed value as a reader of ``lang`` writes it; what is no value of its kind as it is."""
    if kind is None or typed_in == lang or not isinstance(value, TypedValue) or kind == "yes-no":
        return value
    try:
        text = shown_value(stored_value(value.text, kind, typed_in), kind, lang)
    except NotAValueError:
        return value
    return TypedValue(text, value.not_measured)


def retyped_form(
    typed: Mapping[str, TypedForm], actions: Iterable[Action], typed_in: Lang, lang: Lang
) -> dict[str, TypedForm]:
    """Return a whole form as a reader of ``lang`` writes it."""
    kinds = kinds_of(actions)
    fields = fields_of(typed).items()
    return of_fields({name: retyped(value, kinds.get(name), typed_in, lang) for name, value in fields})


def draft_json(draft: Draft) -> dict[str, Any]:
    """Return a draft as JSON takes it."""
    return {
        "lang": draft.lang,
        "fields": [
            [*name, [[value_json(one.value), one.by, one.at.isoformat()] for one in written]]
            for name, written in sorted(draft.fields.items())
        ],
    }


def read_draft(stored: Mapping[str, Any], saved_by: str, saved_at: datetime) -> Draft:
    """Return what ``draft_json`` made of; an older one knows only who saved it last."""
    if "fields" not in stored:
        typed, lang = read_sent(stored)
        fields = fields_of(typed).items()
        empty = {None, "", TypedValue()}
        said = {name: (Writing(value, saved_by, saved_at),) for name, value in fields if value not in empty}
        return Draft(lang, said)
    found = {
        (action, name): tuple(
            Writing(read_value(name, value), by, datetime.fromisoformat(at)) for value, by, at in written
        )
        for action, name, written in stored["fields"]
    }
    return Draft(stored["lang"], found)


def value_json(value: FieldValue) -> Any:  # noqa: ANN401 - JSON
    """Return what stands in a field as JSON takes it."""
    return [value.text, value.not_measured] if isinstance(value, TypedValue) else value


def read_value(name: str, stored: Any) -> FieldValue:  # noqa: ANN401 - JSON
    """Return what stands in the field of a name.

    Raises ``ValueError`` for what is none: a page sends it back, and anybody may have changed it.
    """
    if name.startswith("value-"):
        if not isinstance(stored, list) or [type(one) for one in stored] != [str, bool]:
            raise ValueError(name)
        return TypedValue(*stored)
    if stored is None or isinstance(stored, str):
        return stored
    raise ValueError(name)


def sent_json(typed: Mapping[str, TypedForm], lang: Lang) -> dict[str, Any]:
    """Return a form that was sent as JSON takes it."""
    return {
        "lang": lang,
        "actions": {
            action: {
                "status": one.status,
                "note": one.note,
                "values": [[value.text, value.not_measured] for value in one.values],
            }
            for action, one in typed.items()
        },
    }


def read_sent(stored: Mapping[str, Any]) -> tuple[dict[str, TypedForm], Lang]:
    """Return what ``sent_json`` made of; an older one has kind, text and unit of each value."""
    found = {
        action: TypedForm(one["status"], tuple(_sent_value(value) for value in one["values"]), one["note"])
        for action, one in stored["actions"].items()
    }
    return found, stored["lang"]


def _sent_value(stored: list[Any]) -> TypedValue:
    if len(stored) == 2:
        return TypedValue(*stored)
    kind, text, _ = stored
    return TypedValue("", not_measured=True) if kind == NOT_MEASURED else TypedValue(text)
