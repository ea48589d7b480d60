"""A contact list as Excel saves it is read, shown as changes, and nothing of it is stored in part."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl

from tests.cli.conftest import Runner, reminders
from tests.intake.test_bad_input import with_results, workbook
from tests.issues.city import SECRETARY, City, released_city

__all__ = ["reminders"]

CONTACT = "alpha,contact,Contact,contact@city.example,en,,,"


def imported(city: City, name: str, data: bytes, *more: str) -> tuple[int, str, str]:
    """Import a file of these octets."""
    (city.folder / name).write_bytes(data)
    ran = city.run("contacts", "import", name, "--programme", "city", "--at", "2026-01-12T08:00", *more)
    return ran.code, ran.out, ran.err


def exported(city: City) -> list[str]:
    """The rows of the list as it is stored."""
    return city.run("contacts", "export", "--programme", "city").out.splitlines()[1:]


def test_what_a_finnish_excel_saves_is_read(reminders: Runner, tmp_path: Path) -> None:
    """Semicolons, Windows-1252, 31.3.2026, headings in Finnish, a name with \u00c5."""
    city = released_city(reminders, tmp_path, CONTACT, SECRETARY)
    text = (
        "S\u00e4hk\u00f6posti;Nimi;Yksikk\u00f6;Rooli;Kieli;Alkaen;Asti\r\n"
        "contact@city.example;\u00c5sa;Unit alpha;Yhteyshenkil\u00f6;suomi;1.1.2026;31.3.2026\r\n"
        "contact@city.example;\u00c5sa;alpha;yhteyshenkil\u00f6;suomi;1.4.2026;\r\n"
        "sec@city.example;;Unit board;sihteeri;englanti;;\r\n"
    )
    changes = "name: Contact -> \u00c5sa, language: en -> fi, valid_from: - -> 2026-01-01, "
    changes += "valid_until: - -> 2026-03-31"
    code, out, err = imported(city, "c.csv", text.encode("cp1252"))
    assert (code, err) == (0, "")
    assert exported(city) == [
        "alpha,contact,\u00c5sa,contact@city.example,fi,2026-01-01,2026-03-31,",
        "alpha,contact,\u00c5sa,contact@city.example,fi,2026-04-01,,",
        "board,secretary,,sec@city.example,en,,,",
    ]
    assert out.splitlines() == [
        "added    alpha  contact  contact@city.example",
        f"changed  alpha  contact  contact@city.example  {changes}",
        "changed  board  secretary  sec@city.example  name: Sec -> -",
        "3 contacts stored for city.",
    ]


def test_a_workbook_is_read(reminders: Runner, tmp_path: Path) -> None:
    """XLSX with dates as dates and headings in Swedish; a dry run stores nothing."""
    city = released_city(reminders, tmp_path, CONTACT, SECRETARY)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Roll", "Enhet", "E-post", "Spr\u00e5k", "Fr.o.m."])
    sheet.append(["kontaktperson", "alpha", "info@\u00c5bo.example", "svenska", date(2026, 1, 1)])
    sheet.append(["sekreterare", "board", "sec@city.example", "engelska", None])
    book.save(tmp_path / "made.xlsx")
    data = (tmp_path / "made.xlsx").read_bytes()
    before = exported(city)
    code, out, _ = imported(city, "c.xlsx", data, "--dry-run")
    assert (code, out.splitlines()[-1], exported(city)) == (0, "2 contacts would be stored for city.", before)
    assert imported(city, "c.xlsx", data)[0] == 0
    assert exported(city) == [
        "alpha,contact,,info@\u00c5bo.example,sv,2026-01-01,,",
        "board,secretary,,sec@city.example,en,,,",
    ]


def test_every_mistake_is_named_and_nothing_is_stored(reminders: Runner, tmp_path: Path) -> None:
    """Row, column, what was found, what was expected; how many more there are."""
    city = released_city(reminders, tmp_path, CONTACT, SECRETARY)
    before = exported(city)
    text = "organisation;role;email;language\nalpha;contact;x;en\nalfa;boss;a@x.example;fi\n"
    code, _, err = imported(city, "c.csv", text.encode())
    assert (code, exported(city)) == (1, before)
    assert 'c.csv, row 2, email: expected an e-mail address such as unit@city.example; found "x"' in err


def test_the_list_of_several_programmes_is_named(reminders: Runner, tmp_path: Path) -> None:
    """Where two programmes fit, the command asks which; with one it is that one's."""
    city = released_city(reminders, tmp_path, CONTACT, SECRETARY)
    asked = city.run("contacts", "export")
    assert (asked.code, "city" in asked.err, "vaasa-2023-2026" in asked.err) == (2, True, True)


