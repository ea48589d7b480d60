"""Wording to rules to occurrences, on the Vaasa programme as it ships."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, strategies as st

from reminders.use.programme.store_programme import read_built_in
from schedule_rules.days import Span
from schedule_rules.derive import Derived, derive
from schedule_rules.occurrence import KINDS, Occurrence, OccurrenceID, OccurrenceIDError, occurrences
from schedule_rules.programme import Correction, EditedSeries, EndedAction, Programme
from schedule_rules.rule import EventRule, MilestoneRule, ReviewRule, TargetRule


@pytest.fixture(scope="module")
def programme() -> Programme:
    """Read the built-in programme."""
    return read_built_in("vaasa-2023-2026")[0]


@pytest.fixture(scope="module")
def derived(programme: Programme) -> Derived:
    """Derive its rules."""
    return derive(programme)


@pytest.fixture(scope="module")
def rows(programme: Programme) -> tuple[Occurrence, ...]:
    """Expand its occurrences."""
    return occurrences(programme)


def test_milestones_by_year(rows: tuple[Occurrence, ...]) -> None:
    """36 milestones at schedule ends (12, 7, 3, 14) and the phase of the CV clinic in 2024: 37."""
    milestones = [row for row in rows if row.kind == "milestone"]
    phases = [str(row.id) for row in milestones if row.id.instance != "end"]
    ends = Counter(row.due.year for row in milestones if row.id.instance == "end")
    assert ends == {2023: 12, 2024: 7, 2025: 3, 2026: 14}
    assert phases == ["vaasa-2023-2026:work-cv-clinic:milestone:phase-2024"]


def test_every_continuous_action_is_reviewed_every_year(
    programme: Programme, rows: tuple[Occurrence, ...]
) -> None:
    """Each of the 26 continuous actions has a review on 31 October of 2023 to 2026."""
    continuous = {action.id for action in programme.actions if action.schedule.en == "Continuous"}
    found = {(row.id.action, row.due) for row in rows if row.kind == "review"}
    assert len(continuous) == 26
    expected = {(action, date(year, 10, 31)) for action in continuous for year in range(2023, 2027)}
    assert {pair for pair in found if pair[0] in continuous} == expected


def test_a_range_is_reviewed_in_each_year_but_its_last(rows: tuple[Occurrence, ...]) -> None:
    """2022-2026 is reviewed in 2023, 2024 and 2025, 2024-2025 in 2024, and a single year never."""

    def years(action: str) -> list[int]:
        return [row.due.year for row in rows if row.id.action == action and row.kind == "review"]

    assert years("health-culture-buddy") == [2023, 2024, 2025]
    assert years("work-working-life-orientation") == [2024]
    assert years("work-cv-clinic") == []


def test_collection_rounds(rows: tuple[Occurrence, ...], programme: Programme) -> None:
    """Four rounds, due 31 January of the year after; each names its year and asks all 39 parties."""
    rounds = [row for row in rows if row.kind == "collection"]
    assert [(row.year, row.due, row.opens, row.closes) for row in rounds] == [
        (year, date(year + 1, 1, 31), date(year, 12, 1), date(year + 1, 2, 15)) for year in range(2023, 2027)
    ]
    assert rounds[1].title.as_dict() == {
        "fi": "Tiedonkeruu vuosittain: vuoden 2024 tiedot",
        "sv": "Insamling av uppgifter årligen: uppgifter för 2024",
        "en": "Annual data collection: data for 2024",
    }
    assert {len(row.organisations) for row in rounds} == {39}
    assert len(programme.lead_organisations()) == 39


def test_series_and_targets(derived: Derived) -> None:
    """Once a week, month or year is a series; ranges, several a year and "at least" are targets."""
    series = {rule.action: rule.recurrence.rrule for rule in derived.rules if isinstance(rule, EventRule)}
    targets = {
        rule.action: (rule.frequency.times_min, rule.frequency.times_max)
        for rule in derived.rules
        if isinstance(rule, TargetRule)
    }
    assert series == {
        "social-cultural-cafe": "FREQ=MONTHLY;BYDAY=2TH",
        "health-dark-season-webinar": "FREQ=YEARLY;BYMONTH=11;BYDAY=2TH",
        "social-involvement-fairs": "FREQ=YEARLY;BYMONTH=11;BYDAY=2TH",
        "children-family-school": "FREQ=WEEKLY;BYDAY=WE",
    }
    assert targets == {
        "work-mini-recruitment-fairs": (4, 5),
        "education-workplace-visits": (10, None),
        "health-culture-buddy": (2, 2),
        "social-welcome-to-vaasa": (2, 4),
    }


def test_the_cafe_and_the_webinar_stand_in_every_year(rows: tuple[Occurrence, ...]) -> None:
    """The café: second Thursdays, never in July or on Ascension Day; the webinar: once a year."""
    events = {
        action: [row for row in rows if row.id.action == action and row.kind == "event"]
        for action in ("social-cultural-cafe", "health-dark-season-webinar", "children-family-school")
    }
    found = Counter(row.due.year for row in events["social-cultural-cafe"])
    # 9 May 2024 and 14 May 2026 are Ascension Day.
    assert found == {2023: 11, 2024: 10, 2025: 11, 2026: 10}
    webinars = Counter(row.due.year for row in events["health-dark-season-webinar"])
    assert webinars == dict.fromkeys(range(2023, 2027), 1)
    assert {row.status for own in events.values() for row in own} == {"tentative"}
    assert events["children-family-school"] == []  # weekly, and nobody has set its dates


def test_what_needs_a_decision(derived: Derived) -> None:
    """The café that goes on after its schedule, the weekly school without dates, the "regular" dialogue."""
    assert [(one.action, one.code, one.words.fi) for one in derived.findings] == [
        ("health-regular-dialogue", "vague-frequency", "Säännöllinen"),
        ("social-cultural-cafe", "series-beyond-schedule", "1 krt/kk"),
        ("children-family-school", "series-without-dates", "Viikoittaiset"),
    ]


def test_a_series_that_waits_for_its_dates(programme: Programme) -> None:
    """It is on the list until somebody sets dates of it, accepts it, or its action ends."""
    school = "children-family-school"

    def codes(one: Programme) -> set[str]:
        return {found.code for found in derive(one).findings_of(school)}

    assert codes(programme) == {"series-without-dates"}
    dates = EditedSeries(school, "week", date(2025, 1, 8), date(2026, 12, 31), dates=(date(2025, 1, 8),))
    assert codes(programme.keeping((dates,))) == set()
    rest = EditedSeries(
        school, "week-2", date(2026, 1, 1), date(2026, 12, 31), "FREQ=WEEKLY;BYDAY=WE", state="tentative"
    )
    assert codes(programme.keeping((dates, rest))) == {"series-without-dates"}
    assert codes(programme.with_ended({school: EndedAction(date(2025, 1, 8), None)})) == set()
    accepted = Correction("accepted", "series-without-dates", "secretary", date(2025, 1, 8))
    assert codes(programme.corrected({school: (accepted,)})) == set()


def test_no_action_is_silently_empty(programme: Programme, derived: Derived) -> None:
    """Every action has a rule or stands on the list."""
    covered = {rule.action for rule in derived.rules} | {one.action for one in derived.findings}
    assert covered == set(programme.action_by_id)


def test_provenance_names_the_words(derived: Derived) -> None:
    """A printed rule quotes its words in all three languages, an assumed date says that it is one."""
    milestone = next(rule for rule in derived.of("work-cv-clinic") if isinstance(rule, MilestoneRule))
    review = next(rule for rule in derived.of("work-job-coaching") if isinstance(rule, ReviewRule))
    assert (milestone.basis.provenance, milestone.basis.words.fi) == ("printed", "2023")
    assert (review.basis.provenance, review.basis.words.sv) == ("assumed", "Fortlöpande")


def test_the_handover_moves_responsibility_on_its_date(programme: Programme) -> None:
    """Digihyvä juttu is Vamia's to the end of 2024 and the Employment Ecosystem's after."""
    action = programme.action_by_id["work-digihyva-juttu"]
    assert action.leads_on(date(2024, 12, 31)) == ("vamia",)
    assert action.leads_on(date(2025, 1, 1)) == ("employment-ecosystem",)


def test_identities_are_unique_and_in_date_order(rows: tuple[Occurrence, ...]) -> None:
    """No two occurrences share an id, and they come by (due, id)."""
    assert len({str(row.id) for row in rows}) == len(rows)
    assert [(row.due, str(row.id)) for row in rows] == sorted((row.due, str(row.id)) for row in rows)


def test_expanding_twice_gives_the_same(programme: Programme, rows: tuple[Occurrence, ...]) -> None:
    """Occurrences are a function of the programme; a window only selects."""
    window = Span(date(2024, 1, 1), date(2024, 12, 31))
    assert occurrences(programme) == rows
    assert occurrences(programme, window) == tuple(row for row in rows if row.due.year == 2024)


NAMES = st.from_regex(r"[a-z0-9-]{1,30}", fullmatch=True)


@given(NAMES, NAMES, st.sampled_from(KINDS), NAMES)
def test_ids_round_trip(programme_key: str, action: str, kind: str, instance: str) -> None:
    """An occurrence id reads back from its string."""
    made = OccurrenceID(programme_key, action, kind, instance)  # type: ignore[arg-type]
    assert OccurrenceID.parse(str(made)) == made


@pytest.mark.parametrize("text", ["", "a:b", "a:b:deadline:end", "a::milestone:end", "a:b:milestone:end:x"])
def test_anything_else_is_refused(text: str) -> None:
    """A string that is no id raises and says what one looks like."""
    with pytest.raises(OccurrenceIDError, match="is not programme:action:kind:instance"):
        OccurrenceID.parse(text)
