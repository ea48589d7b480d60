"""The JSON shapes of the interface, one home for the commands and the API (design: interface.md).

Pure: values in, plain dicts out. Which rows are asked for is left to ``cli`` and ``api``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from calendars.feed import FeedSpec, feed_address, title
from email_templates import dates, words
from reminders.collection.measures import NOT_MEASURED
from reminders.collection.round import last_reminded
from reminders.planning.replies import Answer
from reminders.planning.standing import Counts, ProgrammeStanding, Standing
from reminders.planning.state import ProgrammeRow
from reminders.use.answers.status import status_of
from reminders.use.collection.rounds import Round
from schedule_rules.derive import derive
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import LANGUAGES, Programme, Text

_BECAUSE = "The programme says {words}, read as: {reading} ({basis})."


def occurrence_json(
    row: Occurrence,
    programme: Programme,
    answers: Iterable[Answer] = (),
    standing: Standing = "on-schedule",
) -> dict[str, Any]:
    """Return an occurrence as the interface writes it; ``answers`` may hold those of others too."""
    return {
        "id": str(row.id),
        "programme": row.id.programme,
        "action": row.id.action,
        "kind": row.kind,
        "due": row.due.isoformat(),
        "starts_at": _instant(row.starts_at),
        "ends_at": _instant(row.ends_at),
        "title": _texts(row.title),
        "organisations": list(row.organisations),
        "status": status_of(programme, row, answers),
        # The document knows no dates of an ended action: nothing of them is left to do.
        "standing": "done" if standing == "ended" else standing,
        "provenance": row.basis.date_provenance,
        "because": because(row),
    }


def programme_json(row: ProgrammeRow, standing: ProgrammeStanding, counts: Counts) -> dict[str, Any]:
    """Return a stored programme, where it stands, and the numbers that pages show of it."""
    programme = row.programme
    return {
        "key": programme.key,
        "name": _texts(programme.name),
        "start": programme.period.first.isoformat(),
        "end": programme.period.last.isoformat(),
        "actions": len(programme.actions),
        "built_in": row.built_in,
        "held": row.held,
        "started_on": row.started_on.isoformat() if row.started_on else None,
        "standing": standing,
        "counts": {
            "passed": counts.passed,
            "not_answered": counts.not_answered,
            "behind": counts.behind,
            "not_known": counts.not_known,
            "missing": dict(counts.missing),
        },
    }


def feed_json(spec: FeedSpec, programme: Programme) -> dict[str, Any]:
    """Return a feed: its name, its title and its address in each language."""
    return {
        "name": spec.name,
        "programme": programme.key,
        "title": {lang: title(spec, lang) for lang in LANGUAGES},
        "url": {lang: feed_address(spec, lang) for lang in LANGUAGES},
    }


def finding_rows(row: ProgrammeRow) -> list[dict[str, str]]:
    """Return what needs a decision about a programme: from its wordings, then from its import."""
    key = row.programme.key
    own = [
        {
            "programme": key,
            "where": one.action,
            "code": one.code,
            "words": one.words.get("en"),
            "detail": one.nearest,
        }
        for one in derive(row.programme).findings
    ]
    found = [
        {
            "programme": key,
            "where": ", ".join(filter(None, (one["file"], one["place"]))),
            "code": one["code"],
            "words": one["words"],
            "detail": one["detail"],
        }
        for one in row.findings
    ]
    return own + found


def round_json(found: Round) -> dict[str, Any]:
    """Return how a round stands; ``state`` of a unit: sent, answered (without the form), draft or none.

    ``values`` counts the values that a unit gave for the year, ``not_measured`` those of which it said that
    they were not measured: neither is among the other, and what is missing is in none.
    """
    row, names = found.row, found.state.programme.organisation_by_key
    given = Counter((one.organisation, one.kind == NOT_MEASURED) for one in found.values)
    return {
        "programme": found.stored.programme.key,
        "year": found.year,
        "occurrence": str(row.id),
        "state": found.phase,
        "opens": row.opens.isoformat() if row.opens else None,
        "due": row.due.isoformat(),
        "closes": row.closes.isoformat() if row.closes else None,
        "expected": found.progress.expected,
        "answered": found.progress.answered,
        "units": [
            {
                "organisation": one.organisation,
                "name": names[one.organisation].name.as_dict(),
                "state": one.state,
                "actions": one.actions,
                "values": given[one.organisation, False],
                "not_measured": given[one.organisation, True],
                "last_reminder": mail.day.isoformat()
                if (mail := last_reminded(found.mails, one.organisation))
                else None,
            }
            for one in found.progress.units
        ],
    }


def because(row: Occurrence) -> str:
    """Say in English which words an occurrence comes from, how they were read, and that its date was moved.

    Who corrected them is not said: the API is public.
    """
    read = _BECAUSE.format(
        words=dates.quoted(row.basis.words.get("en"), "en"),
        reading=words.reading("en", row.basis.reading),
        basis=words.basis("en", row.basis.provenance),
    )
    return " ".join(filter(None, (read, words.date_moved("en", row))))


def _texts(text: Text) -> dict[str, str]:
    return {lang: text.get(lang) for lang in LANGUAGES}


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
