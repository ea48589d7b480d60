"""What an indicator asks for: its values, each with its kind and what it counts; set by a person or proposed.

Pure. The secretary sets it once, as a correction of the field ``measures``, which an import keeps. Until then
a proposal holds that is read from the wording: what is counted is a number, what has begun or is ready is
yes or no, anything else is text. A cell with several indicators ("activities launched and number of
associations") makes several values where all its languages part alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final, Literal, get_args

from schedule_rules.programme import LANGUAGES, Action, Lang, Text

Kind = Literal["number", "yes-no", "text"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST_UNIT: Final = 60
LONGEST_LABEL: Final = 300
PLACES: Final = 3
"""Values that one indicator takes a year: "number of groups, number of participants"."""


NO_TEXT: Final = Text()


@dataclass(frozen=True, slots=True)
class Measure:
    """One value of an indicator: its kind, what is asked (nothing: the indicator itself), what it counts."""

    kind: Kind
    label: Text = NO_TEXT
    unit: Text = NO_TEXT


class MeasuresError(ValueError):
    """What was written says no values; ``args[0]`` is what was found."""


# What is counted, by language: how it is worded, and how it stands behind a number.
_UNITS: Final[tuple[tuple[tuple[str, str, str], Text], ...]] = (
    (
        ("osallistu", r"deltag|deltar\b", "participa|attend"),
        Text("osallistujaa", "deltagare", "participants"),
    ),
    (("kävijä", "besöka", "visitor"), Text("kävijää", "besökare", "visitors")),
    (("asiaka", "kund|klient", "client|customer"), Text("asiakasta", "kunder", "clients")),
    (
        ("vastaanottaj", "mottagare", "signed up|recipient|subscriber"),
        Text("vastaanottajaa", "mottagare", "recipients"),
    ),
    (("kumppan", "partner", "partner"), Text("kumppania", "partner", "partners")),
    (("yhdisty", "förening", "association"), Text("yhdistystä", "föreningar", "associations")),
    (
        ("rekrytoin", "rekrytering(?!smäss)", "recruitment(?! fair)"),
        Text("rekrytointia", "rekryteringar", "recruitments"),
    ),
    (
        (
            "koulutust|koulutukset|koulutuks(?:ia|ien)",
            r"utbildning(?:ar|en)?\b(?! som)",
            r"trainings?\b(?! programme)",
        ),
        Text("koulutusta", "utbildningar", "training sessions"),
    ),
    (("kurss", "kurs", "course"), Text("kurssia", "kurser", "courses")),
    (("ryhm", "grupp", "group"), Text("ryhmää", "grupper", "groups")),
    (("messu", "mäss", "fair"), Text("messutapahtumaa", "mässor", "fairs")),
    (("vierailu|käynn", "besök(?!a)", r"\bvisits?\b"), Text("vierailua", "besök", "visits")),
    (("harjoittelu", "praktik", "traineeship"), Text("harjoittelujaksoa", "praktikperioder", "traineeships")),
    (("webinaar", "webbinari", "webinar"), Text("webinaaria", "webbinarier", "webinars")),
    (("retke|retki", "utfärd", "excursion"), Text("retkeä", "utfärder", "excursions")),
    (("alue", "område", r"\bareas?\b"), Text("aluetta", "områden", "areas")),
    (
        ("tiedotustilaisu|infotilaisu", "infom|informationsmöte", "information(?:al)? event"),
        Text("infotilaisuutta", "infomöten", "information events"),
    ),
    (
        ("tapahtum|tilaisu|\\binfot", "evenemang|tillfälle", "event"),
        Text("tapahtumaa", "evenemang", "events"),
    ),
    (("tapaami|kokou", "träff|möte", "meeting"), Text("tapaamista", "träffar", "meetings")),
    (("henkilö|saaneiden", "person", "people|persons"), Text("henkilöä", "personer", "people")),
)
_PERCENT: Final = Text("%", "%", "%")
_SHARE: Final = re.compile(r"osuu|prosent|\bandel|procent|\bshare\b|per cent|percentage", re.IGNORECASE)
_COUNT: Final = re.compile(
    r"määr[äi]|lukumäär|\bkpl\b|\d\s*krt\b|kertaa\b"
    r"|\bantal|(?<!\w)\w+antal(?:et|en)?\b|\d\s*(?:ggr|gång)"
    r"|\bnumbers?\b|how many|\b(?:once|twice|\d+ times)\b|\d\s*[–-]\s*\d",
    re.IGNORECASE,
)
# "Realised visits", "genomförda besök": what took place is counted where a countable word goes with it.
_HELD: Final = re.compile(
    r"toteutu|järjestet|genomförd|ordnad|carried.out|organi[sz]ed|reali[sz]ed|completed|held\b", re.IGNORECASE
)
_READY: Final = re.compile(
    r"käynnisty|käyttöön\s?otet|otettu|julkaistu|laadittu|luotu|valmis\w*|toiminnassa|käytössä|saatu\b|koostet"
    r"|kehitetty|huomioitu|tunnistettu|pilotoitu|mallinnettu|selvitetty|hyväksytty|koottu|perustettu|säännöllis"
    r"|kirjattu"
    r"|\bhar\b.*(?:ts|tt|it)\b|inlet[ts]s|inleds|publicera[dt]s?|skapa[dt]s?|i bruk|verksam\b"
    r"|sammanställ[dt]s?"
    r"|utveckla[dt]s?|beaktad|identifierad|godkän[dnt]|inför[dt]s?|regelbund|skrivits|uppteckna[dt]s?"
    r"|launched|adopted|published|created|granted|introduced|developed|implemented|compiled|approved"
    r"|in operation|in (?:active )?use|in place|considered|identified|established|piloted|is ready|drawn up"
    r"|happening|recorded",
    re.IGNORECASE,
)
# How good, how far, how it goes: words are needed for it, whatever else is counted beside it.
_QUALITY: Final = re.compile(
    r"taso\b|taitotaso|laajuus|näkyvyy|tehokkuu|trendi|seuranta\b|nivå|omfattning|synlig|effektivit|trender"
    r"|uppföljning av|proficiency|extent|visib|effectiveness|trends|monitoring the|following up"
    r"|level\b|rate\b",
    re.IGNORECASE,
)
_PARENTHESES: Final = re.compile(r"\([^)]*\)")
_COMMA: Final = re.compile(r"(?:(?<!\s)\s+)?(?:[,;+]|\.(?=\s+\w))\s*(?![^()]*\))")
_AND: Final[dict[Lang, re.Pattern[str]]] = {
    "fi": re.compile(r"(?<!\s)\s+(?:ja|sekä)\s+(?![^()]*\))"),
    "sv": re.compile(r"(?<!\s)\s+(?:och|samt)\s+(?![^()]*\))"),
    "en": re.compile(r"(?<!\s)\s+and\s+(?![^()]*\))"),
}
_HEADS: Final[dict[Lang, re.Pattern[str]]] = {
    "fi": re.compile(r"\s(määrä)\W*$", re.IGNORECASE),
    "sv": re.compile(r"^(antalet|antal)\s", re.IGNORECASE),
    "en": re.compile(r"^(number of|the number of)\s", re.IGNORECASE),
}


def measures_of(action: Action) -> tuple[Measure, ...]:
    """Return the values that an action's form asks for: as a person set them, else as proposed."""
    made = action.correction("measures")
    if made is None or not made.value:
        return proposed_measures(action.indicator)
    try:
        return parsed_measures(made.value)
    except MeasuresError:  # written by a later version of the service
        return proposed_measures(action.indicator)


