"""The Finnish words of schedules: data only, read by ``wording``."""

from __future__ import annotations

from schedule_rules.wording import Vocabulary

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
Fm=1: tammikuusta
Fm=2: helmikuusta
Fm=3: maaliskuusta
Fm=4: huhtikuusta
Fm=5: toukokuusta
Fm=6: kesäkuusta
Fm=7: heinäkuusta
Fm=8: elokuusta
Fm=9: syyskuusta
Fm=10: lokakuusta
Fm=11: marraskuusta
Fm=12: joulukuusta
Bm=1: tammikuuhun
Bm=2: helmikuuhun
Bm=3: maaliskuuhun
Bm=4: huhtikuuhun
Bm=5: toukokuuhun
Bm=6: kesäkuuhun
Bm=7: heinäkuuhun
Bm=8: elokuuhun
Bm=9: syyskuuhun
Bm=10: lokakuuhun
Bm=11: marraskuuhun
Bm=12: joulukuuhun
6=6: kesä
W=year/1: kesässä | keväässä | syksyssä | talvessa
s=spring: kevät | kevään | keväällä | kevättä | keväänä | kevätkausi | kevätkauden | kevätkaudella | kevää~
s=summer: kesän | kesällä | kesää | kesänä | kesä~
s=autumn: syksy | syksyn | syksyllä | syksyä | syksynä | syyskausi | syyskauden | syyskaudella | syksy~
s=winter: talvi | talven | talvella | talvea | talvena | talve~
Fs=spring: keväästä
Fs=summer: kesästä
Fs=autumn: syksystä
Fs=winter: talvesta
Bs=spring: kevääseen
Bs=summer: kesään
Bs=autumn: syksyyn
Bs=winter: talveen
gs=spring: alkukevät | alkukevään | alkukeväästä | alkukeväällä | varhaiskevät
gs=summer: alkukesä | alkukesän | alkukesästä | alkukesällä
gs=autumn: alkusyksy | alkusyksyn | alkusyksystä | alkusyksyllä
gs=winter: alkutalvi | alkutalven | alkutalvesta
gs=spring: loppukevät | loppukevään | loppukeväästä | loppukeväällä
gs=summer: loppukesä | loppukesän | loppukesästä | loppukesällä | keskikesä | keskikesällä
gs=autumn: loppusyksy | loppusyksyn | loppusyksystä | loppusyksyllä
T=spring: kevätlukukausi | kevätlukukauden | kevätlukukaudella | kevätlukukautena | kevätlukukautta |
  kevätlukukaudeksi | kevätlukukaudelle
T=autumn: syyslukukausi | syyslukukauden | syyslukukaudella | syyslukukautena | syyslukukautta |
  syyslukukaudeksi | syyslukukaudelle
FT=spring: kevätlukukaudesta
FT=autumn: syyslukukaudesta
BT=spring: kevätlukukauteen
BT=autumn: syyslukukauteen
4=1/year/1: keväisin | kesäisin | syksyisin | talvisin
t=month/6: lukukausi | lukukauden | lukukautta | lukukaudella | lukukausina
W=month/6: lukukaudessa
S=year/1: lukuvuosi | lukuvuoden | lukuvuotta | lukuvuonna | lukuvuosina | lukuvuosien | lukuv | kouluvuosi
  | kouluvuoden | kouluvuonna | toimintakausi | toimintakauden | toimintakaudella | lv | lukuvuodeksi |
  lukuvuodelle
W=year/1: toimintakaudessa | lukuvuodessa | kouluvuodessa
FS=year/1: lukuvuodesta
BS=year/1: lukuvuoteen
f=year/1: tilikausi | tilikauden | tilikaudella | talousarviovuosi | talousarviovuoden | talousarviovuonna |
  budjettivuosi | budjettivuoden
C=year/4: valtuustokausi | valtuustokauden | valtuustokaudella | valtuustokautta | valtuustokautena |
  vaalikausi | vaalikauden | vaalikaudella | vaalikautta | hallituskausi | hallituskauden | hallituskaudella
  | kunnanvaltuustokausi | kunnanvaltuustokauden | kaupunginvaltuustokausi | kaupunginvaltuustokauden |
  valtuustok | toimikausi | toimikauden | toimikaudella | toimikautta | valtuustokaudelle |
  valtuustokaudeksi | vaalikaudelle | toimikaudelle | toimikaudeksi | hallituskaudelle
