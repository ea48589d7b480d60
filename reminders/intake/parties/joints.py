"""Where a printed name ends: whether a conjunction, comma or slash stands inside one, or between two.

1. What is known decides: a name that is known whole stays whole, two that both stand elsewhere are two.
2. Else the words do: bodies are cut from each other, fields of a city's work belong together.
3. What neither decides is read as it most likely is, and is not sure: somebody is asked.

The words are data, in three languages, for folded text. Cutting a cell is left to ``cells``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Literal

from reminders.intake.languages import FURTHER, alternatives, further
from reminders.intake.words import capitalised, plain_words, word_sets
from schedule_rules.programme import TextLang

CONJUNCTIONS: Mapping[TextLang, tuple[str, ...]] = {
    "fi": ("ja", "seka", "&", "+"),
    "sv": ("och", "samt", "&", "+"),
    "en": ("and", "&", "+", "as well as"),
    **{lang: one.conjunctions for lang, one in FURTHER.items()},
}
LARGER = frozenset(("seka", "samt", "as well as", *further(lambda words: words.larger)))
"""What joins parties where another conjunction stands inside one of them; so do all where that is a sign."""

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
        jasenten saatio saation kylat yksikot virastot kirjastot kaupungit museot laitokset toimialat
        lautakunnat ministeriot osastot yrittajat toiminta hyvinvointialue korkeakoulu korkeakoulut
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
        kansliet styrelser styrelserna namnder namnderna enheter enheterna avdelningar avdelningarna kontor
        kontoren kommunerna regionerna skolorna hogskolorna universiteten biblioteken foretagen bolagen""",
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
    further=lambda words: words.heads,
)

