"""A new version comes: what stored rows name stays, what goes on as what is asked, a loss is typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from calendars.event import uid
from reminders.collection.measures import ValueRow
from reminders.delivery import MemoryTransport
from reminders.errors import GuardError, UsageError
from reminders.intake.pairing import SameAnswers
from reminders.planning.links import Links
from reminders.planning.recipients import Contact
from reminders.planning.replies import Pause
from reminders.service import Service
from reminders.store import answers, collection, people, programmes, series, tables
from reminders.store.collection import FormRow, StatusRow
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.answers.status import status_of
from reminders.use.answers.target_dates import EnteredDate, enter_date
from reminders.use.feeds.private_feeds import issue_feed
from reminders.use.feeds.source import read_source
from reminders.use.mail.digests import digest_now
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.programme.read_files import Import, read_import, read_version_before, store_import
from reminders.use.programme.settings import release_programme
from reminders.use.programme.store_programme import rework, store_programme
from reminders.use.tick import tick
from reminders.use.watch.evidence import verify_log
from schedule_rules.programme import EditedSeries, Text
from tests.cli.conftest import Ran, Runner, reminders
from tests.use.office import body
from tests.web.conftest import HELSINKI, Reader, open_service
from tests.web.forms import hidden, send

__all__ = ["reminders"]

MONDAY = datetime(2026, 1, 12, 9, 0, tzinfo=HELSINKI)
ALPHA, BETA, SECRETARY = "alpha@city.example", "beta@city.example", "secretary@city.example"
UNITS = ("alpha", "beta", "board")
Row = tuple[str, str, str, str]  # id, title, schedule, lead

GUIDE: Row = ("1-1", "Publish guide for newcomers", "by 31 March 2026", "alpha")
TRAIN: Row = ("1-2", "Train teachers and librarians", "by 30 June 2026", "alpha")
CAFE: Row = ("1-3", "Arrange a multicultural café once a month", "continuous", "alpha")
VISITS: Row = ("1-4", "Visit at least 6 schools every year", "continuous", "alpha")
FAIR: Row = ("2-1", "Hold a fair for employers", "by 31 May 2026", "beta")
ROUND: Row = ("3-1", "Annual data collection", "continuous", "beta")
ALL = (GUIDE, TRAIN, CAFE, VISITS, FAIR, ROUND)


def as_row(row: Row, **changes: str) -> Row:
    """A row with another id, title, schedule or lead."""
    names = ("id", "title", "schedule", "lead")
    return tuple(changes.get(name, value) for name, value in zip(names, row, strict=True))  # type: ignore[return-value]


def led_by(lead: str, rows: Sequence[Row] = ALL, instead_of: str = "alpha") -> list[Row]:
    """Rows with another lead."""
    return [as_row(row, lead=lead) if row[3] == instead_of else row for row in rows]


def plan(folder: Path, rows: Sequence[Row], units: Sequence[str] = UNITS) -> str:
    """Write a programme as a file, and return its path."""
    lines = [
        "format: action-programme/1",
        "programme:",
        "  key: city",
        "  name: {en: Programme of the city}",
        "  period: {start: '2025-01-01', end: '2028-12-31'}",
        "  timezone: Europe/Helsinki",
        "  languages: [en]",
        "  monitored_by: board",
        "domains:",
        "- {key: dom, en: Domain}",
        "goals:",
        "- {key: goal, domain: dom, en: Goal}",
        "organisations:",
        *(f"- {{key: {key}, type: city unit, name: {{en: Unit {key}}}}}" for key in units),
        "actions:",
    ]
    for number, title, schedule, lead in rows:
        lines += [
            f"- id: {number}",
            "  goal: goal",
            f"  action: {{en: ['{title}']}}",
            f"  schedule: {{en: '{schedule}'}}",
            f"  responsible: {{en: 'Unit {lead}'}}",
            f"  leads: [{lead}]",
            "  partners: []",
        ]
    path = folder / f"v{len(list(folder.glob('v*.yaml')))}.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


class City:
    """A service on a running programme of six actions, with a clock that is set by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, MONDAY
        self.service: Service = open_service(folder, lambda: self.now)
        self.service.database.migrate()
        self.bring(ALL)
        with self.service.database.write() as connection:
            people.save_contacts(
                connection,
                "city",
                (
                    Contact("alpha", "contact", "Alpha", ALPHA, "en"),
                    Contact("alpha", "head", "Head", "head@city.example", "en"),
                    Contact("beta", "contact", "Beta", BETA, "en"),
                    Contact("board", "secretary", "Secretary", SECRETARY, "en"),
                ),
            )
        release_programme(self.service, "city")
        tick(self.service)

    def read(self, rows: Sequence[Row], *same: str, units: Sequence[str] = UNITS) -> Import:
        """Read a version, with answers to what it asks."""
        return read_import(
            self.service, [plan(self.folder, rows, units)], None, "city", same=SameAnswers.read(same)
        )

    def bring(
        self, rows: Sequence[Row], *same: str, units: Sequence[str] = UNITS, loss: bool = False
    ) -> Import:
        """Read a version and store it."""
        found = self.read(rows, *same, units=units)
        store_import(self.service, found, accept_loss=loss)
        return found

    def answer(self, occurrence: str, by: str = ALPHA) -> None:
        """Say that it is done."""
        record_answer(self.service, AnswerGiven(f"city:{occurrence}", "done", by=by))

    def run(self, times: int, every: int = 1) -> None:
        """Tick once a day, or every few days."""
        for _ in range(times):
            self.now += timedelta(days=every)
            tick(self.service)

    def answered(self) -> dict[str, list[str]]:
        """The answers that stand: units by occurrence."""
        found: dict[str, list[str]] = {}
        with self.service.database.read() as connection:
            for one in answers.answers_of(connection, "city"):
                found.setdefault(one.occurrence.removeprefix("city:"), []).append(one.organisation)
        return found

    def statuses(self) -> dict[str, str]:
        """How milestones stand, by title."""
        found: dict[str, str] = {}
        with self.service.database.read() as connection:
            programme = programmes.stored_programme(connection, "city").programme
            given = answers.standing_answers_of(connection, "city")
            for one in programmes.stored_occurrences(connection, "city"):
                if one.row.kind == "milestone":
                    found[one.row.title.get("en")] = status_of(programme, one.row, given)
        return found

    def pages(self, most: int) -> dict[str, int]:
        """The pages that one can come to from the first ones, as the secretary, with their codes."""
        reader = Reader(self.service).sign_in()
        seen: dict[str, int] = {}
        todo = [
            "/",
            "/digest",
            "/contacts",
            "/findings",
            "/hand-over",
            "/decisions",
            "/collection",
            "/import",
        ]
        todo += ["/forecast", "/outbox", "/settings", "/calendars/", "/api/v1/occurrences"]
        kinds: Counter[str] = Counter()
        while todo and len(seen) < most:
            url = todo.pop(0)
            kind = re.sub(r"\d+|[0-9a-f-]{20,}|\?.*|(?<=settings/).*", "", url)
            if url in seen or kinds[kind] > 6 or url.endswith(".xlsx"):
                continue
            kinds[kind] += 1
            page = reader.get(url)
            seen[url] = page.status_code
            links = re.findall(r'href="(/[^"#]*)"', page.text) if page.status_code == 200 else []
            todo += [one.replace("&amp;", "&") for one in links if "lang=" not in one and "static" not in one]
        return seen


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """The city with its programme started; whatever a version renames, the evidence holds."""
    made = City(tmp_path)
    yield made
    assert verify_log(made.service).events > 0
    made.service.database.close()


