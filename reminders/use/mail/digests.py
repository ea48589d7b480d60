"""The secretary's digest: the lists in it that the store knows, and all of it as it would be now.

As it would be now it is shown as a document, as text, and as rows of a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from textwrap import shorten
from typing import Any, Final

from email_templates import dates, words
from email_templates.digest_view import LISTS
from email_templates.letters import BoardDigest, DigestRow, EvidenceHead
from email_templates.render import render
from reminders.clock import civil_time
from reminders.collection.spreadsheet import Cell, Sheet, as_csv, as_xlsx
from reminders.errors import NotFoundError
from reminders.letters.delivery_events import refusal_reply
from reminders.letters.digest import Lists, action_url, board_digest, last_said, programme_url
from reminders.letters.evidence import HEAD_SHOWN
from reminders.letters.retry import Outcome, alike
from reminders.planning.mails import end_of_follow_up
from reminders.planning.standing import unclear_wordings, written_at
from reminders.planning.state import ProgrammeState
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Connection, answers, evidence, outbox, planned, programmes
from reminders.use.planning.load_state import load_state, load_states, read_each
from reminders.use.programme.explain import finding_text, say
from schedule_rules.programme import LANGUAGES, Lang, Text

FORMATS: Final = (".csv", ".xlsx")
_LONGEST: Final = 200
_COLUMNS = ("list", "unit", "title", "due", "mark", "note", "url")


def lists_of(
    connection: Connection, state: ProgrammeState, today: date, last: date | None, settings: Settings
) -> Lists:
    """Return the parts of a digest of ``today`` that the store knows: since that of ``last``, or ever."""
    since = written_at(state, last) if last else None
    names = state.programme.organisation_by_key
    given = answers.answers_of(connection, state.programme.key)
    newest = {(one.occurrence, one.organisation): one for one in given}  # who answered twice said one thing
    answered = tuple(
        DigestRow(
            row.title,
            row.due,
            action_url(settings.base_url, state.programme.key, row.id.action),
            note=last_said(state, state.replies.get((answer.occurrence, answer.organisation)), row.kind),
            unit=names[answer.organisation].name,
            kind=row.kind,
        )
        for answer in newest.values()
        if (row := state.occurrences.get(answer.occurrence)) and _is_new(answer.at, since)
    )
    failures = failure_rows(connection, state.programme.key, since, settings)
    return Lists(
        answered=answered,
        failures=failures,
        unclear=unclear_rows(state, settings.base_url),
        evidence=_evidence_head(connection, today, settings),
    )


def _evidence_head(connection: Connection, today: date, settings: Settings) -> EvidenceHead:
    """Return the head of the record as the day began: the same in each letter of a day, whoever writes it."""
    head = evidence.head_before(connection, datetime.combine(today, time(), settings.zone))
    return EvidenceHead(head.events, head.hash[:HEAD_SHOWN])


def unclear_rows(state: ProgrammeState, base_url: str) -> tuple[DigestRow, ...]:
    """Return what needs a decision, as rows with the words in question."""
    actions = state.programme.action_by_id
    return tuple(
        DigestRow(
            actions[one.action].title,
            None,
            action_url(base_url, state.programme.key, one.action),
            note=finding_text(one),
        )
        for one in unclear_wordings(state)
    )


def failure_rows(
    connection: Connection, programme: str, since: datetime | None, settings: Settings
) -> tuple[DigestRow, ...]:
    """Return what could not be mailed of a programme since an instant, or ever; by day where that is known.

    Messages that were refused, a row an address and cause, with the server's last words and whom their
    items went on to; letters that could not be made; days on which the mail server could not be used, each
    with the first reason.
    """
    failures, first = outbox.failures_of(connection, programme), _day(since, settings) if since else None
    refused = [dict(row) for row in failures if _is_new(row["next_at"], since)]
    rows = [
        (one.address, one.words(settings), "" if one.answer else one.technical)
        for one in _by_cause(connection, refused)
    ]
    unmade = planned.sections_left_out(connection, programme)
    rows += [(address, _failure("failed"), "") for _, address, day in unmade if first is None or day >= first]
    closed: dict[date, str] = {}
    for at, reason in planned.alarms(connection):
        if _is_new(at, since):
            closed.setdefault(_day(at, settings), reason)
    server = settings.smtp_url.host if settings.smtp_url else str(settings.mail_folder)
    for day, why in closed.items():
        said = {lang: say(lang, "mail.closed", on=dates.short(day, lang)) for lang in LANGUAGES}
        rows.append((server, Text(**said), why))
    url = programme_url(settings.base_url, "/outbox", programme)
    return tuple(
        DigestRow(Text(*[title] * 3), None, url, note=note, technical=why) for title, note, why in rows
    )


@dataclass(slots=True)
class RefusedMails:
    """The mails to one ``address`` that ended in one state for one cause, the last ``at`` an instant.

    ``refusal`` is how the server last refused one; ``technical`` what else is known.
    """

    address: str
    state: str
    refusal: Outcome | None
    technical: str
    at: datetime
    went_on: dict[str, None] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        """The server's last words in one line, of a length that a letter can bear."""
        if self.refusal is None:
            return ""
        return shorten(refusal_reply(self.refusal.code, self.refusal.text), _LONGEST)

    def is_like(self, other: RefusedMails) -> bool:
        """Tell whether other mails are of the same address, state and cause."""
        if (self.address, self.state) != (other.address, other.state):
            return False
        if self.refusal and other.refusal:
            return alike(self.refusal, other.refusal)
        return self.refusal is other.refusal and self.technical == other.technical

    def words(self, settings: Settings) -> Text:
        """Say that they were refused, when last, with which words, and whom their items went on to."""
        on = _day(self.at, settings)
        texts: dict[Lang, str] = {
            lang: say(lang, "mail.failed-on", failure=text, on=dates.short(on, lang))
            for lang in LANGUAGES
            if (text := _failure(self.state).own(lang))
        }
        if self.went_on:
            to = ", ".join(self.went_on)
            texts = {one: say(one, "mail.went-on", failure=text, addresses=to) for one, text in texts.items()}
        if answer := self.answer:
            texts = {one: say(one, "mail.answer", failure=text, answer=answer) for one, text in texts.items()}
        return Text(**texts)


