"""What could not be mailed, as rows of the secretary's digest: refused, not made, a closed channel."""

from __future__ import annotations

from datetime import date, datetime

from email_templates import dates, words
from email_templates.letters import DigestRow
from reminders.dispatch.explain import say
from reminders.settings import Settings
from reminders.store import Connection, outbox, readdressed
from reminders.store import reminders as store
from schedule_rules.programme import LANGUAGES, Text


def failure_rows(connection: Connection, since: date | None, settings: Settings) -> tuple[DigestRow, ...]:
    """Return what went wrong from the day ``since`` on, or ever."""
    rows = (
        _refused(connection, since, settings)
        + [
            (address, _failure("failed", ""))
            for address, day in store.failed_digests(connection)
            if _is_new(day, since)
        ]
        + _closed(connection, since, settings)
    )
    return tuple(
        DigestRow(Text(title, title, title), None, f"{settings.base_url}/outbox", note=note)
        for title, note in rows
    )


def _refused(connection: Connection, since: date | None, settings: Settings) -> list[tuple[str, Text]]:
    """Return the messages that failed, and to whom their items went on where the address was dead."""
    rows = [
        row
        for row in outbox.failures_since(connection, None)
        if _is_new(_day(row["next_at"], settings), since)
    ]
    went_on = readdressed.successors(connection, [row["digest_id"] for row in rows])
    return [
        (row["rcpt"], _failure(row["state"], row["last_text"], went_on.get(row["digest_id"], ())))
        for row in rows
    ]


def _closed(connection: Connection, since: date | None, settings: Settings) -> list[tuple[str, Text]]:
    """Return the days on which the mail server could not be used, each with the first reason."""
    found: dict[date, str] = {}
    for at, reason in store.alarms(connection):
        if _is_new(day := _day(at, settings), since):
            found.setdefault(day, reason)
    name = settings.smtp_url.host if settings.smtp_url else str(settings.mail_folder)
    return [
        (
            name,
            Text(
                **{
                    lang: say(lang, "mail.closed", on=dates.short(day, lang), reason=reason)
                    for lang in LANGUAGES
                }
            ),
        )
        for day, reason in found.items()
    ]


def _failure(state: str, text: str, went_on: tuple[str, ...] = ()) -> Text:
    told = f": {text}" if text else ""
    said = {lang: words.outbox(lang, state) + told for lang in LANGUAGES}
    if went_on:
        said = {
            lang: f"{say(lang, 'mail.went-on', failure=said[lang], addresses=', '.join(went_on))}"
            for lang in LANGUAGES
        }
    return Text(**said)


def _day(instant: datetime, settings: Settings) -> date:
    return instant.astimezone(settings.zone).date()


def _is_new(day: date, since: date | None) -> bool:
    return since is None or day >= since
