"""What became of the files of an import, in words: what is said first, and what became of each piece."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from email_templates import dates
from reminders.intake.account import FATES, AccountEntry, Fate, FileAccount, TableReading
from reminders.intake.language import own_name
from reminders.intake.tracing import column_place
from reminders.web.catalogue import say
from reminders.web.words import place_words
from schedule_rules.programme import LANGUAGES, Lang, TextLang

SHOWN_TABLES: Final = 12
"""Tables that are named; the rest is counted."""
SHOWN_LEFT: Final = 60
"""Pieces left over that are shown; the rest is counted."""
_SHOWN_COLUMNS: Final = 60
_ROW: Final = re.compile(r"(.*?)(?:, )?(?:row|line) (\d+)")


@dataclass(frozen=True, slots=True)
class FactRow:
    """Something about the files: its name, what each file says, and how that is known."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of a table in words; ``basis`` is how its role is known."""

    place: str
    heading: str
    first_cell: str
    role: str
    basis: str
    is_used: bool
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """The columns of the tables that have the same headings; ``name`` is where the first of them stands."""

    name: str
    unused: str
    rows: tuple[ColumnRow, ...]


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A piece that may be an action and is not read: where it stands, and its words."""

    place: str
    words: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """The account of an import in words; ``counts`` are fates, their names and how many pieces had them."""

    title: str
    lede: str
    facts: tuple[FactRow, ...]
    columns: tuple[ColumnTable, ...]
    counts: tuple[tuple[Fate, str, str], ...]
    sum: str
    left: tuple[LeftOver, ...]
    left_count: int
    cells_left: str = ""


def account_view(accounts: Sequence[FileAccount], actions: int, lang: Lang) -> AccountView | None:
    """Return the account of the files of an import, of which so many actions were read; None without any."""
    if not accounts:
        return None
    left = [(account, entry) for account in accounts for entry in account.left_over]
    cells = sum(entry.kind == "cell" for _, entry in left)
    numbers = {fate: sum(account.counts[fate] for account in accounts) for fate in FATES}
    return AccountView(
        title=", ".join((say(lang, "account.read", n=actions), say(lang, "account.left", n=len(left)))),
        lede=say(lang, "account.lede", n=len(accounts), files=", ".join(one.file for one in accounts)),
        facts=tuple(_facts(accounts, lang)),
        columns=tuple(_column_tables(accounts, lang)),
        counts=tuple(
            (fate, say(lang, f"account.became-{fate}"), dates.number(numbers[fate], lang))
            for fate in FATES
            if numbers[fate]
        ),
        sum=dates.number(sum(numbers.values()), lang),
        left=tuple(
            LeftOver(_in_file(accounts, account, entry.place, lang), entry.text)
            for account, entry in left[:SHOWN_LEFT]
        ),
        left_count=len(left),
        cells_left=say(lang, "account.cells-left", n=cells) if cells else "",
    )


def first_lines(accounts: Sequence[FileAccount], lang: Lang) -> list[str]:
    """Return what a command says first: name, language and period of each file, how sure, and its tables."""
    return [
        f"{fact.name}: {value}"
        for account in accounts
        for fact in _facts([account], lang, file=account.file)
        for value in fact.values
    ]


def sum_lines(accounts: Sequence[FileAccount], lang: Lang) -> list[str]:
    """Return the sums of each file, a line each."""
    return [_sums(account, lang) for account in accounts]


def _sums(account: FileAccount, lang: Lang) -> str:
    counts = account.counts
    parts = ", ".join(
        f"{say(lang, f'account.became-{fate}')} {dates.number(counts[fate], lang)}"
        for fate in FATES
        if counts[fate]
    )
    count = dates.number(sum(counts.values()), lang)
    what = say(lang, "account.command-adds", count=count, parts=parts)
    return say(lang, "account.file-says", file=account.file, what=what)


def entry_rows(account: FileAccount, lang: Lang) -> list[tuple[str, str, str, str]]:
    """Return the pieces of a file as rows: where, the words, what became of them, of which action."""
    return [
        (
            place_words(one.place, lang),
            one.text,
            say(lang, f"account.became-{one.became}"),
            _of_action(one, lang),
        )
        for one in account.entries
    ]


def _of_action(one: AccountEntry, lang: Lang) -> str:
    if not one.action or one.became == "action":
        return ""
    return say(lang, "account.command-of", place=place_words(one.action, lang))


def _facts(accounts: Sequence[FileAccount], lang: Lang, file: str = "") -> Iterator[FactRow]:
    """Yield programme, language, period and tables of the files; ``file`` is named where one stands alone."""

    def row(text_id: str, values: Sequence[tuple[FileAccount, str]]) -> FactRow:
        name = say(lang, text_id)
        said = tuple(dict.fromkeys(_of_file(accounts, account, what, lang) for account, what in values))
        return FactRow(f"{file}, {name}" if file else name, said)

    yield row(
        "account.programme",
        [
            (one, say(lang, "account.sure", what=one.name, why=say(lang, f"account.name-{one.name_basis}")))
            for one in accounts
        ],
    )
    yield row("account.language", [(one, _language(one, lang)) for one in accounts])
    yield row("account.period", [(one, _period(one, lang)) for one in accounts])
    tables = [(one, words) for one in accounts for words in _tables(one, lang)]
    if tables:
        yield row("account.tables", tables)


def language_name(code: TextLang, lang: Lang) -> str:
    """Return the name of a language; one in which nobody is written to has its own."""
    return say(lang, f"contacts.language.{code}") if code in LANGUAGES else own_name(code)


def _language(one: FileAccount, lang: Lang) -> str:
    names = ", ".join(language_name(each, lang) for each in one.languages)
    basis = say(lang, f"account.language-{one.language_basis}")
    why = say(lang, "account.by-language", n=one.schedules, basis=basis, agreeing=one.agreeing)
    return say(lang, "account.sure", what=names, why=why)


def _period(one: FileAccount, lang: Lang) -> str:
    if one.period is None:
        return say(lang, "account.no-period")
    first, last = one.period.first.year, one.period.last.year
    years = str(first) if first == last else f"{first}–{last}"
    why = say(lang, f"account.period-{one.period_basis}")
    return say(lang, "account.sure", what=years, why=why)


def _tables(one: FileAccount, lang: Lang) -> Iterator[str]:
    """Yield where each table stands and how many actions were read in it."""
    for table in one.tables[:SHOWN_TABLES]:
        place = table_words(table, lang)
        if table.was_read:
            yield say(lang, "account.table-read", n=table.actions, place=place)
        else:
            yield say(lang, "account.table-not-read", place=place)
    if len(one.tables) > SHOWN_TABLES:
        yield say(lang, "account.more-tables", n=len(one.tables) - SHOWN_TABLES)


def table_words(table: TableReading, lang: Lang) -> str:
    """Say where a table stands: *sheet Åtgärder, rows 4–79*."""
    first, last = _ROW.fullmatch(table.place), _ROW.fullmatch(table.last)
    if first and last and first[1] == last[1]:
        rows = say(lang, "account.rows", first=first[2], last=last[2])
        return ", ".join(filter(None, (place_words(first[1], lang), rows)))
    return f"{place_words(table.place, lang)} – {place_words(table.last, lang)}"


def _column_tables(accounts: Sequence[FileAccount], lang: Lang) -> Iterator[ColumnTable]:
    """Yield the columns of each table that was read, those with the same headings and roles once."""
    shown = set[tuple[tuple[str, str | None], ...]]()
    for account in accounts:
        for table in account.tables:
            key = tuple((one.heading, one.role) for one in table.columns)
            if not table.was_read or not key or key in shown or len(shown) >= SHOWN_TABLES:
                continue
            shown.add(key)
            yield ColumnTable(
                name=_in_file(accounts, account, table_words(table, lang), None),
                unused=say(lang, "account.columns-unused", n=len(table.unused)),
                rows=tuple(
                    ColumnRow(
                        place=place_words(column_place(table.place, one.number), lang),
                        heading=one.heading,
                        first_cell=one.first_cell,
                        role=say(lang, f"account.role-{one.role or 'none'}"),
                        basis=say(lang, f"account.basis-{one.basis}"),
                        is_used=one.role is not None,
                        is_assumed=one.basis in {"content", "assumed"},
                    )
                    for one in table.columns[:_SHOWN_COLUMNS]
                ),
            )


def _in_file(accounts: Sequence[FileAccount], account: FileAccount, place: str, lang: Lang | None) -> str:
    """Return a place, with its file where there are several."""
    shown = place_words(place, lang) if lang else place
    return f"{account.file}, {shown}" if len(accounts) > 1 else shown


def _of_file(accounts: Sequence[FileAccount], account: FileAccount, what: str, lang: Lang) -> str:
    """Return what is said of a file, with its name where there are several."""
    if len(accounts) == 1:
        return what
    return say(lang, "account.file-says", file=PurePath(account.file).name, what=what)
