"""Decline the Finnish words of schedules: stems as data, endings by rule.

A wording of a table such as ``valtuusto+kausi`` is declined by its last part;
what a case does to the code of a word ("tammikuusta" begins, "vuoteen" ends)
is the table's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    """Yield each case of ``word``, singular and plural, and its form; the part before a plus stays."""
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
    """Return the principal parts of a noun, an adjective in -nen, an ordinal or a participle."""
    if head in _NOUNS:
        return _NOUNS[head]
    a = "a" if back else "ä"
    if head == "nen":
        st = f"st{a}"
        return ["nen", "se", "se", st, "seen", "si", "si", "sten", f"si{a}", "siin"]
    if head.endswith("s"):
        stem = head[:-1]
        return [
            head, f"{stem}nne", f"{stem}nte", f"{stem}tt{a}", f"{stem}nteen",
            f"{stem}nsi", f"{stem}nsi", f"{stem}nsien", f"{stem}nsi{a}", f"{stem}nsiin",
        ]  # fmt: skip
    # a participle, whose stem is its nominative: "jatkuva", "pysyvä"
    stem = head[:-1] + "i"
    return [head, head, head, head + a, head + a + "n", stem, stem, stem + "en", stem + a, stem + "in"]


def teens(unit: str) -> Iterator[str]:
    """Yield the forms of the number ten more than ``unit``: "kahdentoista", "viittätoista"."""
    for case, form in decline("+" + unit):
        if not case.endswith("pl"):
            yield form + "toista"


def declined(
    table: str, cases: Mapping[str, Mapping[Case, str]], singular: frozenset[str] = frozenset()
) -> str:
    """Return a table of wordings with every word declined, a row for each code.

    ``cases`` says for the code of a row which cases get another code; rows whose
    code is in ``singular`` get no plural.
    """
    out: list[str] = []
    for line in table.strip().replace("\n  ", " ").splitlines():
        head, _, words = line.partition(": ")
        rules = cases.get(head[0], {})
        by_head: dict[str, list[str]] = {}
        for word in words.split(" | "):
            for case, form in decline(word):
                if head[0] not in singular or not case.endswith("pl"):
                    by_head.setdefault(_with_code(rules.get(case, "{}"), head), []).append(form)
        out += [f"{own}: {' | '.join(dict.fromkeys(forms))}" for own, forms in by_head.items()]
    return "\n".join(out)


def _with_code(code: str, head: str) -> str:
    """Return the head of a row with its code put into ``code``: ``F{}`` of ``m=1`` is ``Fm=1``."""
    letters, mark, value = head.partition("=")
    return code.replace("{}", letters) + mark + value
