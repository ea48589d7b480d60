"""Whatever changed, a unit is asked before its head hears: a date moved into the past, an early answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Runner, reminders
from tests.issues.city import SECRETARY, City, released_city
from tests.use.office import body

__all__ = ["reminders"]

UNIT, HEAD = "alpha@city.example", "head@city.example"
PEOPLE = (f"alpha,contact,alpha,{UNIT},en,,,", f"alpha,head,Head,{HEAD},en,,,", SECRETARY)


@pytest.fixture
def city(reminders: Runner, tmp_path: Path) -> City:
    """One action, due on 31 March 2026; started on 12 January."""
    made = released_city(reminders, tmp_path, *PEOPLE)
    made.tick("2026-01-12", "2026-02-27")
    return made


def told(city: City, since: str) -> list[tuple[str, str]]:
    """Day and address of what went to the unit and its head from a day on."""
    found = []
    for folder in sorted((city.folder / "var/mail").iterdir()):
        mails = city.mails(folder.name) if folder.name >= since else []
        found += [(folder.name, to) for to, _ in mails if to in {UNIT, HEAD}]
    return found


def test_on_track_before_the_date_then_silence(city: City) -> None:
    """The due day, the first stage after it and the escalation still come, with what was said; no other."""
    answer = ("answer", "city:alpha-1:milestone:end", "on-track", "--by", UNIT)
    assert city.run(*answer, "--at", "2026-03-02T10:00").code == 0
    days = ("24", "30", "31")
    city.tick(*(f"2026-03-{day}" for day in days), "2026-04-01", "2026-04-07", "2026-04-16", "2026-04-30")
    assert told(city, "2026-03-01") == [
        ("2026-03-31", UNIT),
        ("2026-04-01", UNIT),
        ("2026-04-16", HEAD),
    ]
    (asked,) = (mail for mail in city.messages("2026-03-31") if mail["To"] == UNIT)
    words = " ".join(body(asked).split())
    assert "The status was given on Monday 2 March 2026: on track." in words
    (asked,) = (mail for mail in city.messages("2026-04-01") if mail["To"] == UNIT)
    words = " ".join(body(asked).split())
    assert "If nobody answers again by Wednesday 15 April 2026, the head of unit is told on" in words


def test_on_track_after_the_date_holds_for_thirty_days(city: City) -> None:
    """Then the unit is asked as at a first start: ten sending days to answer, ten more before the head."""
    city.tick("2026-03-31")
    answer = ("answer", "city:alpha-1:milestone:end", "on-track", "--by", UNIT)
    assert city.run(*answer, "--at", "2026-04-02T10:00").code == 0
    city.tick(
        "2026-04-16", "2026-04-30", "2026-05-04", "2026-05-18", "2026-06-01", "2026-06-02", "2026-06-03"
    )
    assert told(city, "2026-04-01") == [("2026-05-04", UNIT), ("2026-06-02", HEAD), ("2026-06-03", UNIT)]


@pytest.mark.parametrize("again", [False, True])
def test_a_date_that_was_moved_into_the_past(city: City, *, again: bool) -> None:
    """It counts from the day on which it came to lie there; no promise printed before is broken.

    Another past date in its place is no news: who was asked has been.
    """
    change = ("correct", "alpha-1", "schedule")
    assert city.run(*change, "by 31 January 2026", "--at", "2026-03-02T15:00").code == 0
    city.tick("2026-03-03")
    if again:
        assert city.run(*change, "by 15 January 2026", "--at", "2026-03-03T15:00").code == 0
    days = [date(2026, 3, 4), *(date(2026, 3, day) for day in range(16, 32) if day not in {21, 22, 28, 29})]
    city.tick(*(day.isoformat() for day in days), "2026-04-01")
    assert told(city, "2026-03-01") == [("2026-03-03", UNIT), ("2026-03-31", HEAD)]


def words_to(city: City, day: str, address: str) -> str:
    """The one mail of a day to an address, as text."""
    (mail,) = (one for one in city.messages(day) if one["To"] == address)
    return " ".join(body(mail).split())


def test_who_is_asked_again_reads_why(city: City) -> None:
    """After thirty days: no first start, the earlier answer beside it, not known until the answer date."""
    city.tick("2026-03-31")
    answer = ("answer", "city:alpha-1:milestone:end", "on-track", "--by", UNIT)
    assert city.run(*answer, "--at", "2026-04-02T10:00").code == 0
    city.tick("2026-05-04")
    words = words_to(city, "2026-05-04", UNIT)
    assert "The status of this action was given earlier, but that answer no longer holds." in words
    assert "The status was given on Thursday 2 April 2026: on track. If nobody has answered again," in words
    assert "now followed up with this service" not in words
    assert "start of the follow-up" not in words
    assert [standing(city, f"2026-05-{day}") for day in ("04", "19", "20")] == ["not-known"] * 2 + ["passed"]


def standing(city: City, day: str) -> str:
    """How the one milestone, due on its printed date, stands on a day."""
    return standing_on(city, "2026-03-31", day)


def standing_on(city: City, due: str, day: str) -> str:
    """How the one milestone, due on a date, stands on a day."""
    window = ("--from", due, "--to", due, "--programme", "city")
    (found,) = city.run("occurrences", *window, "--json", "--at", f"{day}T12:00").document
    return str(found["standing"])


def test_a_date_that_was_moved_says_so(city: City) -> None:
    """A correction into the past is no first start."""
    change = ("correct", "alpha-1", "schedule", "by 31 January 2026", "--at", "2026-03-02T15:00")
    assert city.run(*change).code == 0
    city.tick("2026-03-03")
    words = words_to(city, "2026-03-03", UNIT)
    assert "The date of this action has been changed, and the new date has passed." in words


def test_a_downtime_over_the_deadline(city: City) -> None:
    """Down until 3 May: the unit is asked on the return, its head hears twenty sending days later."""
    city.tick("2026-05-04", "2026-05-05", "2026-05-18", "2026-06-01", "2026-06-02")
    assert told(city, "2026-03-01") == [("2026-05-04", UNIT), ("2026-06-02", HEAD)]
    assert "The deadline has passed, and the action may already be done." in words_to(
        city, "2026-05-04", UNIT
    )


def test_a_programme_that_was_held_over_the_deadline(city: City) -> None:
    """Once it is released the unit is asked first; its head hears twenty sending days later."""
    assert city.run("hold", "city").code == 0
    city.tick("2026-03-31", "2026-04-01", "2026-04-07", "2026-04-16", "2026-04-30")
    assert told(city, "2026-03-01") == []
    assert city.run("release", "city", "--at", "2026-05-01T12:00").code == 0
    city.tick("2026-05-04", "2026-05-05", "2026-05-18", "2026-06-01", "2026-06-02")
    assert told(city, "2026-03-01") == [("2026-05-04", UNIT), ("2026-06-02", HEAD)]
    assert standing(city, "2026-05-05") == "not-known"


def test_a_unit_that_is_mailed_late_has_its_sending_days(city: City) -> None:
    """Down over the due day: the unit is mailed late, and its head as promised ten sending days later."""
    city.tick("2026-04-14")
    words = words_to(city, "2026-04-14", UNIT)
    assert "by Monday 27 April 2026, the head of unit is told on Tuesday 28 April 2026" in words
    city.tick("2026-04-15", "2026-04-16", "2026-04-17", "2026-04-27", "2026-04-28")
    assert [one for one in told(city, "2026-03-01") if one[1] == HEAD] == [("2026-04-28", HEAD)]


def test_a_setting_that_moves_a_reminder_behind_today(city: City) -> None:
    """The one that lay ahead goes on the next sending day, once; what had been reached stays told."""
    city.tick("2026-03-23")
    change = ("settings", "closed_days", "2026-03-24", "--programme", "city")
    assert city.run(*change, "--by", "sec@city.example", "--at", "2026-03-23T12:00").code == 0
    city.tick("2026-03-25", "2026-03-26", "2026-03-30", "2026-03-31")
    assert told(city, "2026-03-01") == [(f"2026-03-{day}", UNIT) for day in (25, 30, 31)]


def test_a_date_that_passed_by_a_correction_is_not_known_until_it_is_asked_about(city: City) -> None:
    """From the correction on, before any run, over a hold: nobody is late; the answer date is the mail's."""
    assert city.run("hold", "city").code == 0
    change = ("correct", "alpha-1", "schedule", "by 2 March 2026", "--at", "2026-03-03T12:00")
    assert city.run(*change).code == 0
    assert standing_on(city, "2026-03-02", "2026-03-03") == "not-known"
    told_when = city.run("explain", "alpha-1", "--programme", "city", "--at", "2026-03-03T12:00").out
    assert "the unit: alpha@city.example – status request" in " ".join(told_when.split())
    city.tick("2026-03-04", "2026-03-10")
    assert standing_on(city, "2026-03-02", "2026-03-27") == "not-known"
    assert city.run("release", "city", "--at", "2026-03-27T12:00").code == 0
    city.tick("2026-03-30")
    words = words_to(city, "2026-03-30", UNIT)
    assert "by Wednesday 15 April 2026" in words  # ten sending days, Good Friday and Easter Monday are none
    assert standing_on(city, "2026-03-02", "2026-04-15") == "not-known"
    assert standing_on(city, "2026-03-02", "2026-04-16") == "passed"
    city.tick("2026-04-01", "2026-04-16", "2026-04-28", "2026-04-29", "2026-04-30")
    assert [one for one in told(city, "2026-03-01") if one[1] == HEAD] == [("2026-04-29", HEAD)]


def test_who_answers_promptly_is_not_late_before_the_others(city: City) -> None:
    """Until the answer date nothing is known of a date that has passed, whatever a unit says but *done*."""
    change = ("correct", "alpha-1", "schedule", "by 2 March 2026", "--at", "2026-03-03T12:00")
    assert city.run(*change).code == 0
    city.tick("2026-03-04")
    answer = ("answer", "city:alpha-1:milestone:end", "on-track", "--by", UNIT)
    assert city.run(*answer, "--at", "2026-03-05T10:00").code == 0
    assert standing_on(city, "2026-03-02", "2026-03-18") == "not-known"
    assert standing_on(city, "2026-03-02", "2026-03-19") == "passed"
