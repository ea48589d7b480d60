"""A letter and a language in, a finished mail out: subject, text, html.

Every letter has a folder with ``subject.txt``, ``body.txt`` and ``body.html`` and declares the variables that
these may use; a test compares both ways. The styles are written into the elements when a template is read.
Who gets the mail, and its headers, are left to ``reminders``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Final

import css_inline
from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from email_templates import plain_text
from email_templates.digest_view import DigestPart, Listing, digest_part
from email_templates.headlines import subject
from email_templates.letters import (
    BoardDigest,
    Escalation,
    Letter,
    LetterContent,
    MailLang,
    Notice,
    Nudge,
    StatusRequest,
    UnitYear,
)
from email_templates.unit_view import LineGroup, UnitPart, notice_part, room_of, unit_part
from schedule_rules.programme import Lang

FOLDERS: Final[dict[type[Letter], str]] = {
    Nudge: "nudge",
    StatusRequest: "status_request",
    Escalation: "escalation",
    UnitYear: "unit_year",
    Notice: "notice",
    BoardDigest: "board_digest",
}
PREHEADER_LIMIT: Final = 140
# What the templates of every letter may use; ``parts`` holds one part a language.
VARIABLES: Final[dict[str, tuple[str, ...]]] = {
    "subject.txt": ("subject",),
    "body.txt": ("parts",),
    "body.html": ("parts",),
}
BETWEEN: Final = f"\n\n\n{'=' * 76}\n\n"
"""What stands between two sections of a text part, and between the languages of one."""
# The colours of the mails (design: pages.md, §2), as ``_base/style.css`` (the first of each) and
# ``_base/media.css`` (the second, for dark screens) use them.
_COLOURS: Final[Mapping[str, tuple[str, str]]] = {
    "bg": ("#FFFFFF", "#13181E"),
    "sunk": ("#F5F7FA", "#1B222A"),
    "text": ("#1B232C", "#E9EDF2"),
    "text2": ("#4A5563", "#B1BBC6"),
    "line": ("#D8DEE6", "#313B46"),
    "link": ("#0B4F8F", "#8EC3F5"),
    "on_link": ("#FFFFFF", "#0B1A28"),
    "overdue": ("#9A2A0A", "#FFB59C"),
    "overdue_tint": ("#FCEAE3", "#3A1D14"),
    "soon": ("#6A4700", "#F5CD75"),
    "soon_tint": ("#FFF2D1", "#33270C"),
    "coming": ("#46515E", "#C0CAD5"),
    "coming_tint": ("#EDF0F4", "#262F39"),
}
LIGHT: Final[Mapping[str, str]] = {name: light for name, (light, _) in _COLOURS.items()}
DARK: Final[Mapping[str, str]] = {name: dark for name, (_, dark) in _COLOURS.items()}
_TAG: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_HIDDEN: Final = re.compile("<!--\ue000(\\d+)\ue001-->|\ue000(\\d+)\ue001")


def languages(lang: MailLang) -> tuple[Lang, ...]:
    """Return the languages of a mail, in order."""
    return ("fi", "sv") if lang == "fi+sv" else (lang,)


@dataclass(frozen=True, slots=True)
class RenderedSection:
    """A letter in its reader's language, without the page around it: ``html`` is what stands inside."""

    subject: str
    preheader: str
    text: str
    html: str
    languages: tuple[Lang, ...]


def render(letter: Letter, lang: MailLang) -> LetterContent:
    """Write ``letter`` in ``lang``; the same letter always gives the same octets."""
    return in_one_mail([render_section(letter, lang)])


