"""A responsible cell as parties: who leads, who takes part, who takes over.

1. What follows "after the project" is a handover.
2. What stands before a word of cooperation leads, what stands after it takes
   part; without one all lead.
3. Each side is cut at commas, breaks and conjunctions, but not inside a name.

The words are kept in ``party_words``; which organisation a party is, is left
to ``organisations``.

One side of a responsible cell cut into names: at commas and conjunctions, but not inside a name.

Which words end the leads and begin the partners is left to ``parties``; the
words themselves are kept in ``party_words``.

The words of responsible cells in three languages, as data: cooperation, handover, kinds of organisation.

How they cut a cell into parties is left to ``parties``. Patterns are for
folded text (small letters, no accents), so that print damage matters less.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, without_bullet
from schedule_rules.programme import Lang
from schedule_rules.reading import fold

# -- The words of responsible cells in three languages, as data: cooperation, handover, kinds o

# What stands between leads and partners. A lost blank before or inside is borne.
COOPERATION = re.compile(
    r"""
      \s*[,;(]?\s*(?:\b|(?<=\w))(?:
        (?:working\ )?in\ (?:close\ |active\ )?
            (?:co-?\s?operation|collaboration|partnership|consultation|conjunction|association|dialogue)\ with
      | together\ with | jointly\ with | with\ (?:the\ )?support\ (?:from|of) | supported\ by | assisted\ by
      | cooperating\ with | in\ co-?\s?operation: | with\ the\ participation\ of
      | (?:(?<=\w)i{1,2}|\bi)\ ?(?:nara\ |tatt\ )?(?:samar\s?bete|samverkan|samrad|dialog|partnerskap)\ ?med
      | tillsammans\ med | med\ (?:medverkan|stod)\ av
      )\s+
    """,
    re.VERBOSE,
)
# Finnish: what stands between these words and "kanssa" are partners.
COOPERATION_FI = re.compile(
    r"\s*[,;(]?\s*(?:tiiviissa )?"
    r"(?:yhteistyossa|yhteis tyossa|yhdessa|yht\.?\s?tyossa|kumppanuudessa)(?=[\s:])\s*:?\s*"
)
WITH_FI = re.compile(r"\s+kanssa\b[.)]?\s*")
# Labels inside a cell: "Partners: ...".
LABEL_PARTNERS = re.compile(
    r"[;.,(\n]?\s*\b(?:partners?|cooperation|co-?operation partners?|supporting|support"
    r"|kumppanit?|yhteistyokumppanit?"
    r"|yhteistyotahot?|yhteistyo|muut|mukana|samarbetspart(?:er|ners?)?|samarbete|samverkan"
    r"|medverkande|ovriga)\s*:\s*"
)
LABEL_LEADS = re.compile(
    r"^\s*(?:lead|leads|responsible|main responsibility|vastuu|vastuutaho|paavastuu|ansvarig|ansvariga"
    r"|huvudansvar"
    r"|ansvar)\s*:\s*"
)
HANDOVER = re.compile(
    r"""
    \s*[,;]?\s*\b(?:(?:and|ja|och|then|sitten|sedan)\s+)?
    (?P<when>
        after\ (?:the\ )?(?:project|pilot)(?:\ (?:phase|period|ends|has\ ended))?
      | (?:once|when)\ the\ project\ (?:ends|has\ ended)
      | (?:hankkeen|projektin|pilotin)\ (?:jalkeen|paatyttya)
      | efter\ (?:projektet|projektets\ slut|piloten)
      | (?:after|from|efter|fran\ och\ med|fr\.o\.m\.)\ (?P<year>20\d\d)(?:\ onwards)?
      | vuodesta\ (?P<fi>20\d\d)\ (?:alkaen|lahtien)
    )\s*[,:]?\s+
    """,
    re.VERBOSE,
)
CONJUNCTIONS: Mapping[Lang, tuple[str, ...]] = {
    "fi": ("ja", "seka", "&", "+"),
    "sv": ("och", "samt", "&", "+"),
    "en": ("and", "&", "+", "as well as"),
}
MORE = re.compile(
    r"[,;]?\s*\b(?:m\.?\s?fl\.?|m\.?\s?m\.?|ym\.?|jne\.?|etc\.?|among others|and others"
    r"|osv\.?|with others)\s*$"
)

# The heads of organisations' names. A word that *ends* so (fi, sv) or *is* so (en) names one.
_HEADS: Mapping[Lang, str] = {
    "fi": (
        "palvelut|palveluiden|palvelujen|yksikko|yksikon|toimi|toimen|toimiala|toimialan|toimialat|"
        "virasto|viraston|neuvosto|neuvoston|hallitus|hallituksen|valtuusto|valtuuston|keskus|"
        "keskuksen|verkosto|verkoston|toimijat|toimijoiden|yhdistykset|yhdistysten|yhdistys|"
        "yhdistyksen|organisaatio|organisaatiot|organisaatioiden|ekosysteemi|ekosysteemin|toimisto|"
        "toimiston|lautakunta|lautakunnan|kaupunki|kaupungin|kunta|kunnan|kunnat|liitto|liiton|ry|"
        "oy|oyj|ab|hallintokunnat|hallintokuntien|opetus|opetuksen|kirjasto|kirjaston|ministerio|"
        "ministerion|johto|johtoryhma|tyoryhma|ryhma|tiimi|osasto|osaston|oppilaitokset|"
        "oppilaitosten|koulut|koulujen|koulu|opisto|opiston|neuvojat|koordinaattori|paallikko|"
        "johtaja|alue|alueen|seurat|seurojen|jarjestot|jarjestojen|hankkeet|hankkeiden|hanke|"
        "hankkeen|viestinta|viestinnan|konserni|museo|museon|laitos|yhteisot|rakennuttajat|"
        "sijoittajat|asiantuntijat|jasenet|jasenten|saatio|saation|kylat|yrittajat|toiminta|"
        "hyvinvointialue|korkeakoulu|korkeakoulut|korkeakoulujen|yliopisto|yliopiston|vastaavat|"
        "tyo|yritykset"
    ),
    "sv": (
        "servicen|service|enheten|enhet|sektorn|sektor|namnden|namnd|styrelsen|styrelse|radet|rad|"
        "centret|centrum|centralen|natverket|natverk|tjansterna|tjansten|tjanster|organisationen|"
        "organisationer|organisationerna|foreningarna|foreningar|foreningen|forening|forvaltningen|"
        "forvaltningar|forvaltning|stad|staden|kommunen|kommun|kommuner|forbundet|forbund|verket|"
        "verk|byran|byra|avdelningen|avdelning|rf|ab|aktorer|aktorerna|systemet|ekosystem|"
        "fullmaktige|skolan|skolor|skola|utbildning|utbildningen|utbildningsaktorer|laroanstalter|"
        "laroanstalterna|hogskolor|universitet|biblioteket|ministeriet|museet|teamet|gruppen|"
        "chefen|direktoren|samordnaren|projekt|projekten|projektet|kommunikationen|myndigheter|"
        "myndigheten|regionen|regioner|region|radgivarna|investerare|byggherrar|sammanslutningar|"
        "sakkunniga|medlemmar|foretag|bolag|bolaget|kontoret|omradet|forlaggningen|stiftelsen|"
        "institutet|verksamhet|arbete|kansliet"
    ),
    "en": (
        "services|service|unit|units|department|departments|division|divisions|office|offices|"
        "board|council|committee|centre|center|centres|association|associations|sector|sectors|"
        "agency|agencies|ministry|network|institution|institutions|school|schools|team|city|"
        "municipality|ecosystem|organisation|organisations|organization|organizations|resources|"
        "operators|advisers|advisors|college|colleges|university|universities|library|libraries|"
        "museum|institute|company|companies|administration|authority|authorities|group|programme|"
        "project|projects|officer|manager|director|coordinator|region|district|police|museums|"
        "clubs|communities|constructors|investors|members|providers|experts|education|"
        "communication|communications|mayor|commission|bureau|directorate|foundation|trust|"
        "partners|partner|bodies|enterprises|utility"
    ),
}
HEADS: Mapping[Lang, frozenset[str]] = {lang: frozenset(text.split("|")) for lang, text in _HEADS.items()}

# Heads under which others may stand: "Social Services and Health Care Division" is one.
_UPPER_HEADS: Mapping[Lang, str] = {
    "fi": (
        "jaosto keskus lautakunnan lautakunta ministerio ministerion osasto osaston palveluiden "
        "palvelujen palvelut toimen toimi toimiala toimialan valiokunta virasto viraston yksikko "
        "yksikon"
    ),
    "sv": "avdelningen enheten forvaltningen kontoret ministeriet namnden sektorn tjansterna",
    "en": "board committee department directorate division ministry sector unit",
}
UPPER_HEADS: Mapping[Lang, frozenset[str]] = {
    lang: frozenset(text.split()) for lang, text in _UPPER_HEADS.items()
}
# Fields of a city's work: before "and" or "ja" they belong to the name that follows or stands before.
_FIELDS: Mapping[Lang, str] = {
    "fi": (
        "kasvatuksen kasvatus koulutuksen koulutus kulttuurin kulttuuri vapaa-ajan liikunnan "
        "liikunta nuorison ympariston ymparisto sosiaali sosiaalin terveyden terveys opetuksen "
        "opetus tyon tyollisyyden maankayton asumisen rakentamisen elinkeinojen talouden hallinnon "
        "kaupunkikehityksen"
    ),
    "sv": (
        "kultur fritid utbildning utbildnings bildnings social halso miljo byggnads arbete naring "
        "sysselsattning"
    ),
    "en": (
        "youth culture cultural sport sports education educational health social urban planning "
        "housing environment environmental leisure immigration employment finance financial "
        "purchasing procurement land traffic transport transportation energy water waste economic "
        "economy legal research statistics marketing training early primary secondary higher upper "
        "vocational basic family children adult elderly rescue safety security equality diversity "
        "integration innovation business communication communications library recreation parks "
        "building construction real climate digital information technology property tourism food "
        "public rural arts art performance human resources work participation citizen citizenship "
        "development"
    ),
}
FIELDS: Mapping[Lang, frozenset[str]] = {lang: frozenset(text.split()) for lang, text in _FIELDS.items()}
# Pairs that are one party.
PAIRS = frozenset(
    {
        ("universitet", "hogskolor"), ("universities", "colleges"), ("colleges", "universities"),
        ("universities", "research institutes"), ("children", "young people"), ("barn", "unga"),
        ("lapset", "nuoret"), ("lasten", "nuorten"), ("parks", "recreation"), ("forskola", "skola"),
        ("yliopistot", "korkeakoulut"), ("day care", "schools"),
    }
)  # fmt: skip
# Plural kinds before the names of some: "Institutions Alma, Efo" names Alma and Efo.
_KINDS: Mapping[Lang, str] = {
    "fi": "jarjestot koulut oppilaitokset seurat yhdistykset yritykset",
    "sv": "foreningar foreningarna laroanstalter laroanstalterna organisationer skolor skolorna",
    "en": "associations colleges companies institutions organisations organizations",
}
KINDS: Mapping[Lang, frozenset[str]] = {lang: frozenset(text.split()) for lang, text in _KINDS.items()}


# -- One side of a responsible cell cut into names: at commas and conjunctions, but not inside


def fold_all(text: str) -> str:
    """Return a text folded letter by letter, its length kept."""
    return "".join(_fold_letter(char) for char in text)


@lru_cache(maxsize=2048)
def _fold_letter(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char.lower() if len(char.lower()) == 1 else char


def cut_names(text: str, lang: Lang, known: frozenset[str]) -> Iterator[str]:
    """Yield the parties of one side."""
    seen = set()
    text = _without_more(text)
    for piece in _kind_taken_off(_rejoined(list(_at_commas(text)), lang), lang):
        for party in _at_conjunctions(piece, lang, known):
            name = _clean(party)
            if name and plain_words(name) and name not in seen:
                seen.add(name)
                yield name


def _without_more(text: str) -> str:
    """Return a list of parties without its "and others"."""
    found = MORE.search(fold_all(text))
    return text[: found.start()] if found else text


def _clean(party: str) -> str:
    """Return a name without the punctuation and conjunction around it."""
    name = party.strip(" \t,;:.–—/").removeprefix("- ").strip()
    if name.count("(") != name.count(")"):
        name = name.strip("()")
    return re.sub(r"^(?:and|och|samt|ja|sekä|&|\+)\s+", "", name, flags=re.IGNORECASE).strip()


def _at_commas(text: str) -> Iterator[str]:
    """Yield the pieces between commas, semicolons and spaced slashes outside brackets."""
    depth = start = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        slash = char == "/" and text[at - 1 : at] == " " and text[at + 1 : at + 2] == " "
        if depth <= 0 and (char in ",;" or slash):
            yield text[start:at]
            start = at + 1
    yield text[start:]


_LISTED = re.compile(r"\b(?:departments|units|divisions|offices|heads|representatives) of\b")


def _rejoined(pieces: list[str], lang: Lang) -> list[str]:
    """Join pieces of one name: "the Division's Communications, Marketing and Development Services"."""
    joined = pieces[:1]
    for piece in pieces[1:]:
        left, right = plain_words(joined[-1]).split(), plain_words(piece).split()
        possessed = re.search(r"['’]s?\s", joined[-1]) and left[-1] in FIELDS[lang]
        listed = (
            lang == "en"
            and _LISTED.search(plain_words(joined[-1]))
            and not capitalised(piece)
            and len(right) < 4
        )
        if listed or (possessed and right and right[0] in FIELDS[lang]):
            joined[-1] += "," + piece
        else:
            joined.append(piece)
    return joined


def _kind_taken_off(pieces: list[str], lang: Lang) -> list[str]:
    """Take a plural kind off the first of several names: "Institutions Alma, Efo"."""
    first = pieces[0].split()
    named = len(pieces) > 1 and len(first) > 1 and plain_words(first[0]) in KINDS[lang]
    if named and capitalised(first[1]) and not set(map(plain_words, first[1:])) & HEADS[lang]:
        return [" ".join(first[1:]), *pieces[1:]]
    return pieces


@lru_cache(maxsize=8)
def _conjunction(lang: Lang) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in CONJUNCTIONS[lang])
    return re.compile(rf"\s(?:{words})\s")


def _at_conjunctions(piece: str, lang: Lang, known: frozenset[str]) -> Iterator[str]:
    """Yield the parties of a piece: cut at each conjunction that does not stand inside a name."""
    start = 0
    for found in _conjunction(lang).finditer(fold_all(piece)):
        before, after = piece[start : found.start()], piece[found.end() :]
        if "(" in before and before.count("(") > before.count(")"):
            continue
        following = _conjunction(lang).split(fold_all(after), maxsplit=1)[0]
        if not _one_name(before, after[: len(following)], lang, known):
            yield before
            start = found.end()
    yield piece[start:]


def _one_name(before: str, after: str, lang: Lang, known: frozenset[str]) -> bool:
    """Tell whether a conjunction stands inside one name."""
    left, right = plain_words(before).split(), plain_words(after).split()
    if not left or not right or (lang == "en" and _LISTED.search(" ".join(left))):
        return True
    if " ".join((*left, lang_and(lang), *right)) in known or _hangs(before) or _is_adjective(left, lang):
        return True
    if " ".join(left) in known or " ".join(right) in known:
        return False
    pair = (" ".join(left), " ".join(right))
    return pair in PAIRS or _shares_head(left, right, lang) or _possessed(before, after)


# What begins a party of its own after a conjunction.
_DETERMINERS = frozenset(
    ("the", "other", "all", "possible", "local", "various", "different", "muut", "muiden", "andra", "ovriga")
)
_ADJECTIVES = ("al", "ive", "ary", "ic")
_COMPARATIVES = frozenset(("higher", "upper", "lower"))


def lang_and(lang: Lang) -> str:
    """Return the usual conjunction of a language, folded."""
    return CONJUNCTIONS[lang][0]


def _is_adjective(left: list[str], lang: Lang) -> bool:
    """Tell whether one English word waits for its noun: "higher and secondary education institutions"."""
    alone = lang == "en" and len(left) == 1 and left[0] not in HEADS[lang]
    return alone and (left[0].endswith(_ADJECTIVES) or left[0] in _COMPARATIVES)


def _hangs(before: str) -> bool:
    """Tell whether a word waits for its end: "kulttuuri- ja kirjastopalvelut"."""
    return before.rstrip()[-1:] in {"-", "–", "—"}


def is_head(word: str, lang: Lang) -> bool:
    """Tell whether a word names a kind of organisation; in Finnish and Swedish its end does."""
    if word in HEADS[lang]:
        return True
    return lang != "en" and any(word.endswith(head) for head in HEADS[lang] if len(head) > 3)


def _shares_head(left: list[str], right: list[str], lang: Lang) -> bool:
    """Tell whether the name of a kind after the conjunction belongs to both sides."""
    if right[0] in _DETERMINERS:
        return False
    heads = [word for word in right if is_head(word, lang)]
    fields = FIELDS[lang]
    if lang == "en" and heads and left[-1].endswith(_ADJECTIVES) and left[-1] not in HEADS[lang]:
        return True
    if left[-1] in fields and (heads or right[-1] in fields):
        return lang != "sv" or bool(heads)
    upper = next((word for word in reversed(right) if word in UPPER_HEADS[lang]), "")
    if lang == "en" and upper and left[-1] in {"services", "affairs"} and right[0] in fields:
        return left[0] in {"the", "social"} and len(right) > 1
    return (
        lang == "fi"
        and len(left) == 1
        and left[0].endswith("n")
        and right[-1] in UPPER_HEADS[lang]
        and (not is_head(left[0], lang) and len(right) > 1)
    )


def _possessed(before: str, after: str) -> bool:
    """Tell whether both are parts of one proper name: "Sveriges Kommuner och Regioner"."""
    words, single = before.split(), after.split()
    genitive = len(words) == 2 and words[0].endswith("s") and capitalised(words[0]) and capitalised(words[1])
    return genitive and len(single) == 1 and capitalised(single[0])


# -- A responsible cell as parties: who leads, who takes part, who takes over


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties as printed; ``takers`` follow the first lead at ``when`` (words), from ``year`` on if named."""

    leads: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    takers: tuple[str, ...] = ()
    when: str = ""
    year: int | None = None


def split_parties(cell: str, lang: Lang, known: Collection[str] = ()) -> Parties:
    """Return the parties of a cell; ``known`` are plain names that are one party whatever they hold."""
    names = frozenset(known)
    text = _lined(cell)
    folded = fold_all(text)
    middle = _first_cut(folded)
    lead_end, partner_at = middle or (len(text), len(text))
    lead_text, partner_text = text[:lead_end], text[partner_at:]
    moved = HANDOVER.search(fold_all(lead_text))
    year = _year(moved)
    takers = lead_text[moved.end() :] if moved else ""
    when = text[moved.start() : lead_end].strip(" ,;") if moved else ""
    lead_text = lead_text[: moved.start()] if moved else lead_text
    label = LABEL_LEADS.match(fold_all(lead_text))
    return Parties(
        leads=tuple(cut_names(lead_text[label.end() if label else 0 :], lang, names)),
        partners=tuple(cut_names(_without_with(partner_text), lang, names)),
        takers=tuple(cut_names(takers, lang, names)),
        when=when,
        year=year,
    )


def split_names(cell: str, lang: Lang, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the parties of a cell that holds one side only, such as a column of partners."""
    found = split_parties(cell, lang, known)
    return tuple(dict.fromkeys((*found.leads, *found.partners)))


def has_cooperation(text: str) -> bool:
    """Tell whether a text has words of cooperation."""
    return _first_cut(fold_all(squeeze(text))) is not None


def _lined(cell: str) -> str:
    """Return a cell on one line: a break between items as a semicolon, one inside an item as a blank."""
    lines = [line for line in cell.split("\n") if line.strip()]
    text = ""
    for line in lines:
        item = squeeze(without_bullet(line))
        parted = is_bullet(line) or (capitalised(item) and text[-1:] not in {",", "-", "&", "/"})
        joint = "; " if parted and not _open_ended(text) else " "
        text = f"{text}{joint}{item}" if text else item
    return text


_OPEN = re.compile(r"(?:\b(?:ja|seka|och|samt|and|with|med|of|for|av|the|yhteistyossa|i)|:)$")


def _open_ended(text: str) -> bool:
    return bool(_OPEN.search(fold_all(text)))


def _year(moved: re.Match[str] | None) -> int | None:
    """Return the year from which a handover holds, where it names one."""
    if moved is None:
        return None
    written = moved["year"] or moved["fi"]
    if not written:
        return None
    return int(written) + (1 if moved["when"].startswith(("after", "efter")) else 0)


def _first_cut(folded: str) -> tuple[int, int] | None:
    """Return where the leads end and the partners begin."""
    found = [
        match
        for pattern in (COOPERATION, COOPERATION_FI, LABEL_PARTNERS)
        if (match := pattern.search(folded))
    ]
    first = min(found, key=lambda match: match.start(), default=None)
    if first is None:
        return None
    return first.start(), first.end()


def _without_with(text: str) -> str:
    """Return partners without the Finnish word after them and without further words of cooperation."""
    folded = fold_all(text)
    for pattern in (WITH_FI, COOPERATION, LABEL_PARTNERS):
        while found := pattern.search(folded):
            rest = text[found.end() :].strip()
            text = f"{text[: found.start()]}, {rest}" if rest else text[: found.start()]
            folded = fold_all(text)
    return text


# -- is it a party at all ----------------------------------------------------------

_COUNTING = re.compile(
    r"\b(?:number|numbers|share|amount|percentage|percent|proportion|maara|osuus|lukumaara|antal|antalet|andel|andelen"
    r"|carried out|realised|completed|toteutuneet|genomforda|created|launched|done|developed|implemented"
    r"|is|are|has|have|been|be|was|were|will|on|ovat|ole|har|ska|skall|blir)\b|[%:]"
)
_LONGEST_PARTY = 14
_LONGEST_CELL = 40


def looks_like_parties(text: str, lang: Lang, seen: Collection[str] = ()) -> bool:
    """Tell whether loose words name parties: words of cooperation, a name seen before, heads of names."""
    words = squeeze(text)
    names = split_names(words, lang)
    if not names or _COUNTING.search(fold_all(words)) or len(words.split()) > _LONGEST_CELL:
        return False
    if has_cooperation(words) or any(plain_words(name) in seen for name in names):
        return capitalised(words)
    short = capitalised(names[0]) and words[-1] != "." and all(map(_is_short, names))
    return short and any(_has_head(name, lang) for name in names)


def _is_short(name: str) -> bool:
    return 0 < len(plain_words(name).split()) <= _LONGEST_PARTY


def _has_head(name: str, lang: Lang) -> bool:
    return any(is_head(word, lang) for word in plain_words(name).split()[-3:])


def is_complete_name(text: str, lang: Lang) -> bool:
    """Tell whether the last word names a kind of organisation, so that nothing is missing after it."""
    bare = re.sub(r"\s*\([^()]*\)$", "", text)
    return is_head((plain_words(bare).split() or [""])[-1], lang)
