"""The Finnish words of schedules, and what only looks like one: data, read by ``lexicon``.

A row has codes by name, perhaps a value, and wordings; the first row of a wording counts.
A ``~`` stands for any ending; nouns declined by rule are in ``finnish_inflection``.
"""

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
  | aloitettua | alettua | käynnistyttyä | hyväksyttyä | vahvistuttua | ratkettua | päätettyä | saatua |
  edetessä | tulee voimaan | tullessa voimaan | astuu voimaan | tullut voimaan | lyhyt aikaväli | lyhyellä
  aikavälillä | lyhyen aikavälin | keskipitkä aikaväli | keskipitkällä aikavälillä | keskipitkän aikavälin |
  pitkä aikaväli | pitkällä aikavälillä | pitkän aikavälin | lyhyt tähtäin | lyhyellä tähtäimellä | pitkällä
  tähtäimellä | lyhyen tähtäimen | pitkän tähtäimen | keskipitkän | pitkällä aikajänteellä | lyhyellä
  aikajänteellä | mahdollisimman pian | mahdollisimman nopeasti | heti | välittömästi | viipymättä |
  pikaisesti | viivytyksettä | asap | lähiaikoina | lähivuosina | lähitulevaisuudessa | lähikuukausina |
  tulevina vuosina | seuraavan vuoden | seuraavana vuonna | ensi vuonna | ensi vuoden | ensi vuosi | ensi
  kaudella | ensi syksynä | ensi keväänä | ensi kesänä | tänä vuonna | tämän vuoden | kuluvana vuonna |
  kuluvan vuoden | kuluva vuosi | kuluvan kauden | kuluvalla kaudella | seuraavalla kaudella | seuraavan
  kauden | seuraavalla valtuustokaudella | kuluvalla valtuustokaudella | seuraava kvartaali | ensi viikolla |
  ensi kuussa | tässä kuussa | hyväksymisen jälkeen | hyväksymisestä | voimaantulosta | vahvistamisesta |
  päätöksestä | kun rahoitus | rahoituksen varmistuttua | hankkeen päättyessä | hankkeen päätyttyä | hankkeen
  jälkeen | tarkistuksen yhteydessä | päivityksen yhteydessä | välitön | riippuen | voimassaoloaikana |
  voimassaoloaika | voimassaolon ajan | voimassaoloajan | valmistelun yhteydessä | laadinnan yhteydessä |
  päivittämisen yhteydessä | uudistamisen yhteydessä | hyväksymisen yhteydessä | tarkistamisen yhteydessä |
  laatimisen yhteydessä | arvioinnin yhteydessä | seuraavan talousarvion | seuraavan strategian | seuraavan
  hyvinvointikertomuksen | päätöksen jälkeen | valmistuttua | tultua voimaan | voimaantulon jälkeen |
  lähivuodet | lähivuosien | lähivuosille | lähiaika | lähitulevaisuus
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
present: nykyhetki | nykyhetkeen
"""

# what only looks like a schedule: "päivittäinen elämä", a law, a source
IDIOMS = """\
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