def is_set(action: Action) -> bool:
    """Tell whether a person has set what an action's indicator asks for."""
    made = action.correction("measures")
    return bool(made and made.value)


def likely_kind(wording: Text) -> Kind:
    """Return what a wording asks for; text where its languages disagree, or say nothing of it."""
    found = {kind for lang in LANGUAGES if (kind := _kind(getattr(wording, lang)))}
    known = found - {"text"}
    return known.pop() if len(known) == 1 else "text"


def _kind(words: str) -> Kind | None:
    """Return the kind of a wording in one language; None where there is none."""
    plain = _PARENTHESES.sub("", words)
    if not plain.strip():
        return None
    if _SHARE.search(plain):
        return "number"
    if _COUNT.search(plain):
        return "text" if _QUALITY.search(_COUNT.sub("", plain)) else "number"
    if _HELD.search(plain) and _unit_places(plain):
        return "number"
    return "yes-no" if _READY.search(plain) and not _QUALITY.search(plain) else "text"


def _unit_places(words: str) -> dict[int, int]:
    """Return which units a wording names, with the place of each."""
    found = {}
    for number, (patterns, _) in enumerate(_UNITS):
        places = [hit.start() for one in patterns if (hit := re.search(one, words, re.IGNORECASE))]
        if places:
            found[number] = min(places)
    return found


