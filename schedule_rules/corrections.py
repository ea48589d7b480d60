"""A programme as people corrected it: its actions, what they stand under, and who is responsible.

1. Organisations are named anew, and new ones come.
2. Actions come that the document lacks, or that stood in another; texts, parties, goals and themes change.
3. What is no action, or part of another one, goes.
4. Organisations that are another, or several, are replaced by those wherever they stand.

Corrections of schedule and frequency are read where rules are derived.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from schedule_rules.programme import (
    LANGUAGES,
    Action,
    CorrectedField,
    Correction,
    Domain,
    Goal,
    Handover,
    Organisation,
    Programme,
    Text,
    TextLang,
)

Corrections = Mapping[str, tuple[Correction, ...]]
"""People's decisions by action, oldest first; "" stands for the programme itself."""

_NAMES = re.compile(rf"(?:^|;)\s*({'|'.join(LANGUAGES)}):\s*")
_KEYED = re.compile(r"(?P<key>[a-z0-9][a-z0-9-]*) = (?P<names>.*)", re.DOTALL)
_LONGEST_CHAIN = 20


def names_in(text: str) -> Text:
    """Return the names that ``fi: Kirjasto; sv: Biblioteket`` gives; none for anything else."""
    parts = _NAMES.split(text)
    if parts[0].strip():
        return Text()
    pairs = dict(zip(parts[1::2], map(str.strip, parts[2::2]), strict=True))
    return Text(**pairs)


def written_names(names: Text) -> str:
    """Return names as ``names_in`` reads them."""
    return "; ".join(f"{lang}: {name}" for lang, name in names.as_dict().items())


def keyed_names(value: str) -> tuple[str, Text]:
    """Return key and names of ``library = fi: Kirjasto``; a bare key has no names."""
    found = _KEYED.fullmatch(value)
    return (found["key"], names_in(found["names"])) if found else (value, Text())


def replaced_party(value: str) -> tuple[str, tuple[str, ...]]:
    """Return which organisation of ``culture = culture-and-leisure`` stands for which."""
    old, _, new = value.partition("=")
    return old.strip(), tuple(new.split())


def with_corrections(programme: Programme, corrections: Corrections) -> Programme:
    """Return a programme as people corrected it."""
    if not corrections:
        return programme
    whole = with_named_organisations(programme, corrections)
    whole = replace(whole, actions=_new_actions_among(whole, corrections)).corrected(corrections)
    whole = _under_other_goals(_without_false_actions(whole))
    return _with_other_parties(whole, corrections.get("", ()))


def _newest(made: Iterable[Correction], field: CorrectedField) -> str:
    return next((one.value for one in reversed(tuple(made)) if one.field == field), "")


def _over(names: Text, newer: Text) -> Text:
    return Text(**{**names.as_dict(), **newer.as_dict()})


def with_named_organisations(programme: Programme, corrections: Corrections) -> Programme:
    """Return a programme as printed, with the organisations that people named anew or added."""
    return replace(programme, organisations=_organisations(programme, corrections.get("", ())))


def _organisations(programme: Programme, made: Sequence[Correction]) -> tuple[Organisation, ...]:
    """Return the organisations with those that people named anew or added; an old name stays an alias."""
    found = {one.key: one for one in programme.organisations}
    for one in made:
        if one.field != "organisation":
            continue
        key, names = keyed_names(one.value)
        known = found.get(key)
        if known is None:
            found[key] = Organisation(key, "organisation", names)
            continue
        aliases = dict(known.aliases)
        for lang in names.as_dict():
            old = getattr(known.name, lang)
            if old and old != getattr(names, lang):
                aliases[lang] = tuple(dict.fromkeys((*aliases.get(lang, ()), old)))
        found[key] = replace(known, name=_over(known.name, names), aliases=aliases)
    return tuple(found.values())


def with_new_actions(programme: Programme, corrections: Corrections) -> Programme:
    """Return a programme as printed, with the actions that people added."""
    actions = _new_actions_among(programme, corrections)
    known = programme.action_by_id
    own = (one if one.id in known else one.corrected(corrections[one.id]) for one in actions)
    return replace(programme, actions=tuple(own))


def _new_actions_among(programme: Programme, corrections: Corrections) -> tuple[Action, ...]:
    """Return the actions with those that people added, each behind the one that it follows.

    One that the document has by now is the document's.
    """
    actions = list(programme.actions)
    known = {one.id: one for one in actions}
    last: dict[str, str] = {}
    for key, made in corrections.items():
        second, new = _newest(made, "second-action"), _newest(made, "new-action")
        if key in known or not (second or new) or not programme.goals:
            continue
        before = known.get(second or new)
        action = Action(key, before.goal if before else programme.goals[-1].key, {})
        if before and second:
            action = replace(before, id=key, bullets={}, handovers=(), corrections=())
        before_it = second or new
        behind = last.get(before_it, before_it)
        at = next((at for at, one in enumerate(actions) if one.id == behind), len(actions))
        actions.insert(at + 1, action)
        known[key], last[before_it] = action, key
    return tuple(actions)


