"""The Swedish words of schedules: data only, read by ``wording``."""

from __future__ import annotations

from schedule_rules.reading.idioms import AMOUNTS, IDIOMS
from schedule_rules.reading.vocabulary import Vocabulary

_TABLE = """
m=1: januari | jan
m=2: februari | feb | febr
m=3: mars | mar
m=4: april | apr
m=5: maj
m=6: juni | jun
m=7: juli | jul
Bm=12: före jul | innan jul | till jul
bm=12: efter jul
m=12: julen | jultid | julens
j=1/year/1: varje jul | varje påsk | varje midsommar
m=8: augusti | aug
m=9: september | sept | sep
m=10: oktober | okt
m=11: november | nov
m=12: december | dec
s=spring: vårsäsong | vårsäsongen | vår | våren | vårarna | vårens
s=summer: sommar | sommaren | somrar | sommarens
s=autumn: höstsäsong | höstsäsongen | höst | hösten | höstarna | höstens
s=winter: vinter | vintern | vintrar | vinterns
gs=spring: förvåren | vårvintern | senvåren | tidig vår
gs=summer: försommaren | sensommaren | försommar | sensommar
gs=autumn: förhösten | senhösten | senhöst
T=spring: vårtermin | vårterminen | vårterminens | vt | vårterminerna
T=autumn: hösttermin | höstterminen | höstterminens | ht | höstterminerna
t=month/6: termin | terminen | terminer | terminens | termins
S=year/1: lå | läsår | läsåret | läsårets | läsåren | skolår | skolåret | skolåren | studieår | studieåret |
  verksamhetsår | verksamhetsåret | verksamhetsårets | arbetsår | arbetsåret | läsårs | verksamhetsårs
f=year/1: budgetår | budgetåret | räkenskapsår | räkenskapsåret | räkenskapsperioden | finansår
C=year/4: mandatperiod | mandatperioden | mandatperiodens | mandatperioder | fullmäktigeperiod |
  fullmäktigeperioden | fullmäktigeperiodens | valperiod | valperioden | regeringsperiod | regeringsperioden
  | fullmäktigemandatperioden | mandattid | mandattiden | fullmäktigeperioder | mandatperiods |
  fullmäktigeperiods
q=month/3: kvartal | kvartals | kvartalet | kvartalets | kvartalen | kv | kvart
h=month/6: ett halvt år | ett halvt års | halvt år | halvt års | halvår | halvåret | halvårets | halvan |
  hälften | årshalvan
w=week/1: vecka | veckan | veckor | v | veckorna | veckans | veckas | veckors
U=year/1: år | året | årets | åren | kalenderår | kalenderåret | års | åren:
U=month/1: månad | månaden | månader | mån | månaderna | månads | månaders | mnd | månadens
U=day/1: dag | dagen | dagar | dygn | dygnet | dagars | dagarna | arbetsdag | arbetsdagar | kalenderdagar |
  vardag | arbetsdagars
U=year/2: tvåårsperiod
U=year/4: fyraårsperiod
U=year/3: treårsperiod
U=year/5: femårsperiod
N=1: en | ett | en enda
N=2: två | ett par | par
N=2..3: ett par tre | två tre | ett par eller tre
N=1..2: en och annan
N=3: tre
N=4: fyra
N=5: fem
N=6: sex
N=7: sju
N=8: åtta
N=9: nio
N=10: tio
N=11: elva
N=12: tolv
o=1: första | 1:a | förste
o=2: andra | 2:a
o=3: tredje | 3:e
o=4: fjärde | 4:e
o=5: femte | 5:e
o=6: sjätte
o=7: sjunde
o=8: åttonde
o=10: tionde
o=14: fjortonde
o=-1: sista | senare
k: gång | gånger | ggr | ggn | gr | gång/er | x | tillfälle | tillfällen | ggr. | st | stycken | gg
K=1: engång
K=2: tvågånger
p=ahead: om
p: per | i | på | varje och | à | under varje
v=1: varje | var | vart | varje enskild | varje nytt | varje ny
v=2: vart annat | var annan | varannan | vartannat
V: mellanrum | intervall | intervaller | mellanrums
A: minst | åtminstone | lägst | min | ≥ | minimum
a: inte fler än | inte mer än | ej fler än | ej mer än | högst | max | maximalt | som mest | ≤
a=until: upp till
L=than: mindre än | färre än | under än
n=than: mer än | fler än
n: över
B: senast | till och med | t o m | t.o.m | tom | till o med | deadline | slutdatum | slutförs senast | klart
  till | klar till | klart senast | fram till | fram till och med | intill | framtill | slutar | avslutas |
  upphör | gäller till | gäller till och med | gäller t.o.m | ska vara klar | ska vara klart | förfaller |
  inom ramen till | senaste den
B=before: före | innan | till budgeten | till budgeten för | till budget | till budget för | inför budget |
  inför budgeten | inför budgeten för
F: tidigast | och vidare | ff | och senare | vidare | första gången | från och med | fr o m | fr.o.m | from
  | från | f.o.m | f o m | fom | start från | med start | med början | från o med | framåt | och framåt |
  och därefter framåt | startar från | räknat från | eller senare
F=since: sedan
b=after: efter
b=post: post
R: till
E: utgången | slut | slutet på året | årsslut | årsslutet | vid årets slut | utgång | utgången av | vid
  utgången av | årets slut
G: senare delen av | slutet | slutet av | i slutet av | sent | sen | slutet på | i slutet på
g: första delen av | tidigare delen av | början | början av | i början av | början på | tidigt | inledningen
  | inledningen av | ingången av | tidig
i: mitten | mitten av | i mitten av | mitten på | medio | halvvägs | halvårsskiftet
E: ultimo
g: primo
9: årsskiftet | årsskifte | årsskiftets | årskiftet
j=1/year/1: årligen | årlig | årliga | årligt | en gång årligen | årsvis | årsvisa | helårsvis | årsrapport
  | årsrapportering | årsuppföljning | läsårsvis
j=1/month/6: halvårsvis | halvårsvisa | halvårsvist | halvårlig | halvårliga | halvårligen | terminsvis |
  terminsvisa | terminsvist | halvårsrapport | halvårsrapportering | halvårsuppföljning | delårsvis
j=1/month/3: kvartalsvis | kvartalsvisa | kvartalsvist | kvartalsrapport | kvartalsrapportering |
  kvartalsuppföljning | kvartalsrapporter | kvartalvis
j=1/month/4: tertialvis | tertialvisa | tertialsvis | tertialrapport | tertialrapportering |
  tertialuppföljning | tertialrapporter
j=1/month/1: månatligen | månatlig | månatliga | månadsvis | månadsvisa | månadsvist | månligen |
  månadsrapport | månadsrapportering | månadsmöte | månadsmöten | månadsuppföljning | månatligt
j=1/week/1: veckovis | veckovisa | veckovist | veckoligen | veckomöte | veckomöten
4=1/week/1: måndagar | tisdagar | onsdagar | torsdagar | fredagar | lördagar | söndagar | måndagskvällar |
  tisdagskvällar | onsdagskvällar | torsdagskvällar | fredagskvällar
j=1/week/2: jämna veckor | udda veckor
j=1/day/1: dagligen | daglig | dagliga | dagligt
%=month/4: tertial | tertialet | tertialets
j=1/year/4: mandatperiodsvis
UV=year/1: årsbasis
UV=month/1: månadsbasis
UV=week/1: veckobasis
UV=month/3: kvartalsbasis
j=1/year/2: tvåårsvis | jämna år | udda år
7: måndag | måndagen | tisdag | tisdagen | onsdag | onsdagen | torsdag | torsdagen | fredag | fredagen |
  lördag | lördagen | söndag | söndagen
c: fortlöpande | fortgår | fortsatt | löpande | kontinuerligt | kontinuerlig | kontinuerliga | tills vidare
  | tillsvidare | pågående | ständigt | permanent | permanenta | pågår | alltid | pågår löpande | hela tiden
  | året runt | året om | fortsätter | i fortsättningen löpande | kontinuelig | ständig | fortgående |
  permanent verksamhet | fortsättningsvis | varaktig | varaktigt | stadigvarande
r: programperiod | programperioden | programperiodens | programtiden | strategiperiod | strategiperioden |
  planperiod | planperioden | planeringsperiod | planeringsperioden | projekttiden | projektperioden |
  projektperiod | under projektet | projektets gång | avtalsperioden | avtalsperiod | avtalstiden | perioden
  | under perioden | programmets giltighetstid | finansieringsperioden | ekonomiplaneperioden | under
  programmet | genomförandeperioden | planens giltighetstid
r: periodens | efter att | när planen | när beslutet | när beslut | när det nya | när den nya | när de nya
  | när nya |
  nästa budget | nästa strategi | nästa plan
r: kort sikt | på kort sikt | medellång sikt | på medellång sikt | lång sikt | på lång sikt | på sikt |
  kortsiktig | kortsiktiga | kortsiktigt | långsiktig | långsiktiga | långsiktigt | medellång | medelfristig
  | längre sikt | närmaste tiden | närmaste åren | de närmaste åren | närmsta åren | de kommande åren |
  kommande år | kommande åren | inom kort | snarast | så snart som möjligt | snarast möjligt | så fort som
  möjligt | omgående | omedelbart | genast | utan dröjsmål | asap | nästa år | nästa termin | nästa höst |
  nästa vår | nästa kvartal | nästa månad | nästa vecka | nästa mandatperiod | nästa läsår | nästkommande |
  innevarande år | innevarande | innevarande mandatperiod | i år | detta år | i höst | i vår | i vinter | i
  sommar | efter godkännande | efter beslut | efter godkännandet | från godkännandet | efter antagande |
  efter antagandet | från beslut | efter projektet | efter projektets slut | när finansiering | i samband
  med budget | i samband med | vid revidering | så snart | efter avslutat projekt | efter projektslut | från
  antagandet | från godkännande | när finansieringen | när finansiering finns | skyndsamt |
  genomförandetiden | beroende av | beroende på | giltighetstid | giltighetstiden
u: inte avtalat | ej avtalat | inte överenskommet | inte beslutat | när resurserna | när resurser | om
  resurserna | resurserna tillåter | från fall till fall | beslutas
  separat | avgörs separat | bestäms separat | fastställs separat |
  överenskoms
  separat | beroende på situationen | efter situation | tidtabell saknas
u: ingen tidsplan
u: enligt efterfrågan | efter efterfrågan
u: öppen | öppet | vid behov | efter behov | enligt behov | när behov uppstår | senare fastställs |
  preciseras senare | preciseras | bestäms senare | fastställs senare | meddelas senare | beslutas senare |
  ej fastställt | ej fastställd | ej bestämt | ej beslutat | ej tidsatt | ej tidsatta | inte fastställt |
  inte fastställd | inte bestämt | ej klart | saknas | tbc | tbd | tba | oklart | ej angivet | ej angiven |
  ad hoc | på begäran | vid förfrågan | inte tidsatt | ej aktuellt | i mån av resurser | i mån av tid | i
  mån av möjlighet | utan tidplan | tidplan saknas | tidtabellen öppen | ingen tidtabell | ingen tidplan |
  anges senare | kommer senare | uppdateras senare | vid efterfrågan | efter överenskommelse | enligt
  överenskommelse | enligt överenskommen | när det behövs | då behov uppstår | när så behövs | då och då |
  n/a | na | planeras senare | klarnar senare | under utredning | ibland | sällan | ej definierat | ej
  definierad | inte definierat | ännu inte | inte ännu | ej ännu
z: flera gånger | några gånger | ett flertal gånger | ett par gånger | ofta | regelbunden | regelbundet |
  regelbundna | regelbundet återkommande | återkommande | regelbundenhet
~: kommande | närmaste | inom | följande
&: och | samt | eller | & | respektive | resp
&=then: därefter | sedan därefter | och sedan | varefter | sen därefter | efter det | efter detta
9: månadsskiftet | månadsskifte | skiftet
_: den | det | av | för | under | vid | ca | cirka | omkring | ungefär | gällande
  | mellan | de | kl | hela | samma | på våren | på hösten | perioden åren | tiden | tidsperioden |
  perioden: | period | senare än | åren: | månaden:
#=place: plattform | spår | pb | rum | nr | nummer | postnummer
#=spot: hus | byggnad | linje | buss | tomt | sal
#=page: sid | sida | sidan | sidor | s
#: åk | årskurs | årskurser | årskurserna | klass | klasser | klasserna | §
  | paragraf | kapitel | kap | artikel | punkt | tel | tfn | telefon | mobil | våning |
  bilaga | tabell | figur | version | wcag | iso | kl | klockan | ålder | åldern | åldersgruppen | ålders |
  moment | mom | åldrarna | avsnitt | sv | vardagar
y: et al | konvention | konventionen | konventioner | lag | lagen | åfs | ålr | ffs | lagens |
  förordning | förordningen | direktiv | direktivet |
  agenda | vision | visionen | horisont | horizon | sfs | dnr | diarienr | diarienummer | proposition | prop
  | sou | skollag | skollagen | socialtjänstlagen | kommunallagen | diskrimineringslagen | integrationslagen
  | fo | fpa-nummer | projektnummer | ärendenummer
e=money: euro | eur | € | kr | kronor | sek | ton | kg | kwh | mwh | gwh | liter | km
e=dose: mg | ml | µg | tablett | tabletter | kapsel | kapslar | droppar | piller
e: mm | cm | ha | hektar | % | procent | tkr | mkr | mnkr | kvm | m2 | m² | timmar | timme | tim | h |
  minuter | min. | miljoner | milj | meter | km²
$: deltagare | personer | person | invånare | elever | barn | ungdomar | besökare | kunder | bostäder |
  bostad | platser | plats | anställda | medarbetare | företag | åringar | åring | åringarna | tusen |
  lägenheter | arbetstillfällen | arbetsplatser
?=born: född | födda | födda före | födda efter | födda mellan | född år
?: födda år | årskull | årskullen | statistik | statistiken
I: högre än | lägre än | större än | bättre än | sämre än | jämnt med | liksom | utgångsvärde | basvärde |
  utgångsläge | utgångsläget | startläge | nolläge | utgångspunkt
I: jämfört med | jämfört | basår | basåret | nivå | nivåer | nivån | referensår | referensåret | i
  förhållande till
1: kort | medel | lång | direkt | nu
J: talet | tal | tals | talets
P: färdplan | färdplanen | projekt | projektet | projektets | programmet | programmets | strategi |
  strategin
@: nutid | nuvarande
"""

SWEDISH = Vocabulary(lang="sv", table=_TABLE + IDIOMS["sv"], amounts=AMOUNTS["sv"])
