"""The list of what needs a decision, and a button for what is about no single action. Signed in only.

Its rows come from the wordings of a programme, then from its import. An import names a file and a place;
which action that is, is known where one action alone holds the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import words as shared
from reminders.errors import NotFoundError, UsageError
from reminders.planning.programme_diff import finding_name
from reminders.planning.state import ProgrammeRow
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.programme.units import ONE_OR_TWO, TWO_OR_ONE, DoubtfulUnits, answer_units
from reminders.web.catalogue import say
from reminders.web.page import Page, Pages
from reminders.web.words import code_words, detail_words, nearest_words, place_words
from schedule_rules.corrections import with_new_actions
from schedule_rules.derive import derive
from schedule_rules.edited_series import WITHOUT_DATES
from schedule_rules.programme import Action, CorrectedField, Lang, Programme, TextLang

# What a finding asks about: a person's correction of that field settles it.
FIELD_OF: Final[Mapping[str, CorrectedField]] = {
    "unclear-schedule": "schedule",
    "no-schedule": "schedule",
    "doubtful-schedule": "schedule",
    "unused-words": "schedule",
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
    "one-or-two-units": "leads",
    "two-or-one-units": "leads",
}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One thing that needs a decision: which action, where, which words, what is unclear, what could be."""

    code: str
    what: str
    action: str = ""
    title: str = ""
    place: str = ""
    quotes: tuple[tuple[TextLang | None, str], ...] = ()
    nearest: str = ""
    correct: str = ""
    accept: str = ""
    finding: str = ""
    """What a finding about no single action is accepted by, else nothing."""
    units: str = ""
    """The name of a finding that asks whether words are one party or two, else nothing."""
    other: str = ""
    """The parties that these words are as well, if they are not what they were read as."""

    @property
    def is_series(self) -> bool:
        """Tell whether it is settled on the page of the action's series."""
        return self.code == WITHOUT_DATES

    @property
    def is_wording(self) -> bool:
        """Tell whether it is a wording of the programme (``standing.unclear_wordings``); else an import's."""
        return not self.place


def finding_list(row: ProgrammeRow, lang: Lang) -> tuple[FindingRow, ...]:
    """Return the rows of one programme: its wordings first, then what its import left open."""
    return (*_of_wordings(row.programme, lang), *_of_import(row, lang))


def _of_wordings(programme: Programme, lang: Lang) -> Iterator[FindingRow]:
    for finding in derive(programme).findings:
        action = programme.action_by_id[finding.action]
        # The words in the reader's language first, the same words once.
        own = sorted(finding.words.as_dict().items(), key=lambda one: one[0] != lang)
        first = {text: code for code, text in reversed(own)}
        yield FindingRow(
            code=finding.code,
            what=code_words(finding.code, lang),
            quotes=tuple((code, text) for code, text in own if first[text] == code),
            nearest="" if finding.code in {"vague-frequency", WITHOUT_DATES} else nearest_words(action, lang),
            **_of_action(programme, action, finding.code, lang),
        )


def _of_action(programme: Programme, action: Action, code: str, lang: Lang, own: str = "") -> dict[str, str]:
    """Return where an action is corrected; ``own`` is the field of a correction that is asked about again.

    The dates of a series are set on its own page.
    """
    field = own or FIELD_OF.get(code, "")

    def link(**query: str) -> str:
        return f"/actions/{action.id}/correct?{urlencode({'programme': programme.key, **query})}"

    series = f"/actions/{action.id}/series?{urlencode({'programme': programme.key})}"
    return {
        "action": action.id,
        "title": action.title.get(lang),
        "correct": series if code == WITHOUT_DATES else link(field=field) if field else "",
        "accept": "" if own else link(field="accepted", code=code),
    }


def _of_import(row: ProgrammeRow, lang: Lang) -> Iterator[FindingRow]:
    programme, holders = row.programme, _holders(row.programme)
    known = {(finding.action, finding.code) for finding in derive(programme).findings}
    for one in row.findings:
        code = one["code"]
        corrected = programme.action_by_id.get(one.get("action", ""))
        action = corrected or programme.action_by_id.get(holders.get(_plain(one["words"]), ""))
        if action and ((action.id, code) in known or is_settled(action, code)):
            continue
        where = (one["file"], place_words(one["place"], lang))
        yield FindingRow(
            code=code,
            what=code_words(code, lang),
            place="" if corrected else ", ".join(filter(None, where)),
            quotes=((None, one["words"]),) if one["words"] else (),
            nearest=detail_words(one["detail"], lang),
            **(_of_action(programme, action, code, lang, one.get("field", "")) if action else {}),
            finding="" if action and not corrected else finding_name(one),
            **_of_units(one),
        )


