"""Colleagues in one form: no order of saving loses what anybody wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings, strategies as st

from reminders.collection.draft import Draft, draft_json, read_draft, read_sent, sent_json
from reminders.collection.merge import Fields, Save, Writing, clash_faults, clashes, merged, written_by_others
from reminders.collection.round import Fault, FieldName, FieldValue, TypedForm, TypedValue, fields_of
from schedule_rules.programme import Action, Text

AT = datetime(2026, 1, 7, 10, tzinfo=UTC)
STATUS, VALUE, NOTE = ("a", "status"), ("a", "value-1"), ("a", "note")
BEGUN: dict[FieldName, FieldValue] = {STATUS: "late", VALUE: TypedValue(), NOTE: ""}


def seen(begun: dict[FieldName, FieldValue], fields: Fields) -> dict[FieldName, tuple[FieldValue, ...]]:
    """What a page shows."""
    first = {name: (value,) for name, value in begun.items()}
    return first | {name: tuple(one.value for one in written) for name, written in fields.items()}


def save(by: str, minute: int, shown: Fields = {}, **typed: FieldValue) -> Save:  # noqa: B006 - not changed
    """A saving by somebody who saw a form and changed some of its fields."""
    names = {"status": STATUS, "value": VALUE, "note": NOTE}
    page = seen(BEGUN, shown)
    written = {name: values[0] for name, values in page.items() if len(values) == 1}
    changed = {names[name]: value for name, value in typed.items()}
    return Save(page, written | changed, by, AT + timedelta(minutes=minute))


def stands(fields: Fields) -> dict[FieldName, set[FieldValue]]:
    """What stands in the fields, without whose it is."""
    return {name: {one.value for one in written} for name, written in fields.items()}


def test_what_only_one_changed_is_kept_from_both() -> None:
    """The second saw the form before the first had saved it."""
    first = merged({}, save("x", 1, value=TypedValue("14")))
    both = merged(first, save("y", 2, note="Luku tarkistettu"))
    assert stands(both) == {VALUE: {TypedValue("14")}, NOTE: {"Luku tarkistettu"}}
    assert clashes(both) == {}


def test_a_true_clash_keeps_both_with_whose_and_when() -> None:
    """Two numbers for one field: both stand there, oldest first, and nothing can be sent."""
    first = merged({}, save("x", 1, value=TypedValue("14")))
    both = merged(first, save("y", 2, value=TypedValue("16")))
    assert clashes(both) == {
        VALUE: (
            Writing(TypedValue("14"), "x", AT + timedelta(minutes=1)),
            Writing(TypedValue("16"), "y", AT + timedelta(minutes=2)),
        )
    }
    assert clash_faults(both) == (Fault("a", "value-1", "clash"),)
    assert written_by_others(first, save("y", 2)) == (VALUE,)


def test_a_clash_is_settled_by_whoever_sees_it() -> None:
    """The choice takes the place of what was shown, and only of that."""
    both = merged(merged({}, save("x", 1, value=TypedValue("14"))), save("y", 2, value=TypedValue("16")))
    choice = save("x", 4, both, value=TypedValue("16"))
    assert stands(merged(both, choice))[VALUE] == {TypedValue("16")}
    third = merged(both, save("z", 3, value=TypedValue("20")))
    assert stands(merged(third, choice))[VALUE] == {TypedValue("16"), TypedValue("20")}


def test_what_nobody_chose_stays_a_clash() -> None:
    """Saved again without a choice, both stay."""
    both = merged(merged({}, save("x", 1, note="yksi")), save("y", 2, note="kaksi"))
    assert merged(both, save("z", 3, both)) == both


def test_the_very_same_is_no_clash() -> None:
    """Two who write the same agree; what was emptied against what was written is one."""
    same = merged(merged({}, save("x", 1, status="done")), save("y", 2, status="done"))
    assert clashes(same) == {}
    first = merged({}, save("x", 1, note="yksi"))
    emptied, other = save("x", 2, first, note=""), save("y", 3, first, note="toinen")
    assert stands(merged(merged(first, emptied), other))[NOTE] == {"", "toinen"}


names = st.sampled_from([("a", "status"), ("a", "note"), ("b", "status"), ("b", "note")])
values = st.sampled_from(["", "yksi", "kaksi", "kolme"])
begun_forms = st.fixed_dictionaries(
    {("a", "status"): values, ("a", "note"): values, ("b", "status"): values, ("b", "note"): values}
)
edits = st.lists(st.dictionaries(names, values), min_size=1, max_size=4)


@settings(max_examples=200)
@given(begun=begun_forms, written=edits)
def test_every_order_of_saving_makes_the_same_form(
    begun: dict[FieldName, FieldValue], written: list[dict[FieldName, FieldValue]]
) -> None:
    """Pages that were opened together: no order loses what anybody changed, and all end alike."""
    saves = [
        Save(seen(begun, {}), begun | own, f"{number}@city.example", AT + timedelta(minutes=number))
        for number, own in enumerate(written)
    ]
    ends = []
    for order in permutations(saves):
        fields: Fields = {}
        for one in order:
            fields = merged(fields, one)
        ends.append(stands(fields))
    assert all(end == ends[0] for end in ends)
    for one in saves:
        for name, value in one.changed.items():
            assert value in ends[0][name]
    assert set(ends[0]) == {name for one in saves for name in one.changed}


@settings(max_examples=200)
@given(
    begun=begun_forms,
    rounds=st.lists(st.tuples(st.integers(0, 2), st.dictionaries(names, values)), max_size=8),
)
def test_nothing_is_overwritten_unseen(
    begun: dict[FieldName, FieldValue], rounds: list[tuple[int, dict[FieldName, FieldValue]]]
) -> None:
    """Three who save in any order, each on the page of their last saving: only what was seen gives way."""
    fields: Fields = {}
    pages = [seen(begun, {})] * 3
    for minute, (who, own) in enumerate(rounds):
        shown = pages[who]
        typed = {name: values[0] for name, values in shown.items() if len(values) == 1} | own
        one = Save(shown, typed, f"{who}@city.example", AT + timedelta(minutes=minute))
        after = merged(fields, one)
        for name, written in fields.items():
            gone = {old.value for old in written} - {new.value for new in after[name]}
            assert gone <= set(shown[name])
        for name, value in one.changed.items():
            assert value in {new.value for new in after[name]}
        fields, pages[who] = after, seen(begun, after)


# -- as it is kept ---------------------------------------------------------------------------

INDICATOR = Text("Osallistujien määrä", "Antal deltagare", "Number of participants")
ACTION = Action("a", "g", {"fi": ("A",)}, indicator=INDICATOR)


@given(status=values, value=st.builds(TypedValue, st.text(), st.booleans()), note=st.text())
def test_a_draft_comes_back_as_it_was_typed(status: str, value: TypedValue, note: str) -> None:
    """Whatever was typed, by whom and when, clashes included."""
    fields: Fields = {
        STATUS: (Writing(status, "x", AT),),
        VALUE: (Writing(value, "x", AT), Writing(TypedValue("7"), "y", AT)),
        NOTE: (Writing(note, "", AT),),
    }
    assert read_draft(draft_json(Draft("sv", fields)), "z", AT) == Draft("sv", fields)


@given(
    typed=st.builds(
        TypedForm, st.just("done"), st.lists(st.builds(TypedValue, st.text()), max_size=3).map(tuple)
    )
)
def test_what_was_sent_comes_back(typed: TypedForm) -> None:
    """Each value with whether it was measured."""
    assert read_sent(sent_json({"a": typed}, "en")) == ({"a": typed}, "en")


def test_a_draft_of_an_earlier_version_is_read() -> None:
    """It has kind, text and unit of each value, and is all of whoever saved it last."""
    old = {"lang": "fi", "actions": {"a": {"status": "late", "note": "", "values": [["number", "7", "kpl"]]}}}
    draft = read_draft(old, "x", AT)
    assert draft.fields == {STATUS: (Writing("late", "x", AT),), VALUE: (Writing(TypedValue("7"), "x", AT),)}
    assert draft.over({"a": TypedForm()}) == {"a": TypedForm("late", (TypedValue("7"),))}


@pytest.mark.parametrize(
    ("typed", "shown"), [("1,125", "1.125"), ("12 500", "12,500"), ("noin 20", "noin 20")]
)
def test_a_number_is_the_same_in_another_language(typed: str, shown: str) -> None:
    """Read in the language that it was typed in; what is no number stays."""
    draft = Draft("fi", {VALUE: (Writing(TypedValue(typed), "x", AT),)})
    ((found,),) = draft.in_language("en", [ACTION]).fields.values()
    assert found.value == TypedValue(shown)


def test_a_form_begins_with_what_is_known() -> None:
    """What nobody wrote is as it began; what is asked no more is left out."""
    draft = Draft(
        "fi", {VALUE: (Writing(TypedValue("7"), "x", AT),), ("gone", "note"): (Writing("n", "x", AT),)}
    )
    begun = {"a": TypedForm("on-track")}
    assert draft.over(begun) == {"a": TypedForm("on-track", (TypedValue("7"),))}
    assert draft.shown(begun, [ACTION]) == {STATUS: ("on-track",), VALUE: (TypedValue("7"),), NOTE: ("",)}
    assert fields_of(begun)[STATUS] == "on-track"
