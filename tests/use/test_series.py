"""Series are changed by people: what calendars are told, what subscribers see, what the tick takes out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import icalendar
import pytest
import recurring_ical_events
from hypothesis import HealthCheck, Phase, example, given, settings, strategies as st
from starlette.types import ASGIApp

from calendars.feed import Feed
from reminders.delivery import MemoryTransport
from reminders.errors import NotFoundError, SeriesProblemError, SkippedTimeError, UsageError
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Database, programmes as repository, series as store
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.feeds.private_feeds import issue_feed
from reminders.use.feeds.source import feed_of, source_of
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.series.action_series import series_named
from reminders.use.series.changes import preview_series
from reminders.use.series.edits import NEW, Edit
from reminders.use.series.saves import restore_version, save_series, take_out_over
from reminders.web.app import create_app
from schedule_rules.days import Span
from schedule_rules.edited_series import dates_of
from schedule_rules.programme import DateChange, EditedSeries, Lang, Programme, Text

KEY, CAFE, BY = "vaasa-2023-2026", "social-cultural-cafe", "board-secretary@vaasa.example"
BASE = "https://reminders.example"
RULE = EditedSeries(
    CAFE,
    "month",
    date(2025, 1, 1),
    date(2026, 12, 31),
    "FREQ=MONTHLY;BYDAY=-1TH",
    at=time(17),
    minutes=120,
    place=Text("Kirjasto", "Biblioteket", "Library"),
    months_off=(7,),
)
ASCENSION = date(2025, 5, 29)
APRIL = date(2025, 4, 24)


class SeriesOffice:
    """A service on a database, with a clock that goes a minute on with every use."""

    def __init__(self, database: Database) -> None:
        self.now = datetime(2025, 3, 3, 8, tzinfo=UTC)
        self.service = Service(
            Settings(base_url=BASE), database, MemoryTransport, "x" * 32, self.tell, lambda _: None
        )

    def tell(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def edit(self, name: str = "", **what: object) -> tuple[EditedSeries, ...]:
        """Save an edit of the café: of its newest part, unless one is named."""
        own = [one for one in self.programme.series if one.action == CAFE and one.state != "removed"]
        name = name or (max(own, key=lambda one: one.first).name if own else "month")
        return save_series(self.service, Edit(KEY, CAFE, name, BY, **what))  # type: ignore[arg-type]

    @property
    def programme(self) -> Programme:
        with self.service.database.read() as connection:
            return repository.stored_programme(connection, KEY).programme

    def feed(self, name: str = "events", lang: Lang = "fi") -> Feed:
        with self.service.database.read() as connection:
            source = source_of(connection, KEY, self.service.settings)
        return feed_of(source, name, lang, BASE)

    def events(self, name: str = "events") -> list[Any]:
        return list(icalendar.Calendar.from_ical(self.feed(name).body).walk("VEVENT"))

    def cafe(self) -> list[Any]:
        """What calendars show of the café but the assumed dates that have passed."""
        own = [one for one in self.events() if "social-cultural-cafe" in str(one["URL"])]
        return [one for one in own if str(one["STATUS"]) != "TENTATIVE"]

    def rows(self) -> list[str]:
        """The dates of ``reminders occurrences``: when, and whether it stands."""
        with self.service.database.read() as connection:
            found = repository.stored_occurrences(connection, KEY)
        return sorted(
            f"{one.row.starts_at or one.row.due} {one.row.status}" for one in found if one.row.kind == "event"
        )


@pytest.fixture
def series_office(loaded_database: Database) -> SeriesOffice:
    """The built-in programme, released, on 3 March 2025."""
    return SeriesOffice(loaded_database)


def expanded(feed: Feed) -> list[str]:
    """The dates of a feed as a calendar shows them."""
    calendar = icalendar.Calendar.from_ical(feed.body)
    found: list[Any] = recurring_ical_events.of(calendar, skip_bad_series=False).between(
        (2022, 1, 1), (2028, 1, 1)
    )
    return sorted(
        f"{start.replace(tzinfo=None) if isinstance(start, datetime) else start} {str(one['STATUS']).lower()}"
        for one in found
        for start in [one["DTSTART"].dt]
    )


def test_the_cafe_of_2025(series_office: SeriesOffice) -> None:
    """Last Thursdays at 17, none in July, Ascension Day's on Tuesday, November's cancelled."""
    series_office.edit(series=RULE)
    series_office.edit(
        change=DateChange(ASCENSION, date(2025, 5, 27), time(16), 90, Text("Alma", "Alma", "Alma"))
    )
    series_office.edit(change=DateChange(date(2025, 11, 27), state="cancelled"))
    whole, moved, cancelled = series_office.cafe()
    assert whole["RRULE"].to_ical() == b"FREQ=MONTHLY;UNTIL=20261231T215959Z;BYDAY=-1TH"
    assert (str(whole["STATUS"]), whole["SEQUENCE"], str(whole["LOCATION"])) == ("CONFIRMED", 2, "Kirjasto")
    assert moved["RECURRENCE-ID"].dt.replace(tzinfo=None) == datetime(2025, 5, 29, 17)
    assert (moved["DTSTART"].dt.replace(tzinfo=None), str(moved["LOCATION"])) == (
        datetime(2025, 5, 27, 16),
        "Alma",
    )
    assert (str(cancelled["STATUS"]), str(cancelled["SUMMARY"])[:8]) == ("CANCELLED", "PERUTTU:")
    assert {str(one["UID"]) for one in (whole, moved, cancelled)} == {str(whole["UID"])}
    assert expanded(series_office.feed()) == series_office.rows()


def test_sequence_and_stamp(series_office: SeriesOffice) -> None:
    """A new rule raises SEQUENCE of what it ends; a new title changes the stamp only; others keep both."""
    before = {
        str(one["UID"]): (one["SEQUENCE"], one["LAST-MODIFIED"].dt) for one in series_office.events("all")
    }
    series_office.edit(series=RULE)
    second = {
        str(one["UID"]): (one["SEQUENCE"], one["LAST-MODIFIED"].dt) for one in series_office.events("all")
    }
    changed = [uid for uid in before if before[uid] != second[uid]]
    assert [second[uid][0] for uid in changed] == [1]
    (added,) = second.keys() - before.keys()
    assert second[added][0] == 0
    series_office.edit(series=replace(RULE, title=Text("Kahvila", "Café", "Café")))
    (third,) = series_office.cafe()
    assert (str(third["UID"]), third["SEQUENCE"]) == (added, 0)
    assert third["LAST-MODIFIED"].dt > second[added][1]


def test_other_feeds_keep_their_bytes(series_office: SeriesOffice) -> None:
    """A change of the café leaves the feeds in which it does not stand byte for byte as they were."""
    before = {
        name: series_office.feed(name)
        for name in ("all", "events", "deadlines", "work", "welfare-unit", "vamia")
    }
    series_office.edit(series=RULE)
    after = {name: series_office.feed(name) for name in before}
    same = [name for name in before if before[name].body == after[name].body]
    assert same == ["deadlines", "work", "vamia"]
    assert all(after[name].last_modified > before[name].last_modified for name in before if name not in same)


def test_onto_a_neighbour(series_office: SeriesOffice) -> None:
    """A date that moves past the next one leaves the series and stands alone."""
    series_office.edit(series=RULE)
    series_office.edit(change=DateChange(ASCENSION, date(2025, 6, 27)))
    whole, alone = series_office.cafe()
    assert b"EXDATE;TZID=Europe/Helsinki:20250529T170000\r\n" in series_office.feed().body
    assert "RECURRENCE-ID" not in alone
    assert str(alone["UID"]) != str(whole["UID"])
    assert expanded(series_office.feed()) == series_office.rows()


def test_the_first_date_alone(series_office: SeriesOffice) -> None:
    """When the first date leaves the series, the rule begins at the next one."""
    series_office.edit(series=RULE)
    series_office.edit(change=DateChange(date(2025, 3, 27), date(2025, 4, 25)))
    whole = next(one for one in series_office.cafe() if "RRULE" in one)
    assert whole["DTSTART"].dt.replace(tzinfo=None) == datetime(2025, 4, 24, 17)
    assert expanded(series_office.feed()) == series_office.rows()


def test_this_and_later(series_office: SeriesOffice) -> None:
    """From September on at 18: the earlier part keeps its UID, the later has a new one."""
    series_office.edit(series=RULE)
    uid = str(series_office.cafe()[0]["UID"])
    made = series_office.edit(series=replace(RULE, at=time(18)), at=date(2025, 9, 25))
    assert [one.name for one in made] == ["month-2", "month-3"]
    early, late = series_office.cafe()
    assert (str(early["UID"]), early["SEQUENCE"]) == (uid, 1)
    assert (str(late["UID"]) == uid, late["SEQUENCE"]) == (False, 0)
    assert late["DTSTART"].dt.replace(tzinfo=None) == datetime(2025, 9, 25, 18)
    assert expanded(series_office.feed()) == series_office.rows()


def test_removed_and_restored(series_office: SeriesOffice) -> None:
    """A removed series leaves at once and moves the feed's stamp; restored it goes on counting."""
    series_office.edit(series=RULE)
    before = series_office.feed()
    series_office.edit(remove=True)
    assert series_office.cafe() == []
    assert series_office.feed().last_modified > before.last_modified
    with series_office.service.database.read() as connection:
        version = store.series_history(connection, KEY, CAFE)[0].id
    restore_version(series_office.service, KEY, version, BY)
    assert [one["SEQUENCE"] for one in series_office.cafe()] == [1]


