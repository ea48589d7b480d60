"""The report's texts: the same ids in three languages, each used, in the words of language.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from email_templates.catalogue import catalogue, placeholders
from schedule_rules.programme import LANGUAGES, Lang
from tests.email_templates.test_catalogue import NOT_STEMS

CATALOGUE = catalogue("reminders.use")
OWN = sorted(text_id for text_id in CATALOGUE.ids if text_id.startswith("report."))
LAYOUT = {"report.foot", "report.by-on", "report.trend", "report.trend-unit"}


def text(lang: Lang, text_id: str) -> str:
    """A text of the report."""
    return CATALOGUE.entries[lang][text_id]["other"]


def test_every_text_stands_in_three_languages() -> None:
    """With the same variables; none is left in English."""
    for text_id in OWN:
        assert len({placeholders(text(lang, text_id)) for lang in LANGUAGES}) == 1, text_id
    alike = {one for one in OWN for lang in ("fi", "sv") if text(lang, one) == text("en", one)}
    assert alike == LAYOUT


def test_every_text_is_used() -> None:
    """No id that the report does not say."""
    source = Path("reminders/use/collection/reports.py").read_text(encoding="utf-8")
    assert [one for one in OWN if f'"{one.removeprefix("report.")}"' not in source] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_are_those_of_the_city(lang: Lang) -> None:
    """No word of the column of words that are not used; no exclamation mark, no straight quote."""
    wrong = re.compile(NOT_STEMS[lang].replace(r"\btheme|", ""), re.IGNORECASE)
    found = [text(lang, one) for one in OWN]
    assert [words for words in found if wrong.search(words) or re.search(r"[!\"']", words)] == []