BC=year/4: valtuustokauteen | vaalikauteen | toimikauteen
W=year/4: valtuustokaudessa | vaalikaudessa | toimikaudessa | hallituskaudessa
j=1/year/4: valtuustokausittain | vaalikausittain | toimikausittain
q=month/3: neljännes | neljänneksen | neljänneksellä | neljänneksestä | neljännestä | vuosineljännes |
  vuosineljänneksen | vuosineljänneksellä | vuosineljännestä | neljännesvuosi | neljännesvuoden |
  neljännesvuotta | neljännesvuonna | kvartaali | kvartaalin | kvartaalilla | kvartaalia | kvartaaliin |
  kvartaalina | kvart | kvartti | kvartin | neljännekselle | kvartaalista | kvartaaleina | kvartaalille
W=month/3: neljänneksessä | vuosineljänneksessä | kvartaalissa
W=month/6: puolessa vuodessa | puolivuodessa
Bq=month/3: neljännekseen | vuosineljännekseen
H=-1: jälkipuolisko | jälkipuoliskon | jälkipuoliskolla | jälkipuolikas | jälkipuolella | loppupuolisko |
  loppupuoliskolla
H=1: alkupuolisko | alkupuoliskon | alkupuoliskolla | etupuolisko
h=month/6: puolivuosi | puolivuoden | puolivuotta | puolivuotiskausi | puolivuotiskauden |
  puolivuotiskaudella | vuosipuolisko | vuosipuoliskon | vuosipuoliskolla | vuosipuoliskoa | puolisko |
  puoliskon | puoliskolla | puolikas | puolikkaan | puolikkaalla | vuosipuolikas | vuosipuolikkaan | puoli
  vuotta | puolen vuoden | puoli vuosi | puoliskolle | puolivuodelle
Bh=month/6: puoliskoon | vuosipuoliskoon
w=week/1: viikko | viikon | viikkoa | viikolla | viikot | viikoilla | viikkojen | viikkoina | vko | vkot |
  vk | vkon | vkoa | vk:n | vkolla | viikolle | viikoille
Fw=week/1: viikosta
Bw=week/1: viikkoon
W=week/1: viikossa
U=year/1: vuosi | vuotta | vuoden | v | vuosien | vuosi- | kalenterivuosi | kalenterivuoden |
  kalenterivuotta | toimintavuosi | toimintavuoden | toimintavuotta | toimintavuodelle | toimintavuonna |
  kalenterivuodelle
W=year/1: vuodessa | vuoteensa | kalenterivuodessa | toimintavuodessa
_: päivänä | päivään | päivästä | vaihteessa | vaihteen | vaihde | vaihteeseen | vuonna | vuosina | vuosille
  | vuodelle | vuosiksi | vuodeksi | vuosilla | kalenterivuonna
F=pre: vuodesta | vuosista
B=pre: vuoteen | vuosiin
U=month/1: kuukausi | kuukautta | kuukauden | kk | kk:n | kkn | kk:tta | kuukausien | kuu | kuun
W=month/1: kuukaudessa | kuussa | kk:ssa | kkssa
U=day/1: päivä | päivää | päivän | pv | pv:n | pvä | vrk | vuorokausi | vuorokautta | vuorokauden |
  arkipäivä | arkipäivää | arkipäivän | kalenteripäivää | työpäivää | työpäivän
