"""The evidence of an action: on its page and as CSV, for the signed-in; no cell is a formula."""

from __future__ import annotations

import csv
import io
import re

import pytest

from reminders.dispatch.evidence import EvidenceRow, evidence_csv, harmless
from reminders.dispatch.tick import Service
from reminders.store import delivery_log
from tests.reminders.web.conftest import Reader

ACTION = "safety-crisis-communication"
PROOF = {
    "fi": "Loki todistaa luovutuksen postipalvelimelle tai kansioon, ei lukemista.",
    "sv": "Loggen visar att meddelandet överlämnats till e-postservern eller mappen, inte att det lästs.",
    "en": "The log proves that a message was handed to the mail server or the folder, not that it was read.",
}


def test_the_csv_has_a_row_for_each_item(secretary: Reader, service: Service) -> None:
    """Rule, stage, language, Message-ID, result, reply and hash, as the log has them."""
    response = secretary.get(f"/actions/{ACTION}/evidence.csv?lang=en")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == f'attachment; filename="evidence-{ACTION}.csv"'
    assert response.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    with service.database.read() as connection:
        log = delivery_log.entries(connection, ACTION)
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
    """Message-ID, hash and the sentence; nothing of it for the public."""
    with service.database.read() as connection:
        log = delivery_log.entries(connection, ACTION)
    page, public = (one.get(f"/actions/{ACTION}?lang={lang}").text for one in (secretary, reader))
    for one in log:
        assert f"sha256 {one.sha256}" in page
        assert one.message_id.strip("<>") in page
        assert one.sha256 not in public
    assert PROOF[lang] in page
    assert f'href="/actions/{ACTION}/evidence.csv' in page
    assert "evidence.csv" not in public


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-P30D", "@x", "\t=1", "|x", "%x", " =1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """A quote stands before what a spreadsheet would run."""
    assert harmless(cell) == f"'{cell}"
    row = EvidenceRow(*([cell] * 16))
    found = list(csv.reader(io.StringIO(evidence_csv([row]))))
    assert found[1] == [f"'{cell}"] * 16
    assert harmless("a=1") == "a=1"
    assert harmless("") == ""
