"""The whole log, at debug level, of runs with a failing server: no secret, no body, no reader's address."""

from __future__ import annotations

import base64
import io
import logging

import pytest
import structlog

from tests.delivery.faulty_server import PASSWORD, USER, Fault
from tests.use.office import Office, body, parsed
from tests.use.post_office import PostOffice

STAGES = ("banner", "ehlo", "auth", "mail", "rcpt", "data", "dot")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_nothing_of_a_mail_is_in_the_log(office: Office) -> None:
    """Refused and cut off at every stage, quoting what it heard: the log names stages, codes and ids only."""
    written = io.StringIO()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(file=written),
    )
    secrets = [PASSWORD, base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()]
    with PostOffice(auth="PLAIN", dead=("hr-unit-contact@vaasa.example",)) as post:
        post.serve(office, smtp_url=f"smtp://{USER}:{PASSWORD.replace('ä', '%C3%A4')}@127.0.0.1:{post.port}")
        for hour, stage in enumerate(STAGES, start=9):
            post._faults[stage] = [Fault(f"451 4.0.0 {' '.join(secrets)}"), Fault(drop="before")]  # type: ignore[index]
            office.tick(f"2025-12-01T{hour:02}:00" if hour < 16 else "2025-12-01T15:59")
        office.tick("2025-12-02T09:00")
    log = written.getvalue()
    assert "state=sent" in log
    lines = {line for one in post.accepted for line in body(parsed(one.raw)).splitlines() if len(line) > 20}
    assert [line for line in lines if line in log] == []
    assert [secret for secret in secrets if secret in log] == []
    assert "hr-unit-contact@vaasa.example" not in log
