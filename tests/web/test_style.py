"""The tokens of the stylesheet: contrast of text and marks, the same names in light and dark."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from reminders.web.site import stylesheet

STATUSES = ("overdue", "decide", "soon", "track", "done", "coming")
TEXT = [
    ("text", "bg"),
    ("text", "sunk"),
    ("text2", "bg"),
    ("text2", "sunk"),
    ("link", "bg"),
    ("link", "sunk"),
]
TEXT += [("onaccent", "accent"), *((f"{name}-fg", f"{name}-bg") for name in STATUSES)]
TEXT += [(pair, f"{name}-bg") for name in STATUSES for pair in ("text", "link")]
MARKS = [(name, "bg") for name in STATUSES] + [
    ("edge", "bg"),
    ("bar", "bg"),
    ("focus", "bg"),
    ("accent", "bg"),
]
MARKS += [("glyph", name) for name in STATUSES if name != "coming"]


def tokens(scheme: str) -> dict[str, str]:
    """Return the tokens of a colour scheme, in order light, dark."""
    blocks = re.findall(r":root \{(.*?)\}", stylesheet().decode(), re.DOTALL)
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6});", blocks[("light", "dark").index(scheme)]))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme: str) -> None:
    """Text has at least 4.5, marks and field edges at least 3."""
    found = tokens(scheme)
    assert [pair for pair in TEXT if contrast(found[pair[0]], found[pair[1]]) < 4.5] == []
    assert [pair for pair in MARKS if contrast(found[pair[0]], found[pair[1]]) < 3] == []


def test_both_schemes_have_all_tokens() -> None:
    """A token of one scheme is a token of the other."""
    assert set(tokens("light")) == set(tokens("dark"))


def test_every_variable_is_defined() -> None:
    """No rule uses a name that nothing sets."""
    css = stylesheet().decode()
    used, known = set(re.findall(r"var\(--([a-z0-9-]+)", css)), set(re.findall(r"--([a-z0-9-]+):", css))
    assert used - known == set()


def test_nothing_is_loaded() -> None:
    """The stylesheet asks no other file and no other host."""
    assert re.findall(r"url\(|@import|@font-face", stylesheet().decode()) == []


def test_the_label_of_today_may_break() -> None:
    """It stands under its year and wraps in a narrow column: the head of the next year never covers it."""
    found = re.search(r"\.tl thead \.now \{([^}]*)\}", stylesheet().decode())
    assert found
    assert "display: block" in found[1]
    assert "nowrap" not in found[1]


def test_every_class_is_used() -> None:
    """No rule is left for what no page has any more; classes of a status or a count are not written out."""
    folder = files("reminders.web")
    pages = [one for part in folder.iterdir() if part.is_dir() for one in part.iterdir()]
    texts = [one.read_text() for one in (*pages, *folder.iterdir()) if one.name.endswith((".html", ".py"))]
    used = set(re.findall(r"[a-zA-Z][\w-]*", " ".join(texts)))
    written = "".join(one.read_text() for one in pages if one.name.endswith(".css"))
    named = set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", written)))
    assert {one for one in named if not re.fullmatch(r"s-\w+|[hn]\d+", one)} - used == set()
