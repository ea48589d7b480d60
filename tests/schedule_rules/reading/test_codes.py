"""Every code has a name, a meaning and an example in each language, and the scanner says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schedule_rules.reading import tokens
from schedule_rules.reading.ambiguous import settle
from schedule_rules.reading.codes import NAMES, NONE, TABLE, CodeRow, pattern, spell, table_rows
from schedule_rules.reading.frequency import frequencies_in
from schedule_rules.reading.languages import VOCABULARIES
from schedule_rules.reading.lexicon import index
from schedule_rules.reading.not_dates import mask

if TYPE_CHECKING:
    from schedule_rules.programme import Lang
    from schedule_rules.reading.codes import TokenRow

EXAMPLES = [
    pytest.param(entry, lang, example, id=f"{spell(entry.letter)}-{lang}")
    for entry in TABLE
    for lang, example in (("fi", entry.finnish), ("sv", entry.swedish), ("en", entry.english))
]
# further languages bring their examples with them; a code that digits or marks have needs none
EXAMPLES += [
    pytest.param(entry, lang, example, id=f"{spell(entry.letter)}-{lang}")
    for lang, vocabulary in VOCABULARIES.items()
    for name, example in table_rows(vocabulary.examples)
    for entry in TABLE
    if entry.letter == NAMES[name]
]


@pytest.mark.parametrize(("entry", "lang", "example"), EXAMPLES)
def test_example_has_its_code(
    entry: CodeRow, lang: Lang, example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code comes out of a scan, before or after words are settled and times masked; or no word has it."""
    if example == NONE:
        assert not any(entry.letter in word.codes for word in VOCABULARIES[lang].forms.values())
        return
    met = [word.codes for word in index(lang).look_up(example)]

    def spy(codes: str, found: TokenRow) -> str:
        met.append(codes)
        return settle(codes, found)

    monkeypatch.setattr(tokens, "settle", spy)
    found = tokens.scan(example, lang)
    met += [found.codes, mask(found, list(frequencies_in(found)))]
    assert any(entry.letter in codes for codes in met), [spell(codes) for codes in met]


def test_further_languages_have_examples_of_their_codes() -> None:
    """A code that a word of the language has is shown by an example."""
    for vocabulary in VOCABULARIES.values():
        if vocabulary.examples:
            shown = {NAMES[name] for name, _ in table_rows(vocabulary.examples)}
            used = {code for word in vocabulary.forms.values() for code in word.codes}
            assert used - shown - {NAMES["FILLER"]} == set()


def test_table_has_every_code_once() -> None:
    """No two codes share a letter, and each has a name."""
    assert sorted(NAMES.values()) == sorted(entry.letter for entry in TABLE)
    assert len(set(NAMES.values())) == len(TABLE)


def test_sample_has_no_other_code() -> None:
    """Whatever planners write, its codes are those of the table."""
    sample = (Path(__file__).parent / "phrases.jsonl").read_text("utf-8").splitlines()
    items = [json.loads(line) for line in sample]
    assert {code for item in items for code in tokens.scan(item["text"], item["lang"]).codes} <= set(
        NAMES.values()
    )


def test_pattern_of_an_unknown_name_is_refused() -> None:
    """A slip in a pattern is found when it is read, not when it matches nothing."""
    with pytest.raises(KeyError, match="MNOTH"):
        pattern("MNOTH YEAR")
