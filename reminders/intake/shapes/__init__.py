"""Shapes of documents: the content of a document as drafts of actions, whichever shape it has.

1. Tables, with the headings that stand over them (``tables``).
2. Without any: lists that name their fields (``labelled``), periods with items under them
   (``year_clocks``), numbered measures (``numbered``), columns flattened to lines (``flattened``), items with
   their date in the sentence (``in_sentences``); the one that finds most actions counts, of equals the first.
3. Where nothing has a schedule: tables and lists that say who is responsible for each action.

What the words of a draft mean is left to ``interpret``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reminders.errors import InputError
from reminders.intake.account import TableReport
from reminders.intake.content import ActionDraft, DocumentContent, Heading, IntakeFinding, Table, TextLine
from reminders.intake.headings import role_of
from reminders.intake.messages import import_message
from reminders.intake.shapes.cards import holds_cards
from reminders.intake.shapes.columns import find_header
from reminders.intake.shapes.flattened import read_flattened
from reminders.intake.shapes.in_sentences import read_dated_items
from reminders.intake.shapes.labelled import read_labelled, read_unscheduled
from reminders.intake.shapes.line_tables import with_line_tables
from reminders.intake.shapes.numbered import read_numbered
from reminders.intake.shapes.other_tables import is_note, is_total
from reminders.intake.shapes.schedule_words import is_schedule
from reminders.intake.shapes.tables import explains, read_tables
from reminders.intake.shapes.year_clocks import read_year_clock
from reminders.intake.words import is_bullet, plain_words, squeeze
from schedule_rules.days import Span

__all__ = [
    "MAX_ACTIONS",
    "NoActionsError",
    "Outline",
    "explains",
    "holds_cards",
    "is_schedule",
    "is_total",
    "outline",
]

MAX_ACTIONS = 1000
_OPENING = 20
_LEAST_CARDS = 2
_LEAST_ITEMS = 3
_YEARS = re.compile(r"(?<!\d)(20\d\d)\s*(?:[-–—‒]|to|till|–)\s*(20\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NAMING = re.compile(
    r"programme\b|program\b|plan\b|strategy|ohjelma|suunnitelma|strategia|vuosikello|arsklocka|arshjul|arsplan"
    r"|year clock|annual cycle|calendar\b|kalender|program|planen?\b|strategi"
)


class NoActionsError(InputError):
    """A document in which nothing was found that is an action."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The drafts of a document, what it may be called and covers, and what was noticed.

    ``reports`` tell of its tables whose columns were found; none where actions are lines.
    """

    drafts: tuple[ActionDraft, ...]
    titles: tuple[str, ...] = ()
    findings: tuple[IntakeFinding, ...] = ()
    reports: tuple[TableReport, ...] = ()

    def programme_name(self, otherwise: str) -> str:
        """Return the title that names a programme: one that says so, the one with its years first."""
        titles = [text for title in self.titles if _is_title(text := squeeze(title))]
        naming = [title for title in titles if _NAMING.search(plain_words(title))]
        with_years = [title for title in naming if _YEARS.search(title)]
        return next(iter((*_over_lines(titles), *with_years, *naming, *titles[:1])), otherwise)

    @property
    def period(self) -> Span | None:
        """The years that a title states, or None."""
        for title in self.titles:
            found = _YEARS.search(title)
            if found and int(found[1]) < int(found[2]):
                return Span(date(int(found[1]), 1, 1), date(int(found[2]), 12, 31))
        years = {year for draft in self.drafts for year in _YEAR.findall(draft.schedule)}
        for title in self.titles:
            # One year is the period where nothing is to be done in another: "Strategy 2030" names its end.
            named = set(_YEAR.findall(title))
            if len(named) == 1 and years <= named and _NAMING.search(plain_words(title)):
                year = int(named.pop())
                return Span(date(year, 1, 1), date(year, 12, 31))
        return None


def outline(content: DocumentContent, printed: DocumentContent | None = None) -> Outline:
    """Return the drafts of a document; ``NoActionsError`` for one that has none, ``InputError`` for too many.

    ``printed`` is the document with its headings as they stand, where ``content`` has others: an error names
    these.
    """
    content = replace(content, blocks=with_line_tables(content.blocks))
    found = _of_tables(content) or _of_lists(content) or _unscheduled(content)
    if found is None:
        raise _without_actions(content, printed or content)
    if len(found.drafts) > MAX_ACTIONS:
        most = import_message("most-actions", count=MAX_ACTIONS)
        count = import_message("actions", count=len(found.drafts))
        raise InputError(content.file, found.drafts[MAX_ACTIONS].place, count, most)
    return found


def _of_tables(content: DocumentContent) -> Outline | None:
    drafts, titles, noticed, reports = read_tables(content)
    if not drafts:
        return None
    return Outline((*drafts, *_cards_beside(content)), _titles(content, titles), noticed, reports)


def _of_lists(content: DocumentContent) -> Outline | None:
    drafts, noticed = _read_lists(content)
    return Outline(drafts, _titles(content, None), noticed) if drafts else None


def _unscheduled(content: DocumentContent) -> Outline | None:
    """Return the actions of a table or list that names who is responsible for each, and no schedule."""
    drafts, titles, noticed, reports = read_tables(content, unscheduled=True)
    if drafts:
        return Outline(drafts, _titles(content, titles), noticed, reports)
    drafts = read_unscheduled(content.blocks)
    return Outline(drafts, _titles(content, None)) if drafts else None


def _cards_beside(content: DocumentContent) -> tuple[ActionDraft, ...]:
    """Return the cards of a document that has tables too: two or more that name who and when."""
    cards = [card for card in read_labelled(content.blocks) if card.schedule and card.responsible]
    return tuple(cards) if len(cards) >= _LEAST_CARDS else ()


def _read_lists(content: DocumentContent) -> tuple[tuple[ActionDraft, ...], tuple[IntakeFinding, ...]]:
    """Return the drafts of the shape without tables that finds most; of equals the first."""
    lines = [TextLine(one.text, one.place) for one in content.blocks if not isinstance(one, Table)]
    flattened, findings = read_flattened(lines, content.file)
    labelled, clock = read_labelled(content.blocks), read_year_clock(content)
    shapes = ((labelled, ()), (clock, ()), read_numbered(lines, content.file), (flattened, findings))
    best = max(shapes, key=lambda shape: len(shape[0]))
    if len(best[0]) < _LEAST_ITEMS and (dated := read_dated_items(content)):
        return dated, ()
    if len(best[0]) < _LEAST_ITEMS and (answered := read_unscheduled(content.blocks)):
        return answered, ()
    return best


def _without_actions(content: DocumentContent, printed: DocumentContent) -> NoActionsError:
    """Return what is missing: actions under the headings of a table, a column of it, or any."""
    rows = [table.rows[0] for table in printed.tables[:1] if table.rows]
    place = rows[0].place if rows else "the file"
    found, expected, header = "no-actions", "table-or-list", ""
    headers = (find_header(table.rows) for table in content.tables)
    if any(columns and columns.has("schedule") for columns in headers):
        found, expected = "only-headings", "an-action"
    elif content.tables:
        cells = ", ".join(squeeze(cell) for row in rows for cell in row.cells if cell.strip())
        found, header = "no-schedule-column", cells[:120]
    what, instead = import_message(found, header=header), import_message(expected)
    return NoActionsError(content.file, place, what, instead)


def _titles(content: DocumentContent, of_tables: Sequence[str] | None) -> tuple[str, ...]:
    """Return the words that may name a programme, of a document with tables or (None) without."""
    headings = [block.text for block in content.blocks if isinstance(block, Heading)]
    texts = [one.text for one in content.blocks if isinstance(one, TextLine) and _may_name(one.text)]
    lines = [squeeze(text) for text in texts if text.strip()]
    # Further down a line names it that is a title with its years.
    titles = [line for line in lines[_OPENING:] if _is_title(line) and len(line.split()) < 9]
    named = [line for line in titles if _YEARS.search(line) and _NAMING.search(plain_words(line))]
    inside = named if of_tables is None else []
    return tuple(filter(None, (content.title, *(of_tables or ()), *headings, *lines[:_OPENING], *inside)))


def _may_name(line: str) -> bool:
    """Tell whether a line may name the document: no item, no field with its label, no note."""
    label, colon, _ = line.partition(":")
    return not is_bullet(line) and not (colon and role_of(label)) and not is_note(line.strip())


def _is_title(text: str) -> bool:
    """Tell whether words may be a title: a short line that begins with a capital and is no sentence."""
    return 3 < len(text) < 120 and len(text.split()) < 13 and text[-1] not in ".,;-" and not text[0].islower()


def _over_lines(titles: Sequence[str]) -> list[str]:
    """Return the first lines as one title, where they are a name and its years over several lines."""
    for count in range(2, min(4, len(titles)) + 1):
        whole = " ".join(titles[:count])
        if _YEARS.fullmatch(titles[count - 1]) and _NAMING.search(plain_words(whole)) and len(whole) < 100:
            return [whole]
    return []
