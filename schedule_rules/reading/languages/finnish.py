"""The Finnish words of schedules, and what only looks like one: data, read by ``lexicon``.

A row has codes by name, perhaps a value, and wordings; the first row of a wording counts.
A ``~`` stands for any ending.  Nouns are declined by rule (``DECLINED``): a wording such as
``valtuusto+kausi`` by its last part, whose stems are known.  What a case does to the code of a
word ("tammikuusta" begins, "vuoteen" ends) is said for each code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schedule_rules.reading.codes import table_rows
from schedule_rules.reading.vocabulary import Vocabulary

WORDS = """
month=1: tammikuu~ | tammi | tammik ; month=2: helmikuu~ | helmi | helmik ;
  month=3: maaliskuu~ | maalis | maalisk ; month=4: huhtikuu~ | huhti | huhtik ;
  month=5: toukokuu~ | touko | toukok ; month=6: kesäkuu~ | kesäk ; month=7: heinäkuu~ | heinä | heinäk ;
  month=8: elokuu~ | elo | elok ; month=9: syyskuu~ | syysk | syys ; month=10: lokakuu~ | loka | lokak ;
  month=11: marraskuu~ | marras | marrask ; month=12: joulukuu~ | joulu | jouluk
june_or_summer=6: kesä
in_a_unit=year/1: kesässä | keväässä | syksyssä | talvessa
season=spring: kevää~ ; season=summer: kesä~ ; season=autumn: syksy~ ; season=winter: talve~
habit=1/year/1: keväisin | kesäisin | syksyisin | talvisin
school_year=year/1: lukuvuonna | lukuv | kouluvuonna | lv
financial_year=year/1: talousarviovuonna
council_term=year/4: valtuustok
rate=1/year/4: hallituskausittain | valtuustokausittain | vaalikausittain | toimikausittain
quarter=month/3: kv | neljänneksestä | neljännesvuonna | kvartaaliin | kvart | kvartti | kvartin |
  kvartaalista
in_a_unit=month/6: puolessa vuodessa
half_label=-1: jälkipuolella
within=next: seuraavan kerran | seuraava kerta | seuraavaksi | seuraava arviointi | seuraava päivitys |
  seuraava tarkistus | seuraava tarkastelu | seuraava kysely | seuraava
dash+present: tähän päivään | tähän päivään asti | tähän päivään saakka | tähän asti | nykyhetkeen asti |
  nykypäivään | nykyhetkeen
half_year=month/6: puoli vuotta | puolen vuoden | puoli vuosi
week=week/1: vko | vkot | vk | vkon | vkoa | vk:n | vkolla
unit=year/1: vuosi | vuotta | vuoden | v | vuosien | vuosi- | toimintavuonna
in_a_unit=year/1: vuodessa | vuoteensa
filler: päivänä | päivään | päivästä | vv | vs | ml | esim
unit=year/1: vuonna | vuosina | vuosille | vuodelle | vuosiksi | vuodeksi | vuosilla | vuodet | vuosia
from=pre: vuodesta | vuosista
by=pre: vuoteen | vuosiin
unit=month/1: kuukautta | kuukauden | kk | kk:n | kkn | kk:tta | kuu | kuun
in_a_unit=month/1: kuukaudessa | kuussa | kk:ssa | kkssa
unit=day/1: päivä | päivää | päivän | pv | pv:n | pvä | vrk | vuorokausi | vuorokautta | vuorokauden
in_a_unit=day/1: päivässä | vuorokaudessa
number=1: yksi | yhden | yhtä | yhdestä | yhdet ; number=2: kahdet
ordinal=2: parillinen | parillisena | pariton | parittomana ; ordinal=-1: viime
times: krt | kertaa | kertaan | kerta | x | kerran ja | kert | krt:a | tapaamiskertaa | kpl | kappaletta
once=1: kerran | kertaalleen
once=1..2: kerran pari | kerran tai pari | kerran tai kaksi | kerran tai kahdesti
number=2..3: pari kolme | kaksi kolme
once=2: kahdesti | kaksi kertaa ; once=3: kolmesti ; once=4: neljästi ; once=5: viidesti ; once=6: kuudesti ;
  once=7: seitsemästi ; once=8: kahdeksasti ; once=9: yhdeksästi ; once=10: kymmenesti
