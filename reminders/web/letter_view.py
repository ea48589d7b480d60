"""A mail as its page shows it, and its html in a closed frame."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Final

from starlette.responses import HTMLResponse, Response

from email_templates import dates
from reminders.message import MessageFacts
from reminders.web.words import say
from schedule_rules.programme import Lang

FRAME_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its page shows it; ``language`` is the one that it begins with."""

    subject: str
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    language: str


def framed(html: str) -> Response:
    """Return a mail's html for its frame; its links open outside."""
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    headers = {
        "Content-Security-Policy": FRAME_POLICY,
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
    return HTMLResponse(html, headers=headers)


def parsed(raw: bytes, lang: Lang) -> Letter:
    """Return the letter that stands in the octets of a mail."""
    message = message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    names = {"from": "From", "to": "To", "reply-to": "Reply-To", "date": "Date", "message-id": "Message-ID"}
    found = [
        (say(lang, f"outbox.{name}"), str(message[header]))
        for name, header in names.items()
        if message[header]
    ]
    return Letter(
        subject=str(message["Subject"]),
        headers=tuple(found),
        html=html.get_content() if html else "",
        text=text.get_content() if text else "",
        language=str(message["Content-Language"] or "")[:2],
    )


def of_facts(facts: MessageFacts, lang: Lang) -> Letter:
    """Return the letter of a mail that is not sent yet."""
    values = {
        "from": f"{facts.sender_name} <{facts.sender}>" if facts.sender_name else facts.sender,
        "to": facts.recipient,
        "reply-to": facts.reply_to,
        "date": dates.moment(facts.date, lang),
    }
    headers = tuple((say(lang, f"outbox.{name}"), value) for name, value in values.items() if value)
    return Letter(facts.subject, headers, facts.html, facts.text, facts.content_language[:2])
