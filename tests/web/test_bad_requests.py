"""Requests that no browser sends: a 4xx for each, no traceback, one line in the log at most, no token."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from datetime import date

import httpx
import pytest
import uvicorn

from email_templates.dates import iso_day, typed_date
from reminders.service import Service
from reminders.web.app import create_app
from reminders.web.bounds import clean_text, whole_number
from reminders.web.catalogue import no_date_words
from tests.web.conftest import Reader
from tests.web.forms import OWN

NINES = "9" * 5_000


@pytest.mark.parametrize(
    "address",
    [
        f"/collection/{NINES}",
        "/collection/99999999999999999999",
        "/collection/0",
        "/collection/1969",
        "/collection/2100",
        "/collection/٢٠٢٥",
        "/collection/-1",
        f"/collection/{NINES}/report",
        f"/collection/{NINES}/report.pdf",
        f"/collection/{NINES}/form/vaasa-2023-2026",
        f"/outbox/{NINES}",
        "/outbox/9223372036854775808",
        "/outbox/2147483648",
        "/outbox/0",
        "/outbox/999999999",
        "/outbox/999999999/html",
        f"/outbox/next/{NINES}",
        "/outbox/next/999999999",
        "/actions/work-job-coaching/series/edit?name=new&on=9999-12-31",
        "/actions/work-job-coaching/series/edit?name=new&on=2026-W01-1",
        "/calendars/all/month?m=9999-12",
        "/calendars/all/month?m=0000-00",
        "/actions/%00",
        "/actions/%ff%fe",
        "/answer/%00%00",
        "/static/%00.css",
        "/calendars/private/%00/own-fi.ics",
        "/?programme=%00",
        "/actions?programme=a%00b",
        "/actions?programme=%ED%A0%80",
    ],
)
def test_an_address_that_names_nothing(secretary: Reader, address: str) -> None:
    """404, as a page."""
    assert secretary.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/collection/2025", "/collection/2023", "/outbox/1"])
def test_an_address_within_bounds(secretary: Reader, address: str) -> None:
    """What there is stays where it was."""
    assert secretary.get(address).status_code == 200


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-length": "abc"}, b"a=b", 400),
        ({"content-length": "-5"}, b"a=b", 400),
        ({"content-length": "+5"}, b"a=b", 400),
        ({"content-length": NINES}, b"a=b", 413),
        ({"content-length": "99999999"}, b"a=b", 413),
        ({}, b"a=" + b"b" * 30_000, 413),
        ({}, b"&".join([b"a=b"] * 500), 400),
        ({"content-type": "application/json"}, b'{"a": 1}', 415),
        ({"content-type": "text/plain"}, b"a=b", 415),
        ({"content-type": "\u00ff"}, b"a=b", 415),
        ({"content-type": "multipart/form-data"}, b"--x--", 400),
        ({"content-type": "multipart/form-data; boundary=x"}, b"--y\r\n", 400),
        ({"content-type": "multipart/form-data; boundary=" + "x" * 500}, b"--x--", 400),
        ({"content-type": "multipart/form-data; charset=utf-7; boundary=x"}, b"--x--\r\n", 415),
        ({"content-type": "multipart/form-data; charset=idna; boundary=x"}, b"--x--\r\n", 415),
        (
            {"content-type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="text"; filename="a"\r\n\r\n\0\r\n--x--\r\n',
            400,
        ),
        (
            {"content-type": "multipart/form-data; boundary=x"},
            b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
            400,
        ),
    ],
    ids=lambda part: str(part)[:50],
)
def test_a_form_that_is_none(secretary: Reader, headers: dict[str, str], body: bytes, status: int) -> None:
    """400, 413 or 415, and nothing is done."""
    kind = {"content-type": "application/x-www-form-urlencoded"}
    sent = {name.encode(): value.encode("latin-1") for name, value in (OWN | kind | headers).items()}

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=secretary.app, raise_app_exceptions=True)
        base = "http://127.0.0.1:8000"
        async with httpx.AsyncClient(transport=transport, base_url=base, cookies=secretary.cookies) as client:
            return await client.post("/findings", content=body, headers=sent)

    assert asyncio.run(post()).status_code == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/collection/2025", "/calendars/all-fi.ics", "/api/v1/programmes"])
def test_a_method_that_no_page_has(reader: Reader, method: str, path: str) -> None:
    """405, and which there are."""
    response = reader.ask(method, path)
    assert response.status_code == 405
    assert "GET" in response.headers["allow"]


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "de, " * 2_500},
        {"accept-language": "sv;q=9e999,;q=,*"},
        {"if-none-match": '"' * 999},
        {"if-modified-since": "Fri, 31 Dec 9999 23:59:59 GMT"},
        {"if-modified-since": "Mon, 99 Foo 0000 99:99:99 +9999"},
        {"if-modified-since": "1" * 5_000},
        {"range": "bytes=9999999999999999999-,-1,a"},
        {"accept-encoding": "gzip;q=1e9,,;q=;,br"},
        {"cookie": 'lang="\\000"; programme="\\777\\000"; session=a.b.c'},
        {"origin": "http://[::1"},
    ],
    ids=lambda headers: str(headers)[:40],
)
@pytest.mark.parametrize("path", ["/", "/calendars/all-fi.ics", "/health"])
def test_a_header_that_says_nothing(reader: Reader, path: str, headers: dict[str, str]) -> None:
    """Answered as if it were not there."""
    assert reader.ask("GET", path, headers).status_code in {200, 304}


def test_texts_and_numbers_of_fields() -> None:
    """Controls become blanks, breaks and tabs stay; a number has digits, nine at most."""
    assert clean_text("a\0b\x0bc\ud800d\uffff") == "a b c d "
    assert clean_text("ä\r\n\tö – ”ok” 🎉") == "ä\r\n\tö – ”ok” 🎉"
    texts = ("7", "999999999", "1000000000", "-1", "+1", "٣", "²", "1_0", " 1", "", "1e3")
    assert [whole_number(text) for text in texts] == [7, 999_999_999, *[None] * 9]
    assert (whole_number("12", 12), whole_number("13", 12)) == (12, None)


def test_days_that_are_too_far_away() -> None:
    """No day of a field or address lies outside the calendar of sending days; people hear why."""
    assert (typed_date("31.12.2099"), typed_date("1.1.2100")) == (date(2099, 12, 31), None)
    assert (typed_date("1 January 1970"), typed_date("31.12.1969")) == (date(1970, 1, 1), None)
    assert (iso_day("2026-01-31"), iso_day("9999-12-31"), iso_day("2026-1-31")) == (
        date(2026, 1, 31),
        None,
        None,
    )
    said = [no_date_words("31.12.9999", lang, "") for lang in ("fi", "sv", "en")]
    assert said == [
        "Päivä 31.12.9999 on liian kaukana. Vuoden on oltava 1970–2099.",
        "Datumet 31.12.9999 ligger för långt bort. Året ska vara 1970–2099.",
        "31.12.9999 is too far away. The year must be from 1970 to 2099.",
    ]


@pytest.fixture
def address(service: Service) -> Iterator[tuple[str, int]]:
    """Where the pages are served by the server that the commands use, with its log as they have it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        create_app(service), host="127.0.0.1", port=port, log_level="warning", access_log=False
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield "127.0.0.1", port
    server.should_exit = True
    thread.join()


