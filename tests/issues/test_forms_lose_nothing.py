"""Nothing that is typed is lost: by a colleague in the same form, an old page, a hand-over, an error."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import permutations

import httpx
import pytest
from sqlalchemy import delete

from reminders.planning.links import Links
from reminders.service import Service
from reminders.store import tables
from reminders.store.answers import answers_of
from reminders.use.answers.record import AnswerGiven, record_answer, undo_answer
from reminders.use.collection.rounds import close_round, read_round
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.use.programme.correct import CorrectionDecision, correct_action
from tests.web.conftest import HELSINKI, KEY, Reader, history, service
from tests.web.forms import fields_of_page, send

__all__ = ["history", "service"]  # fixtures of the page tests are used here too

YEAR = 2024
OCCURRENCE = f"{KEY}:follow-up-data-collection:collection:{YEAR}"
WELFARE = "welfare-unit"
FIRST, SECOND = "welfare-unit-contact@vaasa.example", "welfare-unit-head@vaasa.example"


def form_of(service: Service, address: str, lang: str = "fi") -> str:
    """The address of the form in somebody's mail."""
    token = Links(service.secret).issue("form", OCCURRENCE, address, date(2025, 2, 6))
    return f"/collection/form/{token}?lang={lang}"


def text_of(page: str) -> str:
    """A page's words as they are read."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00ad", "").replace("\u00a0", " ")
    return " ".join(plain.split())


@dataclass
class Colleague:
    """Somebody of a unit with the form open in a browser."""

    service: Service
    address: str
    lang: str = "fi"
    page: str = ""
    written: dict[str, str] = field(default_factory=dict)

    def open(self) -> Colleague:
        """Open the form from the mail."""
        self.page = Reader(self.service).get(form_of(self.service, self.address, self.lang)).text
        return self

    def save(self, typed: Mapping[str, str], step: str = "save") -> httpx.Response:
        """Type something, press a button, see the page that follows."""
        self.written |= typed
        reader = Reader(self.service)
        fields = {**fields_of_page(self.page), **typed, "step": step}
        answer = send(reader, form_of(self.service, self.address, self.lang), fields)
        if answer.status_code == 303:
            self.page = reader.get(answer.headers["location"]).text
        else:
            self.page = answer.text
        return answer


@pytest.fixture
def six(service: Service) -> list[str]:
    """Six actions of the unit; the secretary has set that each asks for a number."""
    found = read_round(service, YEAR)
    led = [one.id for one in found.state.programme.actions if WELFARE in one.leads_on(found.today)]
    assert len(led) >= 6
    for action in led[:6]:
        correct_action(service, CorrectionDecision(action, "measures", "number [kpl]", "secretary", "", KEY))
    return led[:6]


def later(service: Service, minutes: int) -> Service:
    """The service some minutes later."""
    return replace(service, clock=lambda: datetime(2025, 1, 7, 10, minutes, tzinfo=HELSINKI))


@pytest.mark.parametrize("order", sorted(set(permutations("xxyy"))))
def test_two_colleagues_six_actions_every_order_of_saving(
    service: Service, six: list[str], order: tuple[str, ...]
) -> None:
    """Each saves twice, from pages opened together: all that either typed stands there in the end.

    The first two actions are filled in by the one, the last two by the other, the third by both in different
    fields, the fourth by both in the same field: that one they choose, and nothing is sent before.
    """
    a, b, c, d, e, f = six
    typed = {
        "x": [
            {f"value-{a}-1": "1", f"note-{a}": "ensin", f"value-{d}-1": "14"},
            {f"value-{b}-1": "2", f"status-{c}": "late"},
        ],
        "y": [
            {f"none-{e}-1": "yes", f"value-{d}-1": "16", f"note-{c}": "Luku tulee keväällä"},
            {f"value-{f}-1": "6", f"status-{f}": "done"},
        ],
    }
    people = {"x": Colleague(service, FIRST).open(), "y": Colleague(service, SECOND).open()}
    for minute, who in enumerate(order):
        people[who].service = later(service, minute)
        assert people[who].save(typed[who].pop(0)).status_code == 303
    seen = Colleague(later(service, 10), FIRST).open()
    fields, words = fields_of_page(seen.page), text_of(seen.page)
    assert {name: fields[name] for name in (f"value-{a}-1", f"value-{b}-1", f"value-{f}-1")} == {
        f"value-{a}-1": "1",
        f"value-{b}-1": "2",
        f"value-{f}-1": "6",
    }
    assert (fields[f"note-{a}"], fields[f"note-{c}"]) == ("ensin", "Luku tulee keväällä")
    assert (fields[f"status-{c}"], fields[f"status-{f}"], fields[f"none-{e}-1"]) == ("late", "done", "yes")
    assert "Työkaveri täytti tämän samaan aikaan." in words
    assert re.search(r"14 \w+ sinun, ti 7\.1\.2025 klo 10\.0", words)
    assert re.search(rf"16 \w+ {SECOND}, ti 7\.1\.2025 klo 10\.0", words)
    every = {name: "on-track" for name in status_names(seen.page) if name not in fields}
    assert "Valitse, kumpi jää." in text_of(seen.page)
    seen.save(every, "send")
    assert form_state(service) == "draft"
    picks = re.findall(rf'name="(pick-value-1-{d})" value="(\d)"', seen.page)
    seen.save({picks[0][0]: picks[1][1]}, "send")
    assert form_state(service) == "sent"
    with service.database.read() as connection:
        table = tables.indicator_value
        stored = {row.action: row.text for row in connection.execute(table.select()) if row.action in six}
    assert {action: stored[action] for action in (a, b, e, f)} == {
        a: "1",
        b: "2",
        e: "not-measured",
        f: "6",
    }
    assert stored[d] in {"14", "16"}


def status_names(page: str) -> set[str]:
    """The names of all statuses of a form."""
    return set(re.findall(r'name="(status-[^"]+)"', page))


def form_state(service: Service) -> str:
    """How the unit's form stands."""
    units = read_round(service, YEAR).progress.units
    return next(one.state for one in units if one.organisation == WELFARE)


