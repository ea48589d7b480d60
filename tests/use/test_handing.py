"""Responsibility is handed over in bulk, on a date: pending mail follows, both sides are told once."""

from __future__ import annotations

from datetime import date

import pytest

from reminders.errors import NotFoundError, UsageError
from reminders.planning.hand_over import moved_to
from reminders.store import Database, programmes as repository
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.people.hand_over import HandOver, HandOverEffect, hand_over, preview_hand_over
from reminders.use.planning.load_state import load_state
from tests.use.office import Office, body
from tests.use.town import (
    ANNA,
    BERTIL,
    LIBRARY,
    LIBRARY_HEAD,
    MUSEUM,
    SPRING_HEAD,
    TOWN,
    Away,
    action,
    mails,
    reminded_of_fair,
    run,
    town,
)

FAIR = f"{TOWN}:fair:milestone:end"
CHOIR = f"{TOWN}:choir:review:2025"


@pytest.fixture
def choir_town(database: Database) -> Office:
    """A fair in January 2025 and a choir for ever, both of Library; reminded once of the fair."""
    return reminded_of_fair(database, action("choir", "Jatkuva", "library"))


def order(on: str, *actions: str, giver: str = "library", taker: str = "museum") -> HandOver:
    """Library gives to Museum."""
    return HandOver(TOWN, giver, taker, date.fromisoformat(on), actions, "secretary@town.example")


def both(choir_town: Office, since: str) -> list[tuple[str, str, list[str]]]:
    """The mails of both sides from a day on."""
    return [one for one in mails(choir_town, LIBRARY, LIBRARY_HEAD, MUSEUM) if one[0] >= since]


def test_it_moves_on_its_date(choir_town: Office) -> None:
    """Saturday 1 February: on Monday 3 both are told, and Museum is asked at once; Library never again."""
    hand_over(choir_town.service("2025-01-28T10:00"), order("2025-02-01", "fair"))
    run(choir_town, "2025-01-29", "2025-02-28")
    assert both(choir_town, "2025-01-29") == [
        ("2025-01-30", LIBRARY, ["fair milestone -P1D"]),
        ("2025-01-31", LIBRARY, ["fair milestone P0D"]),
        ("2025-02-03", LIBRARY, ["fair milestone handover"]),
        ("2025-02-03", MUSEUM, ["fair milestone first-start", "fair milestone handover"]),
        ("2025-02-04", LIBRARY_HEAD, ["choir review escalation"]),
        ("2025-02-06", LIBRARY, ["choir review P30D"]),
    ]


def test_entered_late_it_holds_from_the_next_mail_on(choir_town: Office) -> None:
    """On 5 February as of the 1st: all open actions, asked as at a first start in one mail to Museum."""
    run(choir_town, "2025-01-27", "2025-02-05")
    moving = hand_over(choir_town.service("2025-02-05T10:00"), order("2025-02-01"))
    assert moving.actions == ("fair", "choir")
    run(choir_town, "2025-02-06", "2025-02-06")
    assert both(choir_town, "2025-02-05") == [
        ("2025-02-06", LIBRARY, ["choir review handover", "fair milestone handover"]),
        (
            "2025-02-06",
            MUSEUM,
            [
                "choir review first-start",
                "choir review handover",
                "fair milestone first-start",
                "fair milestone handover",
            ],
        ),
    ]


def test_what_was_escalated_is_not_escalated_anew(database: Database) -> None:
    """Entered on 20 February, after Library's head was told: Spring is asked, its head hears nothing yet."""
    choir_town = town(database, action("fair", "1/2025", "library"))
    run(choir_town, "2025-01-07", "2025-02-20")
    hand_over(choir_town.service("2025-02-20T10:00"), order("2025-01-15", taker="spring"))
    run(choir_town, "2025-02-21", "2025-02-21")
    people = (LIBRARY, LIBRARY_HEAD, ANNA, BERTIL, SPRING_HEAD)
    assert [(to, items) for day, to, items in mails(choir_town, *people) if day > "2025-02-13"] == [
        (LIBRARY_HEAD, ["fair milestone escalation"]),
        (ANNA, ["fair milestone first-start", "fair milestone handover"]),
        (BERTIL, ["fair milestone first-start", "fair milestone handover"]),
        (LIBRARY, ["fair milestone handover"]),
    ]


def test_a_mail_that_waits_goes_to_the_taker(choir_town: Office) -> None:
    """Composed for Library while the server was away, handed over meanwhile: it goes to Museum that day."""
    run(choir_town, "2025-01-27", "2025-01-29")
    there, choir_town.transport = choir_town.transport, Away()
    choir_town.tick("2025-01-30T09:00")
    hand_over(choir_town.service("2025-01-30T10:00"), order("2025-01-30", "fair"))
    choir_town.transport = there
    choir_town.tick("2025-01-30T12:00")
    choir_town.tick("2025-01-30T12:05")
    assert both(choir_town, "2025-01-30") == [
        ("2025-01-30", LIBRARY, ["fair milestone handover"]),
        ("2025-01-30", MUSEUM, ["fair milestone -P1D", "fair milestone handover"]),
    ]
    assert choir_town.look("outbox", "state", rcpt=LIBRARY)[-2:] == ["cancelled", "sent"]
    run(choir_town, "2025-01-31", "2025-01-31")
    assert both(choir_town, "2025-01-31") == [("2025-01-31", MUSEUM, ["fair milestone P0D"])]


