"""What only looks like a schedule, as data: "annual budget", "daily life", the Paris Agreement of a year.

The rows of ``IDIOMS`` end those of the vocabularies.  ``AMOUNTS`` are what a
rate before them only measures or names: a word, its ending (``~kostnad``), or
a name if it has a capital.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schedule_rules.programme import Lang

_ENGLISH = """\
x: one quarter of | a quarter of | three quarters | three quarters of | one half | one half of | annual
  calendar | annual accounts | annual clock | daily basis life | day to day | yearly calendar | everyday |
  everyday life | everyday lives | open and | open data | open to | open access | open source | open space |
  open spaces | open government | open for | baseline survey | baseline surveys | baseline study | baseline
  studies | baseline assessment | baseline mapping | baseline review | baseline audit | baseline report |
  baseline exercise | baseline data
x: continuous learning | continuing education | continuing professional development | standing committee |
  standing committees | standing orders | rolling stock | permanent resident | permanent residents |
  permanent residence | permanent residency | permanent staff | permanent employees | permanent employment |
  permanent job | permanent jobs | permanent contract | permanent contracts | permanent housing | permanent
  home | permanent homes | permanent address | permanent exhibition
x: long-term unemployed | long-term unemployment | long-term care | long-term sick | long-term sickness |
  long-term illness | long-term illnesses | long-term condition | long-term conditions | long-term absence |
  short-term work | short-term let | short-term lets | short-term rental | short-term rentals | short-term
  absence | short-term sickness | immediate family | immediate families | immediate vicinity | immediate
  surroundings
x: long-term partnership | long-term partnerships | long-term resident | long-term residents | long-term
  residence | long-term cooperation | short-term accommodation | short-term rentals | summer job | summer
  jobs | summer work | summer workers | summer employees | winter maintenance | winter sports | spring
  cleaning | urgent care | urgent need | urgent needs | immediate need | immediate needs | immediate risk |
  weekly timetable | weekly timetables
x: household income
x: permanent committee | permanent committees | permanent board | permanent population | constant noise |
  immediate supervisor | immediate supervisors | immediate superior | immediate neighbours | year-round
  housing | year-round resident | year-round residents | following the guidelines | following the principles
  | following the rules | following the example | following the instructions | following the model | after
  the war | since the war | in recent years
!=1/year/1: in connection with the budget | in connection with the annual budget | as part of the annual
  budget | as part of the budget process | as part of the annual budget process | annual budget process
r: long-term goal | long-term goals | long-term objective | long-term objectives | long-term target |
  long-term targets | long-term action | long-term actions | long-term measure | long-term measures |
  short-term goal | short-term goals | short-term objective | short-term objectives | short-term target |
  short-term targets | short-term action | short-term actions | short-term measure | short-term measures |
  medium-term goal | medium-term goals | medium-term objective | medium-term objectives | medium-term target
  | medium-term targets | medium-term action | medium-term actions | medium-term measure | medium-term
  measures | long-term priority | short-term priority
?: according to
x: open around the clock | open doors | weekdays | weekends | after school | after-school | due to the |
  owing to | thanks to | related to | relating to | in addition to | with regard to
#=closed: closed | shut
y: vision for
y: statistics finland | statistics sweden | statistics norway | eurostat | oecd | unesco | unicef | world
  health organization | paris agreement | kyoto protocol | windows | windows server | microsoft office
?: population | index | class of | average of | on average | average for | financial crisis | pandemic |
  olympics | olympic games | recession | civil war
?=source: source | sources | cf
"""

_FINNISH = """\
x: päivittäinen elämä | päivittäistavara | vuosittainen kasvu | vuosittainen budjetti | jatkuva oppiminen |
  jatkuvaa oppimista | jatkuva~ oppimise~ | jatkuva haku | jatkuvaa hakua | jatkuva~ hau~ | pysyvä
  oleskelulupa | pysyvää oleskelulupaa | pysyvä~ oleskeluluva~ | pysyvä~ asukas | pysyvät asukkaat | pysyvä~
  asunno~ | pysyvä asunto
