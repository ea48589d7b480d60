"""Whoever did something is named as people say it: an address, or the board's secretary by her role."""

from __future__ import annotations

from datetime import date

import pytest

from email_templates.words import basis, doer
from schedule_rules.programme import LANGUAGES, Lang

ROLE = {"fi": "neuvoston sihteeri", "sv": "rådets sekreterare", "en": "board secretary"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("by", ["", "secretary"])
def test_the_word_of_the_command_is_never_shown(lang: Lang, by: str) -> None:
    """*secretary*, what commands write when no address was given, is no word of any language."""
    assert doer(lang, by) == ROLE[lang]


def test_an_address_stays() -> None:
    """As it was written."""
    assert doer("fi", "sihteeri@town.example") == "sihteeri@town.example"


def test_a_correction_names_her_by_role() -> None:
    """On the action's page, in mails and in what the command explains."""
    assert basis("fi", "corrected", "secretary", date(2025, 2, 1)) == "korjattu: neuvoston sihteeri, 1.2.2025"
