"""Contact lists as people write them, read strictly, and back to CSV.

A list is CSV (commas, semicolons or tabs; UTF-8, UTF-16, Windows-1252 or Mac Roman) or the first sheet of an
XLSX workbook that has the headings; of a formula its saved result is read. Headings and roles may be in any
of the three languages, columns in any order; an organisation is named by its key or its printed name, days as
31.1.2026 or 2026-01-31. Nothing is taken from a list with a mistake. Who is mailed on a day is left to
``recipients``.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final, cast, get_args

from email_templates.dates import short, two_readings, typed_date
from reminders.collection.spreadsheet import harmless, is_formula
from reminders.errors import InputError, Problem
from reminders.intake.formats import FORMULA, NO_RESULT, decoded_text, read_workbook
from reminders.intake.limits import MAX_CONTACTS
from reminders.intake.messages import ImportMessage, import_error, import_message
from reminders.intake.words import excerpt, plain_words
from reminders.planning.addresses import folded, in_ascii
from reminders.planning.recipients import Contact, MailLanguage, Role
from schedule_rules.programme import Organisation

COLUMNS = ("organisation", "role", "name", "email", "language", "valid_from", "valid_until", "deputy_of")
ROLES: tuple[str, ...] = get_args(Role)
MAIL_LANGUAGES: tuple[str, ...] = get_args(MailLanguage)
MAX_BYTES = 5_000_000
_REQUIRED: Final = ("organisation", "role", "email", "language")
_MOST_PROBLEMS: Final = 1000
_TITLES_ABOVE: Final = 10
"""Rows that may stand above the headings: a title, a date, nothing."""

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,254}}$)(?=[^@]{{1,64}}@){_LOCAL}@{_LABEL}(\.{_LABEL})+", re.ASCII)
_SEPARATORS: Final = ";,\t"


def _words(table: Mapping[str, str]) -> Mapping[str, str]:
    """Return what each word of a table stands for, the table's own keys included."""
    found = {plain_words(one): key for key, words in table.items() for one in words.split("|")}
    return {**found, **{plain_words(key): key for key in table}}


_HEADINGS: Final = _words(
    {
        "organisation": "organization|unit|responsible party|responsible unit|department|organisaatio|yksikkö"
        "|vastuutaho|vastuuyksikkö|vastuuorganisaatio|taho|enhet|ansvarig enhet|ansvarig part|ansvarspart",
        "role": "rooli|roll",
        "name": "full name|person|name or position|contact person|nimi|henkilö|henkilön nimi|nimi tai tehtävä"
        "|yhteyshenkilö|namn|namn eller befattning|kontaktperson",
        "email": "e-mail|e-mail address|email address|mail|address|sähköposti|sähköpostiosoite|s-posti|osoite"
        "|e-post|epost|e-postadress|epostadress|adress",
        "language": "mail language|language of messages|kieli|viestien kieli|asiointikieli|yhteydenpitokieli"
        "|språk|meddelandenas språk|kontaktspråk",
        "valid_from": "from|start|starts|start date|first day|valid since|alkaen|alku|alkaa|alkupäivä"
        "|alkupvm|alkamispäivä|voimassa alkaen|från|från och med|fr.o.m.|from|startdatum|första dag"
        "|gäller från|gäller från och med|giltig från",
        "valid_until": "to|until|valid to|end|ends|end date|last day|asti|saakka|loppu|päättyy|loppupäivä"
        "|loppupvm|päättymispäivä|voimassa asti|voimassa saakka|viimeinen voimassaolopäivä|viimeinen päivä"
        "|till|till och med|t.o.m.|tom|slutdatum|sista dag|gäller till|gäller till och med|giltig till",
        "deputy_of": "deputy for|stands in for|replaces|on behalf of|sijaistaa|kenen sijainen"
        "|kenen varahenkilö|kenen sijaisena|sijaistettava|sijaistettava henkilö|ersätter|ersättare för"
        "|vikarierar för|vikarie för|ställföreträdare för|suppleant för",
    }
)
_ROLES: Final = _words(
    {
        "contact": "contact person|yhteyshenkilö|kontaktperson|kontakt",
        "deputy": "deputy contact|substitute|stand-in|varahenkilö|sijainen|varayhteyshenkilö|ersättare"
        "|vikarie|ställföreträdare|suppleant",
        "mailbox": "shared mailbox|unit mailbox|unit’s mailbox|yksikön sähköposti|postilaatikko"
        "|yhteinen postilaatikko|ryhmäpostilaatikko|yhteissähköposti|enhetens e-post|brevlåda"
        "|gemensam brevlåda|funktionsbrevlåda|gemensam e-post",
        "head": "head of unit|unit head|manager|esihenkilö|esimies|yksikön esihenkilö|päällikkö"
        "|yksikön päällikkö|chef|enhetschef|enhetens chef|förman",
        "secretary": "board secretary|coordinator|sihteeri|neuvoston sihteeri|koordinaattori|sekreterare"
        "|rådets sekreterare|koordinator",
    }
)
_LANGUAGES: Final = _words(
    {
        "fi": "finnish|suomi|finska",
        "sv": "swedish|ruotsi|svenska",
        "en": "english|englanti|engelska",
        "fi+sv": "sv fi|finnish and swedish|swedish and finnish|suomi ja ruotsi|ruotsi ja suomi"
        "|suomi ruotsi|finska och svenska|svenska och finska|svenska finska|finska svenska|fi ja sv"
        "|fi och sv|fi and sv",
    }
)