W=day/1: päivässä | vuorokaudessa
N=1: yksi | yhden | yhtä | yhdestä | yhdet
N=2: kaksi | kahden | kahta | kahdessa | pari | parin | kahdesta | kahdet
N=3: kolme | kolmen | kolmea | kolmessa | kolmesta
N=4: neljä | neljän | neljää | neljässä | neljästä
N=5: viisi | viiden | viittä | viidessä
N=6: kuusi | kuuden | kuutta | kuudessa
N=7: seitsemän | seitsemää
N=8: kahdeksan | kahdeksaa
N=9: yhdeksän | yhdeksää
N=10: kymmenen | kymmentä
N=11: yksitoista
N=12: kaksitoista | kahdentoista
RN=2: kahteen
RN=3: kolmeen
RN=4: neljään
RN=5: viiteen
RN=6: kuuteen
RN=8: kahdeksaan
RN=10: kymmeneen
o=1: ensimmäinen | ensimmäisen | ensimmäisellä | ensimmäistä | ensimmäisessä | ensimmäisenä
o=2: toinen | toisen | toisella | toista | toisessa | toisena | parillinen | parillisena | pariton |
  parittomana
o=3: kolmas | kolmannen | kolmannella | kolmatta | kolmannessa | kolmantena
o=4: neljäs | neljännen | neljännellä | neljättä | neljännessä | neljäntenä
o=5: viides | viidennen | viidettä
o=6: kuudes | kuudennen
o=-1: viimeinen | viimeisen | viimeisellä | viimeistä | viimeisessä | jälkimmäinen | jälkimmäisen |
  jälkimmäisellä
o=-1: viime
k: krt | kertaa | kerta | x | kerran ja | kert | krt:a | tapaamiskertaa | kpl | kappaletta
K=1: kerran | kertaalleen
K=2: kahdesti | kaksi kertaa
K=3: kolmesti
K=4: neljästi
K=5: viidesti
K=6: kuudesti
p: per | kohti | kohden
v=1: joka | jokainen | jokaisen | jokaisena | kunakin | kunkin | kukin | jokaisella | kullakin
V: välein | väliajoin | välein: | väliaikana
A: vähintään | väh | vähint | ainakin | min | minimissään | vähintäänkin | ≥
a: enintään | korkeintaan | max | maks | enint | maksimissaan | korkeint | ≤
L: alle | vähemmän kuin
n: yli | enemmän kuin
B: mennessä | menn | saakka | asti | viimeistään | päättyy | päättyen | päättyi | päätyttyä | loppuu | viim
  | määräaika | menessä | päättymiseen
B=before: ennen
b=before: edeltävä
F=start: alusta
F: aikaisintaan | ensimmäisen kerran | alkaen | lähtien | lukien | alk | alkaa alkaen | aloittaen |
  eteenpäin | lukien: | ja siitä eteenpäin | siitä eteenpäin | siitä lähtien | ja eteenpäin | tai myöhemmin
  | siitä alkaen
b=after: jälkeen | jälkeinen
E: loppuun | loppua | loppu | lopuksi | päättymiseen | päättyessä | lopulle | loppuun saakka
EU=year/1: vuodenloppuun | vuodenlopun
BG: loppuvuoteen | loppuvuodeksi
g: alku | alussa | alkuun | alkupuoli | alkupuolella | alkupuolen | alkuvuosi | alkuvuonna | alkuvuodesta |
  alkuvuoden | alkuvuodelle | alkuvuoteen
i: puolivälissä | puoliväli | puoliväliin | keskivaiheilla | keskivaihe | puolivälin | keskellä
G: lopussa | lopulla | lopun | loppupuoli | loppupuolella | loppupuolen | loppuvuosi | loppuvuonna |
  loppuvuodesta | loppuvuoden | loppuvuodelle
9: vuodenvaihde | vuodenvaihteessa | vuodenvaihteen | vuodenvaihteeseen | vuodenvaihteesta | vuodenvaihdetta
  | vuoden vaihteessa | vuoden vaihde | vuoden vaihteen
j=1/year/1: vuosittain | vuosittainen | vuosittaista | vuosittaiset | vuosittaisen | vuosittaisia |
  vuosittaisten | vuosittaisella | vuosittaisessa | vuotuinen | vuotuista | vuotuiset | vuotuisen |
  vuotuisesti | vuosittaisin | jokavuotinen | jokavuotista | jokavuotiset | jokavuotisen | vuositt |
  vuositasolla | vuosiraportti | vuosiraportointi | lukuvuosittain | tilikausittain | vuosittaise~ |
  vuosittaisi~ | vuosittaisesti | vuotuise~ | vuotuisi~ | jokavuotise~ | jokavuotisesti |
  kalenterivuosittain | lukuvuosittaise~ | lukuvuosittainen | tilikausittaise~
