"""The form of the data collection behind its link, and the page of a round: shown, kept, refused."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import httpx
import openpyxl
import pdfplumber
import pytest
from sqlalchemy import delete, select

from reminders.collection.measures import Value
from reminders.planning.links import Links
from reminders.service import Service
from reminders.store import programmes as repository, tables
from reminders.store.answers import answers_of
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.collection.forms import save_value
from reminders.use.collection.rounds import Round, close_round, read_round
from reminders.use.tick import tick
from reminders.web.catalogue import say
from tests.web.conftest import HELSINKI, KEY, Reader
from tests.web.forms import FOREIGN, fields_of_page, plain, send
from tests.web.test_pages import checked

YEAR = 2024
DAY = date(2025, 1, 7)
OCCURRENCE = f"{KEY}:follow-up-data-collection:collection:{YEAR}"
UNIT, CONTACT = "hr-unit", "hr-unit-contact@vaasa.example"
FIRST, SECOND = "work-anonymous-recruitment", "work-spouse-programme"
HEAD = "hr-unit-head@vaasa.example"


def form_link(service: Service, address: str = CONTACT, until: date = DAY + timedelta(days=30)) -> str:
    """The form's address as a mail has it."""
    return f"/collection/form/{Links(service.secret).issue('form', OCCURRENCE, address, until)}"


def filled(changed: Mapping[str, str] | None = None, version: int = 0, step: str = "send") -> dict[str, str]:
    """A whole form of the personnel unit, with some fields changed."""
    return {
        "unit": UNIT,
        "lang": "fi",
        "version": str(version),
        "step": step,
        f"status-{FIRST}": "on-track",
        f"value-{FIRST}-1": "1 250,5",
        f"status-{SECOND}": "done",
        f"value-{SECOND}-1": "yes",
        f"value-{SECOND}-2": "12",
        f"note-{SECOND}": "Vakiintunut",
    } | dict(changed or {})


def dump(service: Service) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database."""
    with service.database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in tables.metadata.sorted_tables
        }


def rows(service: Service, table: str, *names: str) -> list[tuple[object, ...]]:
    """Columns of all rows of a table."""
    source = tables.metadata.tables[table]
    with service.database.read() as connection:
        query = select(*(source.c[name] for name in names)).order_by(*source.primary_key)
        return [tuple(row) for row in connection.execute(query)]


def state_of(service: Service, unit: str = UNIT) -> str:
    """How a unit stands on the round's page."""
    found = read_round(service, YEAR)
    return next(one.state for one in found.progress.units if one.organisation == unit)


def follow(reader: Reader, response: httpx.Response) -> httpx.Response:
    """GET where a POST leads."""
    assert response.status_code == 303
    return reader.get(response.headers["location"])


# -- the form ---------------------------------------------------------------------------------


def test_the_form_asks_for_each_action_of_the_unit(reader: Reader) -> None:
    """Titles, printed indicators, four statuses each, no menu, not to be found by a search."""
    page = reader.get(f"{form_link(reader.service)}?lang=fi")
    text = page.text.replace("\u00ad", "")
    assert page.status_code == 200
    assert checked(page.text).faults == []
    assert text.count('value="not-ours"') == 2
    assert "Anonyymi rekrytointi" in text
    assert '<nav class="main"' not in text
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_form_speaks_the_readers_language(reader: Reader, lang: str) -> None:
    """The heading names the year that is reported on."""
    titles = {
        "fi": "Vuoden 2024 tiedonkeruu",
        "sv": "Insamlingen av uppgifter för 2024",
        "en": "Data collection for 2024",
    }
    assert f"<h1>{titles[lang]}</h1>" in reader.get(f"{form_link(reader.service)}?lang={lang}").text


