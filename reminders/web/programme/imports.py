"""Bringing a programme in: upload, a preview of findings and changes, then one button that stores it.

Signed in only. Reading and storing is left to ``dispatch.importing``, the
files in between to ``drafts``.

What an import would bring, as values of its page: findings, changes, counts. Pure.

Uploaded files between the preview of an import and its confirmation.

They lie in a folder beside the mail folder, each draft under a random name
that only its page knows, readable by the service alone. They are deleted when
the draft is stored or dropped, and swept an hour after they came; there are
never more than a dozen drafts. Several machines that serve pages must share
the folder.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from reminders.errors import InputError, NotFoundError, Problem, RemindersError
from reminders.intake.template import write_template
from reminders.use.programme.read_files import Import, printed_programmes, read_import, store_import
from reminders.web.catalogue import ChangeRow, Pair, detail_words, place_words, problem_words, say
from reminders.web.forms import read_form, text_of
from reminders.web.programme.findings import code_words
from reminders.web.session import refuse_request
from reminders.web.site import Site
from schedule_rules.derive import derive
from schedule_rules.programme import Lang, Programme

# -- Uploaded files between the preview of an import and its confirmation

KEPT_FOR: Final = timedelta(hours=1)
MOST: Final = 12
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_ODD: Final = re.compile(r"[^\w .()+,&-]")
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file, under the name that its sender gave it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Drafts:
    """The drafts in one folder."""

    folder: Path

    def keep(self, uploads: Sequence[Upload], now: datetime) -> str:
        """Write a draft's files and return its name; old drafts go."""
        self.sweep(now)
        name = secrets.token_hex(16)
        for number, upload in enumerate(uploads):
            own = self.folder / name / str(number)
            own.mkdir(parents=True, mode=0o700)
            (own / safe_name(upload.name)).write_bytes(upload.data)
        (self.folder / name).chmod(0o700)
        (self.folder / name / "at").write_text(now.isoformat(), encoding="utf-8")
        return name

    def files(self, name: str, now: datetime) -> tuple[Path, ...]:
        """Return a draft's files in their order; ``NotFoundError`` when it is gone or too old."""
        self.sweep(now)
        if not _NAME.fullmatch(name) or not (self.folder / name).is_dir():
            raise NotFoundError(f"no draft {name!r}")
        parts = sorted((one for one in (self.folder / name).iterdir() if one.is_dir()), key=_number)
        return tuple(file for part in parts for file in part.iterdir())

    def drop(self, name: str) -> None:
        """Delete a draft, if it is there."""
        if _NAME.fullmatch(name):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def sweep(self, now: datetime) -> None:
        """Delete drafts that are too old, and the oldest of too many."""
        if not self.folder.is_dir():
            return
        found = sorted(((_written(one), one.name) for one in self.folder.iterdir()), reverse=True)
        for number, (written, name) in enumerate(found, start=1):
            fresh = written and timedelta() <= now - datetime.fromisoformat(written) <= KEPT_FOR
            if not fresh or number >= MOST:
                self.drop(name)


def safe_name(name: str) -> str:
    """Return the last part of a file's name, without characters that a folder could misread."""
    last = _ODD.sub("_", re.split(r"[/\\]", name)[-1]).strip(". ")
    stem, dot, ending = last.rpartition(".")
    return f"{(stem or 'file')[:_LONGEST]}{dot}{ending[:10]}" if dot else (last or "file")[:_LONGEST]


def _number(part: Path) -> int:
    return int(part.name)


def _written(draft: Path) -> str:
    """Return when a draft was written; nothing where its writer was killed half-way."""
    stamp = draft / "at"
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else ""


# -- What an import would bring, as values of its page: findings, changes, counts. Pure

SHOWN: Final = 200
"""Rows of a table; the rest is counted."""


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """Something in a file that needs a person's eye."""

    file: str
    place: str
    what: str
    words: str
    nearest: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """What the preview shows."""

    name: str
    key: str
    facts: tuple[tuple[str, str], ...]
    found: tuple[ImportFinding, ...]
    found_count: int
    changes: tuple[ChangeRow, ...]
    change_count: int
    unclear: int
    is_new: bool
    storable: bool
    stamp: str


