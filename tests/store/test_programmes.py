"""Programmes, occurrences, stages, contacts and answers as rows, through re-imports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from sqlalchemy.exc import IntegrityError

from reminders.planning.policy import Stage
from reminders.planning.recipients import Contact, MailLanguage, Role
from reminders.planning.replies import Answer, AnswerCode
from reminders.planning.state import ProgrammeRow
from reminders.store import (
    Connection,
    Database,
    answers,
    people,
    programmes,
    programmes as repository,
    tables,
)
from reminders.store.programmes import StoredOccurrence
from reminders.use.programme.store_programme import store_programme
from schedule_rules.occurrence import Occurrence, OccurrenceID, occurrences
from schedule_rules.programme import Programme, Text
from schedule_rules.rule import Basis
from tests.store.builders import NOW, column, look

LATER = NOW + timedelta(days=30)
TITLE = Text("Kahvila", "Kafé", "Café")
BASIS = Basis("corrected", Text("2026", "2026", "2026"), "last-day", "secretary", date(2026, 1, 2))


def occurrence(key: str, instance: str = "end", **changes: Any) -> Occurrence:
    """A milestone of an action at the end of 2026."""
    row = Occurrence(
        OccurrenceID(key, "cafe", "milestone", instance),
        date(2026, 12, 31),
        TITLE,
        ("unit", "other"),
        "needs-action",
        BASIS,
    )
    return replace(row, **changes)


def full(key: str) -> Occurrence:
    """An occurrence with every field filled."""
    return occurrence(
        key,
        "phase-2024",
        starts_at=datetime(2026, 12, 31, 18, 0),
        ends_at=datetime(2026, 12, 31, 20, 30),
        interval_days=30,
        opens=date(2026, 12, 1),
        closes=date(2027, 2, 15),
        year=2026,
    )


@pytest.fixture
def town(database: Database, vaasa: Programme) -> str:
    """A stored programme's key, no rows with it."""
    with database.write() as connection:
        repository.save_programme(connection, vaasa, built_in=True, held=True, now=NOW)
    return vaasa.key


def saved(database: Database, key: str, *rows: Occurrence, at: datetime = NOW) -> None:
    """Bring the occurrences to ``rows`` in a transaction of its own."""
    with database.write() as connection:
        repository.save_occurrences(connection, rows, key, at, at.date())


def stored(database: Database, key: str) -> tuple[StoredOccurrence, ...]:
    """The occurrences in a transaction of its own."""
    with database.read() as connection:
        return repository.stored_occurrences(connection, key)


def test_a_programme_comes_back_whole(database: Database, town: str, vaasa: Programme) -> None:
    """Equal in every part, with where it stands."""
    with database.read() as connection:
        assert repository.all_programmes(connection) == (
            ProgrammeRow(vaasa, printed=vaasa, built_in=True, held=True, started_on=None, loaded_at=NOW),
        )
    assert programmes.read_programme_document(programmes.programme_document(vaasa)) == vaasa


def test_saving_the_same_programme_changes_nothing(database: Database, town: str, vaasa: Programme) -> None:
    """It says so, and the stamp stays."""
    with database.write() as connection:
        assert repository.save_programme(connection, vaasa, built_in=False, held=False, now=LATER) is False
        assert column(connection, tables.programme, "loaded_at", "held", "built_in") == [(NOW, True, True)]


def test_a_changed_programme_keeps_hold_and_start(database: Database, town: str, vaasa: Programme) -> None:
    """Only the document and its stamp are new."""
    changed = replace(vaasa, name=Text("a", "b", "c"))
    with database.write() as connection:
        repository.set_started(connection, town, date(2026, 1, 12))
        repository.set_held(connection, town, held=False)
        assert repository.save_programme(connection, changed, built_in=False, held=True, now=LATER) is True
        assert repository.all_programmes(connection) == (
            ProgrammeRow(
                changed,
                printed=changed,
                built_in=True,
                held=False,
                started_on=date(2026, 1, 12),
                loaded_at=LATER,
                modified=LATER,
            ),
        )


def test_programmes_are_listed_by_key(database: Database, town: str, vaasa: Programme) -> None:
    """Whatever the order of import."""
    with database.write() as connection:
        repository.save_programme(connection, replace(vaasa, key="aland"), built_in=False, held=True, now=NOW)
        keys = [row.programme.key for row in repository.all_programmes(connection)]
    assert keys == ["aland", town]


