"""The settings page: a programme's dates, stages and escalation; what the service was started with.

Signed in only. A change is shown with what it does to the mails to come, then stored by one button.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from typing import Final

from babel.dates import get_day_names
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words
from reminders.errors import NotFoundError
from reminders.planning.programme_settings import (
    NAMES,
    Setting,
    SettingError,
    SettingRecord,
    canonical_setting,
)
from reminders.settings import Settings
from reminders.use.programme import settings as use
from reminders.web.catalogue import no_date_words, say
from reminders.web.mail.forecast import mails_changed
from reminders.web.page import Page, Pages
from schedule_rules.programme import Lang

LONGEST: Final = 400
"""Characters of a value that are read."""
_ANY_LEAP_YEAR: Final = 2024
_IN_WORKING_DAYS: Final = frozenset({"before_meeting", "head_after", "list_after"})


def setting_facts(
    found: Iterable[tuple[Setting, SettingRecord | None]], zone: tzinfo, lang: Lang
) -> tuple[tuple[str, str, str, str], ...]:
    """Return name, title, value in words and basis of each setting: its default, or who chose it when."""
    facts = []
    for one, chosen in found:
        basis = say(lang, "settings.default")
        if chosen:
            on = dates.short(chosen.at.astimezone(zone).date(), lang)
            basis = say(lang, "settings.chosen", by=words.doer(lang, chosen.by), on=on)
        title = say(lang, f"settings.name.{one.name}")
        facts.append((one.name, title, setting_words(one.name, one.text, lang), basis))
    return tuple(facts)


def typed(name: str, text: str, lang: Lang) -> str:
    """Return a setting's text as people type it: *31.10.*, *12.3.2026 11.6.2026*, *ja*."""
    if NAMES[name] == "switch":
        return setting_words(name, text, lang)
    if NAMES[name] == "month-day":
        month, day = map(int, text.split("-"))
        return f"{day}.{month}."
    if NAMES[name] == "dates":
        return " ".join(dates.short(date.fromisoformat(word), "fi") for word in text.split())
    if NAMES[name] == "periods":
        return " ".join(_typed_period(word) for word in text.split()) if text != "no" else ""
    if NAMES[name] == "hours":
        return text.replace(":", ".").replace("-", "–")
    return text


def _typed_period(word: str) -> str:
    days = (date.fromisoformat(f"{_ANY_LEAP_YEAR}-{end}") for end in word.split("/"))
    return "–".join(f"{day.day}.{day.month}." for day in days)


def _period_words(word: str, lang: Lang) -> str:
    first, last = (date.fromisoformat(f"{_ANY_LEAP_YEAR}-{end}") for end in word.split("/"))
    return f"{dates.no_year(first, lang)} – {dates.no_year(last, lang)}"


def setting_words(name: str, text: str, lang: Lang) -> str:
    """Say what a setting's text means: *31 October*, *Tuesday*, *10 days*, *30, 7 days before …*."""
    match NAMES[name]:
        case "switch":
            return say(lang, f"settings.switch-{text}")
        case "text" | "short-name" | "telephone":
            return text or say(lang, "settings.no-text")
        case "hours":
            if not text:
                return say(lang, "settings.as-service" if name == "window" else "settings.all-day")
            begin, end = map(time.fromisoformat, text.split("-"))
            return dates.between(begin, end, lang)
        case "month-day":
            month, day = map(int, text.split("-"))
            return dates.no_year(date(_ANY_LEAP_YEAR, month, day), lang)
        case "dates":
            days = [dates.short(date.fromisoformat(word), lang) for word in text.split()]
            return ", ".join(days) or say(
                lang, "settings.no-meetings" if name == "meetings" else "settings.none"
            )
        case "periods":
            periods = [] if text == "no" else [_period_words(word, lang) for word in text.split()]
            return ", ".join(periods) or say(lang, "settings.none")
        case "weekday":
            names = get_day_names("wide", context="stand-alone", locale=dates.LOCALES[lang])
            return str(names[int(text) - 1])
        case "count":
            counted = "settings.working-days" if name in _IN_WORKING_DAYS else "settings.days"
            return say(lang, counted, n=int(text))
        case "offsets":
            offsets = [int(word) for word in text.split()]
            before = [str(-one) for one in offsets if one < 0]
            after = [str(one) for one in offsets if one > 0]
            parts = [_on_days("before", before, lang)] if before else []
            parts.append(say(lang, "settings.on-day"))
            parts += [_on_days("after", after, lang)] if after else []
            return "; ".join(parts)


