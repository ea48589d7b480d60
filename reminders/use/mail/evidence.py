"""The evidence as a table: a row for each item of each mail, with rule, stage, Message-ID, reply and hash.

It proves that a mail was handed to the city's server, not that it was read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from email_templates import dates, words
from reminders.collection.spreadsheet import harmless
from reminders.letters.delivery_events import LogEntry, last_answer
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang


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
    return ", ".join(part for part in (quoted, read, words.basis(lang, basis.provenance)) if part)


def evidence_csv(rows: Iterable[EvidenceRow]) -> str:
    """Return rows as CSV (RFC 4180), no cell of which a spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = [field.name for field in fields(EvidenceRow)]
    writer.writerow(names)
    writer.writerows([harmless(getattr(row, name)) for name in names] for row in rows)
    return out.getvalue()
