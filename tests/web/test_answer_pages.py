"""Answering behind a mail's link: once, for one matter and one reader; bad links change and tell nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest

from reminders.planning.forecast import forecast
from reminders.planning.links import Links
from reminders.planning.replies import Answer
from reminders.service import Service
from reminders.store import answers as store_answers, people, planned
from reminders.use.answers.links import request_new_link
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.people.contacts import replace_contacts
from reminders.use.planning.load_state import load_planner
from reminders.use.tick import tick
from schedule_rules.days import Span
from tests.web.conftest import KEY, TUESDAY, Reader
from tests.web.forms import FOREIGN, OWN, plain, send
from tests.web.snapshot import rows_of

POINTS = f"{KEY}:work-open-digital-points:milestone:end"
CAFE = f"{KEY}:social-cultural-cafe:milestone:end"
UNIT, HEAD = "welfare-unit-contact@vaasa.example", "welfare-unit-head@vaasa.example"
TODAY = TUESDAY.date()
TITLE = "Olemassa olevien avointen digipisteiden"


def answer_link(about: str = POINTS, reader: str = UNIT, until: date = TODAY, purpose: str = "answer") -> str:
    """The address of a link that holds until the end of ``until``."""
    return f"/{purpose}/" + Links("x" * 32).issue(purpose, about, reader, until)  # type: ignore[arg-type]


def said(service: Service, occurrence: str = POINTS) -> list[Answer]:
    """What counts as answered."""
    with service.database.read() as connection:
        rows = store_answers.answers_of(connection, KEY)
    return [one for one in rows if one.occurrence == occurrence]


def seen(page: str) -> str:
    """The hidden field that says which answer the form knew of."""
    found: list[str] = re.findall(r'name="\w*?-?seen" value="(\d+)"', page)
    return found[0]


def post(reader: Reader, url: str, **fields: str) -> httpx.Response:
    """Open a link and send its form."""
    return send(reader, url, {"seen": seen(reader.get(url).text), **fields})


# -- answering -------------------------------------------------------------------


@pytest.mark.parametrize("code", ["done", "on-track", "late", "not-ours"])
def test_the_mails_choice_is_chosen(reader: Reader, code: str) -> None:
    """The page opens with the button's answer, and only with it."""
    page = reader.get(f"{answer_link()}?a={code}&lang=fi").text
    assert re.findall(r'value="([\w-]+)"[^>]* checked', page) == [code]
    assert TITLE in page.replace("\u00ad", "")
    assert '<nav class="main"' not in page


def test_opening_changes_nothing(reader: Reader, service: Service) -> None:
    """Neither GET nor HEAD, whatever stands in the query."""
    before = rows_of(service)
    for method in ("GET", "HEAD"):
        for query in ("", "?a=done", "?a=late&lang=sv", "?change=1", "?done=1", "?a=nonsense"):
            assert reader.ask(method, answer_link() + query).status_code == 200
    assert rows_of(service) == before


def test_no_trace_of_the_token(reader: Reader) -> None:
    """No cache keeps the page, no search finds it, no other page hears its address."""
    headers = reader.get(answer_link()).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert 'content="noindex, nofollow"' in reader.get(answer_link()).text


def test_two_taps_answer(reader: Reader, service: Service) -> None:
    """The form as it opens from the mail, sent: recorded for the reader; the page says so."""
    answer = post(reader, f"{answer_link()}?a=done", a="done")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{answer_link()}?lang=fi&done=1")
    row = said(service)[0]
    assert (row.organisation, row.answer, row.by) == ("welfare-unit", "done", UNIT)
    page = plain(reader.get(answer.headers["location"]).text)
    assert "Kiitos, vastaus on tallennettu" in page
    assert "Vastausta voi muuttaa viimeistään torstaina 6.2.2025." in page


def test_sent_twice_is_recorded_once(reader: Reader, service: Service) -> None:
    """The same form again, as a double tap or a reload sends it."""
    form = {"seen": seen(reader.get(answer_link()).text), "a": "done"}
    answers = [send(reader, answer_link(), form).status_code for _ in range(3)]
    assert answers == [303] * 3
    assert len(said(service)) == 1


