"""What in a new version of a programme is what in the one before: actions, and organisations.

An action is the same when its id and its title agree. They agree where the titles are the same words, or
alike (``LIKE``) while no other id has the very same title; titles are compared without case, accents and
punctuation, in any language that both have. Everything else is asked: an id with another title, a title with
another id, an action that has gone while another is much like it. What goes on takes its history along; what
ends leaves it.

An organisation is the same when its key is. One that stored rows name and that has nothing to do any more is
asked about where another has taken its place or its name; else it stays, without duties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from reminders.errors import UsageError
from reminders.intake.parties import likeness
from reminders.intake.reimport import LIKE, action_likeness, unique
from reminders.intake.words import plain_words
from schedule_rules.programme import Action, Organisation, Programme, Text
from schedule_rules.reading import READ_LANGUAGES

TITLES: Final = "titles"
"""The answer that takes every pair of the very same title."""
ENDED: Final = "-"
"""What an action or organisation goes on as that has ended."""
LARGE: Final = 0.1
"""An import that takes away more than this share of the actions is a loss that wants to be confirmed."""

_MAYBE: Final = 0.5  # from this likeness on a title that is new may be one that has gone
_STEM: Final = 5
_HELD: Final = 0.75  # or where so many of the words of one stand in the other: split and merged actions
_NAME: Final = 0.6  # the same of the names of organisations
_OFFERED: Final = 4

Subject = Literal["action", "organisation"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What something may go on as; ``exact``: it has the very same title or name."""

    key: str
    title: Text
    exact: bool


@dataclass(frozen=True, slots=True)
class VersionQuestion:
    """What the new version does not tell by itself: as what an action or organisation goes on, if it does."""

    subject: Subject
    key: str
    title: Text
    candidates: tuple[Candidate, ...]

    @property
    def exact(self) -> Candidate | None:
        """The candidate with the very same title, where there is one."""
        return next((one for one in self.candidates if one.exact), None)


@dataclass(frozen=True, slots=True)
class Pairing:
    """What goes on as what, what is still asked, and what is lost.

    ``actions`` and ``organisations`` are the keys that change, retired ids included; ``same`` tells of each
    action that goes on its id from now on; ``open`` are the questions that nobody answered, each with what is
    still free; ``clashes`` are actions of which somebody said that they all go on as one, by its id: they are
    open; ``lost`` are ids of actions that end, ``answered`` those of them that have answers.
    """

    actions: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[VersionQuestion, ...] = ()
    open: tuple[VersionQuestion, ...] = ()
    clashes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """What stored rows say about a programme: which keys they name, and its versions before, newest first."""

    actions: Collection[str] = ()
    organisations: Collection[str] = ()
    answered: Collection[str] = ()
    versions: Sequence[Programme] = ()


@dataclass(frozen=True, slots=True)
class SameAnswers:
    """What a person said goes on as what: new key, or nothing (it has ended), by old key; ``titles``: all."""

    pairs: Mapping[str, str] = field(default_factory=dict)
    titles: bool = False

    @classmethod
    def read(cls, texts: Sequence[str]) -> SameAnswers:
        """Read ``OLD=NEW``, ``OLD=-`` and ``titles``; raise ``UsageError`` on anything else."""
        pairs: dict[str, str] = {}
        for text in texts:
            old, equals, new = (part.strip() for part in text.partition("="))
            if text.strip() == TITLES:
                continue
            if not (old and equals and new):
                raise UsageError(f"--same: expected OLD=NEW, OLD={ENDED} or {TITLES}; found {text!r}")
            if pairs.setdefault(old, new) != new:
                raise UsageError(f"--same: expected one answer for {old}; found {pairs[old]} and {new}")
        return cls(pairs, TITLES in {text.strip() for text in texts})


