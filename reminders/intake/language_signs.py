"""The signs by which languages are told apart: small words, endings, letters.

Languages that nobody reads here have theirs too, so that they are taken for no other. Another one is one more
row. Words stand without accents (``fold``), since print loses them;
letters as they are printed. How signs make a language is left to ``language``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageSigns:
    """The signs of one language.

    ``name`` is what it calls itself; ``more`` are words of plans, seasons and months beside the small words;
    ``letters`` and groups of letters that most languages lack, as printed.
    """

    name: str
    small: str
    endings: str = ""
    more: str = ""
    letters: str = ""


SIGNS: Mapping[str, LanguageSigns] = {
    "fi": LanguageSigns(
        "suomi",
        """
        ja seka on ei kanssa yhteistyossa jatkuva tavoite toimenpide aikataulu vastuutaho mittari maara niihin
        vuosi vuodessa vuosittain kaupungin kunnan palvelut tai joka mukaan myos vuoteen mennessa krt kpl
        toimenpiteet tavoitteet vastuu kumppanit seuranta teema henkilosto uusi uudet tehdaan""",
        "minen misen ssa lla sta iden jen uus inen ista seen kko elut",
        """
        kevat syksy kesa talvi kevaalla syksylla kesalla loppuun alkaen saakka vuoden vuosina kuka milloin
        mita
        tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu
        joulukuu asti viikko yksikko ovat ovatko jotka etta kun kuin sen ne""",
        "yö|äy|öy|uo|ää|yy|hd|lm[aäi]",
    ),
    "sv": LanguageSigns(
        "svenska",
        """
        och i med for av den det att som till pa samt samarbete fortlopande atgard mal tidtabell ansvarig
        ansvarspart matare antal antalet per ar stadens kommunens ska en ett om vid fran har deltagare
        tidsplan uppfoljning under senast nya alla inom foretag utveckla forbattra genomfora arbete""",
        "ning ningen heten ande arna erna orna skap tjanst servicen",
        """
        varen hosten sommaren vintern lopande arligen insats insatser atgarder nar vem vad hur ar manad vecka
        klart tidpunkt namnd enhet maj augusti oktober halvaret utgangen slutet borjan eller inte vara ar
        mellan efter innan genom oka fler battre medborgare invanare samverkan andra upp ut ny hos varje""",
        "ck|ö|ä(?=[rgnlt])|tion",
    ),
    "en": LanguageSigns(
        "English",
        """
        the and of in with for to a an on by at is be will cooperation collaboration continuous goal action
        schedule responsible indicator number annual city new from are all their develop create improve
        increase per year launch department office plan during""",
        "ing tion ions ment ness ity ies ship",
        """
        spring autumn summer winter january february march may june july october december ongoing annually
        week month quarter end until or not this that which who when what how lead owner deadline timescale
        measure objective activity""",
        "th|wh|ee|oo",
    ),
    "nb": LanguageSigns(
        "norsk bokmål",
        """
        og i med for av den det at som til pa samt samarbeid lopende tiltak mal frist ansvarlig antall per ar
        kommunens kommunen skal en et om ved fra har deltakere oppfolging senest nye alle innen utvikle
        forbedre gjennomfore arbeid arlig ikke""",
        "ingen heten ende skap asjon sjon tjeneste tjenesten tjenester lig",
        """
        varen hosten sommeren vinteren tidsfrist tidsplan nar hvem hva hvordan maned uke uker utgangen slutten
        samarbeidspartner samarbeidspartnere innbyggere innbyggerne mellom etter gjennom eller vare flere
        bedre kommunedirektor enhet mai juni juli oktober desember halvar kvartal ut opp noe bli blir ble
        etablere kartlegge behovet skole skolene barnehage virksomhet virksomheter okt hver hvert arbeidet""",
        "sjon|øy|ei|kj|gj(?=e)|skj|æ|ø|eid|øk",
    ),
    "nn": LanguageSigns(
        "norsk nynorsk",
        """
        og i med for av den det at som til pa samt samarbeid tiltak mal frist ansvarleg per ar kommunen skal
        ein eit om ved fra har deltakarar oppfolging nye alle innan utvikle arbeid arleg ikkje""",
        "inga leiken asjon sjon leg tenester tenesta ingar",
        """
        varen hausten sommaren vinteren nar kven kva korleis manad veke veker utgangen slutten innbyggjarar
        innbyggjarane mellom etter gjennom eller vere fleire betre verksemd skule skulane barnehage blir vart
        gjere auke auka nokre berre dei eigne heile desse kvart kvar loypande""",
        "kv|øy|au|æ|ø|eig",
    ),
    "da": LanguageSigns(
        "dansk",
        """
        og i med for af den det at som til pa samt samarbejde lobende indsats mal frist ansvarlig antal per ar
        kommunens kommunen skal en et om ved fra har deltagere opfolgning senest nye alle inden udvikle
        forbedre gennemfore arbejde arligt ikke""",
        "ingen heden hed ende skab ation lse lsen lig else elsen",
        """
        foraret efteraret sommeren vinteren forar efterar tidsplan hvornar hvem hvad hvordan maned uge uger
        hver udgangen slutningen samarbejdspartner samarbejdspartnere borger borgere borgerne mellem efter
        gennem eller vare flere bedre forvaltning forvaltningen udvalg maj juni juli oktober december halvar
        kvartal ud op noget blive bliver blev etablere kortlagge behov skole skolerne bornehave sundhed
        handling mode modested aben abne ogsa igen nogle aldre egnet egnede unge""",
        "øj|æ|ø|ej|dg|gt|nd(?=e)|eje",
    ),
    "is": LanguageSigns(
        "íslenska",
        """
        og a i ad til fyrir med sem er ekki um vid fra hun hann thad pad verda verdur allt eda ari arid manudi
        adgerd abyrgd timi markmid samstarf baerinn baejarins sveitarfelag""",
        "ur inn num unum",
        letters="ð|þ|ý|ó",
    ),
    "de": LanguageSigns(
        "Deutsch",
        """
        der die das und mit fur von zu ist im des den dem eine einer eines einen wird werden durch bis auf aus
        nach bei zum zur oder nicht auch sich sind als uber stadt gemeinde""",
        "ung ungen keit heit lich lichen isch tion schaft",
        """
        massnahme massnahmen ziel ziele zustandig zustandigkeit verantwortlich frist zeitplan jahr jahre ende
        fruhjahr fruhling herbst sommer winter laufend jahrlich monatlich wochentlich quartal wann wer was
        januar februar marz mai juni juli oktober dezember amt abteilung burger mehr eroffnen stadtrat""",
        "ß|ü|sch|tz|ie(?=r)|ei(?=n)",
    ),
    "nl": LanguageSigns(
        "Nederlands",
        """
        de het een en van in op met voor te is zijn worden wordt door tot aan uit naar bij of niet ook zich
        als
        over gemeente stad dat die deze jaar jaarlijks doorlopend actie acties doel planning verantwoordelijk
        verantwoordelijke termijn eind voorjaar najaar wie wat wanneer kwartaal afdeling bewoners meer""",
        "ing ingen heid lijk atie tie",
        letters="ij|oe|aa(?=n)|ui|sch",
    ),
    "fr": LanguageSigns(
        "français",
        """
        le la les des du de et en un une pour par avec dans sur au aux est sont sera qui que ou pas ne plus
        ville commune action objectif responsable calendrier echeance delai fin annee annuel continu printemps
        automne ete hiver trimestre mois semaine quand qui quoi jusqu habitants""",
        "tion tions ment ements eur eurs",
        letters="é|è|ê|ç|à|oi|eau|qu",
    ),
    "es": LanguageSigns(
        "español",
        """
        el la los las de del y en un una para por con su es son se que al o no mas sera ciudad municipio
        accion
        medida objetivo responsable plazo calendario fin ano anual continuo primavera otono verano invierno
        trimestre mes semana cuando quien hasta vecinos""",
        "cion ciones miento dad ades",
        letters="ñ|ó|í|á|ción|¿",
    ),
    "it": LanguageSigns(
        "italiano",
        """
        il lo la i gli le di del della dei delle e in un una per con che si non sono al alla da citta comune
        azione obiettivo responsabile scadenza tempi calendario fine anno annuale continuo primavera autunno
        estate inverno trimestre mese settimana quando chi entro cittadini""",
        "zione zioni mento ita",
        letters="zion|gli|tà|cch",
    ),
    "pl": LanguageSigns(
        "polski",
        """
        i w z na do dla o od po przez jest sa nie sie ze oraz lub miasto miasta gminy gmina dzialanie cel
        odpowiedzialny termin rok roku koniec konca wiosna jesien lato zima kwartal miesiac tydzien kto co
        kiedy ciagle mieszkancow wydzial""",
        "anie enie ych owych nosc nosci",
        letters="ł|ą|ę|ś|ż|ź|ć|cz|sz|rz|ch",
    ),
    "et": LanguageSigns(
        "eesti",
        """
        ja ning voi ei on see kui kes mis ka et oma aasta linna valla linnas vallas ule alates kuni koos labi
        tegevus tegevused eesmark tahtaeg vastutaja vastutav koostoo aeg naitaja osakond""",
        "mine mise dus dusi vad ste tud line konna",
        """
        kevad sugis suvi talv pidev iga nadal kuu kvartal lopp lopuks lopuni jaanuar veebruar marts aprill mai
        juuni juuli oktoober november detsember mida tehakse millal elanikud elanike rohkem uus luua
        korraldada
        volikogu vallavalitsus linnavalitsus uksus koostoopartnerid pidevalt igal aastal""",
        "õ|ü|öö|ää|äi|üü|aeg|ja$",
    ),
    "lv": LanguageSigns(
        "latviešu",
        """
        un ir ar no uz par pie vai ka kas ko gada gads pilsetas novada pasakums merkis atbildigais termins
        lidz pavasaris rudens ceturksnis menesis pastavigi kad iedzivotaji""",
        "sana sanas iba ibas iem",
        letters="ā|ē|ī|ū|ķ|ļ|ņ|ģ|š|ž",
    ),
    "lt": LanguageSigns(
        "lietuvių",
        """
        ir yra su is i nuo iki apie prie ar kad kas ka metu metai miesto savivaldybes priemone tikslas
        atsakingas terminas pavasaris ruduo ketvirtis menuo nuolat kada gyventojai""",
        "imas imo ybe ybes iams",
        letters="ė|ų|į|ū|š|ž|č|ai(?=s$)",
    ),
    "se": LanguageSigns(
        "davvisámegiella",
        """
        ja lea leat dahje mii gii go dan dat daid suohkan suohkana gielda gieldda doaibma doaibmabidju
        ovddasvastadus ulbmil ovttasbargu bargu galga galget sami jahki jagi gidda cakcat vahkku manu
        beaivi ovttas mat ahte""",
        "lahka vuohta vuoda mis iid",
        letters="đ|ŋ|ŧ|š|č|á|ž",
    ),
}  # fmt: skip
"""The signs of each language that is written in Latin letters, by its code of ISO 639."""

SCRIPTS: tuple[tuple[str, str, str], ...] = (
    ("uk", "українська", "іїєґ"),
    ("ru", "русский", "абвгдежзийклмнопрстуфхцчшщъыьэюя"),
    ("el", "ελληνικά", "αβγδεζηθικλμνξοπρστυφχψως"),
    ("ar", "العربية", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    ("he", "עברית", "אבגדהוזחטיכלמנסעפצקרשת"),
)
"""Languages that other letters tell: code, own name, letters; the first of which some letter stands
        counts."""
