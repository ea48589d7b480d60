"""Which language a text or a document is in, by its small words, endings and letters.

Damaged print is borne: words are compared without accents. A document is judged by the headings of its
columns and its schedules together with its words, and told from languages that are not read here (Danish is
no Swedish, Russian no English). The signs themselves are in ``language_signs``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reminders.intake.content import ActionDraft, DocumentContent, Table
from reminders.intake.headings import role_of
from reminders.intake.language_signs import SCRIPTS, SIGNS
from reminders.intake.words import plain_words, squeeze
from schedule_rules.programme import LANGUAGES, TextLang
from schedule_rules.reading import READ_LANGUAGES, fold, words_known

_SMALL: Mapping[str, frozenset[str]] = {code: frozenset(one.small.split()) for code, one in SIGNS.items()}
_ENDINGS: Mapping[str, tuple[str, ...]] = {code: tuple(one.endings.split()) for code, one in SIGNS.items()}
# Letters that hardly occur in the other two languages, by word; they decide only where nothing else does.
_LETTERS: dict[TextLang, re.Pattern[str]] = {
    "fi": re.compile(r"aa|ää|ii|uu|yy|öö|uo|yö|äy|öy|kk[aeiouyäö]|nn[aä]|(?:ja|jä|ät|ut|us|ys|sten|jen)$"),
    "sv": re.compile(r"å|sj|skj|ck|ä[rgn]|ö[rd]|tion|(?:ar|or|er|et|ad|de|ens|nden|ska)$"),
    "en": re.compile(r"th|sh|wh|ee|oo|ea|ou|[^aeiou]y$|(?:ed|s|al)$"),
}
_WORD = re.compile(r"\w+")
# "Unit A", "Enhet I": a letter that is a name, no article
_NAMED_LETTER = re.compile(r"\b[A-Z]\b(?! [a-zåäöæøõü])")
_SURE = 2.0
_ALL: Mapping[str, frozenset[str]] = {
    code: frozenset(fold(f"{one.small} {one.more}").split()) for code, one in SIGNS.items()
}
_GROUPS = {code: re.compile(one.letters) for code, one in SIGNS.items() if one.letters}
# what a sign says: a word, an ending, letters; more in a heading or a schedule, which are short
_ENDING_SAYS, _LETTERS_SAY, _KNOWN_SAYS, _IN_SHORT = 0.5, 0.4, 0.5, 2.0
_MOST_SHARING = 3
_LONGEST_HEADING = 60
_FIRST_ROWS = 10
_MOST_TEXT = 100_000
# so many signs more of another language, and so much more of them, make a language that is not read here
_FOREIGN_SIGNS, _FOREIGN_SHARE = 1.0, 1.1
_FEW_SIGNS, _CLEAR_SIGNS = 1.0, 3.0
_SHARE_OF_SCRIPT = 0.4

Sureness = Literal["sure", "likely", "assumed"]
"""How sure the language of a document is: clear, more likely than the next one, hardly a sign of any."""


@dataclass(frozen=True, slots=True)
class LanguageReading:
    """The language that a document is read in, how sure that is, and the one that it seems to be instead.

    ``foreign`` is what a language that is not read here calls itself; nothing where it is ``lang``.
    """

    lang: TextLang
    sureness: Sureness
    foreign: str = ""


def document_language(content: DocumentContent, drafts: Sequence[ActionDraft] = ()) -> LanguageReading:
    """Return the language of a document by its headings, schedules and words; all it has without drafts.

    1. Letters of another script, or many more signs of a language that is not read here: that is said.
    2. Where the words of the actions are clearly of one language, it is that one.
    3. Else headings and schedules count together with them.
    """
    headings = " ".join(_headings(content))
    schedules = " ".join(squeeze(draft.schedule) for draft in drafts)[:_MOST_TEXT]
    words = " ".join(_draft_words(draft) for draft in drafts)[:_MOST_TEXT]
    if not drafts:
        words = " ".join(_all_words(content))[:_MOST_TEXT]
    points = _points(f"{headings} {schedules}", words)
    for lang, known in words_known(schedules).items():
        points[lang] += known * _KNOWN_SAYS
    best, second, *_ = sorted(READ_LANGUAGES, key=lambda lang: -points[lang])
    lang = _clear_language(words) or (
        best if points[best] > points[second] else likely_language(words or headings)
    )
    other = max(points, key=lambda code: points[code])
    if script := _other_script(f"{headings} {words}"):
        return LanguageReading(lang, "assumed", script)
    if other not in READ_LANGUAGES and points[other] > points[best] * _FOREIGN_SHARE + _FOREIGN_SIGNS:
        return LanguageReading(lang, "assumed", SIGNS[other].name)
    if points[lang] < _FEW_SIGNS or points[lang] <= max(points[one] for one in READ_LANGUAGES if one != lang):
        return LanguageReading(lang, "assumed")
    others = max(points[code] for code in points if code != lang)
    return LanguageReading(lang, "sure" if points[lang] >= others + _CLEAR_SIGNS else "likely")


def _clear_language(words: str) -> TextLang | None:
    """Return the language that the words of actions are clearly in, if they are."""
    points = language_points(words)
    first, second, *_ = sorted(READ_LANGUAGES, key=lambda lang: -points[lang])
    return first if points[first] > points[second] + _CLEAR_SIGNS else None


def _draft_words(draft: ActionDraft) -> str:
    return " ".join((*draft.bullets, draft.responsible, draft.indicator, draft.goal))


def _headings(content: DocumentContent) -> Iterator[str]:
    """Yield what may be headings of columns: a table's first row, and rows in which several are known."""
    for table in content.tables:
        for at, row in enumerate(table.rows[:_FIRST_ROWS]):
            cells = [squeeze(cell) for cell in row.cells[:_LONGEST_HEADING] if len(cell) <= _LONGEST_HEADING]
            if at == 0 or sum(role_of(cell) is not None for cell in cells) > 1:
                yield from cells