def test_irregular_dates(series_office: SeriesOffice) -> None:
    """Dates one by one: each an event with a UID of its own, no RDATE; one moved keeps its UID."""
    days = (date(2025, 4, 3), date(2025, 9, 11))
    (made,) = series_office.edit(
        NEW, series=replace(RULE, rrule="", dates=days, video="https://video.example/1")
    )
    found = [one for one in series_office.cafe() if "RRULE" not in one]
    uids = [str(one["UID"]) for one in found]
    assert len(set(uids)) == 2
    assert {str(one["CONFERENCE"]) for one in found} == {"https://video.example/1"}
    series_office.edit(made.name, change=DateChange(days[0], date(2025, 12, 1)))
    again = [one for one in series_office.cafe() if "RRULE" not in one]
    assert sorted(map(str, (one["UID"] for one in again))) == sorted(uids)
    assert b"RDATE" not in series_office.feed().body
    assert expanded(series_office.feed()) == series_office.rows()


def test_terms(series_office: SeriesOffice) -> None:
    """The family school is weekly in term: no date in a pause."""
    school = "children-family-school"
    old = series_named(series_office.programme, school, "week")
    quiet = (Span(date(2025, 6, 1), date(2025, 8, 10)), Span(date(2025, 12, 20), date(2026, 1, 6)))
    save_series(
        series_office.service,
        Edit(KEY, school, "week", BY, series=replace(old, quiet=quiet, state="confirmed")),
    )
    days = [line[:10] for line in series_office.rows() if line.endswith("confirmed")]
    assert [
        day for day in days if "2025-06-01" <= day <= "2025-08-10" or "2025-12-20" <= day <= "2026-01-06"
    ] == []
    assert expanded(series_office.feed()) == series_office.rows()


