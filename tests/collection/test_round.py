"""The data collection's decisions: open or not, what is wrong with a form, reminding by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from reminders.collection.round import (
    STATUSES,
    Fault,
    TypedForm,
    TypedValue,
    day_asked,
    fields_of,
    form_faults,
    is_complete,
    next_nudge,
    nudge_stage,
    of_fields,
)
from reminders.planning.policy import Stage
from reminders.planning.standing import RoundStanding, round_standing
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import Action, Text
from schedule_rules.rule import Basis
from schedule_rules.workdays import standard_workdays

OPENS, DUE, CLOSES = date(2025, 12, 1), date(2026, 1, 31), date(2026, 2, 15)
DAY = timedelta(days=1)
ROUND = Occurrence(
    OccurrenceID("town", "follow-up", "collection", "2025"),
    DUE,
    Text(),
    ("unit",),
    "needs-action",
    Basis("assumed", Text(), "collection"),
    opens=OPENS,
    closes=CLOSES,
    year=2025,
)
ACTION = Action("a", "goal", {}, indicator=Text("Toiminta käynnistynyt ja osallistujien määrä"))
WORDS = replace(ACTION, indicator=Text("Kampanjan näkyvyys"))


@pytest.mark.parametrize(
    ("day", "by_hand", "state"),
    [
        (OPENS - DAY, None, "coming"),
        (OPENS, None, "open"),
        (CLOSES, None, "open"),
        (CLOSES + DAY, None, "closed"),
        (OPENS - DAY, True, "coming"),
        (CLOSES, True, "open"),
        (CLOSES + DAY, True, "closed"),
        (DUE, False, "closed"),
    ],
)
def test_a_round_is_open_from_its_first_to_its_last_day(
    day: date, by_hand: bool | None, state: RoundStanding
) -> None:
    """Both days included; closed by hand before its dates say so, and never open after them."""
    assert round_standing(ROUND, day, by_hand=by_hand) == state


def test_after_its_last_day_a_round_shows_who_was_asked_then() -> None:
    """A hand-over after the round changes nothing about it."""
    assert [day_asked(ROUND, day) for day in (DUE, CLOSES + 30 * DAY)] == [DUE, CLOSES]


def test_reminding_by_hand_once_in_seven_days() -> None:
    """At once the first time, then a week after the last."""
    assert next_nudge((), DUE) == DUE
    assert next_nudge((DUE, DUE + DAY), DUE + DAY) == DUE + 8 * DAY


@pytest.mark.parametrize(
    ("day", "name", "send_on"),
    [
        (date(2026, 1, 12), "-P19D", date(2026, 1, 12)),
        (date(2026, 1, 31), "P2D", date(2026, 2, 2)),
        (date(2025, 12, 24), "-P24D", date(2026, 1, 7)),
    ],
)
def test_a_reminder_by_hand_is_named_by_its_sending_day(day: date, name: str, send_on: date) -> None:
    """Asked for on a closed day it goes on the next sending day, named by its distance from the due date."""
    stage = nudge_stage(ROUND, day, standard_workdays())
    assert stage == Stage(str(ROUND.id), name, "unit", send_on, (send_on - DUE).days)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (TypedForm("done"), []),
        (TypedForm(), [("status", "status")]),
        (TypedForm("late", (TypedValue(), TypedValue("2,5"))), []),
        (TypedForm("late", (TypedValue("yes"), TypedValue("", not_measured=True))), []),
        (TypedForm("late", (TypedValue(), TypedValue("monta"))), [("value-2", "number")]),
        (TypedForm("late", (TypedValue("ehkä"), TypedValue("0"))), [("value-1", "yes-no")]),
        (TypedForm("late", (TypedValue(), TypedValue("7", not_measured=True))), [("value-2", "both")]),
        (TypedForm("late", (), "x" * 2001), [("note", "note")]),
        (TypedForm("not-ours"), [("note", "whose")]),
        (TypedForm("not-ours", (), " - "), [("note", "whose")]),
        (TypedForm("not-ours", (), "Kuuluu museolle"), []),
    ],
)
def test_what_is_wrong_with_a_form(typed: TypedForm, found: list[tuple[str, str]]) -> None:
    """A status is enough; each fault names its field and what was expected."""
    expected = tuple(Fault("a", field, code) for field, code in found)
    assert form_faults({"a": typed}, [ACTION], "fi") == expected


def test_an_action_that_nobody_wrote_about_lacks_its_status() -> None:
    """A form made before the action came to the unit is not whole."""
    assert form_faults({}, [ACTION], "fi") == (Fault("a", "status", "status"),)


def test_words_have_an_end() -> None:
    """At most 300 characters of a value in words."""
    typed = TypedForm("late", (TypedValue("x" * 301),))
    assert form_faults({"a": typed}, [WORDS], "fi") == (Fault("a", "value-1", "long"),)


@pytest.mark.parametrize(
    ("typed", "complete"),
    [
        (TypedForm("done", (TypedValue("yes"), TypedValue("0"))), True),
        (TypedForm("done", (TypedValue("yes"), TypedValue("", not_measured=True))), True),
        (TypedForm("done", (TypedValue("yes"),)), False),
        (TypedForm(None, (TypedValue("yes"), TypedValue("0"))), False),
        (TypedForm("done", (TypedValue("yes"), TypedValue("monta"))), False),
        (TypedForm("not-ours", (TypedValue("yes"), TypedValue("0"))), False),
    ],
)
def test_when_nothing_of_an_action_is_missing(typed: TypedForm, *, complete: bool) -> None:
    """A status and each value; that one was not measured is said, that it is missing is not."""
    assert is_complete(typed, ACTION, "fi") is complete


typed_values = st.builds(TypedValue, st.text(), st.booleans())
typed_parts = st.builds(
    TypedForm,
    st.sampled_from([*STATUSES, None]),
    st.lists(typed_values, max_size=3).map(tuple),
    st.text(),
)


@given(typed=st.dictionaries(st.text(), typed_parts, max_size=3))
def test_a_form_is_its_fields(typed: dict[str, TypedForm]) -> None:
    """Taken apart and put together it is the same, but for empty values at the end."""
    ended = {}
    for action, one in typed.items():
        values = list(one.values)
        while values and not values[-1].is_given:
            values.pop()
        ended[action] = replace(one, values=tuple(values))
    assert of_fields(fields_of(typed)) == ended
