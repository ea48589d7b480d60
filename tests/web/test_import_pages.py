"""Importing on a page: upload, preview, one button; what is refused, and what stays of the files."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from email_templates.catalogue import catalogue
from reminders.errors import NotFoundError
from reminders.intake.messages import MESSAGES, import_message
from reminders.intake.read import read_documents
from reminders.service import Service
from reminders.store import programmes as repository
from reminders.use.programme.drafts import KEPT_FOR, MOST
from reminders.web.page import Upload
from reminders.web.programme.imports import Drafts, safe_name
from reminders.web.words import problem_words
from tests.web.conftest import KEY, TUESDAY, Reader
from tests.web.forms import FOREIGN, hidden, send

ROWS = (
    "Teema;Tavoite;Toimenpide;Aikataulu;Vastuutaho;Kumppanit;Mittari",
    "Energia;Vähemmän energiaa;Koulujen lämmityksen kartoitus;2027;Tilapalvelut;;Kartoitus valmis",
    "Energia;Vähemmän energiaa;Energianeuvonta asukkaille;Jatkuva;Energiatoimisto;Kirjasto;Määrä",
    "Liikenne;Puhdas liikenne;Pyöräparkit asemille;joskus;Kaupunkitekniikka;;Parkkien määrä",
)
CSV = "\n".join(ROWS).encode()
CLIMATE = "ilmasto-2027-2027"


def upload(reader: Reader, data: bytes, name: str = "ilmasto.csv", version: str = "") -> str:
    """Upload one file and return the page."""
    return send(reader, "/import?lang=en", {"version": version}, [("files", (name, data))]).text


def keys(service: Service) -> list[str]:
    """Return the stored programmes."""
    with service.database.read() as connection:
        return [row.programme.key for row in repository.all_programmes(connection)]


def drafts(service: Service) -> list[Path]:
    """Return the uploaded files that are still there."""
    folder = service.settings.mail_folder.parent / "imports"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_only_the_secretary_may(reader: Reader, secretary: Reader, service: Service) -> None:
    """Without a session or from elsewhere nothing is read."""
    files = [("files", ("ilmasto.csv", CSV))]
    for url in ("/import", "/import/action-programme.xlsx"):
        assert reader.get(url).status_code == 403
    assert send(reader, "/import", {}, files).status_code == 403
    assert send(secretary, "/import", {}, files, FOREIGN).status_code == 403
    assert send(secretary, "/import/confirm", {"step": "store"}, headers=FOREIGN).status_code == 403
    assert drafts(service) == []


def test_upload_preview_store(secretary: Reader, service: Service) -> None:
    """The preview names findings and actions and stores nothing; the button stores it, held."""
    page = upload(secretary, CSV)
    for words in ("3 new actions.", "ilmasto.csv", "row 4", "The schedule could not be read.", "‘joskus’"):
        assert words in page, words
    assert keys(service) == [KEY]
    assert len(drafts(service)) == 1
    stored = send(secretary, "/import/confirm", {**hidden(page), "step": "store"})
    where = f"/import?stored={CLIMATE}&programme={CLIMATE}"
    assert (stored.status_code, stored.headers["location"]) == (303, where)
    assert keys(service) == [CLIMATE, KEY]
    assert drafts(service) == []
    with service.database.read() as connection:
        row = repository.all_programmes(connection)[0]
    assert (row.held, [one["code"] for one in row.findings]) == (True, ["unclear-schedule"])
    assert "The programme has been saved" in secretary.get(f"{where}&lang=en").text


def test_what_is_left_over_is_shown_beside_what_was_read(secretary: Reader) -> None:
    """The head line counts both, the sum of rows adds up, unused columns and left words stand on the page."""
    rows = (
        "Teema;Toimenpide;Aikataulu;Vastuutaho;Tunnelma",
        "Energia;Kartoitus;2027;Tilapalvelut;hyvä",
        ";;;Kuka;",
    )
    page = upload(
        secretary, "\n".join((*rows, "Liikenne;Pyöräparkit;2028;Kaupunkitekniikka;outo", "")).encode()
    )
    for words in (
        "2 actions were read",
        "Tunnelma",
        "not used",
        "by its heading",
        "Finnish (by the headings",
    ):
        assert words in page, words
    lost = upload(secretary, CSV + "\nHuom! Ohjelma päivitetään;;;;;;\n".encode())
    for words in ("3 actions were read, 1 item is left over", "‘Huom! Ohjelma päivitetään’", 'href="#left"'):
        assert words in lost, words
    assert "It is not saved as an action." in lost


def test_a_new_version_shows_what_changes(secretary: Reader) -> None:
    """The diff in words; the same file again has nothing to save."""
    page = upload(secretary, CSV)
    send(secretary, "/import/confirm", {**hidden(page), "step": "store"})
    again = upload(secretary, CSV, version=CLIMATE)
    assert "There is nothing to save." in again
    other = upload(secretary, CSV.replace(b";joskus;", b";2027;"), version=CLIMATE)
    assert "Deadline: new date" in other
    assert 'data-l="Now">joskus<' in other
    assert 'data-l="From now on">2027<' in other
    assert "Answers, corrections and history are kept." in other


def test_what_changed_in_between_is_shown_again(secretary: Reader, service: Service) -> None:
    """A preview that is no longer true is not stored."""
    page = upload(secretary, CSV)
    first = hidden(page)
    other = upload(secretary, CSV.replace(b"asukkaille", b"kaikille"))
    send(secretary, "/import/confirm", {**hidden(other), "step": "store"})
    answer = send(secretary, "/import/confirm?lang=en", {**first, "step": "store"})
    assert "The programme has changed in the meantime" in answer.text
    saved = send(secretary, "/import/confirm", {**hidden(answer.text), "step": "store"})
    assert (saved.status_code, keys(service)) == (303, [CLIMATE, KEY])


def test_drop(secretary: Reader, service: Service) -> None:
    """Dropped files are deleted; their confirmation says so."""
    fields = hidden(upload(secretary, CSV))
    assert send(secretary, "/import/confirm", {**fields, "step": "drop"}).headers["location"] == "/import"
    assert drafts(service) == []
    gone = send(secretary, "/import/confirm?lang=en", {**fields, "step": "store"})
    assert (gone.status_code, "have already been removed" in gone.text) == (410, True)
    assert keys(service) == [KEY]
    assert secretary.get("/import/confirm?lang=sv").headers["location"] == "/import?lang=sv"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.csv", b"", "an empty file"),
        ("broken.xlsx", b"PK\x03\x04nothing", "a broken archive"),
        ("picture.png", b"\x89PNG", "a picture, which has no text to read"),
        ("programme.yaml", b"format: 1\nprogramme: {}\n", "line 2"),
        ("a" * 300 + ".csv", b"", "an empty file"),
    ],
)
def test_bad_files(secretary: Reader, service: Service, name: str, data: bytes, words: str) -> None:
    """File, place, expected and found as a table; nothing stored, nothing kept."""
    page = upload(secretary, data, name)
    assert "<title>Error: Import a programme" in page
    assert words in page
    assert "Expected</th>" in page
    assert keys(service) == [KEY]
    assert drafts(service) == []


@pytest.mark.parametrize(
    ("lang", "place", "expected", "found"),
    [
        ("fi", "arkisto", "XLSX-työkirja", "rikkinäinen arkisto"),
        ("sv", "arkivet", "en XLSX-arbetsbok", "ett trasigt arkiv"),
        ("en", "the archive", "an XLSX workbook", "a broken archive"),
    ],
)
def test_a_problem_is_said_in_the_readers_language(
    secretary: Reader, lang: str, place: str, expected: str, found: str
) -> None:
    """Place, what was expected and what was found; only what a library reports stays as it is."""
    files = [("files", ("broken.xlsx", b"PK\x03\x04nothing"))]
    page = send(secretary, f"/import?lang={lang}", {"version": ""}, files).text
    cells = re.findall(r'<td data-l="[^"]*"[^>]*>([^<]*)</td>', page)
    assert cells == [place, expected, f"{found} (File is not a zip file)"]


def test_english_of_problems_is_one() -> None:
    """What the command prints and what the page says are the same words."""
    page = {code: catalogue("reminders.web").entries["en"][f"problem.{code}"]["other"] for code in MESSAGES}
    assert {code: re.sub("[‘’]", '"', text) for code, text in page.items()} == dict(MESSAGES)


def test_a_problem_inside_a_problem_is_said_too() -> None:
    """A hint and a user of a key are in the reader's language as well."""
    user = import_message("in-line", user=import_message("by-goal"), line=7)
    assert problem_words(import_message("free-key", user=user), "sv") == (
        "en nyckel som inte används ännu (nu: ett mål, rad 7)"
    )
    assert problem_words("kept as it is", "fi") == "kept as it is"


