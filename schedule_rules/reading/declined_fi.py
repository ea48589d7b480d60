"""The Finnish words of schedules that are declined: data only, read by ``inflection_fi``.

The part after a plus is the noun whose stems ``inflection_fi`` knows.
"""

from __future__ import annotations

from itertools import product

from schedule_rules.reading.inflection_fi import declined, teens

_NOUNS = """
m=1: tammi+kuu
m=2: helmi+kuu
m=3: maalis+kuu
m=4: huhti+kuu
m=5: touko+kuu
m=6: kesä+kuu
m=7: heinä+kuu
m=8: elo+kuu
m=9: syys+kuu
m=10: loka+kuu
m=11: marras+kuu
m=12: joulu+kuu
s=spring: +kevät | kevät+kausi
s=summer: +kesä | kesä+kausi
s=autumn: +syksy | syys+kausi
s=winter: +talvi | talvi+kausi
gs=spring: alku+kevät | loppu+kevät | varhais+kevät | myöhäis+kevät | kevät+talvi | keski+kevät
gs=summer: alku+kesä | loppu+kesä | keski+kesä | varhais+kesä | myöhäis+kesä
gs=autumn: alku+syksy | loppu+syksy | varhais+syksy | myöhäis+syksy | syys+kesä | keski+syksy
gs=winter: alku+talvi | loppu+talvi | syys+talvi | keski+talvi
T=spring: kevätluku+kausi | kevättoiminta+kausi | kevättoimi+kausi
T=autumn: syysluku+kausi | syystoiminta+kausi | syystoimi+kausi
t=month/6: luku+kausi
S=year/1: luku+vuosi | koulu+vuosi | työ+vuosi | opinto+vuosi | oppi+vuosi | toiminta+kausi
f=year/1: tili+kausi | tili+vuosi | talousarvio+vuosi | budjetti+vuosi
C=year/4: valtuusto+kausi | vaali+kausi | hallitus+kausi | hallitusohjelma+kausi | kunnanvaltuusto+kausi |
  kaupunginvaltuusto+kausi |
  aluevaltuusto+kausi | eduskunta+kausi | toimi+kausi | lautakunta+kausi | kuntavaali+kausi
q=month/3: +neljännes | vuosi+neljännes | neljännes+vuosi | +kvartaali | vuosi+kvartaali
%=month/4: +tertiaali | vuosi+kolmannes | kolmannes+vuosi
h=month/6: puoli+vuosi | puolivuotis+kausi | vuosi+puolisko | vuosi+puolikas | +puolisko | +puolikas |
  puolivuotis+jakso
H=1: alku+puolisko | etu+puolisko | alku+puolikas
H=-1: loppu+puolisko | jälki+puolisko | jälki+puolikas | loppu+puolikas
w=week/1: +viikko
U=year/1: kalenteri+vuosi | toiminta+vuosi
U=month/1: +kuukausi | kalenteri+kuukausi
U=day/1: arki+päivä | työ+päivä | kalenteri+päivä
g: alku+vuosi | alku+puoli
G: loppu+vuosi | loppu+puoli
i: puoli+väli | keski+vaihe | keski+väli
9: vuoden+vaihde | vuosien+vaihde
9=pair: +vaihde
j=1/year/1: vuosittai+nen | vuotui+nen | jokavuoti+nen | kalenterivuosittai+nen | lukuvuosittai+nen |
  tilikausittai+nen | vuosi+*
j=1/year/4: valtuustokausittai+nen | toimikausittai+nen | vaalikausittai+nen | hallituskausittai+nen
j=1/month/6: puolivuosittai+nen | puolivuotui+nen | lukukausittai+nen | puolivuosi+* | puolivuotis+*
j=1/month/4: kolmannesvuosittai+nen | tertiaaleittai+nen | tertiaalittai+nen | kolmannesvuosi+* | tertiaali+*
j=1/month/3: neljännesvuosittai+nen | kvartaaleittai+nen | kvartaalittai+nen | neljännesvuosi+* | kvartaali+*
j=1/month/1: kuukausittai+nen | kuukausi+* | kk+*
j=1/week/1: viikoittai+nen | viikottai+nen | viikko+* | vko+*
j=1/day/1: päivittäi+nen | jokapäiväi+nen
c: +jatkuva | +pysyvä | jatkuvaluontei+nen | jatkuvaluontoi+nen | jatkuvaisluontei+nen | pysyväisluontei+nen |
  pysyväisluontoi+nen | ympärivuoti+nen | jatkuvatoimi+nen | vakitui+nen
r: ohjelma+kausi | suunnitelma+kausi | strategia+kausi | sopimus+kausi | hanke+kausi | rahoitus+kausi |
  suunnittelu+kausi | taloussuunnitelma+kausi | taloussuunnittelu+kausi | kehys+kausi | ohjelma+jakso |
  rahasto+kausi | rakennerahasto+kausi | budjetti+kausi | raportointi+kausi | hankinta+kausi | avustus+kausi
r: pilotti+vaihe | pilotointi+vaihe | pilotti+jakso | kokeilu+vaihe | kokeilu+jakso | suunnittelu+vaihe |
  aika+väli | +tähtäin | aika+jänne | kesä+loma | syys+loma | joulu+loma | talvi+loma | hiihto+loma |
  vuosi+kymmen | osavuosi+katsaus | +juhannus | +joulu
~: +tuleva | +seuraava | +kuluva
"""