def pair_versions(
    old: Programme,
    new: Programme,
    stored: Stored,
    answers: SameAnswers,
    today: date,
    restored: Mapping[str, str] = MappingProxyType({}),
) -> Pairing:
    """Return what of ``old`` goes on as what of ``new``, as far as the two and a person's answers tell.

    ``restored`` are retired ids that get back what they were. ``UsageError`` for an answer that names what
    neither version has.
    """
    _check(old, new, answers)
    settled = _settled(old, new, answers)
    questions = _action_questions(old, new, settled)
    said = answers.pairs.items()  # also of what was not asked
    same = settled | {key: one for key, one in said if key in old.action_by_id and one in new.action_by_id}
    clashes = _clashes(same)
    clashing = {key for keys in clashes.values() for key in keys}
    same = {key: one for key, one in same.items() if key not in clashing}
    if answers.titles:
        found = [(one.key, one.exact.key) for one in questions if one.exact and one.key not in answers.pairs]
        same |= {key: one for key, one in found if one not in same.values()}
    ended = {key for key, one in said if one == ENDED}
    open_actions = [
        replace(one, candidates=tuple(each for each in one.candidates if each.key not in same.values()))
        for one in questions
        if one.key not in same and one.key not in ended
    ]
    asked = {question.key for question in open_actions} | clashing
    lost = tuple(one.id for one in old.actions if one.id not in same and one.id not in asked)
    organisations, about, open_units = _pair_organisations(old, new, stored, answers, same)
    return Pairing(
        actions={**restored, **_moved_ids(old, new, same, stored, today)},
        organisations=organisations,
        same=same,
        questions=(*questions, *about),
        open=(*open_actions, *open_units),
        clashes=clashes,
        lost=lost,
        answered=tuple(key for key in lost if key in stored.answered),
        is_large=len(lost) > LARGE * len(old.actions),
    )


def _check(old: Programme, new: Programme, answers: SameAnswers) -> None:
    for key, target in answers.pairs.items():
        sides = ((old.action_by_id, new.action_by_id), (old.organisation_by_key, new.organisation_by_key))
        known = [theirs for ours, theirs in sides if key in ours]
        if not known:
            raise UsageError(
                f"--same {key}={target}: expected an action or organisation of the stored programme "
                f"before the equals sign; found {key!r}"
            )
        goes_on = key in old.organisation_by_key and key not in old.action_by_id and _duties(new, key)
        if target == ENDED and goes_on:
            raise UsageError(
                f"--same {key}={ENDED}: expected something that the new version no longer has; "
                f"found {key!r}, which is responsible in it"
            )
        if target != ENDED and not any(target in theirs for theirs in known):
            raise UsageError(
                f"--same {key}={target}: expected an action or organisation of the new version, or {ENDED}, "
                f"after the equals sign; found {target!r}"
            )


