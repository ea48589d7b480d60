"""The contact list on pages: seen, changed, brought in; nothing by GET, nothing half."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import unescape

import pytest
from lxml import html

from reminders.collection.spreadsheet import Sheet, as_xlsx
from reminders.intake.contacts import write_contacts
from reminders.planning.recipients import Contact
from reminders.service import Service
from reminders.store import people
from reminders.web.people.contacts import contact_key
from tests.intake.test_bad_input import with_results, workbook
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, send

HR = "hr-unit-contact@vaasa.example"
LIST = f"/contacts?programme={KEY}&lang=en"
EDIT = f"/contacts/edit?programme={KEY}&lang=en"
BRING = f"/contacts/import?programme={KEY}&lang=en"
HEADER = "organisation,role,name,email,language,valid_from,valid_until,deputy_of\n"


def stored(service: Service) -> list[Contact]:
    """The contacts of the programme."""
    with service.database.read() as connection:
        return list(people.contacts_of(connection, KEY))


def of(service: Service, address: str) -> Contact:
    """The first contact with an address."""
    return next(one for one in stored(service) if one.email == address)


def cells(contact: Contact, **changes: str) -> dict[str, str]:
    """The form of a contact as its page posts it, some of it changed."""
    names = ("organisation", "role", "name", "email", "language", "valid_from", "valid_until", "deputy_of")
    own = {name: str(getattr(contact, name) or "") for name in names}
    return {**own, "row": contact_key(contact), "step": "save", **changes}


def test_only_the_secretary_sees_or_changes_it(reader: Reader, secretary: Reader, service: Service) -> None:
    """Without a session 403 everywhere; a form of another site stores nothing."""
    before = stored(service)
    for path in ("/contacts", "/contacts.csv", "/contacts/edit"):
        assert reader.get(path).status_code == 403
    posted = cells(of(service, HR), name="Somebody")
    assert send(reader, EDIT, posted).status_code == 403
    assert send(secretary, EDIT, posted, headers=FOREIGN).status_code == 403
    assert stored(service) == before


def test_the_list_shows_who_gets_the_items(secretary: Reader) -> None:
    """Bold is whoever is mailed today; every contact of the list stands on the page once."""
    page = html.fromstring(secretary.get(LIST).text)
    rows = page.xpath("//section[@id='hr-unit']//tbody/tr")
    marked = {row.xpath("string(.//span[@class='anywhere'])"): row.get("class") for row in rows}
    assert marked == {HR: "now", "hr-unit-head@vaasa.example": None}


def test_a_contact_is_changed_in_its_place(secretary: Reader, service: Service) -> None:
    """The form holds what is stored; saved, the row stands where it stood."""
    before, old = stored(service), of(service, HR)
    form = html.fromstring(secretary.get(f"{EDIT}&row={contact_key(old)}").text)
    assert form.xpath("//input[@name='email']/@value") == [HR]
    answer = send(secretary, EDIT, cells(old, email="new-hr@vaasa.example", valid_until="2025-12-31"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/contacts?programme={KEY}#hr-unit")
    after = stored(service)
    place = before.index(old)
    assert (after[place].email, after[place].valid_until) == ("new-hr@vaasa.example", date(2025, 12, 31))
    assert after[:place] + after[place + 1 :] == before[:place] + before[place + 1 :]


def test_a_deputy_is_added_and_taken_off(secretary: Reader, service: Service) -> None:
    """During the absence the deputy is marked; taken off, the list is as it was."""
    before = stored(service)
    deputy = Contact(
        "hr-unit", "deputy", "", "deputy@vaasa.example", "sv", date(2025, 1, 1), date(2025, 1, 31), HR
    )
    assert send(secretary, EDIT, cells(deputy, row="")).status_code == 303
    assert stored(service) == [*before, deputy]
    page = html.fromstring(secretary.get(LIST).text)
    marked = page.xpath("//section[@id='hr-unit']//tr[@class='now']//span[@class='anywhere']/text()")
    assert marked == ["deputy@vaasa.example"]
    assert send(secretary, EDIT, cells(deputy, step="remove")).status_code == 303
    assert stored(service) == before


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", "Anna sähköpostiosoite, esimerkiksi yksikko@kaupunki.example."),
        ("sv", "Ange en e-postadress, till exempel enhet@stad.example."),
        ("en", "Give an e-mail address, for example unit@city.example."),
    ],
)
def test_a_mistake_is_said_beside_its_field(
    secretary: Reader, service: Service, lang: str, words: str
) -> None:
    """The rest of the form is kept, the row it changes too, and nothing is stored."""
    before, old = stored(service), of(service, HR)
    answer = send(secretary, EDIT.replace("en", lang), cells(old, email="no address", name="Office"))
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert page.xpath("string(//p[@id='email-wrong'])").endswith(words)
    assert page.xpath("//input[@name='email']/@aria-describedby") == [" email-wrong"]
    assert page.xpath("//input[@name='name']/@value") == ["Office"]
    assert page.xpath("//input[@name='row']/@value") == [contact_key(old)]
    assert stored(service) == before


def test_a_row_that_somebody_changed_meanwhile_is_not_overwritten(
    secretary: Reader, service: Service
) -> None:
    """409, and the other's change stays."""
    old = of(service, HR)
    for _ in range(2):  # a second press of Save meets its own change
        assert send(secretary, EDIT, cells(old, name="First")).status_code == 303
    assert send(secretary, EDIT, cells(old, name="Second")).status_code == 409
    assert of(service, HR).name == "First"


