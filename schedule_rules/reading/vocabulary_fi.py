"""The Finnish words of schedules: data only, read by ``wording``."""

from __future__ import annotations

from schedule_rules.reading.declined_fi import DECLINED
from schedule_rules.reading.idioms import AMOUNTS, IDIOMS
from schedule_rules.reading.vocabulary import Vocabulary

_TABLE = """
m=1: tammikuu~ | tammi | tammik
m=2: helmikuu~ | helmi | helmik
m=3: maaliskuu~ | maalis | maalisk
m=4: huhtikuu~ | huhti | huhtik
m=5: toukokuu~ | touko | toukok
m=6: kesäkuu~ | kesäk
m=7: heinäkuu~ | heinä | heinäk
m=8: elokuu~ | elo | elok
m=9: syyskuu~ | syysk | syys
m=10: lokakuu~ | loka | lokak
m=11: marraskuu~ | marras | marrask
m=12: joulukuu~ | joulu | jouluk
6=6: kesä
W=year/1: kesässä | keväässä | syksyssä | talvessa
s=spring: kevää~
s=summer: kesä~
s=autumn: syksy~
s=winter: talve~
4=1/year/1: keväisin | kesäisin | syksyisin | talvisin
S=year/1: lukuvuonna | lukuv | kouluvuonna | lv
f=year/1: talousarviovuonna
C=year/4: valtuustok
j=1/year/4: hallituskausittain | valtuustokausittain | vaalikausittain | toimikausittain
q=month/3: kv | neljänneksestä | neljännesvuonna | kvartaaliin | kvart | kvartti | kvartin | kvartaalista
W=month/6: puolessa vuodessa
H=-1: jälkipuolella
h=month/6: puoli vuotta | puolen vuoden | puoli vuosi
w=week/1: vko | vkot | vk | vkon | vkoa | vk:n | vkolla
U=year/1: vuosi | vuotta | vuoden | v | vuosien | vuosi- | toimintavuonna
W=year/1: vuodessa | vuoteensa
_: päivänä | päivään | päivästä | vv | vs | ml | esim
U=year/1: vuonna | vuosina | vuosille | vuodelle | vuosiksi | vuodeksi | vuosilla | vuodet | vuosia
F=pre: vuodesta | vuosista
B=pre: vuoteen | vuosiin
U=month/1: kuukautta | kuukauden | kk | kk:n | kkn | kk:tta | kuu | kuun
W=month/1: kuukaudessa | kuussa | kk:ssa | kkssa
U=day/1: päivä | päivää | päivän | pv | pv:n | pvä | vrk | vuorokausi | vuorokautta | vuorokauden
W=day/1: päivässä | vuorokaudessa
N=1: yksi | yhden | yhtä | yhdestä | yhdet
N=2: kahdet
o=2: parillinen | parillisena | pariton | parittomana
o=-1: viime
k: krt | kertaa | kertaan | kerta | x | kerran ja | kert | krt:a | tapaamiskertaa | kpl | kappaletta
K=1: kerran | kertaalleen
K=1..2: kerran pari | kerran tai pari | kerran tai kaksi | kerran tai kahdesti
N=2..3: pari kolme | kaksi kolme
K=2: kahdesti | kaksi kertaa
K=3: kolmesti
K=4: neljästi
K=5: viidesti
K=6: kuudesti
K=7: seitsemästi
K=8: kahdeksasti
K=9: yhdeksästi
K=10: kymmenesti
p: per | kohti | kohden
v=1: joka | jokainen | jokaisen | jokaisena | kunakin | kunkin | kukin | jokaisella | kullakin
V: välein | väliajoin | välein: | väliaikana
A: vähintään | väh | vähint | ainakin | min | minimissään | vähintäänkin | ≥
a: enintään | korkeintaan | max | maks | enint | maksimissaan | korkeint | ≤
L=than: vähemmän kuin
L: alle
n=than: enemmän kuin
n: yli
B: mennessä | menn | saakka | asti | viimeistään | päättyy | päättyen | päättyi | loppuu | viim | määräaika
  | menessä | päättymiseen
B=eve: talousarvioon mennessä | talousarvion valmisteluun mennessä | valmisteluun mennessä | laadintaan
  mennessä | laatimiseen mennessä | käsittelyyn mennessä
B=before: ennen
b=before: edeltävä
F=start: alusta
F: aikaisintaan | ensimmäisen kerran | alkaen | lähtien | lukien | alk | alkaa alkaen | aloittaen |
  eteenpäin | lukien: | ja siitä eteenpäin | siitä eteenpäin | siitä lähtien | ja eteenpäin | tai myöhemmin
  | siitä alkaen
b=after: jälkeen | jälkeinen | päätyttyä | jälkeiseen | jälkeisenä | jälkeisen
E: loppuun | loppua | loppu | lopuksi | päättymiseen | päättyessä | lopulle | loppuun saakka
EU=year/1: vuodenloppuun | vuodenlopun
BG: loppuvuodeksi
!=1/year/1: talousarvion yhteydessä | tilinpäätöksen yhteydessä | talousarviokäsittelyn yhteydessä |
  talousarviovalmistelun yhteydessä | tilinpäätöksessä | vuosikellon mukaan | vuosikellon mukaisesti |
  vuosikelloon | vuosikellossa | tilinpäätösraportoinnin yhteydessä | talousarvioprosessin yhteydessä |
  toimintakertomuksen yhteydessä
g: alkuv | alun | alussa | alkuun | alkuvuonna | alkuvuoteen
i: keskellä
G: loppuv | lopusta | lopussa | lopulla | lopun | loppuvuonna
9: vuoden vaihteessa | vuoden vaihde | vuoden vaihteen
j=1/year/1: vuosittain | vuotuisesti | vuosittaisin | vuositt | vuositasolla | lukuvuosittain |
  tilikausittain | vuosittaise~ | vuosittaisi~ | vuosittaisesti | vuotuise~ | vuotuisi~ | jokavuotise~ |
  jokavuotisesti | kalenterivuosittain | lukuvuosittaise~ | tilikausittaise~
j=1/year/2: parillisina vuosina | parittomina vuosina | joka toinenvuosi
j=1/month/6: puolivuosittain | puolivuotisittain | lukukausittain | puolivuosittaise~ | lukukausittaise~ |
  puolivuosittaisesti
j=1/month/3: neljännesvuosittain | kvartaaleittain | kvartaalittain | vuosineljänneksittäin |
  neljänneksittäin | neljännesvuosittaise~ | neljännesvuosittaisesti | kvartaaleittaisesti |
  kvartaaleittaise~
j=1/month/4: kolmannesvuosittain | tertiaaleittain | tertiaalittain
j=1/month/1: kuukausittain | kuukausittaisin | kuukausitasolla | kuukausitt | kuukausittaise~ |
  kuukausittaisi~ | kuukausittaisesti
j=1/week/1: viikoittain | viikottain | viikoittaisin | viikoittaise~ | viikoittaisi~ | viikoittaisesti |
  viikottaise~
4=1/week/1: maanantaisin | tiistaisin | keskiviikkoisin | torstaisin | perjantaisin | lauantaisin |
  sunnuntaisin
j=1/week/2: parittomina viikkoina | parillisina viikkoina | parittomilla viikoilla | parillisilla viikoilla
j=1/day/1: päivittäin | arkipäivisin | arkisin | päivittäise~ | päivittäisi~
7: maanantai~ | tiistai~ | keskiviikko~ | torstai~ | perjantai~ | lauantai~ | sunnuntai~
c: jatkuvasti | toistaiseksi | pysyvästi | jatkuu | jatkuen | koko ajan | kaiken aikaa | ympäri vuoden |
  ympärivuotisesti | voimassa toistaiseksi | jatkuva prosessi | käynnissä | meneillään | vakituisesti |
  jatketaan | pysyvä toiminta | jatkuvaluonteisesti | jatkuvaluontoisesti | jatkuvana prosessina |
  vakiintunut toiminta | vakiintunut käytäntö | vakiintunutta toimintaa | jatkuva~ | jatkuvi~ | pysyvä~ |
  jatkunut | pysyväisluonteisesti
r: hankkeen aikana | hankeaikana | hankkeen ajan | ohjelman aikana | ohjelma-aikana | ohjelman voimassaolon
  aikana | kauden aikana | kauden loppuun mennessä | kauden lopussa | kauden alussa
r: yhteydessä | aloitettua | alettua | käynnistyttyä | hyväksyttyä | vahvistuttua | ratkettua | päätettyä |
  saatua | edetessä | tulee voimaan | tullessa voimaan | astuu voimaan | tullut voimaan
r: lyhyt aikaväli | lyhyellä aikavälillä | lyhyen aikavälin | keskipitkä aikaväli | keskipitkällä
  aikavälillä | keskipitkän aikavälin | pitkä aikaväli | pitkällä aikavälillä | pitkän aikavälin | lyhyt
  tähtäin | lyhyellä tähtäimellä | pitkällä tähtäimellä | lyhyen tähtäimen | pitkän tähtäimen | keskipitkän
  | pitkällä aikajänteellä | lyhyellä aikajänteellä
r: mahdollisimman pian | mahdollisimman nopeasti | heti | välittömästi | viipymättä | pikaisesti |
  viivytyksettä | asap | lähiaikoina | lähivuosina | lähitulevaisuudessa | lähikuukausina | tulevina
  vuosina | seuraavan vuoden | seuraavana vuonna | ensi vuonna | ensi vuoden | ensi vuosi | ensi kaudella |
  ensi syksynä | ensi keväänä | ensi kesänä | tänä vuonna | tämän vuoden | kuluvana vuonna | kuluvan vuoden
  | kuluva vuosi | kuluvan kauden | kuluvalla kaudella | seuraavalla kaudella | seuraavan kauden |
  seuraavalla valtuustokaudella | kuluvalla valtuustokaudella | seuraava kvartaali | ensi viikolla | ensi
  kuussa | tässä kuussa | hyväksymisen jälkeen | hyväksymisestä | voimaantulosta | vahvistamisesta |
  päätöksestä | kun rahoitus | rahoituksen varmistuttua | hankkeen päättyessä | hankkeen päätyttyä |
  hankkeen jälkeen | tarkistuksen yhteydessä | päivityksen yhteydessä | välitön | riippuen |
  voimassaoloaikana | voimassaoloaika | voimassaolon ajan | voimassaoloajan | valmistelun yhteydessä |
  laadinnan yhteydessä | päivittämisen yhteydessä | uudistamisen yhteydessä | hyväksymisen yhteydessä |
  tarkistamisen yhteydessä | laatimisen yhteydessä | arvioinnin yhteydessä | seuraavan talousarvion |
  seuraavan strategian | seuraavan hyvinvointikertomuksen | päätöksen jälkeen | valmistuttua | tultua
  voimaan | voimaantulon jälkeen | lähivuodet | lähivuosien | lähivuosille | lähiaika | lähitulevaisuus
u: ei sovittu | ei ole sovittu | sopimatta | päättämättä | kun resurssit | jos resurssit | resurssit
  sallivat | resurssit mahdollistavat | tilannekohtaisesti |
  tapauskohtaisesti | tarveharkintaisesti | avoin | erikseen | salliessa |
  sallimissa rajoissa | aikataulua ei | ei ole vielä | ei ole aikataulua |
  ei ole aikataulutettu | ei ole päätetty | avoinna | auki | tarvittaessa | tarpeen mukaan | tarpeen
  vaatiessa | tarpeen tullen | myöhemmin | täsmentyy | tarkentuu | ei aikataulua | ei aikataulutettu |
  aikataulu avoin | aikatauluttamatta | aikatauluttamaton | sovitaan myöhemmin | sovitaan erikseen |
  päätetään myöhemmin | määritellään myöhemmin | määrittelemättä | vahvistetaan myöhemmin | ilmoitetaan
  myöhemmin | ei tiedossa | ei määritelty | ei määritetty | tbc | tbd | tba | harkinnan mukaan | tilanteen
  mukaan | aikataulu täsmentyy | aikataulu tarkentuu | selvitetään | pyynnöstä | pyydettäessä | puuttuu |
  ei vielä päätetty | ei vielä | resurssien mukaan | resurssien salliessa | mahdollisuuksien mukaan | ad
  hoc | satunnaisesti | silloin tällöin | tilauksesta | ei sovellu | n/a | na | kysynnän mukaan |
  kysynnästä riippuen | resurssien puitteissa |
  talousarvion puitteissa | määrärahojen puitteissa | toisinaan | ajoittain | harvoin
z: useita kertoja | kausittain | kausittainen | useaan kertaan | useampia kertoja | useamman kerran |
  muutaman kerran | muutamia kertoja | monta kertaa | useasti | säännöllisesti | säännöllinen |
  säännöllistä | säännölliset | säännöllisen | säännöllisiä | säännöllisin | toistuva | toistuvasti |
  toistuvaa | usein
~: aikana | tänä | tällä | kuluvana | ensi | tulevalle | tulevana | seuraavalle | seuraavana | seuraavina |
  tulevina | seuraavan | seuraavien | tulevan | tulevien | lähimmän | kuluttua | kuluessa | sisällä |
  kulutta | päästä | määräajassa | määräajan | seuraavat | tulevat | lähimmät
&: ja | sekä | tai | & | sekä myös | taikka
&=then: sitten | sen jälkeen | minkä jälkeen | jonka jälkeen | tämän jälkeen
_: välillä | ajalla | ajan | noin | n | ca | arviolta | osalta | koko | myös | asteittain | klo:n |
  kaudella | kausi | kauden | kaudet | väliseksi | välisenä | välinen | vuodelta | vuosilta
E: lopulta
#=decade: luku | luvun | lukua | lukuun
#=place: laituri | raide | portti | pl | huone | huoneen | numero | nro | postinumero
#=spot: talo | rakennus | linja | bussi | tontti | sali | asunto
#=page: sivu | sivut | s | sivulla
#: vl | vuosiluokat | vuosiluokilla | vuosiluokka | vuosiluokan | vuosiluokkien | luokat | luokka | luokan
  | luokilla | luokkien | lk | luokkalaiset | luokkalaisille | luokille | luokalle | kohta | kohdan |
  pykälä | pykälän | luku | luvun | momentti | § | klo | kello | kerros | puh | puhelin | tel | gsm |
  liite | taulukko | kuva | kappale | versio | wcag | iso | art | artikla | ikäryhmä | ikäiset
y: et al | yleissopimus | yleissopimuksen | laki | lain | laissa | lakia | asetus | asetuksen | asetusta |
  direktiivi | direktiivin | agenda
  | visio | vision | horisontti | horizon | diaarinumero | diaarinro | dnro | diaari | eu-asetus | päätös
  nro | hallintolaki | kuntalaki | kuntalain | kotoutumislaki | kotoutumislain | kotouttamislaki |
  kotouttamislain | perusopetuslaki | perusopetuslain | tasa-arvolaki | yhdenvertaisuuslaki | tilastokeskus
  | y-tunnus
e=money: euroa | euron | eur | € | tonnia | kg | kwh | mwh | gwh | litraa | km
e=dose: mg | ml | µg | tabletti | tablettia | kapseli | kapselia | tippaa | pilleri | pilleriä
e: mm | cm | ha | hehtaaria | % | prosenttia | prosentin | milj | miljoonaa | m2 | m² | tuntia | tunnin |
  h | t | minuuttia | min. | neliötä | metriä | co2
$: osallistujaa | osallistujan | henkilöä | henkilön | hlö | hlöä | asukasta | asukkaan | kävijää |
  asiakasta | oppilasta | lasta | nuorta | maahanmuuttajaa | asuntoa | tuhatta | työntekijää | työpaikkaa |
  yritystä | paikkaa | vuotias | vuotiaat | vuotiaiden | vuotiaille | vuotiasta | vuotiaista | krs | htv
?=born: syntyneet | syntyneiden | syntyneille | syntynyt
?: ikäluokka | ikäluokan | tilasto | tilaston | tilastot |
  tilastotieto | tilastotiedot
I: kuin vuonna | kuin vuosina | vähemmän kuin vuonna | enemmän kuin vuonna | kuten vuonna | kuten vuosina
  | vastaa vuotta | lähtötaso | lähtötasosta | lähtötasoon | lähtötasolta | lähtötasoa | lähtöarvo |
  lähtötilanne | vertailukohta | nollataso
I: verrattuna | tasosta | tasoon | tasolta | tasolla | tason | vertailuvuosi | vertailuvuoden |
  vertailuvuodesta | lähtövuosi | lähtövuoden | perusvuosi | perusvuoden | vertailuvuoteen
1: lyhyt | keskipitkä | pitkä | nyt
J: luvulla | luvulta | luvulle | luvuksi | luvulle saakka
P: tiekartta | tiekartan | hanke | hankkeen | hanketta | hankkeessa | projekti | projektin | ohjelma |
  ohjelman | strategia | strategian | visio
@: nykyhetki | nykyhetkeen
"""

FINNISH = Vocabulary(
    lang="fi",
    table=_TABLE + DECLINED + IDIOMS["fi"],
    amounts=AMOUNTS["fi"],
    endings=("", "n", "ssa", "ta", "a", "lla", "lle", "na", "ksi", "t", "n:", "sa", "ssä"),
    clitics=("kin", "kaan", "kään"),
    postpositive=True,
)