per: per | kohti | kohden
every=1: joka | jokainen | jokaisen | jokaisena | kunakin | kunkin | kukin | jokaisella | kullakin
intervals: välein | väliajoin | välein: | väliaikana
at_least: vähintään | väh | vähint | ainakin | min | minimissään | vähintäänkin | ≥
at_most: enintään | korkeintaan | max | maks | enint | maksimissaan | korkeint | ≤
less_than=than: vähemmän kuin ; less_than: alle
more_than=than: enemmän kuin ; more_than: yli
by: mennessä | menn | saakka | asti | viimeistään | päättyy | päättyen | päättyi | loppuu | viim | määräaika |
  menessä | päättymiseen
by=eve: talousarvioon mennessä | talousarvion valmisteluun mennessä | valmisteluun mennessä | laadintaan
  mennessä | laatimiseen mennessä | käsittelyyn mennessä
by=before: ennen
after=before: edeltävä
from=start: alusta
from: aikaisintaan | ensimmäisen kerran | alkaen | lähtien | lukien | alk | alkaa alkaen | aloittaen |
  eteenpäin | lukien: | ja siitä eteenpäin | siitä eteenpäin | siitä lähtien | ja eteenpäin | tai myöhemmin |
  siitä alkaen
after=after: jälkeen | jälkeinen | päätyttyä | jälkeiseen | jälkeisenä | jälkeisen
end: loppuun | loppua | loppu | lopuksi | päättymiseen | päättyessä | lopulle | loppuun saakka
end+unit=year/1: vuodenloppuun | vuodenlopun
by+late: loppuvuodeksi
budget_round=1/year/1: talousarvion yhteydessä | tilinpäätöksen yhteydessä | talousarviokäsittelyn yhteydessä
  | talousarviovalmistelun yhteydessä | tilinpäätöksessä | vuosikellon mukaan | vuosikellon mukaisesti |
  vuosikelloon | vuosikellossa | tilinpäätösraportoinnin yhteydessä | talousarvioprosessin yhteydessä |
  toimintakertomuksen yhteydessä
early: alkuv | alun | alussa | alkuun | alkuvuonna | alkuvuoteen
middle: keskellä
late: loppuv | lopusta | lopussa | lopulla | lopun | loppuvuonna
turn: vuoden vaihteessa | vuoden vaihde | vuoden vaihteen
rate=1/year/1: vuosittain | vuotuisesti | vuosittaisin | vuositt | vuositasolla | lukuvuosittain |
  tilikausittain | vuosittaise~ | vuosittaisi~ | vuosittaisesti | vuotuise~ | vuotuisi~ | jokavuotise~ |
  jokavuotisesti | kalenterivuosittain | lukuvuosittaise~ | tilikausittaise~
rate=1/year/2: parillisina vuosina | parittomina vuosina | joka toinenvuosi
rate=1/month/6: puolivuosittain | puolivuotisittain | lukukausittain | puolivuosittaise~ | lukukausittaise~ |
  puolivuosittaisesti
rate=1/month/3: neljännesvuosittain | kvartaaleittain | kvartaalittain | vuosineljänneksittäin |
  neljänneksittäin | neljännesvuosittaise~ | neljännesvuosittaisesti | kvartaaleittaisesti | kvartaaleittaise~
rate=1/month/4: kolmannesvuosittain | tertiaaleittain | tertiaalittain
rate=1/month/1: kuukausittain | kuukausittaisin | kuukausitasolla | kuukausitt | kuukausittaise~ |
  kuukausittaisi~ | kuukausittaisesti
rate=1/week/1: viikoittain | viikottain | viikoittaisin | viikoittaise~ | viikoittaisi~ | viikoittaisesti |
  viikottaise~
habit=1/week/1: maanantaisin | tiistaisin | keskiviikkoisin | torstaisin | perjantaisin | lauantaisin |
  sunnuntaisin
rate=1/week/2: parittomina viikkoina | parillisina viikkoina | parittomilla viikoilla | parillisilla viikoilla
rate=1/day/1: päivittäin | arkipäivisin | arkisin | päivittäise~ | päivittäisi~
weekday: maanantai~ | tiistai~ | keskiviikko~ | torstai~ | perjantai~ | lauantai~ | sunnuntai~
continuous: jatkuvasti | toistaiseksi | pysyvästi | jatkuu | jatkuen | koko ajan | kaiken aikaa | ympäri
  vuoden | ympärivuotisesti | voimassa toistaiseksi | jatkuva prosessi | käynnissä | meneillään | vakituisesti
  | jatketaan | pysyvä toiminta | jatkuvaluonteisesti | jatkuvaluontoisesti | jatkuvana prosessina |
  vakiintunut toiminta | vakiintunut käytäntö | vakiintunutta toimintaa | jatkuva~ | jatkuvi~ | pysyvä~ |
  jatkunut | pysyväisluonteisesti