def render_section(letter: Letter, lang: MailLang, sections: int = 1) -> RenderedSection:
    """Write ``letter`` in ``lang`` as one of so many sections of a mail, which share its room."""
    langs = languages(lang)
    room = room_of(len(langs) * sections)
    parts: tuple[UnitPart, ...] | tuple[DigestPart, ...]
    if isinstance(letter, BoardDigest):
        parts = tuple(digest_part(letter, lang, room) for lang in langs)
        preheader = parts[0].news or parts[0].zeros
    elif isinstance(letter, Notice):
        parts = tuple(notice_part(letter, lang) for lang in langs)
        preheader = parts[0].enclosed[0].lines[0]
    else:
        parts = tuple(unit_part(letter, lang, room) for lang in langs)
        preheader = parts[0].lead
    values = {"subject": subject(letter, langs), "parts": parts}
    written = {
        name: letter_templates()
        .get_template(f"{FOLDERS[type(letter)]}/{name}")
        .render({variable: values[variable] for variable in variables})
        for name, variables in VARIABLES.items()
    }
    return RenderedSection(
        subject=written["subject.txt"],
        preheader=plain_text.cut(preheader, PREHEADER_LIMIT),
        text=written["body.txt"].strip(),
        html=written["body.html"].rstrip("\n"),
        languages=langs,
    )


def in_one_mail(sections: Sequence[RenderedSection]) -> LetterContent:
    """Return the mail that sections make, one below the other; the first gives the subject."""
    first = sections[0]
    return LetterContent(
        subject=first.subject,
        text=BETWEEN.join(section.text for section in sections) + "\n",
        html=framed(first.subject, first.preheader, first.languages[0], [one.html for one in sections]),
        content_language=", ".join(dict.fromkeys(lang for one in sections for lang in one.languages)),
    )


def framed(subject: str, preheader: str, lang: str, sections: Iterable[str]) -> str:
    """Return the page of a mail around the html of its sections."""
    shown = [Markup(html) for html in sections]  # noqa: S704 - escaped when it was rendered  # nosec B704
    frame = letter_templates().get_template("_base/frame.html")
    return frame.render(subject=subject, preheader=preheader, lang=lang, sections=shown)


def source(name: str) -> str:
    """Return the packaged text of a template or stylesheet."""
    return (files("email_templates") / name).read_text(encoding="utf-8")


def inlined(html: str) -> str:
    """Return template source with the stylesheet written into its elements.

    css-inline reads html only, so while it works template statements step aside as comments, which may stand
    between the rows of a table, and values (and all that stands inside a tag) as private characters. This
    costs once a process, not once a mail.
    """
    tags: list[str] = []

    def hide(match: re.Match[str]) -> str:
        tags.append(match[0])
        mark = f"\ue000{len(tags) - 1}\ue001"
        in_tag = html.rfind("<", 0, match.start()) > html.rfind(">", 0, match.start())
        return mark if in_tag or match[0].startswith("{{") else f"<!--{mark}-->"

    hidden = _TAG.sub(hide, html)
    css = Template(source("_base/style.css")).substitute(LIGHT)
    if "<html" in html:
        media = Template(source("_base/media.css")).substitute(DARK, light_line=LIGHT["line"])
        frame = hidden.replace("/* media.css */", media)
        styled = css_inline.CSSInliner(load_remote_stylesheets=False, extra_css=css).inline(frame)
    else:
        styled = css_inline.CSSInliner(load_remote_stylesheets=False).inline_fragment(hidden, css)
    return _HIDDEN.sub(lambda match: tags[int(match[1] or match[2])], styled)


def _load(name: str) -> str | None:
    try:
        raw = source(name)
    except FileNotFoundError:
        return None
    return inlined(raw) if name.endswith(".html") else raw


def _overdue_table(groups: Iterable[Listing], header: Sequence[str]) -> str:
    rows = ((group.heading, [(r.ref, r.title, r.when, r.mark) for r in group.rows]) for group in groups)
    return plain_text.table(("", *header), rows)


def _item_table(groups: Iterable[LineGroup]) -> str:
    return plain_text.numbered_list(
        (group.heading, [(one.number, one.title, one.note, one.when) for one in group.rows])
        for group in groups
    )


@cache
def letter_templates() -> Environment:
    """Return the one environment, strict and escaping; compiled templates stay in it."""
    env = Environment(
        loader=FunctionLoader(_load),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["fill"] = plain_text.fill
    env.filters["years_together"] = plain_text.years_together
    env.filters["underlined"] = plain_text.underlined
    env.filters["overdue_table"] = _overdue_table
    env.filters["item_table"] = _item_table
    return env
