"""The strict reader of contacts, and the writer that gives the same back."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from email_templates import words
from email_templates.dates import typed_date
from reminders.errors import InputError
from reminders.intake.contacts import (
    MAX_BYTES,
    ROLES,
    is_address,
    read_contact_list,
    read_contacts,
    write_contacts,
)
from reminders.intake.formats import read_programme
from reminders.planning.recipients import Contact
from reminders.programmes import built_in_contacts, built_in_text
from schedule_rules.programme import LANGUAGES, Lang, Organisation, Programme, Text

HEADER = "organisation,role,name,email,language,valid_from,valid_until,deputy_of\n"
KNOWN = {
    key: Organisation(key, "city unit", Text(fi, sv, en))
    for key, fi, sv, en in (
        ("unit", "Hyvinvointiyksikkö", "Välfärdsenheten", "Welfare unit"),
        ("school", "Koulu", "Skolan", "School"),
        ("college", "Koulu", "Skola", "College"),
    )
}
KEY = "vaasa-2023-2026"
HEADINGS = f"a row with the headings {', '.join(HEADER.strip().split(','))}"
ADDRESS = "an e-mail address such as unit@city.example"
PERSON = "the address of somebody in this list for whom the deputy stands in"
NAMED = "the key or the printed name of an organisation of the programme"
SOMEBODY = "at least one contact: an empty list would leave nobody"


def problems(text: str) -> list[str]:
    """What is wrong with ``text``, a line each."""
    with pytest.raises(InputError) as raised:
        read_contacts(text, "c.csv", KNOWN)
    return [str(problem) for problem in raised.value.problems]


@pytest.fixture(scope="module")
def vaasa() -> Programme:
    """The built-in programme."""
    return read_programme(built_in_text(KEY), KEY)


@pytest.fixture(scope="module")
def examples(vaasa: Programme) -> tuple[Contact, ...]:
    """The built-in programme's example contacts."""
    return read_contacts(built_in_contacts(KEY), f"{KEY}.contacts.csv", vaasa.organisation_by_key)


def test_every_leading_organisation_but_two_has_one_contact(
    vaasa: Programme, examples: tuple[Contact, ...]
) -> None:
    """Exactly two of the 39 are left without, so that the fallback to the secretary is seen."""
    reached = Counter(c.organisation for c in examples if c.role in {"contact", "mailbox"})
    leads = vaasa.lead_organisations()
    assert len(leads) == 39
    assert set(leads) - set(reached) == {"other-educational-institutions", "ongoing-projects"}
    assert set(reached) <= set(leads)
    assert set(reached.values()) == {1}


def test_example_contacts_have_the_languages_and_roles_that_show_everything(
    examples: tuple[Contact, ...],
) -> None:
    """Most Finnish, some Swedish, some English, one bilingual; heads for twelve, one secretary."""
    first = [c for c in examples if c.role in {"contact", "mailbox"}]
    assert Counter(c.language for c in first) == {"fi": 26, "sv": 8, "en": 2, "fi+sv": 1}
    assert Counter(c.role for c in examples) == {"contact": 24, "mailbox": 13, "head": 12, "secretary": 1}
    assert [c for c in examples if c.role == "secretary"] == [
        Contact("multiculturalism-board", "secretary", "", "board-secretary@vaasa.example", "fi")
    ]


def test_example_contacts_are_role_addresses_only(examples: tuple[Contact, ...]) -> None:
    """No invented person: no names, every address at the example domain and used once."""
    assert {c.name for c in examples} == {""}
    assert {c.email.partition("@")[2] for c in examples} == {"vaasa.example"}
    assert len({c.email for c in examples}) == len(examples)


def test_export_gives_the_imported_file_back(examples: tuple[Contact, ...]) -> None:
    """What was read is written as it stood."""
    assert write_contacts(examples) == built_in_contacts(KEY)


