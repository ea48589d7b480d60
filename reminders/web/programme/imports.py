"""Bringing a programme in: upload, a preview of findings and changes, then one button that stores it.

For whoever is signed in; a new version only of a programme that is one's own. Reading and storing is left to
``use.programme.read_files``.

Between the preview and its confirmation the uploaded files lie in a folder beside the mail folder, each draft
under a random name that only its page knows, readable by the service alone. They are deleted when the draft
is stored or dropped, and swept an hour after they came. A draft is its uploader's alone, and nobody has more
than a dozen. Several machines that serve pages must share the folder.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from reminders.collection.spreadsheet import XLSX_TYPE
from reminders.errors import (
    BusyError,
    GuardError,
    InputError,
    NotFoundError,
    NotYoursError,
    Problem,
    RemindersError,
    UsageError,
)
from reminders.intake.choices import UnreadDocumentError
from reminders.intake.pairing import Pairing, SameAnswers
from reminders.intake.template import write_template
from reminders.use.programme.drafts import begin_draft, is_draft_of, sweep_drafts
from reminders.use.programme.read_files import (
    Import,
    has_version_before,
    read_import,
    read_version_before,
    store_import,
)
from reminders.use.watch.audit import record_reading
from reminders.web.account_words import account_view
from reminders.web.catalogue import say
from reminders.web.page import FormLimits, Page, Pages, Upload
from reminders.web.programme.choices_form import PostedChoices, choices_view, posted_choices, wrong_fields
from reminders.web.snapshot import ProgrammeSnapshot
from reminders.web.words import (
    ChangeWords,
    code_words,
    detail_words,
    joint_lines,
    place_words,
    problem_words,
    question_words,
)
from schedule_rules.derive import derive
from schedule_rules.programme import Lang, Programme

_IN_ACCOUNT: Final = frozenset(("column-not-used", "left-over", "more-left-over"))
SHOWN: Final = 200
"""Rows of a table; the rest is counted."""
FILES: Final = 6
LARGEST: Final = 5_000_000
_LIMITS: Final = FormLimits(size=FILES * LARGEST + 100_000, files=FILES)
_CHOICES: Final = FormLimits(size=500_000, fields=3000)
TEMPLATE: Final = "action-programme.xlsx"
_ODD: Final = re.compile(r"[^\w .()+,&-]")
_LONGEST: Final = 120


@dataclass(frozen=True)
class Drafts:
    """The drafts of one person in a folder; another's are as good as gone."""

    folder: Path
    address: str

    def save(self, uploads: Sequence[Upload], now: datetime) -> str:
        """Write a draft's files and return its name; old drafts go."""
        name = secrets.token_hex(16)
        self.sweep(now)
        begin_draft(self.folder, name, self.address, now)
        for number, upload in enumerate(uploads):
            own = self.folder / name / str(number)
            own.mkdir(mode=0o700)
            (own / safe_name(upload.name)).write_bytes(upload.data)
        return name

    def files(self, name: str, now: datetime) -> tuple[Path, ...]:
        """Return a draft's files in their order; ``NotFoundError`` when it is gone or too old."""
        self.sweep(now)
        if not is_draft_of(self.folder / name, self.address):
            raise NotFoundError(f"no draft {name!r}")
        parts = sorted(
            (one for one in (self.folder / name).iterdir() if one.is_dir()), key=lambda part: int(part.name)
        )
        return tuple(file for part in parts for file in part.iterdir())

    def drop(self, name: str) -> bool:
        """Delete a draft; tell whether it was there."""
        was_there = is_draft_of(self.folder / name, self.address)
        if was_there:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return was_there

    def sweep(self, now: datetime) -> None:
        """Delete drafts that are too old, and the oldest of too many, whose ever they are."""
        sweep_drafts(self.folder, now)


def safe_name(name: str) -> str:
    """Return the last part of a file's name, without characters that a folder could misread."""
    last = _ODD.sub("_", re.split(r"[/\\]", name)[-1]).strip(". ")
    stem, dot, ending = last.rpartition(".")
    return f"{(stem or 'file')[:_LONGEST]}{dot}{ending[:10]}" if dot else (last or "file")[:_LONGEST]


