"""The audit trail as a page: hers, by day, filtered, paged, and as a file that spreadsheets take as text."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

from lxml import html

from reminders.service import Actor, Service
from reminders.use.programme.settings import hold_programme, release_programme
from reminders.use.watch.audit import record_reading
from reminders.web.people.audit import SHOWN
from tests.web.conftest import KEY, Reader

WHO = "secretary-of-the-board@vaasa.example"


def rows(page: str) -> list[list[str]]:
    """The cells of every act of a page."""
    tree = html.fromstring(page)
    return [[" ".join(cell.text_content().split()) for cell in row] for row in tree.iterfind(".//tbody/tr")]


def test_the_page_says_who_did_what_from_where(secretary: Reader, service: Service) -> None:
    """The newest first, by day, in three languages; strangers see nothing of it."""
    acting = service.acting(Actor(WHO, "192.0.2.7"))
    hold_programme(acting, KEY)
    release_programme(acting, KEY)
    found = rows(secretary.get("/audit?lang=en").text)
    assert [row[1:] for row in found[:2]] == [
        ["Sending started", WHO, "192.0.2.7"],
        ["Sending put on hold", WHO, "192.0.2.7"],
    ]
    assert "Lähetys pysäytetty" in secretary.get("/audit?lang=fi").text
    assert "Utskicken stoppade" in secretary.get("/audit?lang=sv").text


def test_strangers_see_nothing(reader: Reader) -> None:
    """Neither the page nor its file."""
    assert [reader.get(url).status_code for url in ("/audit", "/audit.csv")] == [403, 403]


def test_the_address_filters_and_pages(secretary: Reader, service: Service) -> None:
    """By kind and person; a number that is no page is the first one; nothing is shown twice."""
    other = service.acting(Actor("other@vaasa.example", "192.0.2.8"))
    hold_programme(service.acting(Actor(WHO, "192.0.2.7")), KEY)
    for number in range(SHOWN + 1):
        record_reading(other, "report-export", KEY, f"report {number}")
    mine = rows(secretary.get(f"/audit?lang=en&person={quote(WHO.upper())}").text)
    assert [row[1] for row in mine] == ["Sending put on hold"]
    assert [row[1] for row in rows(secretary.get("/audit?lang=en&act=hold").text)] == ["Sending put on hold"]
    first, second = (
        rows(secretary.get(f"/audit?lang=en&act=report-export&page={number}").text) for number in (1, 2)
    )
    assert (len(first), len(second)) == (SHOWN, 1)
    for odd in ("0", "-1", "x", "9" * 5000, "٣"):
        assert rows(secretary.get(f"/audit?lang=en&act=report-export&page={odd}").text) == first
    assert rows(secretary.get("/audit?act=report-export&page=99999").text) == []


def test_the_file_has_the_same_acts_and_is_an_act_itself(secretary: Reader, service: Service) -> None:
    """The oldest first; no cell is a formula."""
    record_reading(service, "report-export", KEY, "=1+1")
    answer = secretary.get("/audit.csv?act=report-export&lang=en")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(one["act"], one["subject"]) for one in table] == [("report-export", "'=1+1")]
    assert rows(secretary.get("/audit?lang=en").text)[0][1] == "Audit trail exported"
