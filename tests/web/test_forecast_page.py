"""The forecast page: what it counts is what the forecast says, however it is cut."""

from __future__ import annotations

import csv
import io
import re
from calendar import month_name
from collections import Counter
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from hypothesis import given, strategies as st
from lxml import html

from reminders.planning.mails import Mail
from reminders.planning.preferences import Preferences
from reminders.service import Service
from reminders.store import people, tables
from reminders.store.planned import forecast_stamp
from reminders.use.planning.preview import forecast_window
from reminders.web.mail.forecast import Column, grade, heat, window_of
from reminders.web.snapshot import Snapshots
from schedule_rules.days import Span
from tests.web.conftest import KEY, Reader

TODAY = date(2025, 1, 7)


@pytest.fixture
def drafts(service: Service) -> list[Mail]:
    """The mails of the twelve months."""
    with service.database.read() as connection:
        return list(forecast_window(connection, window_of(TODAY)))


def page(reader: Reader, address: str) -> html.HtmlElement:
    """A page that was answered."""
    answer = reader.get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def said(shown: html.HtmlElement, path: str) -> str:
    """The text at a place, without the no-break spaces and soft hyphens of narrow screens."""
    return str(shown.xpath(f"string({path})")).replace("\xa0", " ").replace("\xad", "")


def numbers(row: html.HtmlElement) -> list[int]:
    """The figures of a row, hidden zeros included."""
    return [int(re.findall(r"\d+", cell.text_content())[-1]) for cell in row.iter("td")]


def test_twelve_whole_months_begin_today() -> None:
    """From today to the last day of the eleventh month after this one."""
    assert window_of(TODAY) == Span(TODAY, date(2025, 12, 31))
    assert window_of(date(2024, 2, 29)) == Span(date(2024, 2, 29), date(2025, 1, 31))


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (8, 4), (9, 5), (400, 5)]
)
def test_classes_are_fixed(count: int, expected: int) -> None:
    """0, 1, 2, 3–4, 5–8, 9 and more (design: pages.md)."""
    assert grade(count) == expected


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["1", "2", "3"]))))
def test_a_map_loses_nothing(found: list[tuple[str, str]]) -> None:
    """Rows, columns and the whole add up to what was counted; the fullest line stands first."""
    columns = tuple(Column(key, key, key) for key in ("1", "2", "3"))
    made = heat(columns, {key: (key, "") for key in "abc"}, found)
    assert made.total == sum(made.totals) == sum(line.total for line in made.lines) == len(found)
    assert {line.key: line.total for line in made.lines} == Counter(key for key, _ in found)
    assert [line.total for line in made.lines] == sorted((line.total for line in made.lines), reverse=True)


def test_the_page_is_the_secretarys(reader: Reader) -> None:
    """Without a session neither page nor tables."""
    answers = [reader.get(path).status_code for path in ("/forecast", "/forecast.csv", "/forecast.xlsx")]
    assert answers == [403, 403, 403]


def test_the_months_hold_every_mail(reader: Reader, drafts: list[Mail]) -> None:
    """Each column's total is the number of that month's mails, and July is hatched in every row."""
    shown = page(reader.sign_in(), "/forecast?lang=en")
    by_month = Counter(draft.day.month for draft in drafts)
    (foot,) = shown.xpath("//tfoot/tr")
    assert numbers(foot) == [*(by_month[month] for month in range(1, 13)), len(drafts)]
    ((busiest, _),) = by_month.most_common(1)
    assert said(shown, "//h1") == f"{len(drafts)} messages in 12 months, most in {month_name[busiest]}"
    rows = shown.xpath("//table[contains(@class, 'heat')]/tbody/tr")
    assert {len(row.xpath("td[contains(@class, 'quiet')]")) for row in rows} == {1}
    assert sum(numbers(row)[-1] for row in rows) == len(drafts)


def test_the_weeks_are_by_recipient(reader: Reader, drafts: list[Mail]) -> None:
    """Four pages of thirteen weeks hold the whole forecast, a line a recipient."""
    reader.sign_in()
    counted: Counter[str] = Counter()
    for begin in ("2025-01-07", "2025-04-07", "2025-07-07", "2025-10-06"):
        shown = page(reader, f"/forecast?by=weeks&from={begin}")
        for row in shown.xpath("//table[contains(@class, 'heat')]/tbody/tr"):
            counted[row.xpath("string(th/a)")] += numbers(row)[-1]
    assert counted == Counter(draft.recipient for draft in drafts)


