"""Files of a programme, read: one programme in all their languages, a document each, and findings.

1. Each file becomes content (``formats``), content becomes drafts (``shapes``),
   drafts become actions (``interpret``).
2. Files in several languages are laid side by side (``align``).
3. The rows become one programme (``assemble``); what they disagree on, what
   was not understood and what was doubtful becomes findings.

Nothing is stored and nothing of a file is taken if it cannot be read whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

from email_templates import dates
from reminders.errors import InputError, Problem
from reminders.intake.account import Basis, FileAccount, TableReading
from reminders.intake.align import align, disagreements, repeated_rows
from reminders.intake.assemble import assemble, years_of_actions
from reminders.intake.choices import (
    NO_CHOICES,
    DocumentChoices,
    ReadingChoices,
    RememberedChoices,
    UnreadDocumentError,
    heading_key,
    known_again,
)
from reminders.intake.chosen_part import (
    check_choices,
    chosen_part,
    each_bullet,
    headings_of,
)
from reminders.intake.column_names import tables_of, with_names, with_samples
from reminders.intake.content import ActionDraft, DocumentContent, IntakeFinding, Table
from reminders.intake.document import NeutralDocument, neutral_document, printed_document
from reminders.intake.financial_years import FinancialYears
from reminders.intake.formats import NO_RESULT, is_yaml, read_content, read_programme_file
from reminders.intake.headings import column_role
from reminders.intake.interpret import ActionRow, ReadAction, findings_of, interpret, names_of
from reminders.intake.language import (
    LanguageReading,
    Sureness,
    document_language,
    language_points,
    looks_damaged,
    mend_accents,
)
from reminders.intake.messages import import_error, import_message
from reminders.intake.parties import NameDirectory, StandingNames
from reminders.intake.party_directory import PartyDirectory
from reminders.intake.reimport import same_programme
from reminders.intake.shapes import NoActionsError, Outline, explains, outline
from reminders.intake.tracing import adds_up, findings_of_account, trace
from reminders.intake.words import excerpt, file_label, plain_words, squeeze
from schedule_rules.days import Span
from schedule_rules.programme import LANGUAGES, Programme, Text, TextLang
from schedule_rules.reading import READ_LANGUAGES, normalise
from schedule_rules.schedule import Schedule

Progress = Callable[[int, int, str], None]
"""Hears what is done, of how much, and what it is."""

_STEPS = 100
_PAGES = 90
_MOST_LEFT = 10


@dataclass(frozen=True, slots=True)
class ProgrammeReading:
    """What files gave: the programme, each file's own document and account, and what needs a person's eye."""

    programme: Programme
    documents: tuple[NeutralDocument, ...]
    findings: tuple[IntakeFinding, ...]
    accounts: tuple[FileAccount, ...] = ()
    choices: tuple[DocumentChoices, ...] = ()
    """What each file was read with; none of YAML."""


@dataclass(frozen=True, slots=True)
class _Version:
    file: str
    lang: TextLang
    name: str
    period: Span | None
    actions: tuple[ReadAction, ...]
    findings: tuple[IntakeFinding, ...]

    @property
    def shown_name(self) -> str:
        """The title of the file, else what the file is called."""
        return self.name or Path(self.file).stem


def read_documents(
    paths: Sequence[Path],
    *,
    choices: ReadingChoices = NO_CHOICES,
    remembered: Sequence[RememberedChoices] = (),
    known: Programme | None = None,
    progress: Progress | None = None,
    year: int = 2000,
) -> ProgrammeReading:
    """Return what ``paths`` say: language versions of one programme, or one file.

    ``choices`` say how they are to be read; of several files they give columns and the unit alone. Where
    nothing is chosen, what was ``remembered`` for a document of the same headings holds. ``known`` is a
    programme that is there already, whose keys stay; ``year`` the current one, the period of a programme that
    names no year.
    """
    if not paths:
        raise import_error("import", "the command", "no-file", "file-to-read")
    total = len(paths) * _STEPS
    versions: list[_Version] = []
    accounts: list[FileAccount] = []
    read_with: list[DocumentChoices] = []
    if len(paths) > 1:
        choices = ReadingChoices(columns=choices.columns, unit=choices.unit)

    def report(done: int, file: str) -> None:
        if progress:
            progress(done, total, file)

    for at, path in enumerate(paths):
        done = at * _STEPS

        def report_page(page: int, pages: int, file: str, done: int = done) -> None:
            report(done + _PAGES * page // pages, file)

        report(done, file_label(path.name))
        if is_yaml(path):
            # YAML holds all languages of a programme and is read strictly.
            if len(paths) > 1:
                raise import_error(file_label(path.name), "the file", "beside-yaml", "yaml-alone")
            if replace(choices, lang=None):
                raise import_error(file_label(path.name), "the file", "choices-of-yaml", "yaml-as-it-is")
            programme = read_programme_file(path)
            langs = programme.languages
            documents = tuple(NeutralDocument(one, neutral_document(programme, one)) for one in langs)
            return ProgrammeReading(programme, documents, ())
        content = read_content(path, report_page)
        document = _choices(content, choices, remembered)
        own, account = _versions(content, document, known)
        versions += own
        read_with.append(document)
        accounts.append(account)
        report(done + _STEPS - 1, file_label(path.name))
    reading = replace(
        _one_programme(versions, known, year), accounts=tuple(accounts), choices=tuple(read_with)
    )
    report(total, "")
    return reading


def _choices(
    content: DocumentContent, choices: ReadingChoices, remembered: Sequence[RememberedChoices]
) -> DocumentChoices:
    """Return what a document is read with: what was chosen, over what is remembered for its headings.

    ``InputError`` for what it does not have.
    """
    keys = tuple(heading_key(text) for text in headings_of(content, choices))
    tables = tuple(
        TableReading(one.rows[0].place, one.rows[-1].place, len(one.rows), 0, one.name)
        if one.rows
        else TableReading("", "", 0, 0)
        for one in content.tables
    )
    document = DocumentChoices(content.file, keys, choices, tables=tables)
    try:
        check_choices(content, choices)
    except InputError as error:
        raise UnreadDocumentError(error.problems, tables_of(content, choices), document) from None
    before = known_again(keys, remembered)
    if before is None:
        return document
    earlier = before.choices
    if earlier.table is not None and earlier.table > len(content.tables):
        earlier = replace(earlier, table=None)
    used = choices.over(earlier)
    return replace(document, choices=used, chosen_on=before.chosen_on if used == earlier else None)


def _outline(content: DocumentContent, document: DocumentChoices, known: Programme | None) -> Outline:
    """Return the drafts of a document as chosen; ``UnreadDocumentError`` where it cannot be read so."""
    choices = document.choices
    names = (
        {plain_words(one) for each in known.organisations for one in each.name.as_dict().values()}
        if known
        else ()
    )
    part = chosen_part(content, choices)
    named, assumed = with_names(part, choices, names)
    try:
        found = outline(named, part)
    except InputError as error:
        problems = [*error.problems, *_foreign(content, choices.lang)]
        if isinstance(error, NoActionsError):
            problems += _may_be_actions(part)
        raise UnreadDocumentError(problems, tables_of(content, choices), document) from None
    drafts = each_bullet(found.drafts) if choices.unit == "bullet" else found.drafts
    return replace(found, drafts=drafts, findings=(*assumed, *found.findings))


def _versions(
    content: DocumentContent, document: DocumentChoices, known: Programme | None
) -> tuple[list[_Version], FileAccount]:
    """Return what a file says and what became of it: one version, or one a language.

    There are several where its sheets or rows repeat the programme in another language.
    """
    found, lang = _outline(content, document, known), document.choices.lang
    content = chosen_part(content, document.choices)
    _refuse_formulas(found.drafts, content)
    parts = _by_language(found.drafts) if lang is None else {}
    if len(parts) < 2:
        language = LanguageReading(lang, "sure") if lang else document_language(content, found.drafts)
        found = replace(found, findings=(*_of_language(language, content.file), *found.findings))
        parts = {language.lang: found.drafts}
    else:
        language = LanguageReading(next(iter(parts)), "sure")
    sureness = "chosen" if lang else language.sureness
    account = _account(content, found, document.choices, tuple(parts), sureness)
    told = findings_of_account(content.file, account.entries, account.tables, found.findings)
    noticed = [*content.findings, *found.findings, *told]
    if not adds_up(content, account.entries):
        noticed.append(IntakeFinding("account-wrong", content.file, "the file"))
    versions = [_version(found, drafts, content, one, known) for one, drafts in parts.items()]
    versions[0] = replace(versions[0], findings=(*noticed, *versions[0].findings))
    return versions, _with_schedules(account, versions)


def _account(
    content: DocumentContent,
    found: Outline,
    choices: ReadingChoices,
    langs: tuple[TextLang, ...],
    sureness: Sureness | Literal["chosen"],
) -> FileAccount:
    """Return the account of a file, with what is known of it as a whole and how."""
    entries, tables = trace(content, found, choices)
    words = " ".join(column.heading for table in tables for column in table.columns if column.role)
    headings = language_points(words)
    basis: Basis = "chosen" if sureness == "chosen" else "content" if sureness == "likely" else "assumed"
    if sureness == "sure":
        others = max(points for lang, points in headings.items() if lang not in langs)
        basis = "headings" if max(headings[lang] for lang in langs) > others else "content"
    name, period = found.programme_name(""), found.period
    return FileAccount(
        file=content.file,
        languages=langs,
        language_basis=basis,
        name=name or Path(content.file).stem,
        name_basis="title" if name else "file-name",
        period=period,
        period_basis="title" if period else "assumed",
        tables=with_samples(tables, content, choices),
        entries=entries,
    )


def _with_schedules(account: FileAccount, versions: Sequence[_Version]) -> FileAccount:
    """Return an account with how many schedules are read in the file's language, and the years they cover."""
    printed = [
        (action, squeeze(action.draft.schedule), version.lang)
        for version in versions
        for action in version.actions
        if action.draft.schedule.strip()
    ]
    agreeing = sum(
        (action.schedule is not None or action.yearly_day) and isinstance(normalise(text, lang), Schedule)
        for action, text, lang in printed
    )
    period, basis = account.period, account.period_basis
    if period is None:
        rows = [ActionRow({version.lang: action}) for version in versions for action in version.actions]
        period = years_of_actions(rows)
        basis = "schedules" if period else "assumed"
    return replace(account, schedules=len(printed), agreeing=agreeing, period=period, period_basis=basis)