relative: hankkeen aikana | hankeaikana | hankkeen ajan | ohjelman aikana | ohjelma-aikana | ohjelman
  voimassaolon aikana | kauden aikana | kauden loppuun mennessä | kauden lopussa | kauden alussa | yhteydessä
  | aloitettua | alettua | käynnistyttyä | vahvistuttua | ratkettua | päätettyä | saatua | edetessä | tulee
  voimaan | tullessa voimaan | astuu voimaan | tullut voimaan | lyhyt aikaväli | lyhyellä aikavälillä | lyhyen
  aikavälin | keskipitkä aikaväli | keskipitkällä aikavälillä | keskipitkän aikavälin | pitkä aikaväli |
  pitkällä aikavälillä | pitkän aikavälin | lyhyt tähtäin | lyhyellä tähtäimellä | pitkällä tähtäimellä |
  lyhyen tähtäimen | pitkän tähtäimen | keskipitkän | pitkällä aikajänteellä | lyhyellä aikajänteellä |
  mahdollisimman pian | mahdollisimman nopeasti | heti | välittömästi | viipymättä | pikaisesti |
  viivytyksettä | asap | lähiaikoina | lähivuosina | lähitulevaisuudessa | lähikuukausina | tulevina vuosina |
  seuraavan vuoden | seuraavana vuonna | ensi vuonna | ensi vuoden | ensi vuosi | ensi kaudella | ensi syksynä
  | ensi keväänä | ensi kesänä | tänä vuonna | tämän vuoden | kuluvana vuonna | kuluvan vuoden | kuluva vuosi
  | kuluvan kauden | kuluvalla kaudella | seuraavalla kaudella | seuraavan kauden | seuraavalla
  valtuustokaudella | kuluvalla valtuustokaudella | seuraava kvartaali | ensi viikolla | ensi kuussa | tässä
  kuussa | voimaantulosta | vahvistamisesta | päätöksestä | kun rahoitus | rahoituksen varmistuttua | hankkeen
  päättyessä | hankkeen päätyttyä | hankkeen jälkeen | tarkistuksen yhteydessä | päivityksen yhteydessä |
  välitön | riippuen | voimassaoloaikana | voimassaoloaika | voimassaolon ajan | voimassaoloajan | valmistelun
  yhteydessä | laadinnan yhteydessä | päivittämisen yhteydessä | uudistamisen yhteydessä | hyväksymisen
  yhteydessä | tarkistamisen yhteydessä | laatimisen yhteydessä | arvioinnin yhteydessä | seuraavan
  talousarvion | seuraavan strategian | seuraavan hyvinvointikertomuksen | päätöksen jälkeen | valmistuttua |
  tultua voimaan | voimaantulon jälkeen | lähivuodet | lähivuosien | lähivuosille | lähiaika | lähitulevaisuus
relative=adoption: hyväksyttyä | hyväksymisen jälkeen | hyväksymisestä | hyväksymispäivästä | ohjelman
  hyväksymisestä | hyväksymispäivän jälkeen | hyväksynnästä
undecided: ei sovittu | ei ole sovittu | sopimatta | päättämättä | kun resurssit | jos resurssit | resurssit
  sallivat | resurssit mahdollistavat | tilannekohtaisesti | tapauskohtaisesti | tarveharkintaisesti | avoin |
  erikseen | salliessa | sallimissa rajoissa | aikataulua ei | ei ole vielä | ei ole aikataulua | ei ole
  aikataulutettu | ei ole päätetty | avoinna | auki | tarvittaessa | tarpeen mukaan | tarpeen vaatiessa |
  tarpeen tullen | myöhemmin | täsmentyy | tarkentuu | ei aikataulua | ei aikataulutettu | aikataulu avoin |
  aikatauluttamatta | aikatauluttamaton | sovitaan myöhemmin | sovitaan erikseen | päätetään myöhemmin |
  määritellään myöhemmin | määrittelemättä | vahvistetaan myöhemmin | ilmoitetaan myöhemmin | ei tiedossa | ei
  määritelty | ei määritetty | tbc | tbd | tba | harkinnan mukaan | tilanteen mukaan | aikataulu täsmentyy |
  aikataulu tarkentuu | selvitetään | pyynnöstä | pyydettäessä | puuttuu | ei vielä päätetty | ei vielä |
  resurssien mukaan | resurssien salliessa | mahdollisuuksien mukaan | ad hoc | satunnaisesti | silloin
  tällöin | tilauksesta | ei sovellu | n/a | na | kysynnän mukaan | kysynnästä riippuen | resurssien
  puitteissa | talousarvion puitteissa | määrärahojen puitteissa | toisinaan | ajoittain | harvoin
