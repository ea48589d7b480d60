"""The English words of schedules, and what only looks like one: data, read by ``lexicon``.

A row has codes by name, perhaps a value, and wordings; the first row of a wording counts.
"""

from schedule_rules.reading.vocabulary import Vocabulary

WORDS = """
month=1: january | jan ; month=2: february | feb ; month=3: march | mar ; month=4: april | apr
month_or_word=5: may
month=6: june | jun ; month=7: july | jul ; month=8: august | aug ; month=9: september | sept | sep ;
  month=10: october | oct ; month=11: november | nov ; month=12: december | dec
season=spring: spring | springtime ; season=summer: summer | summertime ; season=autumn: autumn
month_or_word=autumn: fall
season=summer: summer holiday | summer holidays | summer break | summer vacation | summer recess
feast=easter: easter | easter sunday ; feast=good-friday: good friday ; feast=palm-sunday: palm sunday
feast=maundy-thursday: maundy thursday ; feast=ascension: ascension | ascension day
feast=whitsun: whitsun | whitsunday | whit sunday | pentecost ; feast=shrove-tuesday: shrove tuesday
feast=midsummer: midsummer | midsummer day | midsummer's day
feast=midsummer-eve: midsummer eve | midsummer's eve
feast=may-day: may day | vappu | first of may ; feast=walpurgis: walpurgis night | walpurgis eve
feast=all-saints: all saints' day | all saints' | all saints day ; feast=advent: advent | first advent |
  advent sunday
feast=christmas: christmas | christmas eve | xmas | the christmas holidays | christmas holidays |
  christmas holiday | christmas break
feast=independence: independence day ; feast=epiphany: epiphany ; feast=lucia: st lucy's day | lucia day
half_turn: half-year turn | turn of the half-year | turn of the half year | turn of half-years | turn of the
  half-years
season=winter: winter | wintertime
season_term=spring: spring term | spring semester | vt
season_term=autumn: autumn term | autumn semester | fall term | fall semester | ht
season_term=summerterm: summer term
term=month/6: term | terms | semester | semesters | school term | academic term
school_year=year/1: school year | school years | academic year | academic years | academic session | study
  year | ay | a.y | a/y
financial_year=year/1: financial year | financial years | fiscal year | fiscal years | fy | f.y | f/y | budget
  year | municipal year | council year | tax year | fiscal
council_term=year/4: council term | term of office | electoral term | election term | council period | mandate
  period | parliamentary term | term of council | electoral period | council's term | mayoral term |
  legislative term | council terms | government term | government's term | term of government |
  administration's term | term of the council | municipal term | electoral cycle
quarter=month/3: quarter | quarters | qtr | quarter's | qtrs
half_year=month/6: half | half-year | half year | halfyear | halves | half-years
week=week/1: week | weeks | wk | wks | w/c | w/e | week's
unit=week/2: fortnight
unit=year/1: year | years | yr | yrs | cy | calendar year | annum | year's | calendar years
unit=month/1: month | months | mth | mths | month's | mo
unit=day/1: day | days | working day | working days | business day | business days | calendar days
unit=year/2: biennium | two-year period
number=1: one ; number=2: two | a couple of ; number=3: three ; number=4: four ; number=5: five ;
  number=6: six ; number=7: seven ; number=8: eight ; number=9: nine ; number=10: ten ; number=11: eleven ;
  number=12: twelve
ordinal=1: first | 1st ; ordinal=2: second | 2nd ; ordinal=3: third | 3rd ; ordinal=4: fourth | 4th ;
  ordinal=5: fifth ; ordinal=6: sixth ; ordinal=-1: last | latter | final
times: times | time | x | occasions | occasion
once=1: once | one time ; once=2: twice | two times ; once=3: thrice
per: per | a | an | in a | in each | during each | within a | in any | during a
every=1: every | each | every single | each and every | every one | each new | every new
every=2: every other | every second | alternate | each alternate
intervals: intervals | interval | apart
at_least: at least | minimum | minimum of | a minimum of | no fewer than | not less than | no less than | min
  | ≥ | not fewer than
by: up to and including
at_most=until: up to
at_most: at most | maximum | maximum of | a maximum of | no more than | not more than | max | ≤
less_than=than: less than | fewer than ; less_than: under | below
more_than=than: more than ; more_than: over | above
by: by | until | till | no later than | not later than | at the latest | at latest | latest by | latest | due
  | due by | due date | due dates | deadline | deadlines | to be completed by | completed by | complete by |
  through | thru | concluded on | concludes | concluded | ends | ending | end date | expires | expiring | up
  until | up till | runs until | expires on | closing date | finishes | on or before | finish
by=before: before | prior to | ahead of | in time for | in readiness for
from: from | no earlier than | not before | not earlier than | at the earliest | earliest | no sooner than |
  first in | for the first time in | first time in | since | starting | starting from | beginning | as from |
  as of | effective | effective from | commencing | onwards | onward | and onwards | and onward | forward |
  and beyond | beyond | w.e.f | with effect from | start date | start | starts | commences | commencing in |
  from then on | ff | upwards | + | starting in | begins | or later | and later
after=after: after | following ; after=post: post
to: to
end: end | the end | end of | close | close of | year-end | yearend | year end | ye | eoy
early: early | beginning of | start of | the beginning of | the start of | early in | early part of | at the
  beginning of | at the start of | the beginning
middle: mid | middle | middle of | the middle of | midyear | midway | mid-year | mid year
late: late | late in | latter part of | later in | towards the end of | toward the end of
turn: turn of the year | new year | turn of
dash+present: to date | to present | to the present | until now | up to now | to the present day | to this day
rate=1/year/1: annually | annual | yearly | once-yearly | once-a-year | per annum | p.a | pa | annual review |
  year-on-year | each year | each calendar year | annualised
rate=2/year/1: biannually | bi-annually | biannual | bi-annual | semiannually | semi-annually | semiannual |
  semi-annual
rate=1/month/6: half-yearly | half yearly | six-monthly | 6-monthly | six monthly | 6 monthly | termly |
  biyearly | each half | half-annually | half-annual | term-wise | per semester
rate=1/year/2: biennial | biennially | two-yearly | 2-yearly | bi-yearly | two yearly
rate=1/year/3: triennial | triennially | three-yearly | 3-yearly | three yearly
rate=1/year/4: quadrennial | quadrennially | four-yearly | 4-yearly
rate=1/year/5: quinquennial | quinquennially | five-yearly | 5-yearly | five yearly
rate=1/year/10: decennial | decennially
rate=1/month/3: quarterly | three-monthly | 3-monthly | three monthly | 3 monthly
rate=1/month/4: four-monthly | 4-monthly | termly
rate=1/month/2: bimonthly | bi-monthly | two-monthly | every other month
rate=1/month/1: monthly | month-on-month ; rate=2/month/1: semi-monthly | semimonthly
rate=1/week/2: fortnightly | biweekly | bi-weekly | two-weekly ; rate=1/week/1: weekly
habit=1/week/1: mondays | tuesdays | wednesdays | thursdays | fridays | saturdays | sundays
rate=1/week/2: odd weeks | even weeks
rate=1/year/2: odd years | even years | every odd year | every even year
rate=1/day/1: daily | day-to-day | nightly
weekday: monday | tuesday | wednesday | thursday | friday | saturday | sunday | mon | tue | wed | thu | fri |
  sat
continuous: continuous | continuously | continual | continually | ongoing | on-going | on going | until
  further notice | till further notice | permanent | permanently | rolling | on a rolling basis | rolling
  programme | constant | constantly | indefinite | indefinitely | in perpetuity | year-round | year round |
  all year round | all year | throughout the year | perpetual | underway | under way | continuing | continue |
  continues | continued | business as usual | bau | in progress | open-ended | standing | always
relative: post completion | post project | once the | next budget | next strategy | next plan | next council
  | next election | enters into force | enter into force | comes into force | come into force | takes effect |
  take effect | entry into force | as soon as | programme period | program period | plan period | strategy
  period | project period | throughout the programme | during the programme | life of the plan | life of the
  strategy | lifetime of the plan | lifetime of the strategy | lifetime of the programme | duration of the
  project | duration of the programme | duration of the plan | duration of the strategy | during the project |
  contract period | funding period | period of the plan | course of the programme | course of the project |
  course of the plan | project duration | over the period | the planning period | agreement period | planning
  period | council's term
relative=adoption: post approval | post adoption | upon approval | on approval | after approval | following
  approval | of approval | of adoption | upon adoption | after adoption | following adoption | from adoption |
  from approval | of its adoption | of its approval | after its adoption | after its approval | of being
  adopted | of being approved | of the adoption | of the approval | from the adoption | from the approval
relative=next: next revision | next update | next review | next evaluation | next assessment
relative=attribute: short-term | medium-term | long-term | longer-term | near-term
relative: short term | short to medium term | short-medium term | short/medium term | medium term | mid-term
  | mid term | medium to long term | medium-long term | long term | longer term | near term | immediate |
  immediately | as soon as possible | as soon as practicable | as soon as reasonably practicable | asap | at
  the earliest opportunity | at earliest opportunity | earliest opportunity | without delay | promptly |
  urgent | urgently | soon | forthwith | straight away | next year | next month | next quarter | next week |
  next term | next council term | this year | this month | this quarter | this term | next financial year |
  this financial year | current year | current financial year | current term | coming year | coming years |
  coming months | following year | next few years | next few months | upon completion | on completion | after
  completion | following completion | subject to funding | when funding | as funding becomes | when funded |
  dependent on funding | funding dependent | once funding | pending funding | end of project | end of the
  project | project end | project start | start of the project | current council term | near future | in due
  course | lifetime of this | life of this | lifetime of the | subject to | dependent on | dependent upon |
  contingent on | this decade
undecided: not agreed | not decided yet | no set | no fixed | no agreed | no specific | when resources permit
  | resources permit | resources permitting | resources allow | funding permitting | case by case | on a case
  by case basis | decided separately | agreed separately | confirmed later | decided later | agreed later |
  specified later | determined later | announced later | at a later date | no timetable | no schedule | no
  deadline | to be | to be determined | to be confirmed | to be decided | to be agreed | to be advised | to be
  announced | to be defined | to be scheduled | to be set | tbc | tbd | tba | t.b.c | t.b.d | tbs | as needed
  | as required | as necessary | as appropriate | when needed | when required | when necessary | if needed |
  if required | if necessary | where necessary | where required | where appropriate | on demand | on request |
  upon request | ad hoc | ad-hoc | not set | not specified | unspecified | not scheduled | not yet scheduled |
  not yet determined | not yet known | not yet agreed | not yet set | unscheduled | n/a | na | not applicable
  | open | pending | unknown | no date | no date set | no timeline | no timescale | timescale to be | timeline
  to be | timetable to be | not known | undetermined | as and when | as and when required | as opportunities
  arise | as resources allow | as resources permit | subject to resources | as funding allows | from time to
  time | periodically | occasionally | periodic | as the need arises | when resources allow | nil | not stated
  | not available | on hold | deferred | paused | not defined | undefined | not confirmed | not decided | not
  yet
vague: several times | a few times | multiple times | many times | various times | a number of times | regular
  | regularly | on a regular basis | at regular intervals | frequently | frequent | recurring | intermittently
  | seasonally
within=next: next ; within: coming | within
and: and | or | & | followed by | plus ; and=then: then | and then | thereafter | and thereafter | after
  that | and after that
filler=ahead: in
filler: of | the | on | during | for | in the | in the year | over the | about | approximately | approx |
  around | roughly | circa | ca | some | calendar | at | over the course of | between | period | throughout |
  between the | of the | dated | date
numbered=place: platform | gate | locker | po box | room | no | number | postcode
numbered=spot: building | house | bus | line | plot | hall | flat ; numbered=page: page | pages | p | pp
numbered: grade | grades | key stage | ks | section | sections | § | article | clause | chapter | para |
  paragraph | part | aged | age | ages | floor | phone | tel | telephone | mobile | fax | ext | appendix |
  annex | table | figure | version | wcag | iso | item | goal | sdg | option | objective | theme | priority |
  block | band | class | classes | stage | step | phase | tier | zone | ward | route | covid
law: et al | convention | conventions | treaty | act | regulation | regulations | directive | agenda | vision
  | strategy 2030 agenda | horizon | horizon europe | census | order | rules | resolution | ordinance | bill |
  framework directive | sustainable development goals | ref | case | case no | ref no | decree | pas | bs
amount=money: euro | euros | eur | € | £ | pounds | gbp | usd | dollars | tonnes | tons | kg | kwh | mwh | gwh
  | litres | km
amount=dose: mg | ml | µg | tablet | tablets | capsule | capsules | drops | puffs | pills | pill
amount: mm | cm | ha | hectares | % | per cent | percent | sqm | m2 | m² | miles | hours | hour | hrs | hr |
  minutes | mins | million | billion | square metres | metres
people: participants | people | persons | residents | inhabitants | pupils | students | children | visitors |
  customers | clients | homes | dwellings | units | places | employees | staff | jobs | companies | businesses
  | households | households' | year-olds | year-old | year olds | year old | yearolds | yearold | thousand |
  copies | trees | families | young people | volunteers | m | k
decade: s
baseline: less than in | fewer than in | more than in | higher than in | lower than in | larger than in |
  smaller than in | better than in | worse than in | greater than in | than in | as in | as it was in | as
  they were in | as was in | similar to that of | baseline | baselines | starting point | benchmark | level |
  levels | compared to | compared with | relative to | base year | baseline year
short_or_long: short | medium | long
per+unit=year/1: ayear ; per+unit=month/1: amonth
per+week=week/1: aweek
unit+intervals=year/1: yearly basis ; unit+intervals=month/1: monthly basis
unit+intervals=week/1: weekly basis
source=born: born | born in | born before | born after | born since | born between
source: cohort | statistics | statistics from | statistics for | figures from | figures for
plan: roadmap | project | projects | programme | program | strategy | initiative | framework | plan
present: present | now
"""

