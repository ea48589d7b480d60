"""Letters with every case in them, on Tuesday 7 January 2025, in the words of the Vaasa programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from email_templates.letters import (
    BoardDigest,
    DigestRow,
    DigestUnit,
    Enclosed,
    Escalation,
    EvidenceHead,
    Item,
    Letter,
    MailLang,
    Meeting,
    Notice,
    Nudge,
    Own,
    OwnFeed,
    Promise,
    Signature,
    StatusRequest,
    TargetPace,
    UnitYear,
    YearList,
    YearRow,
)
from email_templates.rows import one_row_an_action
from schedule_rules.programme import Text

LANGS: tuple[MailLang, ...] = ("fi", "sv", "en", "fi+sv")
DAY = date(2025, 1, 7)
BASE = "https://muistutus.example"
PROGRAMME = Text(
    "Vaasan kaupungin kotouttamisohjelma 2023–2026",
    "Vasa stads integrationsprogram för åren 2023–2026",
    "The City of Vaasa Integration Programme 2023-2026",
)
UNIT = Text("Hyvinvointiyksikkö", "Välfärdsenheten", "Welfare Unit")
ALMA = Text("Alma", "Alma", "Alma")
WELCOME = Text("Welcome Office", "Welcome Office", "Welcome Office")
CITY_BOARD = Text("Kaupunginhallitus", "Stadsstyrelsen", "City Board")
RECEPTION = Text("Vastaanottokeskus", "Flyktingförläggningen", "Reception Centre")
YEAR_2024 = Text("2024", "2024", "2024")
CONTINUOUS = Text("Jatkuva", "Fortlöpande", "Continuous")

POINTS = Item(
    occurrence="vaasa:work-open-digital-points:milestone:end",
    kind="milestone",
    title=Text(
        "Olemassa olevien avointen digipisteiden kartoittaminen, hyödyntäminen ja toiminnan kehittäminen",
        "Kartläggning av befintliga öppna digitala ställen, utnyttjande av dem och utvecklande av "
        "verksamheten",
        "Mapping, utilising, and developing the existing open digital points",
    ),
    due=date(2024, 12, 31),
    wording=YEAR_2024,
    reading="last-day",
    provenance="printed",
    stage="P7D",
    url=f"{BASE}/actions/work-open-digital-points",
    reason="repeated",
    organisations=(UNIT,),
    promise=Promise("head", date(2025, 1, 17), date(2025, 1, 20)),
    reminders_sent=2,
    answer_url=f"{BASE}/answer/{'p' * 56}",
)
LISTED = Promise("list", date(2025, 1, 17), date(2025, 1, 20))
OWN = Own(f"{BASE}/unit/{'u' * 56}")
CAMPAIGN = replace(
    POINTS,
    occurrence="vaasa:social-talk-to-a-stranger:milestone:end",
    title=Text(
        "Puhu tuntemattomalle- kampanja", "Kampanj för att prata med okända", "Talk to a stranger campaign"
    ),
    due=date(2025, 1, 10),
    stage="-P7D",
    url=f"{BASE}/actions/social-talk-to-a-stranger",
    reason="first",
    promise=Promise("next", date(2025, 1, 8), date(2025, 1, 9)),
    reminders_sent=0,
    answer_url=f"{BASE}/answer/{'c' * 56}",
)
ROUND = Item(
    occurrence="vaasa:follow-up:collection:2025-01-31",
    kind="collection",
    title=Text(
        "Tiedonkeruu vuosittain: 2024", "Insamling av uppgifter årligen: 2024", "Annual data collection: 2024"
    ),
    due=date(2025, 1, 31),
    wording=Text("Tiedonkeruu vuosittain", "Insamling av uppgifter årligen", "Annual data collection"),
    reading="collection",
    provenance="assumed",
    stage="-P30D",
    url=f"{BASE}/actions/follow-up-data-collection",
    organisations=(UNIT,),
    others=(ALMA, WELCOME),
    promise=Promise("next", date(2025, 1, 20), date(2025, 1, 21)),
    year=2024,
    closes=date(2025, 2, 15),
    form_url=f"{BASE}/collection/form/{'f' * 56}",
)
REVIEW = Item(
    occurrence="vaasa:work-job-coaching:review:2024",
    kind="review",
    title=Text(
        "Työvalmennuksen tukimahdollisuudet",
        "Stödmöjligheter för arbetsträning",
        "Job coaching support opportunities",
    ),
    due=date(2024, 10, 31),
    wording=CONTINUOUS,
    reading="continuous",
    provenance="assumed",
    stage="P60D",
    url=f"{BASE}/actions/work-job-coaching",
    reason="repeated",
    organisations=(UNIT,),
    promise=Promise("list", date(2025, 1, 13), date(2025, 1, 14)),
    reminders_sent=4,
    answer_url=f"{BASE}/answer/{'r' * 56}",
)
INFO = Item(
    occurrence="vaasa:social-welcome-to-vaasa:event:2025-02-12",
    kind="event",
    title=Text(
        "Welcome to Vaasa, englanninkieliset infot",
        "Welcome to Vaasa, infomöten på engelska",
        "Welcome to Vaasa, information sessions in English",
    ),
    due=date(2025, 2, 12),
    wording=Text("2-4 krt/ vuodessa", "2-4 ggr/ år", "2-4 times a year"),
    reading="monthly",
    provenance="assumed",
    stage="-P30D",
    url=f"{BASE}/actions/social-welcome-to-vaasa",
    organisations=(ALMA, WELCOME, UNIT),
    others=(ALMA, WELCOME),
    asks_dates=True,
    dates_url=f"{BASE}/series/{'s' * 56}",
)
VOTING = Item(
    occurrence="vaasa:social-voting-rights-info:start:2025-01-01",
    kind="start",
    title=Text(
        "Monikielinen tiedottaminen äänioikeudesta ja demokratiasta",
        "Flerspråkig information om rösträtt och demokrati",
        "Multilingual information on voting rights and democracy",
    ),
    due=date(2025, 1, 1),
    wording=Text("2025", "2025", "2025"),
    reading="first-day",
    provenance="printed",
    stage="P0D",
    url=f"{BASE}/actions/social-voting-rights-info",
    organisations=(UNIT,),
)
LATER = replace(
    CAMPAIGN,
    occurrence="vaasa:children-parent-hobby-support:milestone:end",
    title=Text(
        "Vanhempien tukeminen ja neuvonta harrastamisen kysymyksissä.",
        "Stöd och rådgivning för föräldrar i frågor som ansluter till hobbyer",
        "Support and advice for parents on hobby activities",
    ),
    due=date(2025, 2, 6),
    stage="-P30D",
    url=f"{BASE}/actions/children-parent-hobby-support",
    answer_url=f"{BASE}/answer/{'l' * 56}",
    promise=Promise("next", date(2025, 1, 29), date(2025, 1, 30)),
)
ESCALATED = replace(
    POINTS,
    stage="escalation",
    reason="escalated",
    others=(Text("welfare-unit@vaasa.example", "welfare-unit@vaasa.example", "welfare-unit@vaasa.example"),),
    promise=Promise("list", date(2025, 1, 20), date(2025, 1, 21)),
    reminders_sent=6,
)
JOINT = replace(
    POINTS,
    occurrence="vaasa:work-open-digital-points:review:2024",
    kind="review",
    due=date(2024, 10, 31),
    reading="within-range",
    provenance="assumed",
    promise=Promise("list", date(2025, 1, 13), date(2025, 1, 14)),
    answer_url=f"{BASE}/answer/{'j' * 56}",
)
"""A review of the same action as ``POINTS``."""

CLIMATE = Text("Ilmasto-ohjelma", "Klimatprogram", "Climate programme")
THE_YEAR = YearList(
    PROGRAMME,
    2025,
    (
        YearRow("event", Text("Kulttuurikahvila", "Kulturkafé", "Cultural café"), date(2025, 1, 9), times=12),
        YearRow("collection", ROUND.title, date(2025, 1, 31)),
        YearRow("event", INFO.title, date(2025, 2, 12), provisional=True),
        YearRow("review", REVIEW.title, date(2025, 10, 31)),
        YearRow("milestone", POINTS.title, date(2025, 12, 31)),
        YearRow(
            "target",
            Text("Minirekrymessut", "Minirekryteringsmässor", "Mini-recruitment fairs"),
            None,
            minimum=4,
            maximum=5,
        ),
        YearRow(
            "target", Text("Työpaikkavierailut", "Arbetsplatsbesök", "Workplace visits"), None, minimum=10
        ),
    ),
)
GAP = (date(2024, 12, 9), date(2024, 12, 18))
PACED = replace(
    INFO,
    occurrence="vaasa:work-mini-recruitment-fairs:event:pace-target-year-2024-12-31",
    kind="pace",
    title=Text("Minirekrymessut", "Minirekryteringsmässor", "Mini-recruitment fairs"),
    due=date(2024, 12, 31),
    wording=Text("4–5 krt/ vuosi", "4–5 ggr/ år", "4–5 times a year"),
    reading="target",
    provenance="printed",
    stage="pace",
    url=f"{BASE}/actions/work-mini-recruitment-fairs",
    organisations=(UNIT,),
    others=(),
    pace=TargetPace(2024, 3, 4),
    dates_url=f"{BASE}/held/{'h' * 56}",
)


def nudge(*items: Item) -> Nudge:
    """A nudge with ``items``."""
    return Nudge(PROGRAMME, UNIT, DAY, items, f"{BASE}/calendars/", OWN)


def _row(slug: str, title: Text, due: date | None, **more: object) -> DigestRow:
    return DigestRow(title, due, f"{BASE}/actions/{slug}", **more)  # type: ignore[arg-type]


LATE = Text(
    "Viivästyy · Ehdotettu uusi määräaika 30.6.2025 (odottaa päätöstä)",
    "Blir försenad · Föreslagen ny tidsfrist 30.6.2025 (väntar på beslut)",
    "Late · Proposed new deadline 30 Jun 2025 (needs a decision)",
)
HANDED = replace(
    INFO,
    occurrence="vaasa:work-digihyva-juttu:milestone:end",
    kind="handover",
    title=Text("Digihyvä juttu- hanke", "Projektet Digihyvä juttu", "‘Digihyvä juttu’ project"),
    due=date(2025, 1, 1),
    wording=Text(
        "Vamia, hankkeen jälkeen Työllisyyden ekosysteemi",
        "Vamia, efter projektet Sysselsättningens ekosystem",
        "Vamia, and after the project, Employment Ecosystem",
    ),
    reading="",
    stage="handover",
    reason="handed-over",
    url=f"{BASE}/actions/work-digihyva-juttu",
    organisations=(UNIT,),
    others=(),
    asks_dates=False,
    dates_url="",
    moved_to=Text("Työllisyyden ekosysteemi", "Sysselsättningens ekosystem", "Employment Ecosystem"),
)
ENTERED = replace(
    HANDED,
    occurrence="vaasa:work-cv:milestone:end",
    title=Text("CV-klinikka", "CV-klinik", "CV clinic"),
    wording=Text(),
    url=f"{BASE}/actions/work-cv",
    moved_by="board-secretary@vaasa.example",
)
TAKEN = replace(
    HANDED,
    organisations=(HANDED.moved_to,),
    moved_from=Text("Vamia", "Vamia", "Vamia"),
    asked_on=date(2025, 10, 1),
)

DIGEST = BoardDigest(
    programme=PROGRAMME,
    sent_on=DAY,
    url=f"{BASE}/digest",
    last=date(2024, 12, 20),
    meeting=date(2025, 1, 22),
    evidence=EvidenceHead(412, "3f9a1c2d4e5f6071"),
    passed=4,
    decisions=2,
    overdue=(
        DigestUnit(
            CITY_BOARD,
            (
                _row(
                    "safety-ethical-principles",
                    Text(
                        "Eettisten periaatteiden kirjaaminen",
                        "Upptecknande av etiska principer",
                        "Recording of ethical principles",
                    ),
                    date(2023, 12, 31),
                    mark="listed",
                ),
            ),
        ),
        DigestUnit(
            RECEPTION,
            (
                _row(
                    "safety-crisis-communication",
                    Text(
                        "Mallin kehittäminen monikieliseen kriisiviestintään",
                        "Utvecklande av en modell för flerspråkig kriskommunikation",
                        "Development of a model for multilingual crisis communication",
                    ),
                    date(2023, 12, 31),
                    mark="repeated",
                    note=LATE,
                ),
                _row("work-open-digital-points", POINTS.title, POINTS.due, mark="new"),
                _row("work-cv", Text("CV-klinikka", "CV-klinik", "CV clinic"), date(2024, 12, 31)),
            ),
        ),
    ),
    own=(
        replace(
            POINTS,
            organisations=(Text("Asuntosijoittajat", "Bostadsplacerare", "Housing investors"),),
            promise=None,
        ),
    ),
    proposals=(_row("social-talk-to-a-stranger", CAMPAIGN.title, date(2024, 12, 31), unit=UNIT, note=LATE),),
    declined=(
        _row(
            "work-cv",
            Text("CV-klinikka", "CV-klinik", "CV clinic"),
            date(2024, 12, 31),
            unit=RECEPTION,
            note=Text(
                "Ei kuulu meille · Kenelle asia kuuluu: Työllisyyden ekosysteemi",
                "Hör inte till oss · Vem ärendet hör till: Sysselsättningens ekosystem",
                "Not ours · Who is responsible: Employment Ecosystem",
            ),
        ),
    ),
    answered=(_row("social-talk-to-a-stranger", CAMPAIGN.title, date(2024, 12, 31), unit=UNIT, note=LATE),),
    paused=(
        _row(
            "work-open-digital-points",
            POINTS.title,
            POINTS.due,
            unit=UNIT,
            note=Text(
                "Lykätty, viimeinen päivä 31.1.2025 · Tilat valmistuvat tammikuussa",
                "Uppskjuten, sista dag 31.1.2025 · Lokalerna blir klara i januari",
                "Paused, last day 31 Jan 2025 · The rooms are ready in January",
            ),
        ),
    ),
    no_contact=(
        _row(
            "living",
            Text("Asuntosijoittajat", "Bostadsplacerare", "Housing investors"),
            None,
            note=Text("2 toimenpidettä", "2 åtgärder", "2 actions"),
        ),
    ),
    unclear=(
        _row(
            "social-cultural-cafe",
            Text(
                "Kulttuurikahvilatoiminta 1 krt/kk",
                "Kulturkaféverksamhet 1 ggr/mån",
                "Cultural café activities once a month",
            ),
            None,
            note=Text(
                "Aikataulu ”2023”, toimenpiteessä ”1 krt/kk”.",
                "Tidtabell ”2023”, i åtgärden ”1 ggr/mån”.",
                "Schedule ‘2023’, in the action ‘once a month’.",
            ),
        ),
    ),
)

MEETING = Meeting(
    CITY_BOARD,
    date(2025, 1, 16),
    "invited",
    (time(13), time(15, 30)),
    "Kaupungintalo, kokoushuone 2 / Stadshuset, mötesrum 2",
)
OWN_FEED = OwnFeed(
    PROGRAMME,
    Text(*(f"{BASE}/calendars/private/AAAAAAAAAAAAAAAAAAAAAA/own-{lang}.ics" for lang in ("fi", "sv", "en"))),
    DAY,
)


def notice(*meetings: Meeting, feeds: tuple[OwnFeed, ...] = ()) -> Notice:
    """A mail that holds nothing else."""
    return Notice(PROGRAMME, CITY_BOARD, DAY, Enclosed(meetings, feeds), f"{BASE}/calendars/")


_UNSIGNED: dict[str, Letter] = {
    "nudge": nudge(POINTS, CAMPAIGN, ROUND, LATER, REVIEW, INFO, VOTING),
    "nudge_one": nudge(POINTS),
    "nudge_buttons": nudge(CAMPAIGN),
    "nudge_review": nudge(REVIEW),
    "nudge_start": nudge(VOTING),
    "nudge_handover": nudge(HANDED),
    "nudge_handovers": nudge(HANDED, ENTERED),
    "nudge_handover_too": nudge(POINTS, ENTERED),
    "nudge_taken_over": nudge(TAKEN),
    "nudge_taken_over_several": nudge(
        TAKEN,
        replace(ENTERED, moved_from=UNIT, due=DAY),
        replace(POINTS, occurrence=f"{TAKEN.occurrence}-2"),
    ),
    "nudge_stand_in": nudge(replace(POINTS, stands_in="secretary", promise=LISTED)),
    "nudge_stand_in_several": nudge(
        replace(POINTS, stands_in="secretary", promise=LISTED),
        replace(CAMPAIGN, stands_in="secretary", organisations=(ALMA,)),
    ),
    "nudge_stand_in_head": nudge(replace(POINTS, stands_in="head", promise=LISTED)),
    "collection_again": replace(
        nudge(replace(ROUND, stage="first-start", request="new", answer_by=date(2025, 2, 14), promise=None)),
        sent_on=date(2025, 2, 3),
    ),
    "nudge_starts": nudge(VOTING, replace(VOTING, due=DAY, title=LATER.title)),
    "nudge_dates": nudge(INFO),
    "collection_opening": replace(nudge(replace(ROUND, stage="opening")), sent_on=date(2024, 12, 2)),
    "collection": nudge(ROUND),
    "status_request": StatusRequest(
        PROGRAMME,
        UNIT,
        DAY,
        (
            replace(POINTS, stage="first-start", standing="not-known"),
            replace(REVIEW, stage="first-start", standing="not-known"),
            LATER,
        ),
        f"{BASE}/calendars/",
        OWN,
        date(2025, 1, 21),
    ),
    "status_request_stand_in": StatusRequest(
        PROGRAMME,
        UNIT,
        DAY,
        (replace(POINTS, stage="first-start", standing="not-known", stands_in="secretary", promise=LISTED),),
        f"{BASE}/calendars/",
        OWN,
        date(2025, 1, 21),
    ),
    "status_request_new": StatusRequest(
        PROGRAMME,
        UNIT,
        DAY,
        (replace(POINTS, stage="first-start", standing="not-known", request="new"),),
        f"{BASE}/calendars/",
        OWN,
        date(2025, 1, 21),
    ),
    "status_request_one": StatusRequest(
        PROGRAMME,
        UNIT,
        DAY,
        (replace(POINTS, stage="first-start", standing="not-known"),),
        f"{BASE}/calendars/",
        OWN,
        date(2025, 1, 21),
    ),
    "escalation": Escalation(PROGRAMME, UNIT, DAY, (ESCALATED, LATER), f"{BASE}/calendars/", OWN),
    "escalation_gap": Escalation(
        PROGRAMME, UNIT, DAY, (replace(ESCALATED, gap=GAP),), f"{BASE}/calendars/", OWN
    ),
    "escalation_one_action": Escalation(
        PROGRAMME, UNIT, DAY, one_row_an_action((JOINT, ESCALATED)), f"{BASE}/calendars/", OWN
    ),
    "nudge_pace": nudge(PACED),
    "nudge_pace_none": nudge(replace(PACED, pace=TargetPace(2025, 0, 4, date(2025, 11, 5)))),
    "nudge_paces": nudge(
        POINTS, replace(PACED, pace=TargetPace(2025, 1, 4)), replace(PACED, title=INFO.title)
    ),
    "unit_year": UnitYear(PROGRAMME, UNIT, DAY, (THE_YEAR,), f"{BASE}/calendars/", OWN),
    "unit_year_one": UnitYear(
        PROGRAMME, UNIT, DAY, (replace(THE_YEAR, rows=THE_YEAR.rows[:1]),), f"{BASE}/calendars/", OWN
    ),
    "unit_year_two": UnitYear(
        PROGRAMME,
        UNIT,
        DAY,
        (THE_YEAR, YearList(CLIMATE, 2025, (replace(THE_YEAR.rows[0], title=LATER.title),))),
        f"{BASE}/calendars/",
        OWN,
    ),
    "nudge_year": replace(nudge(POINTS), years=(THE_YEAR,)),
    "escalation_several": Escalation(
        PROGRAMME,
        UNIT,
        DAY,
        (ESCALATED, replace(REVIEW, reason="escalated", stage="escalation")),
        f"{BASE}/calendars/",
        OWN,
    ),
    "notice": notice(MEETING),
    "notice_all_day": notice(replace(MEETING, hours=None, place="")),
    "notice_changed": notice(replace(MEETING, news="changed")),
    "notice_cancelled": notice(replace(MEETING, news="cancelled")),
    "notice_withdrawn": notice(replace(MEETING, news="withdrawn")),
    "notice_feed": notice(feeds=(OWN_FEED,)),
    "nudge_enclosed": replace(nudge(POINTS), enclosed=Enclosed((MEETING,), (OWN_FEED,))),
    "board_digest_enclosed": replace(DIGEST, enclosed=Enclosed((MEETING,), ())),
    "board_digest": DIGEST,
    "board_digest_unchanged": replace(DIGEST, unchanged=True, meeting=None, answered=()),
    "board_digest_first": BoardDigest(PROGRAMME, DAY, f"{BASE}/digest"),
}

SIGNED = (
    Signature(
        Text("Monikulttuurisuusneuvosto", "Rådet för mångkulturalitet", "Multiculturalism Board"),
        "board-secretary@vaasa.example",
        telephone="+358 6 000 0000",
    ),
)
PRIVACY = f"{BASE}/privacy"
LETTERS: dict[str, Letter] = {
    name: replace(letter, privacy_url=PRIVACY)
    if isinstance(letter, BoardDigest)
    else replace(letter, signatures=SIGNED, privacy_url=PRIVACY)
    for name, letter in _UNSIGNED.items()
}
