"""The mail with a link that signs in: when it was asked for, the link, until when it is good.

It says nothing of the person but what its envelope says. It is no ``Letter``: no programme is meant, nobody
signs it, and it goes at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from email_templates import dates
from email_templates.letters import LetterContent, MailLang
from email_templates.plain_text import cut
from email_templates.render import VARIABLES, framed, languages, letter_templates
from email_templates.rows import Button
from email_templates.words import say
from schedule_rules.programme import Lang

FOLDER: Final = "sign_in"


@dataclass(frozen=True, slots=True)
class SignInLetter:
    """The variables of the mail; ``host`` says which service it is, both instants are local time."""

    link: str
    host: str
    asked_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class SignInPart:
    """What the mail says in one language, a paragraph each."""

    lang: Lang
    heading: str
    asked: str
    button: Button
    valid: str
    unasked: str
    service: str


def render_sign_in(letter: SignInLetter, lang: MailLang) -> LetterContent:
    """Write the mail in ``lang``."""
    parts = [_part(letter, one) for one in languages(lang)]
    values = {
        "subject": cut(f"{' / '.join(one.heading for one in parts)}: {letter.host}"),
        "parts": parts,
    }
    subject, text, html = (
        letter_templates().get_template(f"{FOLDER}/{name}").render({one: values[one] for one in variables})
        for name, variables in VARIABLES.items()
    )
    return LetterContent(
        subject=subject,
        text=text.strip() + "\n",
        html=framed(subject, parts[0].asked, parts[0].lang, [html.rstrip("\n")]),
        content_language=", ".join(one.lang for one in parts),
    )


def _part(letter: SignInLetter, lang: Lang) -> SignInPart:
    asked, until = (dates.moment(at, lang) for at in (letter.asked_at, letter.valid_until))
    return SignInPart(
        lang=lang,
        heading=say(lang, "sign-in.heading"),
        asked=say(lang, "sign-in.asked", host=letter.host, at=asked),
        button=Button(say(lang, "sign-in.button"), letter.link),
        valid=say(lang, "sign-in.valid", until=until),
        unasked=say(lang, "sign-in.unasked"),
        service=say(lang, "mail.service"),
    )