j=1/year/2: parillisina vuosina | parittomina vuosina | joka toinenvuosi
j=1/month/6: puolivuosittain | puolivuosittainen | puolivuosittaiset | puolivuosittaista | puolivuotisittain
  | lukukausittain | lukukausittainen | puolivuosikatsaus | puolivuotisraportti | puolivuosiraportti |
  puolivuosiraportointi | puolivuosittaise~ | lukukausittaise~ | lukukausittaista | puolivuosittaisesti
j=1/month/3: neljännesvuosittain | neljännesvuosittainen | neljännesvuosittaiset | neljännesvuosittaista |
  kvartaaleittain | kvartaalittain | kvartaaleittainen | vuosineljänneksittäin | neljänneksittäin |
  neljännesvuosiraportti | neljännesvuosiraportointi | kvartaaliraportti | kvartaaliraportointi |
  neljännesvuosittaise~ | neljännesvuosittaisesti | kvartaalittainen | kvartaaleittaisesti |
  kvartaaleittaise~ | neljännesvuosikatsaus
j=1/month/4: kolmannesvuosittain | tertiaaleittain | tertiaalittain
j=1/month/1: kuukausittain | kuukausittainen | kuukausittaiset | kuukausittaista | kuukausittaisen |
  kuukausittaisia | kuukausittaisin | kuukausitasolla | kuukausiraportti | kuukausiraportointi |
  kuukausikokous | kuukausikokoukset | kuukausitt | kuukausittaise~ | kuukausittaisi~ | kuukausittaisesti |
  kuukausikokouksissa
j=1/week/1: viikoittain | viikottain | viikoittainen | viikoittaiset | viikoittaista | viikoittaisen |
  viikoittaisia | viikottainen | viikottaiset | viikoittaisin | viikkokokous | viikkokokoukset |
  viikkopalaveri | viikkopalaverit | viikoittaise~ | viikoittaisi~ | viikoittaisesti | viikottaise~
4=1/week/1: maanantaisin | tiistaisin | keskiviikkoisin | torstaisin | perjantaisin | lauantaisin |
  sunnuntaisin
j=1/week/2: parittomina viikkoina | parillisina viikkoina | parittomilla viikoilla | parillisilla viikoilla
j=1/day/1: päivittäin | päivittäinen | päivittäiset | päivittäistä | päivittäisen | arkipäivisin | arkisin |
  päivittäise~ | päivittäisi~
7: maanantai~ | tiistai~ | keskiviikko~ | torstai~ | perjantai~ | lauantai~ | sunnuntai~
c: jatkuva | jatkuvaa | jatkuvasti | jatkuvana | jatkuvat | jatkuvan | jatkuvia | jatkuvaluonteinen |
  jatkuvaluontoinen | jatkuvaisluonteinen | toistaiseksi | pysyvä | pysyvästi | pysyvää | jatkuu | jatkuen |
  koko ajan | kaiken aikaa | ympärivuotinen | ympärivuotista | ympäri vuoden | ympärivuotisesti | voimassa
  toistaiseksi | jatkuva prosessi | käynnissä | meneillään | vakituinen | vakituisesti | jatketaan | pysyvä
  toiminta | jatkuvaluonteista | jatkuvaluonteisesti | jatkuvaluonteisena | jatkuvaluonteiset |
  jatkuvaluontoista | jatkuvaluontoisesti | jatkuvatoiminen | jatkuvatoimista | jatkuvana prosessina |
  vakiintunut toiminta | vakiintunut käytäntö | vakiintunutta toimintaa | jatkuva~ | jatkuvi~ | pysyvä~ |
  jatkunut | pysyväisluonteinen | pysyväisluonteista | pysyväisluonteisesti | pysyväisluontoinen