def test_late_with_a_date_and_values(reader: Reader, service: Service) -> None:
    """Why, a date as people write it, and a note."""
    form = {"a": "late", "why": "Rahoitus puuttuu", "date": "30.6.2025", "note": "Syksyllä lisää"}
    post(reader, answer_link(), **form)
    row = said(service)[0]
    assert (row.answer, row.new_date, row.note) == (
        "late",
        date(2025, 6, 30),
        "Rahoitus puuttuu\n\nSyksyllä lisää",
    )
    assert "30.6.2025 (odottaa sihteerin päätöstä)" in plain(reader.get(answer_link()).text)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ["Valitse toimenpiteen tilanne."]),
        ({"a": "late"}, ["Kirjoita, miksi toimenpide viivästyy."]),
        (
            {"a": "late", "why": "x", "date": "2025-01-07"},
            ["Uuden määräajan on oltava myöhempi kuin 7.1.2025."],
        ),
        ({"a": "late", "why": "x", "date": "2027-01-01"}, ["on oltava viimeistään 31.12.2026"]),
        ({"a": "late", "why": "x", "date": "ensi kesänä"}, ["Kirjoita päivä muodossa 31.12.2026."]),
        ({"a": "late", "why": "x", "date": "31.6.2026"}, ["Päivää 31.6.2026 ei ole."]),
        ({"a": "done", "value": "monta"}, ["Valitse kyllä tai ei."]),
        ({"a": "done", "value": "Kyllä"}, []),
        ({"a": "done", "note": "x" * 2001}, ["Lyhennä tekstiä: enintään 2"]),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    reader: Reader, service: Service, fields: dict[str, str], words: list[str]
) -> None:
    """In the summary and at the field; nothing is recorded, the rest of the form stays."""
    kept = {"note": "pidä tämä"} | fields
    answer = post(reader, answer_link(), **kept)
    if not words:
        assert (answer.status_code, len(said(service))) == (303, 1)
        return
    page = plain(answer.text)
    assert answer.status_code == 422
    assert [page.count(text) for text in words] == [2] * len(words)
    assert "<title>Virhe:" in page
    assert kept["note"] in page
    assert fields.get("date", "") in page
    assert said(service) == []


def test_a_value_that_is_no_number(reader: Reader, service: Service) -> None:
    """Where the indicator counts something, words are refused; a number is kept with the answer."""
    about = f"{KEY}:social-multidisciplinary-network:review:2024"
    wrong = send(reader, answer_link(CAFE), {"seen": "0", "a": "done", "value": "monta"})
    right = post(reader, answer_link(CAFE), a="done", value="12", unit="yhdistystä")
    assert [wrong.status_code, right.status_code] == [422, 303]
    assert "Kirjoita arvo numeroin" in wrong.text
    assert rows_of(service)["indicator_value"] != []
    assert said(service, about) == []


def test_not_ours_says_whose(reader: Reader, service: Service) -> None:
    """One of the programme's organisations, or words."""
    post(reader, answer_link(), a="not-ours", whose="alma")
    assert said(service)[-1].whose == "alma"
    post(reader, f"{answer_link()}?change=1", a="not-ours", other="Kirjasto")
    assert said(service)[-1].whose == "Kirjasto"


def test_a_colleagues_answer_is_shown_and_undone(reader: Reader, service: Service) -> None:
    """The head of unit sees who answered, and takes it back: the matter is open again."""
    post(reader, answer_link(), a="done")
    page = plain(reader.get(answer_link(reader=HEAD)).text)
    assert "Tähän on jo vastattu" in page
    assert UNIT in page
    assert "Sinun ei tarvitse tehdä mitään." in page
    assert send(reader, answer_link(reader=HEAD), {"step": "undo"}).status_code == 303
    assert said(service) == []
    assert "Mikä on toimenpiteen tilanne?" in reader.get(answer_link()).text


def test_a_form_that_was_overtaken_changes_nothing(reader: Reader, service: Service) -> None:
    """Opened before a colleague answered, sent after: the colleague's answer stands and is shown."""
    old = seen(reader.get(answer_link()).text)
    record_answer(service, AnswerGiven(POINTS, "done", by=HEAD))
    send(reader, answer_link(), {"seen": old, "a": "late", "why": "x"})
    assert [one.answer for one in said(service)] == ["done"]


def test_the_answer_stops_the_mails(reader: Reader, service: Service) -> None:
    """The next run plans nothing of the matter for anybody of the unit."""
    post(reader, answer_link(), a="done")
    later = replace(service, clock=lambda: TUESDAY + timedelta(days=30))
    tick(later)
    with service.database.read() as connection:
        items = [one.reminder for one in planned.mailed_on(connection, TODAY + timedelta(days=30))]
    assert [one.recipient for one in items if one.occurrence == POINTS] == []


# -- links that open nothing -------------------------------------------------------


def forged() -> str:
    """A token whose last letter is another."""
    whole = answer_link()
    return whole[:-1] + ("a" if whole[-1] != "a" else "b")


