"""A programme from its YAML file (format ``action-programme/1``), strictly.

Everything wrong is gathered in one pass, each with line and path, and nothing is taken if anything is wrong.
Texts stay as worded: reading their meaning is left to ``schedule_rules``. Exactly the languages that
``programme.languages`` lists are required of every text (all three where it lists none); a text in another
language may stand beside them. Beyond what the document prints, ``programme`` may hold ``stamp`` (the data's
own date; default: the approval), ``meetings`` (dates of the board) and ``defaults`` (``review``,
``collection_opens``, ``collection_due``, ``collection_closes`` as MM-DD).

1. ``yaml_tree`` gives plain texts, lists and dicts, and their lines.
2. The models (pydantic) hold what each place must be. What they need to know of the rest of the file, the
   languages and the keys that it defines, is looked up before.
3. Three rules between places are functions beside the models, which do not see one end of a rule where the
   other is broken.
4. All mistakes, from the top of the file to its end, become problems in our own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import islice
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, TypeVar
from unicodedata import category
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidateAs,
    ValidationError,
    ValidationInfo,
    WrapValidator,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError, PydanticKnownError, PydanticOmit

from email_templates.dates import iso_day
from reminders.errors import InputError, Problem
from reminders.intake.formats.yaml_tree import Node, Path, Tree, read_tree
from reminders.intake.messages import ImportMessage, import_error, import_message
from reminders.intake.words import FEED_NAMES, excerpt
from schedule_rules.days import MonthDay, Span
from schedule_rules.programme import (
    LANGUAGES,
    Action,
    Defaults,
    Domain,
    Goal,
    Handover,
    Organisation,
    Programme,
    Text,
    TextLang,
)
from schedule_rules.reading import READ_LANGUAGES

FORMAT = "action-programme/1"
_T = TypeVar("_T")

_HINTS = 20
_MOST_PROBLEMS = 1000
_MOST_ERRORS = 10 * _MOST_PROBLEMS  # each is counted once for every list around it


def read_programme(text: str, source: str) -> Programme:
    """Return the programme in ``text``; ``source`` is the file's name in the problems raised."""
    tree = read_tree(text, source)
    if not isinstance(tree.root, dict):
        raise import_error(source, f"line {tree.lines[()]}", "list-or-text", "format-key")
    context = _Context.of(tree)
    rules = (_repeated_keys(tree), _taken_keys(tree), _wrong_givers(tree, context))
    mistakes = [mistake for rule in rules for mistake in islice(rule, _MOST_PROBLEMS)]
    try:
        document = _Document.model_validate(tree.root, context=context)
    except ValidationError as error:
        mistakes += [_mistake(tree, details) for details in error.errors(include_url=False)]
    if not mistakes:
        return document.as_programme()
    mistakes.sort(key=lambda mistake: (mistake.line, len(mistake.path)))
    ids: dict[Path, str] = {
        ("actions", number): _word(action.get("id")) for number, action in _mappings(tree.root, "actions")
    }
    raise InputError.of([_problem(source, mistake, ids) for mistake in mistakes[:_MOST_PROBLEMS]])


# -- what the models ask about the rest of the file ----------------------------------------


@dataclass
class _Context:
    """``languages``: those that every text must have; ``known``: what may be named, by part of the file."""

    languages: tuple[TextLang, ...]
    known: dict[str, Collection[str]]
    hints: int = _HINTS
    errors: int = 0

    @classmethod
    def of(cls, tree: Tree) -> _Context:
        """Look through the tree; mistakes in what is found here are noted by the models."""
        head = tree.root.get("programme") if isinstance(tree.root, dict) else None
        stated = head.get("languages") if isinstance(head, dict) else None
        languages = _in_order([_word(item) for item in stated] if isinstance(stated, list) else [])
        known: dict[str, Collection[str]] = {"format": [FORMAT], "languages": READ_LANGUAGES}
        for part in ("domains", "goals", "organisations"):
            known[part] = {_word(item.get("key")) for _, item in _mappings(tree.root, part)} - {""}
        return cls(languages, known)


def _mappings(node: Node, part: str) -> Iterator[tuple[int, dict[str, Node]]]:
    """Yield the mappings in the list ``part`` of ``node`` with their numbers; none where it is no list."""
    items = node.get(part) if isinstance(node, dict) else None
    for number, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield number, item


def _word(node: Node | None) -> str:
    return node.strip() if isinstance(node, str) else ""


def _in_order(languages: Collection[str]) -> tuple[TextLang, ...]:
    return tuple(lang for lang in READ_LANGUAGES if lang in languages) or LANGUAGES


