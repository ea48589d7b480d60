"""Year clocks: months, seasons or years as titles, and under each what is to be done then, an item each.

1. A title is a heading, a line or an item that is nothing but a period, or actions of one ("Åtgärder 2025");
   the year of the title above it holds where it names none.
2. Each item under it is an action; where there are no items, each line is. What is indented under an item
   belongs to it.
3. Who does it stands in brackets at the end, where most items have some or they name a kind of organisation.
   A date before the item is its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from reminders.intake.content import ActionDraft, DocumentContent, Heading, Table, TextLine
from reminders.intake.headings import role_of
from reminders.intake.language import likely_language
from reminders.intake.parties import looks_like_parties
from reminders.intake.shapes.in_sentences import schedule_in
from reminders.intake.shapes.periods import period_words, year_of, years_in
from reminders.intake.shapes.schedule_words import sure_schedule
from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, without_bullet

_LEAST_PERIODS = 2
_LEAST_ITEMS = 3
_BRACKET = re.compile(r"^(?P<action>.{3,}?)\s*[(\[](?P<rest>[^()\[\]]{2,80})[)\]][.;]?$")
_DASHED = re.compile(r"^(?P<action>.{3,}?)\s+[–—]\s+(?P<rest>[^–—]{2,60})$")
_LABEL = re.compile(r"^(?P<label>[^:]{2,40}):\s*(?P<value>.*)$")
_DAY = re.compile(
    r"^(?P<day>\d{1,2}\.\d{1,2}\.(?:20\d\d)?(?:\s*[-–]\s*\d{1,2}\.\d{1,2}\.(?:20\d\d)?)?|\d{1,2}/\d{1,2})"
    r"(?:\s*[:–—-]|\s)\s*(?P<rest>\S.*)$"
)
_NUMBER = re.compile(r"^\(?\d{1,2}[.)]\s+(?=[^\W\d_])")
_MOST_LABELS = 0.25
_MOST_BRACKETS = 0.6
_LONGEST_ITEM = 400
_LONGEST_TITLE = 6


@dataclass(slots=True)
class _Item:
    place: str
    period: str
    title: str
    domain: str
    texts: list[str]
    marked: bool
    fields: dict[str, str] = field(default_factory=dict)


def read_year_clock(content: DocumentContent) -> tuple[ActionDraft, ...]:
    """Return what is to be done in each period that is a title of the document, or nothing."""
    items = list(_Gatherer(content).items())
    if any(item.marked for item in items):
        items = [item for item in items if item.marked]
    labels = sum(bool((found := _LABEL.match(item.texts[0])) and role_of(found["label"])) for item in items)
    periods = {item.period for item in items}
    least = 1 if any(_period_of_actions(item.title) for item in items) else _LEAST_PERIODS
    if len(periods) < least or len(items) < _LEAST_ITEMS or labels > _MOST_LABELS * len(items):
        return ()
    lang = likely_language(" ".join(text for item in items for text in item.texts))
    brackets = sum(bool(_BRACKET.match(item.texts[0])) for item in items)
    mostly = brackets >= _MOST_BRACKETS * len(items)
    drafts = [_draft(item) for item in items]
    return tuple(_with_lead(draft, lambda text: mostly or looks_like_parties(text, lang)) for draft in drafts)


def _period_of_actions(title: str) -> str:
    """Return the period of a title that names actions and a year: "Actions in 2025"; nothing of others."""
    year = year_of(title)
    words = [word for word in plain_words(title).split() if word != year and role_of(word) == "action"]
    return (schedule_in(title) or year) if year and words and len(title.split()) <= _LONGEST_TITLE else ""


class _Gatherer:
    """Goes through headings and lines with the period that holds at each."""

    def __init__(self, content: DocumentContent) -> None:
        self._content = content
        headings = [block for block in content.blocks if isinstance(block, Heading)]
        self._first = headings[0].text if headings else ""
        self._titles: dict[int, str] = {}
        self._period = self._title = ""
        self._level = 99
        self._item: _Item | None = None
        self._indent = 0

    def items(self) -> Iterator[_Item]:
        """Yield every item under a period."""
        for block in self._content.blocks:
            if isinstance(block, Table):
                continue
            if isinstance(block, Heading):
                yield from self._end()
                self._heading(block)
            elif not block.text.strip():
                yield from self._end() if self._item and not self._item.marked else ()
            else:
                yield from self._line(block)
        yield from self._end()

    def _end(self) -> Iterator[_Item]:
        if self._item:
            yield self._item
        self._item = None

    def _year(self) -> str:
        names = [self._titles[level] for level in sorted(self._titles, reverse=True)]
        years = years_in([*names, self._first, self._content.title])
        return str(years[0]) if years and years[0] == years[-1] else ""

    def _heading(self, block: Heading) -> None:
        self._titles = {level: text for level, text in self._titles.items() if level < block.level}
        words = period_words(block.text, self._year()) or _period_of_actions(block.text)
        if words:
            self._period, self._title, self._level = words, squeeze(block.text), block.level
        elif block.level <= self._level:
            self._period, self._level = "", 99
        self._titles[block.level] = block.text

    def _line(self, block: TextLine) -> Iterator[_Item]:
        text = squeeze(_NUMBER.sub("", without_bullet(block.text)))
        marked = is_bullet(block.text) or bool(_NUMBER.match(block.text.strip()))
        indent = len(block.text) - len(block.text.lstrip())
        label = _LABEL.match(text)
        if words := period_words(text, self._year()):
            yield from self._end()
            self._period, self._title, self._indent = words, text.strip(" :."), indent
        elif label and (words := period_words(label["label"], self._year())):
            yield from self._end()
            self._period, self._title = words, label["label"]
            for part in filter(None, map(str.strip, label["value"].split(";"))):
                yield self._begin(block.place, part, marked=True)
        elif not self._period or len(text) > _LONGEST_ITEM:
            yield from self._end()
        elif self._item and self._goes_on(text, marked=marked, indent=indent):
            self._add(text, marked=marked)
        else:
            yield from self._end()
            self._item, self._indent = self._begin(block.place, text, marked=marked), indent

    def _goes_on(self, text: str, *, marked: bool, indent: int) -> bool:
        """Tell whether a line belongs to the item before it: indented under it, or more of its sentence."""
        return self._item is not None and (
            (marked and indent > self._indent) or (not marked and self._item.marked and not capitalised(text))
        )

    def _add(self, text: str, *, marked: bool) -> None:
        if self._item is None:
            return
        found = _LABEL.match(text)
        role = role_of(found["label"]) if found else None
        if found and role in {"responsible", "partners", "indicator", "schedule"}:
            self._item.fields[role] = squeeze(found["value"])
        elif marked:
            self._item.texts.append(text)
        elif len(self._item.texts[-1]) <= _LONGEST_ITEM:
            self._item.texts[-1] = f"{self._item.texts[-1]} {text}"

    def _begin(self, place: str, text: str, *, marked: bool) -> _Item:
        above = [
            name
            for level, name in sorted(self._titles.items())
            if name != self._first and not period_words(name, "2025")
        ]
        return _Item(place, self._period, self._title, next(iter(above[-1:]), self._title), [text], marked)


def _draft(item: _Item) -> ActionDraft:
    schedule, first = item.fields.get("schedule") or item.period, item.texts[0]
    if found := _DAY.match(first):
        year = item.period[-4:] if item.period[-4:].isdigit() else ""
        day = found["day"]
        schedule, first = (f"{day}{year}" if day.endswith(".") else day), found["rest"]
    return ActionDraft(
        place=item.place,
        bullets=(first, *item.texts[1:]),
        domain=item.domain,
        schedule=schedule,
        yearly=sure_schedule(schedule) is None,
        responsible=item.fields.get("responsible", ""),
        partners=item.fields.get("partners", ""),
        indicator=item.fields.get("indicator", ""),
    )


def _with_lead(draft: ActionDraft, names: Callable[[str], bool]) -> ActionDraft:
    """Return a draft with the party that stands behind what is to be done, in brackets or behind a dash."""
    first, *more = draft.bullets
    found = _BRACKET.match(first) or _DASHED.match(first)
    if draft.responsible or found is None:
        return draft
    label = _LABEL.match(found["rest"])
    rest = label["value"] if label and role_of(label["label"]) == "responsible" else found["rest"]
    if rest == found["rest"] and not (names(rest) and (_BRACKET.match(first) or capitalised(rest))):
        return draft
    return replace(draft, bullets=(squeeze(found["action"]), *more), responsible=squeeze(rest))