def test_looking_changes_nothing(reader: Reader) -> None:
    """GET and HEAD of the form and of the round, as scanners send them, leave every table as it was."""
    before = dump(reader.service)
    for url in (
        form_link(reader.service),
        f"{form_link(reader.service)}?done=sent",
        f"/collection/{YEAR}",
        "/collection",
    ):
        for method in ("GET", "HEAD"):
            reader.ask(method, url)
    assert dump(reader.service) == before


def test_a_draft_is_continued_by_a_colleague(reader: Reader) -> None:
    """Saved by one, open with the same words for another of the unit, not an answer yet."""
    service = reader.service
    saved = follow(reader, send(reader, form_link(service), filled(step="save")))
    assert "Tallennettu" in saved.text
    other = reader.get(form_link(service, HEAD)).text
    assert 'value="1 250,5"' in other
    assert CONTACT in other
    assert (state_of(service), rows(service, "indicator_value", "id")) == ("draft", [])


def test_a_form_that_is_sent_is_the_units_answer(reader: Reader) -> None:
    """Statuses and values stand as one form for all languages, the unit has answered, the page thanks."""
    service = reader.service
    before = read_round(service, YEAR).progress.answered
    page = follow(reader, send(reader, form_link(service), filled()))
    assert "Kiitos, vastaukset on tallennettu." in page.text
    assert rows(
        service, "indicator_value", "action", "organisation", "year", "kind", "text", "unit", "by"
    ) == [
        (FIRST, UNIT, YEAR, "number", "1250.5", "rekrytointia", CONTACT),
        (SECOND, UNIT, YEAR, "yes-no", "yes", "", CONTACT),
        (SECOND, UNIT, YEAR, "number", "12", "osallistujaa", CONTACT),
    ]
    assert rows(service, "collection_status", "action", "status") == [(FIRST, "on-track"), (SECOND, "done")]
    answers = [
        row for row in rows(service, "answer", "occurrence_id", "organisation", "by") if row[0] == OCCURRENCE
    ]
    assert answers == [(OCCURRENCE, UNIT, CONTACT)]
    assert (state_of(service), read_round(service, YEAR).progress.answered) == ("sent", before + 1)


