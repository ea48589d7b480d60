"""One count of each thing: what pages, mails, digest, tables and API say is what stands in the tables.

A year of Vaasa is simulated with answers of every kind. After each month the numbers are asked of the tables
by SQL of this file, which knows no function of the planner, and compared with all that shows them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from reminders.errors import UsageError
from reminders.service import Service
from reminders.use.answers.record import (
    ANSWERS,
    AnswerGiven,
    approve_proposal,
    pending_proposals,
    record_answer,
    refuse_proposal,
    undo_answer,
)
from reminders.use.mail.digests import digest_file, digest_now
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from tests.conftest import HELSINKI
from tests.web.conftest import KEY, Reader, open_service

START: Final = date(2025, 9, 1)
ANSWER_BY: Final = "2025-09-15"
"""Ten sending days after Monday 1 September 2025: there is no holiday between."""
UNCLEAR: Final = 3
"""Wordings of Vaasa's programme that wait for a person: "Regular", a café that goes on, weekly dates."""

NEWEST: Final = """
with counting as (
  select a.* from answer a join occurrence o on o.id = a.occurrence_id
  where a.undone_at is null
    and (a.answer in ('done', 'not-ours') or a.sequence is null or a.sequence = o.sequence
      or (o.id like '%:review:%' and a.id not in (select m.answer_id from moved_date m where m.answer_id)))),
newest as (
  select a.* from counting a where a.id = (
    select max(b.id) from counting b
    where b.occurrence_id = a.occurrence_id and b.organisation = a.organisation))
"""
"""A year's review is answered whatever its date moves to, but for the date that was itself proposed."""
JUST_ASKED: Final = """
exists (select 1 from reminder r join json_each(r.organisations) asked on asked.value = u.value
  where r.occurrence_id = o.id and r.stage = 'first-start' and r.due_on > date(:day, '-12 days'))
"""
"""A unit that was asked anew, as when its answer was taken back or held no more, has ten sending days, within
which nobody is late, whatever it says; a check comes on the day on which it was asked, or nine days later."""
PASSED: Final = """
select count(distinct o.id) from occurrence o join json_each(o.organisations) u
  left join newest n on n.occurrence_id = o.id and n.organisation = u.value
  left join proposal_decision d on d.answer_id = n.id
where o.id like '%:milestone:%' and o.due < :day and (o.anchor_on is null or :day > :by)
  and coalesce(n.answer, '') <> 'done' and not (JUST_ASKED)
  and not (coalesce(n.answer, '') = 'late' and coalesce(n.new_date, '') >= :day and coalesce(d.approved, 1))
"""
NOT_ANSWERED: Final = """
select count(distinct o.id) from occurrence o join json_each(o.organisations) u
  left join newest n on n.occurrence_id = o.id and n.organisation = u.value
where o.id like '%:review:%' and o.due < :day and (o.anchor_on is null or :day > :by) and n.id is null
  and not (JUST_ASKED)
  and not exists (
    select 1 from occurrence later
    where later.id like replace(substr(o.id, 1, instr(o.id, ':review:') + 7), '_', '_') || '%'
      and later.due > o.due
      and (later.due < :day or exists (
        select 1 from answer a where a.occurrence_id = later.id and a.undone_at is null)))
"""
DECISIONS: Final = """
select count(distinct case when n.answer = 'not-ours'
    then substr(o.id, 1, instr(o.id, ':review:') + instr(o.id, ':milestone:'))
      || n.organisation || n.by || n.at
    else n.id end)
from newest n join occurrence o on o.id = n.occurrence_id
  join json_each(o.organisations) u on u.value = n.organisation
  left join proposal_decision d on d.answer_id = n.id
where ((n.new_date is not null or n.ended) and d.answer_id is null) or n.answer = 'not-ours'
"""
"""What one act said of several dates of an action that is not its unit's is one decision."""
ANSWERED: Final = "select count(*) from newest where date(at, '+3 hours') >= :last"
ROUND: Final = """
select o.id, o.year, json_array_length(o.organisations),
  (select count(*) from newest n join json_each(o.organisations) u on u.value = n.organisation
   where n.occurrence_id = o.id)
from occurrence o where o.id like '%:collection:%' and o.opens <= :day and o.closes >= :day
"""


@dataclass(frozen=True)
class Numbers:
    """What the tables say on a day; ``rounds``: year, expected, answered."""

    passed: int
    not_answered: int
    decisions: int
    answered: int
    rounds: tuple[tuple[int, int, int], ...]