def with_formulas(name: str, results: dict[str, tuple[str, str]]) -> bytes:
    """A workbook whose contact has a formula as name and one as address; ``results`` are saved with them."""
    rows = (
        ("organisation", "role", "name", "email", "language"),
        ("alpha", "contact", name, '=LOWER("CONTACT@CITY.EXAMPLE")', "en"),
        ("board", "secretary", "Sec", "sec@city.example", "en"),
    )
    return with_results(workbook(*rows), results)


def test_the_saved_result_of_a_formula_is_read_and_said(reminders: Runner, tmp_path: Path) -> None:
    """As Excel saves it: the list holds the results, and each formula is named."""
    city = released_city(reminders, tmp_path, CONTACT, SECRETARY)
    results = {"C2": ("str", "A"), "D2": ("str", "contact@city.example")}
    code, out, err = imported(city, "c.xlsx", with_formulas('=UPPER("a")', results))
    assert (code, err) == (0, "")
    assert exported(city)[0] == "alpha,contact,A,contact@city.example,en,,,"
    assert out.splitlines()[:2] == [
        "computed: sheet Sheet, cell C2: =UPPER(\"a\"), saved as 'A'",
        "computed: sheet Sheet, cell D2: =LOWER(\"CONTACT@CITY.EXAMPLE\"), saved as 'contact@city.example'",
    ]


def test_a_formula_without_a_saved_result_is_refused_by_name(reminders: Runner, tmp_path: Path) -> None:
    """Row, column, formula and the way out; a name as well as an address; nothing is stored."""
    city = released_city(reminders, tmp_path, CONTACT, SECRETARY)
    before = exported(city)
    code, out, err = imported(city, "c.xlsx", with_formulas('=UPPER("a")', {}))
    way_out = "expected a value: open the file in Excel and save it, or paste the values"
    unsaved = "without a saved result"
    assert (code, out) == (1, "")
    without = {"name": '=UPPER("a")', "email": '=LOWER("CONTACT@CITY.EXAMPLE")'}
    assert err.splitlines() == [
        f"reminders: c.xlsx, sheet Sheet, row 2, {column}: {way_out}; found the formula {formula} {unsaved}"
        for column, formula in without.items()
    ]
    assert exported(city) == before


def test_what_excel_for_mac_saves_is_read(reminders: Runner, tmp_path: Path) -> None:
    """Mac Roman, lines that end in carriage returns; another old encoding is named with the way out."""
    city = released_city(reminders, tmp_path, CONTACT, SECRETARY)
    text = (
        "organisaatio;rooli;nimi;s\u00e4hk\u00f6posti;kieli\r"
        "alpha;yhteyshenkil\u00f6;P\u00e4ivi \u00c5kerstr\u00f6m;contact@city.example;suomi\r"
        "board;sihteeri;Sec;sec@city.example;englanti\r"
    )
    code, _, err = imported(city, "c.csv", text.encode("mac_roman"))
    assert (code, err) == (0, "")
    assert exported(city)[0] == "alpha,contact,P\u00e4ivi \u00c5kerstr\u00f6m,contact@city.example,fi,,,"
    cyrillic = text.replace("P\u00e4ivi", "\u041d\u0430\u0442\u0430\u043b\u044c\u044f").replace("\u00e4", "a")
    other = cyrillic.replace("\u00f6", "o").replace("\u00c5", "A").encode("cp1251")
    code, _, err = imported(city, "c.csv", other)
    assert code == 1
    assert "c.csv, the file: expected UTF-8 (in Excel: Save as, CSV UTF-8); found an encoding" in err
