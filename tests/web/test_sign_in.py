"""Signing in by a link: nobody learns who may, it is used once and by a person, and goes at once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog

from email_templates.letters import MailLang
from reminders.delivery import FolderTransport, MemoryTransport, transport_for
from reminders.letters.retry import Outcome
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import people, programmes
from reminders.use.people.retention import delete_erased_copies, remove_everything_of
from tests.use.conversation import Conversation, listening
from tests.web.conftest import HELSINKI, KEY, TUESDAY, Reader
from tests.web.forms import FOREIGN, plain, send

SECRETARY, UNIT = "board-secretary@vaasa.example", "hr-unit-contact@vaasa.example"
UNKNOWN = "nobody@elsewhere.example"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/sign-in/\S+)")


def ask(reader: Reader, address: str, query: str = "?lang=en") -> int:
    """Ask for a link; return the status."""
    return send(reader, f"/sign-in{query}", {"address": address}).status_code


def mails(service: Service) -> list[EmailMessage]:
    """The messages that were handed over, as their reader's program has them."""
    transport = service.transport()
    assert isinstance(transport, MemoryTransport)
    return [message_from_bytes(one.raw, policy=policy.default) for one in transport.envelopes]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def mailed_link(reader: Reader, address: str = SECRETARY, query: str = "?lang=en") -> str:
    """Ask for a link, and return the path that its mail leads to."""
    assert ask(reader, address, query) == 303
    found = LINK.search(text_of(mails(reader.service)[-1]))
    assert found
    return found[1]


def is_in(reader: Reader) -> bool:
    """Tell whether the reader sees what is for secretaries."""
    return reader.get("/outbox").status_code == 200


def press(reader: Reader, link: str) -> int:
    """Press the button of a link's page; keep the session; return the status."""
    answer = send(reader, link, {})
    reader.cookies.update(answer.cookies)
    return answer.status_code


def test_the_answer_is_the_same_for_any_address(reader: Reader, service: Service) -> None:
    """In status, headers and text, of a secretary, a unit, a stranger; a mail goes to the first alone."""
    answers = [send(reader, "/sign-in?lang=en", {"address": one}) for one in (SECRETARY, UNIT, UNKNOWN)]
    seen = {(one.status_code, tuple(sorted(one.headers.items())), one.text) for one in answers}
    assert len(seen) == 1
    assert answers[0].headers["location"] == "/sign-in?lang=en&sent=1&next=%2F"
    page = reader.get(answers[0].headers["location"]).text
    assert "If the address may sign in, a link was sent to it." in page
    assert SECRETARY not in page
    assert [one["to"] for one in mails(service)] == [SECRETARY]