def with_everything(city: City) -> None:
    """Let every table that can name unit alpha and its actions do so."""
    city.answer("1-1:milestone:end")
    correct_action(city.service, CorrectionDecision("1-2", "schedule", "by 31 August 2026", SECRETARY))
    correct_action(city.service, CorrectionDecision("2-1", "partners", "alpha", SECRETARY))
    hand_over(city.service, HandOver("city", "beta", "alpha", date(2026, 5, 1), ("2-1",), SECRETARY))
    enter_date(city.service, EnteredDate("1-4", date(2026, 2, 3), ALPHA))
    issue_feed(city.service, "city", ALPHA, "own")
    due, round_id = date(2026, 8, 31), "city:3-1:collection:2025"
    typed = {"lang": "en", "actions": {"1-1": {"status": "done", "values": [], "note": "So far."}}}
    with city.service.database.write() as connection:
        answers.add_pause(
            connection,
            Pause("city:1-2:milestone:end", "alpha", date(2026, 1, 30), "Away", ALPHA, city.now, due),
        )
        collection.save_form(
            connection, FormRow(round_id, "alpha", 1, typed, editing=True, saved_by=ALPHA, saved_at=city.now)
        )
        collection.add_value(
            connection, ValueRow("city", "1-1", "alpha", 2025, "number", "3", ALPHA, city.now)
        )
        collection.add_statuses(
            connection, [StatusRow(round_id, "alpha", "1-1", "done", "", ALPHA, city.now)]
        )
        series.add_series(
            connection,
            "city",
            EditedSeries(
                "1-3",
                "monthly",
                date(2026, 2, 12),
                date(2026, 12, 31),
                "FREQ=MONTHLY;BYDAY=2TH",
                title=Text(en="Café"),
            ),
            city.now,
        )
        rework(connection, "city", city.now)


def holds(city: City) -> None:
    """Pages open, three months of runs end well, and every page opens then."""
    assert {url: code for url, code in city.pages(14).items() if code >= 500 or code == 404} == {}
    city.run(30, every=3)
    assert {url: code for url, code in city.pages(90).items() if code >= 500 or code == 404} == {}


def rows_of(city: City, table: str) -> list[str]:
    """A table as text."""
    with city.service.database.read() as connection:
        return [str(tuple(row)) for row in connection.execute(select(tables.metadata.tables[table]))]


NAMING = (
    "contact", "answer", "pause", "handover", "target_date", "indicator_value", "collection_status",
    "collection_form", "correction",
)  # fmt: skip


# -- organisations ------------------------------------------------------------------------


def test_a_unit_that_vanishes_is_kept_and_said(city: City) -> None:
    """Nobody takes its place by name: its actions are another unit's, and that is asked; it may be nobody."""
    with_everything(city)
    before = {name: rows_of(city, name) for name in NAMING}
    asked = city.read(led_by("beta"), units=("beta", "board"))
    assert [(one.key, [each.key for each in one.candidates]) for one in asked.pairing.open] == [
        ("alpha", ["beta"])
    ]
    with pytest.raises(GuardError):
        store_import(city.service, asked)
    found = city.bring(led_by("beta"), "alpha=-", units=("beta", "board"))
    assert [one["words"] for one in found.findings if one["code"] == "organisation-kept"] == ["Unit alpha"]
    assert {name: rows_of(city, name) for name in NAMING} == before
    assert city.answered()["1-1:milestone:end"] == ["alpha"]
    holds(city)