x: päivittäinen liikkuminen | päivittäistä liikkumista | päivittäise~ liikkumise~ | ympärivuotinen asuminen
  | ympärivuotista asumista | ympärivuotise~ asumise~ | välitön lähiympäristö | välittömä~ lähiympäristö~
x: vuosittaiset kustannukset | vuosittaisten kustannusten | vuosittaiset menot | vuosittaiset tulot |
  vuosittaiset päästöt | vuosittaise~ palka~ | vuosittainen palkka | vuosittainen kulutus
x: avoinna ympäri vuorokauden | avoin data | avoimen datan | koulun jälkeen | toistaiseksi voimassa oleva
  työsopimus | toistaiseksi voimassa olevat työsopimukset | toistaiseksi voimassa olevassa työsuhteessa |
  vakituinen henkilöstö | vakituiset työntekijät | vakituinen työ | vakituinen asunto | vakituinen työsuhde
  | pysyvä valiokunta | pysyvä toimielin | jatkuva melu | viime vuosina | viime vuosien | viime vuonna |
  viime vuoden | viime aikoina | viime kuukausina | sodan jälkeen | sotien jälkeen | sota-ajan jälkeen
#=others: ym
#=closed: suljettu | kiinni
y: visio vuodelle | visio vuoteen | visio vuonna
y: eurostat | oecd | unesco | unicef | sotkanet | pariisin sopimus | pariisin sopimuksen | pariisin
  ilmastosopimus | windows | microsoft office
?: väkiluku | asukasluku | väestö | indeksi | keskiarvo | keskiarvon | keskiarvosta | keskimäärin |
  finanssikriisi | finanssikriisin | pandemia | pandemian | olympialaiset | väestölaskenta | väestölaskennan
  | lama | laman
?=source: lähde | lähteet | vrt
"""

_SWEDISH = """\
x: dagligt liv | dagliga livet | det dagliga livet | dagliga liv | kontinuerligt lärande | kontinuerliga
  lärandet | kontinuerligt lärandet | permanent uppehållstillstånd | permanenta uppehållstillstånd |
  permanent bostad | permanenta bostäder | permanent boende | löpande räkning | löpande kostnader | löpande
  utgifter | löpande ärenden
x: daglig verksamhet | dagliga verksamheten | daglig verksamhets | långsiktigt hållbar | långsiktigt
  hållbara | långsiktigt hållbart | långsiktig hållbarhet | långsiktiga hållbarheten | årlig inkomst |
  årliga inkomster
x: årliga kostnader | årliga kostnaden | årliga kostnaderna | årlig kostnad | årliga utgifter | årliga
  utgifterna | årlig tillväxt | årliga tillväxten | årliga utsläpp | årliga utsläppen | månatliga kostnader
x: ärende | ärendet | ärenden | ärendena | öppet dygnet runt | efter skolan | efter skoldagen | tills vidare
  gällande arbetsavtal | tillsvidare anställda | permanent utskott | ständigt utskott | ständiga utskott |
  permanent nämnd | ständigt buller | efter kriget | senaste åren | de senaste åren | gångna åren
?: enligt
#=others: m.fl | m fl | mfl
#=closed: stängt | stängd
y: statistikcentralen | eurostat | oecd | unesco | unicef | sotkanet | scb | parisavtalet | windows |
  microsoft office
?: folkmängd | folkmängden | invånarantal | invånarantalet | index | medeltal | medeltalet | genomsnitt |
  genomsnittet | genomsnitt för | finanskrisen | finanskris | pandemin | pandemi | olympiska spelen |
  folkräkning | folkräkningen | lågkonjunkturen
