"""The pages' own texts in the reader's language; what mails say too is ``email_templates.words``."""

from __future__ import annotations

import re
from typing import Final

from email_templates.catalogue import say_from
from schedule_rules.programme import LANGUAGES, Lang

SOFT_HYPHEN: Final = "\u00ad"
_LONG_WORD: Final = re.compile(r"[^\W\d_]{17,}")
# A syllable begins before a consonant with a vowel behind it: right for Finnish, near enough elsewhere.
_SYLLABLE: Final = re.compile(r"(?<=...)(?=[^\W\d_aeiouyåäöé][aeiouyåäöé])(?=...)", re.IGNORECASE)
# Before these a Finnish compound breaks, and nowhere near it: kotouttamis-ohjelma, never kotouttamisoh-jelma.
_SECOND_PART: Final = re.compile(r"(?<=[^\W\d_]{4})(?=ohjelm|yksik|organisaat|asiakas|asiakk|oppilai|asumis)")
_HANGING: Final = re.compile(r"(?<=\s)-(?=[^\W\d_])")
_NUMBER: Final = re.compile(r"(?<=\b\d) (?=[^\W\d_])|(?<=\b\d\d) (?=[^\W\d_])|(?<=\b\d\d\d) (?=[^\W\d_])")
_TAG: Final = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


say = say_from("reminders.web")


def shown_text(text: str) -> str:
    """Return ``text`` fit for narrow screens: words over 16 letters may break, " -word" and "3 words" not.

    For display only: never in data, subjects or feeds.
    """
    unbroken = _NUMBER.sub("\N{NO-BREAK SPACE}", _HANGING.sub("\N{NON-BREAKING HYPHEN}", text))
    return _LONG_WORD.sub(lambda word: _breakable(word[0]), unbroken)


def _breakable(word: str) -> str:
    """Return a long word with soft hyphens between its parts, within a part where there is but one."""
    parts = _SECOND_PART.split(word)
    if len(parts) == 1:
        return _SYLLABLE.sub(SOFT_HYPHEN, word)
    return SOFT_HYPHEN.join(
        _SYLLABLE.sub(SOFT_HYPHEN, one) if _LONG_WORD.fullmatch(one) else one for one in parts
    )


def as_language(text: str | None) -> Lang | None:
    """Return ``text`` as a language, None when it is none of ours."""
    return next((lang for lang in LANGUAGES if lang == text), None)


def preferred(accept_language: str) -> Lang:
    """Return the language a browser asks for first (RFC 9110 section 12.5.4), else Finnish."""
    best: tuple[float, Lang] = (0.0, "fi")
    for part in accept_language.split(","):
        match = _TAG.fullmatch(part)
        lang = as_language(match[1].lower()) if match else None
        weight = float(match[2] or 1) if match else 0.0
        if lang and weight > best[0]:
            best = (weight, lang)
    return best[1]
