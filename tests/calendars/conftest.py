"""A small programme's entries, with every case that a calendar must carry."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from calendars.event import Entry, uid
from calendars.feed import FeedSpec
from schedule_rules.programme import Text
from schedule_rules.rule import RecurrenceSet

STAMP = datetime(2023, 2, 20, 8, 0, tzinfo=UTC)
ZONE = "Europe/Helsinki"
PROGRAMME = Text(
    fi="Vaasan kaupungin kotouttamisohjelma 2023–2026",
    sv="Vasa stads integrationsprogram för åren 2023–2026",
    en="The City of Vaasa Integration Programme 2023–2026",
)
WORK = Text("Työ", "Arbete", "Work")
SOCIAL = Text("Sosiaaliset suhteet ja kontaktit", "Sociala relationer och kontakter", "Social relations")
WELFARE = Text("Hyvinvointiyksikkö", "Välfärdsenheten", "Welfare Unit")
SHORT = Text("Vaasan kotouttaminen", "Integrationen i Vasa", "Vaasa integration")
ALMA = Text("Alma", "Alma", "Alma")
VAMIA = Text("Vamia", "Vamia", "Vamia")
PAGES = "https://muistutus.example/actions/"


@pytest.fixture(scope="session")
def milestone() -> Entry:
    """A deadline of one unit with two partners."""
    return Entry(
        uid=uid("milestone", "vaasa:skills-model:milestone:end"),
        kind="milestone",
        title=Text(
            "Osaamisen tunnistamisen malli, ja sen käyttöönotto",
            "Modell för identifiering av kunnande, och ibruktagandet",
            "Model for recognising skills, and its introduction",
        ),
        short=Text("Osaamisen tunnistamisen malli", "Modell för kunnande", "Model for recognising skills"),
        start=date(2024, 12, 31),
        modified=STAMP,
        organisations=(VAMIA,),
        partners=(ALMA, WELFARE),
        domain=WORK,
        domain_key="work",
        organisation_keys=("vamia",),
        wording=Text("2023–2024", "2023–2024", "2023-2024"),
        indicator=Text("Malli on käytössä", "Modellen är i bruk", "The model is in use"),
        url=PAGES + "skills-model",
    )


@pytest.fixture(scope="session")
def review() -> Entry:
    """A yearly review that two units answer."""
    return Entry(
        uid=uid("review", "vaasa:cooperation:review:2025"),
        kind="review",
        title=Text("Yhteistyö oppilaitosten kanssa", "Samarbete med läroanstalter", "Working with schools"),
        start=date(2025, 10, 31),
        modified=STAMP,
        organisations=(WELFARE, VAMIA),
        domain=WORK,
        domain_key="work",
        organisation_keys=("welfare-unit", "vamia"),
        wording=Text("Jatkuva", "Fortlöpande", "Continuous"),
        url=PAGES + "cooperation",
    )


@pytest.fixture(scope="session")
def collection() -> Entry:
    """A collection round: of the whole programme, so in every theme's feed."""
    return Entry(
        uid=uid("collection", "vaasa:follow-up:collection:2025"),
        kind="collection",
        title=Text("Tiedonkeruu", "Insamling av uppgifter", "Data collection"),
        start=date(2026, 1, 31),
        modified=STAMP,
        year=2025,
        opens=date(2025, 12, 1),
        closes=date(2026, 2, 15),
        url=PAGES + "follow-up",
    )


