"""The settings page: a programme's dates, stages and escalation; what the service was started with.

Signed in only. A change is shown with what it does to the mails to come, then stored by one button.

The settings of a programme and of the service as their page shows them. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from reminders.errors import NotFoundError
from reminders.planning.programme_settings import NAMES, Setting, SettingError, canonical_setting
from reminders.settings import Settings
from reminders.store import programmes as store
from reminders.store.programmes import SettingRecord
from reminders.use.planning.preview import what_if
from reminders.use.programme.settings import (
    SettingChange,
    change_setting,
    check_change,
    enter_setting,
    settings_of_programme,
)
from reminders.web.catalogue import say
from reminders.web.forms import PageContext, asked_of, read_form, text_of
from reminders.web.mail.forecast import difference_view, window_of
from reminders.web.session import refuse_request
from reminders.web.site import Site
from schedule_rules.programme import Lang

# -- The settings of a programme and of the service as their page shows them. Pure

_ANY_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Fact:
    """One setting in words: its name, what holds, who chose it (nothing: the default)."""

    name: str
    title: str
    value: str
    basis: str


def setting_facts(
    choices: Iterable[Setting], made: Iterable[SettingRecord], zone: ZoneInfo, lang: Lang
) -> tuple[Fact, ...]:
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


def _basis(chosen: SettingRecord | None, zone: ZoneInfo, lang: Lang) -> str:
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


# -- The settings page: a programme's dates, stages and escalation; what the service was starte

_LIMIT: Final = 20_000
LONGEST: Final = 400


class SettingsPages:
    """The endpoints of the settings."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/settings", self.page),
            Route("/settings/{name}", self.form),
            Route("/settings/{name}", self.posted, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/settings``."""
        if refused := refuse_request(self.site, request):
            return refused
        asked, service = asked_of(self.site, request), self.site.service
        with self.site.library.read() as connection:
            choices = settings_of_programme(connection, asked.key)
            made = store.setting_history(connection, asked.key)
        return self.site.page(
            request,
            "settings.html",
            facts=setting_facts(choices, made, service.settings.zone, asked.lang),
            service=of_service(service.settings, service.clock(), asked.lang),
            held=asked.standing.book.row.held,
            key=asked.key,
        )

    def form(self, request: Request) -> Response:
        """Answer for ``/settings/{name}``: the form of one setting."""
        if refused := refuse_request(self.site, request):
            return refused
        asked, name = asked_of(self.site, request), _name(request)
        with self.site.library.read() as connection:
            text = next(one.text for one in settings_of_programme(connection, asked.key) if one.name == name)
        return self._edit(request, asked, typed(name, text, asked.lang), "")

    async def posted(self, request: Request) -> Response:
        """Answer for a POST: *preview*, *edit*, *save*, or *default*, which takes the choice back."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        asked, step = asked_of(self.site, request), text_of(form, "step")
        text = "" if step == "default" else text_of(form, "value")[:LONGEST]
        wish = SettingChange(asked.key, _name(request), text, asked.by)
        wrong = self._wrong(asked, wish, blank=step in {"default", "save"})
        if wrong or step == "edit":
            return self._edit(request, asked, text, wrong)
        if step == "save":
            change_setting(self.site.service, wish)
            return RedirectResponse(asked.home("/settings"), 303)
        return self._preview(request, asked, wish)

    def _wrong(self, asked: PageContext, wish: SettingChange, *, blank: bool) -> str:
        """Say what is wrong with a value; a blank one is the default where that was asked for."""
        if not wish.text and not blank:
            return say(asked.lang, f"settings.wrong.{NAMES[wish.name]}")
        try:
            check_change(asked.standing.book.row, dict(asked.standing.book.row.chosen), wish)
        except SettingError as error:
            return say(asked.lang, f"settings.wrong.{error.code}")
        return ""

    def _preview(self, request: Request, asked: PageContext, wish: SettingChange) -> Response:
        service, today = self.site.service, self.site.library.today()
        found = what_if(
            service, lambda connection: enter_setting(connection, service, wish), window_of(today)
        )
        text = canonical_setting(asked.standing.book.row.printed, wish.name, wish.text)
        words = value_words(wish.name, text, asked.lang) if text else ""
        return self.site.page(
            request,
            "settings_preview.html",
            title=say(asked.lang, f"settings.name.{wish.name}"),
            value=words or say(asked.lang, "settings.default-again"),
            wish=wish,
            mails=difference_view(found, asked.lang),
            home=asked.home("/settings"),
        )

    def _edit(self, request: Request, asked: PageContext, text: str, wrong: str) -> Response:
        name = _name(request)
        return self.site.page(
            request,
            "settings_form.html",
            422 if wrong else 200,
            name=name,
            kind=NAMES[name],
            title=say(asked.lang, f"settings.name.{name}"),
            value=text,
            wrong=wrong,
            chosen=name in asked.standing.book.row.chosen,
            longest=LONGEST,
            home=asked.home("/settings"),
            key=asked.key,
        )


def _name(request: Request) -> str:
    name: str = request.path_params["name"]
    if name not in NAMES:
        raise NotFoundError(f"no setting {name!r}")
    return name
