"""Letters on pages: where they reach people, no link by which the reader acts is live for anybody else."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest

from reminders.planning.links import TOKEN, Links
from reminders.servers import SmtpTarget
from reminders.service import Service
from tests.web.conftest import Reader

SAID = {
    "fi": "Linkit, joilla vastaanottaja vastaa, eivät ole tässä käytössä.",
    "sv": "Länkarna som mottagaren svarar med fungerar inte här.",
    "en": "Links by which the recipient answers do not work here.",
}
LETTERS = ("/outbox/1", "/outbox/20", "/outbox/60", "/outbox/next/1", "/outbox/next/2")
"""Some that went, and of those to come before the first start."""


def live(service: Service, text: str) -> list[str]:
    """The tokens of a text that the service would believe."""
    links = Links(service.secret)
    return [one for one in TOKEN.findall(unescape(text)) if links.read(one)]


def of_letter(request: pytest.FixtureRequest, letter: str) -> Service:
    """The service that has a letter: one that was just started, or one that has sent some."""
    found: Service = request.getfixturevalue("fresh" if "next" in letter else "service")
    return found


def with_server(service: Service) -> Service:
    """A service with a mail server."""
    settings = service.settings.model_copy(update={"smtp_url": SmtpTarget.of("smtp://mail.example")})
    return replace(service, settings=settings)


@pytest.mark.parametrize("letter", LETTERS)
def test_where_mail_reaches_people_nobody_acts_from_the_outbox(
    request: pytest.FixtureRequest, letter: str
) -> None:
    """Neither in the text nor in the frame is a token; the page says so in the reader's language."""
    by_smtp = with_server(of_letter(request, letter))
    reader = Reader(by_smtp).sign_in()
    for lang, words in SAID.items():
        page = reader.get(f"{letter}?lang={lang}")
        assert (page.status_code, live(by_smtp, page.text)) == (200, [])
        assert words in page.text.replace("\N{NO-BREAK SPACE}", " ")
    frame = reader.get(f"{letter}/html").text
    assert (live(by_smtp, frame), "calendars/private/" in frame) == ([], False)


@pytest.mark.parametrize("letter", LETTERS)
def test_where_nothing_leaves_the_machine_the_outbox_is_the_mail_program(
    request: pytest.FixtureRequest, letter: str
) -> None:
    """Whoever tries the service out answers from there."""
    secretary = Reader(of_letter(request, letter)).sign_in()
    page, frame = secretary.get(f"{letter}?lang=en").text, secretary.get(f"{letter}/html").text
    assert live(secretary.service, page)
    assert live(secretary.service, frame)
    assert SAID["en"] not in page


def test_the_summary_holds_no_token_either(service: Service) -> None:
    """Alone, as a letter."""
    by_smtp = with_server(service)
    assert live(by_smtp, Reader(by_smtp).sign_in().get("/digest/html").text) == []
