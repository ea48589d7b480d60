"""Each switch of a reader changes the outbox, and leaves the duties; the forecast says it beforehand."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from reminders.errors import NotFoundError, UsageError
from reminders.planning.preferences import NO_WISHES, Preferences
from reminders.store import delivery_log
from reminders.use.people.preferences import PreferenceChange, change_preferences, preferences_of
from reminders.use.people.retention import export_everything_of, remove_everything_of
from reminders.use.planning.preview import forecast_window
from schedule_rules.days import Span
from tests.use.office import VAASA, Office, body, parsed

THURSDAYS = "welfare-unit-contact@vaasa.example"
WEEKLY = "integration-services-contact@vaasa.example"
MONTHLY = "employment-ecosystem-contact@vaasa.example"
FEWER = "real-estate-contact@vaasa.example"
PLAIN = "entire-city-organisation@vaasa.example"
SWEDISH = "welfare-services-contact@vaasa.example"
SECRETARY = "board-secretary@vaasa.example"
WISHES = {
    THURSDAYS: PreferenceChange(weekday="thu"),
    WEEKLY: PreferenceChange(rhythm="weekly"),
    MONTHLY: PreferenceChange(rhythm="monthly"),
    FEWER: PreferenceChange(off=("-P30D", "P30D", "-P10D")),
    PLAIN: PreferenceChange(format="text"),
    SWEDISH: PreferenceChange(language="sv"),
    SECRETARY: PreferenceChange(weekday="wed"),
}
WINDOW = Span(date(2025, 11, 24), date(2026, 2, 6))
VOTING = "social-voting-rights-info:milestone:end"
ORIENTATION = "work-working-life-orientation:milestone:end"
COUNCILLORS = "living-inform-councillors:milestone:end"
CAFE = "social-cultural-cafe:event:month-2026-01-08"
ROUND = "follow-up-data-collection:collection:2025"
DUTIES = {"first-start", "escalation", "opening", "P0D", "P7D"}

Told = dict[str, dict[tuple[str, str], str]]


def stages_by_reader(rows: list[tuple[date, str, list[tuple[str, str]]]]) -> Told:
    """By reader: which stage of what on which day."""
    found: Told = defaultdict(dict)
    for day, to, items in rows:
        for occurrence, stage in items:
            if stage not in {"digest", "year"}:
                key = occurrence.removeprefix(f"{VAASA}:")
                found[to][key, stage] = day.isoformat()
    return found


def foreseen(office: Office) -> Told:
    """What the forecast says."""
    with office.database.read() as connection:
        drafts = list(forecast_window(connection, WINDOW))
    return stages_by_reader(
        [(one.day, one.recipient, [(i.occurrence, i.stage) for i in one.items]) for one in drafts]
    )


def mailed(office: Office) -> Told:
    """What the log says."""
    with office.database.read() as connection:
        entries = delivery_log.log_entries(connection)
    return stages_by_reader(
        [(one.day, one.to, [(i["occurrence"], i["stage"]) for i in one.items]) for one in entries]
    )


def of(said: Told, reader: str, *occurrences: str) -> dict[tuple[str, str], str]:
    """What a reader is told of some occurrences, short."""
    return {key: day[5:] for key, day in said[reader].items() if key[0] in occurrences}


@pytest.fixture
def before(office: Office) -> Told:
    """The mails of ten weeks without any wish."""
    return foreseen(office)


@pytest.fixture
def after(office: Office, before: Told) -> Told:
    """The same weeks run day by day with the wishes; the forecast said the same."""
    del before
    for address, wished in WISHES.items():
        change_preferences(office.service("2025-11-23T12:00"), VAASA, address, wished)
    expected = foreseen(office)
    day = WINDOW.first
    while day <= WINDOW.last:
        office.tick(f"{day}T09:00")
        day += timedelta(days=1)
    found = mailed(office)
    assert found == expected
    return found


def test_every_switch_changes_the_outbox_and_no_duty(office: Office, before: Told, after: Told) -> None:
    """Item by item for each reader with a wish; nobody else's mail changes."""
    _weekday(before, after)
    _weekly(before, after)
    _monthly(before, after)
    _switched_off(before, after)
    _format_and_language(office)
    _secretary(office)
    same = [one for one in before if one not in WISHES]
    assert {one: after[one] for one in same} == {one: before[one] for one in same}
    for reader in WISHES:
        # What is escalated to the secretary stands in her summary, on the day that she wishes.
        duties = DUTIES - {"escalation"} if reader == SECRETARY else DUTIES
        fixed = {key: day for key, day in before[reader].items() if key[1] in duties and key[0] != CAFE}
        assert {key: after[reader].get(key) for key in fixed} == fixed