# what only looks like a schedule: "annual budget", "daily life", the Paris Agreement of a year
IDIOMS = """\
word=plain: pilot | pilots | phase | stage | draft | final | start | started | initiated | completed | done
  | complete | completion | delivery | delivered | implementation | implement | implemented | launch |
  launched | review | reviewed | evaluation | report | plan | planned | planning | design | target | budget |
  baseline | update | updated | adopted | approved | publish | published | survey | training | roll-out |
  rollout | year | project | preparation | expected | estimated | finished | milestone | action | publication
  | timeline
word: one quarter of | a quarter of | three quarters | three quarters of | one half | one half of | annual
  calendar | annual accounts | annual clock | daily basis life | day to day | yearly calendar | everyday |
  everyday life | everyday lives | open and | open data | open to | open access | open source | open space |
  open spaces | open government | open for | baseline survey | baseline surveys | baseline study | baseline
  studies | baseline assessment | baseline mapping | baseline review | baseline audit | baseline report |
  baseline exercise | baseline data | continuous learning | continuing education | continuing professional
  development | standing committee | standing committees | standing orders | rolling stock | permanent
  resident | permanent residents | permanent residence | permanent residency | permanent staff | permanent
  employees | permanent employment | permanent job | permanent jobs | permanent contract | permanent contracts
  | permanent housing | permanent home | permanent homes | permanent address | permanent exhibition |
  long-term unemployed | long-term unemployment | long-term care | long-term sick | long-term sickness |
  long-term illness | long-term illnesses | long-term condition | long-term conditions | long-term absence |
  short-term work | short-term let | short-term lets | short-term rental | short-term rentals | short-term
  absence | short-term sickness | immediate family | immediate families | immediate vicinity | immediate
  surroundings | long-term partnership | long-term partnerships | long-term resident | long-term residents |
  long-term residence | long-term cooperation | short-term accommodation | short-term rentals | summer job |
  summer jobs | summer work | summer workers | summer employees | winter maintenance | winter sports | spring
  cleaning | urgent care | urgent need | urgent needs | immediate need | immediate needs | immediate risk |
  weekly timetable | weekly timetables | household income | permanent committee | permanent committees |
  permanent board | permanent population | constant noise | immediate supervisor | immediate supervisors |
  immediate superior | immediate neighbours | year-round housing | year-round resident | year-round residents
  | following the guidelines | following the principles | following the rules | following the example |
  following the instructions | following the model | after the war | since the war | in recent years
budget_round=1/year/1: in connection with the budget | in connection with the annual budget | as part of the
  annual budget | as part of the budget process | as part of the annual budget process | annual budget process
relative: long-term goal | long-term goals | long-term objective | long-term objectives | long-term target |
  long-term targets | long-term action | long-term actions | long-term measure | long-term measures |
  short-term goal | short-term goals | short-term objective | short-term objectives | short-term target |
  short-term targets | short-term action | short-term actions | short-term measure | short-term measures |
  medium-term goal | medium-term goals | medium-term objective | medium-term objectives | medium-term target |
  medium-term targets | medium-term action | medium-term actions | medium-term measure | medium-term measures
  | long-term priority | short-term priority
source: according to
word: open around the clock | open doors | weekdays | weekends | after school | after-school | due to the |
  owing to | thanks to | related to | relating to | in addition to | with regard to
numbered=closed: closed | shut
law: vision for | statistics finland | statistics sweden | statistics norway | eurostat | oecd | unesco |
  unicef | world health organization | paris agreement | kyoto protocol | windows | windows server | microsoft
  office
source: population | index | class of | average of | on average | average for | financial crisis | pandemic |
  olympics | olympic games | recession | civil war
source=source: source | sources | cf
"""