def test_a_dead_address_is_to_mend_and_can_be_mailed_again(secretary: Reader, service: Service) -> None:
    """It stands on top, its form has the button; pressed, it is gone from there."""
    with service.database.write() as connection:
        people.flag_address(connection, HR, datetime(2025, 1, 7, tzinfo=UTC), 550, "no such user")
    assert f"Messages to {HR} do not get through." in secretary.get(LIST).text
    old = of(service, HR)
    assert 'value="revive"' in secretary.get(f"{EDIT}&row={contact_key(old)}").text
    assert send(secretary, EDIT, cells(old, step="revive")).status_code == 303
    assert f"Messages to {HR}" not in secretary.get(LIST).text


def test_many_dead_addresses_are_a_notice_with_a_page_and_a_button(
    secretary: Reader, reader: Reader, service: Service
) -> None:
    """How many, with the server's words; looked at, one button lets all be mailed again, GET none."""
    dead = sorted({one.identity for one in stored(service)})[:9]
    with service.database.write() as connection:
        for one in dead:
            people.flag_address(connection, one, datetime(2025, 1, 7, tzinfo=UTC), 550, f"<{one}> rejected")
    told = {
        "fi": "9 on merkitty toimimattomiksi",
        "sv": "har 9 markerats som ur bruk",
        "en": "count as dead. No messages are sent to them",
    }
    for lang, words in told.items():
        shown = unescape(secretary.get(f"/?programme={KEY}&lang={lang}").text)
        assert (words in shown, "550 <…> rejected" in shown) == (True, True)
        assert words not in unescape(reader.get(f"/?programme={KEY}&lang={lang}").text)
    assert "7.1.2025: 550 <…> rejected" in unescape(secretary.get(LIST.replace("=en", "=fi")).text)
    dead_page = f"/contacts/dead?programme={KEY}&lang=en"
    page = html.fromstring(secretary.get(dead_page).text)
    assert page.xpath("//tbody/tr/th//text()") == dead
    assert (reader.get(dead_page).status_code, send(reader, dead_page, {}).status_code) == (403, 403)
    assert send(secretary, dead_page, {}).status_code == 303
    with service.database.read() as connection:
        assert people.dead_addresses(connection) == frozenset()
    assert "No address counts as dead." in secretary.get(dead_page).text


def test_a_file_is_shown_as_changes_and_then_stored(secretary: Reader, service: Service) -> None:
    """The page's own CSV brings nothing new; with a row less the preview says so, the button does it."""
    octets = secretary.get(f"/contacts.csv?programme={KEY}").content
    same = send(secretary, BRING, {"step": "preview"}, [("file", ("contacts.csv", octets))])
    assert "The file changes nothing." in same.text
    text = octets.decode("utf-8-sig")
    shorter = "".join(line for line in text.splitlines(keepends=True) if HR not in line)
    before = stored(service)
    preview = send(secretary, BRING, {"step": "preview"}, [("file", ("c.csv", shorter.encode()))])
    rows = html.fromstring(preview.text).xpath("//tbody/tr/th/text()")
    assert (rows, stored(service)) == ([f"HR unit: {HR}"], before)
    held = unescape(html.fromstring(preview.text).xpath("string(//textarea[@name='text'])"))
    assert send(secretary, BRING, {"step": "save", "text": held}).status_code == 303
    assert stored(service) == [one for one in before if one.email != HR]