SAID_ON_AN_OLD_PAGE = {
    "fi": "Vastaukset lähetettiin ti 7.1.2025 klo 9.00. Muutoksesi on tallennettu niihin.",
    "sv": "Svaren skickades tis 7.1.2025 kl. 9.00. Din ändring har sparats i dem.",
    "en": "The answers were sent Tue 7 Jan 2025, 9:00. Your change is saved in them.",
}


@pytest.mark.parametrize("lang", SAID_ON_AN_OLD_PAGE)
@pytest.mark.parametrize("second", [FIRST, SECOND])
def test_sent_by_one_while_the_other_still_writes(
    service: Service, six: list[str], second: str, lang: str
) -> None:
    """A change saved on a page that was opened before the sending holds at once, and the page says so."""
    early, late = Colleague(service, FIRST).open(), Colleague(service, second, lang).open()
    early.save(dict.fromkeys(status_names(early.page), "on-track") | {f"value-{six[0]}-1": "3"}, "send")
    late.service = later(service, 5)
    late.save({f"value-{six[1]}-1": "8", f"note-{six[1]}": "Tarkennus"})
    words = text_of(late.page)
    assert SAID_ON_AN_OLD_PAGE[lang] in words
    assert 'value="send"' not in late.page
    assert "Tarkennus" in words
    assert form_state(service) == "sent"
    with service.database.read() as connection:
        rows = {(row.action, row.text) for row in connection.execute(tables.indicator_value.select())}
    assert {(six[0], "3"), (six[1], "8")} <= rows


