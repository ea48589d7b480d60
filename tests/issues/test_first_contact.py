"""A unit that gets people of its own hears of what others were told in its place, as at a first start."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from reminders.store import Database, people
from tests.cli.conftest import Runner, reminders
from tests.issues.city import SECRETARY, City, document_of, released_city
from tests.use.office import body

__all__ = ["reminders"]

ALPHA = "alpha,contact,,alpha@city.example,en,,,"
UNIT, HEAD = "beta@city.example", "beta-head@city.example"
BETA = (f"beta,contact,,{UNIT},en,,,", f"beta,head,,{HEAD},en,,,")
NEXT = SECRETARY.replace("sec@", "next@")
DATES = ("2026-01-12", "2026-02-27", "2026-03-24", "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-08")


def days(first: str, last: str) -> list[str]:
    """The Mondays to Fridays of a time."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    found = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return [day.isoformat() for day in found if day.weekday() < 5]


def told(city: City, *addresses: str) -> list[tuple[str, str]]:
    """Day and address of what went to some addresses."""
    folders = sorted((city.folder / "var/mail").iterdir())
    return [(one.name, to) for one in folders for to, _ in city.mails(one.name) if to in addresses]


def words(city: City, day: str, to: str) -> str:
    """The one mail of a day to an address: its subject, then its text without line breaks."""
    (mail,) = (one for one in city.messages(day) if one["To"] == to)
    return f"{mail['Subject']}: " + " ".join(body(mail).replace("\u00a0", " ").split())


@pytest.mark.parametrize("way", ["a list", "another secretary", "a date", "an address that lives again"])
def test_it_is_asked_about_what_has_passed(reminders: Runner, tmp_path: Path, way: str) -> None:
    """On the next run; ten sending days to answer, ten more before the head, and repeated that day."""
    first: tuple[str, ...] = (ALPHA, SECRETARY)
    if way == "a date":
        first = (*first, *(one.replace("en,,,", "en,2026-04-21,,") for one in BETA))
    if way == "an address that lives again":
        first = (*first, *BETA)
    city = released_city(reminders, tmp_path, ALPHA, SECRETARY, units=("alpha", "beta"))
    city.contacts(*first)
    if way == "an address that lives again":
        database = Database(f"sqlite:///{tmp_path}/var/reminders.db")
        with database.write() as connection:
            for one in (UNIT, HEAD):
                people.flag_address(connection, one, datetime(2026, 1, 12, tzinfo=UTC), 550, "unknown")
        database.close()
    city.tick(*DATES)
    if way == "another secretary":  # who stood in is in no list any more
        assert city.contacts(ALPHA, NEXT, at="2026-04-13T12:00").code == 0
        city.tick("2026-04-14")
    city.tick("2026-04-20")
    assert told(city, UNIT, HEAD) == []
    match way:
        case "a list":
            assert city.contacts(*first, *BETA, at="2026-04-20T12:00").code == 0
        case "another secretary":
            assert city.contacts(ALPHA, NEXT, *BETA, at="2026-04-20T12:00").code == 0
        case "an address that lives again":
            for one in (UNIT, HEAD):
                assert city.run("contacts", "revive", one).code == 0
    city.tick(*days("2026-04-21", "2026-05-25"))
    assert sorted(told(city, UNIT, HEAD)) == [
        ("2026-04-21", UNIT),
        *sorted(("2026-05-21", one) for one in (UNIT, HEAD)),
    ]
    asked = words(city, "2026-04-21", UNIT)
    assert asked.startswith("Status request: Action beta")
    assert "has had no message about it before. The deadline has passed" in asked
    assert "Give its status by Wednesday 6 May 2026." in asked
    assert "the head of unit is told on Thursday 21 May 2026." in asked