def test_a_unit_that_vanishes_with_its_actions_is_kept(city: City) -> None:
    """The loss is confirmed; what was stored about the unit stays, and nothing fails by it."""
    with_everything(city)
    left = [row for row in ALL if row[3] == "beta"]
    with pytest.raises(GuardError):
        city.bring(left, units=("beta", "board"))
    found = city.bring(left, units=("beta", "board"), loss=True)
    assert found.pairing.answered == ("1-1", "1-4")
    assert len(rows_of(city, "answer")) == 1
    holds(city)


def test_actions_that_go_with_everything_on_them(city: City) -> None:
    """Answers, pauses, forms, hand-overs, a series, dates, waiting and stranded reminders: nothing fails."""
    with_everything(city)
    with city.service.database.write() as connection:
        people.flag_address(connection, BETA, city.now, 550, "no such user")
    city.run(45)
    before = {name: rows_of(city, name) for name in NAMING}
    left = [("9-1", "Paint the old town hall", "2027", "board"), as_row(ROUND, lead="board")]
    city.bring(left, "beta=-", "alpha=-", units=("board",), loss=True)
    assert {name: rows_of(city, name) for name in NAMING} == before
    holds(city)


def test_a_key_that_no_version_knows_is_called_by_itself(city: City) -> None:
    """A database of an older release may name a unit that its programme lost: runs and pages go on."""
    with_everything(city)
    with city.service.database.write() as connection:
        stored = programmes.stored_programme(connection, "city").printed
        left = tuple(one for one in stored.organisations if one.key != "alpha")
        rows = tuple(replace(one, leads=("beta",)) for one in stored.actions)
        store_programme(connection, replace(stored, organisations=left, actions=rows), city.now)
    holds(city)


def test_a_unit_that_is_renamed_takes_everything_along(city: City) -> None:
    """Contacts, answers, forms, corrections and hand-overs are its own under the new key."""
    with_everything(city)
    units = ("alpha-new", "beta", "board")
    asked = city.read(led_by("alpha-new"), units=units)
    assert [one.key for one in asked.pairing.open] == ["alpha"]
    city.bring(led_by("alpha-new"), "alpha=alpha-new", units=units)
    for name in NAMING:
        named = [row for row in rows_of(city, name) if "alpha" in row.replace("@city", "")]
        assert all("'alpha'" not in row for row in named), name
    assert city.answered()["1-1:milestone:end"] == ["alpha-new"]
    with city.service.database.read() as connection:
        row = programmes.stored_programme(connection, "city")
    assert "alpha" not in row.programme.organisation_by_key
    assert row.programme.action_by_id["2-1"].partners == ("alpha-new",)
    reader = Reader(city.service)
    for address in ("/calendars/alpha-en.ics", "/calendars/city/alpha-en.ics"):
        assert reader.get(address).status_code == 200  # who subscribed goes on
    holds(city)


def test_units_that_become_one(city: City) -> None:
    """Two answer for one from now on; both histories are its own."""
    with_everything(city)
    city.answer("2-1:milestone:end", BETA)
    rows = led_by("culture", led_by("culture"), "beta")
    asked = city.read(rows, units=("culture", "board"))
    assert sorted(one.key for one in asked.pairing.open) == ["alpha", "beta"]
    city.bring(rows, "alpha=culture", "beta=culture", units=("culture", "board"))
    assert set(map(tuple, city.answered().values())) == {("culture",)}
    with city.service.database.read() as connection:
        assert {one.organisation for one in people.contacts_of(connection, "city")} == {"culture", "board"}
    holds(city)


CULTURE = ("culture", "board")


def named(city: City) -> dict[str, list[str]]:
    """Every row that names a unit, by table, but what follows from the programme itself."""
    return {table: sorted(rows_of(city, table)) for table in (*NAMING, "reminder")}


def take_back(city: City) -> None:
    """Restore the previous version."""
    store_import(city.service, read_version_before(city.service, "city"), accept_loss=True)


@pytest.mark.parametrize(
    ("lead", "same"),
    [("culture", ("alpha=culture", "beta=culture")), ("beta", ("alpha=beta",)), ("alpha", ("beta=alpha",))],
)
def test_units_that_became_one_are_parted_when_that_is_taken_back(
    city: City, lead: str, same: tuple[str, ...]
) -> None:
    """Each has again what was its own, row by row, whichever key went on."""
    with_everything(city)
    city.answer("2-1:milestone:end", BETA)
    city.run(3)
    before = named(city)
    city.bring(led_by(lead, led_by(lead), "beta"), *same, units=(lead, "board"))
    assert named(city) != before
    take_back(city)
    assert named(city) == before
    with city.service.database.read() as connection:
        programme = programmes.stored_programme(connection, "city").programme
    assert [one.key for one in programme.organisations] == ["alpha", "beta", "board"]
    holds(city)


def test_what_was_written_while_they_were_one_stays_with_the_first(city: City) -> None:
    """Of alpha and beta that were culture: alpha, which comes first in the programme; nothing is lost."""
    with_everything(city)
    city.bring(led_by("culture", led_by("culture"), "beta"), "alpha=culture", "beta=culture", units=CULTURE)
    city.answer("1-2:milestone:end")
    city.answer("2-1:milestone:end", BETA)
    assert set(map(tuple, city.answered().values())) == {("culture",)}
    take_back(city)
    assert city.answered() == {
        "1-1:milestone:end": ["alpha"],
        "1-2:milestone:end": ["alpha"],
        "2-1:milestone:end": ["alpha"],
    }