# Heads under which others may stand: "Social Services and Health Care Division" is one.
UPPER_HEADS = word_sets(
    fi="""
        jaosto keskus lautakunnan lautakunta ministerio ministerion osasto osaston palvelualue palvelualueen
        palveluiden palvelujen palvelut toimen toimi toimiala toimialan tulosalue tulosalueen valiokunta
        vastuualue virasto viraston yksikko yksikon""",
    sv="avdelningen enheten forvaltningen kontoret ministeriet namnden sektorn tjansterna",
    en="board committee department directorate division ministry sector unit",
    further=lambda words: words.upper_heads,
)
# People and offices without being an organisation: beside a conjunction they are a party of their own.
GROUPS = word_sets(
    fi="""
        asukkaat asukkaiden nuoret lapset perheet vanhemmat vanhempien huoltajat vapaaehtoiset vapaaehtoisten
        kumppanit kumppanien kumppaneiden yrittajien omistajat ohjaajat opettajat tyontekijat poliisi poliisin
        sidosryhmat sidosryhmien seurakunta seurakunnat seurakunnan seurakuntien""",
    sv="""
        invanare invanarna foraldrar frivilliga partner partnerna fastighetsagare medborgare naringslivet
        polisen polis volontarer larare personal civilsamhallet intressenter kyrkan forsamlingen
        forsamlingar""",
    en="""
        residents volunteers stakeholders businesses employers parents consultants contractors developers
        landowners landlords tenants citizens schools governors teachers police charities ngos carers clerk
        attorney solicitor treasurer sheriff mayor auditor engineer planner architect librarian secretary""",
    further=lambda words: words.groups,
)
# Words of organisations' names that are fields of work as well: alone they name no body.
_FIELDS_TOO = word_sets(
    fi="opetus opetuksen viestinta viestinnan toiminta tyo johto konserni",
    sv="utbildning utbildningen kommunikation verksamhet arbete",
    en="education communication communications resources administration programme",
    further=lambda words: words.fields_too,
)
# Fields of a city's work: before "and" or "ja" they belong to the name that follows or stands before.
FIELDS = word_sets(
    fi="""
        kasvatuksen kasvatus varhaiskasvatus varhaiskasvatuksen perusopetus perusopetuksen koulutuksen
        koulutus kulttuurin kulttuuri vapaa aika ajan liikunnan liikunta nuorison nuoriso ympariston ymparisto
        sosiaali sosiaalin terveyden terveys opetuksen opetus oppimisen oppiminen kasvun tyon tyollisyyden
        tyollisyys kotoutumisen kotoutuminen kotouttaminen maahanmuutto maahanmuuton maankayton maankaytto
        kaavoitus kaavoituksen asumisen asuminen rakentamisen rakentaminen elinkeinojen elinkeinot elinvoiman
        elinvoima kilpailukyvyn kilpailukyky talouden talous rahoitus hallinnon hallinto kaupunkikehityksen
        kaupunkikehitys sivistyksen sivistys hyvinvoinnin hyvinvointi strategia strategian kehittaminen
        kehittamisen henkilosto henkiloston viestinta viestinnan markkinointi markkinoinnin tilat kiinteistot
        turvallisuus turvallisuuden varautuminen tietohallinto digitalisaatio hankinnat osallisuus
        osallisuuden liikenne liikenteen puistot ruoka siivous matkailu tapahtumat kaupunkiymparisto
        kaupunkikulttuurin museot asiakkuudet""",
    sv="""
        kultur kulturen fritid fritiden utbildning utbildnings bildnings bildning undervisning
        smabarnspedagogik forskola forskole skola skol grundskola social socialt halso halsa folkhalsa miljo
        bygg byggande byggnads arbete arbetsmarknad arbetsmarknads naring naringsliv sysselsattning vard
        omsorg stod valfard barn unga ungdom familj familje aldre idrott gata gator park parker mark trafik
        teknik plan planering exploatering fastighet fastigheter samhalle samhallsbyggnad strategi utveckling
        kommunikation kommunikations information marknad ekonomi finans upphandling inkop personal hr it
        juridik administration kvalitet digitalisering sakerhet trygghet beredskap demokrati delaktighet
        integration turism besok evenemang kost lokalvard stad bibliotek fritids livsmiljo hallbarhet klimat
        energi vatten avfall""",
    en="""
        youth culture cultural sport sports education educational health social urban planning housing
        environment environmental leisure immigration employment finance financial purchasing procurement land
        traffic transport transportation energy water waste economic economy legal research statistics
        marketing training early primary secondary higher upper vocational basic family children childhood
        adult adults elderly rescue safety security equality diversity inclusion integration innovation
        business communication communications library libraries recreation parks gardens building construction
        real climate digital data information technology property estates assets tourism food public rural
        arts art heritage performance analytics governance human resources people hr it work works
        participation engagement citizen citizenship development regeneration growth place places streets
        roads highways sanitation wellbeing welfare community communities customer corporate strategy policy
        insight risk audit revenue revenues benefits events licensing permits enforcement sustainability
        biodiversity resilience emergency fleet facilities parking learning skills lifelong care supply
        open green space spaces nature zoning""",
    further=lambda words: words.fields,
)
# What a name of a field may hang on: "Board for Culture and Leisure", "Nämnden för kultur och fritid".
_GOVERNING = re.compile(
    r"^(?:the )?(?:\w+ ){0,3}(?:board|committee|department|dept|division|directorate|ministry|office|bureau"
    r"|commission|institute|centre|center|head|director|manager|officer|chief|member|minister|mayor|secretary"
    r"|coordinator|lead|team|unit|section|group|namnden|namnd|avdelningen|enheten|utskottet|kontoret|sektorn"
    r"|forvaltningen|beredningen|chef|chefen|direktor|direktoren|samordnare|ansvarig"
    + alternatives(lambda words: words.governing)
    + r") (?:of|for) \w"
)
# What stands before a comma without being a party: "Director, People and Culture".
_TITLE = re.compile(
    r"(?:(?:assistant|deputy|executive|general|senior|acting|interim|group|associate|divisional|corporate"
    r"|strategic|area|service|programme|program|project|team|cabinet|vice) )*"
    r"(?:director|manager|head|chief|officer|coordinator|superintendent|supervisor|lead|leader|administrator"
    r"|member|portfolio holder|president|head of service|head of department)"
    r"|(?:bitradande |tf |stallforetradande )?(?:\w*chef|\w*direktor|\w*samordnare|\w*ledare)"
    r"|(?:vs |apulais)?\w*(?:johtaja|paallikko|koordinaattori|esimies)"
)
# The last word of what names persons: after a comma behind a title they are others.
_PERSON = re.compile(
    r"\w*(?:johtaja|paallikko|koordinaattori|esimies|esihenkilo|rehtori|sihteeri|insinoori|asiantuntija|ohjaaja"
    r"|opettaja|suunnittelija|tyontekija|valvoja|mestari)t?|\w*(?:johtajat|paallikot|esimiehet)"
    r"|\w*(?:chef|direktor|rektor|ingenjor|strateg|utvecklare|ledare|samordnare|sekreterare|handlaggare|larare"
    r"|planerare|controller)(?:er|erna|en|n|na)?"
    r"|(?:director|manager|officer|coordinator|supervisor|engineer|planner|librarian|secretary|headteacher"
    r"|adviser|advisor|clerk|treasurer|chief executive|head)s?"
)
# Pairs that are one party.
PAIRS = frozenset(
    {
        ("universitet", "hogskolor"), ("universities", "colleges"), ("colleges", "universities"),
        ("universities", "research institutes"), ("children", "young people"), ("barn", "unga"),
        ("lapset", "nuoret"), ("lasten", "nuorten"), ("parks", "recreation"), ("forskola", "skola"),
        ("yliopistot", "korkeakoulut"), ("day care", "schools"),
        *(pair for one in FURTHER.values() for pair in one.pairs),
    }
)  # fmt: skip
_LISTED = re.compile(r"\b(?:departments|units|divisions|offices|heads|representatives) of\b")
# What begins a party of its own after a conjunction.
_DETERMINERS = frozenset(
    (
        "the", "other", "all", "possible", "local", "various", "different", "relevant", "muut", "muiden",
        "mahdolliset", "mahdollisten", "andra", "ovriga", "eventuella", "berorda",
        *further(lambda words: words.determiners),
    )
)  # fmt: skip
_ADJECTIVES = ("al", "ive", "ary", "ic")
_COMPARATIVES = frozenset(("higher", "upper", "lower"))
_LONGEST_NAME = 400
"""Characters: what is longer before a conjunction is several names, whatever they are."""
_MOST_PIECES = 6

