"""A letter and a language in, a finished mail out: subject, text, html.

Every letter has a folder with ``subject.txt``, ``body.txt`` and ``body.html``
and declares the variables that these may use; a test compares both ways. Who
gets the mail, and its headers, are left to ``reminders``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from email_templates.digest_view import DigestPart, digest_part
from email_templates.headlines import subject
from email_templates.letters import (
    BoardDigest,
    Content,
    Escalation,
    Letter,
    MailLang,
    Nudge,
    StatusRequest,
)
from email_templates.templating import environment
from email_templates.text import cut
from email_templates.view import UnitPart, unit_part
from schedule_rules.programme import Lang

FOLDERS: Final[dict[type[Letter], str]] = {
    Nudge: "nudge",
    StatusRequest: "status_request",
    Escalation: "escalation",
    BoardDigest: "board_digest",
}
PREHEADER_LIMIT: Final = 140


@dataclass(frozen=True, slots=True)
class Variables:
    """What the templates of every letter may use; ``parts`` holds one part a language."""

    subject: str
    preheader: str
    parts: tuple[UnitPart, ...] | tuple[DigestPart, ...]


def languages(lang: MailLang) -> tuple[Lang, ...]:
    """Return the languages of a mail, in order."""
    return ("fi", "sv") if lang == "fi+sv" else (lang,)


def render(letter: Letter, lang: MailLang) -> Content:
    """Write ``letter`` in ``lang``; the same letter always gives the same octets."""
    langs = languages(lang)
    values = variables(letter, langs)
    folder = FOLDERS[type(letter)]
    return Content(
        subject=_template(f"{folder}/subject.txt", {"subject": values.subject}),
        text=_template(f"{folder}/body.txt", {"parts": values.parts}).strip() + "\n",
        html=_template(
            f"{folder}/body.html",
            {"subject": values.subject, "preheader": values.preheader, "parts": values.parts},
        ),
        content_language=", ".join(langs),
    )


def variables(letter: Letter, langs: tuple[Lang, ...]) -> Variables:
    """Return the variables of a letter's templates."""
    parts: tuple[UnitPart, ...] | tuple[DigestPart, ...]
    if isinstance(letter, BoardDigest):
        parts = tuple(digest_part(letter, lang) for lang in langs)
        preheader = parts[0].news or parts[0].zeros
    else:
        parts = tuple(unit_part(letter, lang) for lang in langs)
        preheader = parts[0].lead
    return Variables(subject(letter, langs), cut(preheader, PREHEADER_LIMIT), parts)


def _template(name: str, values: dict[str, Any]) -> str:
    return environment().get_template(name).render(values)