def test_units_that_became_one_in_a_renumbering_are_parted(city: City) -> None:
    """Actions and units move at once, and back at once."""
    with_everything(city)
    city.answer("2-1:milestone:end", BETA)
    before = named(city)
    rows = led_by("culture", led_by("culture", SHIFTED), "beta")
    city.bring(rows, "titles", "alpha=culture", "beta=culture", units=CULTURE)
    take_back(city)
    assert named(city) == before


def test_a_unit_that_is_split_is_asked_about(city: City) -> None:
    """Either may be the one that goes on; the other begins."""
    with_everything(city)
    rows = [
        as_row(row, lead="north" if row in (GUIDE, TRAIN) else "south") if row[3] == "alpha" else row
        for row in ALL
    ]
    units = ("north", "south", "beta", "board")
    asked = city.read(rows, units=units)
    assert [[each.key for each in one.candidates] for one in asked.pairing.open] == [["north", "south"]]
    city.bring(rows, "alpha=north", units=units)
    assert city.answered()["1-1:milestone:end"] == ["north"]
    holds(city)


def test_a_unit_that_nothing_names_is_not_asked_about(city: City) -> None:
    """A unit without contacts and history simply goes."""
    city.bring([*ALL, ("4-1", "Open a library branch", "2027", "gamma")], units=(*UNITS, "gamma"))
    found = city.read([*ALL, ("4-1", "Open a library branch", "2027", "delta")], units=(*UNITS, "delta"))
    assert found.pairing.open == ()


# -- actions ------------------------------------------------------------------------------

SHIFTED = (
    ("1-1", "Appoint a coordinator", "by 31 May 2026", "alpha"),
    *(as_row(row, id=f"1-{number}") for number, row in enumerate((GUIDE, TRAIN, CAFE, VISITS), start=2)),
    FAIR,
    ROUND,
)


def test_a_renumbered_action_takes_its_history_along(city: City) -> None:
    """One in front: the done one is done under its new id, and the new first one is open."""
    with_everything(city)
    city.run(1)
    asked = city.read(SHIFTED)
    assert [(one.key, one.exact and one.exact.key) for one in asked.pairing.open] == [
        ("1-1", "1-2"), ("1-2", "1-3"), ("1-3", "1-4"), ("1-4", "1-5"),
    ]  # fmt: skip
    mailed = rows_of(city, "reminder")
    city.bring(SHIFTED, "titles")
    assert city.answered() == {"1-2:milestone:end": ["alpha"]}
    found = city.statuses()
    assert (found[GUIDE[1]], found["Appoint a coordinator"]) == ("completed", "needs-action")
    with city.service.database.read() as connection:
        row = programmes.stored_programme(connection, "city")
        (form,) = collection.forms_of(connection, "city:3-1:collection:2025").values()
        stored = series.stored_series(connection, "city")
        dates = answers.target_dates_of(connection, "city")
        value = collection.value_rows(connection, "city")
    assert [one.field for one in row.programme.action_by_id["1-3"].corrections] == ["schedule"]
    assert list(form.draft["actions"]) == ["1-2"]
    assert [one.action for one in stored] == ["1-4"]
    assert [one.action for one in dates] == ["1-5"]
    assert [one.action for one in value] == ["1-2"]
    assert len(rows_of(city, "reminder")) == len(mailed)
    holds(city)


def standing(city: City) -> dict[str, str]:
    """The UIDs of what stands in calendars, by title; not what is cancelled."""
    found = read_source(city.service, "city").entries
    return {one.title.get("en"): one.uid for one in found if one.status != "cancelled"}


def test_a_calendar_and_a_link_follow_a_renumbered_action(city: City) -> None:
    """The UID stays with the title, the new first action has its own; an old link opens what it was for."""
    before = {one.title.get("en"): one.uid for one in read_source(city.service, "city").entries}
    assert before[GUIDE[1]] == uid("milestone", "city:1-1:milestone:end")
    token = Links(city.service.secret).issue("answer", "city:1-1:milestone:end", ALPHA, date(2026, 3, 1))
    assert GUIDE[1] in Reader(city.service).get(f"/answer/{token}").text
    city.bring(SHIFTED, "titles")
    after = {one.title.get("en"): one.uid for one in read_source(city.service, "city").entries}
    fresh = after.pop("Appoint a coordinator")
    assert after == before
    assert fresh not in before.values()
    page = Reader(city.service).get(f"/answer/{token}").text
    assert GUIDE[1] in page
    assert "Appoint a coordinator" not in page
    city.bring(SHIFTED[1:], loss=True)  # and once more, when the first one goes again
    assert standing(city) == before
    assert {"Appoint a coordinator": fresh} == {
        one.title.get("en"): one.uid
        for one in read_source(city.service, "city").entries
        if one.status == "cancelled"
    }


def test_an_old_address_says_whose_it_was(city: City) -> None:
    """The id of the guide is the coordinator's now: its page says so and leads on; what stayed is silent."""
    city.bring(SHIFTED, "titles")
    reader = Reader(city.service)
    page = reader.get("/actions/1-1?programme=city&lang=en").text
    assert "Appoint a coordinator" in page
    assert f"Until 12 Jan 2026 this address belonged to ‘{GUIDE[1]}’, which is now 1-2:" in page.replace(
        "\xa0", " "
    )
    assert f'<a href="/actions/1-2?programme=city">{GUIDE[1]}</a>' in page
    assert (
        "this address belonged to" in reader.get("/actions/1-2?programme=city&lang=en").text
    )  # it was the training's
    assert "this address belonged to" not in reader.get("/actions/2-1?programme=city&lang=en").text


