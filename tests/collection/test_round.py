"""The data collection's decisions: open or not, what is wrong with a form, reminding by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from reminders.collection.round import (
    Fault,
    TypedForm,
    TypedValue,
    day_asked,
    form_faults,
    next_nudge,
    nudge_stage,
    of_draft,
    to_draft,
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
ACTION = Action("a", "goal", {})


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
        (TypedForm("late", (TypedValue("number", ""), TypedValue("number", "2,5", "kpl"))), []),
        (TypedForm("late", (TypedValue("number", "", "kpl"),)), []),
        (TypedForm("late", (TypedValue("number", "monta"),)), [("value-1", "number")]),
        (TypedForm("late", (TypedValue("text", "x" * 301),)), [("value-1", "long")]),
        (TypedForm("late", (TypedValue("text", "a"), TypedValue("yes-no", "ehkä"))), [("value-2", "yes-no")]),
        (TypedForm("late", (TypedValue("text", "a", "x" * 61),)), [("unit-1", "unit")]),
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


typed_values = st.builds(TypedValue, st.sampled_from(["number", "yes-no", "text"]), st.text(), st.text())
typed_parts = st.builds(
    TypedForm,
    st.sampled_from(["done", "on-track", "late", "not-ours", None]),
    st.lists(typed_values, max_size=3).map(tuple),
    st.text(),
)


@given(typed=st.dictionaries(st.text(), typed_parts, max_size=3), lang=st.sampled_from(["fi", "sv", "en"]))
def test_a_draft_comes_back_as_it_was_typed(typed: dict[str, TypedForm], lang: str) -> None:
    """Whatever was typed, faults included."""
    assert of_draft(to_draft(typed, lang)) == (typed, lang)  # type: ignore[arg-type]
