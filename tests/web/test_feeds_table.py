"""A feed over HTTP, request by request: the table of what is asked and what must be answered."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from reminders.service import Service
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.feeds.private_feeds import issue_feed, revoke_feed
from tests.web.conftest import KEY, Reader

SECRETARY = "board-secretary@vaasa.example"
PUBLIC = "/calendars/all-fi.ics"
LONG_AGO, LATER = "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 01 Jan 2060 00:00:00 GMT"
DESCRIBING = {"content-type", "content-length", "content-disposition", "content-language"}
CACHING = {"etag", "last-modified", "cache-control", "vary", "x-robots-tag"}
SAFE = {
    "content-security-policy", "x-content-type-options", "referrer-policy",
    "cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line: method, headers (``{tag}``, ``{zipped}`` and ``{date}`` are the feed's own), status."""

    name: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"


TABLE = (
    Row("plain", 200),
    Row("head", 200, method="HEAD"),
    Row("gzip", 200, {"accept-encoding": "gzip, deflate, br"}),
    Row("gzip refused", 200, {"accept-encoding": "gzip;q=0"}),
    Row("anything", 200, {"accept-encoding": "*"}),
    Row("tag", 304, {"if-none-match": "{tag}"}),
    Row("head with tag", 304, {"if-none-match": "{tag}"}, "HEAD"),
    Row("weak tag", 304, {"if-none-match": "W/{tag}"}),
    Row("list of tags", 304, {"if-none-match": '"a", W/"b" ,{tag}'}),
    Row("star", 304, {"if-none-match": "*"}),
    Row("other tag", 200, {"if-none-match": '"a"'}),
    Row("tag of the other coding", 200, {"if-none-match": "{zipped}"}),
    Row("tag of gzip for gzip", 304, {"if-none-match": "{zipped}", "accept-encoding": "gzip"}),
    Row("date", 304, {"if-modified-since": "{date}"}),
    Row("later date", 304, {"if-modified-since": LATER}),
    Row("earlier date", 200, {"if-modified-since": LONG_AGO}),
    Row("other tag before date", 200, {"if-none-match": '"a"', "if-modified-since": LATER}),
    Row("tag before earlier date", 304, {"if-none-match": "{tag}", "if-modified-since": LONG_AGO}),
    Row("garbage date", 200, {"if-modified-since": "the day before yesterday"}),
    Row("number for a date", 200, {"if-modified-since": "4102444800"}),
    Row("empty date", 200, {"if-modified-since": ""}),
    *(Row(method, 405, {"if-none-match": "*"}, method) for method in ("POST", "PUT", "DELETE", "PATCH")),
    *(Row(method, 405, {}, method) for method in ("OPTIONS", "PROPFIND", "REPORT", "TRACE")),
)


@pytest.fixture
def path(request: pytest.FixtureRequest, service: Service) -> str:
    """The address of a public feed or of a private one."""
    made: Callable[[], str] = lambda: issue_feed(service, KEY, SECRETARY, "secretary").address("", "fi")  # noqa: E731
    return PUBLIC if request.param == "public" else made()


@pytest.mark.parametrize("path", ["public", "private"], indirect=True)
def test_the_table(reader: Reader, path: str) -> None:
    """Each request has its status, headers and octets, when it is made anew and when it is kept."""
    plain = reader.get(path, accept_encoding="identity")
    zipped = reader.get(path, accept_encoding="gzip").headers["etag"]
    own = {"tag": plain.headers["etag"], "zipped": zipped, "date": plain.headers["last-modified"]}
    reach = "public" if path == PUBLIC else "private"
    for row in TABLE:
        headers = {"accept-encoding": "identity"} | {n: v.format(**own) for n, v in row.headers.items()}
        answer = reader.ask(row.method, path, headers)
        found = set(answer.headers) - SAFE
        assert answer.status_code == row.status, row.name
        if row.status == 405:
            assert (answer.headers["allow"], answer.content) == ("GET, HEAD", b""), row.name
            continue
        wanted_gzip = (
            headers["accept-encoding"].startswith("gzip") and "q=0" not in headers["accept-encoding"]
        )
        expected = CACHING | (DESCRIBING if row.status == 200 else set())
        assert found == expected | ({"content-encoding"} if wanted_gzip and row.status == 200 else set()), (
            row.name
        )
        assert answer.headers["cache-control"] == f"{reach}, max-age=900", row.name
        assert (answer.headers["vary"], answer.headers["x-robots-tag"]) == ("Accept-Encoding", "noindex")
        assert answer.headers["etag"] == (zipped if wanted_gzip else own["tag"]), row.name
        body = plain.content if row.status == 200 and row.method == "GET" else b""
        assert answer.content == body, row.name  # httpx has unpacked it
        if row.status == 200 and not wanted_gzip:
            assert answer.headers["content-length"] == str(len(plain.content)), row.name