def test_an_address_that_nobody_has_leads_on_through_several_versions(city: City) -> None:
    """2-1 became 2-5 and then 7-1: each old address opens the fair; one that never was is not found."""
    others = [one for one in ALL if one != FAIR]
    city.bring([*others, as_row(FAIR, id="2-5")], "titles")
    city.bring([*others, as_row(FAIR, id="7-1")], "titles")
    reader = Reader(city.service)
    for old in ("2-1", "2-5"):
        for query in ("?programme=city", "?programme=city&lang=sv", ""):
            led = reader.get(f"/actions/{old}{query}")
            assert (led.status_code, led.headers["location"].split("?")[0]) == (303, "/actions/7-1")
            assert FAIR[1] in reader.get(led.headers["location"]).text
    assert reader.get("/actions/2-9?programme=city").status_code == 404
    assert reader.get("/actions/2-1?programme=other").status_code == 404


def test_an_action_that_is_gone_is_not_led_on_to_another(city: City) -> None:
    """Its id is free: not found. Its id is another's: the page says that it is no longer in the programme."""
    city.bring([one for one in ALL if one != FAIR], loss=True)
    assert Reader(city.service).get("/actions/2-1?programme=city").status_code == 404
    city.bring([*(one for one in ALL if one != FAIR), as_row(FAIR, title="Print a map of all libraries")])
    page = Reader(city.service).get("/actions/2-1?programme=city&lang=en").text
    assert f"‘{FAIR[1]}’, which is no longer in the programme." in page


def test_a_version_that_is_taken_back_has_its_addresses_back(city: City) -> None:
    """What the addresses meant in between is said of those that are another's again."""
    city.bring(SHIFTED, "titles")
    store_import(city.service, read_version_before(city.service, "city"), accept_loss=True)
    reader = Reader(city.service)
    assert GUIDE[1] in reader.get("/actions/1-1?programme=city&lang=en").text
    assert reader.get("/actions/1-5?programme=city").headers["location"] == "/actions/1-4?programme=city"


def test_the_link_of_a_mail_opens_what_the_mail_was_about(city: City) -> None:
    """A mail of before two renumberings, in the second of which two actions change places."""
    city.run(28, every=3)
    transport = city.service.transport()
    assert isinstance(transport, MemoryTransport)
    mails = [one for one in transport.envelopes if one.recipient == ALPHA]
    texts = [body(message_from_bytes(one.raw, policy=policy.default)) for one in mails]
    urls = {url for text in texts for url in re.findall(r"/answer/[a-z2-7]{56}", text)}
    about = {url: title_behind(city, url) for url in urls}
    assert {len(titles) for titles in about.values()} == {1}
    assert {GUIDE[1], CAFE[1], VISITS[1]} <= {title for titles in about.values() for title in titles}
    city.bring(SHIFTED, "titles")
    swapped = [as_row(SHIFTED[0]), as_row(SHIFTED[2], id="1-2"), as_row(SHIFTED[1], id="1-3"), *SHIFTED[3:]]
    city.bring(swapped, "titles")
    assert {url: title_behind(city, url) for url in urls} == about


def title_behind(city: City, url: str) -> list[str]:
    """The actions whose title stands on the page behind a link."""
    page = Reader(city.service).get(f"{url}?lang=en").text
    return [title for _, title, _, _ in (*SHIFTED[:1], *ALL) if title in page]


def test_a_whole_programme_that_shifts_is_one_answer(tmp_path: Path, reminders: Runner) -> None:
    """Sixty actions under new ids: the refusal says the one option, which is enough."""
    topics = (
        "schools",
        "libraries",
        "clinics",
        "parks",
        "ports",
        "farms",
        "shops",
        "banks",
        "roads",
        "halls",
    )
    verbs = ("Open", "Survey", "Translate", "Renew", "Fund", "Celebrate")
    titles = [f"{verb} {topic} with volunteers {topic}" for verb in verbs for topic in topics]
    old = [(f"a-{n}", title, "2027", "alpha") for n, title in enumerate(titles)]
    new = [("a-0", "Hire an interpreter", "2027", "alpha")]
    new += [(f"a-{n + 1}", title, "2027", "alpha") for n, title in enumerate(titles)]
    first, second = plan(tmp_path, old), plan(tmp_path, new)
    assert reminders("import", first).code == 0
    refused = reminders("import", second)
    assert refused.code == 1
    command = refused.err.strip().splitlines()[-1]
    assert command == f"For example: reminders import {second} --same titles"
    assert reminders("import", second, "--same", "titles").code == 0


def test_the_same_id_with_another_title_is_asked_about(city: City) -> None:
    """A reworded title is the same without a question, another one is not; both answers do what they say."""
    city.answer("1-1:milestone:end")
    small = [as_row(GUIDE, title="Publish a guide for newcomers"), *ALL[1:]]
    assert city.read(small).pairing.open == ()
    other = [as_row(GUIDE, title="Build an ice rink"), *ALL[1:]]
    (question,) = city.read(other).pairing.open
    assert (question.key, [one.key for one in question.candidates]) == ("1-1", ["1-1"])
    same = city.read(other, "1-1=1-1")
    assert (same.pairing.open, same.pairing.lost) == ((), ())
    with pytest.raises(GuardError):  # it has answers
        city.bring(other, "1-1=-")
    city.bring(other, "1-1=-", loss=True)
    assert city.answered() == {"1-1-until-2026-01-12:milestone:end": ["alpha"]}
    assert city.statuses()["Build an ice rink"] == "needs-action"
    holds(city)


