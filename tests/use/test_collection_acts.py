"""The data collection between the day's runs: reminded and closed by hand, people who leave, backups."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from reminders.collection.measures import Value
from reminders.collection.round import TypedForm, TypedValue, fields_of
from reminders.errors import GuardError, NotFoundError, UsageError
from reminders.store import Database, backup
from reminders.store.collection import value_rows
from reminders.use.answers.links import ClosedLink, OpenForm, open_form
from reminders.use.answers.record import AnswerGiven, record_answer, undo_answer
from reminders.use.collection.forms import FormInput, FormWritten, save_value, write_form
from reminders.use.collection.rounds import close_round, nudge_units, reopen_round
from reminders.use.people.retention import export_everything_of, remove_everything_of
from tests.use.office import VAASA, Office
from tests.use.rounds import YEAR, address_of, fill, the_round, token_of

NOON = "2025-12-10T12:00"
OCCURRENCE = f"{VAASA}:follow-up-data-collection:collection:{YEAR}"
SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
HR = "hr-unit"
ACTION = "work-anonymous-recruitment"


def states(office: Office, when: str = NOON) -> dict[str, str]:
    """How each organisation stands."""
    return {one.organisation: one.state for one in the_round(office, when).progress.units}


def stages_to(office: Office, organisation: str) -> list[str]:
    """The stages of the round that an organisation's address was mailed."""
    mails = the_round(office, "2026-02-16T12:00").mails
    return [mail.stage for mail in mails if organisation in mail.organisations and mail.stage != "escalation"]


def test_a_form_goes_through_its_states(started: Office) -> None:
    """Nothing, a draft, an answer; what is faulty is kept and not sent; a second sending changes the rows."""
    assert states(started)[HR] == "none"
    faulty = {
        ACTION: TypedForm("done", (TypedValue("monta"),)),
        "work-spouse-programme": TypedForm("late"),
    }
    assert fill(started, NOON, HR, faulty) == "faulty"
    assert states(started)[HR] == "draft"
    assert fill(started, NOON, HR) == "sent"
    assert (states(started)[HR], started.look("collection_form", "version")) == ("sent", [2])
    before = len(started.look("indicator_value", "id"))
    assert fill(started, NOON, HR) == "sent"
    assert len(started.look("indicator_value", "id")) == before


def test_an_answer_without_the_form_counts_and_says_so(started: Office) -> None:
    """Recorded by the secretary, a unit has answered; taken back, it is asked again."""
    address = address_of(started, NOON, HR)
    (answer,) = record_answer(started.service(NOON), AnswerGiven(OCCURRENCE, "done", address))
    assert answer.organisation == HR
    assert states(started)[HR] == "answered"
    undo_answer(started.service(NOON), started.look("answer", "id")[-1], address)
    assert states(started)[HR] == "none"


def test_an_undone_answer_makes_the_form_a_draft_again(started: Office) -> None:
    """The page, the reminders and the report agree: it is not sent."""
    fill(started, NOON, HR)
    undo_answer(started.service(NOON), started.look("answer", "id")[-1], address_of(started, NOON, HR))
    assert states(started)[HR] == "draft"
    assert fill(started, NOON, HR) == "sent"
    assert states(started)[HR] == "sent"


def test_reminding_by_hand_plans_one_mail_a_unit_without_an_answer(started: Office) -> None:
    """38 of 39 units, each once, at the next sending; again only after a week."""
    fill(started, NOON, HR)
    assert nudge_units(started.service(NOON), YEAR, "secretary") == len(
        {address_of(started, NOON, key) for key, state in states(started).items() if state == "none"}
    )
    with pytest.raises(GuardError, match=r"less than a week ago; possible again 2025-12-17"):
        nudge_units(started.service("2025-12-16T12:00"), YEAR)
    started.tick("2025-12-11T09:00")
    assert stages_to(started, HR) == ["opening"]
    assert stages_to(started, "novia") == ["opening", "-P52D"]
    assert started.look("collection_nudge", "on", "by") == [(date(2025, 12, 10), "secretary")]
    assert nudge_units(started.service("2025-12-17T12:00"), YEAR) > 0


@SQLITE
def test_one_mail_a_day_holds_for_reminders_by_hand(started: Office) -> None:
    """Asked for on a stage's own day after its mails went: nobody gets a second one that day."""
    started.tick("2025-12-22T09:00")
    nudge_units(started.service("2025-12-22T10:00"), YEAR)
    started.tick("2025-12-22T11:00")
    digests = started.look("digest", "recipient", "local_date")
    assert len(digests) == len(set(digests))
    assert stages_to(started, "novia") == ["opening", "-P30D"]


@SQLITE
def test_who_answers_before_the_reminder_goes_gets_none(started: Office) -> None:
    """Planned at noon, answered at one, not mailed in the morning."""
    nudge_units(started.service(NOON), YEAR)
    fill(started, "2025-12-10T13:00", HR)
    started.tick("2025-12-11T09:00")
    assert stages_to(started, HR) == ["opening"]


@SQLITE
@pytest.mark.parametrize(
    ("when", "said"), [("2025-11-30T12:00", "is not open"), ("2026-02-16T12:00", "is not open")]
)
def test_nobody_is_reminded_of_a_round_that_is_not_open(office: Office, when: str, said: str) -> None:
    """Before its first and after its last day."""
    with pytest.raises(GuardError, match=said):
        nudge_units(office.service(when), YEAR)


