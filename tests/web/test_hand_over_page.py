"""Handing over on a page: exactly what moves is shown first; one button does it; wrong input is kept."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import html

from reminders.service import Service
from reminders.store import answers
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, send

PAGE = f"/hand-over?programme={KEY}&lang=en"
GIVER, TAKER = "hr-unit", "communications"
FORM: dict[str, str | list[str]] = {
    "giver": GIVER,
    "taker": TAKER,
    "on": "1.2.2025",
    "note": "Agreed with both",
}


def entered(service: Service) -> dict[str, list[tuple[str, str, date]]]:
    """What people handed over, by action."""
    with service.database.read() as connection:
        found = answers.handovers_of(connection, KEY)
    return {
        action: [(one.giver, one.taker, one.effective_from) for one in moves]
        for action, moves in found.items()
    }


def led(secretary: Reader) -> list[str]:
    """The actions that the page offers to move."""
    page = html.fromstring(secretary.get(f"{PAGE}&giver={GIVER}").text)
    return [str(one) for one in page.xpath("//input[@name='action']/@value")]


def test_it_is_the_secretarys(reader: Reader, secretary: Reader, service: Service) -> None:
    """Without a session or from another site nothing is shown or moved."""
    saving = {**FORM, "action": led(secretary), "step": "save"}
    assert reader.get(PAGE).status_code == 403
    assert send(reader, PAGE, saving).status_code == 403
    assert send(secretary, PAGE, saving, headers=FOREIGN).status_code == 403
    assert entered(service) == {}


def test_the_preview_says_what_moves_and_the_button_moves_it(secretary: Reader, service: Service) -> None:
    """Actions with their open dates, the mails that change; nothing stored until the button."""
    actions = led(secretary)
    assert actions != []
    preview = send(secretary, PAGE, {**FORM, "action": actions, "step": "preview"})
    page = html.fromstring(preview.text)
    assert len(page.xpath("//tbody/tr")) == len(actions)
    assert "messages change in the coming 12 months" in preview.text
    assert entered(service) == {}
    send(secretary, PAGE, {**FORM, "action": actions, "step": "save"})
    answer = send(secretary, PAGE, {**FORM, "action": actions, "step": "save"})  # pressed twice
    assert (answer.status_code, answer.headers["location"]) == (303, f"/hand-over?programme={KEY}#history")
    assert entered(service) == {action: [(GIVER, TAKER, date(2025, 2, 1))] for action in actions}
    past = html.fromstring(secretary.get(PAGE).text).xpath("//section[@id='history']//tbody/tr")
    mine = [row for row in past if "entered by: board-secretary@vaasa.example" in row.xpath("string()")]
    assert len(mine) == len(actions)


def test_the_printed_hand_over_stands_in_the_history(secretary: Reader) -> None:
    """Vamia to the Employment Ecosystem, with the programme's own words."""
    rows = html.fromstring(secretary.get(PAGE).text).xpath("//section[@id='history']//tbody/tr")
    told = [" ".join(str(row.xpath("string()")).split()) for row in rows]
    assert len(told) == 1
    assert "Vamia" in told[0]
    assert "Employment Ecosystem" in told[0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"taker": GIVER}, "taker"),
        ({"taker": ""}, "taker"),
        ({"on": "31.2.2025"}, "on"),
        ({"on": "1.1.2031"}, "on"),
        ({"action": []}, "actions"),
        ({"action": ["social-cultural-cafe"]}, "actions"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    secretary: Reader, service: Service, changes: dict[str, str | list[str]], field: str
) -> None:
    """422; the rest of the form is kept, nothing is moved."""
    answer = send(secretary, PAGE, {**FORM, "action": led(secretary), "step": "save", **changes})
    page = html.fromstring(answer.text)
    assert (answer.status_code, len(page.xpath(f"//p[@id='{field}-wrong']"))) == (422, 1)
    assert page.xpath("string(//textarea[@name='note'])") == "Agreed with both"
    assert entered(service) == {}


def test_a_day_that_no_calendar_has(secretary: Reader) -> None:
    """It is said as that, not as a wrong form."""
    answer = send(secretary, PAGE, {**FORM, "action": led(secretary), "step": "save", "on": "31.2.2025"})
    (words,) = html.fromstring(answer.text).xpath("//p[@id='on-wrong']")
    assert "There is no such day as 31.2.2025." in words.text_content()


@pytest.mark.parametrize(
    ("lang", "title"),
    [("fi", "Siirrä vastuu"), ("sv", "Överför ansvaret"), ("en", "Hand over responsibility")],
)
def test_each_language_has_its_page(secretary: Reader, lang: str, title: str) -> None:
    """Form and preview in the reader's language."""
    address = PAGE.replace("lang=en", f"lang={lang}")
    assert html.fromstring(secretary.get(address).text).xpath("string(//h1)") == title
    assert send(secretary, address, {**FORM, "action": led(secretary)}).status_code == 200
