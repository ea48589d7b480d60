"""What is asked of one action is one question; reviews, *not ours*, who left, and what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import httpx
import pytest

from email_templates.words import answer as answer_word
from reminders.planning.links import Links, Purpose
from reminders.planning.recipients import Contact
from reminders.service import Service
from reminders.store import answers as store_answers
from reminders.use.people.contacts import replace_contacts
from reminders.use.programme.settings import release_programme
from reminders.use.programme.store_programme import make_ready, store_programme
from reminders.use.tick import tick
from schedule_rules.programme import Lang
from tests.cli.conftest import Runner, reminders
from tests.use.office import envelopes
from tests.use.town import LIBRARY, LIBRARY_HEAD, MUSEUM, PEOPLE, action, programme
from tests.web.conftest import HELSINKI, Reader, open_service
from tests.web.forms import plain, send

__all__ = ["reminders"]

MONDAY = datetime(2026, 1, 12, 9, 0, tzinfo=HELSINKI)
REVIEW, END, CHOIR = "town:plan:review:2024", "town:plan:milestone:end", "town:choir:review:2025"
BOTH = "Tilannekatsaus to 31.10.2024 · Määräaika ke 31.12.2025"
LANGS: tuple[Lang, ...] = ("fi", "sv", "en")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Service]:
    """A plan of 2024–2025 of two units and a choir that goes on; its first mails have gone."""
    service = open_service(tmp_path, lambda: MONDAY)
    make_ready(service.database, MONDAY, held=True)
    actions = action("plan", "2024–2025", "library", "museum"), action("choir", "Continuous", "library")
    with service.database.write() as connection:
        store_programme(connection, programme(*actions), MONDAY)
    replace_contacts(service, "town", PEOPLE)
    release_programme(service, "town")
    tick(service)
    yield service
    service.database.close()


def link(about: str = END, reader: str = LIBRARY, purpose: Purpose = "answer") -> str:
    """The address of a page behind a mail's link."""
    return f"/{purpose}/" + Links("x" * 32).issue(purpose, about, reader, date(2026, 2, 11))


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of a page with questions."""
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page))


def post(reader: Reader, url: str, **fields: str) -> httpx.Response:
    """Open a link and send its form with some answers."""
    return send(reader, url, form_of(reader.get(url).text) | fields)


def said(service: Service) -> dict[str, str]:
    """What counts as answered by the library: occurrence and answer."""
    with service.database.read() as connection:
        rows = store_answers.answers_of(connection, "town")
    return {one.occurrence: one.answer for one in rows if one.organisation == "library"}


def asked_about(page: str) -> int:
    """How many answers the page of decisions asks the secretary about."""
    return len(set(re.findall(r'name="note-(\d+)"', page)))


def mail_to(service: Service, address: str) -> str:
    """The text of the mail that went to an address."""
    (mail,) = [one for one in envelopes(service) if one.recipient == address]
    body = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",))
    assert body
    return plain(str(body.get_content()))


# -- several dates of one action --------------------------------------------------------


def test_the_mail_asks_once(town: Service) -> None:
    """One row with both dates and one link; the log has an item a date."""
    text = mail_to(town, MUSEUM)
    assert "Tilannekatsaus 2024 · Määräaika ke 31.12.2025" in text
    assert len({one.split("?")[0] for one in re.findall(r"https?://\S+/answer/\S+", text)}) == 1


@pytest.mark.parametrize("about", [REVIEW, END])
@pytest.mark.parametrize("code", ["done", "on-track"])
def test_either_link_answers_both(town: Service, about: str, code: str) -> None:
    """The page names both dates, the answer is recorded for both, and one tap takes both back."""
    reader = Reader(town)
    page = plain(reader.get(link(about)).text)
    assert BOTH in page
    assert post(reader, link(about), a=code).status_code == 303
    assert said(town) == {REVIEW: code, END: code}
    answered = plain(reader.get(link(about)).text)
    assert BOTH in answered
    assert "2 avointa asiaa" not in answered
    send(reader, link(REVIEW if about == END else END), {"step": "undo"})
    assert said(town) == {}


def test_changing_the_answer_changes_both(town: Service) -> None:
    """As they were given together."""
    reader = Reader(town)
    post(reader, link(), a="done")
    post(reader, f"{link(REVIEW)}?change=1", a="on-track")
    assert said(town) == {REVIEW: "on-track", END: "on-track"}


def test_the_units_page_asks_once(town: Service) -> None:
    """Two questions, not three; answered, paused and taken back as a whole."""
    reader, url = Reader(town), link("", purpose="unit")
    page = plain(reader.get(url).text)
    assert "Mikä on näiden 2 toimenpiteen tilanne?" in page
    assert page.count(BOTH) == 1
    fields = form_of(page)
    number = next(name for name, value in fields.items() if value == END).removesuffix("-id")
    paused = send(reader, url, {"id": END, "step": "pause", "until": "2026-01-20", "reason": "Lomat"})
    assert paused.status_code == 303
    with town.database.read() as connection:
        assert {one.occurrence for one in store_answers.pauses_of(connection, "town")} == {REVIEW, END}
    send(reader, url, {"id": END, "step": "resume"})
    with town.database.read() as connection:
        assert store_answers.pauses_of(connection, "town") == ()
    assert send(reader, url, fields | {f"{number}-a": "done"}).headers["location"].endswith("done=1")
    assert said(town) == {REVIEW: "done", END: "done"}
    done = plain(reader.get(url).text).rpartition("Vastatut")[2]
    assert done.count(BOTH) == 1
    (undo,) = re.findall(r'value="(undo [^"]+)"', done)
    send(reader, url, {"step": undo})
    assert said(town) == {}


def test_what_the_form_did_not_show_it_does_not_answer(town: Service) -> None:
    """The review came to be asked while the form of the milestone was open."""
    send(Reader(town), link(), {"a": "done", "seen": "0", "about": END})
    assert said(town) == {END: "done"}


def test_late_proposes_one_date(town: Service) -> None:
    """For the milestone; the answered page says so for both."""
    reader = Reader(town)
    post(reader, link(REVIEW), a="late", why="Tilat puuttuvat", date="30.6.2026")
    assert said(town) == {REVIEW: "late", END: "late"}
    assert "30.6.2026 (odottaa sihteerin päätöstä)" in plain(reader.get(link(REVIEW)).text)
    decisions = plain(Reader(town).sign_in().get("/decisions?programme=town&lang=fi").text)
    assert asked_about(decisions) == 1


# -- a review, and an action that has ended -------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_the_order_of_answers(town: Service, lang: Lang) -> None:
    """Of a review *on track* comes first, and *done* asks whether the action has ended; on both pages."""
    reader, ended = Reader(town), {"fi": "Onko koko", "sv": "Har hela", "en": "Has the whole"}[lang]
    orders = {
        about: re.findall(r'name="a" value="([a-z-]+)"', reader.get(f"{link(about)}?lang={lang}").text)
        for about in (CHOIR, END)
    }
    assert orders == {
        CHOIR: ["on-track", "done", "late", "not-ours"],
        END: ["done", "on-track", "late", "not-ours"],
    }
    assert ended in reader.get(f"{link(CHOIR)}?lang={lang}").text
    unit = reader.get(f"{link('', purpose='unit')}?lang={lang}").text
    number = re.findall(rf'name="m(\d)-id" value="{CHOIR}"', unit)[0]
    own = re.findall(rf'name="m{number}-a" value="([a-z-]*)"', unit)
    assert own == [*orders[CHOIR], ""]
    assert answer_word(lang, "on-track") in unit


@pytest.mark.parametrize(
    ("step", "shown", "asked"), [("approve", "hyväksytty", 0), ("refuse", "ei hyväksytty", 1)]
)
def test_the_secretary_decides_whether_it_has_ended(town: Service, step: str, shown: str, asked: int) -> None:
    """She sees who said so and why; the unit sees what she decided; approved, nothing of it is asked."""
    reader, secretary = Reader(town), Reader(town).sign_in()
    post(reader, link(CHOIR), a="done", ended="yes", note="Kuoro lopetti")
    assert "odottaa sihteerin päätöstä" in plain(reader.get(link(CHOIR)).text)
    page = secretary.get("/decisions?programme=town&lang=fi").text
    assert [words in page for words in ("Kuoro lopetti", "Merkitse päättyneeksi")] == [True] * 2
    assert asked_about(page) == 1
    (answer,) = re.findall(r'name="note-(\d+)"', page)
    fields = {"answer": answer, "programme": "town", "step": step, "note": "Päätös syksyllä"}
    assert send(secretary, "/decisions?programme=town&lang=fi", fields).status_code == 303
    told = plain(reader.get(link(CHOIR)).text)
    assert f">{shown}<" in told
    assert "Päätös syksyllä" in told
    later = open_service(town.settings.mail_folder.parent, lambda: datetime(2026, 11, 2, 9, tzinfo=HELSINKI))
    unit = Links("x" * 32).issue("unit", "", LIBRARY, date(2026, 11, 30))
    assert Reader(later).get(f"/unit/{unit}").text.count("town:choir:review:2026") >= asked
    assert ("town:choir:review:2026" in Reader(later).get(f"/unit/{unit}").text) == bool(asked)
    later.database.close()


def test_without_a_yes_nothing_is_proposed(town: Service) -> None:
    """*Done* of a review answers that year's review; *no* does too."""
    post(Reader(town), link(CHOIR), a="done", ended="no")
    assert said(town) == {CHOIR: "done"}
    assert asked_about(Reader(town).sign_in().get("/decisions?programme=town&lang=fi").text) == 0


