"""An answer: it takes back what was not sent yet, stops the whole unit, and cancels the escalation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reminders.delivery import MemoryTransport
from reminders.errors import NotFoundError, UsageError
from reminders.letters.retry import Outcome
from reminders.planning.recipients import Contact
from reminders.store import outbox, people
from reminders.use.answers.record import AnswerGiven, record_answer
from tests.use.office import FIRST, MAILS, VAASA, Office, at

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
HR, COLLEAGUE, HEAD = (
    "hr-unit-contact@vaasa.example",
    "hr-colleague@vaasa.example",
    "hr-unit-head@vaasa.example",
)
NOVIA = "novia-contact@vaasa.example"
SPOUSE = f"{VAASA}:work-spouse-programme:review:2025"
CAFE = f"{VAASA}:social-cultural-cafe:milestone:end"
CHECKPOINT = f"{VAASA}:work-mini-recruitment-fairs:event:pace-target-year-2023-06-30"


class Answering(MemoryTransport):
    """Gives one outcome to everybody."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome

    def deliver(self, envelope: object, on_dot: object) -> Outcome:
        """Answer without taking anything."""
        assert callable(on_dot)
        if self.outcome.phase == "dot":
            on_dot()
        return self.outcome


def items_of(office: Office, address: str) -> list[str]:
    """The occurrences of an address's mails."""
    return sorted(set(office.look("reminder", "occurrence_id", recipient=address)))


@SQLITE
@pytest.mark.parametrize(
    ("outcome", "then", "end"),
    [
        (Outcome("no-answer", "connect", 0, "down"), "2025-12-01T10:00", "cancelled"),
        (Outcome("refused", "rcpt", 451, "4.3.0 later"), "2025-12-01T10:00", "cancelled"),
        (Outcome("no-answer", "dot", 0, "lost"), "2025-12-01T10:00", "sent"),
    ],
)
def test_an_answer_takes_a_waiting_mail_back(office: Office, outcome: Outcome, then: str, end: str) -> None:
    """Answered before it left, it is withdrawn with its reminders; one that may have arrived is not."""
    office.transport = Answering(outcome)
    office.tick(FIRST)
    for occurrence in items_of(office, NOVIA):
        office.answer("2025-12-01T09:30", occurrence, "on-track", NOVIA)
    office.transport = MemoryTransport()
    office.tick(then)
    assert office.look("outbox", "state", rcpt=NOVIA) == [end]
    assert set(office.look("reminder", "state", recipient=NOVIA)) == {end}
    assert office.counts().total() == MAILS
    assert [one.recipient for one in office.envelopes].count(NOVIA) == (end == "sent")


@SQLITE
def test_a_mail_of_which_something_is_still_open_goes_without_the_rest(office: Office) -> None:
    """One of three is answered before anything was tried: one mail goes, it asks for the other two."""
    office.transport = Answering(Outcome("no-answer", "connect", 0, "down"))
    office.tick(FIRST)
    answered, *others = items_of(office, NOVIA)
    office.answer("2025-12-01T09:30", answered, "done", NOVIA)
    office.transport = MemoryTransport()
    result = office.tick("2025-12-01T10:00")
    assert (result.composed, result.outcomes) == (1, {"taken back": 1, "sent": MAILS})
    assert office.look("digest", "version", "state", recipient=NOVIA) == [(1, "cancelled"), (2, "sent")]
    states = dict(office.look("reminder", "occurrence_id", "state", recipient=NOVIA))
    assert states == {answered: "cancelled", **dict.fromkeys(others, "sent")}
    (mail,) = [one for one in office.envelopes if one.recipient == NOVIA]
    assert [occurrence.split(":")[1] in mail.raw.decode() for occurrence in others] == [True] * len(others)


@SQLITE
def test_a_crash_before_the_first_attempt_does_not_hide_an_answer(office: Office) -> None:
    """Claimed, killed, answered, swept: the mail was never tried, so it is withdrawn."""
    office.transport = Answering(Outcome("no-answer", "connect", 0, "down"))
    office.tick(FIRST)
    with office.database.write() as connection:
        outbox.claim(connection, "killed", at("2025-12-01T10:00"), 100)
    for occurrence in items_of(office, NOVIA):
        office.answer("2025-12-01T10:01", occurrence, "done", NOVIA)
    office.transport = MemoryTransport()
    assert office.tick("2025-12-01T10:06").outcomes == {"swept": MAILS, "sent": MAILS - 1, "cancelled": 1}


def with_colleague(office: Office) -> None:
    """Give the personnel unit a second contact."""
    with office.database.write() as connection:
        known = people.contacts_of(connection, VAASA)
        extra = Contact("hr-unit", "contact", "", COLLEAGUE, "sv")
        people.save_contacts(connection, VAASA, (*known, extra))


@SQLITE
def test_one_answer_stops_the_whole_unit(office: Office) -> None:
    """After one of two contacts has answered, neither is reminded of that item, nor is the head told."""
    with_colleague(office)
    office.tick(FIRST)
    asked = [office.look("reminder", "id", recipient=one, occurrence_id=SPOUSE) for one in (HR, COLLEAGUE)]
    office.answer("2025-12-02T12:00", SPOUSE, "done", COLLEAGUE)
    for when in ("2025-12-15T09:00", "2026-01-07T09:00", "2026-01-13T09:00"):
        office.tick(when)
    stages = office.look("reminder", "stage", "recipient", occurrence_id=SPOUSE)
    assert [len(rows) for rows in asked] == [1, 1]
    assert stages == [("first-start", HR), ("first-start", COLLEAGUE)]
    others = office.look("reminder", "occurrence_id", "stage", recipient=HEAD)
    assert (SPOUSE, "escalation") not in others
    assert {stage for _, stage in others} == {"escalation"}


