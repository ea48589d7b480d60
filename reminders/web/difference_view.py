"""What a change does to the mails to come, in words, for the page that asks before it saves. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from email_templates import dates
from reminders.difference import Difference
from reminders.gather import Draft
from reminders.web.words import say
from schedule_rules.programme import Lang

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One way in which mails change: how many, the first few, how many more."""

    title: str
    lines: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """The sentence, then the parts that are not empty."""

    sentence: str
    parts: tuple[Part, ...]


def difference_view(found: Difference, lang: Lang) -> DifferenceView:
    """Return a difference in words."""
    kinds = (
        ("added", found.added),
        ("removed", found.removed),
        ("changed", tuple(after for _, after in found.changed)),
    )
    sentence = (
        say(lang, "forecast.difference.sentence", n=found.count)
        if found.count
        else say(lang, "forecast.difference.none")
    )
    return DifferenceView(sentence, tuple(_part(name, drafts, lang) for name, drafts in kinds if drafts))


def _part(name: str, drafts: tuple[Draft, ...], lang: Lang) -> Part:
    left = len(drafts) - MOST
    return Part(
        say(lang, f"forecast.difference.{name}", n=len(drafts)),
        tuple(_lines(drafts[:MOST], lang)),
        say(lang, "forecast.difference.more", n=left) if left > 0 else "",
    )


def _lines(drafts: Iterable[Draft], lang: Lang) -> Iterable[str]:
    for draft in drafts:
        on = dates.in_table(draft.day, lang)
        yield say(lang, "forecast.difference.line", on=on, to=draft.recipient)
