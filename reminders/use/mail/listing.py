"""Mails as they are listed, the coming ones and the sent: documents, a table, a row an item.

The evidence has a row for each item of each mail, with rule, stage, Message-ID, reply and hash. It proves
that a mail was handed to the city's server, not that it was read.

The shapes are the interface's (design: interface.md, "Shapes"). A stage there is the trigger's offset or one
of the words that the design names. Stages of our own (the unit's year, a hand-over, a new link, an
invitation) are told by their mail's distance from the date, and by their name as the reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby
from typing import Final

from email_templates import dates, words
from reminders.collection.spreadsheet import harmless
from reminders.errors import NotFoundError
from reminders.letters.delivery_events import (
    DeliveryEvent,
    LogEntry,
    MailCount,
    MailRow,
    last_answer,
)
from reminders.letters.sections import SectionPlace
from reminders.planning.mails import Mail, parts_about
from reminders.planning.policy import HANDOVER, INVITATION, LINK, OWN_FEED, YEAR, stage_name
from reminders.service import Service
from reminders.store import Connection, delivery_log, planned, programmes
from reminders.use.planning.load_state import load_states
from reminders.use.planning.preview import forecast_window
from schedule_rules.days import Span
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import Lang

_OWN_STAGES: Final = frozenset({HANDOVER, INVITATION, LINK, OWN_FEED, YEAR})
Dues = Mapping[str, date]
"""The dates of occurrences by id."""


def draft_json(draft: Mail, dues: Dues) -> dict[str, object]:
    """Return a mail to be as the forecast's item."""
    return {
        "date": draft.day.isoformat(),
        "to": draft.to,
        "language": draft.language,
        "kind": draft.kind,
        "items": [_item(item.occurrence, item.stage, item.reason, draft.day, dues) for item in draft.items],
    }


def log_json(entry: LogEntry, dues: Dues) -> dict[str, object]:
    """Return a mail and its fate as the log's item."""
    return {
        "date": entry.day.isoformat(),
        "to": entry.to,
        "language": entry.language,
        "kind": entry.kind,
        "items": [
            _item(item["occurrence"], item["stage"], item["reason"], entry.day, dues) for item in entry.items
        ],
        "at": entry.at.isoformat(),
        "message_id": entry.message_id,
        "state": entry.state,
        "events": events_json(entry.events),
    }


def events_json(events: Iterable[DeliveryEvent]) -> list[dict[str, object]]:
    """Return what happened to a mail as the log shows it."""
    return [
        {"at": one.at.isoformat(), "kind": one.kind, "code": one.code, "text": one.text} for one in events
    ]


def _item(occurrence: str, stage: str, reason: str, day: date, dues: Dues) -> dict[str, str]:
    if stage not in _OWN_STAGES:
        return {"occurrence": occurrence, "stage": stage, "reason": reason}
    due = dues.get(occurrence) or OccurrenceID.parse(occurrence).recurrence_date or day
    own = stage if reason in {"first", "repeated"} else reason
    return {"occurrence": occurrence, "stage": stage_name((day - due).days), "reason": own}


def forecast_mails(service: Service, window: Span, programme: str | None = None) -> list[Mail]:
    """Return every mail that would go out within ``window``, if nobody answers; or a programme's part."""
    with service.database.read() as connection:
        mails = forecast_window(connection, window)
        return list(mails if programme is None else parts_about(mails, programme))


def draft_documents(service: Service, drafts: Iterable[Mail]) -> list[dict[str, object]]:
    """Return mails to be as the forecast's items."""
    with service.database.read() as connection:
        dues = programmes.due_dates(connection)
    return [draft_json(draft, dues) for draft in drafts]


def read_log(connection: Connection, action: str, programme: str | None = None) -> tuple[LogEntry, ...]:
    """Return the mails of the record, about one action where one is named.

    With a programme what is said of it. Raises ``NotFoundError`` for an action that no programme has, and
    of which no mail ever spoke, ``UsageError`` for one that several have.
    """
    entries = delivery_log.log_entries(connection, action, programme=programme)
    spoken = {
        OccurrenceID.parse(item["occurrence"]).programme
        for one in entries
        for item in one.items_about(action)
    }
    if action and (not entries or len(spoken) > 1):
        programmes.programme_of_action(connection, action, programme)
    return entries


def newest_mails(
    connection: Connection, programme: str, most: int
) -> tuple[tuple[date, tuple[MailRow, ...]], ...]:
    """Return the newest days with their mails that speak of a programme, ``most`` mails at most in all."""
    mails = delivery_log.mail_rows(connection, programme, most)
    return tuple((day, tuple(own)) for day, own in groupby(mails, key=lambda mail: mail.day))