OLD_LINK = answer_link(until=TODAY - timedelta(days=1))


def answered_long_ago(service: Service) -> None:
    """The matter of the old link was answered more than thirty days before."""
    then = replace(service, clock=lambda: TUESDAY - timedelta(days=40))
    record_answer(then, AnswerGiven(POINTS, "done", by=UNIT))


BAD = {
    "forged": (forged(), 404, "Linkki ei aukea"),
    "cut": (answer_link()[:-9], 404, "Linkki ei aukea"),
    "another purpose": (answer_link(purpose="unit").replace("/unit/", "/answer/"), 404, "Linkki ei aukea"),
    "no token": ("/answer/x", 404, "Linkki ei aukea"),
    "expired": (OLD_LINK, 410, "Linkki on vanhentunut"),
    "a person who left": (answer_link(reader="left@vaasa.example"), 403, "Linkki ei ole enää käytössä"),
    "another unit": (answer_link(reader="vamia-contact@vaasa.example"), 403, "Linkki ei ole enää käytössä"),
    "no such matter": (answer_link(about=f"{KEY}:none:milestone:end"), 410, "Asia ei ole enää ohjelmassa"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_link(reader: Reader, service: Service, kind: str) -> None:
    """A page with what to do next, the right status; nothing changed, nothing told, by GET and by POST."""
    url, status, words = BAD[kind]
    if kind == "expired":
        answered_long_ago(service)
    before = rows_of(service)
    for answer in (reader.get(url), send(reader, url, {"a": "done", "seen": "0"})):
        assert answer.status_code == status
        page = plain(answer.text).replace("\u00ad", "")
        assert words in page
        hints = [hint for hint in (TITLE, "Hyvinvointiyksikkö", "kotouttamis", "@vaasa") if hint in page]
        assert hints == (["Hyvinvointiyksikkö"] if status == 403 else [])  # whom to ask, and nothing else
    assert rows_of(service) == before


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fi", "Linkki ei aukea"), ("sv", "Länken fungerar inte"), ("en", "This link does not work")],
)
def test_a_bad_link_speaks_the_readers_language(reader: Reader, lang: str, words: str) -> None:
    """From the address where it says, else from the browser."""
    assert words in reader.get(f"/answer/x?lang={lang}").text
    assert words in reader.get("/answer/x", accept_language=lang).text


def test_moved_says_to_whom(reader: Reader, service: Service) -> None:
    """After the hand-over of its action the old reader is told who is responsible now."""
    about = f"{KEY}:work-digihyva-juttu:milestone:end"
    answer = reader.get(answer_link(about, "vamia-contact@vaasa.example"))
    assert answer.status_code == 200
    assert "Vastuu on siirretty: Työllisyyden ekosysteemi" in plain(answer.text).replace("\u00ad", "")
    assert said(service, about) == []


def test_a_link_lives_as_long_as_its_matter(reader: Reader, service: Service) -> None:
    """Open however old it is; answered, for thirty days more."""
    old = answer_link(until=TODAY - timedelta(days=200))
    assert reader.get(old).status_code == 200
    record_answer(service, AnswerGiven(POINTS, "done", by=UNIT))
    clock = [TUESDAY + timedelta(days=30)]
    later = replace(service, clock=lambda: clock[0])
    assert Reader(later).get(old).status_code == 200
    clock[0] += timedelta(days=1)
    assert Reader(later).get(old).status_code == 410


def ask_anew(service: Service, link: str = OLD_LINK) -> None:
    """Ask for a new link instead of an old one."""
    request_new_link(service, link.rpartition("/")[2])


def test_the_last_day_is_whole(reader: Reader, service: Service) -> None:
    """The link of a matter that was answered long ago holds until the end of its last day."""
    answered_long_ago(service)
    assert reader.get(answer_link(until=TODAY)).status_code == 200
    assert reader.get(OLD_LINK).status_code == 410


def test_a_new_link_comes_with_the_next_mails(reader: Reader, service: Service) -> None:
    """Asked for as often as one likes: one item in one mail, to the address of the old link."""
    clock = [TUESDAY + timedelta(days=1, hours=12)]
    evening = replace(service, clock=lambda: clock[0])
    for _ in range(3):
        ask_anew(evening, answer_link())
    with service.database.read() as connection:
        waiting = [one.reminder for one in planned.planned(connection)]
    assert [(one.recipient, one.occurrence, one.stage) for one in waiting] == [(UNIT, POINTS, "link")]
    clock[0] = TUESDAY + timedelta(days=2)
    tick(evening)
    with service.database.read() as connection:
        mailed = planned.mailed_on(connection, clock[0].date())
    assert [one.reminder.recipient for one in mailed if one.reminder.occurrence == POINTS] == [UNIT]
    again = answer_link(until=clock[0].date() + timedelta(days=30))
    assert Reader(evening).get(again).status_code == 200


def test_a_new_link_is_its_own_stage(reader: Reader, service: Service) -> None:
    """Asked for on the day whose own stage was mailed, and on the next again: two more mails come."""
    clock = [TUESDAY + timedelta(hours=2)]
    later = replace(service, clock=lambda: clock[0])
    old = answer_link(until=TODAY - timedelta(days=1))
    for days in (1, 2):
        ask_anew(later, old)
        clock[0] = TUESDAY + timedelta(days=days)
        tick(later)
        clock[0] += timedelta(hours=2)
    with service.database.read() as connection:
        mailed = [planned.mailed_on(connection, TODAY + timedelta(days=days)) for days in (0, 1, 2)]
    stages = [[one.reminder.stage for one in day if one.reminder.occurrence == POINTS] for day in mailed]
    assert stages == [["P7D"], ["link"], ["link"]]


def test_the_forecast_knows_of_a_new_link(reader: Reader, service: Service) -> None:
    """Once it is asked for, the forecast of the next day is what the next day's run sends."""
    evening = replace(service, clock=lambda: TUESDAY + timedelta(hours=9))
    ask_anew(evening)
    tomorrow = TODAY + timedelta(days=1)
    with service.database.read() as connection:
        drafts = tuple(forecast(load_planner(connection, tomorrow, tomorrow), Span(tomorrow, tomorrow)))
    foreseen = [(one.occurrence, one.stage, one.recipient) for draft in drafts for one in draft.reminders]
    tick(replace(service, clock=lambda: TUESDAY + timedelta(days=1)))
    with service.database.read() as connection:
        sent = [one.reminder for one in planned.mailed_on(connection, tomorrow)]
    assert (POINTS, "link", UNIT) in foreseen
    assert sorted(foreseen) == sorted((one.occurrence, one.stage, one.recipient) for one in sent)


def test_a_form_that_expired_while_it_was_open_says_so(reader: Reader, service: Service) -> None:
    """Nothing is recorded or asked for in its place; the page offers a new link."""
    answered_long_ago(service)
    before = rows_of(service)
    answer = send(reader, OLD_LINK, {"seen": "0", "a": "done"})
    assert answer.status_code == 410
    assert "Linkki on vanhentunut" in answer.text
    assert 'name="step" value="new"' in answer.text
    assert rows_of(service) == before


def test_what_is_answered_needs_no_new_link(reader: Reader, service: Service) -> None:
    """The page says the same, and nothing goes out."""
    answered_long_ago(service)
    before = rows_of(service)
    page = plain(send(reader, OLD_LINK, {"step": "new"}).text)
    assert "Pyyntö on otettu vastaan" in page
    assert rows_of(service) == before


# -- where a POST comes from ---------------------------------------------------------

MAIL_PROGRAM = {"origin": "null"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OWN, 303),
        ({}, 303),
        (MAIL_PROGRAM, 303),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 303),
        (FOREIGN, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "null"}, 403),
    ],
)
def test_posts_of_other_sites_are_refused(
    reader: Reader, service: Service, headers: dict[str, str], status: int
) -> None:
    """What a browser says comes from elsewhere; browsers inside mail programs say nothing, or null."""
    answer = send(reader, answer_link(), {"seen": "0", "a": "done"}, headers=headers)
    assert answer.status_code == status
    assert len(said(service)) == (status == 303)