def import_view(found: Import, lang: Lang) -> dict[str, object]:
    """Return the preview of an import: what was read, what it would change, what is asked and lost.

    ``found`` has file, place, what is unclear, words and what comes nearest of each finding.
    """
    programme, pairing, old = found.programme, found.pairing, found.old
    rows = ChangeWords(found.before, programme, lang).rows(found.changes[:SHOWN])
    lost = old.action_by_id if old else {}
    # What is in the account is not said twice on a page.
    said = [one for one in (*found.notes, *found.findings) if one["code"] not in _IN_ACCOUNT]
    return {
        "name": programme.name.get(lang),
        "key": programme.key,
        "facts": (
            (say(lang, "import.actions"), dates.number(len(programme.actions), lang)),
            (say(lang, "import.domains"), dates.number(len(programme.domains), lang)),
            (say(lang, "import.organisations"), dates.number(len(programme.organisations), lang)),
            *(() if found.accounts else _read_strictly(programme, lang)),
            (say(lang, "import.key"), programme.key),
        ),
        "found": tuple(
            (
                one["file"],
                place_words(one["place"], lang),
                code_words(one["code"], lang),
                one["words"],
                detail_words(one["detail"], lang),
            )
            for one in said[:SHOWN]
        ),
        "found_count": len(said),
        "changes": rows,
        "change_count": len(found.changes),
        "unclear": len(derive(programme).findings),
        "is_new": found.is_new,
        "is_damaged": found.is_damaged,
        "storable": bool(programme.actions) and (found.is_new or bool(pairing.questions) or programme != old),
        "stamp": found.stamp,
        "exact": [one for one in pairing.questions if one.exact],
        "joint": joint_lines(pairing.questions, lang),
        "questions": [
            (
                one.key,
                question_words(one, lang),
                [(each.key, each.title.get(lang)) for each in one.candidates],
                say(lang, f"import.ended-{one.subject}"),
                _not_answered(pairing, one.key, lang),
            )
            for one in pairing.questions
        ],
        "lost": [(key, lost[key].title.get(lang), key in pairing.answered) for key in pairing.lost],
        "confirms": not pairing.open and found.refusal(accept_loss=False) == "loss",
    }