# -- values ----------------------------------------------------------------------------------


def _error(found: str, expected: ImportMessage) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{expected}", {"found": found, "expected": expected})


def _printable(text: str) -> str:
    if any(category(char) == "Cc" and char not in "\n\t" for char in text):
        raise _error(import_message("control-character"), import_message("no-control-character"))
    return text


_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_printable)]


def _of_form(pattern: str, read: Callable[[str], object], expected: ImportMessage) -> ValidateAs:
    """Return the reader of words of one form; it refuses also what ``read`` cannot take."""

    def check(words: str) -> object:
        with suppress(ValueError, KeyError, OSError):
            if re.fullmatch(pattern, words, re.ASCII):
                return read(words)
        raise _error(_quoted(words), expected)

    return ValidateAs(_Words, check)


def _one_of(part: str, expected: ImportMessage) -> AfterValidator:
    """Return the check that a word is known in ``part``; a mistake names the known word most like it."""

    def check(word: str, info: ValidationInfo[_Context]) -> str:
        known = info.context.known[part]
        if word in known:
            return word
        # Comparing costs: a file full of mistakes gets no hints after the first few.
        near = get_close_matches(word, known, n=1) if len(known) > 1 and info.context.hints > 0 else []
        info.context.hints -= 1
        perhaps = import_message("perhaps", expected=expected, near=near[0]) if near else expected
        raise _error(_quoted(word), perhaps)

    return AfterValidator(check)


def _at_least(expected: ImportMessage) -> BeforeValidator:
    def check(items: object) -> object:
        if items == []:
            raise _error(import_message("empty-list"), expected)
        return items

    return BeforeValidator(check)


def _unless_too_many(item: object, read: Callable[[object], _T], info: ValidationInfo[_Context]) -> _T:
    """Read an item of a list; leave it out when errors abound: all of them would fill the memory."""
    if info.context.errors > _MOST_ERRORS:
        raise PydanticOmit
    try:
        return read(item)
    except ValidationError as error:
        info.context.errors += error.error_count()
        raise


_Many = tuple[Annotated[_T, WrapValidator(_unless_too_many)], ...]


def _known_day(words: str) -> date:
    day = iso_day(words)
    if day is None:
        raise ValueError(words)
    return day


def _day_of_year(words: str) -> MonthDay:
    day = date.fromisoformat(f"2023-{words}")  # a common year: the day exists in every one
    return MonthDay(day.month, day.day)


_Key = Annotated[str, _of_form("[a-z0-9]+(-[a-z0-9]+)*", str, import_message("a-key", characters="a-z, 0-9"))]
_Zone = Annotated[str, _of_form(".+", lambda words: ZoneInfo(words).key, import_message("a-time-zone"))]
_Date = Annotated[
    date, _of_form(r"\d{4}-\d\d-\d\d", _known_day, import_message("a-date", example="2023-12-31"))
]
_DayOfYear = Annotated[
    MonthDay, _of_form(r"\d\d-\d\d", _day_of_year, import_message("a-month-day", example="10-31"))
]
_Lang = Annotated[_Words, _one_of("languages", import_message("a-language", codes=", ".join(READ_LANGUAGES)))]
_Party = Annotated[_Words, _one_of("organisations", import_message("organisation-key"))]
_distinct = AfterValidator(lambda keys: tuple(dict.fromkeys(keys)))


# -- mappings --------------------------------------------------------------------------------


class _Part(BaseModel):
    """A mapping with the keys of its fields and no others; a key without a value is as if absent."""

    model_config = ConfigDict(extra="forbid", defer_build=True)  # many commands read no file
    every_language: ClassVar[bool] = False

    @model_validator(mode="before")
    @classmethod
    def _present(cls, node: Any, info: ValidationInfo[_Context]) -> Any:  # noqa: ANN401 - whatever was found
        """Leave out what is empty; an unknown key gets, as its value, the words that tell which are known."""
        if not isinstance(node, dict):
            return node
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        required = [key for key, field in fields.items() if field.is_required()]
        stated = info.context.languages if cls.every_language else ()
        known = import_message("known-keys", keys=", ".join(dict.fromkeys([*required, *stated, *fields])))
        present = {key: node[key] for key in fields if node.get(key, "") != ""}
        unknown = (key for key in node if key not in fields)
        return present | dict.fromkeys(islice(unknown, _MOST_PROBLEMS), known)