def test_one_who_left_cannot_answer(reader: Reader, service: Service) -> None:
    """A link that was good is not, once its reader is in no contact list; a colleague's still is."""
    with service.database.read() as connection:
        kept = [one for one in people.contacts_of(connection, KEY) if one.email != UNIT]
    replace_contacts(service, KEY, kept)
    assert [reader.get(answer_link(reader=one)).status_code for one in (UNIT, HEAD)] == [403, 200]


# -- the page of the units -------------------------------------------------------------


def unit_link(reader: str = UNIT, until: date = TODAY) -> str:
    """The address of a reader's page."""
    return answer_link("", reader, until, "unit")


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (unit_link()[:-3], 404),
        (answer_link().replace("/answer/", "/unit/"), 404),
        (unit_link("left@vaasa.example"), 403),
    ],
)
def test_a_bad_link_to_the_page(reader: Reader, service: Service, url: str, status: int) -> None:
    """As for one matter: its own page and status, nothing told or changed; an old one holds meanwhile."""
    assert reader.get(unit_link(until=TODAY - timedelta(days=200))).status_code == 200
    before = rows_of(service)
    form = {"m0-id": POINTS, "m0-seen": "0", "m0-a": "done"}
    for answer in (reader.get(url), send(reader, url, form), send(reader, url, {"step": "undo"})):
        assert answer.status_code == status
        assert [hint for hint in (TITLE, "Hyvinvointiyksikkö", "@vaasa") if hint in answer.text] == []
    assert rows_of(service) == before


