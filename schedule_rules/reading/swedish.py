"""The Swedish words of schedules, and what only looks like one: data, read by ``lexicon``.

A row has codes by name, perhaps a value, and wordings; the first row of a wording counts.
"""

WORDS = """
month=1: januari | jan ; month=2: februari | feb | febr ; month=3: mars | mar ; month=4: april | apr ;
  month=5: maj ; month=6: juni | jun ; month=7: juli
feast=christmas: jul | julen | jultid | julens | julafton | julhelgen | jullovet | juluppehållet |
  julledigheten
feast=easter: påsk | påsken | påskens | påskdagen | påskhelgen | påsklovet ; feast=good-friday: långfredag |
  långfredagen
feast=maundy-thursday: skärtorsdag | skärtorsdagen ; feast=palm-sunday: palmsöndagen
feast=ascension: kristi himmelsfärd | kristi himmelsfärdsdag | kristi himmelsfärdshelgen
feast=whitsun: pingst | pingsten | pingstdagen | pingsthelgen ; feast=shrove-tuesday: fettisdag | fettisdagen
feast=midsummer: midsommar | midsommaren | midsommardagen | midsommarhelgen
feast=midsummer-eve: midsommarafton | midsommaraftonen
feast=may-day: första maj | vappen ; feast=walpurgis: valborg | valborgsmässoafton
feast=all-saints: allhelgona | allhelgonahelgen | allhelgonadagen
feast=advent: advent | första advent ; feast=lucia: lucia | luciadagen
feast=independence: självständighetsdagen ; feast=sixth-of-june: nationaldagen | sveriges nationaldag
feast=epiphany: trettondagen | trettondag jul
half_turn: halvårsskiftet | halvårsskifte | halvårsskiftets
month=8: augusti | aug ; month=9: september | sept | sep ; month=10: oktober | okt ;
  month=11: november | nov ; month=12: december | dec
season=spring: vårsäsong | vårsäsongen | vår | våren | vårarna | vårens
season=summer: sommarsemester | sommarsemestern | sommarsemestrarna | semestern | semestrarna |
  semesterperioden | semestertiden | sommarlov | sommarlovet | industrisemestern | sommaruppehållet |
  sommarledigheten
season=summer: sommar | sommaren | somrar | sommarens
season=autumn: höstsäsong | höstsäsongen | höst | hösten | höstarna | höstens
season=winter: vinter | vintern | vintrar | vinterns
early+season=spring: förvåren | vårvintern | senvåren | tidig vår
early+season=summer: försommaren | sensommaren | försommar | sensommar
early+season=autumn: förhösten | senhösten | senhöst
season_term=spring: vårtermin | vårterminen | vårterminens | vt | vårterminerna
season_term=autumn: hösttermin | höstterminen | höstterminens | ht | höstterminerna
term=month/6: termin | terminen | terminer | terminens | termins
school_year=year/1: lå | läsår | läsåret | läsårets | läsåren | skolår | skolåret | skolåren | studieår |
  studieåret | arbetsår | arbetsåret | läsårs
financial_year=year/1: budgetår | budgetåret | räkenskapsår | räkenskapsåret | räkenskapsperioden | finansår
council_term=year/4: mandatperiod | mandatperioden | mandatperiodens | mandatperioder | fullmäktigeperiod |
  fullmäktigeperioden | fullmäktigeperiodens | valperiod | valperioden | regeringsperiod | regeringsperioden |
  fullmäktigemandatperioden | mandattid | mandattiden | fullmäktigeperioder | mandatperiods |
  fullmäktigeperiods
quarter=month/3: kvartal | kvartals | kvartalet | kvartalets | kvartalen | kv | kvart
half_year=month/6: ett halvt år | ett halvt års | halvt år | halvt års | halvår | halvåret | halvårets |
  halvan | hälften | årshalvan
week=week/1: vecka | veckan | veckor | v | veckorna | veckans | veckas | veckors
unit=year/1: verksamhetsår | verksamhetsåret | verksamhetsårets | verksamhetsårs | verksamhetsåren | år |
  året | årets | åren | kalenderår | kalenderåret | års | åren:
unit=month/1: månad | månaden | månader | mån | månaderna | månads | månaders | mnd | månadens
unit=day/1: dag | dagen | dagar | dygn | dygnet | dagars | dagarna | arbetsdag | arbetsdagar | kalenderdagar |
  vardag | arbetsdagars
unit=year/2: tvåårsperiod ; unit=year/4: fyraårsperiod ; unit=year/3: treårsperiod ;
  unit=year/5: femårsperiod
number=1: en | ett | en enda ; number=2: två | ett par | par
number=2..3: ett par tre | två tre | ett par eller tre
number=1..2: en och annan ; number=3: tre ; number=4: fyra ; number=5: fem ; number=6: sex ; number=7: sju ;
  number=8: åtta ; number=9: nio ; number=10: tio ; number=11: elva ; number=12: tolv
ordinal=1: första | 1:a | förste ; ordinal=2: andra | 2:a ; ordinal=3: tredje | 3:e ;
  ordinal=4: fjärde | 4:e ; ordinal=5: femte | 5:e ; ordinal=6: sjätte ; ordinal=7: sjunde ;
  ordinal=8: åttonde ; ordinal=10: tionde ; ordinal=14: fjortonde ; ordinal=-1: sista | senare
times: gång | gånger | ggr | ggn | gr | gång/er | x | tillfälle | tillfällen | ggr. | st | stycken | gg
once=1: engång ; once=2: tvågånger
per=ahead: om ; per: per | i | på | varje och | à | under varje
every=1: varje | var | vart | varje enskild | varje nytt | varje ny
every=2: vart annat | var annan | varannan | vartannat
intervals: mellanrum | intervall | intervaller | mellanrums
at_least: minst | åtminstone | lägst | min | ≥ | minimum
at_most: inte fler än | inte mer än | ej fler än | ej mer än | högst | max | maximalt | som mest | ≤
at_most=until: upp till
less_than=than: mindre än | färre än | under än
more_than=than: mer än | fler än ; more_than: över
by: senast | till och med | t o m | t.o.m | tom | till o med | deadline | slutdatum | slutförs senast | klart
  till | klar till | klart senast | fram till | fram till och med | intill | framtill | slutar | avslutas |
  upphör | gäller till | gäller till och med | gäller t.o.m | ska vara klar | ska vara klart | förfaller |
  inom ramen till | senaste den
by=before: före | innan | till budgeten | till budgeten för | till budget | till budget för | inför budget |
  inför budgeten | inför budgeten för
from: tidigast | och vidare | ff | och senare | vidare | första gången | från och med | fr o m | fr.o.m | from
  | från | f.o.m | f o m | fom | start från | med start | med början | från o med | framåt | och framåt | och
  därefter framåt | startar från | räknat från | eller senare
from=since: sedan
after=after: efter ; after=post: post
to: till
end: utgången | slut | slutet på året | årsslut | årsslutet | vid årets slut | utgång | utgången av | vid
  utgången av | årets slut
late: senare delen av | slutet | slutet av | i slutet av | sent | sen | slutet på | i slutet på
early: första delen av | tidigare delen av | början | början av | i början av | början på | tidigt |
  inledningen | inledningen av | ingången av | tidig
middle: mitten | mitten av | i mitten av | mitten på | medio | halvvägs
end: ultimo
early: primo
turn: årsskiftet | årsskifte | årsskiftets | årskiftet
rate=1/year/1: årligen | årlig | årliga | årligt | en gång årligen | årsvis | årsvisa | helårsvis | årsrapport
  | årsrapportering | årsuppföljning | läsårsvis
rate=1/month/6: halvårsvis | halvårsvisa | halvårsvist | halvårlig | halvårliga | halvårligen | terminsvis |
  terminsvisa | terminsvist | halvårsrapport | halvårsrapportering | halvårsuppföljning | delårsvis
rate=1/month/3: kvartalsvis | kvartalsvisa | kvartalsvist | kvartalsrapport | kvartalsrapportering |
  kvartalsuppföljning | kvartalsrapporter | kvartalvis
rate=1/month/4: tertialvis | tertialvisa | tertialsvis | tertialrapport | tertialrapportering |
  tertialuppföljning | tertialrapporter
rate=1/month/1: månatligen | månatlig | månatliga | månadsvis | månadsvisa | månadsvist | månligen |
  månadsrapport | månadsrapportering | månadsmöte | månadsmöten | månadsuppföljning | månatligt
rate=1/week/1: veckovis | veckovisa | veckovist | veckoligen | veckomöte | veckomöten
habit=1/week/1: måndagar | tisdagar | onsdagar | torsdagar | fredagar | lördagar | söndagar | måndagskvällar |
  tisdagskvällar | onsdagskvällar | torsdagskvällar | fredagskvällar
rate=1/week/2: jämna veckor | udda veckor ; rate=1/day/1: dagligen | daglig | dagliga | dagligt
third_of_year=month/4: tertial | tertialet | tertialets
rate=1/year/4: mandatperiodsvis
unit+intervals=year/1: årsbasis ; unit+intervals=month/1: månadsbasis ; unit+intervals=week/1: veckobasis
unit+intervals=month/3: kvartalsbasis
rate=1/year/2: tvåårsvis | jämna år | udda år
weekday: måndag | måndagen | tisdag | tisdagen | onsdag | onsdagen | torsdag | torsdagen | fredag | fredagen |
  lördag | lördagen | söndag | söndagen
continuous: fortlöpande | fortgår | fortsatt | löpande | kontinuerligt | kontinuerlig | kontinuerliga | tills
  vidare | tillsvidare | pågående | ständigt | permanent | permanenta | pågår | alltid | pågår löpande | hela
  tiden | året runt | året om | fortsätter | i fortsättningen löpande | kontinuelig | ständig | fortgående |
  permanent verksamhet | fortsättningsvis | varaktig | varaktigt | stadigvarande
relative: programperiod | programperioden | programperiodens | programtiden | strategiperiod |
  strategiperioden | planperiod | planperioden | planeringsperiod | planeringsperioden | projekttiden |
  projektperioden | projektperiod | under projektet | projektets gång | avtalsperioden | avtalsperiod |
  avtalstiden | perioden | under perioden | programmets giltighetstid | finansieringsperioden |
  ekonomiplaneperioden | under programmet | genomförandeperioden | planens giltighetstid | periodens | efter
  att | när planen | när beslutet | när beslut | när det nya | när den nya | när de nya | när nya | nästa
  budget | nästa strategi | nästa plan | kort sikt | på kort sikt | medellång sikt | på medellång sikt | lång
  sikt | på lång sikt | på sikt | kortsiktig | kortsiktiga | kortsiktigt | långsiktig | långsiktiga |
  långsiktigt | medellång | medelfristig | längre sikt | närmaste tiden | närmaste åren | de närmaste åren |
  närmsta åren | de kommande åren | kommande år | kommande åren | inom kort | snarast | så snart som möjligt |
  snarast möjligt | så fort som möjligt | omgående | omedelbart | genast | utan dröjsmål | asap | nästa år |
  nästa termin | nästa höst | nästa vår | nästa kvartal | nästa månad | nästa vecka | nästa mandatperiod |
  nästa läsår | nästkommande | innevarande år | innevarande | innevarande mandatperiod | i år | detta år | i
  höst | i vår | i vinter | i sommar | efter beslut | från beslut | efter projektet | efter projektets slut |
  när finansiering | i samband med budget | i samband med | vid revidering | så snart | efter avslutat projekt
  | efter projektslut | när finansieringen | när finansiering finns | skyndsamt | genomförandetiden | beroende
  av | beroende på | giltighetstid | giltighetstiden
relative=adoption: efter godkännande | efter godkännandet | från godkännandet | efter antagande | efter
  antagandet | från antagandet | från godkännande | från antagande | från det att programmet antagits | från
  det att programmet godkänts | efter att programmet antagits | efter att programmet godkänts | efter att
  planen antagits | efter att planen godkänts | efter att strategin antagits | efter att strategin godkänts |
  efter det att programmet antagits | efter det att programmet godkänts | efter att det godkänts | av
  antagandet | av godkännandet
undecided: inte avtalat | ej avtalat | inte överenskommet | inte beslutat | när resurserna | när resurser | om
  resurserna | resurserna tillåter | från fall till fall | beslutas separat | avgörs separat | bestäms separat
  | fastställs separat | överenskoms separat | beroende på situationen | efter situation | tidtabell saknas |
  ingen tidsplan | enligt efterfrågan | efter efterfrågan | öppen | öppet | vid behov | efter behov | enligt
  behov | när behov uppstår | senare fastställs | preciseras senare | preciseras | bestäms senare | fastställs
  senare | meddelas senare | beslutas senare | ej fastställt | ej fastställd | ej bestämt | ej beslutat | ej
  tidsatt | ej tidsatta | inte fastställt | inte fastställd | inte bestämt | ej klart | saknas | tbc | tbd |
  tba | oklart | ej angivet | ej angiven | ad hoc | på begäran | vid förfrågan | inte tidsatt | ej aktuellt |
  i mån av resurser | i mån av tid | i mån av möjlighet | utan tidplan | tidplan saknas | tidtabellen öppen |
  ingen tidtabell | ingen tidplan | anges senare | kommer senare | uppdateras senare | vid efterfrågan | efter
  överenskommelse | enligt överenskommelse | enligt överenskommen | när det behövs | då behov uppstår | när så
  behövs | då och då | n/a | na | planeras senare | klarnar senare | under utredning | ibland | sällan | ej
  definierat | ej definierad | inte definierat | ännu inte | inte ännu | ej ännu
vague: flera gånger | några gånger | ett flertal gånger | ett par gånger | ofta | regelbunden | regelbundet |
  regelbundna | regelbundet återkommande | återkommande | regelbundenhet
within: kommande | närmaste | inom | följande
within=next: nästa gång | nästa tillfälle | nästa uppföljning | nästa översyn | nästa utvärdering | nästa
  revidering | nästa uppdatering | nästa granskning | nästa mätning | nästa enkät | nästa | härnäst
and: och | samt | eller | & | respektive | resp
and=then: därefter | sedan därefter | och sedan | varefter | sen därefter | efter det | efter detta
turn: månadsskiftet | månadsskifte | skiftet
filler: den | det | av | för | under | vid | ca | cirka | omkring | ungefär | gällande | mellan | de | kl |
  hela | samma | perioden åren | tiden | tidsperioden | perioden: | period | senare än
  | åren: | månaden:
numbered=place: plattform | spår | pb | rum | nr | nummer | postnummer
numbered=spot: hus | byggnad | linje | buss | tomt | sal ; numbered=page: sid | sida | sidan | sidor | s
numbered: åk | årskurs | årskurser | årskurserna | klass | klasser | klasserna | § | paragraf | kapitel | kap
  | artikel | punkt | tel | tfn | telefon | mobil | våning | bilaga | tabell | figur | version | wcag | iso |
  kl | klockan | ålder | åldern | åldersgruppen | ålders | moment | mom | åldrarna | avsnitt | sv | vardagar
law: et al | konvention | konventionen | konventioner | lag | lagen | åfs | ålr | ffs | lagens | förordning |
  förordningen | direktiv | direktivet | agenda | vision | visionen | horisont | horizon | sfs | dnr |
  diarienr | diarienummer | proposition | prop | sou | skollag | skollagen | socialtjänstlagen | kommunallagen
  | diskrimineringslagen | integrationslagen | fo | fpa-nummer | projektnummer | ärendenummer
amount=money: euro | eur | € | kr | kronor | sek | ton | kg | kwh | mwh | gwh | liter | km
amount=dose: mg | ml | µg | tablett | tabletter | kapsel | kapslar | droppar | piller
amount: mm | cm | ha | hektar | % | procent | tkr | mkr | mnkr | kvm | m2 | m² | timmar | timme | tim | h |
  minuter | min. | miljoner | milj | meter | km²
people: deltagare | personer | person | invånare | elever | barn | ungdomar | besökare | kunder | bostäder |
  bostad | platser | plats | anställda | medarbetare | företag | åringar | åring | åringarna | tusen |
  lägenheter | arbetstillfällen | arbetsplatser
source=born: född | födda | födda före | födda efter | födda mellan | född år
source: födda år | årskull | årskullen | statistik | statistiken
baseline: högre än | lägre än | större än | bättre än | sämre än | jämnt med | liksom | utgångsvärde |
  basvärde | utgångsläge | utgångsläget | startläge | nolläge | utgångspunkt | jämfört med | jämfört | basår |
  basåret | nivå | nivåer | nivån | referensår | referensåret | i förhållande till
short_or_long: kort | medel | lång | direkt | nu
decade: talet | tal | tals | talets
plan: färdplan | färdplanen | projekt | projektet | projektets | programmet | programmets | strategi |
  strategin
present: nutid | nuvarande
dash+present: till dags dato | till i dag | till idag | fram till i dag | fram till idag | hittills | tills
  i dag | till nu | fram till nu | fram till dags dato | till den dag som är
"""

