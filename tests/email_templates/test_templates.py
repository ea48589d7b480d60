"""Templates: variables declared and used, colours that can be read, titles of every kind."""

from __future__ import annotations

import dataclasses
import html as html_library
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from jinja2 import meta, nodes

import email_templates
from email_templates import digest_view, render as rendering, rows, unit_view
from email_templates.plain_text import clean, cut, fill, subject_line, table
from email_templates.render import FOLDERS, VARIABLES, letter_templates, render, source
from schedule_rules.programme import Text
from tests.email_templates.examples import CAMPAIGN, INFO, LANGS, LETTERS, POINTS, nudge

ROOM = Path(email_templates.__file__).parent
PARTS = ("subject.txt", "body.txt", "body.html")
# Every text colour with each ground that it stands on.
PAIRS = (
    ("text", "bg"),
    ("text", "sunk"),
    ("text2", "bg"),
    ("text2", "sunk"),
    ("link", "bg"),
    ("link", "sunk"),
    ("on_link", "link"),
    ("overdue", "overdue_tint"),
    ("soon", "soon_tint"),
    ("coming", "coming_tint"),
)


def _family(name: str) -> list[nodes.Template]:
    """A template with all that it extends and imports."""
    tree = letter_templates().parse(source(name))
    found = [tree]
    for other in meta.find_referenced_templates(tree):
        assert other is not None
        found += _family(other)
    return found


def _asked(names: list[str]) -> tuple[set[str], set[str]]:
    """The variables and the attributes that templates ask for."""
    trees = [tree for name in names for tree in _family(name)]
    variables = set().union(*map(meta.find_undeclared_variables, trees))
    attributes = {node.attr for tree in trees for node in tree.find_all(nodes.Getattr)}
    return variables, attributes


def _fields(*classes: type) -> set[str]:
    return {field.name for one in classes for field in dataclasses.fields(one)}


@pytest.mark.parametrize("folder", FOLDERS.values())
def test_a_letter_is_a_folder_of_three_files(folder: str) -> None:
    """Always the same three."""
    assert sorted(path.name for path in (ROOM / folder).iterdir()) == sorted(PARTS)


@pytest.mark.parametrize("folder", FOLDERS.values())
@pytest.mark.parametrize("part", PARTS)
def test_variables_are_declared_and_used(folder: str, part: str) -> None:
    """Both ways: none undeclared, none unused."""
    variables, _ = _asked([f"{folder}/{part}"])
    # A block is parsed on its own: it gets the frame's loop variable, and its file's macros.
    assert variables - {"part", "parts_of"} == set(VARIABLES[part])


@pytest.mark.parametrize("part", ["body.txt", "body.html"])
def test_fields_of_a_unit_mail_are_declared_and_used(part: str) -> None:
    """Text and html each show every field, and no other."""
    _, asked = _asked([f"{FOLDERS[one]}/{part}" for one in FOLDERS if one.__name__ != "BoardDigest"])
    declared = _fields(
        unit_view.UnitPart, unit_view.Section, unit_view.Foot, rows.ItemRow, rows.Button, rows.Tag,
        unit_view.YearPart, unit_view.YearLine, unit_view.SignedBy, unit_view.ItemTable, unit_view.LineGroup,
        unit_view.EnclosedPart, rows.ItemLine,
    )  # fmt: skip
    assert asked - MACROS == declared - _spare(part)


@pytest.mark.parametrize("part", ["body.txt", "body.html"])
def test_fields_of_the_digest_are_declared_and_used(part: str) -> None:
    """As for unit mails."""
    _, asked = _asked([f"board_digest/{part}"])
    declared = _fields(
        digest_view.DigestPart, digest_view.Listing, digest_view.DigestLine,
        unit_view.Foot, unit_view.SignedBy, unit_view.EnclosedPart,
        rows.ItemRow, rows.Button, rows.Tag,
    )  # fmt: skip
    if part == "body.txt":  # the character table draws these
        asked |= {"mark"}
    assert asked - MACROS - {"header"} == declared - _spare(part) - {"header"}


