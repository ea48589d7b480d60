"""What the columns of a table are called, in three languages.

A heading is matched whole, then by a word of it, then by likeness, since print
damages words. What stands under a heading is left to ``shapes``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, get_args

from reminders.intake.words import plain_words

Role = Literal[
    "number", "domain", "goal", "action", "schedule", "start", "end", "responsible", "partners",
    "indicator", "other",
]  # fmt: skip
_LIKENESS = 0.84  # how alike a damaged heading must be to a known one

_LONGEST = 90

_NAMES: Mapping[Role, str] = {
    "number": "no|nr|nro|number|numero|nummer|id|ref|jarjestysnumero|lopnummer|tunnus",
    "domain": """
        domain|theme|theme area|area|area of action|focus area|priority area|priority|strategic area|pillar|
        category|policy area|sector of action|field|configuration|chapter|teema|teemat|kokonaisuus|osa alue|
        osa alueet|painopiste|painopistealue|aihealue|aihe|teema alue|kehittamisalue|toiminta alue|luokka|
        alue|tema|helhet|omrade|insatsomrade|fokusomrade|temaomrade|delomrade|prioriterat omrade|prioritering|
        kapitel|verksamhetsomrade|kategori|utvecklingsomrade""",
    "goal": """
        goal|goals|objective|objectives|aim|aims|target|targets|sub goal|strategic objective|intended outcome|
        programme goal|purpose|tavoite|tavoitteet|paamaara|paatavoite|osatavoite|kehittamistavoite|
        tavoitetila|paamaarat|mal|malen|malsattning|malsattningar|delmal|syfte|overgripande mal|
        inriktningsmal|effektmal""",
    "action": """
        action|actions|measure|measures|task|tasks|activity|activities|step|steps|initiative|initiatives|what|
        event|intervention|recommendation|summary of measures|action item|planned action|planned actions|
        action measure|description of action|description|deliverable|toimenpide|toimenpiteet|toimi|toimet|
        tehtava|tehtavat|mita|mita tehdaan|tapahtuma|teko|teot|keino|keinot|konkreettiset toimenpiteet|
        kehittamistoimenpide|toiminta|toimenpiteen kuvaus|hanke|tekeminen|atgard|atgarder|insats|insatser|
        aktivitet|aktiviteter|uppgift|uppgifter|uppdrag|vad|vad ska goras|handelse|konkreta atgarder|moment|
        handling|projekt|atgardsforslag""",
    "schedule": """
        schedule|timetable|time table|timeline|time frame|timeframe|time|timing|deadline|due|due date|when|
        by when|date|dates|period|year|years|target date|completion date|completion|time schedule|
        implementation period|time period|timescale|time line|time span|aikataulu|ajankohta|aika|maaraaika|
        milloin|ajoitus|toteutusaika|toteutusaikataulu|vuosi|vuodet|paiva|pvm|paivamaara|aikajanne|takaraja|
        ajanjakso|toteutusajankohta|toteutusvuosi|toteutus aika|aikavali|valmistumisaika|toimeenpanoaika|
        kuukausi|tidtabell|tidsplan|tidplan|tidsram|tid|tidpunkt|nar|datum|ar|period|tidsperiod|klart|
        klar senast|fardigt|senast|genomforandetid|slutdatum|tidsschema|tidsangivelse|genomforandeperiod|
        manad|tidsatt|nar ska det ske|nar ska det vara klart|tidsintervall""",
    "start": """
        start|start date|starts|begins|beginning|from|alkaa|aloitus|alku|alkaen|startdatum|borjar|
        startar|fran""",
    "end": """
        end|end date|ends|ready|finish|finished|until|to|paattyy|valmis|loppu|lopetus|paattymispaiva|slut|
        slutar|till""",
    "responsible": """
        responsible|responsibility|responsible party|responsible parties|responsible body|responsible bodies|
        responsible unit|responsible organisation|responsible department|responsible for implementation|
        person responsible|lead|leads|lead agency|lead department|lead organisation|lead partner|owner|
        action owner|who|by whom|in charge|accountable|implementer|implementing body|actor|actors|department|
        responsible actor|responsible authority|unit in charge|led by|accountable unit|implemented by|
        vastuutaho|vastuutahot|vastuu|vastuut|vastuullinen|vastuulliset|vastuuyksikko|vastuuyksikot|
        vastuuhenkilo|vastuuorganisaatio|toteuttaja|toteuttajat|kuka|ketka|paavastuu|paavastuutaho|
        vastuutoimija|omistaja|toimija|toimijat|tekija|toteutusvastuu|toteutusvastuussa|vastuullinen taho|
        vastuutoimiala|toteuttajataho|toteuttajatahot|vastuuviranomainen|vetovastuu|vastaa|ansvarig|ansvariga|
        ansvar|ansvarspart|ansvarsinstans|ansvarig part|ansvariga parter|ansvarig enhet|ansvarig namnd|
        ansvarig forvaltning|ansvarig myndighet|ansvarig instans|ansvarig aktor|ansvarsfordelning|vem|
        vem ansvarar|huvudansvar|huvudansvarig|genomforare|utforare|aktor|aktorer|agare|ansvarsomrade|
        ansvarsenhet|ansvarstagare|ansvarsperson""",
    "partners": """
        partner|partners|cooperation|co operation|collaboration|in consultation with|in cooperation with|
        in collaboration with|supporting|supporting partners|support|stakeholders|with whom|
        cooperation partners|collaborators|contributors|other parties|cooperating parties|
        co operating parties|other actors|key partners|partner organisations|consulted|involved|together with|
        delivery partners|kumppani|kumppanit|yhteistyokumppani|yhteistyokumppanit|yhteistyotaho|
        yhteistyotahot|yhteistyo|muut tahot|tukijat|mukana|muut toimijat|sidosryhmat|osallistujat|
        yhteistyossa|kenen kanssa|muut osapuolet|yhteistyotoimijat|muut vastuutahot|samarbetspart|
        samarbetsparter|samarbetspartner|samarbetspartners|samverkan|samverkanspart|samverkansparter|
        i dialog med|i samarbete med|i samrad med|i samverkan med|medverkande|samarbete|ovriga aktorer|
        medaktorer|andra aktorer|medansvariga|stodjande aktorer|tillsammans med|deltagande parter""",
    "indicator": """
        outcome|outcomes|expected outcome|intended result|hur foljer vi upp|hur foljs det upp|hur mater vi|
        miten seurataan|miten mitataan|how is it measured|how will we know|indicator|indicators|metric|
        metrics|measure of success|kpi|kpis|monitoring|follow up|output|outputs|result|results|evaluation|
        how measured|performance measure|success measure|success indicator|measurement|expected result|
        expected results|progress indicator|verification|indicator of success|milestone|mittari|mittarit|
        seuranta|indikaattori|indikaattorit|tulos|tulokset|arviointi|seurantamittari|tunnusluku|seurantatieto|
        tavoitearvo|onnistumisen mittari|toteutumisen seuranta|seuranta ja mittarit|arviointikriteerit|
        seurantaindikaattori|odotetut tulokset|matare|indikator|indikatorer|uppfoljning|matt|nyckeltal|
        resultat|utvardering|malvarde|uppfoljningsmatt|resultatmatt|uppfoljningsindikator|forvantat resultat|
        matetal""",
    "other": """
        budget|cost|costs|resources|resource|funding|notes|note|remarks|comments|comment|status|progress|
        priority level|kustannukset|kustannus|resurssit|resurssi|rahoitus|huomioita|huomautukset|huom|tila|
        tilanne|kommentit|lisatiedot|budjetti|maararaha|medel|kostnad|kostnader|resurser|finansiering|
        anmarkningar|kommentar|kommentarer|lage|anmarkning|budget""",
}
_ROLE_OF: dict[str, Role] = {
    name.strip(): role for role in reversed(get_args(Role)) for name in _NAMES[role].split("|")
}
_COMMON: tuple[Role, ...] = ("responsible", "schedule", "partners", "indicator", "goal", "domain", "action")


@lru_cache(maxsize=2048)
def role_of(heading: str) -> Role | None:
    """Return what a column under this heading holds, or None where no word of it tells."""
    words = plain_words(re.sub(r"\([^)]*\)", " ", heading)) or plain_words(heading)
    words = re.sub(r"^(?:\d+ )+|(?: \d+)+$", "", words)
    if not words or len(words) > _LONGEST:
        return None
    return _ROLE_OF.get(words) or _by_languages(heading) or _by_word(words) or _by_likeness(words)


def exact_role(words: str) -> Role | None:
    """Return the role of a heading's whole name, in plain words, without guessing."""
    return _ROLE_OF.get(words)


def _by_languages(heading: str) -> Role | None:
    """Read a heading in several languages: "Tavoite / Mål / Goal"."""
    parts = [part for part in re.split(r"\s*[/|\n]\s*", heading) if part.strip()]
    known = [role for part in parts if (role := _ROLE_OF.get(plain_words(part)))]
    return known[0] if len(parts) > 1 and known and len(known) * 2 >= len(parts) else None


def _by_word(words: str) -> Role | None:
    """Read a heading by the known name that comes first in it (the longest of those)."""
    if len(words.split()) > 5:
        return None
    padded = f" {words} "
    found = [
        (padded.index(f" {name} "), -len(name), role)
        for name, role in _ROLE_OF.items()
        if f" {name} " in padded
        and (len(name) > 3 or (len(name) == 3 and (role == "schedule" or words.startswith(name))))
        and role in _COMMON
    ]
    return min(found)[2] if found else None


def _by_likeness(words: str) -> Role | None:
    if len(words) < 4 or len(words.split()) > 3:
        return None
    near = [name for name in _ROLE_OF if name[0] == words[0] or name[-3:] == words[-3:]]
    best = get_close_matches(words, near, n=1, cutoff=_LIKENESS)
    return _ROLE_OF[best[0]] if best else None
