"""A letter and a language in, a finished mail out: subject, text, html.

Every letter has a folder with ``subject.txt``, ``body.txt`` and ``body.html``
and declares the variables that these may use; a test compares both ways. Who
gets the mail, and its headers, are left to ``reminders``.
"""

from __future__ import annotations

from typing import Any, Final

from email_templates.digest_view import DigestPart, digest_part
from email_templates.headlines import subject
from email_templates.letters import (
    BoardDigest,
    Content,
    Escalation,
    Letter,
    MailLang,
    Notice,
    Nudge,
    StatusRequest,
    UnitYear,
)
from email_templates.notice_view import notice_part
from email_templates.templating import environment
from email_templates.text import cut
from email_templates.view import UnitPart, unit_part
from schedule_rules.programme import Lang

FOLDERS: Final[dict[type[Letter], str]] = {
    Nudge: "nudge",
    StatusRequest: "status_request",
    Escalation: "escalation",
    UnitYear: "unit_year",
    Notice: "notice",
    BoardDigest: "board_digest",
}
PREHEADER_LIMIT: Final = 140


# What the templates of every letter may use; ``parts`` holds one part a language.
VARIABLES: Final[dict[str, tuple[str, ...]]] = {
    "subject.txt": ("subject",),
    "body.txt": ("parts",),
    "body.html": ("subject", "preheader", "parts"),
}


def languages(lang: MailLang) -> tuple[Lang, ...]:
    """Return the languages of a mail, in order."""
    return ("fi", "sv") if lang == "fi+sv" else (lang,)


def render(letter: Letter, lang: MailLang) -> Content:
    """Write ``letter`` in ``lang``; the same letter always gives the same octets."""
    langs = languages(lang)
    values = _values(letter, langs)
    written = {name: _write(letter, name, values) for name in VARIABLES}
    return Content(
        subject=written["subject.txt"],
        text=written["body.txt"].strip() + "\n",
        html=written["body.html"],
        content_language=", ".join(langs),
    )


def _values(letter: Letter, langs: tuple[Lang, ...]) -> dict[str, Any]:
    parts: tuple[UnitPart, ...] | tuple[DigestPart, ...]
    if isinstance(letter, BoardDigest):
        parts = tuple(digest_part(letter, lang) for lang in langs)
        preheader = parts[0].news or parts[0].zeros
    elif isinstance(letter, Notice):
        parts = tuple(notice_part(letter, lang) for lang in langs)
        preheader = parts[0].enclosed[0].lines[0]
    else:
        parts = tuple(unit_part(letter, lang) for lang in langs)
        preheader = parts[0].lead
    preheader = cut(preheader, PREHEADER_LIMIT)
    return {"subject": subject(letter, langs), "preheader": preheader, "parts": parts}


def _write(letter: Letter, name: str, values: dict[str, Any]) -> str:
    template = environment().get_template(f"{FOLDERS[type(letter)]}/{name}")
    return template.render({variable: values[variable] for variable in VARIABLES[name]})
