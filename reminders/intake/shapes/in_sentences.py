"""Schedules that stand inside a sentence: "Open a desk by June 2026", "Kysely tehdään vuonna 2025".

Also lists of items most of which say their date so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from reminders.intake.content import ActionDraft, DocumentContent, Heading, TextLine
from reminders.intake.shapes.schedule_words import sure_schedule
from reminders.intake.words import is_bullet, plain_words, squeeze, without_bullet

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_WORD = re.compile(r"\S+")
_BEFORE = frozenset(
    (
        "in", "during", "by", "until", "from", "since", "within", "throughout", "vuonna", "vuosina", "vuoden",
        "vuodesta", "vuoteen", "vuosien", "ar", "aret", "under", "sedan", "fran", "till", "senast", "inom",
        "i", "innan", "fore",
    )
)  # fmt: skip
_ITEM = re.compile(r"^\s*\(?\d{1,2}(?:\.\d{1,2})*[.)]\s+(?=[^\W\d_])")
_LEAST_ITEMS = 3
_MOST_ITEMS = 2_000
_LEAST_SHARE = 0.6
_MOST_WORDS = 7
_LONGEST = 1_000


@lru_cache(maxsize=4096)
def schedule_in(text: str) -> str:
    """Return the words of a text that are its schedule: those around its first year; nothing without any.

    A word beside the year belongs to it where the meaning is another one without it. A year that stands
    among other words and has none of its own ("Strategy 2030") is a name's.
    """
    words = squeeze(text)[:_LONGEST]
    year = _YEAR.search(words)
    if not year:
        return ""
    found = list(_WORD.finditer(words))
    at = next(number for number, match in enumerate(found) if match.end() >= year.end())

    def part(first: int, last: int) -> str:
        return words[found[first].start() : found[last].end()].strip(" ,.;:()")

    last = at
    for more in range(at + 1, min(len(found), at + _MOST_WORDS)):
        if _differ(part(at, more), part(at, last)):
            last = more
    first = at
    for more in range(at - 1, max(-1, at - _MOST_WORDS), -1):
        if _differ(part(more, last), part(first, last)):
            first = more
    if first and plain_words(found[first - 1][0]) in _BEFORE and sure_schedule(part(first - 1, last)):
        first -= 1
    whole = part(first, last)
    if sure_schedule(whole) is None:
        return ""
    apart = first == 0 or words[found[first].start()] == "(" or found[first - 1][0][-1] in ",;:.–—-"
    return whole if apart or first < last or len(whole) > len(year[0]) else ""


def _differ(longer: str, shorter: str) -> bool:
    """Tell whether the longer of two texts is a schedule of another meaning."""
    one, other = sure_schedule(longer), sure_schedule(shorter)
    return one is not None and (
        other is None or (one.kind, one.start, one.end) != (other.kind, other.start, other.end)
    )


def read_dated_items(content: DocumentContent) -> tuple[ActionDraft, ...]:
    """Return the items of a list most of which name their date in the sentence, else nothing."""
    titles: dict[int, str] = {}
    first = ""
    drafts = list[ActionDraft]()
    for block in content.blocks:
        if isinstance(block, Heading):
            titles = {level: text for level, text in titles.items() if level < block.level}
            titles[block.level] = block.text
            first = first or block.text
        elif isinstance(block, TextLine) and (_ITEM.match(block.text) or is_bullet(block.text)):
            text = squeeze(_ITEM.sub("", without_bullet(block.text)))
            above = [titles[level] for level in sorted(titles) if titles[level] != first]
            domain, goal = (above[-2:] if len(above) > 1 else [*above, ""]) if above else ("", "")
            drafts.append(ActionDraft(block.place, (text,), domain, goal))
    if len(drafts) > _MOST_ITEMS:
        return ()
    drafts = [replace(draft, schedule=schedule_in(draft.bullets[0])) for draft in drafts]
    dated = [draft for draft in drafts if draft.schedule]
    return tuple(drafts) if len(dated) >= max(_LEAST_ITEMS, _LEAST_SHARE * len(drafts)) else ()
