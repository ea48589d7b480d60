"""The strict reader of contacts, and the writer that gives the same back."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from reminders.errors import InputError
from reminders.intake.contacts import MAX_BYTES, read_contacts, write_contacts
from reminders.intake.formats import read_programme
from reminders.planning.recipients import Contact
from reminders.programmes import built_in_contacts, built_in_text
from schedule_rules.programme import Programme

HEADER = "organisation,role,name,email,language,valid_from,valid_until,deputy_of\n"
KNOWN = ("unit", "school")
KEY = "vaasa-2023-2026"


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
            'organisation: expected the key of an organisation of the programme; found "unti"',
        ),
        (
            "unit,boss,,a@x.example,fi,,,",
            'role: expected one of contact, deputy, mailbox, head, secretary; found "boss"',
        ),
        ("unit,contact,,a@x.example,de,,,", 'language: expected one of fi, sv, en, fi+sv; found "de"'),
        ("unit,contact,,a@x.example,,,,", "language: expected one of fi, sv, en, fi+sv; found nothing"),
        ("unit,contact,,,fi,,,", "email: expected an e-mail address; found nothing"),
        ("unit,contact,,a.x.example,fi,,,", 'email: expected an e-mail address; found "a.x.example"'),
        ("unit,contact,,a@b@x.example,fi,,,", 'email: expected an e-mail address; found "a@b@x.example"'),
        ("unit,contact,,a@x,fi,,,", 'email: expected an e-mail address; found "a@x"'),
        ("unit,contact,,a..b@x.example,fi,,,", 'email: expected an e-mail address; found "a..b@x.example"'),
        ("unit,contact,,a b@x.example,fi,,,", 'email: expected an e-mail address; found "a b@x.example"'),
        (
            'unit,contact,,"a@x.example\nBcc: b@x.example",fi,,,',
            'email: expected an e-mail address; found "a@x.example Bcc: b@x.example"',
        ),
        ('unit,contact,"A\nB",a@x.example,fi,,,', 'name: expected a name in one line; found "A B"'),
        (
            "unit,contact,,a@x.example,fi,2025-02-30,,",
            'valid_from: expected a date such as 2025-01-31, or nothing; found "2025-02-30"',
        ),
        (
            "unit,contact,,a@x.example,fi,,31.12.2025,",
            'valid_until: expected a date such as 2025-01-31, or nothing; found "31.12.2025"',
        ),
        (
            "unit,contact,,a@x.example,fi,2025-02-01,2025-01-31,",
            'valid_until: expected a date on or after valid_from, 2025-02-01; found "2025-01-31"',
        ),
        (
            "unit,deputy,,a@x.example,fi,2025-07-01,2025-07-31,",
            "deputy_of: expected the address of the person that the deputy stands in for; found nothing",
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
        ("", f"row 1: expected {', '.join(HEADER.strip().split(','))}; found nothing"),
        (
            "organisation,email\n",
            f"row 1: expected {', '.join(HEADER.strip().split(','))}; found organisation, email",
        ),
        (HEADER + "unit,head,,a@x.example,fi,,,,\n", "row 2: expected 8 cells; found 9 cells"),
        (
            HEADER + 'unit,head,"A',
            "row 2: expected CSV; found a mistake in it (unexpected end of data)",
        ),
        (HEADER + "x" * MAX_BYTES, "row 1: expected a file of at most 5 MB; found a larger file"),
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
