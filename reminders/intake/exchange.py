"""What is told to the process that reads files, and what it answers: JSON, checked on both sides.

Whatever that process sends, nothing is run and nothing of another type is made of it: the adapters know the
values that a reading has, and refuse the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from reminders.errors import InputError, NotFoundError, Problem, RemindersError
from reminders.intake.account import TableReading
from reminders.intake.choices import DocumentChoices, ReadingChoices, RememberedChoices, UnreadDocumentError
from reminders.intake.contacts import ContactList
from reminders.intake.limits import MAX_MEMORY
from reminders.intake.messages import MESSAGES, ImportMessage, import_error
from reminders.intake.read import ProgrammeReading
from schedule_rules.programme import Organisation, Programme


@dataclass(frozen=True, slots=True)
class ProgrammeJob:
    """Files of a programme to be read, with what ``read_documents`` is told beside them.

    A path is given as its octets, one character each.
    """

    paths: tuple[str, ...]
    choices: ReadingChoices
    known: Programme | None
    year: int
    remembered: tuple[RememberedChoices, ...] = ()
    kind: Literal["programme"] = "programme"


@dataclass(frozen=True, slots=True)
class ContactsJob:
    """A contact list to be read, and the organisations that it may name.

    ``text`` holds the octets of the file, one character each.
    """

    text: str
    source: str
    organisations: dict[str, Organisation]
    kind: Literal["contacts"] = "contacts"


Job = ProgrammeJob | ContactsJob


@dataclass(frozen=True, slots=True)
class ProblemWords:
    """The words of a problem: the text, or the code and the values of a message."""

    text: str
    code: str = ""
    values: dict[str, str | int | ProblemWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One problem in a file, as ``Problem`` holds it."""

    file: str
    place: str
    found: ProblemWords
    expected: ProblemWords


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """What the process says: a step on the way, else the end, of which one thing is given.

    ``failure`` is why it could not read, where it cannot say what is wrong in the file: ``memory``, or the
    name of an error that nobody expected. ``document`` and its ``tables`` stand beside problems where a
    person can choose how it is to be read.
    """

    step: tuple[int, int, str] | None = None
    reading: ProgrammeReading | None = None
    contacts: ContactList | None = None
    problems: tuple[Trouble, ...] = ()
    document: DocumentChoices | None = None
    tables: tuple[TableReading, ...] = ()
    missing: str = ""
    failure: str = ""


@cache
def job_adapter() -> TypeAdapter[Job]:
    """Return the adapter of jobs."""
    return TypeAdapter(Job)


@cache
def answer_adapter() -> TypeAdapter[ChildAnswer]:
    """Return the adapter of answers."""
    return TypeAdapter(ChildAnswer)


def error_answer(error: RemindersError) -> ChildAnswer:
    """Return the answer that says what is wrong."""
    if isinstance(error, UnreadDocumentError):
        problems = tuple(map(_trouble, error.problems))
        return ChildAnswer(problems=problems, document=error.document, tables=error.tables)
    if isinstance(error, InputError):
        return ChildAnswer(problems=tuple(map(_trouble, error.problems)))
    if isinstance(error, NotFoundError):
        return ChildAnswer(missing=str(error))
    return ChildAnswer(failure=type(error).__name__)


def error_of(answer: ChildAnswer, file: str) -> RemindersError | None:
    """Return the error that an answer tells of ``file``; None where it tells none."""
    if answer.problems and answer.document:
        problems = [_problem(one) for one in answer.problems]
        return UnreadDocumentError(problems, answer.tables, answer.document)
    if answer.problems:
        return InputError.of([_problem(one) for one in answer.problems])
    if answer.missing:
        return NotFoundError(answer.missing)
    if answer.failure == "memory":
        return import_error(file, "the file", "much-memory", "table-alone", mb=MAX_MEMORY // 2**20)
    if answer.failure:
        return import_error(file, "the file", "reader-failure", "table-alone", reason=answer.failure)
    return None


def _trouble(one: Problem) -> Trouble:
    return Trouble(one.file, one.place, _words(one.found), _words(one.expected))


def _words(text: str) -> ProblemWords:
    if not isinstance(text, ImportMessage):
        return ProblemWords(str(text))
    return ProblemWords(str(text), text.code, {name: _value(value) for name, value in text.values.items()})


def _value(value: object) -> str | int | ProblemWords:
    if isinstance(value, ImportMessage):
        return _words(value)
    return value if isinstance(value, int) else str(value)


def _problem(one: Trouble) -> Problem:
    return Problem(one.file, one.place, _text(one.found), _text(one.expected))


def _text(words: ProblemWords) -> str:
    """Return the words as they were; a message of an unknown code is its text alone."""
    if words.code not in MESSAGES:
        return words.text
    message = ImportMessage(words.text)
    message.code, message.values = words.code, _values(words.values)
    return message


def _values(values: Mapping[str, str | int | ProblemWords]) -> Mapping[str, Any]:
    return {name: _text(one) if isinstance(one, ProblemWords) else one for name, one in values.items()}
