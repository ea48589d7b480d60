"""A programme that runs is not left without a secretary unawares, and no item is ever nobody's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from email_templates.alarm import render_alarm
from reminders.service import Service
from reminders.store import Database
from reminders.use.people.contacts import lapses
from reminders.use.watch.alarm import troubles
from reminders.use.watch.doctor import health
from tests.cli.conftest import Runner, reminders
from tests.conftest import HELSINKI
from tests.issues.city import SECRETARY, City, released_city
from tests.use.office import service_on
from tests.web.conftest import Reader

__all__ = ["reminders"]

ALPHA = "alpha,contact,alpha,alpha@city.example,en,,,"
LEAVES = (ALPHA.replace("en,,,", "en,,2026-03-31,"), SECRETARY.replace("en,,,", "en,,2026-02-27,"))
ACCEPT = ("--accept-loss",)
NOBODY = "nobody would be the secretary of city from 2026-02-28 on (last: sec@city.example)"
NO_UNIT = "nobody would be there for alpha from 2026-04-01 on (last: alpha@city.example)"


@pytest.fixture
def city(reminders: Runner, tmp_path: Path) -> City:
    """Two units, one of them without anybody; started on 12 January."""
    made = released_city(reminders, tmp_path, ALPHA, SECRETARY, units=("alpha", "nobody"))
    made.tick("2026-01-12")
    return made


def at(city: City, when: str) -> Service:
    """The service of the city at a moment."""
    now = datetime.fromisoformat(when).replace(tzinfo=HELSINKI)
    database = Database(f"sqlite:///{city.folder}/var/reminders.db")
    service = service_on(database, None, now, base_url="http://127.0.0.1:8000")  # type: ignore[arg-type]
    return replace(service, secret=(city.folder / "var" / "secret_key").read_text().strip())


def exported(city: City) -> str:
    """The list as it is stored."""
    return city.run("contacts", "export", "--programme", "city").out


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (LEAVES, (NOBODY, NO_UNIT)),
        ((ALPHA, LEAVES[1]), (NOBODY,)),
        ((LEAVES[0], SECRETARY), (NO_UNIT,)),
        ((SECRETARY,), ("nobody would be there for alpha from 2026-01-13 on",)),
        ((ALPHA,), ("nobody would be the secretary of city from 2026-01-13 on",)),
        # A gap between two secretaries is a loss too.
        (
            (ALPHA, LEAVES[1], SECRETARY.replace("sec@", "next@").replace("en,,,", "en,2026-05-01,,")),
            ("nobody would be the secretary of city from 2026-02-28 on",),
        ),
    ],
)
def test_a_list_that_takes_somebody_away_is_refused(
    city: City, rows: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """Whom and from when; the way out is named; nothing is stored until it is accepted."""
    before = exported(city)
    refused = city.contacts(*rows, at="2026-01-13T10:00")
    assert (refused.code, exported(city)) == (1, before)
    assert all(one in refused.err for one in (*words, "--accept-loss"))
    assert city.contacts(*rows, at="2026-01-13T10:00", more=ACCEPT).code == 0
    assert exported(city) != before


B = ALPHA.replace("alpha", "nobody")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        # Contacts of two units, or secretary and contact, who stand in for each other from a coming day.
        (
            (ALPHA, B, SECRETARY),
            (
                ALPHA,
                B,
                SECRETARY,
                "alpha,deputy,B,nobody@city.example,en,2026-02-01,2026-06-30,alpha@city.example",
                "nobody,deputy,A,alpha@city.example,en,2026-02-01,2026-06-30,nobody@city.example",
            ),
            (
                "nobody would be there for alpha from 2026-02-01 on (last: alpha@city.example)",
                "nobody would be there for nobody from 2026-02-01 on (last: nobody@city.example)",
            ),
        ),
        (
            (ALPHA, SECRETARY),
            (
                ALPHA,
                SECRETARY,
                "board,deputy,A,alpha@city.example,en,2026-04-01,2026-06-30,sec@city.example",
                "alpha,deputy,S,sec@city.example,en,2026-04-01,2026-06-30,alpha@city.example",
            ),
            (
                "nobody would be the secretary of city from 2026-04-01 on (last: sec@city.example)",
                "nobody would be there for alpha from 2026-04-01 on (last: alpha@city.example)",
            ),
        ),
        # A contact who is still to come.
        (
            (ALPHA, B.replace("en,,,", "en,2026-05-01,,"), SECRETARY),
            (ALPHA, SECRETARY),
            ("nobody would be there for nobody from 2026-05-01 on (last: nobody@city.example)",),
        ),
        # A unit that leads something from a coming day on: by a hand-over.
        (
            (ALPHA, SECRETARY, "board,contact,,contact@city.example,en,,,"),
            (ALPHA, SECRETARY),
            ("nobody would be there for board from 2026-06-01 on (last: contact@city.example)",),
        ),
    ],
)
def test_so_is_one_that_does_from_a_coming_day(
    city: City, before: tuple[str, ...], after: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """By command and on the page; each named with the first day."""
    over = ("hand-over", "alpha", "board", "--on", "2026-06-01", "--at", "2026-01-13T09:30")
    assert city.run(*over, "--programme", "city").code == 0
    assert city.contacts(*before, at="2026-01-13T10:00", more=ACCEPT).code == 0
    refused = city.contacts(*after, at="2026-01-13T10:10")
    assert (refused.code, [one for one in words if one not in refused.err]) == (1, [])
    assert city.contacts(*before, at="2026-01-13T10:20").code == 0


def test_what_is_no_loss_is_not_asked_about(city: City) -> None:
    """The same list, a successor without a gap, and a list of a programme that is held."""
    following = SECRETARY.replace("sec@", "next@").replace("en,,,", "en,2026-02-28,,")
    assert city.contacts(ALPHA, SECRETARY, at="2026-01-13T10:00").code == 0
    assert city.contacts(ALPHA, LEAVES[1], following, at="2026-01-13T10:00").code == 0
    city.run("hold", "city")
    assert city.contacts(ALPHA, at="2026-01-13T10:00").code == 0


def test_a_short_list_and_an_empty_one(city: City) -> None:
    """Losing most of the list is a loss; an empty one is refused whatever is accepted."""
    more = [f"beta{n},contact,,c{n}@city.example,en,,," for n in range(4)]
    rows = (ALPHA, SECRETARY, *(row.replace(f"beta{n}", "alpha") for n, row in enumerate(more)))
    assert city.contacts(*rows, at="2026-01-13T10:00").code == 0
    refused = city.contacts(ALPHA, SECRETARY, at="2026-01-13T11:00")
    assert (refused.code, "4 addresses would go, more than half of the list" in refused.err) == (1, True)
    before = exported(city)
    empty = city.contacts(at="2026-01-13T11:00", more=ACCEPT)
    assert (empty.code, "an empty list would leave nobody" in empty.err, exported(city)) == (1, True, before)


def test_the_last_secretary_goes_on_being_mailed(city: City) -> None:
    """After the dates have run out: every item goes to her, the unit's too once it has nobody."""
    city.contacts(*LEAVES, at="2026-01-13T10:00", more=ACCEPT)
    city.tick("2026-02-27", "2026-03-31", "2026-04-01", "2026-04-08", "2026-04-16", "2026-04-30")
    late = [to for day in ("2026-04-01", "2026-04-08", "2026-04-30") for to, _ in city.mails(day)]
    assert set(late) == {"sec@city.example"}
    assert len(late) == 3


