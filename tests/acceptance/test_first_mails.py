"""The mails of a first run, read as a mail program reads them."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.conftest import Runner

DATE = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b")
LINK = re.compile(r"http://127\.0\.0\.1:8000/[^\s\"<>]*")


class Reader(HTMLParser):
    """The text and the links that a person sees in the html part."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: set[str] = set()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "title"}
        self.links |= {value for name, value in attrs if tag == "a" and name == "href" and value}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)


def mails(folder: Path) -> list[EmailMessage]:
    """Return the mails of a folder, parsed."""
    files = sorted(folder.rglob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def part(mail: EmailMessage, kind: str) -> str:
    """Return the text of one alternative, its no-break spaces as blanks."""
    body = mail.get_body((kind,))
    assert body is not None
    return re.sub(r"[\u00a0\u202f]", " ", str(body.get_content()))


@pytest.mark.parametrize("at", ["2025-12-01T09:00+02:00", "2026-01-12T09:00"])
def test_both_parts_carry_the_same_dates_and_links(reminders: Runner, tmp_path: Path, at: str) -> None:
    """Whatever a date or link says in the html part, the text part says, and the other way round."""
    reminders("tick", "--at", "2025-12-01T09:00+02:00")
    reminders("tick", "--at", at)
    found = mails(tmp_path / "var/mail")
    assert len(found) >= 38
    for mail in found:
        text, reader = part(mail, "plain"), Reader()
        reader.feed(part(mail, "html"))
        shown = " ".join(" ".join(reader.text).split())
        assert set(DATE.findall(shown)) == set(DATE.findall(" ".join(text.split()))), mail["Subject"]
        # The four buttons of an item are one link in the text, where its title is none.
        acts = {re.sub(r"a=[a-z-]+&", "", one) for one in reader.links if LINK.fullmatch(one)}
        assert {one for one in acts if "/actions/" not in one} == {
            one for one in LINK.findall(text) if "/actions/" not in one
        }, mail["Subject"]


def test_each_mail_is_in_its_readers_language(reminders: Runner, tmp_path: Path) -> None:
    """The greeting and the language of the html are those of Content-Language."""
    reminders("tick", "--at", "2025-12-01T09:00+02:00")
    greetings = {"fi": "Hei", "sv": "Hej", "en": "Hello", "fi, sv": "Hei"}
    for mail in mails(tmp_path / "var/mail"):
        language = str(mail["Content-Language"])
        assert greetings[language] in part(mail, "plain").splitlines()
        assert f'<html lang="{language[:2]}"' in part(mail, "html")
