"""Name the dated stages of a wording: what happens at each, in the wording's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schedule_rules.reading.lexicon import index
from schedule_rules.schedule import Phase

if TYPE_CHECKING:
    from schedule_rules.programme import Lang
    from schedule_rules.reading.bounds import Bounds
    from schedule_rules.reading.tokens import Tokens


def phases(tokens: Tokens, span: Bounds) -> tuple[Phase, ...]:
    """Return the stages of a multi-part wording; the two ends of one range are none."""
    if len(span.stages) <= 1:
        return ()
    deadlines = {stage.stretch.end for stage in span.stages if stage.ends and not stage.paired}
    bounded = all(stage.begins or stage.ends for stage in span.stages)
    if bounded and len(deadlines) < len(("draft", "final")):
        return ()
    return dated_steps(tokens, span)


def dated_steps(tokens: Tokens, span: Bounds) -> tuple[Phase, ...]:
    """Return every dated stage of a text, of a range only its end."""
    return tuple(
        Phase(stage.stretch.written, stage.stretch.start, stage.stretch.end, _label(tokens, span, at))
        for at, stage in enumerate(span.stages)
        if not (stage.paired and stage.begins)
    )


def _label(tokens: Tokens, span: Bounds, at: int) -> str:
    """Return the words that say what happens at stage ``at``, or nothing.

    They stand before the points, or after them where the wording begins with a point.
    """
    before, after = _between(tokens, span, at), _between(tokens, span, at + 1)
    if _between(tokens, span, 0):
        return before.rpartition(", ")[2] or after
    return after.partition(", ")[0] or before


def _between(tokens: Tokens, span: Bounds, at: int) -> str:
    """Return the words between stage ``at`` and the one before it, or the edges of the wording."""
    stages = span.stages
    left = tokens.stops[stages[at - 1].point.last - 1] if at else 0
    right = tokens.begins[stages[at].point.first] if at < len(stages) else len(tokens.text)
    words = tokens.text[left:right]
    longest = words[-_LABEL:] if at == 0 else words[:_LABEL] if at == len(stages) else words
    return _trimmed(longest, tokens.lang)


_LABEL = 160
_BLANK = " \t\r\n,;:.()-/&>+\u2010\u2011\u2012\u2013\u2014\u2192"
# codes of words that only join the points, and of those that bound them
_AND, _BOUND = "&", "&_BFRpEU"


def _trimmed(words: str, lang: Lang) -> str:
    """Return ``words`` on one line, without the conjunctions and prepositions at its edges."""
    kept = words.split()
    while kept and _joins(kept[0], lang, _AND):
        kept = kept[1:]
    while kept and _joins(kept[-1], lang, _BOUND):
        kept = kept[:-1]
    return " ".join(kept).strip(_BLANK)


def _joins(word: str, lang: Lang, joints: str) -> bool:
    """Tell whether a word is one of ``joints`` in every reading, or no word at all."""
    bare = word.strip(_BLANK)
    found = index(lang).look_up(bare) if bare else ()
    return not bare or (bool(found) and all(set(each.codes) <= set(joints) for each in found))