def test_split_and_merged_actions_are_asked_about(city: City) -> None:
    """One goes on, which one is said; two cannot go on as one."""
    split = [
        as_row(GUIDE, id="1-1a", title="Publish guide for newcomers in Finnish"),
        as_row(GUIDE, id="1-1b", title="Publish guide for newcomers in Swedish"),
        *ALL[1:],
    ]
    (question,) = city.read(split).pairing.open
    assert (question.key, [one.key for one in question.candidates]) == ("1-1", ["1-1a", "1-1b"])
    assert city.read(split, "1-1=1-1b").pairing.open == ()
    merged = [
        ("1-9", "Publish guide for newcomers and train teachers and librarians", "by 30 June 2026", "alpha"),
        *ALL[2:],
    ]
    asked = city.read(merged)
    assert [(one.key, one.candidates[0].key) for one in asked.pairing.open] == [
        ("1-1", "1-9"),
        ("1-2", "1-9"),
    ]
    both = city.read(merged, "1-1=1-9", "1-2=1-9").pairing
    assert (both.clashes, [one.key for one in both.open]) == ({"1-9": ("1-1", "1-2")}, ["1-1", "1-2"])
    city.answer("1-2:milestone:end")
    city.bring(merged, "1-1=1-9", "1-2=-", loss=True)
    assert city.answered() == {"1-2:milestone:end": ["alpha"]}
    holds(city)


def test_an_id_that_comes_back_for_another_action_brings_no_history(city: City) -> None:
    """What went under it keeps its answers apart; the same action that comes back has them again."""
    city.answer("1-1:milestone:end")
    city.bring(ALL[1:], loss=True)
    assert city.bring(ALL).pairing.questions == ()
    assert city.statuses()[GUIDE[1]] == "completed"
    city.bring(ALL[1:], loss=True)
    city.bring([as_row(GUIDE, title="Build an ice rink"), *ALL[1:]])
    assert city.statuses()["Build an ice rink"] == "needs-action"


@pytest.mark.parametrize(
    ("same", "words"),
    [
        (("1-1",), "expected OLD=NEW, OLD=- or titles; found '1-1'"),
        (("9-9=1-1",), "expected an action or organisation of the stored programme"),
        (("1-1=9-9",), "expected an action or organisation of the new version, or -"),
        (("1-1=1-2", "1-1=1-3"), "expected one answer for 1-1; found 1-2 and 1-3"),
    ],
)
def test_an_answer_that_means_nothing_is_refused(city: City, same: tuple[str, ...], words: str) -> None:
    """What was expected and what was found; nothing is stored."""
    with pytest.raises(UsageError, match=re.escape(words)):
        city.read(SHIFTED, *same)


# -- a loss, and taking back ---------------------------------------------------------------


def test_a_large_loss_or_one_with_answers_is_typed(city: City) -> None:
    """A tenth may go without a word; more, or what has answers, not."""
    many = [(f"5-{n}", f"{word} {word}", "2027", "beta") for n, word in enumerate(WORDS)]
    city.bring([*ALL, *many])
    assert city.read([*ALL, *many[1:]]).refusal(accept_loss=False) is None
    assert city.read([*ALL, *many[4:]]).refusal(accept_loss=False) == "loss"
    assert city.read([*ALL, *many[4:]]).refusal(accept_loss=True) is None
    city.answer("1-1:milestone:end")
    assert city.read([*ALL[1:], *many]).pairing.answered == ("1-1",)
    assert city.read([*ALL[1:], *many]).refusal(accept_loss=False) == "loss"


WORDS = (
    "alders", "birches", "cedars", "dunes", "elms", "ferns", "groves", "hedges", "islands", "junipers",
    "kelp", "lakes", "meadows", "nettles", "oaks", "pines", "quays", "rivers", "shores", "tides",
)  # fmt: skip


def test_the_version_before_is_taken_back_with_its_keys(city: City) -> None:
    """Everything is as it was; what was answered meanwhile is kept; taken back again, it is the newer one."""
    with_everything(city)
    units = ("alpha-new", "beta", "board")
    before = {name: rows_of(city, name) for name in NAMING}
    feeds = {one.title.get("en"): one.uid for one in read_source(city.service, "city").entries}
    city.bring(led_by("alpha-new", SHIFTED), "titles", "alpha=alpha-new", units=units)
    city.answer("1-1:milestone:end")  # the coordinator
    back = read_version_before(city.service, "city")
    assert back.refusal(accept_loss=False) == "loss"
    store_import(city.service, back, accept_loss=True)
    after = {name: rows_of(city, name) for name in NAMING}
    assert after.pop("answer")[:1] == before.pop("answer")
    assert after == before
    assert city.answered()["1-1:milestone:end"] == ["alpha"]
    assert standing(city) == feeds
    again = read_version_before(city.service, "city")
    store_import(city.service, again, accept_loss=True)
    assert city.statuses()["Appoint a coordinator"] == "completed"
    holds(city)


# -- corrections, names ---------------------------------------------------------------------


def findings(city: City) -> list[Mapping[str, str]]:
    """What waits for a decision from imports."""
    with city.service.database.read() as connection:
        return list(programmes.stored_programme(connection, "city").findings)


