"""A responsible cell as parties: who leads, who takes part, who takes over.

1. What follows "after the project" is a handover.
2. What stands before a word of cooperation leads, what stands after it takes part; without one all lead.
3. Each side is cut at commas, breaks and conjunctions, but not inside a name (``joints``).

The words are data, in three languages. Patterns are for folded text (small letters, no accents), so that
print damage matters less. Which organisation a party is, is left to ``names``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

from reminders.intake.languages import alternatives
from reminders.intake.parties.joints import (
    CONJUNCTIONS,
    HEADS,
    LARGER,
    at_conjunction,
    goes_on,
    is_head,
    is_series,
    known_across,
)
from reminders.intake.parties.lines import one_line
from reminders.intake.words import capitalised, plain_words, squeeze, word_sets
from schedule_rules.programme import TextLang
from schedule_rules.reading import fold

# What stands between leads and partners. A lost blank before or inside is borne.
COOPERATION = re.compile(
    r"""
      (?:(?<!\s)\s+)?(?:[,;(]\s*)?(?:\b|(?<=\w))(?:
        (?:working\ )?in\ (?:close\ |active\ )?
            (?:co-?\s?operation|collaboration|partnership|consultation|conjunction|association|dialogue)\ with
      | together\ with | jointly\ with | with\ (?:the\ )?support\ (?:from|of) | supported\ by | assisted\ by
      | cooperating\ with | in\ co-?\s?operation: | with\ the\ participation\ of
      | (?:(?<=\w)i{1,2}|\bi)\ ?(?:nara\ |tatt\ )?(?:samar\s?bete|samverkan|samrad|dialog|partnerskap)\ ?med
      | tillsammans\ med | med\ (?:medverkan|stod)\ av
    """
    + alternatives(lambda words: words.together)
    + r")\s+",
    re.VERBOSE,
)
# Finnish: what stands between these words and "kanssa" are partners.
COOPERATION_FI = re.compile(
    r"(?:(?<!\s)\s+)?(?:[,;(]\s*)?(?:tiiviissa )?"
    r"(?:yhteistyossa|yhteis tyossa|yhdessa|yht\.?\s?tyossa|kumppanuudessa)(?=[\s:])\s*:?\s*"
)
WITH_FI = re.compile(r"(?<!\s)\s+kanssa\b[.)]?\s*")
# Labels inside a cell: "Partners: ...".
LABEL_PARTNERS = re.compile(
    r"(?:[;.,(\n]\s*|(?<!\s)\s+|)\b(?:partners?|cooperation|co-?operation partners?|supporting|support"
    r"|kumppanit?|yhteistyokumppanit?|yhteistyotahot?|yhteistyo|muut|mukana"
    r"|samarbetspart(?:er|ners?)?|samarbete|samverkan|medverkande|ovriga"
    + alternatives(lambda words: words.partner_labels)
    + r")\s*:\s*"
)
LABEL_LEADS = re.compile(
    r"^\s*(?:lead|leads|responsible|main responsibility|vastuu|vastuutaho|paavastuu|ansvarig|ansvariga"
    r"|huvudansvar|ansvar" + alternatives(lambda words: words.lead_labels) + r")\s*:\s*"
)
HANDOVER = re.compile(
    r"""
    (?:(?<!\s)\s+)?(?:[,;]\s*)?\b(?:(?:and|ja|och|then|sitten|sedan)\s+)?
    (?P<when>
        after\ (?:the\ )?(?:project|pilot)(?:\ (?:phase|period|ends|has\ ended))?
      | (?:once|when)\ the\ project\ (?:ends|has\ ended)
      | (?:hankkeen|projektin|pilotin)\ (?:jalkeen|paatyttya)
      | efter\ (?:projektet|projektets\ slut|piloten)
    """
    + alternatives(lambda words: words.after_project)
    + r"""
      | (?:after|from|efter|fran\ och\ med|fr\.o\.m\."""
    + alternatives(lambda words: words.from_year)
    + r""")\ (?P<year>20\d\d)(?:\ onwards)?
      | vuodesta\ (?P<fi>20\d\d)\ (?:alkaen|lahtien)
    )\s*[,:]?\s+
    """,
    re.VERBOSE,
)
MORE = re.compile(
    r"(?:[,;]\s*|(?<!\s)\s+|)\b(?:m\.?\s?fl\.?|m\.?\s?m\.?|ym\.?|jne\.?|etc\.?|among others|and others|osv\.?"
    r"|with others" + alternatives(lambda words: words.more) + r")\s*$"
)

# Plural kinds before the names of some: "Institutions Alma, Efo" names Alma and Efo.
KINDS = word_sets(
    fi="jarjestot koulut oppilaitokset seurat yhdistykset yritykset",
    sv="foreningar foreningarna laroanstalter laroanstalterna organisationer skolor skolorna",
    en="associations colleges companies institutions organisations organizations",
    further=lambda words: words.kinds,
)
# Words of indicators, which no party's name has.
_COUNTING = re.compile(
    r"\b(?:number|numbers|share|amount|percentage|percent|proportion|maara|osuus|lukumaara|antal|antalet|andel|andelen"
    r"|carried out|realised|completed|toteutuneet|genomforda|created|launched|done|developed|implemented"
    r"|is|are|has|have|been|be|was|were|will|on|ovat|ole|har|ska|skall|blir"
    + alternatives(lambda words: words.counting)
    + r")\b|[%:]"
)
_WAITING = frozenset("-–—")
_SIGNS = frozenset("&+")
_LONGEST_PARTY = 14
_LONGEST_CELL = 40


@dataclass(frozen=True, slots=True)
class DoubtfulCut:
    """Two pieces of a cell of which it is not sure whether they are one party or two."""

    before: str
    after: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties as printed; ``takers`` follow the first lead at ``when`` (words), from ``year`` on if named."""

    leads: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    takers: tuple[str, ...] = ()
    when: str = ""
    year: int | None = None
    doubts: tuple[DoubtfulCut, ...] = ()


def split_parties(cell: str, lang: TextLang, known: Container[str] = frozenset()) -> Parties:
    """Return the parties of a cell; ``known`` are plain names that are one party whatever they hold."""
    text, broken = one_line(cell, lang, known)
    doubts = [DoubtfulCut(before, after, is_cut=True) for before, after in broken]
    leads_end, partners_at = _cooperation(text) or (len(text), len(text))
    leads, partners, takers, when, year = text[:leads_end], text[partners_at:], "", "", None
    if handover := HANDOVER.search(_fold(leads)):
        when, takers = leads[handover.start() :].strip(" ,;"), leads[handover.end() :]
        leads = leads[: handover.start()]
        if written := handover["year"] or handover["fi"]:
            year = int(written) + (1 if handover["when"].startswith(("after", "efter")) else 0)
    if label := LABEL_LEADS.match(_fold(leads)):
        leads = leads[label.end() :]
    # Partners may have further words of cooperation, and in Finnish one after them.
    for pattern in (WITH_FI, COOPERATION, LABEL_PARTNERS):
        partners = _with_commas(partners, pattern)
    return Parties(
        leads=tuple(_names(leads, lang, known, doubts)),
        partners=tuple(_names(partners, lang, known, doubts)),
        takers=tuple(_names(takers, lang, known, doubts)),
        when=when,
        year=year,
        doubts=tuple(dict.fromkeys(doubts)),
    )


def _with_commas(text: str, pattern: re.Pattern[str]) -> str:
    """Return a text with a comma in the place of each match; what follows a comma may match again."""
    folded, at = _fold(text), 0
    while found := pattern.search(folded, at):
        start, rest = found.start(), text[found.end() :].strip()
        if not rest:
            return text[:start]
        end = len(text.rstrip())
        folded = f"{folded[:start]}, {folded[end - len(rest) : end]}"
        text, at = f"{text[:start]}, {rest}", max(0, start - 1)
    return text


def split_names(cell: str, lang: TextLang, known: Container[str] = frozenset()) -> tuple[str, ...]:
    """Return the parties of a cell that holds one side only, such as a column of partners."""
    found = split_parties(cell, lang, known)
    return tuple(dict.fromkeys((*found.leads, *found.partners)))


def looks_like_parties(text: str, lang: TextLang) -> bool:
    """Tell whether loose words name parties: they have words of cooperation, or heads of names."""
    words = squeeze(text)
    names = split_names(words, lang)
    if not names or _COUNTING.search(_fold(words)) or len(words.split()) > _LONGEST_CELL:
        return False
    if _cooperation(words):
        return capitalised(words)
    if not capitalised(names[0]) or words[-1] == ".":
        return False
    plain = [plain_words(name).split() for name in names]
    fit = all(0 < len(name) <= _LONGEST_PARTY for name in plain)
    return fit and any(is_head(word, lang) for name in plain for word in name[-3:])


def names_handover(text: str) -> bool:
    """Tell whether words speak of somebody who takes over later."""
    return HANDOVER.search(plain_words(text) + " ") is not None


def is_complete_name(text: str, lang: TextLang) -> bool:
    """Tell whether the last word names a kind of organisation, so that nothing is missing after it."""
    bare = re.sub(r"\s*\([^()]*\)$", "", text)
    return is_head((plain_words(bare).split() or [""])[-1], lang)


def _fold(text: str) -> str:
    """Return a text folded letter by letter, its length unchanged."""
    return text.lower() if text.isascii() else "".join(map(_fold_letter, text))


@lru_cache(maxsize=2048)
def _fold_letter(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char.lower() if len(char.lower()) == 1 else char


def _cooperation(text: str) -> tuple[int, int] | None:
    """Return where the first words of cooperation begin and end: leads stand before, partners after."""
    folded = _fold(text)
    patterns = (COOPERATION, COOPERATION_FI, LABEL_PARTNERS)
    found = [match.span() for pattern in patterns if (match := pattern.search(folded))]
    return min(found, key=lambda span: span[0], default=None)


# -- one side cut into names ---------------------------------------------------------------


def _names(text: str, lang: TextLang, known: Container[str], doubts: list[DoubtfulCut]) -> Iterator[str]:
    """Yield the parties of one side; what is not sure is added to ``doubts``."""
    if more := MORE.search(_fold(text)):
        text = text[: more.start()]
    seen = set()
    pieces = _pieces(text, lang, known)
    for at, piece in enumerate(pieces):
        in_list = at > 0 and not _conjunction(lang).search(_fold(pieces[at - 1]))
        found = _at_conjunctions(piece, lang, known, in_list=in_list, goes_on=at + 1 < len(pieces))
        for party, doubt in found:
            if doubt:
                doubts.append(DoubtfulCut(_bare(doubt.before), _bare(doubt.after), doubt.is_cut))
            name = _bare(party)
            if name and plain_words(name) and name not in seen:
                seen.add(name)
                yield name


def _bare(party: str) -> str:
    """Return a party without the punctuation and the conjunction around it."""
    name = party.strip(" \t,;:.–—/").removeprefix("- ").strip()
    if name.count("(") != name.count(")"):
        name = name.strip("()")
    return re.sub(r"^(?:and|och|samt|ja|sekä|&|\+)\s+", "", name, flags=re.IGNORECASE).strip()


def _pieces(text: str, lang: TextLang, known: Container[str]) -> list[str]:
    """Return the pieces between commas, but those of one name together and without a kind before names."""
    pieces: list[str] = []
    for part in _at_marks(text, ";"):
        if part.strip():
            pieces += _of_part(list(_at_marks(part, ",")), lang, known, is_item=";" in text)
    # "Institutions Alma, Efo" names Alma and Efo.
    kind, *first = (pieces[0].split() if pieces else []) or [""]
    has_names = len(pieces) > 1 and bool(first) and plain_words(kind) in KINDS[lang] and capitalised(first[0])
    if has_names and not set(map(plain_words, first)) & HEADS[lang]:
        pieces[0] = " ".join(first)
    return pieces


def _of_part(found: list[str], lang: TextLang, known: Container[str], *, is_item: bool) -> list[str]:
    """Return the pieces between commas of what stands between semicolons, those of one name together.

    ``is_item``: semicolons part the parties of the cell, so that commas may stand inside a name.
    """
    if len(found) > 1 and lang == "en" and is_series(found, known, is_item=is_item):
        return [",".join(found)]
    pieces: list[str] = []
    at = 0
    while at < len(found):
        count = known_across(found[at:], known)
        piece = ",".join(found[at : at + count])
        if pieces and count == 1 and goes_on(pieces[-1], piece, lang, known):
            pieces[-1] += "," + piece
        else:
            pieces += _at_slash(piece, known) if count == 1 else [piece]
        at += count
    return pieces


def _at_marks(text: str, mark: str) -> Iterator[str]:
    """Yield what stands between marks, outside of brackets; a slash between blanks is a comma."""
    depth = start = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        slash = mark == "," and char == "/" and text[at - 1 : at] == " " and text[at + 1 : at + 2] == " "
        if depth <= 0 and (char == mark or slash):
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _at_slash(piece: str, known: Container[str]) -> list[str]:
    """Return the two sides of a slash, where both stand elsewhere; else the piece whole."""
    sides = piece.split("/")
    return sides if len(sides) > 1 and all(plain_words(side) in known for side in sides) else [piece]


@lru_cache(maxsize=8)
def _conjunction(lang: TextLang) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in CONJUNCTIONS[lang])
    return re.compile(rf"\s(?:{words})\s")


def _at_conjunctions(
    piece: str, lang: TextLang, known: Container[str], *, in_list: bool, goes_on: bool
) -> Iterator[tuple[str, DoubtfulCut | None]]:
    """Yield the parties of a piece, each with the doubt at its end.

    A piece is cut at each conjunction that does not stand inside a name.
    """
    start = 0
    folded = _fold(piece)
    cuts = list(_conjunction(lang).finditer(folded))
    inside: DoubtfulCut | None = None
    words = set[str]()
    for at, found in enumerate(cuts):
        ends = (one.start() for one in cuts[at + 1 :] if folded[one.start() - 1] not in _WAITING)
        before, after = piece[start : found.start()], piece[found.end() : next(ends, None)]
        if "(" in before and before.count("(") > before.count(")"):
            continue
        word = found[0].strip()
        larger = bool(words) and word not in words and (word in LARGER or words <= _SIGNS)
        joint = at_conjunction(before, after, lang, known, in_list=in_list, goes_on=goes_on, larger=larger)
        doubt = None if joint.is_sure else DoubtfulCut(before, after, is_cut=not joint.is_inside)
        if joint.is_inside:
            inside = inside or doubt
            words.add(word)
            continue
        yield before, doubt or inside
        start, inside, words = found.end(), None, set()
    yield piece[start:], inside
