"""The Norwegian (bokmål) words of schedules, and what only looks like one: data, read by ``lexicon``.

A row has codes by name, perhaps a value, and wordings; the first row of a wording counts.
"""

from schedule_rules.reading.vocabulary import Vocabulary

WORDS = """
month=1: januar | jan ; month=2: februar | feb | febr ; month=3: mars | mar ; month=4: april | apr ;
  month=5: mai ; month=6: juni | jun ; month=7: juli | jul.
by+month=12: før jul | innen jul | til jul
after+month=12: etter jul
rate=1/year/1: hver jul | hver påske
month=12: julen | juletid | desember | des
month=8: august | aug ; month=9: september | sept | sep ; month=10: oktober | okt ;
  month=11: november | nov
season=spring: vår | våren | vårsesongen | vårens | vårhalvåret | vårsesong
season=summer: sommer | sommeren | somre | sommerens | sommersesongen
season=autumn: høst | høsten | høstens | høstsesongen | høsthalvåret | haust | hausten
season=winter: vinter | vinteren | vinterens | vintersesongen
early+season=spring: tidlig vår | vårvinteren
early+season=summer: forsommeren | tidlig sommer
early+season=autumn: tidlig høst
late+season=summer: sensommeren ; late+season=autumn: senhøsten ; late+season=spring: senvåren
season_term=spring: vårsemester | vårsemesteret | vårterminen | vårtermin
season_term=autumn: høstsemester | høstsemesteret | høstterminen | høsttermin
term=month/6: semester | semesteret | semestre | semestrene | termin | terminen | terminer
school_year=year/1: skoleår | skoleåret | skoleårene | skoleårets | barnehageår | barnehageåret | studieår |
  studieåret | undervisningsår | undervisningsåret
financial_year=year/1: budsjettår | budsjettåret | regnskapsår | regnskapsåret | driftsår | driftsåret
council_term=year/4: valgperiode | valgperioden | valgperiodens | kommunestyreperiode |
  kommunestyreperioden | valgperioder | bystyreperioden | fylkestingsperioden | stortingsperioden
quarter=month/3: kvartal | kvartalet | kvartalets | kvartalene | kvartaler | kv | kvart
half_year=month/6: et halvt år | halvt år | halvår | halvåret | halvårets | halvdel | halvdelen | årshalvdel
week=week/1: uke | uken | uka | uker | ukene | ukens | ukes
unit=year/1: år | året | årene | årets | års | kalenderår | kalenderåret | årene:
unit=month/1: måned | måneden | måneder | månedene | mnd | månedens | måneders
unit=day/1: dag | dagen | dager | dagene | døgn | døgnet | arbeidsdag | arbeidsdager | virkedag | virkedager |
  hverdag | dagers
unit=year/2: toårsperiode ; unit=year/3: treårsperiode ; unit=year/4: fireårsperiode ;
  unit=year/5: femårsperiode
number=1: en | én | et | ett | ei | en enkelt ; number=2: to | et par | par
number=2..3: to-tre | to tre | et par tre
number=3: tre ; number=4: fire ; number=5: fem ; number=6: seks ; number=7: sju | syv ; number=8: åtte ;
  number=9: ni ; number=10: ti ; number=11: elleve ; number=12: tolv
ordinal=1: første ; ordinal=2: andre | annen | annet ; ordinal=3: tredje ; ordinal=4: fjerde ;
  ordinal=5: femte ; ordinal=6: sjette ; ordinal=7: sjuende | syvende ; ordinal=8: åttende ;
  ordinal=10: tiende ; ordinal=-1: siste
times: gang | ganger | ggr | g | x | anledning | anledninger | stk
once=1: engang ; once=2: togang
per=ahead: om ; per: per | pr | i | på | i løpet av et | i hvert
every=1: hver | hvert | hver eneste | hvert nytt | hver enkelt
every=2: annenhver | annethvert | hver annen | hvert annet | hvert andre | hver andre
intervals: mellomrom | intervall | intervaller
at_least: minst | minimum | i det minste | min | ≥
at_most: maksimum | maks | maksimalt | høyst | ikke flere enn | ikke mer enn | max | ≤
at_most=until: inntil | opptil | opp til
less_than=than: mindre enn | færre enn ; less_than: under
more_than=than: mer enn | flere enn ; more_than: over
by: innen | senest | seinest | til og med | t o m | t.o.m | tom | frist | fristen | tidsfrist | deadline |
  sluttdato | ferdig | ferdigstilt | ferdigstilles | ferdig til | fullføres | fullført | fullføres innen |
  fram til | frem til | fram til og med | frem til og med | avsluttes | avsluttet | slutter | utløper |
  gjelder til | gjelder til og med | innen fristen | skal være ferdig | sluttføres | senest innen | senest
  den |
  klar | klart | klar til | forfaller | senest i løpet av | innen og med | inntil utgangen av | må være ferdig
by=before: før | forut for | i forkant av | i god tid før | til budsjettet | før budsjettet
from: tidligst | og videre | og senere | videre | første gang | fra og med | f o m | f.o.m | fom | fra | med
  start | med oppstart | med virkning fra | starter | starter i | oppstart fra | starter fra | begynner |
  framover | fremover | og framover | og fremover | og utover | utover | ff | deretter framover | iverksettes
  fra |
  eller senere | startes | igangsettes
from=since: siden
after=after: etter ; after=post: post
to: til
end: utgangen | utgangen av | slutten på året | årsslutt | årsslutten | utløpet | utløpet av | ved utgangen
  av |
  årets slutt | ved årets slutt | slutten av året | enden av | ultimo
late: slutten | slutten av | i slutten av | mot slutten av | sent | seint | sent i | sent på | slutten på |
  i slutten på | siste del av
early: begynnelsen | begynnelsen av | i begynnelsen av | starten | starten av | i starten av | tidlig |
  tidlig i | første del av | tidlig på | starten på | begynnelsen på | primo | inngangen til
middle: midten | midten av | i midten av | medio | midtveis | midt i
turn: årsskiftet | årsskifte | årsskiftets | månedsskiftet
rate=1/year/1: årlig | årlige | årligen | årvisst | årvis | årsvis | årlig rapport | årsrapport |
  årsrapportering |
  én gang årlig | årsmelding | årsmeldingen
rate=1/month/6: halvårlig | halvårlige | halvårsvis | halvårsrapport | halvårsrapportering | semestervis |
  terminvis
rate=1/month/3: kvartalsvis | kvartalsvise | kvartalsrapport | kvartalsrapportering | kvartalsrapporter |
  kvartalsvist | kvartalsmøte | kvartalsmøter
rate=1/month/4: tertialvis | tertialvise | tertialrapport | tertialrapporter | tertialrapportering |
  tertialvist
rate=1/month/1: månedlig | månedlige | månedsvis | månedsmøte | månedsmøter | månedsrapport |
  månedsrapportering | månedlig rapport
rate=1/week/1: ukentlig | ukentlige | ukesvis | ukesmøte | ukesmøter | ukevis
habit=1/week/1: mandager | tirsdager | onsdager | torsdager | fredager | lørdager | søndager
rate=1/week/2: partallsuker | oddetallsuker | like uker | ulike uker
rate=1/day/1: daglig | daglige | daglige møter
third_of_year=month/4: tertial | tertialet | tertialets | tertialer
rate=1/year/2: toårlig | toårige | hvert partallsår | partallsår | oddetallsår
rate=1/year/4: firårlig | én gang per valgperiode
unit+intervals=year/1: årsbasis ; unit+intervals=month/1: månedsbasis ; unit+intervals=week/1: ukebasis
unit+intervals=month/3: kvartalsbasis
weekday: mandag | mandagen | tirsdag | tirsdagen | onsdag | onsdagen | torsdag | torsdagen | fredag |
  fredagen |
  lørdag | lørdagen | søndag | søndagen
continuous: løpende | fortløpende | kontinuerlig | kontinuerlige | kontinuerleg | inntil videre | til videre |
  pågående | pågår | pågår løpende | permanent | permanente | fast | stadig | alltid | hele tiden | hele året
  |
  året rundt | fortsetter | videreføres | varig | varige | kontinuerlig arbeid | løpende arbeid | vedvarende |
  gjennom hele året | gjennom året | i drift | til enhver tid
relative: planperiode | planperioden | planperiodens | hele planperioden | i planperioden | programperioden |
  programperiode | strategiperioden | strategiperiode | handlingsplanperioden | økonomiplanperioden |
  økonomiplanperiode | prosjektperioden | prosjektperiode | prosjekttiden | avtaleperioden | perioden |
  i perioden | under prosjektet | gjennom prosjektet | når planen | når vedtaket | når vedtak | når den nye |
  når det nye | neste budsjett | neste plan | neste strategi | neste rullering | ved rullering |
  ved neste rullering | kort sikt | på kort sikt | mellomlang sikt | på mellomlang sikt | lang sikt |
  på lang sikt | på sikt | kortsiktig | kortsiktige | langsiktig | langsiktige | langsiktig mål | de nærmeste
  årene |
  nærmeste årene | kommende år | de kommende årene | innen kort tid | snarest | snarest mulig |
  så snart som mulig | så raskt som mulig | så fort som mulig | umiddelbart | straks | omgående | uten
  opphold |
  asap | neste år | neste semester | neste høst | neste vår | neste kvartal | neste måned | neste uke |
  neste valgperiode | neste skoleår | inneværende år | inneværende | inneværende valgperiode | i år | dette
  året |
  til høsten | til våren | til sommeren | i høst | i vår | i vinter | i sommer | etter vedtak | etter
  vedtaket |
  etter godkjenning | etter godkjenningen | fra vedtak | fra vedtaket | etter prosjektet |
  etter prosjektets slutt | når finansiering | når finansieringen | i forbindelse med budsjett |
  i forbindelse med | ved revidering | ved revisjon | så snart | avhengig av | etter behandling |
  budsjettprosessen
undecided: ikke avtalt | ikke vedtatt | ikke bestemt | ikke fastsatt | ikke tidfestet | ikke avklart |
  ikke besluttet | ikke satt | når ressursene | når ressurser | hvis ressursene | ressursene tillater |
  fra sak til sak | avgjøres separat | bestemmes senere | fastsettes senere | avklares senere | avklares |
  besluttes senere | vurderes senere | kommer senere | settes senere | uavklart | uavklart frist | åpen |
  åpent |
  ved behov | etter behov | når behov | når det er behov | når behovet oppstår | ved anledning | uten frist |
  ingen frist | ingen tidsfrist | frist mangler | mangler | ikke angitt | ikke oppgitt | ikke aktuelt | på
  forespørsel |
  ved forespørsel | på anmodning | etter avtale | etter ønske | etter nærmere avtale | etter kapasitet | ad
  hoc |
  tbc | tbd | tba | n/a | na | av og til | innimellom | sjelden | under utredning | under avklaring | ennå
  ikke |
  ikke ennå | planlegges senere | innenfor budsjett
vague: flere ganger | noen ganger | en rekke ganger | ofte | jevnlig | jevnlige | regelmessig | regelmessige |
  regelmessighet | med jevne mellomrom | tilbakevendende | gjentakende
within: kommende | nærmeste | i løpet av de neste | innenfor | neste
and: og | samt | eller | & | hhv | henholdsvis ; and=then: deretter | og deretter | så | og så | etter dette
filler: den | det | de | av | for | under | ved | ca | cirka | omkring | rundt | omtrent | mellom | kl | hele
  |
  samme | om våren | om høsten | på våren | på høsten | i tiden | tiden | tidsperioden | periode | i løpet av
  |
  løpet av | i årene | årene | åren: | i uke | gjennom | mot | dato | gjennomføres | gjennomføring | der
word: var | ble | blir
numbered=place: plattform | spor | pb | postboks | rom | nr | nummer | postnummer
numbered=spot: hus | bygg | bygning | linje | buss | tomt | sal ; numbered=page: side | sida | sidene | s
numbered: klasse | klasser | trinn | klassetrinn | § | paragraf | kapittel | kap | artikkel | punkt | pkt |
  tlf |
  telefon | mobil | etasje | vedlegg | tabell | figur | versjon | wcag | iso | klokken | alder | alderen |
  aldersgruppen | ledd | avsnitt | mål | delmål | tiltak | sak | saksnr | bærekraftsmål
law: et al | konvensjon | konvensjonen | konvensjoner | lov | loven | lovens | forskrift | forskriften |
  direktiv |
  direktivet | agenda | visjon | visjonen | horisont | horizon | nou | prop | innst | meld st |
  stortingsmelding |
  rundskriv | opplæringsloven | kommuneloven | folkehelseloven | barnehageloven | forvaltningsloven | ref |
  saksnummer | arkivsak | journalnummer
amount=money: euro | eur | € | kr | kroner | nok | tonn | kg | kwh | mwh | gwh | liter | km
amount=dose: mg | ml | µg | tablett | tabletter | kapsel | kapsler | dråper | piller
amount: mm | cm | ha | dekar | daa | hektar | % | prosent | mill | millioner | mrd | kvm | m2 | m² | timer |
  time |
  t | minutter | min. | meter | km²
people: deltakere | deltagere | personer | person | innbyggere | elever | barn | ungdommer | besøkende |
  brukere |
  kunder | boliger | bolig | plasser | plass | ansatte | årsverk | medarbeidere | bedrifter | åringer | åring
  |
  åringene | tusen | leiligheter | arbeidsplasser | familier | pasienter
source=born: født | fødte | født før | født etter | født mellom
source: årskull | kull | statistikk | statistikken | statistikk fra | tall fra | tall for
baseline: høyere enn | lavere enn | større enn | bedre enn | dårligere enn | sammenlignet med | sammenliknet
  med |
  utgangspunkt | utgangspunktet | basisår | basisåret | referanseår | referanseåret | nivå | nivået | nivåer |
  nullpunkt | nullpunktsmåling | i forhold til | enn i
short_or_long: kort | mellomlang | lang
decade: tallet | talls | tallets
plan: veikart | veikartet | prosjekt | prosjektet | prosjektets | programmet | programmets | strategi |
  strategien | handlingsplan | handlingsplanen | kommuneplan | kommuneplanen | kommunedelplan
present: nåtid | nåværende | dags dato | i dag
"""

