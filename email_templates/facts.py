"""What is true of an item on the day a mail is sent: its status, its section, whether it asks.

*This week* is the ISO week of the sending day, or the seven days after it,
whichever reaches further. Words are left to ``words`` and ``rows``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from email_templates.letters import Item

SECTIONS: Final = ("escalated", "overdue", "week", "later", "reviews", "pace", "events", "handover")
INFORMING: Final = ("start", "event", "handover", "pace")
SOON_DAYS: Final = 30
WEEK_DAYS: Final = 7


def needs_answer(item: Item) -> bool:
    """Tell whether the unit is asked for anything; starts, dated events and hand-overs only inform."""
    return item.kind not in INFORMING or item.asks_dates


def overdue(item: Item, on: date) -> bool:
    """Tell whether the due date has passed; events, starts and hand-overs never do."""
    return item.kind not in INFORMING and item.due < on


def is_pressing(item: Item, on: date) -> bool:
    """Tell whether an item is overdue or due this week: then its mail has a button for each answer."""
    return item.due < on or this_week(item.due, on)


def status(item: Item, on: date) -> str:
    """Return the code of the item's status chip."""
    if overdue(item, on):
        return "overdue"
    if item.kind in INFORMING or (item.due - on).days > SOON_DAYS:
        return "coming"
    return "soon"


def section(item: Item, on: date) -> str:
    """Return the section of a unit's mail that the item stands in."""
    if item.reason == "escalated":
        return "escalated"
    if item.kind == "review":
        return "reviews"
    if item.kind in {"handover", "pace"}:
        return item.kind
    if item.kind in {"event", "start"}:
        return "events"
    if item.due < on:
        return "overdue"
    return "week" if this_week(item.due, on) else "later"


def this_week(due: date, on: date) -> bool:
    """Tell whether a date lies in this ISO week or within seven days."""
    return due.isocalendar()[:2] == on.isocalendar()[:2] or (due - on).days <= WEEK_DAYS


def in_sections(items: Iterable[Item], on: date) -> list[tuple[str, list[Item]]]:
    """Return the sections that hold something, in order, the earliest date first in each."""
    ordered = sorted(items, key=lambda item: item.due)
    grouped = [(code, [item for item in ordered if section(item, on) == code]) for code in SECTIONS]
    return [(code, members) for code, members in grouped if members]


def opens_collection(items: tuple[Item, ...]) -> bool:
    """Tell whether the mail is nothing but the opening of a collection round."""
    return len(items) == 1 and items[0].kind == "collection" and items[0].stage == "opening"