# what only looks like a schedule: "dagligt liv", a law, a source
IDIOMS = """\
word=plain: pilot | pilotprojekt | pilotförsök | fas | etapp | utkast | slutlig | start | startar | startas |
  inleds | inledning | genomförs | genomförande | genomfört | klar | klart | färdig | färdigt | planering |
  planeras | planerad | plan | införs | införande | tas | bruk | uppdateras | uppdatering | utvärdering |
  utvärderas | rapport | rapporteras | delmål | mål | målår | godkänns | godkänd | publiceras | publicering |
  görs | utredning | enkät | uppföljning | beredning | bereds | antas | antogs | budget | tidtabell | tidsplan
word: dagligt liv | dagliga livet | det dagliga livet | dagliga liv | kontinuerligt lärande | kontinuerliga
  lärandet | kontinuerligt lärandet | permanent uppehållstillstånd | permanenta uppehållstillstånd | permanent
  bostad | permanenta bostäder | permanent boende | löpande räkning | löpande kostnader | löpande utgifter |
  löpande ärenden | daglig verksamhet | dagliga verksamheten | daglig verksamhets | långsiktigt hållbar |
  långsiktigt hållbara | långsiktigt hållbart | långsiktig hållbarhet | långsiktiga hållbarheten | årlig
  inkomst | årliga inkomster | årliga kostnader | årliga kostnaden | årliga kostnaderna | årlig kostnad |
  årliga utgifter | årliga utgifterna | årlig tillväxt | årliga tillväxten | årliga utsläpp | årliga utsläppen
  | månatliga kostnader | ärende | ärendet | ärenden | ärendena | öppet dygnet runt | efter skolan | efter
  skoldagen | tills vidare gällande arbetsavtal | tillsvidare anställda | permanent utskott | ständigt utskott
  | ständiga utskott | permanent nämnd | ständigt buller | efter kriget | senaste åren | de senaste åren |
  gångna åren
source: enligt
numbered=others: m.fl | m fl | mfl ; numbered=closed: stängt | stängd
law: statistikcentralen | eurostat | oecd | unesco | unicef | sotkanet | scb | parisavtalet | windows |
  microsoft office
source: folkmängd | folkmängden | invånarantal | invånarantalet | index | medeltal | medeltalet | genomsnitt |
  genomsnittet | genomsnitt för | finanskrisen | finanskris | pandemin | pandemi | olympiska spelen |
  folkräkning | folkräkningen | lågkonjunkturen
source=source: källa | källor | jfr
"""