vague: useita kertoja | kausittain | kausittainen | useaan kertaan | useampia kertoja | useamman kerran |
  muutaman kerran | muutamia kertoja | monta kertaa | useasti | säännöllisesti | säännöllinen | säännöllistä |
  säännölliset | säännöllisen | säännöllisiä | säännöllisin | toistuva | toistuvasti | toistuvaa | usein
within: aikana | tänä | tällä | kuluvana | ensi | tulevalle | tulevana | seuraavalle | seuraavana | seuraavina
  | tulevina | seuraavan | seuraavien | tulevan | tulevien | lähimmän | kuluttua | kuluessa | sisällä |
  kulutta | päästä | määräajassa | määräajan | seuraavat | tulevat | lähimmät
and: ja | sekä | tai | & | sekä myös | taikka
and=then: sitten | sen jälkeen | minkä jälkeen | jonka jälkeen | tämän jälkeen
filler: välillä | ajalla | ajan | noin | n | ca | arviolta | osalta | koko | myös | asteittain | klo:n |
  kaudella | kausi | kauden | kaudet | väliseksi | välisenä | välinen | vuodelta | vuosilta
end: lopulta
numbered=decade: luku | luvun | lukua | lukuun
numbered=place: laituri | raide | portti | pl | huone | huoneen | numero | nro | postinumero
numbered=spot: talo | rakennus | linja | bussi | tontti | sali | asunto
numbered=page: sivu | sivut | s | sivulla
numbered: vl | vuosiluokat | vuosiluokilla | vuosiluokka | vuosiluokan | vuosiluokkien | luokat | luokka |
  luokan | luokilla | luokkien | lk | luokkalaiset | luokkalaisille | luokille | luokalle | kohta | kohdan |
  pykälä | pykälän | luku | luvun | momentti | § | klo | kello | kerros | puh | puhelin | tel | gsm | liite |
  taulukko | kuva | kappale | versio | wcag | iso | art | artikla | ikäryhmä | ikäiset
law: et al | yleissopimus | yleissopimuksen | laki | lain | laissa | lakia | asetus | asetuksen | asetusta |
  direktiivi | direktiivin | agenda | visio | vision | horisontti | horizon | diaarinumero | diaarinro | dnro
  | diaari | eu-asetus | päätös nro | hallintolaki | kuntalaki | kuntalain | kotoutumislaki | kotoutumislain |
  kotouttamislaki | kotouttamislain | perusopetuslaki | perusopetuslain | tasa-arvolaki | yhdenvertaisuuslaki
  | tilastokeskus | y-tunnus
amount=money: euroa | euron | eur | € | tonnia | kg | kwh | mwh | gwh | litraa | km
amount=dose: mg | ml | µg | tabletti | tablettia | kapseli | kapselia | tippaa | pilleri | pilleriä
amount: mm | cm | ha | hehtaaria | % | prosenttia | prosentin | milj | miljoonaa | m2 | m² | tuntia | tunnin |
  h | t | minuuttia | min. | neliötä | metriä | co2
people: osallistujaa | osallistujan | henkilöä | henkilön | hlö | hlöä | asukasta | asukkaan | kävijää |
  asiakasta | oppilasta | lasta | nuorta | maahanmuuttajaa | asuntoa | tuhatta | työntekijää | työpaikkaa |
  yritystä | paikkaa | vuotias | vuotiaat | vuotiaiden | vuotiaille | vuotiasta | vuotiaista | krs | htv