def test_all_columns_are_read() -> None:
    """A deputy with absence dates, a quoted name and a bilingual mailbox."""
    text = HEADER + (
        'unit,contact,"Contact, planning",a@x.example,sv,2025-01-01,,\n'
        "unit,deputy,,b@x.example,fi,2025-07-01,2025-07-31,a@x.example\n"
        "school,mailbox,,info@school.example,fi+sv\n"
    )
    assert read_contacts(text, "c.csv", KNOWN) == (
        Contact("unit", "contact", "Contact, planning", "a@x.example", "sv", date(2025, 1, 1)),
        Contact(
            "unit", "deputy", "", "b@x.example", "fi", date(2025, 7, 1), date(2025, 7, 31), "a@x.example"
        ),
        Contact("school", "mailbox", "", "info@school.example", "fi+sv"),
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_what_spreadsheets_write_is_read(ending: str, mark: str, separator: str) -> None:
    """Semicolons, a byte order mark, other line ends and blank rows change nothing."""
    text = HEADER + "\n" + "unit,head,,a@x.example,en,,,\n" + ",,,,,,,\n"
    spelt = mark + text.replace(",", separator).replace("\n", ending)
    assert read_contacts(spelt, "c.csv", KNOWN) == (Contact("unit", "head", "", "a@x.example", "en"),)


def test_a_row_twice_counts_once() -> None:
    """The same contact is not kept twice."""
    row = "unit,head,,a@x.example,en,,,\n"
    assert len(read_contacts(HEADER + row + row, "c.csv", KNOWN)) == 1


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "unti,contact,,a@x.example,fi,,,",
            f'organisation: expected {NAMED} (perhaps "unit"); found "unti"',
        ),
        (
            "unit,boss,,a@x.example,fi,,,",
            'role: expected one of contact, deputy, mailbox, head, secretary; found "boss"',
        ),
        ("unit,contact,,a@x.example,de,,,", 'language: expected one of fi, sv, en, fi+sv; found "de"'),
        ("unit,contact,,a@x.example,,,,", "language: expected one of fi, sv, en, fi+sv; found nothing"),
        (
            "unit,contact,,,fi,,,",
            f"email: expected {ADDRESS}; found nothing",
        ),
        (
            "unit,contact,,a.x.example,fi,,,",
            f'email: expected {ADDRESS}; found "a.x.example"',
        ),
        (
            "unit,contact,,a@b@x.example,fi,,,",
            f'email: expected {ADDRESS}; found "a@b@x.example"',
        ),
        (
            "unit,contact,,a@x,fi,,,",
            f'email: expected {ADDRESS}; found "a@x"',
        ),
        (
            "unit,contact,,a..b@x.example,fi,,,",
            f'email: expected {ADDRESS}; found "a..b@x.example"',
        ),
        (
            "unit,contact,,a b@x.example,fi,,,",
            f'email: expected {ADDRESS}; found "a b@x.example"',
        ),
        (
            'unit,contact,,"a@x.example\nBcc: b@x.example",fi,,,',
            f'email: expected {ADDRESS}; found "a@x.example Bcc: b@x.example"',
        ),
        ('unit,contact,"A\nB",a@x.example,fi,,,', 'name: expected a name in one line; found "A B"'),
        (
            "unit,contact,,a@x.example,fi,2025-02-30,,",
            'valid_from: expected a date such as 31.1.2026, or nothing; found "2025-02-30"',
        ),
        (
            "unit,contact,,a@x.example,fi,,12/31/2025,",
            'valid_until: expected a date such as 31.1.2026, or nothing; found "12/31/2025"',
        ),
        (
            "unit,contact,,a@x.example,fi,2025-02-01,2025-01-31,",
            'valid_until: expected a date on or after the first day, 2025-02-01; found "2025-01-31"',
        ),
        (
            "unit,deputy,,a@x.example,fi,2025-07-01,2025-07-31,",
            f"deputy_of: expected {PERSON}; found nothing",
        ),
        (
            "unit,deputy,,a@x.example,fi,2025-07-01,2025-07-31,haed@x.example",
            f'deputy_of: expected {PERSON} (perhaps "head@x.example"); found "haed@x.example"',
        ),
        (
            "unit,deputy,,a@x.example,fi,2025-07-01,2025-07-31,A@X.example",
            f'deputy_of: expected {PERSON}; found "A@X.example"',
        ),
        (
            "Koulu,contact,,a@x.example,fi,,,",
            'organisation: expected one of the keys school, college: the name fits several; found "Koulu"',
        ),
        (
            "unit,contact,,a@x.example,fi,,,b@x.example",
            'deputy_of: expected nothing, unless the role is deputy; found "b@x.example"',
        ),
    ],
)
def test_one_mistake_is_named_with_row_and_column(row: str, problem: str) -> None:
    """Each mistake gives exactly one problem: row, column, what was expected and what was found."""
    text = HEADER + "unit,head,,head@x.example,fi,,,\n" + row + "\n"
    assert problems(text) == [f"c.csv, row 3, {problem}"]