def test_a_secretary_who_is_taken_out_stays_as_the_last(city: City) -> None:
    """The row is kept until the day before, so that somebody is mailed; a new one takes its place."""
    city.contacts(ALPHA, at="2026-01-13T10:00", more=ACCEPT)
    assert "board,secretary,Sec,sec@city.example,en,,2026-01-12," in exported(city)
    city.tick("2026-02-27")
    assert "sec@city.example" in [to for to, _ in city.mails("2026-02-27")]
    new = SECRETARY.replace("sec@", "new@")
    assert city.contacts(ALPHA, new, at="2026-03-02T10:00").code == 0
    assert "sec@city.example" not in exported(city)


BOX = "board,mailbox,,board@city.example,en,,,"


def test_a_mailbox_takes_no_secretarys_place(city: City) -> None:
    """Who had a named secretary needs another: refused, then banner, /health, and she is mailed on."""
    assert city.contacts(ALPHA, SECRETARY, BOX, at="2026-01-13T10:00").code == 0
    city.tick("2026-01-13")
    refused = city.contacts(ALPHA, BOX, at="2026-01-13T10:30")
    words = "nobody would be the secretary of city from 2026-01-13 on (last: sec@city.example)"
    assert (refused.code, words in refused.err) == (1, True)
    assert city.contacts(ALPHA, BOX, at="2026-01-13T10:30", more=ACCEPT).code == 0
    assert city.contacts(ALPHA, BOX, at="2026-01-13T10:40").code == 0  # she stays the last all the same
    service = at(city, "2026-01-13T11:00")
    assert [one.last.email for one in lapses(service) if one.last] == ["sec@city.example"]
    assert health(service).reason == "city has no secretary since 2026-01-13"
    city.tick("2026-02-27")
    mail = city.messages("2026-02-27")
    assert {str(one["To"]) for one in mail if "alpha" not in str(one["To"])} == {"sec@city.example"}
    assert all("board@city.example" not in str(one["Reply-To"]) for one in mail)
    new = SECRETARY.replace("sec@", "new@")
    assert city.contacts(ALPHA, BOX, new, at="2026-02-28T10:00").code == 0
    assert lapses(at(city, "2026-02-28T11:00")) == ()


