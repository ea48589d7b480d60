"""Files of a programme, read: one programme in all their languages, a document each, and findings.

1. Each file becomes content (``xlsx_file``, ``docx_file``, …), content becomes
   drafts (``structure``), drafts become actions (``interpret``).
2. Files in several languages are laid side by side (``align``).
3. The rows become one programme (``assemble``); what they disagree on, what
   was not understood and what was doubtful becomes findings.

Nothing is stored and nothing of a file is taken if it cannot be read whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reminders.errors import InputError
from reminders.intake.align import align
from reminders.intake.assemble import ProgrammeFrame, assemble, spanned
from reminders.intake.disagreements import disagreements, repeated
from reminders.intake.document import NeutralDocument, printed_document
from reminders.intake.formats.csv_file import read_csv
from reminders.intake.formats.docx_file import read_docx
from reminders.intake.formats.files import decoded_text, kind_of, load_file
from reminders.intake.formats.pdf_file import read_pdf
from reminders.intake.formats.text_file import read_text
from reminders.intake.formats.xlsx_file import read_xlsx
from reminders.intake.formats.yaml_file import read_programme
from reminders.intake.interpret import ReadAction, findings_of, interpret, names_of
from reminders.intake.language import likely_language, looks_damaged, mend_accents, scores
from reminders.intake.messages import import_message
from reminders.intake.naming import programme_name, stated_period
from reminders.intake.parties.organisations import Directory
from reminders.intake.party_directory import PartyDirectory
from reminders.intake.reimport import KnownProgramme
from reminders.intake.shapes.outline import Outline, outline
from reminders.intake.table import ActionDraft, DocumentContent, IntakeFinding
from schedule_rules.days import Span
from schedule_rules.programme import LANGUAGES, Lang, Programme, Text

Progress = Callable[[int, int, str], None]
"""Told what is done, of how much, and what it is."""

_STEPS = 100
_PAGES = 90


@dataclass(frozen=True, slots=True)
class ProgrammeReading:
    """What files gave: the programme, each file's own document, and what needs a person's eye."""

    programme: Programme
    documents: tuple[NeutralDocument, ...]
    findings: tuple[IntakeFinding, ...]


@dataclass(frozen=True, slots=True)
class _Version:
    """One file in one language."""

    file: str
    lang: Lang
    name: str
    period: Span | None
    actions: tuple[ReadAction, ...]
    findings: tuple[IntakeFinding, ...]


def read_documents(
    paths: Sequence[Path],
    *,
    lang: Lang | None = None,
    known: Programme | None = None,
    progress: Progress | None = None,
    year: int = 2000,
) -> ProgrammeReading:
    """Return what ``paths`` say: language versions of one programme, or one file.

    ``lang`` is the language of a single file where it should not be
    recognised; ``known`` a programme that is there already, whose keys stay;
    ``year`` the current one, the period of a programme that names no year.
    """
    if not paths:
        raise InputError("import", "the command", import_message("no-file"), import_message("file-to-read"))
    tell = progress or _silent
    versions: list[_Version] = []
    for number, path in enumerate(paths):
        tell(number * _STEPS, len(paths) * _STEPS, path.name)
        if kind_of(path.name) == "yaml":
            return _from_yaml(path, paths)
        versions += _versions(path, lang if len(paths) == 1 else None, known, _part(tell, number, len(paths)))
        tell((number + 1) * _STEPS - 1, len(paths) * _STEPS, path.name)
    _refuse_twice(versions)
    reading = _joined(versions, known, year)
    tell(len(paths) * _STEPS, len(paths) * _STEPS, "")
    return reading


def _part(tell: Progress, number: int, files: int) -> Progress:
    """Return what tells the pages of one of several files."""
    return lambda page, pages, file: tell(number * _STEPS + _PAGES * page // pages, files * _STEPS, file)


def _silent(_done: int, _total: int, _what: str) -> None:
    """Tell nobody."""


def _from_yaml(path: Path, paths: Sequence[Path]) -> ProgrammeReading:
    """YAML holds all languages of a programme and is read strictly."""
    if len(paths) > 1:
        raise InputError(path.name, "the file", import_message("beside-yaml"), import_message("yaml-alone"))
    programme = read_programme(decoded_text(load_file(path), path.name), path.name)
    documents = tuple(NeutralDocument.of_programme(programme, one, path.name) for one in programme.languages)
    return ProgrammeReading(programme, documents, ())


def _refuse_twice(versions: Sequence[_Version]) -> None:
    for at, version in enumerate(versions):
        before = next((one for one in versions[:at] if one.lang == version.lang), None)
        if before is not None:
            found = import_message("language-again", lang=version.lang, file=before.file)
            raise InputError(version.file, "the file", found, import_message("language-once"))


# -- one file ------------------------------------------------------------------------


def content_of(data: bytes, file: str, progress: Progress | None = None) -> DocumentContent:
    """Return the content of a file's bytes, which have been checked."""
    kind = kind_of(file)
    if kind == "xlsx":
        return read_xlsx(data, file)
    if kind == "docx":
        return read_docx(data, file)
    if kind == "pdf":
        return read_pdf(data, file, progress)
    text = decoded_text(data, file)
    return read_csv(text, file) if kind == "csv" else read_text(text, file, markdown=kind == "markdown")