r: ohjelmakausi | ohjelmakauden | ohjelmakaudella | ohjelmakautena | ohjelmakautta | suunnitelmakausi |
  suunnitelmakauden | suunnitelmakaudella | strategiakausi | strategiakauden | strategiakaudella |
  sopimuskausi | sopimuskauden | sopimuskaudella | hankekausi | hankekauden | hankekaudella | hankkeen
  aikana | hankeaikana | hankkeen ajan | ohjelman aikana | ohjelma-aikana | ohjelman voimassaolon aikana |
  rahoituskausi | rahoituskauden | rahoituskaudella | ohjelmajakso | suunnittelukausi | suunnittelukauden |
  taloussuunnitelmakausi | taloussuunnitelmakauden | kauden aikana | kauden loppuun mennessä | kauden
  lopussa | kauden alussa
r: lyhyt aikaväli | lyhyellä aikavälillä | lyhyen aikavälin | keskipitkä aikaväli | keskipitkällä
  aikavälillä | keskipitkän aikavälin | pitkä aikaväli | pitkällä aikavälillä | pitkän aikavälin | lyhyt
  tähtäin | lyhyellä tähtäimellä | pitkällä tähtäimellä | lyhyen tähtäimen | pitkän tähtäimen | keskipitkän
  | pitkällä aikajänteellä | lyhyellä aikajänteellä
r: mahdollisimman pian | mahdollisimman nopeasti | heti | välittömästi | viipymättä | pikaisesti |
  viivytyksettä | asap | lähiaikoina | lähivuosina | lähitulevaisuudessa | lähikuukausina | tulevina vuosina
  | seuraavan vuoden | seuraavana vuonna | ensi vuonna | ensi vuoden | ensi vuosi | ensi kaudella | ensi
  syksynä | ensi keväänä | ensi kesänä | tänä vuonna | tämän vuoden | kuluvana vuonna | kuluvan vuoden |
  kuluva vuosi | kuluvan kauden | kuluvalla kaudella | seuraavalla kaudella | seuraavan kauden | seuraavalla
  valtuustokaudella | kuluvalla valtuustokaudella | seuraava kvartaali | ensi viikolla | ensi kuussa | tässä
  kuussa | hyväksymisen jälkeen | hyväksymisestä | voimaantulosta | vahvistamisesta | päätöksestä | kun
  rahoitus | rahoituksen varmistuttua | hankkeen päättyessä | hankkeen päätyttyä | hankkeen jälkeen |
  tarkistuksen yhteydessä | päivityksen yhteydessä | talousarvion yhteydessä | talousarviovalmistelun
  yhteydessä | tilinpäätöksen yhteydessä | välitön | ohjelmakaudelle | ohjelmakauteen | strategiakaudelle |
  strategiakauteen | suunnitelmakaudelle | hankekaudelle | sopimuskaudelle | riippuen | voimassaoloaikana |
  voimassaoloaika | voimassaolon ajan | voimassaoloajan | valmistelun yhteydessä | laadinnan yhteydessä |
  päivittämisen yhteydessä | uudistamisen yhteydessä | hyväksymisen yhteydessä | tarkistamisen yhteydessä |
  laatimisen yhteydessä | arvioinnin yhteydessä | seuraavan talousarvion | seuraavan strategian | seuraavan
  hyvinvointikertomuksen | päätöksen jälkeen | valmistuttua | tultua voimaan | voimaantulon jälkeen |
  lähivuodet | lähivuosien | lähivuosille | lähiaika | lähitulevaisuus
u: avoin | avoinna | auki | tarvittaessa | tarpeen mukaan | tarpeen vaatiessa | tarpeen tullen | myöhemmin |
  täsmentyy | tarkentuu | ei aikataulua | ei aikataulutettu | aikataulu avoin | aikatauluttamatta |
  aikatauluttamaton | sovitaan myöhemmin | sovitaan erikseen | päätetään myöhemmin | määritellään myöhemmin
  | määrittelemättä | vahvistetaan myöhemmin | ilmoitetaan myöhemmin | ei tiedossa | ei määritelty | ei
  määritetty | tbc | tbd | tba | harkinnan mukaan | tilanteen mukaan | aikataulu täsmentyy | aikataulu
  tarkentuu | selvitetään | pyynnöstä | pyydettäessä | puuttuu | ei vielä päätetty | ei vielä | resurssien
  mukaan | resurssien salliessa | mahdollisuuksien mukaan | ad hoc | satunnaisesti | silloin tällöin |
  tilauksesta | ei sovellu | n/a | na | resurssien puitteissa | talousarvion puitteissa | määrärahojen
  puitteissa | toisinaan | ajoittain | harvoin
