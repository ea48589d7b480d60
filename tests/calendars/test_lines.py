import re
import unicodedata

import icalendar
from hypothesis import example, given, strategies as st

from calendars.lines import escape, fold_lines, plain

MARKS = st.characters(categories=["Mn", "Mc", "Me"])
PIECES = st.one_of(
    st.text(),
    st.sampled_from(
        ["\\", "\\\\", "\\n", "\\N", ",", ";", "\n", "\r\n", "\r", "ä", "🌒", "👩‍👩‍👧‍👦", "👍🏽"]
    ),
    st.builds(
        lambda letter, marks: letter + "".join(marks), st.characters(categories=["L"]), st.lists(MARKS)
    ),
    st.integers(0, 80).map(lambda n: "x" * n),
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)
# What stays of a text: line breaks are one kind, control characters go.
LINES = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def kept(text):
    """The text as a reader should get it."""
    return "".join(
        c for c in LINES.sub("\n", text) if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}
    )


def unescape(value):
    """RFC 5545 section 3.3.11, read backwards one escape at a time."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


@given(TEXTS)
@example("\\N \\\\n C:\\New")
def test_escape_once(text):
    """Unescaping once gives the text back, whatever its backslashes are followed by."""
    assert unescape(escape(text)) == kept(text)


@given(TEXTS)
def test_escaped_text_is_one_line_of_safe_characters(text):
    """What is escaped holds no line break, no control, and no bare comma or semicolon."""
    value = escape(text)
    assert [c for c in value if unicodedata.category(c) == "Cc" and c != "\t"] == []
    assert re.fullmatch(r"(?:\\[\\;,n]|[^\\;,\n])*", value) is not None


@given(TEXTS, st.integers(0, 80))
@example("\\" * 200, 0)
@example("\\" * 200, 1)
@example("👩‍👩‍👧‍👦" * 20, 3)
@example("o" + "\u0308" * 100, 0)
def test_fold(text, shift):
    """No line over 75 octets; no character, no escape cut; unfolding gives the line back."""
    line = "X" * shift + ":" + escape(text)
    parts = fold_lines(line).split(b"\r\n ")
    assert [len(part) for part in parts if len(part) > 75 or (part is not parts[0] and len(part) > 74)] == []
    assert "".join(part.decode() for part in parts) == line
    trailing = [len(part) - len(part.rstrip(b"\\")) for part in parts[:-1]]
    assert [run for run in trailing if run % 2] == []


@given(st.lists(st.sampled_from(["e\u0301", "👩‍👩‍👧‍👦", "👍🏽", "x", "❤️", "å"]), max_size=80))
def test_fold_keeps_what_a_reader_sees_as_one(pieces):
    """No line begins with an accent, a skin tone or inside a joined emoji."""
    starts = [part.decode()[0] for part in fold_lines(":" + "".join(pieces)).split(b"\r\n ")]
    ends = [part.decode()[-1] for part in fold_lines(":" + "".join(pieces)).split(b"\r\n ")]
    assert [c for c in starts if unicodedata.category(c) in {"Mn", "Mc", "Me", "Sk"} or c == "\u200d"] == []
    assert [c for c in ends if c == "\u200d"] == []


def test_fold_fills_the_line():
    """75 octets are one line; 76 are two, the first of 75."""
    assert fold_lines("x" * 75) == b"x" * 75
    assert fold_lines("x" * 76) == b"x" * 75 + b"\r\n x"
    assert fold_lines("x" * 150) == b"x" * 75 + b"\r\n " + b"x" * 74 + b"\r\n x"


@given(TEXTS)
def test_icalendar_reads_it_back(text):
    """A SUMMARY written here is read by icalendar as the text that was meant."""
    line = fold_lines("SUMMARY;LANGUAGE=fi:" + plain(text, "fi").to_ical().decode())
    event = icalendar.Event.from_ical(b"BEGIN:VEVENT\r\n" + line + b"\r\nEND:VEVENT\r\n")
    assert str(event["SUMMARY"]) == kept(text)
    assert dict(event["SUMMARY"].params) == {"LANGUAGE": "fi"}
