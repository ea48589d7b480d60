"""A year in which much happens, judged by the messages alone, never by the planner's functions.

From 1 September 2025: dates corrected into the past, hand-overs, early answers, proposals that wait, answers
taken back, pauses, a head and a secretary who are away. What each mail says is read from its text.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

import holidays
import pytest

from reminders.planning.programme_settings import SettingRecord
from reminders.planning.recipients import Contact
from reminders.store import Database, evidence, people as store_people, programmes
from reminders.use.answers.record import (
    AnswerGiven,
    PauseRequest,
    Proposal,
    pause_reminders,
    pending_proposals,
    record_answer,
    refuse_proposal,
    undo_answer,
)
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.programme.settings import SettingChange, change_setting
from reminders.use.programme.store_programme import store_programme
from schedule_rules.days import Span
from schedule_rules.programme import Action, Domain, Goal, Organisation, Programme
from tests.conftest import HELSINKI
from tests.use.office import Office, body, parsed
from tests.use.town import action, same

CITY = "city"
UNITS = ("alpha", "beta", "gamma", "delta", "eps", "zeta")
FIRST, LAST = date(2025, 9, 1), date(2026, 8, 31)
SCHEDULES = {
    "past": ("by 31 March 2025", "alpha"),  # past at the first start
    "moved": ("by 31 December 2025", "alpha"),  # corrected to 30 September
    "given": ("by 30 November 2025", "beta"),  # handed over after its date
    "ahead": ("by 28 February 2026", "beta"),  # handed over before its date
    "early": ("by 31 March 2026", "delta"),  # on track early, then silence
    "proposed": ("by 30 April 2026", "eps"),  # late early, with a date that nobody decides on
    "refused": ("by 15 April 2026", "zeta"),  # late early, and the date is refused
    "later": ("by 31 January 2026", "gamma"),  # on track after the date, then silence
    "undone": ("by 31 October 2025", "zeta"),  # done, and taken back after the head's day
    "paused": ("by 15 January 2026", "eps"),  # paused over the head's day
    "again": ("by 31 May 2026", "delta"),  # corrected to the past twice
    "sooner": ("by 31 May 2026", "gamma"),  # escalated earlier by a setting
    "reviewed": ("Continuous", "alpha"),  # its review day is moved to the past
}
MONTHS = {name[:3]: number for number, name in enumerate(calendar.month_name)}
TITLE = re.compile(r"\bCase-(\w+)")
AHEAD = ("head of unit", "next reminder", "follow-up list")
PROMISE = re.compile(
    r"(?:If nobody (?:in your unit |)(?:answers(?: again)? by [^.]*?|has answered(?: again)?), "
    r"|; after that |Without an answer |(?=The next reminder))"
    r"(?P<what>the head of unit is told|The next reminder goes out"
    r"|(?:this action appears|these actions appear|it goes) on the board secretary’s follow-up list)"
    r"(?P<of_all> of these actions)? on (?:\w+day )?(?P<day>\d+) (?P<month>\w+) (?P<year>\d{4})",
)


def made() -> Programme:
    """The programme: an action of each fate, one unit each."""
    actions: tuple[Action, ...] = tuple(
        action(f"case-{key}", when, unit) for key, (when, unit) in SCHEDULES.items()
    )
    return Programme(
        key=CITY,
        name=same("City"),
        period=Span(date(2025, 1, 1), date(2027, 12, 31)),
        timezone="Europe/Helsinki",
        languages=("en",),
        domains=(Domain("domain", same("Domain")),),
        goals=(Goal("goal", "domain", same("Goal")),),
        organisations=tuple(Organisation(key, "unit", same(key.capitalize())) for key in (*UNITS, "board")),
        actions=actions,
        stamp=date(2025, 1, 1),
        monitored_by="board",
    )


def people() -> Iterator[Contact]:
    """A contact and a head for each unit; the head of delta and the secretary are away for a time."""
    for unit in UNITS:
        yield Contact(unit, "contact", unit, f"{unit}@city.example", "en")
        until = date(2026, 4, 5) if unit == "delta" else None
        yield Contact(unit, "head", unit, f"head-{unit}@city.example", "en", None, until)
    yield Contact("delta", "head", "delta", "acting-delta@city.example", "en", date(2026, 4, 6))
    yield Contact("board", "secretary", "", "secretary@city.example", "en", None, date(2026, 1, 31))
    yield Contact("board", "secretary", "", "acting@city.example", "en", date(2026, 2, 1), date(2026, 3, 31))
    yield Contact("board", "secretary", "", "secretary@city.example", "en", date(2026, 4, 1))


HEADS = {f"head-{unit}@city.example": unit for unit in UNITS} | {"acting-delta@city.example": "delta"}


@dataclass(frozen=True)
class Told:
    """One action in one mail: when, to whom, and what is promised of it."""

    day: date
    to: str
    action: str
    what: str = ""
    on: date | None = None


def is_sending_day(day: date, closed: dict[date, str]) -> bool:
    """Worked out anew: no weekend, public holiday or eve, and neither Christmas nor July."""
    quiet = day.month == 7 or (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 6)
    midsummer = day.month == 6 and day.weekday() == 4 and 19 <= day.day <= 25
    return day.weekday() < 5 and day not in closed and not quiet and not midsummer


def sending_days(after: date, until: date) -> int:
    """How many sending days lie in (after, until]."""
    closed = dict(holidays.country_holidays("FI", years=range(2025, 2028)).items())
    days = (after + timedelta(days=number + 1) for number in range((until - after).days))
    return sum(is_sending_day(day, closed) for day in days)


def read(office: Office) -> list[Told]:
    """What the messages say: of each action in them the promise that stands after its title, or after all."""
    found: list[Told] = []
    for envelope in office.envelopes:
        mail = parsed(envelope.raw)
        text, day = (
            " ".join(body(mail).split()),
            parsedate_to_datetime(mail["Date"]).astimezone(HELSINKI).date(),
        )
        places = [(one.start(), one.group(1)) for one in TITLE.finditer(text)]
        promised: dict[str, tuple[str, date]] = {}
        for one in PROMISE.finditer(text):
            before = [key for start, key in places if start < one.start()]
            on = date(int(one["year"]), MONTHS[one["month"][:3]], int(one["day"]))
            is_of_all = one["of_all"] or "these" in one["what"]
            others = [key for key in before if key not in promised]  # an exception stands with its own
            for key in others if is_of_all else before[-1:]:
                promised[key] = (next(word for word in AHEAD if word in one["what"]), on)
        for key in dict.fromkeys(key for _, key in places):
            what, on_day = promised.get(key, ("", None))
            found.append(Told(day, envelope.recipient, key, what, on_day))
    return found


# What people do: (day, action, what is done with the service of that noon).
def milestone(key: str, instance: str = "end") -> str:
    """The occurrence of an action."""
    return f"{CITY}:case-{key}:milestone:{instance}"


class Year:
    """A service that lives through the year; ``happened`` are the days on which people did something."""

    def __init__(self, database: Database) -> None:
        self.office = Office(database)
        self.happened: dict[str, list[date]] = {key: [] for key in SCHEDULES}
        self.day = FIRST

    def on(self, key: str, what: str, value: str = "") -> None:
        """Do something about an action at noon of the day."""
        self.happened[key].append(self.day)
        service, unit = self.office.service(f"{self.day}T12:00"), SCHEDULES[key][1]
        by, today = f"{unit}@city.example", self.day
        match what:
            case "correct":
                correct_action(service, CorrectionDecision(f"case-{key}", "schedule", value, "secretary"))
            case "hand-over":
                hand_over(service, HandOver(CITY, unit, value, today, (f"case-{key}",)))
            case "late":
                wanted = date.fromisoformat(value)
                record_answer(service, AnswerGiven(milestone(key), "late", by, "", wanted))
            case "refuse":
                refuse_proposal(service, self.proposal(key).answer_id, "", "no")
            case "undo":
                undo_answer(service, int(self.office.look("answer", "id", occurrence_id=milestone(key))[-1]))
            case "pause":
                pause_reminders(service, PauseRequest(milestone(key), today + timedelta(days=30), "leave"))
            case "setting":
                name, text = value.split("=")
                change_setting(service, SettingChange(CITY, name, text, ""))
            case "done" | "on-track":
                record_answer(
                    service, AnswerGiven(milestone(key), "done" if what == "done" else "on-track", by)
                )
            case _:
                raise AssertionError(what)

    def proposal(self, key: str) -> Proposal:
        """The date that waits for the secretary."""
        with self.office.database.read() as connection:
            return next(
                one for one in pending_proposals(connection, CITY) if one.occurrence == milestone(key)
            )


EVENTS = (
    ("2025-10-20", "moved", "correct", "by 30 September 2025"),
    ("2025-11-04", "undone", "done", ""),
    ("2025-11-25", "undone", "undo", ""),
    ("2025-12-10", "given", "hand-over", "gamma"),
    ("2026-01-20", "paused", "pause", ""),
    ("2026-02-04", "reviewed", "setting", "review=01-15"),
    ("2026-02-05", "later", "on-track", ""),
    ("2026-02-20", "ahead", "hand-over", "zeta"),
    ("2026-03-02", "early", "on-track", ""),
    ("2026-03-20", "refused", "late", "2026-09-30"),
    ("2026-03-24", "proposed", "late", "2026-10-31"),
    ("2026-04-20", "refused", "refuse", ""),
    ("2026-05-06", "again", "correct", "by 30 April 2026"),
    ("2026-05-12", "again", "correct", "by 31 March 2026"),
    ("2026-06-05", "sooner", "setting", "head_after=2"),
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The year, lived through: a run on each day from Monday to Friday, before people do something."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('year')}/r.db")
    database.migrate()
    now = datetime.combine(FIRST - timedelta(days=1), datetime.min.time(), HELSINKI)
    with database.write() as connection:
        store_programme(connection, made(), now, held=False)
        store_people.save_contacts(connection, CITY, people())
        programmes.add_setting(connection, CITY, SettingRecord("year_letter", "no", "secretary", now))
    lived = Year(database)
    while lived.day <= LAST:
        if lived.day.weekday() < 5:
            lived.office.tick(f"{lived.day}T09:00")
        for day, *event in EVENTS:
            if day == lived.day.isoformat():
                lived.on(*event)
        lived.day += timedelta(days=1)
    return lived


@pytest.fixture(scope="module")
def told(year: Year) -> list[Told]:
    """What the mails of the year say."""
    return read(year.office)


def lead(key: str, day: date) -> str:
    """The unit of an action on a day."""
    moved = {"given": (date(2025, 12, 10), "gamma"), "ahead": (date(2026, 2, 20), "zeta")}
    since, taker = moved.get(key, (date.max, ""))
    return taker if day >= since else SCHEDULES[key][1]


ASKED_SINCE = {
    # Asked once more on the date: whatever was said or set meanwhile.
    "early": date(2026, 3, 30),
    "refused": date(2026, 4, 14),
    "proposed": date(2026, 4, 29),
    "sooner": date(2026, 5, 28),
    # Corrected a second time: it had passed and been asked about already.
    "again": date(2026, 5, 6),
}
"""The day after which a unit was asked that then kept silent, where people did something later or earlier."""


def test_no_head_hears_before_the_unit_had_its_sending_days(year: Year, told: list[Told]) -> None:
    """Ten of them, since the unit heard of what people changed last."""
    checked = 0
    for one in told:
        if one.to not in HEADS or HEADS[one.to] != lead(one.action, one.day):
            continue
        since = max((day for day in year.happened[one.action] if day < one.day), default=date.min)
        since = ASKED_SINCE.get(one.action, since)
        unit = f"{HEADS[one.to]}@city.example"
        asked = [other.day for other in told if (other.to, other.action) == (unit, one.action)]
        earlier = [day for day in asked if since < day < one.day]
        assert earlier, one
        least = 2 if one.action == "sooner" else 10  # what was chosen then
        assert sending_days(min(earlier), one.day) >= least, (one, min(earlier))
        checked += 1
    assert checked >= len(SCHEDULES) - 1


def test_the_evidence_of_a_year_holds(year: Year) -> None:
    """Answers, corrections, moved dates, a hand-over, pauses: what is rightly done is no tampering."""
    with year.office.database.snapshot() as connection:
        assert evidence.chain_head(connection).events > 300
        assert evidence.changed_rows(connection) == ()


def test_every_promise_is_kept(year: Year, told: list[Told]) -> None:
    """Nothing happens before the day that a mail named; on that day it does, where nobody did anything."""
    kept: Counter[str] = Counter()
    for one in told:
        if one.on is None or one.on > LAST:
            continue
        unit = lead(one.action, one.day)
        heads = {address for address, key in HEADS.items() if key == unit}
        told_heads = [other.day for other in told if other.to in heads and other.action == one.action]
        if one.to not in heads and not any(day <= one.day for day in told_heads):
            assert not [day for day in told_heads if one.day < day < one.on], one
        touched = any(one.day <= day < one.on for day in year.happened[one.action])
        if touched or unit != lead(one.action, one.on):
            continue
        kept[one.what] += 1
        if one.what == "head of unit":
            assert one.on in told_heads, one
        elif one.what == "next reminder":
            readers = {f"{unit}@city.example", one.to}
            assert one.on in {
                other.day for other in told if other.to in readers and other.action == one.action
            }
    assert min(kept.values()) > 3
    assert len(kept) == 3


def test_an_early_answer_is_asked_about_once_more(told: list[Told]) -> None:
    """On the date, and on the first stage after it; then the head hears, who waits for a proposed date."""
    since = {"early": date(2026, 3, 2), "proposed": date(2026, 3, 24)}
    found = {
        key: [
            (one.day.isoformat(), one.to.partition("@")[0])
            for one in told
            if one.action == key and one.day > day
        ]
        for key, day in since.items()
    }
    units = {
        key: [row for row in rows if "secretary" not in row[1] and row[1] != "acting"]
        for key, rows in found.items()
    }
    assert units["early"] == [
        ("2026-03-31", "delta"),
        ("2026-04-01", "delta"),
        ("2026-04-16", "acting-delta"),
    ]
    assert units["proposed"][:2] == [("2026-04-30", "eps"), ("2026-05-04", "eps")]
    assert units["proposed"][2][1] == "head-eps"
    assert sending_days(date(2026, 4, 30), date.fromisoformat(units["proposed"][2][0])) == 30


def test_nobody_gets_two_mails_a_day_and_no_item_goes_to_nobody(year: Year, told: list[Told]) -> None:
    """A mail a day and identity; each action was mailed to its unit or head by its date at the latest."""
    copies = Counter(
        (parsedate_to_datetime(parsed(one.raw)["Date"]).date(), one.recipient.casefold())
        for one in year.office.envelopes
    )
    assert max(copies.values()) == 1
    known = {one.email for one in people()}
    assert {one.recipient for one in year.office.envelopes} <= known
    for key, (_, unit) in SCHEDULES.items():
        assert any(one.action == key and unit in one.to for one in told), key