@dataclass(frozen=True, slots=True)
class ContactList:
    """A list that was read: its contacts, and the headings of columns that the service has no use for.

    ``computed`` are the formulas whose saved results were read: place, formula and result of each.
    """

    contacts: tuple[Contact, ...]
    unused: tuple[str, ...] = ()
    computed: tuple[tuple[str, str, str], ...] = ()


def read_contact_list(data: bytes, source: str, organisations: Mapping[str, Organisation]) -> ContactList:
    """Return the contacts in the octets of a file; ``organisations`` are those that may be named, by key.

    Raises ``InputError`` with every mistake: its row and column, what was found and what was expected.
    """
    if len(data) > MAX_BYTES:
        raise import_error(source, "the file", "larger-file", "at-most-mb", mb=MAX_BYTES // 1_000_000)
    if data.startswith(b"PK"):
        book = read_workbook(data, source)
        sheets = [[(row.place, row.cells) for row in table.rows] for table in book.tables]
        rows = next(filter(_find_headings, sheets), sheets[0] if sheets else [])
        formulas = {one.words for one in book.findings if one.code == NO_RESULT}
        found = _read(rows, source, organisations, formulas)
        computed = [(one.place, one.words, one.detail) for one in book.findings if one.code == FORMULA]
        return replace(found, computed=tuple(computed))
    lines = _rows(decoded_text(data, source), source)
    return _read(list(islice(lines, MAX_CONTACTS + _TITLES_ABOVE + 1)), source, organisations)


def read_contacts(text: str, source: str, organisations: Mapping[str, Organisation]) -> tuple[Contact, ...]:
    """Return the contacts in a text."""
    return read_contact_list(text.encode("utf-8", "surrogatepass"), source, organisations).contacts


def read_contact(
    cells: Mapping[str, str], organisations: Mapping[str, Organisation], others: Iterable[Contact]
) -> tuple[Contact, tuple[Problem, ...]]:
    """Return one contact of cells by column, and what is wrong with them: its ``place`` is the column.

    ``others`` are the rest of the list: a deputy stands in for one of them.
    """
    problems: list[Problem] = []
    row = _Row("", "", {name: cells.get(name, "").strip() for name in COLUMNS}, problems)
    contact = row.contact(organisations)
    if not problems:
        contact = row.with_person(contact, [*others, contact])
    return contact, tuple(replace(one, place=one.place.removeprefix(", ")) for one in problems)


def write_contacts(contacts: Iterable[Contact]) -> str:
    """Return the contacts as CSV; a cell that a spreadsheet would compute is prefixed with '."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for contact in contacts:
        values = (getattr(contact, column) for column in COLUMNS)
        writer.writerow([harmless("" if value is None else str(value)) for value in values])
    return out.getvalue()


_PlacedRow = tuple[str, tuple[str, ...]]
"""A row's place in the file and its cells."""


def _rows(text: str, source: str) -> Iterator[_PlacedRow]:
    """Yield the rows of a CSV text that hold anything."""
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0].strip()
    line = 1
    if named := re.fullmatch(r"sep=(.)", first):  # what Excel writes for itself
        separator, text, line = named[1], text.partition("\n")[2], 2
    else:
        head = text.split("\n")[:_TITLES_ABOVE]
        separator = max(_SEPARATORS, key=lambda char: max(len(_known(one.split(char))) for one in head))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    offset = line - 1
    try:
        for row in reader:
            # What ``write_contacts`` prefixed is undone.
            texts = (cell.strip() for cell in row)
            cells = tuple(one[1:] if one[:1] == "'" and is_formula(one[1:]) else one for one in texts)
            if any(cells):
                yield f"row {line}", cells
            line = reader.line_num + offset + 1
    except csv.Error as broken:
        raise import_error(source, f"row {line}", "mistake", "csv", reason=broken) from None


