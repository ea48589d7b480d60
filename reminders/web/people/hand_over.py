"""Handing responsibility over in bulk, on a date: the form, exactly what moves, then one button.

Signed in only. Who is told is decided in ``planning.hand_over``; storing is left to ``use.people.hand_over``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.errors import NotFoundError, UsageError
from reminders.use.people import hand_over as use
from reminders.web.catalogue import no_date_words, say
from reminders.web.mail.forecast import mails_changed
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.snapshot import CurrentState
from schedule_rules.programme import Lang

LONGEST: Final = 1000


def led_by(current: CurrentState, giver: str, day: date) -> list[str]:
    """Return the actions that an organisation leads on a day or will lead, in the programme's order."""
    return [
        action.id
        for action in current.snapshot.programme.actions
        if giver in action.leads_on(day)
        or any(move.taker == giver and move.effective_from > day for move in action.handovers)
    ]


def moving_rows(
    moving: use.HandOverEffect, current: CurrentState, lang: Lang
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the title of each action that moves, with its dates that still wait for an answer."""
    programme, rows = current.snapshot.programme, current.state.occurrences
    return tuple(
        (
            programme.action_by_id[action].title.get(lang),
            tuple(
                f"{shared.kind(lang, rows[one].kind)} {dates.short(rows[one].due, lang)}"
                for one in moving.occurrences
                if rows[one].id.action == action
            ),
        )
        for action in moving.actions
    )


def hand_over_history(current: CurrentState, lang: Lang) -> tuple[tuple[str, str, str, str, str, str], ...]:
    """Return every hand-over, the newest first: action, its title, day, from whom, to whom, on what basis."""
    programme = current.snapshot.programme
    moves = [(move, action) for action in programme.actions for move in action.handovers]
    moves.sort(key=lambda pair: (pair[0].effective_from, pair[1].id), reverse=True)
    return tuple(
        (
            action.id,
            action.title.get(lang),
            dates.short(move.effective_from, lang),
            programme.organisation_by_key[move.giver].name.get(lang),
            programme.organisation_by_key[move.taker].name.get(lang),
            dates.quoted(words, lang)
            if (words := move.source.get(lang))
            else say(lang, "handing.entered", by=shared.doer(lang, move.by)),
        )
        for move, action in moves
    )


@dataclass(frozen=True)
class HandOverInput:
    """What a form holds, as it was typed."""

    giver: str = ""
    taker: str = ""
    on: str = ""
    actions: tuple[str, ...] = ()
    note: str = ""

    @classmethod
    def of(cls, page: Page) -> HandOverInput:
        """Read a posted form."""
        giver, taker, on, note = (page.text(name) for name in ("giver", "taker", "on", "note"))
        return cls(giver, taker, on, tuple(page.ticked("action")), note)

    def wrong(self, page: Page) -> dict[str, str]:
        """Return what is wrong by field, in the reader's words."""
        programme, on = page.snapshot.programme, dates.typed_date(self.on)
        known = programme.organisation_by_key
        checks = {
            "giver": self.giver in known,
            "taker": self.taker in known and self.taker != self.giver,
            "on": on is not None and on <= programme.period.last,
            "actions": bool(self.actions),
        }
        wrong = {name: page.say(f"handing.wrong.{name}") for name, right in checks.items() if not right}
        if "on" in wrong:
            wrong["on"] = no_date_words(self.on, page.lang, wrong["on"])
        if len(self.note) > LONGEST:
            wrong["note"] = page.say("answer.too-long", most=dates.number(LONGEST, page.lang))
        return wrong


class HandOverPages(Pages):
    """Hand-overs: the form with the actions to be ticked, what moves, what has moved."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.secretary("/hand-over", self.show, self.enter, FormLimits(size=100_000, fields=500))

    def show(self, page: Page) -> Response:
        """Show the form; with ``giver`` the actions that it leads, to be ticked."""
        giver = page.query.get("giver", "")
        known = giver if giver in page.snapshot.programme.organisation_by_key else ""
        led = led_by(page.current, known, page.today)
        actions = (page.query["action"],) if "action" in page.query else tuple(led)
        entered = HandOverInput(known, on=dates.short(page.today, page.lang), actions=actions)
        return self._form(page, entered, {})

    def enter(self, page: Page) -> Response:
        """Do the form's step: *preview* (nothing is stored), *edit* (back to the form) or *save*."""
        entered, step = HandOverInput.of(page), page.text("step")
        on, wrong = dates.typed_date(entered.on), entered.wrong(page)
        if wrong or on is None or step == "edit":
            return self._form(page, entered, wrong)
        wanted = use.HandOver(
            page.key, entered.giver, entered.taker, on, entered.actions, page.by, entered.note
        )
        try:
            if step == "save":
                use.hand_over(page.service, wanted)
                return page.redirect(f"{page.home('/hand-over')}#history")
            return self._preview(page, wanted, use.preview_hand_over(page.service, wanted))
        except (UsageError, NotFoundError):
            if step == "save" and use.is_handed_over(page.snapshot.programme, wanted):  # a second press
                return page.redirect(f"{page.home('/hand-over')}#history")
            return self._form(page, entered, {"actions": page.say("handing.wrong.not-led")})

    def _preview(self, page: Page, wanted: use.HandOver, moving: use.HandOverEffect) -> Response:
        names = page.snapshot.programme.organisation_by_key
        return page.render(
            "hand_over_preview.html",
            wanted=wanted,
            giver=names[wanted.giver].name.get(page.lang),
            taker=names[wanted.taker].name.get(page.lang),
            rows=moving_rows(moving, page.current, page.lang),
            waiting=len(moving.mails),
            mails=mails_changed(
                page, lambda connection: use.enter_hand_over(connection, page.service, wanted)
            ),
            key=page.key,
        )

    def _form(self, page: Page, entered: HandOverInput, wrong: dict[str, str]) -> Response:
        programme, lang = page.snapshot.programme, page.lang
        return page.render(
            "hand_over.html",
            422 if wrong else 200,
            entered=entered,
            wrong=wrong,
            givers=[
                (key, programme.organisation_by_key[key].name.get(lang))
                for key in programme.lead_organisations()
            ],
            takers=[(one.key, one.name.get(lang)) for one in programme.organisations],
            led=[
                (action, programme.action_by_id[action].title.get(lang))
                for action in led_by(page.current, entered.giver, page.today)
            ],
            past=hand_over_history(page.current, lang),
            key=page.key,
        )