def test_a_wording_that_changes_under_a_correction_is_a_finding(city: City) -> None:
    """Both wordings and the correction, which still holds; another import keeps it, a decision ends it."""
    correct_action(city.service, CorrectionDecision("1-2", "schedule", "by 31 August 2026", SECRETARY))
    changed = [GUIDE, as_row(TRAIN, schedule="by 30 November 2026"), *ALL[2:]]
    city.bring(changed)
    (one,) = findings(city)
    assert (one["code"], one["place"]) == ("corrected-wording", "1-2")
    assert one["words"] == "by 30 June 2026 → by 30 November 2026"
    assert one["detail"] == "by 31 August 2026"
    with city.service.database.read() as connection:
        (row,) = programmes.stored_occurrences(connection, "city", ["city:1-2:milestone:end"])
    assert row.row.due == date(2026, 8, 31)
    assert (
        "The wording behind a correction has changed"
        in Reader(city.service).sign_in().get("/findings?lang=en").text
    )
    secretary = Reader(city.service).sign_in()
    decisions = secretary.get("/decisions?lang=en").text  # one list, counted alike on every page
    assert "The wording behind a correction has changed" in decisions
    assert decisions.count('<article class="matter">') == 1
    assert "1 item needs your decision." in decisions
    assert "Decide on 1 item" in secretary.get("/?lang=en").text
    (document,), letter = digest_now(city.service, "en", "city")
    counts, listed = document["counts"], document["unclear"]
    assert isinstance(counts, dict)
    assert isinstance(listed, list)
    assert (counts["decisions"], len(listed)) == (1, 1)
    assert "by 30 June 2026 → by 30 November 2026" in " ".join(letter.split())
    city.bring([as_row(GUIDE, schedule="by 30 April 2026"), *changed[1:]])
    assert [one["place"] for one in findings(city)] == ["1-2"]
    correct_action(city.service, CorrectionDecision("1-2", "schedule", "by 30 November 2026", SECRETARY))
    assert findings(city) == []


CSV = (
    "No;Action;Schedule;Responsible;Indicator",
    "1.1;Publish guide for newcomers;by 31 March 2026;Unit Alpha;Guide published",
    "1.2;Open a service point;Continuous;Leisure Services;Visits",
)


def test_dates_are_compared_as_they_hold(city: City) -> None:
    """A corrected action keeps its date: nothing changes there, and its other wording is a finding."""
    correct_action(city.service, CorrectionDecision("1-1", "schedule", "31 May 2026", SECRETARY, "", "city"))
    later = [as_row(row, schedule="by 31 December 2026") if row[0] in {"1-1", "1-2"} else row for row in ALL]
    found = city.read(later)
    moved = [(one.place, one.before, one.after) for one in found.changes if one.kind == "moved"]
    assert moved == [("city:1-2:milestone:end", "2026-06-30", "2026-12-31")]
    assert [one.place for one in found.changes if one.field == "schedule"] == ["1-2"]
    under = [one for one in found.findings if one["code"] == "corrected-wording"]
    assert [(one["place"], one["detail"]) for one in under] == [("1-1", "31 May 2026")]
    store_import(city.service, found)
    assert city.read(later).changes == ()


def table(folder: Path, name: str, *rows: str) -> str:
    """Write a table without a title."""
    path = folder / name
    path.write_text("\n".join(rows), encoding="utf-8")
    return str(path)


def shown(ran: Ran) -> str:
    """What a command said."""
    assert ran.code == 0, ran.err
    return ran.out


def test_a_file_without_a_title_leaves_the_name(tmp_path: Path, reminders: Runner) -> None:
    """The first import is called after its file; a later one of another name changes nothing of that."""
    first = table(tmp_path, "green-plan.csv", *CSV)
    assert reminders("import", first, "--programme", "plan", "--lang", "en").code == 0
    second = table(tmp_path, "version 2 final.csv", *CSV[:2], CSV[2].replace("Continuous", "2027"))
    said = shown(reminders("import", second, "--programme", "plan", "--lang", "en"))
    assert "Name of the programme" not in said
    others = [
        row.replace("guide", "leaflet about rivers").replace("service point", "swimming hall") for row in CSV
    ]
    third = table(tmp_path, "v3.csv", *others)
    assert (
        "Name of the programme" not in reminders("import", third, "--programme", "plan", "--lang", "en").out
    )


def test_days_are_printed_as_days(tmp_path: Path, reminders: Runner) -> None:
    """In the reader's language and form; never as a machine writes them."""
    first, second = (
        plan(tmp_path, ALL),
        plan(tmp_path, [as_row(GUIDE, schedule="by 30 April 2026"), *ALL[1:]]),
    )
    assert reminders("import", first).code == 0
    english, finnish = (
        shown(reminders("import", second, "--dry-run", "--lang", lang)) for lang in ("en", "fi")
    )
    english, finnish = (said.replace("\N{NO-BREAK SPACE}", " ") for said in (english, finnish))
    assert "Deadline: the date moves: Tue 31 Mar 2026 → Thu 30 Apr 2026" in english
    assert "ti 31.3.2026 → to 30.4.2026" in finnish
    assert not re.search(r"\d{4}-\d\d-\d\d", english + finnish)