class _SomeLanguages(_Part, Generic[_T]):
    fi: _T | None = Field(None, validate_default=True)
    sv: _T | None = Field(None, validate_default=True)
    en: _T | None = Field(None, validate_default=True)
    # the languages that have a vocabulary and no readers
    for one in READ_LANGUAGES[len(LANGUAGES) :]:
        __annotations__[one] = "_T | None"
        locals()[one] = Field(None, validate_default=True)
        del one

    @field_validator(*READ_LANGUAGES)
    @classmethod
    def _required(cls, value: _T | None, info: ValidationInfo[_Context]) -> _T | None:
        if value is None and cls.every_language and info.field_name in info.context.languages:
            raise PydanticKnownError("missing")
        return value

    def by_language(self) -> dict[TextLang, _T]:
        return {lang: value for lang in READ_LANGUAGES if (value := getattr(self, lang)) is not None}


class _EveryLanguage(_SomeLanguages[_T], Generic[_T]):
    every_language = True


def _text(part: _SomeLanguages[str]) -> Text:
    return Text(**part.by_language())


_Text = Annotated[Text, ValidateAs(_EveryLanguage[_Words], _text)]
_Lists = dict[TextLang, tuple[str, ...]]
_Aliases = _SomeLanguages[_Many[_Words]]
_Bullets = _EveryLanguage[Annotated[_Many[_Words], _at_least(import_message("some-text"))]]


class _Period(_Part):
    start: _Date
    end: _Date

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: date, info: ValidationInfo) -> date:
        first = info.data.get("start", end)
        if end < first:
            raise _error(str(end), import_message("after-start", first=first))
        return end


class _Approval(_Part):
    date: _Date
    by: _Words = ""


class _Defaults(_Part):
    review: _DayOfYear = Defaults().review
    collection_opens: _DayOfYear = Defaults().collection_opens
    collection_due: _DayOfYear = Defaults().collection_due
    collection_closes: _DayOfYear = Defaults().collection_closes


class _Head(_Part):
    key: _Key
    name: _Text
    period: Annotated[Span, ValidateAs(_Period, lambda part: Span(part.start, part.end))]
    timezone: _Zone = "Europe/Helsinki"
    languages: Annotated[_Many[_Lang], AfterValidator(_in_order)] = LANGUAGES
    approved: _Approval | None = None
    web: Annotated[Text, ValidateAs(_SomeLanguages[_Words], _text)] = Text()
    short_name: Annotated[Text, ValidateAs(_SomeLanguages[_Words], _text)] = Text()
    monitored_by: _Party = ""
    stamp: _Date | None = None
    meetings: Annotated[_Many[_Date], AfterValidator(lambda days: tuple(sorted(set(days))))] = ()
    defaults: Annotated[Defaults, ValidateAs(_Defaults, lambda part: Defaults(**dict(part)))] = Defaults()


class _Domain(_EveryLanguage[_Words]):
    key: _Key


class _Goal(_EveryLanguage[_Words]):
    key: _Key
    domain: Annotated[_Words, _one_of("domains", import_message("domain-key"))]


class _Organisation(_Part):
    key: _Key
    type: _Words
    name: _Text
    aliases: Annotated[_Lists, ValidateAs(_Aliases, _Aliases.by_language)] = {}


class _Handover(_Part):
    giver: _Party = Field(alias="from")
    taker: _Party = Field(alias="to")
    effective_from: _Date
    source: _Text
    trigger: Any = None

    def as_handover(self) -> Handover:
        return Handover(self.giver, self.taker, self.effective_from, self.source)


_Move = Annotated[Handover, ValidateAs(_Handover, _Handover.as_handover)]


class _Action(_Part):
    id: _Key
    goal: Annotated[_Words, _one_of("goals", import_message("goal-key"))]
    bullets: Annotated[_Lists, ValidateAs(_Bullets, _Bullets.by_language)] = Field(alias="action")
    responsible: _Text
    leads: Annotated[_Many[_Party], _at_least(import_message("an-organisation")), _distinct]
    schedule: _Text = Text()
    partners: Annotated[_Many[_Party], _distinct] = ()
    handovers: _Many[_Move] = Field((), alias="handover")
    indicator: _Text = Text()


