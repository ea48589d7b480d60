"""Lists that name their fields: headings or items, and under them "Schedule: 2024", "Responsible: …".

Also items that end with their schedule and party in brackets or behind dashes ("Train the staff (2024, HR
unit)"), or that say them in sentences of their own ("Train the staff. Responsible: HR unit. By June 2026.").
An item that others are indented under stands over them. Among such items one may name its party alone; a list
all of whose items name no schedule is one of actions where most name who is responsible.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace

from reminders.intake.content import ActionDraft, Block, Heading, TextLine
from reminders.intake.headings import Role, role_of
from reminders.intake.language import likely_language
from reminders.intake.parties import looks_like_parties
from reminders.intake.shapes.cards import describes
from reminders.intake.shapes.in_sentences import schedule_in
from reminders.intake.shapes.schedule_words import is_schedule
from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, without_bullet
from schedule_rules.programme import TextLang

_LABEL = re.compile(r"^(?P<label>[^:(]{2,50}?)\s*:\s*(?P<value>.*)$")
_LABELS = re.compile(r"(?:^|(?<=[.;,|])\s+)([^\W\d_][^:.;(]{2,40}?)\s*:\s+")
_NUMBER = re.compile(
    r"^(?:\(?(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]|(?P<sub>\d{1,2}(?:\.\d{1,2})+)|[a-zA-Z]\))\s+"
)
_NUMBERED_NAME = re.compile(
    r"^(?P<role>[^\W\d_]+)\s+(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4})\s*(?:[.:–—-]\s*|\s)(?P<name>\S.*)$"
)
_BRACKET = re.compile(r"^(?P<action>.{8,}?)(?:(?<!\s)\s+)?[(\[](?P<rest>[^()\[\]]*)[)\]]\.?$")
_PARTED = re.compile(r"(?<!\s)\s+[–—|]\s+|(?:(?<!\s)\s+)?;\s+")
_REMARK = re.compile(
    r"(?:esim|esimerkiksi|mm|muun muassa|ml|mukaan lukien|sis|ks|katso|t ex|till exempel|bl a|bland annat"
    r"|inkl|inklusive|se|e g|for example|eg|including|incl|see|such as|f eks|for eksempel|blant annet)\b"
)
_BREAK = re.compile(r"[.;,]\s")
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=\S)")
_ANSWERS = re.compile(
    r"^(?P<en>.+?) (?:is|are) responsible$|^(?P<fi>.+?) (?:vastaa|vastaavat)$"
    r"|^(?P<sv>.+?) (?:ansvarar|är ansvarig\w*)$"
    r"|^(?:ansvarig är|vastuussa on|responsible is|vastaa) (?P<before>.+)$",
    re.IGNORECASE,
)
_FIELDS: tuple[Role, ...] = ("schedule", "start", "end", "responsible", "partners", "indicator")

_LONGEST_LABEL = 3
_LEAST_CARDS = 2
_LEAST_ITEMS = 3
_MOST_ITEMS = 2_000
_LEAST_SHARE = 0.6
_OPENING = 20_000

_Fields = list[tuple[Role, str]]


@dataclass(slots=True)
class _Item:
    place: str
    action: list[str]
    domain: str
    goal: str
    fields: dict[Role, list[str]] = field(default_factory=dict)
    heading: str = ""

    def draft(self) -> ActionDraft:
        texts = {role: "\n".join(values) for role, values in self.fields.items()}
        start, end = texts.get("start", ""), texts.get("end", "")
        return ActionDraft(
            place=self.place,
            bullets=tuple(self.action),
            domain=self.domain,
            goal=self.goal,
            schedule=texts.get("schedule") or (f"{start}–{end}" if start and end else start or end),
            responsible=texts.get("responsible", ""),
            partners=texts.get("partners", ""),
            indicator=texts.get("indicator", ""),
        )


def read_labelled(blocks: Sequence[Block]) -> tuple[ActionDraft, ...]:
    """Return the actions of a list that names their fields, or none.

    Where several items name who and when, another one may name who alone, in the same way.
    """
    items = list(_Gatherer(blocks).items())
    leads = {plain_words(text) for item in items for text in item.fields.get("responsible", ())}
    whole = sum("schedule" in item.fields and "responsible" in item.fields for item in items)
    if whole >= _LEAST_ITEMS:
        items = list(_Gatherer(blocks, _Bodies(_language(blocks), leads)).items())
    drafts = [item.draft() for item in _named_by_headings(items)]
    if not any(draft.schedule for draft in drafts):
        return ()
    return tuple(draft for draft in drafts if draft.schedule or draft.responsible)


def read_unscheduled(blocks: Sequence[Block]) -> tuple[ActionDraft, ...]:
    """Return the actions of a list that names who is responsible for most of its items and no schedules.

    What an item says of its year in its own sentence is its schedule.
    """
    items = list(_Gatherer(blocks, _Bodies(_language(blocks), frozenset())).items())
    drafts = [item.draft() for item in _named_by_headings(items)]
    answered = [draft for draft in drafts if draft.responsible and draft.bullets[0]]
    places = {draft.place for draft in answered}
    listed = sum(
        isinstance(one, TextLine) and is_bullet(one.text) and one.place not in places for one in blocks
    )
    others = max(len(drafts) - len(answered), listed)
    if not _LEAST_ITEMS <= len(answered) <= _MOST_ITEMS or len(answered) < _LEAST_SHARE * (
        len(answered) + others
    ):
        return ()
    return tuple(replace(one, schedule=one.schedule or schedule_in(one.bullets[0])) for one in answered)


def _language(blocks: Sequence[Block]) -> TextLang:
    texts = [block.text for block in blocks if isinstance(block, Heading | TextLine)]
    return likely_language(" ".join(texts[:_MOST_ITEMS])[:_OPENING])


@dataclass(frozen=True, slots=True)
class _Bodies:
    """What tells that an item without a schedule names who is responsible: the language, names known."""

    lang: TextLang
    known: Container[str]

    def names(self, text: str) -> bool:
        """Tell whether a text is the name of one or several parties."""
        if plain_words(text) in self.known:
            return True
        return not _REMARK.match(plain_words(text)) and looks_like_parties(
            text[:1].upper() + text[1:], self.lang
        )


def _named_by_headings(items: Sequence[_Item]) -> Sequence[_Item]:
    """Return cards under their own headings as named by those: what each says first is its description."""
    headings = [item.heading for item in items]
    whole = all(item.action[0].endswith(".") and not item.heading.endswith(".") for item in items)
    if len(items) < _LEAST_CARDS or not all(headings) or len(set(headings)) < len(items) or not whole:
        return items
    for item in items:
        item.action = [item.heading]
        item.domain = "" if item.domain == item.heading else item.domain
        item.goal = "" if item.goal == item.heading else item.goal
        if item.goal and not item.domain:
            item.domain, item.goal = item.goal, ""
    return items


class _Gatherer:
    """Goes through lines: titles, items and fields, each to where it belongs."""

    def __init__(self, blocks: Sequence[Block], bodies: _Bodies | None = None) -> None:
        self._blocks = blocks
        self._bodies = bodies
        # The one title of the highest level is the document's own.
        tops = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
        self._top = 1 if len(tops) == 1 else 0
        self._titles: dict[int, str] = {}
        self._named: dict[Role, str] = {}
        self._pending: tuple[str, str] = ("", "")
        self._pending_number = ""
        self._item: _Item | None = None
        self._field: list[str] | None = None
        self._heading_above = ""
        self._parents: list[tuple[int, str]] = []

    def items(self) -> Iterator[_Item]:
        """Yield every action that has fields."""
        for block in self._blocks:
            if not isinstance(block, Heading | TextLine):
                continue
            before = self._item
            if isinstance(block, Heading):
                self._heading(block)
            elif block.text.strip():
                self._line(block)
            else:
                self._field = None
            if before is not None and self._item is not before:
                yield before
        if self._item is not None:
            yield self._item

    def _heading(self, block: Heading) -> None:
        self._close()
        self._parents = []
        self._heading_above = squeeze(block.text)
        role, name = self._title_role(block.text)
        if role == "action":
            self._pending = (name, block.place)
            return
        self._titles = {level: text for level, text in self._titles.items() if level < block.level}
        if role in {"domain", "goal"}:
            self._name(role, name)
        else:
            self._titles[block.level] = name
            self._named = {}
        self._pending = (name, block.place)

    def _name(self, role: Role, name: str) -> None:
        if role == "domain":
            self._named.pop("goal", None)
        self._named[role] = name

    def _title_role(self, text: str) -> tuple[Role | None, str]:
        """Return the role that a title says ("Goal 2: …") and its name."""
        for pattern in (_LABEL, _NUMBERED_NAME):
            found = pattern.match(text)
            if found and (role := role_of(found[1])) in {"domain", "goal", "action"}:
                return role, squeeze(found[2]) or squeeze(text)
        return None, squeeze(text)

    def _close(self) -> None:
        self._item = None
        self._field = None

    def _line(self, block: TextLine) -> None:
        text = squeeze(_NUMBER.sub("", without_bullet(block.text), count=1))
        self._leave_parents(block)
        if fields := _several_fields(text):
            for field_role, part in fields:
                self._take(field_role, part)
            return
        found = _LABEL.match(text)
        if found and _BREAK.search(found["label"]) and _begins(block):
            found = None  # what is to be done stands before the label
        role = role_of(found["label"]) if found else None
        value = squeeze(found["value"]) if found else ""
        if role in {"domain", "goal"}:
            self._close()
            self._name(role, value)
        elif found and describes(found["label"]) and (self._item or self._pending[0]):
            self._describe(value, block.place)
        elif role == "action":
            self._begin(value, block.place)
        elif role in _FIELDS:
            self._take(role, value)
        elif found and self._field and (role == "other" or self._is_label(found["label"], block)):
            self._field = []  # a field that is not used: what goes on under it neither
        else:
            self._text(block, text)

    def _leave_parents(self, block: TextLine) -> None:
        """Forget the items that a line is not indented under; only items stand over others."""
        indent = len(block.text) - len(block.text.lstrip())
        self._parents = [parent for parent in self._parents if parent[0] < indent and is_bullet(block.text)]

    def _take(self, role: Role, value: str) -> None:
        """Put a field to the action at hand, else to the title or line just above."""
        if self._item is None:
            if not self._pending[0]:
                return
            name, place = self._pending
            self._titles = {level: text for level, text in self._titles.items() if text != name}
            self._begin(name, place)
        if self._item is not None:
            self._field = self._item.fields.setdefault(role, [])
            if value:
                self._field.append(value)

    def _is_label(self, label: str, block: TextLine) -> bool:
        """Tell whether words before a colon name another field of a card that has some."""
        fields = self._item.fields if self._item else {}
        short = capitalised(label) and len(label.split()) <= _LONGEST_LABEL
        return len(fields) > 1 and short and not is_bullet(block.text)

    def _describe(self, value: str, place: str) -> None:
        """Take a description as a field of the card whose heading or line stands above it."""
        if self._item is None:
            self._take("indicator", "")
        if self._item is None:
            self._begin(value, place)
        self._field = []

    def _text(self, block: TextLine, text: str) -> None:
        """Take a line without a label: an item with fields in it, more of a field, an action to come."""
        number = _NUMBER.match(block.text.strip())
        begins = _begins(block)
        item = _item_with_fields(text, self._bodies if begins else None)
        if item := item or (_item_of_sentences(text, self._bodies) if begins else None):
            self._close()
            self._begin(item[0], block.place)
            for role, value in item[1]:
                self._take(role, value)
            self._field = None
            self._pending = ("", "")
        elif self._field is not None and (not begins or not self._field):
            self._field.append(text)
        elif self._title_role(text)[0] in {"domain", "goal"} and capitalised(text):
            self._heading(Heading(7, text, block.place))
        else:
            self._close()
            digits = (number["number"] or number["sub"] or "") if number else ""
            # The line above is a title where this one is numbered under it: 2 and 2.1.
            if self._pending_number and digits.startswith(f"{self._pending_number}."):
                self._name("domain", self._pending[0])
            self._pending = (text, block.place)
            self._pending_number = digits
            if is_bullet(block.text):
                self._parents.append((len(block.text) - len(block.text.lstrip()), text))

    def _begin(self, action: str, place: str) -> None:
        names = [self._titles[level] for level in sorted(self._titles) if level > self._top]
        names += [text for _, text in self._parents if text != action]
        domain = self._named.get("domain") or next(iter(names[-2:]), "")
        goal = self._named.get("goal") or (names[-1] if len(names) > 1 and names[-1] != domain else "")
        action = _NUMBER.sub("", action, count=1)
        self._item = _Item(place, [action], domain, goal, heading=self._heading_above)
        self._pending = ("", "")
        self._field = None


def _begins(block: TextLine) -> bool:
    """Tell whether a line begins an item."""
    return is_bullet(block.text) or _NUMBER.match(block.text.strip()) is not None


def _several_fields(text: str) -> _Fields:
    """Return the fields of a line that names two or more: "Responsible: A. Schedule: 2025."."""
    known = [
        (found, role) for found in _LABELS.finditer(text) if (role := role_of(found[1])) in _FIELDS and role
    ]
    if len(known) < 2 or known[0][0].start() > 0:
        return []
    ends = [found.start() for found, _ in known[1:]] + [len(text)]
    return [
        (role, text[found.end() : end].strip(" .;")) for (found, role), end in zip(known, ends, strict=True)
    ]


def _item_with_fields(text: str, bodies: _Bodies | None) -> tuple[str, _Fields] | None:
    """Return an item whose fields stand in brackets or behind dashes, one of them a schedule.

    A field is labelled, or it is a schedule, else the responsible; with ``bodies`` these may stand alone.
    """
    if bracket := _BRACKET.match(text):
        action, parts = bracket["action"], re.split(r"(?:(?<!\s)\s+)?[,;]\s+", bracket["rest"])
    else:
        action, *parts = _PARTED.split(text)
        if parts and is_schedule(action):
            action, parts = parts[0], [*parts[1:], action]
    fields: _Fields = []
    for part in filter(None, parts):
        found = _LABEL.match(part)
        role = role_of(found["label"]) if found else None
        if found and role in _FIELDS:
            fields.append((role, squeeze(found["value"])))
        else:
            fields.append(("schedule" if is_schedule(part) else "responsible", part))
    if any(role == "schedule" for role, _ in fields):
        return squeeze(action), fields
    named = [value for role, value in fields if role == "responsible"]
    is_answered = bodies is not None and named and bodies.names(", ".join(named))
    return (squeeze(action), fields) if is_answered else None


def _item_of_sentences(text: str, bodies: _Bodies | None) -> tuple[str, _Fields] | None:
    """Return an item that says who and when in sentences or clauses of their own, one of them a schedule.

    Where none is, the schedule may stand in what is to be done: "The meeting is held in March 2026, lead: …".
    With ``bodies`` there may be none.
    """
    known = [(found, role) for found in _LABELS.finditer(text) if (role := role_of(found[1])) in _FIELDS]
    ends = [found.start() for found, _ in known[1:]] + [len(text)] * bool(known)
    action, fields = _without_sentences(text[: known[0][0].start()] if known else text)
    for (found, role), end in zip(known, ends, strict=True):
        value, more = _without_sentences(text[found.end() : end])
        fields += [(role, value), *more]
    if not any(role in {"schedule", "start", "end"} for role, _ in fields) and (when := schedule_in(action)):
        fields.append(("schedule", when))
    roles = {role for role, _ in fields}
    told = len(fields) > 1 or (roles == {"schedule"} and len(action) < len(text.rstrip(" .")))
    if action and bodies is not None and "responsible" in roles:
        return action, fields
    return (action, fields) if action and "schedule" in roles and told else None


def _without_sentences(text: str) -> tuple[str, _Fields]:
    """Return a text without its last sentences that say who or when, and these as fields."""
    sentences = [part.strip(" .;,") for part in _SENTENCE.split(text.strip())]
    fields: _Fields = []
    while len(sentences) > 1:
        answers = _ANSWERS.match(sentences[-1])
        if is_schedule(sentences[-1]):
            fields.append(("schedule", sentences.pop()))
        elif answers:
            fields.append(("responsible", next(filter(None, answers.groups()))))
            sentences.pop()
        else:
            break
    return squeeze(". ".join(sentences)), fields[::-1]