def test_holding_tells_whether_there_is_such_a_programme(database: Database, town: str) -> None:
    """Held and released by key; an unknown key changes nothing."""
    with database.write() as connection:
        assert repository.set_held(connection, town, held=False) is True
        assert repository.set_held(connection, "nowhere", held=True) is False
    assert look(database, tables.programme, "held") == [False]


def test_a_first_start_is_noted_once(database: Database, town: str) -> None:
    """The second of two processes learns that it came too late; the day stays."""
    with database.write() as connection:
        assert repository.set_started(connection, town, date(2026, 1, 12)) is True
        assert repository.set_started(connection, town, date(2026, 1, 13)) is False
    assert look(database, tables.programme, "started_on") == [date(2026, 1, 12)]


def test_occurrences_come_back_whole_and_in_order(database: Database, town: str) -> None:
    """Every field, local times as they are, by date and id."""
    early = occurrence(town, "early", due=date(2026, 1, 31), status="cancelled")
    saved(database, town, full(town), occurrence(town), early)
    assert stored(database, town) == tuple(
        StoredOccurrence(row, None, 0, NOW) for row in (early, occurrence(town), full(town))
    )


def test_all_occurrences_of_a_real_programme_come_back_whole(database: Database, vaasa: Programme) -> None:
    """What the rules give is what decisions read."""
    with database.write() as connection:
        store_programme(connection, vaasa, NOW, built_in=True)
    rows = stored(database, vaasa.key)
    assert tuple(one.row for one in rows) == occurrences(vaasa)
    assert {(one.anchor_on, one.sequence, one.modified.date()) for one in rows} == {(None, 0, vaasa.stamp)}


def test_unchanged_occurrences_are_not_touched(database: Database, town: str) -> None:
    """Saved again, they keep their sequence and stamp."""
    saved(database, town, occurrence(town), full(town))
    before = stored(database, town)
    saved(database, town, full(town), occurrence(town), at=LATER)
    assert stored(database, town) == before


@pytest.mark.parametrize(
    ("changes", "sequence"),
    [
        ({"due": date(2027, 1, 31)}, 1),
        ({"starts_at": datetime(2026, 12, 31, 17, 0)}, 1),
        ({"ends_at": datetime(2026, 12, 31, 19, 0)}, 1),
        ({"status": "completed"}, 1),
        ({"title": Text("x", "y", "z")}, 0),
        ({"organisations": ("other",)}, 0),
        ({"basis": replace(BASIS, by="somebody else")}, 0),
        ({"closes": None}, 0),
    ],
)
def test_a_change_stamps_and_only_a_move_counts(
    database: Database, town: str, changes: dict[str, Any], sequence: int
) -> None:
    """SEQUENCE rises with date, time and status; titles and the rest only stamp; the neighbour stays."""
    saved(database, town, full(town), occurrence(town))
    changed = replace(full(town), **changes)
    saved(database, town, changed, occurrence(town), at=LATER)
    assert set(stored(database, town)) == {
        StoredOccurrence(changed, None, sequence, LATER),
        StoredOccurrence(occurrence(town), None, 0, NOW),
    }


def test_every_move_counts(database: Database, town: str) -> None:
    """There and back again are two moves."""
    for month in (12, 11, 12):
        saved(database, town, occurrence(town, due=date(2026, month, 30)), at=LATER)
    assert [one.sequence for one in stored(database, town)] == [2]


def test_removed_occurrences_are_gone(database: Database, town: str) -> None:
    """More than one statement's worth too; those of another programme are left alone."""
    many = [occurrence(town, f"phase-{n}") for n in range(1201)]
    saved(database, town, *many)
    saved(database, town, many[600], at=LATER)
    assert stored(database, town) == (StoredOccurrence(many[600], None, 0, NOW),)
    saved(database, town)
    assert stored(database, town) == ()


def test_anchors_outlive_a_new_import(database: Database, town: str) -> None:
    """The day of a status request stays with its occurrence until its date moves: then it counts anew."""
    saved(database, town, full(town), occurrence(town))
    anchor = date(2026, 1, 12)
    with database.write() as connection:
        repository.set_anchors(connection, {str(full(town).id): anchor, str(occurrence(town).id): anchor})
    saved(database, town, replace(full(town), due=date(2027, 3, 1)), occurrence(town), at=LATER)
    assert [(one.anchor_on, one.sequence) for one in stored(database, town)] == [(anchor, 0), (None, 1)]