def test_a_board_that_never_named_one_is_its_mailbox(city: City) -> None:
    """A list whose board has a mailbox alone is as good as before: nothing lapses, nothing is refused."""
    city.run("hold", "city")
    assert city.contacts(ALPHA, BOX, at="2026-01-13T10:00").code == 0
    assert city.run("release", "city", "--at", "2026-01-13T10:10").code == 0
    assert city.contacts(ALPHA.replace("alpha,alpha@", "a,a@"), BOX, at="2026-01-13T11:00").code == 0
    assert lapses(at(city, "2026-01-13T12:00")) == ()


def test_everybody_is_told(city: City) -> None:
    """Banner on the secretary's pages, alarm, /health not ok; all is well again with a new one."""
    city.contacts(*LEAVES, at="2026-01-13T10:00", more=ACCEPT)
    city.tick("2026-02-27", "2026-03-02")
    service = at(city, "2026-03-02T10:00")
    assert [one.programme.key for one in lapses(service)] == ["city"]
    assert health(service).reason == "city has no secretary since 2026-02-28"
    alarm = render_alarm(troubles(service)).text
    assert "The programme Programme city has had no secretary since 28 Feb 2026." in alarm.replace(
        "\u00a0", " "
    )
    reader = Reader(service)
    assert reader.get("/health").status_code == 503
    banner = "The programme has had no secretary since 28 Feb 2026. Messages still go to sec@city.example."
    public = reader.get("/?programme=city&lang=en").text
    shown = reader.sign_in().get("/?programme=city&lang=en").text.replace("\u00a0", " ")
    others = reader.get("/?programme=vaasa-2023-2026&lang=en").text.partition("<main")[2]  # below the menu
    assert (banner in shown, "sec@city.example" in public, "sec@city.example" in others) == (
        True,
        False,
        False,
    )
    assert "fails" in city.run("doctor", "--at", "2026-03-02T10:00").out
    city.contacts(ALPHA, SECRETARY, at="2026-03-02T10:30")
    service = at(city, "2026-03-02T11:00")
    assert (lapses(service), health(service).reason, bool(troubles(service))) == ((), "", False)


def test_a_secretary_who_is_away_is_named_all_the_same(city: City) -> None:
    """With everybody who stands in: the pages say so, and that her address goes on being mailed."""
    rows = (
        ALPHA,
        SECRETARY,
        "board,deputy,A,alpha@city.example,en,2026-02-01,2026-06-30,sec@city.example",
        "alpha,deputy,S,sec@city.example,en,2026-02-01,2026-06-30,alpha@city.example",
    )
    assert city.contacts(*rows, at="2026-01-13T10:00", more=ACCEPT).code == 0
    city.tick("2026-02-03")
    assert [to for to, _ in city.mails("2026-02-03")] == ["sec@city.example"]
    early, service = at(city, "2026-01-20T10:00"), at(city, "2026-02-03T10:00")
    pages = Reader(service).sign_in()
    banner = "The secretary (sec@city.example) is away, and so are all deputies. Messages still go to"
    shown = pages.get("/contacts?programme=city&lang=en").text
    assert banner in shown
    assert "Nobody is the secretary" not in shown
    assert "The programme has no secretary" not in shown
    assert "sent again" not in shown
    for lang, words in (("fi", "Sihteeri (sec@city.example) on poissa"), ("sv", "Sekreteraren (sec@city.")):
        assert words in pages.get(f"/contacts?programme=city&lang={lang}").text
    ahead = Reader(early).sign_in().get("/contacts?programme=city&lang=en").text.replace("\u00a0", " ")
    assert "a deputy is there until 31 Jan 2026" in ahead
    assert "has nobody there for its secretary" in health(service).reason
    alarm = render_alarm(troubles(service)).text
    assert "The secretary of the programme Programme city is away, and so are all deputies" in " ".join(
        alarm.split()
    )


@pytest.mark.parametrize("by", ["a list", "a date"])
def test_what_reached_nobody_is_told_when_somebody_is_there(city: City, by: str) -> None:
    """Whoever comes gets the latest of what went to the last secretary alone, once."""
    new = SECRETARY.replace("sec@", "new@")
    coming = new.replace("en,,,", "en,2026-04-10,,")
    own = "alpha,contact,,new-alpha@city.example,en,,,"
    rows = (*LEAVES, *((coming, own.replace("en,,,", "en,2026-04-10,,")) if by == "a date" else ()))
    city.contacts(*rows, at="2026-01-13T10:00", more=ACCEPT)
    city.tick("2026-02-27", "2026-03-31", "2026-04-01", "2026-04-08")
    if by == "a list":
        assert city.contacts(own, new, at="2026-04-09T10:00").code == 0
    city.tick("2026-04-10")
    told = city.mails("2026-04-10")
    assert ("new-alpha@city.example", "Deadline passed 31 Mar 2026: Action alpha") in told
    mail = next(one for one in city.messages("2026-04-10") if one["To"] == "new@city.example")
    body = mail.get_body(("plain",))
    assert body is not None
    assert re.search("Action nobody", str(body.get_content()))
    city.tick("2026-04-13")
    assert city.mails("2026-04-13") == []