def _known(cells: Iterable[str]) -> list[str]:
    """Return the columns that the headings among some cells stand for."""
    found = (_HEADINGS.get(plain_words(cell.strip().strip('"'))) for cell in cells)
    return [one for one in found if one]


def _find_headings(rows: list[_PlacedRow]) -> int | None:
    """Return the number of the row with the headings, counted from one; None where there is none."""
    for number, (_, cells) in enumerate(rows[:_TITLES_ABOVE], start=1):
        if set(_REQUIRED) <= set(_known(cells)):
            return number
    return None


def _read(
    rows: list[_PlacedRow],
    source: str,
    organisations: Mapping[str, Organisation],
    formulas: Collection[str] = (),
) -> ContactList:
    number = _find_headings(rows)
    if number is None:
        place, cells = rows[0] if rows else ("row 1", ())
        found = excerpt(", ".join(cells)) or import_message("nothing")
        raise InputError(source, place, found, import_message("contact-columns", columns=", ".join(COLUMNS)))
    place, headings = rows[number - 1]
    problems: list[Problem] = []
    columns: dict[str, int] = {}
    unused = []
    for index, heading in enumerate(headings):
        column = _HEADINGS.get(plain_words(heading))
        if column is None:
            unused += [heading] if heading else []
        elif column in columns:
            both = f'"{excerpt(headings[columns[column]])}", "{excerpt(heading)}"'
            once = import_message("column-once", column=column)
            problems.append(Problem(source, f"{place}, {column}", both, once))
        else:
            columns[column] = index
    read: list[tuple[_Row, Contact]] = []
    if len(rows) - number > MAX_CONTACTS:
        raise import_error(source, "the file", "many-lines", "most", count=MAX_CONTACTS)
    for where, cells in rows[number:]:
        if len(problems) > _MOST_PROBLEMS:
            break
        if any(cells[len(headings) :]):
            count = import_message("cells", count=len(cells))
            problems.append(Problem(source, where, count, import_message("cells", count=len(headings))))
            continue
        own = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        written = {name: headings[at] for name, at in columns.items()}
        row = _Row(source, where, {**dict.fromkeys(COLUMNS, ""), **own}, problems, written, formulas)
        read.append((row, row.contact(organisations)))
    if not read and not problems:
        nothing = import_message("nothing")
        raise InputError(source, place, nothing, import_message("a-contact"))
    listed = [contact for _, contact in read]
    contacts = [row.with_person(contact, listed) for row, contact in read]
    if problems:
        raise InputError.of(problems)
    return ContactList(tuple(dict.fromkeys(contacts)), tuple(unused))


