"""The calendar's own words in Finnish, Swedish and English (design: language.md section 4).

Data only: which word stands where is left to ``text``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of one language; those in braces are filled in."""

    milestone: str
    review: str
    collection: str
    event: str
    tentative: str
    cancelled: str
    responsible: str
    responsibles: str
    partner: str
    partners: str
    wording: str
    indicator: str
    form: str
    assumed: str
    deadlines: str
    events: str
    all: str
    about_deadlines: str
    about_events: str
    about_all: str
    empty: str
    date: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]


_NUMBERS = tuple(str(month) for month in range(1, 13))

WORDS: Mapping[Lang, Words] = {
    "fi": Words(
        milestone="Määräaika: {title}",
        review="Tilannekatsaus: {title}",
        collection="Tiedonkeruu {year}: viimeinen vastauspäivä",
        event="{title}",
        tentative="{title} (alustava aika)",
        cancelled="PERUTTU: {title}",
        responsible="Vastuutaho: {names}",
        responsibles="Vastuutahot: {names}",
        partner="Kumppani: {names}",
        partners="Kumppanit: {names}",
        wording="Ohjelmassa lukee: {words}",
        indicator="Mittari: {words}",
        form="Lomake avataan {opens} ja suljetaan {closes}.",
        assumed="Päivä on oletus. Vastuutaho vahvistaa ajan.",
        deadlines="{name}: määräajat",
        events="{name}: tapahtumat",
        all="{name}: kaikki",
        about_deadlines="Määräajat, tilannekatsaukset ja tiedonkeruut: {name}",
        about_events="Tapahtumat: {name}",
        about_all="Määräajat, tilannekatsaukset, tiedonkeruut ja tapahtumat: {name}",
        empty="Ei tulevia merkintöjä",
        date="{weekday} {day}.{month}.{year}",
        weekdays=(
            "maanantaina",
            "tiistaina",
            "keskiviikkona",
            "torstaina",
            "perjantaina",
            "lauantaina",
            "sunnuntaina",
        ),
        months=_NUMBERS,
    ),
    "sv": Words(
        milestone="Tidsfrist: {title}",
        review="Lägesöversikt: {title}",
        collection="Insamling av uppgifter {year}: sista svarsdagen",
        event="{title}",
        tentative="{title} (preliminär tid)",
        cancelled="INSTÄLLT: {title}",
        responsible="Ansvarspart: {names}",
        responsibles="Ansvarsparter: {names}",
        partner="Partner: {names}",
        partners="Partner: {names}",
        wording="I programmet står: {words}",
        indicator="Mätare: {words}",
        form="Formuläret öppnas {opens} och stängs {closes}.",
        assumed="Datumet är ett antagande. Ansvarsparten bekräftar tiden.",
        deadlines="{name}: tidsfrister",
        events="{name}: evenemang",
        all="{name}: allt",
        about_deadlines="Tidsfrister, lägesöversikter och insamlingar av uppgifter: {name}",
        about_events="Evenemang: {name}",
        about_all="Tidsfrister, lägesöversikter, insamlingar av uppgifter och evenemang: {name}",
        empty="Inget inplanerat",
        date="{weekday} {day}.{month}.{year}",
        weekdays=("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
        months=_NUMBERS,
    ),
    "en": Words(
        milestone="Deadline: {title}",
        review="Review: {title}",
        collection="Data collection {year}: last day to answer",
        event="{title}",
        tentative="{title} (provisional date)",
        cancelled="CANCELLED: {title}",
        responsible="Responsible party: {names}",
        responsibles="Responsible parties: {names}",
        partner="Partner: {names}",
        partners="Partners: {names}",
        wording="The programme says: {words}",
        indicator="Indicator: {words}",
        form="The form opens on {opens} and closes on {closes}.",
        assumed="The date is assumed. The responsible party confirms it.",
        deadlines="{name}: deadlines",
        events="{name}: events",
        all="{name}: everything",
        about_deadlines="Deadlines, reviews and data collections: {name}",
        about_events="Events: {name}",
        about_all="Deadlines, reviews, data collections and events: {name}",
        empty="Nothing scheduled",
        date="{weekday} {day}\N{NO-BREAK SPACE}{month} {year}",
        weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        months=(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
    ),
}