def _versions(path: Path, lang: Lang | None, known: Programme | None, progress: Progress) -> list[_Version]:
    """Return what a file says: one version, or one a language where its sheets or rows repeat it."""
    content = content_of(load_file(path), path.name, progress)
    found = outline(content)
    own = lang or likely_language(" ".join(_words(draft) for draft in found.drafts))
    parts = _by_language(found.drafts) if lang is None else {}
    if len(parts) > 1:
        return [_version(replace(found, drafts=drafts), content, one, known) for one, drafts in parts.items()]
    return [_version(found, content, own, known)]


def _words(draft: ActionDraft) -> str:
    return " ".join((*draft.bullets, draft.responsible, draft.indicator, draft.goal))


def _by_language(drafts: Sequence[ActionDraft]) -> dict[Lang, tuple[ActionDraft, ...]]:
    """Return the drafts by language where a document tells as many rows in each of several, in turn."""
    groups: dict[Lang, list[ActionDraft]] = {}
    for draft in drafts:
        points = scores(_words(draft))
        groups.setdefault(max(LANGUAGES, key=lambda one: points[one]), []).append(draft)
    sizes = {len(group) for group in groups.values()}
    if len(groups) < 2 or len(sizes) != 1 or min(sizes) < 2:
        return {}
    sheets = {one: {draft.place.split(",")[0] for draft in group} for one, group in groups.items()}
    apart = sum(map(len, sheets.values())) == len(set().union(*sheets.values())) and all(sheets.values())
    in_sheets = all(place.startswith(("sheet", "table")) for places in sheets.values() for place in places)
    return {one: tuple(group) for one, group in groups.items()} if apart and in_sheets else {}


def _version(found: Outline, content: DocumentContent, lang: Lang, known: Programme | None) -> _Version:
    drafts = found.drafts
    if lang == "sv" and looks_damaged(" ".join(map(_words, drafts))):
        drafts = tuple(_mended(draft) for draft in drafts)
    names = Directory(known.organisations).plain_names(lang) if known else frozenset[str]()
    actions = _interpreted(drafts, lang, names)
    titles = [title for title in found.titles if title]
    findings = (
        *content.findings,
        *found.findings,
        *(one for read in actions for one in findings_of(read, content.file)),
    )
    return _Version(
        file=content.file,
        lang=lang,
        name=programme_name(titles, Path(content.file).stem),
        period=stated_period(titles),
        actions=actions,
        findings=findings,
    )


def _interpreted(drafts: Sequence[ActionDraft], lang: Lang, names: Collection[str]) -> tuple[ReadAction, ...]:
    """Return the actions; names met alone in one row are not cut in another."""
    first = [interpret(draft, lang, names) for draft in drafts]
    met = names_of(first)
    return tuple(interpret(draft, lang, {*names, *met}) for draft in drafts)


def _mended(draft: ActionDraft) -> ActionDraft:
    """Return a damaged Swedish draft with é read as ö."""
    return replace(
        draft,
        bullets=tuple(map(mend_accents, draft.bullets)),
        domain=mend_accents(draft.domain),
        goal=mend_accents(draft.goal),
        schedule=mend_accents(draft.schedule),
        responsible=mend_accents(draft.responsible),
        partners=mend_accents(draft.partners),
        indicator=mend_accents(draft.indicator),
    )


# -- all files -----------------------------------------------------------------------


def _joined(versions: Sequence[_Version], known: Programme | None, year: int) -> ProgrammeReading:
    """Return the one programme of all versions."""
    by_lang = {version.lang: version for version in versions}
    actions = {lang: version.actions for lang, version in by_lang.items()}
    rows = align(actions)
    keeping = KnownProgramme.of(known, [row.bullets for row in rows])
    files = {lang: version.file for lang, version in by_lang.items()}
    people = PartyDirectory(rows, keeping.organisations, files)
    frame = _frame(by_lang, year)
    programme = assemble(rows, frame, people, keeping)
    told = (finding for version in versions for finding in version.findings)
    apart = (*repeated(actions, rows, files), *disagreements(rows, people, files))
    undated = not (keeping.period or frame.period or spanned(rows))
    assumed = (_no_period(versions[0], year),) if undated else ()
    findings = (*assumed, *told, *people.findings, *apart)
    return ProgrammeReading(programme, tuple(map(_document, versions)), findings)


def _no_period(version: _Version, year: int) -> IntakeFinding:
    return IntakeFinding("no-period", version.file, "the file", version.name, str(year))


def _frame(by_lang: Mapping[Lang, _Version], year: int) -> ProgrammeFrame:
    name = Text(**{lang: version.name for lang, version in by_lang.items()})
    period = next((version.period for version in by_lang.values() if version.period), None)
    return ProgrammeFrame(name, period, tuple(by_lang), Span(date(year, 1, 1), date(year, 12, 31)))


def _document(version: _Version) -> NeutralDocument:
    actions, findings = version.actions, version.findings
    return printed_document(version.file, version.lang, version.name, version.period, actions, findings)