RAW = [
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /answer/secret-token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: abc\r\n\r\n",
    b"POST /answer/secret-token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
    b"POST /answer/secret-token HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"GET /answer/\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /?a=\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/1.1\r\nCookie: \x00\r\n\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
]


@pytest.mark.parametrize("octets", RAW, ids=range(len(RAW)))
def test_octets_that_are_no_request(
    address: tuple[str, int], octets: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """The server answers 400 or hangs up, and logs one line at most, without traceback and token."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(octets)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(4_096)
    assert answer[:12] in {b"", b"HTTP/1.1 400", b"HTTP/1.1 404", b"HTTP/1.1 414", b"HTTP/1.1 431"}
    _is_quiet(capfd)


def test_a_form_that_is_broken_off(address: tuple[str, int], capfd: pytest.CaptureFixture[str]) -> None:
    """A browser that goes away in the middle of its form leaves no traceback."""
    with socket.create_connection(address, timeout=10) as connection:
        head = f"POST /calendars/ HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nContent-Length: 50\r\n"
        kind = "Content-Type: application/x-www-form-urlencoded\r\n\r\naddress="
        connection.sendall((head + kind).encode())
    time.sleep(0.3)
    assert httpx.get(f"http://{address[0]}:{address[1]}/health").status_code == 200
    _is_quiet(capfd)


def _is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    log = capfd.readouterr()
    lines = [line for line in (log.out + log.err).splitlines() if "[debug" not in line]
    assert len(lines) <= 1, lines
    assert "Traceback" not in log.out + log.err
    assert "secret-token" not in log.out + log.err
