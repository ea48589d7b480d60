"""What happens next about an action if nobody answers: the stages to come, and the promise. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from email_templates import dates
from email_templates import words as shared
from reminders.due import World, first_start, needs_answer, unanswered
from reminders.items import promise
from reminders.policy import FIRST_START, Stage, stages
from reminders.web.status import Mark
from reminders.web.words import say
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens on a day if nobody answers."""

    on: date
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """When mail goes: the first day not mailed yet; whether the programme has had its first start."""

    first_day: date
    started: bool


def focus_of(own: list[Occurrence], found: Mapping[str, Mark]) -> Occurrence | None:
    """Return what is to be answered first: the newest overdue row, else the next open one."""
    open_rows = [row for row in own if needs_answer(row) and not found[str(row.id)].missing]
    late = [row for row in open_rows if found[str(row.id)].code == "overdue"]
    ahead = [row for row in open_rows if found[str(row.id)].code in {"soon", "coming"}]
    return late[-1] if late else next(iter(ahead), None)


def steps_of(
    world: World, focus: Occurrence | None, plan: Plan, lang: Lang
) -> tuple[World, tuple[Step, ...]]:
    """Return what is sent about ``focus`` from the plan's first day on, and the world as it will be then."""
    if focus is None or not unanswered(world, focus, plan.first_day):
        return world, ()
    found: list[Stage] = []
    if not plan.started:
        start = first_start(world, plan.first_day)
        world = replace(world, anchors=start.anchors)
        found = [stage for stage in start.stages if stage.occurrence == str(focus.id)]
    planned = stages(focus, world.workdays, world.policy, world.anchors.get(str(focus.id)))
    after = (
        plan.first_day if plan.started else max((stage.send_on for stage in found), default=plan.first_day)
    )
    found += [stage for stage in planned if stage.send_on >= after and stage not in found]
    return world, tuple(Step(stage.send_on, _stage_words(focus, stage, lang)) for stage in found)


def _stage_words(row: Occurrence, stage: Stage, lang: Lang) -> str:
    if stage.role == "unit":
        if stage.name == FIRST_START:
            return say(lang, "action.remind", stage=shared.letter(lang, "status-request"))
        days = (row.due - stage.send_on).days
        return say(lang, "action.remind", stage=shared.stage(lang, stage.name, days, row.kind))
    return say(lang, "action.head" if stage.role == "head" else "action.listed")


def promise_of(world: World, focus: Occurrence | None, plan: Plan, lang: Lang) -> str:
    """Say what happens if nobody answers, and by when; nothing when nothing happens."""
    if focus is None:
        return ""
    day = plan.first_day
    asked = unanswered(world, focus, day)
    found = promise(world, focus, asked, day) if asked else None
    if found is None:
        return ""
    by, on = dates.in_sentence(found.answer_by, lang), dates.in_sentence(found.on, lang)
    return say(lang, f"action.promise.{found.kind}", by=by, on=on)
