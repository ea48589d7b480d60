"""The fate of a mail in words: its state, its events, what the server said. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from email_templates import dates
from email_templates import words as shared
from reminders.settings import Settings
from reminders.store.delivery_log import DeliveryEvent
from reminders.web.words import say
from schedule_rules.programme import Lang


def channel_state(settings: Settings, state: str, lang: Lang) -> str:
    """Say a state; without a mail server what is *sent* was written to the folder."""
    if state == "sent" and not settings.smtp_url:
        return say(lang, "event.written")
    return shared.outbox(lang, state)


def reply(events: Iterable[DeliveryEvent]) -> str:
    """Return the server's last words about a mail, as they came."""
    said = [event for event in events if event.kind != "composed" and (event.code or event.text)]
    return _words(said[-1]) if said else ""


def event_rows(
    settings: Settings, events: Iterable[DeliveryEvent], zone: tzinfo, lang: Lang
) -> list[tuple[str, str, str]]:
    """Return each event of a mail: when, what, and the server's words."""
    return [
        (dates.moment(event.at.astimezone(zone), lang), _kind(settings, event, lang), _words(event))
        for event in events
    ]


def _kind(settings: Settings, event: DeliveryEvent, lang: Lang) -> str:
    if event.kind == "handed-over" and not settings.smtp_url:
        return say(lang, "event.written")
    return say(lang, f"event.{event.kind}")


def _words(event: DeliveryEvent) -> str:
    code = str(event.code) if event.code else ""
    return " ".join(part for part in (code, event.text) if part)
