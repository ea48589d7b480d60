"""The sample of planners' phrases is read right in each language, and not from memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from schedule_rules.programme import LANGUAGES
from schedule_rules.reading import lexicon, normalise, tokens
from schedule_rules.reading.languages import VOCABULARIES
from schedule_rules.reading.tokens import scan
from schedule_rules.reading.typos import skeleton
from schedule_rules.schedule import predict
from tests.schedule_rules.reading import scoring

if TYPE_CHECKING:
    from schedule_rules.programme import TextLang

ITEMS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "phrases.jsonl").read_text("utf-8").splitlines()
]


def missed(items: list[dict[str, Any]], extra: str = "") -> list[str]:
    """Return the texts that are read wrong; ``extra`` blanks keep a reading out of the memo."""
    return [
        item["text"]
        for item in items
        if not scoring.core_is_right(item, predict(normalise(item["text"] + extra, item["lang"])))
    ]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_sample_is_read_right(lang: TextLang) -> None:
    """At least 98 of 100 phrases of each language get the right kind, bounds and frequency."""
    items = [item for item in ITEMS if item["lang"] == lang]
    assert len(missed(items)) <= 0.02 * len(items), missed(items)


def test_no_trap_is_taken_for_a_schedule() -> None:
    """Grades, durations, laws and amounts are never read as a schedule."""
    traps = [item for item in ITEMS if item["role"] == "trap"]
    kinds = [predict(normalise(item["text"], item["lang"]))["kind"] for item in traps]
    assert [kind for kind in kinds if kind not in scoring.NO_SCHEDULE] == []


class Forgetful(lexicon.Index):
    """An index from which every phrase of the sample has been struck out."""

    def __init__(self, lang: TextLang) -> None:
        """Strike out the entries of several words that are a whole phrase of the sample."""
        super().__init__(VOCABULARIES[lang])
        sample = {tuple(skeleton(word) for word in item["text"].split()) for item in ITEMS}
        self.phrases = {
            head: tuple(entry for entry in rests if (head, *entry[0]) not in sample)
            for head, rests in self.phrases.items()
        }
        self.joined = {}


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_nothing_is_memorised(lang: TextLang, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every sample phrase struck from the tables, at least 95 of 100 are still read right."""
    monkeypatch.setattr(tokens, "index", {each: Forgetful(each) for each in VOCABULARIES}.__getitem__)
    items = [item for item in ITEMS if item["lang"] == lang]
    assert len(missed(items, extra="   ")) <= 0.05 * len(items), missed(items, extra="   ")


def test_language_is_found_from_the_words() -> None:
    """Without a language the words decide it, and the dates are those of the stated language."""
    wordings = {
        "vuoden 2025 loppuun mennessä": "fi",
        "senast under hösten 2025": "sv",
        "by the end of 2025": "en",
        "två gånger per år": "sv",
        "Jatkuva": "fi",
    }
    assert {text: scan(text).lang for text in wordings} == wordings
    for lang in LANGUAGES:
        for text in (one for one, known in wordings.items() if known == lang):
            assert predict(normalise(text)) == predict(normalise(text, lang))