def test_the_mail_is_made_after_the_answer(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time says nothing either: who it is about is looked at when the answer has gone."""
    happened: list[str] = []
    monkeypatch.setattr(
        "reminders.web.people.sign_in.mail_sign_in_link", lambda _, address, __: happened.append(address)
    )
    body = f"address={quote(SECRETARY)}".encode()
    headers = {"host": "127.0.0.1:8000", "content-type": "application/x-www-form-urlencoded"}
    scope = {
        "type": "http", "method": "POST", "path": "/sign-in", "raw_path": b"/sign-in", "root_path": "",
        "query_string": b"", "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 1),
        "http_version": "1.1", "headers": [(name.encode(), one.encode()) for name, one in headers.items()],
    }  # fmt: skip

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def answered(message: Mapping[str, object]) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            happened.append("answered")

    asyncio.run(reader.app(scope, receive, answered))
    assert happened == ["answered", SECRETARY]


def test_the_link_signs_in_once(reader: Reader) -> None:
    """Looking changes nothing, by GET or HEAD; the button opens a session, a second press none."""
    link = mailed_link(reader)
    for method in ("HEAD", "GET", "GET", "HEAD"):
        shown = reader.ask(method, link)
        assert (shown.status_code, "set-cookie" in shown.headers) == (200, False)
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert not is_in(reader)
    other = Reader(reader.service)
    assert press(reader, link) == 303
    assert is_in(reader)
    assert press(other, link) == 410
    assert other.get(link).status_code == 410
    assert not is_in(other)
    assert is_in(reader)


def test_another_browser_may_open_it(reader: Reader) -> None:
    """Mail may be read on another device than that on which the link was asked for."""
    link = mailed_link(reader)
    other = Reader(reader.service)
    assert press(other, link) == 303
    assert is_in(other)
    assert not is_in(reader)


def test_another_site_cannot_press(reader: Reader) -> None:
    """Nor ask for a link; the link stays good."""
    assert send(reader, "/sign-in", {"address": SECRETARY}, headers=FOREIGN).status_code == 403
    assert mails(reader.service) == []
    link = mailed_link(reader)
    assert send(reader, link, {}, headers=FOREIGN).status_code == 403
    assert press(reader, link) == 303


@pytest.mark.parametrize(("minutes", "status"), [(19, 303), (20, 410)])
def test_a_mailed_link_is_good_for_twenty_minutes(service: Service, minutes: int, status: int) -> None:
    """As its mail says."""
    now = [TUESDAY]
    reader = Reader(replace(service, clock=lambda: now[0]))
    link = mailed_link(reader)
    assert "ti 7.1.2025 klo 9.20" in plain(text_of(mails(service)[-1]))
    now[0] += timedelta(minutes=minutes)
    assert press(reader, link) == status


def test_who_was_removed_meanwhile_does_not_get_in(reader: Reader, service: Service) -> None:
    """Whether somebody may is asked when the button is pressed, too."""
    link = mailed_link(reader)
    with service.database.write() as connection:
        listed = people.contacts_of(connection, KEY)
        people.save_contacts(
            connection,
            KEY,
            [replace(one, email="other@vaasa.example") if one.email == SECRETARY else one for one in listed],
        )
    assert press(reader, link) == 403
    assert not is_in(reader)


@pytest.mark.parametrize(
    ("listed", "typed"),
    [
        (SECRETARY, "BOARD-Secretary@Vaasa.Example"),
        (SECRETARY, f"  {SECRETARY} "),
        ("sihteeri@väylä.example", "sihteeri@xn--vyl-qlac.example"),
        ("sihteeri@väylä.example", "Sihteeri@va\u0308yla\u0308.example"),
    ],
)
def test_an_address_in_any_spelling(reader: Reader, service: Service, listed: str, typed: str) -> None:
    """It is one; the mail goes to the spelling of the list."""
    with service.database.write() as connection:
        found = people.contacts_of(connection, KEY)
        people.save_contacts(
            connection, KEY, [replace(one, email=listed) if one.email == SECRETARY else one for one in found]
        )
    link = mailed_link(reader, typed)
    envelopes = service.transport().envelopes  # type: ignore[attr-defined]
    assert envelopes[-1].recipient == listed.replace("väylä", "xn--vyl-qlac")
    assert press(reader, link) == 303
    assert is_in(reader)


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a@b@c", "Anna <anna@town.example>", f"{'a' * 250}@b.example"]
)
def test_what_is_no_address_is_no_request(reader: Reader, typed: str) -> None:
    """It says what is expected."""
    answer = send(reader, "/sign-in?lang=en", {"address": typed})
    assert answer.status_code == 422
    assert "Give one e-mail address" in answer.text


def test_it_goes_at_once(service: Service) -> None:
    """On a Sunday night, with the programme on hold, in the sender's name, marked as automatic."""
    sunday = datetime(2025, 1, 12, 23, 0, tzinfo=HELSINKI)
    reader = Reader(replace(service, clock=lambda: sunday))
    with service.database.write() as connection:
        programmes.set_held(connection, KEY, held=True)
    link = mailed_link(reader)
    mail = mails(service)[-1]
    assert mail["auto-submitted"] == "auto-generated"
    assert mail["from"].addresses[0].addr_spec == "reminders@vaasa.example"
    assert mail["date"].datetime == sunday
    assert press(reader, link) == 303


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Kirjautumislinkki:"),
        ("sv", "Inloggningslänk:"),
        ("en", "Sign-in link:"),
        ("fi+sv", "Kirjautumislinkki / Inloggningslänk:"),
    ],
)
def test_the_mail_is_in_the_readers_language(
    reader: Reader, service: Service, language: MailLang, words: str
) -> None:
    """That of the contact list, not that of the page on which anybody may have asked."""
    with service.database.write() as connection:
        found = people.contacts_of(connection, KEY)
        people.save_contacts(connection, KEY, [replace(one, language=language) for one in found])
    mailed_link(reader)
    assert mails(service)[-1]["subject"].startswith(words)