_PREPOSITIONS = frozenset(
    (
        "of",
        "for",
        "in",
        "at",
        "with",
        "from",
        "on",
        "pa",
        "i",
        "av",
        "inom",
        "vid",
        "med",
        "fran",
        "till",
        *further(lambda words: words.prepositions),
    )
)
_PLURAL: Mapping[TextLang, re.Pattern[str]] = {
    "fi": re.compile(r"(?:[aeiouy]t|iden|jen|ien|ten)$"),
    "sv": re.compile(r"(?:are|arna|erna|orna|ar|er|or)$"),
    "en": re.compile(r"[^s]s$"),
    **{lang: re.compile(one.plural) for lang, one in FURTHER.items()},
}

_ENDS: Mapping[TextLang, tuple[str, ...]] = {
    lang: tuple(head for head in heads if len(head) > 3) for lang, heads in HEADS.items()
}

Kind = Literal["body", "standing", "proper", "field", "group", "word"]
"""What a side of a conjunction is: a kind of organisation, a name that stands elsewhere, a proper name, a
field of work, several of a kind, any other word."""


@dataclass(frozen=True, slots=True)
class Joint:
    """Whether what joins two pieces stands inside one name, and whether that is sure."""

    is_inside: bool
    is_sure: bool = True


def is_head(word: str, lang: TextLang) -> bool:
    """Tell whether a word names a kind of organisation; in Finnish and Swedish its end does."""
    if word in HEADS[lang]:
        return True
    return lang != "en" and word.endswith(_ENDS[lang])