def _by_cause(connection: Connection, refused: Collection[Mapping[str, Any]]) -> list[RefusedMails]:
    """Gather mails by address, state and cause, in the order of the first."""
    went_on = planned.successors(connection, [row["digest_id"] for row in refused])
    refusals = outbox.last_refusals(connection, [row["id"] for row in refused])
    found: list[RefusedMails] = []
    for row in refused:
        facts = (row["rcpt"], row["state"], refusals.get(row["id"]), row["last_text"], row["next_at"])
        new = RefusedMails(*facts, dict.fromkeys(went_on.get(row["digest_id"], ())))
        same = next((one for one in found if one.is_like(new)), None)
        if same is None:
            found.append(new)
        else:
            same.at, same.refusal = max(same.at, new.at), new.refusal
            same.went_on |= new.went_on
    return found


def _failure(state: str) -> Text:
    return Text(**{lang: words.outbox(lang, state) for lang in LANGUAGES})


def _day(instant: datetime, settings: Settings) -> date:
    return instant.astimezone(settings.zone).date()


def _is_new(at: datetime, since: datetime | None) -> bool:
    return since is None or at >= since


def digest_letter(
    connection: Connection, state: ProgrammeState, today: date, settings: Settings
) -> BoardDigest:
    """Return a programme's digest as it is on ``today``, of all since the one before."""
    key = state.programme.key
    last = planned.last_digests(connection, before=today).get(key)
    state = replace(state, summary_at=planned.summary_instants(connection, before=today).get(key))
    return board_digest(
        state, today, last, settings.base_url, lists_of(connection, state, today, last, settings)
    )


def last_summary(service: Service, key: str) -> date | None:
    """Return the day of the last summary of a programme that has ended; None: it is still to go."""
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        row = programmes.stored_programme(connection, key)
        last = planned.last_digests(connection).get(key)
        if last is None or last <= row.programme.period.last:
            return None
        over = end_of_follow_up(load_state(connection, row), today)
    return last if over is not None and last > over else None


def digest_letters(service: Service, programme: str | None = None) -> tuple[tuple[str, BoardDigest], ...]:
    """Return (programme key, letter) of each programme's digest of today, or of one's."""
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        if programme is not None:
            state = load_state(connection, programmes.stored_programme(connection, programme))
            return ((programme, digest_letter(connection, state, today, service.settings)),)
        states = load_states(connection)
        found = read_each(states, lambda key: digest_letter(connection, states[key], today, service.settings))
    return tuple(found.items())


