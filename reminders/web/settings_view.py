"""The settings of a programme and of the service as their page shows them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

from email_templates import dates
from reminders.choices import NAMES, Choice
from reminders.settings import Settings
from reminders.store.choices import Chosen
from reminders.web.words import say
from schedule_rules.programme import Lang

_ANY_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Fact:
    """One setting in words: its name, what holds, who chose it (nothing: the default)."""

    name: str
    title: str
    value: str
    basis: str


def facts(choices: Iterable[Choice], made: Iterable[Chosen], zone: ZoneInfo, lang: Lang) -> tuple[Fact, ...]:
    """Return a programme's settings; ``made`` tells who chose what, when."""
    newest = {one.name: one for one in made if one.value}
    return tuple(
        Fact(
            one.name,
            say(lang, f"settings.name.{one.name}"),
            value_words(one.name, one.text, lang),
            _basis(newest.get(one.name) if one.chosen else None, zone, lang),
        )
        for one in choices
    )


def _basis(chosen: Chosen | None, zone: ZoneInfo, lang: Lang) -> str:
    if chosen is None:
        return say(lang, "settings.default")
    on = dates.short(chosen.at.astimezone(zone).date(), lang)
    return say(lang, "settings.chosen", by=chosen.by, on=on)


def typed(name: str, text: str, lang: Lang) -> str:
    """Return a setting's text as people type it: *31.10.*, *12.3.2026 11.6.2026*, *ja*."""
    if NAMES[name] == "switch":
        return value_words(name, text, lang)
    if NAMES[name] == "month-day":
        month, day = map(int, text.split("-"))
        return f"{day}.{month}."
    if NAMES[name] == "dates":
        return " ".join(dates.short(date.fromisoformat(word), "fi") for word in text.split())
    if NAMES[name] == "hours":
        return text.replace(":", ".").replace("-", "–")
    return text


def value_words(name: str, text: str, lang: Lang) -> str:
    """Say what a setting's text means: *31 October*, *Tuesday*, *10 days*, *30, 7 days before …*."""
    match NAMES[name]:
        case "switch" | "hours" | "text" as kind:
            return _plain(kind, text, lang)
        case "month-day":
            month, day = map(int, text.split("-"))
            return dates.no_year(date(_ANY_LEAP_YEAR, month, day), lang)
        case "dates":
            days = [dates.short(date.fromisoformat(word), lang) for word in text.split()]
            return ", ".join(days) or say(lang, "settings.no-meetings")
        case "weekday":
            names = get_day_names("wide", context="stand-alone", locale=dates.LOCALES[lang])
            return str(names[int(text) - 1])
        case "count":
            return say(lang, "settings.days", n=int(text))
        case "offsets":
            return _offsets([int(word) for word in text.split()], lang)


def _plain(kind: str, text: str, lang: Lang) -> str:
    """Say a yes or no, the meetings' place, or their time; without one they last all day."""
    if kind == "switch":
        return say(lang, f"settings.switch-{text}")
    if kind == "text":
        return text or say(lang, "settings.no-text")
    if not text:
        return say(lang, "settings.all-day")
    begin, end = map(time.fromisoformat, text.split("-"))
    return dates.between(begin, end, lang)


def _offsets(days: list[int], lang: Lang) -> str:
    before = [str(-one) for one in days if one < 0]
    after = [str(one) for one in days if one > 0]
    parts = [say(lang, "settings.before", days=", ".join(before))] if before else []
    parts.append(say(lang, "settings.on-day"))
    parts += [say(lang, "settings.after", days=", ".join(after))] if after else []
    return "; ".join(parts)


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