_NUMBERS = """
N=2: +kaksi
N=2: +pari
N=3: +kolme
N=4: +neljä
N=5: +viisi
N=6: +kuusi
N=7: +seitsemän
N=8: +kahdeksan
N=9: +yhdeksän
N=10: +kymmenen
o=1: ensimmäi+nen
o=2: toi+nen
o=-1: viimei+nen | jälkimmäi+nen
o=3: +kolmas
o=4: +neljäs
o=5: +viides
o=6: +kuudes
o=7: +seitsemäs
o=8: +kahdeksas
o=9: +yhdeksäs
o=10: +kymmenes
"""

# what recurs at the interval that stands before it: "vuosiraportti", "viikkopalaveri"
_MEETINGS = (
    "raportti", "raportointi", "arviointi", "katsaus", "kokous", "päivitys", "palaveri", "seuranta",
    "tarkastelu", "tiedote", "kirje",
)  # fmt: skip

_FROM_TO = {"ela": "F{}", "ill": "B{}", "elapl": "F{}", "illpl": "B{}"}
_UNIT = {"ine": "W"}
# the code of a row, and which cases get what code
_CASES = {
    "m": _FROM_TO, "s": _FROM_TO, "T": _FROM_TO, "g": {"ill": "B{}"}, "G": {"ill": "B{}"},
    "i": {"ill": "B{}", "ela": "F{}"},
    "t": _UNIT, "S": _FROM_TO | _UNIT, "f": _FROM_TO | _UNIT, "C": _FROM_TO | _UNIT, "q": _FROM_TO | _UNIT,
    "h": _FROM_TO | _UNIT, "%": _FROM_TO | _UNIT, "w": _FROM_TO | _UNIT, "U": _UNIT,
    "N": {"ill": "R{}"},
}  # fmt: skip
# these have no plural: "kuusia" are spruces, "toiset" are others
_SINGULAR = frozenset("No")

_TEENS = ("yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän")


def _table() -> str:
    """Return the rows of all declined words."""
    nouns = _NOUNS
    for line in _NOUNS.split():
        if line.endswith("+*"):
            first = line.removesuffix("*")
            nouns = nouns.replace(line, " | ".join(map("".join, product([first], _MEETINGS))), 1)
    numbers = declined(_NUMBERS, _CASES, _SINGULAR)
    tens = "\n".join(f"N={at + 11}: {' | '.join(teens(unit))}" for at, unit in enumerate(_TEENS))
    return "\n".join([declined(nouns, _CASES), numbers, tens])


DECLINED = _table()
