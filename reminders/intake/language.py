"""Which of the three languages a text is in, by its small words, endings and letters.

Damaged print is borne: words are compared without accents. A fourth language is one more row of each table.
"""

from __future__ import annotations

import re
from collections import Counter

from reminders.intake.words import plain_words, word_sets
from schedule_rules.programme import LANGUAGES, Lang

_SMALL = word_sets(
    fi="""
        ja seka on ei kanssa yhteistyossa jatkuva tavoite toimenpide aikataulu vastuutaho mittari maara niihin
        vuosi vuodessa vuosittain kaupungin kunnan palvelut tai joka mukaan myos vuoteen mennessa krt kpl
        toimenpiteet tavoitteet vastuu kumppanit seuranta teema henkilosto uusi uudet tehdaan""",
    sv="""
        och i med for av den det att som till pa samt samarbete fortlopande atgard mal tidtabell ansvarig
        ansvarspart matare antal antalet per ar stadens kommunens ska en ett om vid fran har deltagare
        tidsplan uppfoljning under senast nya alla inom foretag utveckla forbattra genomfora arbete""",
    en="""
        the and of in with for to a an on by at is be will cooperation collaboration continuous goal action
        schedule responsible indicator number annual city new from are all their develop create improve
        increase per year launch department office plan during""",
)
_ENDINGS: dict[Lang, tuple[str, ...]] = {
    "fi": ("minen", "misen", "ssa", "lla", "sta", "iden", "jen", "uus", "inen", "ista", "seen", "kko",
           "elut"),
    "sv": ("ning", "ningen", "heten", "ande", "arna", "erna", "orna", "skap", "tjanst", "servicen"),
    "en": ("ing", "tion", "ions", "ment", "ness", "ity", "ies", "ship"),
}  # fmt: skip
# Letters that hardly occur in the other two languages, by word; they decide only where nothing else does.
_LETTERS: dict[Lang, re.Pattern[str]] = {
    "fi": re.compile(r"aa|ää|ii|uu|yy|öö|uo|yö|äy|öy|kk[aeiouyäö]|nn[aä]|(?:ja|jä|ät|ut|us|ys|sten|jen)$"),
    "sv": re.compile(r"å|sj|skj|ck|ä[rgn]|ö[rd]|tion|(?:ar|or|er|et|ad|de|ens|nden|ska)$"),
    "en": re.compile(r"th|sh|wh|ee|oo|ea|ou|[^aeiou]y$|(?:ed|s|al)$"),
}
_WORD = re.compile(r"\w+")
_SURE = 2.0
# what é was printed for; a café stays
_FOR_A, _FOR_O = re.compile(r"éa|aé"), re.compile(r"(?<!caf)(?:oé|é)(?!er\b)")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_IN_NAMES = "éÉèêëüÜáÁàíóôøØæÆçñßõÕ"
_SIGNS = "–—’‘‚“”„•·…€£§°±×½¼²³«»µ´\u00a0\u00ad"


def likely_language(text: str, otherwise: Lang | None = None) -> Lang:
    """Return the language of ``text``; where its words do not tell, ``otherwise`` or English."""
    points = language_points(text)
    best = max(LANGUAGES, key=lambda lang: points[lang])
    if otherwise is not None:
        return best if points[best] >= points[otherwise] + _SURE else otherwise
    if points[best] > max(points[lang] for lang in LANGUAGES if lang != best) + 1:
        return best
    # Of few words the letters tell too; it is English where nothing does.
    words = _WORD.findall(text[:20_000].casefold())
    for lang in LANGUAGES:
        points[lang] += sum(bool(_LETTERS[lang].search(word)) for word in words) / 2
    return max(("en", "fi", "sv"), key=lambda lang: points[lang])


def language_points(text: str) -> dict[Lang, float]:
    """Return how many signs of each language ``text`` has: one for a small word, half for an ending."""
    counts = Counter(_WORD.findall(plain_words(text[:200_000])))
    points: dict[Lang, float] = {}
    for lang in LANGUAGES:
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