def test_cancelled_for_sixty_days(series_office: SeriesOffice) -> None:
    """Cancelled, a date is shown for sixty days after it; then the tick takes it out, as a change."""
    series_office.edit(series=RULE)
    series_office.edit(change=DateChange(APRIL, state="cancelled"))
    database = series_office.service.database
    assert take_out_over(database, APRIL + timedelta(days=60), series_office.tell()) == 0
    assert "CANCELLED" in {str(one["STATUS"]) for one in series_office.cafe()}
    before = series_office.feed()
    assert take_out_over(database, APRIL + timedelta(days=61), series_office.tell()) == 1
    assert "CANCELLED" not in {str(one["STATUS"]) for one in series_office.cafe()}
    assert series_office.feed().last_modified > before.last_modified
    assert take_out_over(database, APRIL + timedelta(days=61), series_office.tell()) == 0


def test_the_preview_points_out_clashes(series_office: SeriesOffice) -> None:
    """Before anything is stored: the dates as they are and would be, and what they fall on."""
    own = replace(series_office.programme, closed_days=(date(2025, 10, 30),))
    days = (date(2025, 5, 29), date(2025, 9, 25), date(2025, 10, 30), date(2025, 12, 25), date(2026, 12, 31))
    edit = Edit(KEY, CAFE, "month", BY, series=replace(RULE, rrule="", dates=days))
    seen = preview_series(own, edit, date(2025, 3, 3))
    found = {one.row.due.isoformat(): one.day_kinds for one in seen.after if one.day_kinds}
    assert found == {
        "2025-05-29": ("holiday",),
        "2025-10-30": ("closed",),
        "2025-12-25": ("holiday", "quiet"),
        "2026-12-31": ("quiet",),
    }
    assert series_office.cafe() == []


