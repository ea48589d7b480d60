"""How a document is to be read, chosen on a page: by a secretary, with plain forms, and remembered."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from reminders.service import Service
from reminders.store import programmes as repository
from tests.web.conftest import KEY, Reader
from tests.web.forms import fields_of_page, plain, send
from tests.web.test_import_pages import CSV, drafts, keys, upload

UNKNOWN = (
    (
        "Stuff;Folks;Moment;Proof\n"
        "Open the welcome desk;Integration services;June 2027;Desk open\n"
        "Train volunteers;Third sector unit;Annually;Number of volunteers\n"
        "Review the rules;Planning unit;soon;Rules reviewed\n"
    )
    .replace("Annually", "sometime")
    .encode()
)
MAPPED = {"Stuff": "action", "Folks": "responsible", "Moment": "schedule", "Proof": "indicator"}


def form_of(page: str, field: str) -> dict[str, str]:
    """The fields of the form that has a field or button of this name."""
    count = page.count("<form")
    return next(
        fields
        for at, part in zip(range(count), page.split("<form")[1:], strict=True)
        if field in part
        for fields in (fields_of_page(page, at),)
    )


def stored(reader: Reader, page: str, **fields: str) -> httpx.Response:
    """Press the button that stores."""
    return send(reader, "/import/confirm", {**form_of(page, 'value="store"'), **fields, "step": "store"})


def selects(page: str) -> dict[str, str]:
    """The fields of a page's columns by their headings."""
    found = re.findall(r'<select id="(c\d+-\d+)" name="\1" aria-label="([^"]*)"', page)
    return {html.unescape(label).split("‘")[1].split("’")[0]: name for name, label in found}


def chosen(page: str, name: str) -> str:
    """The value of a select."""
    select = page.split(f'<select id="{name}"')[1].split("</select>", maxsplit=1)[0]
    found = re.search(r'value="([^"]*)" selected', select)
    return found[1] if found else ""


def again(reader: Reader, page: str, roles: dict[str, str], **fields: str) -> str:
    """Choose roles by heading and press "Read again"."""
    names = selects(page)
    picked = {names[heading]: role for heading, role in roles.items()}
    posted = {**form_of(page, 'value="again"'), **picked, **fields, "step": "again"}
    return send(reader, "/import/confirm?lang=en", posted).text


def test_a_table_without_a_known_column_asks_for_them(secretary: Reader, service: Service) -> None:
    """Nothing is refused: the page has the headings with their first cells, and the files stay."""
    answer = send(secretary, "/import?lang=en", {"version": ""}, [("files", ("plan.csv", UNKNOWN))])
    page = answer.text
    assert (answer.status_code, len(drafts(service))) == (422, 1)
    assert "No actions were found yet" in page
    assert set(selects(page)) == set(MAPPED)
    assert "Train volunteers" in page
    read = again(secretary, page, MAPPED)
    assert "3 new actions." in read
    assert {heading: chosen(read, name) for heading, name in selects(read).items()} == MAPPED
    assert read.count(">chosen<") == 4
    assert (stored(secretary, read).status_code, len(keys(service)), drafts(service)) == (303, 2, [])


def imported(secretary: Reader, service: Service) -> str:
    """Store the unknown table as a programme and return its key."""
    read = again(secretary, upload(secretary, UNKNOWN, "plan.csv"), MAPPED)
    stored(secretary, read)
    return next(key for key in keys(service) if key != KEY)


def test_the_next_version_needs_no_choice(secretary: Reader, service: Service) -> None:
    """Known by its headings under another name and in another order; said, and an act each."""
    key = imported(secretary, service)
    lines = [line.split(b";") for line in UNKNOWN.splitlines()]
    later = b"\n".join(b";".join((*line[1:], line[0])) for line in lines).replace(b"June 2027", b"May 2028")
    page = plain(upload(secretary, later, "next.csv", version=key))
    assert "Columns as chosen on 7 Jan 2025" in page, re.findall("Columns as .*", page)
    assert "Stuff = action; Folks = responsible party" in page
    assert {heading: chosen(page, name) for heading, name in selects(page).items()} == MAPPED
    assert stored(secretary, page).status_code == 303
    with service.database.read() as connection:
        assert len(repository.reading_choices(connection, key)) == 1
    audit = secretary.get(f"/audit?lang=en&programme={key}").text
    assert audit.count("Reading of a document remembered") >= 1


def test_a_choice_can_be_forgotten(secretary: Reader, service: Service) -> None:
    """The file is read as it seems, and once that is stored nothing is remembered."""
    key = imported(secretary, service)
    page = upload(secretary, UNKNOWN, "plan.csv", version=key)
    without = send(
        secretary, "/import/confirm?lang=en", {**form_of(page, 'value="forget"'), "step": "forget"}
    )
    assert "No actions were found yet" in without.text
    read = again(secretary, without.text, {**MAPPED, "Proof": "ignore"})
    assert "Save the programme" in read, re.findall("<h[12]>.*|<p.*", read)
    stored(secretary, read)
    with service.database.read() as connection:
        (row,) = repository.reading_choices(connection, key)
    assert row.choices["columns"] == {"stuff": "action", "folks": "responsible", "moment": "schedule"}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("rows", "many", "Write the rows as in 4–79 or 4–."),
        ("rows", "900-", "There is no such place in the file"),
        ("header", "first", "Write the number of the row"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    secretary: Reader, service: Service, field: str, value: str, words: str
) -> None:
    """What was chosen stays, and so do the files."""
    page = upload(secretary, UNKNOWN, "plan.csv")
    read = again(secretary, page, MAPPED, **{field: value})
    assert f'id="{field}-wrong"' in read
    assert words in read
    assert f'value="{value}"' in read
    assert {heading: chosen(read, name) for heading, name in selects(read).items()} == MAPPED
    assert len(drafts(service)) == 1


def test_a_role_of_one_column_is_not_given_to_two(secretary: Reader) -> None:
    """The second of them says so."""
    page = upload(secretary, UNKNOWN, "plan.csv")
    read = again(secretary, page, {**MAPPED, "Proof": "schedule"})
    assert f'id="{selects(read)["Proof"]}-wrong"' in read
    assert "The role ‘schedule’ was given to two columns." in read


def test_a_known_document_can_be_read_otherwise(secretary: Reader, service: Service) -> None:
    """A column that is not used, a language and some of the rows; columns left as they were are no choice."""
    page = upload(secretary, CSV)
    read = again(secretary, page, {"Kumppanit": "ignore"}, rows="2-3")
    assert "2 new actions." in read
    stored(secretary, read)
    key = next(key for key in keys(service) if key != KEY)
    with service.database.read() as connection:
        (row,) = repository.reading_choices(connection, key)
    assert (row.choices["columns"], row.choices["first_row"]) == ({"kumppanit": "other"}, None)


def test_a_broken_hidden_field_chooses_nothing(secretary: Reader, service: Service) -> None:
    """What is no choice is none, whatever somebody posts."""
    page = upload(secretary, CSV)
    for text in ("[", '{"columns": {"x": "king"}}', "1" * 30_000):
        posted = {**form_of(page, 'value="again"'), "choices": text, "step": "again", "rows": "1-"}
        assert send(secretary, "/import/confirm?lang=en", posted).status_code == 200
    assert (stored(secretary, page, choices="[").status_code, len(keys(service))) == (303, 2)
