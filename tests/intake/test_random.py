"""Whatever text comes in, reading it ends: with a programme or with a clear refusal."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given, settings, strategies as st

from reminders.errors import InputError
from reminders.intake.formats import read_csv, read_text
from reminders.intake.interpret import interpret
from reminders.intake.parties import looks_like_parties, split_parties
from reminders.intake.shapes import outline
from schedule_rules.programme import Lang

WORDS = st.sampled_from(
    [
        "Action", "Tavoite", "MÅL", "TIDTABELL", "Schedule", "2024", "2023–2026", "Jatkuva", "•", "|", "\t",
        "---|---",
        "1.1", "2.", "#", ":", "(", ")", "-", "och", "yhteistyössä", "kanssa", "Welfare Unit", "Alma,", "\n",
        "\n\n",
        "+---+---+", "after the project", "%", "* ", "“", "\u00ad", "a-\n", "Responsible:", ";",
        "“x", "𝔸", "\x00",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))


@settings(max_examples=300)
@given(text=TEXTS, markdown=st.booleans())
def test_any_text_is_read_or_refused(text: str, markdown: bool) -> None:
    """Every draft found can be interpreted."""
    for content in (read_text(text, "a.md", markdown=markdown), _csv(text)):
        try:
            drafts: Any = outline(content).drafts if content else ()
        except InputError:
            continue
        assert all(interpret(draft, "en").draft is draft for draft in drafts)


def _csv(text: str) -> Any:
    try:
        return read_csv(text, "a.csv")
    except InputError:
        return None


@pytest.mark.parametrize("lang", get_args(Lang))
@settings(max_examples=200)
@given(cell=TEXTS)
def test_any_cell_is_cut_into_names(lang: Lang, cell: str) -> None:
    """No party is empty, and none is named twice on a side."""
    found = split_parties(cell, lang)
    for side in (found.leads, found.partners, found.takers):
        assert all(name.strip() for name in side)
        assert len(set(side)) == len(side)
    assert looks_like_parties(cell, lang) in {True, False}