def test_wrong_edits(series_office: SeriesOffice) -> None:
    """What cannot be kept is refused with what was expected, and nothing changes."""
    before = series_office.feed().body
    for what in (
        {"series": replace(RULE, rrule="FREQ=HOURLY")},
        {"change": DateChange(date(2025, 1, 1))},
        {},
    ):
        with pytest.raises(UsageError, match=r"^series: expected "):
            series_office.edit(**what)
    with pytest.raises(NotFoundError, match=r"^social-cultural-cafe has no series 'week'; there are month"):
        series_office.edit("week", series=RULE)
    assert series_office.feed().body == before


@pytest.mark.parametrize(
    ("what", "moment"),
    [
        ({"series": replace(RULE, rrule="FREQ=WEEKLY;BYDAY=SU", at=time(3, 30))}, "2025-03-30 03:30"),
        (
            {"series": replace(RULE, rrule="", dates=(date(2025, 3, 30),), at=time(2), minutes=75)},
            "2025-03-30 03:15",
        ),
        ({"change": DateChange(date(2025, 3, 27), date(2025, 3, 30), time(3), 60)}, "2025-03-30 03:00"),
    ],
)
def test_a_time_that_the_clock_skips(series_office: SeriesOffice, what: dict[str, Any], moment: str) -> None:
    """No date begins or ends at a local time that does not exist; nothing changes, the message names it."""
    series_office.edit(series=RULE)
    before = series_office.feed().body
    with pytest.raises(SkippedTimeError) as refused:
        series_office.edit(**what)
    assert str(refused.value) == (
        f"series: expected a time that the clock shows; {moment} is skipped when summer time begins"
    )
    assert series_office.feed().body == before


def test_a_time_that_comes_twice(series_office: SeriesOffice) -> None:
    """Half past three on October's last Sunday is the first one, in summer time (RFC 5545 section 3.3.5)."""
    series_office.edit(
        series=replace(RULE, rrule="", dates=(date(2025, 10, 26),), at=time(3, 30), minutes=15)
    )
    (event,) = series_office.cafe()
    assert b"DTSTART;TZID=Europe/Helsinki:20251026T033000\r\n" in series_office.feed().body
    assert event["DTSTART"].dt.astimezone(UTC) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert event["DTEND"].dt.astimezone(UTC) == datetime(2025, 10, 26, 0, 45, tzinfo=UTC)