def test_a_dry_run_says_exactly_what_moves(choir_town: Office) -> None:
    """Actions, what waits for an answer, waiting mails; nothing is stored."""
    run(choir_town, "2025-01-27", "2025-01-29")
    for when in ("2025-01-29T10:00", "2025-01-29T11:00"):
        assert preview_hand_over(choir_town.service(when), order("2025-01-29")) == HandOverEffect(
            ("fair", "choir"),
            (f"{TOWN}:choir:review:2024", FAIR, CHOIR, f"{TOWN}:choir:review:2026"),
            (),
        )
    assert choir_town.look("handover", "id") == []


def test_what_was_answered_stays_answered(choir_town: Office) -> None:
    """Library said done: Museum is told of the hand-over and asked nothing."""
    record_answer(choir_town.service("2025-01-28T10:00"), AnswerGiven(FAIR, "done", LIBRARY))
    hand_over(choir_town.service("2025-01-28T11:00"), order("2025-02-01", "fair"))
    run(choir_town, "2025-01-29", "2025-02-05")
    assert both(choir_town, "2025-01-29") == [
        ("2025-02-03", LIBRARY, ["fair milestone handover"]),
        ("2025-02-03", MUSEUM, ["fair milestone handover"]),
        ("2025-02-04", LIBRARY_HEAD, ["choir review escalation"]),
    ]


def test_not_ours_is_no_answer_of_the_taker(choir_town: Office) -> None:
    """Library said whose it is, the secretary handed it over: Museum is asked at once."""
    record_answer(
        choir_town.service("2025-01-28T10:00"), AnswerGiven(FAIR, "not-ours", LIBRARY, whose="museum")
    )
    hand_over(choir_town.service("2025-01-29T11:00"), order("2025-01-29", "fair"))
    run(choir_town, "2025-01-30", "2025-01-30")
    assert ("2025-01-30", MUSEUM, ["fair milestone -P1D", "fair milestone handover"]) in both(
        choir_town, "2025-01-30"
    )


def test_the_mail_says_where_responsibility_went(choir_town: Office) -> None:
    """A mail of nothing but the hand-over: subject, sentence, who entered it; no answer is asked for."""
    hand_over(choir_town.service("2025-01-28T10:00"), order("2025-02-01", "fair"))
    run(choir_town, "2025-01-29", "2025-02-03")
    told = choir_town.mails_of(LIBRARY)[-1]
    assert told["Subject"] == "Vastuu on siirretty 1.2.2025: Fair"
    text = " ".join(body(told).split())
    assert "Vastuu toimenpiteestä ”Fair” siirtyi lauantaina 1.2.2025. Uusi vastuutaho: Museum." in text
    assert "Siirron kirjasi secretary@town.example." in text
    assert "Mikä on tilanne" not in text
    assert "Jos kukaan" not in text


def test_an_old_link_says_where_it_moved(choir_town: Office) -> None:
    """From the date on, through a chain of two hand-overs; not before, not for who is still responsible."""
    hand_over(choir_town.service("2025-01-28T10:00"), order("2025-02-01", "fair"))
    later = order("2025-03-01", "fair", giver="museum", taker="spring")
    hand_over(choir_town.service("2025-01-28T10:00"), later)
    with choir_town.database.read() as connection:
        (row,) = repository.all_programmes(connection)
        state = load_state(connection, row)
    fair = state.occurrences[FAIR]
    days = (date(2025, 1, 31), date(2025, 2, 1), date(2025, 3, 1))
    assert [moved_to(state, fair, "library", day) for day in days] == [None, "museum", "spring"]
    assert moved_to(state, fair, "spring", days[2]) is None
    assert moved_to(state, state.occurrences[CHOIR], "library", days[2]) is None


@pytest.mark.parametrize(
    ("asked", "error", "found"),
    [
        (order("2025-02-01", giver="board"), UsageError, "board leads no action on 2025-02-01"),
        (order("2025-02-01", taker="library"), UsageError, "expected two organisations"),
        (order("2025-02-01", taker="moon"), NotFoundError, "no organisation 'moon' in town"),
        (order("2025-02-01", "moon"), NotFoundError, "no action 'moon' in town"),
    ],
)
def test_what_cannot_be_handed_over_is_said(
    choir_town: Office, asked: HandOver, error: type[Exception], found: str
) -> None:
    """Nothing to give, nobody else to take it, unknown names: refused, nothing stored."""
    with pytest.raises(error, match=found):
        hand_over(choir_town.service("2025-01-28T10:00"), asked)
    assert choir_town.look("handover", "id") == []


def test_the_printed_hand_over_tells_both_sides(loaded_database: Database) -> None:
    """From Vamia to the Employment Ecosystem on 1 January 2025: on the 7th both hear, the taker is asked."""
    choir_town = Office(loaded_database)
    vamia, taker = "vamia-contact@vaasa.example", "employment-ecosystem-contact@vaasa.example"
    for day in ("2024-12-02", "2024-12-20", "2025-01-07", "2025-01-08"):
        choir_town.tick(f"{day}T09:00")
    row = {"occurrence_id": "vaasa-2023-2026:work-digihyva-juttu:milestone:end"}
    told = choir_town.look("reminder", "stage", "recipient", "reason", "state", **row)
    assert [one for one in told if one[0] == "handover"] == [
        ("handover", vamia, "handed-over", "sent"),
        ("handover", taker, "handed-over", "sent"),
    ]
    assert ("first-start", taker, "first", "sent") in told
    assert [one for one in told if one[1] == vamia and one[0] in {"P1D", "P7D"}] == []
    words = " ".join(body(choir_town.mails_of(taker)[-1]).split())
    assert (
        "yksikkösi vastaa nyt toimenpiteestä ”Digihyvä juttu- hanke”. Vastuu siirtyi keskiviikkona" in words
    )
    assert "Uusi vastuutaho" not in words  # the welcome says it
    assert "Muut vastaanottajat: Vamia" not in words