def newest_count(connection: Connection, programme: str) -> MailCount | None:
    """Count a programme's mails of the newest day with any, by state; None: there never were any."""
    return next(iter(delivery_log.mail_counts(connection, programme)), None)


def reminder_counts(connection: Connection, occurrences: Collection[str]) -> Mapping[tuple[str, str], int]:
    """Count the mails that spoke of some occurrences and have left, by (occurrence, address)."""
    return planned.sent_counts(connection, occurrences=occurrences, only_left=True)


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail with its fate, its octets (None: deleted), and where the programme's section stands in it.

    No ``place``: it speaks of several programmes, and what it says of this one cannot be told apart.
    """

    entry: LogEntry
    raw: bytes | None
    place: SectionPlace | None


def sent_mail(connection: Connection, outbox_id: int, programme: str) -> SentMail:
    """Return a mail as a programme sees it; ``NotFoundError`` for none of this id that speaks of it."""
    entries = delivery_log.log_entries(connection, outbox_id=outbox_id, programme=programme)
    found, place = (
        delivery_log.mail_raw(connection, outbox_id),
        delivery_log.section_of(connection, outbox_id, programme),
    )
    if not entries or found is None:
        raise NotFoundError(f"no mail {outbox_id}")
    return SentMail(entries[0], found[0], place)


def log_rows(service: Service, action: str = "", programme: str | None = None) -> list[tuple[object, ...]]:
    """Return day, recipient, kind, count of items, state and Message-ID of each mail."""
    with service.database.read() as connection:
        found = read_log(connection, action, programme)
    return [(one.day, one.to, one.kind, len(one.items), one.state, one.message_id) for one in found]


def log_documents(
    service: Service, action: str = "", programme: str | None = None
) -> list[dict[str, object]]:
    """Return the record as the log's items."""
    with service.database.read() as connection:
        dues = programmes.due_dates(connection)
        return [log_json(entry, dues) for entry in read_log(connection, action, programme)]


def log_csv(service: Service, action: str = "", programme: str | None = None) -> str:
    """Return the record as CSV, a row for each item of each mail."""
    with service.database.read() as connection:
        entries, states = read_log(connection, action, programme), load_states(connection).values()
    occurrences = {key: row for state in states for key, row in state.occurrences.items()}
    return evidence_csv(evidence_rows(entries, occurrences, "en", action))


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One item of one mail. ``at`` is when its fate was last written down, in UTC."""

    date: str
    at: str
    to: str
    language: str
    kind: str
    occurrence: str
    due: str
    rule: str
    stage: str
    reason: str
    result: str
    code: str
    reply: str
    message_id: str
    sha256: str
    subject: str


def evidence_rows(
    entries: Iterable[LogEntry], occurrences: Mapping[str, Occurrence], lang: Lang, action: str = ""
) -> tuple[EvidenceRow, ...]:
    """Return the rows of mails, of one action's items where one is named."""
    return tuple(
        _row(entry, item, occurrences.get(item["occurrence"]), lang)
        for entry in entries
        for item in (entry.items_about(action) if action else entry.items)
    )


def _row(entry: LogEntry, item: Mapping[str, str], row: Occurrence | None, lang: Lang) -> EvidenceRow:
    answered = last_answer(entry.events)
    return EvidenceRow(
        date=entry.day.isoformat(),
        at=entry.at.isoformat(),
        to=entry.to,
        language=entry.language,
        kind=entry.kind,
        occurrence=item["occurrence"],
        due=row.due.isoformat() if row else "",
        rule=rule_name(row, lang) if row else "",
        stage=item["stage"],
        reason=item["reason"],
        result=entry.state,
        code=str(answered.code) if answered and answered.code else "",
        reply=answered.text if answered else "",
        message_id=entry.message_id,
        sha256=entry.sha256,
        subject=entry.subject,
    )


def rule_name(row: Occurrence, lang: Lang) -> str:
    """Say the wording, how it was read, and whether that is printed, assumed or corrected."""
    basis = row.basis
    quoted, read = dates.quoted(basis.words.get(lang), lang), words.reading(lang, basis.reading)
    rule = ", ".join(part for part in (quoted, read, words.basis(lang, basis.provenance)) if part)
    return ". ".join(filter(None, (rule, words.date_moved(lang, row))))


def evidence_csv(rows: Iterable[EvidenceRow]) -> str:
    """Return rows as CSV (RFC 4180), no cell of which a spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = [field.name for field in fields(EvidenceRow)]
    writer.writerow(names)
    writer.writerows([harmless(getattr(row, name)) for name in names] for row in rows)
    return out.getvalue()
