"""A person's decision about an action: recorded with name and date, worked into rules and dates at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, get_args

from calendars.text import SHORT
from reminders.clock import civil_time
from reminders.collection.indicator import MeasuresError, parsed_measures
from reminders.errors import UsageError
from reminders.planning.programme_diff import finding_name
from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.store import Connection, programmes
from reminders.use.feeds.calendar_preview import CalendarChange, calendar_changes
from reminders.use.programme.store_programme import rework
from reminders.use.watch.audit import record_act
from schedule_rules.derive import derive
from schedule_rules.programme import CorrectedField, Correction, Programme
from schedule_rules.reading import find_frequencies, normalise
from schedule_rules.schedule import Schedule

FIELDS: tuple[CorrectedField, ...] = get_args(CorrectedField)
LONGEST_DECISION: Final = 2000
"""Characters of a decision's value and of its note: a printed wording has two hundred."""


@dataclass(frozen=True, slots=True)
class CorrectionDecision:
    """What somebody wants to hold for an action; see ``Correction`` for the fields.

    With a programme's key as ``action``, ``accepted`` takes a finding of its
    import that is about no single action: its code, or ``code: words``.
    """

    action: str
    field: CorrectedField
    value: str
    by: str
    note: str = ""
    programme: str | None = None


def correct_action(service: Service, decision: CorrectionDecision) -> str:
    """Record a decision and rework the programme's dates; return the programme's key.

    Raises ``NotFoundError`` for an unknown action, ``UsageError`` for a value
    that cannot be read. What was mailed stays; a date that moves reminds anew.
    """
    with service.database.write() as connection:
        key = enter_correction(connection, service, decision)
        about = f"{decision.action} {decision.field}: {decision.value.strip()}"
        record_act(connection, service, "correct", key, about, by=decision.by)
    return key


def preview_correction(service: Service, decision: CorrectionDecision) -> tuple[CalendarChange, ...]:
    """Return what a decision would do in calendars; nothing is stored. Errors as ``correct_action``."""
    check_length(decision)
    with service.database.read() as connection:
        if decision.action in programmes.programme_keys(connection):
            return ()  # of a finding about no single action no date moves
        row = programmes.programme_of_action(connection, decision.action, decision.programme)
    check_correction(row, decision)
    return calendar_changes(
        service, row.programme.key, lambda connection: enter_correction(connection, service, decision)
    )


def enter_correction(connection: Connection, service: Service, decision: CorrectionDecision) -> str:
    """Do what ``correct_action`` does, inside the caller's transaction."""
    check_length(decision)
    now = service.clock()
    day = civil_time(service.settings, now).day
    if decision.field == "accepted" and decision.action in programmes.programme_keys(connection):
        whole = programmes.stored_programme(connection, decision.action)
        return _accept_finding(connection, whole, decision, day, now)
    row = programmes.programme_of_action(connection, decision.action, decision.programme)
    check_correction(row, decision)
    key = row.programme.key
    programmes.add_correction(connection, key, decision.action, _made(decision, day))
    programmes.touch_programme(connection, key, now)
    rework(connection, key, now)
    return key


def _accept_finding(
    connection: Connection, row: ProgrammeRow, decision: CorrectionDecision, day: date, now: datetime
) -> str:
    """Record that what an import found about no single action may stand; no date moves by it."""
    names = {name for one in row.findings for name in (one["code"], finding_name(one))}
    if decision.value not in names:
        known = "; ".join(sorted(finding_name(one) for one in row.findings)) or "no finding"
        expected = f"the code of a finding, or one of: {known}"
        raise UsageError(f"accepted: expected {expected}; found {decision.value!r}")
    programmes.add_correction(connection, row.programme.key, "", _made(decision, day))
    programmes.touch_programme(connection, row.programme.key, now)
    return row.programme.key


def corrected(row: ProgrammeRow, decision: CorrectionDecision, day: date) -> Programme:
    """Return the programme as it would be after a decision; nothing is stored."""
    made = {action.id: action.corrections for action in row.programme.actions}
    made[decision.action] = (*made[decision.action], _made(decision, day))
    return row.as_corrected(made)


def _made(decision: CorrectionDecision, day: date) -> Correction:
    return Correction(decision.field, decision.value.strip(), decision.by, day, decision.note.strip())


def check_length(decision: CorrectionDecision) -> None:
    """Raise ``UsageError`` for texts that are too long to be a wording, before anything reads them."""
    for name, text in ((decision.field, decision.value), ("note", decision.note)):
        if len(text) > LONGEST_DECISION:
            raise UsageError(
                f"{name}: expected at most {LONGEST_DECISION} characters; found {len(text)}. Shorten it"
            )


def check_correction(row: ProgrammeRow, decision: CorrectionDecision) -> None:
    """Raise ``UsageError`` for a value that its field cannot take."""
    value = decision.value.strip()
    match decision.field:
        case "schedule":
            found = normalise(value)
            readable = isinstance(found, Schedule) and found.kind not in {"none", "unspecified", "relative"}
            expected = "a schedule in words, such as 2025–2026"
        case "frequency":
            readable = not value or bool(find_frequencies(value))
            expected = "how often, such as twice a year, or nothing"
        case "leads" | "partners":
            readable = all(key in row.programme.organisation_by_key for key in value.split())
            readable = readable and bool(value or decision.field == "partners")
            expected = "keys of organisations with blanks between"
        case "measures":
            readable = not value or _says_measures(value)
            expected = "number, yes-no or text, as in number: Participants [people]; yes-no, or nothing"
        case "name-fi" | "name-sv" | "name-en":
            readable = len(value) <= SHORT and value.isprintable()
            expected = f"a short name of at most {SHORT} characters on one line, or nothing"
        case "accepted":
            # A finding of the import names no action, so any action may accept it.
            codes = {finding.code for finding in derive(row.programme).findings_of(decision.action)}
            codes |= {finding["code"] for finding in row.findings}
            readable = value in codes
            expected = f"the code of a finding ({', '.join(sorted(codes)) or 'there is none'})"
    if not readable:
        raise UsageError(f"{decision.field}: expected {expected}; found {decision.value!r}")


def _says_measures(value: str) -> bool:
    try:
        return bool(parsed_measures(value))
    except MeasuresError:
        return False
