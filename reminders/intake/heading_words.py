"""The words by which columns are called, a vocabulary a language: whole headings, stems, joints.

Those of further languages are in ``languages``. How words make a role is left to ``headings``.

Words stand without accents, in small letters. Of stems ``vastuu*`` is how a word begins, ``*mittari`` how it
ends (in a compound the end says what it is), ``kuka`` a whole word; several words are a phrase.
"""

from __future__ import annotations

from collections.abc import Mapping

from reminders.intake.languages import FURTHER
from reminders.intake.vocabulary import HeadingWords
from schedule_rules.programme import TextLang

_FINNISH = HeadingWords(
    names={
        "number": "no|nr|nro|numero|id|jarjestysnumero|tunnus",
        "domain": """
            teema|teemat|kokonaisuus|osa alue|osa alueet|painopiste|painopistealue|aihealue|aihe|teema alue|
            kehittamisalue|toiminta alue|luokka|alue|tema""",
        "goal": "tavoite|tavoitteet|paamaara|paatavoite|osatavoite|kehittamistavoite|tavoitetila|paamaarat",
        "action": """
            toimenpide|toimenpiteet|toimi|toimet|tehtava|tehtavat|mita|mita tehdaan|tapahtuma|teko|teot|keino|
            keinot|konkreettiset toimenpiteet|kehittamistoimenpide|toiminta|toimenpiteen kuvaus|hanke|
            tekeminen""",
        "schedule": """
            aikataulu|ajankohta|aika|maaraaika|milloin|ajoitus|toteutusaika|vuosi|vuodet|paiva|pvm|paivamaara|
            aikajanne|takaraja|ajanjakso|toteutusaikataulu|toteutusajankohta|toteutusvuosi|toteutus aika|
            aikavali|valmistumisaika|toimeenpanoaika|kuukausi""",
        "start": "alkaa|aloitus|alku|alkaen",
        "end": "paattyy|valmis|loppu|lopetus|paattymispaiva",
        "responsible": """
            vastuutaho|vastuutahot|vastuu|vastuut|vastuullinen|vastuulliset|vastuuyksikko|vastuuyksikot|
            vastuuhenkilo|vastuuorganisaatio|toteuttaja|toteuttajat|kuka|ketka|paavastuu|paavastuutaho|
            vastuutoimija|omistaja|toimija|toimijat|tekija|toteutusvastuu|toteutusvastuussa|vastuullinen taho|
            vastuutoimiala|toteuttajataho|toteuttajatahot|vastuuviranomainen|vetovastuu|vastaa""",
        "partners": """
            kumppani|kumppanit|yhteistyokumppani|yhteistyokumppanit|yhteistyotaho|yhteistyotahot|yhteistyo|
            muut tahot|tukijat|mukana|muut toimijat|sidosryhmat|osallistujat|yhteistyossa|kenen kanssa|
            muut osapuolet|yhteistyotoimijat|muut vastuutahot""",
        "indicator": """
            miten seurataan|miten mitataan|mittari|mittarit|seuranta|indikaattori|indikaattorit|tulos|
            tulokset|arviointi|seurantamittari|tunnusluku|seurantatieto|tavoitearvo|onnistumisen mittari|
            toteutumisen seuranta|seuranta ja mittarit|arviointikriteerit|seurantaindikaattori|
            odotetut tulokset""",
        "other": """
            kustannukset|kustannus|resurssit|resurssi|rahoitus|huomioita|huomautukset|huom|tila|tilanne|
            kommentit|lisatiedot|budjetti|maararaha""",
    },
    decisive={
        "indicator": "onnistumi*|mitataan|mitata|seurataan|arvioidaan|todennetaan",
        "partners": "yhdessa|kenen kanssa",
        "responsible": """
            kuka|ketka|kenen|vastuualue|vastuualueet|vastuutah*|vastuuhenk*|vastuuyksik*|vastuutoimi*""",
        "schedule": "milloin|mihin mennessa",
    },
    plain={
        "number": "nro|numero|*numero|koodi",
        "domain": """
            teema*|*teema|*teemat|painopist*|*painopiste|*painopisteet|*alue|*alueet|*kokonaisuus|
            *kokonaisuudet|kehittamiskoh*|aihe*|linjaus|linjaukset|toimintalinja*""",
        "goal": """
            tavoit*|*tavoite|*tavoitteet|paamaar*|paatavoi*|pyritaan|tavoitellaan|*tavoitetila|visio|
            tahtotila""",
        "action": """
            toimenpi*|*toimenpide|*toimenpiteet|toimet|*toimet|toimi|*toimi|tehtava*|*tehtava|*tehtavat|
            keino*|*keino|*keinot|hanke|hankkeet|hankkeen|hankkeiden|*hanke|*hankkeet|teko|teot|*teot|teemme|
            tehdaan|toteutamme|toteutustap*|toteuttamistap*|saavutetaan|projekti*|*projekti|*projektit""",
        "schedule": """
            aikatau*|*aikataulu|*aikataulut|ajankoh*|maaraai*|maarapaiv*|ajoit*|aikajan*|takaraj*|viimeistaan|
            valmistumi*|valmistuu|mennessa|*aikavali|toteutusai*|toteutusvuo*|toteutusaj*""",
        "start": "aloit*|alkami*|alkaa|alku|alkaen|kaynnisty*|kaynnistet*",
        "end": "paattymi*|paattyy|lopet*|loppu|loppumi*|paattymis*",
        "responsible": """
            vastuu*|*vastuu|*vastuut|*vastuussa|paavastuu*|vastaa|vastaav*|vastaavat|toteuttaj*|toteuttava|
            toteuttavat|koordino*|koordinaat*|vetaj*|omistaj*|organisoi|organisoij*|jarjestaj*""",
        "partners": """
            kumppan*|*kumppani|*kumppanit|yhteistyo*|sidosryhm*|osallistuja*|osallistuv*|verkosto*|tukija*|
            yhteistoimin*|mukana""",
        "indicator": """
            mittar*|*mittari|*mittarit|*mittarin|seuran*|*seuranta|indikaat*|*indikaattori|*indikaattorit|
            tunnuslu*|*tunnusluku|*tunnusluvut|arvioin*|*arviointi|kriteer*|*kriteeri|*kriteerit|tulos|
            tulokset|*tulos|*tulokset|tavoitetas*|tavoitearvo*|tuotos|tuotokset|vaikuttavuu*|todentami*""",
        "other": """
            kustannu*|*kustannukset|resurs*|*resurssit|rahoit*|*rahoitus|huom|huomio*|huomautu*|tila|*tilanne|
            *tilannekatsaus|tilanneku*|tilannekat*|komment*|lisatie*|budjet*|*budjetti|maararah*|toteum*|
            *aste|riski*|*riskit|perustel*|tausta*|nykytil*|liite|liitteet|eteneminen|status|seurantaryh*|
            euro*|hinta""",
    },
    faint={
        "schedule": "aika|vuosi|vuodet|*vuosi|*vuodet|paiva|pvm|*paiva|*pvm|*ajankohta|kausi|*kausi|kuukausi",
        "responsible": """
            taho|tahot|*taho|*tahot|toimija|toimijat|*toimija|*toimijat|yksikko|yksikot|toimiala|toimialat|
            lautakunta|osasto|virasto|henkilo|tekija|tekijat""",
    },
    joints="ja|seka|tai|kanssa|miten|miksi",
    per_year="/vuosi|/v|/vuodessa|vuodessa",
    silent="""
        nimi|sisalto|kuvaus|selite|otsikko|strateginen|strategian|konkreettinen|konkreettiset|ohjelman|keskeinen|
        keskeiset|suunniteltu|suunnitellut|tarkennettu|arvio|mita|mihin|kehitettavat|uusi|uudet|ehdotus|
        ehdotukset|toteutuksen|toteutus|toimeenpanon|toteutumisen|toteutuminen|kunnan|kaupungin|osa""",
    others="muu|muut|muiden",
)
_SWEDISH = HeadingWords(
    names={
        "number": "nr|nummer|lopnummer|id",
        "domain": """
            tema|helhet|omrade|insatsomrade|fokusomrade|temaomrade|delomrade|prioriterat omrade|prioritering|
            kapitel|verksamhetsomrade|kategori|utvecklingsomrade""",
        "goal": """
            mal|malen|malsattning|malsattningar|delmal|syfte|overgripande mal|inriktningsmal|effektmal""",
        "action": """
            atgard|atgarder|insats|insatser|aktivitet|aktiviteter|uppgift|uppgifter|uppdrag|vad|vad ska goras|
            handelse|konkreta atgarder|moment|handling|projekt|atgardsforslag""",
        "schedule": """
            tidtabell|tidsplan|tidplan|tidsram|tid|tidpunkt|nar|datum|ar|period|tidsperiod|klart|klar senast|
            fardigt|senast|genomforandetid|slutdatum|tidsschema|tidsangivelse|genomforandeperiod|manad|
            tidsatt|nar ska det ske|nar ska det vara klart|tidsintervall""",
        "start": "startdatum|borjar|startar|fran",
        "end": "slut|slutar|till",
        "responsible": """
            ansvarig|ansvariga|ansvar|ansvarspart|ansvarsinstans|ansvarig part|ansvariga parter|
            ansvarig enhet|ansvarig namnd|ansvarig forvaltning|ansvarig myndighet|ansvarig instans|
            ansvarig aktor|ansvarsfordelning|vem|vem ansvarar|huvudansvar|huvudansvarig|genomforare|utforare|
            aktor|aktorer|agare|ansvarsomrade|ansvarsenhet|ansvarstagare|ansvarsperson""",
        "partners": """
            samarbetspart|samarbetsparter|samarbetspartner|samarbetspartners|samverkan|samverkanspart|
            samverkansparter|i dialog med|i samarbete med|i samrad med|i samverkan med|medverkande|samarbete|
            ovriga aktorer|medaktorer|andra aktorer|medansvariga|stodjande aktorer|tillsammans med|
            deltagande parter""",
        "indicator": """
            hur foljer vi upp|hur foljs det upp|hur mater vi|matare|indikator|indikatorer|uppfoljning|matt|
            nyckeltal|resultat|utvardering|malvarde|uppfoljningsmatt|resultatmatt|uppfoljningsindikator|
            forvantat resultat|matetal""",
        "other": """
            medel|kostnad|kostnader|resurser|finansiering|anmarkningar|kommentar|kommentarer|lage|anmarkning|
            budget""",
    },
    decisive={
        "indicator": "mater|mats|matas|mata|foljer|foljs|framgang*|utvarderas|utvarderar",
        "partners": "tillsammans|med vilka|med vem",
        "responsible": "vem|vilken enhet|vilken namnd|halls ihop av|genomfors av|utfors av|ansvarar",
        "schedule": "nar",
    },
    plain={
        "number": "nummer|*nummer|nr",
        "domain": """
            tema*|*tema|*omrade|*omraden|omrade|omraden|perspektiv|kapitel|kategori|inriktning|*inriktning|
            spar|helhet""",
        "goal": """
            mal|malen|*mal|malsattning*|*malsattning|*malsattningar|uppna|syfte|syften|vision|*malet|*malen|
            onskat lage|malbild*""",
        "action": """
            atgard*|*atgard|*atgarder|insats|insatser|*insats|*insatser|aktivitet*|*aktivitet|*aktiviteter|
            uppgift|uppgifter|uppdrag|gor|gora|goras|gors|projekt|*projekt|handling|handlingar|moment|
            steg""",
        "schedule": """
            tidtabel*|tidspl*|tidpl*|*tidsplan|*tidplan|tidsram*|tidpunkt*|tidsperiod*|tidshor*|tidsat*|
            deadline|klart|klar|fardig*|slutfor*|senast|genomforandetid*|genomforandear|genomforandeper*|
            maldatum|forfallo*|leveransdat*""",
        "start": "start|starta*|startar|startdat*|startar|borja*|paborj*|inled*|*start",
        "end": "slut|slutar|slutdat*|avslut*|upphor*",
        "responsible": """
            ansvar*|*ansvar|*ansvarig|*ansvariga|huvudansv*|samordna*|utforar*|genomforare|agare|*agare|
            ledande|leds|huvudman|projektled*|kontaktpers*""",
        "partners": """
            samarbet*|samverk*|partner|partners|*partner|*partners|medverkand*|delakt*|deltag*|berord*|
            stodjande|intressent*|medaktor*|dialog|samrad*|medansvar*""",
        "indicator": """
            indikator*|*indikator|*indikatorer|nyckeltal*|*nyckeltal|matt|*matt|matetal*|matvard*|malvard*|
            uppfolj*|*uppfoljning|utvarder*|*utvardering|resultat*|*resultat|effekt|effekter|utfall*|kriteri*|
            *kriterier|matar*|malniva*|matning*|matmetod*""",
        "other": """
            kostnad*|*kostnad|*kostnader|resurs*|*resurser|finansi*|*finansiering|medel|budget*|status*|
            *status|lage|*lage|lages*|nulage*|anteckn*|anmark*|komment*|risk|risker|riskn*|bakgrund*|motiver*|
            lagesb*|ovrigt|bilag*|tillgang*|prioritet""",
    },
    faint={
        "schedule": "tid|ar|datum|*datum|manad|kvartal|period|*period|nar|artal",
        "start": "fran",
        "responsible": """
            enhet|enheter|namnd|namnder|forvaltning|forvaltningar|avdelning|aktor|aktorer|*aktor|*aktorer|
            part|parter|*part|*parter|organisation|organisationer|bolag|funktion|instans|myndighet|
            verksamhet""",
    },
    joints="och|samt|eller|av|for|i|med|som|till|pa|om|hur|genom|vid|inom|utifran",
    per_year="/år|per år|om året",
    silent="""
        planerad|planerat|planerade|prioriterad|prioriterade|prioriterat|konkret|konkreta|specifik|specifikt|
        viktig|viktiga|berakn*|forvantad|forvantat|avsett|avsedd|foreslagen|foreslagna|strategisk|strategiskt|
        strategiska|overgripande|beskrivning|namn|rubrik|vad|vi|ska|vill|det|den|de|man|sa|har|genomforande|
        genomforandet|genomfors|genomforas|hos|vilka|vilken|uppskattad|uppskattat|onskad|sker|kommunens|stadens""",
    others="andra|ovriga|ovrig",
)
_ENGLISH = HeadingWords(
    names={
        "number": "no|number|ref|id",
        "domain": """
            domain|theme|theme area|area|area of action|focus area|priority area|priority|strategic area|
            pillar|category|policy area|sector of action|field|configuration|chapter""",
        "goal": """
            goal|goals|objective|objectives|aim|aims|target|targets|sub goal|strategic objective|
            intended outcome|programme goal|purpose""",
        "action": """
            action|actions|measure|measures|task|tasks|activity|activities|step|steps|initiative|initiatives|
            what|event|intervention|recommendation|summary of measures|action item|planned action|
            planned actions|action measure|description of action|description|deliverable""",
        "schedule": """
            schedule|timetable|time table|timeline|time frame|timeframe|time|timing|deadline|due|due date|
            when|by when|date|dates|period|year|years|target date|completion date|completion|time schedule|
            implementation period|time period|timescale|time line|time span""",
        "start": "start|start date|starts|begins|beginning|from",
        "end": "end|end date|ends|ready|finish|finished|until|to",
        "responsible": """
            responsible|responsibility|responsible party|responsible parties|responsible body|
            responsible bodies|responsible unit|responsible organisation|responsible department|
            responsible for implementation|person responsible|lead|leads|lead agency|lead department|
            lead organisation|lead partner|owner|action owner|who|by whom|in charge|accountable|implementer|
            implementing body|actor|actors|department|responsible actor|responsible authority|unit in charge|
            led by|accountable unit|implemented by""",
        "partners": """
            partner|partners|cooperation|co operation|collaboration|in consultation with|in cooperation with|
            in collaboration with|supporting|supporting partners|support|stakeholders|with whom|
            cooperation partners|collaborators|contributors|other parties|cooperating parties|
            co operating parties|other actors|key partners|partner organisations|consulted|involved|
            together with|delivery partners""",
        "indicator": """
            outcome|outcomes|expected outcome|intended result|how is it measured|how will we know|indicator|
            indicators|metric|metrics|measure of success|kpi|kpis|monitoring|follow up|output|outputs|result|
            results|evaluation|how measured|performance measure|success measure|success indicator|measurement|
            expected result|expected results|progress indicator|verification|indicator of success|
            milestone""",
        "other": """
            budget|cost|costs|resources|resource|funding|notes|note|remarks|comments|comment|status|progress|
            priority level""",
    },
    decisive={
        "indicator": """
            success|successful|measured|will we know|performance measure|performance measures|outcome measure|
            output measure|output measures|outcome measures|progress measure|impact measure""",
        "partners": "working with|with whom|with who|together with|who else|partner organisation*",
        "responsible": "who|whom|head of|in charge|led by|delivered by|implemented by|owned by",
        "schedule": "when",
    },
    plain={
        "number": "number|no|code|reference",
        "domain": """
            theme*|thematic|area|areas|priority|priorities|pillar*|workstream*|work stream|category|strand|
            strands|domain*|field|chapter|sector|topic""",
        "goal": """
            goal|goals|objective*|aim|aims|target|targets|achieve|achieved|purpose|ambition|ambitions|
            vision""",
        "action": """
            action|actions|activit*|measure|measures|task|tasks|initiative*|step|steps|intervention*|
            recommendation*|do|doing|done|project|projects|commitment*|deliverable*""",
        "schedule": """
            timescale*|timeline*|timeframe*|timetable*|schedule*|deadline*|completion|completed|complete|due|
            timing|horizon|by when|delivery date|target date""",
        "start": "start*|commenc*|begin*|launch",
        "end": "end|ends|ending|finish*|until|expiry|close",
        "responsible": """
            responsib*|lead|leads|leader|leading|owner*|owning|owned|accountab*|coordinat*|co ordinat*|
            implementer*|implementing|assigned""",
        "partners": """
            partner*|stakeholder*|support|supporting|cooperat*|collaborat*|contribut*|involved|consulted|
            participat*|participants""",
        "indicator": """
            indicator*|kpi*|metric*|outcome*|output*|result*|monitor*|evaluat*|evidence|milestone*|
            measurement*|verificat*|criteria|criterion|impact|baseline""",
        "other": """
            cost*|budget*|fund*|resource*|status|progress|risk*|comment*|note|notes|remark*|rag|update|
            updates|background|rationale|priority level|finance*|financial|spend|likelihood|dependenc*|link|
            links""",
    },
    faint={
        "schedule": "date|dates|year|years|time|period|quarter|month",
        "responsible": """
            officer*|department*|directorate*|unit|units|body|bodies|agency|agencies|organisation*|
            organization*|committee*|team|service|division*|manager|director|actor|actors|party|parties""",
    },
    joints="and|or|of|for|by|to|with|in|from|at|on|how|will|we|is|are|as",
    per_year="/year|per year|per annum|p.a.|a year",
    silent="""
        key|main|proposed|planned|specific|strategic|overall|required|recommended|expected|estimated|desired|
        intended|description|title|name|details|what|be|taken|take|want|our|the|a|policy|delivery|implementation|
        implement|look|like|level|source|programme|city|council|corporate|short|detailed|critical|primary|sub""",
    others="other|others|else|additional|further",
)

HEADING_WORDS: Mapping[TextLang, HeadingWords] = {
    "fi": _FINNISH,
    "sv": _SWEDISH,
    "en": _ENGLISH,
    **{lang: one.headings for lang, one in FURTHER.items()},
}
"""The vocabulary of headings of each language."""
