"""What a programme's people choose: read, refused, put to use; nothing chosen is the default."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, strategies as st

from reminders.planning.policy import Policy
from reminders.planning.programme_settings import (
    EXPECTED,
    NAMES,
    SettingError,
    canonical_setting,
    check_settings,
    policy_with,
    programme_with,
    read_setting,
    settings_of,
)
from schedule_rules.days import MonthDay
from schedule_rules.programme import Programme


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("review", "10-31", MonthDay(10, 31)),
        ("review", "31.10.", MonthDay(10, 31)),
        ("meetings", "12.3.2026", (date(2026, 3, 12),)),
        ("meetings", "2026-06-11 2026-03-12 2026-06-11", (date(2026, 3, 12), date(2026, 6, 11))),
        ("meetings", "", ()),
        ("digest_weekday", "2", 1),
        ("head_after", " 15 ", 15),
        ("milestone", "-60 -7 0 7", (-60, -7, 0, 7)),
    ],
)
def test_a_choice_is_read(name: str, text: str, value: object) -> None:
    """As a person types it."""
    assert read_setting(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("nothing", "1", "name"),
        ("review", "10/31", "month-day"),
        ("review", "13-01", "month-day"),
        ("review", "02-29", "month-day"),
        ("meetings", "12.13.2026", "dates"),
        ("meetings", "2026-02-30", "dates"),
        ("digest_weekday", "6", "weekday"),
        ("digest_weekday", "0", "weekday"),
        ("head_after", "0", "count"),
        ("head_after", "91", "count"),
        ("head_after", "ten", "count"),
        ("milestone", "", "offsets"),
        ("milestone", "-7 7", "offsets"),
        ("milestone", "0 -7", "offsets"),
        ("milestone", "0 0", "offsets"),
        ("milestone", "-400 0", "offsets"),
        ("milestone", "-٧ 0", "offsets"),
    ],
)
def test_what_is_none_says_what_was_expected(name: str, text: str, code: str) -> None:
    """Every refusal has its code, and the code its words."""
    with pytest.raises(SettingError) as refused:
        read_setting(name, text)
    assert (refused.value.code, str(refused.value)) == (code, f"{name}: {EXPECTED[code]}")


def test_nothing_chosen_is_the_default(vaasa: Programme) -> None:
    """Neither programme nor policy change."""
    assert (programme_with(vaasa, {}), policy_with({})) == (vaasa, Policy())


def test_choices_are_put_to_use(vaasa: Programme) -> None:
    """Dates and meetings in the programme, stages and escalation in the policy."""
    chosen = {"review": "11-15", "meetings": "2026-03-12", "review_stages": "-14 0", "head_after": "15"}
    made, policy = programme_with(vaasa, chosen), policy_with(chosen)
    assert (made.defaults.review, made.meetings) == (MonthDay(11, 15), (date(2026, 3, 12),))
    assert (policy.review, policy.head_after, policy.milestone) == ((-14, 0), 15, Policy().milestone)


@pytest.mark.parametrize(
    ("chosen", "day"),
    [
        ({}, date(2026, 7, 14)),
        ({"quiet": "no"}, date(2026, 3, 3)),
        ({"quiet": "02-16/02-20"}, date(2026, 2, 18)),
        ({"closed_days": "2026-03-24"}, date(2026, 3, 24)),
        ({"quiet": "02-16/02-20", "closed_days": "2026-03-24"}, date(2026, 3, 24)),
    ],
)
def test_mail_goes_on_the_days_on_which_offices_are_open(
    vaasa: Programme, chosen: dict[str, str], day: date
) -> None:
    """Both count by the same days: the programme for the dates that it assumes, the policy for its mail."""
    offices, mail = programme_with(vaasa, chosen).workdays, policy_with(chosen).workdays
    assert offices is mail
    assert mail.is_sending_day(day) is (chosen == {"quiet": "no"})


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"collection_closes": "01-15"}, "order"),
        ({"collection_opens": "02-05"}, "order"),
        ({"list_after": "10"}, "escalation"),
        ({"head_after": "20"}, "escalation"),
    ],
)
def test_choices_that_contradict_each_other(vaasa: Programme, chosen: dict[str, str], code: str) -> None:
    """A round that closes before its last day, a list before the head."""
    with pytest.raises(SettingError) as refused:
        check_settings(vaasa, chosen)
    assert refused.value.code == code


@pytest.mark.parametrize("chosen", [{}, {"collection_opens": "01-02"}, {"head_after": "19"}])
def test_choices_that_stand_together(vaasa: Programme, chosen: dict[str, str]) -> None:
    """The defaults do; a round may open in the year of its last day."""
    check_settings(vaasa, chosen)


def test_every_choice_stands_as_a_person_would_type_it(vaasa: Programme) -> None:
    """Each is listed once, and what it shows reads back to what holds."""
    rows = settings_of(vaasa, {"head_after": "15"})
    assert [one.name for one in rows] == list(NAMES)
    assert [one.name for one in rows if one.chosen] == ["head_after"]
    typed = {one.name: one.text for one in rows}
    assert (programme_with(vaasa, typed), policy_with(typed)) == (vaasa, policy_with({"head_after": "15"}))


def test_what_is_stored_has_one_form(vaasa: Programme) -> None:
    """However it was typed."""
    typed = [
        ("review", "1.2."),
        ("meetings", " 12.3.2026  2026-01-05 "),
        ("milestone", "-7  0"),
        ("review", ""),
    ]
    found = [canonical_setting(vaasa, name, text) for name, text in typed]
    assert found == ["02-01", "2026-01-05 2026-03-12", "-7 0", ""]


@given(st.sampled_from(sorted(NAMES)), st.text(max_size=30))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    """Nothing else happens: what is read stands as text that reads to the same."""
    with suppress(SettingError):
        assert read_setting(name, " ".join(text.split())) == read_setting(name, text)


@pytest.mark.parametrize("text", ["+358 6 000 0000", "06 000 0000", "06-0000000", "  +358  6 0000000 ", ""])
def test_a_telephone_number_is_kept_as_people_write_it(text: str) -> None:
    """In international or national form, single blanks between; nothing: none."""
    assert read_setting("secretary_phone", text) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["0000", "call me", "+358 6 000 0000 ext 1", "06\n000 0000 <b>", "0" * 16, "++358 6"]
)
def test_what_is_no_telephone_number_is_refused(text: str) -> None:
    """Five to fifteen digits, and nothing else."""
    with pytest.raises(SettingError) as found:
        read_setting("secretary_phone", text)
    assert found.value.code == "telephone"
