"""How a reader wants mail, behind the mail's link: what is chosen holds, a bad link changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import html

from reminders.planning.preferences import NO_WISHES, Preferences
from reminders.service import Service
from reminders.store import planned
from reminders.use.people.preferences import preferences_of
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, send
from tests.web.snapshot import rows_of
from tests.web.test_answer_pages import TODAY, UNIT, answer_link

SECRETARY = "board-secretary@vaasa.example"
FORM: dict[str, str | list[str]] = {
    "weekday": "mon",
    "rhythm": "weekly",
    "language": "sv",
    "format": "text",
    "stage": ["-P30D", "P1D", "P7D", "P30D", "P60D", "P90D", "-P10D", "-P7D", "start", "dates", "pace"],
}


def address(reader: str = UNIT, **changes: object) -> str:
    """The address of a reader's wishes."""
    return answer_link(about="", reader=reader, purpose="preferences", **changes)  # type: ignore[arg-type]


def test_opening_shows_what_holds_and_changes_nothing(reader: Reader, service: Service) -> None:
    """Everything is on, every field says its default; the database stays as it is."""
    before = rows_of(service)
    page = html.fromstring(reader.get(address()).text)
    chosen = {one.get("name"): one.xpath("option[@selected]/@value") for one in page.iter("select")}
    assert chosen == {
        "weekday": ["any"],
        "rhythm": ["daily"],
        "language": ["list"],
        "format": ["html+text"],
    }
    boxes = page.xpath("//input[@name='stage']")
    assert len(boxes) > 0
    assert all(box.get("checked") is not None for box in boxes)
    assert rows_of(service) == before


def test_what_is_chosen_holds(reader: Reader, service: Service) -> None:
    """Stored for the address; what was not ticked is off; the form shows it again."""
    answer = send(reader, address(), FORM)
    assert answer.status_code == 303
    wish = preferences_of(service, KEY, UNIT)
    assert wish == Preferences(0, "weekly", "both", "sv", "text", frozenset({"-P1D", "year"}))
    page = html.fromstring(reader.get(address()).text)
    off = [box.get("value") for box in page.xpath("//input[@name='stage']") if box.get("checked") is None]
    assert sorted(off) == ["-P1D", "year"]


def test_the_secretary_has_a_field_more(reader: Reader, service: Service) -> None:
    """When her summary comes."""
    assert 'name="digest"' not in reader.get(address()).text
    assert 'name="digest"' in reader.get(address(SECRETARY)).text
    send(reader, address(SECRETARY), {**FORM, "digest": "meetings"})
    assert preferences_of(service, KEY, SECRETARY).digest == "meetings"


@pytest.mark.parametrize("field", ["weekday", "rhythm", "language", "format"])
def test_what_no_field_takes_is_refused(reader: Reader, service: Service, field: str) -> None:
    """422, and nothing is stored."""
    assert send(reader, address(), {**FORM, field: "never"}).status_code == 422
    assert preferences_of(service, KEY, UNIT) == NO_WISHES


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (address(until=TODAY - timedelta(days=1)), 410),
        (address("nobody@vaasa.example"), 403),
        (answer_link(about="", purpose="unit").replace("/unit/", "/preferences/"), 404),
        (address()[:-5], 404),
    ],
)
def test_a_bad_link_changes_nothing_and_tells_nothing(
    reader: Reader, service: Service, url: str, status: int
) -> None:
    """Too old, of somebody who left, of another purpose, cut: neither GET nor POST get through."""
    page = reader.get(url)
    assert (page.status_code, send(reader, url, FORM).status_code) == (status, status)
    assert UNIT not in page.text
    assert preferences_of(service, KEY, UNIT) == NO_WISHES


def test_a_new_link_comes_with_the_next_mails(reader: Reader, service: Service) -> None:
    """The button of an expired link: the unit's oldest matter is mailed again, with links that hold."""
    page = send(reader, address(until=TODAY - timedelta(days=1)), {"step": "new"})
    assert "Pyyntö on otettu vastaan" in page.text
    with service.database.read() as connection:
        waiting = [one.reminder for one in planned.planned(connection)]
    assert [one.recipient for one in waiting] == [UNIT]
    assert preferences_of(service, KEY, UNIT) == NO_WISHES


def test_another_site_cannot_post(reader: Reader, service: Service) -> None:
    """403."""
    assert send(reader, address(), FORM, headers=FOREIGN).status_code == 403
    assert preferences_of(service, KEY, UNIT) == NO_WISHES


@pytest.mark.parametrize(
    ("lang", "title"),
    [("fi", "Viestiasetukset"), ("sv", "Inställningar för meddelanden"), ("en", "Message settings")],
)
def test_each_language(reader: Reader, lang: str, title: str) -> None:
    """In the reader's language; the unit's page leads here."""
    assert html.fromstring(reader.get(f"{address()}?lang={lang}").text).xpath("string(//h1)") == title
    unit = html.fromstring(reader.get(f"{answer_link(about='', purpose='unit')}?lang={lang}").text)
    (there,) = unit.xpath(f"//a[normalize-space()='{title}']/@href")
    assert reader.get(there).status_code == 200