def _foreign(content: DocumentContent, lang: TextLang | None) -> Iterator[Problem]:
    """Yield that a document without actions is in a language that is not read here: that may be why."""
    foreign = "" if lang else document_language(content).foreign
    if foreign:
        expected = import_message("language-said")
        yield Problem(content.file, "the file", import_message("foreign", language=foreign), expected)


def _may_be_actions(content: DocumentContent) -> Iterator[Problem]:
    """Yield the rows and lines of a document without actions that may be some: the first by their words."""
    blocks = tuple(one for one in content.blocks if not (isinstance(one, Table) and explains(one)))
    entries, _ = trace(replace(content, blocks=blocks), Outline(()))
    left = [one for one in entries if one.became == "left-over" and one.kind != "cell"]
    # A row that names columns is none; it stands before those that may be actions.
    left = [one for at, one in enumerate(left) if at >= _MOST_LEFT or not _names_columns(one.text)]
    expected = import_message("whole-action")
    for entry in left[:_MOST_LEFT]:
        found = import_message("may-be-action", words=excerpt(entry.text))
        yield Problem(content.file, entry.place, found, expected)
    if len(left) > _MOST_LEFT:
        count = import_message("more-may-be", count=len(left) - _MOST_LEFT)
        yield Problem(content.file, "the file", count, expected)