@pytest.fixture(scope="session")
def cafe() -> Entry:
    """The last Thursday of each month at 17, none in July."""
    july = (date(2025, 7, 31), date(2026, 7, 30))
    return Entry(
        uid=uid("event", "vaasa:cafe:event:month"),
        kind="event",
        title=Text("Kulttuurikahvila", "Kulturkafé", "Cultural café"),
        start=datetime(2025, 1, 30, 17, 0),
        end=datetime(2025, 1, 30, 19, 30),
        zone=ZONE,
        modified=STAMP,
        recurrence=RecurrenceSet(
            date(2025, 1, 30), "FREQ=MONTHLY;BYDAY=-1TH", date(2026, 12, 31), exdates=july
        ),
        organisations=(WELFARE, ALMA),
        domain=SOCIAL,
        domain_key="social-relations",
        organisation_keys=("welfare-unit", "alma"),
        location=Text("Kirjasto; Alma, 2. krs", "Biblioteket; Alma, vån. 2", "Library; Alma, floor 2"),
        url=PAGES + "cafe",
    )


@pytest.fixture(scope="session")
def cafe_moved(cafe: Entry) -> Entry:
    """Ascension Day, 29 May 2025: the café is on Tuesday at 16 instead."""
    return replace(
        cafe,
        recurrence=None,
        recurrence_id=datetime(2025, 5, 29, 17, 0),
        start=datetime(2025, 5, 27, 16, 0),
        end=datetime(2025, 5, 27, 18, 0),
        sequence=1,
        modified=datetime(2025, 3, 3, 9, 30, tzinfo=UTC),
    )


@pytest.fixture(scope="session")
def cafe_cancelled(cafe: Entry) -> Entry:
    """The café of 27 November 2025 is cancelled."""
    return replace(
        cafe,
        recurrence=None,
        recurrence_id=datetime(2025, 11, 27, 17, 0),
        start=datetime(2025, 11, 27, 17, 0),
        end=datetime(2025, 11, 27, 19, 30),
        status="cancelled",
        sequence=2,
        modified=datetime(2025, 11, 20, 12, 0, tzinfo=UTC),
    )


@pytest.fixture(scope="session")
def webinar() -> Entry:
    """A yearly series whose date nobody has set."""
    return Entry(
        uid=uid("event", "vaasa:dark-season:event:year"),
        kind="event",
        title=Text("Kaamosaika 🌒 -webinaari", "Webbinariet Mörka tiden 🌒", "Dark Season 🌒 webinar"),
        start=date(2023, 11, 9),
        modified=STAMP,
        recurrence=RecurrenceSet(date(2023, 11, 9), "FREQ=YEARLY;BYMONTH=11;BYDAY=2TH", date(2026, 12, 31)),
        status="tentative",
        date_assumed=True,
        organisations=(WELFARE,),
        domain=SOCIAL,
        domain_key="social-relations",
        organisation_keys=("welfare-unit",),
        wording=Text("Vuosittain", "Årligen", "Annually"),
        url=PAGES + "dark-season",
        conference="https://video.example/kaamos?id=1,2",
    )


@pytest.fixture(scope="session")
def entries(milestone, review, collection, cafe, cafe_moved, cafe_cancelled, webinar) -> tuple[Entry, ...]:
    """All of them, in no order."""
    return (webinar, cafe_cancelled, cafe, milestone, cafe_moved, collection, review)


@pytest.fixture(scope="session")
def specs() -> dict[str, FeedSpec]:
    """The feed of each scope, a theme's, an organisation's, and one without entries."""
    page = "https://muistutus.example/calendars/"

    def spec(name, **more):
        return FeedSpec(name=name, programme=PROGRAMME, short=SHORT, url=page, **more)

    return {
        "all": spec("all"),
        "events": spec("events", scope="events", colour="teal"),
        "deadlines": spec("deadlines", scope="deadlines", colour="firebrick"),
        "work": spec("work", label=WORK, colour="sienna"),
        "alma": spec("alma", label=ALMA, colour="darkslateblue"),
        "nobody": spec("nobody", scope="events", label=Text("Ei kukaan", "Ingen", "Nobody")),
    }


@pytest.fixture(scope="session")
def modified() -> datetime:
    """The feed's last change, finer than HTTP can say."""
    return datetime(2025, 11, 20, 12, 0, 0, 750_000, tzinfo=UTC)
