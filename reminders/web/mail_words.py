"""The fate of a mail in words: its state, its events, what the server said. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from email_templates import dates
from email_templates import words as shared
from reminders.settings import Settings
from reminders.store.delivery_log import DeliveryEvent, was_written
from reminders.web.words import say
from schedule_rules.programme import Lang


def channel_state(settings: Settings, state: str, lang: Lang, answer: str = "") -> str:
    """Say a state; what is *sent* was handed to a mail server or written to the folder.

    The answer tells which; where it is not known, whether there is a mail server now.
    """
    if state == "sent" and (was_written(answer) if answer else not settings.smtp_url):
        return say(lang, "event.written")
    return shared.outbox(lang, state)


def reply(events: Iterable[DeliveryEvent]) -> str:
    """Return the server's last words about a mail, as they came."""
    said = _said(events)
    return _words(said[-1]) if said else ""


def answer(events: Iterable[DeliveryEvent]) -> str:
    """Return the last words about a mail without their code: a server's, or the name of a file."""
    said = _said(events)
    return said[-1].text if said else ""


def _said(events: Iterable[DeliveryEvent]) -> list[DeliveryEvent]:
    return [event for event in events if event.kind != "composed" and (event.code or event.text)]


def event_rows(events: Iterable[DeliveryEvent], zone: tzinfo, lang: Lang) -> list[tuple[str, str, str]]:
    """Return each event of a mail: when, what, and the server's words."""
    return [
        (dates.moment(event.at.astimezone(zone), lang), _kind(event, lang), _words(event)) for event in events
    ]


def _kind(event: DeliveryEvent, lang: Lang) -> str:
    if event.kind == "handed-over" and was_written(event.text):
        return say(lang, "event.written")
    return say(lang, f"event.{event.kind}")


def _words(event: DeliveryEvent) -> str:
    code = str(event.code) if event.code else ""
    return " ".join(part for part in (code, event.text) if part)
