"""Whoever gets what is a unit's in its place is addressed as what they are, and who really hears is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Runner, reminders
from tests.issues.city import SECRETARY, City, released_city
from tests.use.office import body

__all__ = ["reminders"]

SEC, UNIT = "sec@city.example", "alpha@city.example"
ALPHA = f"alpha,contact,,{UNIT},en,,,"
HEAD = "alpha,head,,head@city.example,en,,,"


def words(city: City, day: str, to: str) -> str:
    """The one mail of a day to an address: its subject, then its text without line breaks."""
    (mail,) = (one for one in city.messages(day) if one["To"] == to)
    return f"{mail['Subject']}: " + " ".join(body(mail).replace("\u00a0", " ").split())


def test_the_secretary_is_no_unit(reminders: Runner, tmp_path: Path) -> None:
    """The unit is named and why it came to her; the promise is about her list."""
    city = released_city(reminders, tmp_path, SECRETARY, ALPHA, units=("alpha", "beta", "gamma"))
    city.tick("2026-01-12", "2026-02-27", "2026-03-24", "2026-03-30", "2026-03-31", "2026-04-01")
    city.contacts(SECRETARY, ALPHA, "gamma,contact,,gamma@city.example,en,,,", at="2026-04-01T12:00")
    city.tick("2026-04-08", "2026-04-09")
    mail = words(city, "2026-04-01", SEC)
    assert "You get this message because these units have no contact person: Unit beta, Unit gamma." in mail
    assert "What is the status of these actions?" in mail
    mail = words(city, "2026-04-08", SEC)
    assert "Items that came to the secretary (1)" in mail
    assert "this action appears on your follow-up list on Thursday 16 April 2026." in mail
    for day in ("2026-03-30", "2026-03-31", "2026-04-01", "2026-04-08"):
        said = words(city, day, SEC)
        assert not any(one in said for one in ("Your unit", "in your unit", "One answer from your"))


def test_a_head_who_stands_in_for_a_contact(reminders: Runner, tmp_path: Path) -> None:
    """Is addressed as head; what nobody answers goes on to the secretary's list."""
    city = released_city(reminders, tmp_path, SECRETARY, HEAD)
    city.tick("2026-01-12", "2026-03-31", "2026-04-01", "2026-04-08")
    mail = words(city, "2026-04-08", "head@city.example")
    assert "Head of unit, Wednesday 8 April 2026" in mail
    assert "You get this message because the unit has no contact person: Unit alpha." in mail
    assert "this action appears on the board secretary’s follow-up list on Thursday 16 April 2026" in mail
    assert "If nobody answers for the unit by" in mail


def test_the_first_summary_promises_too(reminders: Runner, tmp_path: Path) -> None:
    """What falls to the secretary with a first start says what happens next."""
    city = released_city(reminders, tmp_path, SECRETARY, units=("beta",))
    city.tick("2026-04-07")
    mail = words(city, "2026-04-07", SEC)
    assert "The responsible party has no contact person: 1." in mail
    assert "If nobody answers for the unit by Tuesday 5 May 2026, this action appears on your" in mail


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((ALPHA, HEAD.replace("head@", "Alpha@")), "its messages already went to the head of unit: 1."),
        ((HEAD,), "its messages already went to the head of unit: 1."),
        ((ALPHA,), "has no head who could be told: 1."),
    ],
)
def test_why_what_nobody_answered_came_to_the_secretary(
    reminders: Runner, tmp_path: Path, rows: tuple[str, ...], why: str
) -> None:
    """A head who is the contact, or stands in for one, is there and was asked."""
    city = released_city(reminders, tmp_path, SECRETARY, *rows)
    city.tick("2026-01-12", "2026-03-31", "2026-04-01", "2026-04-08", "2026-04-16", "2026-04-21")
    mails = [
        " ".join(body(one).replace("\u00a0", " ").split()) for one in city.messages() if one["To"] == SEC
    ]
    found = [one for one in mails if "Items that came to the secretary (1)" in one]
    assert [why in one for one in found] == [True]
    assert ("has no head" in found[0]) == ("has no head" in why)


@pytest.mark.parametrize(
    ("rows", "asked", "then"),
    [
        (
            (ALPHA, HEAD),
            "The unit is asked again on Tuesday 31 March 2026.",
            "the unit is reminded and the head of unit is told.",
        ),
        (
            (ALPHA,),
            "The unit is asked again on Tuesday 31 March 2026.",
            "one more reminder is sent. The item then appears on the board secretary’s follow-up list.",
        ),
        (
            (ALPHA, HEAD.replace("head@", "alpha@")),
            "The unit is asked again on Tuesday 31 March 2026.",
            "one more reminder is sent. The item then appears on the board secretary’s follow-up list.",
        ),
        (
            (HEAD,),
            "The unit has no contact person: its head is asked again on Tuesday 31 March 2026.",
            "one more reminder is sent. The item then appears on the board secretary’s follow-up list.",
        ),
        (
            (),
            "The unit has no contact person: the board secretary is asked again on Tuesday 31 March 2026.",
            "one more reminder is sent. The item then appears on the board secretary’s follow-up list.",
        ),
    ],
)
def test_who_hears_after_an_early_answer(
    reminders: Runner, tmp_path: Path, rows: tuple[str, ...], asked: str, then: str
) -> None:
    """The command names who is asked, and who is told if there is no answer then."""
    city = released_city(reminders, tmp_path, SECRETARY, *rows)
    city.tick("2026-01-12", "2026-02-27")
    said = city.run("answer", "city:alpha-1:milestone:end", "on-track", "--at", "2026-03-02T10:00")
    assert said.code == 0
    line = said.out.splitlines()[-1].replace("\u00a0", " ")
    assert line == (
        "The reminders before the deadline have stopped. "
        f"{asked} If there is still no answer after the deadline, {then}"
    )


def test_who_has_handed_over_reads_what_is_theirs(reminders: Runner, tmp_path: Path) -> None:
    """Beside an item of the unit's own the news of what has moved is no item that it is responsible for."""
    beta = "beta,contact,,beta@city.example,en,,,"
    city = released_city(reminders, tmp_path, SECRETARY, ALPHA, beta, units=("alpha", "beta"))
    city.tick("2026-01-12")
    for taker, giver, day in (("alpha", "beta", "2026-02-27"), ("board", "alpha", "2026-03-02")):
        over = ("hand-over", giver, taker, "--action", f"{giver}-1", "--on", day, "--programme", "city")
        assert city.run(*over, "--at", "2026-02-26T12:00").code == 0
    city.tick("2026-02-27", "2026-03-02", "2026-03-24")
    alone = words(city, "2026-03-02", UNIT)
    assert alone.startswith("Responsibility has moved 2 Mar 2026: Action alpha: ")
    assert "No answer is needed." in alone
    assert not any(one in alone for one in ("needs an answer", "Your unit is responsible"))
    news = words(city, "2026-02-27", "beta@city.example")
    assert not any(one in news for one in ("needs an answer", "Your unit is responsible"))
