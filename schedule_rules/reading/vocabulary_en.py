"""The English words of schedules: data only, read by ``wording``."""

from __future__ import annotations

from schedule_rules.reading.idioms import AMOUNTS, IDIOMS
from schedule_rules.reading.vocabulary import Vocabulary

_TABLE = """
m=1: january | jan
m=2: february | feb
m=3: march | mar
m=4: april | apr
M=5: may
m=6: june | jun
m=7: july | jul
m=8: august | aug
m=9: september | sept | sep
m=10: october | oct
m=11: november | nov
m=12: december | dec
s=spring: spring | springtime
s=summer: summer | summertime
s=autumn: autumn
M=autumn: fall
s=winter: winter | wintertime
T=spring: spring term | spring semester | vt
T=autumn: autumn term | autumn semester | fall term | fall semester | ht
T=summerterm: summer term
t=month/6: term | terms | semester | semesters | school term | academic term
S=year/1: school year | school years | academic year | academic years | academic session | study year |
  ay | a.y | a/y
f=year/1: financial year | financial years | fiscal year | fiscal years | fy | f.y | f/y | budget year |
  municipal year | council year | tax year | fiscal
C=year/4: council term | term of office | electoral term | election term | council period | mandate period |
  parliamentary term | term of council | electoral period | council's term | mayoral term | legislative term
  | council terms | government term | government's term | term of government | administration's term | term
  of the council | municipal term | electoral cycle
q=month/3: quarter | quarters | qtr | quarter's | qtrs
h=month/6: half | half-year | half year | halfyear | halves | half-years
w=week/1: week | weeks | wk | wks | w/c | w/e | week's
U=week/2: fortnight
U=year/1: year | years | yr | yrs | calendar year | annum | year's | calendar years
U=month/1: month | months | mth | mths | month's | mo
U=day/1: day | days | working day | working days | business day | business days | calendar days
U=year/2: biennium | two-year period
N=1: one
N=2: two | a couple of
N=3: three
N=4: four
N=5: five
N=6: six
N=7: seven
N=8: eight
N=9: nine
N=10: ten
N=11: eleven
N=12: twelve
o=1: first | 1st
o=2: second | 2nd
o=3: third | 3rd
o=4: fourth | 4th
o=5: fifth
o=6: sixth
o=-1: last | latter | final
k: times | time | x | occasions | occasion
K=1: once | one time
K=2: twice | two times
K=3: thrice
p: per | a | an | in a | in each | during each | within a | in any | during a
v=1: every | each | every single | each and every | every one | each new | every new
v=2: every other | every second | alternate | each alternate
V: intervals | interval | apart
A: at least | minimum | minimum of | a minimum of | no fewer than | not less than | no less than | min | ≥ |
  not fewer than
B: up to and including
a=until: up to
a: at most | maximum | maximum of | a maximum of | no more than | not more than | max | ≤
L=than: less than | fewer than
L: under | below
n=than: more than
n: over | above
B: by | until | till | no later than | not later than | at the latest | at latest | latest by | latest | due
  | due by | due date | due dates | deadline | deadlines | to be completed by | completed by | complete by |
  through | thru | concluded on | concludes | concluded | ends | ending | end date | expires | expiring | up
  until | up till | runs until | expires on | closing date | finishes | on or before | finish
B=before: before | prior to | ahead of | in time for | in readiness for
F: from | no earlier than | not before | not earlier than | at the earliest | earliest | no sooner than |
  first in | for the first time in | first time in | since | starting | starting from | beginning | as from
  | as of | effective | effective from | commencing | onwards | onward | and onwards | and onward | forward
  | and beyond | beyond | w.e.f | with effect from | start date | start | starts | commences | commencing in
  | from then on | ff | upwards | + | starting in | begins | or later | and later
b=after: after | following
b=post: post
R: to
E: end | the end | end of | close | close of | year-end | yearend | year end | ye | eoy
g: early | beginning of | start of | the beginning of | the start of | early in | early part of | at the
  beginning of | at the start of | the beginning
i: mid | middle | middle of | the middle of | midyear | midway | mid-year | mid year
G: late | late in | latter part of | later in | towards the end of | toward the end of
9: turn of the year | new year | turn of
j=1/year/1: annually | annual | yearly | once-yearly | once-a-year | per annum | p.a | pa | annual review |
  year-on-year | each year | each calendar year | annualised
j=2/year/1: biannually | bi-annually | biannual | bi-annual | semiannually | semi-annually | semiannual |
  semi-annual
j=1/month/6: half-yearly | half yearly | six-monthly | 6-monthly | six monthly | 6 monthly | termly |
  biyearly | each half | half-annually | half-annual | term-wise | per semester
j=1/year/2: biennial | biennially | two-yearly | 2-yearly | bi-yearly | two yearly
j=1/year/3: triennial | triennially | three-yearly | 3-yearly | three yearly
j=1/year/4: quadrennial | quadrennially | four-yearly | 4-yearly
j=1/year/5: quinquennial | quinquennially | five-yearly | 5-yearly | five yearly
j=1/year/10: decennial | decennially
j=1/month/3: quarterly | three-monthly | 3-monthly | three monthly | 3 monthly
j=1/month/4: four-monthly | 4-monthly | termly
j=1/month/2: bimonthly | bi-monthly | two-monthly | every other month
j=1/month/1: monthly | month-on-month
j=2/month/1: semi-monthly | semimonthly
j=1/week/2: fortnightly | biweekly | bi-weekly | two-weekly
j=1/week/1: weekly
4=1/week/1: mondays | tuesdays | wednesdays | thursdays | fridays | saturdays | sundays
j=1/week/2: odd weeks | even weeks
j=1/year/2: odd years | even years | every odd year | every even year
j=1/day/1: daily | day-to-day | nightly
7: monday | tuesday | wednesday | thursday | friday | saturday | sunday | mon | tue | wed | thu | fri | sat
c: continuous | continuously | continual | continually | ongoing | on-going | on going | until further
  notice | till further notice | permanent | permanently | rolling | on a rolling basis |
  rolling programme | constant | constantly | indefinite | indefinitely | in perpetuity | year-round | year
  round | all year round | all year | throughout the year | perpetual | underway | under way | continuing |
  continue | continues | continued | business as usual | bau | in progress | open-ended | standing | always
r: post approval | post adoption | post completion | post project | once the | next budget | next strategy |
  next plan | next revision | next update | next review | next council | next election
r: enters into force | enter into force | comes into force | come into force | takes effect | take effect |
  entry into force
r: as soon as | programme period | program period | plan period | strategy period | project period |
  throughout the programme | during the programme | life of the plan | life of the strategy | lifetime of
  the plan | lifetime of the strategy | lifetime of the programme | duration of the project | duration of
  the programme | duration of the plan | duration of the strategy | during the project | contract period |
  funding period | period of the plan | course of the programme | course of the project | course of the plan
  | project duration | over the period | the planning period | agreement period | planning period |
  council's term
r=attribute: short-term | medium-term | long-term | longer-term | near-term
r: short term | short to medium term | short-medium term | short/medium term | medium term |
  mid-term | mid term | medium to long term | medium-long term | long term |
  longer term | near term | immediate | immediately | as soon as possible | as
  soon as practicable | as soon as reasonably practicable | asap | at the earliest opportunity | at earliest
  opportunity | earliest opportunity | without delay | promptly | urgent | urgently | soon | forthwith |
  straight away | next year | next month | next quarter | next week | next term | next council term | this
  year | this month | this quarter | this term | next financial year | this financial year | current year |
  current financial year | current term | coming year | coming years | coming months | following year | next
  few years | next few months | upon approval | on approval | after approval | following approval | of
  approval | of adoption | upon adoption | after adoption | following adoption | upon completion | on
  completion | after completion | following completion | subject to funding | when funding | as funding
  becomes | when funded | dependent on funding | funding dependent | once funding | pending funding | end of
  project | end of the project | project end | project start | start of the project | current council term |
  near future | in due course | lifetime of this | life of this | lifetime of the | subject to | dependent
  on | dependent upon | contingent on | this decade
u: not agreed | not decided yet | no set | no fixed | no agreed | no specific | when resources permit |
  resources permit | resources
  permitting | resources allow | funding permitting
  | case by case | on a case by case basis | decided separately | agreed separately | confirmed later |
  decided later |
  agreed later | specified later | determined later | announced later | at a later date | no timetable | no
  schedule | no deadline
u: to be | to be determined | to be confirmed | to be decided | to be agreed | to be advised | to be
  announced | to be defined | to be scheduled | to be set | tbc | tbd | tba | t.b.c | t.b.d | tbs | as
  needed | as required | as necessary | as appropriate | when needed | when required | when necessary | if
  needed | if required | if necessary | where necessary | where required | where appropriate | on demand |
  on request | upon request | ad hoc | ad-hoc | not set | not specified | unspecified | not scheduled | not
  yet scheduled | not yet determined | not yet known | not yet agreed | not yet set | unscheduled | n/a | na
  | not applicable | open | pending | unknown | no date | no date set | no timeline | no timescale |
  timescale to be | timeline to be | timetable to be | not known | undetermined | as and when | as and when
  required | as opportunities arise | as resources allow | as resources permit | subject to resources | as
  funding allows | from time to time | periodically | occasionally | periodic | as the need arises | when
  resources allow | nil | not stated | not available | on hold | deferred | paused | not defined | undefined
  | not confirmed | not decided | not yet
z: several times | a few times | multiple times | many times | various times | a number of times | regular |
  regularly | on a regular basis | at regular intervals | frequently | frequent | recurring | intermittently
  | seasonally
~: next | coming | within
&: and | or | & | followed by | plus
&=then: then | and then | thereafter | and thereafter
_=ahead: in
_: of | the | on | during | for | in the | in the year | over the | about | approximately | approx |
  around | roughly | circa | ca | some | calendar | at | over the course of | between | period | throughout
  | between the | of the | dated | date
#=place: platform | gate | locker | po box | room | no | number | postcode
#=spot: building | house | bus | line | plot | hall | flat
#=page: page | pages | p | pp
#: grade | grades | key stage | ks | section | sections | § | article | clause |
  chapter | para | paragraph | part | aged | age | ages | floor | phone | tel | telephone |
  mobile | fax | ext | appendix | annex | table | figure | version | wcag | iso | item | goal
  | sdg | option | objective | theme | priority | block | band | class | classes | stage | step | phase |
  tier | zone | ward | route | covid
y: et al | convention | conventions | treaty | act | regulation | regulations | directive | agenda |
  vision | strategy 2030 agenda | horizon |
  horizon europe | census | order | rules | resolution | ordinance | bill | framework directive |
  sustainable development goals | ref | case | case no | ref no | decree | pas | bs
e=money: euro | euros | eur | € | £ | pounds | gbp | usd | dollars | tonnes | tons | kg | kwh | mwh | gwh
  | litres | km
e=dose: mg | ml | µg | tablet | tablets | capsule | capsules | drops | puffs | pills | pill
e: mm | cm | ha | hectares | % | per cent | percent | sqm | m2
  | m² | miles | hours | hour | hrs | hr | minutes | mins | million | billion | square
  metres | metres
$: participants | people | persons | residents | inhabitants | pupils | students | children | visitors |
  customers | clients | homes | dwellings | units | places | employees | staff | jobs | companies |
  businesses | households | households' | year-olds | year-old | year olds | year old | yearolds | yearold |
  thousand | copies | trees | families | young people | volunteers | m | k
J: s
I: less than in | fewer than in | more than in | higher than in | lower than in | larger than in | smaller
  than in | better than in | worse than in | greater than in | than in | as in | as it was in | as they
  were in | as was in | similar to that of | baseline | baselines | starting point | benchmark | level |
  levels | compared to | compared with | relative to | base year | baseline year
1: short | medium | long
pU=year/1: ayear
pU=month/1: amonth
pw=week/1: aweek
UV=year/1: yearly basis
UV=month/1: monthly basis
UV=week/1: weekly basis
?=born: born | born in | born before | born after | born since | born between
?: cohort | statistics |
  statistics from | statistics for | figures from | figures for
P: roadmap | project | projects | programme | program | strategy | initiative | framework | plan
@: present | now
"""

ENGLISH = Vocabulary(lang="en", table=_TABLE + IDIOMS["en"], amounts=AMOUNTS["en"])
