"""The words of responsible cells in three languages, as data: cooperation, handover, kinds of organisation.

How they cut a cell into parties is left to ``parties``. Patterns are for
folded text (small letters, no accents), so that print damage matters less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from schedule_rules.programme import Lang

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