?=source: källa | källor | jfr
"""

IDIOMS: Mapping[Lang, str] = {"en": _ENGLISH, "fi": _FINNISH, "sv": _SWEDISH}

_ENGLISH_AMOUNTS = """
raise rise errands travel tasks operations needs unit department centre entitlement association foundation
ltd budget budgets turnover cost costs expenditure expenditures expense expenses spend spending income
incomes revenue revenues earnings salary salaries wage wages pay fee fees rent rents charge charges price
prices subscription subscriptions contribution allowance allowances benefit subsidy saving savings profit
profits loss losses deficit surplus sales tax taxes premium instalment instalments payment payments funding
value amount amounts total volume volumes number numbers rate rates quota average averages mean increase
decrease growth decline capacity output production consumption usage demand emissions energy rainfall
temperature temperatures precipitation traffic yield workload hours leave vacation holiday holidays rhythm
routine routines life lives living commute commutes commuting commuters journeys journey newspaper
newspapers ticket tickets pass passes visitors passengers users customers members membership dose doses
intake necessities officer officers money bread coordinator coordinators manager managers director secretary
assistant clerk editor correspondent Post News Times Gazette Telegraph Mail Herald Mirror Echo Chronicle
Express Observer Tribune Star Journal
"""

_FINNISH_AMOUNTS = """
~korotus ~korotukset ~asiointi ~asioinnit ~toiminnot ~yksikkö ~keskus ry oy ~säätiö ~budjetti ~budjetin
talousarvio ~kustannus ~kustannukset ~kustannusten ~menot ~menojen ~tulot ~tulojen ~tulo ~palkka ~palkan
~palkat ~maksu ~maksun ~maksut ~maksuja ~vuokra ~vuokran ~vuokrat ~hinta ~kulutus ~kulutuksen ~päästöt
~päästöjen ~kasvu ~määrä ~määrän ~määrät ~säästö ~säästöt ~tuotto ~tuotot ~voitto ~tappio ~liikevaihto
~vaihto ~tuotanto ~tarve ~työaika ~loma ~työmatka matkat ~työmatkat ~rytmi ~lippu ~liput ~korvaus ~avustus
~raha ~leipä ~tuki ~lisä ~summa ~arvo ~keskiarvo ~keskilämpötila ~lämpötila ~annos ~saanti ~tarpeet
~askareet ~elämä ~liikkuminen ~kävijät ~asiakkaat ~matkustajat
"""

_SWEDISH_AMOUNTS = """
~höjning ~höjningar ~ärenden ärenden ärendena sysslor ~enhet ~enheten rf ab ~stiftelsen ~budget ~omsättning
~omsättningen ~kostnad ~kostnaden ~kostnader ~kostnaderna ~utgift ~utgifter ~utgifterna ~inkomst ~inkomster
~inkomsterna ~intäkter ~lön ~löner ~avgift ~avgiften ~avgifter ~hyra ~hyran ~hyror ~pris ~priset
~förbrukning ~förbrukningen ~konsumtion ~konsumtionen ~utsläpp ~utsläppen ~tillväxt ~tillväxten ~ökning
~ökningen ~minskning ~minskningen ~mängd ~mängden ~antal ~antalet ~besparing ~besparingar ~vinst ~vinsten
~förlust ~produktion ~produktionen ~behov ~behovet ~nederbörd ~nederbörden ~arbetstid ~arbetstiden ~semester
~ledighet ~pendling resor ~arbetsresor resorna ~rytm ~rytmen ~biljett ~biljetter ~kort ~ersättning
~ersättningen ~bidrag ~bröd ~peng ~bidraget ~stöd ~tillägg ~summa ~belopp ~beloppet ~värde ~värdet ~medeltal
~medeltemperatur ~temperatur ~dos ~dosen ~intag ~intaget liv livet ~besökare ~kunder ~resenärer ~passagerare
"""

AMOUNTS: Mapping[Lang, tuple[str, ...]] = {
    "en": tuple(_ENGLISH_AMOUNTS.split()),
    "fi": tuple(_FINNISH_AMOUNTS.split()),
    "sv": tuple(_SWEDISH_AMOUNTS.split()),
}