# what a rate before it only measures or names: a word, or a name if it has a capital
AMOUNTS = """
raise rise errands travel tasks operations needs unit department centre entitlement association foundation ltd
budget budgets turnover cost costs expenditure expenditures expense expenses spend spending income incomes
revenue revenues earnings salary salaries wage wages pay fee fees rent rents charge charges price prices
subscription subscriptions contribution allowance allowances benefit subsidy saving savings profit profits
loss losses deficit surplus sales tax taxes premium instalment instalments payment payments funding value
amount amounts total volume volumes number numbers rate rates quota average averages mean increase decrease
growth decline capacity output production consumption usage demand emissions energy rainfall temperature
temperatures precipitation traffic yield workload hours leave vacation holiday holidays rhythm routine
routines life lives living commute commutes commuting commuters journeys journey newspaper newspapers ticket
tickets pass passes visitors passengers users customers members membership dose doses intake necessities
officer officers money bread coordinator coordinators manager managers director secretary assistant clerk
editor correspondent Post News Times Gazette Telegraph Mail Herald Mirror Echo Chronicle Express Observer
Tribune Star Journal
"""

VOCABULARY = Vocabulary(
    "en",
    WORDS + IDIOMS,
    tuple(AMOUNTS.split()),
    collection=("data collection", "collection of data"),
)
