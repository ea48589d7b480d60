import pytest

from calendars.feed import feed
from schedule_rules.programme import LANGUAGES
from tests.golden_files import GOLDEN, compare_with_golden

NAMES = ("all", "events", "deadlines", "work", "alma", "nobody")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_golden(name, lang, specs, entries, modified):
    """Each feed in each language is octet for octet the file kept."""
    made = feed(specs[name], entries, lang, modified)
    compare_with_golden(f"feeds/{made.filename}", made.body)


def test_no_other_golden_file():
    """Every file kept belongs to a feed."""
    kept = {path.name for path in (GOLDEN / "feeds").glob("*.ics")}
    assert kept == {f"{name}-{lang}.ics" for name in NAMES for lang in LANGUAGES}