def test_before_the_date_it_hears_the_latest_that_has_come(reminders: Runner, tmp_path: Path) -> None:
    """Not only the next stage; whoever stood in does not hear again."""
    city = released_city(reminders, tmp_path, ALPHA, SECRETARY, units=("alpha", "beta"))
    city.tick("2026-01-12", "2026-02-27")
    assert city.contacts(ALPHA, SECRETARY, *BETA, at="2026-03-10T12:00").code == 0
    city.tick("2026-03-11", "2026-03-12", "2026-03-24")
    assert told(city, UNIT, HEAD) == [("2026-03-11", UNIT), ("2026-03-24", UNIT)]
    others = [subject for to, subject in city.mails("2026-03-11") if to != UNIT]
    assert [one.partition(" ")[0] for one in others] == ["Summary"]
    assert words(city, "2026-03-11", UNIT).startswith("Deadline 31 Mar 2026: Action beta: ")


def test_a_round_stays_a_round(reminders: Runner, tmp_path: Path) -> None:
    """Its form, its closing day, no head; the answer date is a sending day on which the form is open."""
    city = released_city(reminders, tmp_path, ALPHA, SECRETARY, units=("alpha", "beta"), rounds=True)
    city.tick("2026-01-12", "2026-01-21", "2026-01-30")
    assert city.contacts(ALPHA, SECRETARY, *BETA, at="2026-02-02T12:00").code == 0
    city.tick(*days("2026-02-03", "2026-03-06"))
    assert told(city, UNIT, HEAD) == [("2026-02-03", UNIT), ("2026-02-27", UNIT)]
    asked = words(city, "2026-02-03", UNIT)
    assert asked.startswith("Data collection for 2025 is open: answer by 13 Feb 2026: ")
    assert "For each action, give its status and indicator value for 2025." in asked
    assert "The form closes on Sunday 15 February 2026." in asked
    assert "Open the form:" in asked
    assert not any(
        one in asked for one in ("tatus request", "may already be done", "If nobody", "head of unit")
    )


def test_a_round_beside_a_milestone(reminders: Runner, tmp_path: Path) -> None:
    """The status request counts and dates the milestone alone; the round has a section of its own."""
    city = released_city(reminders, tmp_path, ALPHA, SECRETARY, units=("alpha", "beta"), rounds=True)
    change = ("correct", "beta-1", "schedule", "by 15 January 2026", "--at", "2026-01-12T15:00")
    city.tick("2026-01-12")
    assert city.run(*change).code == 0
    city.tick("2026-01-13", "2026-01-15", "2026-01-16", "2026-01-21", "2026-01-30")
    assert city.contacts(ALPHA, SECRETARY, *BETA, at="2026-02-02T12:00").code == 0
    city.tick("2026-02-03")
    asked = words(city, "2026-02-03", UNIT)
    assert asked.startswith("Status request: Action beta")
    assert "Give its status by Tuesday 17 February 2026." in asked
    assert "the head of unit is told on Tuesday 3 March 2026." in asked
    assert "The form closes on Sun 15 Feb 2026" in asked


def test_who_takes_in_another_unit(reminders: Runner, tmp_path: Path) -> None:
    """The unit that goes on is asked about what the other was told of, whoever had answered for that."""
    gone = "beta,contact,,gone@city.example,en,,,"
    city = released_city(reminders, tmp_path, ALPHA, gone, SECRETARY, units=("alpha", "beta"))
    city.tick(*DATES)
    one = document_of(("alpha", "beta"))
    actions, organisations = one["actions"], one["organisations"]
    assert isinstance(actions, list)
    assert isinstance(organisations, list)
    actions[1] |= {"leads": ["alpha"], "responsible": {"en": "Unit alpha"}}
    one["organisations"] = [unit for unit in organisations if unit["key"] != "beta"]
    (tmp_path / "p2.yaml").write_text(yaml.safe_dump(one), encoding="utf-8")
    joined = ("import", "p2.yaml", "--programme", "city", "--same", "beta=alpha", "--accept-loss")
    ran = city.run(*joined, "--at", "2026-04-20T12:00")
    assert ran.code == 0, ran.err
    city.tick("2026-04-21")
    asked = words(city, "2026-04-21", "alpha@city.example")
    assert asked.startswith("Status request: Action beta")
    assert "has had no message about it before." in asked
    assert "Action beta" in asked
    assert "Action alpha" not in asked
