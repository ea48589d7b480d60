"""A responsible cell as parties: who leads, who takes part, who takes over.

1. What follows "after the project" is a handover.
2. What stands before a word of cooperation leads, what stands after it takes part; without one all lead.
3. Each side is cut at commas, breaks and conjunctions, but not inside a name.

The words are data, in three languages. Patterns are for folded text (small letters, no accents), so that
print damage matters less. Which organisation a party is, is left to ``names``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, without_bullet, word_sets
from schedule_rules.programme import Lang
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
      )\s+
    """,
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
    r"|samarbetspart(?:er|ners?)?|samarbete|samverkan|medverkande|ovriga)\s*:\s*"
)
LABEL_LEADS = re.compile(
    r"^\s*(?:lead|leads|responsible|main responsibility|vastuu|vastuutaho|paavastuu|ansvarig|ansvariga"
    r"|huvudansvar|ansvar)\s*:\s*"
)
HANDOVER = re.compile(
    r"""
    (?:(?<!\s)\s+)?(?:[,;]\s*)?\b(?:(?:and|ja|och|then|sitten|sedan)\s+)?
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
    r"(?:[,;]\s*|(?<!\s)\s+|)\b(?:m\.?\s?fl\.?|m\.?\s?m\.?|ym\.?|jne\.?|etc\.?|among others|and others|osv\.?"
    r"|with others)\s*$"
)

# The heads of organisations' names. A word that *ends* so (fi, sv) or *is* so (en) names one.
HEADS = word_sets(
    fi="""
        palvelut palveluiden palvelujen yksikko yksikon toimi toimen toimiala toimialan toimialat virasto
        viraston neuvosto neuvoston hallitus hallituksen valtuusto valtuuston keskus keskuksen verkosto
        verkoston toimijat toimijoiden yhdistykset yhdistysten yhdistys yhdistyksen organisaatio organisaatiot
        organisaatioiden ekosysteemi ekosysteemin toimisto toimiston lautakunta lautakunnan kaupunki kaupungin
        kunta kunnan kunnat liitto liiton ry oy oyj ab hallintokunnat hallintokuntien opetus opetuksen
        kirjasto kirjaston ministerio ministerion johto johtoryhma tyoryhma ryhma tiimi osasto osaston
        oppilaitokset oppilaitosten koulut koulujen koulu opisto opiston neuvojat koordinaattori paallikko
        johtaja alue alueen seurat seurojen jarjestot jarjestojen hankkeet hankkeiden hanke hankkeen viestinta
        viestinnan konserni museo museon laitos yhteisot rakennuttajat sijoittajat asiantuntijat jasenet
        jasenten saatio saation kylat yrittajat toiminta hyvinvointialue korkeakoulu korkeakoulut
        korkeakoulujen yliopisto yliopiston vastaavat tyo yritykset""",
    sv="""
        servicen service enheten enhet sektorn sektor namnden namnd styrelsen styrelse radet rad centret
        centrum centralen natverket natverk tjansterna tjansten tjanster organisationen organisationer
        organisationerna foreningarna foreningar foreningen forening forvaltningen forvaltningar forvaltning
        stad staden kommunen kommun kommuner forbundet forbund verket verk byran byra avdelningen avdelning rf
        ab aktorer aktorerna systemet ekosystem fullmaktige skolan skolor skola utbildning utbildningen
        utbildningsaktorer laroanstalter laroanstalterna hogskolor universitet biblioteket ministeriet museet
        teamet gruppen chefen direktoren samordnaren projekt projekten projektet kommunikationen myndigheter
        myndigheten regionen regioner region radgivarna investerare byggherrar sammanslutningar sakkunniga
        medlemmar foretag bolag bolaget kontoret omradet forlaggningen stiftelsen institutet verksamhet arbete
        kansliet""",
    en="""
        services service unit units department departments division divisions office offices board council
        committee centre center centres association associations sector sectors agency agencies ministry
        network institution institutions school schools team city municipality ecosystem organisation
        organisations organization organizations resources operators advisers advisors college colleges
        university universities library libraries museum institute company companies administration authority
        authorities group programme project projects officer manager director coordinator region district
        police museums clubs communities constructors investors members providers experts education
        communication communications mayor commission bureau directorate foundation trust partners partner
        bodies enterprises utility""",
)

# Heads under which others may stand: "Social Services and Health Care Division" is one.
UPPER_HEADS = word_sets(
    fi="""
        jaosto keskus lautakunnan lautakunta ministerio ministerion osasto osaston palveluiden palvelujen
        palvelut toimen toimi toimiala toimialan valiokunta virasto viraston yksikko yksikon""",
    sv="avdelningen enheten forvaltningen kontoret ministeriet namnden sektorn tjansterna",
    en="board committee department directorate division ministry sector unit",
)
# Fields of a city's work: before "and" or "ja" they belong to the name that follows or stands before.
FIELDS = word_sets(
    fi="""
        kasvatuksen kasvatus koulutuksen koulutus kulttuurin kulttuuri vapaa-ajan liikunnan liikunta nuorison
        ympariston ymparisto sosiaali sosiaalin terveyden terveys opetuksen opetus tyon tyollisyyden
        maankayton asumisen rakentamisen elinkeinojen talouden hallinnon kaupunkikehityksen""",
    sv="""
        kultur fritid utbildning utbildnings bildnings social halso miljo byggnads arbete naring
        sysselsattning""",
    en="""
        youth culture cultural sport sports education educational health social urban planning housing
        environment environmental leisure immigration employment finance financial purchasing procurement land
        traffic transport transportation energy water waste economic economy legal research statistics
        marketing training early primary secondary higher upper vocational basic family children adult elderly
        rescue safety security equality diversity integration innovation business communication communications
        library recreation parks building construction real climate digital information technology property
        tourism food public rural arts art performance human resources work participation citizen citizenship
        development""",
)
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
KINDS = word_sets(
    fi="jarjestot koulut oppilaitokset seurat yhdistykset yritykset",
    sv="foreningar foreningarna laroanstalter laroanstalterna organisationer skolor skolorna",
    en="associations colleges companies institutions organisations organizations",
)
_LISTED = re.compile(r"\b(?:departments|units|divisions|offices|heads|representatives) of\b")
# What begins a party of its own after a conjunction.
_DETERMINERS = frozenset(
    ("the", "other", "all", "possible", "local", "various", "different", "muut", "muiden", "andra", "ovriga")
)
_ADJECTIVES = ("al", "ive", "ary", "ic")
_COMPARATIVES = frozenset(("higher", "upper", "lower"))
# At the end of a line: its item goes on in the next.
_OPEN_END = re.compile(r"(?:\b(?:ja|seka|och|samt|and|with|med|of|for|av|the|yhteistyossa|i)|:)$")
# Words of indicators, which no party's name has.
_COUNTING = re.compile(
    r"\b(?:number|numbers|share|amount|percentage|percent|proportion|maara|osuus|lukumaara|antal|antalet|andel|andelen"
    r"|carried out|realised|completed|toteutuneet|genomforda|created|launched|done|developed|implemented"
    r"|is|are|has|have|been|be|was|were|will|on|ovat|ole|har|ska|skall|blir)\b|[%:]"
)
_LONGEST_PARTY = 14
_LONGEST_CELL = 40
_LONGEST_NAME = 400
"""Characters: what is longer before a conjunction is several names, whatever they are."""


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
    text = _on_one_line(cell)
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
        leads=tuple(_names(leads, lang, names)),
        partners=tuple(_names(partners, lang, names)),
        takers=tuple(_names(takers, lang, names)),
        when=when,
        year=year,
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


def split_names(cell: str, lang: Lang, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the parties of a cell that holds one side only, such as a column of partners."""
    found = split_parties(cell, lang, known)
    return tuple(dict.fromkeys((*found.leads, *found.partners)))


def looks_like_parties(text: str, lang: Lang) -> bool:
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


def is_complete_name(text: str, lang: Lang) -> bool:
    """Tell whether the last word names a kind of organisation, so that nothing is missing after it."""
    bare = re.sub(r"\s*\([^()]*\)$", "", text)
    return is_head((plain_words(bare).split() or [""])[-1], lang)


def is_head(word: str, lang: Lang) -> bool:
    """Tell whether a word names a kind of organisation; in Finnish and Swedish its end does."""
    if word in HEADS[lang]:
        return True
    return lang != "en" and any(word.endswith(head) for head in HEADS[lang] if len(head) > 3)


def _fold(text: str) -> str:
    """Return a text folded letter by letter, its length unchanged."""
    return "".join(map(_fold_letter, text))


@lru_cache(maxsize=2048)
def _fold_letter(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char.lower() if len(char.lower()) == 1 else char


def _on_one_line(cell: str) -> str:
    """Return a cell on one line: a break between items as a semicolon, one inside an item as a blank."""
    text = ""
    for line in cell.split("\n"):
        if not line.strip():
            continue
        item = squeeze(without_bullet(line))
        begins = is_bullet(line) or (capitalised(item) and text[-1:] not in {",", "-", "&", "/"})
        joint = "; " if begins and not _OPEN_END.search(_fold(text)) else " "
        text = f"{text}{joint}{item}" if text else item
    return text


def _cooperation(text: str) -> tuple[int, int] | None:
    """Return where the first words of cooperation begin and end: leads stand before, partners after."""
    folded = _fold(text)
    patterns = (COOPERATION, COOPERATION_FI, LABEL_PARTNERS)
    found = [match.span() for pattern in patterns if (match := pattern.search(folded))]
    return min(found, key=lambda span: span[0], default=None)


# -- one side cut into names ---------------------------------------------------------------


def _names(text: str, lang: Lang, known: frozenset[str]) -> Iterator[str]:
    if more := MORE.search(_fold(text)):
        text = text[: more.start()]
    seen = set()
    for piece in _pieces(text, lang):
        for party in _at_conjunctions(piece, lang, known):
            name = party.strip(" \t,;:.–—/").removeprefix("- ").strip()
            if name.count("(") != name.count(")"):
                name = name.strip("()")
            name = re.sub(r"^(?:and|och|samt|ja|sekä|&|\+)\s+", "", name, flags=re.IGNORECASE).strip()
            if name and plain_words(name) and name not in seen:
                seen.add(name)
                yield name


def _pieces(text: str, lang: Lang) -> list[str]:
    """Return the pieces between commas, but those of one name together and without a kind before names."""
    pieces: list[str] = []
    for piece in _at_commas(text):
        if pieces and _goes_on(pieces[-1], piece, lang):
            pieces[-1] += "," + piece
        else:
            pieces.append(piece)
    # "Institutions Alma, Efo" names Alma and Efo.
    kind, *first = pieces[0].split() or [""]
    has_names = len(pieces) > 1 and bool(first) and plain_words(kind) in KINDS[lang] and capitalised(first[0])
    if has_names and not set(map(plain_words, first)) & HEADS[lang]:
        pieces[0] = " ".join(first)
    return pieces


def _at_commas(text: str) -> Iterator[str]:
    depth = start = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        slash = char == "/" and text[at - 1 : at] == " " and text[at + 1 : at + 2] == " "
        if depth <= 0 and (char in ",;" or slash):
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _goes_on(before: str, piece: str, lang: Lang) -> bool:
    """Tell whether a name goes on: "the Division's Communications, Marketing and Development Services"."""
    left, right = plain_words(before).split(), plain_words(piece).split()
    if lang == "en" and _LISTED.search(" ".join(left)) and not capitalised(piece) and len(right) < 4:
        return True
    possessed = re.search(r"['’]s?\s", before) and left and right
    return bool(possessed) and left[-1] in FIELDS[lang] and right[0] in FIELDS[lang]


@lru_cache(maxsize=8)
def _conjunction(lang: Lang) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in CONJUNCTIONS[lang])
    return re.compile(rf"\s(?:{words})\s")


def _at_conjunctions(piece: str, lang: Lang, known: frozenset[str]) -> Iterator[str]:
    """Yield the parties of a piece: cut at each conjunction that does not stand inside a name."""
    start = 0
    cuts = list(_conjunction(lang).finditer(_fold(piece)))
    for found, following in zip_longest(cuts, cuts[1:]):
        before, after = piece[start : found.start()], piece[found.end() : following and following.start()]
        if "(" in before and before.count("(") > before.count(")"):
            continue
        if len(before) > _LONGEST_NAME or not _is_one_name(before, after, lang, known):
            yield before
            start = found.end()
    yield piece[start:]


def _is_one_name(before: str, after: str, lang: Lang, known: frozenset[str]) -> bool:
    left, right = plain_words(before).split(), plain_words(after).split()
    if not left or not right or (lang == "en" and _LISTED.search(" ".join(left))):
        return True
    if " ".join((*left, CONJUNCTIONS[lang][0], *right)) in known:
        return True
    # A word waits for its end: "kulttuuri- ja kirjastopalvelut".
    if before.rstrip()[-1:] in {"-", "–", "—"}:
        return True
    # One English word waits for its noun: "higher and secondary education institutions".
    is_adjective = left[0].endswith(_ADJECTIVES) or left[0] in _COMPARATIVES
    if lang == "en" and len(left) == 1 and left[0] not in HEADS[lang] and is_adjective:
        return True
    if " ".join(left) in known or " ".join(right) in known:
        return False
    if (" ".join(left), " ".join(right)) in PAIRS or _shares_head(left, right, lang):
        return True
    # Both are parts of one proper name: "Sveriges Kommuner och Regioner".
    words, single = before.split(), after.split()
    genitive = len(words) == 2 and words[0].endswith("s") and all(map(capitalised, words))
    return genitive and len(single) == 1 and capitalised(single[0])


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
    genitive = len(left) == 1 and left[0].endswith("n") and not is_head(left[0], lang)
    return lang == "fi" and genitive and len(right) > 1 and right[-1] in UPPER_HEADS[lang]