def counted(service: Service, day: date) -> Numbers:
    """Ask the tables."""
    values = {"day": day.isoformat(), "by": ANSWER_BY}
    with service.database.read() as connection:
        last = connection.execute(
            text(
                "select max(local_date) from digest d join mail_section s on s.digest_id = d.id"
                " where s.is_digest and local_date < :day"
            ),
            values,
        ).scalar()

        def number(query: str) -> int:
            return int(
                connection.execute(
                    text(NEWEST + query.replace("JUST_ASKED", JUST_ASKED)), {**values, "last": last or "0000"}
                ).scalar()
                or 0
            )

        rounds = tuple((row[1], row[2], row[3]) for row in connection.execute(text(NEWEST + ROUND), values))
        return Numbers(
            number(PASSED), number(NOT_ANSWERED), number(DECISIONS) + UNCLEAR, number(ANSWERED), rounds
        )


def answer_some(service: Service, month: int) -> None:
    """Answer a fifth of what stands open, in all the ways that there are; decide on half of what is proposed.

    The action whose printed hand-over lies between its dates is left alone: the SQL knows no hand-overs.
    """
    today = service.clock().date()
    with service.database.read() as connection:
        query = (
            "select id, organisations from occurrence where due < :until and due > '2023-01-01' order by id"
        )
        rows = list(connection.execute(text(query), {"until": (today + timedelta(days=20)).isoformat()}))
    kinds = (":milestone:", ":review:", ":collection:")
    asked = [row[0] for row in rows if any(kind in row[0] for kind in kinds)]
    for n, one in enumerate(asked[month % 5 :: 5]):
        if ":collection:" in one or "digihyva" in one:
            continue
        code = (*ANSWERS, ANSWERS[2])[(n + month) % 5]
        new_date = today + timedelta(days=40 + n) if (n + month) % 5 == 4 else None
        new_date = new_date if new_date and new_date <= date(2026, 12, 31) else None
        record_answer(
            service,
            AnswerGiven(
                one, code, note="x", new_date=new_date, whose="someone" if code == "not-ours" else ""
            ),
        )
    rounds = [one for one in asked if ":collection:" in one]
    if rounds and month in {1, 2}:
        with service.database.read() as connection:
            query = (
                "select value from occurrence o, json_each(o.organisations) where o.id = :id order by value"
            )
            units = [row[0] for row in connection.execute(text(query), {"id": rounds[-1]})]
        for unit in units[month::6]:
            record_answer(service, AnswerGiven(rounds[-1], "done", organisation=unit))
    with service.database.read() as connection:
        waiting = pending_proposals(connection, KEY)
    for n, proposal in enumerate(waiting[::2]):
        with suppress(UsageError):  # another unit's proposal for the same date was approved
            if n % 2:
                refuse_proposal(service, proposal.answer_id, "board-secretary@vaasa.example", "no")
            elif proposal.new_date and proposal.new_date > today:
                approve_proposal(service, proposal.answer_id, "board-secretary@vaasa.example")
    if waiting[1::4]:
        with suppress(UsageError):
            undo_answer(service, waiting[1::4][0].answer_id)


def key_numbers(page: str) -> dict[str, int]:
    """The numbers of the first page, by the status that they stand for."""
    found = re.findall(r'#i-([a-z]+)"/></svg><span><b>(\d+)</b>', page)
    return {code: int(n) for code, n in found}


def rows_of_section(page: str, name: str) -> int:
    """How many lines the list of a status has on the first page."""
    section = re.search(rf'<div class="waiting" id="{name}">.*?</div>', page, re.DOTALL)
    return section[0].count('<th scope="row">') if section else 0


@pytest.fixture
def clock() -> list[datetime]:
    """The service's clock, set by hand."""
    return [datetime.combine(START, datetime.min.time(), HELSINKI).replace(hour=9)]


@pytest.fixture
def vaasa_service(tmp_path: Path, clock: list[datetime]) -> Iterator[Service]:
    """The built-in programme, released, nothing mailed yet."""
    opened = open_service(tmp_path, lambda: clock[0])
    make_ready(opened.database, clock[0], held=False)
    yield opened
    opened.database.close()