def test_nothing_and_too_much(secretary: Reader, service: Service) -> None:
    """No file, a file over 5 MB, seven files: said beside the field."""
    assert "Choose at least one file." in send(secretary, "/import?lang=en", {"version": ""}).text
    assert "The file is too large: ilmasto.csv. At most 5 MB." in upload(secretary, b"a" * 5_000_001)
    many = [("files", (f"{n}.csv", CSV)) for n in range(7)]
    answer = send(secretary, "/import?lang=en", {}, many)
    assert (answer.status_code, "At most 6 files of 5 MB each." in answer.text) == (413, True)
    huge = send(secretary, "/import?lang=en", {}, [("files", ("a.csv", b"a" * 31_000_000))])
    assert huge.status_code == 413
    assert drafts(service) == []


def test_the_template_is_read_back(secretary: Reader, tmp_path: Path) -> None:
    """The spreadsheet comes as a file that the import reads once it is filled in."""
    answer = secretary.get("/import/action-programme.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="action-programme.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    for column, text in enumerate(
        ("Energia", "Säästö", "Koulujen kartoitus", "2027", "Tilapalvelut"), start=1
    ):
        book["Ohjelma"].cell(2, column, text)
    book.save(tmp_path / "t.xlsx")
    assert len(read_documents([tmp_path / "t.xlsx"]).programme.actions) == 1


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\a b.csv", "a b.csv"),
        ("..", "file"),
        ("", "file"),
        ("x\0y\n.csv", "x_y_.csv"),
        ("å" * 200 + ".csv", "å" * 120 + ".csv"),
    ],
)
def test_names_of_uploaded_files(name: str, safe: str) -> None:
    """No path, no control character, no endless name."""
    assert safe_name(name) == safe


