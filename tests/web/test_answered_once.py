"""Two of a unit send their answers at the same moment: one counts, the other sees it. On both databases."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import httpx
import pytest

from reminders.planning.links import Links
from reminders.store import Database, answers, collection
from reminders.use.answers import record as answers_record
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.web.answers import answer as page
from tests.use.office import SECRET, VAASA, Office
from tests.web.conftest import Reader
from tests.web.forms import plain, send

NOON = "2025-12-01T12:00"
SPOUSE = f"{VAASA}:work-spouse-programme:review:2025"
PEOPLE = {"hr-unit-contact@vaasa.example": "done", "hr-unit-head@vaasa.example": "on-track"}


def answer_link(reader: str) -> str:
    """The address at which somebody answers."""
    return "/answer/" + Links(SECRET).issue("answer", SPOUSE, reader, date(2025, 12, 31))


def test_one_of_two_at_once_counts(started_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both forms knew of no answer, both are past every check of the page when the first one writes."""
    service, barrier = Office(started_database).service(NOON), Barrier(2, timeout=30)
    replies: dict[str, httpx.Response] = {}

    def together(*sent: object) -> object:
        barrier.wait()
        return answers_record.record_answer(*sent)  # type: ignore[arg-type]

    def answer(who: str) -> None:
        form = {"seen": "0", "a": PEOPLE[who], "note": f"from {who}"}
        replies[who] = send(Reader(service), answer_link(who), form)

    monkeypatch.setattr(page, "record_answer", together)
    threads = [Thread(target=answer, args=(who,)) for who in PEOPLE]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    with started_database.read() as connection:
        told = [one for one in answers.every_answer_of(connection, VAASA) if one.occurrence == SPOUSE]
    assert [one.answer for one in told] == [PEOPLE[told[0].by]]
    (late,) = set(PEOPLE) - {told[0].by}
    assert replies[told[0].by].headers["location"].endswith("&done=1")
    shown = plain(replies[late].text)
    assert (replies[late].status_code, "Tähän on jo vastattu" in shown) == (422, True)
    assert (told[0].by in shown, f">from {late}<" in shown) == (True, True)


def test_what_was_seen_decides(started_database: Database) -> None:
    """An answer upon what was known replaces it; upon less it is none; without a word it replaces."""
    service = Office(started_database).service(NOON)
    first, second = PEOPLE
    assert len(record_answer(service, AnswerGiven(SPOUSE, "done", first), seen=0)) == 1
    with started_database.read() as connection:
        newest = max(one.id for one in answers.answers_of(connection, VAASA) if one.occurrence == SPOUSE)
    assert record_answer(service, AnswerGiven(SPOUSE, "on-track", second), seen=0) == ()
    assert len(record_answer(service, AnswerGiven(SPOUSE, "on-track", second), seen=newest)) == 1
    assert len(record_answer(service, AnswerGiven(SPOUSE, "done", first))) == 1


def test_a_value_goes_with_the_answer_or_not_at_all(started_database: Database) -> None:
    """Given by the secretary for all responsible units, each has it as its own; a lost race leaves none."""
    service = Office(started_database).service(NOON)
    shared = f"{VAASA}:education-language-testing:review:2025"
    measured = answers_record.Measured("2,5", "h", "number", "fi")
    said = AnswerGiven(shared, "on-track", measured=measured)
    keys = [one.organisation for one in record_answer(service, said, seen=0)]
    lost = record_answer(
        service, AnswerGiven(shared, "on-track", measured=answers_record.Measured("9")), seen=0
    )
    with started_database.read() as connection:
        rows = collection.value_rows(connection, VAASA)
    assert (len(keys) > 1, lost) == (True, ())
    assert [(one.organisation, one.year, one.text, one.unit) for one in rows] == [
        (key, 2025, "2.5", "h") for key in sorted(keys)
    ]