def _names_columns(row: str) -> bool:
    return all(map(column_role, row.split(" | ")))


def _of_language(language: LanguageReading, file: str) -> Iterator[IntakeFinding]:
    """Yield that a file is in a language that is not read here, or that hardly a word of it tells its own."""
    if language.foreign:
        yield IntakeFinding("language-not-read", file, "the file", language.foreign, language.lang)
    elif language.sureness == "assumed":
        yield IntakeFinding("language-assumed", file, "the file", "", language.lang)


def _version(
    found: Outline,
    drafts: tuple[ActionDraft, ...],
    content: DocumentContent,
    lang: TextLang,
    known: Programme | None,
) -> _Version:
    """Return the version that ``drafts`` make; a name met alone in one row is not cut in another.

    Names of the programme that is there already keep their own whole and tell two of them apart. Where they
    would cut a name that the file alone reads as one, and what is left is nobody's name, the file holds: the
    same file reads the same whatever is stored. It is asked whether that is one unit or two.
    """
    if lang == "sv" and looks_damaged(" ".join(map(_words, drafts))):
        drafts = tuple(_changed(draft, mend_accents) for draft in drafts)
    if content.days:
        drafts = tuple(_changed(draft, partial(_in_words, days=content.days, lang=lang)) for draft in drafts)
    if lang == "en":
        years = FinancialYears(content)
        drafts = tuple(replace(draft, schedule=years.in_words(draft.schedule)) for draft in drafts)
    stored = NameDirectory(known.organisations).plain_names(lang) if known else frozenset[str]()
    cells = (cell for draft in drafts for cell in (draft.responsible, draft.partners))
    headings = (text for draft in drafts for text in (draft.domain, draft.goal))
    standing = StandingNames.of(cells, dict.fromkeys(headings), lang)
    actions, unclear = list[ReadAction](), list[IntakeFinding]()
    for draft in drafts:
        alone, action = (
            interpret(
                draft, lang, *(standing.beside(cell, names) for cell in (draft.responsible, draft.partners))
            )
            for names in (frozenset[str](), stored)
        )
        if names_of([action]) - names_of([alone]) - stored:
            read_as = "; ".join((*action.parties.leads, *action.parties.partners))
            action = alone
            unclear.append(
                IntakeFinding("one-or-two-units", content.file, draft.place, draft.responsible, read_as)
            )
        actions.append(action)
        unclear += findings_of(action, content.file)
    return _Version(
        file=content.file,
        lang=lang,
        name=found.programme_name(""),
        period=found.period,
        actions=tuple(actions),
        findings=tuple(unclear),
    )