def import_view(found: Import, old: Programme | None, lang: Lang) -> ImportView:
    """Return the preview of an import; ``old`` is the stored programme that it is a version of."""
    programme = found.programme
    rows = Pair(old, programme, lang).rows(found.changes[:SHOWN])
    return ImportView(
        name=programme.name.get(lang),
        key=programme.key,
        facts=tuple(_facts(found, lang)),
        found=tuple(_found(found, lang)),
        found_count=len(found.findings),
        changes=rows,
        change_count=len(found.changes),
        unclear=len(derive(programme).findings),
        is_new=found.is_new,
        storable=bool(programme.actions) and (found.is_new or programme != old),
        stamp=stamp_of(found),
    )


def _facts(found: Import, lang: Lang) -> Iterator[tuple[str, str]]:
    programme = found.programme
    yield say(lang, "import.actions"), dates.number(len(programme.actions), lang)
    yield say(lang, "import.domains"), dates.number(len(programme.domains), lang)
    yield say(lang, "import.organisations"), dates.number(len(programme.organisations), lang)
    yield say(lang, "import.period"), dates.span(programme.period.first, programme.period.last, lang)
    yield say(lang, "import.languages"), ", ".join(programme.languages)
    yield say(lang, "import.key"), programme.key


def _found(found: Import, lang: Lang) -> Iterator[ImportFinding]:
    for one in found.findings[:SHOWN]:
        yield ImportFinding(
            one["file"],
            place_words(one["place"], lang),
            code_words(one["code"], lang),
            one["words"],
            detail_words(one["detail"], lang),
        )


def stamp_of(found: Import) -> str:
    """Return what tells that a second reading of the files would do the same as the one shown."""
    shown = [found.programme.key, found.document, [str(one) for one in found.changes]]
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:32]


# -- Bringing a programme in: upload, a preview of findings and changes, then one button that s

FILES: Final = 6
LARGEST: Final = 5_000_000
_LIMIT: Final = FILES * LARGEST + 100_000
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATE: Final = "action-programme.xlsx"