class _Document(_Part):
    format: Annotated[_Words, _one_of("format", import_message("format-tag", tag=FORMAT))]
    programme: _Head
    domains: Annotated[_Many[_Domain], _at_least(import_message("a-domain"))]
    goals: Annotated[_Many[_Goal], _at_least(import_message("a-goal"))]
    organisations: Annotated[_Many[_Organisation], _at_least(import_message("an-organisation"))]
    actions: Annotated[_Many[_Action], _at_least(import_message("an-action"))]

    def as_programme(self) -> Programme:
        head = dict(self.programme)
        approved = head.pop("approved")
        head["stamp"] = head["stamp"] or (approved.date if approved else head["period"].first)
        return Programme(
            **head,
            approved_on=approved.date if approved else None,
            approved_by=approved.by if approved else "",
            domains=tuple(Domain(part.key, _text(part)) for part in self.domains),
            goals=tuple(Goal(part.key, part.domain, _text(part)) for part in self.goals),
            organisations=tuple(Organisation(**dict(part)) for part in self.organisations),
            actions=tuple(Action(**dict(part)) for part in self.actions),
        )


# -- rules between places ----------------------------------------------------------------------


class _Mistake(NamedTuple):
    line: int
    path: Path
    found: str
    expected: str


def _repeated_keys(tree: Tree) -> Iterator[_Mistake]:
    for path, line in tree.repeated:
        again = import_message("key-again", key=excerpt(str(path[-1])))
        yield _Mistake(line, path[:-1], again, import_message("key-once"))


def _taken_keys(tree: Tree) -> Iterator[_Mistake]:
    """Find keys that are in use already; domains and organisations share the names of the calendar feeds."""
    feeds = dict.fromkeys(FEED_NAMES, import_message("by-feed"))
    for part, name, user, taken in (
        ("domains", "key", import_message("by-domain"), feeds),
        ("goals", "key", import_message("by-goal"), {}),
        ("organisations", "key", import_message("by-organisation"), feeds),
        ("actions", "id", import_message("by-action"), {}),
    ):
        for number, item in _mappings(tree.root, part):
            path, key = (part, number, name), _word(item.get(name))
            if key in taken:
                free = import_message("free-key", user=taken[key])
                yield _Mistake(tree.lines[path], path, _quoted(key), free)
            elif key:
                taken[key] = import_message("in-line", user=user, line=tree.lines[path])


def _wrong_givers(tree: Tree, context: _Context) -> Iterator[_Mistake]:
    """Find hand-overs from an organisation that neither leads the action nor took it over before."""
    for number, action in _mappings(tree.root, "actions"):
        leads = action.get("leads")
        givers = {_word(lead) for lead in leads} if isinstance(leads, list) else set()
        for turn, handover in _mappings(action, "handover"):
            giver = _word(handover.get("from"))
            if giver in context.known["organisations"] and giver not in givers:
                path = ("actions", number, "handover", turn, "from")
                yield _Mistake(tree.lines[path], path, _quoted(giver), import_message("a-lead"))
            givers.add(_word(handover.get("to")))


# -- mistakes in our words ---------------------------------------------------------------------

_EXPECTED = {
    "string_type": import_message("a-text"),
    "string_too_short": import_message("a-text"),
    "tuple_type": import_message("list"),
    "model_type": import_message("mapping"),
}


def _mistake(tree: Tree, error: ErrorDetails) -> _Mistake:
    path, kind, given = error["loc"], error["type"], error["input"]
    last = str(path[-1])
    if kind == "missing":
        line = tree.key_lines.get(path, tree.lines[path[:-1]])
        expected = import_message(f"text-in-{last}" if last in LANGUAGES else "a-value")
        return _Mistake(line, path, import_message("nothing"), expected)
    if kind == "extra_forbidden":  # what is known stands in the place of the value
        unknown = import_message("unknown-key", key=excerpt(last))
        return _Mistake(tree.key_lines[path], path[:-1], unknown, given)
    if kind == "wrong":
        return _Mistake(tree.lines[path], path, error["ctx"]["found"], error["ctx"]["expected"])
    if isinstance(given, str):
        found = _quoted(given) if given.strip() else import_message("nothing")
    else:
        found = import_message("mapping" if isinstance(given, dict) else "list")
    return _Mistake(tree.lines[path], path, found, _EXPECTED[kind])


def _problem(source: str, mistake: _Mistake, ids: dict[Path, str]) -> Problem:
    """Return the problem with its place, such as ``line 25, actions[0] (clinic).leads[1]``."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{excerpt(step)}" for step in mistake.path]
    if name := ids.get(mistake.path[:2]):
        steps.insert(2, f" ({excerpt(name)})")
    path = "".join(steps).removeprefix(".")
    place = f"line {mistake.line}, {path}" if path else f"line {mistake.line}"
    return Problem(source, place, mistake.found, mistake.expected)


def _quoted(text: str) -> ImportMessage:
    return import_message("quoted", value=excerpt(text))