def test_rows_are_counted_as_an_editor_counts_lines() -> None:
    """A cell with a line break does not shift the rows after it."""
    text = HEADER + '\nunit,head,"A\nB",a@x.example,fi,,,\nnone,head,,a@x.example,fi,,,\n'
    assert [problem.partition(":")[0] for problem in problems(text)] == [
        "c.csv, row 3, name",
        "c.csv, row 5, organisation",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "",
            f"row 1: expected {HEADINGS}; found nothing",
        ),
        (
            "organisation,email\n",
            f"row 1: expected {HEADINGS}; found organisation, email",
        ),
        (HEADER + "unit,head,,a@x.example,fi,,,,x\n", "row 2: expected 8 cells; found 9 cells"),
        (HEADER, f"row 1: expected {SOMEBODY}; found nothing"),
        (HEADER + ",,,,,,,\n", f"row 1: expected {SOMEBODY}; found nothing"),
        (
            HEADER.replace("name", "e-mail") + "unit,head,b@x.example,a@x.example,en,,,\n",
            'row 1, email: expected one column for email; found "e-mail", "email"',
        ),
        (
            HEADER + 'unit,head,"A',
            "row 2: expected CSV; found a mistake in it (unexpected end of data)",
        ),
        (HEADER + "x" * MAX_BYTES, "the file: expected a file of at most 5 MB; found a larger file"),
    ],
)
def test_what_is_no_table_of_contacts_is_refused(text: str, problem: str) -> None:
    """A file of another shape is refused as a whole."""
    assert problems(text) == [f"c.csv, {problem}"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_an_exported_cell_never_starts_a_formula(start: str) -> None:
    """It is prefixed with ', and read back without it."""
    contact = Contact("unit", "head", f"{start}1+1", "a@x.example", "fi")
    text = write_contacts([contact])
    assert text == f"{HEADER}unit,head,'{start}1+1,a@x.example,fi,,,\n"
    assert read_contacts(text, "c.csv", KNOWN) == (contact,)


def test_a_tab_before_a_formula_is_no_way_round() -> None:
    """A cell that starts with a tab is prefixed too."""
    contact = Contact("unit", "head", "\t=1", "a@x.example", "fi")
    assert write_contacts([contact]) == f"{HEADER}unit,head,'\t=1,a@x.example,fi,,,\n"


# -- as Excel and people write them ----------------------------------------------------------

WANTED = (
    Contact("unit", "contact", "Contact, planning", "a@x.example", "sv", date(2026, 1, 1), date(2026, 3, 31)),
    Contact("unit", "deputy", "", "b@x.example", "fi+sv", date(2026, 2, 1), None, "a@x.example"),
)
SAMPLES = {
    "fi": (
        "Sähköposti|Yksikkö|Rooli|Nimi|Kieli|Alkaen|Asti|Sijaistaa|Puhelin",
        "a@x.example|Hyvinvointiyksikkö|Yhteyshenkilö|Contact, planning|ruotsi|1.1.2026|31.3.2026||1",
        "b@x.example|unit|sijainen||suomi ja ruotsi|1.2.2026||a@x.example|",
    ),
    "sv": (
        "Enhet|E-post|Roll|Namn|Språk|Fr.o.m.|T.o.m.|Ersätter",
        "Välfärdsenheten|a@x.example|Kontaktperson|Contact, planning|Svenska|1.1.2026|31.3.2026|",
        "VÄLFÄRDSENHETEN|b@x.example|Ersättare||finska och svenska|1.2.2026||Contact, planning",
    ),
    "en": (
        "ROLE|Organisation|E-mail address|Full name|language|Valid from|Valid until|Deputy of",
        "Contact person|welfare unit|a@x.example|Contact, planning|Swedish|2026-01-01|31/3/2026|",
        "deputy|Unit|b@x.example||FI+SV|1.2.2026||A@X.example",
    ),
}


def table(lang: str, separator: str) -> str:
    """A sample as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(row.split("|") for row in SAMPLES[lang])
    return out.getvalue()


def read(data: bytes) -> tuple[Contact, ...]:
    """What is read of a file, addresses as one identity."""
    found = read_contact_list(data, "list", KNOWN).contacts
    return tuple(replace(one, deputy_of=one.deputy_of.lower()) for one in found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_any_order_case_language_separator_and_encoding(lang: str, separator: str, encoding: str) -> None:
    """Headings, roles, languages and organisations as a native writes them, as Excel saves them."""
    assert read(table(lang, separator).encode(encoding)) == WANTED


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_a_workbook_with_real_dates(lang: str) -> None:
    """An XLSX file; a title above the headings, dates as cells of that kind, an empty sheet before."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("List")
    sheet.append(["Contacts of the programme"])
    sheet.append([])
    for row in SAMPLES[lang]:
        sheet.append([typed_date(cell) or cell or None for cell in row.split("|")])
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()) == WANTED


