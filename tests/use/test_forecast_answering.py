"""The forecast comes true with all that people enter beforehand, at once.

Answers, pauses, absences, hand-overs, wishes about mail, dates towards targets, the programme's settings,
another secretary.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from reminders.planning.recipients import Contact
from reminders.service import Service
from reminders.store import answers, people, programmes as repository
from reminders.use.answers import target_dates
from reminders.use.answers.record import (
    AnswerGiven,
    PauseRequest,
    approve_proposal,
    pause_reminders,
    record_answer,
    resume_reminders,
    undo_answer,
)
from reminders.use.people.contacts import replace_contacts
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.use.people.preferences import PreferenceChange, change_preferences
from reminders.use.programme.settings import SettingChange as Setting, change_setting
from reminders.use.programme.store_programme import FIRST_PROGRAMME as VAASA
from schedule_rules.days import Span
from tests.use.test_forecast import Mail, make_service, predict, run_days, sent

HR, HR_HEAD = "hr-unit-contact@vaasa.example", "hr-unit-head@vaasa.example"
WELFARE = "welfare-unit-contact@vaasa.example"
STAND_IN = "hr-stand-in@vaasa.example"
WINDOW = Span(date(2025, 1, 8), date(2026, 1, 7))
SECRETARY, NEXT = "board-secretary@vaasa.example", "next-secretary@vaasa.example"
FAIRS = "work-mini-recruitment-fairs"
THURSDAYS, FEWER = "welfare-services-contact@vaasa.example", "real-estate-contact@vaasa.example"
PLAIN = "entire-city-organisation@vaasa.example"
WISHES = {
    THURSDAYS: PreferenceChange(weekday="thu", language="sv"),
    "integration-services-contact@vaasa.example": PreferenceChange(rhythm="weekly"),
    "employment-ecosystem-contact@vaasa.example": PreferenceChange(rhythm="monthly"),
    FEWER: PreferenceChange(off=("-P30D", "-P10D", "year", "start", "dates")),
    PLAIN: PreferenceChange(off=("pace",), format="text"),
    SECRETARY: PreferenceChange(weekday="wed"),
    NEXT: PreferenceChange(digest="meetings"),
}
SETTINGS = {
    "review": "11-14",
    "collection_due": "02-10",
    "meetings": "2025-03-20 2025-06-12 2025-11-20",
    "digest_weekday": "4",
    "head_after": "7",
    "list_after": "12",
    "milestone": "-21 -3 0 5 20",
}


def open_of(service: Service, organisation: str) -> list[str]:
    """The milestones and reviews that an organisation is asked of, by date."""
    with service.database.read() as connection:
        rows = repository.stored_occurrences(connection, VAASA)
    own = (one.row for one in rows if organisation in one.row.organisations)
    return [str(row.id) for row in own if row.kind in {"milestone", "review"}]


def enter(service: Service) -> None:
    """What people have entered by the morning of 8 January 2025."""
    own = open_of(service, "hr-unit")
    record_answer(service, AnswerGiven(own[0], "done", HR))
    record_answer(service, AnswerGiven(own[1], "late", HR, "Viivästyy", date(2025, 6, 30)))
    (answer,) = record_answer(service, AnswerGiven(own[2], "on-track", HR))
    with service.database.read() as connection:
        ids = {one.occurrence: one.id for one in answers.answers_of(connection, VAASA)}
    undo_answer(service, ids[answer.occurrence], HR_HEAD)
    approve_proposal(service, ids[own[1]], "board-secretary@vaasa.example")
    asked = open_of(service, "welfare-unit")
    pause_reminders(service, PauseRequest(asked[0], date(2025, 2, 5), "Loma", WELFARE))
    pause_reminders(service, PauseRequest(asked[1], date(2025, 1, 31), "Loma", WELFARE))
    resume_reminders(service, asked[1], WELFARE)
    for giver, taker, day in (
        ("real-estate", "housing-advisers", date(2025, 3, 1)),
        ("culture-and-library-services", "communications", date(2025, 9, 15)),
        ("safety-network", "security-work", date(2025, 1, 2)),
    ):
        hand_over(service, HandOver(VAASA, giver, taker, day, by="board-secretary@vaasa.example"))


def be_away(service: Service) -> None:
    """The contact of the HR unit is away from March to May; a deputy stands in."""
    away = Contact("hr-unit", "deputy", "", STAND_IN, "en", date(2025, 3, 1), date(2025, 5, 31), HR)
    with service.database.write() as connection:
        people.save_contacts(connection, VAASA, (*people.contacts_of(connection, VAASA), away))


def change_the_secretary(service: Service) -> None:
    """The board secretary leaves at the end of April; another begins in May."""
    with service.database.read() as connection:
        rows = people.contacts_of(connection, VAASA)
    (old,) = (one for one in rows if one.role == "secretary")
    new = Contact(old.organisation, "secretary", "Next", NEXT, "sv", date(2025, 5, 1))
    kept = [replace(one, valid_until=date(2025, 4, 30)) if one == old else one for one in rows]
    replace_contacts(service, VAASA, [*kept, new])


def test_a_year_with_everything_entered_beforehand(tmp_path: Path) -> None:
    """Twelve months, item by item, nobody two mails a day; each wish and setting has left its mark."""
    service, clock = make_service(tmp_path, datetime(2025, 1, 7, 7, tzinfo=UTC))
    run_days(service, clock, Span(date(2025, 1, 7), date(2025, 1, 7)))
    clock.now = datetime(2025, 1, 7, 12, tzinfo=UTC)
    be_away(service)
    enter(service)
    change_the_secretary(service)
    for name, text in SETTINGS.items():
        change_setting(service, Setting(VAASA, name, text, SECRETARY))
    for address, wished in WISHES.items():
        change_preferences(service, VAASA, address, wished)
    for day in ("2025-02-12", "2025-03-12", "2025-05-14"):
        target_dates.enter_date(service, target_dates.EnteredDate(FAIRS, date.fromisoformat(day)))
    before = predict(service, WINDOW)
    run_days(service, clock, WINDOW)
    assert sent(service, WINDOW) == before
    assert len({(mail[0], mail[1]) for mail in before}) == len(before)
    assert [mail[0] for mail in before if mail[1] == STAND_IN] != []
    _settings_show(before)
    _wishes_show(before)
    _the_secretaries_show(before)


def stages(mails: list[Mail], address: str = "") -> set[str]:
    """The stages of all mails, or of those to one address."""
    return {item[1] for mail in mails if address in {"", mail[1]} for item in mail[4]}


def _settings_show(mails: list[Mail]) -> None:
    """The chosen stages instead of the defaults of milestones; reviews due on 14 November."""
    items = [(mail[0], *item) for mail in mails for item in mail[4] if item[2] != "digest"]
    found = {stage for _, occurrence, stage, _ in items if ":milestone:" in occurrence}
    assert {"-P21D", "P5D", "escalation", "handover"} <= found
    assert found & {"-P7D", "-P1D", "P7D", "P60D", "P90D"} == set()
    due = {day for day, occurrence, stage, _ in items if ":review:2025" in occurrence and stage == "P0D"}
    assert due == {date(2025, 11, 14)}


def _wishes_show(mails: list[Mail]) -> None:
    """What is off is nowhere; the mail is in the language that was wished; the letter of the year twice."""
    assert stages(mails, FEWER) & {"-P30D", "-P10D", "year"} == set()
    assert {mail[2] for mail in mails if mail[1] == THURSDAYS} == {"sv"}
    assert {mail[0] for mail in mails if "year" in {item[1] for item in mail[4]}} == {
        date(2025, 1, 8),
        date(2026, 1, 7),
    }
    assert "pace" in stages(mails)


def _the_secretaries_show(mails: list[Mail]) -> None:
    """The old one until the end of April, the new one from then on; no summary is lost between them."""
    old, new = ({mail[0] for mail in mails if mail[1] == one} for one in (SECRETARY, NEXT))
    assert (max(old), min(new)) == (date(2025, 4, 30), date(2025, 6, 5))
