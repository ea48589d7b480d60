"""Tables that are no programme though they stand in one: money, risks, people, indicators, meanings of words.

Also the rows that no action is in: totals, notes under a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reminders.intake.content import TableRow
from reminders.intake.shapes.columns import Columns, holds_figures
from reminders.intake.words import plain_words, squeeze

_HEADINGS = re.compile(
    r"\b(?:risk|risks|risker|riski|riskit|todennakoisyys|sannolikhet|probability|likelihood|konsekvens|impact"
    r"|severity|phone|puhelin|puhelinnumero|telefon|mobile|e ?mail|sahkoposti|e ?post|epost|term|termi|kasite"
    r"|begrepp|definition|maaritelma|explanation|selitys|forklaring)\b"
)
_TITLES = re.compile(
    r"^(?:[\divx.]+ )*(?:budget\w*|talousarvio\w*|kustannusarvio\w*|kustannukset|rahoitus\w*|maararahat"
    r"|kostnad\w*|finansiering\w*|financing|funding|costs?|risk|risks|risker|riskanalys\w*|riskit"
    r"|riskienhallinta|risk \w+|contacts?|contact \w+|yhteystiedot|kontakter|kontaktuppgifter|glossary"
    r"|sanasto|kasitteet|ordlista|begrepp|abbreviations|lyhenteet|forkortningar|definitions|maaritelmat|indicators|mittarit"
    r"|indikatorer|nyckeltal|tunnusluvut|key figures)\b"
)
_LEAST_HEADINGS = 2
_TOTAL = re.compile(
    r"^(?:grand |sub)?(?:total|totals|sum)\b|^(?:yhteensa|summa|totalt|sammanlagt|valisumma|delsumma"
    r"|kaikki yhteensa|kokonais(?:kustannu\w*|summa)|kustannukset yhteensa|kaikkiaan|tillsammans"
    r"|totalsumma|subtotal|summary)\b"
)
_LONGEST_TOTAL = 5
_NOTE = re.compile(
    r"[*†‡¹²³]|\d\)\s|(?:note|notes|n\.b\.|huom|huomautus|huomio|lähde|lähteet|källa|källor|source|sources|obs|anm|anmärkning"
    r"|päivitetty|uppdaterad|updated|sivu|sida|page)\b",
    re.IGNORECASE,
)


def names_other_table(title: str) -> bool:
    """Tell whether a title stands over something else than actions: "Budget", "Riskit", "Kontakter"."""
    return bool(_TITLES.match(plain_words(title)))


def is_other_table(columns: Columns, rows: Sequence[TableRow], titles: Sequence[str]) -> bool:
    """Tell whether a table with a header is of something else than actions.

    Its headings say so, or the title over it does and it names nobody responsible with a schedule, or there
    are figures where actions would be.
    """
    if "action" in columns.roles and holds_figures(rows[columns.after :], columns.roles.index("action")):
        return True
    header = {plain_words(cell) for row in rows[columns.first : columns.after] for cell in row.cells}
    if sum(bool(_HEADINGS.search(cell)) for cell in header) >= _LEAST_HEADINGS:
        return True
    whole = columns.has("responsible") and columns.has("schedule", "start", "end")
    return not whole and any(map(names_other_table, titles))


def is_total(row: TableRow) -> bool:
    """Tell whether a row sums up those above it."""
    texts = [squeeze(cell) for cell in row.cells if cell.strip()]
    first = plain_words(texts[0]) if texts else ""
    if not _TOTAL.match(first) or len(first.split()) > _LONGEST_TOTAL:
        return False
    return first in {"total", "sum", "yhteensa", "summa", "totalt"} or all(
        any(map(str.isdigit, text)) or text == texts[0] for text in texts[1:]
    )


def is_note(text: str) -> bool:
    """Tell whether a line is a note, a source or the foot of a page: "* Riippuu rahoituksesta"."""
    return bool(_NOTE.match(text))
