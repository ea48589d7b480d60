"""How a person says that a document is to be read, where it does not tell by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reminders.intake.headings import Role
from schedule_rules.programme import TextLang

ActionUnit = Literal["row", "card", "bullet"]
"""What one action is in a document: a row of a table, a card (a block that names its fields), a bullet."""


@dataclass(frozen=True, slots=True)
class ReadingChoices:
    """What a person chose; nothing chosen: as it seems.

    ``columns`` gives headings, by their plain words, the role of their column (``ignore`` is the role
    ``other``); ``table`` counts the tables of the document from 1; ``first_row`` and ``last_row`` count the
    rows of a table as its places do, and bound what is read of it; ``header_row`` is the row of its headings.
    """

    lang: TextLang | None = None
    columns: Mapping[str, Role] = field(default_factory=dict)
    table: int | None = None
    header_row: int | None = None
    first_row: int | None = None
    last_row: int | None = None
    unit: ActionUnit | None = None
