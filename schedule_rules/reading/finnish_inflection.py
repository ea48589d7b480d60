"""Decline the Finnish words of schedules: words and stems as data, endings by rule.

A wording such as ``valtuusto+kausi`` is declined by its last part, whose stems
are known.  What a case does to the code of a word ("tammikuusta" begins,
"vuoteen" ends) is said for each code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_WORDS = """
month=1: tammi+kuu ; month=2: helmi+kuu ; month=3: maalis+kuu ; month=4: huhti+kuu ; month=5: touko+kuu ;
  month=6: kesä+kuu ; month=7: heinä+kuu ; month=8: elo+kuu ; month=9: syys+kuu ; month=10: loka+kuu ;
  month=11: marras+kuu ; month=12: joulu+kuu
season=spring: +kevät | kevät+kausi ; season=summer: +kesä | kesä+kausi ; season=autumn: +syksy | syys+kausi ;
  season=winter: +talvi | talvi+kausi
early+season=spring: alku+kevät | loppu+kevät | varhais+kevät | myöhäis+kevät | kevät+talvi | keski+kevät
early+season=summer: alku+kesä | loppu+kesä | keski+kesä | varhais+kesä | myöhäis+kesä
early+season=autumn: alku+syksy | loppu+syksy | varhais+syksy | myöhäis+syksy | syys+kesä | keski+syksy
early+season=winter: alku+talvi | loppu+talvi | syys+talvi | keski+talvi
season_term=spring: kevätluku+kausi | kevättoiminta+kausi | kevättoimi+kausi
season_term=autumn: syysluku+kausi | syystoiminta+kausi | syystoimi+kausi
term=month/6: luku+kausi
school_year=year/1: luku+vuosi | koulu+vuosi | työ+vuosi | opinto+vuosi | oppi+vuosi | toiminta+kausi
financial_year=year/1: tili+kausi | tili+vuosi | talousarvio+vuosi | budjetti+vuosi
council_term=year/4: valtuusto+kausi | vaali+kausi | hallitus+kausi | hallitusohjelma+kausi |
  kunnanvaltuusto+kausi | kaupunginvaltuusto+kausi | aluevaltuusto+kausi | eduskunta+kausi | toimi+kausi |
  lautakunta+kausi | kuntavaali+kausi
quarter=month/3: +neljännes | vuosi+neljännes | neljännes+vuosi | +kvartaali | vuosi+kvartaali
third_of_year=month/4: +tertiaali | vuosi+kolmannes | kolmannes+vuosi
half_year=month/6: puoli+vuosi | puolivuotis+kausi | vuosi+puolisko | vuosi+puolikas | +puolisko | +puolikas |
  puolivuotis+jakso
half_label=1: alku+puolisko | etu+puolisko | alku+puolikas
half_label=-1: loppu+puolisko | jälki+puolisko | jälki+puolikas | loppu+puolikas
week=week/1: +viikko
unit=year/1: kalenteri+vuosi | toiminta+vuosi ; unit=month/1: +kuukausi | kalenteri+kuukausi
unit=day/1: arki+päivä | työ+päivä | kalenteri+päivä
early: alku+vuosi | alku+puoli
late: loppu+vuosi | loppu+puoli
middle: puoli+väli | keski+vaihe | keski+väli
turn: vuoden+vaihde | vuosien+vaihde ; turn=pair: +vaihde
rate=1/year/1: vuosittai+nen | vuotui+nen | jokavuoti+nen | kalenterivuosittai+nen | lukuvuosittai+nen |
  tilikausittai+nen | vuosi+*
rate=1/year/4: valtuustokausittai+nen | toimikausittai+nen | vaalikausittai+nen | hallituskausittai+nen
rate=1/month/6: puolivuosittai+nen | puolivuotui+nen | lukukausittai+nen | puolivuosi+* | puolivuotis+*
rate=1/month/4: kolmannesvuosittai+nen | tertiaaleittai+nen | tertiaalittai+nen | kolmannesvuosi+* |
  tertiaali+*
rate=1/month/3: neljännesvuosittai+nen | kvartaaleittai+nen | kvartaalittai+nen | neljännesvuosi+* |
  kvartaali+*
rate=1/month/1: kuukausittai+nen | kuukausi+* | kk+*
rate=1/week/1: viikoittai+nen | viikottai+nen | viikko+* | vko+*
rate=1/day/1: päivittäi+nen | jokapäiväi+nen
continuous: +jatkuva | +pysyvä | jatkuvaluontei+nen | jatkuvaluontoi+nen | jatkuvaisluontei+nen |
  pysyväisluontei+nen | pysyväisluontoi+nen | ympärivuoti+nen | jatkuvatoimi+nen | vakitui+nen