# what only looks like a schedule: "dagligliv", a law, a source
IDIOMS = """\
word: dagligliv | dagliglivet | daglig leder | daglige leder | daglige gjøremål | daglig drift | dagligvare |
  dagligvarer | livslang læring | permanent oppholdstillatelse | permanente boliger | permanent bolig | faste
  ansatte |
  fast ansatt | fast ansatte | fast bolig | fast følge | faste stillinger | fast stilling | løpende utgifter |
  løpende kostnader | løpende saker | løpende inntekter | langsiktig bærekraft | langsiktige bærekraft |
  årlig inntekt |
  årlige inntekter | årlige kostnader | årlige utgifter | årlig vekst | årlige utslipp | årlig budsjett |
  månedlige kostnader | åpent hele døgnet | åpent hus | åpen dag | åpne data | åpne dører | åpen barnehage |
  åpne barnehager | åpen skole | etter skoletid | etter skolen | siste årene | de siste årene | siste år |
  fast utvalg | faste utvalg | i forhold til hverandre | fast telefon
source: ifølge | i følge
numbered=others: m.fl | m fl | mfl ; numbered=closed: stengt
law: statistisk sentralbyrå | ssb | eurostat | oecd | unesco | unicef | parisavtalen | windows | microsoft
  office
source: folkemengde | folketall | folketallet | innbyggertall | innbyggertallet | indeks | gjennomsnitt |
  gjennomsnittet | finanskrisen | pandemien | pandemi | folketelling | folketellingen | ungdata
source=source: kilde | kilder | jf
"""