source=born: syntyneet | syntyneiden | syntyneille | syntynyt
source: ikäluokka | ikäluokan | tilasto | tilaston | tilastot | tilastotieto | tilastotiedot
baseline: kuin vuonna | kuin vuosina | vähemmän kuin vuonna | enemmän kuin vuonna | kuten vuonna | kuten
  vuosina | vastaa vuotta | lähtötaso | lähtötasosta | lähtötasoon | lähtötasolta | lähtötasoa | lähtöarvo |
  lähtötilanne | vertailukohta | nollataso | verrattuna | tasosta | tasoon | tasolta | tasolla | tason |
  vertailuvuosi | vertailuvuoden | vertailuvuodesta | lähtövuosi | lähtövuoden | perusvuosi | perusvuoden |
  vertailuvuoteen
short_or_long: lyhyt | keskipitkä | pitkä | nyt
decade: luvulla | luvulta | luvulle | luvuksi | luvulle saakka
plan: tiekartta | tiekartan | hanke | hankkeen | hanketta | hankkeessa | projekti | projektin | ohjelma |
  ohjelman | strategia | strategian | visio
present: nykyhetki
"""

# what only looks like a schedule: "päivittäinen elämä", a law, a source
IDIOMS = """\
word=plain: pilotti | pilotointi | pilotoidaan | vaihe | luonnos | lopullinen | aloitus | aloitetaan | alkoi
  | käynnistetään | käynnistyy | käynnistys | toteutus | toteutetaan | toteutettu | toteutuu | valmis |
  valmiina | valmistuu | valmistunut | valmistelu | laaditaan | laadinta | laadittu | käyttöönotto | käyttöön
  | otetaan | päivitys | päivitetään | päivitetty | arviointi | arvioidaan | raportti | raportointi |
  raportoidaan | suunnittelu | suunnitellaan | suunnitelma | tavoite | tavoitevuosi | hyväksytään | hyväksytty
  | hyväksyminen | julkaistaan | julkaisu | tehdään | tehty | selvitys | kysely | seuranta | ta | ohjelmakausi
  | aikataulu
word: päivittäinen elämä | päivittäistavara | vuosittainen kasvu | vuosittainen budjetti | jatkuva oppiminen |
  jatkuvaa oppimista | jatkuva~ oppimise~ | jatkuva haku | jatkuvaa hakua | jatkuva~ hau~ | pysyvä
  oleskelulupa | pysyvää oleskelulupaa | pysyvä~ oleskeluluva~ | pysyvä~ asukas | pysyvät asukkaat | pysyvä~
  asunno~ | pysyvä asunto
word: päivittäinen liikkuminen | päivittäistä liikkumista | päivittäise~ liikkumise~ | ympärivuotinen asuminen
  | ympärivuotista asumista | ympärivuotise~ asumise~ | välitön lähiympäristö | välittömä~ lähiympäristö~ |
  vuosittaiset kustannukset | vuosittaisten kustannusten | vuosittaiset menot | vuosittaiset tulot |
  vuosittaiset päästöt | vuosittaise~ palka~ | vuosittainen palkka | vuosittainen kulutus | avoinna ympäri
  vuorokauden | avoin data | avoimen datan | koulun jälkeen | toistaiseksi voimassa oleva työsopimus |
  toistaiseksi voimassa olevat työsopimukset | toistaiseksi voimassa olevassa työsuhteessa | vakituinen
  henkilöstö | vakituiset työntekijät | vakituinen työ | vakituinen asunto | vakituinen työsuhde | pysyvä
  valiokunta | pysyvä toimielin | jatkuva melu | viime vuosina | viime vuosien | viime vuonna | viime vuoden |
  viime aikoina | viime kuukausina | sodan jälkeen | sotien jälkeen | sota-ajan jälkeen
numbered=others: ym ; numbered=closed: suljettu | kiinni
law: visio vuodelle | visio vuoteen | visio vuonna | eurostat | oecd | unesco | unicef | sotkanet | pariisin
  sopimus | pariisin sopimuksen | pariisin ilmastosopimus | windows | microsoft office
source: väkiluku | asukasluku | väestö | indeksi | keskiarvo | keskiarvon | keskiarvosta | keskimäärin |
  finanssikriisi | finanssikriisin | pandemia | pandemian | olympialaiset | väestölaskenta | väestölaskennan |
  lama | laman