relative: ohjelma+kausi | suunnitelma+kausi | strategia+kausi | sopimus+kausi | hanke+kausi | rahoitus+kausi |
  suunnittelu+kausi | taloussuunnitelma+kausi | taloussuunnittelu+kausi | kehys+kausi | ohjelma+jakso |
  rahasto+kausi | rakennerahasto+kausi | budjetti+kausi | raportointi+kausi | hankinta+kausi | avustus+kausi |
  pilotti+vaihe | pilotointi+vaihe | pilotti+jakso | kokeilu+vaihe | kokeilu+jakso | suunnittelu+vaihe |
  aika+väli | +tähtäin | aika+jänne | kesä+loma | syys+loma | joulu+loma | talvi+loma | hiihto+loma |
  vuosi+kymmen | osavuosi+katsaus | +juhannus | +joulu
within: +tuleva | +seuraava | +kuluva
"""

_NUMBERS = """
number=2: +kaksi | +pari ; number=3: +kolme ; number=4: +neljä ; number=5: +viisi ; number=6: +kuusi ;
  number=7: +seitsemän ; number=8: +kahdeksan ; number=9: +yhdeksän ; number=10: +kymmenen
ordinal=1: ensimmäi+nen ; ordinal=2: toi+nen ; ordinal=-1: viimei+nen | jälkimmäi+nen ; ordinal=3: +kolmas ;
  ordinal=4: +neljäs ; ordinal=5: +viides ; ordinal=6: +kuudes ; ordinal=7: +seitsemäs ;
  ordinal=8: +kahdeksas ; ordinal=9: +yhdeksäs ; ordinal=10: +kymmenes
"""

# what recurs at the interval that stands before it, a star in the table: "vuosiraportti", "viikkopalaveri"
_MEETINGS = (
    "raportti", "raportointi", "arviointi", "katsaus", "kokous", "päivitys", "palaveri", "seuranta",
    "tarkastelu", "tiedote", "kirje",
)  # fmt: skip

_FROM_TO = {"ela": "from+{}", "ill": "by+{}", "elapl": "from+{}", "illpl": "by+{}"}
_EACH = {"ine": "in_a_unit"}
# the first code of a row, and which cases get what codes
_CASES = {
    "month": _FROM_TO, "season": _FROM_TO, "season_term": _FROM_TO,
    "early": {"ill": "by+{}"}, "late": {"ill": "by+{}"}, "middle": {"ill": "by+{}", "ela": "from+{}"},
    "term": _EACH, "unit": _EACH, "school_year": _FROM_TO | _EACH, "financial_year": _FROM_TO | _EACH,
    "council_term": _FROM_TO | _EACH, "quarter": _FROM_TO | _EACH, "half_year": _FROM_TO | _EACH,
    "third_of_year": _FROM_TO | _EACH, "week": _FROM_TO | _EACH, "number": {"ill": "to+{}"},
}  # fmt: skip
# these have no plural: "kuusia" are spruces, "toiset" are others
_SINGULAR = frozenset({"number", "ordinal"})
_TEENS = ("yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän")

# nominative, weak and strong stem, partitive, illative; then the plural: weak and strong stem,
# genitive, partitive, illative
_STEMS = """
kausi kaude kaute kautta kauteen kausi kausi kausien kausia kausiin
vuosi vuode vuote vuotta vuoteen vuosi vuosi vuosien vuosia vuosiin
kuu kuu kuu kuuta kuuhun kui kui kuiden kuita kuihin
viikko viiko viikko viikkoa viikkoon viikoi viikkoi viikkojen viikkoja viikkoihin
päivä päivä päivä päivää päivään päivi päivi päivien päiviä päiviin
neljännes neljännekse neljännekse neljännestä neljännekseen
  neljänneksi neljänneksi neljännesten neljänneksiä neljänneksiin
kolmannes kolmannekse kolmannekse kolmannesta kolmannekseen
  kolmanneksi kolmanneksi kolmannesten kolmanneksia kolmanneksiin
kvartaali kvartaali kvartaali kvartaalia kvartaaliin kvartaalei kvartaalei kvartaalien kvartaaleja
  kvartaaleihin
tertiaali tertiaali tertiaali tertiaalia tertiaaliin tertiaalei tertiaalei tertiaalien tertiaaleja
  tertiaaleihin
puolisko puolisko puolisko puoliskoa puoliskoon puoliskoi puoliskoi puoliskojen puoliskoja puoliskoihin
puolikas puolikkaa puolikkaa puolikasta puolikkaaseen
  puolikkai puolikkai puolikkaiden puolikkaita puolikkaisiin