z: useita kertoja | useamman kerran | muutaman kerran | muutamia kertoja | monta kertaa | useasti |
  säännöllisesti | säännöllinen | säännöllistä | säännölliset | säännöllisen | säännöllisiä | säännöllisin |
  toistuva | toistuvasti | toistuvaa | usein
~: tulevalle | tulevana | seuraavalle | seuraavana | seuraavina | tulevina | seuraavan | seuraavien |
  tulevan | tulevien | lähimmän | kuluttua | kuluessa | sisällä | kulutta | määräajassa | määräajan |
  seuraavat | tulevat | lähimmät
&: ja | sekä | tai | & | sitten | sen jälkeen | minkä jälkeen | jonka jälkeen | tämän jälkeen | sekä myös |
  taikka
_: aikana | välillä | ajalla | ajan | noin | n | ca | arviolta | osalta | koko | myös | asteittain | klo:n |
  kaudella | kausi | kauden | kaudet | väliseksi | välisenä | välinen | vuodelta | vuosilta
E: lopulta
#: vl | vuosiluokat | vuosiluokilla | vuosiluokka | vuosiluokan | vuosiluokkien | luokat | luokka | luokan |
  luokilla | luokkien | lk | luokkalaiset | luokkalaisille | luokille | luokalle | sivu | sivut | s |
  sivulla | kohta | kohdan | pykälä | pykälän | luku | luvun | momentti | § | klo | kello | numero | nro |
  huone | kerros | puh | puhelin | tel | gsm | liite | taulukko | kuva | kappale | versio | wcag | iso | art
  | artikla | ikäryhmä | ikäluokka | ikäiset
y: et al | laki | lain | laissa | lakia | asetus | asetuksen | asetusta | direktiivi | direktiivin | agenda
  | visio | vision | horisontti | horizon | diaarinumero | diaarinro | dnro | diaari | eu-asetus | päätös
  nro | hallintolaki | kuntalaki | kuntalain | kotoutumislaki | kotoutumislain | kotouttamislaki |
  kotouttamislain | perusopetuslaki | perusopetuslain | tasa-arvolaki | yhdenvertaisuuslaki | tilastokeskus
  | y-tunnus
e: euroa | euron | eur | € | % | prosenttia | prosentin | milj | miljoonaa | tonnia | kg | m2 | m² | km |
  mwh | gwh | tuntia | tunnin | h | t | minuuttia | min. | litraa | neliötä | metriä | co2
$: osallistujaa | osallistujan | henkilöä | henkilön | hlö | hlöä | asukasta | asukkaan | kävijää |
  asiakasta | oppilasta | lasta | nuorta | maahanmuuttajaa | asuntoa | tuhatta | työntekijää | työpaikkaa |
  yritystä | paikkaa | vuotias | vuotiaat | vuotiaiden | vuotiaille | vuotiasta | vuotiaista | krs | htv
x: päivittäinen elämä | päivittäistavara | vuosittainen kasvu | vuosittainen budjetti
I: verrattuna | tasosta | tasoon | tasolta | vertailuvuosi | vertailuvuoden | vertailuvuodesta | lähtövuosi
  | lähtövuoden | perusvuosi | perusvuoden | vertailuvuoteen
1: lyhyt | keskipitkä | pitkä | nyt
J: luku | luvun | luvulla | luvulta | luvulle
P: hanke | hankkeen | hanketta | hankkeessa | projekti | projektin | ohjelma | ohjelman | strategia |
  strategian | visio
@: nykyhetki | nykyhetkeen
"""

FINNISH = Vocabulary(
    lang="fi",
    table=_TABLE,
    endings=("", "n", "ssa", "ta", "a", "lla", "lle", "na", "ksi", "t", "n:", "sa", "ssä"),
    postpositive=True,
)