def _on_days(side: str, days: list[str], lang: Lang) -> str:
    """Say so many days before or after a date: *1 day after*, *1, 7 days after*."""
    return say(
        lang, f"settings.{side}", n=int(days[0]) if len(days) == 1 else len(days), days=", ".join(days)
    )


def of_service(settings: Settings, now: datetime, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return what the service was started with; no secret and no user name among it."""
    server = settings.smtp_url
    channel = f"{server.host}:{server.port}" if server else ""
    window = settings.mail_window
    values = {
        "channel": channel or say(lang, "settings.folder", folder=settings.mail_folder),
        "sender": settings.mail_from,
        "window": dates.between(window.opens, window.closes, lang),
        "tick": dates.at(settings.tick_at, lang),
        "cap": dates.number(settings.mail_cap, lang),
        "rate": dates.number(settings.mail_per_minute, lang),
        "base": settings.base_url,
        "clock": dates.moment(now.astimezone(settings.zone), lang),
        "zone": settings.timezone,
    }
    return tuple((say(lang, f"settings.service.{name}"), value) for name, value in values.items())


class SettingsPages(Pages):
    """The settings of a programme: all of them, and the form of each."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.secretary("/settings", self.show),
            *self.secretary("/settings/{name}", self.form, self.change),
        ]

    def show(self, page: Page) -> Response:
        """Show what holds, who chose it, and what the service was started with."""
        with page.read() as connection:
            found = use.settings_with_choices(connection, page.key)
        return page.render(
            "settings.html",
            facts=setting_facts(found, page.zone, page.lang),
            service=of_service(page.service.settings, page.service.clock(), page.lang),
            held=page.snapshot.row.held,
            key=page.key,
        )

    def form(self, page: Page) -> Response:
        """Show the form of one setting."""
        name = _name(page)
        with page.read() as connection:
            text = next(
                one.text for one in use.settings_of_programme(connection, page.key) if one.name == name
            )
        return self._edit(page, typed(name, text, page.lang), "")

    def change(self, page: Page) -> Response:
        """Do the form's step: *preview*, *edit*, *save*, or *default*, which takes the choice back."""
        step = page.text("step")
        text = "" if step == "default" else page.text("value")[:LONGEST]
        wish = use.SettingChange(page.key, _name(page), text, page.by)
        wrong = _wrong(page, wish, blank=step in {"default", "save"})
        if wrong or step == "edit":
            return self._edit(page, text, wrong)
        if step == "save":
            use.change_setting(page.service, wish)
            return page.redirect(page.home("/settings"))
        text = canonical_setting(page.snapshot.row.printed, wish.name, wish.text)
        words = setting_words(wish.name, text, page.lang) if text else ""
        return page.render(
            "settings_preview.html",
            title=page.say(f"settings.name.{wish.name}"),
            value=words or page.say("settings.default-again"),
            wish=wish,
            mails=mails_changed(page, lambda connection: use.enter_setting(connection, page.service, wish)),
            home=page.home("/settings"),
        )

    def _edit(self, page: Page, text: str, wrong: str) -> Response:
        name = _name(page)
        return page.render(
            "settings_form.html",
            422 if wrong else 200,
            name=name,
            kind=NAMES[name],
            title=page.say(f"settings.name.{name}"),
            value=text,
            wrong=wrong,
            chosen=name in page.snapshot.row.chosen,
            longest=LONGEST,
            home=page.home("/settings"),
            key=page.key,
        )


def _name(page: Page) -> str:
    name = page.path("name")
    if name not in NAMES:
        raise NotFoundError(f"no setting {name!r}")
    return name


def _wrong(page: Page, wish: use.SettingChange, *, blank: bool) -> str:
    """Say what is wrong with a value; a blank one is the default where that was asked for."""
    if not wish.text and not blank:
        return page.say(f"settings.wrong.{NAMES[wish.name]}")
    row = page.snapshot.row
    try:
        use.check_change(row, dict(row.chosen), wish)
    except SettingError as error:
        expected = page.say(f"settings.wrong.{error.code}")
        wrong = (one for one in wish.text.split() if error.code == "dates" and not dates.typed_date(one))
        return no_date_words(next(wrong, ""), page.lang, expected)
    return ""
