"""How a document was read, in words: roles of columns, what was chosen, what was remembered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from email_templates import dates
from reminders.intake.account import FileAccount, TableReading
from reminders.intake.choices import CHOSEN_ROLES, DocumentChoices, ReadingChoices, heading_key
from reminders.intake.headings import Role
from reminders.web.account_words import language_name
from reminders.web.catalogue import say
from schedule_rules.programme import Lang

ROLES: Final = tuple(role for role in CHOSEN_ROLES if role != "note")
"""The roles that a page offers, *ignore* last; notes are not kept either."""


def role_word(role: Role | None) -> str:
    """Return the word by which a person chooses a role; a column without one is ignored."""
    return next((word for word, each in CHOSEN_ROLES.items() if each == role and word != "note"), "ignore")


def role_name(role: Role | None, lang: Lang) -> str:
    """Return what a role is called."""
    return say(lang, f"choices.role-{role_word(role)}")


def choice_lines(
    documents: Iterable[DocumentChoices], accounts: Iterable[FileAccount], lang: Lang
) -> list[str]:
    """Say of each file whose choices were remembered what they are, and how they are forgotten."""
    tables = [table for account in accounts for table in account.tables]
    return [
        say(
            lang,
            "choices.remembered-file",
            file=one.file,
            on=dates.short(one.chosen_on, lang),
            choices=chosen_words(one.choices, tables, lang),
        )
        for one in documents
        if one.chosen_on
    ]


def chosen_words(choices: ReadingChoices, tables: Iterable[TableReading], lang: Lang) -> str:
    """Return what was chosen in a few words: headings as printed with their roles, language, table, unit."""
    printed = {heading_key(one.heading): one.heading for table in tables for one in table.columns}
    words = [f"{printed.get(key, key)} = {role_name(role, lang)}" for key, role in choices.columns.items()]
    if choices.lang:
        words.append(language_name(choices.lang, lang))
    if choices.table:
        words.append(say(lang, "choices.table-number", number=choices.table))
    if choices.header_row:
        words.append(say(lang, "choices.header-number", number=choices.header_row))
    if choices.unit:
        words.append(say(lang, f"choices.unit-{choices.unit}"))
    return "; ".join(words)