def test_the_same_file_reads_the_same_whatever_is_stored(tmp_path: Path, reminders: Runner) -> None:
    """A unit with a longer name is one unit, as when read afresh; it is asked whether it is two."""
    longer = (
        CSV[2].replace("service point", "service point downtown").replace("Leisure", "Culture and Leisure")
    )
    first, second = table(tmp_path, "plan.csv", *CSV), table(tmp_path, "plan2.csv", *CSV[:2], longer)
    assert reminders("import", first, "--programme", "plan", "--lang", "en").code == 0
    said = shown(reminders("import", second, "--programme", "plan", "--lang", "en"))
    assert "It is uncertain whether this is one party or two" in said
    fresh = reminders("import", second, "--dry-run", "--json", "--lang", "en").document
    assert fresh["actions"][1]["leads"] == ["Culture and Leisure Services"]
    listed = reminders(
        "occurrences", "--from", "2026-01-01", "--to", "2026-12-31", "--programme", "plan", "--json"
    )
    leads = {tuple(row["organisations"]) for row in listed.document if "service point" in row["title"]["en"]}
    assert leads == {("culture-leisure-services",)}


# -- the command ---------------------------------------------------------------------------


def test_the_command_asks_and_takes_the_answer(tmp_path: Path, reminders: Runner) -> None:
    """Exit 1 and nothing stored; each question with the option that answers it; then it is stored."""
    first, second = plan(tmp_path, ALL), plan(tmp_path, SHIFTED)
    assert reminders("import", first).code == 0
    asked = reminders("import", second, "--programme", "city")
    assert asked.code == 1
    assert "4 points must be answered before the new version is stored. Nothing has been stored." in asked.err
    for line in ("--same 1-1=1-2  Publish guide for newcomers", "--same 1-1=-  the action has ended"):
        assert line in asked.err
    assert asked.err.strip().endswith(f"reminders import {second} --programme city --same titles")
    done = reminders("import", second, "--programme", "city", "--same", "titles")
    assert done.code == 0
    assert "reminders import --take-back city" in done.out
    lost = reminders("import", first, "--same", "titles")
    assert lost.code == 1
    assert "1 action would be removed. Nothing has been stored." in lost.err
    assert lost.err.strip().endswith("--same titles --accept-loss")
    assert reminders("import", "--take-back", "city", "--accept-loss").code == 0
    assert reminders("import", first).out.strip().splitlines()[-1] == "city: unchanged, 6 actions."
    assert reminders("import", "--take-back", "nothing").code == 1
    assert reminders("import", first, "--take-back", "city").code == 2


# -- the page ------------------------------------------------------------------------------


def uploaded(city: City, rows: Sequence[Row]) -> tuple[Reader, str]:
    """The preview of a version that the secretary has uploaded."""
    reader = Reader(city.service).sign_in()
    data = Path(plan(city.folder, rows)).read_bytes()
    return reader, send(reader, "/import?lang=en", {"version": "city"}, [("files", ("v2.yaml", data))]).text


def test_the_page_asks_and_keeps_what_was_chosen(city: City) -> None:
    """Without an answer nothing is stored and the upload stays; with one yes it is stored."""
    city.answer("1-1:milestone:end")
    reader, page = uploaded(city, SHIFTED)
    for words in (
        "What became of these?",
        "Yes, all 4 actions and parties",
        'value="1-1=1-2"',
        'value="1-1=-"',
    ):
        assert words in page, words
    some: dict[str, str | list[str]] = {**hidden(page), "step": "store", "same": ["1-2=1-3", ""]}
    again = send(reader, "/import/confirm?lang=en", some)
    assert again.status_code == 422
    assert "Answer each point" in again.text
    assert '<option value="1-2=1-3" selected>' in again.text
    assert city.answered() == {"1-1:milestone:end": ["alpha"]}
    stored = send(
        reader, "/import/confirm?lang=en", {**hidden(again.text), "step": "store", "same": ["titles"]}
    )
    assert stored.status_code == 303
    assert city.answered() == {"1-2:milestone:end": ["alpha"]}


def test_the_page_wants_a_loss_typed_and_takes_it_back(city: City) -> None:
    """In red, with what has answers; the key of the programme confirms; one button takes it back."""
    city.answer("1-1:milestone:end")
    reader, page = uploaded(city, ALL[1:])
    assert "1 action would be removed" in page
    assert "1-1 Publish guide for newcomers (has answers)" in page
    wrong = send(reader, "/import/confirm?lang=en", {**hidden(page), "step": "store", "loss": "yes"})
    assert wrong.status_code == 422
    assert "Type the key of the programme to confirm" in wrong.text
    typed = {**hidden(wrong.text), "step": "store", "loss": "city"}
    assert send(reader, "/import/confirm?lang=en", typed).status_code == 303
    assert GUIDE[1] not in city.statuses()
    assert "Restore the previous version of Programme of the city" in reader.get("/import?lang=en").text
    shown = send(reader, "/import?lang=en", {"take_back": "city"}).text
    assert "The version before the newest one" in shown
    assert "<select" not in shown  # what went on as what is known
    assert send(reader, "/import/confirm?lang=en", {**hidden(shown), "step": "store"}).status_code == 303
    assert city.statuses()[GUIDE[1]] == "completed"


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_preview_holds_together_in_every_language(city: City, lang: str) -> None:
    """Questions and losses are said, and no day stands as a machine writes it."""
    reader = Reader(city.service).sign_in()
    data = Path(plan(city.folder, [*SHIFTED[:3], as_row(FAIR, schedule="by 31 October 2026")])).read_bytes()
    page = send(reader, f"/import?lang={lang}", {"version": "city"}, [("files", ("v2.yaml", data))]).text
    assert page.count("<select") == 2
    shown = re.sub(r"<[^>]*>", " ", page)
    assert not re.search(r"\d{4}-\d\d-\d\d", shown)