def likely_unit(wording: Text) -> Text:
    """Return what a wording counts; nothing where its languages name no unit in common."""
    if any(_SHARE.search(getattr(wording, lang)) for lang in LANGUAGES):
        return _PERCENT
    named = []
    for place, lang in enumerate(LANGUAGES):
        words = _PARENTHESES.sub("", getattr(wording, lang))
        if words.strip():
            hits = {
                number
                for number, (patterns, _) in enumerate(_UNITS)
                if re.search(patterns[place], words, re.IGNORECASE)
            }
            named.append(hits)
    common = set.intersection(*named) if named else set()
    return _UNITS[min(common)][1] if common else Text()


def proposed_measures(indicator: Text) -> tuple[Measure, ...]:
    """Return the values that a wording asks for; nothing for no indicator.

    A cell is parted at commas, then at "and", where each language has as many parts and one of them is a
    number; statements that are all yes or no stay one.
    """
    if not indicator:
        return ()
    whole = Measure(likely_kind(indicator), unit=likely_unit(indicator))
    if whole.kind != "number":
        whole = replace(whole, unit=Text())
    parts = [one for part in _parted(indicator, by_and=False) or [indicator] for one in _by_and(part)]
    if not 1 < len(parts) <= PLACES:
        return (whole,)
    if "number" not in map(likely_kind, parts):
        return (whole,)
    kinds = [_plain_kind(one) for one in parts]
    return tuple(
        Measure(kind, _begun_large(one), likely_unit(one) if kind == "number" else Text())
        for kind, one in zip(kinds, parts, strict=True)
    )


def _by_and(part: Text) -> list[Text]:
    """Return the parts of what "and" joins: only where each is plainly a value of its own."""
    found = _parted(part, by_and=True)
    kinds = [_plain_kind(one) for one in found]
    return found if len(found) > 1 and "number" in kinds and "text" not in kinds else [part]


def _plain_kind(part: Text) -> Kind:
    """Return a part's kind; one that only names what is counted is a number too."""
    kind = likely_kind(part)
    is_counted = kind == "text" and bool(likely_unit(part)) and not _is_quality(part)
    return "number" if is_counted else kind


def _is_quality(part: Text) -> bool:
    return any(_QUALITY.search(getattr(part, lang)) for lang in LANGUAGES)


def _parted(wording: Text, *, by_and: bool) -> list[Text]:
    """Return a wording's parts, the same number in each of its languages; nothing where they differ."""
    pieces: dict[Lang, list[str]] = {}
    for lang in LANGUAGES:
        words = getattr(wording, lang).strip().rstrip(".")
        if words:
            split = (_AND[lang] if by_and else _COMMA).split(words)
            pieces[lang] = _with_head([one.strip() for one in split if one.strip()], lang)
    counts = {len(one) for one in pieces.values()}
    if len(counts) != 1:
        return []
    rows = zip_longest(*(pieces.get(lang, []) for lang in LANGUAGES), fillvalue="")
    return [Text(**dict(zip(LANGUAGES, row, strict=True))) for row in rows]