def _read_strictly(programme: Programme, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return the period and the languages of a programme without an account, which tells them of others."""
    return (
        (say(lang, "import.period"), dates.span(programme.period.first, programme.period.last, lang)),
        (say(lang, "import.languages"), ", ".join(programme.languages)),
    )


def _not_answered(pairing: Pairing, key: str, lang: Lang) -> str:
    """Say what is wrong with the answer about an action or organisation; nothing where it is answered."""
    for new, keys in pairing.clashes.items():
        if key in keys:
            return say(lang, "import.clash", keys=", ".join(keys), new=new)
    return say(lang, "import.choose-wrong") if key in {one.key for one in pairing.open} else ""


class ImportPages(Pages):
    """The form of an import, its preview, and the button that stores it."""

    def drafts(self, page: Page) -> Drafts:
        """Return the drafts of whoever is signed in, beside the mail folder."""
        return Drafts(self.site.service.settings.uploads_folder, page.visitor.person)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.person("/import", self.show, self.upload, _LIMITS, too_large=self.too_large),
            *self.public("/import/confirm", self.again),
            *self.person("/import/confirm", None, self.confirm, _CHOICES),
            *self.person(f"/import/{TEMPLATE}", self.template),
        ]

    def show(self, page: Page) -> Response:
        """Show the form; ``stored`` names a programme that has just come in."""
        return self._form(page)

    def again(self, page: Page) -> Response:
        """Answer for a confirmation that is asked for by GET, as the language switch does: the form."""
        lang = page.query.get("lang")
        return page.redirect(f"/import?{urlencode({'lang': lang})}" if lang else "/import")

    def template(self, page: Page) -> Response:
        """Answer for the spreadsheet to fill in."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / TEMPLATE
            write_template(path)
            return page.file(path.read_bytes(), XLSX_TYPE, TEMPLATE)

    def too_large(self, page: Page) -> Response:
        """Answer for more than may be uploaded at once."""
        return self._form(page, page.say("import.too-much", files=FILES, mb=LARGEST // 1_000_000), 413)

    def upload(self, page: Page) -> Response:
        """Read the files and show what they would bring; nothing is stored."""
        if page.text("take_back"):
            return self._preview(page, "", "")
        uploads = [one for one in page.uploads if one.field == "files" and one.name]
        if not uploads:
            return self._form(page, page.say("import.no-file"))
        large = [one for one in uploads if len(one.data) > LARGEST]
        if large:
            return self._form(page, page.say("import.too-large", file=large[0].name, mb=LARGEST // 1_000_000))
        key = page.text("version")
        draft = self.drafts(page).save(uploads, page.service.clock())
        known = {one.programme.key for one in _snapshots(page)}
        if key in known and not page.may_act_in(key):
            self.drafts(page).drop(draft)
            raise NotYoursError(key)
        return self._preview(page, draft, key if key in known else "")

    def confirm(self, page: Page) -> Response:
        """Store what was shown, or drop it."""
        draft, key = page.text("draft"), page.text("version")
        if page.text("step") == "drop":
            if self.drafts(page).drop(draft):
                record_reading(page.service, "draft-discarded")
            return page.redirect("/import")
        if page.text("step") in {"again", "forget"}:
            return self._preview(page, draft, key)
        try:
            found = self._read(page, draft, key)
        except NotFoundError:
            return self._form(page, page.say("import.gone"), 410)
        except UsageError:  # the programme is another one by now, without what was answered about
            return self._preview(page, draft, key, changed=True)
        except RemindersError as error:
            return self._refuse(page, draft, error)
        if found.stamp != page.text("stamp"):
            return self._preview(page, draft, key, changed=True)
        confirmed = page.text("loss") == found.programme.key
        if refused := found.refusal(accept_loss=confirmed):
            return self._preview(page, draft, key, refused=refused)
        try:
            store_import(page.service, found, accept_loss=confirmed)
        except GuardError:  # another version has come in this very moment
            return self._preview(page, draft, key, changed=True)
        self.drafts(page).drop(draft)
        stored = {"stored": found.programme.key, "programme": found.programme.key}
        return page.redirect(f"/import?{urlencode(stored)}")

    def _preview(
        self, page: Page, draft: str, key: str, *, changed: bool = False, refused: str = ""
    ) -> Response:
        """Show what a draft would bring, with what was answered; one that cannot be read is deleted at once.

        ``refused`` tells why it was not stored: something is still asked, or the loss was not confirmed.
        """
        posted = posted_choices(page)
        try:
            found = self._read(page, draft, key)
        except UsageError:
            found = self._read(page, draft, key, answered=False)
        except UnreadDocumentError as error:
            if not (error.has_columns or posted.is_whole):
                return self._refuse(page, draft, error)
            return self._ask(page, draft, key, error, posted)
        except NotFoundError as error:
            if page.text("take_back"):  # there is no version before, or not for this person
                return self._refuse(page, draft, error)
            return self._form(page, page.say("import.gone"), 410)
        except RemindersError as error:
            return self._refuse(page, draft, error)
        except BaseException:
            self.drafts(page).drop(draft)
            raise
        view = import_view(found, page.lang)
        tables = [table for account in found.accounts for table in account.tables]
        form = choices_view(tables, found.choices, page.lang, posted.wrong, page.fields)
        if page.text("take_back") and found.refusal(accept_loss=True) is None:
            # What went on as what is stored with the version: there is nothing to answer.
            view = {**view, "questions": [], "joint": [], "exact": []}
        # The word is asked for once everything is answered: only then it is known what goes.
        wrong = {"questions": "import.questions-wrong", "loss": "import.loss-wrong"}.get(refused, "")
        if refused == "loss" and not page.form.get("loss") and page.text("loss_asked") != "yes":
            wrong = ""
        if posted.is_whole and found.programme.actions:  # what was chosen is stored, if nothing else
            view = {**view, "storable": True}
        if not view["storable"] and form is None:
            self.drafts(page).drop(draft)
        return page.render(
            "import_preview.html",
            422 if wrong or posted.wrong else 200,
            view=view,
            form=form,
            unread=False,
            whole=posted.is_whole,
            forgotten=page.text("step") == "forget",
            account=account_view(found.accounts, len(found.programme.actions), page.lang),
            draft=draft,
            version=key,
            take_back=page.text("take_back"),
            changed=changed,
            said=page.ticked("same"),
            typed=page.text("loss"),
            wrong=wrong and page.say(wrong),
            wrong_at="loss" if refused == "loss" else "questions",
        )

    def _ask(
        self, page: Page, draft: str, key: str, error: UnreadDocumentError, posted: PostedChoices
    ) -> Response:
        """Ask how a document is to be read in which nothing was found; the draft stays."""
        wrong = dict(posted.wrong or wrong_fields(error.problems, page.lang))
        return page.render(
            "import_choices.html",
            422,
            form=choices_view(error.tables, [error.document], page.lang, wrong, page.fields),
            draft=draft,
            version=key,
            unread=True,
            forgotten=page.text("step") == "forget",
            problems=_problem_rows(error.problems, page.lang),
        )

    def _refuse(self, page: Page, draft: str, error: RemindersError) -> Response:
        """Delete a draft that was not read and say why; ``NotYoursError`` is raised again: it has a page."""
        self.drafts(page).drop(draft)
        if isinstance(error, NotYoursError):
            raise error
        if isinstance(error, BusyError):
            return self._form(page, page.say("import.busy"), 503)
        if isinstance(error, GuardError):
            return self._form(page, page.say("import.several"))
        return self._unreadable(page, error)

    def _read(self, page: Page, draft: str, key: str, *, answered: bool = True) -> Import:
        same = SameAnswers.read([one for one in page.ticked("same") if one and answered])
        if taken := page.text("take_back"):
            return self._own(page, read_version_before(page.service, taken, same))
        files = [str(file) for file in self.drafts(page).files(draft, page.service.clock())]
        posted = posted_choices(page)
        choices, forget = posted.choices, posted.is_whole
        found = read_import(page.service, files, choices, key or None, same=same, by_name=True, forget=forget)
        return self._own(page, found)

    def _own(self, page: Page, found: Import) -> Import:
        """Return what was read; ``NotYoursError`` for a version of a programme that is another's."""
        with page.read() as connection:
            is_stored = found.programme.key in page.site.snapshots.revisions(connection)
        if is_stored:
            page.check_own(found.programme.key)
        return found

    def _unreadable(self, page: Page, error: RemindersError) -> Response:
        problems = error.problems if isinstance(error, InputError) else ()
        return self._form(page, page.say("import.unreadable") if problems else str(error), problems=problems)

    def _form(
        self, page: Page, wrong: str = "", status: int = 0, problems: Sequence[Problem] = ()
    ) -> Response:
        manages = page.visitor.manages
        known = {one.programme.key: one.row for one in _snapshots(page) if one.programme.key in manages}
        stored, here = known.get(page.query.get("stored", "")), page.visitor.programme
        rows = {key: row for key, row in known.items() if here in {"", key}}
        return page.render(
            "import.html",
            status or (422 if wrong else 200),
            versions=[(key, row.programme.name.get(page.lang)) for key, row in rows.items()],
            chosen="" if stored else page.query.get("programme", ""),
            stored=stored,
            wrong=wrong,
            problems=_problem_rows(problems, page.lang),
            problem_count=len(problems),
            most=FILES,
            mb=LARGEST // 1_000_000,
            template=f"/import/{TEMPLATE}",
            takes_back=[
                (key, rows[key].programme.name.get(page.lang))
                for key in has_version_before(page.service)
                if key in rows
            ],
        )


def _problem_rows(problems: Sequence[Problem], lang: Lang) -> list[tuple[str, str, str, str]]:
    """Return file, place, what was expected and what was found of each problem, in words."""
    return [
        (
            one.file,
            place_words(one.place, lang),
            problem_words(one.expected, lang),
            problem_words(one.found, lang),
        )
        for one in problems[:SHOWN]
    ]


def _snapshots(page: Page) -> tuple[ProgrammeSnapshot, ...]:
    with page.read() as connection:
        return page.site.snapshots.all(connection)