MACROS = {"first", "item", "listed", "button"}


def _spare(part: str) -> set[str]:
    """What one part needs and the other does not: ``lang``, colours and buttons; numbers, one link for four.

    A table's numbers are drawn, its header is for the html alone.
    """
    if part == "body.txt":
        return {"lang", "code", "fresh", "buttons", "header", "number"}
    return {"ref", "number", "answer"}


# -- colours ---------------------------------------------------------------------


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [rendering.LIGHT, rendering.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_contrast(palette: dict[str, str], ink: str, ground: str) -> None:
    """At least 4.5 : 1, in light and dark (WCAG 2.2 AA)."""
    light, dark = sorted((_luminance(palette[ink]), _luminance(palette[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_light_colour_has_a_dark_one() -> None:
    """And no colour stands outside the tokens."""
    assert list(rendering.LIGHT) == list(rendering.DARK)
    assert "#" not in source("_base/style.css") + source("_base/media.css")


def test_every_tag_is_coloured_in_place() -> None:
    """The styles are written into the elements, so that a mail program without a style sheet shows them."""
    html = render(nudge(POINTS, CAMPAIGN, INFO), "fi").html
    for status in ("overdue", "soon", "coming"):
        assert (
            f"color: {rendering.LIGHT[status]};background-color: {rendering.LIGHT[f'{status}_tint']}" in html
        )


# -- any title -------------------------------------------------------------------

ODD = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "<b>&amp;</b> \"'",
            "a\r\nBcc: x@y.example",
            "\u202eabc\u2069 \u200fאבג",
            "x" * 10000,
            "sana " * 2000,
            "{{ 7 * 7 }} {title} {% raw %}",
            "",
            "\x00\x1b",
        ]
    ),
)


@settings(max_examples=60)
@given(title=ODD, name=st.sampled_from(sorted(LETTERS)), lang=st.sampled_from(LANGS))
def test_any_title_renders(title: str, name: str, lang) -> None:
    """One line of subject, at most 70; the title stands in both parts, as text."""
    item = replace(POINTS, title=Text(title, title, title), wording=Text(title, title, title))
    content = render(nudge(item, POINTS), lang)
    assert len(content.subject) <= 70
    assert content.subject == " ".join(content.subject.split())
    wanted = " ".join(clean(item.title.get("fi")).split())
    assert wanted in " ".join(html_library.unescape(content.html).split())
    assert wanted in " ".join(content.text.split())
    single = render(nudge(item), lang)
    assert len(single.subject) <= 70
    assert {unicodedata.category(c) for c in single.subject} & {"Cc", "Cf", "Zl", "Zp"} == set()


@given(st.text(max_size=200), st.integers(2, 80))
def test_cut(text: str, limit: int) -> None:
    """Never longer than asked; uncut where it fits."""
    assert len(cut(text, limit)) <= limit
    assert cut(text, limit) == text or cut(text, limit).endswith("…")


def test_cut_is_between_words() -> None:
    """Without a comma or dash before the mark."""
    assert cut("Kartoittaminen, hyödyntäminen", 20) == "Kartoittaminen…"
    assert cut("Kartoittaminen hyöty", 15) == "Kartoittaminen…"
    assert cut("x" * 80, 10) == "xxxxxxxxx…"
    assert subject_line("a\u00a0b\n c") == "a b c"


def test_a_table_of_characters() -> None:
    """Columns are aligned, long titles wrap in their own column."""
    drawn = table(("", "Toimenpide", "Tila"), [("Yksikkö", [("1", "sana " * 20, "uusi")])])
    lines = drawn.splitlines()
    assert lines[2] == "Yksikkö"
    assert {line.index("|") for line in lines if "|" in line} == {2}
    assert max(map(len, lines)) <= 76


def test_links_stay_whole() -> None:
    """However long."""
    link = "https://muistutus.example/" + "a" * 200
    assert fill(f"katso {link}") == f"katso\n{link}"
