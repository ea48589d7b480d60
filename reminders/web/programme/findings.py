"""The list of what needs a decision, and a button for what is about no single action. Signed in only.

What needs a decision as rows of a page: from the wordings of a programme, then from its import. Pure.

An import names a file and a place; which action that is, is known where one
action alone holds the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.errors import NotFoundError, UsageError
from reminders.planning.speakers import acting_as
from reminders.store.programmes import ProgrammeRow, finding_name
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.web.catalogue import catalogue, detail_words, nearest_words, place_words, say
from reminders.web.forms import read_form, text_of
from reminders.web.session import refuse_request
from reminders.web.site import Site
from schedule_rules.derive import derive
from schedule_rules.programme import Action, CorrectedField, Lang, Programme, Text
from schedule_rules.rule import Finding

# -- What needs a decision as rows of a page: from the wordings of a programme, then from its i

# What a finding asks about: a person's correction of that field settles it.
FIELD_OF: Final[Mapping[str, CorrectedField]] = {
    "unclear-schedule": "schedule",
    "no-schedule": "schedule",
    "doubtful-schedule": "schedule",
    "languages-disagree": "schedule",
    "languages-disagree-schedule": "schedule",
    "series-beyond-schedule": "schedule",
    "indicator-past-schedule": "schedule",
    "vague-frequency": "frequency",
    "languages-disagree-frequency": "frequency",
    "no-lead": "leads",
    "doubtful-party": "leads",
    "languages-disagree-parties": "leads",
    "row-slid": "leads",
}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One thing that needs a decision: which action, where, which words, what is unclear, what could be."""

    code: str
    what: str
    action: str = ""
    title: str = ""
    place: str = ""
    quotes: tuple[tuple[Lang | None, str], ...] = ()
    nearest: str = ""
    correct: str = ""
    accept: str = ""
    finding: str = ""
    """What a finding about no single action is accepted by, else nothing."""


def code_words(code: str, lang: Lang) -> str:
    """Say what is unclear; a code without words stands as it is."""
    return say(lang, f"code.{code}") if catalogue().has(lang, f"code.{code}") else code


def finding_list(row: ProgrammeRow, lang: Lang) -> tuple[FindingRow, ...]:
    """Return the rows of one programme: its wordings first, then what its import left open."""
    return (*_of_wordings(row.programme, lang), *_of_import(row, lang))


def _of_wordings(programme: Programme, lang: Lang) -> Iterator[FindingRow]:
    for finding in derive(programme).findings:
        action = programme.action_by_id[finding.action]
        yield FindingRow(
            code=finding.code,
            what=code_words(finding.code, lang),
            quotes=_quotes(finding.words, lang),
            nearest=_nearest(finding, action, lang),
            **_of_action(programme, action, finding.code, lang),
        )


def _quotes(words: Text, lang: Lang) -> tuple[tuple[Lang | None, str], ...]:
    """Return the words in the reader's language first, the same words once."""
    own = sorted(words.as_dict().items(), key=lambda one: one[0] != lang)
    first = {text: code for code, text in reversed(own)}
    return tuple((code, text) for code, text in own if first[text] == code)


def _nearest(finding: Finding, action: Action, lang: Lang) -> str:
    if finding.code == "vague-frequency":
        return ""
    return nearest_words(action, lang)


def _of_action(programme: Programme, action: Action, code: str, lang: Lang) -> dict[str, str]:
    """Return which action a row is about, and the links to its acts."""

    def link(**query: str) -> str:
        return f"/actions/{action.id}/correct?{urlencode({'programme': programme.key, **query})}"

    return {
        "action": action.id,
        "title": action.title.get(lang),
        "correct": link(field=FIELD_OF[code]) if code in FIELD_OF else "",
        "accept": link(field="accepted", code=code),
    }


def _of_import(row: ProgrammeRow, lang: Lang) -> Iterator[FindingRow]:
    programme, held = row.programme, _holders(row.programme)
    said = {(finding.action, finding.code) for finding in derive(programme).findings}
    for one in row.findings:
        code = one["code"]
        action = programme.action_by_id.get(held.get(_plain(one["words"]), ""))
        if action and ((action.id, code) in said or is_settled(action, code)):
            continue
        yield FindingRow(
            code=code,
            what=code_words(code, lang),
            place=f"{one['file']}, {place_words(one['place'], lang)}",
            quotes=((None, one["words"]),) if one["words"] else (),
            nearest=detail_words(one["detail"], lang),
            **(_of_action(programme, action, code, lang) if action else {"finding": finding_name(one)}),
        )


def is_settled(action: Action, code: str) -> bool:
    """Tell whether a person has corrected what a finding asks about, or accepted it as it is."""
    field = FIELD_OF.get(code)
    return any(
        one.field == field or (one.field == "accepted" and one.value == code) for one in action.corrections
    )


def _holders(programme: Programme) -> dict[str, str]:
    """Return the action that alone holds a text, by the text."""
    held: dict[str, set[str]] = {}
    for action in programme.actions:
        bullets = (bullet for own in action.bullets.values() for bullet in own)
        texts = (action.schedule, action.responsible, action.indicator)
        for text in (*bullets, *(words for one in texts for words in one.as_dict().values())):
            held.setdefault(_plain(text), set()).add(action.id)
    return {text: next(iter(ids)) for text, ids in held.items() if len(ids) == 1 and text}


def _plain(text: str) -> str:
    return " ".join(text.split())[:200].casefold()


# -- The list of what needs a decision, and a button for what is about no single action. Signed

_LIMIT = 20_000


class FindingPages:
    """The endpoints of the list."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/findings", self.page), Route("/findings", self.accept, methods=["POST"])]

    def page(self, request: Request) -> Response:
        """Answer for ``/findings``: every programme, or the one that the address names."""
        if refused := refuse_request(self.site, request):
            return refused
        visitor = self.site.visitor(request)
        wanted = visitor.query.get("programme")
        with self.site.library.read() as connection:
            books = self.site.library.books(connection)
        lists = [
            (book.programme.key, book.programme.name.get(visitor.lang), finding_list(book.row, visitor.lang))
            for book in books
            if wanted in {None, "", book.programme.key}
        ]
        return self.site.page(
            request, "findings.html", lists=lists, count=sum(len(rows) for _, _, rows in lists)
        )

    async def accept(self, request: Request) -> Response:
        """Answer for the button: what an import found may stand as it is. What is gone is no error."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        await run_in_threadpool(self._accepted, text_of(form, "key"), text_of(form, "finding"))
        lang = request.query_params.get("lang")
        return RedirectResponse(f"/findings?{urlencode({'lang': lang})}" if lang else "/findings", 303)

    def _accepted(self, key: str, finding: str) -> None:
        # Pressed twice, or settled by a new import meanwhile: nothing is left to accept.
        with suppress(NotFoundError, UsageError):
            correct_action(self.site.service, CorrectionDecision(key, "accepted", finding, self._by(key)))

    def _by(self, key: str) -> str:
        """Return who decides: the address of the programme's secretary, else the role."""
        with self.site.library.read() as connection:
            book = next(
                (one for one in self.site.library.books(connection) if one.programme.key == key), None
            )
            people = self.site.library.standing(connection, book).state.people if book else None
        return acting_as(people, self.site.library.today()) if people else "secretary"