def test_a_wrong_answer_among_others_records_none(reader: Reader, service: Service) -> None:
    """All or nothing: what was typed for each matter stays, the wrong one is named."""
    page = reader.get(unit_link()).text
    fields = dict(re.findall(r'name="(m\d+-(?:id|seen))" value="([^"]*)"', page))
    numbers = sorted({name.partition("-")[0] for name in fields if name.endswith("-id")})
    first, second = numbers[:2]
    before = rows_of(service)
    wrong = {f"{first}-a": "done", f"{first}-note": "pidä tämä", f"{second}-a": "late"}
    answer = send(reader, unit_link(), fields | wrong)
    assert answer.status_code == 422
    assert "Kirjoita, miksi toimenpide viivästyy." in answer.text
    assert "pidä tämä" in answer.text
    assert rows_of(service) == before
    right = send(reader, unit_link(), fields | wrong | {f"{second}-why": "x"})
    assert right.headers["location"].endswith("done=2")
    assert rows_of(service)["answer"] != before["answer"]


def test_nothing_chosen_is_said(reader: Reader, service: Service) -> None:
    """A form without an answer."""
    answer = send(reader, unit_link(), {})
    assert answer.status_code == 422
    assert "Valitse tilanne ainakin yhdestä asiasta." in answer.text


@pytest.mark.parametrize(
    ("until", "reason", "words"),
    [
        ("2025-01-20", "", "Kirjoita, miksi muistutusta lykätään."),
        ("2025-01-07", "x", "Valitse päivä, joka on myöhempi kuin 7.1.2025 ja viimeistään 6.2.2025."),
        ("7.2.2025", "x", "Valitse päivä, joka on myöhempi kuin 7.1.2025 ja viimeistään 6.2.2025."),
        ("pian", "x", "Valitse päivä, joka on myöhempi kuin 7.1.2025 ja viimeistään 6.2.2025."),
    ],
)
def test_a_pause_has_a_reason_and_a_limit(
    reader: Reader, service: Service, until: str, reason: str, words: str
) -> None:
    """Said beside the field; nothing is paused."""
    before = rows_of(service)
    answer = send(reader, unit_link(), {"step": "pause", "id": POINTS, "until": until, "reason": reason})
    assert answer.status_code == 422
    assert words in plain(answer.text)
    assert rows_of(service) == before


def test_a_third_pause_is_refused(reader: Reader, service: Service) -> None:
    """Twice at most; the deadline stays where it was."""
    pausing = {"step": "pause", "id": POINTS, "until": "20.1.2025", "reason": "Henkilö vaihtuu"}
    answers = []
    for _ in range(3):
        answers.append(send(reader, unit_link(), pausing))
        send(reader, unit_link(), {"step": "resume", "id": POINTS})
    assert [one.status_code for one in answers] == [303, 303, 422]
    assert "Muistutusta on jo lykätty 2 kertaa." in answers[2].text


def test_another_units_matter_is_not_the_readers(reader: Reader, service: Service) -> None:
    """Neither paused nor undone through a link of one's own."""
    foreign = f"{KEY}:safety-crisis-communication:milestone:end"
    before = rows_of(service)
    for step in ("pause", "resume", "undo"):
        fields = {"step": step, "id": foreign, "until": "2025-01-20", "reason": "x", "answer": "1"}
        send(reader, unit_link(), fields)
    assert rows_of(service) == before


def test_no_token_in_a_log(
    reader: Reader, service: Service, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a good nor a bad link leaves its token in a log line, nor does an answer."""
    caplog.set_level(0)
    urls = [answer_link(), answer_link()[:-1], unit_link(), answer_link(until=TODAY - timedelta(days=1))]
    for url in urls:
        reader.get(url)
        send(reader, url, {"a": "done", "seen": "0"})
    own = [record.getMessage() for record in caplog.records if record.name != "httpx"]  # the test's client
    told = "".join([*own, *capsys.readouterr()])
    assert [url for url in urls if url.rpartition("/")[2][:40] in told] == []
