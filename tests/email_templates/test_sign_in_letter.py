"""The mail that signs in: golden files, declared variables, what it says and what it does not."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from email_templates.letters import MailLang
from email_templates.render import VARIABLES
from email_templates.rows import Button
from email_templates.sign_in_letter import FOLDER, SignInLetter, SignInPart, render_sign_in
from tests.email_templates.examples import LANGS
from tests.email_templates.test_letters import plain, shown
from tests.email_templates.test_templates import PARTS, ROOM, _asked, _fields
from tests.golden_files import compare_with_golden

HELSINKI = ZoneInfo("Europe/Helsinki")
LETTER = SignInLetter(
    "https://reminders.vaasa.example/sign-in/a-made-up-token?next=%2Fdecisions",
    "reminders.vaasa.example",
    datetime(2026, 1, 8, 9, 0, tzinfo=HELSINKI),
    datetime(2026, 1, 8, 9, 20, tzinfo=HELSINKI),
)


@pytest.mark.parametrize("lang", LANGS)
def test_the_sign_in_mail_is_as_it_was_approved(lang: MailLang) -> None:
    """Octet for octet, in each language and in two."""
    content = render_sign_in(LETTER, lang)
    compare_with_golden(f"letters/{FOLDER}.{lang}.txt", f"Subject: {content.subject}\n\n{content.text}")
    compare_with_golden(f"letters/{FOLDER}.{lang}.html", content.html)


@pytest.mark.parametrize("lang", LANGS)
def test_both_parts_of_the_sign_in_mail_say_the_same(lang: MailLang) -> None:
    """The link once a language, the words of the page in the text."""
    content = render_sign_in(LETTER, lang)
    html, spoken = shown(content.html), 2 if lang == "fi+sv" else 1
    assert html.links == [LETTER.link] * spoken
    assert content.text.count(LETTER.link) == spoken
    assert all(plain(words).rstrip(".:") in plain(content.text) for words in html.words if plain(words))


def test_fields_of_the_sign_in_mail_are_used() -> None:
    """Its folder has the three files; they show every field, and ask for no other variable."""
    assert sorted(path.name for path in (ROOM / FOLDER).iterdir()) == sorted(PARTS)
    asked = {part: _asked([f"{FOLDER}/{part}"]) for part in PARTS}
    assert {part: variables - {"parts_of"} for part, (variables, _) in asked.items()} == {
        part: set(names) for part, names in VARIABLES.items()
    }
    for part in ("body.txt", "body.html"):
        assert _fields(SignInPart, Button) - asked[part][1] <= {"lang", "code"}


def test_a_long_name_of_the_service_is_cut_in_the_subject() -> None:
    """The mail says it whole."""
    long = dataclasses.replace(LETTER, host=f"{'a' * 60}.vaasa.example")
    assert len(render_sign_in(long, "fi+sv").subject) <= 70