def test_a_loss_is_named_and_wants_a_tick(secretary: Reader, service: Service) -> None:
    """In a file and in a contact's form: whom and from when; without the tick nothing is stored."""
    before = stored(service)
    (alma,) = (one for one in before if one.organisation == "alma")
    text = write_contacts(one for one in before if one != alma)
    loss = f"Alma would have no contact of its own. The last one: {alma.email}."
    for url, form in ((BRING, {"step": "save", "text": text}), (EDIT, cells(alma, step="remove"))):
        refused = send(secretary, url, form)
        box = html.fromstring(refused.text).xpath("string(//div[@role='alert'])")
        assert (refused.status_code, loss in box, stored(service)) == (422, True, before)
        assert 'name="accept_loss"' in refused.text
    assert send(secretary, EDIT, cells(alma, step="remove", accept_loss="1")).status_code == 303
    assert stored(service) == [one for one in before if one != alma]


def test_a_workbook_is_previewed_in_words(secretary: Reader, service: Service) -> None:
    """An XLSX file is read, and a column without use is named."""
    before = stored(service)
    rows = [(one.email, one.organisation, one.role, one.language, "1") for one in before]
    header = ("S\u00e4hk\u00f6posti", "Yksikk\u00f6", "Rooli", "Kieli", "Puhelin")
    data = as_xlsx([Sheet("List", header, tuple(rows))], datetime(2025, 1, 7, tzinfo=UTC))
    preview = send(secretary, BRING, {"step": "preview"}, [("file", ("c.xlsx", data))])
    assert "The file changes nothing." in preview.text
    assert "Columns that are not used: Puhelin." in preview.text


def test_another_language_of_the_changes_leads_back_to_the_list(secretary: Reader) -> None:
    """A file is not uploaded again by a link: the list opens, of the same programme."""
    answer = secretary.get(f"{BRING}&lang=sv")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/contacts?programme={KEY}&lang=sv")


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"", "Row 1: expected a row with the headings organisation, role"),
        (b"\xff\xfe\x00", "The file: expected UTF-8. Found: bytes that are no text."),
        (b"PK\x03\x04", "The archive: expected an XLSX workbook. Found: a broken archive"),
        ((HEADER + "hr-unit,boss,,a@x.example,fi,,,\n").encode(), "Row 2, role: expected one of contact,"),
        (
            (HEADER + "hr-unit,head,,a@x.example,fi,,2025-02-30,\n").encode(),
            "Row 2, valid_until: expected a date such as 31.1.2026, or nothing. Found: ‘2025-02-30’.",
        ),
    ],
)
def test_a_wrong_file_is_named_by_row_and_column(
    secretary: Reader, service: Service, octets: bytes, words: str
) -> None:
    """Row, column, what was expected and found; the list stays as it is."""
    before = stored(service)
    answer = send(secretary, BRING, {"step": "preview"}, [("file", ("c.csv", octets))])
    assert answer.status_code == 422
    assert words in html.fromstring(answer.text).xpath("string(//div[@role='alert'])")
    assert stored(service) == before


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_every_page_has_its_language(secretary: Reader, lang: str) -> None:
    """List and empty form in the reader's language."""
    titles = {
        "fi": ("Yhteystiedot", "Uusi yhteystieto"),
        "sv": ("Kontakter", "Ny kontakt"),
        "en": ("Contacts", "New contact"),
    }
    found = [
        html.fromstring(secretary.get(f"{path}?lang={lang}").text).xpath("string(//h1)")
        for path in ("/contacts", "/contacts/edit")
    ]
    assert tuple(found) == titles[lang]


def test_the_results_of_formulas_are_said_before_they_are_stored(secretary: Reader) -> None:
    """Each cell with the result that was saved with it; one without is refused by row and column."""
    rows = (tuple(HEADER.split(",")[:5]), ("hr-unit", "head", '=UPPER("a")', "a@x.example", "fi"))
    upload = with_results(workbook(*rows), {"C2": ("str", "A")})
    page = send(secretary, BRING, {"step": "preview"}, [("file", ("c.xlsx", upload))])
    said = "Formulas whose saved results were used: sheet Sheet, cell C2: A."
    assert said in " ".join(html.fromstring(page.text).xpath("//main//p/text()"))
    page = send(secretary, BRING, {"step": "preview"}, [("file", ("c.xlsx", workbook(*rows)))])
    alert = html.fromstring(page.text).xpath("string(//div[@role='alert'])")
    assert page.status_code == 422
    assert "row 2, name: expected a value: open the file in Excel and save it, or paste the values." in alert
