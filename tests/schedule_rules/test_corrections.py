"""A person's correction stands instead of the printed words, and says who made it and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reminders.use.programme.store_programme import read_built_in
from schedule_rules.derive import Derived, derive
from schedule_rules.programme import CorrectedField, Correction
from schedule_rules.rule import EventRule, MilestoneRule, ReviewRule, TargetRule

BY, ON = "board-secretary@vaasa.example", date(2025, 3, 4)


def corrected(action_id: str, field: CorrectedField, value: str) -> Derived:
    """Derive the built-in programme with one correction."""
    programme = read_built_in("vaasa-2023-2026")[0]
    actions = tuple(
        replace(action, corrections=(Correction(field, value, BY, ON),)) if action.id == action_id else action
        for action in programme.actions
    )
    return derive(replace(programme, actions=actions))


def test_a_schedule_in_words() -> None:
    """The café's schedule corrected to 2023–2026 moves its milestone and gives it reviews."""
    rules = corrected("social-cultural-cafe", "schedule", "2023–2026").of("social-cultural-cafe")
    milestone = next(rule for rule in rules if isinstance(rule, MilestoneRule))
    review = next(rule for rule in rules if isinstance(rule, ReviewRule))
    assert (milestone.name, milestone.due) == ("end", date(2026, 12, 31))
    assert review.years == (2023, 2024, 2025)
    for rule in (milestone, review):
        basis = rule.basis
        assert (basis.provenance, basis.words.sv, basis.by, basis.on) == ("corrected", "2023–2026", BY, ON)


def test_with_the_schedule_its_finding_goes() -> None:
    """Once the schedule covers the café's series nothing is left to decide about it."""
    derived = corrected("social-cultural-cafe", "schedule", "2023–2026")
    assert derived.findings_of("social-cultural-cafe") == ()


def test_a_frequency_in_words() -> None:
    """Four times a year instead of monthly makes a target of the series."""
    rules = corrected("social-cultural-cafe", "frequency", "4 krt vuodessa").of("social-cultural-cafe")
    target = next(rule for rule in rules if isinstance(rule, TargetRule))
    assert (target.frequency.times_min, target.frequency.times_max) == (4, 4)
    assert (target.basis.provenance, target.basis.by) == ("corrected", BY)
    assert not any(isinstance(rule, EventRule) for rule in rules)


def test_no_frequency_at_all() -> None:
    """An empty correction takes the series away."""
    rules = corrected("health-dark-season-webinar", "frequency", "").of("health-dark-season-webinar")
    assert [type(rule) for rule in rules] == [ReviewRule]


def test_a_finding_that_is_accepted_is_gone() -> None:
    """What somebody has accepted as it is stands on the list no more; the rest does."""
    derived = corrected("health-regular-dialogue", "accepted", "vague-frequency")
    assert [one.action for one in derived.findings] == ["social-cultural-cafe", "children-family-school"]


def test_the_newest_correction_holds() -> None:
    """Of two corrections of one field the later one is taken."""
    programme = read_built_in("vaasa-2023-2026")[0]
    twice = (Correction("schedule", "2024", BY, ON), Correction("schedule", "2025", BY, ON))
    action = replace(programme.action_by_id["work-cv-clinic"], corrections=twice)
    found = derive(replace(programme, actions=(action,))).of("work-cv-clinic")
    assert next(rule.due for rule in found if isinstance(rule, MilestoneRule)) == date(2025, 12, 31)