@SQLITE
def test_an_answer_cancels_what_is_planned_and_not_composed(started: Office) -> None:
    """A reminder that waits behind a hold is cancelled by the answer."""
    started.hold(held=True)
    started.tick("2026-01-07T09:00")
    started.answer("2026-01-07T10:00", SPOUSE, "done", HR)
    started.hold(held=False)
    started.tick("2026-01-08T09:00")
    stages = started.look("reminder", "stage", "state", occurrence_id=SPOUSE, recipient=HR)
    assert stages == [("first-start", "sent"), ("P30D", "cancelled")]


@SQLITE
def test_each_responsible_party_answers_for_itself(started: Office) -> None:
    """The other organisation of the same item is reminded on."""
    first = {
        row[1][0]: row[0]
        for row in started.look("reminder", "recipient", "organisations", occurrence_id=CAFE)
    }
    assert set(first) == {"welfare-unit", "alma"}
    started.answer("2025-12-02T12:00", CAFE, "done", first["alma"])
    started.tick("2026-01-07T09:00")
    again = started.look("reminder", "recipient", occurrence_id=CAFE, stage="P30D")
    assert again == [first["welfare-unit"]]


@SQLITE
@pytest.mark.parametrize("by", ["", "board-secretary@vaasa.example"])
def test_the_secretary_answers_for_all(started: Office, by: str) -> None:
    """Without an address, or by hers, the answer is everybody's."""
    started.answer("2025-12-02T12:00", CAFE, "done", by)
    assert started.look("answer", "organisation", "by") == [("welfare-unit", by), ("alma", by)]
    started.tick("2026-01-07T09:00")
    assert set(started.look("reminder", "stage", occurrence_id=CAFE)) == {"first-start"}


@SQLITE
@pytest.mark.parametrize(
    ("occurrence", "by", "error", "words"),
    [
        ("nonsense", "", NotFoundError, "'nonsense' is not programme:action:kind:instance"),
        (f"{VAASA}:x:milestone:end", "", NotFoundError, f"no occurrence {VAASA}:x:milestone:end"),
        (CAFE, "nobody@vaasa.example", NotFoundError, "no contact with the address nobody@vaasa.example"),
        (CAFE, HR, NotFoundError, f"{HR} is not responsible for {CAFE}"),
        (
            f"{VAASA}:social-cultural-cafe:start:start",
            "",
            UsageError,
            f"{VAASA}:social-cultural-cafe:start:start is a start: it takes no answer",
        ),
        (
            CHECKPOINT,
            "",
            UsageError,
            f"{CHECKPOINT} is a event: it takes no answer",
        ),
    ],
)
def test_an_answer_that_is_none_writes_nothing(
    office: Office, occurrence: str, by: str, error: type[Exception], words: str
) -> None:
    """What does not fit is named, and nothing is stored."""
    with pytest.raises(error) as raised:
        office.answer(FIRST, occurrence, "done", by)
    assert (str(raised.value), office.look("answer", "id")) == (words, [])


@SQLITE
def test_a_proposed_date_lies_ahead_within_the_programme(office: Office) -> None:
    """Not today, not after the programme's end, and only with the answer late; its bounds are taken."""
    service = office.service(FIRST)
    late = AnswerGiven(CAFE, "late")
    for wrong in (
        replace(late, new_date=date(2025, 12, 1)),
        replace(late, new_date=date(2027, 1, 1)),
        replace(late, answer="done", new_date=date(2026, 1, 1)),
    ):
        with pytest.raises(UsageError):
            record_answer(service, wrong)
    for right in (date(2025, 12, 2), date(2026, 12, 31)):
        record_answer(service, replace(late, new_date=right))
    assert office.look("answer", "new_date") == [date(2025, 12, 2)] * 2 + [date(2026, 12, 31)] * 2


@SQLITE
def test_a_round_takes_no_proposed_date(started: Office) -> None:
    """It closes for all on the same day: said, nothing stored."""
    round_of_2025 = f"{VAASA}:follow-up-data-collection:collection:2025"
    said = AnswerGiven(round_of_2025, "late", HR, new_date=date(2026, 3, 31))
    with pytest.raises(UsageError, match="a collection round closes for all on the same day"):
        record_answer(started.service("2025-12-02T09:00"), said)
    assert started.look("answer", "id") == []


@SQLITE
def test_whose_it_is_goes_with_not_ours_only(started: Office) -> None:
    """With another answer it is refused; with *not ours* it is kept as given."""
    with pytest.raises(UsageError, match="--whose goes with the answer not-ours only"):
        record_answer(started.service("2025-12-02T09:00"), AnswerGiven(CAFE, "done", whose="welfare-unit"))
    record_answer(
        started.service("2025-12-02T09:00"), AnswerGiven(CAFE, "not-ours", whose="the library, I think")
    )
    assert set(started.look("answer", "whose")) == {"the library, I think"}