@dataclass(frozen=True)
class ImportPages:
    """The endpoints of the import."""

    site: Site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/import", self.page),
            Route("/import", self.upload, methods=["POST"]),
            Route("/import/confirm", self.again),
            Route("/import/confirm", self.confirm, methods=["POST"]),
            Route(f"/import/{TEMPLATE}", self.template),
        ]

    @cached_property
    def drafts(self) -> Drafts:
        """Uploaded files that wait for their confirmation."""
        return Drafts(self.site.service.settings.mail_folder.parent / "imports")

    @property
    def _now(self) -> datetime:
        return self.site.service.clock()

    def page(self, request: Request) -> Response:
        """Answer for ``/import``: the form; ``stored`` names a programme that has just come in."""
        return refuse_request(self.site, request) or self._form(request)

    def again(self, request: Request) -> Response:
        """Answer for a confirmation that is asked for by GET, as the language switch does: the form."""
        lang = request.query_params.get("lang")
        return RedirectResponse(f"/import?{urlencode({'lang': lang})}" if lang else "/import", 303)

    def template(self, request: Request) -> Response:
        """Answer for the spreadsheet to fill in."""
        if refused := refuse_request(self.site, request):
            return refused
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / TEMPLATE
            write_template(path)
            data = path.read_bytes()
        named = {"Content-Disposition": f'attachment; filename="{TEMPLATE}"', "Cache-Control": "no-store"}
        return Response(data, headers=named, media_type=_XLSX)

    async def upload(self, request: Request) -> Response:
        """Answer for an upload: read the files and show what they would bring; nothing is stored."""
        if refused := refuse_request(self.site, request):
            return refused
        try:
            form = await read_form(request, limit=_LIMIT, files=FILES)
        except HTTPException:
            return await run_in_threadpool(self._too_much, request)
        uploads = [
            Upload(one.filename, await one.read(LARGEST + 1))
            for one in form.getlist("files")
            if isinstance(one, UploadFile) and one.filename
        ]
        await form.close()
        return await run_in_threadpool(self._uploaded, request, form, uploads)

    def _too_much(self, request: Request) -> Response:
        lang = self.site.visitor(request).lang
        return self._form(request, say(lang, "import.too-much", files=FILES, mb=LARGEST // 1_000_000), 413)

    def _uploaded(self, request: Request, form: FormData, uploads: Sequence[Upload]) -> Response:
        lang = self.site.visitor(request).lang
        if not uploads:
            return self._form(request, say(lang, "import.no-file"))
        large = [one for one in uploads if len(one.data) > LARGEST]
        if large:
            words = say(lang, "import.too-large", file=large[0].name, mb=LARGEST // 1_000_000)
            return self._form(request, words)
        key = text_of(form, "version")
        draft = self.drafts.keep(uploads, self._now)
        return self._preview(request, draft, key if key in printed_programmes(self.site.service) else "")

    def _preview(self, request: Request, draft: str, key: str, *, changed: bool = False) -> Response:
        """Show what a draft would bring; one that cannot be read is deleted at once."""
        lang = self.site.visitor(request).lang
        try:
            found = self._read(draft, key)
        except RemindersError as error:
            self.drafts.drop(draft)
            return self._refused(request, error)
        except BaseException:
            self.drafts.drop(draft)
            raise
        view = import_view(found, printed_programmes(self.site.service).get(found.programme.key), lang)
        if not view.storable:
            self.drafts.drop(draft)
        return self.site.page(
            request, "import_preview.html", view=view, draft=draft, version=key, changed=changed
        )

    def _read(self, draft: str, key: str) -> Import:
        files = [str(file) for file in self.drafts.files(draft, self._now)]
        return read_import(self.site.service, files, None, key or None)

    def _refused(self, request: Request, error: RemindersError) -> Response:
        lang = self.site.visitor(request).lang
        problems = error.problems if isinstance(error, InputError) else ()
        words = say(lang, "import.unreadable") if problems else str(error)
        return self._form(request, words, problems=problems)

    async def confirm(self, request: Request) -> Response:
        """Answer for the button: store what was shown, or drop it."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=10_000)
        return await run_in_threadpool(self._confirmed, request, form)

    def _confirmed(self, request: Request, form: FormData) -> Response:
        draft, key = text_of(form, "draft"), text_of(form, "version")
        if text_of(form, "step") == "drop":
            self.drafts.drop(draft)
            return RedirectResponse("/import", 303)
        try:
            found = self._read(draft, key)
        except NotFoundError:
            return self._form(request, say(self.site.visitor(request).lang, "import.gone"), 410)
        except RemindersError as error:
            self.drafts.drop(draft)
            return self._refused(request, error)
        if stamp_of(found) != text_of(form, "stamp"):
            return self._preview(request, draft, key, changed=True)
        store_import(self.site.service, found)
        self.drafts.drop(draft)
        stored = {"stored": found.programme.key, "programme": found.programme.key}
        return RedirectResponse(f"/import?{urlencode(stored)}", 303)

    def _form(
        self, request: Request, wrong: str = "", status: int = 0, problems: Sequence[Problem] = ()
    ) -> Response:
        lang, query = self.site.visitor(request).lang, request.query_params
        with self.site.library.read() as connection:
            rows = {one.programme.key: one.row for one in self.site.library.books(connection)}
        stored = rows.get(query.get("stored", ""))
        return self.site.page(
            request,
            "import.html",
            status or (422 if wrong else 200),
            versions=[(key, row.programme.name.get(lang)) for key, row in rows.items()],
            chosen="" if stored else query.get("programme", ""),
            stored=stored,
            wrong=wrong,
            problems=[_problem_row(one, lang) for one in problems[:SHOWN]],
            problem_count=len(problems),
            most=FILES,
            mb=LARGEST // 1_000_000,
            template=f"/import/{TEMPLATE}",
        )


def _problem_row(problem: Problem, lang: Lang) -> tuple[str, str, str, str]:
    """Return file, place, what was expected and what was found, in the reader's language."""
    expected, found = (problem_words(words, lang) for words in (problem.expected, problem.found))
    return problem.file, place_words(problem.place, lang), expected, found