def test_what_keeps_a_change_out_of_what_was_sent_is_said(service: Service, six: list[str]) -> None:
    """A wrong value, or another one than a colleague's: what was sent holds, and the page says both."""
    people = [Colleague(service, FIRST).open(), *(Colleague(service, SECOND).open() for _ in range(2))]
    early, wrong, other = people
    early.save(dict.fromkeys(status_names(early.page), "on-track") | {f"value-{six[0]}-1": "3"}, "send")
    holds = "Vastaukset lähetettiin ti 7.1.2025 klo 9.00, ja ne ovat voimassa."
    for one, typed, fault in (
        (wrong, {f"value-{six[1]}-1": "kahdeksan"}, "Kirjoita arvo lukuna"),
        (other, {f"value-{six[0]}-1": "4"}, "Valitse, kumpi jää."),
    ):
        one.service = later(service, 5)
        one.save(typed)
        assert holds in text_of(one.page)
        assert fault in text_of(one.page)
        assert "ei ole vielä lähetetty" not in text_of(one.page)
    assert form_state(service) == "sent"
    with service.database.read() as connection:
        rows = {(row.action, row.text) for row in connection.execute(tables.indicator_value.select())}
    assert (six[0], "3") in rows
    assert six[1] not in {action for action, text in rows if text in {"kahdeksan", "8"}}


def test_a_form_that_was_opened_again_says_what_holds(service: Service, six: list[str]) -> None:
    """Change the answers, save: what was sent stands until it is sent again."""
    one = Colleague(service, FIRST).open()
    one.save(dict.fromkeys(status_names(one.page), "on-track") | {f"value-{six[0]}-1": "3"}, "send")
    one.save({}, "reopen")
    one.service = later(service, 5)
    one.save({f"value-{six[0]}-1": "4"})
    holds = (
        "Vastaukset lähetettiin ti 7.1.2025 klo 9.00, ja ne ovat voimassa."
        " Muutokset tulevat voimaan, kun lähetät lomakkeen uudelleen."
    )
    assert holds in text_of(one.page)
    assert "Vastauksia ei ole vielä lähetetty" not in text_of(one.page)
    with service.database.read() as connection:
        rows = {(row.action, row.text) for row in connection.execute(tables.indicator_value.select())}
    assert (six[0], "3") in rows


TWO_BROWSERS = {
    "fi": ("tallennettu aiemmin", "kirjoitettu nyt", "tallennettu viimeksi", "samasta osoitteesta"),
    "sv": ("sparat tidigare", "skrivet nu", "sparat senast", "från samma adress"),
    "en": ("saved earlier", "written now", "saved last", "from the same address"),
}


@pytest.mark.parametrize("lang", TWO_BROWSERS)
@pytest.mark.parametrize("minutes", [(1, 1), (1, 4)])
def test_one_mailbox_in_two_browsers(
    service: Service, six: list[str], lang: str, minutes: tuple[int, int]
) -> None:
    """What was typed here is told from what the same address saved before, even within a minute."""
    earlier, now, last, same = TWO_BROWSERS[lang]
    pair = [Colleague(service, FIRST, lang).open() for _ in range(2)]
    for one, minute, value in zip(pair, minutes, ("1", "2"), strict=True):
        one.service = later(service, minute)
        one.save({f"value-{six[0]}-1": value})
    words = text_of(pair[1].page)
    assert re.search(rf"\b1 \w+ {earlier}, .*\b2 \w+ {now}, ", words)
    assert same in words
    again = text_of(Colleague(later(service, 9), FIRST, lang).open().page)
    assert re.search(rf"\b1 \w+ {earlier}, .*\b2 \w+ {last}, ", again)
    assert now not in again


def test_two_languages_in_one_form(service: Service, six: list[str]) -> None:
    """1,125 of a Finnish page is no other number on the English one, and no clash with itself."""
    finnish, english = Colleague(service, FIRST).open(), Colleague(service, SECOND, "en")
    finnish.save({f"value-{six[0]}-1": "1,125"})
    english.service = later(service, 2)
    english.open().save({f"note-{six[1]}": "from the English page"})
    assert fields_of_page(english.page)[f"value-{six[0]}-1"] == "1.125"
    finnish.service = later(service, 3)
    finnish.save({f"note-{six[0]}": "suomeksi"})
    fields = fields_of_page(finnish.page)
    assert (fields[f"value-{six[0]}-1"], fields[f"note-{six[1]}"]) == ("1,125", "from the English page")
    assert "Valitse, kumpi jää." not in finnish.page