alku alu alku alkua alkuun alui alkui alkujen alkuja alkuihin
loppu lopu loppu loppua loppuun lopui loppui loppujen loppuja loppuihin
väli väli väli väliä väliin välei välei välien välejä väleihin
puoli puole puole puolta puoleen puoli puoli puolien puolia puoliin
vaihe vaihee vaihee vaihetta vaiheeseen vaihei vaihei vaiheiden vaiheita vaiheisiin
vaihde vaihtee vaihtee vaihdetta vaihteeseen vaihtei vaihtei vaihteiden vaihteita vaihteisiin
kevät kevää kevää kevättä kevääseen keväi keväi keväiden keväitä keväisiin
kesä kesä kesä kesää kesään kesi kesi kesien kesiä kesiin
syksy syksy syksy syksyä syksyyn syksyi syksyi syksyjen syksyjä syksyihin
talvi talve talve talvea talveen talvi talvi talvien talvia talviin
joulu joulu joulu joulua jouluun joului joului joulujen jouluja jouluihin
juhannus juhannukse juhannukse juhannusta juhannukseen
  juhannuksi juhannuksi juhannusten juhannuksia juhannuksiin
jakso jakso jakso jaksoa jaksoon jaksoi jaksoi jaksojen jaksoja jaksoihin
loma loma loma lomaa lomaan lomi lomi lomien lomia lomiin
tähtäin tähtäime tähtäime tähtäintä tähtäimeen tähtäimi tähtäimi tähtäinten tähtäimiä tähtäimiin
jänne jäntee jäntee jännettä jänteeseen jäntei jäntei jänteiden jänteitä jänteisiin
raportti raporti raportti raporttia raporttiin raportei raporttei raporttien raportteja raportteihin
raportointi raportoinni raportointi raportointia raportointiin
  raportoinnei raportointei raportointien raportointeja raportointeihin
arviointi arvioinni arviointi arviointia arviointiin
  arvioinnei arviointei arviointien arviointeja arviointeihin
katsaus katsaukse katsaukse katsausta katsaukseen katsauksi katsauksi katsausten katsauksia katsauksiin
kokous kokoukse kokoukse kokousta kokoukseen kokouksi kokouksi kokousten kokouksia kokouksiin
päivitys päivitykse päivitykse päivitystä päivitykseen
  päivityksi päivityksi päivitysten päivityksiä päivityksiin
palaveri palaveri palaveri palaveria palaveriin palaverei palaverei palaverien palavereja palavereihin
kymmen kymmene kymmene kymmentä kymmeneen kymmeni kymmeni kymmenten kymmeniä kymmeniin
seuranta seuranna seuranta seurantaa seurantaan seurannoi seurantoi seurantojen seurantoja seurantoihin
tarkastelu tarkastelu tarkastelu tarkastelua tarkasteluun
  tarkastelui tarkastelui tarkastelujen tarkasteluja tarkasteluihin
tiedote tiedottee tiedottee tiedotetta tiedotteeseen
  tiedottei tiedottei tiedotteiden tiedotteita tiedotteisiin