def test_a_cell_leads_to_its_days(reader: Reader, drafts: list[Mail]) -> None:
    """The days of a month list its mails with their recipients, and no other."""
    shown = page(reader.sign_in(), "/forecast?on=2025-03&lang=en")
    named = shown.xpath("//section[@id='days']//summary/span[1]/text()")
    assert Counter(named) == Counter(draft.recipient for draft in drafts if draft.day.month == 3)


def test_filters_keep_what_they_name(reader: Reader, drafts: list[Mail]) -> None:
    """One unit's mails, one kind's mails; nothing at all says so."""
    reader.sign_in()
    rounds = [one for one in drafts if any(":collection:" in item.occurrence for item in one.items)]
    shown = page(reader, "/forecast?k=collection&lang=en")
    assert shown.xpath("string(//h1)").split()[0] == str(len(rounds))
    assert page(reader, "/forecast?u=nobody&lang=en").xpath("string(//h1)") == "No messages are planned"


def test_tables_hold_every_item(reader: Reader, drafts: list[Mail]) -> None:
    """CSV and XLSX have a row for each item of each mail."""
    reader.sign_in()
    expected = Counter(
        (one.day.isoformat(), one.recipient, item.stage) for one in drafts for item in one.items
    )
    text = reader.get("/forecast.csv?lang=en").content.decode("utf-8-sig")
    found = Counter(
        (row["Date"], row["Recipient"], row["Stage"].removeprefix("'"))
        for row in csv.DictReader(io.StringIO(text))
    )
    assert found == expected
    book = openpyxl.load_workbook(io.BytesIO(reader.get("/forecast.xlsx?lang=en").content))
    assert book.worksheets[0].max_row == sum(expected.values()) + 1


def test_a_held_programme_says_what_would_go_first(fresh: Service) -> None:
    """Saturday 4 January 2025, never released: the first day's status requests and the button."""
    shown = page(Reader(fresh).sign_in(), "/forecast?lang=en")
    notice = said(shown, "//section[contains(@class, 's-decide')]")
    assert "If sending is started, 38 messages go out first, Tuesday 7 January 2025." in notice
    assert shown.xpath("//section[contains(@class, 's-decide')]//form/@action") == [
        "/programmes/vaasa-2023-2026/release"
    ]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_each_language_has_its_page(reader: Reader, lang: str) -> None:
    """Title and heading in the reader's language, month by month and week by week."""
    reader.sign_in()
    heads = {"fi": "eniten tammikuussa", "sv": "flest i januari", "en": "most in January"}
    for by in ("months", "weeks"):
        shown = page(reader, f"/forecast?lang={lang}&by={by}")
        assert said(shown, "//h1").endswith(heads[lang])
        assert shown.get("lang") == lang


def test_what_is_replaced_by_as_many_rows_is_seen(service: Service) -> None:
    """A list of the same length, a wish, an address that takes no mail: each changes the mails to come."""
    snapshots, window, alone = Snapshots(service), Span(TODAY, date(2025, 3, 31)), Snapshots(service)
    before = snapshots.forecast(window)
    assert snapshots.forecast(window) is before
    with service.database.write() as connection:
        found = people.contacts_of(connection, KEY)
        # The table is empty in between: SQLite gives the same numbers again.
        people.save_contacts(connection, KEY, [replace(one, email=f"new.{one.email}") for one in found])
    after = snapshots.forecast(window)
    assert after == alone.forecast(window)
    assert before
    assert {one.recipient for one in after}.isdisjoint({one.recipient for one in before})
    wish, own = Preferences(format="text"), after[0].recipient
    for act in (
        lambda connection: people.save_preferences(connection, KEY, own, wish, service.clock()),
        lambda connection: connection.execute(
            tables.dead_address.insert().values(address=own, since=service.clock(), code=550, text="gone")
        ),
    ):
        stamp = forecast_stamp_of(service)
        with service.database.write() as connection:
            act(connection)
        assert forecast_stamp_of(service) != stamp


def forecast_stamp_of(service: Service) -> object:
    """Return what changes with the mails to come."""
    with service.database.read() as connection:
        return forecast_stamp(connection)
