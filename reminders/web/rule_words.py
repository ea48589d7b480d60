"""The rules of an action in words: how a wording was read, which words say so, on what basis. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from email_templates import dates
from email_templates import words as shared
from reminders.web.timeline import target
from reminders.web.words import say
from schedule_rules.programme import Action, Lang, Programme
from schedule_rules.rule import CollectionRule, MilestoneRule, ReviewRule, Rule, StartRule, TargetRule


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule: what it says, the words it comes from, its provenance and that in words."""

    reading: str
    words: str
    provenance: str
    basis: str


def rule_rows(
    rules: Iterable[Rule], action: Action, programme: Programme, lang: Lang, *, named: bool = True
) -> tuple[RuleRow, ...]:
    """Return the rules of an action, then its handovers: printed, or entered by a person.

    ``named`` tells whether who corrected a rule is said: not to the public.
    """
    rows = [_row(rule, lang, named=named) for rule in rules]
    for move in action.handovers:
        names = programme.organisation_by_key
        reading = say(lang, "action.move-rule", on=dates.short(move.effective_from, lang))
        taker = names[move.taker].name.get(lang)
        code = "corrected" if move.by else "printed"
        rows.append(
            RuleRow(f"{_capital(reading)}: {taker}", move.source.get(lang), code, shared.basis(lang, code))
        )
    return tuple(rows)


def _row(rule: Rule, lang: Lang, *, named: bool) -> RuleRow:
    basis = rule.basis
    days = ", ".join(_days(rule, lang))
    reading = _capital(shared.reading(lang, basis.reading))
    return RuleRow(
        f"{reading}: {days}" if days else reading,
        basis.words.get(lang),
        basis.provenance,
        shared.basis(lang, basis.provenance, basis.by if named else "", basis.on),
    )


def _days(rule: Rule, lang: Lang) -> list[str]:
    match rule:
        case StartRule():
            return [dates.short(rule.on, lang)]
        case MilestoneRule():
            return [dates.short(rule.due, lang)]
        case ReviewRule():
            return [dates.short(rule.day.in_year(year), lang) for year in rule.years]
        case CollectionRule():
            return [dates.short(rule.due.in_year(year + 1), lang) for year in rule.years]
        case TargetRule():
            return [target(rule, lang)]
        case _:
            return []


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