def at_conjunction(
    before: str,
    after: str,
    lang: TextLang,
    known: Container[str],
    *,
    in_list: bool,
    goes_on: bool,
    larger: bool,
) -> Joint:
    """Return what a conjunction between two pieces is.

    ``known`` are plain names that stand elsewhere; ``in_list`` tells that a comma stands before the first
    piece, ``goes_on`` that one follows the second: the conjunction does not end that list; ``larger`` that
    it is another one than that inside the first piece: "kultur och fritid samt näringsliv".
    """
    if len(before) > _LONGEST_NAME:
        return Joint(is_inside=False)
    left, right = plain_words(before).split(), plain_words(after).split()
    if not left or not right or (lang == "en" and _LISTED.search(" ".join(left))):
        return Joint(is_inside=True)
    if _is_known_whole(left, right, lang, known) or _waits(before, left, lang):
        return Joint(is_inside=True)
    standing = [" ".join(side) in known for side in (left, right)]
    if larger or all(standing) or not _DETERMINERS.isdisjoint(right[:1]):
        return Joint(is_inside=False)
    if _is_proper(before, after):
        return Joint(is_inside=True)
    if _belongs_together(before, left, right, lang):
        return Joint(is_inside=True, is_sure=not any(standing))
    own = before.rsplit(",", maxsplit=1)[-1]  # behind a title: "Director, People"
    first, second = _kind(own, lang, begins=True), _kind(after, lang, begins=False)
    solid = {"body", "proper"}
    first = "standing" if standing[0] and first not in solid else first
    second = "standing" if standing[1] and second not in solid else second
    joint = _by_kinds(first, second, lang, right, in_list=in_list)
    if goes_on and joint.is_inside:
        return Joint(is_inside=True)
    return joint


def _is_known_whole(left: list[str], right: list[str], lang: TextLang, known: Container[str]) -> bool:
    """Tell whether a known name has both sides, whichever conjunction it is printed with."""
    words = (word for word in CONJUNCTIONS[lang] if word.isascii() and word[0].isalpha())
    return any(" ".join((*left, *joint, *right)) in known for joint in ((), *((word,) for word in words)))


def _waits(before: str, left: list[str], lang: TextLang) -> bool:
    """Tell whether a word waits for its end: "kulttuuri- ja kirjastopalvelut", "higher and secondary ..."."""
    if before.rstrip()[-1:] in {"-", "–", "—"}:
        return True
    is_adjective = left[0].endswith(_ADJECTIVES) or left[0] in _COMPARATIVES
    return lang == "en" and len(left) == 1 and left[0] not in HEADS[lang] and is_adjective


def _is_proper(before: str, after: str) -> bool:
    """Tell whether both are parts of one proper name: "Sveriges Kommuner och Regioner"."""
    words, single = before.split(), after.split()
    genitive = len(words) == 2 and words[0].endswith("s") and all(map(capitalised, words))
    return genitive and len(single) == 1 and capitalised(single[0])


def _belongs_together(before: str, left: list[str], right: list[str], lang: TextLang) -> bool:
    """Tell whether the words themselves make one name of both sides."""
    if (" ".join(left), " ".join(right)) in PAIRS or _shares_head(left, right, lang):
        return True
    if _GOVERNING.match(" ".join(left)) and not {"of", "for"} & {*right} and not _is_body(right, lang):
        return True
    # "Children's and Young People's Services"
    possessed = before.rstrip().endswith(("'s", "’s", "s'", "s’"))
    return lang == "en" and possessed and _is_body(right, lang)


def _shares_head(left: list[str], right: list[str], lang: TextLang) -> bool:
    """Tell whether the name of a kind after the conjunction belongs to both sides."""
    heads = [word for word in right if is_head(word, lang)]
    fields = FIELDS[lang]
    if lang == "en" and heads and left[-1].endswith(_ADJECTIVES) and left[-1] not in HEADS[lang]:
        return True
    if left[-1] in fields and any(_is_body([word], lang) for word in heads):
        return True
    upper = next((word for word in reversed(right) if word in UPPER_HEADS[lang]), "")
    if lang == "en" and upper and left[-1] in {"services", "affairs"} and right[0] in fields:
        return left[0] in {"the", "social"} and len(right) > 1
    genitive = len(left) == 1 and left[0].endswith("n") and not is_head(left[0], lang)
    return lang == "fi" and genitive and len(right) > 1 and right[-1] in UPPER_HEADS[lang]


def _is_body(words: list[str], lang: TextLang) -> bool:
    """Tell whether a name says what kind of organisation or group it is, before any preposition."""
    if _GOVERNING.match(" ".join(words)):
        return True
    end = next((at for at, word in enumerate(words) if at and word in _PREPOSITIONS), len(words))
    last = words[end - 1]
    is_field = last in _FIELDS_TOO[lang] or (lang != "en" and last.endswith(("opetus", "viestinta", "tyo")))
    return last in GROUPS[lang] or (is_head(last, lang) and not is_field)