# -- not ours says whose ---------------------------------------------------------------------

NO_WHOSE = {
    "fi": "Valitse, kenelle asia kuuluu, tai kirjoita se.",
    "sv": "Välj vem ärendet hör till eller skriv det.",
    "en": "Choose who is responsible, or write it.",
}
WRONG = {"fi": "Virhe:", "sv": "Fel:", "en": "Error:"}


@pytest.mark.parametrize("lang", LANGS)
def test_not_ours_needs_a_whose_or_a_word(town: Service, lang: Lang) -> None:
    """On both pages: said on top and at the field, what was typed stays, nothing is recorded."""
    reader, unit = Reader(town), f"{link('', purpose='unit')}?lang={lang}"
    fields = form_of(reader.get(unit).text)
    refused = [
        (post(reader, f"{link()}?lang={lang}", a="not-ours", other="-"), "f-whose", 'value="-"'),
        (send(reader, unit, fields | {"m0-a": "not-ours", "m0-note": "??"}), "m0-f-whose", ">??<"),
    ]
    for answer, field, typed in refused:
        page = plain(answer.text)
        assert answer.status_code == 422
        assert page.count(NO_WHOSE[lang]) == 2
        assert f'href="#{field}"' in page
        assert f'id="{field}"' in page
        assert 'role="alert"' in page
        assert f"<title>{WRONG[lang]}" in page
        assert typed in page
    assert said(town) == {}