# what a rate before it only measures or names: a word or, after a ``~``, its ending
AMOUNTS = """
~heving ~økning ~økningen ~saker oppgaver ~enhet ~enheten ~budsjett ~budsjettet ~omsetning ~omsetningen
~kostnad
~kostnaden ~kostnader ~kostnadene ~utgift ~utgifter ~utgiftene ~inntekt ~inntekter ~inntektene ~lønn
~lønninger
~avgift ~avgiften ~avgifter ~gebyr ~leie ~leien ~pris ~prisen ~forbruk ~forbruket ~utslipp ~utslippene ~vekst
~veksten ~reduksjon ~reduksjonen ~mengde ~mengden ~antall ~antallet ~besparelse ~besparelser ~overskudd ~tap
~produksjon ~produksjonen ~behov ~behovet ~nedbør ~arbeidstid ~arbeidstiden ~ferie ~permisjon reiser ~reiser
~billett ~billetter ~kort ~erstatning ~tilskudd ~tilskuddet ~støtte ~støtten ~sum ~beløp ~beløpet ~verdi
~verdien
~snitt ~temperatur ~dose ~dosen ~inntak ~inntaket liv livet ~besøkende ~kunder ~passasjerer leder lederen
"""

EXAMPLES = """
MONTH: mars ; SEASON: våren ; QUARTER: kvartal ; HALF_YEAR: halvår ; THIRD_OF_YEAR: tertial ; TERM: semester
SEASON_TERM: høstsemesteret ; SCHOOL_YEAR: skoleåret ; FINANCIAL_YEAR: budsjettåret
COUNCIL_TERM: valgperioden ; WEEK: uke ; UNIT: år ; WEEKDAY: tirsdag ; DECADE: 2030-tallet
TURN: årsskiftet ; PRESENT: nåtid ; SHORT_PAIR: skoleåret 25-26 ; WEEK_AND_YEAR: uke 34/2025
NUMBER: tre ; ORDINAL: tredje ; TIMES: ganger ; ONCE: engang ; PER: per ; EVERY: annenhver
INTERVALS: mellomrom ; RATE: årlig ; HABIT: tirsdager ; VAGUE: jevnlig ; AT_LEAST: minst ; AT_MOST: maksimalt
LESS_THAN: færre enn ; MORE_THAN: flere enn ; BY: innen ; TO: til ; FROM: fra ; AFTER: etter ; END: utgangen
  av
EARLY: begynnelsen av ; MIDDLE: midten av ; LATE: slutten av ; WITHIN: kommende ; AND: og
CONTINUOUS: løpende ; RELATIVE: snarest ; UNDECIDED: ved behov ; NUMBERED: side ; LAW: loven
PLAN: prosjektet ; SOURCE: statistikk ; BASELINE: utgangspunkt ; PEOPLE: personer ; AMOUNT: kroner
SHORT_OR_LONG: kort ; WORD: modell ; MASKED: side 12 ; TAKEN: årlig
"""

VOCABULARY = Vocabulary(
    "nb",
    WORDS + IDIOMS,
    tuple(AMOUNTS.split()),
    letters="æøå",
    collection=("datainnsamling", "innsamling av data", "innhenting av data", "innsamling av opplysninger"),
    examples=EXAMPLES,
)