def test_a_column_without_use_is_named() -> None:
    """A telephone number is not kept, and that is said."""
    assert read_contact_list(table("fi", ";").encode(), "list", KNOWN).unused == ("Puhelin",)


def test_a_mistake_in_a_workbook_is_named_by_sheet_row_and_heading() -> None:
    """As the file has them, beside the name of the column."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(SAMPLES["fi"][0].split("|"))
    sheet.append(["a.x.example", "Hyvinvointi", "pomo", "", "", date(2026, 1, 1), "keväällä", "", ""])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(InputError) as raised:
        read_contact_list(out.getvalue(), "list.xlsx", KNOWN)
    assert [problem.place for problem in raised.value.problems] == [
        f"sheet Sheet, row 2, {column}"
        for column in (
            "organisation (Yksikkö)",
            "role (Rooli)",
            "language (Kieli)",
            "email (Sähköposti)",
            "valid_until (Asti)",
        )
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 no archive", "a broken archive"),
        (b"%PDF-1.4 \n", "%PDF-1.4"),
        (b"\xd0\xcf\x11\xe0\0\0", "an old or password-protected Office file"),
    ],
)
def test_what_is_neither_is_refused(data: bytes, words: str) -> None:
    """A broken workbook, a PDF, an old workbook: never a crash."""
    with pytest.raises(InputError, match=words):
        read_contact_list(data, "list", KNOWN)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("info@jyv\u00e4skyl\u00e4.example", True),
        ("info@xn--jyvskyl-7wae.example", True),
        ("info@\u00c5BO.example", True),
        ("info@jyv\u00e4skyl\u00e4..example", False),
        ("\u00e5sa@x.example", False),
    ],
)
def test_a_domain_may_have_letters_of_its_own(address: str, is_one: bool) -> None:
    """Its ASCII form has to be a domain; before the @ letters beyond ASCII are taken for a slip."""
    assert is_address(address) is is_one


@pytest.mark.parametrize("lang", LANGUAGES)
def test_roles_are_read_as_the_pages_name_them(lang: Lang) -> None:
    """What a page shows may stand in a file."""
    for role in ROLES:
        row = f"unit,{words.role(lang, role)},,a@x.example,fi,,,{'b@x.example' if role == 'deputy' else ''}"
        found = read_contacts(f"{HEADER}{row}\nunit,head,,b@x.example,fi,,,\n", "c.csv", KNOWN)
        assert found[0].role == role