def test_an_answer_changes_the_stamp_only(series_office: SeriesOffice) -> None:
    """An answered deadline says so, with the instant of the answer; its SEQUENCE stays."""
    answered = f"{KEY}:safety-ethical-principles:milestone:end"
    before = series_office.feed("deadlines")
    record_answer(series_office.service, AnswerGiven(answered, "done"))
    after = series_office.feed("deadlines")
    assert after.last_modified > before.last_modified
    event = next(
        one
        for one in series_office.events("deadlines")
        if "safety-ethical" in str(one["URL"]) and "Määräaika" in str(one["SUMMARY"])
    )
    assert "Tila: vastattu" in str(event["DESCRIPTION"])
    assert (event["SEQUENCE"], event["LAST-MODIFIED"].dt == after.last_modified) == (0, True)


# -- a year of edits ----------------------------------------------------------------

ACTIONS = st.sampled_from(
    ["rule", "move", "cancel", "restore", "later", "remove", "rename", "back", "schedule", "over"]
)


class Subscriber:
    """A calendar program: keeps what it got over HTTP, asks with the tag that came with it."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app, self.path = app, path
        self.tag = ""
        self.body = b""
        self.modified = datetime(1970, 1, 1, tzinfo=UTC)

    def fetch(self) -> int:
        """Ask whether anything changed, take it over; the date that is said never goes back."""
        reply = asyncio.run(self.get({"if-none-match": self.tag} if self.tag else {}))
        said = parsedate_to_datetime(reply.headers["last-modified"])
        assert said >= self.modified
        self.modified = said
        if reply.status_code == 200:
            self.tag, self.body = reply.headers["etag"], reply.content
        return reply.status_code

    def fresh(self) -> bytes:
        """What somebody gets who has never asked before."""
        return asyncio.run(self.get({})).content

    async def get(self, headers: dict[str, str]) -> httpx.Response:
        """Send one request."""
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.get(self.path, headers={"accept-encoding": "identity", **headers})


def _do(series_office: SeriesOffice, what: str, pick: int) -> None:
    """Do one thing that a secretary does in a year."""
    names = [
        one.name for one in series_office.programme.series if one.action == CAFE and one.state != "removed"
    ]
    name = names[pick % len(names)] if names else ""
    if what == "schedule":
        correct_action(
            series_office.service,
            CorrectionDecision("work-digihyva-juttu", "schedule", f"2023–202{4 + pick % 3}", BY),
        )
    elif what == "over":
        take_out_over(
            series_office.service.database,
            date(2025, 1 + pick % 12, 28) + timedelta(days=61),
            series_office.tell(),
        )
    elif what == "back" or not name:
        with series_office.service.database.read() as connection:
            versions = store.series_history(connection, KEY, CAFE)
        if versions:
            restore_version(series_office.service, KEY, versions[pick % len(versions)].id, BY)
    elif what == "remove":
        series_office.edit(name, remove=True)
    else:
        with suppress(SeriesProblemError):  # a date that has been, or one put on another
            _change(series_office, what, name, pick)


def _change(series_office: SeriesOffice, what: str, name: str, pick: int) -> None:
    old = series_named(series_office.programme, CAFE, name)
    days = [one.on for one in dates_of(old)]
    day = days[pick % len(days)]
    match what:
        case "rule":
            series_office.edit(
                name, series=replace(old, rrule=f"FREQ=MONTHLY;BYDAY={1 + pick % 4}TH", months_off=(7,))
            )
        case "move":
            series_office.edit(
                name, change=DateChange(day, day + timedelta(days=pick % 41 - 20), time(10 + pick % 8), 60)
            )
        case "cancel":
            series_office.edit(name, change=DateChange(day, state="cancelled"))
        case "restore":
            series_office.edit(name, restore=day)
        case "later":
            series_office.edit(name, series=replace(old, at=time(8 + pick % 10), minutes=90), at=day)
        case "rename":
            series_office.edit(
                name, series=replace(old, title=Text(f"Kahvila {pick}", f"Café {pick}", f"Café {pick}"))
            )


def _by_uid(feed: Feed) -> dict[str, tuple[int, datetime, bytes]]:
    """UID to SEQUENCE, LAST-MODIFIED and the octets of its components."""
    parts = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", feed.body, re.DOTALL)
    found: dict[str, tuple[int, datetime, bytes]] = {}
    for part in parts:
        event: Any = icalendar.Event.from_ical(part)
        uid = str(event["UID"])
        earlier = found[uid][2] if uid in found else b""
        found[uid] = (int(event["SEQUENCE"]), event["LAST-MODIFIED"].dt, earlier + part)
    return found


def _shown(octets: bytes) -> list[tuple[str, str, str]]:
    """What stands in a calendar, without its words."""
    events: list[Any] = list(icalendar.Calendar.from_ical(octets).walk("VEVENT"))
    return sorted((str(one["UID"]), str(one["DTSTART"].dt), str(one["STATUS"])) for one in events)


def _timing(octets: bytes) -> list[bytes]:
    names = rb"^(?:DTSTART|DTEND|RRULE|EXDATE|RECURRENCE-ID|STATUS|LOCATION|CONFERENCE)[;:].*(?:\r\n .*)*"
    return sorted(re.findall(names, octets, re.MULTILINE))


@pytest.mark.parametrize("backend", ["sqlite"])
@settings(
    max_examples=8,
    # Shrinking would build databases for minutes; the steps are short enough to read.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(ACTIONS, st.integers(0, 999)), min_size=3, max_size=9))
@example(
    [
        ("move", 3), ("cancel", 10), ("rename", 1), ("rule", 2), ("restore", 4), ("later", 9), ("move", 25),
        ("schedule", 1), ("remove", 0), ("back", 0), ("over", 4),
    ]
)  # fmt: skip
def test_a_year_of_edits(new_url: Callable[[str], str], steps: list[tuple[str, int]]) -> None:
    """After each edit numbers and stamps are right, and a subscriber has exactly what a fresh fetch gives.

    Stamps never go back, SEQUENCE rises with every change of dates and with no other, a feed that
    holds the same is the same octets, and the calendar has the dates of the occurrences.
    """
    database = Database(new_url("loaded"))
    series_office = SeriesOffice(database)
    series_office.edit(series=RULE)
    app = create_app(series_office.service)
    names = ("all", "events", "deadlines", "work", "alma")
    subscribers = {name: Subscriber(app, f"/calendars/{name}-fi.ics") for name in names}
    own = Subscriber(app, issue_feed(series_office.service, KEY, BY, "secretary").address("", "fi"))
    assert {one.fetch() for one in (own, *subscribers.values())} == {200}
    feeds = {name: series_office.feed(name) for name in subscribers}
    ever: dict[str, int] = {}
    try:
        for what, pick in steps:
            _do(series_office, what, pick)
            for name, subscriber in subscribers.items():
                old, new = feeds[name], series_office.feed(name)
                assert subscriber.fetch() == (304 if new.body == old.body else 200)
                assert subscriber.body == subscriber.fresh() == new.body
                assert new.last_modified >= old.last_modified
                if new.body != old.body:
                    assert new.last_modified > old.last_modified
                was, now = _by_uid(old), _by_uid(new)
                for uid, (sequence, modified, octets) in now.items():
                    assert sequence >= ever.get(uid, 0)
                    if uid in was and octets != was[uid][2]:
                        assert modified > was[uid][1]
                        assert (sequence > was[uid][0]) == (_timing(octets) != _timing(was[uid][2]))
                    elif uid in was:
                        assert modified == was[uid][1]
                    ever[uid] = sequence
                feeds[name] = new
            assert expanded(feeds["events"]) == series_office.rows()
            own.fetch()
            assert own.body == own.fresh()
            assert _shown(own.body) == _shown(feeds["all"].body)
    finally:
        database.close()


def test_stored_once_on_both(series_office: SeriesOffice, tmp_path: Path) -> None:
    """What is kept is read back equal, its history in order."""
    made = series_office.edit(series=RULE)
    assert series_office.programme.series == made
    with series_office.service.database.read() as connection:
        assert tuple(one.kept for one in store.series_history(connection, KEY, CAFE)) == made