def test_a_page_that_is_open_while_the_round_closes(service: Service, six: list[str]) -> None:
    """What was typed is shown to be copied; nothing is stored."""
    one = Colleague(service, FIRST).open()
    close_round(service, YEAR, "secretary", KEY)
    answer = one.save({f"value-{six[0]}-1": "77", f"note-{six[1]}": "Pitkä selvitys\ntoinen rivi"})
    assert answer.status_code == 409
    words = text_of(one.page)
    assert "Tiedonkeruu suljettiin, ennen kuin lähetit" in words
    assert ["77" in words, "Pitkä selvitys toinen rivi" in words] == [True, True]
    assert form_state(service) == "none"


def test_a_page_that_is_open_while_an_action_is_handed_over(service: Service, six: list[str]) -> None:
    """What was typed about the other unit's action is shown; the rest is saved."""
    one = Colleague(service, FIRST).open()
    day = service.clock().astimezone(HELSINKI).date()
    hand_over(service, HandOver(KEY, WELFARE, "alma", day, (six[0],), "secretary@vaasa.example", ""))
    answer = one.save({f"value-{six[0]}-1": "77", f"value-{six[1]}-1": "5"})
    assert answer.status_code == 409
    words = text_of(one.page)
    assert "Osasta toimenpiteitä vastaa nyt toinen yksikkö" in words
    assert "77" in words
    assert fields_of_page(one.page)[f"value-{six[1]}-1"] == "5"


def leave(service: Service) -> None:
    """Take the reader out of the contact list."""
    contact = tables.metadata.tables["contact"]
    with service.database.write() as connection:
        connection.execute(delete(contact).where(contact.c.email == FIRST))


def age(service: Service) -> None:
    """Let the link run out: the form closed more than thirty days ago."""


@pytest.mark.parametrize(("change", "day"), [(leave, 7), (age, 400)])
def test_a_page_whose_link_opens_nothing_any_more(
    service: Service, six: list[str], change: Callable[[Service], None], day: int
) -> None:
    """What was typed is shown to be copied, without a word on what it was about."""
    one = Colleague(service, FIRST).open()
    change(service)
    when = datetime(2025, 1, 1, 9, tzinfo=HELSINKI) + timedelta(days=day - 1)
    one.service = replace(service, clock=lambda: when)
    answer = one.save({f"note-{six[0]}": "Kaksi tuntia työtä", f"value-{six[0]}-1": "77"})
    assert answer.status_code in {403, 410}
    words = text_of(one.page)
    assert ["Kaksi tuntia työtä" in words, "77" in words] == [True, True]


# -- the unit's page: one form, many buttons -------------------------------------------------

POINTS, CAFE = f"{KEY}:work-open-digital-points:milestone:end", f"{KEY}:social-cultural-cafe:milestone:end"


def unit_page(service: Service, address: str = FIRST) -> str:
    """The address of the unit's page in somebody's mail."""
    return f"/unit/{Links(service.secret).issue('unit', '', address, date(2025, 2, 6))}?lang=fi"


def place_of(fields: Mapping[str, str], occurrence: str) -> str:
    """What the names of a question's fields begin with."""
    return next(name for name, value in fields.items() if value == occurrence).removesuffix("id")


def said(service: Service) -> dict[str, str]:
    """What counts as answered by the unit."""
    with service.database.read() as connection:
        rows = answers_of(connection, KEY)
    return {one.occurrence: one.answer for one in rows if one.organisation == WELFARE}


def test_another_button_of_the_units_page_takes_nothing(service: Service) -> None:
    """A pause, while an answer is half written; then the answer is sent, part now, the rest later."""
    reader, url = Reader(service), unit_page(service)
    fields = fields_of_page(reader.get(url).text)
    points, cafe = place_of(fields, POINTS), place_of(fields, CAFE)
    typed = {f"{points}a": "late", f"{points}why": "Rahoitus puuttuu", f"{points}date": "27.5.2026"}
    pause = {f"{cafe}until": "20 January 2025", f"{cafe}reason": "Lomat", "step": f"pause {cafe[:-1]}"}
    page = send(reader, url, fields | typed | pause)
    assert (page.status_code, "Muistutusta on lykätty" in page.text) == (200, True)
    kept = fields_of_page(page.text)
    again = place_of(kept, POINTS)
    assert {name: kept[f"{again}{name}"] for name in ("a", "why", "date")} == {
        "a": "late",
        "why": "Rahoitus puuttuu",
        "date": "27.5.2026",
    }
    assert send(reader, url, kept).headers["location"].endswith("done=1")
    assert said(service) == {POINTS: "late"}


