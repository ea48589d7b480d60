import os

import pytest

from calendars.feed import feed
from schedule_rules.programme import LANGUAGES

NAMES = ("all", "events", "deadlines", "work", "alma", "nobody")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_golden(name, lang, specs, entries, modified, golden):
    """Each feed in each language is octet for octet the file kept; UPDATE_GOLDEN=1 writes it anew."""
    made = feed(specs[name], entries, lang, modified)
    path = golden / made.filename
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(made.body)
    assert made.body.decode() == path.read_bytes().decode()


def test_no_other_golden_file(golden):
    """Every file kept belongs to a feed."""
    kept = {path.name for path in golden.glob("*.ics")}
    assert kept == {f"{name}-{lang}.ics" for name in NAMES for lang in LANGUAGES}