def _all_words(content: DocumentContent) -> Iterator[str]:
    for block in content.blocks:
        if isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row.cells if cell)
        else:
            yield block.text


def _points(short: str, words: str) -> dict[str, float]:
    """Return how many signs of each language there are; those that several share are shared by them."""
    points = dict.fromkeys(SIGNS, 0.0)
    for text, weight in ((short, _IN_SHORT), (words, 1.0)):
        for word, count in Counter(_WORD.findall(_NAMED_LETTER.sub(" ", text).casefold())).items():
            for code, part in _signs_of(word).items():
                points[code] += part * count * weight
    return points


@lru_cache(maxsize=16384)
def _signs_of(word: str) -> Mapping[str, float]:
    """Return what a word says of each language."""
    found: dict[str, float] = {}
    plain = fold(word)
    kinds = (
        (1.0, [code for code, own in _ALL.items() if plain in own]),
        (_ENDING_SAYS, [code for code, own in _ENDINGS.items() if len(plain) > 5 and plain.endswith(own)]),
        (_LETTERS_SAY, [code for code, own in _GROUPS.items() if own.search(word)]),
    )
    for says, codes in kinds:
        if len(codes) <= _MOST_SHARING or says == 1.0:
            for code in codes:
                found[code] = found.get(code, 0.0) + says / len(codes)
    return found


def _other_script(text: str) -> str:
    """Return the language of a text that is mostly written in other letters than Latin ones, or nothing."""
    letters = Counter(char for char in text[:_MOST_TEXT].casefold() if char.isalpha() and char > "\u02ff")
    total = sum(char.isalpha() for char in text[:_MOST_TEXT])
    if letters.total() <= total * _SHARE_OF_SCRIPT:
        return ""
    return next((name for _, name, own in SCRIPTS if any(letters[char] for char in own)), "?")


# what é was printed for; a café stays
_FOR_A, _FOR_O = re.compile(r"éa|aé"), re.compile(r"(?<!caf)(?:oé|é)(?!er\b)")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_IN_NAMES = "éÉèêëüÜáÁàíóôøØæÆçñßõÕ"
_SIGNS = "–—’‘‚“”„•·…€£§°±×½¼²³«»µ´\u00a0\u00ad"


def own_name(lang: TextLang) -> str:
    """Return what a language calls itself."""
    return SIGNS[lang].name


def likely_language(text: str, otherwise: TextLang | None = None) -> TextLang:
    """Return the language of ``text``; where its words do not tell, ``otherwise`` or English."""
    points = language_points(text)
    best = max(READ_LANGUAGES, key=lambda lang: points[lang])
    if otherwise is not None:
        return best if points[best] >= points[otherwise] + _SURE else otherwise
    if points[best] > max(points[lang] for lang in READ_LANGUAGES if lang != best) + 1:
        return best
    # Of few words the letters tell too; it is English where nothing does.
    words = _WORD.findall(text[:20_000].casefold())
    for lang in LANGUAGES:
        points[lang] += sum(bool(_LETTERS[lang].search(word)) for word in words) / 2
    return max(("en", *READ_LANGUAGES), key=lambda lang: points[lang])


def language_points(text: str) -> dict[TextLang, float]:
    """Return how many signs of each language ``text`` has: one for a small word, half for an ending."""
    counts = Counter(_WORD.findall(plain_words(_NAMED_LETTER.sub(" ", text[:200_000]))))
    points: dict[TextLang, float] = {}
    for lang in READ_LANGUAGES:
        small = sum(count for word, count in counts.items() if word in _SMALL[lang])
        ended = sum(
            count for word, count in counts.items() if len(word) > 5 and word.endswith(_ENDINGS[lang])
        )
        points[lang] = small + ended / 2
    return points


def letters_make_sense(text: str) -> int:
    """Return how far the letters beyond ASCII make words of the three languages; below zero: they do not.

    ä, ö and å stand inside words, their capitals where a word begins or among capitals; é, ü and the like are
    in names, one alone. Another sign inside a word, or one that no keyboard of these languages has, is read
    wrongly.
    """
    points = 0
    for found in _BEYOND_ASCII.finditer(text):
        at = found.start()
        letter, before, after = found[0], text[max(at - 1, 0) : at], text[at + 1 : at + 2]
        inside = before.isalpha() and after.isalpha()
        if any(one > "\x7f" and one.isalpha() and one.lower() not in "äöå" for one in (before, after)):
            points -= 2
        elif letter in "äöå":
            points += 3
        elif letter in "ÄÖÅ":
            points += -3 if before.islower() else 3
        elif letter in _IN_NAMES:
            points += 1
        elif letter in _SIGNS:
            points += -2 if inside and letter not in "’–-" else 0
        else:
            points -= 2
    return points


def looks_damaged(text: str) -> bool:
    """Tell whether a Swedish text lost its å, ä, ö to print: é where ö should be, hardly any of them."""
    letters = Counter(char for char in text.lower() if char in "åäöé")
    return letters["é"] >= 5 and letters["é"] > letters["å"] + letters["ä"] + letters["ö"] // 4


def mend_accents(text: str) -> str:
    """Return a damaged Swedish text with é read as the letter it was mostly printed for."""
    return _FOR_O.sub("ö", _FOR_A.sub("ä", text))
