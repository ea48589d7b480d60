"""Where each programme's section stands in the octets of a mail, and how it is cut out again.

A mail to somebody in several programmes is one message with a section for each; a programme's own pages
show its section alone. Both directions stand here, as places are only true of the text in which they were
counted: that which the octets hold, read by ``text_and_html``, never that which was to be written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern

from email_templates.render import RenderedSection
from reminders.letters.message import plain_lines


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """Where a programme's section stands in a mail of several: begin and length, in text and html.

    ``subject`` is the one that it would have alone. Without a length it is the whole mail.
    """

    subject: str
    text_at: int
    text_length: int
    html_at: int
    html_length: int


def parsed(raw: bytes) -> EmailMessage:
    """Return the message that octets are."""
    message = message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    return message


def text_and_html(message: EmailMessage) -> tuple[str, str]:
    """Return a message's text and html, each line ended by a line feed; nothing for a form that it lacks."""
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return plain_lines(text.get_content()) if text else "", plain_lines(html.get_content()) if html else ""


def section_places(raw: bytes, sections: Iterable[RenderedSection]) -> tuple[SectionPlace, ...]:
    """Return where sections stand in their message, in their order; ``ValueError`` where one does not."""
    found, text_at, html_at = [], 0, 0
    text, html = text_and_html(parsed(raw))
    for one in sections:
        own_text, own_html = plain_lines(one.text), plain_lines(one.html) if html else ""
        text_at, html_at = text.index(own_text, text_at), html.index(own_html, html_at)
        found.append(SectionPlace(one.subject, text_at, len(own_text), html_at, len(own_html)))
        text_at, html_at = text_at + len(own_text), html_at + len(own_html)
    return tuple(found)


def section_at(place: SectionPlace, text: str, html: str) -> tuple[str, str]:
    """Return the part of a message's text and html that stands at a place."""
    if not place.text_length:
        return text, html
    return (
        text[place.text_at : place.text_at + place.text_length],
        html[place.html_at : place.html_at + place.html_length],
    )