def check(service: Service, day: date) -> Numbers:
    """Compare all that shows a number with the tables."""
    numbers = counted(service, day)
    secretary, public = Reader(service).sign_in(), Reader(service)
    page = secretary.get("/?lang=en").text
    shown = key_numbers(page)
    seen = (shown.get("overdue", 0), shown.get("review", 0), shown.get("decide", 0))
    assert seen == (numbers.passed, numbers.not_answered, numbers.decisions), day
    open_page = key_numbers(public.get("/?lang=en").text)
    assert (open_page.get("overdue", 0), open_page.get("review", 0)) == seen[:2], day
    assert "decide" not in open_page
    # the number leads to a list of as many lines
    assert (rows_of_section(page, "overdue"), rows_of_section(page, "review")) == seen[:2], day
    decisions = secretary.get(f"/decisions?programme={KEY}&lang=en").text
    assert decisions.count('<article class="matter">') == numbers.decisions, day
    assert f"{numbers.decisions} items need your decision." in decisions
    # the digest: as a document, as a letter, as tables
    (document,), letter = digest_now(service, "en")
    counts = document["counts"]
    assert isinstance(counts, dict)
    assert (counts["passed"], counts["not_answered"], counts["decisions"], counts["answered"]) == (
        numbers.passed,
        numbers.not_answered,
        numbers.decisions,
        numbers.answered,
    ), day
    plain = re.sub(r"\s+", " ", letter)
    if not document["unchanged"]:
        assert f"Deadline passed ({numbers.passed}) · Needs a decision ({numbers.decisions})" in plain, day
    sheet = list(csv.reader(io.StringIO(digest_file(service, ".csv", "en").decode("utf-8-sig"))))
    if len(sheet[0]) == 1:
        sheet = list(
            csv.reader(io.StringIO(digest_file(service, ".csv", "en").decode("utf-8-sig")), delimiter=";")
        )
    lines = [tuple(row) for row in sheet[1:]]
    book = load_workbook(io.BytesIO(digest_file(service, ".xlsx", "en")), read_only=True)
    cells = [tuple(str(cell or "") for cell in row) for row in book.worksheets[0].iter_rows(values_only=True)]
    for name, n in (("Deadline passed", numbers.passed), ("Review not answered", numbers.not_answered)):
        of_csv = {(row[2], row[3]) for row in lines if row[0] == name}
        of_xlsx = {(row[2], row[3]) for row in cells if row[0] == name}
        assert (len(of_csv), len(of_xlsx)) == (n, n), (day, name)
    assert sum(row[0] == "Answered" for row in lines) == numbers.answered
    # the API
    (programme,) = public.get("/api/v1/programmes").json()
    assert (programme["counts"]["passed"], programme["counts"]["not_answered"]) == seen[:2], day
    standings = [one["standing"] for one in public.get("/api/v1/occurrences").json()]
    assert (standings.count("passed"), standings.count("not-answered")) == seen[:2], day
    # and what no table holds: it is the same number everywhere
    for code, name in (("behind", "behind"), ("unknown", "not_known")):
        assert shown.get(code, 0) == counts[name] == programme["counts"][name], (day, name)
    # the round, one line everywhere
    assert standings.count("open") == len(numbers.rounds)
    for year, expected, answered in numbers.rounds:
        missing = expected - answered
        api = public.get(f"/api/v1/collection?year={year}").json()
        assert (api["expected"], api["answered"]) == (expected, answered), day
        assert list(programme["counts"]["missing"].values()) == [missing]
        assert f"{answered} of {expected} responsible parties have answered." in page
        assert f"See {missing} missing" in page
        assert f"{missing} of {expected} missing" in plain or document["unchanged"]
        collection = re.sub(
            r"\s+", " ", re.sub("<[^>]+>", "", secretary.get(f"/collection/{year}?lang=en").text)
        )
        assert f"{answered} / {expected}" in collection or f"{answered} of {expected}" in collection
    return numbers


def passed_in_subjects(service: Service, day: date, passed: int) -> list[int]:
    """The number in the subject of the summary that went on a day: that of the tables."""
    query = (
        "select subject from outbox o join digest d on d.id = o.digest_id"
        " where d.local_date = :day and (subject like 'Yhteenveto%' or subject like 'Kokoukseen%')"
    )
    with service.database.read() as connection:
        subjects = connection.execute(text(query), {"day": day.isoformat()}).scalars().all()
    told = [int(found[1]) for one in subjects if (found := re.search(r"päättynyt \((\d+)\)", one))]
    assert told == [passed] * len(told), day
    return told


def test_after_each_month_of_a_year(vaasa_service: Service, clock: list[datetime]) -> None:
    """From a first start on 1 September 2025, with answers, decisions and answers taken back every month."""
    days = [START, *(date(2025 + (m > 12), (m - 1) % 12 + 1, 8) for m in range(10, 22))]
    seen: list[Numbers] = []
    told: list[int] = []
    for month, (day, following) in enumerate(pairwise([*days, date(2026, 10, 8)]), start=1):
        clock[0] = clock[0].replace(year=day.year, month=day.month, day=day.day, hour=9)
        tick(vaasa_service, accept_clock=True)
        seen.append(check(vaasa_service, day))
        told += passed_in_subjects(vaasa_service, day, seen[-1].passed)
        clock[0] += timedelta(days=min(9, (following - day).days), hours=1)
        answer_some(vaasa_service, month)
        if month in {4, 8}:
            check(vaasa_service, clock[0].date())
    assert (seen[0].passed, seen[0].not_answered) == (0, 0)  # asked on this day, so nobody is late
    assert min(one.passed for one in seen[1:]) > 0
    assert max(one.decisions for one in seen) > UNCLEAR
    assert any(one.rounds for one in seen)
    with vaasa_service.database.read() as connection:
        kinds = set(connection.execute(text("select distinct answer from answer")).scalars())
    assert kinds == {"done", "on-track", "late", "not-ours"}
    assert told[0] == 0
    assert len(told) > 6
