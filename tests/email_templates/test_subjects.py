"""Subjects: kind and date first, at most 70 characters, in every language (language.md, check 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from email_templates.letters import BoardDigest, Letter, MailLang, Notice, StatusRequest
from email_templates.render import render
from schedule_rules.programme import Text
from tests.email_templates.examples import (
    CAMPAIGN,
    DAY,
    DIGEST,
    ESCALATED,
    LANGS,
    LETTERS,
    OWN,
    POINTS,
    VOTING,
    nudge,
)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize(
    "title", ["Yhteistyön tiivistäminen huoltajien kanssa. " * 5, "Sana" * 60, "Ab " * 90]
)
def test_a_subject_fits(name: str, lang: MailLang, title: str) -> None:
    """Check 4: at most 70 characters with the longest title, on the longest date."""
    letter = _retitled(LETTERS[name], Text(title, title, title))
    content = render(letter, lang)
    assert len(content.subject) <= 70
    assert content.subject == " ".join(content.subject.split())


def _retitled(letter: Letter, title: Text) -> Letter:
    if isinstance(letter, BoardDigest):
        return replace(letter, meeting=date(2025, 11, 26))
    if isinstance(letter, Notice):
        meetings = tuple(replace(one, board=title, on=date(2025, 11, 26)) for one in letter.enclosed.meetings)
        return replace(letter, enclosed=replace(letter.enclosed, meetings=meetings))
    items = tuple(replace(item, title=title, due=date(2024, 12, 31)) for item in letter.items)
    return replace(letter, items=items)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("n", [1, 2, 21, 999])
def test_counting_subjects_fit(lang: MailLang, n: int) -> None:
    """Check 4: every plural form."""
    first_start = replace(POINTS, stage="first-start")
    asked: list[Letter] = [
        nudge(*[POINTS] * n, VOTING),
        nudge(*[VOTING] * (n + 1)),
        StatusRequest(
            nudge().programme, nudge().unit, DAY, (first_start,) * n, "https://x.example/", OWN, DAY
        ),
        replace(LETTERS["escalation"], items=(ESCALATED,) * n),  # type: ignore[arg-type]
    ]
    assert [render(letter, lang).subject for letter in asked if len(render(letter, lang).subject) > 70] == []


def _subjects(letter: Letter) -> list[str]:
    return [render(letter, lang).subject for lang in LANGS]


def test_a_digest_with_many_rows_has_a_whole_subject() -> None:
    """Where both counts do not fit, the first stands alone."""
    many = tuple(replace(DIGEST.overdue[0].rows[0], url=f"https://x.example/{n}") for n in range(1234))
    digest = replace(
        DIGEST,
        meeting=None,
        sent_on=date(2025, 12, 30),
        passed=1234,
        overdue=(replace(DIGEST.overdue[0], rows=many),),
    )
    assert _subjects(digest) == [
        "Yhteenveto 30.12.2025: määräaika päättynyt (1 234)",
        "Sammandrag 30.12.2025: tidsfristen har gått ut (1 234), nya svar (1)",
        "Summary 30 Dec 2025: deadline passed (1,234), new answers (1)",
        "Yhteenveto / Sammandrag 30.12.2025: päättynyt / gått ut (1 234)",
    ]


def test_subjects_begin_with_kind_and_date() -> None:
    """The design's wording, in all four."""
    assert _subjects(nudge(CAMPAIGN)) == [
        "Määräaika 10.1.2025: Puhu tuntemattomalle- kampanja",
        "Tidsfrist 10.1.2025: Kampanj för att prata med okända",
        "Deadline 10 Jan 2025: Talk to a stranger campaign",
        "Määräaika / Tidsfrist 10.1.2025: Puhu tuntemattomalle- kampanja",
    ]
    assert _subjects(nudge(CAMPAIGN, VOTING)) == [
        "Määräaika 10.1.2025: Puhu tuntemattomalle- kampanja ja 1 muu",
        "Tidsfrist 10.1.2025: Kampanj för att prata med okända och 1 till",
        "Deadline 10 Jan 2025: Talk to a stranger campaign and 1 more",
        "Määräaika / Tidsfrist 10.1.2025: Puhu tuntemattomalle… ja 1 muu",
    ]
    assert _subjects(nudge(POINTS, CAMPAIGN, VOTING)) == [
        "Määräaika päättyi 31.12.2024: Olemassa olevien avointen… ja 2 muuta",
        "Tidsfristen gick ut 31.12.2024: Kartläggning av befintliga… och 2 till",
        "Deadline passed 31 Dec 2024: Mapping, utilising, and… and 2 more",
        "Määräaika päättyi / Tidsfristen gick ut: Olemassa olevien… ja 2 muuta",
    ]


def test_a_notice_to_the_head_says_that_there_is_still_no_answer() -> None:
    """In English the date stands last; it goes before the title loses its sense."""
    assert _subjects(LETTERS["escalation_gap"]) == [
        "Vastaus puuttuu, määräaika 31.12.2024: Olemassa olevien avointen…",
        "Svar saknas, tidsfrist 31.12.2024: Kartläggning av befintliga öppna…",
        "Still no answer: Mapping, utilising, and developing… (due 31 Dec 2024)",
        "Vastaus puuttuu / Svar saknas 31.12.2024: Olemassa olevien avointen…",
    ]


def test_of_what_waits_and_what_is_told_the_first_that_waits_names_the_mail() -> None:
    """A start of long ago is not what the mail is about."""
    later = replace(CAMPAIGN, due=date(2025, 3, 1))
    assert _subjects(nudge(VOTING, later))[0] == "Määräaika 1.3.2025: Puhu tuntemattomalle- kampanja ja 1 muu"
