"""The evidence of an action: on its page and as CSV, for the signed-in; no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from lxml import html

from reminders.collection.spreadsheet import harmless
from reminders.delivery import FolderTransport, MemoryTransport
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import delivery_log
from reminders.use.mail.listing import EvidenceRow, evidence_csv
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from tests.web.conftest import DECEMBER, NOVEMBER, Reader, open_service

ACTION = "safety-crisis-communication"
PROOF = {
    "fi": "Lokista näkee, että viesti on luovutettu postipalvelimelle tai tallennettu kansioon.",
    "sv": "Loggen visar att meddelandet har överlämnats till e-postservern eller sparats i mappen.",
    "en": "The log shows that a message was handed to the mail server or saved in the folder.",
}


STATE = {
    "fi": ("kirjoitettu kansioon", "luovutettu postipalvelimelle"),
    "sv": ("skrivet till mappen", "överlämnat till e-postservern"),
    "en": ("written to the folder", "handed to the mail server"),
}


@pytest.mark.parametrize("lang", STATE)
def test_a_mail_in_the_folder_was_not_handed_to_a_server(tmp_path: Path, lang: str) -> None:
    """On every page that tells its state; also once there is a mail server, and then not of its mails."""
    written, handed = STATE[lang]
    folder = replace(
        open_service(tmp_path, lambda: NOVEMBER), transport=lambda: FolderTransport(tmp_path / "mail")
    )
    make_ready(folder.database, NOVEMBER, held=False)
    tick(folder)
    with folder.database.read() as connection:
        action = delivery_log.log_entries(connection)[-1].items[0]["occurrence"].split(":")[1]
    pages = ("/outbox", "/outbox/1", f"/actions/{action}")
    settings = Settings(smtp_url="smtp://127.0.0.1:9")
    for service in (folder, replace(folder, settings=settings)):
        for page in pages:
            text = Reader(service).sign_in().get(f"{page}?lang={lang}").text
            text = text.replace(PROOF[lang], "").lower()
            assert (page, written in text, handed in text) == (page, True, False)
    by_smtp = replace(folder, settings=settings, transport=MemoryTransport, clock=lambda: DECEMBER)
    tick(by_smtp)
    text = Reader(by_smtp).sign_in().get(f"/outbox?lang={lang}").text.lower()
    assert (written in text, handed in text) == (True, True)
    folder.database.close()


def test_the_csv_has_a_row_for_each_item(secretary: Reader, service: Service) -> None:
    """Rule, stage, language, Message-ID, result, reply and hash, as the log has them."""
    response = secretary.get(f"/actions/{ACTION}/evidence.csv?lang=en")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == f'attachment; filename="evidence-{ACTION}.csv"'
    assert response.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    with service.database.read() as connection:
        log = delivery_log.log_entries(connection, ACTION)
    own = [(one, item) for one in log for item in one.items if item["occurrence"].split(":")[1] == ACTION]
    assert own
    assert [
        (row["message_id"], row["sha256"], row["to"], row["language"], row["result"]) for row in rows
    ] == [(one.message_id, one.sha256, one.to, one.language, one.state) for one, _ in own]
    assert [row["occurrence"] for row in rows] == [item["occurrence"] for _, item in own]
    assert {row["stage"].lstrip("'") for row in rows} == {item["stage"] for _, item in own}
    assert {row["code"] for row in rows} == {"250"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", row["sha256"]) for row in rows)
    assert all(row["rule"].startswith("‘") for row in rows)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]


def test_the_csv_is_for_the_signed_in(reader: Reader, secretary: Reader) -> None:
    """Nobody else gets an address; an action that is none is not found."""
    assert reader.get(f"/actions/{ACTION}/evidence.csv").status_code == 403
    assert secretary.get("/actions/nothing/evidence.csv").status_code == 404


@pytest.mark.parametrize("lang", PROOF)
def test_the_page_shows_the_evidence_and_what_it_proves(
    secretary: Reader, reader: Reader, service: Service, lang: str
) -> None:
    """A line a mail; Message-ID, reply and hash on the mail's own page; nothing of it for the public."""
    with service.database.read() as connection:
        log = delivery_log.log_entries(connection, ACTION)
    page, public = (one.get(f"/actions/{ACTION}?lang={lang}").text for one in (secretary, reader))
    assert log
    for one in log:
        assert f'href="/outbox/{one.id}' in page
        assert one.sha256 not in page + public
        own = secretary.get(f"/outbox/{one.id}?lang={lang}").text
        proof = own[own.index('<details id="proof">') :]
        assert one.sha256 in proof
        assert one.message_id.strip("<>") in proof
        assert all(escape(event.reply) in proof for event in one.events if event.reply)
        assert one.sha256 not in own.replace(proof, "")
    assert PROOF[lang] in page
    assert f'href="/actions/{ACTION}/evidence.csv' in page
    assert "evidence.csv" not in public


def test_a_busy_action_stays_short(secretary: Reader, service: Service) -> None:
    """The newest mails are lines of a table, the earlier ones are folded; all of them are there."""
    with service.database.read() as connection:
        n = len(delivery_log.log_entries(connection, "follow-up-data-collection"))
    tree = html.fromstring(secretary.get("/actions/follow-up-data-collection").text)
    rows = tree.xpath("//section[@id='mails']//tbody/tr")
    folded = tree.xpath("//section[@id='mails']//details//tbody/tr")
    assert n > 30
    assert (len(rows), len(rows) - len(folded)) == (n, 8)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-P30D", "@x", "\t=1", "|x", "%x", " =1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """A quote stands before what a spreadsheet would run."""
    assert harmless(cell) == f"'{cell}"
    row = EvidenceRow(*([cell] * 16))
    found = list(csv.reader(io.StringIO(evidence_csv([row]))))
    assert found[1] == [f"'{cell}"] * 16
    assert harmless("a=1") == "a=1"
    assert harmless("") == ""