def _without_false_actions(programme: Programme) -> Programme:
    """Leave out what is no action, and put what is part of another action behind that one's points."""
    known, parts = programme.action_by_id, dict[str, list[Action]]()
    gone = set[str]()
    for action in programme.actions:
        whole = _whole_of(action, known)
        if whole != action.id:
            parts.setdefault(whole, []).append(action)
            gone.add(action.id)
        elif _newest(action.corrections, "no-action"):
            gone.add(action.id)
    if not gone:
        return programme
    actions = tuple(
        replace(one, bullets=_joined(one, parts[one.id])) if one.id in parts else one
        for one in programme.actions
        if one.id not in gone
    )
    return replace(programme, actions=actions)


def _whole_of(action: Action, known: Mapping[str, Action]) -> str:
    """Return the id of the action that an action is part of, its own where it is of none."""
    seen = [action.id]
    while (whole := _newest(known[seen[-1]].corrections, "part-of")) in known and whole not in seen:
        seen.append(whole)
    return seen[-1]


def _joined(action: Action, parts: Sequence[Action]) -> dict[TextLang, tuple[str, ...]]:
    bullets = dict(action.bullets)
    for part in parts:
        for lang, own in part.bullets.items():
            bullets[lang] = (*bullets.get(lang, ()), *own)
    return bullets


def _under_other_goals(programme: Programme) -> Programme:
    """Put actions under the goals and themes that people said; a goal stands under one theme alone."""
    domains, goals = dict(programme.domain_by_key), dict(programme.goal_by_key)
    moved: dict[str, str] = {}
    for action in programme.actions:
        own, theme = (keyed_names(_newest(action.corrections, name)) for name in ("goal", "theme"))
        goal = goals[action.goal]
        if own[0] in goals or own[1]:
            goal = goals.setdefault(own[0], Goal(own[0], goal.domain, own[1]))
        if theme[0] in domains or theme[1]:
            domain = domains.setdefault(theme[0], Domain(theme[0], theme[1]))
            if goal.domain != domain.key:
                key = f"{goal.key}-in-{domain.key}"
                goal = goals.setdefault(key, Goal(key, domain.key, goal.name))
        if goal.key != action.goal:
            moved[action.id] = goal.key
    if not moved:
        return programme
    actions = tuple(replace(one, goal=moved.get(one.id, one.goal)) for one in programme.actions)
    return replace(programme, domains=tuple(domains.values()), goals=tuple(goals.values()), actions=actions)


def _with_other_parties(programme: Programme, made: Sequence[Correction]) -> Programme:
    """Replace organisations that people said to be another, or several; the first of those succeeds it."""
    said = dict(replaced_party(one.value) for one in made if one.field == "party")
    stands_for = {
        key: own for key, new in said.items() if (own := _last(key, said)) and own != (key,) and new
    }
    if not stands_for:
        return programme

    def keys(old: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for key in old for one in stands_for.get(key, (key,))))

    firsts = {key: own[0] for key, own in stands_for.items()}

    def handover(move: Handover) -> Handover:
        giver, taker = (firsts.get(key, key) for key in (move.giver, move.taker))
        return replace(move, giver=giver, taker=taker)

    actions = tuple(
        replace(
            one,
            leads=keys(one.leads),
            partners=tuple(key for key in keys(one.partners) if key not in keys(one.leads)),
            handovers=tuple(map(handover, one.handovers)),
        )
        for one in programme.actions
    )
    gone = {key: programme.organisation_by_key[key] for key in stands_for}
    left = tuple(
        _also_called(one, [gone[key] for key, own in stands_for.items() if own == (one.key,)])
        for one in programme.organisations
        if one.key not in stands_for
    )
    return replace(
        programme,
        actions=actions,
        organisations=left,
        monitored_by=firsts.get(programme.monitored_by, programme.monitored_by),
        successors={**programme.successors, **firsts},
    )


def _also_called(organisation: Organisation, others: Sequence[Organisation]) -> Organisation:
    """Return an organisation with the names of those that it stands for as aliases."""
    aliases = dict(organisation.aliases)
    for other in others:
        for lang, name in other.name.as_dict().items():
            own = (*aliases.get(lang, ()), name, *other.aliases.get(lang, ()))
            aliases[lang] = tuple(dict.fromkeys(own))
    return replace(organisation, aliases=aliases) if others else organisation


def _last(key: str, said: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return what stands for an organisation in the end, each once; a circle ends where it began."""
    found, waiting = dict[str, None](), [key]
    seen = set[str]()
    for _ in range(_LONGEST_CHAIN):
        if not waiting:
            break
        one = waiting.pop(0)
        new = said.get(one, ())
        if one in seen or not new or new == (one,):
            found[one] = None
        else:
            seen.add(one)
            waiting = [*new, *waiting]
    return tuple(found)