def test_after_the_button_comes_the_page_that_was_asked_for(reader: Reader) -> None:
    """From the refusal of a page to that page."""
    refused = reader.get("/forecast?by=unit&lang=en")
    assert refused.status_code == 403
    assert 'href="/sign-in?next=%2Fforecast%3Fby%3Dunit%26lang%3Den"' in refused.text
    link = mailed_link(reader, SECRETARY, "?next=%2Fforecast%3Fby%3Dunit%26lang%3Den")
    answer = send(reader, link, {})
    assert answer.headers["location"] == "/forecast?by=unit&lang=en"


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\n//evil.example", "javascript:alert(1)", "evil.example", "/a\r\nset-cookie: x=y", "/\x00", "/ä",
        f"/{'a' * 600}", " /x", "///evil.example", "/sign-out",
    ],
)  # fmt: skip
def test_no_other_site_comes_after_it(reader: Reader, evil: str) -> None:
    """However it is spelt; neither behind the link nor behind the question for one."""
    link = mailed_link(reader)
    answer = send(reader, f"{link}?next={quote(evil, safe='')}", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    asked = send(reader, f"/sign-in?next={quote(evil, safe='')}", {"address": UNKNOWN})
    assert asked.headers["location"].endswith("&next=%2F")


def test_few_links_for_one_address(reader: Reader, service: Service) -> None:
    """Who asks in her name keeps nobody out: the answer stays the same, and no more than three are mailed."""
    assert [ask(reader, one) for one in [SECRETARY] * 4 + [SECRETARY.upper(), UNKNOWN]] == [303] * 6
    assert len(mails(service)) == 3


def test_few_links_from_one_network_address(reader: Reader) -> None:
    """Whoever asks for many addresses in turn."""
    answers = [ask(reader, f"one-{n}@elsewhere.example") for n in range(21)]
    assert answers == [303] * 20 + [429]


def test_a_mail_server_that_takes_nothing(service: Service) -> None:
    """The page says the same; the log says what the server said, and names nobody."""

    class Closed(MemoryTransport):
        def deliver(self, *_: object) -> Outcome:
            return Outcome("refused", "mail", 554, f"5.7.1 <{SECRETARY}>: Relay access denied")

    reader = Reader(replace(service, transport=Closed))
    with structlog.testing.capture_logs() as logs:
        assert ask(reader, SECRETARY) == 303
    assert [one["event"] for one in logs] == ["sign-in link not mailed"]
    assert SECRETARY not in str(logs)


def test_the_token_is_stored_nowhere(service: Service, tmp_path: Path) -> None:
    """By a mail server: neither in the database nor in any folder of the service nor in the log."""
    mail_server = Conversation()
    with listening(mail_server) as port, structlog.testing.capture_logs() as logs:
        own = Settings(smtp_url=f"smtp://127.0.0.1:{port}")
        settings = service.settings.model_copy(update={"smtp_url": own.smtp_url})
        reader = Reader(replace(service, settings=settings, transport=lambda: transport_for(settings)))
        assert ask(reader, SECRETARY) == 303
    ((recipient, octets),) = mail_server.accepted
    found = LINK.search(text_of(message_from_bytes(octets, policy=policy.default)))
    assert (recipient, bool(found)) == (SECRETARY, True)
    assert found
    token = found[1].rpartition("/")[2].encode()
    service.database.close()
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert [one for one in files if token in one.read_bytes()] == []
    assert service.settings.database_file in files
    assert token.decode() not in str(logs)
    assert press(Reader(service), found[1]) == 303


def test_in_the_folder_it_does_not_outlast_its_day(service: Service, tmp_path: Path) -> None:
    """Where no mail server is set the folder is the mail program; the purge takes it, ``remove`` too."""
    folder = tmp_path / "mail"
    files = replace(service, transport=lambda: FolderTransport(folder))
    assert ask(Reader(files), SECRETARY) == 303
    (file,) = (folder / "sign-in").rglob("*.eml")
    assert LINK.search(text_of(message_from_bytes(file.read_bytes(), policy=policy.default)))
    assert delete_erased_copies(files).files == 0
    tomorrow = replace(files, clock=lambda: TUESDAY + timedelta(days=1))
    assert delete_erased_copies(tomorrow).files == 1
    assert list((folder / "sign-in").iterdir()) == []
    assert ask(Reader(files), SECRETARY) == 303
    remove_everything_of(files, UNIT)
    assert list((folder / "sign-in").iterdir()) == []


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_way_in_stands_on_every_page(reader: Reader, lang: str) -> None:
    """Also where no service of the city is set; on the page itself there is one way then."""
    words = {"fi": "Kirjaudu sisään", "sv": "Logga in", "en": "Sign in"}[lang]
    assert f'<a href="/sign-in">{words}</a>' in reader.get(f"/?lang={lang}").text
    assert "/sign-in/service" not in reader.get(f"/sign-in?lang={lang}").text