def _words(draft: ActionDraft) -> str:
    return " ".join((*draft.bullets, draft.responsible, draft.indicator, draft.goal))


def _by_language(drafts: Sequence[ActionDraft]) -> dict[TextLang, tuple[ActionDraft, ...]]:
    """Return the drafts by language where a document has as many rows in each of several, in turn."""
    groups: dict[TextLang, list[ActionDraft]] = {}
    for draft in drafts:
        points = language_points(_words(draft))
        groups.setdefault(max(READ_LANGUAGES, key=lambda one: points[one]), []).append(draft)
    sizes = {len(group) for group in groups.values()}
    if len(groups) < 2 or len(sizes) != 1 or min(sizes) < 2:
        return {}
    places = [{draft.place.split(",")[0] for draft in group} for group in groups.values()]
    apart = sum(map(len, places)) == len(set().union(*places))
    in_sheets = all(place.startswith(("sheet", "table")) for some in places for place in some)
    return {one: tuple(group) for one, group in groups.items()} if apart and in_sheets else {}


_TEXTS = ("domain", "goal", "schedule", "responsible", "partners", "indicator")


def _changed(draft: ActionDraft, change: Callable[[str], str]) -> ActionDraft:
    """Return a draft with each of its texts changed."""
    texts: dict[str, Any] = {name: change(getattr(draft, name)) for name in _TEXTS}
    return replace(draft, bullets=tuple(map(change, draft.bullets)), **texts)


def _in_words(text: str, days: Collection[str], lang: TextLang) -> str:
    """Return a text with the days of date cells as people write them: 31.3.2026, 31 March 2026."""
    for day in days:
        if day in text:
            text = text.replace(day, _day_in_words(date.fromisoformat(day), lang))
    return text


def _day_in_words(day: date, lang: TextLang) -> str:
    """Return a day as people write it in a language, in digits where nobody is written to in it."""
    reader = next((one for one in LANGUAGES if one == lang), None)
    if reader is None:
        return f"{day.day}.{day.month}.{day.year}"
    return dates.span(day, day, reader).replace("\N{NO-BREAK SPACE}", " ")


def _refuse_formulas(drafts: Sequence[ActionDraft], content: DocumentContent) -> None:
    """Raise ``InputError`` where a formula without a saved result would be the words of an action."""
    printed = [squeeze(getattr(draft, name)) for draft in drafts for name in _TEXTS]
    printed += [squeeze(bullet) for draft in drafts for bullet in draft.bullets]
    problems = [
        Problem(
            content.file,
            one.place,
            import_message("formula", formula=one.words),
            import_message("formula-result"),
        )
        for one in content.findings
        if one.code == NO_RESULT and any(squeeze(one.words) in text for text in printed)
    ]
    if problems:
        raise InputError.of(problems)


def _one_programme(versions: Sequence[_Version], known: Programme | None, year: int) -> ProgrammeReading:
    by_lang: dict[TextLang, _Version] = {}
    for version in versions:
        before = by_lang.setdefault(version.lang, version)
        if before is not version:
            again = {"lang": version.lang, "file": before.file}
            raise import_error(version.file, "the file", "language-again", "language-once", **again)
    actions = {lang: version.actions for lang, version in by_lang.items()}
    files = {lang: version.file for lang, version in by_lang.items()}
    rows = align(actions)
    stored, known = known, same_programme(known, [row.bullets for row in rows])
    parties = PartyDirectory(rows, known.organisations if known else (), files)
    # A file without a title leaves the name; of a new programme it is the file's.
    name = Text(**{lang: version.name for lang, version in by_lang.items() if version.name})
    name = name or (stored.name if stored else Text(**{one.lang: one.shown_name for one in versions}))
    period = next((version.period for version in versions if version.period), None) or years_of_actions(rows)
    assumed = Span(date(year, 1, 1), date(year, 12, 31))
    programme = assemble(rows, name, period, parties, known, langs=tuple(by_lang), assumed=assumed)
    findings = [
        *(finding for version in versions for finding in version.findings),
        *parties.findings,
        *repeated_rows(actions, rows, files),
        *disagreements(rows, parties, files),
    ]
    if not (known or period):
        first = versions[0]
        findings.insert(0, IntakeFinding("no-period", first.file, "the file", first.shown_name, str(year)))
    documents = tuple(
        printed_document(one.lang, one.shown_name, one.period, one.actions, one.findings) for one in versions
    )
    return ProgrammeReading(programme, documents, tuple(findings))