def digest_now(
    service: Service, lang: Lang = "en", programme: str | None = None
) -> tuple[list[dict[str, object]], str]:
    """Return the digests as a JSON-ready list and as the text a secretary reads in ``lang``."""
    letters = digest_letters(service, programme)
    if not letters:
        raise NotFoundError(f"no programme {programme or ''}; reminders programmes lists them")
    texts = [render(letter, lang).text for _, letter in letters]
    return [_document(key, letter) for key, letter in letters], "\n".join(texts)


def _document(key: str, letter: BoardDigest) -> dict[str, object]:
    by_units = ("not_answered", "behind", "rounds", "proposals", "ended", "declined", "answered", "paused")
    return {
        "programme": key,
        "date": letter.sent_on.isoformat(),
        "last": _iso(letter.last),
        "meeting": _iso(letter.meeting),
        "unchanged": letter.unchanged,
        "final": letter.final,
        "counts": {
            "passed": letter.passed,
            "not_answered": len(letter.not_answered),
            "behind": len(letter.behind),
            "not_known": letter.not_known,
            "decisions": letter.decisions,
            "answered": len(letter.answered),
            "paused": len(letter.paused),
            "no_contact": len(letter.no_contact),
            "failures": len(letter.failures),
        },
        "overdue": [
            {"organisation": unit.name.as_dict(), "items": [_row(row) for row in unit.rows]}
            for unit in letter.overdue
        ],
        **{name: [_row(row) for row in getattr(letter, name)] for name in by_units},
        "no_contact": [row.title.as_dict() for row in letter.no_contact],
        "failures": [_row(row) for row in letter.failures],
        "unclear": [_row(row) for row in letter.unclear],
    }


def digest_file(service: Service, suffix: str, lang: Lang, programme: str | None = None) -> bytes:
    """Return all rows of the digests as the octets of a ``.csv`` or ``.xlsx`` file (see ``sheet``).

    A workbook has a sheet for each programme; in CSV their rows follow one another.
    """
    sheets = [
        replace(digest_sheet(letter, lang), title=key) for key, letter in digest_letters(service, programme)
    ]
    if suffix == ".xlsx":
        return as_xlsx(sheets, civil_time(service.settings, service.clock()).instant)
    return as_csv(Sheet("", _header(lang), tuple(row for one in sheets for row in one.rows)))


def _header(lang: Lang) -> tuple[str, ...]:
    return tuple(words.say(lang, f"sheet.{name}") for name in _COLUMNS)


def digest_sheet(letter: BoardDigest, lang: Lang) -> Sheet:
    """Return all rows of a digest as one table in ``lang``, also of an unchanged one.

    Columns: list, responsible party, action, deadline (a civil date), status, note, address of the page.
    """
    return Sheet(words.letter(lang, "digest"), _header(lang), tuple(_cells(letter, lang)))


def _cells(letter: BoardDigest, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    for unit in letter.overdue:
        yield from (_cell_row("overdue", row, unit.name, lang) for row in unit.rows)
    for name in LISTS:
        rows: tuple[DigestRow, ...] = getattr(letter, name.replace("-", "_"))
        yield from (_cell_row(name, row, row.unit, lang) for row in rows)


def _cell_row(name: str, row: DigestRow, unit: Text, lang: Lang) -> tuple[Cell, ...]:
    mark = words.say(lang, f"mark.{row.mark}") if row.mark else ""
    heading = words.say(lang, f"digest.{name}")
    return heading, unit.get(lang), row.title.get(lang), row.due, mark, _whole_note(row, lang), row.url


def _whole_note(row: DigestRow, lang: Lang) -> str:
    """Return a row's note with what a server said, which a letter leaves out."""
    return ": ".join(filter(None, (row.note.get(lang), row.technical)))


def _row(row: DigestRow) -> dict[str, object]:
    return {
        "title": row.title.as_dict(),
        "due": _iso(row.due),
        "url": row.url,
        "mark": row.mark,
        "note": {lang: _whole_note(row, lang) for lang in LANGUAGES if row.note.own(lang)},
        "organisation": row.unit.as_dict(),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