class _Row:
    """One row by column, its place in the file, and how the file writes its headings.

    ``formulas`` are the formulas of the file without a saved result: no cell may hold one.
    """

    def __init__(
        self,
        source: str,
        place: str,
        cells: dict[str, str],
        problems: list[Problem],
        headings: Mapping[str, str] | None = None,
        formulas: Collection[str] = (),
    ) -> None:
        self.cells = cells
        self._source = source
        self._place = place
        self._problems = problems
        self._headings = headings or {}
        self._formulas = formulas

    def wrong(self, column: str, expected: str, near: str = "") -> None:
        """Note that the cell in ``column`` is not what was expected; ``near`` is what may be meant."""
        cell = self.cells[column]
        found = import_message("quoted", value=excerpt(cell)) if cell else import_message("nothing")
        if cell in self._formulas:
            found = import_message("formula", formula=excerpt(cell))
            expected, near = import_message("formula-result"), ""
        if near:
            expected = import_message("perhaps", expected=expected, near=near)
        heading = self._headings.get(column, column)
        name = column if plain_words(heading) == plain_words(column) else f"{column} ({excerpt(heading)})"
        self._problems.append(Problem(self._source, f"{self._place}, {name}", found, expected))

    def contact(self, organisations: Mapping[str, Organisation]) -> Contact:
        """Return the contact; with problems noted, one that nobody will see."""
        cells = self.cells
        organisation = self._organisation(organisations)
        role = self._one_of("role", _ROLES, import_message("a-role"))
        language = self._one_of("language", _LANGUAGES, import_message("a-mail-language"))
        if not cells["name"].isprintable() or cells["name"] in self._formulas:
            self.wrong("name", import_message("one-line"))
        if not is_address(cells["email"]):
            self.wrong("email", import_message("an-address"))
        if cells["deputy_of"] and role != "deputy":
            self.wrong("deputy_of", import_message("only-deputy"))
        valid_from, valid_until = self._date("valid_from"), self._date("valid_until")
        if valid_from and valid_until and valid_until < valid_from:
            self.wrong("valid_until", import_message("last-day", first=valid_from))
        return Contact(
            organisation=organisation,
            role=cast("Role", role),
            name=cells["name"],
            email=cells["email"],
            language=cast("MailLanguage", language),
            valid_from=valid_from,
            valid_until=valid_until,
            deputy_of=cells["deputy_of"],
        )

    def with_person(self, contact: Contact, listed: Iterable[Contact]) -> Contact:
        """Return a deputy with the address of a person of the list, who is named by address or by name."""
        if contact.role != "deputy":
            return contact
        people = [one for one in listed if one.identity != contact.identity]
        if any(one.identity == folded(contact.deputy_of) for one in people):
            return contact
        named = {one.identity: one for one in people if one.name and one.name == contact.deputy_of}
        if len(named) == 1:
            return replace(contact, deputy_of=next(iter(named.values())).email)
        near = _nearest(contact.deputy_of, {one.email for one in people})
        self.wrong("deputy_of", import_message("listed-person"), near)
        return contact

    def _organisation(self, known: Mapping[str, Organisation]) -> str:
        cell = self.cells["organisation"]
        if cell in known:
            return cell
        names = [
            (plain_words(name), key)
            for key, one in known.items()
            for name in (key, *one.name.as_dict().values())
        ]
        keys = list(dict.fromkeys(key for name, key in names if name == plain_words(cell)))
        if len(keys) == 1:
            return keys[0]
        if keys:
            self.wrong("organisation", import_message("one-key", keys=", ".join(keys)))
        else:
            near = _nearest(plain_words(cell), {name for name, _ in names})
            key = next((key for name, key in names if name == near), "")
            self.wrong("organisation", import_message("named-organisation"), key)
        return cell

    def _one_of(self, column: str, words: Mapping[str, str], expected: ImportMessage) -> str:
        found = words.get(plain_words(self.cells[column]))
        if found is None:
            near = _nearest(plain_words(self.cells[column]), words)
            self.wrong(column, expected, words.get(near, ""))
        return found or ""

    def _date(self, column: str) -> date | None:
        cell = self.cells[column]
        if not cell:
            return None
        day = typed_date(cell)
        if either := two_readings(cell):
            first, second = (short(one, "fi") for one in either)
            self.wrong(column, import_message("either-day", first=first, second=second))
        elif day is None:
            self.wrong(column, import_message("day-or-nothing", example="31.1.2026"))
        return day


def is_address(text: str) -> bool:
    """Tell whether a text is one e-mail address; its domain may have letters beyond ASCII (RFC 5890)."""
    return _ADDRESS.fullmatch(in_ascii(text)) is not None


def _nearest(text: str, known: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(text, sorted(known), 1, 0.75)), "") if text else ""
