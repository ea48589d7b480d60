"""A programme that is there already: which of its keys an import keeps.

An import that has nothing to do with it keeps none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reminders.intake.parties.organisations import likeness
from reminders.intake.words import plain_words
from schedule_rules.days import Span
from schedule_rules.programme import Action, Defaults, Lang, Organisation, Programme, Text

LIKE = 0.72
"""How alike the titles of an action must be to be the same."""
SHARE = 0.5
"""Which part of the rows must be known for the document to be of the known programme."""

Bullets = Mapping[Lang, tuple[str, ...]]


@dataclass(frozen=True)
class KnownProgramme:
    """What is kept of a programme; of none, nothing."""

    programme: Programme | None = None

    @classmethod
    def of(cls, programme: Programme | None, rows: Sequence[Bullets]) -> KnownProgramme:
        """Return what to keep of ``programme`` for rows with these titles: all or nothing."""
        if programme is None or not rows:
            return cls()
        known = cls(programme)
        found = sum(bool(key) for key in known.ids(rows))
        return known if found >= SHARE * len(rows) else cls()

    # -- the whole -----------------------------------------------------------------------

    @property
    def key(self) -> str:
        """Its key."""
        return self.programme.key if self.programme else ""

    @property
    def name(self) -> Text:
        """Its name."""
        return self.programme.name if self.programme else Text()

    @property
    def period(self) -> Span | None:
        """Its period."""
        return self.programme.period if self.programme else None

    @property
    def languages(self) -> tuple[Lang, ...]:
        """The languages that it has."""
        return self.programme.languages if self.programme else ()

    @property
    def stamp(self) -> date | None:
        """The date of its data."""
        return self.programme.stamp if self.programme else None

    @property
    def monitored_by(self) -> str:
        """Who monitors it."""
        return self.programme.monitored_by if self.programme else ""

    @property
    def meetings(self) -> tuple[date, ...]:
        """The meetings of its board."""
        return self.programme.meetings if self.programme else ()

    @property
    def defaults(self) -> Defaults:
        """The dates that it assumes."""
        return self.programme.defaults if self.programme else Defaults()

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """Its organisations."""
        return self.programme.organisations if self.programme else ()

    def text(self, printed: Text, before: Text) -> Text:
        """Return what is printed now; a language that is not printed keeps what it had."""
        return Text(**{**before.as_dict(), **printed.as_dict()})

    # -- parts ---------------------------------------------------------------------------

    def action(self, key: str) -> Action | None:
        """Return the action that has this id."""
        return self.programme.action_by_id.get(key) if self.programme else None

    def ids(self, rows: Sequence[Bullets]) -> list[str]:
        """Return the id of the known action that each row is, the most alike first; each id once."""
        actions = self.programme.actions if self.programme else ()
        scored = sorted(
            (
                (-_alike(row, action.bullets), abs(at / len(rows) - number / len(actions)), at, action.id)
                for at, row in enumerate(rows)
                for number, action in enumerate(actions)
                if _may_be(row, action.bullets)
            ),
        )
        found: dict[int, str] = {}
        for score, _, at, key in scored:
            if -score >= LIKE and at not in found and key not in found.values():
                found[at] = key
        return [found.get(at, "") for at in range(len(rows))]

    def domain_key(self, text: Text) -> str:
        """Return the key of the domain of this name."""
        domains = self.programme.domains if self.programme else ()
        return next((domain.key for domain in domains if _same(domain.name, text)), "")

    def domain_name(self, key: str, text: Text) -> Text:
        """Return the name of a domain, in the languages that it had and has."""
        domain = self.programme.domain_by_key.get(key) if self.programme else None
        return self.text(text, domain.name if domain else Text())

    def goal_key(self, text: Text) -> str:
        """Return the key of the goal of this name."""
        goals = self.programme.goals if self.programme else ()
        return next((goal.key for goal in goals if _same(goal.name, text)), "")

    def goal_name(self, key: str, text: Text) -> Text:
        """Return the name of a goal, in the languages that it had and has."""
        goal = self.programme.goal_by_key.get(key) if self.programme else None
        return self.text(text, goal.name if goal else Text())


def _same(first: Text, second: Text) -> bool:
    shared = first.as_dict().keys() & second.as_dict().keys()
    return any(likeness(getattr(first, lang), getattr(second, lang), lang) >= LIKE for lang in shared)


def _may_be(first: Bullets, second: Bullets) -> bool:
    """Tell cheaply whether two actions may be one: some words in common, or few words."""
    for lang in first.keys() & second.keys():
        one, two = (set(plain_words(" ".join(bullets[lang])).split()) for bullets in (first, second))
        if one & two or len(one) + len(two) < 12:
            return True
    return False


def _alike(first: Bullets, second: Bullets) -> float:
    """Return how alike two actions are in the language in which they are most alike."""
    shared = [lang for lang in first if lang in second]
    return max(
        (likeness(" ".join(first[lang]), " ".join(second[lang]), lang) for lang in shared), default=0.0
    )
