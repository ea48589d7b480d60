import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given, strategies as st

from calendars.feed import feed
from reminders.web.feeds.http import format_date, matches, parse_date, respond, wants_gzip

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2068, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
TAGS = st.text(st.characters(codec="latin-1", min_codepoint=0x21, exclude_characters='"\x7f'), max_size=20)
NOT_MODIFIED = ["ETag", "Last-Modified", "Cache-Control", "Vary", "X-Robots-Tag"]


@pytest.fixture(scope="session")
def made(specs, entries, modified):
    """The feed that is asked for, last changed on 20 November 2025 at 12:00:00 UTC."""
    return feed(specs["all"], entries, "fi", modified)


def test_get(made):
    """GET gives the octets with everything a client needs to keep them."""
    reply = respond(made)
    assert (reply.status, reply.body) == (200, made.body)
    assert dict(reply.headers) == {
        "ETag": made.etag,
        "Last-Modified": "Thu, 20 Nov 2025 12:00:00 GMT",
        "Cache-Control": "public, max-age=900",
        "Vary": "Accept-Encoding",
        "X-Robots-Tag": "noindex",
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Length": str(len(made.body)),
        "Content-Disposition": 'inline; filename="all-fi.ics"',
        "Content-Language": "fi",
    }


def test_head(made):
    """HEAD gives GET's status and headers without the body, also with conditions and gzip."""
    for headers in ({}, {"accept_encoding": "gzip"}, {"if_none_match": made.etag}):
        get, head = respond(made, "GET", **headers), respond(made, "HEAD", **headers)
        assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "get"])
def test_other_methods(made, method):
    """Every other method is 405 with what is allowed, whatever its conditions."""
    reply = respond(made, method, if_none_match="*")
    assert reply == (405, (("Allow", "GET, HEAD"), ("Content-Length", "0")), b"")


def test_private(specs, entries, modified):
    """A private feed is kept by the reader's own client alone."""
    private = feed(replace(specs["all"], public=False), entries, "fi", modified)
    assert dict(respond(private).headers)["Cache-Control"] == "private, max-age=900"


def test_gzip(made):
    """Asked for gzip, the answer is compressed and has a tag of its own."""
    reply = respond(made, accept_encoding="gzip, deflate")
    headers = dict(reply.headers)
    assert gzip.decompress(reply.body) == made.body
    assert (headers["Content-Encoding"], headers["ETag"]) == ("gzip", made.gzip_etag)
    assert headers["Content-Length"] == str(len(reply.body))


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("br;q=1.0, gzip;q=0.2", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip; q=0, *", False),
        ("gzip ; Q=0.001", True),
        ("gzip;q=0.5, identity;q=0.8", False),
        ("gzip;q=0.5, identity;q=0.5", True),
        ("*;q=0, gzip", True),
        ("*", False),
        ("identity;q=0, *", True),
        ("identity;q=0", False),
        ("identity", False),
        ("br", False),
        ("gzip;q=2", False),
        ("gzip;level=9", False),
        (",,gzip,", True),
        ("notgzip", False),
    ],
)
def test_accept_encoding(accept, wanted):
    """RFC 9110 section 12.5.3: gzip only when it is named and not refused."""
    assert wants_gzip(accept) is wanted


@given(st.text())
def test_any_accept_encoding_is_answered(made, accept):
    """No header makes the answer fail, and its body is the feed either way."""
    reply = respond(made, accept_encoding=accept)
    zipped = dict(reply.headers).get("Content-Encoding") == "gzip"
    assert (reply.status, gzip.decompress(reply.body) if zipped else reply.body) == (200, made.body)


@given(
    before=st.lists(TAGS, max_size=3),
    after=st.lists(TAGS, max_size=3),
    weak=st.booleans(),
    blanks=st.sampled_from(["", " ", "\t", "  "]),
)
def test_list_with_our_tag_matches(made, before, after, weak, blanks):
    """Our tag anywhere in a list, weak or strong, is a match: 304 without a body."""
    ours = ("W/" if weak else "") + made.etag
    tags = [f'"{tag}"' for tag in before] + [ours] + [f'W/"{tag}"' for tag in after]
    reply = respond(made, if_none_match=f"{blanks},{blanks}".join(tags) + blanks)
    assert (reply.status, reply.body, [name for name, _ in reply.headers]) == (304, b"", NOT_MODIFIED)