@SQLITE
def test_a_round_closed_by_hand_reminds_nobody_any_more(started: Office) -> None:
    """Closed on 12 December: no stage after that; opened again that is told, and the later ones go."""
    close_round(started.service("2025-12-12T12:00"), YEAR)
    started.tick("2025-12-22T09:00")
    assert stages_to(started, "novia") == ["opening"]
    reopen_round(started.service("2025-12-23T12:00"), YEAR, date(2026, 2, 15))
    for day in ("2026-01-07", "2026-01-21"):
        started.tick(f"{day}T09:00")
    assert stages_to(started, "novia") == ["opening", "-P24D", "-P10D"]


def test_values_are_kept_by_year_and_place(started: Office) -> None:
    """The newest holds, the same again writes nothing, an empty one takes it back; others stay."""
    service = started.service(NOON)
    value = Value(VAASA, ACTION, HR, 2024, "1 000,50", "kpl", by="x@vaasa.example")
    assert save_value(service, value) is not None
    assert save_value(service, value) is None
    save_value(service, Value(VAASA, ACTION, HR, 2024, "3", "h", place=2))
    save_value(service, Value(VAASA, ACTION, HR, 2023, "yes", kind="yes-no"))
    with service.database.read() as connection:
        rows = value_rows(connection, VAASA, [ACTION])
    found = [(one.year, one.place, one.kind, one.text) for one in rows]
    assert found == [(2023, 1, "yes-no", "yes"), (2024, 1, "number", "1000.5"), (2024, 2, "number", "3")]
    save_value(service, Value(VAASA, ACTION, HR, 2024, "", place=2))
    with service.database.read() as connection:
        rows = value_rows(connection, VAASA, [ACTION], HR)
    assert [one.place for one in rows if one.year == 2024] == [1]


@SQLITE
@pytest.mark.parametrize(
    ("value", "error"),
    [
        (Value("town", ACTION, HR, 2024, "1"), NotFoundError),
        (Value(VAASA, "nothing", HR, 2024, "1"), NotFoundError),
        (Value(VAASA, ACTION, "nobody", 2024, "1"), NotFoundError),
        (Value(VAASA, ACTION, HR, 2024, "noin 20"), UsageError),
        (Value(VAASA, ACTION, HR, 2024, "1", place=4), UsageError),
        (Value(VAASA, ACTION, HR, 0, "1"), UsageError),
        (Value(VAASA, ACTION, HR, 2024, "1", "x" * 61), UsageError),
    ],
)
def test_a_value_that_is_none_writes_nothing(started: Office, value: Value, error: type[Exception]) -> None:
    """What was expected is said, nothing is stored."""
    with pytest.raises(error):
        save_value(started.service(NOON), value)
    assert started.look("indicator_value", "id") == []


def test_a_removed_person_is_in_no_form(started: Office) -> None:
    """Export names what they filled in; removal leaves a hash, in what was typed too."""
    address = address_of(started, NOON, HR)
    note = f"Kysy: {address}"
    typed = {ACTION: TypedForm("done", (), note), "work-spouse-programme": TypedForm("late")}
    fill(started, NOON, HR, typed)
    held = export_everything_of(started.service(NOON), address)["collection"]
    assert {row["table"] for row in held} == {"collection_status", "collection_form"}
    remove_everything_of(started.service(NOON), address)
    tables = ("indicator_value", "collection_status", "collection_form")
    dump = {name: rows for name, rows in started.dump().items() if name in tables}
    assert address not in json.dumps(dump, default=str)
    assert "Kysy: " in json.dumps(dump, default=str)


def test_a_backup_brings_forms_and_values_back(
    started: Office, empty_database: Database, tmp_path: Path
) -> None:
    """Every row of the collection's tables, in a new database."""
    fill(started, NOON, HR)
    nudge_units(started.service(NOON), YEAR)
    close_round(started.service(NOON), YEAR)
    file = tmp_path / "backup.jsonl"
    backup.write_backup(started.database, file, started.service(NOON).clock())
    empty_database.migrate()
    backup.restore_backup(empty_database, file, force=True)
    other = Office(empty_database)
    names = (
        "indicator_value",
        "collection_status",
        "collection_form",
        "collection_round",
        "collection_nudge",
    )
    before, after = started.dump(), other.dump()
    assert {name: after[name] for name in names} == {name: before[name] for name in names}
    assert all(before[name] for name in names)


def test_two_sendings_of_one_version_give_one_answer(started: Office) -> None:
    """The second finds what it says already: nothing of it is written."""
    token, service = token_of(started, NOON, HR), started.service(NOON)
    typed = {ACTION: TypedForm("done"), "work-spouse-programme": TypedForm("late")}
    typing = FormInput(HR, "fi", fields_of(typed), None, send=True, version=0)
    assert [write_form(service, token, typing) for _ in range(2)] == [FormWritten("sent")] * 2
    assert started.look("collection_form", "version") == [1]
    assert sorted(started.look("collection_status", "status")) == ["done", "late"]


@SQLITE
def test_a_link_shows_the_form_for_thirty_days_after_it_has_closed(started: Office) -> None:
    """It holds as long as the round is open; the day after those it says only whose form it was."""
    token = token_of(started, NOON, HR)
    days = [date(2026, 2, 15) + timedelta(days=n) for n in (30, 31)]
    shown, closed = (open_form(started.service(f"{day}T12:00"), token) for day in days)
    assert isinstance(shown, OpenForm)
    assert isinstance(closed, ClosedLink)
    assert (closed.why, closed.to) == ("expired", shown.units)