def _clashes(same: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the ids as which several actions would go on, each with those actions."""
    twice = [key for key, count in Counter(same.values()).items() if count > 1]
    return {key: tuple(sorted(old for old, new in same.items() if new == key)) for key in twice}


def likely_answers(questions: Sequence[VersionQuestion]) -> dict[str, str]:
    """Return an answer to each question that may be given together with the others: the nearest that is free.

    Of actions that become one the one that has its id already goes on, else the first; the others end.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for one in sorted(questions, key=lambda one: (one.exact is None, one.key not in _keys_of(one))):
        free = [key for key in _keys_of(one) if one.subject == "organisation" or key not in taken]
        nearest = one.key if one.key in free and not one.exact else next(iter(free), ENDED)
        found[one.key] = nearest
        taken |= {nearest} - {ENDED}
    return {one.key: found[one.key] for one in questions}


def joint_candidates(questions: Sequence[VersionQuestion]) -> dict[str, tuple[str, ...]]:
    """Return the actions that several others have most likely become, each with those others."""
    found: dict[str, list[str]] = {}
    for one in questions:
        if one.subject == "action" and one.candidates:
            found.setdefault(one.candidates[0].key, []).append(one.key)
    return {key: tuple(others) for key, others in found.items() if len(others) > 1}


def _keys_of(question: VersionQuestion) -> list[str]:
    return [one.key for one in question.candidates]


def _answer(question: VersionQuestion, answers: SameAnswers) -> str | None:
    """Return the key that somebody said, ``ENDED``, or None where it is still asked."""
    said = answers.pairs.get(question.key)
    if said is None and answers.titles and question.exact:
        return question.exact.key
    return said


# -- actions -----------------------------------------------------------------------------


def _plain_titles(action: Action) -> dict[str, str]:
    return {lang: plain_words(" ".join(bullets)) for lang, bullets in action.bullets.items() if bullets}


def _same_words(one: Action, other: Action) -> bool:
    """Tell whether two actions have the very same words in a language that both have."""
    left, right = _plain_titles(one), _plain_titles(other)
    return any(left[lang] == right[lang] != "" for lang in left.keys() & right.keys())


def _alike(one: Action, other: Action) -> float:
    """Return how alike two actions are: by all their words, or by their first points alone."""
    firsts = [{lang: own[:1] for lang, own in action.bullets.items()} for action in (one, other)]
    return max(action_likeness(one.bullets, other.bullets), action_likeness(*firsts))


_Stems = Mapping[str, frozenset[str]]


def _stems(action: Action) -> _Stems:
    """Return how the words of an action begin, by language."""
    return {
        lang: frozenset(word[:_STEM] for word in title.split())
        for lang, title in _plain_titles(action).items()
    }


def _nearness(one: Action, other: Action, stems: tuple[_Stems, _Stems]) -> float:
    """Return how likely an action goes on as another: how alike they are, or that one holds the other.

    Actions that have hardly a word in common are not compared letter by letter.
    """
    mine, yours = stems
    shares = [
        (len(mine[lang] & yours[lang]), min(len(mine[lang]), len(yours[lang])))
        for lang in mine.keys() & yours.keys()
    ]
    if not any(common >= least / 3 for common, least in shares):
        return 0.0
    held = any(common >= max(2, _HELD * least) for common, least in shares)
    return max(_alike(one, other), _MAYBE if held else 0.0)


def _settled(old: Programme, new: Programme, answers: SameAnswers) -> dict[str, str]:
    """Return the actions that are the same without a question; what somebody answered is left out."""
    left = [one for one in old.actions if one.id not in answers.pairs]
    found = {
        one.id: one.id
        for one in left
        if one.id in new.action_by_id and _same_words(one, new.action_by_id[one.id])
    }
    elsewhere = [one for one in new.actions if one.id not in found]
    for one in left:
        same_id = new.action_by_id.get(one.id)
        if one.id in found or same_id is None:
            continue
        shares = one.bullets.keys() & same_id.bullets.keys()
        moved = any(_same_words(one, other) for other in elsewhere)
        taken = any(_same_words(other, same_id) for other in old.actions if other.id not in found)
        if not shares or (_alike(one, same_id) >= LIKE and not moved and not taken):
            found[one.id] = one.id
    return found


def _action_questions(
    old: Programme, new: Programme, settled: Mapping[str, str]
) -> tuple[VersionQuestion, ...]:
    asked = [one for one in old.actions if one.id not in settled]
    free = [one for one in new.actions if one.id not in settled.values()]
    pairs: dict[str, Action] = {}
    untaken = dict.fromkeys(one.id for one in free)
    for one in asked:
        exact = (key for key in untaken if _same_words(one, new.action_by_id[key]))
        if key := next(exact, None):
            pairs[one.id] = new.action_by_id[key]
            del untaken[key]
    left = [new.action_by_id[key] for key in untaken]
    mine, yours = ({one.id: _stems(one) for one in ones} for ones in (asked, left))
    found = []
    for one in asked:
        first = pairs.get(one.id)
        rated = [(_nearness(one, other, (mine[one.id], yours[other.id])), other) for other in left]
        rated.sort(key=lambda pair: -pair[0])
        near = [other for rate, other in rated if rate >= _MAYBE]
        own = [other for other in left if other.id == one.id]
        offered = dict.fromkeys((*((first,) if first else ()), *near[:_OFFERED], *own))
        if offered:
            candidates = tuple(Candidate(each.id, each.title, each is first) for each in offered)
            found.append(VersionQuestion("action", one.id, one.title, candidates))
    return tuple(found)


def _moved_ids(
    old: Programme, new: Programme, same: Mapping[str, str], stored: Stored, today: date
) -> dict[str, str]:
    """Return the ids that change: of what goes on under another one, and of what leaves its id to another.

    The history of an action that ended stays under its id until the id is another's; then it keeps the id
    with the day ("1-1-until-2026-01-13").
    """
    moves = {key: target for key, target in same.items() if key != target}
    used = {*old.action_by_id, *new.action_by_id, *stored.actions}
    ended = [one for one in old.actions if one.id not in same]
    back = [one for one in new.actions if one.id not in old.action_by_id and one.id in stored.actions]
    leaves = [one.id for one in ended if one.id in new.action_by_id]
    leaves += [one.id for one in back if one.id in same.values() or _was_another(one, stored.versions)]
    for key in leaves:
        moves[key] = unique(f"{key}-until-{today.isoformat()}", used)
        used.add(moves[key])
    return moves


def _was_another(action: Action, versions: Sequence[Programme]) -> bool:
    """Tell whether an id that comes back was another action's when it was last there."""
    last = next((one.action_by_id[action.id] for one in versions if action.id in one.action_by_id), None)
    return last is not None and not _same_words(last, action) and _alike(last, action) < LIKE


def lasting_origins(
    old: Programme, new: Programme, pairing: Pairing, versions: Sequence[Programme], today: date
) -> dict[str, str]:
    """Return the ids by which calendars and links know the actions of ``new``, where they are others.

    What goes on keeps the id of its first day; what is new under an id that was another's gets its own.
    """
    came_from = {target: key for key, target in pairing.same.items()}
    before = (old, *versions)
    used = {origin for one in before for key in one.action_by_id for origin in (key, one.origin(key))}
    found: dict[str, str] = {}
    for action in new.actions:
        if action.id in came_from:
            found[action.id] = old.origin(came_from[action.id])
        elif action.id in used:
            last = next((one for one in before if action.id in one.action_by_id), None)
            returns = last is not None and last is not old and action.id not in pairing.actions
            returns = returns and not _was_another(action, versions)
            fresh = unique(f"{action.id}-from-{today.isoformat()}", used)
            found[action.id] = last.origin(action.id) if returns and last else fresh
        used.add(found.get(action.id, action.id))
    return {key: origin for key, origin in found.items() if key != origin}


# -- organisations -----------------------------------------------------------------------


def _duties(programme: Programme, organisation: str) -> dict[str, str]:
    """Return what an organisation has to do, by action: leads, partners, or the programme itself."""
    found: dict[str, str] = {}
    for action in programme.actions:
        if organisation in (*action.leads, *(move.taker for move in action.handovers)):
            found[action.id] = "leads"
        elif organisation in action.partners:
            found[action.id] = "partners"
    return {**found, "": "monitors"} if programme.monitored_by == organisation else found


def _pair_organisations(
    old: Programme, new: Programme, stored: Stored, answers: SameAnswers, same: Mapping[str, str]
) -> tuple[dict[str, str], tuple[VersionQuestion, ...], tuple[VersionQuestion, ...]]:
    """Return the keys that change, what is asked, and what of it is open."""
    moves: dict[str, str] = {}
    questions, left = [], []
    for one in old.organisations:
        said = answers.pairs.get(one.key)
        if said and said in new.organisation_by_key and said != one.key:
            moves[one.key] = said
        candidates = _successors(one, old, new, same) if one.key in stored.organisations else ()
        if not candidates:
            continue
        question = VersionQuestion("organisation", one.key, one.name, candidates)
        questions.append(question)
        answer = _answer(question, answers)
        if answer is None:
            left.append(question)
        elif answer not in {ENDED, one.key}:
            moves[one.key] = answer
    return moves, tuple(questions), tuple(left)


def _successors(
    one: Organisation, old: Programme, new: Programme, same: Mapping[str, str]
) -> tuple[Candidate, ...]:
    """Return who may be an organisation that has nothing to do any more: by name, or by its duties."""
    gone = one.key not in new.organisation_by_key
    before = _duties(old, one.key)
    if not (gone or before) or _duties(new, one.key):
        return ()
    places = {same.get(action, action): role for action, role in before.items()}
    rated = []
    for at, other in enumerate(new.organisations):
        is_new = other.key not in old.organisation_by_key
        if other.key == one.key or not (is_new or gone):
            continue
        likes = _name_likeness(one, other)
        had = {same.get(action, action) for action in _duties(old, other.key)}
        takes = sum(
            places.get(action) == role and action not in had
            for action, role in _duties(new, other.key).items()
        )
        if (is_new and likes >= _NAME) or takes:
            rated.append(
                (-likes if is_new else 0.0, -takes, at, Candidate(other.key, other.name, likes == 1))
            )
    return tuple(candidate for *_, candidate in sorted(rated, key=lambda row: row[:3])[:_OFFERED])


def _name_likeness(one: Organisation, other: Organisation) -> float:
    """Return how alike two names are; one that holds the other whole is alike enough to be asked about."""
    found = 0.0
    for lang in READ_LANGUAGES:
        left, right = (each.name.own(lang) for each in (one, other))
        if left and right:
            words = [set(plain_words(text).split()) for text in (left, right)]
            whole = words[0] <= words[1] or words[1] <= words[0]
            found = max(found, likeness(left, right, lang), _NAME if whole else 0.0)
    return found


def with_history(
    old: Programme, new: Programme, pairing: Pairing, stored: Stored, origins: Mapping[str, str]
) -> Programme:
    """Return the new version with what the stored programme has beyond it.

    That are the organisations that stored rows name and the new version no longer does, without duties, the
    ``origins`` of its actions (``lasting_origins``), and the keys that organisations had before.
    """
    named = {pairing.organisations.get(key, key) for key in stored.organisations}
    kept = [
        one
        for one in old.organisations
        if one.key in named
        and one.key not in new.organisation_by_key
        and one.key not in pairing.organisations
    ]
    organisations = (*new.organisations, *kept)
    live = {one.key for one in organisations}
    successors = {key: pairing.organisations.get(last, last) for key, last in old.successors.items()}
    successors |= pairing.organisations
    return replace(
        new,
        organisations=organisations,
        origins=origins,
        successors={key: last for key, last in successors.items() if key not in live and last in live},
    )