@given(st.lists(st.tuples(st.booleans(), TAGS), max_size=5))
def test_list_without_our_tag_does_not_match(made, tags):
    """Other tags give the whole feed, even when the date would say 304."""
    header = ", ".join(f'{"W/" if weak else ""}"{tag}"' for weak, tag in tags)
    recent = format_date(made.last_modified + timedelta(days=1))
    reply = respond(made, if_none_match=header, if_modified_since=recent)
    assert (reply.status, reply.body) == (200, made.body)


@given(st.text())
@example('W/W/"x"')
@example('"*"')
@example("*, *")
def test_garbage_never_matches(text):
    """Only ``*`` or the very tag is a match."""
    etag = '"0123456789abcdef"'
    expected = text.strip(" \t") == "*" or etag in text
    assert matches(text, etag) is expected


@pytest.mark.parametrize("header", ["*", " * ", '"a", *'])
def test_star(made, header):
    """``*`` alone is any version; within a list it is nothing."""
    assert respond(made, if_none_match=header).status == (200 if "a" in header else 304)


def test_tags_of_the_two_encodings_are_not_mixed(made):
    """The tag of one encoding does not vouch for the octets of the other."""
    assert respond(made, if_none_match=made.gzip_etag).status == 200
    assert respond(made, if_none_match=made.etag, accept_encoding="gzip").status == 200
    zipped = respond(made, if_none_match=made.gzip_etag, accept_encoding="gzip")
    assert (zipped.status, dict(zipped.headers)["ETag"]) == (304, made.gzip_etag)


@given(st.integers(-(10**8), 10**8))
@example(-1)
@example(0)
@example(1)
def test_if_modified_since(made, seconds):
    """Not changed since the date, to the second: 304; changed after it: 200."""
    since = format_date(made.last_modified + timedelta(seconds=seconds))
    assert respond(made, if_modified_since=since).status == (304 if seconds >= 0 else 200)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Fri, 06 Nov 1994 08:49:37 GMT",  # a Sunday
    ],
)
def test_three_forms_of_dates(text):
    """All three forms of RFC 9110 section 5.6.7 are read."""
    assert parse_date(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "0",
        "2099-01-01",
        "2099-01-01T00:00:00Z",
        "4102444800",
        "Sun, 31 Feb 2099 08:49:37 GMT",
        "Sun, 06 Nov 2099 25:49:37 GMT",
        "Sun, 06 Nov 2099 08:49:37 +0000",
        "Sun, 06 Nov 2099 08:49:37",
        "sun, 06 nov 2099 08:49:37 gmt",
        "Sun, 06 Nov 2099 08:49:37 GMT GMT",
        "Sun, ٠٦ Nov 2099 08:49:37 GMT",
        "Sun Nov 00 08:49:37 2099",
        "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
    ],
)
def test_garbage_dates(made, text):
    """A date that is none is as if it were not there."""
    assert parse_date(text) is None
    assert respond(made, if_modified_since=text).status == 200


@given(MOMENTS)
def test_dates_round_trip(moment):
    """What we write is an IMF-fixdate, and we read it back."""
    assert format_date(moment) == format_datetime(moment, usegmt=True)
    assert parse_date(format_date(moment)) == moment


@given(st.text())
def test_any_date_header_is_answered(made, text):
    """No text in a date header makes the answer fail."""
    assert respond(made, if_modified_since=text).status in {200, 304}


@given(st.one_of(st.none(), st.just("gzip")))
def test_subscriber_ends_with_the_fresh_calendar(made, accept):
    """A client that sends back the tag it got is told that nothing changed."""
    first = respond(made, accept_encoding=accept)
    etag = dict(first.headers)["ETag"]
    assert respond(made, if_none_match=etag, accept_encoding=accept).status == 304