def test_what_was_sent_can_be_changed_until_it_closes(reader: Reader) -> None:
    """Reopened it still counts; sent anew the newest holds, an emptied value is taken back."""
    service = reader.service
    send(reader, form_link(service), filled())
    opened = follow(reader, send(reader, form_link(service), {"unit": UNIT, "step": "reopen"}))
    assert 'value="1 250,5"' in opened.text
    assert state_of(service) == "sent"
    send(reader, form_link(service), filled({f"value-{FIRST}-1": "7", f"value-{SECOND}-2": ""}, 2))
    report = openpyxl.load_workbook(
        io.BytesIO(Reader(service).sign_in().get(f"/collection/{YEAR}/report.xlsx?lang=en").content)
    )
    values = [row[4] for row in report["Values"].iter_rows(min_row=2, values_only=True)]
    assert values == [7, "yes"]
    assert len([row for row in rows(service, "answer", "occurrence_id") if row[0] == OCCURRENCE]) == 1


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (f"value-{FIRST}-1", "noin 20", "Kirjoita arvo lukuna, esimerkiksi 1 250 tai 2,5."),
        (f"value-{FIRST}-1", "1.000", "Kirjoita tuhannet välilyönnillä"),
        (f"status-{FIRST}", "", "Valitse toimenpiteen tilanne."),
        (f"value-{SECOND}-1", "ehkä", "Valitse kyllä tai ei."),
        (f"none-{FIRST}-1", "yes", "Kirjoita arvo tai merkitse, ettei sitä mitattu"),
        (f"note-{FIRST}", "x" * 2001, "Lisätiedoissa voi olla enintään 2000 merkkiä."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(reader: Reader, field: str, typed: str, words: str) -> None:
    """On top and at the field; all else that was typed stays, and nothing is sent."""
    service = reader.service
    page = follow(reader, send(reader, form_link(service), filled({field: typed})))
    text, place = plain(page.text), field.replace("none-", "value-")
    assert text.count(words) == 2
    assert f'id="{place}-wrong"' in text
    assert f'<a href="#{place}">' in text
    assert "<title>Virhe:" in text
    assert "Vakiintunut" in text
    assert typed in text
    assert checked(page.text).faults == []
    assert (state_of(service), rows(service, "indicator_value", "id")) == ("draft", [])


def test_a_page_that_does_not_say_what_it_showed_only_adds(reader: Reader) -> None:
    """One that was opened before the service was renewed: what a colleague wrote stays beside it."""
    service = reader.service
    send(reader, form_link(service), filled({f"note-{FIRST}": "ensimmäinen"}, step="save"))
    late = send(reader, form_link(service, HEAD), filled({f"note-{FIRST}": "toinen"}, step="save"))
    page = follow(reader, late).text
    assert ["ensimmäinen" in page, "toinen" in page, "Valitse, kumpi jää." in page] == [True] * 3
    assert state_of(service) == "draft"


def test_not_measured_is_an_answer_of_its_own(reader: Reader, secretary: Reader) -> None:
    """Stored and shown as such in the form, on the report and in the workbook; neither nought nor missing."""
    service = reader.service
    typed = {f"value-{FIRST}-1": "", f"none-{FIRST}-1": "yes", f"value-{SECOND}-2": "0"}
    page = follow(reader, send(reader, form_link(service), filled(typed))).text
    assert "ei mitattu" in page
    assert rows(service, "indicator_value", "action", "place", "kind", "text")[0] == (
        FIRST,
        1,
        "not-measured",
        "not-measured",
    )
    report = plain(secretary.get(f"/collection/{YEAR}/report?lang=en").text.replace("\u00ad", ""))
    assert ">not measured<" in report
    assert "0 participants" in report
    assert "<dt>Not measured in 2024</dt><dd>1</dd>" in report
    book = openpyxl.load_workbook(
        io.BytesIO(secretary.get(f"/collection/{YEAR}/report.xlsx?lang=sv").content)
    )
    values = [row[4] for row in book["Värden"].iter_rows(min_row=2, values_only=True)]
    assert values == ["inte mätt", "ja", 0]
    units = {
        one["organisation"]: one for one in reader.get(f"/api/v1/collection?year={YEAR}").json()["units"]
    }
    assert (units[UNIT]["values"], units[UNIT]["not_measured"]) == (2, 1)
    pdf = pdfplumber.open(io.BytesIO(secretary.get(f"/collection/{YEAR}/report.pdf?lang=fi").content))
    assert "ei mitattu" in "\n".join(page.extract_text() for page in pdf.pages)


def test_the_form_begins_with_what_is_known(reader: Reader) -> None:
    """The last answer is its status, with its day; it counts when the form is sent, not before."""
    service = reader.service
    asked = f"{KEY}:{FIRST}:review:2024"
    record_answer(service, AnswerGiven(asked, "late", note="kesken", by=CONTACT))
    link = f"{form_link(service)}?lang=fi"
    page = reader.get(link).text
    assert fields_of_page(page)[f"status-{FIRST}"] == "late"
    assert "Esitäytetty: tilannekatsaus 7.1.2025" in page
    assert "<b>0 / 2 valmiina</b>" in page
    saved = follow(reader, send(reader, link, {**fields_of_page(page), "step": "save"}))
    assert "Esitäytetty: tilannekatsaus 7.1.2025" in saved.text
    assert (state_of(service), rows(service, "collection_status", "action")) == ("draft", [])
    faulty = follow(reader, send(reader, link, {**fields_of_page(saved.text), "step": "send"}))
    assert f'id="status-{SECOND}-wrong"' in faulty.text
    assert f'id="status-{FIRST}-wrong"' not in faulty.text


def test_what_lacks_nothing_comes_last_and_is_folded(reader: Reader) -> None:
    """Progress counts it, one line says it, its fields are still sent with the rest."""
    service = reader.service
    saved = follow(reader, send(reader, form_link(service), filled({f"value-{SECOND}-2": ""}, step="save")))
    text = plain(saved.text.replace("\u00ad", ""))
    assert "<b>1 / 2 valmiina</b>" in text
    assert text.index(f'id="title-{SECOND}"') < text.index(f'id="title-{FIRST}"')
    assert "Etenee suunnitellusti · 1 250,5 rekrytointia" in text
    assert fields_of_page(saved.text)[f"value-{FIRST}-1"] == "1 250,5"


def test_a_number_means_the_same_in_every_language(reader: Reader) -> None:
    """1,125 typed in Finnish is shown as 1.125 in English, and is still that number when sent from there."""
    service = reader.service
    send(reader, form_link(service), filled({f"value-{FIRST}-1": "1,125"}, step="save"))
    assert 'value="1.125"' in reader.get(f"{form_link(service)}?lang=en").text
    send(reader, f"{form_link(service)}?lang=en", filled({"lang": "en", f"value-{FIRST}-1": "1.125"}, 1))
    assert rows(service, "indicator_value", "text")[0] == ("1.125",)


def test_earlier_values_stand_beside_the_field(reader: Reader) -> None:
    """Those of an earlier round, in the reader's number format."""
    service = reader.service
    send(reader, form_link(service), filled())
    later = replace(service, clock=lambda: datetime(2025, 12, 2, 9, tzinfo=HELSINKI))
    occurrence = OCCURRENCE.replace(str(YEAR), "2025")
    token = Links(service.secret).issue("form", occurrence, CONTACT, date(2025, 12, 30))
    text = plain(Reader(later).get(f"/collection/form/{token}?lang=en").text)
    assert f'id="value-{FIRST}-1-was">2024: 1,250.5</p>' in text
    assert f'id="value-{FIRST}-1-unit">recruitments</span>' in text
    assert f'id="value-{SECOND}-1-was">2024: yes</p>' in text


@pytest.mark.parametrize(
    ("url", "status", "why"),
    [
        ("/collection/form/nonsense", 404, "unknown"),
        ("cut", 404, "unknown"),
        ("another purpose", 404, "unknown"),
        ("expired", 410, "expired"),
        ("left", 403, "left"),
        ("stranger", 403, "left"),
    ],
)
def test_a_link_that_opens_nothing(reader: Reader, url: str, status: int, why: str) -> None:
    """Forged, cut, of another purpose, too old, of somebody who left: nothing revealed or changed."""
    service, links = reader.service, Links(reader.service.secret)
    made = {
        "cut": form_link(service)[:-5],
        "another purpose": f"/collection/form/{links.issue('answer', OCCURRENCE, CONTACT, DAY)}",
        "expired": form_link(service),
        "left": form_link(service),
        "stranger": form_link(service, "nobody@vaasa.example"),
    }
    if url == "left":
        contact = tables.metadata.tables["contact"]
        with service.database.write() as connection:
            connection.execute(delete(contact).where(contact.c.email == CONTACT))
    if url == "expired":  # the form closed more than thirty days ago
        reader = Reader(replace(service, clock=lambda: datetime(2025, 3, 18, 9, tzinfo=HELSINKI)))
    before = dump(service)
    for page in (reader.get(made.get(url, url)), send(reader, made.get(url, url), filled())):
        assert page.status_code == status
        assert say("fi", f"link.{why}") in page.text
        assert "Anonyymi" not in page.text.replace("\u00ad", "")
    assert dump(service) == before


@pytest.mark.parametrize(
    ("lang", "unit", "expired", "left"),
    [
        ("fi", "Hr-yksikkö", "Lomake oli tälle yksikölle: {}.", "tämän yksikön puolesta: {}."),
        ("sv", "HR-enheten", "Formuläret var för den här enheten: {}.", "för den här enheten: {}."),
        ("en", "HR unit", "Its form was for this unit: {}.", "answers for this unit: {}."),
    ],
)
def test_a_closed_form_names_the_unit_that_it_was_for(
    reader: Reader, lang: str, unit: str, expired: str, left: str
) -> None:
    """The round has long closed, or its reader is no contact of anybody now; no new link is offered."""
    service = reader.service
    later = Reader(replace(service, clock=lambda: datetime(2025, 3, 18, 9, tzinfo=HELSINKI)))
    page = later.get(f"{form_link(service)}?lang={lang}")
    assert page.status_code == 410
    assert expired.format(unit) in plain(page.text)
    assert 'value="new"' not in page.text
    contact = tables.metadata.tables["contact"]
    with service.database.write() as connection:
        connection.execute(delete(contact).where(contact.c.email == CONTACT))
    page = reader.get(f"{form_link(service)}?lang={lang}")
    assert page.status_code == 403
    assert left.format(unit) in plain(page.text)


def test_a_form_from_elsewhere_is_refused(reader: Reader) -> None:
    """A POST of another site changes nothing."""
    before = dump(reader.service)
    assert send(reader, form_link(reader.service), filled(), headers=FOREIGN).status_code == 403
    assert dump(reader.service) == before


@pytest.mark.parametrize("field", ["version", "unit", "status", "seen"])
def test_fields_that_nobody_typed_are_taken_for_nothing(reader: Reader, field: str) -> None:
    """A version that is no number is an old page's; an unknown unit or status is none of ours."""
    odd = {"version": "x", "unit": "city-board", f"status-{FIRST}": "perfect", "seen": '[["a"]]'}
    name = next(one for one in odd if one.startswith(field))
    response = send(reader, form_link(reader.service), filled({name: odd[name]}))
    assert response.status_code == 303
    assert rows(reader.service, "collection_form", "organisation") == [(UNIT,)]
    assert state_of(reader.service) == ("draft" if field == "status" else "sent")


def test_a_closed_round_takes_no_form(reader: Reader) -> None:
    """After the last day, or closed by hand, the form only shows what was sent."""
    service = reader.service
    send(reader, form_link(service), filled())
    close_round(service, YEAR, "secretary", KEY)
    page = reader.get(form_link(service)).text
    assert "Tiedonkeruu on suljettu" in page
    assert "<textarea" not in page
    assert "Vakiintunut" in page
    before = dump(service)
    late_page = send(reader, form_link(service), filled({f"note-{FIRST}": "Kirjoitin tämän"}, version=1))
    assert (late_page.status_code, "Kirjoitin tämän" in late_page.text) == (409, True)
    assert dump(service) == before
    late = replace(service, clock=lambda: datetime(2025, 2, 16, 9, tzinfo=HELSINKI))
    assert read_round(late, YEAR).phase == "closed"
    assert (
        read_round(replace(service, clock=lambda: datetime(2025, 2, 15, 23, tzinfo=HELSINKI)), YEAR).phase
        == "closed"
    )


# -- the round --------------------------------------------------------------------------------


def test_the_public_sees_numbers_only(reader: Reader) -> None:
    """How many have answered, in figures and a sentence; no unit, no address, no button."""
    page = plain(reader.get(f"/collection/{YEAR}?lang=en").text)
    assert "<b>0 / 39</b>" in page
    assert "No answers yet. 39 answers are missing." in page
    assert "vaasa.example" not in page
    assert "Remind now" not in page
    assert "Personnel" not in page


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_secretary_sees_who_is_missing(secretary: Reader, lang: str) -> None:
    """A row for each unit with contact and last reminder; valid markup in every language."""
    page = secretary.get(f"/collection/{YEAR}?lang={lang}")
    assert checked(page.text).faults == []
    found = read_round(secretary.service, YEAR)
    for one in found.progress.units:
        name = found.state.programme.organisation_by_key[one.organisation].name.get(lang)
        assert name.split()[0] in page.text.replace("\u00ad", "")


def nudges(service: Service) -> list[tuple[object, ...]]:
    """The round's reminders that wait to be mailed."""
    return [
        row[1:]
        for row in rows(service, "reminder", "state", "stage", "recipient", "occurrence_id")
        if row[0] == "planned" and row[3] == OCCURRENCE
    ]


def test_reminding_by_hand(secretary: Reader) -> None:
    """One more reminder to each unit without an answer, with the next mails, once a week, in the evidence."""
    service = secretary.service
    send(secretary, form_link(service), filled())
    page = follow(secretary, secretary_act(secretary, "remind"))
    assert "lähtee seuraavan lähetyksen mukana" in page.text
    planned = nudges(service)
    assert CONTACT not in {row[1] for row in planned}
    assert {row[0] for row in planned} == {"-P24D"}
    again = follow(secretary, secretary_act(secretary, "remind"))
    assert "Uuden voi tilata" in plain(again.text)
    assert nudges(service) == planned
    wednesday = replace(service, clock=lambda: datetime(2025, 1, 8, 9, tzinfo=HELSINKI))
    tick(wednesday)
    mails = read_round(wednesday, YEAR).mails
    nudged = {mail.recipient for mail in mails if (mail.day, mail.stage) == (date(2025, 1, 8), "-P24D")}
    assert nudged == {row[1] for row in planned}
    digests = rows(wednesday, "digest", "recipient", "local_date")
    assert len(digests) == len(set(digests))


def secretary_act(reader: Reader, step: str, until: str = "") -> httpx.Response:
    """Press one of the secretary's buttons."""
    return send(reader, f"/collection/{YEAR}", {"step": step, "until": until})


def test_closing_by_hand_stops_reminders_and_opening_brings_the_form_back(secretary: Reader) -> None:
    """Closed: nothing that waits is mailed; open again: the form takes answers."""
    service = secretary.service
    secretary_act(secretary, "remind")
    assert nudges(service) != []
    page = follow(secretary, secretary_act(secretary, "close"))
    assert "Suljettu" in page.text
    assert "Muistuta nyt" not in page.text
    tick(replace(service, clock=lambda: datetime(2025, 1, 8, 9, tzinfo=HELSINKI)))
    assert nudges(service) == []
    assert [mail for mail in read_round(service, YEAR).mails if mail.day == date(2025, 1, 8)] == []
    refused = secretary_act(secretary, "open", "31.2.2025")
    assert refused.status_code == 422
    assert 'value="31.2.2025"' in refused.text
    assert secretary_act(secretary, "open", "28.2.2025").status_code == 303
    assert "28.2.2025" in secretary.get(f"/collection/{YEAR}").text
    send(secretary, form_link(service), filled())
    assert state_of(service) == "sent"


@pytest.mark.parametrize("step", ["remind", "close", "open", "nonsense"])
def test_nobody_else_presses_the_buttons(reader: Reader, secretary: Reader, step: str) -> None:
    """Not signed in, from another site, or a step that there is not: nothing changes."""
    before = dump(reader.service)
    assert secretary_act(reader, step).status_code == 403
    url = f"/collection/{YEAR}"
    assert send(secretary, url, {"step": step}, headers=FOREIGN).status_code == 403
    if step == "nonsense":
        assert secretary_act(secretary, step).status_code == 404
    assert dump(reader.service) == before


def test_a_held_programme_reminds_nobody(secretary: Reader) -> None:
    """The page says so, and the button's POST plans nothing."""
    with secretary.service.database.write() as connection:
        repository.set_held(connection, KEY, held=True)
    assert "Lähetys on pysäytetty" in secretary.get(f"/collection/{YEAR}").text
    secretary_act(secretary, "remind")
    assert nudges(secretary.service) == []


@pytest.mark.parametrize("url", ["/collection/1999", "/collection/1999/report", "/collection/x"])
def test_a_year_without_a_round_is_not_there(secretary: Reader, url: str) -> None:
    """404, as a page."""
    assert secretary.get(url).status_code == 404


def test_the_newest_opened_round_comes_first(reader: Reader) -> None:
    """``/collection`` is the round that opened last; of a programme without any it says so."""
    assert "<h1>Vuoden 2024 tiedonkeruu</h1>" in reader.get("/collection").text
    early = Reader(replace(reader.service, clock=lambda: datetime(2023, 5, 2, 9, tzinfo=HELSINKI)))
    assert "<h1>Vuoden 2023 tiedonkeruu</h1>" in early.get("/collection").text
    assert reader.get("/collection?programme=nothing").status_code == 404


@pytest.mark.parametrize("ending", ["", ".pdf", ".xlsx"])
def test_the_report_is_for_the_secretary(reader: Reader, secretary: Reader, ending: str) -> None:
    """It holds notes and addresses: 403 without a session."""
    url = f"/collection/{YEAR}/report{ending}"
    assert reader.get(url).status_code == 403
    assert secretary.get(url).status_code == 200


def test_two_years_make_a_plot(secretary: Reader) -> None:
    """A line with both numbers and years, the same in words for those who do not see it."""
    service = secretary.service
    earlier = Value(KEY, FIRST, UNIT, YEAR - 1, "1 000", "rekrytointia")
    save_value(service, earlier)
    send(secretary, form_link(service), filled())
    page = plain(secretary.get(f"/collection/{YEAR}/report?lang=en").text.replace("\u00ad", ""))
    assert page.count('<svg class="plot"') == 1
    assert 'points="26,31.2 234,20"' in page
    assert re.search(r'aria-label="[^"]+ \(recruitments\): 2023: 1,000; 2024: 1,250.5"', page)
    row = page.partition("Anonymous recruitment")[2].partition("</tr>")[0]
    assert re.findall(r'data-l="(20..)" class="num">([^<]*)<', row) == [
        ("2023", "1,000 recruitments"),
        ("2024", "1,250.5 recruitments"),
    ]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_reports_page(secretary: Reader, lang: str) -> None:
    """Valid markup; each action's title as printed; a plot where two years stand."""
    service = secretary.service
    send(secretary, form_link(service), filled())
    page = secretary.get(f"/collection/{YEAR}/report?lang={lang}")
    assert checked(page.text).faults == []
    found: Round = read_round(service, YEAR)
    titles = [action.title.get(lang) for action in found.state.programme.actions]
    assert page.text.count("<tr>") >= len(titles)
    assert page.text.count('<svg class="plot"') == 0


def test_progress_as_json(reader: Reader) -> None:
    """The open API: numbers and units, nobody's address."""
    send(reader, form_link(reader.service), filled())
    response = reader.get(f"/api/v1/collection?year={YEAR}")
    document = response.json()
    assert (document["answered"], document["expected"], document["state"]) == (1, 39, "open")
    states = {one["organisation"]: one["state"] for one in document["units"]}
    assert (states[UNIT], list(states.values()).count("none")) == ("sent", 38)
    assert "vaasa.example" not in response.text
    assert reader.get("/api/v1/collection").json() == document
    assert reader.get("/api/v1/collection?year=1999").status_code == 404


# -- by the secretary's hand, and what is not the unit's ------------------------------------------

BY_HAND = f"/collection/{YEAR}/form/{KEY}?unit={UNIT}&programme={KEY}"
SECRETARY = "board-secretary@vaasa.example"


def test_the_secretary_fills_in_a_units_form(secretary: Reader) -> None:
    """From the round's page, with the menu around it: sent as the unit's answer, by her."""
    assert f'href="{html.escape(BY_HAND)}"' in secretary.get(f"/collection/{YEAR}?lang=fi").text
    page = secretary.get(BY_HAND + "&lang=fi")
    assert checked(page.text).faults == []
    assert '<nav class="main"' in page.text
    sent = send(secretary, BY_HAND, filled())
    assert (sent.status_code, state_of(secretary.service)) == (303, "sent")
    assert "Kiitos" in follow(secretary, sent).text
    assert set(rows(secretary.service, "collection_form", "organisation", "submitted_by")) == {
        (UNIT, SECRETARY)
    }
    assert (OCCURRENCE, UNIT, "done", SECRETARY) in rows(
        secretary.service, "answer", "occurrence_id", "organisation", "answer", "by"
    )


def test_by_hand_is_for_the_secretary(reader: Reader, secretary: Reader) -> None:
    """Nobody else opens or sends it, no other site sends it; no form of no round."""
    before = dump(reader.service)
    assert reader.get(BY_HAND).status_code == 403
    assert send(reader, BY_HAND, filled()).status_code == 403
    assert send(secretary, BY_HAND, filled(), headers=FOREIGN).status_code == 403
    assert secretary.get(BY_HAND.replace(str(YEAR), "2031")).status_code == 404
    assert secretary.get(BY_HAND.replace(KEY, "none")).status_code == 404
    assert dump(reader.service) == before


def test_not_ours_reaches_the_secretary(reader: Reader, secretary: Reader) -> None:
    """One action of the form: on *Decisions* and in the summary; another status takes it back."""
    service = reader.service
    title = "Anonyymi rekrytointi"
    decisions = f"/decisions?programme={KEY}&lang=fi"
    assert title not in secretary.get(decisions).text.replace("\u00ad", "")
    form = filled({f"status-{FIRST}": "not-ours", f"note-{FIRST}": "Kuuluu muille"})
    assert send(reader, form_link(service), form).status_code == 303
    page = secretary.get(decisions).text.replace("\u00ad", "")
    assert [words in page for words in (title, "Kuuluu muille", CONTACT)] == [True] * 3
    digest = secretary.get(f"/digest?programme={KEY}&lang=fi").text.replace("\u00ad", "")
    assert "Kuuluu muille" in digest
    again = {"unit": UNIT, "step": "reopen"}
    assert send(reader, form_link(service), again).status_code == 303
    assert send(reader, form_link(service), filled(version=2)).status_code == 303
    assert title not in secretary.get(decisions).text.replace("\u00ad", "")


def test_a_status_is_the_units_answer_about_what_is_open(reader: Reader) -> None:
    """Of each open occurrence of the action; sent again it says it anew; what was answered since stays."""
    service, asked = reader.service, [f"{KEY}:{one}:review:2024" for one in (FIRST, SECOND)]

    def at(day: int) -> Service:
        return replace(service, clock=lambda: datetime(2025, 1, day, 9, tzinfo=HELSINKI))

    def answered() -> list[str]:
        with service.database.read() as connection:
            found = {one.occurrence: one.answer for one in answers_of(connection, KEY)}
        return [found.get(one, "") for one in asked]

    def send_form(day: int, version: int, first: str, second: str) -> None:
        later, link = Reader(at(day)), form_link(service)
        if version:
            assert send(later, link, {"unit": UNIT, "step": "reopen"}).status_code == 303
        form = filled({f"status-{FIRST}": first, f"status-{SECOND}": second}, version)
        assert send(later, link, form).status_code == 303

    assert answered() == ["", ""]
    send_form(7, 0, "on-track", "late")
    assert answered() == ["on-track", "late"]
    send_form(8, 2, "late", "on-track")
    assert answered() == ["late", "on-track"]
    record_answer(at(9), AnswerGiven(asked[1], "done"))
    send_form(10, 4, "done", "on-track")
    assert answered() == ["done", "done"]