def _with_head(pieces: Sequence[str], lang: Lang) -> list[str]:
    """Give each part the word that stands once for all: "ryhmien ja osallistuneiden määrä"."""
    head = _HEADS[lang]
    if len(pieces) < 2 or lang != "fi":
        return list(pieces)
    last = head.search(pieces[-1])
    if last is None or any(_COUNT.search(one) for one in pieces[:-1]):
        return list(pieces)
    genitive = all(one.endswith("n") and not _READY.search(one) for one in pieces[:-1])
    return [*(f"{one} {last.group(1)}" for one in pieces[:-1]), pieces[-1]] if genitive else list(pieces)


def _begun_large(words: Text) -> Text:
    """Return a part of a sentence as a label of its own."""
    return Text(**{lang: text[:1].upper() + text[1:] for lang, text in words.as_dict().items()})


# -- as written in a correction ------------------------------------------------------------------
#
#     yes-no: Toiminta alkanut | Inlett | Begun; number: Ryhmät | Grupper | Groups [ryhmää | grupper | groups]
#
# Values stand with ";" between, languages with "|" (Finnish, Swedish, English); one text is for all.

_WRITTEN: Final = re.compile(r"(?P<kind>[a-z-]+)\s*(?::\s*(?P<label>[^\[\]]*))?(?:\[(?P<unit>[^\[\]]*)\])?")
_BARE: Final = re.compile(r"[;|\[\]]")


def parsed_measures(written: str) -> tuple[Measure, ...]:
    """Return the values that a correction says; ``MeasuresError`` where it says none."""
    found = []
    for part in written.split(";"):
        match = _WRITTEN.fullmatch(part.strip())
        kind = next((one for one in KINDS if match and one == match["kind"]), None)
        if match is None or kind is None:
            raise MeasuresError(part.strip())
        label, unit = _texts(match["label"] or ""), _texts(match["unit"] or "")
        if any(len(one) > LONGEST_LABEL for one in label.as_dict().values()):
            raise MeasuresError(part.strip())
        if any(len(one) > LONGEST_UNIT for one in unit.as_dict().values()):
            raise MeasuresError(part.strip())
        found.append(Measure(kind, label, unit if kind == "number" else Text()))
    if len(found) > PLACES:
        raise MeasuresError(written)
    return tuple(found)


def _texts(written: str) -> Text:
    words = [" ".join(one.split()) for one in written.split("|")]
    if len(words) > len(LANGUAGES):
        raise MeasuresError(written)
    if len(words) == 1:
        words *= len(LANGUAGES)
    return Text(**dict(zip_longest(LANGUAGES, words, fillvalue="")))


def written_measures(measures: Iterable[Measure]) -> str:
    """Return values as a correction says them; what marks their borders is left out of their words."""
    return "; ".join(_written(one) for one in measures)


def _written(one: Measure) -> str:
    label = f": {_languages(one.label)}" if one.label else ""
    return one.kind + label + (f" [{_languages(one.unit)}]" if one.unit else "")


def _languages(text: Text) -> str:
    words = [" ".join(_BARE.sub(" ", getattr(text, lang)).split()) for lang in LANGUAGES]
    return words[0] if len(set(words)) == 1 else " | ".join(words)


def label_of(action: Action, place: int, lang: Lang) -> str:
    """Return what a value of an action is called: its own label, else the indicator."""
    known = measures_of(action)
    label = known[place - 1].label if place <= len(known) else Text()
    return (label or action.indicator).get(lang)


def unit_in(unit: str, measures: Iterable[Measure], lang: Lang) -> str:
    """Return a stored unit as a reader of ``lang`` knows it, where it is one that is known."""
    for known in (*(one.unit for one in measures), *(text for _, text in _UNITS)):
        if unit and unit in known.as_dict().values():
            return known.get(lang)
    return unit