source=source: lähde | lähteet | vrt
"""

# what a rate before it only measures or names: a word or, after a ``~``, its ending
AMOUNTS = """
~korotus ~korotukset ~asiointi ~asioinnit ~toiminnot ~yksikkö ~keskus ry oy ~säätiö ~budjetti ~budjetin
talousarvio ~kustannus ~kustannukset ~kustannusten ~menot ~menojen ~tulot ~tulojen ~tulo ~palkka ~palkan
~palkat ~maksu ~maksun ~maksut ~maksuja ~vuokra ~vuokran ~vuokrat ~hinta ~kulutus ~kulutuksen ~päästöt
~päästöjen ~kasvu ~määrä ~määrän ~määrät ~säästö ~säästöt ~tuotto ~tuotot ~voitto ~tappio ~liikevaihto ~vaihto
~tuotanto ~tarve ~työaika ~loma ~työmatka matkat ~työmatkat ~rytmi ~lippu ~liput ~korvaus ~avustus ~raha
~leipä ~tuki ~lisä ~summa ~arvo ~keskiarvo ~keskilämpötila ~lämpötila ~annos ~saanti ~tarpeet ~askareet ~elämä
~liikkuminen ~kävijät ~asiakkaat ~matkustajat
"""

# nouns, declined by rule

_REGULAR = """
month=1: tammi+kuu ; month=2: helmi+kuu ; month=3: maalis+kuu ; month=4: huhti+kuu ; month=5: touko+kuu ;
  month=6: kesä+kuu ; month=7: heinä+kuu ; month=8: elo+kuu ; month=9: syys+kuu ; month=10: loka+kuu ;
  month=11: marras+kuu ; month=12: joulu+kuu
season=spring: +kevät | kevät+kausi ; season=summer: +kesä | kesä+kausi | kesä+loma | kesäloma+kausi ;
  season=autumn: +syksy | syys+kausi ; season=winter: +talvi | talvi+kausi
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
  aika+väli | +tähtäin | aika+jänne | syys+loma | talvi+loma | hiihto+loma | vuosi+kymmen |
  osavuosi+katsaus
feast=easter: pääsiäi+nen | pääsiäis+päivä | pääsiäis+loma ; feast=good-friday: pitkä+perjantai
feast=maundy-thursday: kiiras+torstai ; feast=palm-sunday: palmu+sunnuntai ; feast=ascension: hela+torstai
feast=whitsun: +helluntai ; feast=shrove-tuesday: laskiai+nen | laskiais+tiistai
feast=midsummer: +juhannus | juhannus+päivä ; feast=midsummer-eve: juhannus+aatto
feast=may-day: +vappu | vapun+päivä ; feast=walpurgis: vappu+aatto ; feast=epiphany: loppiai+nen
feast=all-saints: pyhäin+päivä ; feast=advent: +adventti ; feast=lucia: lucian+päivä
feast=christmas: +joulu | joulu+aatto | joulu+loma | joulun+aika ; feast=independence: itsenäisyys+päivä
half_turn: puolivuoden+vaihde | puolivuotis+vaihde
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
    "month": _FROM_TO, "season": _FROM_TO, "feast": _FROM_TO, "season_term": _FROM_TO,
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
vappu vapu vappu vappua vappuun vapui vappui vappujen vappuja vappuihin
helluntai helluntai helluntai helluntaita helluntaihin
  helluntai helluntai helluntaiden helluntaita helluntaihin
torstai torstai torstai torstaita torstaihin torstai torstai torstaiden torstaita torstaihin
tiistai tiistai tiistai tiistaita tiistaihin tiistai tiistai tiistaiden tiistaita tiistaihin
perjantai perjantai perjantai perjantaita perjantaihin
  perjantai perjantai perjantaiden perjantaita perjantaihin
sunnuntai sunnuntai sunnuntai sunnuntaita sunnuntaihin
  sunnuntai sunnuntai sunnuntaiden sunnuntaita sunnuntaihin
adventti adventi adventti adventtia adventtiin adventei adventtei adventtien adventteja adventteihin
aatto aato aatto aattoa aattoon aatoi aattoi aattojen aattoja aattoihin
aika aja aika aikaa aikaan ajoi aikoi aikojen aikoja aikoihin
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
DECLINED = "\n".join([_declined(_REGULAR), _declined(_NUMBERS), *_TEEN_ROWS])

VOCABULARY = Vocabulary(
    "fi",
    WORDS + DECLINED + "\n" + IDIOMS,
    tuple(AMOUNTS.split()),
    endings=("", "n", "ssa", "ta", "a", "lla", "lle", "na", "ksi", "t", "n:", "sa", "ssä"),
    clitics=("kin", "kaan", "kään"),
    postpositive=True,
    collection=("tiedonkeruu", "tietojen keruu"),
)