def test_an_occurrence_exists_once(database: Database, town: str) -> None:
    """The id is unique whatever its date."""
    saved(database, town, occurrence(town))
    twin = programmes.occurrence_columns(occurrence(town, due=date(2026, 1, 1)))
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(tables.occurrence.insert().values(**twin, sequence=0, modified=NOW))


def test_stages_are_replaced_for_one_programme_only(database: Database) -> None:
    """A key that begins alike, or holds a wildcard, is another programme."""
    day = date(2026, 1, 12)

    def stage(key: str, order: int, on: date = day) -> Stage:
        return Stage(f"{key}:a:milestone:end", f"P{order}D", "unit", on, order)

    with database.write() as connection:
        for key in ("t_wn", "town", "town-2"):
            repository.save_stage_rows(connection, key, [stage(key, 7), stage(key, 1)])
        repository.save_stage_rows(connection, "t_wn", [stage("t_wn", 30), stage("t_wn", 60, LATER.date())])
        found = repository.stages_of_day(connection, day)
        assert repository.stages_of_day(connection, LATER.date()) == (stage("t_wn", 60, LATER.date()),)
        repository.save_stage_rows(connection, "town", [])
        left = {one.occurrence for one in repository.stages_of_day(connection, day)}
    rest = (stage("town", 1), stage("town", 7), stage("town-2", 1), stage("town-2", 7))
    assert set(found) == {stage("t_wn", 30), *rest}
    assert [one for one in found if one.occurrence.startswith("town:")] == [
        stage("town", 1),
        stage("town", 7),
    ]
    assert left == {"t_wn:a:milestone:end", "town-2:a:milestone:end"}


def contacts() -> tuple[Contact, ...]:
    """Every role and language, with and without dates."""
    roles, languages = get_args(Role), get_args(MailLanguage)
    return tuple(
        Contact(
            "unit",
            role,
            "Änne Öst",
            f"{role}-{language}@vaasa.example",
            language,
            date(2026, 1, 1) if role == "deputy" else None,
            date(2026, 1, 31) if role == "deputy" else None,
            "contact-fi@vaasa.example" if role == "deputy" else "",
        )
        for role in roles
        for language in languages
    )


def test_contacts_come_back_in_the_order_of_their_list(database: Database, town: str) -> None:
    """Every field of every role and language; a new list replaces the old one whole."""
    with database.write() as connection:
        people.save_contacts(connection, town, contacts())
        assert people.contacts_of(connection, town) == contacts()
        people.save_contacts(connection, town, reversed(contacts()[:3]))
        assert people.contacts_of(connection, town) == contacts()[2::-1]
        assert people.contacts_of(connection, "nowhere") == ()
        people.save_contacts(connection, town, [])
        assert people.contacts_of(connection, town) == ()


def test_contacts_of_an_unknown_programme_are_refused(database: Database) -> None:
    """No list without its programme."""
    with pytest.raises(IntegrityError), database.write() as connection:
        people.save_contacts(connection, "nowhere", contacts())


def answer(key: str, said: AnswerCode, **changes: Any) -> Answer:
    """An answer of the unit."""
    one = Answer(f"{key}:a:milestone:end", "unit", said, "anna@vaasa.example", NOW)
    return replace(one, **changes)


def test_answers_are_kept_in_the_order_given(database: Database) -> None:
    """Later ones stand beside earlier ones; those of a programme of a like key are not among them."""
    given = (
        answer("t_wn", "late", note="Väntar på beslut – vi återkommer", new_date=date(2027, 1, 31)),
        answer("t_wn", "done", by="", at=datetime(2026, 1, 12, 7, 0, 0, 1, tzinfo=UTC)),
    )

    def add(connection: Connection, *given: Answer) -> None:
        for one in given:
            answers.add_answer(connection, one)

    with database.write() as connection:
        add(connection, given[0], answer("town", "done"), given[1], answer("t_wn-2", "done"))
        assert answers.answers_of(connection, "t_wn") == given


def test_answers_outlive_a_new_import(database: Database, vaasa: Programme) -> None:
    """A programme that is imported anew, without the occurrence even, keeps what was said."""
    said = answer(vaasa.key, "on-track")
    fewer = replace(vaasa, actions=vaasa.actions[:3])
    with database.write() as connection:
        store_programme(connection, vaasa, NOW)
        answers.add_answer(connection, said)
        assert store_programme(connection, fewer, LATER) is True
        assert answers.answers_of(connection, vaasa.key) == (said,)