def _weekday(before: Told, after: Told) -> None:
    """Stages before the date come earlier, later ones later, on Thursdays."""
    assert of(before, THURSDAYS, VOTING, CAFE) == {
        (VOTING, "-P30D"): "12-01",
        (CAFE, "-P30D"): "12-09",
        (VOTING, "P0D"): "12-22",
        (VOTING, "P7D"): "01-07",
        (VOTING, "P30D"): "01-30",
    }
    assert of(after, THURSDAYS, VOTING, CAFE, ROUND) == {
        (VOTING, "-P30D"): "11-27",
        (CAFE, "-P30D"): "12-04",
        (VOTING, "P0D"): "12-22",
        (VOTING, "P7D"): "01-07",
        (VOTING, "P30D"): "02-05",
        (ROUND, "opening"): "12-01",
        (ROUND, "-P30D"): "12-18",
        (ROUND, "-P10D"): "01-15",
        (ROUND, "P0D"): "01-30",
    }


def _weekly(before: Told, after: Told) -> None:
    """Gathered on Tuesdays."""
    assert of(before, WEEKLY, ORIENTATION)[ORIENTATION, "-P30D"] == "12-01"
    assert of(after, WEEKLY, ORIENTATION, ROUND) == {
        (ORIENTATION, "-P30D"): "11-25",
        (ORIENTATION, "P0D"): "12-22",
        (ORIENTATION, "P7D"): "01-07",
        (ORIENTATION, "P30D"): "02-03",
        (ROUND, "opening"): "12-01",
        (ROUND, "-P30D"): "12-16",
        (ROUND, "-P10D"): "01-20",
        (ROUND, "P0D"): "01-30",
    }


def _monthly(before: Told, after: Told) -> None:
    """Gathered on the month's first sending day; what would meet the opening is one with it."""
    assert of(before, MONTHLY, ROUND)[ROUND, "-P30D"] == "12-22"
    assert of(after, MONTHLY, ORIENTATION, ROUND) == {
        (ORIENTATION, "-P30D"): "12-01",
        (ORIENTATION, "P0D"): "12-22",
        (ORIENTATION, "P7D"): "01-07",
        (ORIENTATION, "P30D"): "02-02",
        (ROUND, "opening"): "12-01",
        (ROUND, "-P10D"): "01-07",
        (ROUND, "P0D"): "01-30",
    }


def _switched_off(before: Told, after: Told) -> None:
    """Off is off; the repetition after the first start is the first after it, and a duty."""
    gone = {
        (COUNCILLORS, "-P30D"),
        (COUNCILLORS, "P30D"),
        (ROUND, "-P30D"),
        (ROUND, "-P10D"),
    }
    assert gone <= before[FEWER].keys()
    assert after[FEWER] == {key: day for key, day in before[FEWER].items() if key not in gone}
    assert {key[1] for key in after[FEWER]} == {"first-start", "opening", "P0D", "P7D", "P30D"}


def _format_and_language(office: Office) -> None:
    """Plain text has one part; the mail is in the language that is wished, not in the list's."""
    plain, swedish = (
        {part.get_content_type() for one in office.mails_of(reader) for part in one.walk()}
        for reader in (PLAIN, SWEDISH)
    )
    assert plain == {"text/plain", "text/calendar", "multipart/mixed"}
    assert swedish - plain == {"text/html", "multipart/alternative"}
    assert {one["Content-Language"] for one in office.mails_of(SWEDISH)} == {"sv"}
    assert {body(one).partition("Hej")[1] for one in office.mails_of(SWEDISH)} == {"Hej"}


def _secretary(office: Office) -> None:
    """The summary comes on Wednesdays, after the first one, which comes with the first mails."""
    boards = set(office.look("mail_section", "digest_id", programme=VAASA, is_digest=True))
    days = [day for number, day in office.look("digest", "id", "local_date") if number in boards]
    assert [day.isoformat() for day in days] == [
        *("2025-11-24", "2025-11-26", "2025-12-03", "2025-12-10", "2025-12-17"),
        *("2026-01-07", "2026-01-14", "2026-01-21", "2026-01-28", "2026-02-04"),
    ]


