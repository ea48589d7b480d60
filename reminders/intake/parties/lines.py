"""The lines of a responsible cell: which of them begin a party, and which go on with the line above.

A bullet or a capital begins one. A small letter does too where the line above is a whole name by itself and
this one is no rest of a name: "varustamot / vesihuoltolaitos", but "Kaupungin / ympäristöpalvelut". In a cell
that parts its parties by commas a line break is the paper's.
"""

from __future__ import annotations

import re
from collections.abc import Container

from reminders.intake.languages import alternatives
from reminders.intake.parties.joints import GROUPS, HEADS, is_head
from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, without_bullet
from schedule_rules.programme import TextLang
from schedule_rules.reading import fold

# At the end of a line: its item goes on in the next.
_OPEN_END = re.compile(
    r"(?:\b(?:ja|seka|och|samt|and|with|med|of|for|av|the|yhteistyossa|i"
    + alternatives(lambda words: words.open_ends)
    + r")|:)$"
)
_MOST_WORDS = 5
_SHORTEST = 4
_WIDEST = 120
# The ends of words that are no name without what follows: genitives and adjectives.
_UNFINISHED: dict[TextLang, tuple[str, ...]] = {
    "fi": ("n", "iset", "vat", "vät", "muut", "kaikki", "eri"),
    "sv": (
        "s",
        "ska",
        "sk",
        "iga",
        "ig",
        "ala",
        "ella",
        "iva",
        "nde",
        "rda",
        "dra",
        "alla",
        "olika",
        "tliga",
    ),
}
# The ends of words that are a name by themselves, whatever follows: a plural, a definite form.
_FINISHED: dict[TextLang, tuple[str, ...]] = {"fi": ("t",), "sv": ("en", "et", "na")}


def one_line(cell: str, lang: TextLang, known: Container[str]) -> tuple[str, list[tuple[str, str]]]:
    """Return a cell on one line: a break between items as a semicolon, one inside an item as a blank.

    Also the items before and after each break of which it is not sure that it parts two.
    """
    text, above = "", ""
    doubts: list[tuple[str, str]] = []
    has_commas = "," in cell or ";" in cell
    for line in cell.split("\n"):
        if not line.strip():
            continue
        item = squeeze(without_bullet(line))
        begins = is_bullet(line) or (capitalised(item) and text[-1:] not in {",", "-", "&", "/"})
        if text and not begins and not has_commas and _begins_small(above, item, lang, known):
            begins = True
            if not _is_finished(above, lang):
                doubts.append((above, item))
        joint = "; " if begins and not _OPEN_END.search(fold(text[-_WIDEST:])) else " "
        text = f"{text}{joint}{item}" if text else item
        above = (item if joint == "; " else f"{above} {item}".strip())[-_WIDEST:]
    return text, doubts


def _begins_small(above: str, item: str, lang: TextLang, known: Container[str]) -> bool:
    """Tell whether a line that begins with a small letter is a party beside the one above it."""
    words, before = plain_words(item).split(), plain_words(above).split()
    if not words or not before or not item[0].isalpha() or not above[-1].isalpha():
        return False
    if plain_words(item) in known and plain_words(above) in known:
        return True
    if len(words) > _MOST_WORDS or len(before) > _MOST_WORDS or len(words[0]) < _SHORTEST:
        return False
    if _is_finished(above, lang):
        return True
    is_rest = len(words) == 1 and words[0] in HEADS[lang]
    return not is_rest and _may_end(before[-1], above, lang)


def _is_finished(above: str, lang: TextLang) -> bool:
    """Tell whether the form of the last word shows that the name ends with it."""
    last = above.rsplit(maxsplit=1)[-1].casefold()
    return last.endswith(_FINISHED.get(lang, ("\0",))) and not last.endswith(_UNFINISHED[lang])


def _may_end(word: str, above: str, lang: TextLang) -> bool:
    """Tell whether a name may end with a word: a body or a group, or no word that another has to follow."""
    if is_head(word, lang) or word in GROUPS[lang]:
        return not (lang == "fi" and word.endswith("n"))
    if lang in _UNFINISHED:
        return not above.casefold().endswith(_UNFINISHED[lang])
    return lang == "en" and word.endswith("s") and not word.endswith("ss")
