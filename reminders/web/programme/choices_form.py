"""The form by which a person says how a document is to be read, and what was posted with it.

Each column has a select with the role that it was read with. Only what differs from that is a choice, or what
was chosen before: a column that is read by itself stays so. What was chosen is handed on in a hidden field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import TypeAdapter, ValidationError

from email_templates import dates
from reminders.errors import Problem, UsageError
from reminders.intake.account import ColumnReading, TableReading
from reminders.intake.choices import (
    CHOSEN_ROLES,
    MAX_ROW,
    UNITS,
    DocumentChoices,
    ReadingChoices,
    column_key,
    heading_key,
    read_rows,
    read_unit,
)
from reminders.intake.headings import Role
from reminders.intake.messages import ImportMessage
from reminders.web.account_words import language_name, table_words
from reminders.web.catalogue import say
from reminders.web.choice_words import ROLES, chosen_words, role_name, role_word
from reminders.web.page import Page
from reminders.web.words import problem_words
from schedule_rules.programme import Lang
from schedule_rules.reading import READ_LANGUAGES

SHOWN_COLUMNS: Final = 60
SHOWN_TABLES: Final = 12
_CHOICES: Final = TypeAdapter(ReadingChoices)
_LONGEST: Final = 20_000
_ONCE: Final = frozenset(("action", "goal", "domain", "schedule", "start", "end"))
_FIELDS: Final[Mapping[str, str]] = {"no-such-row": "rows", "no-such-table": "table"}


@dataclass(frozen=True, slots=True)
class ChoiceColumn:
    """One column of the form: ``auto`` is the role that it has by itself, nothing where it was chosen."""

    field: str
    key: str
    heading: str
    samples: tuple[str, ...]
    role: str
    auto: str
    basis: str
    is_known: bool
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceTable:
    """The columns of the tables that have the same headings; ``name`` is where the first of them stands."""

    name: str
    columns: tuple[ChoiceColumn, ...]


Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChoicesView:
    """The form: its columns, what can be chosen of the whole file, what is, and what is wrong by field.

    ``applied`` is what the file was read with, as the hidden field; ``remembered`` the day and the words of
    what was chosen for the version before.
    """

    tables: tuple[ChoiceTable, ...]
    roles: Options
    langs: Options
    table_options: Options
    units: Options
    values: Mapping[str, str]
    applied: str
    is_single: bool
    wrong: Mapping[str, str] = field(default_factory=dict)
    remembered: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PostedChoices:
    """What was posted: choices, whether what was remembered no longer holds, and what is wrong by field."""

    choices: ReadingChoices
    is_whole: bool = False
    wrong: Mapping[str, str] = field(default_factory=dict)


def posted_choices(page: Page) -> PostedChoices:
    """Return what a form says of how the file is to be read: its fields, or what it hands on."""
    if page.text("step") == "forget":
        return PostedChoices(ReadingChoices(), is_whole=True)
    if page.text("step") == "again":
        return _from_fields(page)
    text = page.text("choices")
    try:
        choices = _CHOICES.validate_json(text) if text and len(text) <= _LONGEST else ReadingChoices()
    except ValidationError:
        choices = ReadingChoices()
    return PostedChoices(choices, is_whole=page.text("whole") == "yes")


def _from_fields(page: Page) -> PostedChoices:
    columns: dict[str, Role] = {}
    wrong: dict[str, str] = {}
    for at in range(SHOWN_TABLES):
        taken: dict[str, list[tuple[str, bool]]] = {}
        for number in range(SHOWN_COLUMNS):
            name = f"c{at}-{number}"
            key, role, auto = column_key(page.text(f"k-{name}")), page.text(name), page.text(f"a-{name}")
            if not key or role not in CHOSEN_ROLES:
                continue
            if role != auto:
                columns[key] = CHOSEN_ROLES[role]
            taken.setdefault(role, []).append((name, role != auto))
        for role, names in taken.items():
            if role in _ONCE and len(names) > 1 and any(is_changed for _, is_changed in names):
                word = role_name(CHOSEN_ROLES[role], page.lang)
                wrong[names[-1][0]] = page.say("choices.twice", role=word)
    first = last = None
    try:
        if page.text("rows"):
            first, last = read_rows(page.text("rows"))
    except UsageError:
        wrong["rows"] = page.say("choices.rows-wrong")
    header, table, unit = page.text("header"), page.text("table"), page.text("unit")
    if header and not _is_number(header):
        wrong["header"] = page.say("choices.number-wrong")
    choices = ReadingChoices(
        lang=next((one for one in READ_LANGUAGES if one == page.text("language")), None),
        columns=columns,
        table=int(table) if _is_number(table) else None,
        header_row=int(header) if _is_number(header) else None,
        first_row=first,
        last_row=last,
        unit=read_unit(unit) if unit in UNITS else None,
    )
    return PostedChoices(choices, is_whole=True, wrong=wrong)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:8]) <= MAX_ROW


def choices_view(
    tables: Sequence[TableReading],
    documents: Sequence[DocumentChoices],
    lang: Lang,
    wrong: Mapping[str, str],
    posted: Mapping[str, str],
) -> ChoicesView | None:
    """Return the form for files as they were read; None where nothing can be chosen, as of YAML.

    ``posted`` are the fields as a person left them, where something is ``wrong`` in them.
    """
    if not documents:
        return None
    document, is_single = documents[0], len(documents) == 1
    choices, day = document.choices, next((one.chosen_on for one in documents if one.chosen_on), None)
    rows = "" if choices.first_row is None and choices.last_row is None else _rows(choices)
    values = {
        "language": choices.lang or "",
        "table": str(choices.table or ""),
        "header": str(choices.header_row or ""),
        "rows": rows,
        "unit": choices.unit or "",
    }
    kept = {name: posted[name] for name in values if wrong and name in posted}
    shown = tuple(_tables(tables, lang, wrong, posted if wrong else {}))
    auto = ("", say(lang, "choices.lang-auto"))
    return ChoicesView(
        tables=shown,
        roles=tuple((role, role_name(CHOSEN_ROLES[role], lang)) for role in ROLES),
        langs=(auto, *((one, language_name(one, lang)) for one in READ_LANGUAGES)),
        table_options=(
            ("", say(lang, "choices.table-all")),
            *((str(number), table_words(one, lang)) for number, one in enumerate(document.tables, 1)),
        ),
        units=(
            ("", say(lang, "choices.unit-auto")),
            *((unit, say(lang, f"choices.unit-{unit}")) for unit in UNITS),
        ),
        values={**values, **kept},
        applied=_CHOICES.dump_json(choices).decode() if choices and day is None else "",
        is_single=is_single,
        wrong=wrong,
        remembered=(dates.short(day, lang), chosen_words(choices, tables, lang)) if day else None,
    )


def _rows(choices: ReadingChoices) -> str:
    return f"{choices.first_row or ''}–{choices.last_row or ''}"


def _tables(
    tables: Sequence[TableReading], lang: Lang, wrong: Mapping[str, str], posted: Mapping[str, str]
) -> Iterator[ChoiceTable]:
    known = set[tuple[str, ...]]()
    for table in tables:
        headings = tuple(heading_key(one.heading) for one in table.columns)
        if headings and headings not in known and len(known) < SHOWN_TABLES:
            at = len(known)
            known.add(headings)
            columns = table.columns[:SHOWN_COLUMNS]
            yield ChoiceTable(
                table_words(table, lang),
                tuple(
                    _column(one, f"c{at}-{number}", headings, lang, wrong, posted)
                    for number, one in enumerate(columns)
                ),
            )


def _column(
    one: ColumnReading,
    name: str,
    headings: Sequence[str],
    lang: Lang,
    wrong: Mapping[str, str],
    posted: Mapping[str, str],
) -> ChoiceColumn:
    own = heading_key(one.heading)
    is_sure = bool(own) and list(headings).count(own) == 1 and " / " not in one.heading
    role = role_word(one.role)
    return ChoiceColumn(
        field=name,
        key=own if is_sure else f"#{one.number}",
        heading=one.heading or say(lang, "choices.without-heading"),
        samples=one.samples or ((one.first_cell,) if one.first_cell else ()),
        role=posted.get(name, role),
        auto="" if one.basis == "chosen" else role,
        basis=say(lang, f"choices.basis-{one.basis}")
        if one.basis in {"chosen", "headings", "content"}
        else say(lang, "choices.basis-assumed"),
        is_known=one.role is not None or one.basis == "chosen",
        wrong=wrong.get(name, ""),
    )


def wrong_fields(problems: Sequence[Problem], lang: Lang) -> dict[str, str]:
    """Return what is wrong in a choice, by the field that it was made in; nothing for other problems."""
    found: dict[str, str] = {}
    for one in problems:
        name = _FIELDS.get(one.found.code) if isinstance(one.found, ImportMessage) else None
        if name:
            expected, problem = problem_words(one.expected, lang), problem_words(one.found, lang)
            found[name] = say(lang, "choices.not-there", expected=expected, found=problem)
    return found