def test_drafts_are_swept(tmp_path: Path) -> None:
    """After an hour, or when there are too many; foreign names find nothing."""
    kept = Drafts(tmp_path / "imports", "one@city.example")
    first = kept.save([Upload("a.csv", b"1"), Upload("a.csv", b"2")], TUESDAY)
    assert [file.read_bytes() for file in kept.files(first, TUESDAY + KEPT_FOR)] == [b"1", b"2"]
    assert (kept.folder / first).stat().st_mode & 0o077 == 0
    for name in ("..", first[:-1], "0" * 32):
        with pytest.raises(NotFoundError):
            kept.files(name, TUESDAY)
    for n in range(MOST + 3):
        kept.save([Upload("a.csv", b"3")], TUESDAY + timedelta(minutes=1 + n))
    assert len(list(kept.folder.iterdir())) == MOST
    other = replace(kept, address="other@city.example")
    theirs = other.save([Upload("a.csv", b"4")], TUESDAY + timedelta(minutes=30))
    assert len(list(kept.folder.iterdir())) == MOST  # own ones made room, as they do each time
    assert (kept.drop(theirs), replace(other, address="OTHER@city.example").drop(theirs)) == (False, True)
    with pytest.raises(NotFoundError):
        kept.files(first, TUESDAY)