def test_words_without_a_choice_are_asked_about(service: Service) -> None:
    """A note to an item of which nothing was chosen is no answer: the page asks, and sends nothing before."""
    reader, url = Reader(service), unit_page(service)
    fields = fields_of_page(reader.get(url).text)
    points, cafe = place_of(fields, POINTS), place_of(fields, CAFE)
    page = send(reader, url, fields | {f"{points}a": "done", f"{cafe}note": "Kahvila avattiin syksyllä"})
    assert (page.status_code, said(service)) == (422, {})
    assert f'href="#{cafe}f-a"' in page.text
    kept = fields_of_page(page.text)
    assert (kept[f"{cafe}note"], kept[f"{points}a"]) == ("Kahvila avattiin syksyllä", "done")


def test_what_a_colleague_answered_meanwhile_is_shown_to_be_copied(service: Service) -> None:
    """The other answers are recorded; what was written about that one is not gone."""
    reader, url = Reader(service), unit_page(service)
    fields = fields_of_page(reader.get(url).text)
    points, cafe = place_of(fields, POINTS), place_of(fields, CAFE)
    record_answer(service, AnswerGiven(POINTS, "done", by=SECOND))
    typed = {f"{points}a": "late", f"{points}why": "Pitkä perustelu", f"{cafe}a": "done"}
    page = send(reader, url, fields | typed)
    assert page.status_code == 409
    words = text_of(page.text)
    assert "Joku yksiköstä on jo vastannut näihin" in words
    assert ["Viivästyy" in words, "Pitkä perustelu" in words] == [True, True]
    assert said(service) == {POINTS: "done", CAFE: "done"}


@pytest.mark.parametrize("typed", ["27.5.2026", "27. 5. 2026", "27 May 2026", "27 maj 2026", "2026-05-27"])
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_a_date_is_understood_as_people_type_it(service: Service, typed: str, lang: str) -> None:
    """In each language's page; what a form shows again is what was typed."""
    token = Links(service.secret).issue("answer", POINTS, FIRST, date(2025, 2, 6))
    url = f"/answer/{token}?lang={lang}"
    fields = fields_of_page(Reader(service).get(url).text)
    answer = send(Reader(service), url, fields | {"a": "late", "date": typed})
    assert (answer.status_code, fields_of_page(answer.text)["date"]) == (422, typed)
    assert send(Reader(service), url, fields | {"a": "late", "why": "x", "date": typed}).status_code == 303
    with service.database.read() as connection:
        (found,) = [one for one in answers_of(connection, KEY) if one.occurrence == POINTS]
    assert found.new_date == date(2026, 5, 27)


def test_what_was_typed_upon_an_answer_that_was_taken_back(service: Service) -> None:
    """The colleague who had answered took it back: the page stays as it was typed, to be sent again."""
    token = Links(service.secret).issue("answer", POINTS, FIRST, date(2025, 2, 6))
    url = f"/answer/{token}?lang=fi"
    (answer,) = record_answer(service, AnswerGiven(POINTS, "done", by=SECOND))
    fields = fields_of_page(Reader(service).get(f"{url}&change=1").text)
    with service.database.read() as connection:
        undo_answer(service, answers_of(connection, KEY)[-1].id, SECOND)
    page = send(Reader(service), url, fields | {"a": "late", "why": "Kesken", "note": "Lisää tulee"})
    kept = fields_of_page(page.text)
    assert (page.status_code, kept["why"], kept["note"], answer.answer) == (
        422,
        "Kesken",
        "Lisää tulee",
        "done",
    )
    assert send(Reader(service), url, kept).status_code == 303
    assert said(service) == {POINTS: "late"}