@pytest.mark.parametrize(
    "fields", [{"whose": "museum"}, {"other": "Kulttuuritoimi"}, {"note": "Kysykää museolta"}]
)
def test_either_of_them_is_enough(town: Service, fields: dict[str, str]) -> None:
    """An organisation, words, or a note; recorded for both dates, and one decision for the secretary."""
    assert post(Reader(town), link(), a="not-ours", **fields).status_code == 303
    assert said(town) == {REVIEW: "not-ours", END: "not-ours"}
    secretary, url = Reader(town).sign_in(), "/decisions?programme=town&lang=fi"
    page = secretary.get(url).text
    assert asked_about(page) == 1
    (back,) = re.findall(r'value="(back \d+)"', page)
    send(secretary, url, {"programme": "town", "step": back})
    assert said(town) == {}


def test_the_command_says_which_option_answers(reminders: Runner) -> None:
    """Wrong use, exit code 2; with one of the two it is recorded."""
    about = ("answer", "vaasa-2023-2026:work-spouse-programme:review:2025", "not-ours")
    refused = reminders(*about)
    assert refused.code == 2
    assert "--whose WHO" in refused.err
    assert "--note" in refused.err
    for more in (("--whose", "vamia"), ("--note", "Kuuluu Vamialle")):
        assert reminders(*about, *more).code == 0