def _of_units(finding: Mapping[str, str]) -> dict[str, str]:
    """Return the other reading of words of which it is not sure whether they are one party or two."""
    doubt = DoubtfulUnits.of(finding)
    if doubt is None:
        return {}
    other = ", ".join(doubt.pieces) if finding["code"] == ONE_OR_TWO else doubt.whole
    return {"units": finding_name(finding), "other": other}


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """An action that people left out or joined with another: why, by whom, and what takes it back."""

    action: str
    title: str
    words: str
    note: str
    by: str
    field: CorrectedField


def left_out(row: ProgrammeRow, lang: Lang) -> tuple[LeftOutRow, ...]:
    """Return the actions that people left out of a programme, in its order."""
    known = with_new_actions(row.printed, row.corrections).action_by_id
    found = []
    for key, action in known.items():
        made = [
            one for one in row.corrections.get(key, ()) if one.field in {"no-action", "part-of"} and one.value
        ]
        if key in row.programme.action_by_id or not made:
            continue
        other = row.programme.action_by_id.get(made[-1].value)
        words = say(lang, f"correct.field.{made[-1].field}")
        if other:
            words = say(lang, "correct.part-of", title=other.title.get(lang))
        last = made[-1]
        by = shared.doer(lang, last.by)
        found.append(LeftOutRow(key, action.title.get(lang), words, last.note, by, last.field))
    return tuple(found)


def is_settled(action: Action, code: str) -> bool:
    """Tell whether a person has corrected what a finding asks about, or accepted it as it is."""
    field = FIELD_OF.get(code)
    return any(
        one.field == field or (one.field == "accepted" and one.value == code) for one in action.corrections
    )


def _holders(programme: Programme) -> dict[str, str]:
    """Return the action that alone holds a text, by the text."""
    holders: dict[str, set[str]] = {}
    for action in programme.actions:
        bullets = (bullet for own in action.bullets.values() for bullet in own)
        texts = (action.schedule, action.responsible, action.indicator)
        for text in (*bullets, *(words for one in texts for words in one.as_dict().values())):
            holders.setdefault(_plain(text), set()).add(action.id)
    return {text: next(iter(ids)) for text, ids in holders.items() if len(ids) == 1 and text}


def _plain(text: str) -> str:
    return " ".join(text.split())[:200].casefold()


class FindingPages(Pages):
    """The list, and its button."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.secretary("/findings", self.show, self.accept)

    def show(self, page: Page) -> Response:
        """Show the programme's findings."""
        one = page.snapshot
        lists = [(one.programme.key, one.programme.name.get(page.lang), finding_list(one.row, page.lang))]
        everything = [row for _, _, rows in lists for row in rows]
        unclear = sum(row.is_wording for row in everything)
        return page.render(
            "findings.html",
            lists=lists,
            unclear=unclear,
            imported=len(everything) - unclear,
            left_out=left_out(one.row, page.lang),
        )

    def accept(self, page: Page) -> Response:
        """Let what an import found stand as it is. What is gone is no error."""
        key, finding = page.text("key") or page.key, page.text("finding")
        # Pressed twice, or settled by a new import meanwhile: nothing is left to accept.
        page.check_own(key)
        if restored := page.text("restore"):
            field: CorrectedField = "part-of" if page.text("field") == "part-of" else "no-action"
            with suppress(NotFoundError, UsageError):
                correct_action(page.service, CorrectionDecision(restored, field, "", page.by, "", key))
            return page.redirect(page.home("/findings"))
        if units := page.text("units"):
            with suppress(NotFoundError):
                answer_units(page.service, key, units, page.by, is_one=units.startswith(TWO_OR_ONE))
            return page.redirect(page.home("/findings"))
        with suppress(NotFoundError, UsageError):
            correct_action(page.service, CorrectionDecision(key, "accepted", finding, page.by))
        lang = page.query.get("lang")
        return page.redirect(page.home("/findings") + (f"&{urlencode({'lang': lang})}" if lang else ""))