@pytest.mark.parametrize("path", ["public", "private"], indirect=True)
def test_same_octets_for_any_client(reader: Reader, path: str) -> None:
    """Who asks, in which language, with which cookie changes nothing, and no cookie is set."""
    plain = reader.get(path, accept_encoding="identity")
    for headers in (
        {"user-agent": "Microsoft Outlook/16"},
        {"user-agent": "Google-Calendar-Importer"},
        {"accept-language": "sv", "accept": "text/html"},
        {"cookie": "lang=en; session=x"},
        {"host": "localhost", "x-forwarded-host": "other.example"},
    ):
        answer = reader.ask("GET", path, {"accept-encoding": "identity", **headers})
        assert (answer.content, answer.headers["etag"]) == (plain.content, plain.headers["etag"])
        assert "set-cookie" not in answer.headers


def test_kept_and_made_anew_are_the_same(reader: Reader, service: Service) -> None:
    """What is kept in one process is what another makes: octets, tag, and gzip byte for byte."""
    secret = issue_feed(service, KEY, SECRETARY, "secretary").address("", "sv")
    for path in (PUBLIC, secret):
        kept = [reader.get(path, accept_encoding="identity") for _ in range(2)][1]
        made = Reader(service).get(path, accept_encoding="identity")
        assert (kept.content, kept.headers) == (made.content, made.headers)
        zipped = [one.get(path, accept_encoding="gzip") for one in (reader, Reader(service))]
        assert zipped[0].headers == zipped[1].headers
        assert int(zipped[0].headers["content-length"]) == len(gzip.compress(kept.content, 6, mtime=0))


def test_an_answer_is_seen_at_once(reader: Reader, service: Service) -> None:
    """What is kept gives way as soon as somebody answers, in public and private feeds, with a later stamp."""
    secret = issue_feed(service, KEY, SECRETARY, "secretary").address("", "en")
    paths = ("/calendars/deadlines-en.ics", secret)
    before = [reader.get(path, accept_encoding="identity") for path in paths]
    record_answer(service, AnswerGiven(f"{KEY}:health-dark-season-webinar:review:2024", "on-track"))
    for path, old in zip(paths, before, strict=True):
        new = reader.get(path, accept_encoding="identity", if_none_match=old.headers["etag"])
        assert (new.status_code, new.content == old.content) == (200, False)


def test_wrong_and_revoked(reader: Reader, service: Service) -> None:
    """A wrong token is 404 with any method; a closed calendar is 410 even to who knows its tag."""
    one = issue_feed(service, KEY, SECRETARY, "own")
    path = one.address("", "fi")
    tag = reader.get(path).headers["etag"]
    for wrong in (path.replace(one.token, one.token[:-1]), path.replace(one.token, one.token.swapcase())):
        for method in ("GET", "HEAD", "POST"):
            assert reader.ask(method, wrong).status_code == 404
    revoke_feed(service, one.feed.id)
    for headers in ({}, {"if-none-match": tag}, {"if-none-match": "*"}):
        gone = reader.ask("GET", path, headers)
        assert (gone.status_code, gone.headers["cache-control"]) == (410, "private, no-store")