# what a rate before it only measures or names: a word or, after a ``~``, its ending
AMOUNTS = """
~höjning ~höjningar ~ärenden ärenden ärendena sysslor ~enhet ~enheten rf ab ~stiftelsen ~budget ~omsättning
~omsättningen ~kostnad ~kostnaden ~kostnader ~kostnaderna ~utgift ~utgifter ~utgifterna ~inkomst ~inkomster
~inkomsterna ~intäkter ~lön ~löner ~avgift ~avgiften ~avgifter ~hyra ~hyran ~hyror ~pris ~priset ~förbrukning
~förbrukningen ~konsumtion ~konsumtionen ~utsläpp ~utsläppen ~tillväxt ~tillväxten ~ökning ~ökningen
~minskning ~minskningen ~mängd ~mängden ~antal ~antalet ~besparing ~besparingar ~vinst ~vinsten ~förlust
~produktion ~produktionen ~behov ~behovet ~nederbörd ~nederbörden ~arbetstid ~arbetstiden ~semester ~ledighet
~pendling resor ~arbetsresor resorna ~rytm ~rytmen ~biljett ~biljetter ~kort ~ersättning ~ersättningen ~bidrag
~bröd ~peng ~bidraget ~stöd ~tillägg ~summa ~belopp ~beloppet ~värde ~värdet ~medeltal ~medeltemperatur
~temperatur ~dos ~dosen ~intag ~intaget liv livet ~besökare ~kunder ~resenärer ~passagerare
"""
