"""The template environment: strict, escaped, with the styles written in when a template is read.

css-inline reads html only, so while it works template statements step aside as
comments, which may stand between the rows of a table, and values (and all that
stands inside a tag) as private characters. This costs once a process, not
once a mail. Which variables a template gets is left to ``render``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from string import Template
from typing import Final

import css_inline
from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from email_templates import text
from email_templates.digest_view import Group
from email_templates.tokens import DARK, LIGHT

_TAG: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_HIDDEN: Final = re.compile("<!--\ue000(\\d+)\ue001-->|\ue000(\\d+)\ue001")


def source(name: str) -> str:
    """Return the packaged text of a template or stylesheet."""
    return (files("email_templates") / name).read_text(encoding="utf-8")


def inlined(html: str) -> str:
    """Return template source with the stylesheet written into its elements."""
    tags: list[str] = []

    def hide(match: re.Match[str]) -> str:
        tags.append(match[0])
        mark = f"\ue000{len(tags) - 1}\ue001"
        in_tag = html.rfind("<", 0, match.start()) > html.rfind(">", 0, match.start())
        return mark if in_tag or match[0].startswith("{{") else f"<!--{mark}-->"

    styled = _inline(_TAG.sub(hide, html))
    return _HIDDEN.sub(lambda match: tags[int(match[1] or match[2])], styled)


def _inline(html: str) -> str:
    css = Template(source("_base/style.css")).substitute(LIGHT)
    if "<html" not in html:
        return css_inline.CSSInliner(load_remote_stylesheets=False).inline_fragment(html, css)
    media = Template(source("_base/media.css")).substitute(DARK, light_line=LIGHT["line"])
    frame = html.replace("/* media.css */", media)
    return css_inline.CSSInliner(load_remote_stylesheets=False, extra_css=css).inline(frame)


def _load(name: str) -> str | None:
    try:
        raw = source(name)
    except FileNotFoundError:
        return None
    return inlined(raw) if name.endswith(".html") else raw


def _overdue_table(groups: Iterable[Group], header: Sequence[str]) -> str:
    rows = ((group.name, [(r.ref, r.title, r.when, r.mark) for r in group.rows]) for group in groups)
    return text.table(("", *header), rows)


@cache
def environment() -> Environment:
    """Return the one environment; compiled templates stay in it."""
    env = Environment(
        loader=FunctionLoader(_load),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["fill"] = text.fill
    env.filters["years_together"] = text.years_together
    env.filters["underlined"] = text.underlined
    env.filters["overdue_table"] = _overdue_table
    return env