def _kind(text: str, lang: TextLang, *, begins: bool) -> Kind:
    """Return what a side of a conjunction is; one that ``begins`` has a capital anyway."""
    words = plain_words(text).split()
    if not words:
        return "word"
    is_capital = capitalised(text)
    if _is_body(words, lang):
        return "proper" if lang != "en" and is_capital and not begins else "body"
    own = [word for word in words if word not in {"the", "of", "for", "och", "ja", "and", "seka", "samt"}]
    if own and all(word in FIELDS[lang] for word in own):
        return "field"
    printed = text.split()
    if any(len(word) > 2 and word.isupper() and word.isalpha() for word in printed):
        return "proper"
    capitals = sum(map(capitalised, printed))
    if lang != "en" and capitals > (1 if begins else 0):
        return "proper"
    is_group = not begins and not is_capital and _PLURAL[lang].search(words[-1])
    return "group" if is_group else "word"


def _by_kinds(left: Kind, right: Kind, lang: TextLang, after: list[str], *, in_list: bool) -> Joint:
    """Return what a conjunction between two kinds is, where the words do not belong together."""
    solid = {"body", "standing", "proper"}
    if left in solid and right in {*solid, "group"}:
        return Joint(is_inside=False)
    if left in solid:
        return Joint(is_inside=right == "field" or left == "standing", is_sure=False)
    if right == "standing":
        return Joint(is_inside=True, is_sure=False)
    if right == "proper":
        return Joint(is_inside=left == "field", is_sure=left != "field")
    if right == "body":
        shared = lang == "en" and after[-1] in UPPER_HEADS[lang] and len(after) > 1
        return Joint(is_inside=shared or left == "field", is_sure=False)
    fields = left == right == "field"
    return Joint(is_inside=fields or not in_list, is_sure=fields and not in_list)


# -- commas and slashes --------------------------------------------------------------------


def known_across(pieces: list[str], known: Container[str]) -> int:
    """Return how many of the next pieces make one known name: "Arts, Culture and Heritage"; 1: none."""
    for count in range(min(_MOST_PIECES, len(pieces)), 1, -1):
        if sum(map(len, pieces[:count])) > _LONGEST_NAME:
            continue
        if plain_words(" ".join(pieces[:count])) in known:
            return count
    return 1


def goes_on(before: str, piece: str, lang: TextLang, known: Container[str]) -> bool:
    """Tell whether a name goes on after a comma: "Director, People and Culture", "kulttuuri-, liikunta-"."""
    if len(before) > _LONGEST_NAME:
        return False
    left, right = plain_words(before).split(), plain_words(piece).split()
    if not left or not right:
        return False
    if before.rstrip()[-1:] in {"-", "–"}:
        return True
    if _LISTED.search(" ".join(left)) and not capitalised(piece) and len(right) < 4:
        return True
    if _TITLE.fullmatch(" ".join(left)):
        return " ".join(left) not in known and not _PERSON.fullmatch(right[-1])
    if re.search(r"['’]s?\s", before):
        return left[-1] in FIELDS[lang] and right[0] in FIELDS[lang]
    # "Manager, Parks, Recreation and Culture", "Cabinet Member for Housing, Planning and Regeneration"
    title = _TITLE.fullmatch(plain_words(before.split(",", maxsplit=1)[0])) and "," in before
    governed = title or _GOVERNING.match(" ".join(left))
    sides = re.split(r" (?:and|och|ja) ", " ".join(right))
    if not governed or len(sides) < 2 or any(side in known or _is_body(side.split(), lang) for side in sides):
        return False
    return " ".join(right) not in known


def is_series(pieces: list[str], known: Container[str], *, is_item: bool) -> bool:
    """Tell whether pieces between commas are one name: "Housing, Planning and Regeneration Directorate".

    They are fields of work with one head at the end; where ``is_item``, as between semicolons, without one
    too.
    """
    *first, last = (plain_words(piece).split() for piece in pieces)
    if "and" not in last[1:-1]:
        return False
    with_head = last[-1] in UPPER_HEADS["en"]
    words = [*first, [word for word in (last[:-1] if with_head else last) if word != "and"]]
    if not (with_head or is_item) or any(" ".join(piece) in known for piece in first):
        return False
    return all(piece and set(piece) - {"the"} <= FIELDS["en"] for piece in words)
