"""The pages' catalogue: complete, used, in the words of language.md; long words break where they may."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from email_templates.catalogue import catalogue, placeholders
from reminders.collection.indicator import KINDS
from reminders.intake.account import FATES
from reminders.intake.choices import UNITS
from reminders.intake.contacts import COLUMNS
from reminders.intake.headings import Role
from reminders.intake.messages import MESSAGES
from reminders.planning.preferences import DIGEST_RHYTHMS, FORMATS, RHYTHMS
from reminders.planning.programme_settings import EXPECTED, NAMES as NAMES_OF_CHOICES
from reminders.use.people.preferences import ANY, LANGUAGES as MAIL_LANGUAGES, LISTED, WEEKDAYS
from reminders.use.programme.correct import FIELDS
from reminders.web.catalogue import preferred, shown_text
from reminders.web.choice_words import ROLES
from reminders.web.feeds.pages import CLIENTS
from reminders.web.long_words import SOFT_HYPHEN
from reminders.web.programme.timeline import ORDER
from reminders.web.series.series_form import HOWS, NTHS, STATES
from schedule_rules.programme import LANGUAGES, Lang
from schedule_rules.recurrence import DAYS
from tests.email_templates.test_catalogue import ALIKE, NAMES, NOT_STEMS
from tests.web.codes import CODES

PAGES = catalogue("reminders.web")

WEB = Path("reminders/web")
SAME_EVERYWHERE = {
    "contacts.organisation",
    "nav.import",
    "outbox.message-id",
    "place.cell",
    *(f"client.{one}.name" for one in ("mac", "thunderbird", "nextcloud", "android")),
    "subscribe.own-delay",
    "subscribe.range",
}
SERIES_WORDS = {
    "done": ("moved", "cancelled", "held", "time", "place", "confirmed", "other", "added", "gone"),
    "how": HOWS, "day": DAYS, "nth": NTHS, "month": range(1, 13), "state": (*STATES, "removed"),
    "clash": ("holiday", "closed", "weekend", "quiet", "meeting"),
    "wrong": (
        "date", "list", "time", "number", "video", "long", "order", "rule", "length", "none", "many",
        "overlap", "as-weekly", "as-pauses", "as-last", "as-dates", "as-until",
        "far", "twice", "closed", "into-past",
    ),
    "every": ("day", "week", "month", "year"),
    "other": ("day", "week", "month", "year"),
}  # fmt: skip
DYNAMIC = {
    "event": (
        "composed", "handed-over", "deferred", "refused", "uncertain", "expired", "cancelled", "lease-over",
        "bounced", "delayed", "sealed", "renamed", "erased",
    ),
    "session": ("by-link", "by-mail", "by-oidc"),
    "action.promise": ("head", "list", "next"),
    "elapsed": ("months", "years"),
    "action": ("schedule", "responsible", "indicator"),
    "timeline": ("per-day", "per-week", "per-month", "per-year"),
    "subscribe": ("all", "events", "deadlines", "meetings"),
    "outbox": ("from", "to", "reply-to", "date"),
    "code": tuple(CODES),
    "reading.kind": (
        "single", "range", "open-range", "continuous", "recurring", "relative", "unspecified", "none",
    ),
    "place": (
        "sheet", "table", "page", "row", "line", "cell", "column", "file", "name", "archive", "document",
        "workbook", "command", "paragraph",
    ),
    "problem": tuple(MESSAGES),
    "import": (
        "problem", "quoted", "done-dry", "done-new", "done-changed", "done-same", "questions", "same-titles",
        "answer-with", "confirm-with", "can-be-taken-back", "ended-action", "ended-organisation",
    ),
    "account": (
        *(f"became-{one}" for one in FATES), *(f"role-{one}" for one in (*get_args(Role), "none")),
        *(f"basis-{one}" for one in ("chosen", "headings", "content", "assumed")),
        *(f"language-{one}" for one in ("chosen", "headings", "content", "assumed")),
        "name-title", "name-file-name", *(f"period-{one}" for one in ("title", "schedules", "assumed")),
        "programme", "language", "period", "tables", "words", "became", "command-left",
    ),
    "change": (
        "id", "action-added", "action-removed", "date-added", "date-removed", "date-moved", "date-leaves",
        "date-stays", "date-cancelled", "date-again", "date-confirmed", "name", "period",
        "organisations", "meetings", "defaults", "title", "schedule", "responsible", "indicator", "goal",
        "leads", "partners", "handovers",
    ),
    "collection": (
        *(f"value-{one}" for one in KINDS), "from-milestone", "from-review", "yes", "no",
        *(f"from-{one}" for one in ("proposed", "proposed-review", "approved", "approved-review")),
        "clash", "clash-same-address",
        *(
            f"wrong-{one}"
            for one in ("status", "number", "thousands", "yes-no", "long", "both", "note", "whose", "clash")
        ),
    ),
    "collection.kind": KINDS,
    "correct.field": FIELDS,
    "correct.label": tuple(one for one in FIELDS if one != "measures"),
    "correct.hint": tuple(set(FIELDS) - {"leads", "partners", "measures", "goal", "theme"}),
    "correct.wrong": FIELDS,
    "answer": (
        "not-number", "not-thousands", "not-long", "not-yes-no",
        "proposal-pending", "proposal-approved", "proposal-refused",
        "hint-done", "hint-reviewed", "hint-on-track", "hint-late", "hint-not-ours", "ended-no", "ended-yes",
        "hint-late-review", "date", "date-review", "past", "past-review", "outside", "outside-review",
        "new-date", "new-date-review",
    ),
    "unit": ("pause-hint", "pause-hint-review", "answer-by", "answer-first"),
    "decisions": ("now", "now-review", "approve", "approve-review", "refuse", "refuse-review"),
    "link": (
        "unknown", "unknown-text", "expired", "expired-text", "left", "left-text", "gone", "gone-text",
        "moved-text", "ended", "ended-text",
    ),
    "private": ("own", "secretary"),
    "count": ORDER,
    "summary": ORDER,
    "glance": ("decide-proposal", "decide-ended", "decide-not-ours", "decide-unclear"),
    "series": (
        "time", "cancel", "hold", "restore",
        *(f"{stem}-{one}" for stem, ones in SERIES_WORDS.items() for one in ones),
    ),
    "choices": (
        *(f"role-{one}" for one in ROLES),
        *(f"basis-{one}" for one in ("chosen", "headings", "content")),
        *(f"unit-{one}" for one in UNITS),
    ),
    "wishes": (
        "weekday", *(f"weekday-{one}" for one in (ANY, *WEEKDAYS)),
        "rhythm", *(f"rhythm-{one}" for one in RHYTHMS),
        "digest", *(f"digest-{one}" for one in DIGEST_RHYTHMS),
        "language", *(f"language-{one.replace('+', '-')}" for one in (LISTED, *MAIL_LANGUAGES)),
        "format", *(f"format-{one.replace('+', '-')}" for one in FORMATS),
        *(f"stage-{one}" for one in ("start", "dates", "pace", "year")),
    ),
    "forecast": ("what-months", "what-weeks", "by-months", "by-weeks"),
    "forecast.column": (
        "date", "to", "unit", "language", "kind", "action", "item", "due", "stage", "reason",
    ),
    "forecast.difference": ("added", "removed", "changed"),
    "contacts.language": ("fi", "sv", "en", "fi-sv"),
    "notice": ("secretary-away", "secretary-dead"),
    "contacts.gap": (
        "nobody", "secretary-only", "dead", "leaves", "not-yet", "no-secretary", "never-secretary",
        "secretary-away", "secretary-dead", "secretary-leaves", "secretary-goes-away",
    ),
    "contacts.does": ("added", "removed", "changed"),
    "contacts.wrong": COLUMNS,
    "handing.wrong": ("giver", "taker", "on", "actions", "not-led"),
    "dates": ("time", "place", "video", "details", "sign-up"),
    "held": ("added", "removed"),
    "client": tuple(f"{one}.{part}" for one in CLIENTS for part in ("name", "steps")),
    "settings": ("switch-yes", "switch-no", "before", "after"),
    "settings.name": tuple(NAMES_OF_CHOICES),
    "settings.hint": tuple(set(NAMES_OF_CHOICES.values())),
    "settings.wrong": tuple(EXPECTED),
    "settings.service": (
        "channel", "sender", "window", "tick", "cap", "rate", "base", "clock", "zone",
    ),
    "error": (
        "not-found", "not-found-text", "not-allowed", "not-allowed-text", "broken", "broken-text",
        "refused", "refused-text", "no-secretary", "no-secretary-text",
    ),
}  # fmt: skip
TEXTS = [
    (lang, text_id, text)
    for lang in LANGUAGES
    for text_id, forms in sorted(PAGES.entries[lang].items())
    for text in forms.values()
]


def test_every_id_in_three_languages() -> None:
    """No language lacks an id or a plural form, and all take the same variables."""
    entries = PAGES.entries
    assert [set(entries[lang]) for lang in LANGUAGES] == [PAGES.ids] * 3
    for text_id in PAGES.ids:
        of = [frozenset().union(*map(placeholders, entries[lang][text_id].values())) for lang in LANGUAGES]
        assert len(set(of)) == 1, text_id


def test_plurals_have_one_and_many() -> None:
    """A text with forms has at least *one* and *other* in every language."""
    plural = {i for forms in PAGES.entries.values() for i, entry in forms.items() if len(entry) > 1}
    lacking = [
        i for i in plural for forms in PAGES.entries.values() if len(forms[i]) > 1 and "one" not in forms[i]
    ]
    assert lacking == []


def test_every_id_is_used() -> None:
    """No text that no page says."""
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in [*WEB.rglob("*.py"), *WEB.rglob("*.html")]
    )
    named = set(re.findall(r'"([a-z]+(?:\.[a-z-]+)+)"', sources))
    dynamic = {f"{prefix}.{name}" for prefix, names in DYNAMIC.items() for name in names}
    assert PAGES.ids - named - dynamic == set()
    assert dynamic - PAGES.ids == set()


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_nothing_is_left_in_english(lang: Lang) -> None:
    """Finnish and Swedish differ from the English."""
    own, english = PAGES.entries[lang], PAGES.entries["en"]
    worded = [i for i in own if re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", own[i]["other"]))]
    alike = [i for i in worded if own[i]["other"] == english[i]["other"] and own[i]["other"] not in ALIKE]
    assert set(alike) - SAME_EVERYWHERE == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_of_the_not_column(lang: Lang) -> None:
    """One word for one thing; *theme* is the English word for a part of the programme."""
    stems = NOT_STEMS[lang].replace(r"\btheme|", "")
    wrong = re.compile(stems, re.IGNORECASE)
    assert [text for own, _, text in TEXTS if own == lang and wrong.search(text)] == []


def test_typography() -> None:
    """No exclamation mark, no straight quote, no hyphen in a range, the quotes of the language."""
    assert [text for _, _, text in TEXTS if re.search(r"[!\"']|\d-\d|\} ?- ?\{", text)] == []
    foreign = {"fi": set("‘’“„"), "sv": set("‘’“„"), "en": set("”“„")}
    assert [text for lang, _, text in TEXTS if set(text) & foreign[lang]] == []


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_names_are_not_inflected(lang: Lang) -> None:
    """No letter, colon and letter, or s right after a name."""
    after = re.compile(r"\{(" + "|".join({*NAMES, "names"}) + r")\}(?:”)?(?::?\w)")
    assert [text for own, _, text in TEXTS if own == lang and after.search(text)] == []


def test_long_words_get_soft_hyphens() -> None:
    """Words over 16 letters may break; shorter ones stay whole; a hanging hyphen does not break."""
    assert shown_text("kotouttamispalvelut").replace(SOFT_HYPHEN, "|") == "kotouttamis|palvelut"
    assert shown_text("toimenpide") == "toimenpide"
    assert shown_text("maahanmuuttajataustaisten").replace(SOFT_HYPHEN, "") == "maahanmuuttajataustaisten"
    assert shown_text("3 asiaa") == "3\N{NO-BREAK SPACE}asiaa"
    assert shown_text("ja -velvollisuuksista").startswith("ja \N{NON-BREAKING HYPHEN}")


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "fi"),
        ("sv-FI,sv;q=0.9,en;q=0.8", "sv"),
        ("de,en-GB;q=0.7,fi;q=0.3", "en"),
        ("en;q=0.2,sv;q=0.2", "en"),
        ("sv;q=0", "fi"),
        ("nonsense;;q=x,en", "en"),
    ],
)
def test_the_browsers_language(header: str, lang: Lang) -> None:
    """The heaviest of ours wins, the first of equals, Finnish without any."""
    assert preferred(header) == lang