# -- who left --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", "tämän yksikön puolesta: Library"),
        ("sv", "den här enheten: Library"),
        ("en", "this unit: Library"),
    ],
)
@pytest.mark.parametrize("how", ["dated", "gone"])
def test_who_left_is_told_the_unit(town: Service, lang: str, words: str, how: str) -> None:
    """Whether the list still has the row or not: the unit, and nobody's name or address."""
    rows = [one for one in PEOPLE if one.email not in {LIBRARY, MUSEUM}]
    rows.append(Contact("museum", "mailbox", "", "museum-box@town.example", "fi"))
    if how == "dated":
        rows.append(Contact("library", "contact", "Library", LIBRARY, "fi", valid_until=date(2026, 1, 9)))
    replace_contacts(town, "town", rows)
    answer = Reader(town).get(f"{link()}?lang={lang}")
    page = plain(answer.text)
    assert answer.status_code == 403
    assert words in page
    assert ("Museum" in page) == (how == "gone")  # whose the reader was is not known any more
    assert "@" not in page.partition("<main")[2]


# -- what was typed --------------------------------------------------------------------------


def test_who_was_overtaken_keeps_what_was_typed(town: Service) -> None:
    """A colleague answered while the form was open: it is said, and the text can be sent upon it."""
    reader = Reader(town)
    typed = form_of(reader.get(link()).text) | {"a": "late", "why": "Tilat puuttuvat", "date": "30.6.2026"}
    post(reader, link(reader=LIBRARY_HEAD), a="done")
    answer = send(reader, link(), typed)
    page = plain(answer.text)
    assert answer.status_code == 422
    assert f"Tähän on jo vastattu: Valmis, {LIBRARY_HEAD}" in page
    assert "Tilat puuttuvat" in page
    assert 'value="30.6.2026"' in page
    assert said(town) == {REVIEW: "done", END: "done"}
    assert send(reader, link(), typed | form_of(page)).status_code == 303
    assert said(town) == {REVIEW: "late", END: "late"}


@pytest.mark.parametrize("lang", LANGS)
def test_a_refused_decision_keeps_what_was_typed(town: Service, lang: Lang) -> None:
    """A hand-over without a party, on a day that is none: the day and the note stay, each field says it."""
    secretary, url = Reader(town).sign_in(), f"/decisions?programme=town&lang={lang}"
    post(Reader(town), link(), a="not-ours", other="Kulttuuritoimi")
    (one,) = re.findall(r'name="taker-(\d+)"', secretary.get(url).text)
    fields = {"programme": "town", "step": f"hand {one}", f"on-{one}": "pian", f"note-{one}": "Sovittu"}
    answer = send(secretary, url, fields | {f"taker-{one}": ""})
    page = plain(answer.text)
    assert answer.status_code == 422
    assert re.findall(r'href="#((?:taker|on)-\d+)"', page) == [
        f"taker-{one}",
        f"on-{one}",
    ]
    assert 'value="pian"' in page
    assert ">Sovittu<" in page
    assert f"<title>{WRONG[lang]}" in page
    again = send(secretary, url, fields | {f"taker-{one}": "museum"})
    assert 'value="museum" selected' in again.text


@pytest.mark.parametrize("typed", ["pian", "1.3.2026"])
def test_a_refused_pause_keeps_its_day(town: Service, typed: str) -> None:
    """What was typed stands there as it was typed, a date or not."""
    fields = {"id": END, "step": "pause", "until": typed, "reason": "Lomat"}
    page = send(Reader(town), link("", purpose="unit"), fields)
    assert page.status_code == 422
    assert re.search(rf'<input type="text" id="m\d-until" [^>]*value="{typed}"', page.text)
    assert 'value="Lomat"' in page.text


def test_a_refused_hand_over_keeps_everything(town: Service) -> None:
    """A note that is too long is said, not cut; party, day and ticks stay."""
    secretary, note = Reader(town).sign_in(), "x" * 1001
    fields = {"giver": "library", "taker": "museum", "on": "1.3.2026", "action": "plan", "note": note}
    page = send(secretary, "/hand-over?programme=town&lang=fi", fields | {"step": "preview"})
    assert page.status_code == 422
    assert page.text.count("Lyhennä tekstiä: enintään 1") == 2
    for kept in (f">{note}<", 'value="1.3.2026"', 'value="museum" selected', 'value="plan" checked'):
        assert kept in page.text
