"""Bringing a programme in: upload, a preview of findings and changes, then one button that stores it.

Signed in only. Reading and storing is left to ``dispatch.importing``, the
files in between to ``drafts``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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

from reminders.dispatch.importing import Import, read_import, store_import
from reminders.errors import InputError, NotFoundError, Problem, RemindersError
from reminders.intake.template import write_template
from reminders.store import programmes as repository
from reminders.web.drafts import Drafts, Upload
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse
from reminders.web.import_view import SHOWN, import_view, stamp_of
from reminders.web.reading_words import place_words, problem_words
from reminders.web.site import Site
from reminders.web.words import say
from schedule_rules.programme import Lang, Programme

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
        return refuse(self.site, request) or self._form(request)

    def again(self, request: Request) -> Response:
        """Answer for a confirmation that is asked for by GET, as the language switch does: the form."""
        lang = request.query_params.get("lang")
        return RedirectResponse(f"/import?{urlencode({'lang': lang})}" if lang else "/import", 303)

    def template(self, request: Request) -> Response:
        """Answer for the spreadsheet to fill in."""
        if refused := refuse(self.site, request):
            return refused
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / TEMPLATE
            write_template(path)
            data = path.read_bytes()
        named = {"Content-Disposition": f'attachment; filename="{TEMPLATE}"', "Cache-Control": "no-store"}
        return Response(data, headers=named, media_type=_XLSX)

    async def upload(self, request: Request) -> Response:
        """Answer for an upload: read the files and show what they would bring; nothing is stored."""
        if refused := refuse(self.site, request):
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
        return self._preview(request, draft, key if key in self._stored() else "")

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
        view = import_view(found, self._stored().get(found.programme.key), lang)
        if not view.storable:
            self.drafts.drop(draft)
        return self.site.page(
            request, "import_preview.html", view=view, draft=draft, version=key, changed=changed
        )

    def _read(self, draft: str, key: str) -> Import:
        files = [str(file) for file in self.drafts.files(draft, self._now)]
        return read_import(self.site.service, files, None, key or None)

    def _stored(self) -> dict[str, Programme]:
        with self.site.library.read() as connection:
            return {row.programme.key: row.printed for row in repository.all_programmes(connection)}

    def _refused(self, request: Request, error: RemindersError) -> Response:
        lang = self.site.visitor(request).lang
        problems = error.problems if isinstance(error, InputError) else ()
        words = say(lang, "import.unreadable") if problems else str(error)
        return self._form(request, words, problems=problems)

    async def confirm(self, request: Request) -> Response:
        """Answer for the button: store what was shown, or drop it."""
        if refused := refuse(self.site, request):
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
