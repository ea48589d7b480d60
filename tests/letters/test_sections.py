"""Where the sections of a mail stand: each is cut out of the octets whole, with nothing of another."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given, strategies as st

from email_templates.render import RenderedSection, in_one_mail
from reminders.letters.message import octets, plain_lines
from reminders.letters.sections import SectionPlace, parsed, section_at, section_places, text_and_html
from tests.letters.test_message import FACTS, NASTY

_LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.text("aäöåÄÖÅ€ =.–\u2028\u0085🎉", max_size=40),
        st.integers(60, 400).map("x".__mul__),
        st.sampled_from(["", ".", "From here", "-" * 76, "=" * 76, "a=3D", "tail \t", *NASTY]),
    ),
    min_size=1,
    max_size=40,
)
_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
_TEXTS = st.builds(lambda lines, end: end.join(lines).strip() or "x", _LINES, _ENDS)


def section_of(text: str, key: str) -> RenderedSection:
    """A section whose text and html say the same."""
    html = f'<div lang="fi">{key} {text.replace("<", "&lt;")}</div>'
    return RenderedSection(f"Subject of {key}", "", f"{key} {text} end of {key}", html, ("fi",))


@given(texts=st.lists(_TEXTS, min_size=2, max_size=4))
@example(texts=["a\nb\nc", "d\ne"])
@example(texts=["same", "same"])
@example(texts=["\n".join(f"row {n}" for n in range(400)), "ä" * 2000])
def test_each_section_is_cut_out_of_the_octets_whole(texts: list[str]) -> None:
    """Whatever the line ends, letters and lengths; of a mail without html the text."""
    sections = [section_of(text, f"[{n}]") for n, text in enumerate(texts)]
    content = in_one_mail(sections)
    for html in (content.html, ""):
        raw = octets(replace(FACTS, text=content.text, html=html))
        shown = text_and_html(parsed(raw))
        found = section_places(raw, sections)
        assert [one.subject for one in found] == [one.subject for one in sections]
        for place, one in zip(found, sections, strict=True):
            expected = plain_lines(one.text), plain_lines(one.html) if html else ""
            assert section_at(place, *shown) == expected


def test_places_that_were_counted_before_the_octets_were_written_still_hold() -> None:
    """As earlier versions did it: in the text with line feeds, which arrives with CR LF."""
    sections = [section_of("\n".join(f"{key} {n}: ä" for n in range(90)), key) for key in ("city", "town")]
    content = in_one_mail(sections)
    shown = text_and_html(parsed(octets(replace(FACTS, text=content.text, html=content.html))))
    for one in sections:
        text, html = content.text.index(one.text), content.html.index(one.html)
        place = SectionPlace("", text, len(one.text), html, len(one.html))
        assert section_at(place, *shown) == (one.text, one.html)


def test_a_mail_of_one_programme_is_shown_whole() -> None:
    """Its section has no length."""
    assert section_at(SectionPlace("", 0, 0, 0, 0), "text", "html") == ("text", "html")