kirje kirjee kirjee kirjettä kirjeeseen kirjei kirjei kirjeiden kirjeitä kirjeisiin
yksi yhde yhte yhtä yhteen yksi yksi yksien yksiä yksiin
kaksi kahde kahte kahta kahteen kaksi kaksi kaksien kaksia kaksiin
kolme kolme kolme kolmea kolmeen kolmi kolmi kolmien kolmia kolmiin
neljä neljä neljä neljää neljään nelji nelji neljien neljiä neljiin
viisi viide viite viittä viiteen viisi viisi viisien viisiä viisiin
kuusi kuude kuute kuutta kuuteen kuusi kuusi kuusien kuusia kuusiin
seitsemän seitsemä seitsemä seitsemää seitsemään seitsemi seitsemi seitsemien seitsemiä seitsemiin
kahdeksan kahdeksa kahdeksa kahdeksaa kahdeksaan kahdeksi kahdeksi kahdeksien kahdeksia kahdeksiin
yhdeksän yhdeksä yhdeksä yhdeksää yhdeksään yhdeksi yhdeksi yhdeksien yhdeksiä yhdeksiin
kymmenen kymmene kymmene kymmentä kymmeneen kymmeni kymmeni kymmenien kymmeniä kymmeniin
pari pari pari paria pariin parei parei parien pareja pareihin
"""

# the parts of a noun's row, in the order of _STEMS
_NOUNS = {
    parts[0]: parts for parts in (row.split() for row in _STEMS.replace("\n  ", " ").strip().splitlines())
}
_WEAK = {
    "gen": "n", "ine": "ssa", "ela": "sta", "ade": "lla", "abl": "lta", "all": "lle", "tra": "ksi",
}  # fmt: skip
_OTHER_ESSIVE = {"vuosi": "vuonna"}
_BACK = frozenset("aou")
_FRONT = str.maketrans("ao", "äö")
Case = str


def decline(word: str) -> Iterator[tuple[Case, str]]:
    """Yield each case of ``word``, singular and plural, and its form; the part before a plus stays.

    >>> forms = dict(decline("valtuusto+kausi"))
    >>> forms["ine"], forms["ela"], forms["ill"], forms["parpl"]
    ('valtuustokaudessa', 'valtuustokaudesta', 'valtuustokauteen', 'valtuustokausia')
    """
    first, _, head = word.strip().rpartition("+")
    back = not _BACK.isdisjoint(head if head in _NOUNS else first + head)
    nominative, weak, strong, partitive, illative, *plural = _principal_parts(head, back=back)
    yield "nom", first + nominative
    yield "par", first + partitive
    yield "ill", first + illative
    yield "poss", first + strong + ("nsa" if back else "nsä")
    for case, form in _oblique(weak, strong, back=back):
        yield case, first + form
    if head in _OTHER_ESSIVE:
        yield "ess", first + _OTHER_ESSIVE[head]
    yield "nompl", first + weak + "t"
    plural_weak, plural_strong, genitive, partitive, illative = plural
    for case, form in (("genpl", genitive), ("parpl", partitive), ("illpl", illative)):
        yield case, first + form
    for case, form in _oblique(plural_weak, plural_strong, back=back):
        if case != "gen":
            yield case + "pl", first + form


def _oblique(weak: str, strong: str, *, back: bool) -> Iterator[tuple[Case, str]]:
    """Yield the cases whose ending is added to one of two stems, in vowel harmony."""
    for case, ending in _WEAK.items():
        yield case, weak + (ending if back else ending.translate(_FRONT))
    yield "ess", strong + ("na" if back else "nä")


def _principal_parts(head: str, *, back: bool) -> list[str]:
    if head in _NOUNS:
        return _NOUNS[head]
    a = "a" if back else "ä"
    if head == "nen":
        return ["nen", "se", "se", f"st{a}", "seen", "si", "si", "sten", f"si{a}", "siin"]
    if head.endswith("s"):
        stem = head[:-1]
        return [
            head, f"{stem}nne", f"{stem}nte", f"{stem}tt{a}", f"{stem}nteen",
            f"{stem}nsi", f"{stem}nsi", f"{stem}nsien", f"{stem}nsi{a}", f"{stem}nsiin",
        ]  # fmt: skip
    # a participle, whose stem is its nominative: "jatkuva", "pysyvä"
    stem = head[:-1] + "i"
    return [head, head, head, head + a, head + a + "n", stem, stem, stem + "en", stem + a, stem + "in"]


def table_rows(table: str) -> Iterator[tuple[str, str]]:
    """Yield the rows of a table of words: the names of codes and a value, and the wordings.

    A row that is too long for its line goes on in the next, indented; short ones share a line, with
    semicolons between.

    >>> list(table_rows("month=3: march ; month=4: april"))
    [('month=3', 'march'), ('month=4', 'april')]
    """
    for row in table.strip().replace("\n  ", " ").replace(" ; ", "\n").splitlines():
        head, _, words = row.partition(": ")
        yield head, words


def _declined(table: str) -> str:
    """Return a table of wordings with every word declined, a row for each code.

    >>> print(_declined("middle: puoli+väli")[:60])
    middle: puoliväli | puoliväliä | puolivälinsä | puolivälin |
    """
    out: list[str] = []
    for head, words in table_rows(table):
        codes, mark, value = head.partition("=")
        first = codes.partition("+")[0]
        rules: Mapping[Case, str] = _CASES.get(first, {})
        by_head: dict[str, list[str]] = {}
        for part in words.split(" | "):
            stem = part.removesuffix("*")
            for word in [part] if stem == part else [stem + meeting for meeting in _MEETINGS]:
                for case, form in decline(word):
                    if first not in _SINGULAR or not case.endswith("pl"):
                        own = rules.get(case, "{}").replace("{}", codes) + mark + value
                        by_head.setdefault(own, []).append(form)
        out += [f"{own}: {' | '.join(dict.fromkeys(forms))}" for own, forms in by_head.items()]
    return "\n".join(out)


# "kahdentoista", "viittätoista"
_TEEN_ROWS = (
    f"number={number}: "
    + " | ".join(form + "toista" for case, form in decline("+" + unit) if not case.endswith("pl"))
    for number, unit in enumerate(_TEENS, 11)
)
DECLINED = "\n".join([_declined(_WORDS), _declined(_NUMBERS), *_TEEN_ROWS])