def test_the_promise_names_the_readers_own_day(office: Office) -> None:
    """What a mail says of the next reminder is when this reader gets it."""
    change_preferences(
        office.service("2025-11-23T12:00"), VAASA, FEWER, PreferenceChange(off=("P30D", "-P30D"))
    )
    change_preferences(office.service("2025-11-23T12:00"), VAASA, THURSDAYS, PreferenceChange(weekday="thu"))
    for day in ("2025-11-24", "2025-11-25", "2025-11-26", "2025-11-27"):
        office.tick(f"{day}T09:00")
    mail = parsed(office.look("outbox", "raw", rcpt=THURSDAYS)[-1])
    assert "Seuraava muistutus lähtee maanantaina 22.12.2025" in " ".join(body(mail).split())


def test_wishes_are_kept_field_by_field(office: Office) -> None:
    """What is not entered stays; any, list and on take a wish back; nothing wished is no row."""
    service = office.service("2025-11-23T12:00")
    assert preferences_of(service, VAASA, WEEKLY) == NO_WISHES
    first = PreferenceChange(weekday="mon", language="sv", off=("start", "dates"))
    assert change_preferences(service, VAASA, WEEKLY, first) == Preferences(
        weekday=0, language="sv", off=frozenset({"start", "dates"})
    )
    change_preferences(service, VAASA, WEEKLY, PreferenceChange(rhythm="monthly", on=("start",)))
    assert preferences_of(service, VAASA, WEEKLY) == Preferences(
        weekday=0, rhythm="monthly", language="sv", off=frozenset({"dates"})
    )
    change_preferences(
        service, VAASA, WEEKLY, PreferenceChange("any", "daily", language="list", on=("dates",))
    )
    assert office.look("preference", "address") == []


@pytest.mark.parametrize(
    ("field", "found", "expected"),
    [
        ("weekday", "sun", "mon, tue, wed, thu, fri, any"),
        ("rhythm", "hourly", "daily, weekly, monthly"),
        ("digest", "never", "both, weekly, meetings"),
        ("language", "de", "fi, sv, en, fi+sv"),
        ("format", "html", "html+text, text"),
        ("off", "P0D", "-P30D, -P10D, -P7D, -P1D, P1D, P7D, P30D, P60D, P90D, start, dates, pace, year"),
    ],
)
def test_a_wish_that_is_none_is_refused(office: Office, field: str, found: str, expected: str) -> None:
    """Field, what was expected, what was found; nothing is stored."""
    given: dict[str, Any] = {"weekday": "mon", field: (found,) if field == "off" else found}
    with pytest.raises(UsageError) as caught:
        change_preferences(office.service("2025-11-23T12:00"), VAASA, WEEKLY, PreferenceChange(**given))
    assert str(caught.value) == f"{field}: expected one of {expected}; found {found!r}"
    assert office.look("preference", "address") == []


def test_only_readers_have_wishes(office: Office) -> None:
    """An address that is on no list, a programme that there is not."""
    service = office.service("2025-11-23T12:00")
    with pytest.raises(NotFoundError) as nobody:
        change_preferences(service, VAASA, "x@vaasa.example", PreferenceChange(rhythm="weekly"))
    with pytest.raises(NotFoundError) as nowhere:
        preferences_of(service, "town", WEEKLY)
    assert [str(one.value) for one in (nobody, nowhere)] == [
        "x@vaasa.example stands in no contact list of vaasa-2023-2026; reminders contacts export shows it",
        "no programme 'town'; there is vaasa-2023-2026",
    ]


def test_a_person_who_leaves_takes_the_wishes_along(office: Office) -> None:
    """Export shows them, removal deletes them."""
    service = office.service("2025-11-23T12:00")
    change_preferences(service, VAASA, WEEKLY, PreferenceChange(rhythm="weekly"))
    assert [row["rhythm"] for row in export_everything_of(service, WEEKLY)["preferences"]] == ["weekly"]
    remove_everything_of(service, WEEKLY)
    assert office.look("preference", "address") == []
