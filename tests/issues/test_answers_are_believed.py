"""What a unit is told after its answer: when it is asked again, and how long the answer can be changed."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path

import pytest

from reminders.planning.links import Links, Purpose
from reminders.service import Service
from reminders.store import Database
from reminders.use.answers.record import approve_proposal, pending_proposals, refuse_proposal
from tests.cli.conftest import Runner, reminders
from tests.conftest import HELSINKI
from tests.issues.city import SECRETARY, City, released_city
from tests.use.office import SECRET, body, service_on
from tests.web.conftest import Reader
from tests.web.forms import plain, send

__all__ = ["reminders"]

ALPHA = "alpha,contact,,alpha@city.example,en,,,"
HEAD = "alpha,head,,head@city.example,en,,,"
END = "city:alpha-1:milestone:end"
STOPPED = "The unit gets no more reminders about this item."
EARLY = (
    "The reminders before the deadline have stopped. The unit is asked again on {}. If there is still no "
    "answer after the deadline, the unit is reminded and the head of unit is told."
)
LATER = "No reminders are sent for now. The unit is asked again on {} if the item is still open then."
WAITS = (
    " While the proposed deadline waits for the secretary’s decision, the head of unit is told on {} at the"
    " earliest."
)


@pytest.fixture
def city(reminders: Runner, tmp_path: Path) -> City:
    """A unit whose action is due on Tuesday 31 March 2026; its first mail went on 27 February."""
    made = released_city(reminders, tmp_path, ALPHA, HEAD, SECRETARY)
    made.tick("2026-01-12", "2026-02-27")
    return made


def at(city: City, when: str) -> Service:
    """The service of the city at a moment."""
    now = datetime.fromisoformat(when).replace(tzinfo=HELSINKI)
    database = Database(f"sqlite:///{city.folder}/var/reminders.db")
    return service_on(database, None, now, base_url="http://127.0.0.1:8000")  # type: ignore[arg-type]


def mailed_link(kind: Purpose = "answer") -> str:
    """The path of the link that the mail of 27 February holds."""
    subject = END if kind == "answer" else ""
    return f"/{kind}/" + Links(SECRET).issue(kind, subject, "alpha@city.example", date(2026, 3, 29))


@pytest.mark.parametrize(
    ("answered", "code", "more", "words", "again"),
    [
        ("2026-03-10", "done", (), STOPPED, ""),
        ("2026-03-10", "not-ours", ("--whose", "the museum"), STOPPED, ""),
        ("2026-03-10", "on-track", (), EARLY.format("Tuesday 31 March 2026"), "2026-03-31"),
        (
            "2026-03-10",
            "late",
            ("--new-date", "2026-09-30"),
            EARLY.format("Tuesday 31 March 2026") + WAITS.format("Monday 18 May 2026"),
            "2026-03-31",
        ),
        ("2026-04-01", "on-track", (), LATER.format("Monday 4 May 2026"), "2026-05-04"),
        (
            "2026-04-01",
            "late",
            ("--new-date", "2026-06-10"),
            LATER.format("Thursday 11 June 2026"),
            "2026-06-11",
        ),
    ],
)
def test_what_follows_is_said_and_holds(
    city: City, answered: str, code: str, more: tuple[str, ...], words: str, again: str
) -> None:
    """Command, page and unit page say the same, and the run keeps it: no mail before, one on the day."""
    if answered > "2026-03-31":
        city.tick("2026-03-31")
    by = ("--by", "alpha@city.example", "--at", f"{answered}T10:00")
    ran = city.run("answer", END, code, *more, *by)
    assert ran.out.replace("\u00a0", " ").splitlines()[-1] == words
    reader = Reader(at(city, f"{answered}T11:00"))
    kinds: tuple[Purpose, ...] = ("answer", "unit")
    for kind in kinds:
        assert words in plain(reader.get(mailed_link(kind) + "?lang=en").text).replace("\u00a0", " ")
    before = len(city.messages())
    if again:
        quiet = [
            day for day in ("2026-03-24", "2026-03-30", "2026-04-07", "2026-05-02") if answered < day < again
        ]
        city.tick(*quiet)
        assert [to for to, _ in city.mails()[before:] if to == "alpha@city.example"] == []
        city.tick(again)
        assert "alpha@city.example" in [to for to, _ in city.mails(again)]


@pytest.mark.parametrize("kind", ["answer", "unit"])
def test_an_answer_can_be_changed_until_one_date(city: City, kind: Purpose) -> None:
    """30 days after it: the same date whenever it is shown, and the link holds until its end."""
    link = mailed_link(kind)
    reader = Reader(at(city, "2026-03-20T10:00"))
    ran = city.run("answer", END, "done", "--by", "alpha@city.example", "--at", "2026-03-20T10:00")
    assert ran.code == 0
    for day in ("2026-03-20", "2026-03-27", "2026-04-02", "2026-04-19"):
        reader = Reader(at(city, f"{day}T23:00"))
        page = plain(reader.get(f"{link}?lang=en").text).replace("\u00a0", " ")
        assert "The answer can be changed until the end of Sunday 19 April 2026." in page
    reader = Reader(at(city, "2026-04-19T23:30"))
    seen = re.findall(r'name="seen" value="(\d+)"', reader.get(f"{link}?lang=en&change=1").text)
    if kind == "answer":
        sent = send(reader, f"{link}?lang=en", {"a": "late", "why": "x", "seen": seen[0], "about": END})
        assert sent.status_code == 303
        shown = plain(Reader(at(city, "2026-04-19T23:40")).get(f"{link}?lang=en").text)
        assert "The answer can be changed as long as the item is open." in shown
    else:
        assert Reader(at(city, "2026-04-20T10:00")).get(f"{link}?lang=en").status_code == 410


def approved(city: City, when: str, new_date: str) -> Service:
    """The unit proposes a date, and the secretary approves it an hour later."""
    by = ("--by", "alpha@city.example", "--new-date", new_date, "--at", f"{when}T10:00")
    assert city.run("answer", END, "late", *by).code == 0
    service = at(city, f"{when}T11:00")
    with service.database.read() as connection:
        (proposal,) = pending_proposals(connection, "city")
    approve_proposal(service, proposal.answer_id, "sec@city.example")
    return service


@pytest.mark.parametrize("corrected", [False, True])
def test_an_approved_date_is_explained_by_who_approved_it(city: City, *, corrected: bool) -> None:
    """The wording gave what it gave; then the date was moved. A correction keeps its own words and day."""
    before = "31 Mar 2026"
    if corrected:
        change = ("correct", "alpha-1", "schedule", "by 15 April 2026", "--by", "sec@city.example")
        assert city.run(*change, "--programme", "city", "--at", "2026-03-03T10:00").code == 0
        before = "15 Apr 2026"
    moved = (
        "The board secretary moved the deadline on 10 Mar 2026, as the responsible party proposed. "
        f"The new deadline is 11 May 2026 (before: {before})."
    )
    basis = "corrected to ‘by 15 April 2026’: sec@city.example, 3 Mar 2026" if corrected else "as printed"
    read = f"the deadline is the last day of the time named ({basis})"
    why = "The schedule is ‘by 31 March 2026’."
    if corrected:
        why = (
            "The schedule is ‘by 15 April 2026’. The wording of the programme, ‘by 31 March 2026’, "
            "was corrected by sec@city.example on 3 Mar 2026."
        )
    approved(city, "2026-03-10", "2026-05-11")
    city.tick("2026-03-10", "2026-03-31", "2026-04-10")
    (mail,) = (one for one in city.messages("2026-04-10") if one["To"] == "alpha@city.example")
    said = " ".join(body(mail).split())
    assert f"{why} {moved}" in said
    assert "Deadline Mon 11 May 2026" in said
    page = Reader(at(city, "2026-04-10T11:00"))
    page.sign_in()
    shown = " ".join(
        plain(re.sub(r"<[^>]+>", " ", page.get("/actions/alpha-1?programme=city&lang=en").text)).split()
    )
    assert moved in shown
    assert f"The deadline is the last day of the time named: {before}" in shown
    assert "Late until 11 May 2026 Late: the new date was approved on 10 Mar 2026" in shown
    explained = plain(city.run("explain", "alpha-1", "--programme", "city", "--at", "2026-04-10T11:00").out)
    assert f"{read}, from the words ‘by 31 March 2026’" in explained
    note = " (corrected: sec@city.example, 3 Mar 2026)" if corrected else ""
    assert f"Mon 11 May 2026  deadline{note}. {moved}" in explained
    (row,) = json.loads(
        city.run(
            "occurrences", "--from", "2026-05-01", "--to", "2026-05-31", "--programme", "city", "--json"
        ).out
    )
    assert row["provenance"] == "corrected"
    assert plain(row["because"]).endswith(moved)


LATE = [
    ((), "Late", "Late, No new date proposed"),
    (("--new-date", "2026-09-30"), "Late until 30 Sept 2026", "Late, Proposed new deadline 30 Sept 2026"),
]


def text_of(page: str) -> str:
    """A page's words in one line."""
    return " ".join(plain(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize(("more", "chip", "said"), LATE)
def test_late_before_the_date_is_not_on_schedule(
    city: City, more: tuple[str, ...], chip: str, said: str
) -> None:
    """Page, unit page, mail and document say late, with the date where there is one, and what was said."""
    by = ("--by", "alpha@city.example", "--at", "2026-03-10T10:00")
    assert city.run("answer", END, "late", *more, *by).code == 0
    city.tick("2026-03-10")
    reader = Reader(at(city, "2026-03-10T11:00"))
    assert f"Tue 31 Mar 2026 {chip} " in text_of(reader.get(mailed_link() + "?lang=en&change=1").text)
    assert f"{chip} " in text_of(reader.get("/?programme=city&lang=en").text)
    page = text_of(reader.sign_in().get("/actions/alpha-1?programme=city&lang=en").text)
    assert f"{said}" in page
    assert "On schedule" not in page
    window = ("--from", "2026-03-01", "--to", "2026-03-31", "--at", "2026-03-10T11:00", "--json")
    (row,) = (one for one in json.loads(city.run("occurrences", *window).out) if one["id"] == END)
    assert row["standing"] == "late"
    city.tick("2026-03-31")
    (mail,) = (one for one in city.messages("2026-03-31") if one["To"] == "alpha@city.example")
    words = " ".join(body(mail).split())
    assert f"○ {chip} " in words
    said = said.replace("Late, P", "late, p").replace("Late, N", "late, n")
    assert f"The status was given on Tuesday 10 March 2026: {said}" in words


def test_a_refused_date_is_said_and_holds_no_more(city: City) -> None:
    """The chip says late without the date that was refused; beside it stands that it was."""
    by = ("--by", "alpha@city.example", "--new-date", "2026-09-30", "--at", "2026-03-10T10:00")
    assert city.run("answer", END, "late", *by).code == 0
    service = at(city, "2026-03-10T11:00")
    with service.database.read() as connection:
        (proposal,) = pending_proposals(connection, "city")
    refuse_proposal(service, proposal.answer_id, "sec@city.example", "no")
    city.tick("2026-03-31")
    (mail,) = (one for one in city.messages("2026-03-31") if one["To"] == "alpha@city.example")
    words = " ".join(body(mail).split())
    assert "○ Late " in words
    assert "late, proposed new deadline 30 Sept 2026 (not approved)." in words
    assert "until 30 Sep" not in words
    page = Reader(at(city, "2026-03-11T11:00")).sign_in().get("/actions/alpha-1?programme=city&lang=en").text
    assert "Late, Proposed new deadline 30 Sept 2026 (not approved): Unit alpha, 10 Mar 2026" in text_of(page)
    assert "On schedule" not in text_of(page)


def test_a_pause_is_offered_as_long_as_it_can_be_used(city: City) -> None:
    """After two pauses the page says why there is none."""
    for day, until in (("2026-03-02", "2026-03-04"), ("2026-03-05", "2026-03-09")):
        reader = Reader(at(city, f"{day}T11:00"))
        assert "Pause reminders" in reader.get(mailed_link("unit") + "?lang=en").text
        form = {"id": END, "until": until, "reason": "x", "step": "pause"}
        assert send(reader, mailed_link("unit") + "?lang=en", form).status_code == 303
    page = Reader(at(city, "2026-03-11T11:00")).get(mailed_link("unit") + "?lang=en").text
    assert 'value="pause"' not in page
    assert "The reminders have been paused 2 times. They cannot be paused again." in text_of(page)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Review date now", "Approve the new review date", "Keep the review date")),
        ("fi", ("Nykyinen tilannekatsauksen päivä", "Hyväksy uusi päivä", "Säilytä nykyinen päivä")),
        ("sv", ("Nuvarande dag för lägesöversikten", "Godkänn den nya dagen", "Behåll den nuvarande dagen")),
    ],
)
def test_a_review_has_no_deadline(city: City, lang: str, words: tuple[str, ...]) -> None:
    """A new date that is proposed of a review is a review date: where it is decided, said and asked."""
    change = ("correct", "alpha-1", "schedule", "2025–2028", "--programme", "city")
    assert city.run(*change, "--at", "2026-03-02T10:00").code == 0
    review = "city:alpha-1:review:2026"
    by = ("--by", "alpha@city.example", "--new-date", "2026-11-16", "--at", "2026-10-05T10:00")
    assert city.run("answer", review, "late", *by).code == 0
    reader = Reader(at(city, "2026-10-05T11:00")).sign_in()
    page = text_of(reader.get(f"/decisions?programme=city&lang={lang}").text.partition("<footer")[0])
    assert all(one in page for one in words)
    assert not any(one in page for one in ("deadline", "Deadline", "määräai", "tidsfrist"))
    city.tick("2026-10-06")
    said = city.run("digest", "--programme", "city", "--lang", lang, "--at", "2026-10-06T10:00").out
    new = {"en": "new review date", "fi": "uusi tilannekatsauksen päivä", "sv": "ny dag för lägesöversikten"}
    assert new[lang] in plain(" ".join(said.split()))
